# %% [markdown]
# # A tutorial of ten minutes: two moons
#
# We train a small network in torch, and then ask what it is, exactly: how many linear regions it has, what they look
# like, which network of three layers equals it, and a proof of that which anyone can check. After that we explain one
# of its decisions, and write a report. You need some Python, and no mathematics beyond "a ReLU network is piecewise
# linear".
#
# `pip install 'verishallow[notebook,torch]'` installs all that is used here.

# %%
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import make_moons

import verishallow
from verishallow.explain import classes_at, counterfactual, shapley_values
from verishallow.explain.texts import formula_text, largest_one, rule_text
from verishallow.show.plot.data import Data
from verishallow.show.tables import rounded

plt.rcParams.update({"figure.dpi": 80, "font.size": 9})
folder = TemporaryDirectory()

# %% [markdown]
# ## 1. Train
#
# Two half circles, one inside the other, 200 points with some noise. The network has two hidden layers of eight neurons
# and one output: where it is positive the network says "lower moon", where it is negative "upper moon".

# %%
points, labels = make_moons(200, noise=0.15, random_state=0)
points = points.round(2)

torch.manual_seed(2)
torch.set_num_threads(1)
model = torch.nn.Sequential(
    torch.nn.Linear(2, 8), torch.nn.ReLU(),
    torch.nn.Linear(8, 8), torch.nn.ReLU(),
    torch.nn.Linear(8, 1),
).double()  # fmt: skip
optimiser = torch.optim.Adam(model.parameters(), lr=0.02)
x, y = torch.tensor(points), torch.tensor(labels, dtype=torch.float64)
for _ in range(500):
    optimiser.zero_grad()
    loss = torch.nn.functional.binary_cross_entropy_with_logits(model(x)[:, 0], y)
    loss.backward()
    optimiser.step()
right = ((model(x)[:, 0] > 0) == (y > 0.5)).double().mean().item()
print(f"{right:.1%} of the points are classified correctly")

# %% [markdown]
# One thing before we go on, only for the eye: we round the weights to multiples of 1/32. verishallow takes any floats,
# for each float *is* a rational number, but those have fifty bits, and the formulas below are easier to read with few.

# %%
with torch.no_grad():
    for parameter in model.parameters():
        parameter.copy_((parameter * 32).round() / 32)
print(model[0].weight[0].tolist())

# %% [markdown]
# ## 2. Load
#
# `load` takes the torch module itself; it also reads files (ONNX, Keras, `.npz`, ...). From here on nothing is rounded:
# weights, inputs and outputs are exact fractions, `mpq` of gmpy2. We look at the network on a box around the data, and
# compare it with torch at a point. (A point is a list of numbers or of texts such as "1/3", which are exact.)

# %%
network = verishallow.load(model)
domain = "box:[-3/2,5/2]x[-1,3/2]"
print("inputs, then neurons per layer:", network.widths)
print("the first neuron:", ", ".join(map(str, network.layers[0].weight[0])), "and bias", network.layers[0].bias[0])
print("at (1/2, 1/4), exactly:", network(["1/2", "1/4"])[0])
print("torch says the same:", float(network(["1/2", "1/4"])[0]) == model(torch.tensor([[0.5, 0.25]]).double()).item())

# %% [markdown]
# ## 3. Count
#
# Each neuron is on or off. Where all sixteen keep their states the network is one affine formula: these polygons are
# its *activation regions*. `polyhedral_complex` finds all of them, with every edge and vertex, as exact fractions.

# %%
cells = verishallow.polyhedral_complex(network, domain)
vertices, edges, regions = cells.f_vector
print(f"{regions} activation regions, {edges} edges, {vertices} vertices")
print("vertices - edges + regions =", cells.euler_characteristic, "(Euler: it must be 1)")

# %% [markdown]
# ## 4. Plot
#
# On the left every polygon has the colour of its formula. On the right the decision: the thick line is where the output
# is 0, and it is straight within each region, because the network is affine there.

# %%
data = Data.of(points.tolist(), labels.tolist())
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
verishallow.plot_regions(network, domain, color="piece", axes=left)
verishallow.plot_regions(network, domain, color="class", output_names=["score"], data=data, axes=right)
left.set(title=f"{regions} regions")
right.set(title="the decision")
figure.tight_layout()
plt.show()

# %% [markdown]
# ## 5. Prove
#
# Villani and Schoots (arXiv 2306.11827) showed that every deep ReLU network equals a network with two hidden layers, if
# weights may be minus infinity. `prove` builds it and writes down a proof that both are the same function on the whole
# box, on the edges of the regions too. The result is a *certificate*.

# %%
certificate = verishallow.prove(network, domain)
shallow = certificate.shallow
print("hidden units of the deep network:", sum(network.widths[1:-1]))
print("hidden units of the three-layer network:", shallow.layer1.width, "+", shallow.layer2.width)
print("weights that are minus infinity:", shallow.layer2.infinite_weights())
print("equal at (1/3, -2/7):", shallow(["1/3", "-2/7"]) == network(["1/3", "-2/7"]))

# %% [markdown]
# One point proves nothing; the certificate is about all of them. The three-layer network is much wider than the deep
# one. That is the price of fewer layers, and why it is a way to read and to prove a network rather than to run it.
#
# ## 6. Check
#
# A proof is worth something if somebody else can check it. The checker is a separate program, in plain Python, that
# shares no code with what made the proof. It recomputes everything from the weights, and believes nothing.

# %%
path = Path(folder.name, "moons.cert.jsonl.gz")
certificate.save(path)
command = [sys.executable, "-m", "verishallow.checker", str(path)]
checked = subprocess.run(command, capture_output=True, text=True, check=True)
print(checked.stdout.partition(";")[0])
print(f"the file has {len(certificate.lines)} lines")

# %% [markdown]
# And if someone changes the network? We turn the sign of the first weight, in the file's second line, and repair the
# hash of that line in the first, so that nothing but the proof itself can notice.

# %%
first = network.layers[0].weight[0][0]
header, weights, *proof = [line.decode() for line in certificate.lines]
turned = weights.replace(f'"{first}"', f'"{-first}"', 1)
old, new = (sha256(line.encode()).hexdigest() for line in (weights, turned))
forged = [header.replace(old, new), turned, *proof]
print(verishallow.Certificate(tuple(line.encode() for line in forged)).check())

# %% [markdown]
# ## 7. Explain
#
# Why does the network put a point on one moon and not the other? In the point's region the answer is one formula, valid
# as long as a few rules hold; both are exact, and rounded only where they are printed.

# %%
point = ["1/2", "1/4"]
found = verishallow.explain(network, point, domain, ["x", "y"], ["score"])
(form,) = found.region.affine_map.forms
names = ["lower" if network(point)[0] > 0 else "upper"]
print(f"score = {formula_text(form, ['x', 'y'], rounded)} = {rounded(network(point)[0])}, so: {names[0]} moon")
print("as long as")
for facet in found.region.facets:
    print("   ", rule_text(largest_one(facet.form), ["x", "y"], rounded))

# %% [markdown]
# How much of the score is due to x, and how much to y? Shapley values compare the point with an ordinary one, here the
# mean of the data, and add up to the difference of the scores, exactly. And how far would the point have to move until
# the network changes its mind? `counterfactual` finds the nearest such point and proves that none is nearer.

# %%
middle = [str(round(float(mean), 2)) for mean in points.mean(axis=0)]
values = shapley_values(network, point, middle).values
print("Shapley values:", ", ".join(f"{name} {rounded(value)}" for name, value in zip("xy", values, strict=True)))
print("their sum is the difference of the scores:", sum(values) == network(point)[0] - network(middle)[0])
(now,) = classes_at(network, point)
nearest = counterfactual(network, point, 1 - now, "l2", domain)
print("the nearest point of the other moon:", ", ".join(map(rounded, nearest.point)))
print("its score, exactly:", network(nearest.point)[0])

# %%
figure, axes = plt.subplots(figsize=(5.5, 3.6))
near = "box:[1/4,3/4]x[0,1/2]"
verishallow.plot_regions(network, domain, color="class", output_names=["score"], window=near, axes=axes)
axes.plot(0.5, 0.25, "wo", markeredgecolor="k", zorder=8)
axes.plot(*map(float, nearest.point), "kx", zorder=8)
axes.annotate("", tuple(map(float, nearest.point)), (0.5, 0.25), arrowprops={"arrowstyle": "->"}, zorder=7)
axes.set(title="the nearest point of the other moon")
figure.tight_layout()
plt.show()

# %% [markdown]
# ## 8. Report
#
# One page for somebody who has none of this installed: the claim and the checker's verdict, the picture with regions to
# click, tables, and the certificate itself, in a single HTML file that needs no network connection.

# %%
page = Path(folder.name, "moons.html")
page.write_bytes(verishallow.report(certificate, title="Two moons", names=["x", "y"], output_names=["score"]))
text = page.read_text(encoding="utf-8")
print("the verdict is in the page:", "f(x) = S(x) for all x in D" in text)
folder.cleanup()

# %% [markdown]
# ## The same from the command line
#
#     verishallow regions moons.onnx --domain box:[-3/2,5/2]x[-1,3/2]
#     verishallow plot    moons.onnx --domain box:[-3/2,5/2]x[-1,3/2] --color class -o moons.svg
#     verishallow prove   moons.onnx --domain box:[-3/2,5/2]x[-1,3/2]
#     verishallow check   moons.cert.jsonl.gz --network moons.onnx
#     verishallow explain moons.cert.jsonl.gz --at 1/2,1/4
#     verishallow report  moons.cert.jsonl.gz -o moons.html
#
# ## Where to go from here
#
# [The theorem written out](deep_is_shallow.ipynb) shows both networks in full for a small case. [Iris, from end to
# end](iris.ipynb) does the same as this tutorial for four inputs and three classes; [slices](slices.ipynb) for images;
# [one prediction, explained exactly](one_prediction.ipynb) goes further with explanations. The guides, which are the
# docstrings of the packages (`help("verishallow.shallow")`), say what else there is.
