"""The command line: options in, verdicts out; no mathematics. One module per command, imported when it is asked for."""

import signal
import sys
from importlib import import_module
from typing import Annotated

import typer

from verishallow import __version__
from verishallow.cli.deferred import DeferredCommand, announced

COMMANDS = {
    "prove": "Prove a claim, by default that a deep network equals its three-layer network, and write the certificate.",
    "shallow": "Make a three-layer network that equals a deep one, with its certificate, and say how large it is.",
    "trim": "Trim the three-layer network of a certificate to a smaller domain, or to the cells that data visit.",
    "depth": "Decide how many hidden layers a network's function needs: none, one, or more, with the reason.",
    "equal": "Decide whether two networks are one function: a certificate that they are, or a point where they differ "
    "(1).",
    "verify": "Decide a property exactly: holds (0), violated at an exact point (1), or unknown so far (3).",
    "robust": "Decide whether one class wins on a whole ball around a point: 0, an exact point (1), or unknown (3).",
    "within": "Decide whether two networks differ by at most E everywhere: 0, an exact point (1), or unknown (3).",
    "regions": "Count the regions of a network, exactly, without a proof.",
    "check": "Check a certificate, or every proof in a FOLDER: exit code 0 valid, 1 invalid, 3 incomplete.",
    "eval": "Evaluate exactly; a certificate is evaluated through its three-layer network.",
    "explain": "Explain a value (--at), a bounded domain, or all of a function as a decision tree (--tree); exactly.",
    "counterfactual": "Find the nearest point of another class, exactly, and prove that none is nearer.",
    "plot": "Draw a function of one, two or three inputs, or a slice of a larger one; exact until it is drawn.",
    "report": "Write one self-contained page: proof, sizes, picture and table of the regions, feature importance.",
    "export": "Write a certificate as something else: for a paper, or for another tool.",
    "info": "Say what a file holds; a certificate is checked first.",
}
"""The commands, each with the first sentence of its docstring, so that listing them imports none of them."""

EXAMPLES = {
    "prove": "prove proofs/iris/network.onnx --domain proofs/iris/domain.json -o iris.cert.jsonl.gz",
    "shallow": "shallow proofs/xor/network.json --compare",
    "trim": "trim proofs/iris/network.cert.jsonl.gz --domain box:[5,6]x[3,4]x[1,2]x[1/10,1] -o part.cert.jsonl.gz",
    "depth": "depth proofs/max-of-three/network.json",
    "equal": "equal proofs/absolute-value/network.json proofs/absolute-value/network.json -o same.cert.jsonl.gz",
    "verify": "verify proofs/sawtooth-3/network.json proofs/sawtooth-below-one/below-one.vnnlib -o holds.cert.jsonl.gz",
    "robust": "robust proofs/iris/network.onnx --at 5.1,3.5,1.4,0.2 --radius 1/10 -o robust.cert.jsonl.gz",
    "within": "within proofs/absolute-value/network.json proofs/absolute-value/network.json --eps 1/100 "
    "--domain box:-1,1 -o within.cert.jsonl.gz",
    "regions": "regions proofs/sawtooth-8/network.json --domain box:0,1",
    "check": "check proofs/iris/network.cert.jsonl.gz --network proofs/iris/network.onnx",
    "eval": "eval proofs/iris/network.onnx --at 5.1,3.5,1.4,0.2",
    "explain": "explain proofs/iris/network.onnx --at 5.1,3.5,1.4,0.2 --of 0",
    "counterfactual": "counterfactual proofs/iris/network.onnx --at 5.1,3.5,1.4,0.2 --to 1",
    "plot": "plot proofs/sawtooth-3/network.json --domain box:0,1 -o sawtooth.svg",
    "report": "report proofs/xor/network.json --domain box:-1,1 -o xor.html",
    "export": "export proofs/iris/network.cert.jsonl.gz --to macros -o numbers.tex",
    "info": "info proofs/iris/network.onnx",
}
"""An example of each command, on files of this repository."""

app = typer.Typer(
    help="Exact linear regions of ReLU networks, equal networks of three layers, and checkable certificates.",
    epilog="Exit codes: 0 valid, 1 invalid, 2 usage or input, 3 incomplete.",
    context_settings={"help_option_names": ["--help", "-h"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

for name, sentence in COMMANDS.items():
    app.command(name, cls=DeferredCommand, help=sentence, epilog=f"Example: verishallow {EXAMPLES[name]}")(announced)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"verishallow {__version__}")
        raise typer.Exit


@app.callback()
def _before_any_command(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options that need no command."""


def main() -> None:
    """The entry point: a request to terminate ends like Ctrl-C, so that nothing half-written stays."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if not COMMANDS.keys().isdisjoint(sys.argv[1:]):
        # What lists the commands needs no guard, and is quick to start.
        import_module("verishallow.cli.guard").guarded()
    app()
