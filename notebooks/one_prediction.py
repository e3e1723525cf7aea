# %% [markdown]
# # One prediction, explained exactly
#
# A network looks at an iris and says *versicolor*. The botanist had said *virginica*. Why does it say so, which of the
# four measurements drove it there, and what would have had to be different? Tools for such questions sample, or
# integrate in small steps, and answer with floating-point numbers that are nearly right. A ReLU network is made of
# finitely many affine pieces, so each of these questions has an exact answer, a rational number. This article
# computes them for one flower, from the network that `proofs/iris/train.py` trains, and puts two float tools beside
# them.

# %%
from dataclasses import replace

import matplotlib.pyplot as plt
from gmpy2 import mpq
from sklearn.datasets import load_iris

import verishallow
from verishallow import Slice
from verishallow.explain import classes_at, counterfactual, integrated_gradients, shapley_values
from verishallow.explain.gradients import gradients_along
from verishallow.explain.texts import formula_text, largest_one, rule_text
from verishallow.show.plot.data import Data
from verishallow.show.tables import rounded

plt.rcParams.update({"figure.dpi": 80, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})

network = verishallow.load("../proofs/iris/network.onnx")
domain = "../proofs/iris/domain.json"
iris = load_iris()
species = [str(name) for name in iris.target_names]
features = ["sepal length", "sepal width", "petal length", "petal width"]
flowers = [tuple(mpq(str(a)) for a in row) for row in iris.data]

wrong = [i for i, flower in enumerate(flowers) if classes_at(network, flower) != (iris.target[i],)]
print(f"the network is wrong about {len(wrong)} of {len(flowers)} flowers:", wrong)

# %% [markdown]
# ## The flower
#
# We take the second of these. Its measurements are decimals, so they are rationals; the weights are float32 numbers,
# so they are rationals too; and so is every logit. The numerator and the denominator are long, and nothing about them
# is approximate.

# %%
number = wrong[1]
flower = flowers[number]
logits = network(flower)
said, right = classes_at(network, flower)[0], int(iris.target[number])
for name, value in zip(features, flower, strict=True):
    print(f"{name:13} {rounded(value)} cm")
print(f"the botanist: {species[right]}; the network: {species[said]}")
for name, logit in zip(species, logits, strict=True):
    print(f"  {name:11} {rounded(logit)}")
print(f"the last one exactly: {logits[right]}")

# %% [markdown]
# The decision is one number, the *margin*: the logit of versicolor less that of virginica. It is a network of its
# own, with one output, once the last layer's two rows are subtracted, exactly. From here on we explain the margin: it
# is positive, which is why the network is wrong.

# %%
last = network.layers[-1]
row = tuple(a - b for a, b in zip(last.weight[said], last.weight[right], strict=True))
margin = replace(
    network, layers=(*network.hidden, replace(last, weight=(row,), bias=(last.bias[said] - last.bias[right],)))
)
print("margin", rounded(margin(flower)[0]))
print("is the difference of the logits, exactly:", margin(flower)[0] == logits[said] - logits[right])

# %% [markdown]
# ## Where it stands: region, rules, formula
#
# The flower lies inside one activation region, a polyhedron in the space of measurements. Its facets are rules that
# anyone can check with a ruler; as long as they hold, the margin is the formula below, and nothing else. (Rounded to
# be read; largest coefficient 1.)

# %%
found = verishallow.explain(margin, flower, domain, features, ["margin"])
region = found.region
print(f"regions that contain the flower: {len(found.regions)}; facets of its region: {len(region.facets)}")
for facet in region.facets:
    source = "the domain" if facet.of_domain else ", ".join(f"neuron {layer}.{unit}" for layer, unit in facet.neurons)
    print(f"  {rule_text(largest_one(facet.form), features, rounded):80} {source}")
form = region.affine_map.forms[0]
print("\nmargin =", formula_text(form, features, rounded))
print("the formula gives the margin of the flower, exactly:", form(flower) == margin(flower)[0])

# %% [markdown]
# The same can be read off the three-layer network, as the theorem promises: of its many units only those of this one
# region are alive at the flower. Their finite weights are the formula, their weights $-\infty$ the rules. We read them
# from the certificate of `proofs/iris`, which the stand-alone checker has found valid, and compare with what the deep
# network said.

# %%
certificate = verishallow.Certificate.read("../proofs/iris/network.cert.jsonl.gz")
through_shallow = verishallow.explain(certificate, flower)
shallow = certificate.shallow
print(f"units of layer 2 that are alive: {len(through_shallow.region.units)} of {shallow.layer2.width}")
shallow_forms = through_shallow.region.affine_map.forms
print("same formula:", shallow_forms[said] - shallow_forms[right] == form)
rules = {facet.form for facet in region.facets if not facet.of_domain}
print("same rules:", {facet.form for facet in through_shallow.region.facets if not facet.of_domain} == rules)

# %% [markdown]
# How near is the next region? The nearest facet is the first rule that a small change of the flower would break.

# %%
by_distance = sorted(region.facets, key=lambda facet: facet.to_facet.linf)
for facet in by_distance[:3]:
    away = facet.to_facet
    text = rule_text(largest_one(facet.form), features, rounded)
    print(f"{rounded(away.linf):>10} cm in every measurement at once breaks  {text}")

# %% [markdown]
# ## Which measurement did it: Shapley values
#
# Let the four measurements take the flower's values one after the other, the others having those of some ordinary
# iris, and ask what each one adds to the margin, in the mean over all orders, and over all 150 flowers as the ordinary
# one. These are the Shapley values. There are $2^4$ sets of measurements and 150 flowers, so the mean is a finite sum
# of rationals, and the values add up to the margin less its mean, to the last digit. (The package `shap`, told to do
# the same, agrees with them up to its rounding; the tests of verishallow say so.)

# %%
shapley = shapley_values(margin, flower, flowers)
for name, value in zip(features, shapley.values, strict=True):
    print(f"{name:13} {rounded(value):>12}")
print(f"{'sum':13} {rounded(sum(shapley.values)):>12}")
print("is margin less mean margin, exactly:", sum(shapley.values) == margin(flower)[0] - shapley.baseline_output)
print("digits of the denominator of the first one:", len(str(shapley.values[0].denominator)))

# %% [markdown]
# ## The way there: integrated gradients
#
# Walk in a straight line from the mean flower to ours, and let each measurement earn what the slope along its own axis
# adds on the way. The line crosses finitely many regions; within each the slope is constant, so the integral is a sum
# of as many terms. It too adds up exactly.

# %%
mean = tuple(sum(column) / len(flowers) for column in zip(*flowers, strict=True))
pieces = list(gradients_along(margin, mean, flower, 0))
for piece in pieces:
    (slope,) = piece.gradients
    slopes = ", ".join(f"{float(a):+.2f}" for a in slope)
    print(f"t from {rounded(piece.start):>9} to {rounded(piece.end):>9}: slopes {slopes}")
gradients = integrated_gradients(margin, flower, mean)
for name, value in zip(features, gradients.values, strict=True):
    print(f"{name:13} {rounded(value):>12}")
print("sum is the difference of the margins, exactly:", sum(gradients.values) == margin(flower)[0] - margin(mean)[0])

# %% [markdown]
# On that line the margin is a function of one number, and here is its graph, with the breakpoints where they are. The
# mean flower is a clear versicolor. For half of the way the margin hardly changes, for a while not at all; then it
# falls, steeply and less steeply, but not below 0 before the line ends.

# %%
figure, axes = plt.subplots(figsize=(7, 3))
line = Slice.line(mean, flower)
verishallow.plot_graph(margin, "box:0,1", on_slice=line, names=["t"], output_names=["margin"], axes=axes)
axes.axhline(0, color="k", linewidth=0.8)
axes.set(xlabel="t, from the mean flower (0) to ours (1)")
figure.tight_layout()
plt.show()

# %% [markdown]
# Float tools do not know the breakpoints. They evaluate the gradient at points along the line and sum up: `captum`
# takes 50 points unless told otherwise. Where it puts them has nothing to do with where the regions end, so part of
# each crossed region is booked on its neighbour. Its answer converges, and how far off it still is can be said only
# by someone who has the exact one.

# %%
import warnings

import torch

with warnings.catch_warnings(action="ignore"):  # about bars of progress
    from captum.attr import IntegratedGradients

modules = []
for layer in margin.layers:
    linear = torch.nn.Linear(len(layer.weight[0]), len(layer.weight)).double()
    linear.weight.data = torch.tensor([[float(a) for a in entries] for entries in layer.weight], dtype=torch.float64)
    linear.bias.data = torch.tensor([float(b) for b in layer.bias], dtype=torch.float64)
    modules += [linear, torch.nn.ReLU()]
model = torch.nn.Sequential(*modules[:-1])
ends = [torch.tensor([[float(a) for a in end]], dtype=torch.float64) for end in (flower, mean)]
for steps in (50, 500, 5000):
    values = IntegratedGradients(model).attribute(*ends, n_steps=steps, method="riemann_middle")[0]
    off = max(abs(mpq(float(a)) - b) for a, b in zip(values, gradients.values, strict=True))
    print(f"captum with {steps:4} steps: largest error {float(off):.1e}")

# %% [markdown]
# ## What would have to be different: counterfactuals
#
# Which flower, as near to ours as possible, would the network call virginica? In each region that is one linear
# program (or, for Euclidean distance, one projection), and a search from near to far proves that no region holds
# anything nearer.

# %%
for norm in ("l1", "linf", "l2"):
    nearest = counterfactual(network, flower, right, norm, domain)
    moves = [b - a for a, b in zip(flower, nearest.point, strict=True)]
    changes = ", ".join(f"{name} {float(a):+.4f}" for name, a in zip(features, moves, strict=True) if a)
    exact = nearest.output[said] == nearest.output[right]
    print(
        f"{norm:4}: {changes} cm; both logits equal there, exactly: {exact}; regions searched {nearest.search.leaves}"
    )

# %% [markdown]
# Less than a twentieth of a centimetre of petal width: that is less than the botanist's ruler can tell, since all these
# measurements are multiples of a tenth. So the whole dispute lies within the reading error. And if the petal may not
# change?

# %%
for kept, what in (((2, 3), "the petal stays"), ((0, 1), "the sepal stays")):
    nearest = counterfactual(network, flower, right, "linf", domain, fixed=kept)
    if nearest is None:
        print(f"{what}: no flower of the domain is {species[right]}, and this is proved")
    else:
        print(f"{what}: every other measurement changes by at most {rounded(nearest.distance)} cm")
wider = (*flower[:3], flower[3] + mpq(1, 10))
print("with a petal one tenth wider the network says", species[classes_at(network, wider)[0]])

# %% [markdown]
# ## The picture
#
# The sepal stays as it is, the petal varies: a plane through the space of measurements, on which the network is a
# network of two inputs. Thin lines are the borders of regions, the thick one is the decision boundary, straight in
# each of them. The white dot is the flower; the cross, which from afar hides it, is the counterfactual that changes the
# petal's width alone. On the right the same, a hundred times as large in area, with the margin in colours.

# %%
plane = Slice.of([[flower[0], 0, 0], [flower[1], 0, 0], [0, 1, 0], [0, 0, 1]])
petal = {"domain": "box:[1,7]x[0,3]", "on_slice": plane, "names": features[2:], "data": Data.of([flower[2:]])}
figure, (whole, near) = plt.subplots(1, 2, figsize=(10, 3.8))
verishallow.plot_regions(network, color="class", output_names=species, axes=whole, **petal)
whole.legend(handles=whole.get_legend().legend_handles, loc="lower right", bbox_to_anchor=(1, 0.75), framealpha=1)
close = "box:[24/5,27/5]x[27/20,33/20]"
verishallow.plot_regions(
    margin, color="output", output_names=["margin"], decision=True, window=close, axes=near, **petal
)
moved = counterfactual(network, flower, right, "l1", domain).point
for axes, title in ((whole, "who wins"), (near, "the margin, near the flower")):
    axes.plot(*map(float, moved[2:]), "kx", markersize=7, zorder=8)
    axes.set_aspect("auto")
    axes.set(title=title)
figure.tight_layout()
plt.show()

# %% [markdown]
# ## What remains to be believed
#
# Nothing above was sampled. The region and its formula are also those of the certificate, which the checker reads
# with the standard library alone; sums were compared with `==`, not with a tolerance; and that no nearer
# counterfactual exists is the end of a search over all regions near enough, not the failure of an optimiser. What no
# computation can settle is whether the formula is a good one: the network weighs petal width most, this flower's petal
# is narrow for a virginica, and so it errs, for a reason that one can now read.
