"""The formal development, compiled once for all tests that need it, in whatever processes they run."""

import fcntl
import os
import resource
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORMAL = ROOT / "proofs" / "formal"
PROGRAMS = ("make", "coqc", "coqchk", "ocamlfind")
PACKAGES = ("zarith", "zip", "sha")
"""Packages of OCaml; camlzip is named zip in Debian, and either name finds it."""

EXIT_CODES: Mapping[str, int] = {"valid": 0, "invalid": 1, "unsupported": 2, "no verdict": 2, "incomplete": 3}


@dataclass(frozen=True)
class Development:
    """The folder into which proofs/formal was compiled."""

    folder: Path

    def verdict(self, certificate: Path, *options: str, limits: Mapping[int, int] | None = None) -> tuple[str, str]:
        """What the verified checker says of a file, within limits of the kernel: its first word, and the rest."""
        command = [str(self.folder / "verified_check"), *options, str(certificate)]
        ran = subprocess.run(
            command, capture_output=True, text=True, check=False, preexec_fn=partial(_limited, limits or {})
        )
        word, _, rest = ran.stdout.rstrip("\n").partition(": ")
        assert ran.returncode == EXIT_CODES.get(word), (certificate, ran)
        return word, rest

    def coqc(self, source: Path) -> subprocess.CompletedProcess[str]:
        """What Coq says about a file that rests on the development."""
        command = ["coqc", "-q", "-Q", str(self.folder), "Verishallow", source.name]
        return subprocess.run(command, cwd=source.parent, capture_output=True, text=True, check=False)

    def coqchk(self) -> str:
        """``make check``, which is silent, aloud: Coq's small checker reads the compiled proofs again."""
        command = ["coqchk", "-o", "-Q", ".", "Verishallow", "Verishallow.Assumptions"]
        ran = subprocess.run(
            command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout[-2000:]
        return ran.stdout


def _limited(limits: Mapping[int, int]) -> None:
    for kind, size in limits.items():
        resource.setrlimit(kind, (size, resource.getrlimit(kind)[1]))


def missing() -> list[str]:
    """What the development needs and is not installed: programs, and packages of OCaml."""
    absent = [program for program in PROGRAMS if not shutil.which(program)]
    return absent or [package for package in PACKAGES if not _has(package)]


def _has(package: str) -> bool:
    return subprocess.run(["ocamlfind", "query", package], capture_output=True, check=False).returncode == 0


def built(shared: Path) -> Development:
    """The development in a folder; the first process to come compiles it, the others wait."""
    folder = shared / "formal"
    with (shared / "formal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make(folder)
    return Development(folder)


def make(folder: Path) -> None:
    """``make`` in proofs/formal, with all that is made elsewhere."""
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    ran = subprocess.run(
        ["make", "-C", FORMAL, f"OUT={folder}"], capture_output=True, text=True, check=False, env=environment
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
