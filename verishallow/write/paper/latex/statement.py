r"""The theorem that a certificate proves, with its hypotheses; its numbers; its conventions; what is trusted."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.certificate.certificate import WITHOUT_REGIONS, Certificate
from verishallow.certificate.facts import facts
from verishallow.network import ReLUNetwork
from verishallow.rationals import rational
from verishallow.read.domains.boxes import box_of
from verishallow.slices import Slice
from verishallow.write.paper.ancillary import checker_source, command
from verishallow.write.paper.latex.constructions import construction
from verishallow.write.paper.latex.texts import (
    EVERYWHERE,
    IGNORED,
    NUMBERING,
    PIECES,
    PROOF,
    PROOFS,
    REGIONS,
    STANDINGS,
    TRUSTED,
)
from verishallow.write.paper.tex import breakable, escaped
from verishallow.write.paper.tex_numbers import count_latex, form_latex, names_of, number_latex

GE = r"\ge 0"

MOST_ROWS, MOST_TERMS = 60, 12
"""Rows of a domain, or bounds, and terms of a form that are listed."""


def theorem(certificate: Certificate) -> list[str]:
    """The hypotheses in full, then the claim."""
    return [
        r"\subsection*{Theorem}",
        *_networks(certificate),
        *_domain(certificate),
        *_CLAIMS[certificate.claim](certificate),
        _regions(certificate),
    ]


def _networks(certificate: Certificate) -> list[str]:
    """The whole networks, f and g; on a slice they are called F and G, and f and g are their restrictions."""
    header, whole, on_slice = certificate.header, certificate.whole_network, certificate.slice
    f, g = ("f", "g") if on_slice is None else ("F", "G")
    spaces = f"\\mathbb{{R}}^{{{whole.inputs}}}\\to\\mathbb{{R}}^{{{whole.outputs}}}"
    lines = [f"Let ${f}\\colon{spaces}$ be the ReLU network {_described(whole, header['network_sha256'])}"]
    if certificate.whole_other is not None:
        described = _described(certificate.whole_other, header["other_network_sha256"])
        lines.append(f"let ${g}\\colon{spaces}$ be the one {described}")
    stated = " and ".join(lines) + ". Weights and biases are rational."
    return [stated, *(_restricted(on_slice, equal=len(lines) > 1) if on_slice else [])]


def _restricted(on_slice: Slice, *, equal: bool) -> list[str]:
    """The affine map of a slice, and the networks composed with it."""
    k, n = on_slice.parameters, on_slice.inputs
    rows = [
        f"$A_{{{number}}}(x)={form_latex(form, most_terms=MOST_TERMS)}$"
        for number, form in enumerate(on_slice.affine_map.forms, start=1)
    ]
    names = "$" + ",\\,".join(names_of(k)) + "$"
    networks = "$f=F\\circ A$" + (" and $g=G\\circ A$" if equal else "")
    return [
        f"Let $A\\colon\\mathbb{{R}}^{{{k}}}\\to\\mathbb{{R}}^{{{n}}}$ be the affine map with",
        *_listed(rows),
        f"Let {networks}, with the parameter{'' if k == 1 else 's'} {names} of the slice as input.",
    ]


def _described(network: ReLUNetwork, digits: str) -> str:
    skips = any(layer.reads != (number,) for number, layer in enumerate(network.layers))
    reading = ", with layers that read others than the one before," if skips else ""
    return f"with {_widths(network)}{reading} whose record has the \\mbox{{SHA-256}} {breakable(digits)}"


def _widths(network: ReLUNetwork) -> str:
    widths = [str(layer.width) for layer in network.hidden]
    if len(widths) < 2:
        return f"one hidden layer of {_counted(int(widths[0]), 'neuron')}" if widths else "no hidden layer"
    return f"{len(widths)} hidden layers of {', '.join(widths[:-1])} and {widths[-1]} neurons"


def _counted(number: int, noun: str) -> str:
    return f"{count_latex(number)} {noun}{'' if number == 1 else 's'}"


def _domain(certificate: Certificate) -> list[str]:
    rows, n = certificate.domain.inequalities, certificate.domain.dimension
    if not rows:
        return [f"Let $D=\\mathbb{{R}}^{{{n}}}$."]
    strict = certificate.header.get("strict", [])
    intervals = None if strict else box_of(rows, n)
    if intervals is None:
        return [f"Let $D$ be the set of all $x\\in\\mathbb{{R}}^{{{n}}}$ with", *_listed(_inequalities(rows, strict))]
    if len(set(intervals)) == 1:
        power = f"^{{{n}}}" if n > 1 else ""
        return [f"Let $D=[{_pair(*intervals[0])}]{power}$."]
    spelled = [f"${x}\\in[{_pair(*pair)}]$" for x, pair in zip(names_of(n), intervals, strict=True)]
    return ["Let $D$ be the box of all $x$ with", *_listed(spelled)]


def _pair(low: mpq, high: mpq) -> str:
    return f"{number_latex(low)},\\,{number_latex(high)}"


def _inequalities(
    rows: Iterable[AffineForm], strict: Sequence[int] = (), names: Sequence[str] | None = None
) -> list[str]:
    return [
        f"${form_latex(form, most_terms=MOST_TERMS, names=names)}{'> 0' if number in strict else GE}$"
        for number, form in enumerate(rows)
    ]


def _listed(items: Sequence[str]) -> list[str]:
    """Formulas one after the other, with line breaks, and the number of those left out."""
    left_out = len(items) - MOST_ROWS
    shown = [*items[:MOST_ROWS], *([f"and {left_out} more, which are in the certificate"] if left_out > 0 else [])]
    return [r"\begin{quote}\raggedright", ",\n".join(shown) + ".", r"\end{quote}"]


def _twin(certificate: Certificate) -> str:
    units = certificate.counts["units"]
    first, second = count_latex(units["layer1"]), count_latex(units["layer2"])
    twin = f"Let $S$ be the network with two hidden layers, of {first} and {second} units, that the certificate with "
    return twin + f"the \\mbox{{SHA-256}} {breakable(certificate.counts['sha256'])} determines."


def _equality(certificate: Certificate) -> list[str]:
    lines = [_twin(certificate)]
    if certificate.boundary == "ignore":
        return [*lines, r"Then for all $x\in D$", r"\[ S(x)=k(x)\,f(x),\qquad k(x)\ge 1, \]", IGNORED]
    return [*lines, r"Then", r"\[ f(x)=S(x)\qquad\text{for all }x\in D, \]", EVERYWHERE]


def _region_count(_certificate: Certificate) -> list[str]:
    return []


def _bounds(certificate: Certificate) -> list[str]:
    return ["Then for all $x\\in D$", *_listed([f"${_interval(bound)}$" for bound in certificate.header["bounds"]])]


def _interval(bound: dict[str, str]) -> str:
    low = f"{number_latex(rational(bound['low']))}\\le " if "low" in bound else ""
    high = f"\\le {number_latex(rational(bound['high']))}" if "high" in bound else ""
    return f"{low}f_{{{bound['output']}}}(x){high}"


def _equal(_certificate: Certificate) -> list[str]:
    return [r"Then", r"\[ f(x)=g(x)\qquad\text{for all }x\in D. \]"]


def _equality_on_grid(certificate: Certificate) -> list[str]:
    header = certificate.header
    pairs = [tuple(map(rational, pair)) for pair in header["grid"]]
    alike = [pairs[0]] if len(set(pairs)) == 1 else pairs
    listed = [
        f"$(o_{{{i}}},s_{{{i}}})=({number_latex(o)},\\,{number_latex(s)})$" for i, (o, s) in enumerate(alike, start=1)
    ]
    if len(alike) == 1:
        listed = [f"$o_i={number_latex(alike[0][0])}$ and $s_i={number_latex(alike[0][1])}$ for all $i$"]
    return [
        r"Let $Z$ be the grid of all $x$ with $x_i=o_i+k_is_i$, the $k_i$ any integers, where",
        *_listed(listed),
        _twin(certificate),
        r"All its weights are finite. Then",
        r"\[ f(x)=S(x)\qquad\text{for all }x\in D\cap Z, \]",
        "points on boundaries between regions included. Off the grid nothing is claimed.",
    ]


def _equality_on_cells(certificate: Certificate) -> list[str]:
    kept, dropped = count_latex(certificate.counts["leaves"]), certificate.counts["dropped"]
    return [
        _twin(certificate),
        f"Let $H\\subset D$ be the union of the half-open cells of its leaves, {kept} in number. Then",
        r"\[ f(x)=S(x)\qquad\text{for all }x\in H. \]",
        f"On the rest of $D$, {_counted(dropped, 'dropped cell')}, nothing is claimed.",
    ]


def _property(certificate: Certificate) -> list[str]:
    unsafe = certificate.header["unsafe"]
    several = " one of" if unsafe[1:] else ""
    return [f"Then there is no $x\\in D$ with{several}", *_listed([_conjunction(certificate, each) for each in unsafe])]


def _conjunction(certificate: Certificate, disjunct: dict[str, Any]) -> str:
    """Rows in inputs and outputs, in words what is always so."""
    header = certificate.header
    letters = "fg" if certificate.whole_other is not None else "f"
    outputs = [f"{letter}_{{{o}}}(x)" for letter in letters for o in range(header["outputs"])]
    names = [*names_of(header["inputs"]), *outputs]
    rows = [AffineForm.of(row) for row in disjunct["rows"]]
    return " and ".join(_inequalities(rows, disjunct["strict"], names)) or "any value"


def _counterexample(certificate: Certificate) -> list[str]:
    header = certificate.header
    point = [number_latex(rational(text)) for text in header["point"]]
    shown = ",\\,".join(point[:MOST_TERMS]) + (",\\,\\ldots" if point[MOST_TERMS:] else "")
    chosen = _conjunction(certificate, header["unsafe"][header["disjunct"]])
    return [f"Then the point $x=({shown})$ lies in $D$, and there", *_listed([chosen])]


_CLAIMS = {
    "property": _property,
    "counterexample": _counterexample,
    "equality": _equality,
    "equality-on-grid": _equality_on_grid,
    "equality-on-cells": _equality_on_cells,
    "regions": _region_count,
    "bounds": _bounds,
    "equal": _equal,
}


def _regions(certificate: Certificate) -> str:
    if certificate.claim in WITHOUT_REGIONS:
        return ""
    if "activation_regions" not in certificate.counts:
        return "Moreover $D$ has interior points."
    count = certificate.counts["activation_regions"]
    of = "$f$ and $g$ side by side" if certificate.claim == "equal" else "$f$"
    first = "Then" if certificate.claim == "regions" else "Moreover"
    return REGIONS % (first, _counted(count, "activation region"), of)


def sizes(certificate: Certificate) -> list[str]:
    """The table of all counts and sizes, and how far each is certified."""
    found = facts(certificate)
    rows = [f"{fact.words} & {count_latex(fact.value)} & {fact.standing} \\\\" for fact in found]
    said = {fact.standing for fact in found}
    explained = " ".join(f"\\emph{{{name}}}: {text}" for name, text in STANDINGS.items() if name in said)
    return [
        r"\subsection*{Counts and sizes}",
        r"\begin{center}\begin{tabular}{@{}lrl@{}}",
        r"& number & standing \\ \hline",
        *rows,
        r"\end{tabular}\end{center}",
        f"{explained.rstrip(';.')}.",
        *([PIECES] if "reported" in said else []),
    ]


def conventions(certificate: Certificate) -> list[str]:
    """The numbering, the idea of the proof, and for equality the extended arithmetic and the construction."""
    return [r"\subsection*{Conventions}", NUMBERING, *construction(certificate), PROOFS.get(certificate.claim, PROOF)]


def trusted_base(certificate: Certificate) -> list[str]:
    """What has to be trusted, and the command that checks the claim."""
    digest = breakable(sha256(checker_source()).hexdigest())
    meant = f"network's record{', the slice' if certificate.slice else ''} and the domain"
    return [r"\subsection*{What is trusted}", TRUSTED % (digest, meant, escaped(command(certificate)))]
