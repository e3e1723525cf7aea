"""Properties in VNN-LIB files."""

import gzip
from pathlib import Path

import pytest

from verishallow.errors import DomainError, InputError
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.vnnlib import property_of_vnnlib, read_property

DECLARED = "(declare-const X_0 Real) (declare-const Y_0 Real) (declare-const Y_1 Real)"
NETWORK = "(declare-network f (declare-input A Real [1,2]) (declare-hidden H Real [1]) (declare-output B Real [2]))"


def test_of_several_bounds_all_hold_and_strict_rows_stay_strict() -> None:
    found = property_of_vnnlib(f"{DECLARED} (assert (<= X_0 2)) (assert (< X_0 1)) (assert (>= Y_0 Y_1))")
    assert found.domain == Conjunction.of([[2, -1], [1, -1]], strict=[1])
    assert found.unsafe == (Conjunction.of([[0, 0, 1, -1]]),)


def test_assertions_on_outputs_are_one_conjunction_and_or_makes_several() -> None:
    found = property_of_vnnlib(f"{DECLARED} (assert (>= Y_0 1)) (assert (or (> Y_1 2) (and (< Y_1 0) (<= Y_0 5))))")
    assert found.unsafe == (
        Conjunction.of([[-1, 0, 1, 0], [-2, 0, 0, 1]], strict=[1]),
        Conjunction.of([[-1, 0, 1, 0], [0, 0, 0, -1], [5, 0, -1, 0]], strict=[1]),
    )


def test_inputs_in_a_disjunction_stay_there_and_the_domain_is_around_its_boxes() -> None:
    boxes = "(assert (or (and (>= X_0 0) (<= X_0 1) (>= Y_0 1)) (and (>= X_0 3) (<= X_0 4) (<= X_0 7/2) (>= Y_1 2))))"
    found = property_of_vnnlib(DECLARED + boxes)
    assert found.domain.key() == Conjunction.of([[0, 1], ["7/2", -1]]).key()
    assert found.unsafe[0] == Conjunction.of([[0, 1, 0, 0], [1, -1, 0, 0], [-1, 0, 1, 0]])
    assert len(found.unsafe[1].forms) == 4


def test_tensors_of_version_2_and_unequal() -> None:
    found = property_of_vnnlib(f"{NETWORK} (assert (<= 0 A[0,1] 1)) (assert (!= B[1] A[0,0]))")
    assert (found.inputs, found.outputs) == (2, 2)
    assert found.domain == Conjunction.of([[0, 0, 1], [1, 0, -1]])
    assert {each.forms[0].row for each in found.unsafe} == {(0, 1, 0, 0, -1), (0, -1, 0, 0, 1)}


@pytest.mark.parametrize(
    ("text", "says"),
    {
        "a product": ("(assert (<= (* X_0 Y_0) 1))", "a product of two variables is not linear"),
        "not declared": ("(assert (<= Y_7 1))", "'Y_7' is not declared"),
        "inputs alone": ("(assert (<= X_0 1))", "this is a domain, not a property"),
        "nothing asserted": ("", "this is a domain, not a property"),
        "no formula": ("(assert (forall Y_0))", "expected and, or"),
    }.values(),
)
def test_one_clear_line(text: str, says: str) -> None:
    with pytest.raises(DomainError, match=says.replace("(", r"\(")):
        property_of_vnnlib(DECLARED + text)


def test_outputs_must_be_declared_and_hidden_variables_are_refused() -> None:
    with pytest.raises(DomainError, match="expected declarations of outputs"):
        property_of_vnnlib("(declare-const X_0 Real) (assert (<= X_0 1))")
    with pytest.raises(DomainError, match="'H' is a hidden variable"):
        property_of_vnnlib(f"{NETWORK} (assert (<= H B[0]))")


def test_gzipped_files_are_read_and_named_in_errors(tmp_path: Path) -> None:
    path = tmp_path / "p.vnnlib.gz"
    path.write_bytes(gzip.compress(f"{DECLARED} (assert (>= Y_0 1))".encode()))
    assert read_property(str(path)).unsafe == (Conjunction.of([[-1, 0, 1, 0]]),)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(InputError, match=r"p\.vnnlib\.gz: expected gzip's format .* found a damaged file"):
        read_property(str(path))
