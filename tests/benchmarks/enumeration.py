"""Table 1: regions per second beside affinitree, regioncam, and the same refinement in floats."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.measuring import LONG, Outcome, Run, in_turn, kept, number, ratio, runs_of, table, times
from tests.benchmarks.networks import Case, published_cases, random_cases
from tests.benchmarks.peers import AFFINITREE, OURS, REGIONCAM, TINY, TWIN, tools_for

MAPS = f"{OURS} with maps"
LONGEST = 120.0
"""CPU seconds after which a run is given up."""

FEWEST_FOR_MEMORY = 10_000
QUICK = ("2-16-16-1", "2-32-32-1", "3-16-16-1", "4-12-12-1")
HEADS = (
    "network",
    "domain",
    "regions",
    "regions/s",
    "to affinitree",
    "with maps, to affinitree",
    "to regioncam",
    "to float twin",
    "affinitree counts",
    "regioncam counts",
    "float twin counts",
    "KB/region",
    "affinitree KB",
    "float twin KB",
)


@dataclass(frozen=True)
class Measured:
    """All outcomes on one case."""

    case: Case
    outcomes: dict[str, list[Outcome]]

    def faster(self, tool: str) -> float | None:
        """How many times faster than a tool we are."""
        return ratio(self.outcomes.get(tool, []), self.outcomes[OURS])

    @property
    def regions(self) -> int:
        return runs_of(self.outcomes[OURS])[0].count

    @property
    def rate(self) -> float:
        return self.regions / median(run.cpu for run in runs_of(self.outcomes[OURS]))

    def count(self, tool: str) -> str:
        if not self.outcomes.get(tool):
            return "-"
        first = self.outcomes[tool][0]
        if isinstance(first, str):
            return first
        return "right" if first.count == self.regions else f"**{first.count:,}**"

    def kilobytes(self, tool: str) -> str:
        first = next(iter(self.outcomes.get(tool, [])), None)
        if not isinstance(first, Run) or self.regions < FEWEST_FOR_MEMORY:
            return "-"
        return f"{first.memory / 1024 / self.regions:.1f}"

    def row(self) -> list[str]:
        maps = ratio(self.outcomes.get(AFFINITREE, []), self.outcomes[MAPS])
        return [
            self.case.label,
            self.case.domain,
            number(self.regions),
            number(self.rate),
            times(self.faster(AFFINITREE)),
            times(maps),
            times(self.faster(REGIONCAM)),
            times(self.faster(TWIN)),
            *(self.count(tool) for tool in (AFFINITREE, REGIONCAM, TWIN)),
            *(self.kilobytes(tool) for tool in (OURS, AFFINITREE, TWIN)),
        ]


def measure(cases: Iterable[Case], repeat: int) -> Iterator[Measured]:
    for case in cases:
        found = in_turn(tools_for(case, maps=True), case, TINY, repeat, LONGEST)
        if isinstance(found[OURS][0], str):
            raise RuntimeError(f"{case.label} on {case.domain}: {found[OURS][0]}")  # noqa: TRY004 - it is an outcome
        yield Measured(case, found)


def report(repeat: int, quick: bool, full: bool = False) -> Iterator[str]:  # noqa: ARG001 - all tables take these
    """The table, and how far the targets are met."""
    cases = [case for case in (*random_cases(), *published_cases()) if not quick or case.name in QUICK]
    found: list[Measured] = []
    yield NOTES
    yield from table(HEADS, kept(measure(cases, repeat), found))
    yield from targets(found)
    yield noise(found)


def targets(measured: list[Measured]) -> Iterator[str]:
    """The targets, each with how often it is met."""
    dyadic = [each for each in measured if each.case.path is None]
    few = [each for each in dyadic if each.case.inputs <= 4]
    yield _target("at least 10x affinitree for n <= 4", [each.faster(AFFINITREE) for each in few], 10.0)
    for inputs in (6, 8):
        some = [each.faster(AFFINITREE) for each in dyadic if each.case.inputs == inputs]
        yield _target(f"at least 1x affinitree for n = {inputs}", some, 1.0)
    yield _target("at least 1x regioncam for n = 2", [each.faster(REGIONCAM) for each in few], 1.0)
    yield _target("at least 1/1.3 = 0.77x the float twin", [each.faster(TWIN) for each in dyadic], 1 / 1.3)


def _target(text: str, ratios: Iterable[float | None], least: float) -> str:
    found = sorted(value for value in ratios if value is not None)
    if not found:
        return f"- Target {text}: not measured."
    met = sum(value >= least for value in found)
    span = f"least {times(found[0])}, median {times(median(found))}, most {times(found[-1])}"
    return f"- Target {text}: met on {met} of {len(found)} ({span})."


def noise(measured: list[Measured]) -> str:
    """How busy the machine was, for those who would compare wall-clock times."""
    tools = sorted({tool for each in measured for tool in each.outcomes})
    waits = {
        tool: [run.wall / run.cpu for each in measured for run in runs_of(each.outcomes.get(tool, []))]
        for tool in tools
    }
    return "- Wall-clock over CPU seconds, medians: " + ", ".join(
        f"{tool} {median(found):.2f}" for tool, found in waits.items() if found
    )


NOTES = f"""\
A ratio is the peer's CPU seconds over ours on the same case (more than 1: we are faster), the median over rounds, one
where that takes over {LONG:.0f} s. Ours is the whole complex: every face of every dimension, exact vertices, signs;
"with maps" adds the affine map of every region and the count of linear regions, which a tree of affine functions holds.
The float twin is the limit: the same refinement in float64, which interpolates values along edges and never looks
back. regioncam works in float32 on a square. A count is "right", or the wrong number that the tool reports, or why
there is none. Random networks have 6-bit weights, seed 0. Memory is the growth of the peak of resident memory.
"""
