"""Points as the user writes them: coordinates, or NumPy's ``.npy`` files, whose floats are read exactly."""

from verishallow.errors import InputError
from verishallow.rationals import Vector
from verishallow.read.arrays.exact_arrays import exact_matrix, exact_vector
from verishallow.read.arrays.npy import npy_array
from verishallow.read.domains.texts import parse_point
from verishallow.read.files import file_bytes, suffix_of, utf8_text
from verishallow.read.places import within


def read_point(text: str, dimension: int) -> Vector:
    """The point that a text spells, such as ``1/2,-3``, or that an ``.npy`` file holds, its entries in C order.

    >>> read_point("1/2, -3", 2)
    (mpq(1,2), mpq(-3,1))
    """
    if suffix_of(text) != ".npy":
        return parse_point(text, dimension)
    data = file_bytes(text)
    with within(text):
        array = npy_array(data)
        if array.size != dimension:
            raise InputError(f"expected {dimension} coordinates, found {array.size}")
        return exact_vector(array, "point")


def read_points(text: str, dimension: int) -> tuple[Vector, ...]:
    """Several points: coordinates with semicolons between the points, or the rows of an ``.npy`` or ``.csv`` file.

    >>> read_points("1/2, -3; 0, 1", 2)
    ((mpq(1,2), mpq(-3,1)), (mpq(0,1), mpq(1,1)))
    """
    suffix = suffix_of(text)
    if suffix not in (".npy", ".csv"):
        return tuple(parse_point(point, dimension) for point in text.split(";"))
    data = file_bytes(text)
    with within(text):
        if suffix == ".csv":
            return _rows_of_csv(utf8_text(data), dimension)
        array = npy_array(data)
        if not array.size or array.size % dimension:
            raise InputError(f"expected points of {dimension} coordinates, found {array.size} numbers")
        return exact_matrix(array.reshape(-1, dimension), "points")


def _rows_of_csv(text: str, dimension: int) -> tuple[Vector, ...]:
    """The rows of numbers between commas; lines that are empty or begin with # say nothing."""
    points = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            with within(f"line {number}"):
                points.append(parse_point(line, dimension))
    if not points:
        raise InputError(f"expected points of {dimension} coordinates, found none")
    return tuple(points)
