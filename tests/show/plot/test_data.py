"""Labels of data: their order, and the classes that they number."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq

from verishallow.show.plot.data import Data, read_data


@pytest.mark.parametrize(
    "labels",
    [("2", "10", "owl"), ("1234567890", "1234567891", "1234567892"), ("0", "01", "1"), ("9", "10000000000", "a")],
)
def test_labels_are_in_one_order(labels: tuple[str, ...]) -> None:
    for given in (labels, labels[::-1]):
        assert Data.of([[0], [1], [2]], given).labels == labels


@pytest.mark.parametrize(("label", "known"), [("1", True), ("1.0", True), ("0000000001", False), ("2", False)])
def test_a_label_may_number_a_class(label: str, known: bool, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(f"0,{label}\n")
    found = read_data(str(tmp_path / "data.csv"), 1, ("cat", "owl"))
    assert (found.labels, found.of_label) == ((("cat", "owl"), (1,)) if known else ((label,), (0,)))


POINTS = np.array([[0.5, 1], [-0.25, 2], [3, 1]])
LABELS = np.array([0.0, 1.0, 10.0])

SAVED: dict[str, tuple[str, dict[str, Any]]] = {
    "as it comes": ("d.txt", {}),
    "commas": ("d.csv", {"delimiter": ","}),
    "spaces in a .csv": ("d.csv", {}),
    "tabs": ("d.txt", {"delimiter": "\t"}),
    "semicolons": ("d.csv", {"delimiter": ";"}),
    "a comment": ("d.csv", {"delimiter": ",", "header": "x,y,label"}),
    "a comment below": ("d.txt", {"footer": "the end"}),
    "heads": ("d.csv", {"delimiter": ",", "header": "x,y,label", "comments": ""}),
    "short floats": ("d.csv", {"delimiter": ",", "fmt": "%.2f"}),
    "small letters of exponents": ("d.csv", {"delimiter": ",", "fmt": "%E"}),
}


@pytest.mark.parametrize("name", SAVED)
def test_what_numpy_saves_as_text_is_read(name: str, tmp_path: Path) -> None:
    file, options = SAVED[name]
    np.savetxt(tmp_path / file, np.c_[POINTS, LABELS], **options)
    found = read_data(str(tmp_path / file), 2)
    assert found.points == tuple(tuple(mpq(*a.as_integer_ratio()) for a in row) for row in POINTS)
    assert (found.labels, found.of_label) == (("0", "1", "10"), (0, 1, 2))
    known = read_data(str(tmp_path / file), 2, [f"class {number}" for number in range(11)])
    assert known.of_label == (0, 1, 10)
    np.savetxt(tmp_path / file, POINTS, **options)
    assert read_data(str(tmp_path / file), 2).labels == ()


def test_a_label_that_is_no_whole_number_stays_as_it_is(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "d.csv", np.c_[POINTS, [0.5, 1.5, 0.5]], delimiter=",", fmt="%.2f")
    assert read_data(str(tmp_path / "d.csv"), 2).labels == ("0.50", "1.50")
