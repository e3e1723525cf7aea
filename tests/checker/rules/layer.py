"""Cases of the rule ``layer``: entering a layer on a cell, and the planes that this declares."""

from tests.checker.case import table
from tests.checker.editing import Records, again, counted, drop, each, insert, put, swap, unchanged

LEFT_OVER = "undecided neurons are not those left over"


def decided_later(records: Records) -> None:
    """The stable neuron of "shut" that is not constant: undecided with a plane, then decided by its own record."""
    decision = records[2]["active"].pop(0)
    records[2].update(undecided=[0], planes=[["2", "1"]])
    records.insert(3, {"record": "stable", "active": [decision], "inactive": []})


def undecided_for_ever(records: Records) -> None:
    """In "bent twice, boundary ignored" the split of the first layer is left out, its neuron taken for inactive."""
    del records[3:9]
    del records[6]
    records[5]["units"][0]["-inf"] = [-2]


REJECTED = [
    ("the number of a later layer", "bend", put("layer 0/layer", 2), "expected layer 1"),
    ("layer 0", "bend", put("layer 0/layer", 0), "expected layer 1"),
    ("layer true", "bend", put("layer 0/layer", True), "layer is True, not a natural number"),
    ("layer as a text", "bend", put("layer 0/layer", "1"), "layer is '1', not a natural number"),
    ("an unknown field", "bend*", put("layer 0/units", []), "the field 'units' is unknown"),
    ("without planes", "bend*", drop("layer 0/planes"), "the field planes is missing"),
    ("without active", "bend*", drop("layer 0/active"), "the field active is missing"),
    ("a layer entered twice", "bend*", counted(again("layer 0")), "neurons of layer 1 are undecided"),
    ("a layer entered before the last is decided", "bent twice, boundary ignored", counted(undecided_for_ever),
     "neurons of layer 1 are undecided"),
    ("a layer entered with nothing to decide", "shut", again("layer 0"), "expected layer 2"),
    ("the output entered as a layer", "shut", each(again("layer 0"), put("layer 1/layer", 2)), "no further hidden"),
    ("a network without hidden layers entered", "affine", insert("leaf 0", {
        "record": "layer", "layer": 1, "active": [], "inactive": [], "undecided": [0, 1], "planes": []
    }), "there is no further hidden layer"),
    ("no layer entered", "bend*", drop("layer 0"), "neuron 0 is not an undecided one of layer 0"),
    ("an inner layer not entered", "bent twice*", counted(drop("layer 1")), "is not an undecided one of layer 1"),
    ("an undecided neuron left out", "cross*", drop("layer 0/undecided/1"), LEFT_OVER),
    ("an undecided neuron too many", "bent twice*", insert("layer 0/undecided/0", 0), LEFT_OVER),
    ("an undecided neuron of no layer", "cross", insert("layer 0/undecided/2", 2), "names 2, expected numbers below 2"),
    ("an undecided neuron twice", "cross", again("layer 0/undecided/0"), "undecided is not increasing"),
    ("undecided neurons exchanged", "cross", put("layer 0/undecided", [1, 0]), "undecided is not increasing"),
    ("an undecided true", "cross", put("layer 0/undecided", [0, True]), "True, not a natural number"),
    ("undecided null", "cross", put("layer 0/undecided", None), "undecided is not an array"),
    ("an active neuron without its decision", "bent twice*", drop("layer 0/active/0"), LEFT_OVER),
    ("an undecided neuron without a linear part", "shut", each(
        drop("layer 0/active/1"), put("layer 0/undecided", [1]), put("layer 0/planes", [["1", "0"]])
    ), "an undecided neuron has no linear part"),
    ("a neuron that is identically 0", "shut", each(
        put("network/layers/0/bias/2", "0"), drop("layer 0/inactive/0"),
        put("layer 0/undecided", [2]), put("layer 0/planes", [["0", "0"]]),
    ), "an undecided neuron has no linear part"),
    ("a plane turned round", "bend*", put("layer 0/planes/0", ["0", "-1"]), "plane 1 is not its neuron's"),
    ("a plane scaled", "bend*", put("layer 0/planes/0", ["0", "2"]), "plane 1 is not its neuron's"),
    ("a plane moved", "bend*", put("layer 0/planes/0", ["1", "1"]), "plane 1 is not its neuron's"),
    ("a plane of fractions", "bend*", put("layer 0/planes/0", ["0", "1/2"]), "an entry that is not an integer"),
    ("a plane of bare integers", "bend*", put("layer 0/planes/0", [0, 1]), "0 is not a canonical rational"),
    ("a plane too short", "bend*", put("layer 0/planes/0", ["0"]), "a plane has 1 entries, expected 2"),
    ("a plane too long", "bend*", put("layer 0/planes/0", ["0", "1", "0"]), "a plane has 3 entries, expected 2"),
    ("a plane that is no array", "bend*", put("layer 0/planes/0", "0"), "a plane is not an array"),
    ("planes exchanged", "cross*", swap("layer 0/planes/0", "layer 0/planes/1"), "plane 1 is not its neuron's"),
    ("a plane left out", "cross*", counted(drop("layer 0/planes/1")), "planes has 1 entries, expected 2"),
    ("a plane too many", "bend*", counted(again("layer 0/planes/0")), "planes has 2 entries, expected 1"),
    ("a plane for each of two neurons that share it", "modulus", counted(again("layer 0/planes/0")), "expected 1"),
    ("planes null", "bend", put("layer 0/planes", None), "planes is not an array"),
    ("an inner plane of a sibling", "bent twice*", put("layer 1/planes/0", ["-1", "4"]), "plane 2 is not its"),
    ("inner planes exchanged", "bent twice*", swap("layer 1/planes", "layer 2/planes"), "plane 2 is not its"),
]  # fmt: skip

ACCEPTED = [
    ("two neurons with one plane", "modulus", unchanged),
    ("a plane for a neuron that is stable", "shut", counted(decided_later)),
    ("a layer without undecided neurons", "shut", unchanged),
    ("planes numbered along the path", "bent twice*", unchanged),
    ("planes numbered over three layers", "bent thrice*", unchanged),
    ("a second layer on every cell of the first", "residual", unchanged),
]

CASES = table("layer", accepted=ACCEPTED, rejected=REJECTED)
