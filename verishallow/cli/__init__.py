"""The command line: options in, verdicts out; no mathematics. One module a command."""

import signal
import sys
from collections.abc import Callable

import typer

from verishallow.cli.check import check
from verishallow.cli.counterfactual import counterfactual
from verishallow.cli.depth import depth
from verishallow.cli.equal import equal
from verishallow.cli.evaluate import evaluate
from verishallow.cli.explain import explain
from verishallow.cli.export import export
from verishallow.cli.info import info
from verishallow.cli.plot import plot
from verishallow.cli.prove import prove
from verishallow.cli.regions import regions
from verishallow.cli.report import report
from verishallow.cli.reporting import reporting
from verishallow.cli.shallow import shallow
from verishallow.cli.trim import trim

COMMANDS: dict[str, Callable[..., int]] = {
    "prove": prove,
    "shallow": shallow,
    "trim": trim,
    "depth": depth,
    "equal": equal,
    "regions": regions,
    "check": check,
    "eval": evaluate,
    "explain": explain,
    "counterfactual": counterfactual,
    "plot": plot,
    "report": report,
    "export": export,
    "info": info,
}

app = typer.Typer(
    help="Exact linear regions of ReLU networks, their three-layer twins, and checkable certificates.",
    epilog="Exit codes: 0 valid, 1 invalid, 2 usage or input, 3 incomplete.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for name, command in COMMANDS.items():
    app.command(name)(reporting(command))


def main() -> None:
    """The entry point: a request to terminate ends like Ctrl-C, so that nothing half-written stays."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    app()
