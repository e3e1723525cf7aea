"""Cases of the rule ``split``: which neuron, which side is strict, and two children in order."""

from tests.checker.case import table
from tests.checker.editing import Edit, Records, again, copy, counted, drop, each, insert, put, swap, unchanged

NOT_ONE = "is not an undecided one of layer"


def marked_otherwise(records: Records) -> None:
    """The other side of "bend" is strict: the face moves to the other leaf."""
    records[3]["strict"] = "+"
    records[4]["units"].append({"-inf": [-1, 1], "face": [0], "weight": "-1"})
    del records[5]["units"][1]


def split_again(records: Records) -> None:
    """Below the first split of "bend" the same neuron is split once more."""
    records.insert(4, dict(records[3]))
    records[5]["map"] = [["0", "2"]]
    records.insert(6, {"record": "open"})


def neuron_of_the_same_plane(records: Records) -> None:
    """Below the split of "modulus" the neuron with the same plane is split, not decided."""
    records[4] = {"record": "split", "neuron": 1, "strict": "-"}
    records.insert(5, dict(records[5]))


def deeper_first(records: Records) -> None:
    """In "cross" the second neuron is split before the first; the leaves change places."""
    records[3], records[4], records[7] = ({"record": "split", "neuron": i, "strict": "+"} for i in (1, 0, 0))
    corner = records[5]["units"]
    corner[1]["-inf"], corner[2]["-inf"] = corner[2]["-inf"], corner[1]["-inf"]
    records[6], records[8] = records[8], records[6]
    records[6]["units"][1]["face"], records[8]["units"][1]["face"] = [4], [5]


def wide(records: Records) -> None:
    """So many inputs that "ladder" may be split at depth 1, but not at depth 2; no neuron reads the new ones."""
    zeros = ["0"] * 4095
    records[0]["inputs"] += len(zeros)
    for row in (*records[1]["layers"][0]["weight"], *records[2]["planes"]):
        row.extend(zeros)


REJECTED = [
    ("a neuron of no layer", "bend*", put("split 0/neuron", 1), f"neuron 1 {NOT_ONE} 1"),
    ("a negative neuron", "bend*", put("split 0/neuron", -1), "neuron is -1, not a natural number"),
    ("a neuron false for 0", "bend*", put("split 0/neuron", False), "neuron is False, not a natural number"),
    ("a neuron as a text", "bend*", put("split 0/neuron", "0"), "neuron is '0', not a natural number"),
    ("a neuron in an array", "bend*", put("split 0/neuron", [0]), "neuron is [0], not a natural number"),
    ("a neuron that is stable", "bent twice*", put("split 0/neuron", 0), f"neuron 0 {NOT_ONE} 1"),
    ("another undecided neuron", "cross*", put("split 0/neuron", 1), f"neuron 1 {NOT_ONE} 1"),
    ("a neuron twice", "bend", counted(split_again), f"neuron 0 {NOT_ONE} 1"),
    ("a neuron of the same plane", "modulus", counted(neuron_of_the_same_plane), "not strictly inside constraint 1"),
    ("an unknown field", "bend*", put("split 0/plane", 1), "the field 'plane' is unknown"),
    ("without a neuron", "bend*", drop("split 0/neuron"), "the field neuron is missing"),
    ("without a mark", "bend", drop("split 0/strict"), "the field strict is missing"),
    ("a mark where boundaries are ignored", "bend, boundary ignored", put("split 0/strict", "-"), "is unknown"),
    ("both marks", "bend", put("split 0/strict", "+-"), "strict is neither '+' nor '-'"),
    ("no mark", "bend", put("split 0/strict", ""), "strict is neither '+' nor '-'"),
    ("a mark of null", "bend", put("split 0/strict", None), "strict is neither '+' nor '-'"),
    ("a mark of a number", "bend", put("split 0/strict", -1), "strict is neither '+' nor '-'"),
    (
        "both marks, and no face",
        "bend",
        counted(put("split 0/strict", "+-"), drop("leaf 1/units/1")),
        "strict is neither",
    ),
    ("the other mark", "bend", put("split 0/strict", "+"), "face [0] is neither listed nor absent"),
    ("the other mark of a second split", "cross", put("split 1/strict", "-"), "units are left over"),
    ("the other mark of an inner layer", "bent twice", put("split 1/strict", "+"), "face [3] is neither listed"),
    ("children exchanged", "bend*", swap("leaf 0", "leaf 1"), "not strictly inside constraint 0"),
    ("grandchildren exchanged", "cross*", swap("leaf 0", "leaf 3"), "not strictly inside constraint"),
    ("cousins exchanged", "cross*", swap("leaf 1", "leaf 2"), "not strictly inside constraint"),
    ("a child twice", "bend*", copy("leaf 0", "leaf 1"), "not strictly inside constraint 0"),
    ("a child left out", "bend*", counted(drop("leaf 1")), "record 'end' is no node of the tree"),
    ("the first child left out", "bend*", counted(drop("leaf 0")), "not strictly inside constraint 0"),
    ("a child too many", "bend*", counted(again("leaf 1")), "expected the end record"),
    ("a split left out", "bend*", drop("split 0"), "neurons are undecided at a leaf"),
    ("a second split left out", "cross*", drop("split 2"), "neurons are undecided at a leaf"),
    ("a split too many", "bend*", again("split 0"), f"neuron 0 {NOT_ONE} 1"),
    ("a split below a leaf", "bend*", insert("end", {"record": "split", "neuron": 0}), "expected the end record"),
    ("a split before any layer", "affine*", insert("leaf 0", {"record": "split", "neuron": 0}), "split): "),
    ("splits of layers exchanged", "bent twice", swap("split 0", "split 1"), f"neuron 0 {NOT_ONE} 1"),
]

ACCEPTED = [
    ("the other mark, with its face", "bend", counted(marked_otherwise)),
    ("neurons in another order", "cross", deeper_first),
    ("marks on both sides", "two outputs", unchanged),
    ("a split in each of two layers", "bent twice*", unchanged),
]


def many_rows(number: int) -> Edit:
    """So many rows, all of them beside the points that matter."""
    return put("header/domain", [[str(1000 + distance), "1"] for distance in range(number)])


GENERATED = [
    ("too deep for the width", "ladder*", wide, "(split): the tree is too deep for so wide a network"),
    ("too many rows of the domain", "counted", many_rows(5793), "(split): the tree is too deep for so wide a network"),
    ("as many rows as may be", "counted", each(many_rows(5792), put("leaf 0/witness/0", "0")), "line 5 (leaf)"),
]

CASES = table("split", accepted=ACCEPTED, rejected=REJECTED, generated=GENERATED)
