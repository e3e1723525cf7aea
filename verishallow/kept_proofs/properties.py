"""Kept certificates of properties: checked again, or found, checked and written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from verishallow import checker
from verishallow.errors import IncompleteError, InputError, ProofError, RefutedError, StaleProofError
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector
from verishallow.read.properties.property import Property
from verishallow.read.properties.sugar import within
from verishallow.records.lines import write_lines
from verishallow.records.spelling import form_texts, network_record
from verishallow.show.tables import with_decimal
from verishallow.slices import Slice
from verishallow.verify.asking import asked_of, robustness_asked
from verishallow.verify.domains import rows_of_domain
from verishallow.verify.verification import Outcome, verify
from verishallow.whole_file import written_whole


@dataclass(frozen=True, slots=True)
class PropertyStatement:
    """A property of one network, or of two side by side, that a kept certificate must prove.

    ``search`` are options of the search for a proof, such as ``max_nodes``.
    """

    networks: tuple[ReLUNetwork, ...]
    asked: Property
    slice: Slice | None = None
    search: Mapping[str, Any] = field(default_factory=dict)

    def expected(self) -> dict[str, Any]:
        """The values that the stand-alone checker must find in a certificate."""
        about = dict(zip(("network", "other"), map(network_record, self.networks), strict=False))
        return {
            **about,
            **self.asked.expected(),
            "slice": None if self.slice is None else [form_texts(form) for form in self.slice.affine_map.forms],
            "claim": "property",
        }


def property_statement(
    network: ReLUNetwork,
    unsafe: Any,
    domain: Any,
    other: ReLUNetwork | None,
    on_slice: Slice | None,
    max_nodes: int | None,
) -> PropertyStatement:
    """The statement that what is unsafe never happens; arguments as in :func:`verishallow.verify`."""
    inputs = network.inputs if on_slice is None else on_slice.parameters
    outputs = network.outputs + (0 if other is None else other.outputs)
    networks = (network,) if other is None else (network, other)
    return PropertyStatement(networks, asked_of(unsafe, domain, inputs, outputs), on_slice, {"max_nodes": max_nodes})


def robustness_statement(network: ReLUNetwork, *, max_nodes: int | None, **ball: Any) -> PropertyStatement:
    """The statement that one class wins on a ball; arguments as in :func:`verishallow.robust`."""
    asked, on_slice = robustness_asked(network, **ball)
    return PropertyStatement((network,), asked, on_slice, {"max_nodes": max_nodes})


def nearness_statement(
    one: ReLUNetwork, other: ReLUNetwork, eps: Any, domain: Any, max_nodes: int | None
) -> PropertyStatement:
    """The statement that two networks differ by at most ``eps`` on a domain."""
    asked = within(one, other, rows_of_domain(domain, one.inputs), eps)
    return PropertyStatement((one, other), asked, None, {"max_nodes": max_nodes})


def check_kept_property(path: str | PathLike[str], statement: PropertyStatement) -> checker.Verdict:
    """The stand-alone checker's verdict "valid" on a file that proves exactly this property; nothing is searched for.

    Otherwise raises :class:`~verishallow.errors.StaleProofError`.
    """
    verdict = _verdict(path, statement)
    if verdict is None:
        raise StaleProofError("there is no certificate yet")
    if verdict.kind != "valid":
        raise StaleProofError(f"the certificate is {verdict}")
    return verdict


def check_or_keep_property(path: str | PathLike[str], statement: PropertyStatement) -> tuple[checker.Verdict, bool]:
    """The verdict on a file that proves this property, and whether it had to be written first."""
    verdict = _verdict(path, statement)
    return (verdict, False) if verdict else (keep_property(path, statement), True)


def keep_property(path: str | PathLike[str], statement: PropertyStatement) -> checker.Verdict:
    """Prove a property, and write its certificate after the stand-alone checker has found it valid.

    Raises :class:`~verishallow.errors.RefutedError` with a point that violates it.
    """
    network, *others = statement.networks
    other = others[0] if others else None
    outcome = verify(network, statement.asked, other=other, on_slice=statement.slice, **statement.search)
    if outcome.point is not None:
        raise RefutedError(violation_in_words(outcome, statement), outcome.point, None)
    if not outcome:
        raise IncompleteError(f"neither proved nor violated after {outcome.nodes} cells; allow more with max_nodes=")
    verdict = checker.check_lines(outcome.lines, **statement.expected())
    if not verdict:
        raise ProofError(f"the checker refuses a new proof: {verdict}")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as file:
        write_lines(outcome.lines, file)
    return verdict


def violation_in_words(outcome: Outcome, statement: PropertyStatement) -> str:
    """Where a property is violated: each number exactly, and as a decimal, and the part of it that is."""
    header = outcome.certificate.header
    rows = checker.conjunction_in_words(header, header["unsafe"][header["disjunct"]])
    letters = "fg" if len(statement.networks) > 1 else "y"
    outputs = [f"{letter}_{o}" for letter in letters for o in range(statement.networks[0].outputs)]
    inputs = [f"x_{i}" for i in range(statement.asked.inputs)]
    lines = [f"the property is violated: {' and '.join(rows) or 'any value is unsafe'}, at"]
    lines += _assigned(inputs, outcome.point or ()) + _assigned(outputs, outcome.outputs or ())
    return "\n".join(lines)


def _assigned(names: list[str], values: Vector) -> list[str]:
    return [f"  {name} = {with_decimal(value)}" for name, value in zip(names, values, strict=True)]


def _verdict(path: str | PathLike[str], statement: PropertyStatement) -> checker.Verdict | None:
    """The verdict on a file; ``None`` where there is none."""
    try:
        return checker.check(path, **statement.expected())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"the certificate cannot be opened: {error.strerror}") from error
