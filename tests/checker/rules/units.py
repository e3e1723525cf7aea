"""Cases of the rule ``units``: the gates and the weight of the units of one face."""

from tests.checker.case import table
from tests.checker.editing import Records, again, copy, drop, each, insert, leaves, put, swap, unchanged

GATES = "-inf of face [] is not on the units"
WEIGHT = "the weight of face [] is not 1"


def numbered_anew(records: Records) -> None:
    """In "bent twice, boundary ignored" the planes of each layer are numbered from 1."""
    for leaf, gates in zip(leaves(records), ([-1, 1], [-1], [-1, 1], [1]), strict=True):
        leaf["units"][0]["-inf"] = gates


REJECTED = [
    ("a gate left out", "bend*", put("leaf 0/units/0/-inf", []), GATES),
    ("one of two gates left out", "cross*", drop("leaf 0/units/0/-inf/0"), GATES),
    ("a gate of an outer layer left out", "bent twice*", drop("leaf 0/units/0/-inf/0"), GATES),
    ("a gate too many", "bend*", insert("leaf 0/units/0/-inf/1", 1), GATES),
    ("a gate twice", "bend*", again("leaf 0/units/0/-inf/0"), GATES),
    ("a gate on the other side", "bend*", put("leaf 0/units/0/-inf", [1]), GATES),
    ("gates on the other side of the second leaf", "bend*", put("leaf 1/units/0/-inf", [-1]), GATES),
    ("a gate on another plane", "cross*", put("leaf 0/units/0/-inf", [-1, -3]), GATES),
    ("a gate on plane 0", "bend*", put("leaf 0/units/0/-inf", [0]), GATES),
    ("a gate on a plane of no layer", "bend*", put("leaf 0/units/0/-inf", [-2]), GATES),
    ("a gate on a plane of the file, not of the path", "bent twice*", put("leaf 3/units/0/-inf", [3]), GATES),
    ("a finite weight for a gate", "bend*", put("leaf 0/units/0/-inf", [-(10**9)]), GATES),
    ("a gate of plus infinity", "bend*", put("leaf 0/units/0/-inf", ["inf"]), GATES),
    ("a gate true", "bend*", put("leaf 1/units/0/-inf", [True]), GATES),
    ("a gate as a text", "bend*", put("leaf 0/units/0/-inf", ["-1"]), GATES),
    ("a gate with its weight", "bend*", put("leaf 0/units/0/-inf", [[-1, "-inf"]]), GATES),
    ("gates in another order", "cross*", put("leaf 0/units/0/-inf", [-2, -1]), GATES),
    ("gates as a number", "bend*", put("leaf 0/units/0/-inf", -1), GATES),
    ("gates null", "bend*", put("leaf 0/units/0/-inf", None), GATES),
    ("plus infinity for minus infinity", "bend*", put("leaf 0/units/0", {"inf": [-1], "weight": "1"}), "is missing"),
    ("a face's gate left out", "bend", put("leaf 1/units/1/-inf", [1]), "-inf of face [0] is not on the units [-1, 1]"),
    ("a face's other gate left out", "bend", put("leaf 1/units/1/-inf", [-1]), "-inf of face [0] is not on the units"),
    ("a face's gates in another order", "bend", put("leaf 1/units/1/-inf", [1, -1]), "-inf of face [0] is not on"),
    ("a face's second equation left out", "cross", put("leaf 0/units/3/-inf", [-1, 1, -2]), "-inf of face [4, 5] is"),
    (
        "no gates anywhere",
        "bend, boundary ignored",
        each(put("leaf 0/units/0/-inf", []), put("leaf 1/units/0/-inf", [])),
        GATES,
    ),
    ("gates of planes numbered from 1 in each layer", "bent twice, boundary ignored", numbered_anew, GATES),
    ("a kept gate of a face left out", "cross", put("leaf 0/units/1/-inf", [-1, 1]), "-inf of face [4] is not on"),
    ("gates of two faces exchanged", "cross", swap("leaf 0/units/1/-inf", "leaf 0/units/2/-inf"), "-inf of face [4]"),
    ("a constraint left out that touches", "concurrent", put("leaf 3/units/1/-inf", [-2, -3]), "-inf of face [0]"),
    ("a weight's sign", "bend*", put("leaf 0/units/0/weight", "-1"), WEIGHT),
    ("a face's weight's sign", "bend", put("leaf 1/units/1/weight", "1"), "the weight of face [0] is not -1"),
    ("the weight of a face of two constraints", "cross", put("leaf 0/units/3/weight", "-1"), "of face [4, 5] is not 1"),
    ("a weight of 2", "bend*", put("leaf 0/units/0/weight", "2"), WEIGHT),
    ("a weight of 0", "bend*", put("leaf 0/units/0/weight", "0"), WEIGHT),
    ("a weight of a bare integer", "bend*", put("leaf 0/units/0/weight", 1), WEIGHT),
    ("a weight of true", "bend*", put("leaf 0/units/0/weight", True), WEIGHT),
    ("an infinite weight", "bend*", put("leaf 0/units/0/weight", "inf"), WEIGHT),
    ("units of plus and minus, spelled out", "bend*", put("leaf 0/units/0/plus", ["0", "1"]), "'plus' is unknown"),
    ("a unit without its weight", "bend*", drop("leaf 0/units/0/weight"), "the field weight is missing"),
    ("a unit that is no object", "bend*", put("leaf 0/units/0", [[-1], "1"]), "is not an object"),
    ("a unit null", "bend*", put("leaf 0/units/0", None), "None is not an object"),
    ("units of another leaf", "bend, boundary ignored", copy("leaf 0/units", "leaf 1/units"), GATES),
    ("units of two leaves exchanged", "bend*", swap("leaf 0/units", "leaf 1/units"), "line 5 (leaf)"),
    ("units of cells without splits, gated", "affine*", put("leaf 0/units/0/-inf", [1]), GATES),
]

ACCEPTED = [
    ("no gates", "affine*", unchanged),
    ("a gate on each side", "bend*", unchanged),
    ("gates of two layers", "bent twice*", unchanged),
    ("gates of a plane that two neurons share", "modulus", unchanged),
]

CASES = table("units", accepted=ACCEPTED, rejected=REJECTED)
