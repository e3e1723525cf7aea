"""Cases of one unit for each face and output: the bounds in the header, and a reason for each on every leaf."""

from tests.checker.case import table
from tests.checker.editing import Records, again, copy, counted, drop, each, put, swap, unchanged

LOW, LINEAR = "a reason of low does not bound its output below", "the multipliers do not reproduce the linear part"


def two_units(records: Records) -> None:
    """In "one unit" the bounds are forgotten."""
    del records[0]["low"]
    for leaf in (records[4], records[5]):
        del leaf["low"]


REJECTED = [
    # The header.
    ("with the boundary ignored", "bend, boundary ignored", put("header/low", ["0"]), "the field 'low' is unknown"),
    ("of gated cells", "gated", put("header/low", ["0"]), "the field 'low' is unknown"),
    ("of one hidden layer", "one-hidden", put("header/low", ["0"]), "the field 'low' is unknown"),
    ("of a grid", "quantised", put("header/low", ["0"]), "the field 'low' is unknown"),
    ("of a count", "counted", put("header/low", ["0"]), "the field 'low' is unknown"),
    ("for too few outputs", "one unit, two outputs", drop("header/low/1"), "low has 1 entries, expected 2"),
    ("for too many outputs", "one unit", again("header/low/0"), "low has 2 entries, expected 1"),
    ("for no output", "one unit", put("header/low", []), "low has 0 entries, expected 1"),
    ("null", "one unit", put("header/low", None), "low is not an array"),
    ("a bare integer", "one unit", put("header/low/0", 0), "0 is not a canonical rational"),
    ("minus infinity", "one unit", put("header/low/0", "-inf"), "'-inf' is not a canonical rational"),
    # The bounds.
    ("a bound too high", "one unit", put("header/low/0", "1"), LOW),
    ("a bound too high by a little", "one unit", put("header/low/0", "1/1000000000000"), LOW),
    ("a bound too high on two leaves alone", "one unit, two outputs", put("header/low/1", "3/2"), LOW),
    ("a bound too high of the second output", "one unit, two outputs", put("header/low/1", "2"), LOW),
    ("bounds exchanged", "one unit, two outputs", swap("header/low/0", "header/low/1"), LOW),
    ("a bound too high of pieces", "one unit, merged", put("header/low/0", "1/2"), LOW),
    ("a bound too high of a kept cell", "one unit, trimmed", put("header/low/0", "1"), LOW),
    # The reasons.
    ("no reasons", "one unit", drop("leaf 0/low"), "the field low is missing"),
    ("no reasons at a piece", "one unit, merged", drop("piece 0/low"), "the field low is missing"),
    ("reasons without bounds", "bend", put("leaf 0/low", [[]]), "the field 'low' is unknown"),
    ("a reason left out", "one unit, two outputs", drop("leaf 0/low/1"), "low has 1 entries, expected 2"),
    ("a reason too many", "one unit", again("leaf 0/low/0"), "low has 2 entries, expected 1"),
    ("reasons of null", "one unit", put("leaf 0/low", None), "low is not an array"),
    ("a reason of null", "one unit", put("leaf 0/low/0", None), "a reason is not an array"),
    ("an empty reason", "one unit", put("leaf 0/low/0", []), LINEAR),
    ("another leaf's reason", "one unit", copy("leaf 1/low/0", "leaf 0/low/0"), LINEAR),
    ("a reason of another slope", "one unit", put("leaf 0/low/0", [[0, "2"]]), LINEAR),
    ("a negative multiplier", "one unit", put("leaf 1/low/0", [[0, "-1"]]), "inequality 0 is negative"),
    ("a constraint that is not there", "one unit", put("leaf 0/low/0", [[1, "1"]]), "but there are 1 here"),
    ("reasons of two outputs exchanged", "one unit, two outputs", swap("leaf 1/low/0", "leaf 1/low/1"), LINEAR),
    # The units.
    ("the faces' units twice", "one unit", put("end/units/layer2", 6), "the count of layer2 units is not 3"),
    ("one unit where there are two", "bend", put("end/units/layer2", 3), "the count of layer2 units is not 6"),
    ("a face left out", "one unit", counted(drop("leaf 1/units/1")), "face [0] is neither listed nor absent"),
    ("a map of null", "one unit", put("leaf 0/map", None), "map is not an array"),
    ("a row of a map too short", "one unit, merged", drop("piece 0/map/0/0"), "a row of map has 2 entries, expected 3"),
    ("another map of a piece", "one unit, merged", put("piece 0/map/0/0", "1"), "the affine map of output 0"),
]  # fmt: skip

ACCEPTED = [
    ("a bend", "one unit", unchanged),
    ("a bound that is not the least value", "one unit, not the least", unchanged),
    ("two outputs", "one unit, two outputs", unchanged),
    ("with skips and two outputs", "one unit, with skips", unchanged),
    ("of pieces", "one unit, merged", unchanged),
    ("of kept cells", "one unit, trimmed", unchanged),
    ("a lower bound", "one unit", put("header/low/0", "-1/3")),
    ("two units again", "one unit", each(two_units, put("end/units/layer2", 6))),
]

CASES = table("one-unit", accepted=ACCEPTED, rejected=REJECTED)
