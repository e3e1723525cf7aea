"""Cases of the rule ``stable``: neurons that are decided without a split."""

from tests.checker.case import table
from tests.checker.editing import Edit, Records, again, counted, drop, each, insert, put, swap, unchanged
from tests.checker.rules.layer import decided_later

NOTHING = {"record": "stable", "active": [], "inactive": []}
NO_NEURON = "no neuron is undecided"


def exchanged(path: str) -> Edit:
    """Active neurons become inactive and the other way round."""
    return swap(f"{path}/active", f"{path}/inactive")


def split_replaced(records: Records) -> None:
    """The split is replaced by a claim that the neuron is active, and its second child left out."""
    records[3:6] = [{"record": "stable", "active": [[0, []]], "inactive": []}, records[4]]
    records[4].update(units=[{**records[4]["units"][0], "-inf": []}])


REJECTED = [
    ("nothing decided", "modulus", insert("stable 0", NOTHING), "nothing is decided"),
    ("nothing decided, spelled otherwise", "modulus", put("stable 0", {**NOTHING, "active": {}}), "active is not an"),
    ("no neuron undecided", "modulus", insert("leaf 0", NOTHING), NO_NEURON),
    ("a record twice", "modulus", again("stable 0"), NO_NEURON),
    ("a record before any layer", "bend", insert("layer 0", NOTHING), NO_NEURON),
    ("an unknown field", "modulus", put("stable 0/layer", 1), "the field 'layer' is unknown"),
    ("without active", "modulus", drop("stable 0/active"), "the field active is missing"),
    ("without inactive", "modulus", drop("stable 0/inactive"), "the field inactive is missing"),
    ("a record left out", "modulus", drop("stable 0"), "neurons are undecided at a leaf"),
    ("records exchanged", "modulus", swap("stable 0", "stable 1"), "do not reproduce the linear part"),
    ("inactive for active", "modulus", exchanged("stable 1"), "do not reproduce the linear part"),
    ("active for inactive", "modulus", exchanged("stable 0"), "do not reproduce the linear part"),
    ("inactive for active in a layer", "bent twice*", exchanged("layer 0"), "do not reproduce the linear part"),
    ("active for inactive without a reason", "shut", each(
        put("layer 0/inactive", []), insert("layer 0/active/2", [2, []])
    ), "the reason of active neuron 2 does not bound it below by 0"),
    ("inactive for active without a reason", "shut", each(
        put("layer 0/inactive/0", [1, []]), put("layer 0/active/1", [2, []])
    ), "the reason of active neuron 2 does not bound it below by 0"),
    ("inactive a positive constant", "shut", each(
        drop("layer 0/active/1"), insert("layer 0/inactive/0", [1, []])
    ), "the reason of inactive neuron 1 does not bound it above by 0"),
    ("a split replaced by a claim", "bend", counted(split_replaced), "do not reproduce the linear part"),
    ("a neuron both active and inactive", "shut", insert("layer 0/inactive/0", [1, []]), "does not bound it above"),
    ("a zero neuron both active and inactive", "shut", each(
        put("network/layers/0/bias/2", "0"), insert("layer 0/active/2", [2, []])
    ), "a neuron is decided twice"),
    ("a neuron decided again", "modulus", insert("stable 0/inactive/0", [0, []]), "neuron 0 is decided already"),
    ("a neuron decided again, and its form added again", "modulus", each(
        put("stable 0/active", [[0, [[0, "1"]]]]), put("leaf 0/map/0/1", "2")
    ), "neuron 0 is decided already"),
    ("a neuron active twice", "bent twice*", again("layer 0/active/0"), "active is not increasing"),
    ("neurons in another order", "shut", swap("layer 0/active/0", "layer 0/active/1"), "active is not increasing"),
    ("a neuron of no layer", "modulus", put("stable 0/inactive/0/0", 2), "names 2, expected numbers below 2"),
    ("another neuron", "modulus", put("stable 0/inactive/0/0", 0), "neuron 0 is decided already"),
    ("a negative neuron", "modulus", put("stable 0/inactive/0/0", -1), "is -1, not a natural number"),
    ("a neuron true", "modulus", put("stable 0/inactive/0/0", True), "is True, not a natural number"),
    ("a neuron as a text", "modulus", put("stable 0/inactive/0/0", "1"), "is '1', not a natural number"),
    ("an entry that is no pair", "modulus", drop("stable 0/inactive/0/1"), "has 1 entries, expected 2"),
    ("an entry of three", "modulus", again("stable 0/inactive/0/1"), "has 3 entries, expected 2"),
    ("an entry that is no array", "modulus", put("stable 0/inactive/0", 1), "is not an array"),
    ("active null", "modulus", put("stable 0/active", None), "active is not an array"),
]  # fmt: skip

ACCEPTED = [
    ("a neuron of the layer, decided later", "shut", counted(decided_later)),
    ("a neuron decided on each side of a split", "modulus", unchanged),
    ("a neuron decided before a leaf", "triangle*", unchanged),
    ("a neuron that is identically 0", "shut", put("network/layers/0/bias/2", "0")),
]

CASES = table("stable", accepted=ACCEPTED, rejected=REJECTED)
