# %% [markdown]
# # Slices: large networks on a plane or a line
#
# A network that reads images has hundreds of inputs, and nobody lists its regions: there are far too many. But one
# can ask what it does **between three images**, or along a line, or where all but two inputs are fixed. That is a
# *slice*, and on a slice everything works as it does for small networks: regions, the three-layer network, the
# certificate.
#
# A slice is an affine map $t \mapsto A t + b$ from a few parameters $t$ to the inputs. The network after that map is
# again a ReLU network, with the same neurons: the first layer $W x + c$ becomes $(W A) t + (W b + c)$, and all other
# layers stay. Over the rationals this product is exact, so that the network is *restricted*, and not approximated.

# %%
import json
from collections import defaultdict
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from gmpy2 import mpq
from sklearn.datasets import load_digits

import verishallow
from verishallow import checker

plt.rcParams.update({"figure.dpi": 80, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})

digits = load_digits()
kept = np.arange(len(digits.data)) % 5 == 0  # those that were kept from the training
images = [
    digits.data[kept][np.flatnonzero(digits.target[kept] == digit)[0]].astype(int).tolist() for digit in (3, 5, 8)
]

network = verishallow.load("../proofs/digits/network.onnx")
plane = verishallow.Slice.plane(*images)
restricted = plane.restricted(network)
print(f"the network: {network.inputs} inputs, widths {network.widths}")
print(f"on the plane: {restricted.inputs} inputs, widths {restricted.widths}")
middle = ["1/3", "1/3"]
mixture = plane.affine_map(middle)
print("at the mixture of equal parts both have the same logits:", restricted(middle) == network(mixture))

# %% [markdown]
# ## Between a 3, a 5 and an 8
#
# The network is the perceptron of `proofs/digits`: 64 pixels, hidden layers of 64 and 32 neurons, ten logits. The
# three images are of the kind that it was not trained on. The plane through them has the parameters $(0, 0)$,
# $(1, 0)$ and $(0, 1)$ at the images, and the triangle between these holds all their mixtures.

# %%
triangle = verishallow.Polyhedron.of([[0, 1, 0], [0, 0, 1], [1, -1, -1]])
certificate = verishallow.prove(network, triangle, on_slice=plane)
print(certificate.check())
print("the same certificate as in proofs/digits:", end=" ")
print(certificate == verishallow.Certificate.read("../proofs/digits/network.cert.jsonl.gz"))
counts, shallow = certificate.counts, certificate.shallow
for name in ("activation_regions", "affine_pieces", "linear_regions", "faces"):
    print(f"{name.replace('_', ' '):18} {counts[name]}")
print(f"units              {shallow.layer1.width} in layer 1, {shallow.layer2.width} in layer 2")
logits = network(mixture)
print("the three-layer network at that mixture, exactly the same:", shallow(middle) == logits)
print(f"the logit of the 3 there is a fraction of {logits[3].numerator.num_digits()} digits over", end=" ")
print(f"{logits[3].denominator.num_digits()}")

# %% [markdown]
# In the certificate stands the *whole* network, with its 64 inputs and its own hash, and beside it the slice. The
# checker multiplies the two out itself, so that it need not believe that the restriction was done right; and whoever
# asks whether a certificate is about this plane compares 64 rows of three rationals. If one pixel of one image is
# another, the certificate is not valid any more.

# %%
print("the certificate names the whole network:", certificate.whole_network == network)
print("and the slice:", certificate.slice == plane)
print("pixel 21 as an affine form of the two parameters:", certificate.slice.affine_map.forms[21])

header = json.loads(certificate.lines[0])
header["slice"][21][0] = "6"
altered = json.dumps(header, sort_keys=True, separators=(",", ":")).encode() + b"\n"
print("with that pixel 6 instead of 5 in the first image:")
print(checker.check_lines((altered, *certificate.lines[1:])))

# %% [markdown]
# ## The regions, and what is read where
#
# On each region the ten logits are affine, so the part of it that is read as one digit is a polygon with exact
# vertices, and its area is a rational number. The colours on the right are such polygons, nothing is sampled.

# %%
CORNERS = np.array([[0, 0], [1, 0], [0.5, np.sqrt(3) / 2]])
"""The triangle, drawn with sides of one length."""


def drawn(points):
    """Parameters as places in the picture."""
    s, t = np.array([[float(a) for a in point] for point in points]).T
    return np.stack([1 - s - t, s, t], axis=1) @ CORNERS


def ordered(vertices):
    """The vertices of a polygon, once around."""
    points = np.array([[float(a) for a in vertex] for vertex in vertices])
    turn = np.argsort(np.arctan2(*(points - points.mean(axis=0)).T))
    return [vertices[i] for i in turn]


def area(vertices):
    """The exact area of a polygon."""
    around = ordered(vertices)
    return abs(sum(a * d - b * c for (a, b), (c, d) in pairwise([*around, around[0]]))) / 2


def parts(region, better=max):
    """Where in a region each output is the best one: polygons with an interior."""
    forms, sign = region.affine_map.forms, 1 if better is max else -1
    for own, best in enumerate(forms):
        wins = ((best - other).scaled(sign) for index, other in enumerate(forms) if index != own)
        part = verishallow.Polyhedron(2, (*region.polyhedron.inequalities, *wins))
        if part.affine_dimension() == 2:
            yield own, part.v_representation.vertices


read_as = defaultdict(list)
for region in certificate.regions:
    for digit, vertices in parts(region):
        read_as[digit].append(vertices)
shares = {digit: sum(map(area, found)) / area(triangle.v_representation.vertices) for digit, found in read_as.items()}
for digit, share in sorted(shares.items(), key=lambda item: -item[1]):
    print(f"read as {digit}: {float(share):7.4f} of the triangle, in {len(read_as[digit])} polygons")
print("these shares add up to", sum(shares.values()))

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.4))
shades = plt.get_cmap("tab20")
for number, region in enumerate(certificate.regions):
    outline = drawn(ordered(region.v_representation.vertices)).T
    left.fill(*outline, color=shades(number % 20), alpha=0.6, lw=0)
    left.fill(*outline, fill=False, edgecolor="k", lw=0.5)
    right.fill(*outline, fill=False, edgecolor="0.6", lw=0.3)
for digit, found in sorted(read_as.items()):
    for number, vertices in enumerate(found):
        right.fill(
            *drawn(ordered(vertices)).T, color=f"C{digit}", alpha=0.35, lw=0, label=f"{digit}" if not number else ""
        )
for axes, title in ((left, f"{len(certificate.regions)} activation regions"), (right, "what is read where")):
    for image, (x, y), (across, up) in zip(images, CORNERS, ((-0.2, -0.2), (0, -0.2), (-0.1, 0.02)), strict=True):
        inset = axes.inset_axes((x + across, y + up, 0.2, 0.2), transform=axes.transData)
        inset.imshow(np.reshape(image, (8, 8)), cmap="gray_r")
        inset.set(xticks=[], yticks=[])
        inset.spines[:].set_visible(True)
    axes.set(aspect="equal", title=title, xlim=(-0.25, 1.25), ylim=(-0.22, 1.1))
    axes.axis("off")
right.legend(title="read as", frameon=False, loc="upper right")
plt.show()

# %% [markdown]
# A surprise: nothing in the triangle is read as a 5, not even the 5 itself. It is one of the seven images, of the 360
# that were kept from the training, that this network misreads: a 9, it says. The shares add up to 1 exactly, so no
# other digit has a polygon anywhere between the three.
#
# ## A line, and its breakpoints
#
# How far is the misread 5 from one that is read as it should be? The next 5 of the test data is. On the segment between
# the two the network has one input, $t$, and its regions are intervals whose ends, the breakpoints, are exact. Some are
# so short that no one would sample them.

# %%
misread, well_read = digits.data[kept][np.flatnonzero(digits.target[kept] == 5)[:2]].astype(int).tolist()
line = verishallow.Slice.line(misread, well_read)
along = verishallow.prove(network, on_slice=line)
print(along.check())
intervals = sorted(along.regions, key=lambda region: region.witness)
ends = sorted({vertex for region in intervals for (vertex,) in region.v_representation.vertices})
widths = [after - before for before, after in pairwise(ends)]
shortest, longest = float(min(widths)), float(max(widths))
print(f"{len(intervals)} intervals; the shortest has the length {shortest:.5f}, the longest {longest:.3f}")
print("the first three breakpoints:", *map(str, ends[1:4]))


# %%
def winner(values):
    return max(range(10), key=values.__getitem__)


changes = []
for region in intervals:
    (low,), (high,) = sorted(region.v_representation.vertices)
    before, after = (winner([form([t]) for form in region.affine_map.forms]) for t in (low, high))
    if before != after:
        lead = region.affine_map.forms[before] - region.affine_map.forms[after]
        changes.append((-lead.constant / lead.linear[0], before, after))
for t, before, after in changes:
    values = network(line.affine_map([t]))
    print(f"from {before} to {after} at t = {float(t):.6f}, which is")
    print(f"   {t}")
    print(f"   both logits are the same there, and the greatest: {values[before] == values[after] == max(values)}")

figure, axes = plt.subplots(figsize=(8, 3.6))
for digit in (9, 5, 3):
    axes.plot(
        [float(t) for t in ends], [float(network(line.affine_map([t]))[digit]) for t in ends], ".-", label=f"{digit}"
    )
for t in ends:
    axes.axvline(float(t), color="0.85", lw=0.6, zorder=0)
for t, _, _ in changes:
    axes.axvline(float(t), color="k", lw=1, ls="--")
axes.set(
    xlabel="t, from the misread 5 to the other",
    ylabel="logit",
    title="the logits bend at the breakpoints, and nowhere else",
)
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
for image, place in ((misread, (0, 0.76)), (well_read, (0.87, 0.3))):
    inset = axes.inset_axes((*place, 0.13, 0.22))
    inset.imshow(np.reshape(image, (8, 8)), cmap="gray_r")
    inset.set(xticks=[], yticks=[])
    inset.spines[:].set_visible(True)
plt.show()

# %% [markdown]
# The change of mind has an exact place. It is the only one between the two images: on each interval the logits are
# affine, a digit that wins at both ends wins in between, and there are no other intervals.
#
# Lines are cheap enough to ask for many. How many regions lie between the first images of two digits?

# %%
firsts = [
    digits.data[kept][np.flatnonzero(digits.target[kept] == digit)[0]].astype(int).tolist() for digit in range(10)
]
between = np.full((10, 10), np.nan)
for one in range(10):
    for other in range(one):
        segment = verishallow.Slice.line(firsts[one], firsts[other]).restricted(network)
        between[one, other] = verishallow.polyhedral_complex(segment, "box:0,1").cells
found = between[~np.isnan(between)].astype(int)
print(f"{len(found)} segments: from {found.min()} to {found.max()} regions, median {int(np.median(found))}")

figure, axes = plt.subplots(figsize=(4, 3.2))
shown = axes.imshow(between, cmap="viridis")
for one, other in np.argwhere(~np.isnan(between)):
    axes.text(other, one, f"{between[one, other]:.0f}", ha="center", va="center", color="w", fontsize=7)
axes.set(xticks=range(10), yticks=range(10), title="regions on the segment between two digits")
plt.show()

# %% [markdown]
# ## Two aircraft
#
# Slices need not go through points. Any affine map of parameters to inputs is one: here fixed values, and inputs that
# depend on each other. The network of `proofs/collision-avoidance` has the shape of those of ACAS Xu: distance, angle
# and heading of an intruder, the own speed and the intruder's, and five costs, of no turn, weak turns to the left and
# to the right, and strong ones; the least cost is the advisory. When both aircraft fly against each other at 600 feet a
# second, only the first two inputs vary: where the intruder is.

# %%
FEET, RADIANS = 60_000, np.pi
ADVISORIES = ("no turn", "weak left", "weak right", "strong left", "strong right")

avoidance = verishallow.load("../proofs/collision-avoidance/network.onnx")
head_on = verishallow.Slice.of([[0, 1, 0], [0, 0, 1], [1, 0, 0], ["3/5", 0, 0], ["3/5", 0, 0]])
where = "box:[1/20,1]x[-1,1]"  # 3,000 to 60,000 feet, all around
proved = verishallow.prove(avoidance, where, on_slice=head_on)
print(proved.check())

advised = defaultdict(list)
for region in proved.regions:
    for advisory, vertices in parts(region, min):
        advised[advisory].append(vertices)
whole = area(proved.domain.v_representation.vertices)
for advisory, name in enumerate(ADVISORIES):
    share = sum(map(area, advised[advisory]), start=mpq(0)) / whole
    print(f"{name:12} is advised on {float(share):7.4f} of the rectangle, in {len(advised[advisory]):3} polygons")
print("these shares add up to", sum(area(vertices) for found in advised.values() for vertices in found) / whole)


# %%
def seen_from_above(vertices, steps=12):
    """The outline of a polygon of distances and angles as places around the own aircraft, which flies up."""
    corners = np.array([[float(a) for a in vertex] for vertex in ordered(vertices)])
    around = zip(corners, np.roll(corners, -1, axis=0), strict=True)
    path = np.concatenate([np.linspace(one, other, steps, endpoint=False) for one, other in around])
    distance, angle = path[:, 0] * FEET / 1000, path[:, 1] * RADIANS
    return -distance * np.sin(angle), distance * np.cos(angle)


figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
for number, region in enumerate(proved.regions):
    outline = np.array([[float(a) for a in vertex] for vertex in ordered(region.v_representation.vertices)]).T
    left.fill(*outline, color=shades(number % 20), alpha=0.6, lw=0)
    left.fill(*outline, fill=False, edgecolor="k", lw=0.4)
for advisory, found in sorted(advised.items()):
    for number, vertices in enumerate(found):
        label = ADVISORIES[advisory] if not number else ""
        right.fill(*seen_from_above(vertices), color=f"C{advisory}", lw=0, antialiased=False, label=label)
right.plot(0, 0, "k^", ms=6)
left.set(
    xlabel="distance, 60,000 feet", ylabel="angle, 180 degrees to the left", title=f"{len(proved.regions)} regions"
)
right.set(aspect="equal", xlabel="1,000 feet", title="where the intruder is, and what is advised")
right.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
figure.tight_layout()
plt.show()

# %% [markdown]
# ## What a slice says, and what it does not
#
# On the slice the certificate is as strong as any: equality at every point, region boundaries included, with every
# region counted. Off the slice it says nothing. A region of the slice is the trace of one region of the whole network,
# or of several at once if the slice happens to run inside a boundary between them; and how many regions there are
# elsewhere remains unknown.
#
# From the command line the three proofs of this article are
#
#     cd proofs/digits; verishallow prove network.onnx --slice slice.json --domain domain.json -o CERT
#     verishallow prove network.onnx --line misread.npy well_read.npy
#     cd ../collision-avoidance; verishallow prove network.onnx --slice slice.json --domain domain.json -o CERT
#
# and `--plane P Q R` takes three points, each as `1/2,3,0` or as an `.npy` file. Without a domain, the parameters run
# over the unit box: the segment from P to Q, or the parallelogram that P, Q and R span.
