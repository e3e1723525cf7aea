"""One row per region: number, pattern, exact map, witness, facets, vertices; the columns of CSV and Parquet."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.certificate.certificate import Certificate
from verishallow.errors import InputError
from verishallow.rationals import Vector, format_rational
from verishallow.regions.region import Region, piece_numbers
from verishallow.regions.region_shapes import MOST_INPUTS, containing_box, facets_of
from verishallow.write.networks.float_numbers import nearest_float

Type = Literal["integer", "text", "boolean", "float64", "rows", "signs"]
"""The type of a column; "rows" are lists of rows of exact texts, "signs" lists of rows of booleans."""

ROUNDED = ("no", "float64")


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its value for each region, in order; ``None`` where it was not computed."""

    name: str
    type: Type
    values: tuple[Any, ...]


def region_columns(certificate: Certificate, rounded: str) -> tuple[Column, ...]:
    """The columns of the table of regions.

    ``region`` (from 1), ``piece`` (number of the affine map), ``pattern``; ``y0_constant``, ``y0_x0``, ... the map and
    ``witness_x0``, ... as exact texts "p/q"; ``bounded``; ``facet_count``, ``vertex_count``, ``ray_count``,
    ``line_count``; ``facets`` (rows [b, a1, ..., an] meaning b + a.x >= 0), ``vertices``, ``rays``, ``lines``.
    With ``rounded="float64"`` each coordinate has a second column, rounded to nearest, whose name ends in _float64.
    Vertices, rays and lines are empty beyond 12 inputs.
    """
    if rounded not in ROUNDED:
        raise InputError(f"rounded: expected one of {', '.join(ROUNDED)}, found {rounded!r}")
    regions = certificate.regions
    exact = [*_map_columns(regions), *_witness_columns(regions)]
    twins = [_rounded(name, values) for name, values in exact] if rounded == "float64" else []
    texts = (Column(name, "text", tuple(map(format_rational, values))) for name, values in exact)
    return (*_names(regions), *texts, *twins, *_shapes(regions))


def _names(regions: Sequence[Region]) -> Iterator[Column]:
    yield Column("region", "integer", tuple(range(1, len(regions) + 1)))
    yield Column("piece", "integer", piece_numbers(regions))
    yield Column("pattern", "signs", tuple([list(layer) for layer in region.pattern] for region in regions))


def _map_columns(regions: Sequence[Region]) -> Iterator[tuple[str, Vector]]:
    outputs, inputs = len(regions[0].affine_map.forms), regions[0].polyhedron.dimension
    for output in range(outputs):
        for column in range(inputs + 1):
            name = f"y{output}_x{column - 1}" if column else f"y{output}_constant"
            yield name, tuple(region.affine_map.forms[output].row[column] for region in regions)


def _witness_columns(regions: Sequence[Region]) -> Iterator[tuple[str, Vector]]:
    for index in range(regions[0].polyhedron.dimension):
        yield f"witness_x{index}", tuple(region.witness[index] for region in regions)


def _rounded(name: str, values: Iterable[mpq]) -> Column:
    return Column(f"{name}_float64", "float64", tuple(map(nearest_float, values)))


def _shapes(regions: Sequence[Region]) -> Iterator[Column]:
    facets = [facets_of(region) for region in regions]
    listed = regions[0].polyhedron.dimension <= MOST_INPUTS
    generators: dict[str, list[Any]] = {
        name: [_generators(region, name) if listed else None for region in regions] for name in _GENERATORS
    }
    counts = {"facet": facets, "vertex": generators["vertices"], "ray": generators["rays"], "line": generators["lines"]}
    yield Column("bounded", "boolean", tuple(_is_bounded(region) for region in regions))
    for name, lists in counts.items():
        yield Column(f"{name}_count", "integer", _each(len, lists))
    yield Column("facets", "rows", _each(_form_rows, facets))
    for name, lists in generators.items():
        yield Column(name, "rows", _each(_rows, lists))


_GENERATORS = ("vertices", "rays", "lines")


def _generators(region: Region, name: str) -> tuple[Vector, ...]:
    found: tuple[Vector, ...] = getattr(region.v_representation, name)
    return found


def _is_bounded(region: Region) -> bool:
    if region.polyhedron.dimension > MOST_INPUTS:
        return containing_box(region.polyhedron) is not None
    return not region.v_representation.rays and not region.v_representation.lines


def _each(what: Callable[[Any], Any], values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(None if value is None else what(value) for value in values)


def _form_rows(forms: Iterable[AffineForm]) -> list[list[str]]:
    return _rows(form.row for form in forms)


def _rows(vectors: Iterable[Vector]) -> list[list[str]]:
    return [list(map(format_rational, vector)) for vector in vectors]
