"""Cases of the member ``slice``: the inputs as affine forms of parameters."""

from math import log10
from typing import Any

from tests.checker.case import table
from tests.checker.editing import Edit, Records, Unsealed, again, drop, each, insert, put, swap, unchanged

TINY = 10**30
MANY = 10**13
PLANE, MAP = "plane 1 is not its neuron's", "the affine map of output"


def sliced(rows: Any) -> Edit:
    return put("header/slice", rows)


def parameters(number: int) -> Edit:
    """So many parameters, and a domain that is all of their space."""
    return each(put("header/inputs", number), put("header/domain", []))


def unreadable_denominators(records: Records) -> None:
    """One row of a slice whose entries have no common denominator of a bearable size."""
    records[0].update(inputs=9, domain=[])
    records[0]["slice"] = [[f"1/{10**3990 + 10**k + 7}" for k in range(100, 110)]] * 2


def long_denominators(records: Records) -> None:
    """The entries of a slice have a common denominator that is bearable once, but not so often."""
    row = [f"1/{prime ** int(3990 / log10(prime))}" for prime in (2, 3, 5, 7, 11, 13, 17)] + ["0"] * 304
    records[0].update(inputs=310, domain=[], slice=[row, *[["0"] * 311] * 309])


def long_numerator(records: Records) -> None:
    """One form of very many bits and parameters, that more neurons read than can be kept."""
    records[0].update(inputs=300, domain=[], slice=[["0", "1" + "0" * 3999, *["0"] * 299]])
    records[1]["layers"] = [{"weight": [["1"]] * 2200, "bias": ["0"] * 2200}]


REJECTED = [
    ("no row", "slice*", sliced([]), "the slice has no row"),
    ("null", "slice*", sliced(None), "slice is not an array"),
    ("an object", "slice*", sliced({}), "slice is not an array"),
    ("a text", "slice*", sliced("01"), "slice is not an array"),
    ("a row that is no array", "slice*", put("header/slice/0", "01"), "a row of the slice is not an array"),
    ("a row too short", "slice*", drop("header/slice/0/1"), "a row of the slice has 1 entries, expected 2"),
    ("a row too long", "slice*", again("header/slice/1/0"), "a row of the slice has 3 entries, expected 2"),
    ("a row of bare integers", "slice*", put("header/slice/1/0", -1), "-1 is not a canonical rational"),
    ("an entry spelled otherwise", "slice*", put("header/slice/1/0", "-2/2"), "'-2/2' is not in lowest terms"),
    ("an infinite entry", "slice*", put("header/slice/1/0", "inf"), "'inf' is not a canonical rational"),
    ("a row left out", "slice*", drop("header/slice/1"), "a weight row of layer 1 has 2 entries, expected 1"),
    ("a row too many", "slice*", again("header/slice/1"), "a weight row of layer 1 has 2 entries, expected 3"),
    ("rows exchanged", "slice in space", swap("header/slice/0", "header/slice/2"), PLANE),
    ("rows exchanged, first layer alike", "slice*", swap("header/slice/0", "header/slice/1"), MAP),
    ("columns exchanged", "slice*", swap("header/slice/0/0", "header/slice/1/1"), PLANE),
    ("a constant is another", "slice*", put("header/slice/0/0", "1/3"), PLANE),
    ("a constant is a little more", "slice*", put("header/slice/1/0", f"-{TINY - 1}/{TINY}"), PLANE),
    ("a coefficient is another", "slice*", put("header/slice/1/1", "2"), PLANE),
    ("a coefficient that the last layer reads alone", "slice, equal", put("header/slice/0/0", "1/6"), "plane 1 is not"),
    ("a denominator left out", "slice*", put("header/slice/0/1", "1"), PLANE),
    ("no slice", "slice*", drop("header/slice"), "a weight row of layer 1 has 2 entries, expected 1"),
    (
        "no slice, one input",
        "slice in space",
        drop("header/slice"),
        "a weight row of layer 1 has 3 entries, expected 2",
    ),
    ("a slice where there is none", "skip*", sliced([["0", "2"]]), "plane 2 is not its neuron's"),
    ("a slice turned round where there is none", "bend*", sliced([["0", "-1"]]), "not strictly inside constraint 0"),
    ("another number of parameters", "slice*", parameters(2), "a row of the slice has 2 entries, expected 3"),
    ("as many parameters as inputs", "slice", insert("header/slice/0/2", "0"), "a row of the slice has 3 entries"),
    ("a huge number of parameters", "slice*", parameters(MANY), "a row of the slice has 2 entries"),
    ("a domain of the inputs", "slice*", put("header/domain/0", ["2", "1", "0"]), "a row of the domain has 3 entries"),
    ("a witness of the inputs", "slice*", put("leaf 0/witness", ["3/4", "1/2"]), "the witness has 2 entries"),
    ("a map of the inputs", "slice*", again("leaf 0/map/0/1"), "a row of map has 3 entries, expected 2"),
    ("a bound on the inputs", "slice, bounded", put("header/bounds/0/high", "5"), "does not prove it"),
    ("another slice of two networks", "slice, equal", put("header/slice/1/0", "2"), PLANE),
    ("another slice, the hash as it was", "slice*", Unsealed(put("header/slice/0/0", "1/3")), PLANE),
    ("the slice of the second layer", "slice*", put("network/slice", [["0", "1"]]), "the field 'slice' is unknown"),
    ("a count of units of the inputs", "slice*", put("end/units/layer1", 8), "the count of layer1 units is not 6"),
]

ACCEPTED = [
    ("a line", "slice*", unchanged),
    ("a plane", "slice in space", unchanged),
    ("of bounds", "slice, bounded", unchanged),
    ("of two networks", "slice, equal", unchanged),
    ("that is all of space", "skip*", sliced([["0", "1"]])),
    ("that is all of the plane", "cross", sliced([["0", "1", "0"], ["0", "0", "1"]])),
]

GENERATED = [
    ("a common denominator too large", "slice", unreadable_denominators, "needs more than 100000 bits"),
    ("too many rows of a long common denominator", "slice", long_denominators, "the slice is too large"),
    ("too many neurons of a long form", "slice", long_numerator, "the network is too wide"),
]

CASES = table("slice", accepted=ACCEPTED, rejected=REJECTED, generated=GENERATED)
