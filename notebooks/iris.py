# %% [markdown]
# # Iris, from end to end
#
# A network that was trained, not designed: 4 inputs (sepal and petal, length and width, in centimetres), two hidden
# layers of six neurons, 3 outputs, one logit a species. It lies in `proofs/iris`, made by `train.py` there, as an
# ONNX file of float32 numbers. Every such number is a binary rational, and that network, nothing rounded, is what
# this article counts, proves and draws.

# %%
from collections import Counter

import matplotlib.pyplot as plt
import numpy as np
from gmpy2 import mpq
from sklearn.datasets import load_iris

import verishallow
from verishallow.affine import AffineForm
from verishallow.rationals import ExtendedRational

plt.rcParams.update({"figure.dpi": 80, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})

network = verishallow.load("../proofs/iris/network.onnx")
print("widths:", network.widths)
print(
    "the first weight:",
    network.layers[0].weight[0][0],
    "exactly, about",
    f"{float(network.layers[0].weight[0][0]):.4f}",
)

# %% [markdown]
# ## The proof
#
# On the box of the data the network equals a network of three layers, at every point. `prove` finds the regions and
# writes the certificate; `check` is the stand-alone checker, which believes none of it.

# %%
certificate = verishallow.prove(network, domain="../proofs/iris/domain.json")
print(certificate.check())
print(
    "the same certificate as in proofs/iris:",
    certificate == verishallow.Certificate.read("../proofs/iris/network.cert.jsonl.gz"),
)
counts, shallow = certificate.counts, certificate.shallow
for name in ("activation_regions", "affine_pieces", "linear_regions", "faces"):
    print(f"{name.replace('_', ' '):18} {counts[name]}")
print(f"units              {shallow.layer1.width} in layer 1, {shallow.layer2.width} in layer 2")
print(f"weights -oo        {shallow.layer2.infinite_weights()}")

# %% [markdown]
# Of the $2^{12}$ activation patterns of twelve neurons, 34 have a region in the box. To get used to equality
# *everywhere*, here it is at the places where it could fail: at all 150 flowers, and at the vertices in which eight
# closed cells meet and the signed faces must keep the sum right.

# %%
iris = load_iris()
flowers = [tuple(mpq(str(a)) for a in row) for row in iris.data]
vertices = sorted({vertex for region in certificate.regions for vertex in region.v_representation.vertices})
meeting = {vertex: sum(region.polyhedron.contains(vertex) for region in certificate.regions) for vertex in vertices}
crowded = [vertex for vertex, cells in meeting.items() if cells == 8]

shallow_logits = [shallow(flower) for flower in flowers]
off_flowers = sum(network(flower) != logits for flower, logits in zip(flowers, shallow_logits, strict=True))
off_vertices = sum(network(vertex) != shallow(vertex) for vertex in crowded)
print(f"flowers at which f and S differ: {off_flowers} of {len(flowers)}")
print(f"such vertices at which f and S differ: {off_vertices} of {len(crowded)}")
print("closed cells that meet in a vertex: number of vertices", dict(sorted(Counter(meeting.values()).items())))

# %% [markdown]
# ## Where the flowers are
#
# Most regions hold no flower at all.

# %%
species = [str(name) for name in iris.target_names]
cells = [[i for i, r in enumerate(certificate.regions) if r.polyhedron.contains(flower)] for flower in flowers]
print("flowers on a boundary between regions:", sum(len(closed) > 1 for closed in cells))
at_home = [closed[0] for closed in cells]
inhabited = Counter(at_home)
print("region  flowers  of which", "  ".join(species))
for region, number in inhabited.most_common():
    of_species = Counter(species[label] for home, label in zip(at_home, iris.target, strict=True) if home == region)
    print(f"{region:6} {number:8}          {'  '.join(f'{of_species[name]:{len(name)}}' for name in species)}")


# %%
def winner(logits):
    return max(range(3), key=logits.__getitem__)


right = sum(winner(network(flower)) == label for flower, label in zip(flowers, iris.target, strict=True))
print(f"the network is right about {right} of {len(flowers)} flowers, and so is the three-layer network:", end=" ")
print(sum(winner(logits) == label for logits, label in zip(shallow_logits, iris.target, strict=True)))

# %% [markdown]
# ## A slice
#
# The picture fixes the sepal at its median and lets the petal vary. A region cuts this plane in a polygon, found
# exactly: its inequalities, with two coordinates put in, are a polyhedron in the plane. Within a region the logits
# are affine, so the border between two species is made of straight pieces as well.

# %%
sepal = tuple(mpq(str(np.median(iris.data[:, i]))) for i in (0, 1))
print("sepal", sepal[0], "by", sepal[1], "cm")


def sliced(form):
    """An affine form of the petal alone."""
    b, a1, a2, *petal = form.row
    return AffineForm((b + a1 * sepal[0] + a2 * sepal[1], *petal))


def polygon(forms):
    """The vertices of a polygon in the plane in order, or None if it has no interior."""
    part = verishallow.Polyhedron(2, tuple(forms))
    if part.affine_dimension() < 2:
        return None
    points = np.array([[float(a) for a in vertex] for vertex in part.v_representation.vertices])
    return points[np.argsort(np.arctan2(*(points - points.mean(axis=0)).T))]


figure, (left, middle) = plt.subplots(1, 2, figsize=(9.5, 4), sharey=True)
shades, drawn = plt.get_cmap("tab20"), 0
for region in certificate.regions:
    forms = [sliced(form) for form in region.polyhedron.inequalities]
    whole = polygon(forms)
    if whole is None:
        continue
    left.fill(*whole.T, color=shades(drawn % 20), alpha=0.6, lw=0)
    left.fill(*whole.T, fill=False, edgecolor="k", lw=0.6)
    middle.fill(*whole.T, fill=False, edgecolor="0.6", lw=0.4)
    drawn += 1
    logits = [sliced(form) for form in region.affine_map.forms]
    for own in range(3):
        wins = polygon([*forms, *(logits[own] - logits[other] for other in range(3) if other != own)])
        if wins is not None:
            middle.fill(*wins.T, color=f"C{own}", alpha=0.25, lw=0)
for label, name in enumerate(species):
    petals = iris.data[iris.target == label][:, 2:]
    middle.plot(*petals.T, "o", ms=3, color=f"C{label}", label=name)
left.set(title=f"{drawn} regions in the slice", xlabel="petal length, cm", ylabel="petal width, cm")
middle.set(title="species, and all flowers projected", xlabel="petal length, cm")
middle.legend(frameon=False, loc="upper left")
figure.tight_layout()
plt.show()

# %% [markdown]
# ## One flower
#
# The shallow network answers for a flower with very few of its units: those of the flower's own region, two an
# output, $F$ and $-F$. All others receive $-\infty$. So the answer comes with its reason: the region, as inequalities
# in centimetres, and the affine map there.

# %%
flower = flowers[77]
first = [z.relu() for z in shallow.layer1([ExtendedRational(a) for a in flower])]
on = [i for i, z in enumerate(shallow.layer2(first)) if not z.infinite]
names = ("sepal length", "sepal width", "petal length", "petal width")


def readable(form, digits=3):
    """An affine form for people: rounded."""
    terms = [f"{float(a):+.{digits}g} {name}" for a, name in zip(form.linear, names, strict=True) if a]
    return f"{float(form.constant):.{digits}g} " + " ".join(terms)


print("sepal", *map(float, flower[:2]), "petal", *map(float, flower[2:]), "labelled", species[iris.target[77]])
print(f"units of layer 2 that are on: {len(on)} of {shallow.layer2.width}")
home = certificate.regions[at_home[77]]
print("\nits region, rounded; each of these is > 0 there:")
for form in home.h_representation:
    size = max(abs(a) for a in form.linear)
    print("  ", readable(form.scaled(1 / size)))
print("\nthe logits there, rounded:")
for name, form in zip(species, home.affine_map.forms, strict=True):
    print(f"   {name:10} {readable(form)}")
print("\nlogits of this flower, exact differences rounded at the end:")
logits = shallow_logits[77]
for name, logit in zip(species, logits, strict=True):
    print(f"   {name:10} {float(logit - max(logits)):+.4f}")

# %% [markdown]
# The flower is one of those that every classifier of this data finds hard, *versicolor* beside *virginica*, and the
# border is near. How near, along a straight line, has an exact answer on the region: the difference of two logits is
# one affine form.

# %%
best, second = sorted(range(3), key=logits.__getitem__, reverse=True)[:2]
difference = home.affine_map.forms[best] - home.affine_map.forms[second]
for index in (2, 3):
    step = -difference(flower) / difference.linear[index]
    moved = tuple(a + (step if i == index else 0) for i, a in enumerate(flower))
    stays = home.polyhedron.contains(moved)
    print(f"{names[index]} changed by {float(step):+.5f} cm: {species[best]} and {species[second]} tie", end="")
    print(
        f" (within the region: {stays}); both logits equal, exactly: {network(moved)[best] == network(moved)[second]}"
    )
