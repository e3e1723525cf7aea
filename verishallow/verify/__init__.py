r"""Properties of networks decided exactly, without listing regions: the guide of ``verify``, ``robust`` and ``within``.

A property says that no point of a domain D is unsafe: (x, f(x)) lies in none of several conjunctions of affine rows,
strict or not. Its answer is `holds`, with a certificate; `violated`, with an exact rational point; or `unknown`, with
what is proved so far. The module can be called like the function of its name:

>>> import verishallow
>>> modulus = verishallow.ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
>>> outcome = verishallow.verify(modulus, lambda inputs, outputs: outputs[0] > 2, domain=[(-1, 2)])
>>> bool(outcome), outcome.certificate.check().reason.partition(";")[0]
(True, 'no x in D with y_0 > 2')
>>> violated = verishallow.verify(modulus, lambda inputs, outputs: outputs[0] >= 2, domain=[(-1, 2)])
>>> violated.verdict, violated.point, violated.outputs
('violated', (mpq(2,1),), (mpq(2,1),))

| question | command | Python |
|---|---|---|
| a VNN-LIB file (1.0 or 2.0) | `verishallow verify NETWORK PROPERTY.vnnlib` | `verishallow.verify(network, file)` |
| what must never happen, in Python | | `verishallow.verify(network, condition, domain)` |
| bounds of outputs | `prove NETWORK --claim bounds ... --engine relax` | `verishallow.verify(network, bounds)` |
| one class wins on a ball | `verishallow robust NETWORK --at X --radius R` | `verishallow.robust(network, x, r)` |
| the largest such ball | `verishallow robust NETWORK --at X --largest` | `verify.largest.largest_radius` |
| \|f - g\| <= E everywhere | `verishallow within A B --eps E` | `verishallow.within(a, b, eps, domain)` |
| the largest difference | `verishallow within A B --largest-difference` | `verify.largest.largest_difference` |

Assertions of a VNN-LIB file describe counterexamples: those about inputs alone are the domain, the others what is
unsafe. In Python conditions are written with inputs and outputs, united with `|` and intersected with `&`:

>>> unsafe = lambda x, y: (y[0] >= 2) | ((x[0] < 0) & (y[0] > -2 * x[0]))
>>> verishallow.verify(modulus, unsafe, domain="box:-1,1").verdict
'holds'

**Certificates.** Claim `property`: a tree of cells, halved in the box of inputs or split by the sign of a neuron; on
each leaf every conjunction is refuted by one lower bound, found by substitution backwards through the layers. Claim
`counterexample`: the point, which the checker evaluates. `verishallow check` says the property in words and numbers.
`proofs/FORMAT.md`, sections 25 and 26, has the rules and their proofs. Floats only say what to try: all that is
written has been computed over the integers, and is checked before it is kept.

**What a verdict says.** It is about real arithmetic. A network that is run in float32 computes something else, so a
counterexample comes with what float32 does at the nearest float32 point. On an empty domain every property holds; the
answer says so.

**Work.** A search depends on the number of cells that it may bound (`--max-nodes`), not on a clock; `--timeout` stops
it, exit code 3, and `--resume CERT` goes on from the cells that are open. `--jobs N` and `--dask ADDRESS` work on parts
of the domain. `--instances instances.csv --folder OUT` decides a whole benchmark (NETWORK,PROPERTY,SECONDS), and goes
on where it was stopped; `--vnncomp FILE` writes the answer of the competition.
"""

from verishallow.callable_modules import callable_as
from verishallow.verify.asking import robust, verify, within
from verishallow.verify.verification import Outcome

__all__ = ["Outcome", "robust", "verify", "within"]

callable_as(__name__, verify)
