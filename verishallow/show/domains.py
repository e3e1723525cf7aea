"""Domains in a few words."""

from collections.abc import Sequence

from gmpy2 import mpq

from verishallow.polyhedron import Polyhedron
from verishallow.rationals import counted
from verishallow.read.domains.boxes import box_of

LONGEST = 60
"""Characters of intervals or inequalities that are written out."""

MOST_SHOWN = 3
"""Strict rows that are written out."""


def domain_text(domain: Polyhedron) -> str:
    """A domain as its exact intervals or inequalities where those are short, else as the number of its inequalities.

    >>> domain_text(Polyhedron.box([(0, 1)] * 3)), domain_text(Polyhedron.whole_space(2))
    ('[0, 1]^3', 'R^2')
    >>> domain_text(Polyhedron.of([[0, 1, 0], [0, 0, 1], [1, -1, -1]]))
    'x0 >= 0, x1 >= 0, 1 - x0 - x1 >= 0'
    """
    rows, space = domain.inequalities, f"R^{domain.dimension}"
    if not rows:
        return space
    box = box_of(rows, domain.dimension)
    # More rows than characters never fit, so the rest need not be written.
    text = _box_text(box) if box else ", ".join(f"{form} >= 0" for form in rows[:LONGEST])
    return text if len(text) <= LONGEST else f"{counted(len(rows), 'inequality', 'inequalities')} in {space}"


def closure_text(strict: Sequence[str]) -> str:
    """That what is said is said of a closure, and what is strict.

    >>> closure_text(["x0 > 0", "x1 > 0", "x2 > 0", "x3 > 0"])
    'D is the closure of the domain, in which x0 > 0, x1 > 0, x2 > 0 and 1 more are strict'
    """
    more = f" and {len(strict) - MOST_SHOWN} more" if len(strict) > MOST_SHOWN else ""
    verb = "are" if len(strict) > 1 else "is"
    return f"D is the closure of the domain, in which {', '.join(strict[:MOST_SHOWN])}{more} {verb} strict"


def _box_text(box: Sequence[tuple[mpq, mpq]]) -> str:
    sides = [f"[{low}, {high}]" for low, high in box]
    return f"{sides[0]}^{len(sides)}" if len(sides) > 1 and len(set(sides)) == 1 else " x ".join(sides)
