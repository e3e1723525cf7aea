"""Running the command line inside a test, and reading what it prints."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from tests.examples import Layers
from verishallow.cli import app
from verishallow.network import ReLUNetwork
from verishallow.read.network_json import network_to_json


def network_text(layers: Layers) -> str:
    return json.dumps(network_to_json(ReLUNetwork.of(layers)))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def facts_of(result: Result) -> dict[str, Any]:
    assert result.stderr == ""
    facts: dict[str, Any] = json.loads(result.stdout)
    return facts


def plain(result: Result) -> dict[str, str]:
    """The rows of the printed table."""
    rows = (line.strip().partition("  ") for line in result.stdout.splitlines() if line.startswith("  "))
    return {name: value.strip() for name, _, value in rows}
