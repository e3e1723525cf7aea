"""Cases of the claim ``counterexample``: a point of the domain, and the conjunction that holds there."""

from tests.checker.case import table
from tests.checker.editing import EndSealed, again, copy, drop, each, insert, put, swap, unchanged

POINT, DISJUNCT = "header/point", "header/disjunct"
OUTSIDE = "the point does not fulfil row"
SAFE = "of the conjunction does not hold at the point"
LEAF = {"record": "open"}

REJECTED = [
    ("no point", "counterexample", drop(POINT), "the field point is missing"),
    ("no conjunction", "counterexample", drop(DISJUNCT), "the field disjunct is missing"),
    ("a point of one number", "counterexample", drop(f"{POINT}/0"), "the point has 1 entries, expected 2"),
    ("a point that is a text", "counterexample", put(POINT, "22"), "the point is not an array"),
    ("a point of decimals", "counterexample", put(f"{POINT}/0", "2.0"), "'2.0' is not a canonical rational"),
    ("a point of the inputs", "counterexample, on a slice", put(POINT, ["2", "11/12"]), "2 entries, expected 1"),
    ("a point outside", "counterexample", put(f"{POINT}/0", "3"), f"{OUTSIDE} 2 of the domain"),
    ("a point a little outside", "counterexample", put(f"{POINT}/1", "20000001/10000000"),
     f"{OUTSIDE} 1 of the domain"),
    ("a point on a row that is strict", "counterexample", put("header/strict", [1]), f"{OUTSIDE} 1 of the domain"),
    ("a point on another strict row", "counterexample", put("header/strict", [0, 2]), f"{OUTSIDE} 2 of the domain"),
    ("a point that is safe", "counterexample", put(POINT, ["2", "1"]), f"row 0 {SAFE}"),
    ("a point that is safe by a little", "counterexample", put(POINT, ["2", "19999999/10000000"]), f"row 0 {SAFE}"),
    ("a tie, where the row is strict", "counterexample", put("header/unsafe/0/strict", [0]), f"row 0 {SAFE}"),
    ("another conjunction", "counterexample", put(DISJUNCT, 1), f"row 0 {SAFE}"),
    ("a conjunction that is not there", "counterexample", put(DISJUNCT, 2), "there is no conjunction 2, but 2 of them"),
    ("a conjunction from the end", "counterexample", put(DISJUNCT, -2), "disjunct is -2, not a natural number"),
    ("a conjunction that is false", "counterexample", put(DISJUNCT, False), "disjunct is False, not a natural number"),
    ("the first of two rows alone", "counterexample, deep", put("header/unsafe/2/rows/1/0", "-1"), f"row 1 {SAFE}"),
    ("the second of two rows alone", "counterexample, deep", put("header/unsafe/2/rows/0/0", "-1"), f"row 0 {SAFE}"),
    ("another weight", "counterexample, deep", put("network/layers/3/weight/0/3", "-9"), f"row 1 {SAFE}"),
    ("another bias", "counterexample, deep", put("network/layers/3/bias/0", "-3"), f"row 1 {SAFE}"),
    ("the outputs of one network for those of the other", "counterexample, two networks",
     swap("header/unsafe/0/rows/0/2", "header/unsafe/0/rows/0/3"), f"row 0 {SAFE}"),
    ("networks exchanged", "counterexample, two networks", swap("record 1", "record 2"), f"row 0 {SAFE}"),
    ("the first network twice", "counterexample, two networks", copy("record 1", "record 2"), f"row 0 {SAFE}"),
    ("no second network", "counterexample, two networks", drop("record 2"),
     "line 3 (end): expected the network record"),
    ("another hash of the second network", "counterexample, two networks",
     EndSealed(put("header/other_network_sha256", "0" * 64)), "the header's other_network_sha256 is another"),
    ("another slice", "counterexample, on a slice", put("header/slice/1", ["0", "1/2"]), f"row 0 {SAFE}"),
    ("no slice", "counterexample, on a slice", drop("header/slice"),
     "a weight row of layer 1 has 2 entries, expected 1"),
    ("nothing is unsafe", "counterexample", put("header/unsafe", []), "unsafe is empty"),
    ("a row of another width", "counterexample", again("header/unsafe/0/rows/0/0"), "a row of unsafe has 5 entries"),
    ("a precision", "counterexample", put("header/precision", {"P": 6, "S": 0, "X": 0}), "'precision' is unknown"),
    ("a witness", "counterexample", put("header/witness", ["2", "2"]), "the field 'witness' is unknown"),
    ("claimed as a property", "counterexample", put("header/claim", "property"), "the field precision is missing"),
    ("an open node", "counterexample", insert("end", LEAF), "expected the end record"),
    ("a leaf", "counterexample", insert("end", {"record": "refuted", "disjuncts": []}), "expected the end record"),
    ("a leaf counted", "counterexample", put("end/leaves", 1), "the count of leaves is not 0"),
    ("a node counted as open", "counterexample", put("end/open", 1), "the count of open is not 0"),
    ("no strict rows", "counterexample", drop("header/strict"), "the field strict is missing"),
]  # fmt: skip

ACCEPTED = [
    ("a tie", "counterexample", unchanged),
    ("inside", "counterexample", each(put("header/unsafe/0/rows/0/0", "-1"), put(POINT, ["3/2", "-4/3"]))),
    ("of three layers, with skips", "counterexample, deep", unchanged),
    ("a conjunction without rows", "counterexample, deep", put(DISJUNCT, 1)),
    ("of two networks", "counterexample, two networks", unchanged),
    ("on a slice", "counterexample, on a slice", unchanged),
    (
        "a number too long to be spelled",
        "counterexample",
        put("header/unsafe/0/rows/0", ["-" + "9" * 3999, "0", "0", "9" * 3999]),
    ),
]

CASES = table("counterexample", accepted=ACCEPTED, rejected=REJECTED)
