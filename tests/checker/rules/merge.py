"""Cases of the construction ``merge``: cuts, pieces, and the proofs below them."""

from tests.checker.case import table
from tests.checker.editing import Records, again, counted, drop, each, insert, put, swap, unchanged

CUT, SAME, OPEN = {"record": "cut", "plane": ["5", "1"]}, {"record": "same"}, {"record": "open"}
ENTERED = {"record": "layer", "active": [], "inactive": [], "layer": 1, "planes": [["0", "1"]], "undecided": [0]}
MAP = "the affine map of output"
NOT_A_PLANE = "the plane is not spelled as a plane"
BELOW = "constraints are dropped below a piece"
NO_RULE = "is no node of the tree"


def cut_below(records: Records) -> None:
    """Below the second piece of "merged" a cut stands where the neurons are split."""
    records[8] = {"record": "cut", "plane": ["1", "3"], "strict": "-"}


def cut_at_a_decided_place(records: Records) -> None:
    """In "merged" the last cell of the second piece is cut once more, and both parts have the map."""
    records[12:13] = [{"record": "cut", "plane": ["5", "1"], "strict": "-"}, SAME, SAME]


def piece_below(records: Records) -> None:
    """In "merged" the last cell of the second piece is a piece of its own, with the same map."""
    records.insert(12, {**records[6], "units": [{"-inf": [1], "face": [], "weight": "1"}]})


def cut_twice(records: Records) -> None:
    """In "merged, boundary ignored" the second piece is made of two, cut at a plane without a kink."""
    right = {**records[6], "units": [{"-inf": [1, -2], "weight": "1"}], "witness": ["-1/6"]}
    left = {**records[6], "units": [{"-inf": [1, 2], "weight": "1"}]}
    entered = {"record": "layer", "layer": 1, "planes": [], "undecided": []}
    first, others = [0, [[0, "1"]]], [[1, [[1, "1"]]], [2, [[1, "1"]]]]
    active = {**entered, "active": others, "inactive": [first]}
    inactive = {**entered, "active": [], "inactive": [first, *others]}
    cut = {"record": "cut", "plane": ["1", "3"]}
    records[6:13] = [cut, right, active, SAME, left, inactive, SAME]
    records[-1]["leaves"] = 3


def outside(records: Records) -> None:
    """In "merged" the second piece is cut again, outside of it: one of two cells is empty."""
    records.insert(6, {"record": "cut", "plane": ["-5", "1"], "strict": "-"})
    records.insert(7, OPEN)
    records[8]["units"] = [
        {"-inf": [1, 2], "face": [], "weight": "1"},
        {"-inf": [-1, 1, 2], "face": [0], "weight": "-1"},
    ]
    records[8]["absent"] = [[[1], [[0, "1"]]]]
    records[11]["active"], records[13]["inactive"] = [[2, [[2, "1"]]]], [[2, [[2, "1"]]]]


def empty(records: Records) -> None:
    """As :func:`outside`; the empty cell is a piece of any map."""
    outside(records)
    piece = {**records[3], "units": [{"-inf": [1, -2], "face": [], "weight": "1"}], "map": [["9", "9"]]}
    piece["units"].append({"-inf": [-1, 1, -2], "face": [0], "weight": "-1"})
    records[7:8] = [piece, OPEN]


def kink_inside(records: Records) -> None:
    """In "merged" the kink is cancelled no more: f differs on one cell of the second piece alone."""
    records[1]["layers"][1]["weight"][0] = ["1", "5", "-4"]
    records[3]["map"] = [["1", "4"]]


def one_piece(records: Records) -> None:
    """In "merged" there is no cut, and one piece: the line, of whose cells two have the map."""
    piece = {**records[6], "units": [{"-inf": [], "face": [], "weight": "1"}]}
    entered = {**records[7], "inactive": [], "planes": [["0", "1"], ["1", "3"]], "undecided": [0, 1, 2]}
    split = {"record": "split", "neuron": 0}
    stable = {"record": "stable", "active": [[1, [[0, "3"]]], [2, [[0, "3"]]]], "inactive": []}
    records[2:8] = [piece, entered, split, stable, SAME]
    records[-1]["affine_pieces"] = 1


def without_layers(records: Records) -> None:
    """In "merged" nothing is decided below the first piece."""
    del records[4]


def not_all_decided(records: Records) -> None:
    """In "merged" the second piece's map is compared where one neuron is undecided."""
    records[8:13] = [SAME]


def layers_first(records: Records) -> None:
    """In "merged" the layer of the first piece is entered above it."""
    swap("record 3", "record 4")(records)


def wide(records: Records) -> None:
    """So many inputs that "merged in the plane" may be cut at depth 1, but not at depth 2."""
    zeros = ["0"] * 4095
    records[0]["inputs"] += len(zeros)
    for row in (*records[1]["layers"][0]["weight"], *(record["plane"] for record in records if "plane" in record)):
        row.extend(zeros)


def deep(records: Records) -> None:
    """More cuts, one below the other, than are allowed in the smallest network."""
    records[2:-1] = [{"plane": [str(number), "1"], "record": "cut"} for number in range(5794)]


REJECTED = [
    # Cuts.
    ("a cut below a piece", "merged", counted(cut_below), "a cut stands below a piece"),
    ("a cut below a piece where all is decided", "merged", counted(cut_at_a_decided_place), "a cut stands below"),
    ("a plane that is not primitive", "merged*", put("cut/plane", ["0", "2"]), NOT_A_PLANE),
    ("a plane turned round", "merged*", put("cut/plane", ["0", "-1"]), NOT_A_PLANE),
    ("a plane without a linear part", "merged*", put("cut/plane", ["1", "0"]), NOT_A_PLANE),
    ("a plane of zeros", "merged*", put("cut/plane", ["0", "0"]), NOT_A_PLANE),
    ("a plane of fractions", "merged*", put("cut/plane", ["1/2", "1"]), "the plane has an entry that is not"),
    ("a plane of bare integers", "merged*", put("cut/plane", [0, 1]), "0 is not a canonical rational"),
    ("a plane too short", "merged*", put("cut/plane", ["1"]), "the plane has 1 entries, expected 2"),
    ("a plane too long", "merged*", put("cut/plane", ["0", "1", "0"]), "the plane has 3 entries, expected 2"),
    ("a plane that is no array", "merged*", put("cut/plane", "01"), "the plane is not an array"),
    ("no plane", "merged*", drop("cut/plane"), "the field plane is missing"),
    ("another plane", "merged*", put("cut/plane", ["-1", "3"]), "the multipliers"),
    ("a cut with a neuron", "merged*", put("cut/neuron", 0), "the field 'neuron' is unknown"),
    ("a cut without a mark", "merged", drop("cut/strict"), "the field strict is missing"),
    ("a cut with a mark, boundary ignored", "merged, boundary ignored", put("cut/strict", "-"), "'strict' is unknown"),
    ("a cut with both marks", "merged", put("cut/strict", "+-"), "strict is neither '+' nor '-'"),
    ("a cut with a mark of null", "merged", each(put("cut/strict", None), counted(drop("piece 1/units/1"))),
     "strict is neither '+' nor '-'"),
    ("the other mark", "merged", put("cut/strict", "+"), "face [0] is neither listed nor absent"),
    ("a cut left out", "merged*", counted(drop("cut")), "-inf of face [] is not on the units"),
    ("a cut twice", "merged*", counted(again("cut")), "-inf of face [] is not on the units"),
    ("a cut that leaves an empty cell", "merged", counted(empty), "the witness is not strictly inside constraint 0"),
    ("children of a cut exchanged", "merged", swap("piece 0", "piece 1"), "not strictly inside constraint 0"),
    ("a cut in a construction of cells", "bend", insert("layer", {**CUT, "strict": "+"}), f"record 'cut' {NO_RULE}"),
    ("a cut in a gated construction", "gated", insert("layer", {**CUT, "strict": "+"}), f"record 'cut' {NO_RULE}"),
    ("a cut in a count of regions", "counted", insert("layer", CUT), f"record 'cut' {NO_RULE}"),
    # Pieces.
    ("a piece below a piece", "merged", counted(piece_below), "a piece stands below a piece"),
    ("a leaf", "merged*", put("piece 0/record", "leaf"), "a leaf of this construction is a piece"),
    ("a leaf below a piece", "merged", insert("same 0", {"record": "leaf"}), "a leaf of this construction is a piece"),
    ("a piece in a construction of cells", "bend", put("leaf 0/record", "piece"), f"record 'piece' {NO_RULE}"),
    ("a piece without its proof", "merged", each(drop("layer 0"), drop("same 0")), "a piece stands below a piece"),
    ("a piece without units", "merged*", drop("piece 0/units"), "the field units is missing"),
    ("a piece with an unknown field", "merged*", put("piece 0/pattern", []), "the field 'pattern' is unknown"),
    ("a piece with absent faces, boundary ignored", "merged, boundary ignored", put("piece 0/absent", []), "unknown"),
    ("a piece without its witness", "merged*", drop("piece 0/witness"), "the field witness is missing"),
    ("a witness of the neighbour", "merged*", put("piece 0/witness/0", "-1"), "not strictly inside constraint 0"),
    ("a witness on the cut", "merged*", put("piece 0/witness/0", "0"), "not strictly inside constraint 0"),
    ("a gate left out", "merged*", put("piece 0/units/0/-inf", []), "-inf of face [] is not on the units [-1]"),
    ("a gate on the other side", "merged*", put("piece 0/units/0/-inf", [1]), "-inf of face [] is not on the units"),
    ("a gate numbered over the file", "merged in the plane*", put("piece 2/units/0/-inf", [2, -4]), "-inf of face []"),
    ("a face left out", "merged", counted(drop("piece 1/units/1")), "face [0] is neither listed nor absent"),
    ("a face's weight", "merged", put("piece 1/units/1/weight", "1"), "the weight of face [0] is not -1"),
    ("a map of another length", "merged*", insert("piece 0/map/0/1", "0"), "a row of map has 3 entries, expected 2"),
    ("a map of a false rational", "merged*", put("piece 0/map/0/0", "0/2"), "'0/2' is not in lowest terms"),
    ("a map of more outputs", "merged*", again("piece 0/map/0"), "map has 2 entries, expected 1"),
    ("a row of a map that is no array", "merged*", put("piece 0/map/0", "01"), "a row of map is not an array"),
    ("a map that is no array", "merged*", put("piece 0/map", None), "map is not an array"),
    ("no map", "merged*", drop("piece 0/map"), "the field map is missing"),
    ("another map below an open proof, misspelled", "merged, left open", put("piece 1/map/0", ["x", "0"]),
     "'x' is not a canonical rational"),
    # Proofs.
    ("a map that differs everywhere", "merged*", put("piece 0/map/0/0", "1/9"), f"(same): {MAP} 0 is not"),
    ("a map that differs on one cell", "merged", kink_inside, f"line 11 (same): {MAP} 0 is not"),
    ("one piece for two", "merged", counted(one_piece), f"(same): {MAP} 0 is not"),
    ("maps exchanged", "merged*", swap("piece 0/map", "piece 1/map"), f"(same): {MAP} 0 is not"),
    ("maps of outputs exchanged", "merged, two outputs", swap("piece 0/map/0", "piece 0/map/1"), f"(same): {MAP} 0"),
    ("the second output's map", "merged, two outputs", put("piece 0/map/1/0", "7"), f"(same): {MAP} 1 is not"),
    ("nothing decided below a piece", "merged", without_layers, "neurons are undecided where the piece's map"),
    ("a neuron undecided below a piece", "merged", not_all_decided, "neurons are undecided where the piece's map"),
    ("same without a piece", "merged, without hidden layers", swap("piece", "same"), "there is no piece above"),
    ("same without a piece, and no cell", "merged, without kinks", insert("piece", SAME), "undecided where the piece"),
    ("same with a map", "merged*", put("same 0/map", [["0", "1"]]), "the field 'map' is unknown"),
    ("same with a witness", "merged*", put("same 0/witness", ["1"]), "the field 'witness' is unknown"),
    ("a cell of a proof left out", "merged", drop("same 2"), f"record 'end' {NO_RULE}"),
    ("same in a construction of cells", "bend", insert("leaf 0", SAME), f"record 'same' {NO_RULE}"),
    ("same in a gated construction", "gated", insert("leaf 0", SAME), f"record 'same' {NO_RULE}"),
    ("a layer above a piece", "merged", layers_first, "a layer is entered above a piece"),
    ("a layer above a cut", "merged*", insert("cut", ENTERED), "a layer is entered above a piece"),
    ("a split above a piece", "merged*", insert("cut", {"record": "split", "neuron": 0}), "is not an undecided one"),
    ("a split with a mark", "merged", put("split 0/strict", "-"), "the field 'strict' is unknown"),
    ("a redundant constraint below a piece", "merged in the plane", insert("same 2", {
        "record": "redundant", "constraints": [[0, [[1, "1"], [2, "1"]]]]
    }), BELOW),
    ("a constraint that is needed, dropped below a piece", "merged", insert("layer 0", {
        "record": "redundant", "constraints": [[0, []]]
    }), BELOW),
    ("a redundant constraint without a reason", "merged in the plane", put("redundant 0/constraints/0/1", []),
     "the multipliers"),
    # The header and the end.
    ("cells claimed of pieces", "merged*", put("header/construction", "cells"), f"record 'cut' {NO_RULE}"),
    ("pieces claimed of cells", "bend*", put("header/construction", "merge"), "a layer is entered above a piece"),
    ("gated claimed of pieces", "merged", put("header/construction", "gated"), f"record 'cut' {NO_RULE}"),
    ("exact claimed of an ignored boundary", "merged, boundary ignored", put("header/boundary", "exact"), "strict"),
    ("with a count of regions", "merged*", put("end/activation_regions", 2), "'activation_regions' is unknown"),
    ("with a count of linear regions", "merged*", put("end/linear_regions", 2), "'linear_regions' is unknown"),
    ("without a count of pieces", "merged*", drop("end/affine_pieces"), "the field affine_pieces is missing"),
    ("more pieces than leaves", "merged*", put("end/affine_pieces", 3), "reported counts disagree"),
    ("leaves without pieces", "merged*", put("end/affine_pieces", 0), "reported counts disagree"),
    ("cells counted as leaves", "merged*", put("end/leaves", 3), "the count of leaves is not 2"),
    ("another count of faces", "merged", put("end/faces", 2), "the count of faces is not 3"),
    ("planes of a proof counted as units", "merged*", put("end/units/layer1", 6), "count of layer1 units is not 4"),
    ("planes of cuts not counted as units", "merged*", put("end/units/layer1", 2), "count of layer1 units is not 4"),
    ("another count of units", "merged", put("end/units/layer2", 4), "the count of layer2 units is not 6"),
]  # fmt: skip

ACCEPTED = [
    ("two pieces, three cells", "merged*", unchanged),
    ("in the plane", "merged in the plane*", unchanged),
    ("of two outputs", "merged, two outputs", unchanged),
    ("of a network with skips and two outputs", "merged, with skips", unchanged),
    ("of a network with a skip", "merged, with a skip", unchanged),
    ("one piece, no hidden layer", "merged, without hidden layers", unchanged),
    ("one piece, whose kinks cancel", "merged, without kinks", unchanged),
    ("another witness", "merged*", put("piece 0/witness/0", "1/1000000")),
    ("fewer pieces reported", "merged", put("end/affine_pieces", 1)),
    ("a cut without a kink", "merged, boundary ignored", counted(cut_twice)),
]

INCOMPLETE = [
    ("an open cell in a proof", "merged, left open", unchanged, "1 cell is left open"),
    ("open cells instead of pieces", "merged", counted(
        put("piece 0", OPEN), drop("layer 0"), drop("same 0")), "1 cell is left open"),
    ("an empty cell left open", "merged", counted(outside), "1 cell is left open"),
]  # fmt: skip

GENERATED = [
    ("too deep for the width", "merged in the plane*", wide, "(cut): the tree is too deep for so wide"),
    ("too deep", "merged, boundary ignored", deep, "(cut): the tree is too deep for so wide"),
]

CASES = table("merge", accepted=ACCEPTED, rejected=REJECTED, incomplete=INCOMPLETE, generated=GENERATED)
