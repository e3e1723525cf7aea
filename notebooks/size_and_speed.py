# %% [markdown]
# # How wide does it get, and is it faster?
#
# Every deep ReLU network has an equal of two hidden layers. Two questions follow at once: how wide are those layers,
# and does it pay to evaluate the shallow network in the place of the deep one, since it has fewer layers to run in
# sequence? The short answers: as wide as the deep network has faces, and hardly ever.

# %%
from itertools import pairwise
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
import onnxruntime
from gmpy2 import mpq
from onnx import TensorProto, helper, numpy_helper

import verishallow
from verishallow.rationals import ExtendedRational
from verishallow.write import export

plt.rcParams.update({"figure.dpi": 80, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})

# %% [markdown]
# ## Counting without building
#
# The second layer has two units for each output and each signed face, and in a simple arrangement the signed faces
# are the faces of the complex of regions, each once (see *Why facets need the signed faces*). So its width on all of
# $\mathbb{R}^n$ is $2m(f_0 + \dots + f_n)$ with the $f$-vector of the complex, which the engine finds without a
# proof, and much sooner. For networks of random weights, multiples of 1/64, with two inputs:


# %%
def random_network(widths, seed):
    rng, layers = np.random.default_rng(seed), []
    for columns, rows in pairwise(widths):
        weight = np.round(rng.standard_normal((rows, columns)) * 64 / np.sqrt(columns)).astype(int)
        bias = np.round(rng.standard_normal(rows) * 32).astype(int)
        layers.append(([[mpq(int(a), 64) for a in row] for row in weight], [mpq(int(b), 64) for b in bias]))
    return verishallow.ReLUNetwork.of(layers)


def width_of_layer_2(network):
    return 2 * network.outputs * sum(verishallow.polyhedral_complex(network).f_vector)


for depth, width in ((1, 8), (2, 8), (3, 6)):
    network = random_network([2] + [width] * depth + [1], seed=0)
    units = verishallow.prove(network).counts["units"]
    assert units["layer2"] == width_of_layer_2(network)
    print(f"{depth} hidden layers of {width}: {units['layer2']} units in layer 2, both counted and built")

# %%
WIDTHS = (4, 8, 16, 32)
found = {}
print("hidden layers  width  neurons   regions   units in layer 2   units/region     units/neuron")
for depth in (1, 2, 3):
    for width in WIDTHS:
        network = random_network([2] + [width] * depth + [1], seed=0)
        regions, units = verishallow.polyhedral_complex(network).cells, width_of_layer_2(network)
        found[depth, width] = units
        neurons = depth * width
        print(
            f"{depth:13} {width:6} {neurons:8} {regions:9} {units:18} {units / regions:16.2f} {units / neurons:16.1f}"
        )

# %% [markdown]
# The width of the shallow network is the number of regions, times a factor that depends on the dimension alone:
# towards $2 \cdot 2^n$ units per region and output. Regions are many: one layer of $w$ neurons in the plane makes $1 +
# w + w(w-1)/2$. In these random networks it hardly matters how the neurons are arranged in layers; their number
# decides, and the three curves below nearly coincide (Hanin and Rolnick, arXiv 1906.00904, prove that on average the
# regions grow like the $n$-th power of the number of neurons, whatever the depth). That is the rule, not the limit.
#
# ## The worst family
#
# Telgarsky's sawtooth composes the tent map $t(x) = 2\,\mathrm{ReLU}(x) - 4\,\mathrm{ReLU}(x - 1/2)$ with itself $k$
# times: $2k$ neurons, and $2^k$ affine pieces on $[0, 1]$. Its shallow equal pays for each of them.


# %%
def sawtooth(depth):
    again = [([[2, -4], [2, -4]], [0, mpq(-1, 2)])] * (depth - 1)
    return verishallow.ReLUNetwork.of([([[1], [1]], [0, mpq(-1, 2)]), *again, ([[2, -4]], [0])])


teeth = {}
print(" k   neurons   regions   units in layer 1   units in layer 2   at least, in both layers")
for k in range(1, 9):
    certificate = verishallow.prove(sawtooth(k), "box:0,1")
    units = certificate.counts["units"]
    teeth[k] = units["layer1"] + units["layer2"]
    least = int(np.ceil(2 * 2 ** (k / 2) - 2))
    print(f"{k:2} {2 * k:9} {len(certificate.regions):9} {units['layer1']:18} {units['layer2']:18} {least:26}")

# %% [markdown]
# The last column is a bound for every network of two hidden layers, with finite or infinite weights. If $p$ units
# make the first layer, they cut the line into at most $p + 1$ intervals; on each of these a unit of the second layer
# adds at most one kink; so $q$ units make at most $(p + 1)(q + 1)$ pieces, and $(p + 1)(q + 1) \ge 2^k$ gives $p + q
# \ge 2 \cdot 2^{k/2} - 2$. Being shallow costs exponentially much here, whatever the construction: ours takes the
# square of what must be.

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
for depth in (1, 2, 3):
    neurons = [depth * width for width in WIDTHS]
    left.loglog(
        neurons, [found[depth, width] for width in WIDTHS], "o-", label=f"{depth} hidden layer{'s' * (depth > 1)}"
    )
left.set(xlabel="neurons of the deep network", ylabel="units in layer 2", title="random networks in the plane")
left.legend(frameon=False)
right.semilogy(list(teeth), list(teeth.values()), "o-", label="units of the shallow network")
right.semilogy(list(teeth), [2 * 2 ** (k / 2) - 2 or None for k in teeth], ":", label="least possible")
right.semilogy(list(teeth), [2 * k for k in teeth], "s-", label="neurons of the deep network")
right.set(xlabel="k", title="the sawtooth")
right.legend(frameon=False)
figure.tight_layout()
plt.show()

# %% [markdown]
# ## Is it faster?
#
# The shallow network has three layers in sequence, whatever the depth of the other. Against that stands its size. The
# table counts multiply-adds of one evaluation. For the shallow network they are counted three times: all entries of
# its matrices, as a dense product spends them; only the non-zero ones, finite or $-\infty$; and only those that end
# in a unit which is on, which is what an ideal machine would spend that knew the region beforehand. ("2-4x20-1" has
# twenty hidden layers of four neurons, and few regions. The networks of two hidden layers, Iris among them, are
# shallow as they stand; they are here for the price of the form with one unit per cell and face.)

# %%
rng = np.random.default_rng(2)
narrow = [2] + [4] * 20 + [1]
NARROW = verishallow.ReLUNetwork.of(
    [(rng.integers(-1, 2, (b, a)).tolist(), rng.integers(-1, 2, b).tolist()) for a, b in pairwise(narrow)]
)
CASES = {
    "sawtooth, k = 3": (sawtooth(3), "box:0,1"),
    "sawtooth, k = 7": (sawtooth(7), "box:0,1"),
    "2-8-8-1": (random_network([2, 8, 8, 1], 0), "box:-1,1"),
    "2-8-8-8-1": (random_network([2, 8, 8, 8, 1], 0), "box:-1,1"),
    "2-4x20-1": (NARROW, "box:-4,4"),
    "Iris, 4-6-6-3": (verishallow.load("../proofs/iris/network.onnx"), "../proofs/iris/domain.json"),
}
certificates = {name: verishallow.prove(network, domain) for name, (network, domain) in CASES.items()}


def units_on(shallow, point):
    """The units of layer 2 that are not switched off at a point."""
    first = [z.relu() for z in shallow.layer1([ExtendedRational(a) for a in point])]
    return [i for i, z in enumerate(shallow.layer2(first)) if not z.infinite]


print("                   in sequence         multiply-adds")
print("network            deep  shallow     deep   dense  non-zero    on")
for name, certificate in certificates.items():
    deep, shallow = certificate.network, certificate.shallow.reduced()
    of_deep = sum(a * b for a, b in pairwise(deep.widths))
    sizes = (deep.inputs, shallow.layer1.width, shallow.layer2.width, deep.outputs)
    dense = sum(a * b for a, b in pairwise(sizes))
    layers = (shallow.layer1, shallow.layer2, shallow.layer3)
    non_zero = sum(layer.nonzeros() for layer in layers)
    on = units_on(shallow, certificate.regions[0].witness)
    used = sum(not w.infinite for i in on for _, w in shallow.layer2.rows[i]) + len(on) + shallow.layer1.nonzeros()
    print(f"{name:18} {len(deep.layers):4} {3:8} {of_deep:8} {dense:7} {non_zero:9} {used:5}")

# %% [markdown]
# Deep networks share their work between regions, and the shallow one does not: on a region all but a few of its units
# are off, and they must be evaluated to find that out. What remains is the argument of latency: three layers in
# sequence where the other has many. It has to be measured.
#
# Both networks run in onnxruntime with one thread, in float64. The shallow network is `verishallow export --to onnx`,
# which spells the weights $-\infty$ as masks. The table shows how many times as long the shallow network takes, in
# medians; below 1 it is the faster one. These numbers belong to the machine on which this page was made last.


# %%
def onnx_of(network):
    """The deep network as a chain of Gemm and Relu in float64."""
    nodes, weights, value = [], [], "x"
    for number, layer in enumerate(network.layers, start=1):
        names = [f"weight{number}", f"bias{number}"]
        arrays = (np.array(layer.weight, dtype=np.float64), np.array(layer.bias, dtype=np.float64))
        weights += [numpy_helper.from_array(a, name) for a, name in zip(arrays, names, strict=True)]
        last = number == len(network.layers)
        nodes.append(helper.make_node("Gemm", [value, *names], ["y" if last else f"z{number}"], transB=1))
        if not last:
            nodes.append(helper.make_node("Relu", [f"z{number}"], [value := f"h{number}"]))
    ends = [
        helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["batch", size])
        for name, size in (("x", network.inputs), ("y", network.outputs))
    ]
    graph = helper.make_graph(nodes, "deep", ends[:1], ends[1:], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def sessions(certificate):
    with TemporaryDirectory() as folder:
        export(certificate, "onnx", f"{folder}/shallow.onnx")
        return session(onnx_of(certificate.network)), session(f"{folder}/shallow.onnx")


def batch_of(certificate, size):
    """Points of the domain: rational mixtures of witnesses, so that they lie in many regions."""
    witnesses = np.array([[float(a) for a in region.witness] for region in certificate.regions])
    mixture = np.random.default_rng(0).dirichlet(np.full(len(witnesses), 0.1), size)
    return mixture @ witnesses


def run(which, batch):
    (name,) = (given.name for given in which.get_inputs())
    return which.run(None, {name: batch})[0]


def seconds(which, batch):
    repeats = 200 if len(batch) == 1 else 10
    times = []
    for _ in range(7):
        start = perf_counter()
        for _ in range(repeats):
            run(which, batch)
        times.append((perf_counter() - start) / repeats)
    return median(times)


both = {name: sessions(certificate) for name, certificate in certificates.items()}
for name, (deep, shallow) in both.items():
    batch = batch_of(certificates[name], 1000)
    difference = np.abs(run(deep, batch) - run(shallow, batch)).max()
    print(f"{name:18} largest difference at 1,000 points below 1e-9: {difference < 1e-9}")

# %% tags=["varies"]
ratios = {}
print("                          shallow / deep")
print("network             batch 1   batch 1,000")
for name, (deep, shallow) in both.items():
    ratios[name] = []
    for size in (1, 1000):
        batch = batch_of(certificates[name], size)
        ratios[name].append(seconds(shallow, batch) / seconds(deep, batch))
    print(f"{name:18} {ratios[name][0]:8.2f} {ratios[name][1]:13.1f}")

# %% tags=["varies"]
figure, axes = plt.subplots(figsize=(7, 2.8))
places = np.arange(len(ratios))
axes.barh(places - 0.2, [ratio[0] for ratio in ratios.values()], 0.36, label="batch 1")
axes.barh(places + 0.2, [ratio[1] for ratio in ratios.values()], 0.36, label="batch 1,000")
axes.set_yticks(places, list(ratios))
axes.invert_yaxis()
axes.axvline(1, color="k", lw=0.8)
axes.set(xscale="log", xlabel="seconds of the shallow network / seconds of the deep one")
axes.legend(frameon=False)
plt.show()

# %% [markdown]
# At batch 1,000 the arithmetic decides, and the deep network wins, the more clearly the more regions there are. At
# batch 1 these networks are so small that the calls of the operators weigh more than their arithmetic, and there a
# network that is very deep, very narrow, and has few regions may gain from being shallow. That is not how networks
# are built. The shallow network is a form in which a network can be *read* and *proved*: one unit, one closed set,
# one affine map. It is not a way to run it.
