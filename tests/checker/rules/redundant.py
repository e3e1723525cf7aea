"""Cases of the rule ``leaf-redundant``: which constraints of the path a leaf's units may do without."""

from tests.checker.case import table
from tests.checker.editing import Records, again, copy, counted, drop, each, put, swap, unchanged

NOT_USABLE = "which may not be used here"
OPEN = {"record": "open"}


def both_signs(records: Records) -> None:
    """In "modulus" with both neurons alike, both are split, and each is left out because of the other."""
    records[1]["layers"][0]["weight"][1] = ["2"]
    records[3:-1] = [records[3], {"record": "split", "neuron": 1, "strict": "-"}, records[5], OPEN, OPEN]
    records[5]["map"] = [["0", "3"]]
    records[5].update(redundant=[[0, [[1, "1"]]], [1, [[0, "1"]]]], witness=["1"])
    records[5]["units"][0]["-inf"] = []


def one_of_both(records: Records) -> None:
    """The same, but only the first constraint is left out."""
    both_signs(records)
    records[5]["redundant"].pop()
    records[5]["units"][0]["-inf"] = [-1]


def kept(records: Records) -> None:
    """In the second leaf of "bent twice", the constraint that could be left out is kept."""
    leaf = records[7]
    leaf["redundant"] = []
    for unit in leaf["units"]:
        unit["-inf"].insert(0, -1)


def marked_outwards(records: Records) -> None:
    """In "two outputs" the middle cell is strict on both sides; the constraint left out elsewhere is strict."""
    records[3]["strict"], records[4]["strict"] = "+", "-"
    right, middle, left = records[5], records[6], records[8]
    del right["units"][1], left["units"][1]
    faces = [{"-inf": [-1, 1, 2], "face": [0]}, {"-inf": [-1, -2, 2], "face": [1]}]
    middle["units"] += [{**face, "weight": "-1"} for face in faces]
    middle["absent"] = [[[0, 1], [[0, "-1"]]]]


REJECTED = [
    ("a constraint that is needed", "bend*", each(
        put("leaf 0/redundant", [[0, []]]), put("leaf 0/units/0/-inf", [])
    ), "do not reproduce the linear part"),
    ("a constraint that is needed, because of itself", "bend*", each(
        put("leaf 0/redundant", [[0, [[0, "1"]]]]), put("leaf 0/units/0/-inf", [])
    ), NOT_USABLE),
    ("a constraint needed, because of its half", "bend", put("leaf 0/redundant", [[0, [[0, "1/2"]]]]), NOT_USABLE),
    ("two constraints because of each other", "modulus", counted(both_signs), NOT_USABLE),
    ("a reason turned round", "bent twice*", put("leaf 1/redundant/0", [3, [[2, "2"]]]), "does not bound it below"),
    ("a row of the domain", "corner of a wedge", put("leaf 0/redundant", [[3, [[2, "1"]]]]), "a row of the domain"),
    ("a row of the domain by a negative number", "bend", put("leaf 0/redundant", [[-1, []]]), "not a natural number"),
    ("a constraint of no path", "bend*", put("leaf 0/redundant", [[1, []]]), "names 1, expected numbers below 1"),
    ("a constraint twice", "bent twice*", again("leaf 1/redundant/0"), "redundant is not increasing"),
    ("a constraint true", "triangle*", put("leaf 3/redundant/0/0", False), "is False, not a natural number"),
    ("a bound below 0", "cut corner", put("leaf 0/redundant", [[2, [[0, "1"], [1, "1"]]]]), "does not bound it below"),
    ("a bound below 0, and its gate left out", "cut corner", each(
        put("leaf 0/redundant", [[2, [[0, "1"], [1, "1"]]]]), put("leaf 0/units/0/-inf", [-1, -2])
    ), "the reason of redundant constraint 2 does not bound it below by 0"),
    ("a bound below 0, and its gate left out, boundary ignored", "triangle, boundary ignored", each(
        put("leaf 1/redundant", [[2, [[0, "1"], [1, "1"]]]]), put("leaf 1/units/0/-inf", [-1, -2])
    ), "the reason of redundant constraint 2 does not bound it below by 0"),
    ("left out without saying so", "bent twice*", put("leaf 1/redundant", []), "-inf of face [] is not on the units"),
    ("said and not left out", "bent twice*", put("leaf 1/units/0/-inf", [-1, -2]), "-inf of face [] is not on"),
    ("another constraint", "bent twice*", put("leaf 1/redundant/0/0", 3), "which may not be used here"),
    ("of another leaf", "triangle*", copy("leaf 3/redundant", "leaf 5/redundant"), "leaf)"),
    ("exchanged between leaves", "triangle*", swap("leaf 3/redundant", "leaf 5/redundant"), "leaf)"),
    ("an entry that is no pair", "bent twice*", drop("leaf 1/redundant/0/1"), "has 1 entries, expected 2"),
    ("an entry that is no array", "bent twice*", put("leaf 1/redundant/0", 2), "an entry of redundant is not an array"),
    ("null", "bend*", put("leaf 0/redundant", None), "redundant is not an array"),
    ("without a field", "bend*", drop("leaf 0/redundant"), "the field redundant is missing"),
    ("a reason over a constraint below", "bent twice*", put("leaf 1/redundant/0/1/0/0", 4), "but there are 4 here"),
    ("a strict constraint, with its faces forgotten", "concurrent", counted(
        put("leaf 3/units", [{"-inf": [-2, -3], "face": [], "weight": "1"}])
    ), "face [0] is neither listed nor absent"),
]  # fmt: skip

ACCEPTED = [
    ("kept although it could be left out", "bent twice", counted(kept)),
    ("kept although it could be left out, boundary ignored", "bent twice, boundary ignored", counted(kept)),
    ("a strict constraint that touches its cell", "concurrent", unchanged),
    ("a strict constraint that a lax one implies", "two outputs", counted(marked_outwards)),
    ("a strict constraint that a strict one implies, touching", "concurrent, seen from outside", unchanged),
    ("a strict constraint that a strict one implies", "cut corner", unchanged),
]

INCOMPLETE = [
    ("one of two constraints that are the same", "modulus", counted(one_of_both), "2 cells are left open"),
]

CASES = table("leaf-redundant", accepted=ACCEPTED, rejected=REJECTED, incomplete=INCOMPLETE)
