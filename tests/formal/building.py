"""The formal development, compiled once for all tests that need it, in whatever processes they run."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORMAL = ROOT / "proofs" / "formal"
PROGRAMS = ("make", "coqc", "coqchk", "ocamlfind")
PACKAGES = ("zarith", "zip", "sha")
"""Of OCaml; camlzip is named zip in Debian, and either name finds it."""

EXIT_CODES: Mapping[str, int] = {"valid": 0, "invalid": 1, "unsupported": 2, "incomplete": 3}


@dataclass(frozen=True)
class Development:
    """The folder into which proofs/formal was compiled."""

    folder: Path

    def verdict(self, certificate: Path) -> tuple[str, str]:
        """The verified checker's answer about a file: its first word, and what it says further."""
        ran = subprocess.run([self.folder / "verified_check", certificate], capture_output=True, text=True, check=False)
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


def missing() -> list[str]:
    """What the development needs and is not here: programs, and packages of OCaml."""
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
