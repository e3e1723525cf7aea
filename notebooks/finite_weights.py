# %% [markdown]
# # Finite weights in the plane, trained further
#
# The theorem of Villani & Schoots (arXiv 2306.11827) makes any deep ReLU network shallow, at a price that the paper
# names itself: some weights of the shallow network are infinite, so that it *cannot be fine-tuned by gradient
# descent*. For two inputs that price need not be paid. Here the same function gets two hidden layers and finite
# weights alone, with a proof; the result is written as an ordinary torch module, and trained on.

# %%
import json
import runpy
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np
import torch
from gmpy2 import mpq

import verishallow
from verishallow.claims.finite import finite
from verishallow.read.domains.usable_domain import usable_domain
from verishallow.regions.kinks import kinks
from verishallow.write import export

plt.rcParams.update({"figure.dpi": 80, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})


def random_network(widths, seed):
    rng, layers = np.random.default_rng(seed), []
    for columns, rows in pairwise(widths):
        weight = np.round(rng.standard_normal((rows, columns)) * 64 / np.sqrt(columns)).astype(int)
        bias = np.round(rng.standard_normal(rows) * 32).astype(int)
        layers.append(([[mpq(int(a), 64) for a in row] for row in weight], [mpq(int(b), 64) for b in bias]))
    return verishallow.ReLUNetwork.of(layers)


deep = random_network([2, 6, 6, 6, 1], seed=4)
domain = usable_domain("box:-2,2", 2)

# %% [markdown]
# ## The same function, twice
#
# First the three-layer network of the paper, made of all regions with their signed faces; then one made of the
# *kinks* of the function: the edges along which its gradient jumps. Both certificates are checked by the same
# stand-alone program.

# %%
cells = verishallow.prove(deep, domain)
smooth = verishallow.prove(deep, domain, claim=finite(deep, domain))
for name, certificate in (("cells", cells), ("finite", smooth)):
    units, infinite = certificate.counts["units"], certificate.shallow.layer2.infinite_weights()
    print(f"{name:6}  {units['layer1']:4} + {units['layer2']:5} units, {infinite:6} infinite weights:", end=" ")
    print(certificate.check().kind)

# %% [markdown]
# ## How it is made
#
# An edge with direction d whose gradient jump is $c\,\mathrm{rot}(d)$ gives its ends a ray each: (d, c) to the one,
# (d, -c) to the other. Rays of one vertex and direction add up, so that a line that goes straight on through a vertex
# leaves nothing there. Each ray that is left becomes one convex term $c\,\max(0, a, b)$, three rays that meet in the
# vertex, and $\max(0, a, b) = \mathrm{ReLU}(a + \mathrm{ReLU}(b - a))$ takes one neuron in each layer. What the terms
# of a vertex leave on the vertical through it is one more ReLU. That the kinks of the sum are those of the network,
# stretch by stretch, is what the certificate proves.

# %%
edges = kinks(deep, domain)
figure, axes = plt.subplots(figsize=(4.5, 4.2))
grid = np.linspace(-2, 2, 61)
heights = np.array([[float(deep([mpq(float(a)), mpq(float(b))])[0]) for a in grid] for b in grid])
axes.contourf(grid, grid, heights, levels=24, cmap="Blues")
for edge in edges:
    ends = [[float(a) for a in row[1:]] for row in edge.generators]
    rises = (
        edge.jump.forms[0].linear[0] * edge.plane.linear[0] + edge.jump.forms[0].linear[1] * edge.plane.linear[1] > 0
    )
    axes.plot(*zip(*ends, strict=True), color="tab:red" if rises else "black", linewidth=1)
terms = smooth.terms.terms
axes.set(title=f"{len(edges)} kinks: convex red, concave black", xlabel="$x_0$", ylabel="$x_1$")
plt.show()
print(sum(len(term.forms) == 2 for term in terms), "terms of two forms,", end=" ")
print(sum(len(term.forms) == 1 for term in terms), "of one")

# %% [markdown]
# ## As an ordinary network
#
# The export "torch" writes one Python file that needs torch and NumPy. Of the network with infinite weights these are
# buffers and a mask, for nothing in it can be trained. Of the finite one it is a `Sequential` of `Linear` and `ReLU`.

# %%
with TemporaryDirectory() as folder:
    path = Path(folder, "finite.py")
    export(smooth, "torch", path)
    network = runpy.run_path(str(path))["network"]
print([type(layer).__name__ for layer in network])
print(sum(parameter.numel() for parameter in network.parameters()), "parameters in float64")

rng = np.random.default_rng(0)
points = rng.uniform(-2, 2, (300, 2))
values = np.array([[float(deep([mpq(float(a)) for a in point])[0])] for point in points])
bound = float(mpq(json.loads(network.about["error_bound"])[0]))
with torch.no_grad():
    worst = np.abs(network(torch.tensor(points)).numpy() - values).max()
print(
    "no further from the deep network than the bound in the file:",
    bool(worst <= bound),
    " bound below 1e-8:",
    bound < 1e-8,
)

# %% [markdown]
# ## Trained further
#
# New data: the old function, with a bump that it does not have. Gradient descent starts at the old function exactly,
# and learns the bump.

# %%
torch.set_num_threads(1)
x = torch.tensor(points)
wanted = torch.tensor(values) + torch.exp(-4 * ((x - 0.5) ** 2).sum(dim=1, keepdim=True))
steps = torch.optim.Adam(network.parameters(), lr=3e-4)
losses = []
for _ in range(150):
    steps.zero_grad()
    loss = ((network(x) - wanted) ** 2).mean()
    loss.backward()
    steps.step()
    losses.append(loss.item())
print("the loss fell to less than a quarter of what it was:", losses[-1] < losses[0] / 4)

# %% tags=["varies"]
figure, axes = plt.subplots(figsize=(5, 2.6))
axes.semilogy(losses, color="black")
axes.set(title=f"from {losses[0]:.3g} to {losses[-1]:.3g}", xlabel="step", ylabel="mean squared error")
plt.show()

# %% [markdown]
# ## And exact again
#
# Every float is a rational, so that the trained network is an exact one as well, of two hidden layers. It is read
# back, and a point where it differs from the old function is a fact, not an impression.

# %%
trained = verishallow.load(network)
print("hidden layers:", len(trained.hidden), " as wide as before:", trained.hidden[0].width == network[0].out_features)
centre = [mpq(1, 2), mpq(1, 2)]
gain = trained(centre)[0] - deep(centre)[0]
print("at the centre of the bump it has learnt more than half of it:", bool(gain > mpq(1, 2)))
