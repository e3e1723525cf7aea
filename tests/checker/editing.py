"""Edits of a certificate: of its parsed records, of its lines, of its bytes; hashes and counts are redone."""

import hashlib
import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Records = list[Any]
Edit = Callable[[Records], None]
HASHED = {"network_sha256": 1, "other_network_sha256": 2}
"""The lines whose hashes the header names."""


def canonical_line(record: Any) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def parsed(lines: Iterable[bytes]) -> Records:
    return [json.loads(line) for line in lines]


def encoded(records: Records) -> list[bytes]:
    return [canonical_line(record) for record in records]


# ------------------------------------------------------------------------------------------------ Hashes


def sealed(lines: Iterable[bytes]) -> list[bytes]:
    """The lines with all hashes redone, as far as the header and the end record can be read."""
    resealed = list(lines)
    for field, number in HASHED.items():
        if len(resealed) > number:
            _store(resealed, 0, "header", field, hashlib.sha256(resealed[number]).hexdigest())
    if len(resealed) > 1:
        _store(resealed, -1, "end", "sha256", _digest(resealed))
    return resealed


def _store(lines: list[bytes], at: int, kind: str, field: str, digest: str) -> None:
    record = _read(lines[at])
    if record.get("record") == kind and field in record:
        lines[at] = canonical_line({**record, field: digest})


def _digest(lines: list[bytes]) -> str:
    end = {name: value for name, value in _read(lines[-1]).items() if name != "sha256"}
    return hashlib.sha256(b"".join(lines[:-1]) + canonical_line(end)).hexdigest()


def _read(line: bytes) -> dict[str, Any]:
    """The record of a canonical line; nothing where the line is anything else."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return record if type(record) is dict and canonical_line(record) == line else {}


def recounted(records: Records) -> None:
    """Redo the counts of the end record that follow from the other records."""
    end, found = records[-1], len(leaves(records))
    end.update(leaves=found, open=sum(record["record"] == "open" for record in records))
    if "dropped" in end:
        end["dropped"] = sum(record["record"] == "dropped" for record in records)
    if "activation_regions" in end:
        end["activation_regions"] = found
    if records[0]["claim"].startswith("equality"):
        if "faces" in end:
            _units_recounted(records)
        for reported in REPORTED[records[0]["construction"]] if "dropped" not in end else ():
            end[reported] = min(end[reported], found)


REPORTED = {
    "cells": ("affine_pieces", "linear_regions"),
    "merge": ("affine_pieces",),
    "gated": (),
    "one-hidden": (),
    "finite": (),
}
REPORTED["quantised"] = REPORTED["cells"]
"""The counts that are not certified."""


def _units_recounted(records: Records) -> None:
    header, end = records[0], records[-1]
    declared = "cut" if header["construction"] == "merge" else "layer"
    planes = sum(len(record.get("planes", "1")) for record in records if record["record"] == declared)
    faces = sum(len(leaf.get("units", "1")) for leaf in leaves(records))
    of_a_face = end["units"]["layer2"] // end["faces"] if header["construction"] == "gated" else 2 * header["outputs"]
    of_a_face //= 2 if "low" in header else 1
    end["faces"] = faces
    end["units"] = {"layer1": 2 * (header["inputs"] + planes), "layer2": of_a_face * faces}


# ---------------------------------------------------------------------------- What an edit works on


@dataclass(frozen=True)
class OnLines:
    """An edit of the lines of a certificate as they are spelled; the hashes are redone."""

    edit: Callable[[list[bytes]], list[bytes]]


@dataclass(frozen=True)
class OnBytes:
    """An edit of the bytes of the file; nothing is redone."""

    edit: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Unsealed:
    """An edit of the records that leaves the hashes as they were."""

    edit: Edit


@dataclass(frozen=True)
class EndSealed:
    """An edit of the records after which only the hash of the end record is redone."""

    edit: Edit


AnyEdit = Edit | OnLines | OnBytes | Unsealed | EndSealed


def edited(lines: Iterable[bytes], edit: AnyEdit) -> bytes:
    """The bytes of a certificate after an edit."""
    match edit:
        case OnBytes():
            return edit.edit(b"".join(lines))
        case OnLines():
            return b"".join(sealed(edit.edit(list(lines))))
        case Unsealed():
            return b"".join(_after(lines, edit.edit))
        case EndSealed():
            lines = _after(lines, edit.edit)
            _store(lines, -1, "end", "sha256", _digest(lines))
            return b"".join(lines)
        case _:
            return b"".join(sealed(_after(lines, edit)))


def _after(lines: Iterable[bytes], edit: Edit) -> list[bytes]:
    records = parsed(lines)
    edit(records)
    return encoded(records)


# ---------------------------------------------------------------------------------- Edits of records


def place(records: Records, path: str) -> tuple[Any, Any]:
    """The container and the key of a path such as ``leaf 0/map/0/1`` (the first leaf) or ``record 3``."""
    first, *rest = path.split("/")
    container: Any = records
    key: Any = _record_number(records, first)
    for name in rest:
        container = container[key]
        key = int(name) if type(container) is list else name
    return container, key


def _record_number(records: Records, name: str) -> int:
    kind, _, ordinal = name.partition(" ")
    numbers = [i for i, record in enumerate(records) if kind in ("record", record["record"])]
    return numbers[int(ordinal or 0)]


def put(path: str, value: Any) -> Edit:
    """Set the entry, or add the field."""

    def edit(records: Records) -> None:
        container, key = place(records, path)
        container[key] = deepcopy(value)

    return edit


def drop(path: str) -> Edit:
    """Remove the entry."""

    def edit(records: Records) -> None:
        container, key = place(records, path)
        del container[key]

    return edit


def insert(path: str, value: Any) -> Edit:
    """Put an entry before this place of an array."""

    def edit(records: Records) -> None:
        container, key = place(records, path)
        container.insert(key, deepcopy(value))

    return edit


def again(path: str) -> Edit:
    """Repeat the entry right after itself."""

    def edit(records: Records) -> None:
        container, key = place(records, path)
        container.insert(key, deepcopy(container[key]))

    return edit


def swap(path: str, other: str) -> Edit:
    """Exchange two entries."""

    def edit(records: Records) -> None:
        (here, i), (there, j) = place(records, path), place(records, other)
        here[i], there[j] = there[j], here[i]

    return edit


def copy(path: str, other: str) -> Edit:
    """Overwrite the second entry by the first."""

    def edit(records: Records) -> None:
        container, key = place(records, path)
        put(other, container[key])(records)

    return edit


def each(*edits: Edit) -> Edit:
    """One edit after the other."""

    def edit(records: Records) -> None:
        for step in edits:
            step(records)

    return edit


def counted(*edits: Edit) -> Edit:
    """One edit after the other, then the counts redone."""
    return each(*edits, recounted)


def leaves(records: Records) -> Records:
    """The leaves, in order; for "merge" they are its pieces, for a property what is refuted or empty."""
    return [record for record in records if record["record"] in ("leaf", "piece", "refuted", "empty")]


def unchanged(_records: Records) -> None:
    """No edit."""


def respelled(old: str, new: str) -> OnBytes:
    """Replace the first occurrence of a piece of text; no hash is redone."""

    def edit(content: bytes) -> bytes:
        assert old.encode() in content, old
        return content.replace(old.encode(), new.encode(), 1)

    return OnBytes(edit)


def line_respelled(number: int, old: str, new: str) -> OnLines:
    """Replace a piece of text in one line, with the hashes redone over the new spelling."""

    def edit(lines: list[bytes]) -> list[bytes]:
        assert old.encode() in lines[number], old
        lines[number] = lines[number].replace(old.encode(), new.encode(), 1)
        return lines

    return OnLines(edit)
