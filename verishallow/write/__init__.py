"""The guide to exports of certificates, for papers and for other tools.

`verishallow export CERT --to KIND -o PATH` checks the certificate before anything is written. `KINDS` lists one kind
per line; the exporter of each is imported when it is asked for.

## For papers

    verishallow export CERT --to latex  -o appendix.tex   # theorem, hypotheses, sizes, what is trusted, regions
    verishallow export CERT --to tikz   -o regions.tex    # two inputs: the regions, vertices exact
    verishallow export CERT --to macros -o numbers.tex    # numbers in the text that cannot drift
    verishallow export CERT --to bibtex -o proof.bib      # the certificate by its hashes, the theorem, the software
    verishallow export CERT --to anc    -o anc            # ancillary files for arXiv (or anc.tar.gz)

The appendix has the theorem with its hypotheses, the sizes, what is trusted, sample reasons, and regions. It and
`regions.tex` compile by themselves with a plain pdflatex, and a paper may input them. `numbers.tex` defines
`vsActivationRegions` and so on; its `vsRequireNetwork{HASH}` in the text stops LaTeX when the numbers belong to
another network. The ancillary bundle holds certificate, network, domain and checker, and its README has one command,
which needs Python alone.

## For other tools

| kind | what is written |
|---|---|
| `smt2` | SMT-LIB 2: the map on each region, the cover, and f(x) != S(x), each to be answered `unsat` |
| `vnnlib` | of a property: what would be a counterexample, in VNN-LIB 1.0 |
| `ine`, `ext` | cddlib's H- and V-representations, one file per region, or `--region K` |
| `polymake` | a polyhedral complex |
| `dot` | which regions share a facet |
| `csv`, `parquet` | one row per region, exact texts; `--rounded float64` adds columns named so |
| `coq` | the theorem about the network, with its proof (the guide of `verishallow.claims`) |
| `onnx`, `torch`, `npz` | the three-layer network: a model, a Python file, arrays with exact texts beside the floats |

`smt2` takes `--query regions`, `cover` or `single`, and `--files many`. z3, cvc5 and yices confirm the regions of Iris
and their cover; yices and cvc5 also the whole equality.

In the last three kinds the weights -inf are a mask: nothing infinite is stored, and no NaN can arise. Their finite
weights are **rounded** to float64. Each file states an exact rational bound on the error over a bounded domain (or the
part `--within D`), and the margin around the hyperplanes outside which it is proved: nearer, a float may take a gate
for open that is shut. On Iris the bound is 5.6e-13, the margin 1.8e-14.

>>> sorted(KINDS)[:6], kind_named("coq").suffix, options_of("smt2")
(['anc', 'bibtex', 'coq', 'csv', 'dot', 'ext'], '.v', ('query', 'files'))
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from typing import Any

from verishallow.certificate.certificate import EQUALITIES, WITHOUT_REGIONS, Certificate
from verishallow.errors import InputError
from verishallow.whole_file import written_whole
from verishallow.write.bundle import Bundle, write_bundle

__all__ = ["KINDS", "Bundle", "Kind", "export", "exporter", "kind_named", "options_of", "require_options"]

Exporter = Callable[..., bytes | Bundle]
"""Makes from a certificate the bytes of a file, or a bundle of files; its keyword-only arguments are its options."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of export: a description, its suffix, and its exporter ("module:function" in this package).

    The suffix of a kind that is a :class:`Bundle` by default is "" (a folder). ``claims`` are the claims whose
    certificates it takes: by default those about a three-layer network, which it writes; ``None``: all. With
    ``all_cells`` it needs the cells of the whole domain.
    """

    what: str
    suffix: str
    home: str
    claims: tuple[str, ...] | None = EQUALITIES
    all_cells: bool = False


KINDS: dict[str, Kind] = {
    "latex": Kind("a certificate appendix for a paper, a LaTeX document", ".tex", "paper.latex.appendix:latex", None),
    "tikz": Kind("a figure of the regions of a network of two inputs", ".tex", "paper.tikz:tikz", None, all_cells=True),
    "anc": Kind("an arXiv ancillary bundle: a folder, .tar.gz or .zip", "", "paper.ancillary:ancillary", None),
    "bibtex": Kind("entries for certificate, theorem and software", ".bib", "paper.bibtex:bibtex", None),
    "macros": Kind("LaTeX macros of all counts, so that numbers cannot drift", ".tex", "paper.macros:macros", None),
    "coq": Kind("a Coq file whose last line is the theorem about this network", ".v", "logic.coq:coq", None),
    "vnnlib": Kind(
        "the property as VNN-LIB 1.0, for other verification tools",
        ".vnnlib",
        "logic.vnn_lib:vnnlib",
        WITHOUT_REGIONS,
    ),
    "smt2": Kind(
        "SMT-LIB 2 queries that a solver answers with unsat", ".smt2", "logic.smt_lib:smt2", None, all_cells=True
    ),
    "ine": Kind("cddlib's H-representations of the regions, one file each", "", "regions.cdd_files:ine", None),
    "ext": Kind("cddlib's V-representations of the regions, one file each", "", "regions.cdd_files:ext", None),
    "polymake": Kind(
        "the regions as polymake's polyhedral complex", ".poly", "regions.polymake:polymake", None, all_cells=True
    ),
    "dot": Kind("the adjacency graph of the regions, for Graphviz", ".dot", "regions.dot:dot", None, all_cells=True),
    "csv": Kind("a table of the regions, exact", ".csv", "regions.table:csv", None),
    "parquet": Kind("the same table, through pyarrow", ".parquet", "regions.table:parquet", None),
    "onnx": Kind("the three-layer network in float64, gates as a mask", ".onnx", "networks.onnx_graph:onnx"),
    "torch": Kind("the three-layer network in float64 as a torch module", ".py", "networks.torch_module:torch"),
    "npz": Kind("the three-layer network as NumPy arrays, float64 and exact", ".npz", "networks.npz_file:npz"),
}


def export(certificate: Certificate, kind: str, path: str | os.PathLike[str], **options: Any) -> None:
    """Write a certificate as another kind of file or folder, which appears whole or not at all.

    Kinds are the keys of :data:`KINDS`; options are the kind's own (:func:`options_of`). Raises
    :class:`~verishallow.errors.InputError` for an unknown kind or option, for a claim that the kind does not take, and
    where the path cannot be written.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from verishallow import ReLUNetwork, prove
    >>> folder = TemporaryDirectory()
    >>> export(prove(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])), "macros", folder.name + "/numbers.tex")
    >>> "vsActivationRegions}{2}" in Path(folder.name, "numbers.tex").read_text()
    True
    >>> folder.cleanup()
    """
    _require_claim(certificate, kind)
    _require_all_cells(certificate, kind)
    require_options(kind, options)
    content = exporter(kind)(certificate, **options)
    if isinstance(content, Bundle):
        write_bundle(content, path)
        return
    with written_whole(path) as file:
        file.write(content)


def _require_all_cells(certificate: Certificate, kind: str) -> None:
    if kind_named(kind).all_cells and "dropped" in certificate.counts:
        raise InputError(
            f"{kind}: needs the cells of all of the domain, and this certificate was trimmed to some of them"
        )


def kind_named(name: str) -> Kind:
    """The kind with this name."""
    if name not in KINDS:
        raise InputError(f"kind: expected one of {', '.join(KINDS)}, found {name!r}")
    return KINDS[name]


def exporter(kind: str) -> Exporter:
    """The function that makes the content of a kind; its module is imported now."""
    module, _, name = kind_named(kind).home.partition(":")
    found: Exporter = getattr(import_module(f"verishallow.write.{module}"), name)
    return found


def options_of(kind: str) -> tuple[str, ...]:
    """The names of a kind's options.

    >>> options_of("macros")
    ('prefix', 'grouped')
    """
    parameters = signature(exporter(kind)).parameters.values()
    return tuple(parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY)


def _require_claim(certificate: Certificate, kind: str) -> None:
    claims, claim = kind_named(kind).claims, certificate.header["claim"]
    if claims is not None and claim not in claims:
        raise InputError(
            f"{kind}: expected a certificate of the claim {claims[0]}, found {claim}: "
            "there is no three-layer network in it; prove the network with --claim equality"
        )


def require_options(kind: str, options: Iterable[str]) -> None:
    """Refuse, with :class:`~verishallow.errors.InputError`, options that a kind does not have."""
    known = options_of(kind)
    for name in options:
        if name not in known:
            raise InputError(f"{kind}: has no option {name!r}; it has {', '.join(known) or 'none'}")
