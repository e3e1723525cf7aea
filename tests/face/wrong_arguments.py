"""Wrong arguments in words, for each parameter of a kind, and the public functions that have such a parameter."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import verishallow
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.slices import Slice

ONE = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
TWO = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])])
THREE = ReLUNetwork.of([([[1, 0, 0], [0, 1, 0]], [0, 0]), ([[1, 1]], [0])])
CERTIFICATE = verishallow.prove(ONE, "box:-1,1")
PICTURE = "picture.svg"

Call = Callable[[Any], Any]

NETWORKS = {
    "a number": 3,
    "nothing": None,
    "a file that is not there": "no-such-network.onnx",
    "a folder": str(Path(__file__).parent),
    "an object": object(),
    "a list": [1, 2],
    "bytes": b"x",
    "the class of networks": ReLUNetwork,
}
DOMAINS = {
    "a number": 3,
    "a truth value": True,
    "an object": object(),
    "bytes": b"x",
    "a text that is no domain": "nonsense",
    "a box with one end": "box:1",
    "a box whose ends are exchanged": [(1, 0)],
    "a flat box": [(0, 0)],
    "numbers without pairs": [1, 2],
    "triples": [(1, 2, 3)],
    "too many pairs": [(0, 1)] * 9,
    "a pair of texts": [("a", 1)],
    "no number": [(0, float("nan"))],
    "no pairs": {},
    "a file that is not there": "no-such-domain.json",
    "a polyhedron of another dimension": Polyhedron.whole_space(7),
    "the class of polyhedra": Polyhedron,
}
SLICES = {"a number": 3, "a text": "line", "the class": Slice, "a slice of another space": Slice.line([0] * 7, [1] * 7)}
ENGINES = {"a text": "x", "a number": 3, "nothing": None, "a list": []}
POINTS = {
    "a number": 3,
    "a text": "1/2",
    "texts that are no numbers": ["a"],
    "bytes": b"x",
    "nothing": None,
    "an object": object(),
    "too many coordinates": [1] * 9,
    "no coordinates": {},
    "no number": [float("nan")],
    "an infinity": [float("inf")],
    "a truth value": [True],
    "a complex number": [1j],
    "a denominator of zero": ["1/0"],
}
NAMES = {
    "a number": 3,
    "numbers": [3],
    "nothings": [None],
    "one too many": ["a", "b"],
    "the same one twice": ["a"] * 2,
}
OUTPUTS = {
    "too large": 7,
    "negative": -1,
    "another name": "y9",
    "a fraction": 1.5,
    "a list": [1],
    "an object": object(),
}
COLOURS = {"a text": "x", "a number": 3, "nothing": None, "a list": []}
OBJECTS = {"a number": 3, "an object": object(), "a list": [[1]]}
MAPPINGS = {
    "a number": 3,
    "a text": "x",
    "a list": [1],
    "a number for a pair": {0: 3},
    "triples": {0: (1, 2, 3)},
    "a text for a number": {0: ("a", 1)},
    "no end": {0: (None, None)},
    "an output that is not there": {9: (0, 1)},
    "a name": {"y": (0, 1)},
}
NUMBERS = {"zero": 0, "negative": -1, "a fraction": 1.5, "a text": "2", "a truth value": True}
OPTIONS: dict[str, dict[str, Any]] = {
    "jobs": {**NUMBERS, "nothing": None},
    "max_regions": NUMBERS,
    "boundary": ENGINES,
    "construction": ENGINES,
    "units": ENGINES,
    "claim": {"a text": "x", "a number": 3, "a list": []},
    "executor": OBJECTS,
    "progress": {"a text": "x", "a number": 3, "nothing": None},
    "grid": {"a number": 3, "of another construction": "1/4"},
    "other": {"of another claim": ONE},
    "bounds": {"of another claim": {0: (0, 1)}},
    "dask": {"a number": 3, "a list": []},
}

OF_ONE_NETWORK = [
    "prove",
    "canonical",
    "polyhedral_complex",
    "enumerate_regions",
    "output_range",
    "finite",
    "one_hidden",
    "depth",
    "one_sided",
    "two_sided",
    "read_neurons",
]
DRAWN = {"plot_graph": ONE, "plot_regions": TWO, "plot_surface": TWO, "plot_cells": THREE}
SHOWN = (*DRAWN, "plot_twin", "report")


def public(name: str, **options: Any) -> Call:
    """A public function of one argument, and perhaps others."""
    return lambda value: getattr(verishallow, name)(value, **options)


def on(name: str, network: ReLUNetwork, keyword: str, **options: Any) -> Call:
    """A public function of a network, as a function of one keyword."""
    return lambda value: getattr(verishallow, name)(network, **{**options, keyword: value})


def never(_inputs: Any, outputs: Any) -> Any:
    """What must never happen."""
    return outputs[0] < -1


TAKE_A_NETWORK: dict[str, Call] = {
    **{name: public(name) for name in (*OF_ONE_NETWORK, *SHOWN, "load", "gated")},
    "plot": public("plot", path=PICTURE),
    "explain": public("explain", point=[1]),
    "quantised": public("quantised", domain="box:-1,1", grid="1"),
    "prove_equal": on("prove_equal", ONE, "other"),
    "difference": on("difference", ONE, "other"),
    "the first of difference": public("difference", other=ONE),
    "verify": public("verify", unsafe=never),
    "robust": public("robust", at=[1], radius=1),
    "within": on("within", ONE, "other", eps=1),
    "the first of within": public("within", other=ONE, eps=1),
}
TAKE_A_DOMAIN: dict[str, Call] = {
    **{name: on(name, ONE, "domain") for name in (*OF_ONE_NETWORK, "plot_twin", "report")},
    **{name: on(name, network, "domain") for name, network in DRAWN.items()},
    "plot": on("plot", ONE, "domain", path=PICTURE),
    "explain": on("explain", ONE, "domain", point=["1/2"]),
    "quantised": on("quantised", ONE, "domain", grid="1"),
    "prove_equal": on("prove_equal", ONE, "domain", other=ONE),
    "difference": on("difference", ONE, "domain", other=ONE),
    "parts_of": public("parts_of", inputs=1),
}
TAKE_ANY_DOMAIN: dict[str, Call] = {
    "verify": on("verify", ONE, "domain", unsafe=never),
    "robust": on("robust", ONE, "domain", at=[1], radius=1),
    "within": on("within", ONE, "domain", other=ONE, eps=1),
}
TAKE_A_SLICE = {
    **{name: on(name, TWO, "on_slice") for name in ("prove", "finite", "one_hidden", "plot_graph", "plot_regions")},
    "quantised": on("quantised", TWO, "on_slice", domain="box:-1,1", grid="1"),
}
TAKE_A_POINT: dict[str, Call] = {
    "a network": ONE,
    "a certificate": CERTIFICATE,
    "a three-layer network": CERTIFICATE.shallow,
    "explain": on("explain", ONE, "point"),
    "robust": on("robust", ONE, "at", radius=1),
    "a polyhedron": Polyhedron.box([(0, 1)]).contains,
    "a grid": verishallow.Grid.of([(0, 1)]).contains,
    "a line": lambda value: Slice.line(value, [0]),
    "a plane": lambda value: Slice.plane([0], value, [1]),
    "trimmed_to_points": lambda value: verishallow.trimmed_to_points(CERTIFICATE, [value]),
}
TAKE_AN_OUTPUT = {
    **{name: on(name, DRAWN[name], "output", domain="box:-1,1") for name in DRAWN},
    "plot": on("plot", TWO, "output", path=PICTURE, domain="box:-1,1"),
}
TAKE_NAMES = {
    **{name: on(name, ONE, "names", domain="box:-1,1") for name in ("plot_graph", "plot_twin", "report")},
    "explain": on("explain", ONE, "names", point=[1]),
}
SPELLED: dict[str, tuple[Call, dict[str, Any]]] = {
    "Polyhedron.of": (Polyhedron.of, {**OBJECTS, "a text": "x", "no rows": []}),
    "Polyhedron.box": (Polyhedron.box, {"a number": 3, "triples": [(1, 2, 3)], "numbers": [1]}),
    "Slice.of": (Slice.of, {"a number": 3, "a text": "x", "numbers": [1]}),
    "Grid.of": (verishallow.Grid.of, {"a number": 3, "triples": [(1, 2, 3)], "no pairs": []}),
    "ReLUNetwork.of": (
        ReLUNetwork.of,
        {
            **OBJECTS,
            "a text": "x",
            "no layers": [],
            "a layer of one part": [([[1]],)],
            "of four": [([[1]], [0], [0], 1)],
        },
    ),
    "from_points": (lambda value: verishallow.from_points(value, [1]), {"a number": 3, "nothing": None}),
    "values of from_points": (lambda value: verishallow.from_points([1], value), {"a number": 3, "nothing": None}),
    "Certificate": (verishallow.Certificate, {**OBJECTS, "a text": "x"}),
    "Certificate.read": (verishallow.Certificate.read, {**OBJECTS, "no file": "no-such-certificate"}),
    "check": (verishallow.check, {**OBJECTS, "no file": "no-such-certificate"}),
    "EqualNetworks": (verishallow.EqualNetworks, {**OBJECTS, "a file": "x.onnx"}),
    "OutputBounds": (verishallow.OutputBounds, {"a number": 3, "a list": [[1]]}),
    "trimmed_to_points": (public("trimmed_to_points", points=[[0]]), {**OBJECTS, "no file": "no-such-certificate"}),
    "the window of a picture": (on("plot_graph", ONE, "window"), {**OBJECTS, "a text": "x"}),
    "the data of a picture": (on("plot_graph", ONE, "data", domain="box:-1,1"), {**OBJECTS, "a text": "x"}),
    "the axes of a picture": (on("plot_regions", TWO, "axes", domain="box:-1,1"), {**OBJECTS, "a text": "x"}),
    "the path of a picture": (on("plot", ONE, "path", domain="box:-1,1"), {**OBJECTS, "of no picture": "x"}),
    "the title of a report": (on("report", ONE, "title"), OBJECTS),
    "the side of one_sided": (on("one_sided", ONE, "side", domain="box:-1,1"), {**OBJECTS, "a text": "x"}),
    "the centre of two_sided": (on("two_sided", ONE, "centre", domain="box:-1,1"), {"a list": [1], "outside": 7}),
    "what verify shows unsafe": (on("verify", ONE, "unsafe"), {**OBJECTS, "nothing": None, "a file": "x.vnnlib"}),
    "the radius of robust": (on("robust", ONE, "radius", at=[1]), {"negative": -1, "a text": "x", "a list": []}),
    "the norm of robust": (on("robust", ONE, "norm", at=[1], radius=1), {"l2": "l2", "a number": 1}),
    "the winner of robust": (on("robust", ONE, "winner", at=[1], radius=1), {"too great": 2, "a truth value": True}),
    "the eps of within": (on("within", ONE, "eps", other=ONE), {"a text": "x", "a list": []}),
    "the jobs of verify": (on("verify", ONE, "jobs", unsafe=never), NUMBERS),
    "the time of verify": (on("verify", ONE, "timeout", unsafe=never), {"negative": -1, "a text": "2", "a list": []}),
    "the nodes of verify": (on("verify", ONE, "max_nodes", unsafe=never), {"negative": -1, "a fraction": 1.5}),
    "what verify resumes": (on("verify", ONE, "resume", unsafe=never), {"no file": "absent", "a number": 3}),
    "the bounds of prove": (on("prove", ONE, "bounds", claim="bounds", domain="box:-1,1"), MAPPINGS),
    "the other of prove": (on("prove", ONE, "other", claim="equal"), NETWORKS),
}


EMPTY_OR_FLAT = ("a box whose ends are exchanged", "a flat box")
"""What is no domain of regions, but one of a property."""


def cases() -> Iterator[tuple[str, Call, Any]]:
    """Each call in words, and the wrong argument."""
    tables: list[tuple[str, dict[str, Call], dict[str, Any]]] = [
        ("network", TAKE_A_NETWORK, NETWORKS),
        ("domain", TAKE_A_DOMAIN, DOMAINS),
        ("domain", TAKE_ANY_DOMAIN, {words: value for words, value in DOMAINS.items() if words not in EMPTY_OR_FLAT}),
        ("slice", TAKE_A_SLICE, SLICES),
        ("point", TAKE_A_POINT, POINTS),
        ("output", TAKE_AN_OUTPUT, OUTPUTS),
        ("names", TAKE_NAMES, NAMES),
        ("colour", {name: on(name, DRAWN[name], "color", domain="box:-1,1") for name in DRAWN}, COLOURS),
        ("engine", {name: on(name, ONE, "engine") for name in ("prove", "output_range", "enumerate_regions")}, ENGINES),
        ("engine", {name: on(name, ONE, "engine", other=ONE) for name in ("prove_equal", "difference")}, ENGINES),
    ]
    for what, functions, values in tables:
        for name, call in functions.items():
            yield from ((f"{name}, {what}: {words}", call, value) for words, value in values.items())
    for option, values in OPTIONS.items():
        yield from ((f"prove, {option}: {words}", on("prove", ONE, option), value) for words, value in values.items())
    for name, (call, values) in SPELLED.items():
        yield from ((f"{name}: {words}", call, value) for words, value in values.items())
