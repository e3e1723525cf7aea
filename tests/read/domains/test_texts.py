"""Domains and points from texts and files: what is read, what is refused and where the message points."""

import json
from pathlib import Path

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from verishallow.errors import DomainError, InputError, RationalError
from verishallow.polyhedron import Polyhedron
from verishallow.read.domains.texts import domain_from_ine, domain_from_json, domain_to_json, parse_domain, parse_point

SQUARE = Polyhedron.box([(-1, 1), (-1, 1)])


def domain_text(entries: str) -> str:
    return f'{{"format": "verishallow-domain", "version": 1, {entries}}}'


def ine_text(rows: str, header: str = "H-representation") -> str:
    count = len(rows.splitlines())
    return f"* a comment\n{header}\nbegin\n{count} 3 rational\n{rows}\nend\n"


@pytest.mark.parametrize(
    ("text", "dimension", "expected"),
    [
        (None, 3, Polyhedron.whole_space(3)),
        ("box:-1,1", 2, SQUARE),
        (" box: -1 , 1 ", 2, SQUARE),
        ("box:[-1,1]x[-1,1]", 2, SQUARE),
        ("box: [ -1, 1 ] x [ -1.0, 1e0 ]", 2, SQUARE),
        ("box:0,1/3", 1, Polyhedron.of([[0, 1], [1, -3]])),
        ("box:[0.1,2.5]", 1, Polyhedron.of([[-1, 10], [5, -2]])),
    ],
)
def test_a_box_is_read(text: str | None, dimension: int, expected: Polyhedron) -> None:
    assert parse_domain(text, dimension) == expected


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("box:", "interval: expected low,high, found ''"),
        ("box:1", "interval: expected low,high, found '1'"),
        ("box:0,1,2", "interval: expected low,high, found '0,1,2'"),
        ("box:a,1", "interval, low: expected a rational"),
        ("box:0,1/0", "interval, high: the denominator"),
        ("box:0,inf", "interval, high: expected a rational"),
        ("box:1,1", "interval 0: expected low < high, found '1' and '1', which makes the domain flat in the input x0"),
        ("box:2,1", "which makes the domain empty in the input x0"),
        ("box:[0,1]x[2,2]", "interval 1: expected low < high, found '2' and '2', which makes the domain flat"),
        ("box:[0,1]", "expected 2 intervals, one per input, found 1"),
        ("box:[0,1]x[0,1]x[0,1]", "expected 2 intervals, one per input, found 3"),
        ("box:[0,1]x", "interval 1: expected [low,high], found ''"),
        ("box:[0,1],[0,1]", "interval 0: expected low,high"),
        ("box:[0,1]x[0;1]", "interval 1: expected low,high, found '0;1'"),
        ("box:[0,1]x[0,\n]", "interval 1, high: expected a rational"),
        ("box:0,1e99999", "needs more than 4000 digits"),
        ("bix:0,1", "expected box:low,high or box:[low,high]x... or a file; bix:0,1: cannot be read"),
        ("", "expected box:low,high"),
        (".", "cannot be read"),
        ("zero\0byte", "expected the name of a file"),
    ],
)
def test_a_bad_text_is_refused(text: str, fragment: str) -> None:
    with pytest.raises(DomainError) as caught:
        parse_domain(text, 2)
    assert fragment in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ('"box": [["-1", "1"], [-1, 1.0]]', SQUARE),
        ('"inequalities": [["1", "1", 0], [0.5, -0.5, 0], ["1/3", 0, "1/3"], [1, 0, -1]]', SQUARE),
        ('"inequalities": []', Polyhedron.whole_space(2)),
        ('"inequalities": [[1, 0, 0], [0, 0, 0], [0, 1, 0], [0, 2, 0]]', Polyhedron.of([[0, 1, 0]])),
    ],
)
def test_json_is_read(entries: str, expected: Polyhedron) -> None:
    assert domain_from_json(domain_text(entries), 2) == expected


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "domain: expected an object"),
        ("{}", "the key 'format' is missing"),
        (domain_text('"box": [[0, 1], [0, 1]]').replace("1,", "2,", 1), "version: expected 1, found 2"),
        (domain_text('"box": [[0, 1], [0, 1]]').replace("domain", "network"), "format: expected 'verishallow-domain'"),
        (domain_text('"boxes": 1'), "unknown key 'boxes'"),
        (domain_text('"box": [], "box": []'), "the key 'box' appears twice"),
        (domain_text('"box": [], "inequalities": []'), "either the key 'inequalities' or the key 'box'"),
        ('{"format": "verishallow-domain", "version": 1}', "either the key 'inequalities' or the key 'box'"),
        (domain_text('"box": {}'), "box: expected an array"),
        (domain_text('"box": [1, 2]'), "interval 0: expected an array"),
        (domain_text('"box": [[0, 1]]'), "expected 2 intervals, one per input, found 1"),
        (domain_text('"box": [[0, 1], [0]]'), "interval 1: expected low and high, found 1 numbers"),
        (domain_text('"box": [[0, 1], [3, 3]]'), "makes the domain flat in the input x1"),
        (domain_text('"box": [[0, 1], [0, NaN]]'), "interval 1, column 1: expected a rational"),
        (domain_text('"inequalities": 0'), "inequalities: expected an array"),
        (domain_text('"inequalities": [[1, 0]]'), "inequality 0: expected 3 numbers b, a1, ..., a2, found 2"),
        (domain_text('"inequalities": [[1, 1, 0], [1, 0, null]]'), "inequality 1, column 2: expected a rational"),
        (domain_text('"inequalities": [[1, 1, 0], [1, 0, 1, 1]]'), "inequality 1: expected 3 numbers"),
        (domain_text('"inequalities": [[0, 1, 0], [0, 0, 1], [0, -2, 0]]'), "inequality 2, with those before it: the"),
        (domain_text('"inequalities": [[0, 1, 0], [-1, -1, 0]]'), "inequality 1, with those before it: the"),
        (domain_text('"inequalities": [[-1, 0, 0], [1, 1, 0]]'), "inequality 0, with those before it: the"),
    ],
)
def test_bad_json_is_refused(text: str, fragment: str, tmp_path: Path) -> None:
    path = tmp_path / "domain.json"
    path.write_text(text)
    assert_refused(path, fragment if not text.startswith("[") else "begin")
    with pytest.raises(InputError):
        domain_from_json(text, 2)


def assert_refused(path: Path, fragment: str) -> None:
    with pytest.raises(DomainError) as caught:
        parse_domain(str(path), 2)
    assert fragment in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        ine_text("1 1 0\n1 -1 0\n1 0 1\n1 0 -1"),
        ine_text("1 1 0\n1/2 -1/2 0\n\n1 0 1\n* between\n1 0 -1").replace("5 3", "4 3").replace("6 3", "4 3"),
        ine_text("1.0 1e0 0\n1 -1 0\n1 0 1\n1 0 -1", header="square.ine").replace("rational", "real"),
        ine_text("1 1 0\n1 -1 0\n1 0 1\n1 0 -1", header="linearity 0").replace("rational", "integer"),
    ],
)
def test_ine_is_read(text: str, tmp_path: Path) -> None:
    path = tmp_path / "square.ine"
    path.write_text(text)
    assert parse_domain(str(path), 2) == SQUARE


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", "expected a line 'begin'"),
        ("begin", "found the end of the file"),
        ("begin\n1 3 float\n", "line 2: expected 'rows columns rational' after 'begin', found '1 3 float'"),
        ("begin\n1 3\n", "line 2: expected 'rows columns rational'"),
        ("begin\n1 3 rational\n1 1 0\n", "the file is cut short"),
        ("begin\n2 3 rational\n1 1 0\nend", "expected 2 rows before 'end', found 1"),
        ("begin\n0 3 rational\n1 1 0\nend", "expected 0 rows before 'end', found 1"),
        ("begin\n1 3 rational\n1 1\nend", "line 3: expected 3 numbers, found 2"),
        ("begin\n1 3 rational\n1 x 0\nend", "line 3, column 1: expected a rational"),
        ("begin\n1 3 rational\n1 1/0 0\nend", "line 3, column 1: the denominator"),
        ("begin\n1 3 real\n1 1e99999 0\nend", "needs more than 4000 digits"),
        ("begin\n1 2 rational\n1 1\nend", "inequality 0: expected 3 numbers b, a1, ..., a2, found 2"),
        (ine_text("1 1 0", header="V-representation"), "expected an H-representation"),
        (ine_text("1 1 0", header="H-representation\nlinearity 1 1"), "line 3: 'linearity' makes the domain flat"),
        (ine_text("1 1 0", header="strict_inequality 1 1"), "'strict_inequality' makes the domain flat or open"),
        (ine_text("1 1 0") + "linearity 1 1", "expected nothing after 'end', found 'linearity 1 1'"),
        (ine_text("0 1 0\n0 -1 0"), "inequality 1, with those before it: the polyhedron is flat"),
        (ine_text("0 1 0\n-1 -1 0"), "inequality 1, with those before it: the polyhedron is empty"),
    ],
)
def test_bad_ine_is_refused(text: str, fragment: str, tmp_path: Path) -> None:
    path = tmp_path / "domain.ine"
    path.write_text(text)
    assert_refused(path, fragment)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "domain.ine"
    path.write_bytes(b"begin \xff")
    assert_refused(path, "expected UTF-8 text, found the byte 0xff at offset 6")


rationals = st.fractions(max_denominator=30).map(lambda value: mpq(value.numerator, value.denominator))
intervals = st.lists(rationals, min_size=2, max_size=2, unique=True).map(sorted).map(tuple)


@given(st.lists(intervals, min_size=1, max_size=3))
def test_a_written_domain_is_read_back(bounds: list[tuple[mpq, mpq]]) -> None:
    box = Polyhedron.box(bounds)
    text = "box:" + " x ".join(f"[{low}, {high}]" for low, high in bounds)
    rows = "\n".join(" ".join(map(str, form.row)) for form in box.inequalities)
    ine = f"begin\n{len(box.inequalities)} {len(bounds) + 1} rational\n{rows}\nend"
    readings = [
        domain_from_json(json.dumps(domain_to_json(box)), len(bounds)),
        domain_from_ine(ine, len(bounds)),
        parse_domain(text, len(bounds)),
    ]
    assert readings == [box.normalised()] * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1/2,-3", (mpq(1, 2), mpq(-3))), (" 0.1 , 1e2 ", (mpq(1, 10), mpq(100)))],
)
def test_a_point_is_read(text: str, expected: tuple[mpq, ...]) -> None:
    assert parse_point(text, 2) == expected


@pytest.mark.parametrize(
    ("text", "kind", "fragment"),
    [
        ("1", InputError, "point '1': expected 2 coordinates, found 1"),
        ("1,2,3", InputError, "expected 2 coordinates, found 3"),
        ("1,", RationalError, "point '1,', x1: expected a rational"),
        ("a,1", RationalError, "point 'a,1', x0: expected a rational"),
        ("1,nan", RationalError, "x1: expected a rational"),
        ("1/0,1", RationalError, "x0: the denominator of '1/0' is zero"),
    ],
)
def test_a_bad_point_is_refused(text: str, kind: type[InputError], fragment: str) -> None:
    with pytest.raises(kind) as caught:
        parse_point(text, 2)
    assert fragment in str(caught.value)
