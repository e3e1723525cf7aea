"""What a certificate can claim: the guide of claims, of the checker, and of what is trusted.

A certificate is one file (JSON lines, gzipped) that states a claim about a network f on a domain D and proves it. Its
format is specified in `proofs/FORMAT.md`.

| `--claim` | what a valid certificate proves |
|---|---|
| `equality` | f(x) = S(x) for all x in D, S the three-layer network |
| `regions` | the number of activation regions of f in D |
| `bounds` | low <= f_o(x) <= high for all x in D; without `--bound` the exact ranges, on each part of a union |
| `equal` | f(x) = g(x) for all x in D, for two networks |

Two more are decided by `verify`, `robust` and `within` (the guide of `verishallow.verify`): `property`, no x in D is
unsafe; and `counterexample`, a point of D that is.

With `--boundary ignore`, equality holds off the hyperplanes at which cells meet (the splits').

Two claims belong to constructions (the guide of `verishallow.shallow`). `quantised` proves `equality-on-grid`:
f(x) = S(x) at all grid points of a bounded domain. `verishallow trim CERT --data FILE.npy` leaves `equality-on-cells`:
f(x) = S(x) on the half-open cells that were kept, and nowhere else. Neither passes for equality everywhere.

A claim that does not hold is refuted by an exact point (exit code 1):

>>> import verishallow
>>> modulus = verishallow.ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
>>> print(verishallow.prove(modulus, claim="regions").check().reason.partition(";")[0])
D has exactly 2 activation regions of f
>>> print(*verishallow.output_range(modulus, "box:-1,2"))
0 <= f_0 <= 2
>>> from gmpy2 import mpq
>>> claim = verishallow.OutputBounds((verishallow.Bound(0, None, mpq(3, 2)),))
>>> verishallow.prove(modulus, "box:-1,2", claim=claim)
Traceback (most recent call last):
verishallow.errors.RefutedError: f_0 <= 3/2 does not hold: it fails by 1/2 at (2)

## Two networks, one function

The map from networks to functions is *not injective*, as the paper says: permuted and rescaled networks are one
function. A certificate of `equal` proves that two networks are, or a point shows that they are not. `canonical` gives
all networks of one function the same three-layer network, weight for weight, made from the kinks of the function alone:

>>> rewritten = verishallow.ReLUNetwork.of([([[-3], [2], [1]], [0, 0, 7]), ([["1/3", "1/2", 0]], [0])])
>>> print(verishallow.prove_equal(modulus, rewritten).check().kind)
valid
>>> verishallow.canonical(modulus) == verishallow.canonical(rewritten)
True
>>> leaky = verishallow.ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, "-1/100"]], [0])])
>>> found = verishallow.difference(modulus, leaky)
>>> found.point, found.one, found.other
((mpq(-1,1),), (mpq(1,1),), (mpq(-1,100),))

## What the checker checks

The checker, the files of `verishallow/checker/`, uses the standard library only, is meant to be read, and has a
licence of its own (MIT) so that it can travel with a paper. It shares no code with what it checks.

1. It walks the tree of cells and recomputes every affine form from the network alone; it trusts no stored form.
2. Every neuron that is called stable on a cell has a Farkas certificate: an identity over the rationals.
3. Every unit of the three-layer network is derived and compared: its finite weights, its weights -inf, its sign.
4. Every cell has a rational point strictly inside, so the count of activation regions is part of what is proved.
5. Every cell has the signed faces of its strict sides, so that each point of the domain is counted exactly once.

A verdict is true exactly if it is valid, so that `assert verishallow.check("FILE")` means what it says. An object that
answers no yes-or-no question, such as a depth or a certificate, raises an error that says how to ask.

>>> bool(verishallow.prove(modulus).check())
True

`verishallow check CERT --network NETWORK --claim equality` compares the certificate's network with that
network, by value, and refuses another claim. `verishallow check CERT --symbolic` adds a second, independent reading: on
every region both networks are composed with sympy as polynomials over QQ, and their difference must be the zero
polynomial. It exists for the claim `equality` with the construction `cells` (also with `--units one`, and on slices);
for any other, the verdict is printed, one line says that there is no such reading, and the exit code is 2.

## What is trusted

Python and the checker (or your own, written from FORMAT.md); and, for the step from the file of a network to the
network record in the certificate, the reader: compare with `--network`.

**Proved in Coq.** `proofs/formal/` has the theorem, for every deep network over the rationals and over the reals, and a
checker that is proved correct, for the claims `equality` (constructions `cells` and `gated`) and `regions`: `make -C
proofs/formal` compiles both, and `proofs/formal/build/verified_check CERT` gives its verdict, at some 10,000 regions
per second for networks of two inputs. `verishallow export CERT --to coq -o theorem.v` writes a file whose last line is
the theorem about that network; `coqc -Q proofs/formal/build Verishallow theorem.v` accepts one of 490 regions in 8 s.
What is trusted then is Coq's kernel with its virtual machine, the 59 lines that define deep and three-layer networks,
and that the definitions `f` and `domain` in the file are the network and the domain that are meant.

## Limits of the format

A file beyond a limit is refused with a clear message: 4,000 digits in a numerator or denominator, 32 MiB in a record,
100,000 bits in a recomputed coefficient, and 2^25 coefficients of all pre-activations together. Of these, coefficients
of more than 256 bits count more than once, and all are multiplied by the depth of the tree if cells are split. The
table of limits in `proofs/FORMAT.md` says exactly what is counted.

## Names, exit codes, work in parallel

A certificate is by default written beside its network: `NAME.cert.jsonl.gz` is equality by the construction `cells`,
boundaries included; any other claim or construction, or a slice, is in the name (`NAME.bounds.cert.jsonl.gz`,
`NAME.gated...`, `NAME.slice.gated...`, `NAME.equal.OTHER...`). A default name is never taken from another statement,
such as the same claim on another domain: the new certificate has the hash of its statement in its name, and `--force`
replaces the old one. `verishallow check FOLDER` compares each with the network, and with the domain and the slice, as
far as files of these lie beside it, and says where none does. `--jobs N` works with N processes, `--dask ADDRESS`
with a Dask cluster; the certificate is the same, byte for byte. `--max-regions N` stops beyond N regions. With
`--json` every command prints one JSON object. Exit codes: 0 valid, 1 invalid (or refuted, with a point), 2 usage or
input, 3 incomplete.

This package has one file per claim or construction; `CLAIMS` and `CONSTRUCTIONS` list them all.
"""

from verishallow.claims.bounds import BOUNDS
from verishallow.claims.claim import ClaimKind
from verishallow.claims.construction import Construction
from verishallow.claims.counterexample import COUNTEREXAMPLE
from verishallow.claims.equal import EQUAL
from verishallow.claims.equality import CELLS, EQUALITY, ON_CELLS
from verishallow.claims.finite import FINITE
from verishallow.claims.gated import GATED
from verishallow.claims.merge import MERGE
from verishallow.claims.one_hidden import ONE_HIDDEN
from verishallow.claims.property import PROPERTY
from verishallow.claims.quantised import ON_GRID, QUANTISED
from verishallow.claims.regions import REGIONS

CONSTRUCTIONS: dict[str, Construction] = {
    construction.name: construction for construction in (CELLS, MERGE, GATED, QUANTISED, ONE_HIDDEN, FINITE)
}
"""All constructions of three-layer networks, by name."""

CLAIMS: dict[str, ClaimKind] = {
    kind.name: kind for kind in (EQUALITY, REGIONS, BOUNDS, EQUAL, PROPERTY, COUNTEREXAMPLE, ON_GRID, ON_CELLS)
}
"""The kinds of claims, by their names; those that are asked for by name come first."""
