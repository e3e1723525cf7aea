"""Claims about a property, tried: by exact evaluation at points of the domain, with fractions and nothing else."""

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

Point = tuple[Fraction, ...]

FAR = 3
MOST_CORNERS = 256


def refutations(records: Sequence[Any], rng: random.Random, tries: int = 60) -> list[str]:
    """Points that show that a claim ``property`` is false; that of a counterexample if it is none."""
    header = records[0]
    networks = [record for record in records if record["record"] == "network"]
    if header["claim"] == "counterexample":
        point = tuple(map(Fraction, header["point"]))
        conjunction = header["unsafe"][header["disjunct"]]
        found = in_domain(header, point) and unsafe_at(conjunction, header, networks, point)
        return [] if found else [str(header["point"])]
    tried = [point for point in points(header, rng, tries) if in_domain(header, point)]
    return [
        str([*map(str, point)])
        for point in tried
        if any(unsafe_at(conjunction, header, networks, point) for conjunction in header["unsafe"])
    ]


def in_domain(header: Any, point: Point) -> bool:
    return all_hold(header["domain"], header["strict"], point)


def all_hold(rows: Any, strict: list[int], point: Sequence[Fraction]) -> bool:
    """A conjunction at a point."""
    for number, row in enumerate(rows):
        value = Fraction(row[0]) + sum(Fraction(a) * x for a, x in zip(row[1:], point, strict=True))
        if value < 0 or (value == 0 and number in strict):
            return False
    return True


def unsafe_at(conjunction: Any, header: Any, networks: Sequence[Any], point: Point) -> bool:
    source = on_slice(header, point)
    outputs = [value for network in networks for value in values(network, source)]
    return all_hold(conjunction["rows"], conjunction["strict"], [*point, *outputs])


def on_slice(header: Any, point: Point) -> list[Fraction]:
    if "slice" not in header:
        return list(point)
    return [
        Fraction(row[0]) + sum(Fraction(a) * x for a, x in zip(row[1:], point, strict=True)) for row in header["slice"]
    ]


def values(network: Any, source: list[Fraction]) -> list[Fraction]:
    """The outputs of a network record."""
    sources, z = [source], source
    for number, layer in enumerate(network["layers"]):
        read = [value for s in layer.get("reads", [number]) for value in sources[s]]
        z = [
            Fraction(b) + sum(Fraction(w) * v for w, v in zip(row, read, strict=True))
            for row, b in zip(layer["weight"], layer["bias"], strict=True)
        ]
        sources.append([max(value, Fraction(0)) for value in z])
    return z


# ------------------------------------------------------------------------------------------------ Points


def points(header: Any, rng: random.Random, tries: int) -> Iterator[Point]:
    """Corners of a box around the domain, points on a grid in it, points at random, and those that the file names."""
    sides = box(header)
    yield from product(*sides[:8]) if len(sides) <= 8 else ()
    for name in ("witness", "point"):
        if name in header:
            yield tuple(map(Fraction, header[name]))
    for parts in (1, 2, 4, 7, 97):
        for _ in range(tries // 5):
            yield tuple(low + (high - low) * Fraction(rng.randint(0, parts), parts) for low, high in sides)


def box(header: Any) -> list[tuple[Fraction, Fraction]]:
    """The rows of one input each; where there are none, some way from the origin."""
    lows, highs = ([Fraction(side)] * header["inputs"] for side in (-FAR, FAR))
    found = list(zip(lows, highs, strict=True))
    for row in header["domain"]:
        entries = [(i, Fraction(a)) for i, a in enumerate(row[1:]) if a != "0"]
        if len(entries) == 1:
            ((i, a),) = entries
            side, (low, high) = -Fraction(row[0]) / a, found[i]
            found[i] = (side, max(side, high)) if a > 0 else (min(side, low), side)
    return found
