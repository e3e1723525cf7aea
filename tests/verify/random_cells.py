"""Random networks with skips, random cells of them, random reasons: in the two spellings that are compared."""

from fractions import Fraction
from typing import Any

from verishallow.network import ReLUNetwork
from verishallow.verify.outputs import neuron_forms


def number(rng: Any, kind: Any) -> Any:
    """A number of a kind of width: small, dyadic, wide, or with any denominator."""
    match kind:
        case "small":
            return Fraction(rng.randint(-3, 3))
        case "dyadic":
            return Fraction(rng.randint(-(2**20), 2**20), 2**18)
        case "wide":
            return Fraction(rng.randint(-(2**90), 2**90), 2 ** rng.choice([0, 60, 88]))
        case "large":
            return Fraction(rng.randint(-(2**70), 2**70))
        case _:
            return Fraction(rng.randint(-20, 20), rng.choice([1, 2, 3, 7, 10]))


KINDS = ("small", "dyadic", "wide", "large", "any")


def network_of(rng: Any, kind: Any, inputs: Any, widest: Any = 4) -> Any:
    widths, layers = [inputs], []
    for _ in range(rng.randint(1, 3) + 1):
        sources = sorted({*rng.sample(range(len(widths)), rng.randint(0, min(2, len(widths)))), len(widths) - 1})
        width = rng.randint(1, widest)
        columns = sum(widths[s] for s in sources)
        rows = [
            [number(rng, kind) if rng.random() < 0.8 else Fraction(0) for _ in range(columns)] for _ in range(width)
        ]
        layers.append((rows, [number(rng, kind) for _ in range(width)], sources))
        widths.append(width)
    return ReLUNetwork.of(layers)


def fraction(value: Any) -> Any:
    return Fraction(int(value.numerator), int(value.denominator))


def plain_layers(network: Any) -> Any:
    found = []
    for k in range(1, len(network.layers)):
        forms = neuron_forms(network, k)
        reads = network.layers[k - 1].reads
        weights = {s: [[fraction(a) for a in (f.inputs if s == 0 else f.parts[s])] for f in forms] for s in reads}
        found.append((reads, weights, [fraction(f.constant) for f in forms]))
    return found


def words_of(rng: Any, state: Any) -> Any:
    """Words for the neurons that are unstable, never for others."""
    return [
        "".join("u" if kind in ("a", "i") else rng.choice("bbbu") for kind in each) if rng.random() < 0.9 else ""
        for each in state
    ]
