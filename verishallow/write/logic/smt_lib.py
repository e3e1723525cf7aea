"""SMT-LIB 2 scripts (QF_LRA) in which ``unsat`` confirms a certificate: its regions, their cover, and its claim."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from verishallow.affine import plane_of
from verishallow.certificate.certificate import Certificate
from verishallow.claims.gated import GATED
from verishallow.errors import InputError
from verishallow.rationals import parse_rational
from verishallow.regions.region import Region
from verishallow.write.bundle import Bundle
from verishallow.write.logic.smt_terms import (
    all_of,
    any_of,
    constant,
    defined,
    differs,
    form_term,
    holds,
    network_lines,
    shallow_lines,
)
from verishallow.write.networks.gated_network import GatedNetwork
from verishallow.write.provenance import comment

QUERIES = ("all", "regions", "cover", "single")
FILES = ("one", "many")


@dataclass(frozen=True, slots=True)
class Query:
    """One check-sat: a file name, the meaning of ``unsat`` in words, and the lines before it."""

    name: str
    meaning: str
    lines: tuple[str, ...]


def smt2(certificate: Certificate, *, query: str = "all", files: str = "one") -> bytes | Bundle:
    """An SMT-LIB 2 script with the statements of a certificate, each negated, so that a solver must answer ``unsat``.

    ``query``: "regions" (on each closed region f is the affine map), "cover" (the regions cover the domain), "single"
    (the claim itself, for "equality" f(x) = S(x), in one query) or "all". ``files``: "one" script, with push and pop
    where it has several queries, or "many", a folder or archive with one script per query.
    """
    _require("query", query, QUERIES)
    _require("files", files, FILES)
    chosen = _possible(certificate) if query == "all" else (query,)
    queries = [made for kind in chosen for made in _MAKERS[kind](certificate)]
    if not queries:
        raise InputError(
            f"smt2: a certificate of the claim {certificate.claim!r} has no single query; use --query regions or cover"
        )
    head = [*_preamble(certificate), *_setting(certificate)]
    if certificate.grid is not None:
        place = len(_preamble(certificate))
        head = [*head[:place], *map(_of_reals, head[place:])]
        queries = [replace(made, lines=tuple(map(_of_reals, made.lines))) for made in queries]
    if files == "many":
        scripts = {f"{made.name}.smt2": _script(head, _alone(made)) for made in queries}
        return Bundle("smt2", scripts)
    if len(queries) == 1:
        return _script(head, _alone(queries[0]))
    return _script(head, [line for made in queries for line in ("", "(push 1)", *_alone(made), "(pop 1)")])


def _possible(certificate: Certificate) -> tuple[str, ...]:
    """All queries; for the gated construction, which has no regions, only the claim."""
    return ("single",) if certificate.header.get("construction") == GATED.name else QUERIES[1:]


def _of_reals(line: str) -> str:
    """A line with its numerals written as reals, for a logic that has integers too.

    >>> _of_reals("(assert (= x0 (+ (/ 1 3) (* 2 (to_real k0)))))")
    '(assert (= x0 (+ (/ 1.0 3.0) (* 2.0 (to_real k0)))))'
    """
    return line if line.startswith(";") else re.sub(r"(?<![\w.])([0-9]+)(?![\w.])", r"\1.0", line)


def _require(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InputError(f"{name}: expected one of {', '.join(known)}, found {value!r}")


def _script(head: list[str], body: list[str]) -> bytes:
    return "\n".join([*head, *body, "", "(exit)", ""]).encode()


def _alone(query: Query) -> list[str]:
    return [f"; unsat means: {query.meaning}", *query.lines, "(set-info :status unsat)", "(check-sat)"]


def _preamble(certificate: Certificate) -> list[str]:
    return [
        *comment(certificate, ";"),
        "; Every check-sat must answer unsat; each says what that means. Numbers are exact.",
        "; Several queries need an incremental mode: z3 FILE, cvc5 --incremental FILE, yices-smt2 --incremental FILE.",
        "(set-info :smt-lib-version 2.6)",
        f"(set-logic {'QF_LRA' if certificate.grid is None else 'QF_LIRA'})",
    ]


def _setting(certificate: Certificate) -> Iterator[str]:
    yield "; a point x of the domain D"
    yield from (f"(declare-fun x{i} () Real)" for i in range(certificate.network.inputs))
    yield from (f"(assert {holds(form)})" for form in certificate.domain.inequalities)
    if certificate.slice is not None:
        yield "; its place on the slice: the inputs in0, in1, ... of the networks"
        for name, form in zip(_inputs(certificate), certificate.slice.affine_map.forms, strict=True):
            yield from defined(name, form_term(form))
    yield "; the deep network f: f_h are pre-activations, f_r their ReLU, f0, f1, ... the outputs"
    yield from network_lines(certificate.whole_network, "f", _inputs(certificate))


def _inputs(certificate: Certificate) -> list[str]:
    """The names of the inputs of the whole network."""
    prefix = "x" if certificate.slice is None else "in"
    return [f"{prefix}{i}" for i in range(certificate.whole_network.inputs)]


def _regions(certificate: Certificate) -> Iterator[Query]:
    """On every closed region the network is one affine map."""
    for number, region in enumerate(certificate.regions, start=1):
        forms = enumerate(region.affine_map.forms)
        other = any_of([differs(f"f{output}", form_term(form)) for output, form in forms])
        lines = (*(f"(assert {condition})" for condition in _sides(certificate, region)), f"(assert {other})")
        meaning = f"f(x) = F(x) for all x in the closed region {number}, F its affine map"
        yield Query(f"region-{number:04}", meaning, lines)


def _sides(certificate: Certificate, region: Region) -> list[str]:
    """The conditions for a point of the domain to lie in a closed region."""
    domain = set(certificate.domain.inequalities)
    return [holds(form) for form in region.polyhedron.inequalities if form not in domain]


def _cover(certificate: Certificate) -> Iterator[Query]:
    """No point of the domain lies outside all regions."""
    outside = (f"(assert (not {all_of(_sides(certificate, region))}))" for region in certificate.regions)
    yield Query("cover", "every point of D lies in a closed region", tuple(outside))


def _single(certificate: Certificate) -> Iterator[Query]:
    """The claim, in one query."""
    if certificate.claim in _CLAIMS:
        yield _CLAIMS[certificate.claim](certificate)


def _equality(certificate: Certificate) -> Query:
    network = GatedNetwork.of(certificate.shallow)
    exact = certificate.boundary == "exact"
    excluded = () if exact else dict.fromkeys(plane_of(network.first[unit]) for unit in sorted(network.gates))
    where = "D" if exact else "D that lie on no hyperplane of a violation unit"
    lines = (
        "; the three-layer network S: ReLU(S_h) are units of layer 1, S_v pieces of layer 2, S0, S1, ... the outputs;",
        "; ReLU(t - inf u) - ReLU(-t - inf u), two units of layer 2, are one piece: t where all u are 0, 0 elsewhere",
        *shallow_lines(network),
        *(f"(assert {differs(form_term(form), '0')})" for form in excluded),
        f"(assert {_outputs_differ(certificate, 'S')})",
    )
    return Query("single", f"f(x) = S(x) for all x in {where}", lines)


def _equality_on_grid(certificate: Certificate) -> Query:
    if certificate.grid is None:
        raise InputError("smt2: the certificate names no grid")
    pairs = enumerate(zip(certificate.grid.offsets, certificate.grid.steps, strict=True))
    points = [
        line
        for i, (offset, step) in pairs
        for line in (
            f"(declare-fun k{i} () Int)",
            f"(assert (= x{i} (+ {constant(offset)} (* {constant(step)} (to_real k{i})))))",
        )
    ]
    everywhere = _equality(certificate)
    lines = ("; a point of the grid: k0, k1, ... are integers", *points, *everywhere.lines)
    return Query("single", "f(x) = S(x) for all points x of the grid in D", lines)


def _equal(certificate: Certificate) -> Query:
    if certificate.whole_other is None:
        raise InputError("smt2: the certificate names no second network")
    lines = (
        "; the other network g",
        *network_lines(certificate.whole_other, "g", _inputs(certificate)),
        f"(assert {_outputs_differ(certificate, 'g')})",
    )
    return Query("single", "f(x) = g(x) for all x in D", lines)


def _outputs_differ(certificate: Certificate, other: str) -> str:
    return any_of([differs(f"f{output}", f"{other}{output}") for output in range(certificate.network.outputs)])


def _bounds(certificate: Certificate) -> Query:
    broken = []
    for bound in certificate.header["bounds"]:
        for side, relation in (("low", "<"), ("high", ">")):
            if side in bound:
                broken.append(f"({relation} f{bound['output']} {constant(parse_rational(bound[side]))})")
    return Query("single", "every bound of the certificate holds for all x in D", (f"(assert {any_of(broken)})",))


_CLAIMS: dict[str, Callable[[Certificate], Query]] = {
    "equality": _equality,
    "equality-on-grid": _equality_on_grid,
    "equal": _equal,
    "bounds": _bounds,
}
_MAKERS: dict[str, Callable[[Certificate], Iterator[Query]]] = {
    "regions": _regions,
    "cover": _cover,
    "single": _single,
}
