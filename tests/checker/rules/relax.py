"""Cases of the nodes of a property that go on: ``relax``, ``halve`` and ``sign``."""

from tests.checker.case import table
from tests.checker.editing import Edit, again, counted, drop, each, insert, put, swap, unchanged
from tests.checker.property_bases import OPEN, changed_nodes, halve, refuted, relax, sign

WIDE = 1 << 14
"""Inputs and neurons; so many nodes, and no more than 2^23 / WIDE, may wait."""


def waiting(nodes: int) -> Edit:
    """As many nodes wait, of a wide network, until all are left open."""
    hidden = {"weight": [["1"]] * (WIDE - 1), "bias": ["0"] * (WIDE - 1)}
    layers = [hidden, {"weight": [["0"] * (WIDE - 1)], "bias": ["0"]}]
    cuts = [halve(0, str(-at)) for at in range(nodes - 1)]
    return each(put("network/layers", layers), put("header/domain", []), changed_nodes(*cuts, *[OPEN] * nodes))


WORDS = "relax 0/words"
AGAIN = "a node is relaxed twice"
SURE = "no bound shows that it is so"

RELAX_REJECTED = [
    ("words that are no array", "property", put(WORDS, "bb"), "words is not an array"),
    ("words of too few layers", "property, deep", drop(f"{WORDS}/0"), "words has 2 entries, expected 3"),
    ("words of too many layers", "property", again(f"{WORDS}/0"), "words has 2 entries, expected 1"),
    ("no word", "property", put(WORDS, [""]), "nothing is relaxed"),
    ("a word of one letter", "property", put(f"{WORDS}/0", "b"), "the word of layer 1 has not 2 letters"),
    ("a word of three letters", "property", put(f"{WORDS}/0", "bbu"), "the word of layer 1 has not 2 letters"),
    ("a word that is an array", "property", put(f"{WORDS}/0", ["b", "b"]), "the word of layer 1 has not 2 letters"),
    ("a word of another letter", "property", put(f"{WORDS}/0", "bB"), "a letter that is none of a, b, i, u"),
    ("a word that says nothing", "property, deep", put(f"{WORDS}/1", "uu"), 'which says nothing, is spelled ""'),
    ("the only word says nothing", "property", put(f"{WORDS}/0", "uu"), 'which says nothing, is spelled ""'),
    ("the same record again", "property", again("relax 0"), AGAIN),
    ("another one right below", "property", insert("sign 0", relax("ub")), AGAIN),
    ("a neuron that is stable already, active", "property, deep", put("relax 1/words/0", "aub"),
     "layer 1, neuron 0 is stable"),
    ("a neuron that is stable already, both", "property, deep", put("relax 1/words/0", "bub"),
     "layer 1, neuron 0 is stable"),
    ("a neuron that is not active", "property, words", put(f"{WORDS}/0", "aa"), f"layer 1, neuron 1: {SURE} (a)"),
    ("a neuron that is not inactive", "property, words", put(f"{WORDS}/0", "ii"), f"layer 1, neuron 0: {SURE} (i)"),
    ("active on one side of the cut alone", "property, words after a cut", put(f"{WORDS}/0", "ab"), f"{SURE} (a)"),
    ("inactive before the box is cut", "property, words after a cut", changed_nodes(relax("ai"), refuted(([1], {}))),
     SURE),
    ("active where no side is finite", "property, unbounded", changed_nodes(relax("ab"), OPEN), SURE),
    ("a record with a field", "property", put("relax 0/layer", 1), "the field 'layer' is unknown"),
    ("without words", "property", drop(WORDS), "the field words is missing"),
    ("a neuron left as it was", "property", put(f"{WORDS}/0", "bu"), "is not refuted: the bound is none"),
    ("a neuron of a later layer with the old state", "property, steep", put("relax 1/words", ["", "i"]),
     f"layer 2, neuron 0: {SURE}"),
    ("no hidden layer", "property, without hidden layers", changed_nodes(relax(), OPEN), "nothing is relaxed"),
    ("a record of another claim", "bounded", insert("leaf 0", relax("b")), "record 'relax' is no node of the tree"),
    ("a layer of another claim", "property", insert("sign 0", {"record": "layer"}), "record 'layer' is no node"),
]  # fmt: skip
RELAX_ACCEPTED = [
    ("both sides of all neurons", "property", unchanged),
    ("of three layers, twice", "property, deep", unchanged),
    ("active and inactive", "property, words", unchanged),
    ("both, where one is known", "property, words", put(f"{WORDS}/0", "bb")),
    ("both on both sides of a cut", "property, words after a cut", put("relax 1/words/0", "bb")),
    ("again below a cut", "property, words after a cut", unchanged),
    ("a second layer", "property, steep", unchanged),
    ("inactive, then both of the layer above", "property, steep", put("relax 1/words", ["bb", "b"])),
    ("without a side of the box", "property, a half line", unchanged),
    ("where one side is not bounded", "property, a half line", put(f"{WORDS}/0", "b")),
    (
        "nothing known of a neuron without bounds",
        "property, unbounded",
        changed_nodes(
            relax("bb"), sign(1, 0), refuted(([1], {"betas": [[1, 0, "64"]]}), ([1], {})), refuted(([1], {}), ([1], {}))
        ),
    ),
]

AT, INPUT = "halve 0/at", "halve 0/input"
HALVE_REJECTED = [
    ("at the high side", "property, words after a cut", put(AT, "2"),
     "'2' is not strictly between the sides of input 0"),
    ("at the low side", "property, words after a cut", put(AT, "-1"), "not strictly between the sides of input 0"),
    ("beyond", "property, words after a cut", put(AT, "3"), "not strictly between the sides of input 0"),
    ("below", "property, words after a cut", put(AT, "-3"), "not strictly between the sides of input 0"),
    ("too fine", "property, words after a cut", put(AT, "1/4"), "'1/4' is no multiple of 1/2^X"),
    ("at a third", "property, words after a cut", put(AT, "1/3"), "'1/3' is no multiple of 1/2^X"),
    ("at a bare number", "property, words after a cut", put(AT, 0), "0 is not a canonical rational"),
    ("an input that is not there", "property", put(INPUT, 2), "there is no input 2"),
    ("an input below 0", "property", put(INPUT, -1), "input is -1, not a natural number"),
    ("an input that is true", "property", put(INPUT, True), "input is True, not a natural number"),
    ("children exchanged", "property", swap("refuted 1", "empty 0"), "the cell is not shown to be empty: the bound is"),
    ("one child", "property", counted(drop("empty 0")), "record 'end' is no node of the tree"),
    ("three children", "property", counted(again("empty 0")), "expected the end record"),
    ("the place left out", "property", drop(AT), "the field at is missing"),
    ("a field", "property", put("halve 0/strict", "+"), "the field 'strict' is unknown"),
    ("again at the same place, below", "property, words after a cut", insert("relax 0", halve(0, "1/2")),
     "not strictly"),
    ("again at the same place, above", "property, words after a cut", insert("relax 1", halve(0, "1/2")),
     "not strictly"),
    ("another input", "property", put(INPUT, 0), "the cell is not shown to be empty"),
    ("one side of it alone", "property, words after a cut", swap("relax 0", "relax 1"), "no bound shows that it is so"),
]  # fmt: skip
HALVE_ACCEPTED = [
    ("a side that a reason has", "property", unchanged),
    ("before all else", "property, words after a cut", unchanged),
    ("at 1", "property, words after a cut", put(AT, "1")),
    (
        "a line",
        "property, unbounded",
        changed_nodes(halve(0, "-3"), refuted(([1], {}), ([1], {})), refuted(([1], {}), ([1], {}))),
    ),
    ("without hidden layers", "property, without hidden layers", unchanged),
]

LAYER, NEURON = "sign 0/layer", "sign 0/neuron"
SIGN_REJECTED = [
    ("layer 0", "property", put(LAYER, 0), "there is no hidden layer 0"),
    ("the last layer", "property", put(LAYER, 2), "there is no hidden layer 2"),
    ("a layer that is true", "property", put(LAYER, True), "layer is True, not a natural number"),
    ("a neuron that is not there", "property", put(NEURON, 2), "layer 1 has no unstable neuron 2 here"),
    ("a neuron below 0", "property", put(NEURON, -1), "neuron is -1, not a natural number"),
    ("a neuron that is active", "property, words", changed_nodes(relax("ai"), sign(1, 0), OPEN, OPEN),
     "no unstable neuron 0"),
    ("a neuron that is inactive", "property, words", changed_nodes(relax("ai"), sign(1, 1), OPEN, OPEN),
     "no unstable neuron 1"),
    ("twice", "property", insert("refuted 0", sign(1, 0)), "layer 1 has no unstable neuron 0 here"),
    ("twice, in the second child", "property", insert("halve 0", sign(1, 0)), "layer 1 has no unstable neuron 0 here"),
    ("another neuron", "property", put(NEURON, 1), "conjunction 0 is not refuted: the bound is -2"),
    ("a layer left out", "property", drop(LAYER), "the field layer is missing"),
    ("a neuron left out", "property", drop(NEURON), "the field neuron is missing"),
    ("a field", "property", put("sign 0/sign", "+"), "the field 'sign' is unknown"),
    ("one child", "property, two networks", counted(drop("refuted 2")), "record 'end' is no node of the tree"),
    ("children exchanged", "property", swap("refuted 0", "refuted 1"), "conjunction 0 is not refuted"),
    ("no hidden layer", "property, without hidden layers", changed_nodes(sign(1, 0), OPEN, OPEN), "no hidden layer 1"),
    ("a layer of the second network by its own number", "property, two networks", put(LAYER, 1),
     "no unstable neuron 0"),
]  # fmt: skip
SIGN_ACCEPTED = [
    ("below relax", "property", unchanged),
    ("of the second network", "property, two networks", unchanged),
    ("of the third layer", "property, deep", unchanged),
    (
        "two of a layer, both named where both are inactive",
        "property, unbounded",
        changed_nodes(
            sign(1, 1),
            refuted(([1], {"betas": [[1, 1, "64"]]}), ([1], {})),
            sign(1, 0),
            refuted(([1], {"betas": [[1, 0, "64"]]}), ([1], {})),
            refuted(([1], {"betas": [[1, 0, "64"], [1, 1, "64"]]}), ([1], {})),
        ),
    ),
    ("kept below relax", "property, deep", put("relax 2/words/0", "ubb")),
    (
        "before anything is known",
        "property, unbounded",
        changed_nodes(
            sign(1, 1),
            refuted(([1], {"betas": [[1, 1, "64"]]}), ([1], {})),
            sign(1, 0),
            refuted(([1], {"betas": [[1, 0, "64"]]}), ([1], {})),
            refuted(([1], {}), ([1], {})),
        ),
    ),
]

OPEN_REJECTED = [
    ("with a field", "property, left open", put("open 0/why", ""), "the field 'why' is unknown"),
    ("counted as none", "property, left open", put("end/open", 0), "the count of open is not 1"),
    ("counted as a leaf", "property, left open", put("end/leaves", 2), "the count of leaves is not 1"),
    ("a leaf more", "property", put("end/leaves", 4), "the count of leaves is not 3"),
    ("a count of regions", "property", put("end/activation_regions", 3), "the field 'activation_regions' is unknown"),
    ("beside one that is wrong", "property, left open", put("refuted 0/disjuncts/0/w/0", "0"),
     "is not refuted: the bound is 0"),
]  # fmt: skip
OPEN_CELLS = [
    ("one child", "property, left open", unchanged, "1 cell is left open"),
    ("the root", "property", changed_nodes(OPEN), "1 cell is left open"),
    ("both children", "property", each(changed_nodes(halve(1, "0"), OPEN, OPEN)), "2 cells are left open"),
]

TOO_MANY = [
    (
        "too many nodes wait",
        "property, words",
        waiting((1 << 23) // WIDE + 1),
        "line 514 (halve): too many nodes wait",
    ),
]

CASES = [
    *table("relax", accepted=RELAX_ACCEPTED, rejected=RELAX_REJECTED),
    *table("halve", accepted=HALVE_ACCEPTED, rejected=HALVE_REJECTED, generated=TOO_MANY),
    *table("sign", accepted=SIGN_ACCEPTED, rejected=SIGN_REJECTED),
    *table("open-property", rejected=OPEN_REJECTED, incomplete=OPEN_CELLS),
]
