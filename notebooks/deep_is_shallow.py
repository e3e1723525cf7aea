# %% [markdown]
# # A deep network equals a network of three layers
#
# Every deep ReLU network with rational weights equals, at every point, a network of three layers (two hidden ones)
# whose weights are rational or $-\infty$ (Villani and Schoots, *Any Deep ReLU Network is Shallow*, arXiv 2306.11827).
# This article writes both networks out for an example small enough to print, composes them symbolically on every
# region, and finds the difference 0. A second example, in the plane, is large enough to show what the first one
# hides.

# %%
import matplotlib.pyplot as plt
import numpy as np
import sympy as sp
from IPython.display import Math, display
from matplotlib.patches import Polygon

import verishallow
from verishallow.fast_checker.symbolic import symbolic_reading
from verishallow.rationals import ExtendedRational

plt.rcParams.update({"figure.dpi": 80, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})

# %% [markdown]
# ## The deep network
#
# A ramp: two hidden layers of one neuron each,
#
# $$f(x) = 3 - 2\,\mathrm{ReLU}\bigl(1 - \mathrm{ReLU}(x)\bigr).$$

# %%
deep = verishallow.ReLUNetwork.of([([[1]], [0]), ([[-1]], [1]), ([[-2]], [3])])

x = sp.Symbol("x", real=True)


def rational(value):
    return sp.Rational(int(value.numerator), int(value.denominator))


def deep_formula(network, point):
    """The network as a formula in the input, ReLU written as Max(0, .)."""
    values = list(point)
    for layer in network.layers:
        rows = zip(layer.weight, layer.bias, strict=True)
        sums = [sum(rational(w) * v for w, v in zip(row, values, strict=True)) + rational(b) for row, b in rows]
        values = [sp.Max(0, z) for z in sums]
    return sums[0]


f = deep_formula(deep, [x])
display(Math("f(x) = " + sp.latex(f)))

# %% [markdown]
# ## The three-layer network
#
# `prove` finds the regions, builds the network $S(x) = W_3\,\mathrm{ReLU}(W_2\,\mathrm{ReLU}(W_1 x + b_1) + b_2) +
# b_3$, and proves $f = S$ on all of $\mathbb{R}$. `reduced()` merges equal units of the first layer. These are its
# matrices, with the weights $-\infty$ in their places.

# %%
certificate = verishallow.prove(deep)
print(certificate.check())


# %%
def matrices(network):
    """Weights and biases of the three layers, as sympy matrices."""
    widths = (network.inputs, network.layer1.width, network.layer2.width)
    found = []
    for layer, columns in zip((network.layer1, network.layer2, network.layer3), widths, strict=True):
        weight = sp.zeros(layer.width, columns)
        for i, row in enumerate(layer.rows):
            for j, w in row:
                weight[i, j] = -sp.oo if w.infinite else rational(w.finite)
        found += [weight, sp.Matrix([rational(b) for b in layer.bias])]
    return found


W1, b1, W2, b2, W3, b3 = matrices(certificate.shallow.reduced())
for number, (weight, bias) in enumerate(((W1, b1), (W2, b2), (W3, b3)), start=1):
    display(Math(f"W_{number} = {sp.latex(weight)}, \\quad b_{number} = {sp.latex(bias)}"))

# %% [markdown]
# The first layer holds $\mathrm{ReLU}(x)$ and $\mathrm{ReLU}(-x)$, from which $x$ is restored as their difference,
# and $\mathrm{ReLU}(x-1)$, $\mathrm{ReLU}(1-x)$. These four are also the *violations* of the constraints $x \le 0$,
# $x \ge 0$, $x \le 1$, $x \ge 1$: each is positive just where its constraint fails. A weight $-\infty$ on a violation
# switches a unit of the second layer off outside a closed set.
#
# The arithmetic is that of the extended reals with $0 \cdot (-\infty) = 0$: a violation that does not occur costs
# nothing, one that does gives $-\infty$, and $\mathrm{ReLU}(-\infty) = 0$. The second layer comes in pairs: one unit
# for $F$, one for $-F$, since $F = \mathrm{ReLU}(F) - \mathrm{ReLU}(-F)$. So there are five closed sets, with the
# weights in $W_3$: three cells with $+1$, and the two points 0 and 1 with $-1$. (In the first row of $W_2$,
# $\mathrm{ReLU}(-x)$ is at once a part of $x$ and a violation, and $-\infty$ absorbs the finite weight: where it is
# not 0, the unit is off anyway.)

# %%
violations = [("x > 0", "high", 0), ("x < 0", "low", 0), ("x > 1", "high", 1), ("x < 1", "low", 1)]
closed_sets = []
for pair in range(W2.rows // 2):
    row, weight = list(W2.row(2 * pair)), W3[2 * pair]
    form = (row[0] if row[0] != -sp.oo else -row[1] if row[1] != -sp.oo else 0) * x + b2[2 * pair]
    off = [violation for violation, w in zip(violations, row, strict=True) if w == -sp.oo]
    low = max([at for _, side, at in off if side == "low"], default=-sp.oo)
    high = min([at for _, side, at in off if side == "high"], default=sp.oo)
    closed_sets.append((low, high, weight))
    print(f"pair {pair}: weight {weight!s:>2}, F = {form!s:7}, off where {' or '.join(text for text, _, _ in off)}")

# %% [markdown]
# ## Composed on every region, symbolically
#
# On the interior of each region every unit of both networks has one sign, so both networks are polynomials there. We
# compose them by hand, with the convention above, and subtract.


# %%
def sign_on(form, variables, region):
    """1 or -1 where an affine form has that sign on the whole interior of a region, 0 if it vanishes, else None."""
    points = [[rational(a) for a in vertex] for vertex in region.v_representation.vertices]
    rays = [[rational(a) for a in ray] for ray in region.v_representation.rays]
    at = sp.lambdify(variables, form)
    signs = {sp.sign(at(*point)) for point in points}
    signs |= {sp.sign(at(*ray) - at(*[0] * len(ray))) for ray in rays}
    return None if {1, -1} <= signs else int(sum(signs - {0}))


def relu_on(form, variables, region):
    sign = sign_on(form, variables, region)
    assert sign is not None, "this unit has a kink inside the region"
    return form if sign > 0 else sp.Integer(0)


def second_unit(row, bias, units, signs):
    """What a unit of layer 2 receives on a region; None stands for -oo."""
    if any(w == -sp.oo and sign == 1 for w, sign in zip(row, signs, strict=True)):
        return None
    assert all(w != -sp.oo or sign in (0, -1) for w, sign in zip(row, signs, strict=True))
    return sp.expand(sum((w * u for w, u in zip(row, units, strict=True) if w not in (0, -sp.oo)), bias))


def compose(layers, variables, region):
    """The second layer of the three-layer network and its output, as polynomials on the interior of a region."""
    w1, c1, w2, c2, w3, c3 = layers
    forms = list(w1 * sp.Matrix(variables) + c1)
    signs = [sign_on(form, variables, region) for form in forms]
    # A unit with a kink inside the region may only be read through a weight -oo.
    units = [form if sign == 1 else 0 if sign in (0, -1) else sp.nan for form, sign in zip(forms, signs, strict=True)]
    second = [second_unit(list(w2.row(i)), c2[i], units, signs) for i in range(w2.rows)]
    alive = [0 if z is None else relu_on(z, variables, region) for z in second]
    return second, sp.expand((w3 * sp.Matrix(alive) + c3)[0])


def deep_on(network, variables, region):
    """The deep network as a polynomial on the interior of a region."""
    values = list(variables)
    for number, layer in enumerate(network.layers, start=1):
        rows = zip(layer.weight, layer.bias, strict=True)
        sums = [sum(rational(w) * v for w, v in zip(row, values, strict=True)) + rational(b) for row, b in rows]
        values = [relu_on(z, variables, region) for z in sums] if number < len(network.layers) else sums
    return sp.expand(values[0])


# %%
layers = matrices(certificate.shallow.reduced())
for region in certificate.regions:
    second, shallow_on_region = compose(layers, [x], region)
    deep_on_region = deep_on(deep, [x], region)
    inside = " and ".join(f"{form} > 0" for form in region.h_representation).replace("x0", "x")
    received = ", ".join("-oo" if z is None else str(z) for z in second)
    print(f"where {inside}:")
    print(f"  layer 2 receives {received}")
    print(f"  f = {deep_on_region},  S = {shallow_on_region},  f - S = {deep_on_region - shallow_on_region}")

# %% [markdown]
# ## Where two regions meet
#
# The interiors are the easy part. At $x = 0$ the closed cells $x \le 0$ and $0 \le x \le 1$ are both alive, and both
# give $F(0) = 1$. Without the unit of the point 0, weighted $-1$, the sum would be 2. The table evaluates $S$ at the
# two boundary points and beside them, in exact arithmetic.


# %%
def second_layer_at(point):
    first = [sp.Max(0, z) for z in W1 * sp.Matrix([point]) + b1]
    received = []
    for i in range(W2.rows):
        off = any(w == -sp.oo and u > 0 for w, u in zip(W2.row(i), first, strict=True))
        finite = (w * u for w, u in zip(W2.row(i), first, strict=True) if w != -sp.oo)
        received.append(-sp.oo if off else sum(finite, b2[i]))
    return received


print("    x   f(x)   contributions of the five closed sets          sum")
for point in (sp.Rational(-1, 2), sp.Integer(0), sp.Rational(1, 2), sp.Integer(1), sp.Integer(2)):
    outputs = [sp.Max(0, z) for z in second_layer_at(point)]
    parts = [W3[2 * i] * outputs[2 * i] + W3[2 * i + 1] * outputs[2 * i + 1] for i in range(5)]
    shown = "  ".join(f"{part!s:>7}" for part in parts)
    print(f"{point!s:>5}   {f.subs(x, point)!s:>4}   {shown}   {sum(parts)!s:>4}")

# %%
figure, (graph, sets) = plt.subplots(2, 1, figsize=(6, 4), sharex=True, height_ratios=(2, 1.6))
ends = [-1.5, 0, 1, 2.5]
graph.plot(ends, [float(f.subs(x, end)) for end in ends])
graph.set_ylabel("f = S")
for pair, (low, high, weight) in enumerate(closed_sets):
    colour, drawn = "C0" if weight > 0 else "C3", [max(low, ends[0]), min(high, ends[-1])]
    sets.plot(drawn, [pair, pair], color=colour, lw=4, solid_capstyle="butt")
    finite = [end for end in (low, high) if abs(end) < sp.oo]
    sets.plot(finite, [pair] * len(finite), "o", color=colour)
    sets.text(2.6, pair, f"pair {pair}, weight {int(weight):+d}", va="center")
sets.invert_yaxis()
sets.set_yticks([])
sets.set_xlabel("x")
sets.set_title("the five closed sets on which a pair of layer 2 is alive", fontsize=9)
figure.tight_layout()
plt.show()

# %% [markdown]
# ## A network in the plane
#
# With two inputs the regions have corners, and hyperplanes of one part of the plane run through the regions of
# another. The network
#
# $$f(x, y) = 1 + \mathrm{ReLU}\bigl(\mathrm{ReLU}(x) + \mathrm{ReLU}(y) - 1\bigr)$$
#
# has three hidden neurons and, by the bend that the first layer gives to the second, seven regions.

# %%
bent = verishallow.ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [-1]), ([[1]], [1])])
y = sp.Symbol("y", real=True)
display(Math("f(x, y) = " + sp.latex(deep_formula(bent, [x, y]))))
proof = verishallow.prove(bent)
print(proof.check())
shallow = proof.shallow.reduced()
print(f"{shallow.layer1.width} units in layer 1, {shallow.layer2.width} in layer 2")
print(f"{shallow.layer2.infinite_weights()} weights -oo")

# %%
layers = matrices(shallow)
for region in proof.regions:
    second, on_shallow = compose(layers, [x, y], region)
    on_deep = deep_on(bent, [x, y], region)
    inside = ", ".join(f"{form} > 0" for form in region.h_representation).replace("x0", "x").replace("x1", "y")
    alive = sum(z is not None for z in second)
    both = f"f = {on_deep!s:5}  S = {on_shallow!s:5}  f - S = {on_deep - on_shallow}"
    print(f"{both}  {alive} of {len(second)} units on  where {inside}")

# %% [markdown]
# On each open region one pair of units is on, that of the region itself, and the difference is the zero polynomial.
# (The line $x = 1$, a boundary for $y < 0$, runs through the region $x + y > 1$. The units that read its violation
# are off there for another reason, since $y > 0$; `second_unit` insists on it.) The 38 units of layer 2 are 19 pairs:
# one for each of the 7 regions, the 9 edges and the 3 corners of the picture. At the corner $(1, 0)$ four regions
# meet, and the signs settle the account.


# %%
def contributions(network, point):
    """What the pairs of layer 2 that are on at a point add to the output."""
    first = [z.relu() for z in network.layer1([ExtendedRational.of(a) for a in point])]
    second = [z.relu().finite for z in network.layer2(first)]
    parts = [weight.finite * second[unit] for unit, weight in network.layer3.rows[0]]
    pairs = [plus + minus for plus, minus in zip(parts[::2], parts[1::2], strict=True)]
    return [int(part) if part.denominator == 1 else part for part in pairs if part]


for point in ((2, 1), (2, 0), (1, 0), (0, 1), (0, 0), ("1/2", "1/2")):
    parts = " ".join(f"{'+' if part > 0 else ''}{part}" for part in contributions(shallow, point))
    print(f"at ({point[0]}, {point[1]}):  f = {bent(point)[0]},  S = {parts} = {shallow(point)[0]}")

# %%
figure, (plane, gates) = plt.subplots(1, 2, figsize=(9, 3.9), width_ratios=(1, 1.1))
boxed = verishallow.prove(bent, domain="box:-2,3")
for region in boxed.regions:
    corners = np.array([[float(a) for a in vertex] for vertex in region.v_representation.vertices])
    middle = corners.mean(axis=0)
    order = np.argsort(np.arctan2(*(corners - middle).T))
    constant = region.affine_map.forms[0].is_constant()
    plane.add_patch(Polygon(corners[order], facecolor="#f4f4f4" if constant else "#cfe3f5", edgecolor="k", lw=1))
    formula = str(region.affine_map.forms[0]).replace("x0", "x").replace("x1", "y")
    plane.text(*middle, formula, ha="center", va="center")
plane.set(xlim=(-2, 3), ylim=(-2, 3), aspect="equal", xlabel="x", ylabel="y", title="f on its seven regions")

W2 = layers[2]
for i in range(W2.rows):
    for j in range(W2.cols):
        if W2[i, j]:
            colour = "k" if W2[i, j] == -sp.oo else "C0" if W2[i, j] > 0 else "C1"
            gates.plot([i], [j], "s", ms=4, color=colour)
names = [f"ReLU({form})".replace("*", "") for form in layers[0] * sp.Matrix([x, y]) + layers[1]]
gates.set_yticks(range(len(names)), names)
gates.set(xlabel="unit of layer 2", title="$W_2$: black $-\\infty$, blue > 0, orange < 0")
gates.invert_yaxis()
figure.tight_layout()
plt.show()

# %% [markdown]
# ## Who checks
#
# Nothing above needs to be believed. The certificate is a file, and `python -m verishallow.checker FILE` checks it
# with the standard library of Python alone: it derives every unit again from the deep network, and verifies by one
# identity over $\mathbb{Q}$ each that neurons do not change sign where they are said not to. A second reading
# composes both networks with sympy on every region, as this article does:

# %%
print(symbolic_reading(certificate))
print(symbolic_reading(proof))
