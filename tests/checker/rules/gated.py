"""Cases of the construction ``gated``: cells for the layers in front, and how many units each face has."""

from tests.checker.case import table
from tests.checker.editing import Records, again, counted, drop, each, insert, put, swap, unchanged

EARLY = "neurons are undecided at a leaf"
OPEN = {"record": "open"}
COUNT = "the count of layer2 units is not"


def one_layer_further(records: Records) -> None:
    """In "gated" the first leaf stands where the neuron of layer 2 is split, and the last hidden layer entered."""
    leaf = records[5]
    entered = {"record": "layer", "active": [], "inactive": [], "layer": 3, "planes": [["-1", "1"]], "undecided": [0]}
    records[5:6] = [{"record": "split", "neuron": 0, "strict": "-"}, entered, leaf, OPEN]


def split_once_more(records: Records) -> None:
    """In "gated" the neuron of layer 2 is split as well: three cells, each with its units."""
    right, left = ({**records[5], "witness": [text]} for text in ("3", "1"))
    right["units"] = [{"-inf": [-1, -2], "face": [], "weight": "1"}]
    right["absent"] = []
    left["units"] = [{"-inf": [-1, 2], "face": [], "weight": "1"}, {"-inf": [-1, -2, 2], "face": [1], "weight": "-1"}]
    # The neuron has the form 2 - x: it is active to the left of 2, so that this child comes first.
    records[5:6] = [{"record": "split", "neuron": 0, "strict": "+"}, left, right]


def unread(records: Records) -> None:
    """In "gated, with skips" no output reads the first neuron of the last hidden layer any more."""
    records[1]["layers"][3]["weight"][0][2] = "0"
    records[-1]["units"]["layer2"] = 45


def read(records: Records) -> None:
    """In "gated, with skips" an output reads the third neuron of the last hidden layer as well."""
    records[1]["layers"][3]["weight"][1][4] = "-5/3"
    records[-1]["units"]["layer2"] = 63


REJECTED = [
    # The header.
    ("with the boundary ignored", "gated", put("header/boundary", "ignore"), "needs the boundary exact"),
    ("cells claimed of gated ones", "gated", put("header/construction", "cells"), "the field map is missing"),
    ("gated claimed of cells", "bend", put("header/construction", "gated"), "(leaf): the field 'map' is unknown"),
    ("gated claimed of cells, boundary ignored", "bend, boundary ignored", put("header/construction", "gated"),
     "needs the boundary exact"),
    ("pieces claimed of gated cells", "gated", put("header/construction", "merge"), "a layer is entered above a piece"),
    # Where a leaf stands.
    ("a leaf before the last layer but one", "gated", counted(drop("layer 1")), EARLY),
    ("a leaf before any layer", "gated, two hidden layers", counted(drop("layer 0")), EARLY),
    ("a leaf in the last hidden layer", "gated", counted(one_layer_further), EARLY),
    ("a leaf in the only hidden layer", "gated, one hidden layer", counted(insert("leaf", {
        "record": "layer", "active": [], "inactive": [], "layer": 1, "planes": [["0", "1"], ["-2", "1"]],
        "undecided": [0, 1],
    })), EARLY),
    ("a leaf in the last of two hidden layers", "gated, two hidden layers", counted(put("layer 0/inactive", []), insert(
        "leaf", {"record": "layer", "active": [], "inactive": [], "layer": 2, "planes": [], "undecided": []}
    )), "neurons of layer 1 are undecided"),
    ("a layer in front left undecided", "gated", each(drop("split 0"), drop("layer 2"), drop("leaf 1")),
     "neurons of layer 1 are undecided"),
    ("a leaf left out", "gated", counted(drop("leaf 1")), "record 'end' is no node of the tree"),
    ("a leaf twice", "gated", counted(again("leaf 1")), "expected the end record"),
    ("leaves exchanged", "gated", swap("leaf 0", "leaf 1"), "not strictly inside constraint 0"),
    # What a leaf says.
    ("a leaf with its map", "gated", put("leaf 0/map", [["0", "1"]]), "the field 'map' is unknown"),
    ("a leaf with a map, no hidden layer", "gated, without hidden layers", put("leaf/map", [
        ["1", "1/2", "-1"], ["-2/3", "0", "3"]
    ]), "the field 'map' is unknown"),
    ("a leaf without units", "gated", drop("leaf 0/units"), "the field units is missing"),
    ("a leaf without absent faces", "gated", drop("leaf 0/absent"), "the field absent is missing"),
    ("a leaf without its witness", "gated", drop("leaf 0/witness"), "the field witness is missing"),
    ("a witness between two cells", "gated", put("leaf 0/witness/0", "0"), "not strictly inside constraint 0"),
    ("a gate left out", "gated", put("leaf 0/units/0/-inf", []), "-inf of face [] is not on the units [-1]"),
    ("a gate on an undecided neuron", "gated", put("leaf 0/units/0/-inf", [-1, -2]), "-inf of face [] is not on the"),
    ("a face left out", "gated", counted(drop("leaf 1/units/1")), "face [0] is neither listed nor absent"),
    ("a face's weight", "gated", put("leaf 1/units/1/weight", "1"), "the weight of face [0] is not -1"),
    ("units for each neuron", "gated, two hidden layers", counted(again("leaf/units/0")), "units are left over"),
    ("a gate without a cell", "gated, two hidden layers", put("leaf/units/0/-inf", [-1]), "-inf of face [] is not on"),
    # What is entered.
    ("a plane left out", "gated", put("layer 1/planes", []), "planes has 0 entries, expected 1"),
    ("another plane", "gated", put("layer 1/planes/0", ["-1", "1"]), "is not its neuron's"),
    ("a neuron taken for stable", "gated", each(
        put("layer 1/active", [[0, [[0, "1"]]]]), put("layer 1/undecided", []), put("layer 1/planes", [])
    ), "the multipliers"),
    ("a stable neuron's other side", "gated, two hidden layers", each(
        put("layer 0/active", []), put("layer 0/inactive", [[0, [[0, "2"]]]])
    ), "the multipliers"),
    # The end.
    ("with a count of regions", "gated", put("end/activation_regions", 2), "'activation_regions' is unknown"),
    ("with a count of pieces", "gated", put("end/affine_pieces", 2), "the field 'affine_pieces' is unknown"),
    ("with a count of linear regions", "gated", put("end/linear_regions", 2), "'linear_regions' is unknown"),
    ("another count of leaves", "gated", put("end/leaves", 3), "the count of leaves is not 2"),
    ("another count of faces", "gated", put("end/faces", 2), "the count of faces is not 3"),
    ("another count of units in layer 1", "gated", put("end/units/layer1", 4), "the count of layer1 units is not 6"),
    ("two units for each face", "gated", put("end/units/layer2", 6), f"{COUNT} 3"),
    ("units for a neuron that no output reads", "gated, with skips", put("end/units/layer2", 63), f"{COUNT} 54"),
    ("no units for a neuron that one output reads", "gated, with skips", put("end/units/layer2", 45), f"{COUNT} 54"),
    ("no units for what skips", "gated, with skips", put("end/units/layer2", 18), f"{COUNT} 54"),
    ("units for what skips once, not for each output", "gated, with skips", put("end/units/layer2", 36), f"{COUNT} 54"),
    ("the count of units of another network", "gated, with skips", each(unread, put("end/units/layer2", 54)),
     f"{COUNT} 45"),
    ("units for what skips where nothing does", "gated, one hidden layer", put("end/units/layer2", 6), f"{COUNT} 2"),
    ("units for neurons where there are none", "gated, without hidden layers", put("end/units/layer2", 6),
     f"{COUNT} 4"),
    ("no units where there are no neurons", "gated, without hidden layers", put("end/units/layer2", 0), f"{COUNT} 4"),
]  # fmt: skip

ACCEPTED = [
    ("three hidden layers", "gated", unchanged),
    ("with skips and two outputs", "gated, with skips", unchanged),
    ("on all of the plane", "gated, unbounded", unchanged),
    ("two hidden layers", "gated, two hidden layers", unchanged),
    ("two hidden layers and a skip", "gated, two hidden layers and a skip", unchanged),
    ("one hidden layer", "gated, one hidden layer", unchanged),
    ("one hidden layer and a skip", "gated, one hidden layer and a skip", unchanged),
    ("no hidden layer", "gated, without hidden layers", unchanged),
    ("on a slice", "gated, on a slice", unchanged),
    ("a cell split once more", "gated", counted(split_once_more)),
    ("a neuron that no output reads", "gated, with skips", unread),
    ("a neuron that one output more reads", "gated, with skips", read),
    ("another output", "gated, two hidden layers", put("network/layers/2/bias/0", "-7")),
    ("another witness", "gated", put("leaf 0/witness/0", "1/1000000")),
]

INCOMPLETE = [
    ("an open cell", "gated, left open", unchanged, "1 cell is left open"),
    ("all open", "gated", counted(
        put("leaf 0", OPEN), drop("layer 2"), put("leaf 0", OPEN)), "2 cells are left open"),
]  # fmt: skip

CASES = table("gated", accepted=ACCEPTED, rejected=REJECTED, incomplete=INCOMPLETE)
