"""Marabou on one conjunction of rows, in a Python of its own that imports nothing of ours.

``MARABOU_PYTHON`` names a Python in which ``maraboupy`` and numpy are installed; by default it is the running one.
"""

import json
import os
import subprocess
import sys
import time
from functools import cache
from typing import Any

from tests.benchmarks.measuring import ONE_THREAD

PYTHON = os.environ.get("MARABOU_PYTHON", sys.executable)
SCRIPT = """
import json, os, sys, time, warnings
warnings.simplefilter("ignore")
from maraboupy import MarabouCore, MarabouUtils, Marabou
asked = json.load(sys.stdin)
query, known = MarabouCore.InputQuery(), []
inputs = len(asked["box"])
count = inputs + sum(len(l["bias"]) * (2 if k + 1 < len(asked["layers"]) else 1) for k, l in enumerate(asked["layers"]))
query.setNumberOfVariables(count)
for i, (low, high) in enumerate(asked["box"]):
    query.setLowerBound(i, low), query.setUpperBound(i, high), query.markInputVariable(i, i)
def add(kind, terms, scalar):
    equation = MarabouCore.Equation(kind) if kind is not None else MarabouCore.Equation()
    for a, v in terms:
        if a: equation.addAddend(a, v)
    equation.setScalar(scalar)
    query.addEquation(equation)
previous, free = list(range(inputs)), inputs
for k, layer in enumerate(asked["layers"]):
    z = list(range(free, free + len(layer["bias"]))); free += len(z)
    for row, b, v in zip(layer["weight"], layer["bias"], z):
        add(None, [*zip(row, previous), (-1.0, v)], -b)
    if k + 1 < len(asked["layers"]):
        a = list(range(free, free + len(z))); free += len(z)
        for one, other in zip(z, a):
            query.setLowerBound(other, 0.0)
            MarabouCore.addReluConstraint(query, one, other)
        previous = a
    else:
        previous = z
for i, v in enumerate(previous): query.markOutputVariable(v, i)
for row in asked["rows"]:
    add(MarabouCore.Equation.GE, list(zip(row[1:], [*range(inputs), *previous])), -row[0])
options = Marabou.createOptions(verbosity=0, timeoutInSeconds=int(asked["seconds"]), numWorkers=1)
start = time.process_time()
found = MarabouCore.solve(query, options, "")
print("\\n" + json.dumps([found[0], time.process_time() - start]))
"""


@cache
def available() -> bool:
    """Whether that Python can import Marabou."""
    found = subprocess.run([PYTHON, "-c", "import numpy, maraboupy.MarabouCore"], capture_output=True, check=False)
    return found.returncode == 0


def marabou(layers: list[Any], box: list[list[float]], rows: list[list[float]], seconds: float) -> tuple[str, float]:
    """The answer (``sat``, ``unsat`` or another word), and CPU seconds of the search; strict rows count as closed."""
    asked = json.dumps({"layers": layers, "box": box, "rows": rows, "seconds": seconds})
    start = time.perf_counter()
    environment = {**os.environ, **ONE_THREAD}
    found = subprocess.run(
        [PYTHON, "-c", SCRIPT], input=asked, capture_output=True, text=True, check=False, env=environment
    )
    if found.returncode:
        return f"fails ({found.stderr.strip().rpartition(chr(10))[2][:60]})", time.perf_counter() - start
    answer, cpu = json.loads(found.stdout.strip().rpartition("\n")[2])
    return answer, cpu
