"""Cases of the claim ``equality-on-grid``: the grid, which gates a leaf has, and why they are large enough."""

from tests.checker.case import table
from tests.checker.editing import Records, again, copy, counted, drop, each, insert, put, swap, unchanged

LARGE = "does not prove that it is large enough"
LINEAR = "the multipliers do not reproduce the linear part"
GRID, STEP = "header/grid", "header/grid/0/1"


def heavier(records: Records) -> None:
    """In "quantised" gates weigh 2: the reasons have more of each gate's row."""
    records[0]["gate_weight"] = "2"
    records[4]["reasons"] = [[[[2, "1"]], [[2, "1/3"]]]]
    records[5]["reasons"] = [[[[2, "2"]], [[2, "2"]]]]


def lighter(records: Records) -> None:
    """In "quantised" gates weigh 3/4, too little: -F(-1) = 1 is more than 3/4 of the gate there, 1."""
    records[0]["gate_weight"] = "3/4"
    records[4]["reasons"] = [[[[2, "7/12"]], [[0, "1/4"]]]]


def finer(records: Records) -> None:
    """In "quantised" the step is 1/1000."""
    records[0]["grid"] = [["0", "1/1000"]]
    records[4]["reasons"] = [[[[2, "1/500"]], []]]


REJECTED = [
    # The header.
    ("with a boundary", "quantised", put("header/boundary", "exact"), "the field 'boundary' is unknown"),
    ("without a grid", "quantised", drop(GRID), "the field grid is missing"),
    ("without a weight", "quantised", drop("header/gate_weight"), "the field gate_weight is missing"),
    ("without a construction", "quantised", drop("header/construction"), "the field construction is missing"),
    ("of cells", "quantised", put("header/construction", "cells"), "construction 'cells' is unknown"),
    ("quantised, claimed everywhere", "quantised", each(
        put("header/claim", "equality"), put("header/boundary", "exact"), drop(GRID), drop("header/gate_weight"),
    ), "construction 'quantised' is unknown"),
    ("an equality of cells with a grid", "bend", put(GRID, [["0", "1"]]), "the field 'grid' is unknown"),
    ("a weight of 0", "quantised", put("header/gate_weight", "0"), "the gate weight or a step is not positive"),
    ("a negative weight", "quantised", put("header/gate_weight", "-1"), "the gate weight or a step is not positive"),
    ("an infinite weight", "quantised", put("header/gate_weight", "inf"), "'inf' is not a canonical rational"),
    ("a step of 0", "quantised", put(STEP, "0"), "the gate weight or a step is not positive"),
    ("a negative step", "quantised", put(STEP, "-1/3"), "the gate weight or a step is not positive"),
    ("a step of a bare integer", "quantised", put(STEP, 1), "1 is not a canonical rational"),
    ("an offset of null", "quantised", put("header/grid/0/0", None), "None is not a canonical rational"),
    ("a step without an offset", "quantised", put(GRID, [["1/3"]]), "an entry of grid has 1 entries, expected 2"),
    ("an entry of three", "quantised", put(GRID, [["0", "1/3", "1"]]), "an entry of grid has 3 entries, expected 2"),
    ("an entry that is a text", "quantised", put(GRID, ["01"]), "an entry of grid is not an array"),
    ("a grid that is a text", "quantised", put(GRID, "x"), "grid is not an array"),
    ("a grid of another dimension", "quantised", again("header/grid/0"), "grid has 2 entries, expected 1"),
    ("a grid of fewer inputs", "quantised, fan", drop("header/grid/1"), "grid has 1 entries, expected 2"),
    # The weight and the grid against the reasons.
    ("another weight", "quantised", put("header/gate_weight", "2"), LINEAR),
    ("a weight that is too small", "quantised", lighter, LARGE),
    ("a finer grid, the reasons of the coarse one", "quantised", put(STEP, "1/1000"), LINEAR),
    ("a grid shifted", "quantised, between", put("header/grid/0/0", "1/7"), LINEAR),
    ("another grid in the fan", "quantised, fan", put(GRID, [["1/3", "1"], ["0", "1/2"]]), LINEAR),
    # The tree.
    ("a split with a mark", "quantised", put("split/strict", "-"), "the field 'strict' is unknown"),
    ("a cut", "quantised", insert("layer", {"record": "cut", "plane": ["5", "1"]}), "record 'cut' is no node"),
    ("an open cell called a leaf", "quantised, left open", put("end/open", 0), "the count of open is not 1"),
    # The gates.
    ("no gate", "quantised", each(put("leaf 0/gates", []), put("leaf 0/reasons", [])), "the gates are not [-1]"),
    ("the other side's gate", "quantised", put("leaf 0/gates", [1]), "the gates are not [-1]"),
    ("both gates", "quantised", put("leaf 0/gates", [-1, 1]), "the gates are not [-1]"),
    ("a gate twice", "quantised", put("leaf 0/gates", [-1, -1]), "the gates are not [-1]"),
    ("a gate true", "quantised", put("leaf 1/gates", [True]), "the gates are not [1]"),
    ("gates in another order", "quantised, ladder", put("leaf 1/gates", [3, -2]), "the gates are not [-2, 3]"),
    ("a gate of a dropped constraint", "quantised, ladder", put("leaf 0/gates", [-2, -3]), "the gates are not [-3]"),
    ("without the gate of a hyperplane that touches", "quantised, touched", each(
        put("leaf 1/gates", [-2]), drop("leaf 1/reasons/0")), "the gates are not [1, -2]"),
    ("a gate of a hyperplane that touches between points", "quantised, passed by", each(
        put("leaf 1/gates", [1, -2]), again("leaf 1/reasons/0")), "the gates are not [-2]"),
    ("gates kept", "quantised, ladder", drop("redundant 0"), "the gates are not"),
    ("a gate of a number of the file", "quantised, with skips", put("leaf 2/gates", [2]), "the gates are not [1]"),
    # The reasons.
    ("no reasons", "quantised", drop("leaf 0/reasons"), "the field reasons is missing"),
    ("reasons of null", "quantised", put("leaf 0/reasons", None), "reasons is not an array"),
    ("reasons of no gate", "quantised", put("leaf 0/reasons", []), "reasons has 0 entries, expected 1"),
    ("reasons of one gate more", "quantised", again("leaf 0/reasons/0"), "reasons has 2 entries, expected 1"),
    ("a gate's reasons left out", "quantised, ladder", drop("leaf 1/reasons/1"), "reasons has 1 entries, expected 2"),
    ("a reason left out", "quantised", drop("leaf 0/reasons/0/1"), "the reasons of a gate has 1 entries, expected 2"),
    ("reasons of one output", "quantised, two outputs", put("leaf 2/reasons/0", [[[2, "2"]], [[2, "2"]]]),
     "the reasons of a gate has 2 entries, expected 4"),
    ("a reason too many", "quantised", again("leaf 0/reasons/0/0"), "the reasons of a gate has 3 entries, expected 2"),
    ("reasons of a gate that are null", "quantised", put("leaf 0/reasons/0", None), "the reasons of a gate is not"),
    ("reasons exchanged", "quantised", swap("leaf 0/reasons/0/0", "leaf 0/reasons/0/1"), LINEAR),
    ("reasons of two outputs exchanged", "quantised, two outputs",
     swap("leaf 0/reasons/0/1", "leaf 0/reasons/0/2"), LINEAR),
    ("reasons of two gates exchanged", "quantised, fan", swap("leaf 0/reasons/0", "leaf 0/reasons/1"), LINEAR),
    ("reasons of two leaves exchanged", "quantised", swap("leaf 0/reasons", "leaf 1/reasons"), LINEAR),
    ("one sign's reason for both", "quantised, ladder", copy("leaf 1/reasons/0/0", "leaf 1/reasons/0/1"), LINEAR),
    ("a negative multiplier", "quantised", put("leaf 0/reasons/0/1", [[0, "-1"], [1, "-1"]]), "inequality 0 is"),
    ("a row that is not there", "quantised", put("leaf 0/reasons/0/0", [[3, "2/3"]]), "but there are 3 here"),
    ("a reason over another row", "quantised", put("leaf 0/reasons/0/0", [[1, "2"]]), LARGE),
    ("a reason that only the other rows prove", "quantised, between", put("leaf 0/reasons/0/0", [[1, "4"]]), LARGE),
    ("the row of the gate with the factor of its form", "quantised, between", put("leaf 0/reasons/0/0", [[2, "4"]]),
     LINEAR),
    # The rest of a leaf, and the end.
    ("another map", "quantised", put("leaf 0/map/0/1", "2"), "the affine map of output 0 is not the network's"),
    ("another network", "quantised", put("network/layers/1/weight/0/0", "2"), "the affine map of output 0"),
    ("a leaf without its witness", "quantised", drop("leaf 0/witness"), "the field witness is missing"),
    ("a witness between two cells", "quantised", put("leaf 0/witness/0", "0"), "not strictly inside constraint 2"),
    ("with units", "quantised", put("leaf 0/units", []), "the field 'units' is unknown"),
    ("with absent faces", "quantised", put("leaf 0/absent", []), "the field 'absent' is unknown"),
    ("a leaf before its neurons are decided", "quantised", counted(drop("split"), drop("leaf 1")), "neurons are"),
    ("another count of faces", "quantised", put("end/faces", 3), "the count of faces is not 2"),
    ("another count of leaves", "quantised", put("end/leaves", 3), "the count of leaves is not 2"),
    ("another count of units in layer 1", "quantised", put("end/units/layer1", 6), "layer1 units is not 4"),
    ("one unit for each leaf", "quantised", put("end/units/layer2", 2), "the count of layer2 units is not 4"),
    ("without a count of regions", "quantised", drop("end/activation_regions"), "activation_regions is missing"),
    ("more pieces than leaves", "quantised", put("end/affine_pieces", 3), "reported counts disagree"),
]  # fmt: skip

ACCEPTED = [
    ("a bend at a point", "quantised", unchanged),
    ("a bend between two points", "quantised, between", unchanged),
    ("dropped constraints", "quantised, ladder", unchanged),
    ("in the plane", "quantised, fan", unchanged),
    ("a hyperplane that touches", "quantised, touched", unchanged),
    ("a hyperplane that touches an active side", "quantised, touched by an active side", unchanged),
    ("two outputs, an offset", "quantised, two outputs", unchanged),
    ("of a network with skips, other steps", "quantised, with skips", unchanged),
    ("no hidden layer", "quantised, without hidden layers", unchanged),
    ("of a slice's parameters", "quantised, on a slice", unchanged),
    ("a larger weight", "quantised", heavier),
    ("a coarser grid", "quantised", put(STEP, "2/3")),
    ("a finer grid", "quantised", finer),
    ("another grid", "quantised, with skips", swap("header/grid/0", "header/grid/1")),
    ("a hyperplane that touches between points", "quantised, passed by", unchanged),
    ("the same grid from another point", "quantised", put("header/grid/0/0", "-5/3")),
    ("another reason", "quantised", put("leaf 1/reasons/0/0", [[0, "1/10"], [1, "1/10"], [2, "1"]])),
    ("another witness", "quantised", put("leaf 0/witness/0", "1/1000000")),
]  # fmt: skip

INCOMPLETE = [("an open cell", "quantised, left open", unchanged, "1 cell is left open")]

CASES = table("quantised", accepted=ACCEPTED, rejected=REJECTED, incomplete=INCOMPLETE)
