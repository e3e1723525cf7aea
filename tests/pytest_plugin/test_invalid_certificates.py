"""A certificate that is none: invalid, incomplete, or not to be opened or written."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.pytest_plugin.suites import EQUALITY, KEPT, MODULUS, STEEPER, Suite, failure, in_a_test
from verishallow import checker
from verishallow.claims.equality import Equality
from verishallow.kept_proofs import keeping
from verishallow.proof import proof_lines
from verishallow.read.domains.texts import parse_domain
from verishallow.records.lines import certificate_lines, write_lines
from verishallow.regions.cell_tree import Open


def tampered(lines: list[bytes]) -> list[bytes]:
    """Another point as the witness of the first leaf, with every hash made to fit."""
    number = next(i for i, line in enumerate(lines) if b'"record":"leaf"' in line)
    leaf = json.loads(lines[number]) | {"witness": ["-7"]}
    return [*lines[:number], checker.canonical(leaf), *lines[number + 1 :]]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda data: gzip.compress(b"".join(tampered(gzip.decompress(data).splitlines(keepends=True)))),
            "(leaf): the witness is not strictly inside constraint",
        ),
        (lambda data: data[: len(data) // 2], "the gzip stream is truncated"),
        (lambda _data: b"", "line 1: the file ends before its end record"),
        (lambda _data: b"no certificate\n", "line 1: not one JSON value in ASCII"),
        (lambda data: data + b"\n", "bytes follow the gzip stream"),
    ],
    ids=["another witness", "truncated", "empty", "a text", "more bytes"],
)
def test_an_invalid_certificate_fails_with_the_checker_s_reason_until_it_is_renewed(
    suite: Suite, spoil: Any, words: str
) -> None:
    suite.proved(MODULUS, EQUALITY)
    path = suite.root / KEPT
    path.write_bytes(spoil(path.read_bytes()))
    text = failure(suite.run())
    assert "controller.json: the certificate is invalid: line " in text
    assert words in text
    assert "pytest --certificates-update" in text
    suite.update().assert_outcomes(passed=1)
    suite.run().assert_outcomes(passed=1)


def test_an_incomplete_certificate_fails(suite: Suite) -> None:
    suite.proved(MODULUS, EQUALITY)
    domain = parse_domain("box:-1,1", 1)
    with (suite.root / KEPT).open("wb") as file:
        write_lines(certificate_lines(MODULUS, domain, Equality(), [Open()]), file)
    assert checker.check(suite.root / KEPT).kind == "incomplete"
    text = failure(suite.run())
    assert "controller.json: the certificate is incomplete: 1 cell is left open" in text
    assert "pytest --certificates-update" in text


def test_a_certificate_that_cannot_be_opened_fails(suite: Suite) -> None:
    suite.controller(MODULUS)
    suite.tests(in_a_test(EQUALITY))
    (suite.root / KEPT).mkdir(parents=True)
    for result in (suite.run(), suite.update()):
        assert "the certificate cannot be opened: Is a directory" in failure(result)


def test_a_proof_that_the_checker_refuses_is_not_written(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    suite.proved(MODULUS, EQUALITY)
    before = (suite.root / KEPT).read_bytes()
    suite.controller(STEEPER)
    monkeypatch.setattr(keeping, "proof_lines", lambda *of, **more: tampered(list(proof_lines(*of, **more))))
    assert "the checker refuses a new proof: invalid: " in failure(suite.update())
    assert (suite.root / KEPT).read_bytes() == before


def test_an_update_that_is_broken_off_leaves_the_older_certificate(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(source: Any, target: Any) -> None:
        target.write(source.read(20))
        raise MemoryError

    suite.proved(MODULUS, EQUALITY)
    before = (suite.root / KEPT).read_bytes()
    suite.controller(STEEPER)
    monkeypatch.setattr(shutil, "copyfileobj", half)
    suite.update().assert_outcomes(failed=1)
    assert [path.name for path in (suite.root / KEPT).parent.iterdir()] == [Path(KEPT).name]
    assert (suite.root / KEPT).read_bytes() == before
