"""Cases of the construction ``one-hidden``: the second network has one hidden layer at most, and equals the first."""

from tests.checker.case import table
from tests.checker.editing import (
    EndSealed,
    Records,
    again,
    counted,
    drop,
    each,
    insert,
    put,
    swap,
    unchanged,
)

MAP = "the affine map of output"
SECOND = "record 2"
MORE = "the second network has more than one hidden layer"
SKIP = "its outputs read the input"
OPEN = {"record": "open"}
TINY = 10**30


def a_second_layer(records: Records) -> None:
    """In "one-hidden" the second network passes its neurons on through one more layer."""
    first, last = records[2]["layers"]
    width = len(first["bias"])
    identity = [["1" if i == j else "0" for j in range(width)] for i in range(width)]
    records[2]["layers"] = [first, {"bias": ["0"] * width, "weight": identity}, last]


def outputs_that_skip(records: Records) -> None:
    """In "one-hidden" the outputs read the input too, with weight 0."""
    last = records[2]["layers"][-1]
    last["reads"], last["weight"] = [0, 1], [["0", *row] for row in last["weight"]]


def outputs_that_only_skip(records: Records) -> None:
    """In "one-hidden, affine" the second network has a hidden layer that nothing reads."""
    (last,) = records[2]["layers"]
    records[2]["layers"] = [{"bias": ["1"], "weight": [["0", "0"]]}, {**last, "reads": [0]}]


REJECTED = [
    # The header and the second network.
    ("with the boundary ignored", "one-hidden", put("header/boundary", "ignore"), "needs the boundary exact"),
    ("without the hash of the second", "one-hidden", drop("header/other_network_sha256"),
     "other_network_sha256 is missing"),
    ("another hash of the second", "one-hidden", EndSealed(put("header/other_network_sha256", "0" * 64)),
     "the header's other_network_sha256 is another"),
    ("the hash of a second network of cells", "bend", put("header/other_network_sha256", "0" * 64),
     "the field 'other_network_sha256' is unknown"),
    ("cells claimed of two networks", "one-hidden", put("header/construction", "cells"),
     "the field 'other_network_sha256' is unknown"),
    ("one hidden layer claimed of cells", "bend", put("header/construction", "one-hidden"),
     "the field other_network_sha256 is missing"),
    ("no second network", "one-hidden", drop(SECOND), "line 3 (layer): expected the network record"),
    ("a third network", "one-hidden", again(SECOND), "record 'network' is no node of the tree"),
    ("networks exchanged", "one-hidden", swap("record 1", SECOND), MORE),
    ("two hidden layers", "one-hidden", a_second_layer, MORE),
    ("outputs that read the input", "one-hidden", outputs_that_skip, SKIP),
    ("outputs that read the input alone", "one-hidden, affine", outputs_that_only_skip, SKIP),
    ("a second network without layers", "one-hidden", put(f"{SECOND}/layers", []), "there is no layer"),
    # Networks that differ.
    ("another weight of a neuron", "one-hidden", put(f"{SECOND}/layers/1/weight/0/0", f"{TINY + 1}/{TINY}"), MAP),
    ("another bias of the output", "one-hidden, two outputs", put(f"{SECOND}/layers/1/bias/1", f"1/{TINY}"),
     f"{MAP} 1"),
    ("another bias of the output, affine", "one-hidden, affine", put(f"{SECOND}/layers/0/bias/0", f"1/{TINY}"),
     f"{MAP} 0"),
    ("another map than that of both", "one-hidden", put("leaf 0/map/0/1", f"1/{TINY}"), f"{MAP} 0"),
    ("weights of outputs exchanged", "one-hidden, bounded", swap(
        f"{SECOND}/layers/1/weight/0", f"{SECOND}/layers/1/weight/1"
    ), f"{MAP} 0"),
    # The walk.
    ("a leaf before the second network", "one-hidden", counted(drop("layer 3")),
     "neurons are undecided at a leaf"),
    ("a split with a mark", "one-hidden", put("split 0/strict", "-"), "the field 'strict' is unknown"),
    ("a leaf with units", "one-hidden", put("leaf 0/units", []), "the field 'units' is unknown"),
    ("a leaf without its map", "one-hidden", drop("leaf 0/map"), "the field map is missing"),
    ("a leaf without its witness", "one-hidden", drop("leaf 0/witness"), "the field witness is missing"),
    ("a redundant constraint", "one-hidden", insert("leaf 1", {
        "record": "redundant", "constraints": [[0, [[1, "1"]]]]
    }), "record 'redundant' is no node of the tree"),
    ("a leaf left out", "one-hidden", counted(drop("leaf 3")), "'end' is no node of the tree"),
    # The end.
    ("with a count of regions", "one-hidden", put("end/activation_regions", 3), "'activation_regions' is unknown"),
    ("with a count of faces", "one-hidden", put("end/faces", 3), "the field 'faces' is unknown"),
    ("without the units", "one-hidden", drop("end/units"), "the field units is missing"),
    ("another count of units", "one-hidden", put("end/units/layer1", 3), "the count of layer1 units is not 2"),
    ("units in layer 2", "one-hidden", put("end/units/layer2", 2), "the count of layer2 units is not 0"),
    ("units where there is no hidden layer", "one-hidden, affine", put("end/units/layer1", 2),
     "the count of layer1 units is not 0"),
    ("the count of another layer", "one-hidden, in the plane", put("end/units/layer1", 1),
     "the count of layer1 units is not 3"),
    ("a third count", "one-hidden", put("end/units/layer3", 1), "the field 'layer3' is unknown"),
    ("another count of leaves", "one-hidden", put("end/leaves", 7), "the count of leaves is not"),
]  # fmt: skip

ACCEPTED = [
    ("a line that is bent thrice", "one-hidden", unchanged),
    ("two outputs", "one-hidden, two outputs", unchanged),
    ("a maximum", "one-hidden, in the plane", unchanged),
    ("on a bounded domain", "one-hidden, bounded", unchanged),
    ("no hidden layer", "one-hidden, affine", unchanged),
    ("another domain", "one-hidden, bounded", put("header/domain/0/0", "1")),
    ("another witness", "one-hidden", put("leaf 0/witness/0", "1999/1000")),
]

INCOMPLETE = [
    ("an open cell", "one-hidden, left open", unchanged, "1 cell is left open"),
    ("networks that differ where nothing is explored", "one-hidden, left open", each(
        put(f"{SECOND}/layers/1/bias/0", "0"), put("leaf 0", OPEN), put("end/leaves", 0), put("end/open", 2)
    ), "2 cells are left open"),
]  # fmt: skip

CASES = table("one-hidden", accepted=ACCEPTED, rejected=REJECTED, incomplete=INCOMPLETE)
