"""The README and the guides: each is found, and the commands, options, files and names that they mention exist."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import verishallow
from tests.cli.command_line import run
from verishallow.claims import CONSTRUCTIONS
from verishallow.cli import COMMANDS
from verishallow.write import KINDS

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ("read", "regions", "shallow", "claims", "explain", "show", "write", "kept_proofs")
PAGES = ("README.md", "notebooks/README.md", "proofs/README.md", "tests/README.md")
COMMAND = re.compile(r"\bverishallow ([a-z]+)((?: [^\s|#&]+)*)")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def guide(name: str) -> str:
    """The docstring of a package."""
    return import_module(f"verishallow.{name}").__doc__ or ""


TEXTS = {**{name: page(name) for name in PAGES}, **{name: guide(name) for name in GUIDES}}


def spans(text: str) -> Iterator[str]:
    """Code: between backticks, where a line may end, and in lines of their own."""
    yield from (" ".join(span.split()) for span in re.findall(r"(?<!`)`([^`]+)`(?!`)", text))
    yield from (line.strip() for line in text.splitlines() if re.match(r"\s*verishallow ", line))


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """The commands in a text, each with its options."""
    for span in spans(text):
        for name, arguments in COMMAND.findall(span):
            yield name, [word for word in arguments.split() if word.startswith("--")]


# ------------------------------------------------------------------------------------------ What is mentioned


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_files(name: str) -> None:
    folder = (ROOT / name).parent
    assert [link for link in LINK.findall(page(name)) if not (folder / link).exists()] == []


@cache
def options(command: str) -> frozenset[str]:
    """What ``--help`` lists."""
    return frozenset(re.findall(r"--[a-z][a-z0-9-]*", run(command, "--help").stdout))


@pytest.mark.parametrize("name", TEXTS)
def test_commands_and_their_options_exist(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    unknown = [
        f"{command} {' '.join(given)}"
        for command, given in commands(TEXTS[name])
        if command not in COMMANDS or not set(given) <= options(command)
    ]
    assert unknown == []


def test_such_commands_are_found() -> None:
    text = "A `verishallow prove\nNET --grid 1` and `--box`.\n\n    verishallow export CERT --to anc  # --not\n"
    assert list(commands(text)) == [("prove", ["--grid"]), ("export", ["--to"])]


# --------------------------------------------------------------------------------------------- What is there


@pytest.mark.parametrize("name", GUIDES)
def test_every_guide_is_found_from_the_readme_and_the_front_page(name: str) -> None:
    assert "guide" in guide(name).partition("\n")[0]
    assert f"[{name}](verishallow/{name}/__init__.py)" in page("README.md")
    assert f"`verishallow.{name}`" in (verishallow.__doc__ or "")


def test_the_readme_names_every_command() -> None:
    assert {name for name, _ in commands(page("README.md"))} == set(COMMANDS)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_export_is_in_the_guide(name: str) -> None:
    assert f"`{name}`" in guide("write") or f"--to {name} " in guide("write")


@pytest.mark.parametrize("name", CONSTRUCTIONS)
def test_every_construction_is_in_the_guide(name: str) -> None:
    assert f"| `{name}` |" in guide("shallow")


@pytest.mark.parametrize("name", ["equality", "regions", "bounds", "equal", "equality-on-grid", "equality-on-cells"])
def test_every_claim_is_in_the_guide(name: str) -> None:
    assert f"`{name}`" in guide("claims")
