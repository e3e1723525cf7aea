"""What ``help``, ``dir``, ``repr`` and a notebook show of the package."""

import re
import subprocess
import sys
from collections import Counter

import pytest

import verishallow
from tests.face.wrong_arguments import CERTIFICATE
from verishallow.checker import Verdict
from verishallow.displayed import show_in_ipython
from verishallow.show.notebook import html_of

INVALID = Verdict("invalid", "line 4: expected a leaf")


def test_the_docstring_groups_every_public_name_once() -> None:
    _, _, table = (verishallow.__doc__ or "").partition("| I want to | names |\n|---|---|\n")
    rows, _, _ = table.partition("\n\n")
    found = Counter(re.findall(r"`(\w+)`", rows))
    assert found == Counter(verishallow.__all__)


def test_help_shows_that_table() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import verishallow; help(verishallow)"], capture_output=True, text=True, check=True
    )
    assert "| draw | `plot`, `plot_graph`" in done.stdout


def test_a_verdict_is_one_line() -> None:
    assert repr(INVALID) == "<Verdict invalid: line 4: expected a leaf>"
    assert re.fullmatch(r"<Verdict valid: f\(x\) = S\(x\) for all x in D; .*>", repr(CERTIFICATE.check()))


def test_a_verdict_has_a_card() -> None:
    valid, invalid = html_of(CERTIFICATE.check()), html_of(INVALID)
    assert valid is not None
    assert invalid is not None
    assert "<tr><th>verdict</th><td>valid</td></tr><tr><th>proved</th>" in valid
    assert "<tr><th>construction</th><td>cells</td></tr>" in valid
    assert "<tr><th>verdict</th><td>invalid</td></tr><tr><th>reason</th><td>line 4: expected a leaf</td>" in invalid


def test_ipython_shows_the_card_although_the_checker_imports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ipython, formatters = pytest.importorskip("IPython"), pytest.importorskip("IPython.core.formatters")

    class Shell:
        display_formatter = formatters.DisplayFormatter()

    monkeypatch.setattr(ipython, "get_ipython", Shell)
    show_in_ipython("verishallow.checker.judge", "Verdict")
    shown, _ = Shell.display_formatter.format(INVALID)
    assert shown == {"text/plain": repr(INVALID), "text/html": html_of(INVALID)}


def test_a_session_of_ipython_shows_it_once_the_package_is_imported() -> None:
    pytest.importorskip("IPython")
    program = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "import verishallow\n"
        "print(shell.display_formatter.format(verishallow.Verdict('invalid', 'why'))[0]['text/html'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("<div><table><tr><th>verdict</th><td>invalid</td>")
