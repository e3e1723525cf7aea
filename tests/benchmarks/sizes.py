"""Table 6: how large the shallow networks are: growth over width and depth, gated cells, all constructions beside."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.benchmarks.measuring import table
from tests.benchmarks.networks import Case
from verishallow import checker
from verishallow.certificate.certificate import Certificate
from verishallow.certificate.sizes import DeepSize, ShallowSize
from verishallow.claims import CONSTRUCTIONS
from verishallow.claims.named import Wanted
from verishallow.errors import VerishallowError
from verishallow.proof import proof_lines
from verishallow.read.domains.parts_of import DomainPart

TINIEST = Case("2-4-4-1")
WIDTHS, DEPTHS = (4, 8, 16, 32), (1, 2, 3)
GROWTH = tuple(Case("-".join(map(str, (2, *[width] * depth, 1)))) for depth in DEPTHS for width in WIDTHS)
FIGURES = (Case("2-16-16-16-1"), Case("3-12-12-12-1"), Case("tll_n2_m8_0.onnx", "box:-2,2"))
BESIDE = (Case("2-16-16-1"), Case("2-12-12-12-1"))
GRID = "1/255"

GROWTH_HEADS = (
    "network", "deep neurons", "deep weights", "cells: leaves", "cells: units", "cells: weights",
    "gated: leaves", "gated: units", "gated: weights",
)  # fmt: skip
FIGURE_HEADS = ("network", "domain", "cells", "gated", "cells to gated", "pieces", "cells to pieces")
BESIDE_HEADS = (
    "network", "construction", "leaves", "units", "weights", "-inf", "proof, CPU s", "checker, CPU s",
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A shallow network: its leaves, its size, and what its proof and the stand-alone checker took."""

    leaves: int
    size: ShallowSize
    proof: float
    check: float

    @property
    def units(self) -> int:
        """Of both hidden layers."""
        return self.size.layer1 + self.size.layer2


def made(case: Case, construction: str, *, sized: bool = True, units: str = "two") -> Made:
    """The network of a construction, checked; without its size where that is not asked for."""
    wanted = Wanted(construction, grid=GRID if construction == "quantised" else None, units=units)
    start = time.process_time()
    claim = wanted.claim(case.network, [DomainPart(case.polyhedron, None)], "lattice")
    lines = tuple(proof_lines(case.network, case.polyhedron, claim, "lattice"))
    proved = time.process_time()
    verdict = checker.check_lines(lines)
    checked = time.process_time()
    if verdict.kind != "valid":
        raise ValueError(str(verdict))
    size = ShallowSize.of(Certificate(lines)) if sized else ShallowSize(0, 0, 0, 0)
    return Made(verdict.counts["leaves"], size, proved - start, checked - proved)


def report(repeat: int, quick: bool, full: bool) -> Iterator[str]:
    """Three tables, made once: the counts do not vary."""
    del repeat, full
    yield NOTES
    growth, figures, beside = ((TINIEST,),) * 3 if quick else (GROWTH, there(FIGURES), BESIDE)
    yield from table(GROWTH_HEADS, map(growth_row, growth))
    yield "Leaves of three constructions:\n"
    yield from table(FIGURE_HEADS, map(figure_row, figures))
    yield "All constructions that apply:\n"
    yield from table(BESIDE_HEADS, (row for case in beside for row in beside_rows(case)))


def there(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Those whose files are there."""
    return tuple(case for case in cases if case.path is None or case.path.exists())


def growth_row(case: Case) -> tuple[str, ...]:
    deep = DeepSize.of(case.network)
    shallow = [made(case, construction) for construction in ("cells", "gated")]
    counts = [n for each in shallow for n in (each.leaves, each.units, each.size.nonzeros)]
    return (case.label, *(f"{n:,}" for n in (deep.neurons, deep.nonzeros, *counts)))


def figure_row(case: Case) -> tuple[str, ...]:
    cells, gated, pieces = (made(case, name, sized=False).leaves for name in ("cells", "gated", "merge"))
    ratios = [f"{cells / other:.1f}x" for other in (gated, pieces)]
    return case.label, case.domain, f"{cells:,}", f"{gated:,}", ratios[0], f"{pieces:,}", ratios[1]


def beside_rows(case: Case) -> Iterator[tuple[str, ...]]:
    """All constructions that apply; those that have cells or pieces also with one unit per output."""
    deep = DeepSize.of(case.network)
    yield case.label, "deep", "", f"{deep.neurons:,}", f"{deep.nonzeros:,}", "0", "", ""
    for name in CONSTRUCTIONS:
        for units in ("two", "one") if name in ("cells", "merge") else ("two",):
            try:
                found = made(case, name, units=units)
            except VerishallowError:
                continue
            counts = (found.leaves, found.units, found.size.nonzeros, found.size.infinite_weights)
            said = name if units == "two" else f"{name}, one unit"
            yield case.label, said, *(f"{n:,}" for n in counts), f"{found.proof:.2f}", f"{found.check:.2f}"


NOTES = f"""\
Units are those of both hidden layers, weights those that are not 0. Nothing is merged after a construction.
Random networks with 6-bit weights on `box:-1,1`; `quantised` is for multiples of {GRID}. `verishallow shallow NETWORK
--compare` makes such a table for one network.
"""
