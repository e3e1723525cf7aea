"""What has changed since a kept certificate was written, and where a changed network differs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from os import PathLike
from typing import Any

from verishallow import checker
from verishallow.affine import AffineForm
from verishallow.errors import RefutedError, VerishallowError
from verishallow.kept_proofs.statement import Statement
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import Difference, difference
from verishallow.rationals import Vector, point_text
from verishallow.records.spelling import Record, network_sha256
from verishallow.regions.choice import MANY_INPUTS
from verishallow.show.tables import facts_table, rounded

SHOWN = 12
"""The number of inequalities of a region or domain that a message lists."""


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between a certificate and what is asked for: its name, the stored value, the value asked for."""

    name: str
    stored: str
    asked: str


def changes(header: Record, statement: Statement) -> tuple[Change, ...]:
    """All differences between the header of a valid certificate and a statement, compared by value."""
    return tuple(_changes(header, statement))


def _changes(header: Record, statement: Statement) -> Iterator[Change]:
    asked = statement.claim.header()
    hashes = [network_sha256(network) for network in statement.networks]
    for name, key, sha256 in zip(statement.names, HASHES, hashes, strict=False):
        if header.get(key) not in (None, sha256):
            yield Change(name, f"network sha256 {header[key]}", f"network sha256 {sha256}")
    if {*map(tuple, header["domain"])} != {tuple(map(str, row)) for row in statement.rows}:
        stored = Polyhedron(header["inputs"], tuple(map(AffineForm.of, header["domain"])))
        yield Change("the domain", domain_text(stored), domain_text(statement.domain))
    if header.get("slice") != statement.slice_rows:
        yield Change("the slice", slice_text(header.get("slice")), slice_text(statement.slice_rows))
    # The members that belong to different claims cannot be compared.
    names = asked if header["claim"] == asked["claim"] else ("claim",)
    for name in names:
        if name not in HASHES and header[name] != asked[name]:
            yield Change(f"the {name}", _spelled(header[name]), _spelled(asked[name]))


HASHES = ("network_sha256", "other_network_sha256")


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else ", ".join(map(checker.interval, value))


def domain_text(domain: Polyhedron) -> str:
    """A domain in one line, by its first inequalities.

    >>> print(domain_text(Polyhedron.box([(0, "1/2")])), "|", domain_text(Polyhedron.whole_space(2)))
    x0 >= 0, 1/2 - x0 >= 0 | all of R^2
    """
    return ", ".join(_inequalities(domain)) or f"all of R^{domain.dimension}"


def slice_text(rows: Iterable[Iterable[str]] | None) -> str:
    """The inputs on a slice as forms of its parameters, in one line.

    >>> print(slice_text([["0", "1"], ["1/2", "0"]]))
    the inputs (x0, 1/2) of its parameters
    """
    if rows is None:
        return "none: the domain is one of inputs"
    forms = [str(AffineForm.of(row)) for row in rows]
    rest = [f"and {len(forms) - SHOWN} more"] if len(forms) > SHOWN else []
    return f"the inputs ({', '.join([*forms[:SHOWN], *rest])}) of its parameters"


def _inequalities(polyhedron: Polyhedron) -> list[str]:
    shown = [f"{form} >= 0" for form in polyhedron.inequalities[:SHOWN]]
    rest = len(polyhedron.inequalities) - SHOWN
    return [*shown, f"and {rest} more"] if rest > 0 else shown


def outdated(path: str | PathLike[str], header: Record, statement: Statement) -> str:
    """The message about what has changed since a valid certificate was written, and where a changed network differs."""
    found = changes(header, statement)
    kinds = [_kind(change.name, len(statement.networks)) for change in found]
    lines = [f"the certificate is about another {' and another '.join(kinds)}"]
    for change in found:
        lines += ["", f"{change.name}:", facts_table({"stored": change.stored, "asked for": change.asked})]
    for name, old, new in zip(statement.names, _networks_in(path), statement.networks, strict=False):
        if network_sha256(old) != network_sha256(new):
            lines += ["", *_comparison(name, old, new, statement)]
    return "\n".join(lines)


def _kind(name: str, networks: int) -> str:
    if name.removeprefix("the ") in KINDS:
        return name.removeprefix("the ")
    return "network" if networks == 1 else f"network than {name}"


KINDS = ("domain", "slice", "claim", "construction", "boundary", "bounds")


def _networks_in(path: str | PathLike[str]) -> tuple[ReLUNetwork, ...]:
    """The networks of a valid certificate, on all of their inputs; only its first lines are read."""
    with open(path, "rb") as file:
        records = [checker.record_of(line) for line in islice(checker.lines_of(checker.chunks_of(file)), 3)]
    return tuple(
        ReLUNetwork.of((layer["weight"], layer["bias"], layer.get("reads")) for layer in record["layers"])
        for record in records
        if record["record"] == "network"
    )


def _comparison(name: str, old: ReLUNetwork, new: ReLUNetwork, statement: Statement) -> Iterable[str]:
    for what in ("inputs", "outputs"):
        then, now = getattr(old, what), getattr(new, what)
        if then != now:
            return [f"{name} has {now} {what}; the network that was proved about has {then}."]
    try:
        found = difference(statement.on_domain(old), statement.on_domain(new), statement.domain)
    except VerishallowError as error:
        return [f"Where {name} differs from the network that was proved about cannot be shown: {error}"]
    if found is None:
        return [
            f"{name} is another network, but the same function: at every point of the domain it has the value that",
            "the network that was proved about has there.",
        ]
    return _difference_lines(name, found, statement)


def _difference_lines(name: str, found: Difference, statement: Statement) -> list[str]:
    parameters = ", in the parameters of the slice," if statement.slice else ""
    return [
        f"{name}: the first region where it differs from the network that was proved about{parameters} is",
        *(f"  {line}" for line in _inequalities(_with_facets_only(found.cell)) or ["all of the domain"]),
        f"and at the point x = {point_text(statement.input(found.point))} of it the values are",
        values_table({"stored": found.one, "now": found.other}),
    ]


def _with_facets_only(cell: Polyhedron) -> Polyhedron:
    """The same cell without redundant inequalities, if they can be found without too many vertices."""
    if cell.dimension >= MANY_INPUTS:
        return cell
    return Polyhedron(cell.dimension, tuple(cell.inequalities[number] for number in cell.facets))


def values_table(values: Mapping[str, Vector]) -> str:
    """Exact values by name, and again in six digits if these differ from the exact ones.

    >>> from verishallow.rationals import vector
    >>> print(values_table({"stored": vector(["1/3", 2]), "now": vector([0, 2])}))
      stored         (1/3, 2)
      now            (0, 2)
      stored, about  (0.333333, 2)
      now, about     (0, 2)
    """
    exact = {name: point_text(value) for name, value in values.items()}
    decimals = {
        f"{name}, about": f"({', '.join(rounded(a).removeprefix('~') for a in value)})"
        for name, value in values.items()
    }
    return facts_table(exact if [*exact.values()] == [*decimals.values()] else exact | decimals)


def in_words(refuted: RefutedError, statement: Statement) -> RefutedError:
    """The same refutation, with its point as an input and the values of all networks there."""
    point = statement.input(refuted.point)
    values = {name: network(point) for name, network in zip(statement.names, statement.networks, strict=False)}
    parameters = ", in the parameters of the slice" if statement.slice else ""
    text = f"{refuted}{parameters}\n\nthe values at x = {point_text(point)}:\n{values_table(values)}"
    return RefutedError(text, point, refuted.cell)
