# %% [markdown]
# # Sizes of all constructions, side by side
#
# Every deep ReLU network equals one of two hidden layers. *How wide does it get* has no single answer: it depends on
# how the shallow network is made. verishallow knows several ways, and proves each network equal to the deep one.
#
# | construction | its units belong to | weights -inf | equality |
# |---|---|---|---|
# | `cells` | activation regions and their signed faces | yes | everywhere |
# | `merge` | convex pieces on which the function is affine, whatever its neurons do | yes | everywhere |
# | `gated` | cells of all hidden layers but the last two, whose neurons are units | from three layers on | everywhere |
# | `quantised` | activation regions; gates of one finite weight | no | at the points of a grid |
# | `one-hidden` | kinks along whole hyperplanes, where there are no others | no | everywhere |
# | `finite` | kinks and vertices, for one input or two | no | everywhere |
#
# All counts below are exact, and each network has a certificate that the stand-alone checker has found valid.

# %%
import json
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np
from gmpy2 import mpq
from typer.testing import CliRunner

import verishallow
from verishallow.cli import app
from verishallow.read.network_json import network_to_json

plt.rcParams.update({"figure.dpi": 80, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})


def random_network(widths, seed=0):
    rng, layers = np.random.default_rng(seed), []
    for columns, rows in pairwise(widths):
        weight = np.round(rng.standard_normal((rows, columns)) * 64 / np.sqrt(columns)).astype(int)
        bias = np.round(rng.standard_normal(rows) * 32).astype(int)
        layers.append(([[mpq(int(a), 64) for a in row] for row in weight], [mpq(int(b), 64) for b in bias]))
    return verishallow.ReLUNetwork.of(layers)


def verishallow_says(*command):
    """The answer of a command, `verishallow ... --json`."""
    return json.loads(CliRunner().invoke(app, [*command, "--json"], catch_exceptions=False).stdout)


def compared(network, *options):
    """What `verishallow shallow NETWORK --compare` says, by construction."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "network.json")
        path.write_text(json.dumps(network_to_json(network)))
        answer = verishallow_says("shallow", str(path), "--compare", *options)
    return answer["deep"], {row["construction"]: row for row in answer["constructions"]}


# %% [markdown]
# ## One network, all constructions
#
# Two inputs, three hidden layers of eight neurons, on the square [-1, 1]². For `quantised`, multiples of 1/255.


# %%
def show(network, *options):
    deep, rows = compared(network, *options)
    print(f"deep: {deep['neurons']} neurons, {deep['nonzeros']} weights\n")
    print("construction  leaves   layer 1   layer 2   weights      -inf")
    for name, row in rows.items():
        if "refused" in row:
            print(f"{name:12}  does not apply: {row['refused'][:84]}")
        else:
            units = row["units"]
            print(
                f"{name:12} {row['leaves']:7} {units['layer1']:9} {units['layer2']:9} "
                f"{row['nonzeros']:9} {row['infinite_weights']:9}"
            )


DEEP = random_network([2, 8, 8, 8, 1])
show(DEEP, "--domain", "box:-1,1", "--grid", "1/255")

# %% [markdown]
# With `--units one` a face has one unit per output instead of two, where the outputs are bounded below, as they are on
# every bounded domain: `ReLU(F - low)` is never negative, and `low` is added once.

# %%
show(DEEP, "--domain", "box:-1,1", "--units", "one")

# %% [markdown]
# What pays depends on the network. `gated` cells are those of one hidden layer here, and each has a unit for every
# neuron of the last layer. `merge` needs few leaves where many neurons cancel, and more than `cells` where the pieces
# of a generic function are not convex. `quantised` and `finite` have no infinite weight at all: they are ordinary
# networks that any framework trains. With two hidden layers `gated` gives the network itself back, with no gate.

# %%
show(random_network([2, 8, 8, 1]), "--domain", "box:-1,1", "--grid", "1/255")

# %% [markdown]
# Two neurons that cancel, and one that stays: three activation regions, two pieces, one hidden layer.

# %%
CANCELLING = verishallow.ReLUNetwork.of([([[1], [3], [3]], [0, 1, 1]), ([[1, 5, -5]], [0])])
show(CANCELLING, "--domain", "box:-1,1", "--grid", "1/255")

# %% [markdown]
# ## Growth over width and depth

# %%
WIDTHS, DEPTHS = (4, 6, 8), (1, 2, 3)
NAMES = ("cells", "gated", "quantised", "finite")
found = {}
print("hidden  neurons   weights    " + "".join(f"{name:>12}" for name in NAMES) + "    (units of both layers)")
for depth in DEPTHS:
    for width in WIDTHS:
        deep, rows = compared(random_network([2] + [width] * depth + [1]), "--domain", "box:-1,1", "--grid", "1/255")
        found[depth, width] = {name: sum(rows[name]["units"].values()) for name in NAMES}
        counts = "".join(f"{found[depth, width][name]:12}" for name in NAMES)
        print(f"{depth} x {width:2} {deep['neurons']:8} {deep['nonzeros']:9}    {counts}")

# %%
figure, axes = plt.subplots(1, 3, figsize=(10, 3.2), sharey=True)
for depth, axis in zip(DEPTHS, axes, strict=True):
    for name in NAMES:
        axis.loglog(WIDTHS, [found[depth, width][name] for width in WIDTHS], "o-", label=name)
    axis.loglog(WIDTHS, [depth * width for width in WIDTHS], "k:", label="the deep network")
    axis.set(title=f"{depth} hidden layer{'s' * (depth > 1)}", xlabel="width", xticks=WIDTHS, xticklabels=WIDTHS)
    axis.minorticks_off()
axes[0].set(ylabel="units")
axes[0].legend(frameon=False, fontsize=7)
figure.tight_layout()
plt.show()

# %% [markdown]
# No shallow network saves anything here, but for those that are the deep network itself: depth is compact, and
# flatness is paid for in units. `python -m tests.benchmarks sizes` counts larger networks, and times proofs and checks.
#
# ## For one purpose only
#
# Who needs the network for certain data only keeps the cells that these visit. `verishallow trim` does so; the
# certificate then claims equality on those half-open cells, and says so. Sixty points near the diagonal:

# %%
with TemporaryDirectory() as folder:
    path, whole, trimmed = (Path(folder, name) for name in ("network.json", "whole.gz", "trimmed.gz"))
    path.write_text(json.dumps(network_to_json(DEEP)))
    rng = np.random.default_rng(1)
    along = rng.uniform(-1, 1, 60)
    np.save(Path(folder, "data.npy"), np.clip(np.c_[along, along + rng.normal(0, 0.05, 60)], -1, 1))
    for command in (
        ["shallow", str(path), "--domain", "box:-1,1", "-o", str(whole)],
        ["trim", str(whole), "--data", str(Path(folder, "data.npy")), "-o", str(trimmed)],
    ):
        answer = verishallow_says(*command)
        print(f"{command[0]:8} {answer['leaves']:3} leaves, {answer['units']['layer2']:4} units in layer 2")
        print(f"         {answer['reason'].partition('; D =')[0]}")
