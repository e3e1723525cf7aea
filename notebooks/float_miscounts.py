# %% [markdown]
# # Where floating-point tools miscount
#
# How many linear regions does this network have? Tools that answer in floating-point numbers are fast, and wrong
# sooner than one would think: not for large networks or wild weights, but wherever three hyperplanes meet in a point
# at which "generic" ones would not. This article builds such a tool in a few lines, and finds networks on which it
# fails: one with weights 1, 2 and $-1$; one of random weights; and a family on which no tolerance helps.

# %%
from fractions import Fraction
from itertools import pairwise, permutations

import matplotlib.pyplot as plt
import numpy as np
from gmpy2 import mpq

import verishallow

plt.rcParams.update({"figure.dpi": 80, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})

SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
BOX = "box:-1,1"

# %% [markdown]
# ## A tool in floating point
#
# For two inputs the regions on a square are polygons. Keep each as its list of vertices, with the affine forms of the
# neurons there, and cut it by one neuron after the other: the neuron's values at the vertices say whether it changes
# sign, and where. A value within a tolerance of 0 counts as 0. This is textbook code, and with exact numbers it would
# be correct.


# %%
def float_cells(network, tolerance=0.0):
    """The activation regions of a network on the square, in float64: a list of polygons."""
    cells = [(SQUARE, np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))]
    for layer in network.hidden:
        weight, bias = np.array(layer.weight, dtype=float), np.array(layer.bias, dtype=float)
        found = []
        for polygon, outputs in cells:
            forms = weight @ outputs
            forms[:, 0] += bias
            parts = [(polygon, [])]
            for form in forms:
                parts = [cut for part, active in parts for cut in cut_by(form, part, active, tolerance)]
            found += [(part, forms * np.array(active)[:, None]) for part, active in parts]
        cells = found
    return [polygon for polygon, _ in cells]


def cut_by(form, polygon, active, tolerance):
    """The one or two parts of a polygon on which an affine form has one sign."""
    values = form[0] + form[1] * polygon[:, 0] + form[2] * polygon[:, 1]
    if values.min() >= -tolerance:
        return [(polygon, [*active, 1.0])]
    if values.max() <= tolerance:
        return [(polygon, [*active, 0.0])]
    above, below = [], []
    for (p, value), (q, after) in pairwise([*zip(polygon, values, strict=True), (polygon[0], values[0])]):
        if value >= 0:
            above.append(p)
        if value <= 0:
            below.append(p)
        if value * after < 0:
            crossing = p + value / (value - after) * (q - p)
            above.append(crossing)
            below.append(crossing)
    return [(np.array(above), [*active, 1.0]), (np.array(below), [*active, 0.0])]


def exact_count(network):
    return verishallow.polyhedral_complex(network, BOX).cells


# %% [markdown]
# ## Weights 1, 2 and -1
#
# The lines $y = x$, $2x + y = 1$ and $x + 2y = 1$ meet in the point $(\tfrac13, \tfrac13)$: six regions. But
# $\tfrac13$ is not a floating-point number. The crossing of the first two lines is rounded, the third line misses it
# by about $10^{-16}$, and there are regions between them that do not exist. How many depends on the order in which
# the neurons come.


# %%
def three_lines(*rows):
    """The network ReLU(h1) + ReLU(h2) + ReLU(h3) of three lines h = b + a1 x + a2 y."""
    weight, bias = [row[1:] for row in rows], [row[0] for row in rows]
    return verishallow.ReLUNetwork.of([(weight, bias), ([[1, 1, 1]], [0])])


lines = ((0, -1, 1), (-1, 2, 1), (-1, 1, 2))
for order in permutations(range(3)):
    network = three_lines(*(lines[i] for i in order))
    print(f"neurons in the order {order}: exact {exact_count(network)}, floating point {len(float_cells(network))}")


# %%
def area(polygon):
    """The exact area of a polygon whose vertices are floating-point numbers."""
    points = [(Fraction(x), Fraction(y)) for x, y in polygon.tolist()]
    return abs(sum(a * d - b * c for (a, b), (c, d) in pairwise([*points, points[0]]))) / 2


meeting = three_lines(*lines)
cells = float_cells(meeting)
sliver = min(cells, key=area)
third = Fraction(1, 3)
print("the vertices of the smallest region, minus (1/3, 1/3), in units of 2^-54:")
offsets = [tuple((Fraction(a) - third) * 2**54 for a in point) for point in sliver.tolist()]
for offset in offsets:
    print("  ", *map(str, offset))

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.6))
for polygon in cells:
    left.fill(*polygon.T, alpha=0.5)
left.plot(1 / 3, 1 / 3, "ko", ms=4)
left.set(aspect="equal", title="what one sees")
shown = np.array([[float(a) for a in offset] for offset in offsets])
right.fill(*shown.T, color="C3", alpha=0.4)
right.plot(*shown.T, "o", color="C3")
right.plot(0, 0, "k+", ms=12)
right.set(aspect="equal", title="one more, beside (1/3, 1/3), unit $2^{-54}$")
right.margins(0.4)
figure.tight_layout()
plt.show()

# %% [markdown]
# ## Why not take a tolerance
#
# With a tolerance of $10^{-12}$ the count is right. But a tolerance decides that small things are not there, and
# sometimes they are. Three networks of three lines each:
#
# - *meeting*: the one above;
# - *passing*: $x = 0$, $y = 0$, $x + y = 2^{-30}$, with a true triangle of side $10^{-9}$ between them: seven regions;
# - *steep*: two lines with weights near 30,000, almost parallel, and $y = x$, all through $(\tfrac13, \tfrac13)$: six
#   regions, but now rounding moves the crossing by about $10^{-8}$.

# %%
N = 10_000
networks = {
    "meeting": meeting,
    "passing": three_lines((0, 1, 0), (0, 0, 1), (mpq(-1, 2**30), 1, 1)),
    "steep": three_lines((-(2 * N + 1), 3 * N, 3 * N + 3), (-(2 * N + 3), 3 * N + 3, 3 * N + 6), (0, 1, -1)),
}
tolerances = [0.0, *(10.0**-k for k in range(16, 5, -1))]
counts = {name: [len(float_cells(network, t)) for t in tolerances] for name, network in networks.items()}
print("tolerance", *(f"{name:>8}" for name in networks))
for index, tolerance in enumerate(tolerances):
    told = [(counts[name][index], exact_count(network)) for name, network in networks.items()]
    marks = " ".join(f"{found:7}{' ' if found == right else '*'}" for found, right in told)
    print(f"{tolerance:9.0e} {marks}")
print("exact    ", *(f"{exact_count(network):7} " for network in networks.values()))

# %% [markdown]
# A star marks a wrong count. No line is without one: a tolerance that is large enough for *steep* is too large for
# *passing*. Such a table can be made for any tolerance, relative or absolute, and for any precision. What decides is
# whether a number **is** 0, and that is a question for exact arithmetic: over the rationals it has an answer.

# %%
figure, axes = plt.subplots(figsize=(6.4, 2.6))
for offset, (name, found) in zip((-0.06, 0, 0.06), counts.items(), strict=True):
    right = exact_count(networks[name])
    error = [number - right + offset for number in found]
    axes.plot(range(len(tolerances)), error, "o-", ms=4, label=f"{name} ({right})")
axes.axhline(0, color="k", lw=0.6)
axes.set_xticks(range(len(tolerances)), ["0", *(f"1e-{k}" for k in range(16, 5, -1))])
axes.set_yticks([-1, 0, 1, 2])
axes.set(xlabel="tolerance", ylabel="regions too many", title="no tolerance serves all three")
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# ## Random weights do it too
#
# One would hope that weights from a random number generator are in general position. But trained and random weights
# are stored with few bits, and then coincidences are common. Here are random networks with weights and biases that
# are multiples of 1/64.


# %%
def random_network(widths, seed):
    rng, layers = np.random.default_rng(seed), []
    for columns, rows in pairwise(widths):
        weight = np.round(rng.standard_normal((rows, columns)) * 64 / np.sqrt(columns)).astype(int)
        bias = np.round(rng.standard_normal(rows) * 64 / 2).astype(int)
        layers.append(([[mpq(int(a), 64) for a in row] for row in weight], [mpq(int(b), 64) for b in bias]))
    return verishallow.ReLUNetwork.of(layers)


print("network     seed   exact   floating point   with tolerance 1e-9")
for widths, seeds in (([2, 8, 8, 1], range(10)), ([2, 32, 32, 1], (20, 32, 34))):
    for seed in seeds:
        network = random_network(widths, seed)
        right, without, with_one = exact_count(network), len(float_cells(network)), len(float_cells(network, 1e-9))
        name, mark = "-".join(map(str, widths)), " *" if without != right else "  "
        print(f"{name:10} {seed:5} {right:7} {without:14}{mark} {with_one:20}")

# %% [markdown]
# The starred ones are miscounted. (Of the seeds from 0 to 59 of 2-32-32-1, five are; the three shown are among them.)
# They are right with a tolerance of $10^{-9}$, but who would have known? Exact arithmetic tells what happened: in
# each of them more than two lines meet in a point, the sides of the square included.


# %%
def crowded_points(network):
    """The vertices on more than two lines: the point, the neurons that vanish there, and the number of sides."""
    complex_ = verishallow.polyhedral_complex(network, BOX)
    for number in range(len(complex_.points)):
        point, neurons = complex_.point(number), np.flatnonzero(complex_.signs[number] == 0).tolist()
        sides = sum(abs(a) == 1 for a in point)
        if len(neurons) + sides > 2:
            yield point, neurons, sides


for widths, seed in (([2, 8, 8, 1], 4), ([2, 8, 8, 1], 7), ([2, 32, 32, 1], 34)):
    network = random_network(widths, seed)
    print(f"{'-'.join(map(str, widths))}, seed {seed}")
    print("   neurons of the second layer with bias 0:", [i for i, b in enumerate(network.layers[1].bias) if b == 0])
    for point, neurons, sides in crowded_points(network):
        where = ["", " and a side of the square", " and a corner of the square"][sides]
        names = [f"{i}" if i < widths[1] else f"{i - widths[1]} of layer 2" for i in neurons]
        print(f"   ({point[0]}, {point[1]}): neuron{'s' * (len(names) > 1)} {', '.join(names)}{where}")

# %% [markdown]
# There are two reasons.
#
# *A bias that is 0.* In both small networks one neuron of the second layer has bias 0. Where two neurons of the first
# layer are active, its pre-activation is $w_1 h_1 + w_2 h_2$, and its line passes through the point in which theirs
# meet, whatever the weights. Biases are 0 more often than others: many networks are trained without them.
#
# *Few bits.* In the network of 32 and 32 neurons three lines of the first layer meet in the point $(47/61, -23/671)$,
# exactly. Nobody arranged that. With 32 lines there are 4,960 triples, and each has its chance to be dependent.

# %%
network = random_network([2, 32, 32, 1], 34)
corner = (mpq(47, 61), mpq(-23, 671))
through = [i for i, z in enumerate(network.layers[0]([corner])) if z == 0]
for neuron in through:
    (a1, a2), b = network.layers[0].weight[neuron], network.layers[0].bias[neuron]
    print(f"neuron {neuron}: ({a1}) x + ({a2}) y + ({b}), which is 0 at ({corner[0]}, {corner[1]})")
cells = float_cells(network)
for sliver in sorted(cells, key=area)[: len(cells) - exact_count(network)]:
    nearest = min(crowded_points(network), key=lambda crowded: np.abs(sliver - [float(a) for a in crowded[0]]).max())[0]
    print(
        f"a region of floating point that is not there, area below 1e-20: {area(sliver) < Fraction(1, 10**20)},",
        end=" ",
    )
    print(f"at ({nearest[0]}, {nearest[1]})")
print(verishallow.prove(network, BOX, boundary="ignore").check())

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8.5, 4))
for axes in (left, right):
    for polygon in cells:
        axes.fill(*polygon.T, fill=False, edgecolor="0.3", lw=0.4)
x, y = map(float, corner)
left.plot(x, y, "o", color="C3", ms=6)
for neuron in through:
    (a1, a2), b = network.layers[0].weight[neuron], network.layers[0].bias[neuron]
    across = np.array([x - 0.1, x + 0.1])
    right.plot(across, -(float(b) + float(a1) * across) / float(a2), lw=1.6, label=f"neuron {neuron}")
right.plot(x, y, "o", color="C3", ms=6)
left.set(aspect="equal", title="636 regions on the square, not 637")
right.set(xlim=(x - 0.1, x + 0.1), ylim=(y - 0.1, y + 0.1), title="three lines that meet in (47/61, -23/671)")
right.legend(frameon=True, loc="lower left")
figure.tight_layout()
plt.show()

# %% [markdown]
# The certificate is the difference between one more opinion and an answer. Each of the 636 regions has a rational
# point strictly inside it, each neuron that does not cut a region has a reason over the rationals, and a stand-alone
# checker has verified them. Of other tools, regioncam 0.5.2 says 637 here, and affinitree 0.23.0 says 639.
#
# ## Published networks
#
# The same happens at a larger scale. `tll_n2_m8_0` of the competition VNN-COMP 2022 (a two-level lattice network,
# with consecutive linear layers) has 433 activation regions and 5 affine pieces on $[-2, 2]^2$, certified. regioncam
# 0.5.2 counts 2,236, and affinitree 0.23.0 does not finish. Multiplying the linear layers out in float32, instead of
# exactly, already makes 775 regions of the 433. `python -m tests.benchmarks` asks the tools again, where they are
# installed.
