"""What the caller expects of a certificate: networks, domain, slice, claim, boundary, and what is said of them."""

import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from tests.checker.bases import base_lines
from tests.checker.editing import parsed
from tests.checker.expected_properties import PROPERTIES

HEAD = {"format": "verishallow-network", "version": 1}
ONE, OTHER = ({**HEAD, "layers": record["layers"]} for record in parsed(base_lines("equal, maxima"))[1:3])
BOTH = {"--network": ONE, "--other": OTHER}
SKIP = {**HEAD, "layers": parsed(base_lines("skip"))[1]["layers"]}
HALF = {**HEAD, "layers": parsed(base_lines("trimmed"))[1]["layers"]}
CROSS = {**HEAD, "layers": parsed(base_lines("cross"))[1]["layers"]}
SQUARE = {"format": "verishallow-domain", "version": 1, "box": [[-2, 2], [-2, "2"]]}
ROWS = [["1", "1/2", 0], [2, -1, 0], [4, 0, 2], ["0.2", "0", "-1e-1"]]

IGNORED = {"--boundary": "ignore"}
KERNEL = "values.py network.py walk.py table.py judge.py"
ANOTHER_NETWORK = "the certificate is about another network"
ANOTHER_DOMAIN = "the certificate is about another domain"
ANOTHER_SLICE = "the certificate is about another slice"


@dataclass(frozen=True)
class Expectation:
    """``options`` are objects, which are written to files, texts or nothing; ``said`` is a piece of what is printed."""

    name: str
    base: str
    options: dict[str, Any]
    code: int
    said: str


def layers_with(number: int, **fields: Any) -> dict[str, Any]:
    layers = [dict(layer) for layer in SKIP["layers"]]
    layers[number].update(fields)
    return {**SKIP, "layers": layers}


def layer_without(field: str) -> dict[str, Any]:
    return {**SKIP, "layers": [without(SKIP["layers"][0], field), *SKIP["layers"][1:]]}


def without(content: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != field}


def bend(**fields: Any) -> dict[str, Any]:
    """The network of "bend", with other fields in its first layer."""
    first, last = parsed(base_lines("bend"))[1]["layers"]
    return {"--network": {**HEAD, "layers": [{**first, **fields}, last]}}


def box(bounds: Any) -> dict[str, Any]:
    return {"--domain": {**SQUARE, "box": bounds}}


def sliced(rows_of_slice: Any) -> dict[str, Any]:
    return {"--slice": {"format": "verishallow-slice", "version": 1, "rows": rows_of_slice}}


def rows(inequalities: Any) -> dict[str, Any]:
    return {"--domain": {**SQUARE, "box": [], "inequalities": inequalities}}


def weight(text: Any) -> dict[str, Any]:
    return {"--network": layers_with(0, weight=[[text], ["-1"]])}


RESIDUAL = {**HEAD, "layers": parsed(base_lines("slice"))[1]["layers"]}
ROWS_OF_SLICE = parsed(base_lines("slice"))[0]["slice"]
LINE = sliced(ROWS_OF_SLICE)

EXPECTATIONS = [
    Expectation(*row)
    for row in (
        *PROPERTIES,
        ("its own network", "skip", {"--network": SKIP}, 0, "valid"),
        ("its own network with weights spelled otherwise", "skip", weight("4/4"), 0, "valid"),
        ("its own network with decimals", "skip", weight("10e-1"), 0, "valid"),
        ("its own network with numbers", "skip", weight(1), 0, "valid"),
        ("its own network that spells the default", "skip", {"--network": layers_with(0, reads=[0])}, 0, "valid"),
        ("a network with another weight", "skip", weight("2"), 1, ANOTHER_NETWORK),
        ("a network that reads other layers", "skip", {"--network": layers_with(2, reads=[0, 2])}, 1, ANOTHER_NETWORK),
        ("another network", "skip", {"--network": CROSS}, 1, ANOTHER_NETWORK),
        ("a network with a text for a weight", "skip", weight("one"), 2, "'one' is no exact number"),
        ("a network with a plus sign", "skip", weight("+1"), 2, "'+1' is no exact number"),
        ("a network with null", "skip", weight(None), 2, "None is no exact number"),
        ("a network with NaN", "skip", weight(float("nan")), 2, "nan is no exact number"),
        ("a network with an infinity", "skip", weight("inf"), 2, "'inf' is no exact number"),
        ("a network with an exponent bomb", "skip", weight("1e99999"), 2, "is no exact number"),
        ("a network with 4000 digits", "skip", weight("1" * 4000), 2, "is no exact number"),
        ("a network with a division by zero", "skip", weight("1/0"), 2, "checker: "),
        ("a network without layers", "skip", {"--network": HEAD}, 2, "layers is not an array"),
        ("a network whose layers are an object", "skip", {"--network": {**HEAD, "layers": {}}}, 2, "layers is not an"),
        (
            "a network of another format",
            "skip",
            {"--network": SQUARE},
            2,
            "is no verishallow-network file of version 1",
        ),
        ("a network of another version", "skip", {"--network": {**SKIP, "version": 2}}, 2, "network file of version 1"),
        ("a network of version 1.0", "skip", {"--network": {**SKIP, "version": 1.0}}, 2, "network file of version 1"),
        ("a network without a version", "skip", {"--network": without(SKIP, "version")}, 2, "file of version 1"),
        ("a network without a format", "skip", {"--network": without(SKIP, "format")}, 2, "file of version 1"),
        ("a network with an unknown field", "skip", {"--network": {**SKIP, "name": "f"}}, 2, "'name' is unknown"),
        ("a network that is an array", "skip", {"--network": [SKIP]}, 2, "checker: "),
        ("a layer that is an array", "skip", {"--network": {**SKIP, "layers": [[]]}}, 2, "checker: "),
        ("a layer with an unknown field", "skip", {"--network": layers_with(0, relu=True)}, 2, "'relu' is unknown"),
        ("a layer without bias", "skip", {"--network": layer_without("bias")}, 2, "the field bias is missing"),
        ("a layer without weight", "skip", {"--network": layer_without("weight")}, 2, "the field weight is missing"),
        ("a bias that is a text", "bend", bend(bias="0"), 2, "bias is not an array"),
        ("a weight that is an object", "bend", bend(weight={"1": 0}), 2, "weight is not an array"),
        ("a weight row that is a text", "bend", bend(weight=["1"]), 2, "a row is not an array"),
        ("reads that are a text", "bend", bend(reads="0"), 2, "reads is not an array"),
        ("reads that are null", "bend", bend(reads=None), 2, "reads is not an array"),
        ("reads of true", "bend", bend(reads=[False]), 2, "False is no exact number"),
        ("reads of a fraction", "bend", bend(reads=["1/2"]), 2, "reads names '1/2', which is no number of a layer"),
        ("reads of a decimal", "bend", bend(reads=[0.9]), 2, "reads names '0.9', which is no number of a layer"),
        ("reads of a word", "bend", bend(reads=["the input"]), 2, "'the input' is no exact number"),
        ("reads spelled otherwise", "bend", bend(reads=["0.0"]), 0, "valid"),
        ("a network with its number of inputs", "skip", {"--network": {**SKIP, "inputs": 1}}, 0, "valid"),
        ("a network that is not there", "skip", {"--network": "no-such-file"}, 2, "No such file"),
        ("its own domain as a box", "cross", {"--domain": SQUARE}, 0, "valid"),
        ("its own domain as rows", "cross", rows(ROWS), 0, "valid"),
        ("its own domain, all of space", "skip", {"--domain": "R^n"}, 0, "valid"),
        ("a wider domain", "cross", {"--domain": {**SQUARE, "box": [[-2, 2], [-2, 3]]}}, 1, ANOTHER_DOMAIN),
        ("a domain of fewer rows", "cross", {"--domain": {**SQUARE, "box": [[-2, 2]]}}, 1, ANOTHER_DOMAIN),
        ("all of space", "cross", {"--domain": "R^n"}, 1, ANOTHER_DOMAIN),
        ("a domain for all of space", "skip", {"--domain": SQUARE}, 1, ANOTHER_DOMAIN),
        ("a domain of another format", "cross", {"--domain": CROSS}, 2, "is no verishallow-domain file of version 1"),
        ("a domain of another version", "cross", {"--domain": {**SQUARE, "version": 0}}, 2, "file of version 1"),
        ("a domain without a version", "cross", {"--domain": without(SQUARE, "version")}, 2, "file of version 1"),
        ("a domain with an unknown field", "cross", {"--domain": {**SQUARE, "rows": []}}, 2, "'rows' is unknown"),
        ("a domain that is an array", "cross", {"--domain": [SQUARE]}, 2, "checker: "),
        ("a domain with true", "cross", {"--domain": {**SQUARE, "box": [[True, 2]]}}, 2, "True is no exact number"),
        ("a domain with null", "cross", {"--domain": {**SQUARE, "box": [[-2, None]]}}, 2, "None is no exact number"),
        ("a box that is an object", "skip", box({}), 2, "box is not an array"),
        ("an interval of three numbers", "cross", box([[-2, 0, 2]]), 2, "checker: "),
        ("an empty box", "skip", box([]), 0, "valid"),
        ("inequalities that are an object", "skip", rows({}), 2, "inequalities is not an array"),
        ("an inequality that is a text", "bent twice", rows(["01", [1, -1]]), 2, "a row is not an array"),
        ("an inequality of no numbers", "skip", rows([[]]), 2, "checker: "),
        ("inequalities of one input more", "skip", rows([[1, 0, 0]]), 1, ANOTHER_DOMAIN),
        ("inequalities of no input", "skip", rows([[1]]), 1, ANOTHER_DOMAIN),
        ("its own rows and one of an input less", "cross", rows([*ROWS, [3, 0]]), 1, ANOTHER_DOMAIN),
        ("its own rows and one of an input more", "cross", rows([*ROWS, [0, 0, 0, 0]]), 1, ANOTHER_DOMAIN),
        (
            "its own rows, without a box",
            "cross",
            {"--domain": {**without(SQUARE, "box"), "inequalities": ROWS}},
            0,
            "valid",
        ),
        ("neither rows nor a box", "skip", {"--domain": without(SQUARE, "box")}, 2, "neither inequalities nor a box"),
        (
            "rows of null and no box",
            "skip",
            {"--domain": {**without(SQUARE, "box"), "inequalities": None}},
            2,
            "not an array",
        ),
        ("inequalities that are always true", "skip", rows([[1, 0], ["1/2", 0], [0, 0]]), 0, "valid"),
        ("its own rows and some that are always true", "cross", rows([*ROWS, [3, 0, 0], [0, 0, 0]]), 0, "valid"),
        ("an inequality that is never true", "skip", rows([[-1, 0]]), 1, ANOTHER_DOMAIN),
        ("its own rows and one that is never true", "cross", rows([*ROWS, ["-1/9", 0, 0]]), 1, ANOTHER_DOMAIN),
        ("an inequality of another row's ray", "cross", rows([*ROWS, [0, 1, 0]]), 1, ANOTHER_DOMAIN),
        ("an exact boundary", "cross", {"--boundary": "exact"}, 0, "valid"),
        ("an exact boundary, not ignored", "cross", {"--boundary": "ignore"}, 1, "the claim is for boundary exact"),
        ("an ignored boundary", "cross, boundary ignored", {"--boundary": "ignore"}, 0, "valid"),
        ("an ignored one, not exact", "cross, boundary ignored", {"--boundary": "exact"}, 1, "is for boundary ignore"),
        ("both networks", "equal, maxima", BOTH, 0, "valid"),
        ("the first network", "equal, maxima", {"--network": ONE}, 0, "valid"),
        ("the second network", "equal, maxima", {"--other": OTHER}, 0, "valid"),
        ("the second network for the first", "equal, maxima", {"--network": OTHER}, 1, ANOTHER_NETWORK),
        ("the first network for the second", "equal, maxima", {"--other": ONE}, 1, ANOTHER_NETWORK),
        ("both networks exchanged", "equal, maxima", {"--network": OTHER, "--other": ONE}, 1, ANOTHER_NETWORK),
        ("the first network for both", "equal, maxima", {**BOTH, "--other": ONE}, 1, ANOTHER_NETWORK),
        ("a second network where there is one", "skip", {"--network": SKIP, "--other": SKIP}, 1, ANOTHER_NETWORK),
        ("a second network of a count", "counted", {"--other": SKIP}, 1, ANOTHER_NETWORK),
        ("a second network that is a domain", "equal", {"--other": SQUARE}, 2, "is no verishallow-network file"),
        ("a second network that is not there", "equal", {"--other": "no-such-file"}, 2, "No such file"),
        ("an equality", "cross", {"--claim": "equality"}, 0, "valid"),
        ("an equality is exact", "cross, boundary ignored", {"--claim": "equality"}, 1, "is for boundary ignore"),
        ("an equality, ignored", "cross, boundary ignored", {"--claim": "equality", **IGNORED}, 0, "valid"),
        ("an equality, exact", "cross", {"--claim": "equality", "--boundary": "exact"}, 0, "valid"),
        ("an equality, ignored where it is exact", "cross", {"--claim": "equality", **IGNORED}, 1, "boundary exact"),
        ("whatever is claimed, boundary ignored", "cross, boundary ignored", {"--domain": SQUARE}, 0, "valid"),
        ("a count", "counted", {"--claim": "regions"}, 0, "valid"),
        ("bounds", "bounded", {"--claim": "bounds", "--domain": {**SQUARE, "box": [[-1, 1]]}}, 0, "valid"),
        ("equal networks", "equal, maxima", {"--claim": "equal", **BOTH, "--domain": "R^n"}, 0, "valid"),
        ("a count, not an equality", "counted", {"--claim": "equality"}, 1, "the claim is regions"),
        ("bounds, not a count", "bounded", {"--claim": "regions"}, 1, "the claim is bounds"),
        ("an equality, not of two networks", "skip", {"--claim": "equal"}, 1, "the claim is equality"),
        ("equal networks, not bounds", "equal", {"--claim": "bounds"}, 1, "the claim is equal"),
        ("an equality, not on some cells", "trimmed", {"--claim": "equality"}, 1, "the claim is equality-on-cells"),
        ("an equality, not on a grid", "quantised", {"--claim": "equality"}, 1, "the claim is equality-on-grid"),
        (
            "a domain, not some of its cells",
            "trimmed, with skips",
            {"--domain": SQUARE},
            1,
            "not about all of the domain",
        ),
        ("a domain, not a grid in it", "quantised", box([[-1, 1]]), 1, "not about all of the domain"),
        (
            "some cells of a domain",
            "trimmed, with skips",
            {"--domain": SQUARE, "--claim": "equality-on-cells"},
            0,
            "valid",
        ),
        ("a grid in a domain", "quantised", {**box([[-1, 1]]), "--claim": "equality-on-grid"}, 0, "valid"),
        ("the boundary of some cells", "trimmed", {"--boundary": "exact"}, 1, "the claim is for boundary none"),
        ("some cells", "trimmed", {"--network": HALF}, 0, "in the half-open cells of 1 leaf"),
        ("an exact boundary of a count", "counted", {"--boundary": "exact"}, 1, "the claim is for boundary none"),
        ("an ignored boundary of bounds", "bounded", {"--boundary": "ignore"}, 1, "the claim is for boundary none"),
        ("its own slice", "slice", LINE, 0, "valid"),
        ("its own slice, spelled otherwise", "slice", sliced([["2/4", 0.5], [-1, "3"]]), 0, "valid"),
        ("its own slice and domain", "slice", {**LINE, **box([[0, 1]])}, 0, "valid"),
        ("its own network, on whatever slice", "slice", {"--network": RESIDUAL}, 0, "valid"),
        ("its own domain, but no slice", "slice", box([[0, 1]]), 1, ANOTHER_SLICE),
        ("another slice", "slice", sliced([["1/2", "1/2"], ["-1", "2"]]), 1, ANOTHER_SLICE),
        ("a slice of rows exchanged", "slice", sliced(ROWS_OF_SLICE[::-1]), 1, ANOTHER_SLICE),
        ("its own slice and another domain", "slice", {**LINE, **box([[0, 2]])}, 1, ANOTHER_DOMAIN),
        ("a slice where there is none", "skip", sliced([[0, 1]]), 1, ANOTHER_SLICE),
        ("a slice of a domain where there is none", "skip", {**sliced([[0, 1]]), "--domain": "R^n"}, 1, ANOTHER_SLICE),
        ("a slice without rows", "slice", sliced([]), 1, ANOTHER_SLICE),
        ("a slice whose rows are an object", "slice", sliced({}), 2, "rows is not an array"),
        ("a slice whose rows are null", "slice", sliced(None), 2, "rows is not an array"),
        ("a slice with a row that is a text", "slice", sliced(["01", ["-1", "3"]]), 2, "a row is not an array"),
        ("a slice with a text for a number", "slice", sliced([["a half", 1], [0, 1]]), 2, "is no exact number"),
        ("a slice that is a domain", "slice", {"--slice": SQUARE}, 2, "is no verishallow-slice file of version 1"),
        ("a slice with a field", "slice", {"--slice": {**LINE["--slice"], "name": "e"}}, 2, "'name' is unknown"),
        ("a slice that is not there", "slice", {"--slice": "no-such-file"}, 2, "No such file"),
        ("all three", "cross", {"--network": CROSS, "--domain": SQUARE, "--boundary": "exact"}, 0, "valid"),
        ("its files", "merged", {"--files": None}, 0, f"checked by: {KERNEL} units.py merge.py\n"),
        ("the files of a count", "counted", {"--files": None}, 0, f"checked by: {KERNEL} regions.py\n"),
        (
            "files of a claim that is another",
            "counted",
            {"--files": None, "--claim": "bounds"},
            1,
            f"{KERNEL} regions.py",
        ),
        ("all three of an open one", "left open", {"--network": CROSS, "--domain": SQUARE}, 3, "incomplete"),
    )
]


def outcome(module: Any, expectation: Expectation, folder: Path) -> tuple[int | str, str]:
    """The exit code (the name of an exception that came instead) and what is printed, the folder left out."""
    arguments = [_written(folder / "certificate", b"".join(base_lines(expectation.base)))]
    for option, value in expectation.options.items():
        text = value if isinstance(value, str) else _written(folder / option, json.dumps(value).encode())
        arguments += [option] if value is None else [option, text]
    printed = StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        try:
            code = module.main(arguments)
        except Exception as error:  # noqa: BLE001 - whatever a mutant raises
            code = type(error).__name__
    return code, printed.getvalue().replace(str(folder), "")


def _written(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)
