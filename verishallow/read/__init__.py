"""Networks, domains and points from files, texts and models, as exact values: the guide of what can be read.

Every float is read as the binary rational that it is, and every decimal as the number it spells; nothing is rounded on
the way. `load` takes a file or a model, and the command line takes the same files.

>>> import verishallow
>>> network = verishallow.load("proofs/iris/network.onnx")
>>> network.inputs, [layer.width for layer in network.layers], network.layers[0].bias[0]
(4, [6, 6, 3], mpq(-113735,131072))

## Network files

| suffix | what is read |
|---|---|
| `.onnx` | graphs of piecewise-linear operators: see below |
| `.json` | verishallow's own format: see below |
| `.nnet` | ACAS Xu's; every number is the exact decimal it spells; `--normalised` composes its normalisation |
| `.npz`, `.safetensors` | layers by the names of their arrays: see below (`verishallow[safetensors]`) |
| `.keras`, `.h5` | Keras 3 (`verishallow[keras]`) |

A `.nnet` file's rows of minima, maxima, means and ranges may be of any length, but where `--normalised` needs them.
Any of these files, and the files of domains, slices and points below, may be gzipped: the first bytes say so, and a
`.gz` behind the suffix is passed over. Texts hold numbers such as `1.`, `.5`, `+2` and `1.e-3`.

**ONNX.** These operators are read exactly:

Abs, Add, And, AveragePool, BatchNormalization, Cast, CastLike, Ceil, Clip, Concat, Constant, ConstantOfShape, Conv,
ConvTranspose, CumSum, DepthToSpace, Div, Dropout, Einsum, Equal, Expand, Flatten, Floor, Gather, GatherElements,
GatherND, Gemm, GlobalAveragePool, GlobalLpPool, GlobalMaxPool, Greater, GreaterOrEqual, HardSigmoid, Identity,
LeakyRelu, Less, LessOrEqual, LpPool, MatMul, Max, MaxPool, Mean, Min, Mod, Mul, Neg, Not, Or, PRelu, Pad, Pow, Range,
Reciprocal, ReduceL1, ReduceMax, ReduceMean, ReduceMin, ReduceProd, ReduceSum, Relu, Reshape, Resize, Scatter,
ScatterElements, ScatterND, Shape, Shrink, Sign, Size, Slice, SpaceToDepth, Split, Squeeze, Sub, Sum, ThresholdedRelu,
Tile, TopK, Transpose, Trilu, Unsqueeze, Upsample, Where, Xor, and `If` with a constant condition.

Linear operators in sequence are multiplied out, and residual and branching graphs become layers that read earlier
layers. No hyperplane is added that the function does not have: `leaky(h) = a h + (1 - a) ReLU(h)`, `|h| = 2 ReLU(h) -
h`, `clip(h) = low + ReLU(h - low) - ReLU(h - high)`, `max(a, b) = b + ReLU(a - b)`; the maximum of k values is a chain
of k - 1 of these, and the output says how many neurons it counts. Comparisons, `Sign`, and what `Where`, products and
sums make of them are functions of one form's value, and a sum of ReLU as soon as they are continuous: torch's
`Softshrink`, `Threshold(t, t)`, `where(h > 0, h, c * h)`. Where the root in a batch normalisation is
irrational, its scale is the nearest float32 (float64 for double parameters) and its shift is exact; the output says so.

Constants may be computed by roots, exponentials and the like too (`Sqrt`, `Pow`, `ReduceL2`, `DequantizeLinear`, ...):
they, and what is computed of them, are folded in their own type, rounded at every step as in a runtime, and the output
says so. Nodes may stand in any order, an `If` may have a constant condition, the file may have functions of its own,
and opsets 1 to 6 are read as they meant it. Of `ai.onnx.ml` `Scaler`, `ArrayFeatureExtractor`, `FeatureVectorizer`,
`Imputer` (of NaN), `LinearClassifier` (its scores) and `LinearRegressor` are read.

Several inputs, and several outputs, are joined in the order of the file. A first dimension of an input that is
symbolic is a batch, of which one sample is read. One that is fixed is part of the input, as runtimes have it; where it
is a batch `--batch-axis` reads one sample, and the output says which reading it is. A final Softmax, LogSoftmax,
Hardmax, ArgMax, Sigmoid, Tanh or LpNormalization is cut off with `--logits`, and so is what makes labels and maps of
classes of it, as in exports of scikit-learn: of several classifiers, one for each class against the rest, the logits
remain. Every other operator is refused, with the name of its node and the reason: it jumps, and is not continuous; it
multiplies activations with each other, as attention does; or it curves, and is not piecewise linear.

**JSON.** ReLU follows every layer but the last. Numbers may be strings `"p/q"`, decimals, or JSON numbers, which are
read as the exact decimals they spell. A layer may read the input (0) and any earlier layers: `"reads": [0, 2]`.

    {"format": "verishallow-network", "version": 1, "layers": [{"weight": [["1/2", "-3"]], "bias": ["0"]}]}

**`.npz` and `.safetensors`.** The names give the order: `W1, b1, W2, b2, ...`, or `0.weight, 0.bias, 2.weight, ...` as
in torch's state dictionaries. A weight has one row per output; ReLU stands between the layers.

**Files are untrusted.** At most 256 MiB per file, unpacked as well; 1,000,000 entries per array, 4,000,000 weights per
network (in ONNX 2^22 entries stored in an array, 1,000,000 computed, and 2^26 weights of the layers that come out).
Nothing is unpickled (`.pt` and `.pkl` are not read), no code in a file is run, and HDF5 is read in a process of its
own.

## Models

From Python, `load` takes a `torch.nn.Module` or `ExportedProgram` (`verishallow[torch]`), scikit-learn's
`MLPClassifier` (its logits) and `MLPRegressor` with relu or identity (`verishallow[sklearn]`), and Keras 3 models. A
scikit-learn `Pipeline` may have scalers, `PCA`, `ColumnTransformer` and choices of features before them, and a
`TransformedTargetRegressor` behind: all are composed exactly. Torch's parametrised weights (`weight_norm`, ...) are the
tensors that torch computes. A network can also be written down:

>>> modulus = verishallow.ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
>>> modulus(["-1/3"]), verishallow.load(modulus) == modulus
((mpq(1,3),), True)

## Domains

By default the domain D is all of R^n, unbounded regions included. Otherwise it is one of these texts:

| text | the domain |
|---|---|
| `box:-1,1` | the same interval for every input |
| `box:[-1,1]x[0,1/2]` | one interval per input |
| `ball:linf:POINT:1/255` | the ball around a point, in the norm `linf` or `l1` |
| `FILE.json` | `{"format": "verishallow-domain", "version": 1, "inequalities": [["b", "a1", "a2"]]}`, or `"box"` |
| `FILE.ine` | an H-representation of cddlib |
| `FILE.npz` | `A` and `b` of `A x <= b` |
| `FILE.vnnlib` | the input constraints of a VNN-LIB file, 1.0 or 2.0 |

In JSON `"box": [["-1", "1"], ["0", "1/2"]]` is one interval per input. A row `[b, a1, ..., an]` means `b + a.x >= 0`
everywhere in verishallow, from file to proof, with no change of sign between a pre-activation and cddlib's row. A
union in a VNN-LIB file gives one certificate per part, and a flat domain is proved on its affine hull. Strict rows:
what is proved holds on the closure, and a point that refutes lies in the domain itself. A file that asserts something
about outputs is a property, no domain: `--domain-only` (in Python `"inputs:FILE.vnnlib"`) reads its inputs alone. From
Python, `parts_of` reads such a text:

>>> [part.polyhedron.inequalities for part in verishallow.parts_of("box:[-1,1]x[0,1/2]", 2)]
[(AffineForm(1 + x0), AffineForm(1 - x0), AffineForm(x1), AffineForm(1 - 2*x1))]

## Slices

A slice restricts a network of many inputs to few parameters: `--line P Q` or `--plane P Q R` through points (`1,2` or a
`.npy` file), or any rational affine map of parameters to inputs, `--slice FILE`. The network is restricted exactly, and
the certificate names the slice: the checker composes it with the whole network again. The domain is then a set of
parameters, by default the unit box. Networks with hundreds of inputs need a slice: on their whole domain a single
linear program takes minutes. A ball so small that no neuron changes its sign needs none, nor does `explain --at`. The
article `notebooks/slices.ipynb` shows pictures.

>>> line = verishallow.Slice.line([0, 0], [2, 1])
>>> plane = verishallow.ReLUNetwork.of([([[1, -2]], ["-1/2"]), ([[1]], [0])])
>>> line.restricted(plane)(["3/4"]) == plane(["3/2", "3/4"])
True
"""

import os
from collections.abc import Sequence
from typing import Any

from verishallow.network import ReLUNetwork
from verishallow.read.sources import network_of_file, network_of_object

__all__ = ["load"]


def load(
    source: Any,
    *,
    normalised: bool = False,
    shape: Sequence[int] | Sequence[Sequence[int]] | None = None,
    logits: bool = False,
    batch_axis: bool = False,
) -> ReLUNetwork:
    """The exact network in a file or of a model; every float is read as the exact binary rational that it represents.

    Files by suffix: ONNX (``.onnx``), verishallow's own ``.json``, ACAS Xu's ``.nnet`` (``normalised`` composes it
    with the normalisation that the file stores), ``.npz``, ``.safetensors``, and Keras 3's ``.keras`` and ``.h5``;
    under any other suffix a text that begins with ``{`` is JSON, and all else ONNX. Models: a torch module (``shape``
    of one input without the batch, where its first layer is not linear), scikit-learn's MLPClassifier and
    MLPRegressor, a Keras 3 model; a ReLUNetwork is itself. With ``logits`` a final Softmax, LogSoftmax, Hardmax,
    ArgMax, Sigmoid, Tanh or LpNormalization is cut off, and what makes labels of it; it is refused otherwise. With
    ``batch_axis`` one sample is read where an ONNX file fixes the first dimension of its inputs, which are all its
    numbers otherwise.
    Raises :class:`~verishallow.errors.InputError`, which names the file and the place in it.

    >>> load("no-such-network.onnx")
    Traceback (most recent call last):
    verishallow.errors.InputError: no-such-network.onnx: cannot be read: No such file or directory
    """
    wanted = {"normalised": normalised, "shape": shape, "logits": logits, "batch_axis": batch_axis}
    options = {name: value for name, value in wanted.items() if value}
    if isinstance(source, str | os.PathLike):
        return network_of_file(source, options)
    if isinstance(source, ReLUNetwork) and not options:
        return source
    return network_of_object(source, options)
