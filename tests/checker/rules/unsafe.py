"""Cases of what the header of a property says: strict rows, the unsafe set, precision, a witness; and its sides."""

from math import log10
from typing import Any

from tests.checker.case import table
from tests.checker.editing import Edit, Records, again, drop, each, insert, put, swap, unchanged
from tests.checker.property_bases import changed_nodes, refuted

STRICT, UNSAFE = "header/strict", "header/unsafe"
ROW = f"{UNSAFE}/0/rows/0"
LONG = "1" + "0" * 3999


def precision(**bits: Any) -> Edit:
    return put("header/precision", {"P": 6, "S": 0, "X": 0, **bits})


def pairwise_coprime(records: Records) -> None:
    """Rows whose denominators have a common one that is too long, each of them short enough."""
    bases = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
    rows = [["0", "0", "0", f"1/{base ** int(3900 / log10(base))}"] for base in bases]
    records[0]["unsafe"][0]["rows"] = rows
    records[4]["disjuncts"][0]["w"] = ["0"] * len(rows)


def many_numbers(records: Records) -> None:
    """Bounds and statements of more digits than CPython spells."""
    records[0]["unsafe"][0]["rows"][0] = ["-" + LONG, "0", "0", f"1/{LONG}"]
    records[4]["disjuncts"][0] = {"w": ["1" + "0" * 3000]}
    records[6]["disjuncts"][0] = {"w": ["1"]}


UNSAFE_REJECTED = [
    ("strict rows left out", "property", drop(STRICT), "the field strict is missing"),
    ("strict rows that are no array", "property", put(STRICT, "2"), "strict is not an array"),
    ("a strict row that is not there", "property", put(STRICT, [3]), "strict names 3, expected numbers below 3"),
    ("a strict row twice", "property", put(STRICT, [2, 2]), "strict is not increasing"),
    ("a strict row that is true", "property, words", put(STRICT, [True]), "True, not a natural number"),
    ("another strict row", "property", put(STRICT, [1]), "conjunction 0 is not refuted: the bound is 0"),
    ("the closure of the domain", "property", put(STRICT, []), "conjunction 0 is not refuted: the bound is 0"),
    ("nothing is unsafe", "property", put(UNSAFE, []), "unsafe is empty"),
    ("an unsafe set that is no array", "property", put(UNSAFE, {}), "unsafe is not an array"),
    ("no unsafe set", "property", drop(UNSAFE), "the field unsafe is missing"),
    ("a conjunction that is an array", "property", put(f"{UNSAFE}/0", []), "[] is not an object"),
    ("a conjunction without its strict rows", "property", drop(f"{UNSAFE}/0/strict"), "the field strict is missing"),
    ("a conjunction with a field", "property", put(f"{UNSAFE}/0/or", []), "the field 'or' is unknown"),
    ("rows that are no array", "property", put(f"{UNSAFE}/0/rows", "1"), "rows is not an array"),
    ("a row of one entry less", "property", drop(f"{ROW}/0"), "a row of unsafe has 3 entries, expected 4"),
    ("a row of one entry more", "property", again(f"{ROW}/0"), "a row of unsafe has 5 entries, expected 4"),
    ("a row of one network", "property, two networks", drop(f"{ROW}/0"), "a row of unsafe has 3 entries, expected 4"),
    ("a row with a bare number", "property", put(f"{ROW}/0", -2), "-2 is not a canonical rational"),
    ("a row that is not in lowest terms", "property", put(f"{ROW}/0", "-4/2"), "not in lowest terms"),
    ("a strict row of a conjunction that is not there", "property", put(f"{UNSAFE}/1/strict", [1]), "below 1"),
    ("strict rows of a conjunction that are no array", "property", put(f"{UNSAFE}/1/strict", 0), "not an array"),
    ("a strict row that is not", "property", put(f"{UNSAFE}/1/strict", []),
     "conjunction 1 is not refuted: the bound is"),
    ("conjunctions exchanged", "property", swap(f"{UNSAFE}/0", f"{UNSAFE}/1"), "conjunction 0 is not refuted"),
    ("one more conjunction", "property", again(f"{UNSAFE}/1"), "disjuncts has 2 entries, expected 3"),
    ("a greater unsafe set", "property", put(f"{ROW}/0", "-1"), "conjunction 0 is not refuted: the bound is -1"),
    ("no precision", "property", drop("header/precision"), "the field precision is missing"),
    ("a precision that is a number", "property", put("header/precision", 6), "6 is not an object"),
    ("a precision without S", "property", drop("header/precision/S"), "the field S is missing"),
    ("a precision with Q", "property", precision(Q=1), "the field 'Q' is unknown"),
    ("too few bits of slopes", "property", precision(P=5), "P is 5, not in 6..256"),
    ("too many bits of slopes", "property", precision(P=257), "P is 257, not in 6..256"),
    ("too many bits of coefficients", "property", precision(S=257), "S is 257, not in 0..256"),
    ("too many bits of bounds", "property", precision(X=257), "X is 257, not in 0..256"),
    ("bits below 0", "property", precision(X=-1), "X is -1, not a natural number"),
    ("bits of a text", "property", precision(S="0"), "S is '0', not a natural number"),
    ("finer multipliers", "property", precision(P=7), "the reason of the low side"),
    ("a witness on a strict row", "property", put("header/witness", ["2", "0"]), "does not fulfil row 2 of the domain"),
    ("a witness outside", "property", put("header/witness", ["1", "-2"]), "does not fulfil row 0 of the domain"),
    ("a witness of one number", "property", drop("header/witness/0"), "the witness has 1 entries, expected 2"),
    ("a witness that is a text", "property", put("header/witness", "10"), "the witness is not an array"),
    ("a witness of the inputs", "property, on a slice", put("header/witness", ["0", "0"]), "2 entries, expected 1"),
    ("a boundary", "property", put("header/boundary", "exact"), "the field 'boundary' is unknown"),
    ("a point", "property", put("header/point", ["1", "0"]), "the field 'point' is unknown"),
    ("claimed as a counterexample", "property", put("header/claim", "counterexample"), "disjunct, point is missing"),
    ("claimed as bounds", "property", put("header/claim", "bounds"), "the field bounds is missing"),
    ("no second network", "property, two networks", drop("record 2"), "line 3 (halve): expected the network record"),
    ("networks exchanged", "property, two networks", swap("record 1", "record 2"), "the word of layer 1 has not 1"),
    ("a second network of more outputs", "property, two networks", put("record 2/layers/1", {
        "bias": ["0", "0"], "weight": [["1"], ["1"]]}), "the last layer has 2 neurons, expected 1 outputs"),
    ("a hash without a network", "property", put("header/other_network_sha256", ""), "a row of unsafe has 4 entries"),
    ("another slice", "property, on a slice", put("header/slice/1/0", "2"),
     "conjunction 0 is not refuted: the bound is"),
    ("no slice", "property, on a slice", drop("header/slice"), "a weight row of layer 1 has 2 entries, expected 1"),
    ("denominators whose common one is too long", "property", pairwise_coprime, "a common denominator needs more than"),
    ("a bound too long to be spelled", "property", each(
        put("refuted 0/disjuncts/0", {"w": [LONG]}), put(f"{ROW}/0", "1")),
     "is not refuted: the bound is (a number of 1"),
]  # fmt: skip

UNSAFE_ACCEPTED = [
    ("two conjunctions, and a strict row of the domain", "property", unchanged),
    ("without a witness", "property", drop("header/witness")),
    ("another witness", "property", put("header/witness", ["0", "0"])),
    ("one more strict row", "property", put(STRICT, [0, 2])),
    ("all that is unsafe is in the inputs", "property, unbounded", unchanged),
    ("two networks", "property, two networks", unchanged),
    ("a smaller unsafe set", "property", put(f"{ROW}/0", "-5/2")),
    ("all bits", "property, words", precision(P=256, S=256, X=256)),
    ("on a slice", "property, on a slice", unchanged),
    ("numbers too long to be spelled", "property", many_numbers),
]

SIDE = "header/sides/0"
SIDES_REJECTED = [
    ("no sides", "property", drop("header/sides"), "conjunction 0 is not refuted: the bound is none"),
    ("an empty array of sides", "property", put("header/sides", []), "sides is empty"),
    ("sides that are a number", "property", put("header/sides", 1), "sides is not an array"),
    ("a side without multipliers", "property", drop(f"{SIDE}/3"), "an entry of sides has 3 entries, expected 4"),
    ("an empty array of multipliers", "property", put(f"{SIDE}/3", []), "that is empty is left out"),
    ("a side of another name", "property", put(f"{SIDE}/1", "left"), "'left' is neither low nor high"),
    ("a side of an array", "property", put(f"{SIDE}/1", []), "[] is neither low nor high"),
    ("an input that is not there", "property", put("header/sides/2/0", 2), "do not increase, or go too far"),
    ("an input of a text", "property", put(f"{SIDE}/0", "0"), "an input of sides is '0'"),
    ("a side twice", "property", again(SIDE), "the entries of sides do not increase"),
    ("sides exchanged", "property", swap("header/sides/1", "header/sides/2"), "the entries of sides do not increase"),
    ("inputs exchanged", "property", swap("header/sides/0", "header/sides/1"), "the entries of sides do not increase"),
    ("a weight of 0", "property", put(f"{SIDE}/2", "0"), "a weight of sides is 0, and is left out"),
    ("a weight below 0", "property", put(f"{SIDE}/2", "-2"), "a weight of sides is '-2', not a natural number"),
    ("a weight of a half", "property", put(f"{SIDE}/2", "1/2"), "a weight of sides is '1/2', not a natural number"),
    ("a reason that leaves an infinite side", "property", drop(f"{SIDE}/3/1"), "gives no bound"),
    ("a row that is not there", "property", put(f"{SIDE}/3/1/0", 3), "lambdas do not increase, or name no row"),
    ("a wider side that is not enough", "property", put("header/sides/2/3", [[1, "65"]]),
     "conjunction 0 is not refuted: the bound is"),
]  # fmt: skip

SIDES_ACCEPTED = [
    ("of three reasons", "property", unchanged),
    ("rounded", "property, deep", unchanged),
    (
        "one that is wider than a row's",
        "property",
        each(
            insert("header/domain/3", ["-1", "1", "0"]),
            put(UNSAFE, [{"rows": [["1", "-1", "0", "0"]], "strict": [0]}]),
            changed_nodes(refuted(([1], {}))),
        ),
    ),
    (
        "several rows of one input",
        "property, words",
        each(insert("header/domain/0", ["9", "-1"]), insert("header/domain/0", ["5", "1"])),
    ),
    ("one of them of no use", "property", put(f"{SIDE}/1", "high")),
    ("of one reason more", "property", insert("header/sides/1", [0, "high", "1", [[2, "64"]]])),
]

CASES = [
    *table("unsafe", accepted=UNSAFE_ACCEPTED, rejected=UNSAFE_REJECTED),
    *table("sides", accepted=SIDES_ACCEPTED, rejected=SIDES_REJECTED),
]
