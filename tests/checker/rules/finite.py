"""Cases of the construction ``finite``: terms of one form or two, whose kinks are those of the network."""

from tests.checker.case import table
from tests.checker.editing import Edit, Records, again, counted, drop, each, insert, put, swap, unchanged

KINKS = "the kinks of f and of the terms differ on the line"
MAPS = "f and the terms have other maps at the first leaf"
FORMS = "the forms of a term are not one, or two independent ones"
ROOT = "terms stand at the root, once"
NONE = "there are no terms"
UNITS = "the count of layer1 units is not"
TINY = 10**30


def moved(to: int) -> Edit:
    """The terms elsewhere."""

    def edit(records: Records) -> None:
        records.insert(to, records.pop(2))

    return edit


def one_more(*forms: list[str], weight: str = "1", outputs: int = 1) -> Edit:
    """One more term, and the units that it has."""

    def edit(records: Records) -> None:
        records[2]["terms"].append({"forms": list(forms), "weight": [weight] * outputs})
        _counted(records)

    return edit


def without(number: int) -> Edit:
    """A term less."""

    def edit(records: Records) -> None:
        del records[2]["terms"][number]
        _counted(records)

    return edit


def _counted(records: Records) -> None:
    terms = records[2]["terms"]
    width = 2 * records[0]["inputs"] + len(terms)
    two = any(len(term["forms"]) > 1 for term in terms)
    records[-1]["units"] = {"layer1": width, "layer2": width if two else 0}


def halved(records: Records) -> None:
    """In "finite" half of the first term, twice."""
    first = records[2]["terms"][0]
    first["weight"] = ["1"]
    one_more(*first["forms"])(records)


def turned(records: Records) -> None:
    """In "finite, of one input" the first term on the other side of its knot, and the map that makes up for it."""
    records[2]["terms"][0]["forms"] = [["2", "-1"]]
    records[2]["affine"] = [["1", "0"]]


def a_tripod_that_cancels(records: Records) -> None:
    """In "finite, along a side" two terms of two forms whose sum is 0."""
    one_more(["0", "1", "1"], ["0", "1", "-1"])(records)
    one_more(["0", "1", "-1"], ["0", "1", "1"], weight="-1")(records)


def a_kink_on_the_side(records: Records) -> None:
    """In "finite, along a side" a term that bends along a side of the domain, on which it is 0."""
    one_more(["0", "-1", "0"])(records)


def a_kink_beyond_the_side(records: Records) -> None:
    """In "finite, on a wedge" a term that bends outside the domain, and is 0 on it."""
    one_more(["-1/1000", "-1", "0"])(records)


def on_a_half_plane(size: str) -> Edit:
    """In "finite, affine" a term that bends at -100, on a domain that begins at this distance from 0."""
    return each(one_more(["-100", "-1", "0"], outputs=2), put("header/domain", [[size, "1", "0"]]))


def bent_at_the_witness(records: Records) -> None:
    """In "finite", whose first witness is (2, 3): two lines through it that are affine together, and what makes up."""
    for form, opposite in ((["-2", "1", "0"], ["2", "-1", "0"]), (["-3", "0", "1"], ["3", "0", "-1"])):
        one_more(form)(records)
        one_more(opposite, weight="-1")(records)
    records[2]["affine"] = [["28/3", "1", "-3"]]


DENOMINATORS = [10**3999 + number for number in range(9)]
"""Of the digits that a number may have; their products have more bits than a sum may have."""

BITS = "a sum of terms needs more than 100000 bits"


def many_digits(*forms: list[str]) -> Edit:
    """Terms of these forms in turn, each with another weight of very many digits."""
    pairs = zip(forms * len(DENOMINATORS), DENOMINATORS, strict=False)
    return each(*(one_more(form, weight=f"1/{denominator}") for form, denominator in pairs))


def many(terms: int, rows: int) -> Edit:
    """So many terms on a domain of so many rows."""
    domain = [[str(1000 + distance), "1", "0"] for distance in range(rows)]
    return each(put("header/domain", domain), put("terms/terms", [None] * terms))


GENERATED = [
    ("too many terms on too many rows", "finite, affine", many(5793, 5793), "too many terms on a domain of so many"),
    ("as many as may be", "finite, affine", many(1 << 13, 1 << 12), "None is not an object"),
    ("a kink of more digits than are written", "finite", one_more(
        [f"-1/{10**3997 + 7}", f"1/{10**3998 + 9}", f"1/{10**3999 + 1}"]
    ), KINKS),
    ("sums of jumps with too many digits", "finite, of one input", many_digits(["-100", "1"]), BITS),
    ("sums of maps with too many digits", "finite, of one input", each(
        *(one_more([str(100 + number), "1"], weight=f"1/{denominator}")
          for number, denominator in enumerate(DENOMINATORS))
    ), BITS),
]  # fmt: skip

REJECTED = [
    # The header.
    ("with the boundary ignored", "finite", put("header/boundary", "ignore"), "needs the boundary exact"),
    ("of three inputs", "three inputs", put("header/construction", "finite"), "is one of one input or two"),
    ("cells claimed of terms", "finite", put("header/construction", "cells"), "'terms' is no node of the tree"),
    ("a count claimed of terms", "counted", insert("record 2", {"record": "terms", "affine": [], "terms": []}),
     "'terms' is no node of the tree"),
    ("terms claimed of cells", "bend", put("header/construction", "finite"), "the field 'strict' is unknown"),
    # Where the terms stand.
    ("no terms", "finite, of one input", drop("record 2"), NONE),
    ("no terms at a leaf that is the root", "finite, affine", drop("record 2"), NONE),
    ("terms twice", "finite", again("record 2"), ROOT),
    ("terms below a layer", "finite", moved(3), ROOT),
    ("terms below a split", "finite", moved(5), ROOT),
    ("terms at the end", "finite, affine", moved(3), NONE),
    # How they are spelled.
    ("terms with a field", "finite", put("terms/of", "f"), "the field 'of' is unknown"),
    ("terms without a map", "finite", drop("terms/affine"), "the field affine is missing"),
    ("a map of null", "finite", put("terms/affine", None), "affine is not an array"),
    ("a map of too many outputs", "finite", again("terms/affine/0"), "affine has 2 entries, expected 1"),
    ("a row of the map too short", "finite", drop("terms/affine/0/2"), "a row of affine has 2 entries, expected 3"),
    ("terms of null", "finite", put("terms/terms", None), "terms is not an array"),
    ("a term with a field", "finite", put("terms/terms/0/sign", "1"), "the field 'sign' is unknown"),
    ("a term without weights", "finite", drop("terms/terms/0/weight"), "the field weight is missing"),
    ("a term of too many weights", "finite", again("terms/terms/0/weight/0"), "weight has 2 entries, expected 1"),
    ("a term of null", "finite", put("terms/terms/0", None), "None is not an object"),
    ("an infinite weight", "finite", put("terms/terms/0/weight/0", "-inf"), "'-inf' is not a canonical rational"),
    ("a form of null", "finite", put("terms/terms/0/forms/0", None), "a form is not an array"),
    ("a form too long", "finite", again("terms/terms/0/forms/0/1"), "a form has 4 entries, expected 3"),
    ("forms of null", "finite", put("terms/terms/0/forms", None), "forms is not an array"),
    ("a term without a form", "finite", put("terms/terms/0/forms", []), FORMS),
    ("a term of three forms", "finite", again("terms/terms/0/forms/0"), FORMS),
    ("a term of two forms of one input", "finite, of one input", again("terms/terms/0/forms/0"), FORMS),
    ("a term of a form twice", "finite", put("terms/terms/0/forms/1", ["0", "-1", "0"]), FORMS),
    ("a term of parallel forms", "finite", put("terms/terms/0/forms/1", ["5", "2", "0"]), FORMS),
    ("a term of a constant", "finite", put("terms/terms/1/forms/0", ["1", "0", "0"]), FORMS),
    ("a term of a constant, one input", "finite, of one input", put("terms/terms/1/forms/0", ["1", "0"]), FORMS),
    ("a term of a constant and a form", "finite", put("terms/terms/0/forms/0", ["1", "0", "0"]), FORMS),
    # Kinks that are not those of f.
    ("a term left out", "finite", without(0), KINKS),
    ("a line left out", "finite", without(1), KINKS),
    ("a term left out, one input", "finite, of one input", without(0), KINKS),
    ("all terms left out", "finite, lines alone", each(without(0), without(0)), KINKS),
    ("a term twice", "finite", each(again("terms/terms/0"), put("end/units", {"layer1": 7, "layer2": 7})), KINKS),
    ("another weight", "finite", put("terms/terms/0/weight/0", f"{2 * TINY + 1}/{TINY}"), KINKS),
    ("another weight of a line", "finite", put("terms/terms/1/weight/0", f"-{2 * TINY + 1}/{TINY}"), KINKS),
    ("another weight, one input", "finite, of one input", put("terms/terms/1/weight/0", f"{TINY + 1}/{TINY}"), KINKS),
    ("another weight of the second output", "finite, bounded", put("terms/terms/0/weight/1", f"1/{TINY}"), KINKS),
    ("a weight with the other sign", "finite", put("terms/terms/0/weight/0", "-2"), KINKS),
    ("a form twice as steep", "finite", put("terms/terms/1/forms/0", ["2", "0", "-2"]), KINKS),
    ("a line moved", "finite", put("terms/terms/1/forms/0/0", f"{TINY + 1}/{TINY}"), KINKS),
    ("a tripod moved along its ray", "finite", put("terms/terms/0/forms", [
        ["1", "-1", "0"], ["-1", "-1", "1"]
    ]), KINKS),
    ("a tripod with another ray", "finite", put("terms/terms/0/forms/0", ["0", "-2", "0"]), KINKS),
    ("one form for two", "finite", each(drop("terms/terms/0/forms/1"), put("end/units/layer2", 0)), KINKS),
    ("two forms for one", "finite", insert("terms/terms/1/forms/0", ["0", "-1", "0"]), KINKS),
    ("a knot moved", "finite, of one input", put("terms/terms/1/forms/0", [f"{TINY + 1}/{TINY}", "-1"]), KINKS),
    ("one more line", "finite", one_more(["-100", "1", "0"]), KINKS),
    ("one more line through the domain", "finite, on a wedge", one_more(["1/1000", "-1", "0"]), KINKS),
    ("one more tripod beyond all", "finite", one_more(["-100", "1", "0"], ["-100", "0", "1"]), KINKS),
    ("one more knot", "finite, of one input", one_more(["-100", "1"]), KINKS),
    ("a kink of an affine function", "finite, affine", one_more(["-100", "1", "1"], outputs=2), KINKS),
    ("a network with another weight", "finite, lines alone", put("network/layers/1/weight/0/1", "3"), MAPS),
    ("a domain in which one more line lies", "finite, affine", on_a_half_plane("101"), KINKS),
    # Maps that are not those of f.
    ("another constant", "finite", put("terms/affine/0/0", f"{13 * TINY + 3}/{3 * TINY}"), MAPS),
    ("another slope", "finite", put("terms/affine/0/2", f"-{2 * TINY + 1}/{TINY}"), MAPS),
    ("another constant of the second output", "finite, affine", put("terms/affine/1/0", f"1/{TINY}"), MAPS),
    ("another slope of the second output", "finite, bounded", put("terms/affine/1/1", f"1/{TINY}"), MAPS),
    ("maps of outputs exchanged", "finite, affine", swap("terms/affine/0", "terms/affine/1"), MAPS),
    ("a term on the other side", "finite, of one input", put("terms/terms/0/forms/0", ["2", "-1"]), MAPS),
    ("a tripod on the other side", "finite", put(
        "terms/terms/0/forms", [["0", "1", "0"], ["-2", "0", "1"]]
    ), MAPS),
    ("a term that bends outside alone", "finite, on a wedge", one_more(["1/1000", "1", "0"]), MAPS),
    ("a term that bends along a side alone", "finite, along a side", one_more(["0", "1", "0"]), MAPS),
    # The walk and the end.
    ("a leaf with a map", "finite", put("leaf 0/map", [["13/3", "2", "-2"]]), "the field 'map' is unknown"),
    ("a leaf with units", "finite", put("leaf 0/units", []), "the field 'units' is unknown"),
    ("a leaf without its witness", "finite", drop("leaf 0/witness"), "the field witness is missing"),
    ("a witness between two cells", "finite", put("leaf 0/witness", ["0", "3"]), "is not strictly inside constraint 0"),
    ("a split with a mark", "finite", put("split 0/strict", "-"), "the field 'strict' is unknown"),
    ("a redundant constraint", "finite", insert("leaf 1", {
        "record": "redundant", "constraints": [[0, [[1, "1"]]]]
    }), "'redundant' is no node of the tree"),
    ("a leaf left out", "finite", counted(drop("leaf 5")), "'end' is no node of the tree"),
    ("without the units", "finite", drop("end/units"), "the field units is missing"),
    ("another count of units", "finite", put("end/units/layer1", 5), f"{UNITS} 6"),
    ("no units for the inputs", "finite, lines alone", put("end/units/layer1", 2), f"{UNITS} 6"),
    ("a second hidden layer that is none", "finite, lines alone", put("end/units/layer2", 6),
     "the count of layer2 units is not 0"),
    ("no second hidden layer", "finite", put("end/units/layer2", 0), "the count of layer2 units is not 6"),
    ("another count of regions", "finite", put("end/activation_regions", 5), "of activation_regions is not 6"),
    ("with a count of faces", "finite", put("end/faces", 5), "the field 'faces' is unknown"),
]  # fmt: skip

ACCEPTED = [
    ("a fan in the plane", "finite", unchanged),
    ("two outputs and skips, bounded", "finite, bounded", unchanged),
    ("on a wedge", "finite, on a wedge", unchanged),
    ("lines alone", "finite, lines alone", unchanged),
    ("a line along a side of the domain", "finite, along a side", unchanged),
    ("one input", "finite, of one input", unchanged),
    ("two outputs", "finite, two outputs", unchanged),
    ("no hidden layer", "finite, affine", unchanged),
    ("on a slice", "finite, on a slice", unchanged),
    ("terms in another order", "finite", swap("terms/terms/0", "terms/terms/1")),
    ("forms of a term exchanged", "finite", swap("terms/terms/0/forms/0", "terms/terms/0/forms/1")),
    ("a term in two halves", "finite", halved),
    ("a term of weight 0", "finite", one_more(["5", "1", "1"], weight="0")),
    ("a term on the other side of its knot", "finite, of one input", turned),
    ("tripods that cancel", "finite, along a side", a_tripod_that_cancels),
    ("a kink along a side of the domain", "finite, along a side", a_kink_on_the_side),
    ("a kink outside the domain", "finite, on a wedge", a_kink_beyond_the_side),
    ("a domain beside which one more line lies", "finite, affine", on_a_half_plane("99")),
    ("a domain along which one more line lies", "finite, affine", on_a_half_plane("100")),
    ("another witness", "finite", put("leaf 0/witness", ["5", "5"])),
    ("a witness where terms bend", "finite", bent_at_the_witness),
]

INCOMPLETE = [
    ("an open cell", "finite, left open", unchanged, "1 cell is left open"),
    ("kinks that differ where nothing is explored", "finite, left open", without(0), "1 cell is left open"),
]

CASES = table("finite", accepted=ACCEPTED, rejected=REJECTED, incomplete=INCOMPLETE, generated=GENERATED)
