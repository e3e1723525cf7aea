"""Two judges, one verdict: the fast checker says what the stand-alone one says, word for word, about any bytes."""

import gzip
import io
import json
import random
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checker.bases import BASES, base_lines
from tests.checker.editing import encoded, parsed, recounted, sealed
from tests.checker.mutations import mutant
from tests.rearranging import randomly_rearranged
from tests.strategies import problems
from verishallow import checker, fast_checker, fast_farkas
from verishallow.claims import Claim, Equality, EqualNetworks, OutputBounds, RegionCount
from verishallow.fast_farkas import DoubtError, Packing, Sizes, positive, rational
from verishallow.fast_walk import Walk
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import output_range, usable_domain
from verishallow.records import certificate_lines
from verishallow.regions.cdd_engine import cdd_engine, generic_point

STORED = Path(__file__).parent / "checker"
FILES = sorted(file for kind in ("accept", "reject") for file in (STORED / kind).rglob("*") if file.is_file())
MUTANTS, RESPELLED = 60, 40
"""Of each base."""

each_base = pytest.mark.parametrize("name", BASES)


def both(lines: Iterable[bytes], **expected: Any) -> checker.Verdict:
    """The verdict on which both agree: kind, place and words, header and counts."""
    kept = list(lines)
    verdict = checker.check_lines(kept, **expected)
    assert fast_checker.check_lines(kept, **expected) == verdict
    return verdict


def both_on(content: bytes) -> checker.Verdict:
    """The verdict on which both agree about the content of a file."""
    verdict = checker.check_lines(checker.lines_of(checker.chunks_of(io.BytesIO(content))))
    assert fast_checker.check_lines(checker.lines_of(checker.chunks_of(io.BytesIO(content)))) == verdict
    return verdict


# ------------------------------------------------------------------------------------------ Stored cases


@pytest.mark.parametrize("kind", ["accept", "reject"])
def test_the_judges_agree_on_every_stored_case(kind: str) -> None:
    files = [file for file in FILES if file.relative_to(STORED).parts[0] == kind]
    assert files
    assert [file for file in files if fast_checker.check(file) != checker.check(file)] == []


def test_the_stored_cases_have_their_verdicts() -> None:
    expected = json.loads((STORED / "expected.json").read_text(encoding="utf-8"))
    verdicts = {file: fast_checker.check(STORED / file).kind for file in expected if (STORED / file).is_file()}
    assert verdicts == {file: expected[file][0] for file in verdicts}


# ---------------------------------------------------------------------------------------------- Mutants


@each_base
def test_the_judges_agree_on_changed_records(name: str) -> None:
    rng, records = random.Random(name), parsed(base_lines(name))
    kinds = {both(mutant(records, rng)[1]).kind for _ in range(MUTANTS)}
    assert "invalid" in kinds


SNIPPETS = (
    b" ", b"\n", b"\t", b"-", b"-0", b"0", b"+", b"00", b".0", b"e0", b"E0", b"_", b'"', b'""', b"\\", b"\\u0061", b"/",
    b"/1", b"//", b"null", b"true", b"NaN", b"{}", b"[]", b'{"a":1}', b":", b",", b",0", b'"record":"leaf",', b"\xff",
    b"\x00", b'"face":[],', b'"-inf":[],', b'"active":[],', b"9" * 16, b"9" * 4400, b"[" * 2000, b"\xd9\xa1",
)  # fmt: skip


def respelled(lines: Iterable[bytes], rng: random.Random) -> list[bytes]:
    """One node is spelled otherwise, often with the same value; all hashes are right again."""
    changed = list(lines)
    number = rng.randrange(2, len(changed))
    line = changed[number]
    at = rng.randrange(len(line) + 1)
    changes: list[Callable[[], bytes]] = [
        lambda: line[:at] + rng.choice(SNIPPETS) + line[at:],
        lambda: line[:at] + rng.choice(SNIPPETS) + line[at + 1 :],
        lambda: line[:at] + line[at + rng.randrange(1, 9) :],
        lambda: _with_a_token(line, rng),
        lambda: _in_another_order(line, rng),
    ]
    changed[number] = rng.choice(changes)()
    return sealed(changed)


TOKENS = (
    (b'""', b'"0"'), (b'"1"', b'"1/1"'), (b'"1"', b"1"), (b"0", b"-0"), (b"1", b"true"), (b"0", b"false"),
    (b"1", b"1e0"), (b"1", b"1.0"),
    (b"[", b"[ "), (b"[]", b"{}"), (b"[]", b'""'), (b"[]", b"null"), (b"[]", b"[[]]"), (b'"-', b'"-0'),
    (b"/", b"/0"), (b"/", b"/-"), (b'"', b'"+'), (b'"', b'"0'), (b'"1', b'"-1'), (b"}\n", b"}"), (b"}\n", b"} \n"),
    (b"}\n", b"\n}\n"), (b"}\n", b"\n}]"), (b"}\n", b"}\n\n"), (b"}\n", b"}{}\n"), (b"]}", b"\n]}"),
    (b"record", b"r\\u0065cord"),
    (b'd":"', b'd":"1'), (b'd":"', b'd":"-'), (b"le", b"le/"), (b"{", b'{"1":[],'), (b'"record"', b'"1":0,"record"'),
    (b"{", b'{"a":[],'), (b",", b",[],"), (b"]", b",1]"), (b"]", b',"1"]'), (b'"+"', b'"-"'), (b'"+"', b'"/"'),
)  # fmt: skip
"""Pieces of a line, and what they become."""


def _with_a_token(line: bytes, rng: random.Random) -> bytes:
    """A piece is another, where it occurs first or last."""
    old, new = rng.choice(TOKENS)
    return new.join(line.split(old, 1)) if rng.random() < 0.5 else new.join(line.rsplit(old, 1))


def _in_another_order(line: bytes, rng: random.Random) -> bytes:
    """The members of the record shuffled, or one of them twice."""
    try:
        record = json.loads(line)
    except ValueError:
        return line
    pairs = [f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in record.items()]
    pairs += [rng.choice(pairs)] if rng.random() < 0.5 else []
    rng.shuffle(pairs)
    return f"{{{','.join(pairs)}}}\n".encode()


@each_base
def test_the_judges_agree_on_other_spellings(name: str) -> None:
    rng = random.Random(name)
    assert "invalid" in {both(respelled(base_lines(name), rng)).kind for _ in range(RESPELLED)}


def longest_of_each_kind(lines: Iterable[bytes]) -> Iterable[int]:
    """For each kind of record in the tree the number of its longest line."""
    numbered = sorted(enumerate(lines), key=lambda pair: len(pair[1]))
    return {json.loads(line)["record"]: i for i, line in numbered if i > 1 and b'"end"' not in line}.values()


@each_base
def test_the_judges_agree_on_near_spellings(name: str) -> None:
    lines = base_lines(name)
    for (old, new), number in product(TOKENS, longest_of_each_kind(lines)):
        line = lines[number]
        for changed in {new.join(line.split(old, 1)), new.join(line.rsplit(old, 1))} - {line}:
            both(sealed([*lines[:number], changed, *lines[number + 1 :]]))


# ------------------------------------------------------------------------------------------ Rare facts


@pytest.mark.parametrize("plane", ["1", "-1"])
def test_the_judges_agree_on_an_undecided_neuron_without_a_linear_part(plane: str) -> None:
    records = parsed(base_lines("shut"))
    layer = records[2]
    layer.update(active=layer["active"][:1], undecided=[1], planes=[[plane, "0"]])
    assert both(sealed(encoded(records))).reason.startswith("line 3 (layer)")


@pytest.mark.parametrize("spelled", [b"open", b"1open", b"op-en", b"open/", b" open"])
def test_the_judges_agree_on_open_nodes(spelled: bytes) -> None:
    records = parsed(base_lines("cross"))
    leaf = next(number for number, record in enumerate(records) if record["record"] == "leaf")
    records[leaf] = {"record": "open"}
    recounted(records)
    lines = encoded(records)
    lines[leaf] = lines[leaf].replace(b"open", spelled)
    assert both(sealed(lines)).kind == ("incomplete" if spelled == b"open" else "invalid")


def test_the_judges_agree_on_constraints_out_of_order() -> None:
    records = parsed(certificate(random_network(2, 9, 5, 1), Equality()))
    pairs = next(record["constraints"] for record in records if len(record.get("constraints", ())) > 1)
    pairs.reverse()
    assert "constraints is not increasing" in both(sealed(encoded(records))).reason


@pytest.mark.parametrize("name", ["bent thrice", "ladder", "corner cut first"])
def test_the_judges_agree_on_minus_zero(name: str) -> None:
    lines = base_lines(name)
    for number, at in ((i, j) for i, line in enumerate(lines) for j in range(len(line)) if line[j : j + 1] == b"0"):
        changed = lines[number][:at] + b"-" + lines[number][at:]
        both(sealed([*lines[:number], changed, *lines[number + 1 :]]))


@pytest.mark.parametrize("most", [1, 12, 30, 60])
def test_the_judges_agree_on_trees_too_deep(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "MAX_COEFFICIENTS", most)
    for name in BASES:
        both(base_lines(name))


# ------------------------------------------------------------------------------------------------ Bytes


@given(st.binary(max_size=300))
def test_the_judges_agree_on_any_bytes(content: bytes) -> None:
    assert both_on(content).kind == both_on(b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + content).kind == "invalid"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=9))
def test_the_judges_agree_on_any_values(value: object) -> None:
    head = base_lines("affine, boundary ignored")[:2]
    leaf = {"record": "leaf", "map": value, "units": value, "witness": value}
    layer = {"record": "layer", "active": value, "inactive": value, "layer": 1, "planes": value, "undecided": value}
    assert both([*head, checker.canonical(leaf)]).kind == "invalid"
    assert both([*base_lines("bend")[:2], checker.canonical(layer)]).kind == "invalid"


@pytest.mark.parametrize("name", ["bend", "cross, boundary ignored"])
def test_the_judges_agree_on_pieces_of_a_file(name: str) -> None:
    content = b"".join(base_lines(name))
    packed = gzip.compress(content, mtime=0)
    assert both_on(content) == both_on(packed)
    for at in range(0, len(content), 7):
        both_on(content[:at])
    for at in range(0, len(packed), 7):
        both_on(packed[:at])


def test_a_line_too_long_is_refused_at_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "MAX_LINE", 5000)
    content = b"".join([*base_lines("bend")[:3], b" " * 6000])
    assert "line 4: a line is longer than 5000 bytes" in both_on(content).reason


def test_the_judges_agree_on_deep_nesting() -> None:
    deep = b'{"record":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
    assert "nested too deeply" in both([*base_lines("bend")[:2], deep]).reason


# ----------------------------------------------------------------------------------------- Expectations


@each_base
def test_the_judges_agree_on_what_is_expected(name: str) -> None:
    lines = base_lines(name)
    header, network = parsed(lines)[:2]
    rows = [tuple(map(int, row)) for row in header["domain"]]
    for expected in (
        {"network": network}, {"network": {**network, "layers": []}}, {"domain": rows}, {"domain": [*rows, (0, 1)]},
        {"boundary": "exact"}, {"boundary": "ignore"}, {"network": network, "domain": rows, "boundary": None},
        {"other": network}, {"other": parsed(lines)[2]}, {"network": network, "other": network},
        *({"claim": claim} for claim in (header["claim"], *checker.WALKS)),
    ):  # fmt: skip
        both(lines, **expected)


# ------------------------------------------------------------------------------------- Other certificates


CLAIMS = ("exact", "ignore", "regions", "bounds", "equal")


@given(problems(), st.sampled_from(CLAIMS), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_judges_agree_on_certificates(problem: tuple[ReLUNetwork, Polyhedron], claim: str, rng: Any) -> None:
    network, domain = problem[0], usable_domain(problem[1], problem[0].inputs)
    lines = certificate(network, claim_about(network, domain, claim, rng), domain)
    assert both(lines).kind == "valid"
    records = parsed(lines)
    for _ in range(3):
        both(mutant(records, rng)[1])
        both(respelled(lines, rng))


def certificate(network: ReLUNetwork, claim: Claim, domain: Polyhedron | None = None) -> list[bytes]:
    """A certificate, on the box [-1, 1]^n unless another domain is given."""
    domain = domain or Polyhedron.box([(-1, 1)] * network.inputs)
    nodes = cdd_engine(claim.explored(network), domain, generic_point(domain))
    return list(certificate_lines(network, domain, claim, nodes))


def claim_about(network: ReLUNetwork, domain: Polyhedron, name: str, rng: random.Random) -> Claim:
    match name:
        case "regions":
            return RegionCount()
        case "bounds":
            found = output_range(network, domain, engine="cdd")
            return OutputBounds(found) if found else RegionCount()
        case "equal":
            return EqualNetworks(randomly_rearranged(network, rng))
    return Equality(name)  # type: ignore[arg-type]


def random_network(*widths: int, bits: int = 6) -> ReLUNetwork:
    rng = random.Random(str(widths))

    def weight() -> Fraction:
        return Fraction(rng.randint(-(2**bits), 2**bits), 2**bits)

    return ReLUNetwork.of(
        ([[weight() for _ in range(n)] for _ in range(m)], [weight() for _ in range(m)]) for n, m in pairwise(widths)
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The lines of nodes that the fast checker puts before the judge, but for the last one."""
    lines: list[bytes] = []
    take = Walk.take

    def watched(walk: Walk, line: bytes) -> bool:
        taken = take(walk, line)
        lines.extend([line] if not taken and (len(walk.waiting) > 1 or b'"layer"' in line) else [])
        return taken

    monkeypatch.setattr(Walk, "take", watched)
    return lines


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize(
    ("widths", "bits"), [((1, 9, 5, 2), 6), ((2, 9, 9, 1), 24), ((3, 6, 5, 2), 6), ((4, 5, 1), 53)]
)
def test_honest_records_are_accepted_at_a_glance(
    widths: tuple[int, ...], bits: int, claim: str, asked: list[bytes]
) -> None:
    network, domain = random_network(*widths, bits=bits), Polyhedron.box([(-1, 1)] * widths[0])
    lines = certificate(network, claim_about(network, domain, claim, random.Random(bits)), domain)
    assert both(lines).kind == "valid"
    assert asked == []


@each_base
def test_the_small_certificates_are_accepted_at_a_glance(name: str, asked: list[bytes]) -> None:
    assert both(base_lines(name)).kind in ("valid", "incomplete")
    assert asked == []


# ------------------------------------------------------------------------------------------- Bounds


@pytest.mark.parametrize("room", ["0", "1", f"1/{10**40}", f"1/{10**3990}", f"{10**3990}"])
@pytest.mark.parametrize("side", ["low", "high"])
@pytest.mark.parametrize("name", ["bounded", "bounded, without hidden layers"])
def test_the_judges_agree_on_bounds(name: str, side: str, room: str) -> None:
    """These bounds are the exact range: with more room they hold, with less they do not."""
    for outwards in (1, -1):
        records = parsed(base_lines(name))
        entry = records[0]["bounds"][0]
        entry[side] = str(Fraction(entry[side]) + outwards * Fraction(room) * (1 if side == "high" else -1))
        assert both(sealed(encoded(records))).kind == ("valid" if outwards > 0 or room == "0" else "invalid")


# ----------------------------------------------------------------------------------------- To the judge


def test_a_reason_of_monstrous_multipliers_is_left_to_the_judge(asked: list[bytes]) -> None:
    records, tiny = parsed(base_lines("shut")), Fraction(1, 7**900)
    # The first neuron's form x + 2, on the interval x >= 0, 1 - x >= 0.
    records[2]["active"][0] = [0, [[0, str(1 + tiny)], [1, str(tiny)]]]
    lines = sealed(encoded(records))
    assert both(lines).kind == "valid"
    assert asked == [lines[2]]


@pytest.mark.parametrize(
    ("limit", "most"), [("MOST_MULTIPLIER_BITS", 2), ("MOST_MULTIPLIER_BITS", 5), ("MOST_BITS", 0)]
)
def test_records_may_be_left_to_the_judge_anywhere(
    limit: str, most: int, asked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_farkas, limit, most)
    for widths in ((1, 9, 5, 2), (2, 7, 5, 1)):
        assert both(certificate(random_network(*widths), Equality())).kind == "valid"
    for name in BASES:
        assert both(base_lines(name)).kind in ("valid", "incomplete")
    assert bool(asked) == (limit == "MOST_MULTIPLIER_BITS")


@pytest.mark.parametrize("name", ["residual", "three inputs", "corner of a wedge"])
def test_the_judges_agree_where_records_are_left_to_the_judge(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_farkas, "MOST_MULTIPLIER_BITS", 3)
    rng, records = random.Random(name), parsed(base_lines(name))
    for _ in range(MUTANTS):
        both(mutant(records, rng)[1])


def test_many_inputs_are_left_to_the_judge(asked: list[bytes]) -> None:
    n = fast_farkas.MOST_INPUTS + 1
    network = ReLUNetwork.of([([[1] * n], [0]), ([[1]], [0])])
    assert both(certificate(network, Equality(), Polyhedron.whole_space(n))).kind == "valid"
    assert asked == []


def test_absent_faces_are_proved_without_dropped_constraints() -> None:
    header, record = parsed(base_lines("bend"))[:2]
    judge = checker.Equality(header, [], checker.Network([record], 1, 1))
    walk = Walk(judge, Packing(2, Sizes(8, 8)))
    # x + 1 is 1 more than x, which is usable where it is kept.
    walk.packed, entry = [walk.packing.packed((0, 1)), walk.packing.packed((1, 1))], [[1], [[0, "1"]]]
    walk._check_absent(entry, (1,), [0, 1])
    with pytest.raises(DoubtError):
        walk._check_absent(entry, (1,), [1])


# -------------------------------------------------------------------------------------------- Arithmetic


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=6))
def test_packing_loses_nothing(row: list[int]) -> None:
    packing = Packing(len(row), Sizes(40, 8))
    assert packing.row(packing.packed(row)) == tuple(row)
    assert packing.row(-packing.packed(row)) == tuple(-a for a in row)


@pytest.mark.parametrize("text", ["0", "1", "-1", "17", "1/2", "-3/2", "10/7", "1/10"])
def test_canonical_rationals_are_read(text: str) -> None:
    assert rational(text) == checker.rational(text)
    assert Fraction(text) <= 0 or positive(text) == checker.rational(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "/", "01", "-0", "-01", "1/", "/1", "1/1", "1/0", "0/1", "0/2", "2/4", "1/02", "1/-2", "--1", "1/2/3"],
)
def test_other_spellings_are_doubted(text: str) -> None:
    for read in (rational, positive):
        with pytest.raises((DoubtError, ValueError)):
            read(text)


@pytest.mark.parametrize(
    "text", ["1e3", "1e999999999", "1.0", " 1", "1_0", "+1", "\u0661", "1/\u0662", "9" * 4001, "9" * 5000]
)
def test_witnesses_spelled_otherwise_are_doubted(text: str) -> None:
    with pytest.raises((DoubtError, ValueError)):
        rational(text)
