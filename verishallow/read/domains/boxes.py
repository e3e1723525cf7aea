"""Domains that are boxes."""

from collections.abc import Sequence

from gmpy2 import mpq

from verishallow.affine import AffineForm


def box_of(rows: Sequence[AffineForm], n: int) -> list[tuple[mpq, mpq]] | None:
    """The intervals of a domain whose rows are just the two bounds of each input.

    >>> box_of([AffineForm.of([1, 2]), AffineForm.of([3, -1])], 1)
    [(mpq(-1,2), mpq(3,1))]
    """
    bounds: dict[tuple[int, bool], mpq] = {}
    for row in rows:
        inputs = [i for i, a in enumerate(row.linear) if a]
        if len(inputs) != 1 or (inputs[0], row.linear[inputs[0]] > 0) in bounds:
            return None
        a = row.linear[inputs[0]]
        bounds[inputs[0], a > 0] = -row.constant / a
    if len(bounds) != 2 * n:
        return None
    return [(bounds[i, True], bounds[i, False]) for i in range(n)]
