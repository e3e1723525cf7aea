"""Cases of the rule ``farkas``: the reasons, wherever they stand."""

from math import log2

from tests.checker.case import table
from tests.checker.editing import Records, again, drop, insert, put, swap, unchanged

LINEAR = "the multipliers do not reproduce the linear part"
TINY = 10**30

MULTIPLIERS = (
    ("one more", "3", LINEAR),
    ("one less", "1", LINEAR),
    ("a little more", f"{2 * TINY + 1}/{TINY}", LINEAR),
    ("a little less", f"{2 * TINY - 1}/{TINY}", LINEAR),
    ("doubled", "4", LINEAR),
    ("negative", "-2", "the multiplier of inequality 0 is negative"),
    ("zero", "0", "the multiplier of constraint 0 is 0"),
    ("not in lowest terms", "4/2", "is not in lowest terms"),
    ("a bare integer", 2, "2 is not a canonical rational"),
    ("true", True, "True is not a canonical rational"),
    ("null", None, "None is not a canonical rational"),
    ("infinite", "inf", "'inf' is not a canonical rational"),
)

CONSTRAINTS = (
    ("of another row", 1, "do not reproduce"),
    ("of the path that has not come yet", 2, "names constraint 2, but there are 2 here"),
    ("out of range", 9, "names constraint 9, but there are 2 here"),
    ("negative", -2, "is -2, not a natural number"),
    ("false for 0", False, "is False, not a natural number"),
    ("a text", "0", "is '0', not a natural number"),
    ("null", None, "is None, not a natural number"),
)

REJECTED = [
    *((f"a multiplier {name}", "bent twice*", put("layer 0/active/0/1/0/1", value), reason)
      for name, value, reason in MULTIPLIERS),
    *((f"a constraint {name}", "bent twice*", put("layer 0/active/0/1/0/0", value), reason)
      for name, value, reason in CONSTRAINTS),
    ("a reason null", "bent twice", put("layer 0/active/0/1", None), "a reason is not an array"),
    ("a reason as an object", "bent twice", put("layer 0/active/0/1", {"0": "2"}), "a reason is not an array"),
    ("an entry that is no pair", "bent twice", put("layer 0/active/0/1/0", [0]), "has 1 entries, expected 2"),
    ("an entry that is no array", "bent twice", put("layer 0/active/0/1/0", "2"), "an entry of a reason is not"),
    ("an entry of three", "bent twice", again("layer 0/active/0/1/0/1"), "has 3 entries, expected 2"),
    ("no reason", "bent twice*", put("layer 0/active/0/1", []), LINEAR),
    ("a reason too many", "shut", insert("layer 0/active/1/1/0", [0, "1"]), LINEAR),
    ("a constraint repeated", "bent twice*", put("layer 0/active/0/1", [[0, "1"], [0, "1"]]), "do not increase"),
    ("constraints exchanged", "corner of a wedge", swap("layer 0/active/0/1/0", "layer 0/active/0/1/1"), "increase"),
    ("a constraint left out", "corner of a wedge", drop("layer 0/active/0/1/1"), LINEAR),
    ("two constraints that cancel", "shut", put("layer 0/active/1/1", [[0, "4"], [1, "4"]]), "active neuron 1"),
    ("two constraints that cancel, negative", "shut", put("layer 0/active/1/1", [[0, "-1"], [1, "-1"]]), "negative"),
    ("the reason of another neuron", "shut", swap("layer 0/active/0/1", "layer 0/active/1/1"), LINEAR),
    ("a bound below 0", "shut", put("network/layers/0/bias/0", "-1"), "active neuron 0 does not bound it below by 0"),
    ("a bound a little below 0", "shut", put("network/layers/0/bias/0", f"-1/{TINY}"), "does not bound it below by 0"),
    ("a bound a little above 0", "shut", put("network/layers/0/bias/2", f"1/{TINY}"), "does not bound it above by 0"),
    ("a constraint of the path, turned round", "modulus", put("stable 0/inactive/0/1/0/1", "-2"), "negative"),
    ("a constraint of the path's sibling", "residual", put("layer 1/active/0/1/0/0", 5), "there are 5 here"),
    ("a constraint of a cell that was left", "residual", put("layer 2/active/0/1", [[5, "1"]]), "there are 5 here"),
    ("a redundant constraint's multiplier", "bent twice*", put("redundant 0/constraints/0/1/0/1", "1"), LINEAR),
    ("a redundant one's multiplier, negative", "bent twice*", put("redundant 0/constraints/0/1/0/1", "-1"), "negat"),
    ("a redundant constraint without a reason", "bent twice*", put("redundant 0/constraints/0/1", []), LINEAR),
    ("an absent face's multiplier", "cut corner", put("leaf 0/absent/0/1/0/1", "-2"), LINEAR),
    ("an absent face's multiplier, negative", "cut corner", put("leaf 0/absent/0/1/1/1", "-1"), "2 is negative"),
    ("an absent face's multiplier of an equation, zero", "cut corner", put("leaf 0/absent/0/1/0/1", "0"), "is 0"),
    ("an absent face without a reason", "cut corner", put("leaf 0/absent/0/1", []), LINEAR),
]  # fmt: skip

ACCEPTED = [
    ("a multiplier of 2", "bent twice*", unchanged),
    ("another row that is the same", "corner of a wedge", put("layer 0/active/1/1", [[3, "1"]])),
    ("two rows that are the same", "corner of a wedge", put("layer 0/active/1/1", [[2, "1/3"], [3, "2/3"]])),
    ("a bound of 0", "shut", put("network/layers/0/bias/2", "0")),
    ("two constraints that cancel, with enough to spare", "shut", put("layer 0/active/1/1", [[0, "3"], [1, "3"]])),
    ("an absent face by means of its own constraint", "cut corner",
     put("leaf 0/absent/0/1", [[0, "-1/2"], [1, "1/2"], [2, "1/2"]])),
]  # fmt: skip


def coprime_denominators(records: Records) -> None:
    """A reason over many rows of the domain whose denominators have no common factor."""
    primes = (3, 7, 11, 13, 17, 19, 23, 29)
    records[0]["domain"] = [["0", "1"]] * len(primes) + records[0]["domain"]
    powers = [prime ** int(13200 / log2(prime)) for prime in primes]
    records[2]["active"][0][1] = [[row, f"1/{power}"] for row, power in enumerate(powers)]


GENERATED = [
    ("denominators without common factors", "bent twice", coprime_denominators, "a common denominator needs more"),
]

CASES = table("farkas", accepted=ACCEPTED, rejected=REJECTED, generated=GENERATED)
