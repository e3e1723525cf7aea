"""What ``verify``, ``robust`` and ``within`` share: an answer is written as a certificate, checked, and reported."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gmpy2 import mpq

from verishallow.checker import Verdict
from verishallow.cli.replacing import beside_another
from verishallow.cli.reporting import file_to_write, print_json, spare, texts
from verishallow.errors import ProofError
from verishallow.fast_checker.checking import check
from verishallow.kept_proofs.library import CERTIFICATES
from verishallow.network import ReLUNetwork
from verishallow.progress import stage
from verishallow.rationals import Vector, format_rational
from verishallow.records.lines import write_lines
from verishallow.show.tables import facts_table, rounded, with_decimal
from verishallow.verify.records import property_stated
from verishallow.verify.single_precision import SinglePrecision, in_single_precision
from verishallow.verify.verification import Outcome
from verishallow.whole_file import written_whole

EXIT_CODES = {"holds": 0, "violated": 1, "unknown": 3}
CLAIMED = {"holds": "property", "violated": "counterexample", "unknown": "property"}
MOST_SHOWN = 12
"""Coordinates of a point that are shown."""

LONGEST_EXACT = 32
"""Characters of an exact number that is shown beside its decimal."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the certificate of an answer goes: a file that is named, or one beside the network."""

    named: str | None
    network: Path
    about: str
    force: bool = False

    def file(self, verdict: str) -> Path:
        """The file for an answer; a default name says what is claimed, and what about."""
        if self.named is not None:
            return file_to_write(self.named)
        return self.network.with_name(f"{self.network.stem}.{CLAIMED[verdict]}.{self.about}{CERTIFICATES[0]}")


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome, with its certificate in a file, checked."""

    outcome: Outcome
    file: Path
    kept: str | None
    checked: Verdict
    check_seconds: float
    single: SinglePrecision | None

    @property
    def reason(self) -> str:
        """What is proved, in words; of an unknown one what is not."""
        said = self.checked.reason.partition("; D = ")[0]
        if self.outcome.verdict == "violated":
            return said.partition(": (")[0]
        if self.outcome.empty:
            return f"the domain is empty, and every property holds on it: {said}"
        if self.outcome.verdict == "unknown":
            where = ", ".join(f"x_{i}" for i in self.outcome.unbounded[:MOST_SHOWN])
            why = f"; the domain is not bounded in {where}" if where else ""
            return f"{said} of {self.outcome.leaves + self.open}{why}"
        return said

    @property
    def open(self) -> int:
        """Cells that are left open."""
        return int(self.checked.counts.get("open", 0))


def answered(
    networks: Sequence[ReLUNetwork],
    ask: Callable[[], Outcome],
    target: Target,
    *inputs: Path | str | None,
) -> Answer:
    """Ask, write the certificate, and check it. A certificate that is not valid is never kept."""
    with stage("looking for a counterexample, then for a proof"):
        outcome = ask()
    file = target.file(outcome.verdict)
    spare([file], *inputs)
    kept = None
    if target.named is None and not target.force:
        file, kept = beside_another(file, outcome.certificate.header)
    start = time.perf_counter()
    with stage("checking the certificate"):
        checked = check(outcome.certificate)
    seconds = time.perf_counter() - start
    expected = "incomplete" if outcome.verdict == "unknown" else "valid"
    if checked.kind != expected:
        raise ProofError(f"the certificate is not {expected} ({checked}); nothing was written: this is a bug")
    with written_whole(file) as opened:
        write_lines(outcome.lines, opened)
    return Answer(outcome, file, kept, checked, seconds, _in_single(networks, outcome))


def _in_single(networks: Sequence[ReLUNetwork], outcome: Outcome) -> SinglePrecision | None:
    """What float32 does at a counterexample; on a slice, whose point is one of parameters, that is not said."""
    header = outcome.certificate.header
    if outcome.point is None or "slice" in header:
        return None
    return in_single_precision(networks, property_stated(header), outcome.point)


# ------------------------------------------------------------------------------------------------ Reports


def facts_of(answer: Answer, **more: Any) -> dict[str, Any]:
    """All that ``--json`` says of an answer."""
    outcome, single = answer.outcome, answer.single
    return {
        "verdict": outcome.verdict,
        "reason": answer.reason,
        **more,
        "point": None if outcome.point is None else texts(outcome.point),
        "outputs": None if outcome.outputs is None else texts(outcome.outputs),
        "conjunction": outcome.conjunction,
        "float32": None if single is None else _single_facts(single),
        "certificate": str(answer.file),
        **({"kept": answer.kept} if answer.kept else {}),
        "nodes": outcome.nodes,
        "leaves": outcome.leaves,
        "open": answer.open,
        "find_seconds": round(outcome.seconds, 3),
        "check_seconds": round(answer.check_seconds, 3),
        "network_sha256": answer.checked.header["network_sha256"],
    }


def _single_facts(single: SinglePrecision) -> dict[str, Any]:
    return {
        "point": texts(single.point),
        "outputs": texts(single.outputs),
        "inside": single.inside,
        "conjunction": single.conjunction,
    }


def report_answer(answer: Answer, as_json: bool, **more: Any) -> int:
    """Print an answer; its exit code."""
    if as_json:
        print_json(facts_of(answer, **more))
    else:
        print(f"{answer.outcome.verdict}: {answer.reason}")
        print(facts_table({**{name.replace("_", " "): value for name, value in more.items()}, **_shown(answer)}))
    return EXIT_CODES[answer.outcome.verdict]


def _shown(answer: Answer) -> dict[str, Any]:
    outcome, violated = answer.outcome, answer.outcome.conjunction is not None
    goes_on = f"the same command with --resume {answer.file}" if outcome.verdict == "unknown" else None
    return {
        "point": outcome.point and point_shown(outcome.point),
        "outputs": outcome.outputs and point_shown(outcome.outputs),
        "in float32": answer.single and _single_in_words(answer.single),
        "leaves": None if violated else outcome.leaves,
        "open": answer.open or None,
        "nodes": outcome.nodes,
        "certificate": str(answer.file),
        "kept": answer.kept,
        "to go on": goes_on,
        "find seconds": round(outcome.seconds, 3),
        "check seconds": round(answer.check_seconds, 3),
    }


def point_shown(values: Vector) -> str:
    """Coordinates as exact fractions, with decimals where they are not short; of many the first ones."""
    shown = [_number(value) for value in values[:MOST_SHOWN]]
    rest = len(values) - MOST_SHOWN
    return ", ".join(shown) + (f", and {rest} more" if rest > 0 else "")


def _number(value: mpq) -> str:
    """An exact number with its decimal; of a long one the decimal alone: the certificate has all digits."""
    exact = format_rational(value)
    return with_decimal(value) if len(exact) <= LONGEST_EXACT else rounded(value)


def _single_in_words(single: SinglePrecision) -> str:
    if not single.inside:
        return "the nearest float32 point lies outside the domain"
    outputs = ", ".join(f"{float(value):.9g}" for value in single.outputs[:MOST_SHOWN])
    also = "violated there too" if single.conjunction is not None else "not violated there"
    return f"{also}: outputs {outputs} at the nearest float32 point"
