"""Labels of data: their order, and the classes that they number."""

from pathlib import Path

import pytest

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
