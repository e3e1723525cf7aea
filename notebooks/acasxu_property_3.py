# %% [markdown]
# # ACAS Xu, property 3: from a file to a certificate
#
# ACAS Xu is a family of 45 networks that advise an aircraft how to turn so that it meets no other one: five inputs, six
# hidden layers of 50 neurons, five outputs, a cost for each advisory; the least cost is the advice. Property 3 is the
# best known question about them: **if the intruder is close, straight ahead and comes nearer, the network never advises
# to go on as before.** Nobody lists the activation regions of such a network. But to prove that a set of outputs is
# never reached one need not list them: most neurons are active, or inactive, on a whole box of inputs, and one lower
# bound refutes everything that is unsafe at once.
#
# The networks of ACAS Xu are not part of this project (they, and the properties, are among the benchmarks of the
# [competition VNN-COMP](https://github.com/VNN-COMP)). So the network here is a smaller one that stands for them: that
# of `proofs/collision-avoidance`, five inputs, six hidden layers of ten neurons, five costs, trained on simulated
# encounters. Everything below is done with those of ACAS Xu in the same way; what that costs is in
# `tests/benchmarks/RESULTS.md`.

# %%
import gzip
import hashlib
import json
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from gmpy2 import mpq

import verishallow
from verishallow import checker
from verishallow.read.properties.vnnlib import read_property
from verishallow.verify.single_precision import in_single_precision

plt.rcParams.update({"figure.dpi": 80, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})

network = verishallow.load("../proofs/collision-avoidance/network.onnx")
print(f"{network.inputs} inputs, widths {network.widths}")

# %% [markdown]
# ## The file
#
# A property is a file of VNN-LIB, the competition's format. Assertions say what a *counterexample* is: those about
# inputs are the domain, those about outputs are what must never happen. Here the intruder is 39,000 to 51,000 feet
# away, in front to the left, flies to the right, both are fast; without a turn they meet. Unsafe is that the cost of no
# turn, `Y_0`, is the least one, and a tie counts: `<=`.

# %%
NAMES = ("distance", "angle", "heading", "own speed", "speed")
BOX = (("0.65", "0.85"), ("0.1", "0.17"), ("-0.66", "-0.52"), ("1.0", "1.2"), ("1.0", "1.2"))


def vnnlib(box, margin="0"):
    """The property as a file of VNN-LIB; with a margin, that no turn is not even nearly the cheapest."""
    lines = [f"(declare-const X_{i} Real)" for i in range(5)] + [f"(declare-const Y_{i} Real)" for i in range(5)]
    for i, (low, high) in enumerate(box):
        lines += [f"(assert (>= X_{i} {low}))", f"(assert (<= X_{i} {high}))"]
    lines += [
        f"(assert (<= Y_0 (+ Y_{j} {margin})))" if margin != "0" else f"(assert (<= Y_0 Y_{j}))" for j in range(1, 5)
    ]
    return "\n".join(lines) + "\n"


folder = Path(tempfile.mkdtemp())
file = folder / "prop_3.vnnlib"
file.write_text(vnnlib(BOX))
print(*file.read_text().splitlines()[10:], sep="\n")

# %% [markdown]
# ## The verdict, and its certificate
#
# One call, or on the command line `verishallow verify network.onnx prop_3.vnnlib`. The certificate is a file of lines
# of JSON: the network, the property, and a tree of cells. The checker, which needs only Python's standard library and
# knows nothing of how the tree was found, goes through it in rational arithmetic and says what is proved, in words
# and numbers. That is what is to be read, and compared with what was meant.

# %%
outcome = verishallow.verify(network, file)
verdict = checker.check_lines(outcome.lines)
print("verify:", outcome.verdict)
print("checker:", verdict.kind)
for part in verdict.reason.split("; "):
    print("   ", part)

# %% [markdown]
# The tree has a few records. `halve` cuts the box in two, `sign` supposes that a neuron is active, or that it is not,
# `relax` bounds neurons anew on the smaller cell, `refuted` is a leaf: nonnegative integer weights for the rows of what
# is unsafe, and slopes of neurons, for which one bound is positive. Beside the network the certificate is small, and
# grows with the difficulty of the question and not with the number of regions. (How many leaves there are may depend on
# the machine, since floats are used to guess; that they suffice does not.)

# %% tags=["varies"]
records = [json.loads(line) for line in outcome.lines]
kinds = [record["record"] for record in records]
print({kind: kinds.count(kind) for kind in dict.fromkeys(kinds)})
tree = [line for line, kind in zip(outcome.lines, kinds, strict=True) if kind != "network"]
print(f"{outcome.leaves} leaves; gzipped: {len(gzip.compress(b''.join(outcome.lines), mtime=0)):,} bytes,", end=" ")
print(f"without the network {len(gzip.compress(b''.join(tree), mtime=0)):,}")
print(f"found in {outcome.seconds:.2f} s")

# %% [markdown]
# A certificate does not have to be believed, and neither has the program that wrote it. Whoever changes one number of
# the claim in it, without a proof of what it says then, gets another verdict. Here the box is made wider by hand, and
# the hash at the end of the file is computed anew, so that only the mathematics is in the way.

# %% tags=["varies"]
header = json.loads(outcome.lines[0])
widened = next(row for row in header["domain"] if row[2] != "0")
print("a row of the domain:", widened)
widened[0] = str(int(widened[0]) + 100)
forged = [json.dumps(header, sort_keys=True, separators=(",", ":")).encode() + b"\n", *outcome.lines[1:-1]]
end = {**json.loads(outcome.lines[-1]), "sha256": hashlib.sha256(b"".join(forged)).hexdigest()}
forged.append(json.dumps(end, sort_keys=True, separators=(",", ":")).encode() + b"\n")
print("the checker on the forged file:", checker.check_lines(forged))

# %% [markdown]
# The picture shows what sampling sees: how much more than the cheapest advice no turn costs, at one distance and one
# pair of speeds. The property says that this is positive in the rectangle; the certificate, that it is at each of its
# points, and at all other distances and speeds of the file.

# %%
LAYERS = [(np.array(layer.weight, dtype=float), np.array(layer.bias, dtype=float)) for layer in network.layers]


def in_floats(points, kind=np.float64):
    """The network as it is usually run, in floating point."""
    values = np.asarray(points, dtype=kind)
    for number, (weight, bias) in enumerate(LAYERS):
        values = values @ weight.T.astype(kind) + bias.astype(kind)
        values = np.maximum(values, 0) if number + 1 < len(LAYERS) else values
    return values


def lead(costs):
    """How much more no turn costs than the cheapest turn; unsafe where this is not positive."""
    return costs[..., 0] - costs[..., 1:].min(axis=-1)


angles, headings = np.meshgrid(np.linspace(0, 0.3, 200), np.linspace(-0.9, -0.3, 200))
points = np.stack([np.full_like(angles, 0.75), angles, headings, *[np.full_like(angles, 1.05)] * 2], axis=-1)
figure, axes = plt.subplots(figsize=(6, 3.8))
shown = axes.pcolormesh(angles, headings, lead(in_floats(points)), cmap="RdBu", vmin=-6, vmax=6)
axes.contour(angles, headings, lead(in_floats(points)), levels=[0], colors="k", linewidths=0.8)
(left, right), (low, high) = ([float(a) for a in side] for side in BOX[1:3])
axes.plot([left, right, right, left, left], [low, low, high, high, low], "k-", lw=2)
axes.set(
    xlabel="angle to the intruder, 180 degrees",
    ylabel="its heading, 180 degrees",
    title="cost of no turn, less the cheapest turn",
)
figure.colorbar(shown)
plt.show()

# %% [markdown]
# ## Where it does not hold
#
# With slower aircraft, from 900 feet a second, it does not hold. The answer is a point of rational numbers in the box,
# at which the network was evaluated exactly; it has a certificate too, which says nothing but that point, and which the
# checker evaluates again. Beside it stands what the network computes in float32, at the nearest float32 numbers.

# %%
slower = folder / "slower.vnnlib"
slower.write_text(vnnlib((*BOX[:3], ("0.9", "1.2"), ("0.9", "1.2"))))
violated = verishallow.verify(network, slower)
print("verify:", violated.verdict, "- checker:", checker.check_lines(violated.lines).kind)
costs = network(violated.point)
print("evaluated again, exactly the same:", costs == violated.outputs)
print("no turn is the cheapest:", costs[0] <= min(costs[1:]))
asked = read_property(str(slower))
print("in the box:", asked.domain.contains(violated.point))
single = in_single_precision([network], asked, violated.point)
print("in float32 a violation too:", single.conjunction is not None, "- inside of the box:", single.inside)

# %% [markdown]
# ## Why a float verdict is none
#
# **A counterexample outside its box.** The side 0.85 of the box is a decimal number, and no float. The nearest float32
# is greater, so a tool that works in float32 has another box, and may find a counterexample that is not in the one
# that was asked about. To see it, ask whether the input itself can exceed 0.85 by a hundred-millionth.

# %%
identity = verishallow.ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])
at_most = folder / "at_most.vnnlib"
at_most.write_text(
    "(declare-const X_0 Real)\n(declare-const Y_0 Real)\n"
    "(assert (>= X_0 0))\n(assert (<= X_0 0.85))\n(assert (>= Y_0 0.85000001))\n"
)
side = np.float32("0.85")
print("the nearest float32 to 0.85:", mpq(float(side)), f"= {float(side):.12f}")
print("a float32 tool's counterexample:", bool(np.maximum(side, np.float32(0)) >= np.float32("0.85000001")))
print("is it in the box?", mpq(float(side)) <= mpq(85, 100))
exact = verishallow.verify(identity, at_most)
print("exactly:", exact.verdict, "- checker:", checker.check_lines(exact.lines).kind)

# %% [markdown]
# This is no curiosity. Of 362 counterexamples for ACAS Xu that tools handed in at VNN-COMP 2025, evaluated in
# rationals, 47 lie outside the box, and 20 are not unsafe at all.
#
# **A tie.** Two outputs, $\frac1{10} x + \frac2{10} x$ and $\frac3{10} x$, are the same function. That the first is
# never greater is true; that it is never greater *or equal* is false at every point. Floats say that it is greater.

# %%
tie = verishallow.ReLUNetwork.of([([[1], [1], [1]], [0, 0, 0]), ([["1/10", "2/10", 0], [0, 0, "3/10"]], [0, 0])])
print("in floats, at 1: 0.1 + 0.2 > 0.3 is", 0.1 + 0.2 > 0.3)
greater = verishallow.verify(tie, lambda _, y: y[0] > y[1], "box:0,1")
print("never y_0 > y_1: ", greater.verdict, "- checker:", checker.check_lines(greater.lines).kind)
equal = verishallow.verify(tie, lambda _, y: y[0] >= y[1], "box:0,1")
print("never y_0 >= y_1:", equal.verdict, "- y_0 = y_1 =", *map(str, set(equal.outputs)), "at x =", str(equal.point[0]))

# %% [markdown]
# No tolerance mends that: with one, questions are answered wrongly wherever a difference is less than it, and without
# one, wherever rounding is more. Whether a row is strict is part of the claim, and of what the checker compares.
#
# ## What a certificate does not say
#
# **It is about real arithmetic.** The function that is certified has the weights of the file, which are exact, and no
# rounding. A network that is run in float32 rounds after each operation, in an order that depends on the library. How
# far is that from the exact function here?

# %%
rng = np.random.default_rng(0)
lows, highs = np.array(BOX, dtype=float).T
sample = (lows + (highs - lows) * rng.random((200, 5))).astype(np.float32)
truths = [network([mpq(float(a)) for a in point]) for point in sample]
computed = in_floats(sample, np.float32)
error = max(
    abs(mpq(float(a)) - b) for row, exact in zip(computed, truths, strict=True) for a, b in zip(row, exact, strict=True)
)
print("float32 and exact costs differ at these 200 points by less than 1/100,000:", error < mpq(1, 100_000))
print("and somewhere by more than 0:", error > 0)

# %% [markdown]
# So prove more than is needed: that no turn is not the cheapest *even with a margin*. With a margin of 1/1000 the
# property still holds, and whoever knows that their arithmetic errs by less than half of it has the property for the
# program that runs, too. The margin is proved; the bound of the errors is not part of it, and 200 points are no proof.

# %%
with_margin = folder / "margin.vnnlib"
with_margin.write_text(vnnlib(BOX, "0.001"))
more = verishallow.verify(network, with_margin)
print("with a margin of 1/1000:", more.verdict, "- checker:", checker.check_lines(more.lines).kind)

# %% [markdown]
# **It is about this box.** Outside of it nothing is said, and inside of it nothing but what the file says: not that the
# advice is a good one, nor that sensors measure what the network reads, nor that the aircraft follows.
#
# **It is about this network.** Its weights are in the certificate, with their hash; `verishallow check CERT --network
# network.onnx --property prop_3.vnnlib` compares both with the files at hand, and with another one fails.
#
# ## With the networks of ACAS Xu
#
# With the files of the competition the same commands are
#
# ```
# verishallow verify ACASXU_run2a_1_1_batch_2000.onnx prop_3.vnnlib -o prop_3.cert.jsonl.gz
# verishallow check prop_3.cert.jsonl.gz
# ```
#
# and `verishallow verify --instances instances.csv --folder OUT` decides all of them, in an order that it can be
# stopped in. `python -m tests.benchmarks verify` measures seconds and bytes for those that are at hand.
