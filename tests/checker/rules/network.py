"""Cases of the rule ``network``: shapes, sources, and a network that the rest is not about."""

from math import log10

from tests.checker.case import table
from tests.checker.editing import Edit, Records, again, drop, each, insert, put, swap, unchanged

TOO_WIDE = "the network is too wide, or too deep"
TOO_MANY_BITS = "a common denominator needs more than 100000 bits"
HUGE = "1" + "0" * 3999
NINE = tuple(range(9))
LONG = [f"1/{prime ** int(3990 / log10(prime))}" for prime in (2, 3, 5, 7, 11, 13, 17)]


def chain(weight: str) -> Edit:
    """Layers of one neuron each, without bias, as many as nine; every one is split, so nothing is stable."""

    def edit(records: Records) -> None:
        layer = {"weight": [[weight]], "bias": ["0"]}
        entries = [{**records[2], "layer": number + 1} for number in NINE]
        records[1]["layers"] = [layer] * (len(NINE) + 1)
        records[2:-1] = [record for entry in entries for record in (entry, records[3])]

    return edit


def layers(*entries: tuple[int, int, str]) -> Edit:
    """Layers of so many columns and rows, with this weight first; the others are 0."""

    def edit(records: Records) -> None:
        records[0]["inputs"] = entries[0][0]
        made = [([["0"] * columns for _ in range(rows)], ["0"] * rows) for columns, rows, _ in entries]
        for (weight, _), (_, _, first) in zip(made, entries, strict=True):
            weight[0][0] = first
        records[1]["layers"] = [{"weight": weight, "bias": bias} for weight, bias in made]

    return edit


def long_denominators(records: Records) -> None:
    """The last layer's first weights, with a common denominator within the limit, but of very many bits."""
    weights = records[1]["layers"][-1]["weight"][0]
    weights[: len(LONG)] = LONG


def wide(records: Records) -> None:
    """One neuron of so many inputs that the pre-activations have more coefficients than allowed."""
    records[0]["inputs"] = 5792
    records[1]["layers"] = [{"weight": [["0"] * 5792], "bias": ["0"]}]


REJECTED = [
    ("no layers", "bend", put("network/layers", []), "there is no layer"),
    ("layers that are no array", "bend", put("network/layers", {}), "layers is not an array"),
    ("without layers", "bend", drop("network/layers"), "the field layers is missing"),
    ("an unknown field", "bend", put("network/name", "f"), "the field 'name' is unknown"),
    ("no network", "bend", drop("network"), "line 2 (layer): expected the network record"),
    ("a network twice", "bend", again("network"), "record 'network' is no node of the tree"),
    ("a layer that is no object", "bend", put("network/layers/0", []), "[] is not an object"),
    ("a layer without bias", "bend", drop("network/layers/0/bias"), "the field bias is missing"),
    ("a layer without weight", "bend", drop("network/layers/0/weight"), "the field weight is missing"),
    ("a layer with an unknown field", "bend", put("network/layers/0/activation", "relu"), "'activation' is unknown"),
    ("a layer that reads, with an unknown field", "skip", put("network/layers/1/scale", "1"), "'scale' is unknown"),
    ("a layer without neurons", "bend", put("network/layers/0", {"bias": [], "weight": []}), "has no neuron"),
    ("a bias that is no array", "bend", put("network/layers/0/bias", "0"), "the bias of layer 1 is not an array"),
    ("a bias too many", "bend", again("network/layers/0/bias/0"), "the weight of layer 1 has 1 entries, expected 2"),
    ("a bias of a bare integer", "bend", put("network/layers/0/bias/0", 0), "0 is not a canonical rational"),
    ("a weight row too many", "bend", again("network/layers/0/weight/0"), "has 2 entries, expected 1"),
    ("a weight too many", "bend", again("network/layers/0/weight/0/0"), "has 2 entries, expected 1"),
    ("a weight too few", "bend", drop("network/layers/1/weight/0/0"), "has 0 entries, expected 1"),
    ("a weight row that is no array", "bend", put("network/layers/0/weight/0", "1"), "is not an array"),
    ("a weight of a bare integer", "bend", put("network/layers/0/weight/0/0", 1), "1 is not a canonical rational"),
    ("a weight of minus infinity", "bend", put("network/layers/0/weight/0/0", "-inf"), "not a canonical rational"),
    ("reads nothing", "skip", put("network/layers/1/reads", []), "is empty, or spells the default"),
    ("reads the default", "skip", put("network/layers/1/reads", [1]), "is empty, or spells the default"),
    ("reads the default, spelled out", "bend*", put("network/layers/1/reads", [1]), "spells the default"),
    ("reads itself", "skip", put("network/layers/1/reads", [0, 2]), "names 2, expected numbers below 2"),
    ("reads a later layer", "skip", put("network/layers/1/reads", [0, 3]), "names 3, expected numbers below 2"),
    ("reads in another order", "skip", put("network/layers/1/reads", [1, 0]), "is not increasing"),
    ("reads one source twice", "skip", put("network/layers/1/reads", [0, 0]), "is not increasing"),
    ("reads a negative source", "skip", put("network/layers/1/reads", [-1, 0]), "is -1, not a natural number"),
    ("reads true", "skip", put("network/layers/1/reads", [0, True]), "is True, not a natural number"),
    ("reads a number", "skip", put("network/layers/1/reads", 0), "reads of layer 2 is not an array"),
    ("reads null", "skip", put("network/layers/1/reads", None), "reads of layer 2 is not an array"),
    ("reads other sources", "skip*", put("network/layers/2/reads", [0, 2]), "has 3 entries, expected 2"),
    ("reads sources in exchanged columns", "residual", put("network/layers/2/reads", [1, 2]), "expected 3"),
    ("reads no skip", "skip*", drop("network/layers/1/reads"), "has 3 entries, expected 2"),
    ("a weight is another", "bend*", put("network/layers/0/weight/0/0", "2"), "leaf): the affine map"),
    ("a bias is another", "bend*", put("network/layers/0/bias/0", "1"), "plane 1 is not its neuron's"),
    ("an output weight is another", "bend*", put("network/layers/1/weight/0/0", "2"), "the affine map of output 0"),
    ("an output bias is another", "bend*", put("network/layers/1/bias/0", "1/9"), "the affine map of output 0"),
    ("a weight's sign is another", "bend*", put("network/layers/0/weight/0/0", "-1"), "leaf)"),
    ("a weight on the input is another", "skip*", put("network/layers/1/weight/0/0", "2"), "plane 3 is not its"),
    ("a weight on a skipped layer is another", "skip*", put("network/layers/2/weight/0/1", "2"), "the affine map"),
    ("neurons exchanged", "cross*", swap("network/layers/0/weight/0", "network/layers/0/weight/1"), "plane 1 is not"),
    ("outputs exchanged", "two outputs*", swap("network/layers/1/bias/0", "network/layers/1/bias/1"), "map of output"),
    ("layers exchanged", "bent twice*", swap("network/layers/0", "network/layers/1"), "network)"),
    ("a layer dropped", "bent twice*", drop("network/layers/1"), "a weight row of layer 2 has 1 entries"),
    ("a layer inserted", "bend*", again("network/layers/0"), "leaf): neurons are undecided at a leaf"),
    ("a neuron inserted", "cross", insert("network/layers/0/bias/0", "1"), "has 2 entries, expected 3"),
    ("hidden layers of none", "affine", again("network/layers/0"), "leaf): neurons are undecided at a leaf"),
]

ACCEPTED = [
    ("an output weight of a neuron that is shut", "shut", put("network/layers/1/weight/0/2", "77/3")),
    ("the bias of a neuron that is shut", "shut", put("network/layers/0/bias/2", "-1/9")),
    ("a layer that reads the input again", "residual", unchanged),
    ("a layer that reads two layers", "skip*", unchanged),
    ("no hidden layer", "affine*", unchanged),
    ("three inputs", "three inputs", unchanged),
]

GENERATED = [
    ("denominators that grow without bound", "bend", chain("1/" + HUGE), TOO_MANY_BITS),
    ("coefficients that grow without bound", "bend", chain(HUGE), "a coefficient needs more than 100000 bits"),
    ("too many coefficients", "bend", wide, TOO_WIDE),
    ("many coefficients of long denominators", "bend", each(layers((310, 1, "0")), long_denominators), TOO_WIDE),
    ("many coefficients, long after many layers", "bend", layers((310, 1, HUGE), *[(1, 1, HUGE)] * 7), TOO_WIDE),
    (
        "many weights of long denominators",
        "bend",
        each(layers((10, 220, "0"), (220, 220, "0"), (220, 220, "0"), (220, 1, "0")), long_denominators),
        TOO_WIDE,
    ),
    ("too many layers", "bend", layers(*[(1, 1, "1")] * 5794), TOO_WIDE),
]

CASES = table("network", accepted=ACCEPTED, rejected=REJECTED, generated=GENERATED)
