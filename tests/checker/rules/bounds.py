"""Cases of the claim ``bounds``: the bounds in the header, and a reason for each of them at every leaf."""

from typing import Any

from tests.checker.case import table
from tests.checker.editing import Edit, again, copy, counted, drop, each, insert, put, swap, unchanged

TINY = 10**30
A_LITTLE, LESS, MORE = f"1/{TINY}", f"{TINY - 1}/{TINY}", f"{TINY + 1}/{TINY}"
LOW, HIGH = "the reason of the low bound of output", "the reason of the high bound of output"
PART = "do not reproduce the linear part"
INCREASE = "the outputs of bounds do not increase"
OPEN = {"record": "open"}


def only(side: str, *, at: int, entry: int = 0) -> Edit:
    """The other side of a bound of "bounded" or "bounded, with skips" is left out, with its reasons."""
    other = {"low": "high", "high": "low"}[side]
    return each(drop(f"header/bounds/{entry}/{other}"), *(drop(f"leaf {leaf}/bounds/{at}") for leaf in range(2)))


def claimed(bounds: Any) -> Edit:
    return put("header/bounds", bounds)


REJECTED = [
    # The header.
    ("no bound", "bounded", claimed([]), "there is no bound"),
    ("no bound, and no reason", "bounded", each(
        claimed([]), put("leaf 0/bounds", []), put("leaf 1/bounds", [])
    ), "there is no bound"),
    ("without bounds", "bounded", drop("header/bounds"), "the field bounds is missing"),
    ("bounds of null", "bounded", claimed(None), "bounds is not an array"),
    ("bounds in an object", "bounded", claimed({"0": ["0", "1"]}), "bounds is not an array"),
    ("an entry that is an array", "bounded", claimed([[0, "0", "1"]]), "is not an object"),
    ("an entry of null", "bounded", claimed([None]), "None is not an object"),
    ("an entry that is a text", "bounded", claimed(["low"]), "'low' is not an object"),
    ("an entry without a side", "bounded", claimed([{"output": 0}]), "the field low is missing"),
    ("an entry without its output", "bounded", drop("header/bounds/0/output"), "the field output is missing"),
    ("an entry of nothing", "bounded", claimed([{}]), "the field low, output is missing"),
    ("an unknown side", "bounded", put("header/bounds/0/middle", "1/2"), "the field 'middle' is unknown"),
    ("an unknown side alone", "bounded", claimed([{"middle": "1/2", "output": 0}]), "the field low is missing"),
    ("a bound of null", "bounded", put("header/bounds/0/low", None), "None is not a canonical rational"),
    ("a bound of a bare integer", "bounded", put("header/bounds/0/low", 0), "0 is not a canonical rational"),
    ("an infinite bound", "bounded", put("header/bounds/0/low", "-inf"), "'-inf' is not a canonical rational"),
    ("a bound spelled otherwise", "bounded", put("header/bounds/0/high", "2/2"), "'2/2' is not in lowest terms"),
    ("a bound spelled otherwise of an open one", "bounded, left open", each(
        put("header/bounds/0/high", "20/2"), counted(*(put("leaf 0", OPEN) for _ in range(3)))
    ), "'20/2' is not in lowest terms"),
    ("an output that is not there", "bounded", put("header/bounds/0/output", 1), "name output 1, but there are 1"),
    ("an output that is not there, beside one", "bounded, two outputs", put("header/bounds/1/output", 2),
     "bounds name output 2, but there are 2"),
    ("a negative output", "bounded", put("header/bounds/0/output", -1), "an output of bounds is -1, not a natural"),
    ("an output false", "bounded", put("header/bounds/0/output", False), "an output of bounds is False, not a natural"),
    ("an output as a text", "bounded", put("header/bounds/0/output", "0"), "an output of bounds is '0', not a natural"),
    ("outputs exchanged", "bounded, two outputs", swap("header/bounds/0", "header/bounds/1"), INCREASE),
    ("an output twice", "bounded", each(
        again("header/bounds/0"), *(again(f"leaf {leaf}/bounds/{side}") for leaf in (0, 1) for side in (1, 0)),
        swap("leaf 0/bounds/1", "leaf 0/bounds/2"),
    ), INCREASE),
    ("an output twice, a side each", "bounded", claimed([{"low": "0", "output": 0}, {"high": "1", "output": 0}]),
     INCREASE),
    ("with a boundary", "bounded", put("header/boundary", "exact"), "the field 'boundary' is unknown"),
    ("with a construction", "bounded", put("header/construction", "cells"), "the field 'construction' is unknown"),
    ("claimed as a count", "bounded", put("header/claim", "regions"), "the field 'bounds' is unknown"),
    ("with a second network", "bounded", again("network"), "record 'network' is no node of the tree"),
    # Bounds that do not hold.
    ("a low bound too high by a little", "bounded", put("header/bounds/0/low", A_LITTLE), f"{LOW} 0 does not prove it"),
    ("a high bound too low by a little", "bounded", put("header/bounds/0/high", LESS), f"{HIGH} 0 does not prove it"),
    ("a second output's bound", "bounded, two outputs", put("header/bounds/1/low", MORE), f"{LOW} 1 does not prove it"),
    ("a high bound of a later output", "bounded, with skips", put("header/bounds/1/high", "13/4"),
     f"{HIGH} 1 does not prove it"),
    ("a bound of another output", "bounded, without hidden layers", put("header/bounds/0/output", 0), PART),
    ("a bound without hidden layers", "bounded, without hidden layers", put("header/bounds/0/low", "-19/3"), LOW),
    ("low and high exchanged", "bounded", swap("header/bounds/0/low", "header/bounds/0/high"), f"{LOW} 0"),
    ("a bound that fails on the last leaf alone", "bounded", each(
        put("header/bounds/0/low", A_LITTLE), put("leaf 0", OPEN), counted()
    ), f"{LOW} 0 does not prove it"),
    ("a wider domain", "bounded", put("header/domain/1/0", "2"), f"{HIGH} 0 does not prove it"),
    ("no domain", "bounded", put("header/domain", []), "a reason names constraint 2, but there are 1 here"),
    ("another network", "bounded", put("network/layers/1/weight/0/0", "2"), PART),
    ("another output bias", "bounded", put("network/layers/1/bias/0", "1/9"), f"{HIGH} 0 does not prove it"),
    # Reasons.
    ("reasons of low and high exchanged", "bounded", swap("leaf 0/bounds/0", "leaf 0/bounds/1"), PART),
    ("the first reason left out", "bounded", drop("leaf 0/bounds/0"), "bounds has 1 entries, expected 2"),
    ("the last reason left out", "bounded", drop("leaf 1/bounds/1"), "bounds has 1 entries, expected 2"),
    ("a reason too many", "bounded", again("leaf 1/bounds/0"), "bounds has 3 entries, expected 2"),
    ("no reasons", "bounded", put("leaf 1/bounds", []), "bounds has 0 entries, expected 2"),
    ("without reasons", "bounded", drop("leaf 1/bounds"), "the field bounds is missing"),
    ("reasons of null", "bounded", put("leaf 0/bounds", None), "bounds is not an array"),
    ("a reason of null", "bounded", put("leaf 0/bounds/0", None), "a reason is not an array"),
    ("reasons by side", "bounded", put("leaf 0/bounds", {"high": [[1, "1"]], "low": [[2, "1"]]}), "is not an array"),
    ("an empty reason", "bounded", put("leaf 0/bounds/0", []), PART),
    ("another leaf's reasons", "bounded", copy("leaf 1/bounds", "leaf 0/bounds"), PART),
    ("reasons of two leaves exchanged", "bounded", swap("leaf 0/bounds", "leaf 1/bounds"), PART),
    ("reasons of two outputs exchanged", "bounded, two outputs", swap("leaf 1/bounds/1", "leaf 1/bounds/2"), PART),
    ("a reason with another multiplier", "bounded", put("leaf 0/bounds/0/0/1", MORE), PART),
    ("a negative multiplier", "bounded", put("leaf 0/bounds/0", [[0, "-1"], [2, "2"]]), "inequality 0 is negative"),
    ("a reason on an equation's terms", "bounded", put("leaf 0/bounds/1", [[2, "-1"]]), "inequality 2 is negative"),
    ("a multiplier of 0", "bounded", put("leaf 0/bounds/0", [[0, "0"], [2, "1"]]), "multiplier of constraint 0 is 0"),
    ("constraints in another order", "bounded", put("leaf 1/bounds/0", [[1, "1"], [0, "1"]]), "do not increase"),
    ("a reason of constraints that prove less", "bounded", put("leaf 0/bounds/0", [[0, "1"]]), f"{LOW} 0"),
    ("a constraint that is not there", "bounded", put("leaf 0/bounds/0/0/0", 3), "names constraint 3, but there are 3"),
    ("a constraint of the domain alone", "bounded, with skips", put("leaf 0/bounds/0", [[1, "3"], [3, "2"]]),
     f"{HIGH} 0"),
    # What another claim says.
    ("a leaf with its map", "bounded", put("leaf 0/map", [["0", "1"]]), "the field 'map' is unknown"),
    ("a leaf with units", "bounded", put("leaf 0/units", []), "the field 'units' is unknown"),
    ("a leaf without its witness", "bounded", drop("leaf 0/witness"), "the field witness is missing"),
    ("a witness between two cells", "bounded", put("leaf 0/witness/0", "0"), "not strictly inside constraint 2"),
    ("a split with a mark", "bounded", put("split 0/strict", "-"), "the field 'strict' is unknown"),
    ("a redundant constraint", "bounded, two outputs", insert(
        "leaf 0", {"record": "redundant", "constraints": [[0, [[1, "1"]]]]}
    ), "record 'redundant' is no node of the tree"),
    ("with a count of faces", "bounded", put("end/faces", 2), "the field 'faces' is unknown"),
    ("another count of regions", "bounded", put("end/activation_regions", 1), "of activation_regions is not 2"),
    ("a leaf left out", "bounded", counted(drop("leaf 1")), "record 'end' is no node of the tree"),
]  # fmt: skip

ACCEPTED = [
    ("both sides", "bounded", unchanged),
    ("a side of the second output", "bounded, two outputs", unchanged),
    ("of a network with skips", "bounded, with skips", unchanged),
    ("of a network without hidden layers", "bounded, without hidden layers", unchanged),
    ("a lower low bound", "bounded", put("header/bounds/0/low", "-1000/7")),
    ("a higher high bound", "bounded", put("header/bounds/0/high", MORE)),
    ("a low bound alone", "bounded", only("low", at=1)),
    ("a high bound alone", "bounded", only("high", at=0)),
    ("another reason", "bounded", put("leaf 1/bounds/1", [[0, "1/3"], [2, "1/3"]])),
    ("a reason that gives room away", "bounded", each(
        put("header/bounds/0/high", "2"), put("leaf 1/bounds/1", [[0, "1/3"], [2, "1/3"]])
    )),
]  # fmt: skip

INCOMPLETE = [
    ("an open cell", "bounded, left open", unchanged, "1 cell is left open"),
    ("a bound that no leaf contradicts", "bounded", counted(
        put("header/bounds/0/high", LESS), put("leaf 0", OPEN)
    ), "1 cell is left open"),
]  # fmt: skip

CASES = table("bounds", accepted=ACCEPTED, rejected=REJECTED, incomplete=INCOMPLETE)
