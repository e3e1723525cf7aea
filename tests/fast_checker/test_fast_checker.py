"""Two checkers, one verdict: the fast one gives the stand-alone one's verdict, word for word, about any bytes."""

import gzip
import json
import random
from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checker.bases import BASES, base_lines
from tests.checker.editing import encoded, parsed, recounted, sealed
from tests.checker.mutations import mutant
from tests.fast_checker.two_checkers import (
    CLAIMS,
    MUTANTS,
    both,
    both_on,
    certificate,
    claim_about,
    each_base,
    random_network,
)
from tests.respelling import TOKENS, respelled
from tests.strategies import problems
from verishallow import checker, fast_checker
from verishallow.claims.equality import Equality
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.read.domains.usable_domain import usable_domain

STORED = Path(__file__).parents[1] / "checker"
FILES = sorted(file for kind in ("accept", "reject") for file in (STORED / kind).rglob("*") if file.is_file())
RESPELLED = 40
"""The number of mutants of each base."""


# ------------------------------------------------------------------------------------------ Stored cases


@pytest.mark.parametrize("kind", ["accept", "reject"])
def test_the_checkers_agree_on_every_stored_case(kind: str) -> None:
    files = [file for file in FILES if file.relative_to(STORED).parts[0] == kind]
    assert files
    assert [file for file in files if fast_checker.check(file) != checker.check(file)] == []


def test_the_stored_cases_have_their_verdicts() -> None:
    expected = json.loads((STORED / "expected.json").read_text(encoding="utf-8"))
    verdicts = {file: fast_checker.check(STORED / file).kind for file in expected if (STORED / file).is_file()}
    assert verdicts == {file: expected[file][0] for file in verdicts}


# ---------------------------------------------------------------------------------------------- Mutants


@each_base
def test_the_checkers_agree_on_changed_records(name: str) -> None:
    rng, records = random.Random(name), parsed(base_lines(name))
    kinds = {both(mutant(records, rng)[1]).kind for _ in range(MUTANTS)}
    assert "invalid" in kinds


@each_base
def test_the_checkers_agree_on_other_spellings(name: str) -> None:
    rng = random.Random(name)
    assert "invalid" in {both(respelled(base_lines(name), rng)).kind for _ in range(RESPELLED)}


def longest_of_each_kind(lines: Iterable[bytes]) -> Iterable[int]:
    """For each kind of record in the tree the number of its longest line."""
    numbered = sorted(enumerate(lines), key=lambda pair: len(pair[1]))
    return {json.loads(line)["record"]: i for i, line in numbered if i > 1 and b'"end"' not in line}.values()


@each_base
def test_the_checkers_agree_on_near_spellings(name: str) -> None:
    lines = base_lines(name)
    for (old, new), number in product(TOKENS, longest_of_each_kind(lines)):
        line = lines[number]
        for changed in {new.join(line.split(old, 1)), new.join(line.rsplit(old, 1))} - {line}:
            both(sealed([*lines[:number], changed, *lines[number + 1 :]]))


# ------------------------------------------------------------------------------------------ Rare facts


@pytest.mark.parametrize("plane", ["1", "-1"])
def test_the_checkers_agree_on_an_undecided_neuron_without_a_linear_part(plane: str) -> None:
    records = parsed(base_lines("shut"))
    layer = records[2]
    layer.update(active=layer["active"][:1], undecided=[1], planes=[[plane, "0"]])
    assert both(sealed(encoded(records))).reason.startswith("line 3 (layer)")


@pytest.mark.parametrize("spelled", [b"open", b"1open", b"op-en", b"open/", b" open"])
def test_the_checkers_agree_on_open_nodes(spelled: bytes) -> None:
    records = parsed(base_lines("cross"))
    leaf = next(number for number, record in enumerate(records) if record["record"] == "leaf")
    records[leaf] = {"record": "open"}
    recounted(records)
    lines = encoded(records)
    lines[leaf] = lines[leaf].replace(b"open", spelled)
    assert both(sealed(lines)).kind == ("incomplete" if spelled == b"open" else "invalid")


def test_the_checkers_agree_on_constraints_out_of_order() -> None:
    records = parsed(certificate(random_network(2, 9, 5, 1), Equality()))
    pairs = next(record["constraints"] for record in records if len(record.get("constraints", ())) > 1)
    pairs.reverse()
    assert "constraints is not increasing" in both(sealed(encoded(records))).reason


@pytest.mark.parametrize("name", ["bent thrice", "ladder", "corner cut first"])
def test_the_checkers_agree_on_minus_zero(name: str) -> None:
    lines = base_lines(name)
    for number, at in ((i, j) for i, line in enumerate(lines) for j in range(len(line)) if line[j : j + 1] == b"0"):
        changed = lines[number][:at] + b"-" + lines[number][at:]
        both(sealed([*lines[:number], changed, *lines[number + 1 :]]))


@pytest.mark.parametrize("most", [1, 12, 30, 60])
def test_the_checkers_agree_on_trees_too_deep(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker.values, "MAX_COEFFICIENTS", most)
    for name in BASES:
        both(base_lines(name))


# ------------------------------------------------------------------------------------------------ Bytes


@given(st.binary(max_size=300))
def test_the_checkers_agree_on_any_bytes(content: bytes) -> None:
    assert both_on(content).kind == both_on(b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + content).kind == "invalid"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=9))
def test_the_checkers_agree_on_any_values(value: object) -> None:
    head = base_lines("affine, boundary ignored")[:2]
    leaf = {"record": "leaf", "map": value, "units": value, "witness": value}
    layer = {"record": "layer", "active": value, "inactive": value, "layer": 1, "planes": value, "undecided": value}
    assert both([*head, checker.canonical(leaf)]).kind == "invalid"
    assert both([*base_lines("bend")[:2], checker.canonical(layer)]).kind == "invalid"


@pytest.mark.parametrize("name", ["bend", "cross, boundary ignored"])
def test_the_checkers_agree_on_pieces_of_a_file(name: str) -> None:
    content = b"".join(base_lines(name))
    packed = gzip.compress(content, mtime=0)
    assert both_on(content) == both_on(packed)
    for at in range(0, len(content), 7):
        both_on(content[:at])
    for at in range(0, len(packed), 7):
        both_on(packed[:at])


def test_a_line_too_long_is_refused_at_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker.values, "MAX_LINE", 5000)
    content = b"".join([*base_lines("bend")[:3], b" " * 6000])
    assert "line 4: a line is longer than 5000 bytes" in both_on(content).reason


def test_the_checkers_agree_on_deep_nesting() -> None:
    deep = b'{"record":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
    assert "nested too deeply" in both([*base_lines("bend")[:2], deep]).reason


# ----------------------------------------------------------------------------------------- Expectations


@each_base
def test_the_checkers_agree_on_what_is_expected(name: str) -> None:
    lines = base_lines(name)
    header, network = parsed(lines)[:2]
    rows = [tuple(map(int, row)) for row in header["domain"]]
    for expected in (
        {"network": network}, {"network": {**network, "layers": []}}, {"domain": rows}, {"domain": [*rows, (0, 1)]},
        {"boundary": "exact"}, {"boundary": "ignore"}, {"network": network, "domain": rows, "boundary": None},
        {"other": network}, {"other": parsed(lines)[2]}, {"network": network, "other": network},
        *({"claim": claim} for claim in (header["claim"], *checker.CLAIMED)),
    ):  # fmt: skip
        both(lines, **expected)


# ------------------------------------------------------------------------------------- Other certificates


@given(problems(), st.sampled_from(CLAIMS), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_checkers_agree_on_certificates(problem: tuple[ReLUNetwork, Polyhedron], claim: str, rng: Any) -> None:
    network, domain = problem[0], usable_domain(problem[1], problem[0].inputs)
    lines = certificate(network, claim_about(network, domain, claim, rng), domain)
    assert both(lines).kind == "valid"
    records = parsed(lines)
    for _ in range(3):
        both(mutant(records, rng)[1])
        both(respelled(lines, rng))


# ------------------------------------------------------------------------------------------- Bounds


@pytest.mark.parametrize("room", ["0", "1", f"1/{10**40}", f"1/{10**3990}", f"{10**3990}"])
@pytest.mark.parametrize("side", ["low", "high"])
@pytest.mark.parametrize("name", ["bounded", "bounded, without hidden layers"])
def test_the_checkers_agree_on_bounds(name: str, side: str, room: str) -> None:
    """These bounds are the exact range: with more room they hold, with less they do not."""
    for outwards in (1, -1):
        records = parsed(base_lines(name))
        entry = records[0]["bounds"][0]
        entry[side] = str(Fraction(entry[side]) + outwards * Fraction(room) * (1 if side == "high" else -1))
        assert both(sealed(encoded(records))).kind == ("valid" if outwards > 0 or room == "0" else "invalid")
