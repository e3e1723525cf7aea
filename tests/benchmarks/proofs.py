"""Table 2: what a proof costs beside the bare enumeration, its check beside the proof, both beside z3; and growth."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.measuring import (
    Outcome,
    Run,
    Tool,
    Work,
    compared,
    in_turn,
    installed,
    number,
    runs_of,
    table,
)
from tests.benchmarks.networks import WHOLE, Case
from tests.benchmarks.peers import TINY, affinitree, ours, twin
from verishallow.certificate.certificate import Certificate
from verishallow.claims.equality import BOUNDARIES, Equality
from verishallow.proof import proof_lines
from verishallow.shallow.signed_faces import Boundary
from verishallow.whole_file import written_whole

LONGEST = 3600.0
"""CPU seconds."""

PROOF, BARE, CHECK, FAST, Z3 = "proof", "enumeration", "checker", "fast checker", "z3"
FAST_MODULE = "verishallow.fast_checker"
CASES = (
    Case("2-16-16-1", WHOLE),
    Case("2-64-64-64-1"),
    Case("3-16-16-1", WHOLE),
    Case("3-32-32-1"),
    Case("4-12-12-1"),
    Case("6-8-8-1"),
    Case("tll_n2_m8_0.onnx", "box:-2,2"),
    Case("vdp.onnx"),
)
SECOND_OPINIONS = (Case("2-16-16-1", WHOLE), Case("3-8-8-1", WHOLE))
GROWTH = (Case("3-32-32-1"), Case("3-32-32-1", WHOLE), Case("3-40-40-1", WHOLE))
MILLION = Case("3-128-128-1")
QUICK = ("2-16-16-1", "3-8-8-1")


@dataclass(frozen=True)
class ProofCase:
    """A claim, and the file of its certificate."""

    case: Case
    boundary: Boundary
    path: Path


# ------------------------------------------------------------------------------------------------ Tools


def prove(claim: ProofCase) -> Work:
    network, domain = claim.case.network, claim.case.polyhedron

    def work() -> int:
        line = b""
        # Tools in processes of their own warm up on one file at the same time: it must never be seen half-written.
        with written_whole(claim.path) as file:
            for line in proof_lines(network, domain, Equality(claim.boundary), "lattice"):
                file.write(line)
        return int(json.loads(line)["leaves"])

    return work


def enumerated(claim: ProofCase) -> Work:
    return ours(claim.case)


def twin_enumerated(claim: ProofCase) -> Work:
    return twin(claim.case)


def affinitree_enumerated(claim: ProofCase) -> Work:
    return affinitree(claim.case)


def check(claim: ProofCase) -> Work:
    return _checked(claim, "verishallow.checker")


def check_fast(claim: ProofCase) -> Work:
    return _checked(claim, FAST_MODULE)


def _checked(claim: ProofCase, module: str) -> Work:
    judge = import_module(module)
    if not claim.path.exists():
        prove(claim)()

    def work() -> int:
        verdict = judge.check(claim.path)
        if verdict.kind != "valid":
            raise ValueError(str(verdict))
        return int(verdict.counts["leaves"])

    return work


def ask_z3(claim: ProofCase) -> Work:
    """Whether the network is its map on every region, one query each, and whether the regions cover the domain."""
    asking = import_module("tests.test_second_opinion")
    if not claim.path.exists():
        prove(claim)()
    certificate = Certificate.read(claim.path)
    regions = certificate.regions

    def work() -> int:
        x = asking.variables(certificate.network)
        y = asking.deep(certificate.network, x)
        for region in regions:
            mapped = [asking.value_of(form, x) for form in region.affine_map.forms]
            inside = asking.inside(region.polyhedron.inequalities, x)
            if asking.answer(inside, asking.differ(y, mapped)) != "unsat":
                raise ValueError("z3 knows a point where the map is another")
        outside = [asking.z3.Not(asking.inside(region.polyhedron.inequalities, x)) for region in regions]
        if asking.answer(asking.inside(certificate.domain.inequalities, x), *outside) != "unsat":
            raise ValueError("z3 knows a point outside")
        return len(regions)

    return work


def with_fast(tools: dict[str, Tool]) -> dict[str, Tool]:
    """The fast checker besides, where there is one."""
    return {**tools, FAST: check_fast} if installed(FAST_MODULE) else tools


# --------------------------------------------------------------------------------------------- Measuring


def measure(claim: ProofCase, tools: dict[str, Tool], repeat: int) -> dict[str, list[Outcome]]:
    """All tools on one claim; what a tool of ours fails on ends the table."""
    tiny = ProofCase(TINY, claim.boundary, claim.path.with_suffix(".tiny"))
    found = in_turn(tools, claim, tiny, repeat, LONGEST)
    for name in (PROOF, BARE, CHECK):
        if name in found and isinstance(found[name][0], str):
            raise RuntimeError(f"{claim.case.label}, {name}: {found[name][0]}")
    return found


def rate(outcomes: list[Outcome]) -> float | None:
    runs = runs_of(outcomes)
    return runs[0].count / median(run.cpu for run in runs) if runs else None


def kilobytes(outcomes: list[Outcome]) -> str:
    first = outcomes[0] if outcomes else "-"
    return f"{first.memory / 1024 / first.count:.2f}" if isinstance(first, Run) else first


def reasons(path: Path) -> Counter[str]:
    """How many reasons of each kind a certificate gives."""
    found: Counter[str] = Counter()
    with open(path, "rb") as file:
        for record in map(json.loads, file):
            found["stable"] += len(record.get("active", ())) + len(record.get("inactive", ()))
            found["redundant"] += len(record.get("constraints", ()))
            found["absent"] += len(record.get("absent", ()))
    return found


# ------------------------------------------------------------------------------------------------ Tables

HEADS = (
    "network",
    "domain",
    "boundary",
    "regions",
    "proof, regions/s",
    "proof / enumeration",
    "checker / proof",
    "fast checker / proof",
    "checker / fast checker",
    "reasons/region (stable + redundant + absent)",
    "bytes/region",
)


def proof_row(claim: ProofCase, repeat: int) -> list[str]:
    tools = with_fast({PROOF: prove, BARE: enumerated, CHECK: check})
    found = measure(claim, tools, repeat)
    regions, kinds = runs_of(found[PROOF])[0].count, reasons(claim.path)
    split = " + ".join(f"{kinds[kind] / regions:.1f}" for kind in ("stable", "redundant", "absent"))
    fast = found.get(FAST, [])
    return [
        claim.case.label,
        claim.case.domain,
        claim.boundary,
        number(regions),
        number(rate(found[PROOF])),
        compared(found[PROOF], found[BARE]),
        compared(found[CHECK], found[PROOF]),
        compared(fast, found[PROOF]),
        compared(found[CHECK], fast),
        f"{kinds.total() / regions:.1f} ({split})",
        number(claim.path.stat().st_size / regions),
    ]


def z3_row(claim: ProofCase, repeat: int) -> list[str]:
    found = measure(claim, with_fast({CHECK: check, Z3: ask_z3}), repeat)
    first = found[Z3][0]
    return [
        claim.case.label,
        claim.case.domain,
        number(runs_of(found[CHECK])[0].count),
        f"{median(run.cpu for run in runs_of(found[CHECK])):.3f}",
        first if isinstance(first, str) else f"{median(run.cpu for run in runs_of(found[Z3])):.2f}",
        compared(found[Z3], found[CHECK]),
        compared(found[Z3], found.get(FAST, [])),
    ]


def growth_row(claim: ProofCase, peers: bool) -> list[str]:
    tools: dict[str, Tool] = {BARE: enumerated, "twin": twin_enumerated, PROOF: prove, CHECK: check}
    if peers and installed("affinitree"):
        tools["affinitree"] = affinitree_enumerated
    found = measure(claim, with_fast(tools), 1)
    return [
        claim.case.label,
        claim.case.domain,
        number(runs_of(found[BARE])[0].count),
        number(rate(found[BARE])),
        compared(found["twin"], found[BARE]),
        compared(found.get("affinitree", []), found[BARE]),
        kilobytes(found[BARE]),
        number(rate(found[PROOF])),
        kilobytes(found[PROOF]),
        compared(found[CHECK], found[PROOF]),
        kilobytes(found[CHECK]),
        compared(found.get(FAST, []), found[PROOF]),
    ]


GROWTH_HEADS = (
    "network",
    "domain",
    "regions",
    "enumeration, regions/s",
    "to float twin",
    "to affinitree",
    "KB/region",
    "proof, regions/s",
    "KB/region",
    "checker / proof",
    "KB/region",
    "fast checker / proof",
)
Z3_HEADS = ("network", "domain", "regions", "checker, s", "z3, s", "z3 / checker", "z3 / fast checker")


def report(repeat: int, quick: bool, full: bool = False) -> Iterator[str]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        yield NOTES
        yield from table(HEADS, (proof_row(claim, repeat) for claim in claims(CASES, BOUNDARIES, folder, quick)))
        if installed("z3"):
            yield "z3, asked region by region and once for the cover, beside the checkers (boundary ignore):\n"
            opinions = claims(SECOND_OPINIONS, ("ignore",), folder, quick)
            yield from table(Z3_HEADS, (z3_row(claim, min(repeat, 3)) for claim in opinions))
        else:
            yield "z3 is not installed.\n"
        if not quick:
            yield "Growth for 3 inputs (boundary ignore, one round):\n"
            growing = claims((*GROWTH, MILLION) if full else GROWTH, ("ignore",), folder, quick)
            yield from table(GROWTH_HEADS, (growth_row(claim, claim.case == GROWTH[0]) for claim in growing))


def claims(cases: Iterable[Case], boundaries: Iterable[Boundary], folder: Path, quick: bool) -> Iterator[ProofCase]:
    """The claims about cases that are there; a certificate is deleted when its turn is over."""
    for case in cases:
        if (case.path is None or case.path.exists()) and not (quick and case.name not in QUICK):
            for boundary in boundaries:
                claim = ProofCase(case, boundary, folder / "proof.jsonl")
                yield claim
                claim.path.unlink(missing_ok=True)


NOTES = """\
Times are CPU seconds of one process; "a / b" is a's time over b's, the median over rounds; "to a peer" is the peer's
time over ours. A proof is written as plain lines (engine lattice, one job); the enumeration is the bare lattice
engine, which is the limit of any proof. Memory is the growth of the peak of resident memory.
"""
