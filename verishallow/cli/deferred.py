"""Commands that are imported when they are called, so that listing them imports nothing that they need."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand
from typer.main import get_command

FUNCTIONS = {"eval": "evaluate"}
"""Functions, and their modules, whose name differs from their command's."""


class DeferredCommand(TyperCommand):
    """A command known by its name and one sentence; the command itself, once imported, reads its arguments."""

    def make_context(self, info_name: str | None, *arguments: Any, **options: Any) -> Any:
        """The context of the command itself, which runs it, shows its help, or refuses its arguments."""
        return _command_itself(str(self.name), self.epilog).make_context(info_name, *arguments, **options)


def announced() -> None:
    """A placeholder for a command until it is imported; never called, and without parameters."""


def function_named(name: str) -> Callable[..., int]:
    """The function of a command, imported from the command's module in this package."""
    called = FUNCTIONS.get(name, name)
    function: Callable[..., int] = getattr(import_module(f"verishallow.cli.{called}"), called)
    return function


def _command_itself(name: str, epilog: str | None) -> Any:
    # The module that reports results imports certificates and domains.
    reporting = import_module("verishallow.cli.reporting").reporting
    alone = typer.Typer(add_completion=False)
    alone.command(name, epilog=epilog)(reporting(function_named(name)))
    return get_command(alone)
