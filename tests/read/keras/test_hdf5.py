"""HDF5 files: their arrays and attributes, and whatever a damaged one does to the process that reads it."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.read.mutated_files import outcomes
from verishallow.errors import InputError
from verishallow.read.keras.hdf5 import hdf5_content

h5py = pytest.importorskip("h5py", reason="h5py is not installed")


def written(fill: Callable[[Any], None]) -> bytes:
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        fill(file)
    return stream.getvalue()


def example(file: Any) -> None:
    file.attrs["title"] = "an example"
    file.attrs["names"] = ["a", "b"]
    file["group/single"] = np.array([[0.1, 2]], np.float32)
    file["group/count"] = np.array(3, np.int64)
    file["group"].attrs["name"] = b"bytes"
    file.create_dataset("packed", data=np.arange(12.0).reshape(3, 4), chunks=(2, 2), compression="gzip")
    file["optimizer/rate"] = 0.5


def test_arrays_and_attributes_are_found_by_their_paths() -> None:
    content = hdf5_content(written(example))
    assert {path: array.dtype.str for path, array in content.arrays.items()} == {
        "group/single": "<f4",
        "group/count": "<i8",
        "packed": "<f8",
    }
    assert content.arrays["group/single"].tolist() == [[np.float32(0.1), 2]]
    assert content.arrays["packed"].tolist() == np.arange(12.0).reshape(3, 4).tolist()
    assert content.attribute("", "title") == "an example"
    assert content.attribute("", "names") == ["a", "b"]
    assert content.attribute("group", "name") == "bytes"
    assert content.attribute("group", "missing") is None


def elsewhere(file: Any) -> None:
    file["link"] = h5py.ExternalLink("/etc/passwd", "/")


def soft(file: Any) -> None:
    file["link"] = h5py.SoftLink("/somewhere")


def outside(file: Any) -> None:
    file.create_dataset("data", (4,), "u1", external=[("/etc/passwd", 0, 4)])


def huge(file: Any) -> None:
    file.create_dataset("data", (1 << 40,), "f4", chunks=(1 << 10,))


def circle(file: Any) -> None:
    file.create_group("a")["b"] = file["/"]


def deep(file: Any) -> None:
    file.create_group("/".join("a" * 40))


def texts(file: Any) -> None:
    file["data"] = "a text"


REFUSED = (elsewhere, soft, outside, huge, circle, deep, texts)


@pytest.mark.parametrize("fill", REFUSED, ids=lambda fill: fill.__name__)
def test_what_is_no_plain_array_of_a_bounded_size_is_refused(fill: Callable[[Any], None]) -> None:
    with pytest.raises(InputError, match="not an HDF5 file of arrays of numbers within 256 MiB, or a damaged one"):
        hdf5_content(written(fill))


CRASHES = {
    "a crash": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "much memory": "bytearray(1 << 33)",
    "an error": "raise SystemExit(3)",
}


@pytest.mark.parametrize("name", CRASHES)
def test_what_the_library_does_to_its_process_stays_there(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker's own limits hold while the library misbehaves inside it."""
    limits = "import runpy; runpy.run_path({!r}, run_name='limits')['_limit_resources']()\n"
    worker = tmp_path / "worker.py"
    original = Path(__file__).resolve().parents[3] / "verishallow" / "read" / "keras" / "hdf5_worker.py"
    worker.write_text(limits.format(str(original)) + CRASHES[name], encoding="utf-8")
    monkeypatch.setattr("verishallow.read.keras.hdf5.WORKER", worker)
    with pytest.raises(InputError, match="or a damaged one"):
        hdf5_content(b"")


def test_what_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("while True: pass", encoding="utf-8")
    monkeypatch.setattr("verishallow.read.keras.hdf5.WORKER", worker)
    monkeypatch.setattr("verishallow.read.keras.hdf5.SECONDS", 0.5)
    with pytest.raises(InputError, match=r"or a damaged one: reading it takes longer than 0\.5 s"):
        hdf5_content(b"")


def test_damaged_files_are_read_or_refused() -> None:
    """Each in a process of its own, which takes a tenth of a second and more: hence only a few."""
    found = outcomes(hdf5_content, written(example), 8)
    assert found["refused"] >= 3
