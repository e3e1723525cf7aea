"""What keeps the proofs, without pytest."""

from pathlib import Path

import pytest

from tests.pytest_plugin.suites import MODULUS
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError, StaleProofError
from verishallow.kept_proofs import changes, keeping, statement
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron


def test_a_statement_about_an_output_that_is_not_there_is_refused() -> None:
    claim = statement.claim_named("bounds", bounds={3: (0, 1)})
    with pytest.raises(InputError, match="expected outputs from 0 to 0, found 3"):
        statement.Statement(MODULUS, Polyhedron.whole_space(1), claim)


def test_a_long_domain_is_cut_short() -> None:
    text = changes.domain_text(Polyhedron.box([(0, 1)] * 10))
    assert text.endswith(", and 8 more")
    assert text.count(">= 0") == 12


def test_a_region_in_many_dimensions_is_shown_without_searching_for_its_vertices(tmp_path: Path) -> None:
    """A box of 24 inputs has 2^24 vertices."""
    wide = [ReLUNetwork.of([([[1, *[0] * 23]], [0]), ([[slope]], [0])]) for slope in (1, 2)]
    domain = Polyhedron.box([(-1, 1)] * 24)
    keeping.keep_proof(tmp_path / "wide", statement.Statement(wide[0], domain, RegionCount()))
    asked = statement.Statement(wide[1], domain, RegionCount())
    with pytest.raises(StaleProofError, match="and at the point x = "):
        keeping.check_kept(tmp_path / "wide", asked)
