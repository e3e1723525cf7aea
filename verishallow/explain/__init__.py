"""Exact explanations: the guide to explaining a point, a whole domain, or a decision, and to decision trees.

The module can be called: ``verishallow.explain(network, x)`` is ``verishallow.explain.explain(network, x)``.

>>> import verishallow
>>> maximum = verishallow.ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
>>> print(verishallow.explain(maximum, [3, 1]).region.affine_map.forms[0])
x0
>>> shapley_values(maximum, [3, 1], [0, 0]).values, integrated_gradients(maximum, [3, 1], [0, 0]).values
((mpq(5,2), mpq(1,2)), (mpq(3,1), mpq(0,1)))

**A point.** `verishallow explain NETWORK --at X` says what the network does there: the region with its facets as rules
and the distance to each, the affine formula, Shapley values, integrated gradients and gradient times input
(`--baseline B`), whose sums are the differences of outputs to the last digit. Given a certificate instead of a network
it reads the explanation off the three-layer network itself: the finite weights of its live units are the formula,
their weights -inf the rules.

**A domain.** Without `--at`, `verishallow explain NETWORK --domain D` describes a bounded domain: volumes, means,
ranges with the points that attain them, Lipschitz constants. `--tree` prints the cell tree as a decision tree.

**A decision.** `verishallow counterfactual NETWORK --at X --to CLASS --norm l1` finds the nearest point of another
class, in the norm `l1`, `l2` or `linf`, and proves that none is nearer:

>>> twice = verishallow.ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1], [0, 0]], [0, 1])])
>>> counterfactual(twice, ["1/2"], 0, "linf").distance
mpq(1,2)

**A class, by few inputs.** `verishallow explain NETWORK --at X --domain D --sufficient` lets inputs go, one after the
other, as long as the class of X wins wherever those that are kept have their values and the others any in D (an
abductive explanation, minimal by inclusion). A certificate of the claim `property` proves that the inputs kept suffice,
an exact counterexample per input that none of them can be left out. `--order` names those to be let go first; by
default they are those of least effect, gradient times range. An input about which nothing is found out within
`--max-nodes` or `--timeout` is kept, and said to be not shown to be needed (exit code 3); with `-o FOLDER/` the
counterexamples have certificates too. For one flower of Iris, a setosa, the length of the sepal need not be known:

>>> found = sufficient("proofs/iris/network.onnx", ["5.1", "3.5", "1.4", "0.2"], "proofs/iris/domain.json")
>>> found.kept, found.freed, found.minimal
((1, 2, 3), (0,), True)
>>> print(found.proof.certificate.check().reason.partition(";")[0])
no x in D with y_1 - y_0 >= 0, or y_2 - y_0 >= 0
>>> classes_at("proofs/iris/network.onnx", found.needed[2].point)
(1,)

If the petal's length, input 2, is let go as well, a flower of class 1 is found.

All numbers are rationals inside; those marked ~ are rounded where they are shown. `notebooks/one_prediction.ipynb`
explains one prediction of a trained network in full.
"""

from verishallow.callable_modules import callable_as
from verishallow.explain.attribution import Attribution
from verishallow.explain.classes import class_count, classes_at
from verishallow.explain.counterfactuals import Counterfactual, counterfactual
from verishallow.explain.decision_boundary import BoundaryPiece, decision_boundary
from verishallow.explain.decision_tree import DecisionTree, decision_tree
from verishallow.explain.distances import Distances
from verishallow.explain.gradients import gradient, gradient_times_input, integrated_gradients
from verishallow.explain.local import Explanation, RegionAt, explain
from verishallow.explain.names import Names
from verishallow.explain.operator_norms import Lipschitz, lipschitz
from verishallow.explain.shapley import shapley_values
from verishallow.explain.summary import RegionVolume, Summary, class_shares, summarise
from verishallow.explain.triangulation import cell_volumes, volume
from verishallow.verify.sufficient import SufficientInputs, sufficient

__all__ = [
    "Attribution",
    "BoundaryPiece",
    "Counterfactual",
    "DecisionTree",
    "Distances",
    "Explanation",
    "Lipschitz",
    "Names",
    "RegionAt",
    "RegionVolume",
    "SufficientInputs",
    "Summary",
    "cell_volumes",
    "class_count",
    "class_shares",
    "classes_at",
    "counterfactual",
    "decision_boundary",
    "decision_tree",
    "explain",
    "gradient",
    "gradient_times_input",
    "integrated_gradients",
    "lipschitz",
    "shapley_values",
    "sufficient",
    "summarise",
    "volume",
]


callable_as(__name__, explain)
