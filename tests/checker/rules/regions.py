"""Cases of the claim ``regions``: the tree with its witnesses, and nothing besides."""

from tests.checker.case import table
from tests.checker.editing import Records, again, counted, drop, each, insert, put, unchanged

OPEN = {"record": "open"}
OUTSIDE = "not strictly inside constraint"


def split_of_zero(records: Records) -> None:
    """In "counted, with skips" a neuron of layer 2 is split where it is 0: one cell, counted as two."""
    records[8].update(inactive=[], undecided=[0], planes=[["0", "0"]])
    records[9:10] = [{"record": "split", "neuron": 0}, records[9], records[9]]


def leaf_twice(records: Records) -> None:
    """In "counted, without hidden layers" one cell is counted as two."""
    counted(again("leaf 0"))(records)


REJECTED = [
    ("with a boundary", "counted", put("header/boundary", "exact"), "the field 'boundary' is unknown"),
    ("with a construction", "counted", put("header/construction", "cells"), "the field 'construction' is unknown"),
    ("with bounds", "counted", put("header/bounds", []), "the field 'bounds' is unknown"),
    ("with another network's hash", "counted", put("header/other_network_sha256", ""), "is unknown"),
    ("with a second network", "counted", again("network"), "record 'network' is no node of the tree"),
    ("of an equality", "bend*", put("header/claim", "regions"), "is unknown"),
    ("claimed as an equality", "counted", put("header/claim", "equality"), "boundary, construction is missing"),
    ("claimed as bounds", "counted", put("header/claim", "bounds"), "the field bounds is missing"),
    ("claimed as equal networks", "counted", put("header/claim", "equal"), "other_network_sha256 is missing"),
    ("a claim in an array", "counted", put("header/claim", ["regions"]), "claim ['regions'] is unknown"),
    ("a claim of no text", "counted", put("header/claim", 1), "claim 1 is unknown"),
    ("a claim of one region", "counted", put("end/activation_regions", 1), "of activation_regions is not 2"),
    ("a claim of three regions", "counted", put("end/activation_regions", 3), "of activation_regions is not 2"),
    ("a claim of four regions, one open", "counted, left open", put("end/activation_regions", 4), "is not 3"),
    ("another count of leaves", "counted", put("end/leaves", 3), "the count of leaves is not 2"),
    ("a true count", "counted, without hidden layers", put("end/activation_regions", True), "not a natural number"),
    ("a count of open cells", "counted", put("end/open", 1), "the count of open is not 0"),
    ("an open cell not counted", "counted, left open", put("end/open", 0), "the count of open is not 1"),
    ("without its count", "counted", drop("end/activation_regions"), "the field activation_regions is missing"),
    ("without open cells", "counted", drop("end/open"), "the field open is missing"),
    ("with a count of faces", "counted", put("end/faces", 2), "the field 'faces' is unknown"),
    ("with a count of units", "counted", put("end/units", {"layer1": 4, "layer2": 4}), "the field 'units' is unknown"),
    ("with a count of pieces", "counted", put("end/affine_pieces", 2), "the field 'affine_pieces' is unknown"),
    ("with a count of linear regions", "counted", put("end/linear_regions", 2), "'linear_regions' is unknown"),
    ("a split with a mark", "counted", put("split 0/strict", "+"), "the field 'strict' is unknown"),
    ("a split with a mark of null", "counted", put("split 0/strict", None), "the field 'strict' is unknown"),
    (
        "a redundant constraint",
        "counted, with skips",
        insert("leaf 1", {"record": "redundant", "constraints": [[4, [[5, "1"]]]]}),
        "record 'redundant' is no node of the tree",
    ),
    ("a leaf with its map", "counted", put("leaf 0/map", [["0", "1"]]), "the field 'map' is unknown"),
    ("a leaf with units", "counted", put("leaf 0/units", []), "the field 'units' is unknown"),
    ("a leaf with absent faces", "counted", put("leaf 0/absent", []), "the field 'absent' is unknown"),
    ("a leaf with bounds", "counted", put("leaf 0/bounds", []), "the field 'bounds' is unknown"),
    ("a leaf without its witness", "counted", drop("leaf 0/witness"), "the field witness is missing"),
    ("a witness between two regions", "counted", put("leaf 0/witness/0", "0"), f"{OUTSIDE} 0"),
    ("a witness of the neighbour", "counted", put("leaf 1/witness/0", "1"), f"{OUTSIDE} 0"),
    ("a witness at the end of the domain", "counted, with skips", put("leaf 1/witness/0", "2"), f"{OUTSIDE} 1"),
    ("a region counted twice", "counted, without hidden layers", leaf_twice, "expected the end record"),
    ("a region left out", "counted", counted(drop("leaf 1")), "record 'end' is no node of the tree"),
    ("a split of a neuron that is 0", "counted, with skips", counted(split_of_zero), "has no linear part"),
    ("a layer left out", "counted, with skips", counted(drop("layer 2")), "neurons are undecided at a leaf"),
    ("an open cell that is no leaf", "counted", put("leaf 1", OPEN), "the count of leaves is not 1"),
]  # fmt: skip

ACCEPTED = [
    ("two regions", "counted", unchanged),
    ("of a network with skips and two outputs", "counted, with skips", unchanged),
    ("one region, no hidden layer", "counted, without hidden layers", unchanged),
    ("of another output", "counted", put("network/layers/1/weight/0/0", "-7")),
    ("of another domain", "counted, with skips", put("header/domain/0/0", "9")),
    ("another witness", "counted", put("leaf 0/witness/0", "1/1000000")),
]

INCOMPLETE = [
    ("an open cell", "counted, left open", unchanged, "1 cell is left open"),
    ("all open", "counted", counted(each(put("leaf 0", OPEN), put("leaf 0", OPEN))), "2 cells are left open"),
]

CASES = table("regions", accepted=ACCEPTED, rejected=REJECTED, incomplete=INCOMPLETE)
