"""The table of regions, as CSV and as Parquet, read again by others, holds what the certificate says, exactly."""

import csv as csv_module
import io
import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq

from tests.examples import each_example, example_certificate
from tests.write.constructions import constructed
from verishallow.affine import AffineForm
from verishallow.certificate.certificate import Certificate
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.proof import prove
from verishallow.regions.region import affine_pieces
from verishallow.regions.region_shapes import facets_of
from verishallow.write.regions.table import csv, parquet

Rows = list[dict[str, Any]]


def csv_rows(text: bytes) -> Rows:
    """As a stranger reads them: Python's csv, then JSON in the cells that hold lists."""
    rows: Rows = list(csv_module.DictReader(io.StringIO(text.decode(), newline="")))
    lists = ("pattern", "bounded", "facets", "vertices", "rays", "lines")
    return [{name: json.loads(value) if name in lists and value else value for name, value in r.items()} for r in rows]


def parquet_table(data: bytes) -> Any:
    return pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed").read_table(io.BytesIO(data))


def parquet_rows(data: bytes) -> Rows:
    rows: Rows = parquet_table(data).to_pylist()
    return rows


READERS = {"csv": (csv, csv_rows), "parquet": (parquet, parquet_rows)}
each_table = pytest.mark.parametrize("kind", READERS)


def rows_of(certificate: Certificate, kind: str, rounded: str = "no") -> Rows:
    writer, reader = READERS[kind]
    return reader(writer(certificate, rounded=rounded))


def rationals(rows: Iterable[Iterable[str]]) -> list[tuple[mpq, ...]]:
    return [tuple(mpq(Fraction(entry)) for entry in row) for row in rows]


@each_table
@each_example
def test_rows_hold_the_regions(name: str, kind: str) -> None:
    certificate = example_certificate(name)
    inputs, outputs = certificate.network.inputs, certificate.network.outputs
    table = rows_of(certificate, kind)
    assert [int(row["region"]) for row in table] == list(range(1, len(certificate.regions) + 1))
    assert len({row["piece"] for row in table}) == affine_pieces(certificate.regions)
    for row, region in zip(table, certificate.regions, strict=True):
        assert [[bool(on) for on in layer] for layer in row["pattern"]] == [list(layer) for layer in region.pattern]
        columns = ["constant", *(f"x{i}" for i in range(inputs))]
        maps = rationals([row[f"y{output}_{column}"] for column in columns] for output in range(outputs))
        assert maps == [form.row for form in region.affine_map.forms]
        assert rationals([[row[f"witness_x{i}"] for i in range(inputs)]]) == [region.witness]
        assert [AffineForm(facet) for facet in rationals(row["facets"])] == list(facets_of(region))
        generators = region.v_representation
        assert rationals(row["vertices"]) == list(generators.vertices)
        assert rationals(row["rays"]) == list(generators.rays)
        assert rationals(row["lines"]) == list(generators.lines)
        assert row["bounded"] is not bool(generators.rays or generators.lines)
        counted = [int(row[f"{what}_count"]) for what in ("facet", "vertex", "ray", "line")]
        assert counted == [len(row[what]) for what in ("facets", "vertices", "rays", "lines")]


@each_table
def test_merged_pieces_have_no_pattern(kind: str) -> None:
    certificate = constructed("neuron identically 0", "merge")
    assert [row["pattern"] for row in rows_of(certificate, kind)] == [[], []]


@each_table
def test_rounded_columns_are_named_so(kind: str) -> None:
    certificate = example_certificate("weights of float32")
    plain, both = rows_of(certificate, kind), rows_of(certificate, kind, "float64")
    for exact, row in zip(plain, both, strict=True):
        twins = {name for name in row if name not in exact}
        assert twins == {f"{name}_float64" for name in row if name.startswith(("y0_", "witness_")) and name in exact}
        assert exact == {name: value for name, value in row.items() if name in exact}
        for name in twins:
            assert float(row[name]) == float(Fraction(exact[name.removesuffix("_float64")]))


@each_table
def test_nothing_is_rounded_unless_asked(kind: str) -> None:
    assert not any("float" in name for name in rows_of(example_certificate("triangle"), kind)[0])


def test_pandas_style_readers_agree() -> None:
    arrow = pytest.importorskip("pyarrow.csv", reason="pyarrow is not installed")
    text = csv(example_certificate("two outputs"))
    found = arrow.read_csv(io.BytesIO(text)).to_pylist()
    assert [row["bounded"] for row in found] == [True] * 4
    assert [row["region"] for row in found] == [1, 2, 3, 4]
    assert json.loads(found[0]["pattern"]) == csv_rows(text)[0]["pattern"]


def test_parquet_says_where_it_comes_from() -> None:
    certificate = example_certificate("triangle")
    metadata = parquet_table(parquet(certificate)).schema.metadata
    assert metadata[b"network_sha256"].decode() == certificate.header["network_sha256"]
    assert metadata[b"certificate_sha256"].decode() == certificate.counts["sha256"]


@each_table
def test_beyond_twelve_inputs_vertices_are_unknown_and_the_rest_is_there(kind: str) -> None:
    certificate = prove(ReLUNetwork.of([([[1] * 13], [0]), ([[1]], [0])]), "box:-1,1")
    for row in rows_of(certificate, kind):
        assert all(row[name] in ("", None) for name in ("vertices", "rays", "lines", "vertex_count", "line_count"))
        assert (int(row["facet_count"]), len(row["facets"]), row["bounded"]) == (27, 27, True)


@each_table
def test_other_roundings_are_refused(kind: str) -> None:
    with pytest.raises(InputError, match="rounded: expected one of no, float64, found 'float32'"):
        rows_of(example_certificate("triangle"), kind, "float32")


def test_without_pyarrow_parquet_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install 'verishallow\[parquet\]'"):
        parquet(example_certificate("triangle"))
