"""RESULTS.md holds what commands wrote: one section is replaced, all others stay, and no hand was in between."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as command_line
from tests.benchmarks import boundaries, results
from tests.benchmarks.__main__ import REPORTS, command, main, parser
from tests.benchmarks.peers import TINY
from tests.benchmarks.results import RESULTS, Section, command_of, is_signed, replaced, sections

PAGE = RESULTS.read_text(encoding="utf-8")
ORDER = ("first", "second", "third")


def section(name: str, *lines: str) -> Section:
    return Section(name, f"python -m tests.benchmarks {name} --write", "A machine.", lines)


def page_of(*names: str) -> str:
    page = ""
    for name in names:
        page = replaced(page, section(name, f"the lines of the {name}"), ORDER)
    return page


# ------------------------------------------------------------------------------------- The page that is kept


@pytest.mark.parametrize("name", sections(PAGE))
def test_no_section_was_edited(name: str) -> None:
    assert is_signed(sections(PAGE)[name])


@pytest.mark.parametrize("name", sections(PAGE))
def test_every_section_names_the_command_that_measures_it_again(name: str) -> None:
    python, dash_m, module, *arguments = command_of(PAGE, name)
    assert (python, dash_m, module) == ("python", "-m", "tests.benchmarks")
    options = parser().parse_args(arguments)
    assert options.tables == [name]
    assert options.write
    assert command(name, options).split() == [python, dash_m, module, *arguments]


def test_the_sections_are_tables_in_their_order() -> None:
    assert list(sections(PAGE)) == [name for name in REPORTS if name in sections(PAGE)]
    assert {"enumeration", "proofs", "miscounts", "real", "sizes", "finite", "boundary", "reported"} <= set(
        sections(PAGE)
    )


# ------------------------------------------------------------------------------------------ How it is written


def test_one_section_is_replaced_and_the_others_stay() -> None:
    before = page_of(*ORDER)
    after = replaced(before, section("second", "other lines"), ORDER)
    assert "other lines" in after
    assert "the lines of the second" not in after
    assert before.replace(sections(before)["second"], sections(after)["second"]) == after


def test_a_new_section_takes_its_place() -> None:
    assert page_of("third", "first", "second") == page_of(*ORDER)


def test_a_note_and_the_table_below_it_stay_apart() -> None:
    assert "\na note\n\n| a table |\n" in section("first", "a note\n", "| a table |", "").text()


def test_a_section_written_again_is_the_same() -> None:
    assert replaced(page_of(*ORDER), section("first", "the lines of the first"), ORDER) == page_of(*ORDER)


@pytest.mark.parametrize(
    ("was", "is_now"),
    [("the lines of the first", "the lines of the fist"), ("A machine.", "Another."), (" --write", ""), ("\n\n", "\n")],
    ids=["a line", "the machine", "the command", "an empty line"],
)
def test_an_edited_section_is_noticed(was: str, is_now: str) -> None:
    text = section("first", "the lines of the first").text()
    assert is_signed(text)
    assert not is_signed(text.replace(was, is_now))
    assert not is_signed(text.partition("<!--")[0])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["real"], "python -m tests.benchmarks real --write"),
        (["real", "--full", "--write"], "python -m tests.benchmarks real --full --write"),
        (["real", "sizes", "--repeat", "3", "--quick"], "python -m tests.benchmarks real --repeat 3 --quick --write"),
    ],
    ids=["by default", "with all cases", "one of several tables"],
)
def test_the_command_of_a_section(arguments: list[str], expected: str) -> None:
    assert command("real", parser().parse_args(arguments)) == expected


def one_line(_repeat: int, _quick: bool, _full: bool) -> Iterator[str]:
    yield "what was measured"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another file, in which one table is kept."""
    path = tmp_path / "RESULTS.md"
    monkeypatch.setattr(results, "RESULTS", path)
    monkeypatch.setitem(command_line.REPORTS, "sizes", one_line)
    return path


def test_a_table_is_kept_where_that_is_asked_for(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sizes", "--write"]) == 0
    (written,) = sections(page.read_text()).values()
    assert "\n\nwhat was measured\n\n" in written
    assert is_signed(written)
    assert "what was measured" in capsys.readouterr().out


def test_a_table_is_only_printed_by_default(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sizes"]) == 0
    assert "what was measured" in capsys.readouterr().out
    assert not page.exists()


def test_an_unknown_table_is_refused(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["sizes", "colours", "--write"])
    assert "no such table: colours" in capsys.readouterr().err
    assert not page.exists()


def test_the_boundary_table_counts_what_is_written() -> None:
    name, domain, regions, faces, exact, ignored = boundaries.row(TINY)
    assert (name, domain) == (TINY.label, TINY.domain)
    assert int(regions) > 1
    assert float(faces) > 1
    assert int(exact) > int(ignored) > 0
