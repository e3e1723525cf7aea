"""An exact order of cells from back to front, in which no cell is hidden by an earlier one."""

from collections import defaultdict
from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from gmpy2 import mpq

from verishallow.explain.linear_algebra import difference, dot
from verishallow.rationals import Vector
from verishallow.show.plot.cells import Cells, DrawnFacet


def back_to_front(cells: Cells, away: Vector) -> list[int]:
    """The numbers of cells, farther ones first, for a viewer who looks in the direction ``away``.

    Of two cells with a common facet the one behind it comes first. In the plane this relation has no cycle; where it
    has one in space, the cell with the farthest middle of the remaining ones comes next.

    >>> from verishallow import ReLUNetwork
    >>> from verishallow.polyhedron import Polyhedron
    >>> from verishallow.show.plot.cells import cells_of
    >>> from verishallow.show.plot.frame import frame_of
    >>> halves, square = ReLUNetwork.of([([[1, 0]], [0]), ([[1]], [0])]), Polyhedron.box([(-1, 1), (-1, 1)])
    >>> found = cells_of(halves, square, frame_of(halves, square))
    >>> [bool(found.cells[number].pattern[0][0]) for number in back_to_front(found, (mpq(1), mpq(0)))]
    [True, False]
    """
    middles = [cells.middle(number) for number in range(len(cells.cells))]
    depths = [dot(middle, away) for middle in middles]
    nearer: defaultdict[int, list[int]] = defaultdict(list)
    behind = [0] * len(cells.cells)
    for facet in cells.facets:
        if len(facet.cells) == 2 and (side := _side_behind(cells, facet, middles, away)) is not None:
            far, near = facet.cells[side], facet.cells[1 - side]
            nearer[far].append(near)
            behind[near] += 1
    return _sorted(behind, nearer, depths)


def _sorted(behind: list[int], nearer: dict[int, list[int]], depths: Sequence[mpq]) -> list[int]:
    """Repeatedly the farthest cell that has no other left behind it."""
    ready = [(-depths[number], number) for number, waiting in enumerate(behind) if not waiting]
    heapify(ready)
    left, found = dict.fromkeys(range(len(behind))), list[int]()
    while left:
        number = heappop(ready)[1] if ready else max(left, key=lambda number: (depths[number], -number))
        if number not in left:
            continue
        del left[number]
        found.append(number)
        for other in nearer.get(number, ()):
            behind[other] -= 1
            if not behind[other]:
                heappush(ready, (-depths[other], other))
    return found


def _side_behind(cells: Cells, facet: DrawnFacet, middles: Sequence[Vector], away: Vector) -> int | None:
    """Which of the two cells of a facet lies behind it; ``None`` if the viewer looks along it."""
    corners = [cells.points[corner] for corner in facet.corners[: len(away)]]
    spanned = [difference(corner, corners[0]) for corner in corners[1:]]
    looked = determinant([*spanned, away])
    beyond = determinant([*spanned, difference(middles[facet.cells[1]], corners[0])])
    return None if not looked else int(looked * beyond > 0)


def determinant(rows: Sequence[Vector]) -> mpq:
    """The determinant of two or three rows.

    >>> determinant([(mpq(1), mpq(2)), (mpq(3), mpq(4))])
    mpq(-2,1)
    """
    if len(rows) == 2:
        (a, b), (c, d) = rows
        return a * d - b * c
    first, *others = rows
    minors = [determinant([row[:i] + row[i + 1 :] for row in others]) for i in range(3)]
    return first[0] * minors[0] - first[1] * minors[1] + first[2] * minors[2]
