"""Cases of the claim ``equality-on-cells``: cells that are dropped, and what is claimed of the others."""

from tests.checker.case import table
from tests.checker.editing import Records, again, counted, drop, each, put, swap, unchanged

DROPPED, OPEN = {"record": "dropped"}, {"record": "open"}
NOT_SO = "the claim is not one on some cells alone"
BELOW = "a cell is dropped below a piece"
NO_NODE = "record 'dropped' is no node of the tree"


def all_dropped(records: Records) -> None:
    """Nothing but a dropped root."""
    records[2:-1] = [DROPPED]


def one_more(records: Records) -> None:
    """In "trimmed of nothing" the first leaf is dropped, whose half-open cell has the point 0."""
    records[4] = DROPPED


def no_proof(records: Records) -> None:
    """In "trimmed, merged" a cell is dropped where the proof of the piece would stand."""
    records[5:-1] = [DROPPED]


REJECTED = [
    # The header.
    ("claimed of all cells", "trimmed", put("header/claim", "equality"), NOT_SO),
    ("with the boundary ignored", "trimmed", put("header/boundary", "ignore"), "boundary 'ignore' is unknown"),
    ("without a boundary", "trimmed", drop("header/boundary"), "the field boundary is missing"),
    ("without a construction", "trimmed", drop("header/construction"), "the field construction is missing"),
    ("of a grid", "trimmed", put("header/construction", "quantised"), "construction 'quantised' is unknown"),
    ("of one hidden layer", "trimmed", put("header/construction", "one-hidden"), "construction 'one-hidden' is"),
    ("of a construction that is an array", "trimmed", put("header/construction", []), "construction [] is unknown"),
    ("with a count of cells in the header", "trimmed", put("header/dropped", 1), "the field 'dropped' is unknown"),
    # Where cells may be dropped.
    ("in a certificate of all cells", "bend", counted(put("leaf 0", DROPPED)), NOT_SO),
    ("in a certificate of all cells, the boundary ignored", "bend, boundary ignored", put("leaf 0", DROPPED), NOT_SO),
    ("in a certificate of pieces", "merged", each(put("piece 0", DROPPED), drop("layer 0"), drop("same 0")), NOT_SO),
    ("in a certificate of gated cells", "gated", put("leaf 1", DROPPED), NOT_SO),
    ("on a grid", "quantised", put("leaf 1", DROPPED), NOT_SO),
    ("in a count of regions", "counted", put("leaf 1", DROPPED), NO_NODE),
    ("between bounds", "bounded", put("leaf 1", DROPPED), NO_NODE),
    ("of two networks", "equal", put("leaf 1", DROPPED), NO_NODE),
    ("below a piece", "trimmed, merged", counted(put("same 0", DROPPED)), BELOW),
    ("right below a piece", "trimmed, merged", counted(no_proof), BELOW),
    ("a cell without its sibling", "trimmed", drop("dropped"), "not strictly inside constraint 0"),
    ("a cell dropped twice", "trimmed", counted(again("dropped")), "expected the end record"),
    ("siblings exchanged", "trimmed", swap("dropped", "leaf"), "not strictly inside constraint 0"),
    ("every cell", "trimmed", counted(all_dropped), "every cell is dropped"),
    ("every cell of a split", "trimmed", counted(put("leaf", DROPPED)), "every cell is dropped"),
    # What the record says.
    ("with a witness", "trimmed", put("dropped/witness", ["1"]), "the field 'witness' is unknown"),
    ("with units", "trimmed", put("dropped/units", []), "the field 'units' is unknown"),
    ("with a reason", "trimmed", put("dropped/reason", []), "the field 'reason' is unknown"),
    # The kept cells.
    ("the face of a kept cell", "trimmed", counted(drop("leaf/units/1")), "face [0] is neither listed nor absent"),
    ("the gate of a kept cell", "trimmed", put("leaf/units/0/-inf", []), "-inf of face [] is not on the units [1]"),
    ("the map of a kept cell", "trimmed", put("leaf/map/0/1", "1"), "the affine map of output 0"),
    ("the weight of a kept cell", "trimmed", put("leaf/units/1/weight", "1"), "the weight of face [0] is not -1"),
    ("another network", "trimmed, with skips", put("network/layers/2/weight/0/2", "-2"), "the affine map of output 0"),
    ("the witness of the dropped cell", "trimmed", put("leaf/witness/0", "1"), "not strictly inside constraint 0"),
    ("the other mark", "trimmed", put("split/strict", "+"), "units are left over"),
    # The end.
    ("another count of dropped cells", "trimmed", put("end/dropped", 2), "the count of dropped is not 1"),
    ("no count of dropped cells", "trimmed", drop("end/dropped"), "the field dropped is missing"),
    ("a count of dropped cells where all are kept", "bend", put("end/dropped", 0), "the field 'dropped' is unknown"),
    ("none dropped, uncounted", "trimmed of nothing", drop("end/dropped"), "the field dropped is missing"),
    ("the dropped counted as leaves", "trimmed", put("end/leaves", 2), "the count of leaves is not 1"),
    ("with a count of regions", "trimmed", put("end/activation_regions", 1), "'activation_regions' is unknown"),
    ("with a count of pieces", "trimmed", put("end/affine_pieces", 1), "the field 'affine_pieces' is unknown"),
    ("with a count of linear regions", "trimmed", put("end/linear_regions", 1), "'linear_regions' is unknown"),
    ("the units of all cells", "trimmed", put("end/units/layer2", 6), "the count of layer2 units is not 4"),
]  # fmt: skip

ACCEPTED = [
    ("half of a line", "trimmed", unchanged),
    ("some of a fan", "trimmed in the plane", unchanged),
    ("no cell", "trimmed of nothing", unchanged),
    ("with skips and two outputs", "trimmed, with skips", unchanged),
    ("of pieces", "trimmed, merged", unchanged),
    ("of gated cells", "trimmed, gated", unchanged),
    ("on a slice", "trimmed, on a slice", unchanged),
    ("another one of two", "trimmed of nothing", counted(one_more)),
    ("another witness", "trimmed", put("leaf/witness/0", "-1/1000000")),
    ("another network where nothing is claimed", "trimmed", put("network/layers/0/weight/0/0", "7")),
]

INCOMPLETE = [
    ("an open cell", "trimmed", counted(put("dropped", OPEN)), "1 cell is left open"),
    ("an open cell and dropped ones", "trimmed in the plane", counted(put("leaf 0", OPEN)), "1 cell is left open"),
]

CASES = table("dropped", accepted=ACCEPTED, rejected=REJECTED, incomplete=INCOMPLETE)
