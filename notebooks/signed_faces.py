# %% [markdown]
# # Why facets need the signed faces
#
# A deep ReLU network is affine on each of finitely many closed polyhedra, its cells. It seems that a shallow network
# needs no more than one gated unit per cell: switch every cell's affine map off outside the cell, and add up. This
# article shows where that fails, why it must fail, and how faces of lower dimension with signs repair it everywhere,
# whatever the position of the hyperplanes.

# %%
import matplotlib.pyplot as plt
import numpy as np
from gmpy2 import mpq

import verishallow
from verishallow.rationals import ExtendedRational

plt.rcParams.update({"figure.dpi": 80, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})

# %% [markdown]
# ## The naive sum, on a line
#
# Let $f(x) = 1 + |x|$. Its cells are $x \le 0$ and $x \ge 0$, with the maps $1 - x$ and $1 + x$. The naive network is
#
# $$N(x) = \mathrm{ReLU}(1 - x - \infty\cdot\mathrm{ReLU}(x)) + \mathrm{ReLU}(1 + x - \infty\cdot\mathrm{ReLU}(-x)),$$
#
# with the arithmetic of the extended reals, $0\cdot\infty = 0$ and $\mathrm{ReLU}(-\infty) = 0$. At $x = 0$ no
# constraint is violated, both units are on, and $N(0) = 2 = 2 f(0)$. `boundary="ignore"` asks verishallow for just
# this network.

# %%
modulus = verishallow.ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [1])])
naive = verishallow.prove(modulus, boundary="ignore").shallow
exact = verishallow.prove(modulus).shallow
for point in ("-1", "-1/1000000", "0", "1/1000000", "1"):
    f, without, with_signs = (str(function([point])[0]) for function in (modulus, naive, exact))
    print(f"x = {point:>10}   f = {f:>15}   naive {without:>15}   signed {with_signs:>15}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 2.6), sharey=True)
for axes, title in ((left, "the naive sum"), (right, "with the signed face {0}")):
    axes.plot([-1.5, 0, 1.5], [2.5, 1, 2.5])
    axes.set(title=title, xlabel="x", ylim=(0.7, 2.6))
left.plot(0, 1, "o", color="w", markeredgecolor="C0")
left.plot(0, float(naive([0])[0]), "o", color="C3")
right.plot(0, float(exact([0])[0]), "o", color="C0")
plt.show()

# %% [markdown]
# The point 0 looks negligible, and for a probability it is. For an identity it is not: $N$ is not continuous, so it
# is not the function $f$, and a claim of equality "everywhere" would be false at a point that can be written down. On
# a line these are finitely many points. In dimension $n$ they are all the facets, and networks are evaluated on
# facets more often than chance has it: inputs clipped to 0, zero padding, ties.
#
# In general the naive network is $N(x) = k(x) f(x)$, where $k(x)$ is the number of closed cells that contain $x$: 1
# inside, 2 on a facet, more where facets meet.

# %% [markdown]
# ## In the plane
#
# The network $f(x, y) = 1 + \mathrm{ReLU}(\mathrm{ReLU}(x) + \mathrm{ReLU}(y) - 1)$ has seven cells. To see $k$
# alone, replace the output by the constant 1 and keep the hidden layers: the naive network then computes $k(x)$
# itself.

# %%
hidden = [([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [-1])]
bent = verishallow.ReLUNetwork.of([*hidden, ([[1]], [1])])
one = verishallow.ReLUNetwork.of([*hidden, ([[0]], [1])])
BOX = "box:-1,2"
count = verishallow.prove(one, BOX, boundary="ignore").shallow
complex_ = verishallow.polyhedral_complex(one, BOX)


def middle(points):
    return tuple(sum(column) / len(points) for column in zip(*points, strict=True))


def on_the_box(point):
    return any(a in (-1, 2) for a in point)


faces = [
    [complex_.v_representation(k, i).vertices for i in range(number)] for k, number in enumerate(complex_.f_vector)
]
interior = [[face for face in of_one_size if not on_the_box(middle(face))] for of_one_size in faces]
print("faces inside the box: corners, edges, cells:", [len(of_one_size) for of_one_size in interior])
for name, of_one_size in zip(("corners", "edges", "cells"), interior, strict=True):
    print(f"k on the {name}: {sorted(int(count(middle(face))[0]) for face in of_one_size)}")


# %%
def around(vertices):
    """The vertices of a polygon in the order in which one walks around it."""
    x, y = middle(vertices)
    return sorted(vertices, key=lambda v: np.arctan2(float(v[1] - y), float(v[0] - x)))


def floats(points):
    return np.array([[float(a) for a in point] for point in points])


figure, axes = plt.subplots(figsize=(4.2, 4))
shades = {1: "#f2f2f2", 2: "C1", 3: "C3", 4: "#7a0019"}
for face in interior[2]:
    axes.fill(*floats(around(face)).T, color=shades[1])
    axes.text(*map(float, middle(face)), "1", ha="center", va="center")
for face in interior[1]:
    axes.plot(*floats(face).T, color=shades[2], lw=2)
    axes.text(*map(float, middle(face)), "2", ha="center", va="center", bbox={"fc": "w", "ec": "none", "pad": 1})
for face in interior[0]:
    k = int(count(middle(face))[0])
    axes.plot(*map(float, face[0]), "o", ms=15, color=shades[k])
    axes.text(*map(float, face[0]), str(k), ha="center", va="center", color="w")
axes.set(aspect="equal", title="k: how often the naive sum counts a point", xlabel="x", ylabel="y")
plt.show()

# %% [markdown]
# ## Why one unit per cell is not enough
#
# A unit of the second layer is $\mathrm{ReLU}(F(x) - \infty \cdot v(x))$ with $v \ge 0$ a sum of units of the first
# layer, which are continuous. It is on where $v = 0$: **a closed set**. If exactly one cell were on at each point, a
# connected domain would be the disjoint union of two or more non-empty closed sets, which is impossible. So with two
# hidden layers some points must be counted more than once, and something has to be subtracted again. (A third hidden
# layer, with units $\mathrm{ReLU}(1 - \infty \cdot v)$, tests strictly, and could use half-open cells directly. That
# is one layer too many.)
#
# ## Half-open cells, by inclusion and exclusion
#
# Cutting the domain by one neuron after the other gives half-open cells for free: at each cut decide which of the two
# sides keeps the hyperplane. Then every point, on boundaries too, lies in exactly one half-open cell. A half-open
# cell is a closed cell $P$ without some of its hyperplanes $\{s_j = 0\}$, $j \in B$, and
#
# $$[x \in P,\ s_j(x) \ne 0 \text{ for all } j \in B]
# \;=\; \sum_{S \subseteq B} (-1)^{|S|}\, [x \in P,\ s_j(x) = 0 \text{ for all } j \in S],$$
#
# by expanding $\prod_j (1 - [s_j(x) = 0])$. On the right there are closed sets only, each of which a gated unit can
# test: a constraint $s_j = 0$ is gated by both $\mathrm{ReLU}(s_j)$ and $\mathrm{ReLU}(-s_j)$. This is the whole
# repair. It uses no general position; hyperplanes may coincide, or meet in any number.


# %%
def memberships(network, point):
    """The signs of the faces that are on at a point, in the network of the constant 1."""
    first = [z.relu() for z in network.layer1([ExtendedRational(a) for a in point])]
    second = [z.relu().finite for z in network.layer2(first)]
    return [int(weight.finite * second[unit]) for unit, weight in network.layer3.rows[0][::2]]


def cells_of_units(certificate):
    """For each pair of layer 2, the number of its cell: a cell's own pair comes first, its faces follow."""
    number, cells = -1, []
    for line in certificate.lines:
        if b'"record":"leaf"' in line:
            number += 1
            cells += [number] * line.count(b'"face":')
    return cells


signed = verishallow.prove(one, BOX)
owners = cells_of_units(signed)


def shares(certificate, owners, point):
    """How much each cell, with its signed faces, counts a point."""
    total = [0] * len(certificate.regions)
    for cell, part in zip(owners, memberships(certificate.shallow, point), strict=True):
        total[cell] += part
    return total


for name, of_one_size in zip(("a corner", "an edge", "a cell"), interior, strict=True):
    face = of_one_size[0]
    point = middle(face)
    parts = [part for part in memberships(signed.shallow, point) if part]
    told = shares(signed, owners, point)
    print(f"{name}: {' '.join(f'{part:+}' for part in parts)} = {sum(parts)}, as seen by the cells: {told}")

everywhere = [shares(signed, owners, middle(face)) for of_one_size in interior for face in of_one_size]
assert all(sorted(told) == [0] * (len(told) - 1) + [1] for told in everywhere)
print(f"on each of {len(everywhere)} faces exactly one cell counts 1 and all others 0")

# %% [markdown]
# In the picture, each cell is drawn a little smaller than it is, with the edges and corners that it keeps drawn in
# full. The sides are chosen by one generic point $c$: the side of $c$ keeps the hyperplane. So the cell that contains
# $c$ is closed, and the farther from $c$, the more open the cells are.

# %%
figure, axes = plt.subplots(figsize=(4.6, 4.4))
for cell, region in enumerate(signed.regions):
    corners = around(region.v_representation.vertices)
    inside = floats([middle(corners)])
    smaller = inside + 0.9 * (floats(corners) - inside)
    axes.fill(*smaller.T, color=f"C{cell}", alpha=0.25, lw=0)
    for one_end, other_end in zip(corners, [*corners[1:], corners[0]], strict=True):
        if not on_the_box(middle([one_end, other_end])):
            keeps = shares(signed, owners, middle([one_end, other_end]))[cell]
            drawn = inside + 0.9 * (floats([one_end, other_end]) - inside)
            axes.plot(*drawn.T, color=f"C{cell}", lw=2.5 if keeps else 1, ls="-" if keeps else ":")
    for corner in corners:
        if not on_the_box(corner):
            keeps = shares(signed, owners, corner)[cell]
            drawn = inside + 0.9 * (floats([corner]) - inside)
            axes.plot(*drawn.T, "o", color=f"C{cell}" if keeps else "w", markeredgecolor=f"C{cell}", zorder=3)
axes.set(aspect="equal", title="half-open cells: full where a cell keeps its boundary", xlabel="x", ylabel="y")
plt.show()

# %% [markdown]
# ## Many hyperplanes through one point
#
# Hyperplanes through one point are the hard case for every argument that assumes general position. Five lines through
# the origin make ten cells. There the naive sum gives $10 f(0)$; the signed faces give $f(0)$.

# %%
star = ([[1, 0], [0, 1], [1, 1], [1, -1], [1, 2]], [0] * 5)
one_star = verishallow.ReLUNetwork.of([star, ([[0] * 5], [1])])
signed_star = verishallow.prove(one_star)
naive_star = verishallow.prove(one_star, boundary="ignore")
at_the_origin = [part for part in memberships(signed_star.shallow, (mpq(0), mpq(0))) if part]
print("naive sum at the origin: ", naive_star.shallow([0, 0])[0])
print("signed sum at the origin:", " ".join(f"{part:+}" for part in at_the_origin), "=", sum(at_the_origin))
for point in ((1, -1), (0, 1), (2, -1), (3, 1)):
    print(f"at {point}: naive {naive_star.shallow(point)[0]}, signed {signed_star.shallow(point)[0]}")

# %% [markdown]
# ## What it costs
#
# Each cell lists itself and the faces that it gives away. In a simple arrangement every face of the complex inside
# the domain is listed once: 7 + 9 + 3 = 19 above. So the signed faces per cell tend to $2^n$ in dimension $n$ when
# hyperplanes are many (each vertex is then the lowest of $2^n$ faces, one of them a cell), and they are fewer for
# small networks, and on a box, whose own boundary is given away to nobody. Where more than $n$ hyperplanes meet in a
# point, one face can be listed for several sets $S$, with signs that cancel.

# %%
rng = np.random.default_rng(0)


def random_network(*widths):
    """Integer weights and biases, so that nothing here depends on rounding."""
    shapes = zip(widths[1:], widths, strict=False)
    layers = [(rng.integers(-9, 10, shape).tolist(), rng.integers(-9, 10, shape[0]).tolist()) for shape in shapes]
    return verishallow.ReLUNetwork.of(layers)


def print_costs(name, network):
    whole, box = verishallow.prove(network), verishallow.prove(network, "box:-1,1")
    faces = verishallow.polyhedral_complex(network).f_vector
    for domain, certificate in (("R^n", whole), ("box", box)):
        regions, signed = len(certificate.regions), certificate.counts["faces"]
        of_the_complex = sum(faces) if certificate is whole else ""
        print(f"{name:26} {domain}  {regions:7} {of_the_complex:>16} {signed:13} {signed / regions:15.2f}")


print("network                    on   regions     faces in R^n  signed faces    faces/region")
for widths in ((1, 8, 8, 1), (2, 6, 6, 1), (3, 5, 4, 1), (4, 4, 3, 1)):
    print_costs("-".join(map(str, widths)), random_network(*widths))
meet = ([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], [0] * 4)
print_costs("four planes meet in space", verishallow.ReLUNetwork.of([meet, ([[1, 2, 4, 8]], [0])]))

# %% [markdown]
# Whoever needs no equality on the boundaries of regions asks for `boundary="ignore"`, pays one face per region, and
# gets the claim $N = k f$, which is true everywhere and says where it is worth less. The default is
# `boundary="exact"`.
