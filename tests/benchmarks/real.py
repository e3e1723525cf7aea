"""Table 4: networks that others made, and those of proofs/, end to end: read, proved, written, checked."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.measuring import number, table
from tests.benchmarks.networks import SHARED

PROOFS = Path(__file__).resolve().parents[2] / "proofs"
TWO = ("--jobs", "2")
FAR, NEAR = "60760,0,3.141593,600,600", "0,0,3.141593,600,600"


@dataclass(frozen=True)
class RealCase:
    """One run of ``verishallow prove``: a network, where it is asked about, and the options that say so."""

    path: Path
    where: str
    options: tuple[str, ...]
    label: str = ""

    def row(self, certificate: Path) -> list[str]:
        found = proved(self, certificate)
        units = found["units"]
        return [
            self.label or self.path.name,
            self.where,
            *(number(found[name]) for name in ("activation_regions", "affine_pieces", "linear_regions", "faces")),
            f"{units['layer1']:,} and {units['layer2']:,}",
            f"{certificate.stat().st_size / 1e6:,.1f}",
            seconds(found["proof_seconds"]),
            seconds(found["check_seconds"]),
        ]


def proved(case: RealCase, certificate: Path) -> dict[str, Any]:
    """What the command says in JSON; every row is valid, or there is no table."""
    command = [sys.executable, "-m", "verishallow.cli", "prove", str(case.path), *case.options]
    finished = subprocess.run([*command, "-o", str(certificate), "--json"], capture_output=True, text=True, check=False)
    if finished.returncode != os.EX_OK:
        raise RuntimeError(f"{case.path.name}, {case.where}: {finished.stderr or finished.stdout}")
    found: dict[str, Any] = json.loads(finished.stdout)
    return found


def seconds(value: float) -> str:
    """Their size: a machine has other work."""
    return "under 1" if value < 1 else f"{value:.0f}"


def on_box(name: str, box: str, *options: str) -> RealCase:
    """A published network on a box."""
    return RealCase(SHARED / name, f"box:{box}", ("--domain", f"box:{box}", *options))


def kept_proof(folder: str, where: str) -> RealCase:
    """A network of the library of proofs, on its slice."""
    files = PROOFS / folder
    options = ("--slice", str(files / "slice.json"), "--domain", str(files / "domain.json"))
    return RealCase(files / "network.onnx", where, options, f"proofs/{folder}")


# Inputs of the .onnx: distance, angle, heading, own speed, intruder's speed, each normalised as its .nnet says.
ACAS = SHARED / "acasxu_1_1.onnx"
ACAS_PLANE = ("--plane", "-0.33,-0.5,0,0.5,0.5", "0.68,-0.5,0,0.5,0.5", "-0.33,0.5,0,0.5,0.5")
ACAS_PART = ("--plane", "-0.33,-0.25,0,0.5,0.5", "-0.2,-0.25,0,0.5,0.5", "-0.33,-0.125,0,0.5,0.5")

QUICK = (
    on_box("tll_n2_m8_0.onnx", "-2,2"),
    on_box("tll_n2_m8_1.onnx", "-2,2"),
    on_box("lindex.onnx", "-1,1"),
    on_box("fc_2x25x25x25x2.onnx", "-1,1"),
    RealCase(SHARED / "fc_2x25x25x25x2.onnx", "R^2", ()),
    RealCase(
        SHARED / "acasxu_1_1.nnet", "a line: head on, from 60,760 feet to 0", ("--normalised", "--line", FAR, NEAR)
    ),
    kept_proof("digits", "a plane: mixtures of three images"),
    kept_proof("digits-convolution", "a plane: mixtures of three images"),
    kept_proof("collision-avoidance", "a plane: distance and angle"),
)
SLOWER = (
    on_box("vdp.onnx", "-1,1"),
    RealCase(ACAS, "a plane: an eighth of the distances, an eighth of the angles", (*ACAS_PART, *TWO)),
    on_box("acasxu_1_1.onnx", "-1/50,1/50", *TWO),
)
SLOWEST = (RealCase(ACAS, "a plane: all distances, all angles", (*ACAS_PLANE, *TWO)),)

HEADS = (
    "network",
    "where",
    "activation regions",
    "affine pieces",
    "linear regions",
    "signed faces",
    "units in layers 1 and 2",
    "certificate, MB",
    "proof, s",
    "check, s",
)


def report(repeat: int, quick: bool, full: bool = False) -> Iterator[str]:  # noqa: ARG001 - all tables take these
    """One run each."""
    cases = (*QUICK, *(() if quick else SLOWER), *(SLOWEST if full else ()))
    yield NOTES
    yield from table(HEADS, rows(cases))


def rows(cases: Iterable[RealCase]) -> Iterator[list[str]]:
    """The rows of cases whose networks are there; certificates are deleted, for some are large."""
    with TemporaryDirectory() as folder:
        certificate = Path(folder) / "network.cert.jsonl.gz"
        for case in cases:
            if case.path.exists():
                yield case.row(certificate)
                certificate.unlink()


NOTES = """\
Each row is one run of `verishallow prove`, boundary exact, to the verdict valid. Networks that are not of proofs/ are
those of VNN-COMP 2022 and of Marabou's tests; acasxu_1_1 has 5 inputs and 6 x 50 neurons, and its .onnx runs with two
processes. Seconds by the clock: their size, not a measurement.
"""
