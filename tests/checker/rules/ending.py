"""Cases of the rules ``open``, ``end`` and ``hash``: what is left unexplored, the counts, the running hash."""

from tests.checker.case import table
from tests.checker.editing import Edit, Records, Unsealed, again, counted, drop, each, insert, put, unchanged

OPEN = {"record": "open"}
ONE, TWO = "1 cell is left open", "2 cells are left open"
DISAGREE = "reported counts disagree"


def after_the_end(records: Records) -> None:
    records.append(OPEN)


def reported(number: int) -> Edit:
    """This number of affine pieces and of linear regions."""
    return each(put("end/affine_pieces", number), put("end/linear_regions", number))


def nothing_explored(records: Records) -> None:
    """Not even the first layer is entered."""
    records[2:-1] = [OPEN]


OPEN_REJECTED = [
    ("a leaf made open, counts as they were", "bend*", put("leaf 1", OPEN), "the count of leaves is not 1"),
    ("a count of open cells that is 0", "left open", put("end/open", 0), "the count of open is not 1"),
    ("a count of open cells that is 2", "left open", put("end/open", 2), "the count of open is not 1"),
    ("a count of open cells without any", "bend*", put("end/open", 1), "the count of open is not 0"),
    ("a count that is true", "left open", put("end/open", True), "open is True, not a natural number"),
    ("an open cell with a field", "left open", put("open 0/why", ""), "the field 'why' is unknown"),
    ("an open cell twice", "left open", counted(again("open 0")), "expected the end record"),
    ("an open cell left out", "left open", counted(drop("open 0")), "record 'end' is no node of the tree"),
    ("an open cell beside a wrong leaf", "left open", put("leaf 0/map/0/0", "4"), "the affine map of output 0"),
    ("an open cell before a leaf", "bend*", counted(insert("leaf 0", OPEN)), "line 6 (leaf): the witness"),
    ("an open cell and a hash that fails", "left open", Unsealed(put("end/affine_pieces", 2)), "only the hash fails"),
]

OPEN_CELLS = [
    ("the last leaf open", "left open", put("open 0/record", "open"), ONE),
    ("the last leaf open, boundary ignored", "left open, boundary ignored", put("open 0/record", "open"), ONE),
    ("a leaf made open", "bend*", counted(put("leaf 1", OPEN)), ONE),
    ("both leaves open", "bend*", counted(put("leaf 0", OPEN), put("leaf 0", OPEN)), TWO),
    ("nothing explored", "cross*", counted(nothing_explored), ONE),
]

COUNTS = ("activation_regions", "faces", "leaves", "open")
END_REJECTED = [
    *((f"one more of {name}", "cross*", put(f"end/{name}", 10), f"the count of {name} is not") for name in COUNTS),
    *((f"without {name}", "bend", drop(f"end/{name}"), f"the field {name} is missing")
      for name in (*COUNTS, "affine_pieces", "linear_regions", "sha256", "units")),
    *((f"{name} true", "affine", put(f"end/{name}", True), f"{name} is True, not a natural number")
      for name in (*COUNTS, "affine_pieces", "linear_regions")),
    ("a count of layer 1", "bend*", put("end/units/layer1", 5), "the count of layer1 units is not 4"),
    ("a count of layer 2", "bend*", put("end/units/layer2", 5), "the count of layer2 units is not"),
    ("a count of layer 1 as a text", "bend", put("end/units/layer1", "4"), "layer1 is '4', not a natural number"),
    ("a count of layer 2 without outputs", "two outputs*", put("end/units/layer2", 6), "the count of layer2 units"),
    ("a count without a layer", "bend", drop("end/units/layer2"), "the field layer2 is missing"),
    ("a count of a layer 3", "bend", put("end/units/layer3", 1), "the field 'layer3' is unknown"),
    ("counts that are no object", "bend", put("end/units", [4, 6]), "[4, 6] is not an object"),
    ("more affine pieces than leaves", "bend*", put("end/affine_pieces", 3), DISAGREE),
    ("more linear regions than leaves", "bend*", put("end/linear_regions", 3), DISAGREE),
    ("more affine pieces than linear regions", "bend*", put("end/linear_regions", 1), DISAGREE),
    ("more of both than leaves", "bend*", reported(3), DISAGREE),
    ("no affine piece", "bend*", put("end/affine_pieces", 0), DISAGREE),
    ("no linear region", "bend*", put("end/linear_regions", 0), DISAGREE),
    ("none of both", "bend*", reported(0), DISAGREE),
    ("a region without a leaf", "cross*", each(counted(nothing_explored), put("end/linear_regions", 1)), DISAGREE),
    ("pieces and regions without a leaf", "cross*", each(counted(nothing_explored), reported(1)), DISAGREE),
    ("a negative number of affine pieces", "bend", put("end/affine_pieces", -1), "affine_pieces is -1, not a natural"),
    ("a count as a text", "bend", put("end/leaves", "2"), "leaves is '2', not a natural number"),
    ("a count null", "bend", put("end/faces", None), "faces is None, not a natural number"),
    ("an unknown field", "bend*", put("end/time", 1), "the field 'time' is unknown"),
    ("no end record", "bend*", drop("end"), "the file ends before its end record"),
    ("an end record twice", "bend*", again("end"), "something follows the end record"),
    ("a record after the end", "bend*", after_the_end, "something follows the end record"),
    ("an end record too early", "bend*", insert("leaf 1", {"record": "end"}), "record 'end' is no node of the tree"),
    ("a leaf for the end", "bend*", put("end/record", "leaf"), "expected the end record"),
]  # fmt: skip

END_ACCEPTED = [
    ("fewer affine pieces, which are reported only", "bend*", put("end/affine_pieces", 1)),
    ("fewer of both, which are reported only", "bend*", reported(1)),
    ("the counts of two outputs", "two outputs*", unchanged),
]

HASH_FAILS = "only the hash fails: every record verifies, sha256 does not"
HASH_REJECTED = [
    ("another witness", "bend*", Unsealed(put("leaf 0/witness/0", "2")), HASH_FAILS),
    ("fewer affine pieces", "bend*", Unsealed(put("end/affine_pieces", 1)), HASH_FAILS),
    ("fewer of both", "bend*", Unsealed(reported(1)), HASH_FAILS),
    ("a wider domain", "cross*", Unsealed(put("header/domain/0/0", "3")), HASH_FAILS),
    ("another reason", "corner of a wedge", Unsealed(put("layer 0/active/1/1/0/0", 3)), HASH_FAILS),
    ("zeros", "bend*", Unsealed(put("end/sha256", "0" * 64)), HASH_FAILS),
    ("capital letters", "bend*", Unsealed(put("end/sha256", "ABCDEF" + "0" * 58)), HASH_FAILS),
    ("an empty hash", "bend*", Unsealed(put("end/sha256", "")), HASH_FAILS),
    ("null", "bend*", Unsealed(put("end/sha256", None)), HASH_FAILS),
    ("another network", "shut", Unsealed(put("network/layers/1/weight/0/2", "7")), "network_sha256 is another"),
]
HASH_ACCEPTED = [
    ("of an exact boundary", "bend", unchanged),
    ("of an ignored boundary", "bend, boundary ignored", unchanged),
]

CASES = [
    *table("open", rejected=OPEN_REJECTED, incomplete=OPEN_CELLS),
    *table("end", accepted=END_ACCEPTED, rejected=END_REJECTED),
    *table("hash", accepted=HASH_ACCEPTED, rejected=HASH_REJECTED),
]
