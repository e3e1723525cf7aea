"""Properties of networks decided exactly, without listing regions: what is claimed, and how it is proved.

A property says that no point of a domain D is unsafe: (x, f(x)) lies in none of several conjunctions of affine rows.
Its proof is a tree of cells. On each leaf every conjunction is refuted by one lower bound, found by substitution
backwards through the layers (:mod:`verishallow.verify.relaxation`); cells are halved in the box of inputs, or split by
the sign of a neuron. Floats only say what to try: whatever is written has been computed over the integers.

The module can be called: ``verishallow.verify(network, unsafe)`` is ``verishallow.verify.asking.verify``.

>>> import verishallow
>>> modulus = verishallow.ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
>>> outcome = verishallow.verify(modulus, lambda x, y: y[0] > 2, domain=[(-1, 2)])
>>> bool(outcome), outcome.certificate.check().reason.partition(";")[0]
(True, 'no x in D with y_0 > 2')

Verdicts are about real arithmetic. A search depends on the number of nodes that it may bound, not on a clock; one that
is stopped leaves open nodes, from which another goes on.
"""

import sys
from types import ModuleType
from typing import Any

from verishallow.verify.asking import robust, verify, within
from verishallow.verify.verification import Outcome

__all__ = ["Outcome", "robust", "verify", "within"]


class _Callable(ModuleType):
    """This module, which can be called like its function of the same name."""

    def __call__(self, *arguments: Any, **options: Any) -> Outcome:
        return verify(*arguments, **options)


sys.modules[__name__].__class__ = _Callable
