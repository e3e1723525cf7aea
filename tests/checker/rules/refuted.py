"""Cases of the leaves of a property, ``refuted`` and ``empty``, and of the bounds taken there, to the last bit."""

from typing import Any

from tests.checker.case import table
from tests.checker.editing import Edit, again, counted, drop, each, put, swap, unchanged
from tests.checker.property_bases import OPEN, changed_nodes, halve, refuted, relax, sign

FIRST, SECOND = "refuted 0/disjuncts/0", "refuted 0/disjuncts/1"
NAMED = "refuted 1/disjuncts/1"
LONG_SUM = [
    {"weight": [[str((1 << 30) - 1)]] * 4, "bias": ["0"] * 4},
    {"weight": [[str((1 << 27) - 1)] * 4], "bias": ["0"]},
]
"""With P = 6 each product has 63 bits, and their sum 65."""
BOUND = "conjunction 0 is not refuted: the bound is"
NOT_EMPTY = "the cell is not shown to be empty: the bound is"

REJECTED = [
    ("a conjunction left out", "property", drop(SECOND), "disjuncts has 1 entries, expected 2"),
    ("a conjunction twice", "property", again(SECOND), "disjuncts has 3 entries, expected 2"),
    ("conjunctions that are an object", "property", put("refuted 0/disjuncts", {}), "disjuncts is not an array"),
    ("conjunctions exchanged", "property", swap(FIRST, SECOND), f"{BOUND} -4"),
    ("a conjunction that is an array", "property", put(FIRST, ["1"]), "['1'] is not an object"),
    ("a conjunction that is null", "property", put(FIRST, None), "None is not an object"),
    ("without weights", "property", drop(f"{FIRST}/w"), "the field w is missing"),
    ("with a field", "property", put(f"{FIRST}/gammas", []), "the field 'gammas' is unknown"),
    ("a record without conjunctions", "property", drop("refuted 0/disjuncts"), "the field disjuncts is missing"),
    ("a weight less", "property, deep", drop(f"{FIRST}/w/0"), "w has 1 entries, expected 2"),
    ("a weight more", "property", again(f"{FIRST}/w/0"), "w has 2 entries, expected 1"),
    ("a weight below 0", "property", put(f"{FIRST}/w/0", "-1"), "a weight is '-1', not a natural number"),
    ("a weight of a half", "property", put(f"{FIRST}/w/0", "1/2"), "a weight is '1/2', not a natural number"),
    ("a weight that is a number", "property", put(f"{FIRST}/w/0", 1), "1 is not a canonical rational"),
    ("a weight of too many digits", "property", put(f"{FIRST}/w/0", "1" * 4001), "more than 4000 digits"),
    ("all weights 0", "property, of rows that add up", put(f"{FIRST}/w", ["0", "0", "0"]), f"{BOUND} 0"),
    ("a weight of the wrong row", "property, of rows that add up", put(f"{FIRST}/w", ["0", "1", "0"]),
     f"{BOUND} -13/4"),
    ("a weight of the wrong strict row", "property, of rows that add up", put(f"{FIRST}/w", ["0", "0", "1"]),
     f"{BOUND} -1/2"),
    ("the strict row of another conjunction", "property", each(
        put("header/unsafe/0/strict", [0]), put("header/unsafe/1/strict", [])),
     "conjunction 1 is not refuted: the bound is 0"),
    ("a bound of 0 and weight 0 of the strict row", "property, two networks", put(f"{FIRST}/w/0", "0"), f"{BOUND} 0"),
    ("no bound at all", "property", each(changed_nodes(refuted(([1], {}), ([1], {})))), f"{BOUND} none"),
    ("an infinite side", "property, unbounded", put("header/unsafe/0/rows/0/1", "1/7"), f"{BOUND} none"),
    ("a leaf too early", "property", changed_nodes(relax("bb"), refuted(([1], {}), ([1], {}))), f"{BOUND} 0"),
    ("beside a leaf that is left out", "property", counted(drop("refuted 1")), "line 7 (empty)"),
    # Multipliers.
    ("slopes that are a text", "property", put(f"{NAMED}/alphas", ".="), "alphas is not an array"),
    ("slopes of too many layers", "property", again(f"{NAMED}/alphas/0"), "alphas has 2 entries, expected 1"),
    ("slopes of too few layers", "property, deep", drop(f"{SECOND}/alphas/0"), "alphas has 2 entries, expected 3"),
    ("slopes of too few neurons", "property", put(f"{NAMED}/alphas/0", "="), "the alphas of layer 1 are not 2 known"),
    ("slopes of too many neurons", "property", put(f"{NAMED}/alphas/0", ".=."), "alphas of layer 1 are not 2 known"),
    ("a slope of another letter", "property", put(f"{NAMED}/alphas/0", ".-"), "alphas of layer 1 are not 2 known"),
    ("slopes that are an array", "property", put(f"{NAMED}/alphas/0", [".", "="]), "alphas of layer 1 are not 2 known"),
    ("no slope of a layer, spelled out", "property", put(f"{NAMED}/alphas/0", ".."), 'left out are spelled ""'),
    ("no slope of one of three layers, spelled out", "property, deep", put(f"{SECOND}/alphas/0", "..."),
     'alphas of layer 1 that are all left out are spelled ""'),
    ("no slope at all", "property", put(f"{NAMED}/alphas/0", ""), "alphas that are all left out have no member"),
    ("an empty array of slopes", "property, without hidden layers", put(f"{FIRST}/alphas", []),
     "that is empty is left out"),
    ("an empty array of signs", "property", put(f"{FIRST}/betas", []), "that is empty is left out"),
    ("an empty array of rows", "property", put(f"{SECOND}/lambdas", []), "that is empty is left out"),
    ("signs that are an object", "property", put(f"{SECOND}/betas", {}), "betas is not an array"),
    ("rows that are an object", "property", put(f"{FIRST}/lambdas", {}), "lambdas is not an array"),
    ("a sign of two entries", "property", drop(f"{SECOND}/betas/0/1"), "an entry of betas has 2 entries, expected 3"),
    ("a sign that is not assumed", "property", put(f"{SECOND}/betas/0/1", 1),
     "no sign of layer 1, neuron 1 is assumed here"),
    ("a sign that relax has found", "property, words", put(f"{FIRST}/betas", [[1, 0, "1"]]),
     "no sign of layer 1, neuron 0"),
    ("a sign that is assumed below alone", "property", each(
        changed_nodes(relax("bb"), halve(1, "1"), refuted(([1], {}), ([1], {"betas": [[1, 0, "1"]]})), OPEN)),
     f"{BOUND} 0"),
    ("a sign of the layer below", "property, deep", put("refuted 2/disjuncts/1/betas/0", [3, 0, "1"]),
     "no sign of layer 3"),
    ("a sign twice", "property", again(f"{SECOND}/betas/0"), "betas do not increase"),
    ("signs exchanged", "property, deep", swap("refuted 2/disjuncts/1/betas/0", "refuted 2/disjuncts/1/betas/1"),
     "betas do not"),
    ("a layer that is a text", "property", put(f"{SECOND}/betas/0/0", "1"), "a layer of betas is '1'"),
    ("a neuron that is a text", "property", put(f"{SECOND}/betas/0/1", "0"), "a neuron of betas is '0'"),
    ("a neuron that is false", "property", put(f"{SECOND}/betas/0/1", False), "a neuron of betas is False"),
    ("a sign multiplied by 0", "property", put(f"{SECOND}/betas/0/2", "0"), "a beta is 0, and is left out"),
    ("a sign multiplied by less than 0", "property", put(f"{SECOND}/betas/0/2", "-128"),
     "a beta is '-128', not a natural"),
    ("a sign multiplied too little", "property", put(f"{SECOND}/betas/0/2", "64"),
     "conjunction 1 is not refuted: the bound is -2"),
    ("a sign multiplied too much", "property", put(f"{SECOND}/betas/0/2", "192"),
     "conjunction 1 is not refuted: the bound is -2"),
    ("a row of one entry", "property", drop(f"{FIRST}/lambdas/0/1"), "an entry of lambdas has 1 entries, expected 2"),
    ("a row that is not there", "property", put(f"{FIRST}/lambdas/1/0", 3), "lambdas do not increase, or name no row"),
    ("a row twice", "property", again(f"{FIRST}/lambdas/0"), "lambdas do not increase, or name no row"),
    ("rows exchanged", "property", swap(f"{FIRST}/lambdas/0", f"{FIRST}/lambdas/1"), "lambdas do not increase"),
    ("a row that is a text", "property", put(f"{FIRST}/lambdas/0/0", "1"), "a row of lambdas is '1'"),
    ("a row below 0", "property", put(f"{FIRST}/lambdas/0/0", -1), "a row of lambdas is -1"),
    ("a row multiplied by 0", "property", put(f"{FIRST}/lambdas/0/1", "0"), "a lambda is 0, and is left out"),
    ("a row multiplied by less than 0", "property", put(f"{FIRST}/lambdas/0/1", "-32"),
     "a lambda is '-32', not a natural"),
    ("a row multiplied by a half", "property", put(f"{FIRST}/lambdas/0/1", "1/2"), "a lambda is '1/2', not a natural"),
    ("a row multiplied too much", "property", put(f"{FIRST}/lambdas/0/1", "33"), f"{BOUND} -1"),
    ("no strict row of the domain", "property", each(put("header/strict", [0]), put("header/witness", ["1", "0"])),
     f"{BOUND} 0"),
]  # fmt: skip

ACCEPTED = [
    ("each with another reason", "property", unchanged),
    ("weights of several rows", "property, of rows that add up", unchanged),
    ("weights of other sizes", "property, of rows that add up", put("refuted 1/disjuncts/0/w", ["4", "9", "1"])),
    ("a weight of many digits", "property, words", put(f"{FIRST}/w/0", "7" * 4000)),
    ("slopes of neurons that are stable", "property, words", put(f"{FIRST}/alphas", ["0="])),
    ("a slope that is the default", "property", put(f"{NAMED}/alphas", ["0="])),
    ("three layers, all multipliers", "property, deep", unchanged),
    ("a bound of 0 and a strict row", "property, words", unchanged),
    ("on a slice", "property, on a slice", unchanged),
    (
        "a neuron that is bounded below alone",
        "property, a half line",
        each(
            put("header/domain/0", ["1", "1"]),
            put("header/unsafe/0/rows/0", ["-5", "-2", "1"]),
            put("relax 0/words/0", "b"),
        ),
    ),
    (
        "a sum that is longer than its terms",
        "property, a half line",
        each(
            put("header/domain/0", ["0", "1"]),
            put("network/layers", LONG_SUM),
            put("relax 0/words/0", "aaaa"),
            put("header/unsafe/0/rows/0", ["-5", "0", "-1"]),
        ),
    ),
]

EMPTY_REJECTED = [
    ("without a reason", "property", drop("empty 0/reason"), "the field reason is missing"),
    ("a reason that is an array", "property", put("empty 0/reason", []), "[] is not an object"),
    ("a reason that is null", "property", put("empty 0/reason", None), "None is not an object"),
    ("a reason with weights", "property", put("empty 0/reason/w", ["1"]), "the field 'w' is unknown"),
    ("a field", "property", put("empty 0/disjuncts", []), "the field 'disjuncts' is unknown"),
    ("no multiplier", "property", put("empty 0/reason", {}), f"{NOT_EMPTY} 0"),
    ("a cell with points", "property", put("refuted 0", {"record": "empty", "reason": {"betas": [[1, 0, "64"]]}}),
     f"{NOT_EMPTY} -2"),
    ("one point", "property, nothing assumed of D", put("header/domain/0/0", "0"), f"{NOT_EMPTY} 0"),
    ("as a member of conjunctions", "property", put("empty 0", {
        "record": "refuted", "empty": {"betas": [[1, 0, "64"]]}}), "the field disjuncts is missing"),
    ("not counted as a leaf", "property", put("end/leaves", 2), "the count of leaves is not 3"),
    ("an empty array", "property", put("empty 0/reason/betas", []), "that is empty is left out"),
]  # fmt: skip
EMPTY_ACCEPTED = [
    ("by a sign", "property", unchanged),
    ("of a domain, with one row alone", "property, nothing assumed of D", drop("empty 0/reason/lambdas/0")),
    ("of a domain", "property, nothing assumed of D", unchanged),
    ("of a domain that is one point, and strict", "property, nothing assumed of D", each(
        put("header/domain/0/0", "0"), put("header/strict", [1]))),
    ("a conjunction refuted in place of it", "property, nothing assumed of D", put("empty 0", {
        "record": "refuted", "disjuncts": [{"w": [], "lambdas": [[0, "64"], [1, "64"]]}]})),
]  # fmt: skip


# ------------------------------------------------------------------------------- Bounds, to the last bit


def asks(leaf: Any, *, base: int = 0) -> Edit:
    """The first leaf with these reasons, whose bounds are told because the unsafe set is greater."""
    return each(put(f"refuted {base}/disjuncts/0", leaf), put("header/unsafe/0/rows/0/0", "40"))


DEEP = "property, deep"
SLOPES = ("", "z.7", "=0", "5+", "zz")
LEAVES = [
    ("weights alone", {"w": ["5", "0"]}),
    ("both weights", {"w": ["5", "3"]}),
    ("a slope below", {"w": ["5", "3"], "alphas": ["5..", "", ""]}),
    ("slopes of all layers", {"w": ["5", "3"], "alphas": ["zB7", "=0", "+5"]}),
    ("slopes of 1", {"w": ["5", "1"], "alphas": ["===", "==", "=="]}),
    ("slopes of 0", {"w": ["5", "1"], "alphas": ["000", "00", "00"]}),
    ("a row of the domain", {"w": ["5", "3"], "lambdas": [[2, "77"]]}),
    ("all rows of the domain", {"w": ["5", "3"], "lambdas": [[i, str(7 * i + 3)] for i in range(5)]}),
    ("a row of the domain many times", {"w": ["5", "3"], "lambdas": [[3, "12345678901234567"]]}),
]
SIGNED = [
    ("a sign", {"w": ["5", "3"], "betas": [[1, 0, "57"]]}),
    (
        "a sign and all else",
        {"w": ["5", "3"], "alphas": ["zB7", "=0", "+5"], "betas": [[1, 0, "57"]], "lambdas": [[4, "9"]]},
    ),
    ("a sign many times", {"w": ["5", "3"], "betas": [[1, 0, "1234567890123"]]}),
]
SIGNED_TWICE = [
    ("two signs", {"w": ["5", "3"], "betas": [[1, 0, "57"], [3, 1, "200"]]}),
    ("two signs, the lower one", {"w": ["5", "3"], "betas": [[1, 0, "57"]]}),
    ("two signs, the upper one", {"w": ["5", "3"], "betas": [[3, 1, "57"]]}),
    ("two signs and slopes", {"w": ["5", "3"], "alphas": ["zB7", "=0", "+5"], "betas": [[3, 1, "57"]]}),
]
NOT_MONOTONE = changed_nodes(
    relax("bbb", "bb", "bb"), sign(1, 1), relax("", "bb", "bb"), refuted(([40, 1], {}), ([40], {})), OPEN
)
"""Below the sign some bounds of the second record are worse than those of the first."""
LOW = [
    ("bounds that are worse the second time", DEEP, each(NOT_MONOTONE, put("header/unsafe/0/rows/0/0", "40")), BOUND),
    *((f"leaf {number}, {name}", DEEP, asks(leaf, base=number), BOUND)
      for number in (0, 1, 2, 3) for name, leaf in (*LEAVES, *SIGNED, *(SIGNED_TWICE if number > 1 else ()))),
    *((f"in all {bits} bits", DEEP, each(asks({"w": ["5", "3"]}), put("header/precision", {"P": 9, "S": bits, "X": 9}),
                                       put("header/sides/0/3/0/1", "517")), BOUND)
      for bits in (0, 1, 9, 40)),
    ("the second network's outputs", "property, two networks", put("header/unsafe/0/rows/0/0", "7/3"), BOUND),
    ("on the slice", "property, on a slice", put("header/unsafe/0/rows/0/0", "7/3"), BOUND),
    ("on the slice, at fine bits", "property, on a slice", each(
        put("header/unsafe/0/rows/0/0", "7/3"), put("header/precision", {"P": 9, "S": 9, "X": 9})), BOUND),
    ("without hidden layers, rounded down", "property, without hidden layers", put("header/unsafe/0/rows/0/0", "7/3"),
     BOUND),
    ("a second layer after relax", "property, steep", put("header/unsafe/0/rows/0/0", "-80"), BOUND),
    ("a factor that is wide", "property, steep", each(
        put("header/unsafe/0/rows/0/0", "-80"), put("refuted 1/disjuncts/0/w/0", "1" + "0" * 25)), BOUND),
]  # fmt: skip
LOW_ACCEPTED = [
    ("three layers", DEEP, unchanged),
    ("a second layer", "property, steep", unchanged),
    ("a weight of many bits", "property, steep", put("refuted 1/disjuncts/0/w/0", "1" + "0" * 3000)),
]

CASES = [
    *table("refuted", accepted=ACCEPTED, rejected=REJECTED),
    *table("empty", accepted=EMPTY_ACCEPTED, rejected=EMPTY_REJECTED),
    *table("low", accepted=LOW_ACCEPTED, rejected=LOW),
]
