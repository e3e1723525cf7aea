"""Cases of the rules ``leaf-witness`` and ``leaf-map``, and of a leaf's shape."""

from tests.checker.case import table
from tests.checker.editing import Records, again, copy, counted, drop, put, swap, unchanged

TINY = 10**30
FACET = "the witness is not strictly inside constraint"
MAP = "the affine map of output"


def second_layer_left_out(records: Records) -> None:
    """In "bent twice, boundary ignored" each side of the first split is a leaf, on which the second layer is 0."""
    records[4:-1] = [records[8], records[13]]
    for leaf, gate, witness in zip(records[4:6], (-1, 1), ("7/8", "1/8"), strict=True):
        leaf.update(units=[{"-inf": [gate], "weight": "1"}], witness=[witness])


WITNESSES = [
    ("on the hyperplane of its split", "bend*", put("leaf 0/witness/0", "0"), f"{FACET} 0"),
    ("in the neighbour", "bend*", put("leaf 0/witness/0", "-1"), f"{FACET} 0"),
    ("in the neighbour, by a little", "bend*", put("leaf 0/witness/0", f"-1/{TINY}"), f"{FACET} 0"),
    ("of the neighbour", "bend*", copy("leaf 1/witness", "leaf 0/witness"), f"{FACET} 0"),
    ("on the boundary of the domain", "cross*", put("leaf 0/witness/0", "2"), f"{FACET} 1"),
    ("outside of the domain", "cross*", put("leaf 0/witness/1", "3"), f"{FACET} 3"),
    ("outside of the domain, without splits", "affine", put("leaf 0/witness/1", "3"), f"{FACET} 3"),
    ("at a corner of its cell", "cross*", put("leaf 0/witness", ["0", "0"]), f"{FACET} 4"),
    ("on the hyperplane of a constraint left out", "bent twice*", put("leaf 1/witness/0", "1/2"), f"{FACET} 2"),
    ("too short", "bend*", put("leaf 0/witness", []), "the witness has 0 entries, expected 1"),
    ("too long", "bend*", again("leaf 0/witness/0"), "the witness has 2 entries, expected 1"),
    ("of a bare integer", "bend*", put("leaf 0/witness/0", 1), "1 is not a canonical rational"),
    ("infinite", "bend*", put("leaf 0/witness/0", "inf"), "'inf' is not a canonical rational"),
    ("null", "bend*", put("leaf 0/witness", None), "the witness is not an array"),
    ("of exchanged coordinates", "triangle*", swap("leaf 2/witness/0", "leaf 2/witness/1"), FACET),
]

OTHER_WITNESSES = [
    ("another point of the cell", "bend*", put("leaf 0/witness/0", "355/113")),
    ("a point near the hyperplane", "bend*", put("leaf 0/witness/0", f"1/{TINY}")),
    ("a point far away", "bend*", put("leaf 1/witness/0", str(-TINY))),
    ("a point near a corner of the domain", "cross*", put("leaf 0/witness", ["199/100", f"{2 * TINY - 1}/{TINY}"])),
    ("any point, without domain and splits", "affine, boundary ignored", put("leaf 0/witness", ["7", "-7/2"])),
]

MAPS = [
    ("a constant is a little more", "bend*", put("leaf 0/map/0/0", f"1/{TINY}"), f"{MAP} 0"),
    ("a coefficient is one more", "bend*", put("leaf 0/map/0/1", "2"), f"{MAP} 0"),
    ("a coefficient is a little more", "bend*", put("leaf 0/map/0/1", f"{TINY + 1}/{TINY}"), f"{MAP} 0"),
    ("a coefficient's sign", "bend*", put("leaf 0/map/0/1", "-1"), f"{MAP} 0"),
    ("a zero is a little more", "bend*", put("leaf 1/map/0/1", f"1/{TINY}"), f"{MAP} 0"),
    ("another leaf's map", "bend*", copy("leaf 1/map", "leaf 0/map"), f"{MAP} 0"),
    ("the map of the side on which the neuron is active", "bend*", copy("leaf 0/map", "leaf 1/map"), f"{MAP} 0"),
    ("with an inactive neuron", "modulus", put("leaf 0/map/0/1", "-1"), f"{MAP} 0"),
    ("without an active neuron", "modulus", put("leaf 1/map/0/1", "0"), f"{MAP} 0"),
    ("a negative zero", "bend*", put("leaf 1/map/0/1", "-0"), "'-0' is not in lowest terms"),
    ("maps of two leaves exchanged", "bend*", swap("leaf 0/map", "leaf 1/map"), f"{MAP} 0"),
    ("outputs exchanged", "two outputs*", swap("leaf 0/map/0", "leaf 0/map/1"), f"{MAP} 0"),
    ("the second output's constant", "two outputs*", put("leaf 0/map/1/0", "-8"), f"{MAP} 1"),
    ("coefficients exchanged", "cross*", swap("leaf 0/map/0/1", "leaf 0/map/0/2"), f"{MAP} 0"),
    ("a denominator left out", "bent twice*", put("leaf 0/map/0/0", "15"), f"{MAP} 0"),
    ("an output left out", "two outputs*", drop("leaf 0/map/1"), "map has 1 entries, expected 2"),
    ("an output too many", "bend*", again("leaf 0/map/0"), "map has 2 entries, expected 1"),
    ("no output", "bend*", put("leaf 0/map", []), "map has 0 entries, expected 1"),
    ("a coefficient left out", "bend*", drop("leaf 0/map/0/1"), "a row of map has 1 entries, expected 2"),
    ("a coefficient too many", "bend*", again("leaf 0/map/0/1"), "a row of map has 3 entries, expected 2"),
    ("a row that is no array", "bend*", put("leaf 0/map/0", "0"), "a row of map is not an array"),
    ("a bare integer", "bend*", put("leaf 0/map/0/1", 1), "1 is not a canonical rational"),
    ("null", "bend*", put("leaf 0/map", None), "map is not an array"),
    ("without hidden layers, a constant", "affine*", put("leaf 0/map/1/0", "2/3"), f"{MAP} 1"),
    ("without a field", "bend*", drop("leaf 0/map"), "the field map is missing"),
    ("with an unknown field", "bend*", put("leaf 0/pattern", []), "the field 'pattern' is unknown"),
    ("a leaf where nothing is decided", "bend*", drop("layer 0"), "split)"),
    (
        "a leaf before a layer that nobody enters",
        "bent twice, boundary ignored",
        counted(second_layer_left_out),
        "neurons are undecided at a leaf",
    ),
    ("a leaf before the second layer", "bent twice*", drop("layer 1"), "split)"),
]

FRACTIONS = [
    ("with fractions", "bent twice*", unchanged),
    ("of two outputs", "two outputs*", unchanged),
    ("of zeros", "three inputs", unchanged),
    ("without hidden layers", "affine*", unchanged),
]

CASES = [
    *table("leaf-witness", accepted=OTHER_WITNESSES, rejected=WITNESSES),
    *table("leaf-map", accepted=FRACTIONS, rejected=MAPS),
]
