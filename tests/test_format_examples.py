"""The examples and the names in proofs/FORMAT.md are those of the checker and of the writer."""

import ast
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from verishallow import checker
from verishallow.affine import AffineForm
from verishallow.claims import Equality
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.records import certificate_lines
from verishallow.regions.cdd_engine import cdd_engine, generic_point

PAGE = (Path(__file__).parent.parent / "proofs" / "FORMAT.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
CERTIFICATES = [text.encode("ascii").splitlines(keepends=True) for kind, text in BLOCKS if kind == "jsonl"]
WRITTEN = [(one, two) for (kind, one), (after, two) in pairwise(BLOCKS) if (kind, after) == ("json", "jsonl")]


def test_the_page_has_examples() -> None:
    assert {kind for kind, _ in BLOCKS} == {"json", "jsonl"}
    assert (len(CERTIFICATES), len(WRITTEN)) == (5, 4)


@pytest.mark.parametrize("lines", CERTIFICATES)
def test_every_example_is_valid(lines: list[bytes]) -> None:
    verdict = checker.check_lines(lines)
    assert verdict.kind == "valid", verdict


@pytest.mark.parametrize(("network_text", "certificate"), WRITTEN)
def test_the_writer_writes_the_examples(network_text: str, certificate: str) -> None:
    network = ReLUNetwork.of(
        (layer["weight"], layer["bias"], layer.get("reads")) for layer in json.loads(network_text)["layers"]
    )
    header = json.loads(certificate.partition("\n")[0])
    domain = Polyhedron(network.inputs, tuple(AffineForm.of(row) for row in header["domain"]))
    nodes = cdd_engine(network, domain, generic_point(domain))
    written = b"".join(certificate_lines(network, domain, Equality(header["boundary"]), nodes))
    assert written.decode("ascii") == certificate


def test_the_page_names_every_field() -> None:
    fields = _fields_of_the_checker()
    assert fields == {name for lines in CERTIFICATES for line in lines for name in _names(json.loads(line))}
    assert [name for name in sorted(fields) if f"| `{name}` |" not in PAGE] == []


def test_the_page_names_every_kind_of_record() -> None:
    rules = {name.removeprefix("rule_") for name in vars(checker.Walk) if name.startswith("rule_")}
    for kind in {"header", "network", "end"} | rules:
        assert f'| `record` | `"{kind}"` |' in PAGE


def test_the_page_states_every_limit() -> None:
    table = PAGE[PAGE.index("| limit | bound |") : PAGE.index("Coefficients are counted")]
    limits = [value for name, value in vars(checker).items() if name == "CHUNK" or name.startswith("MAX_")]
    assert sorted(int(number) for number in re.findall(r"\d{2,}", table)) == sorted(limits)


def _fields_of_the_checker() -> set[str]:
    """The names that its calls of ``members`` allow, spelled in the call or in what is starred there."""
    nodes = list(ast.walk(ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))))
    calls = [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "members"]
    starred = {_name(part.value) for call in calls for part in call.args if isinstance(part, ast.Starred)} - {""}
    values = [value for node in nodes for name, value in _assigned(node) if name in starred]
    return {text for part in (*calls, *values) for text in _texts(part)}


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names of variables and attributes with the values that an assignment gives them."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            yield from zip(map(_name, names), values, strict=True)
        case ast.Assign(targets=[name], value=value):
            yield _name(name), value


def _name(target: ast.AST) -> str:
    return getattr(target, "id", getattr(target, "attr", ""))


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _names(value: Any) -> Iterator[str]:
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _names(part)
    if isinstance(value, dict):
        yield from value
