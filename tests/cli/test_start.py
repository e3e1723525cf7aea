"""How a command starts: what it imports, and what is said of commands before any of them is imported."""

import json
import os
import re
import subprocess
import sys
from inspect import getdoc
from pathlib import Path

import pytest

import verishallow
from tests.cli.command_line import run
from verishallow import cli
from verishallow.cli import COMMANDS, EXAMPLES
from verishallow.cli.deferred import function_named

ROOT = Path(__file__).resolve().parents[2]

HEAVY = ("cdd", "flint", "gmpy2", "matplotlib", "numpy", "onnx", "sympy")

each_command = pytest.mark.parametrize("command", COMMANDS)


def imported(*arguments: str) -> set[str]:
    """The names of all modules that a command has imported when it ends."""
    program = (
        "import atexit, json, sys; from verishallow.cli import main\n"
        "atexit.register(lambda: print(json.dumps(list(sys.modules)), file=sys.stderr)); main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program, *arguments]
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    names: list[str] = json.loads(finished.stderr.splitlines()[-1])
    return set(names)


def heavy(modules: set[str]) -> set[str]:
    return modules.intersection(HEAVY)


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",), ("--version",)], ids=" ".join)
def test_what_needs_no_command_imports_none(arguments: tuple[str, ...]) -> None:
    modules = imported(*arguments)
    assert {name for name in modules if name.startswith("verishallow.")} == {
        "verishallow.cli",
        "verishallow.cli.deferred",
        "verishallow.displayed",
    }
    assert heavy(modules) == set()


def test_an_unknown_command_imports_none() -> None:
    assert heavy(imported("chek")) == set()


@pytest.mark.parametrize("command", ["check", "info"])
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["as a table", "as JSON"])
def test_a_certificate_is_checked_without_readers_and_engines(
    folder: Path, command: str, options: tuple[str, ...]
) -> None:
    modules = imported(command, str(folder / "cert"), *options)
    assert "verishallow.fast_checker" in modules
    assert modules.isdisjoint({"sympy", "onnx", "numpy", "matplotlib", "verishallow.proof", "rich"})


def test_the_readers_that_a_network_needs_are_imported(folder: Path) -> None:
    assert "numpy" in imported("regions", str(folder / "net.json"))


@each_command
def test_the_sentence_of_a_command_is_the_first_of_its_docstring(command: str) -> None:
    first, *_ = re.split(r"(?<=[.])\s", getdoc(function_named(command)) or "", maxsplit=1)
    assert COMMANDS[command] == first


def test_every_command_is_in_the_table() -> None:
    sources = Path(cli.__file__).parent.glob("*.py")
    called = [re.match(r'"""``verishallow (\w+)``', source.read_text(encoding="utf-8")) for source in sources]
    assert sorted(match[1] for match in called if match) == sorted(COMMANDS)


@each_command
def test_a_command_shows_its_own_help(command: str) -> None:
    short, long = run(command, "-h"), run(command, "--help")
    assert (short.exit_code, short.stdout) == (0, long.stdout)
    assert all(option in short.stdout for option in ("--json", "Usage: ", f" {command} [OPTIONS]"))


def test_the_list_of_commands_names_each_with_its_sentence() -> None:
    short, long = run("-h"), run("--help")
    assert (short.exit_code, short.stdout) == (0, long.stdout)
    text = " ".join(short.stdout.replace("│", " ").split())
    assert all(f"{name} {sentence}" in text for name, sentence in COMMANDS.items())


def test_the_version_is_that_of_the_package() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"verishallow {verishallow.__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("chek", "cert"), "No such command 'chek'. Did you mean 'check'?"),
        (("check",), "Missing argument 'CERT|FOLDER'."),
        (("check", "cert", "--net", "net.json"), "No such option: --net"),
    ],
    ids=["an unknown command", "no argument", "an unknown option"],
)
def test_wrong_usage_has_its_exit_code_and_says_what_is_meant(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.replace("│", " ").split())


@each_command
def test_the_example_of_a_command_runs(command: str, tmp_path: Path) -> None:
    (tmp_path / "proofs").symlink_to(ROOT / "proofs")
    words = EXAMPLES[command].split()
    program = [sys.executable, "-m", "verishallow.cli", *words]
    finished = subprocess.run(
        program, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (words[0], finished.returncode, finished.stderr) == (command, 0, "")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("verishallow pr", "prove"), ("verishallow prove --dom", "--domain"), ("verishallow counterf", "counterfactual")],
)
def test_the_shell_completes_commands_and_their_options(typed: str, offered: str) -> None:
    asked = {"_VERISHALLOW_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    command = [sys.executable, "-c", "from verishallow.cli import app; app(prog_name='verishallow')"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **asked}
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert offered in finished.stdout.split()
