"""The table of regions as CSV, and as Parquet through pyarrow."""

import csv as csv_module
import io
import json
from typing import Any

from verishallow.certificate.certificate import Certificate
from verishallow.errors import InputError
from verishallow.write.provenance import provenance
from verishallow.write.regions.columns import Column, Type, region_columns


def csv(certificate: Certificate, *, rounded: str = "no") -> bytes:
    """The table of regions as UTF-8 CSV with a header; lists are JSON, booleans true and false, unknowns empty.

    See :func:`~verishallow.write.regions.columns.region_columns` for the columns and for ``rounded``.

    >>> from verishallow import ReLUNetwork, prove
    >>> halves = csv(prove(ReLUNetwork.of([([["1/2"]], [0]), ([[1]], [0])]))).decode().splitlines()
    >>> halves[0].split(",")[:6], halves[1].split(",")[:6]
    (['region', 'piece', 'pattern', 'y0_constant', 'y0_x0', 'witness_x0'], ['1', '1', '[[1]]', '0', '1/2', '1'])
    """
    columns = region_columns(certificate, rounded)
    file = io.StringIO()
    writer = csv_module.writer(file, lineterminator="\n")
    writer.writerow(column.name for column in columns)
    texts = ([_csv_text(column.type, value) for value in column.values] for column in columns)
    writer.writerows(zip(*texts, strict=True))
    return file.getvalue().encode()


def _csv_text(kind: Type, value: Any) -> str:
    if value is None:
        return ""
    if kind == "signs":
        return json.dumps([[int(on) for on in layer] for layer in value], separators=(",", ":"))
    return json.dumps(value, separators=(",", ":")) if kind in ("rows", "boolean") else str(value)


def parquet(certificate: Certificate, *, rounded: str = "no") -> bytes:
    """The same table as Parquet, lists as nested lists; its origin is in the schema's metadata.

    Raises :class:`~verishallow.errors.InputError` where pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow.parquet import write_table  # noqa: PLC0415 - as above
    except ImportError as error:
        raise InputError("parquet needs an extra: pip install 'verishallow[parquet]' (csv does not)") from error
    arrow: Any = pa
    columns = region_columns(certificate, rounded)
    schema = arrow.schema([(column.name, _arrow_type(arrow, column)) for column in columns])
    table = arrow.table(
        {column.name: arrow.array(list(column.values), type=_arrow_type(arrow, column)) for column in columns},
        schema=schema.with_metadata(provenance(certificate)),
    )
    sink = arrow.BufferOutputStream()
    write_table(table, sink)
    return bytes(sink.getvalue().to_pybytes())


def _arrow_type(arrow: Any, column: Column) -> Any:
    nested = {"rows": arrow.string(), "signs": arrow.bool_()}
    if column.type in nested:
        return arrow.list_(arrow.list_(nested[column.type]))
    plain = {"integer": arrow.int64(), "text": arrow.string(), "boolean": arrow.bool_(), "float64": arrow.float64()}
    return plain[column.type]
