"""Table 3: networks that float tools miscount. The right number is the one that a checked certificate proves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.benchmarks.measuring import Outcome, Work, kept, kept_workers, number, table
from tests.benchmarks.networks import WHOLE, Case, degenerate_cases
from tests.benchmarks.peers import AFFINITREE, OURS, REGIONCAM, TINY, TWIN, tools_for
from verishallow import checker
from verishallow.claims.equality import Equality
from verishallow.proof import proof_lines

LONGEST = 60.0
"""CPU seconds that a tool gets."""

RANDOM = (
    *(Case("2-32-32-1", seed=seed) for seed in range(24)),
    Case("2-64-64-64-1"),
    Case("3-32-32-1"),
    Case("2-64-64-64-1", WHOLE),
    Case("3-32-32-1", WHOLE),
)
PUBLISHED = (
    Case("tll_n2_m8_0.onnx", "box:-2,2"),
    Case("tll_n2_m8_1.onnx", "box:-2,2"),
    Case("tll_n2_m8_0.onnx", WHOLE),
    Case("tll_n2_m8_1.onnx", WHOLE),
    Case("fc_2x25x25x25x2.onnx"),
    Case("fc_2x25x25x25x2.onnx", WHOLE),
    Case("lindex.onnx"),
    Case("vdp.onnx"),
)
QUICK = 4
"""Random networks and published cases in a quick run."""

TOOLS = (OURS, AFFINITREE, REGIONCAM, TWIN)
HEADS = ("network", "domain", "right", *TOOLS)


@dataclass(frozen=True)
class Counted:
    """What every tool says about a case, and what a certificate proves."""

    case: Case
    right: int
    said: dict[str, Outcome]

    def says(self, tool: str) -> str:
        said = self.said.get(tool, "-")
        if isinstance(said, str):
            return said
        return "right" if said.count == self.right else f"**{said.count:,}**"

    def row(self) -> list[str]:
        return [self.case.label, self.case.domain, number(self.right), *map(self.says, TOOLS)]


def certified(case: Case) -> Work:
    """The number of leaves of a certificate that the stand-alone checker finds valid."""
    network, domain = case.network, case.polyhedron

    def work() -> int:
        verdict = checker.check_lines(proof_lines(network, domain, Equality("ignore"), "lattice"))
        if verdict.kind != "valid":
            raise ValueError(str(verdict))
        return int(verdict.counts["leaves"])

    return work


def count(cases: Iterable[Case], known: dict[Case, int]) -> Iterator[Counted]:
    """Ask every tool, and the checker; counts that others agreed on before must be the certified ones."""
    with kept_workers(TINY) as ask:
        for case in cases:
            proved = ask(certified, case, 10 * LONGEST)
            if isinstance(proved, str) or proved.count != known.get(case, proved.count):
                raise RuntimeError(f"{case.label} on {case.domain}: certified {proved}, known {known.get(case)}")
            said = {name: ask(tool, case, LONGEST) for name, tool in tools_for(case).items()}
            yield Counted(case, proved.count, said)


def report(repeat: int, quick: bool, full: bool = False) -> Iterator[str]:  # noqa: ARG001 - all tables take these
    """Nothing here is timed, so that nothing is repeated."""
    degenerate = dict(degenerate_cases())
    published = [case for case in PUBLISHED if case.path and case.path.exists()][: QUICK if quick else None]
    random = RANDOM[:QUICK] if quick else RANDOM
    found: list[Counted] = []
    yield NOTES
    yield from table(HEADS, kept(count([*published, *degenerate, *random], degenerate), found))
    yield from summary(found)


def summary(counted: list[Counted]) -> Iterator[str]:
    for tool in TOOLS:
        said = [each.says(tool) for each in counted if tool in each.said]
        wrong, silent = sum(text.startswith("**") for text in said), sum(text[0] in "cfo" for text in said)
        yield f"- {tool}: {wrong} of {len(said)} counts are wrong, {silent} are not given."


NOTES = f"""\
Activation regions (full-dimensional ones). The right number is the one of a certificate, boundary ignored, that the
stand-alone checker found valid in this run; for the degenerate networks two independent exact oracles agreed before.
The tll networks are those of VNN-COMP 2022; `int_...` have integer weights; `parallel_dup`, `touch_facet`,
`strip_2e-30` and the like are small networks made to be degenerate; all others are random with 6-bit weights (seed 0
where none is named). regioncam is asked about squares only. "over {LONGEST:.0f} s": no answer in that CPU time.
Bold: wrong.
"""
