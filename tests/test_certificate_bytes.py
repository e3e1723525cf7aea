"""No change moves a byte of a certificate that is not meant to: the digests of all small ones are pinned."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest

from tests.certificate_bytes import CLAIMS, STORED, entries, kept_proofs, proved
from tests.examples import EXAMPLES

PINNED = json.loads(STORED.read_text(encoding="utf-8"))


def test_every_entry_is_pinned() -> None:
    assert [name for name, _ in entries()] == [name for name, _ in entries() if name in PINNED["made"]]
    assert len(PINNED["made"]) == len(list(entries()))


@pytest.mark.parametrize(("name", "make"), [pytest.param(name, make, id=name) for name, make in entries()])
def test_a_certificate_has_its_bytes(name: str, make: Callable[[], str]) -> None:
    assert make() == PINNED["made"][name]


def test_kept_proofs_have_their_bytes() -> None:
    assert kept_proofs() == PINNED["kept"]


@pytest.fixture(scope="module")
def two_workers() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


@pytest.mark.parametrize("engine", ["lattice", "tree"])
@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.startswith(("cells", "regions", "bounds"))])
@pytest.mark.parametrize("name", EXAMPLES)
def test_workers_change_no_byte(name: str, claim: str, engine: str, two_workers: Executor) -> None:
    assert proved(name, claim, engine, two_workers) == PINNED["made"][f"{name}: {claim}: {engine}"]
