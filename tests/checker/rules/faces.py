"""Cases of the rule ``faces``: every face of a half-open cell is listed, or absent for a reason."""

from tests.checker.case import table
from tests.checker.editing import again, copy, counted, drop, each, insert, put, swap, unchanged

NEITHER = "is neither listed nor absent"
PAIR = {"-inf": [-1, 1, -2, 2, -3], "face": [0, 1], "weight": "1"}
TRIPLE = {"-inf": [-1, 1, -2, 2, -3, 3], "face": [0, 1, 2], "weight": "-1"}
WHY_NO_TRIPLE = [[0, "-2"], [1, "-2"], [2, "3"]]  # s = 2 + 3 s - 2 x - 2 y for s = x + y - 1

listed = each(drop("leaf 0/absent/0"), insert("leaf 0/units/4", PAIR))
first_leaf = "leaf 0/units"

REJECTED = [
    ("a face left out", "bend", counted(drop("leaf 1/units/1")), f"face [0] {NEITHER}"),
    ("a face of two constraints left out", "cross", counted(drop("leaf 0/units/3")), f"face [4, 5] {NEITHER}"),
    ("a face of one constraint left out", "cross", counted(drop("leaf 0/units/1")), f"face [4] {NEITHER}"),
    ("all faces but the cell left out", "cross", counted(put("leaf 0/units/1", None)), f"face [4] {NEITHER}"),
    ("a face too many", "bend", counted(insert("leaf 0/units/1", {"-inf": [-1, 1], "face": [0], "weight": "-1"})),
     "units are left over"),
    ("a face twice", "cross", counted(again("leaf 0/units/1")), f"face [5] {NEITHER}"),
    ("the last face twice", "cross", counted(again("leaf 0/units/3")), "units are left over"),
    ("the cell twice", "bend", counted(again("leaf 0/units/0")), "units are left over"),
    ("faces exchanged", "cross", swap("leaf 0/units/1", "leaf 0/units/2"), f"face [4] {NEITHER}"),
    ("the cell after its face", "bend", swap("leaf 1/units/0", "leaf 1/units/1"), "expected the units of face []"),
    ("a face true", "two outputs", put("leaf 0/units/1/face", [True]), "expected the units of face [1]"),
    ("a face of another constraint", "cross", put("leaf 0/units/1/face", [0]), f"face [4] {NEITHER}"),
    ("a face in another order", "cross", put("leaf 0/units/3/face", [5, 4]), f"face [4, 5] {NEITHER}"),
    ("a face with a constraint twice", "cross", put("leaf 0/units/3/face", [4, 4, 5]), f"face [4, 5] {NEITHER}"),
    ("a face null", "bend", put("leaf 1/units/1/face", None), f"face [0] {NEITHER}"),
    ("a cell that is a face", "bend", put("leaf 0/units/0/face", [0]), "expected the units of face []"),
    ("a unit without its face", "bend", drop("leaf 0/units/0/face"), "the field face is missing"),
    ("a face where boundaries are ignored", "bend, boundary ignored", put("leaf 0/units/0/face", []), "is unknown"),
    ("two units where boundaries are ignored", "bend, boundary ignored", counted(again("leaf 0/units/0")), "has 2"),
    ("no unit where boundaries are ignored", "bend, boundary ignored", counted(put("leaf 0/units", [])), "expected 1"),
    ("absent where boundaries are ignored", "bend, boundary ignored", put("leaf 0/absent", []), "'absent' is unknown"),
    ("without absent", "bend", drop("leaf 0/absent"), "the field absent is missing"),
    ("absent null", "bend", put("leaf 0/absent", None), "absent is not an array"),
    ("units null", "bend*", put("leaf 0/units", None), "units is not an array"),
    ("no units", "bend", counted(put("leaf 0/units", [])), "() is not an object"),
    ("an absent face left out", "cut corner", drop("leaf 0/absent/0"), f"face [0, 1] {NEITHER}"),
    ("an absent face twice", "cut corner", again("leaf 0/absent/0"), "absent faces are left over"),
    ("an absent face of another leaf", "cut corner", copy("leaf 0/absent", "leaf 1/absent"), "faces are left over"),
    ("an absent face that is listed too", "cut corner", insert("leaf 0/units/4", PAIR), f"face [0, 1, 2] {NEITHER}"),
    ("another absent face", "cut corner", put("leaf 0/absent/0/0", [0, 2]), f"face [0, 1] {NEITHER}"),
    ("an absent face false for 0", "cut corner", put("leaf 0/absent/0/0", [False, 1]), f"face [0, 1] {NEITHER}"),
    ("an absent entry that is no pair", "cut corner", drop("leaf 0/absent/0/1"), "has 1 entries, expected 2"),
    ("an absent entry that is no array", "cut corner", put("leaf 0/absent/0", 0), "an entry of absent is not an array"),
    ("an absent entry null", "cut corner", put("leaf 0/absent/0", None), "an entry of absent is not an array"),
    ("a null after the units", "bend", counted(insert("leaf 0/units/1", None)), "units are left over"),
    ("a null after the last face", "cross", counted(insert("leaf 0/units/4", None)), "units are left over"),
    ("a null and more after the units", "bend", counted(
        insert("leaf 0/units/1", 1), insert("leaf 0/units/1", None)
    ), "units are left over"),
    ("a null where nothing is absent", "bend", insert("leaf 0/absent/0", None), "absent faces are left over"),
    ("a null after the absent faces", "cut corner", insert("leaf 0/absent/1", None), "absent faces are left over"),
    ("a face said to be absent by a bound of 0", "cross", counted(
        drop("leaf 0/units/3"), put("leaf 0/absent", [[[4, 5], [[5, "1"]]]])
    ), "the reason for absent face [4, 5] does not bound constraint 5 above 0"),
    ("a face said to be absent by a bound below 0", "cross", counted(
        drop("leaf 0/units/3"), put("leaf 0/absent", [[[4, 5], [[2, "1"]]]])
    ), "the reason for absent face [4, 5] does not bound constraint 5 above 0"),
    ("a face said to be absent by a negative multiplier", "cross", counted(
        drop("leaf 0/units/3"), put("leaf 0/absent", [[[4, 5], [[3, "-1"]]]])
    ), "the multiplier of inequality 3 is negative"),
    ("a face said to be absent by a multiple of itself", "bend", counted(
        drop("leaf 1/units/1"), put("leaf 1/absent", [[[0], [[0, "-1"]]]])
    ), "the multiplier of inequality 0 is negative"),
    ("a face said to be absent by its last constraint as an equation", "cross", counted(
        drop("leaf 0/units/3"), put("leaf 0/absent", [[[4, 5], [[5, "-1"]]]])
    ), "the multiplier of inequality 5 is negative"),
    ("a face said to be absent by a constraint left out", "bent twice", counted(
        drop("leaf 1/units/1"), put("leaf 1/absent", [[[3], [[2, "2"]]]])
    ), "which may not be used here"),
    ("a face said to be absent by itself, left out", "concurrent", counted(
        drop("leaf 3/units/1"), put("leaf 3/absent", [[[0], [[0, "1"]]]])
    ), "which may not be used here"),
    ("a face said to be absent by a negative multiplier of a path", "cut corner", counted(
        drop("leaf 1/units/3"), put("leaf 1/absent", [[[0, 1], [[0, "-1"], [2, "-1"]]]])
    ), "the multiplier of inequality 2 is negative"),
    ("a listed face with no reason for a larger one", "cut corner", counted(listed), f"face [0, 1, 2] {NEITHER}"),
]  # fmt: skip

ACCEPTED = [
    ("all faces of a corner", "cross", unchanged),
    ("an absent face", "cut corner", unchanged),
    ("an absent face, otherwise", "cut corner", put("leaf 0/absent/0/1", [[0, "-2/3"], [1, "1/3"], [2, "2/3"]])),
    ("an empty face listed, a larger one absent", "cut corner", counted(
        listed, put("leaf 0/absent", [[[0, 1, 2], WHY_NO_TRIPLE]])
    )),
    ("empty faces listed", "cut corner", counted(listed, insert("leaf 0/units/7", TRIPLE))),
    ("faces of an arrangement through one point", "concurrent", unchanged),
    ("no candidate without its last pair", "corner cut first", unchanged),
    ("faces in three dimensions", "three inputs", unchanged),
]  # fmt: skip

CASES = table("faces", accepted=ACCEPTED, rejected=REJECTED)
