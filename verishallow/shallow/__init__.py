"""Three-layer networks: the guide of constructions and their sizes, of hidden layers, and of the paper's notation.

Every deep ReLU network f equals a network S of three layers, two of them hidden, with weights in the extended reals
(Villani & Schoots, arXiv 2306.11827). There are several such networks of one function; `--construction` chooses.

| construction | its cells | infinite weights | for |
|---|---|---|---|
| `cells` | all activation regions | yes | every network, every domain; it is the default |
| `merge` | convex pieces on which the function is affine | yes | functions with few pieces |
| `gated` | those of all hidden layers but the last two | at three hidden layers or more | deep networks |
| `quantised` | all activation regions | none | inputs on a grid (`--grid 1/255`), a bounded domain |
| `finite` | none: the kinks of the function | none | one input or two |
| `one-hidden` | none: one hidden layer | none | where one hidden layer is enough |

`verishallow shallow NETWORK --construction merge` writes the certificate, `verishallow shallow NETWORK --compare`
prints the size of every construction beside the deep network's.

>>> import verishallow
>>> corner = verishallow.ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])])
>>> cells = verishallow.prove(corner, "box:-1,1")
>>> finite = verishallow.prove(corner, "box:-1,1", claim=verishallow.finite(corner, "box:-1,1"))
>>> cells.counts["units"], cells.shallow.layer2.infinite_weights()
({'layer1': 10, 'layer2': 22}, 58)
>>> finite.counts["units"], finite.check().kind
({'layer1': 6, 'layer2': 6}, 'valid')

**`merge`** has one leaf per convex piece of the function: it cuts only where the function itself bends, and a proof
below each piece says that every cell in it has the piece's map. The 433 activation regions of `tll_n2_m8_0.onnx` on
`box:-2,2` become 6 leaves, for 5 affine pieces. Where the pieces of a generic function are not convex there are more
leaves than cells.

**`gated`** makes cells only for the hidden layers before the last two, whose neurons become units themselves: networks
with one or two hidden layers come back as they are, without any cell and without any weight -inf, with units besides
that pass the inputs through or that nothing reads. It needs a fourth of the cells of random networks with three hidden
layers, and saves nothing where nearly all bends come from the front layers. Neither `merge` nor `gated` claims a
number of activation regions.

**`finite`**, for one input or two, has one hidden layer or two, made of the kinks of the function, and is proved equal
by comparing how the gradient jumps along which stretches of which lines. It has three to five neurons per linear
region, both hidden layers together. Exported (`--to onnx`, `torch`, `npz`) it is an ordinary network in float64 that
any framework trains further (`notebooks/finite_weights.ipynb`).

**`quantised`** is for inputs on a known grid: pixels k/255, or the numbers of a sensor (`1/255@0,1/10@1/20`, a step
and an offset per input, if they differ). In place of -inf its gates have one finite weight: between the last value
that a hyperplane's form takes on one side and the first one beyond there is a gap, into which the gate is shifted. The
weight is the least power of two with which each gate alone outdoes the map of its leaf wherever it is open in the
domain, and that is proved by one linear program per leaf, gate and output. It claims equality at every grid point of
the bounded domain, those on boundaries included.

**`--units one`** (for `cells` and `merge`) needs one unit of layer 2 per face and output instead of two, wherever all
outputs are bounded below: `ReLU(F - low)` is never negative on its cell, and each leaf has the reason.

**Trimming.** `verishallow trim CERT --domain D -o OUT` keeps what a part of the domain needs: it is proved again
there, by the same construction, and claims equality on all of that part. `verishallow trim CERT --data FILE.npy -o
OUT` keeps only the cells that these points visit. As each leaf owns its signed faces, its units add up to f on its
half-open cell and to 0 elsewhere, with or without the others: the trimmed certificate claims `equality-on-cells`, on
the kept half-open cells and nowhere else. Where another claim is expected (`--claim equality`, the checker's
`--domain` without that claim's name, the plug-in for pytest) it is invalid, and exports that show all of the domain
refuse it.

## What exact boundaries cost

`--boundary exact`, the default, claims equality everywhere. For that, facets shared by two cells must not count twice,
so each cell carries signed faces: about 2, 4, 7, 12 per region for n = 1..4 inputs on R^n, towards 2^n; fewer on a
box, whose own boundary needs none. Each face takes two units of layer 2 per output. `--boundary ignore` keeps the
cells alone and claims S(x) = k(x) f(x) with k(x) the number of closed cells that contain x: equality off the
hyperplanes where cells meet. `notebooks/signed_faces.ipynb` draws why.

Measured sizes of all constructions are in `tests/benchmarks/RESULTS.md`, and `notebooks/sizes_of_constructions.ipynb`
discusses them. None of those measured is smaller than its deep network: width is what depth is paid for in.

## How many hidden layers?

`verishallow depth NETWORK` decides exactly whether the function is affine, has one hidden layer, or needs more. "One"
comes with the network, the least number of neurons where it is known (arXiv 2108.05643), and a certificate; "more"
with two points of one hyperplane at which the gradient jumps differently, which anyone can compute again:

>>> print(verishallow.depth(corner).reason)
on the hyperplane x0 = 0 the gradient jumps at (0, 1) by (0, 0) and at (0, -1) by (1, 0)
>>> print(verishallow.depth(corner, "box:[1,2]x[-5,5]").reason)
2 neurons are enough, and fewer are not

With one input one hidden layer is always enough. `verishallow depth NETWORK --bases` shows it in one-sided and
two-sided bases (arXiv 2411.06728) and reads a trained network knot by knot: what each interval sums, which neurons are
dead, alike, or undo each other. `verishallow.from_points(xs, ys)` is the network through given points, without any
training:

>>> verishallow.from_points([0, 1, 3], [1, 2, 0])([2])
(mpq(1,1),)

## The paper's notation and the code's

| paper | here |
|---|---|
| deep network f, weights W_k, biases b_k | `ReLUNetwork`, its `layers`: `Layer.weight`, `Layer.bias` |
| activation pattern | `Region.pattern`, `ReLUNetwork.pattern_at(x)` |
| (closed) region, polytope P_i with H-representation | `Region.polyhedron`, `h_representation`, `v_representation` |
| affine map of f on a region | `Region.affine_map`, `ReLUNetwork.affine_map_for(pattern)` |
| extended reals, 0 * inf = 0 | `ExtendedRational` |
| the three-layer (shallow) network S | `Certificate.shallow`: `ThreeLayerNetwork` with `layer1`, `layer2`, `layer3` |
| indicator neurons of half-spaces, weight -inf | violation units of layer 1, `infinite_weights()` of layer 2 |
| f = S | the claim `Equality`, `prove(network, domain)` |

Half-spaces are `b + a.x >= 0` from file to proof, row `[b, a]`.

## Questions that readers of the paper ask

- **Is this universal approximation?** No. Nothing is approximated: the three-layer network is the same function, at
  every point, and the certificate proves it. It is an identity, and it may be large.
- **Transformers?** No. Attention multiplies activations with each other; such a product is multiplicative, not
  piecewise linear, and the reader refuses it by name.
- **Can the three-layer network be trained?** Not as it stands: infinite weights have no gradient. It is a way to read
  and to prove a trained network. For one input or two there is an equal one of finite weights, which can
  (`notebooks/finite_weights.ipynb`).
- **Does it save computation at inference?** Hardly ever: two hidden layers are all it has, but they are wide. Measured
  in `notebooks/size_and_speed.ipynb`.
"""
