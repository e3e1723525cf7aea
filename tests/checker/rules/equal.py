"""Cases of the claim ``equal``: two networks side by side, and one map of both at every leaf."""

from tests.checker.case import table
from tests.checker.editing import (
    EndSealed,
    Records,
    Unsealed,
    again,
    copy,
    counted,
    drop,
    each,
    insert,
    put,
    swap,
    unchanged,
)

MAP = "the affine map of output"
UNDECIDED = "neurons are undecided at a leaf"
ZEROS = "0" * 64
SECOND = "record 2"
OPEN = {"record": "open"}
TINY = 10**30


def apart(records: Records) -> None:
    """In "equal" each leaf has the map of the second network, whose last weight is another."""
    records[2]["layers"][2]["weight"][0][0] = "1"
    put("leaf 0/map", [["0", "2"]])(records)


def apart_by_a_constant(records: Records) -> None:
    """In "equal, without hidden layers" the map is the first network's; the second has another bias."""
    records[2]["layers"][0]["bias"][1] = f"-{2 * TINY + 1}/{3 * TINY + 1}"


def without_the_second(records: Records) -> None:
    """In "equal" the second network's layers are not entered at all."""
    records[3:-1] = [records[3], records[4], records[7], records[10]]


def numbered_anew(records: Records) -> None:
    """In "equal" the second network's layers are numbered from 1."""
    for record in records[5:-1]:
        if record["record"] == "layer":
            record["layer"] -= 1


def as_one_network(records: Records) -> None:
    """In "equal" the second network reads on where the first one's hidden layers end."""
    records[2]["layers"][0]["reads"] = [1]


def second_first(records: Records) -> None:
    """In "equal, maxima" the hidden layers of both change places."""
    for record in records[3:-1]:
        if record["record"] == "layer":
            record["layer"] = 3 - record["layer"]


REJECTED = [
    # The header and the networks.
    ("without the hash of the second", "equal", drop("header/other_network_sha256"), "other_network_sha256 is missing"),
    ("another hash of the second", "equal", Unsealed(put("header/other_network_sha256", ZEROS)),
     "the header's other_network_sha256 is another"),
    ("another hash of the second, the end sealed", "equal", EndSealed(put("header/other_network_sha256", ZEROS)),
     "the header's other_network_sha256 is another"),
    ("another hash of the first, the end sealed", "equal", EndSealed(put("header/network_sha256", ZEROS)),
     "the header's network_sha256 is another"),
    ("hashes exchanged", "equal", EndSealed(swap("header/network_sha256", "header/other_network_sha256")),
     "the header's network_sha256 is another"),
    ("the first hash twice", "equal", EndSealed(copy("header/network_sha256", "header/other_network_sha256")),
     "the header's other_network_sha256 is another"),
    ("a hash of null", "equal", EndSealed(put("header/other_network_sha256", None)), "other_network_sha256 is another"),
    ("with a boundary", "equal", put("header/boundary", "exact"), "the field 'boundary' is unknown"),
    ("with bounds", "equal", put("header/bounds", [{"low": "0", "output": 0}]), "the field 'bounds' is unknown"),
    ("claimed as a count", "equal", put("header/claim", "regions"), "the field 'other_network_sha256' is unknown"),
    ("no second network", "equal", drop(SECOND), "line 3 (layer): expected the network record"),
    ("no network at all", "equal", each(drop("network"), drop("network")), "line 2 (layer): expected the network"),
    ("a third network", "equal", again(SECOND), "record 'network' is no node of the tree"),
    ("the second network after a layer", "equal", swap(SECOND, "record 3"), "line 3 (layer): expected the network"),
    ("networks exchanged", "equal", swap("record 1", SECOND), "the multipliers"),
    ("networks exchanged, two layers", "equal, with skips", swap("record 1", SECOND), "the multipliers"),
    ("the first network twice", "equal", copy("record 1", SECOND), "there is no further hidden layer"),
    ("a second network of other outputs", "equal", put(f"{SECOND}/layers/2", {
        "bias": ["0", "0"], "weight": [["1/2"], ["1/2"]]
    }), "the last layer has 2 neurons, expected 1 outputs"),
    ("a first network of other outputs", "equal", put("network/layers/1", {
        "bias": ["0", "0"], "weight": [["1"], ["1"]]
    }), "the last layer has 2 neurons, expected 1 outputs"),
    ("a second network of other inputs", "equal", put(f"{SECOND}/layers/0/weight/0", ["1", "0"]),
     "a weight row of layer 1 has 2 entries, expected 1"),
    ("a second network without layers", "equal", put(f"{SECOND}/layers", []), "there is no layer"),
    ("a second network that reads the first", "equal", as_one_network, "names 1, expected numbers below 1"),
    ("a second network with a field", "equal", put(f"{SECOND}/of", "g"), "the field 'of' is unknown"),
    ("a second network that reads its own sources otherwise", "equal, maxima", put(f"{SECOND}/layers/1/reads", [0, 2]),
     "names 2, expected numbers below 2"),
    ("a second network that reads too few", "equal, maxima", drop(f"{SECOND}/layers/1/reads"),
     "a weight row of layer 2 has 3 entries, expected 1"),
    # Networks that differ.
    ("networks that differ, the second's map", "equal", apart, f"{MAP} 0"),
    ("networks that differ, the first's map", "equal", put(f"{SECOND}/layers/2/weight/0/0", "1"), f"{MAP} 0"),
    ("networks that differ by a little", "equal, without hidden layers", apart_by_a_constant, f"{MAP} 1"),
    ("networks that differ in the second output", "equal, with skips", put(f"{SECOND}/layers/2/weight/1/3", "-1/2"),
     f"{MAP} 1"),
    ("networks that differ in a skip", "equal, maxima", put(f"{SECOND}/layers/1/weight/0/1", "1"), f"{MAP} 0"),
    ("networks that differ on one side alone", "equal, maxima", put(f"{SECOND}/layers/1/weight/0/2", "2"), f"{MAP} 0"),
    ("another map than that of both", "equal", put("leaf 0/map/0/1", f"{TINY + 1}/{TINY}"), f"{MAP} 0"),
    ("a map for each network", "equal", again("leaf 0/map/0"), "map has 2 entries, expected 1"),
    ("maps of outputs exchanged", "equal, with skips", swap("leaf 0/map/0", "leaf 0/map/1"), f"{MAP} 0"),
    ("maps of leaves exchanged", "equal", swap("leaf 0/map", "leaf 1/map"), f"{MAP} 0"),
    ("a map left out", "equal", drop("leaf 0/map"), "the field map is missing"),
    ("a map of null", "equal", put("leaf 0/map", None), "map is not an array"),
    ("an output without a map", "equal, with skips", drop("leaf 0/map/1"), "map has 1 entries, expected 2"),
    # The walk through both.
    ("a leaf before the second network", "equal", counted(without_the_second), UNDECIDED),
    ("a leaf before the second network's last hidden layer", "equal", counted(drop("layer 2")), UNDECIDED),
    ("layers numbered from 1 again", "equal", numbered_anew, "expected layer 2"),
    ("the first network's output entered as a layer", "equal", each(
        again("layer 2"), put("layer 3/layer", 4)
    ), "there is no further hidden layer"),
    ("the second network's layers first", "equal, maxima", second_first, "expected layer 1"),
    ("layers of both exchanged", "equal", swap("layer 1", "layer 2"), "expected layer 2"),
    ("a neuron of the second network taken for active", "equal", each(
        put("layer 3/active", [[0, [[0, "1"]]]]), put("layer 3/inactive", [])
    ), "the multipliers"),
    ("both networks open, and one leaf", "equal", counted(put("leaf 1", OPEN), apart), f"{MAP} 0"),
    # What another claim says.
    ("a leaf with units", "equal", put("leaf 0/units", []), "the field 'units' is unknown"),
    ("a leaf with a map of the other", "equal", put("leaf 0/other_map", [["0", "1"]]), "'other_map' is unknown"),
    ("a leaf with bounds", "equal", put("leaf 0/bounds", []), "the field 'bounds' is unknown"),
    ("a leaf without its witness", "equal", drop("leaf 0/witness"), "the field witness is missing"),
    ("a witness between two cells", "equal", put("leaf 0/witness/0", "0"), "not strictly inside constraint 0"),
    ("a split with a mark", "equal", put("split 0/strict", "-"), "the field 'strict' is unknown"),
    ("a redundant constraint", "equal, with skips", insert(
        "leaf 1", {"record": "redundant", "constraints": [[4, [[5, "1"]]]]}
    ), "record 'redundant' is no node of the tree"),
    ("with a count of units", "equal", put("end/units", {"layer1": 4, "layer2": 4}), "the field 'units' is unknown"),
    ("another count of regions", "equal", put("end/activation_regions", 3), "of activation_regions is not 2"),
    ("a leaf left out", "equal", counted(drop("leaf 1")), "record 'end' is no node of the tree"),
]  # fmt: skip

ACCEPTED = [
    ("of other depths", "equal", unchanged),
    ("with skips and two outputs", "equal, with skips", unchanged),
    ("which read the input again", "equal, maxima", unchanged),
    ("without hidden layers", "equal, without hidden layers", unchanged),
    ("one without hidden layers", "equal, one without hidden layers", unchanged),
    ("another domain", "equal, with skips", put("header/domain/0/0", "9")),
    ("another witness", "equal", put("leaf 0/witness/0", "1/1000000")),
]

INCOMPLETE = [
    ("an open cell", "equal, left open", unchanged, "1 cell is left open"),
    ("networks that differ where nothing is explored", "equal", counted(apart, put("leaf 0", OPEN)), "1 cell is left"),
]

CASES = table("equal", accepted=ACCEPTED, rejected=REJECTED, incomplete=INCOMPLETE)
