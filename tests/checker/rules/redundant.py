"""Cases of the rule ``redundant``: constraints of the path that the units below may do without."""

from tests.checker.case import table
from tests.checker.editing import Records, again, copy, counted, drop, each, insert, leaves, put, swap, unchanged

NOT_USABLE = "which may not be used here"
BELOW = "does not bound it below by 0"
OPEN = {"record": "open"}


def dropping(*constraints: object) -> dict[str, object]:
    return {"record": "redundant", "constraints": list(constraints)}


BECAUSE_OF_EACH_OTHER = ([0, [[1, "1"]]], [1, [[0, "1"]]])


def alike(records: Records, *dropped: dict[str, object]) -> None:
    """In "modulus" with both neurons alike, both are split; of four cells one is a leaf, which drops constraints."""
    records[1]["layers"][0]["weight"][1] = ["2"]
    leaf = {**records[5], "map": [["0", "3"]], "witness": ["1"]}
    leaf["units"][0]["-inf"] = []
    records[3:-1] = [records[3], {"record": "split", "neuron": 1, "strict": "-"}, *dropped, leaf, OPEN, OPEN]


def both_at_once(records: Records) -> None:
    alike(records, dropping(*BECAUSE_OF_EACH_OTHER))


def both_in_turn(records: Records) -> None:
    alike(records, *map(dropping, BECAUSE_OF_EACH_OTHER))


def one_of_both(records: Records) -> None:
    alike(records, dropping(BECAUSE_OF_EACH_OTHER[0]))
    leaves(records)[0]["units"][0]["-inf"] = [-1]


def kept(records: Records) -> None:
    """In the second leaf of "bent twice", the constraint that could be dropped is kept."""
    del records[7]
    for unit in leaves(records)[1]["units"]:
        unit["-inf"].insert(0, -1)


def marked_outwards(records: Records) -> None:
    """In "two outputs" the middle cell is strict on both sides; the constraint dropped elsewhere is strict."""
    records[3]["strict"], records[4]["strict"] = "+", "-"
    right, middle, left = leaves(records)
    del right["units"][1], left["units"][1]
    faces = [{"-inf": [-1, 1, 2], "face": [0]}, {"-inf": [-1, -2, 2], "face": [1]}]
    middle["units"] += [{**face, "weight": "-1"} for face in faces]
    middle["absent"] = [[[0, 1], [[0, "-1"]]]]


def both_at_the_leaf(records: Records) -> None:
    """In "ladder, boundary ignored" the first leaf drops two constraints at once, and its sibling none."""
    del records[5]
    records[6]["constraints"] = [[0, [[2, "1"]]], [1, [[2, "1"]]]]
    records[8]["units"][0]["-inf"] = [-1, -2, 3]


def last_mark_turned(records: Records) -> None:
    """In the first leaf of "fan" constraint 0, strict, is dropped because of 1, strict, and 1 because of lax ones."""
    records[7]["strict"] = "-"
    first, second = leaves(records)[:2]
    first["units"][1] = FACE_OF_1
    second["units"] += [
        {"-inf": [-2, -4, 4], "face": [3], "weight": "-1"},
        {"-inf": [-2, 2, -4, 4], "face": [1, 3], "weight": "1"},
    ]


FACE_OF_1 = {"-inf": [-2, 2, -3, -4], "face": [1], "weight": "-1"}
FACE_OF_0 = {"-inf": [-1, 1, -3, -4], "face": [0], "weight": "-1"}

REJECTED = [
    ("a constraint that is needed", "bend*", each(
        insert("leaf 0", dropping([0, []])), put("leaf 0/units/0/-inf", [])
    ), "do not reproduce the linear part"),
    ("a constraint that is needed, because of itself", "bend*", each(
        insert("leaf 0", dropping([0, [[0, "1"]]])), put("leaf 0/units/0/-inf", [])
    ), NOT_USABLE),
    ("a constraint needed, because of its half", "bend", insert("leaf 0", dropping([0, [[0, "1/2"]]])), NOT_USABLE),
    ("two constraints because of each other", "modulus", counted(both_at_once), NOT_USABLE),
    ("two constraints because of each other, in turn", "modulus", counted(both_in_turn), NOT_USABLE),
    ("because of one that is dropped", "ladder", put("redundant 1/constraints/0/1", [[0, "1"]]), NOT_USABLE),
    ("dropped twice", "ladder", put("redundant 1/constraints/0", [0, [[2, "1"]]]), "a constraint is dropped twice"),
    ("a record twice", "bent twice*", again("redundant 0"), "a constraint is dropped twice"),
    ("because of one that the record drops too", "ladder*", each(
        drop("redundant 0"), put("redundant 0/constraints", [[0, [[1, "1"]]], [1, [[2, "1"]]]])
    ), NOT_USABLE),
    ("numbers exchanged", "ladder*", put("redundant 1/constraints", [[1, [[2, "1"]]], [0, [[2, "1"]]]]), "increasing"),
    ("dropped in the other child", "ladder*", put("leaf 2/units/0/-inf", [2]), "-inf of face [] is not on the units"),
    ("where there is no path", "bend*", insert("layer 0", dropping([0, []])), "names 0, expected numbers below 0"),
    ("a record of nothing", "bend*", insert("leaf 0", dropping()), "nothing is redundant"),
    ("a reason turned round", "bent twice*", put("redundant 0/constraints/0", [3, [[2, "2"]]]), BELOW),
    ("a row of the domain", "corner of a wedge", insert("leaf 0", dropping([3, [[2, "1"]]])), "a row of the domain"),
    ("a row of the domain beside another", "bent twice*", insert("redundant 0/constraints/0", [0, [[3, "1/4"]]]),
     "a row of the domain"),
    ("a row of the domain before any layer", "affine", insert("leaf 0", dropping([0, []])), "a row of the domain"),
    ("a negative number", "bend", insert("leaf 0", dropping([-1, []])), "not a natural number"),
    ("a constraint of no path", "bend*", insert("leaf 0", dropping([1, []])), "names 1, expected numbers below 1"),
    ("a constraint twice", "bent twice*", again("redundant 0/constraints/0"), "constraints is not increasing"),
    ("a constraint false for 0", "triangle*", put("redundant 0/constraints/0/0", False), "not a natural number"),
    ("a bound below 0", "cut corner", insert("leaf 0", dropping([2, [[0, "1"], [1, "1"]]])), BELOW),
    ("a bound below 0, and its gate left out", "triangle, boundary ignored", each(
        insert("leaf 1", dropping([2, [[0, "1"], [1, "1"]]])), put("leaf 1/units/0/-inf", [-1, -2])
    ), BELOW),
    ("left out without saying so", "bent twice*", drop("redundant 0"), "-inf of face [] is not on the units"),
    ("said and not left out", "bent twice*", put("leaf 1/units/0/-inf", [-1, -2]), "-inf of face [] is not on"),
    ("another constraint", "bent twice*", put("redundant 0/constraints/0/0", 3), NOT_USABLE),
    ("of another leaf", "triangle*", copy("redundant 0", "redundant 1"), "line 16 (redundant)"),
    ("exchanged between leaves", "triangle*", swap("redundant 0", "redundant 1"), "line 11 (redundant)"),
    ("an entry that is no pair", "bent twice*", drop("redundant 0/constraints/0/1"), "has 1 entries, expected 2"),
    ("an entry that is no array", "bent twice*", put("redundant 0/constraints/0", 2), "constraints is not an array"),
    ("null", "bent twice*", put("redundant 0/constraints", None), "constraints is not an array"),
    ("without a field", "bent twice*", drop("redundant 0/constraints"), "the field constraints is missing"),
    ("an unknown field", "bent twice*", put("redundant 0/strict", []), "the field 'strict' is unknown"),
    ("a reason over a constraint below", "bent twice*", put("redundant 0/constraints/0/1/0/0", 4), "there are 4 here"),
    ("a strict constraint, with its faces forgotten", "concurrent", counted(drop("leaf 3/units/1")),
     "face [0] is neither listed nor absent"),
    ("strict, dropped later, its face forgotten", "fan", counted(last_mark_turned, drop("leaf 0/units/1")),
     "face [1] is neither listed nor absent"),
    ("positive because of it, its face listed instead", "fan", counted(
        last_mark_turned, put("leaf 0/units/1", FACE_OF_0)
    ), "face [1] is neither listed nor absent"),
    ("positive because of it, its face listed as well", "fan", counted(
        last_mark_turned, insert("leaf 0/units/1", FACE_OF_0)
    ), "face [1] is neither listed nor absent"),
    ("positive and dropped later, its face listed", "fan", counted(insert("leaf 0/units/1", FACE_OF_1)),
     "face [3] is neither listed nor absent"),
    ("the last word before the end", "bend*", insert("end", dropping([0, []])), "expected the end record"),
]  # fmt: skip

ACCEPTED = [
    ("kept although it could be dropped", "bent twice*", counted(kept)),
    ("one after the other along a path", "ladder*", unchanged),
    ("two at once", "ladder, boundary ignored", both_at_the_leaf),
    ("before a layer and below it", "skip*", swap("redundant 2", "layer 2")),
    ("a dropped constraint in the reason of a neuron", "fan", put("stable 0/active/0/1", [[1, "1"], [2, "1"]])),
    ("positive because of one that is dropped later and positive", "fan", unchanged),
    ("positive because of one that is dropped later and is not", "fan", counted(last_mark_turned)),
    ("a strict constraint that touches its cell", "concurrent", unchanged),
    ("a strict constraint that a strict one implies", "cut corner", unchanged),
    ("a strict constraint that a lax one implies", "two outputs", counted(marked_outwards)),
    ("a strict constraint that a strict one implies, touching", "concurrent, seen from outside", unchanged),
]

INCOMPLETE = [
    ("one of two constraints that are the same", "modulus", counted(one_of_both), "2 cells are left open"),
]

CASES = table("redundant", accepted=ACCEPTED, rejected=REJECTED, incomplete=INCOMPLETE)
