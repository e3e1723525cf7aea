# %% [markdown]
# # One hidden layer, and Huang's bases
#
# How many hidden layers does the function of a network need? None, if it is affine; one, if it is
#
# $$ f(x) = A(x) + \sum_k w_k\,\mathrm{ReLU}(h_k(x)), $$
#
# and otherwise more. This is decided exactly, with a reason either way. With one input one hidden layer is always
# enough, and its neurons can be read off the knots of the graph: the one-sided and two-sided bases of arXiv
# 2411.06728.

# %%
import matplotlib.pyplot as plt
import numpy as np
from gmpy2 import mpq

import verishallow
from verishallow import Polyhedron, ReLUNetwork, depth, from_points, one_sided, read_neurons, two_sided

plt.rcParams.update({"figure.dpi": 80, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})

# %% [markdown]
# ## A hyperplane is bent everywhere, or nowhere
#
# Each neuron of a network with one hidden layer bends the function along a whole hyperplane, and by the same amount
# everywhere: its gradient jumps there by one vector. So does the sum. The maximum of two numbers passes the test:

# %%
maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
found = depth(maximum)
print(found.reason)
print(found.certificate.check())

# %% [markdown]
# Two hidden layers that are needed: $f(x) = \mathrm{ReLU}(\mathrm{ReLU}(x_0) - \mathrm{ReLU}(x_1))$. Its gradient
# jumps along the ray where $x_0 = 0$ and $x_1 < 0$, but not along the rest of that line.

# %%
corner = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])])
found = depth(corner)
print(found.hidden_layers, "hidden layers or more:", found.reason)
print("the jumps, computed from the network again:", found.holds())

# %%
figure, axes = plt.subplots(figsize=(4, 3.6))
grid = np.linspace(-2, 2, 161)
values = np.maximum(np.maximum(grid, 0)[None, :] - np.maximum(grid, 0)[:, None], 0)
axes.contourf(grid, grid, values, levels=20, cmap="Blues")
axes.axvline(0, color="grey", linestyle=":", linewidth=1)
for kink in ([(0, -2), (0, 0)], [(0, 0), (2, 2)], [(0, 0), (2, 0)]):
    axes.plot(*zip(*kink, strict=True), color="black")
for jump in found.jumps:
    axes.plot(*[float(x) for x in jump.point], "o", color="tab:red")
    label = ", ".join(str(a) for a in jump.vectors[0])
    axes.annotate(f"  ({label})", [float(x) for x in jump.point], color="tab:red")
axes.set(title="a line that is bent in part, and two jumps on it", xlabel="$x_0$", ylabel="$x_1$")
plt.show()

# %% [markdown]
# On a part of the plane that this corner does not meet, fewer layers are enough:

# %%
for domain in ("box:[1,2]x[-5,5]", "box:[-2,-1]x[-5,5]"):
    print(domain, "->", depth(corner, domain).hidden_layers, "hidden layers:", depth(corner, domain).reason)

# %% [markdown]
# ## The least number of neurons
#
# A scalar function on $\mathbb{R}^n$ that is bent along k hyperplanes needs k, k + 1 or k + 2 neurons in one hidden
# layer (Dereich & Kassing, arXiv 2108.05643). Which of them is decided by what is left once the neurons have chosen
# their sides, since $\mathrm{ReLU}(h) = h + \mathrm{ReLU}(-h)$.

# %%
for rest in ([0, 0], [-1, -1], [3, 0], [7, 3]):
    bent = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[*rest, 1, 1]], [0], [0, 1])])
    print(f"ReLU(x0) + ReLU(x1) + {rest[0]} x0 + {rest[1]} x1: {depth(bent).reason}")

# %% [markdown]
# ## One input: bases on one side and on two
#
# A deep network of one input, its knots, and the same function in both forms. One-sided bases all look to the right,
# and begin where the domain does. Two-sided bases look away from a centre, and need no end of the domain.

# %%
deep = ReLUNetwork.of([([[1], [-1]], [0, 1]), ([[-1, 2], [1, 1]], [2, -1]), ([[1, -1]], [0])])
right, both = one_sided(deep, "box:-2,4"), two_sided(deep)
print("one-sided, on [-2, 4]:")
print(*right.bases, sep="\n")
print("two-sided, on R:")
print(*both.bases, sep="\n")
for form, domain in ((right, "box:-2,4"), (both, None)):
    print(verishallow.prove_equal(deep, form.network, domain).check().kind)

# %%
figure, panels = plt.subplots(1, 2, figsize=(8, 3), sharey=True)
xs = [mpq(k, 20) for k in range(-40, 81)]
for axes, form, title in zip(panels, (right, both), ("one-sided", "two-sided"), strict=True):
    for base in form.bases:
        axes.plot(xs, [float(base.weight[0] * max(base.form([x]), 0)) for x in xs], linewidth=1, alpha=0.7)
        axes.axvline(float(base.knot), color="lightgrey", linewidth=0.5)
    axes.plot(xs, [float(deep([x])[0]) for x in xs], color="black", label="their sum with the constant")
    axes.set(title=title, xlabel="x", ylim=(-8, 10))
panels[0].legend(frameon=False)
plt.show()

# %% [markdown]
# ## A trained network, read
#
# Sixteen neurons, trained by gradient descent on points of a sine. The weights are then rounded to multiples of
# 1/1024, so that the network is exact.

# %%
rng = np.random.default_rng(3)
x = np.linspace(-3, 3, 61)
y = np.sin(2 * x)
w, b, v, c = rng.standard_normal(16), rng.standard_normal(16) * 2, rng.standard_normal(16) / 4, 0.0
for _ in range(6000):
    z = x[:, None] * w + b
    h = np.maximum(z, 0)
    error = ((h * v).sum(axis=1) + c - y)[:, None] / len(x)
    back = error * v * (z > 0)
    steps = (back * x[:, None]).sum(axis=0), back.sum(axis=0), (error * h).sum(axis=0), error.sum()
    w, b, v, c = (old - 0.05 * step for old, step in zip((w, b, v, c), steps, strict=True))


def exact(values):
    return [mpq(round(1024 * float(value)), 1024) for value in values]


trained = ReLUNetwork.of([([[a] for a in exact(w)], exact(b)), ([exact(v)], exact([c]))])
reading = read_neurons(trained, "box:-3,3")
print("neuron    knot  side       weight  standing")
for neuron in reading.neurons:
    place = f"{float(neuron.knot):8.3f}"
    print(f"{neuron.number:6}{place}  {neuron.side:5}{float(neuron.weight[0]):12.3f}  {neuron.standing}")
print("dead on the domain:", reading.dead)

# %% [markdown]
# Between two knots the function is the sum of the neurons that are active there. So the graph is explained
# completely: by the sorted knots, and by how much each bends it.

# %%
for interval in reading.intervals[:4]:
    print(f"[{float(interval.low):.3f}, {float(interval.high):.3f}]: neurons {interval.active} sum to one affine map")
assert all(interval.affine_map([interval.high]) == trained([interval.high]) for interval in reading.intervals)
print(len(reading.knots), "knots,", len(reading.intervals), "intervals, each sum checked exactly at its end")

figure, axes = plt.subplots(figsize=(7, 3))
places = [mpq(k, 40) for k in range(-120, 121)]
axes.plot(x, y, ".", color="lightgrey", label="data")
axes.plot(places, [float(trained([p])[0]) for p in places], color="black", linewidth=1, label="network")
for knot in reading.knots:
    on_the_right = reading.neurons[knot.neurons[0]].side == "right"
    axes.plot(float(knot.at), float(trained([knot.at])[0]), ">" if on_the_right else "<", color="tab:red")
axes.set(title="each marker is a knot, and points to the side of its neuron", xlabel="x")
axes.legend(frameon=False)
plt.show()

# %% [markdown]
# Two neurons that are alike, two that undo each other, one that nobody reads: training leaves such neurons behind,
# and they are found exactly, not up to a tolerance.

# %%
wasteful = ReLUNetwork.of([([[2], [1], [-1], [1], [1]], [0, 0, 1, -1, 3]), ([[1, 4, 2, -2, 0]], [0])])
found = read_neurons(wasteful, "box:-2,2")
print("alike:", found.duplicates, " dead:", found.dead)
for knot in found.knots:
    print(f"knot {knot.at}: neurons {knot.neurons}", "undo each other" if knot.cancels else f"jump {knot.jump[0]}")
print("one hidden layer of", depth(wasteful, "box:-2,2").explicit.hidden[0].width, "neurons is the same function there")

# %% [markdown]
# ## Through given points
#
# The interpolant of points is a network with one hidden layer, and no training is needed:

# %%
through = from_points([0, 1, "5/2", 4], [0, "2/3", "-1", "1/7"])
print([str(through([place])[0]) for place in (0, 1, "5/2", 4)], "with", through.hidden[0].width, "neurons")
line = Polyhedron.whole_space(1)
print(depth(through, line).reason)
