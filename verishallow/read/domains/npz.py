"""Domains ``A x <= b`` in NumPy's ``.npz`` archives, whose floats are read exactly."""

from verishallow.affine import AffineForm
from verishallow.errors import DomainError
from verishallow.rationals import Vector
from verishallow.read.arrays.exact_arrays import exact_matrix, exact_vector, require_sizes
from verishallow.read.arrays.npz import arrays_of_npz
from verishallow.read.places import shown

EXPECTED = "expected the arrays A, one row per inequality, and b with A x <= b"


def rows_of_npz(data: bytes) -> list[Vector]:
    """The rows ``[b, -a1, ..., -an]`` of the inequalities ``A x <= b``.

    >>> import io, numpy
    >>> stream = io.BytesIO()
    >>> numpy.savez(stream, A=numpy.array([[1, 0.5]]), b=numpy.array([3]))
    >>> rows_of_npz(stream.getvalue())
    [(mpq(3,1), mpq(-1,1), mpq(-1,2))]
    """
    arrays = arrays_of_npz(data)
    if set(arrays) != {"A", "b"}:
        raise DomainError(f"{EXPECTED}, found {', '.join(map(shown, sorted(arrays))) or 'none'}")
    matrix, bounds = arrays["A"], arrays["b"]
    if matrix.ndim != 2 or bounds.shape not in (matrix.shape[:1], (matrix.shape[0], 1)):
        raise DomainError(f"{EXPECTED}, found the shapes {list(matrix.shape)} and {list(bounds.shape)}")
    require_sizes([matrix.size, bounds.size])
    pairs = zip(exact_matrix(matrix, "A"), exact_vector(bounds, "b"), strict=True)
    return [(-AffineForm((-bound, *row))).row for row, bound in pairs]
