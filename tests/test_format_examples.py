"""The examples and the names in proofs/FORMAT.md are those of the checker and of the writer."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.checker.bases import BASES, base_lines
from tests.checker.mutants import SOURCE, loaded
from verishallow import checker
from verishallow.affine import AffineForm
from verishallow.checker import values
from verishallow.claims.bounds import Bound, OutputBounds
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.equality import Equality
from verishallow.claims.finite import finite
from verishallow.claims.gated import gated
from verishallow.claims.merge import Merged
from verishallow.claims.one_hidden import OneHidden
from verishallow.claims.quantised import quantised
from verishallow.claims.regions import RegionCount
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import parse_rational, vector
from verishallow.records.lines import certificate_lines
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.shallow.grids import Grid
from verishallow.slices import Slice

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "proofs" / "FORMAT.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
CERTIFICATES = [text.encode("ascii").splitlines(keepends=True) for kind, text in BLOCKS if kind == "jsonl"]


def _written() -> Iterator[tuple[list[str], str]]:
    """Certificates with the networks before them; one without any is about the last ones, and by hand."""
    networks = list[str]()
    for kind, text in BLOCKS:
        if kind == "json":
            networks.append(text)
        elif networks:
            yield networks, text
            networks = []


WRITTEN = list(_written())
VERDICTS = PAGE[PAGE.index("| the statement in the line |") : PAGE.index("Exit code 2 is for errors")]


def test_the_page_has_examples() -> None:
    assert {kind for kind, _ in BLOCKS} == {"json", "jsonl"}
    assert (len(CERTIFICATES), len(WRITTEN)) == (18, 14)


@pytest.mark.parametrize("lines", CERTIFICATES)
def test_every_example_is_valid(lines: list[bytes]) -> None:
    verdict = checker.check_lines(lines)
    assert verdict.kind == "valid", verdict


@pytest.mark.parametrize(("network_texts", "certificate"), WRITTEN)
def test_the_writer_writes_the_examples(network_texts: list[str], certificate: str) -> None:
    network, *others = (_network(text) for text in network_texts)
    header = json.loads(certificate.partition("\n")[0])
    domain = Polyhedron(header["inputs"], tuple(AffineForm.of(row) for row in header["domain"]))
    on_slice = Slice.of(header["slice"]) if "slice" in header else None
    claim = _claim(header, network, others, domain)
    explored = claim.explored(network)
    explored = on_slice.restricted(explored) if on_slice else explored
    nodes = claim.tree(cdd_engine, explored, domain, generic_point(domain))
    written = b"".join(certificate_lines(network, domain, claim, nodes, on_slice))
    assert written.decode("ascii") == certificate


def _network(text: str) -> ReLUNetwork:
    return ReLUNetwork.of((layer["weight"], layer["bias"], layer.get("reads")) for layer in json.loads(text)["layers"])


def _claim(header: dict[str, Any], network: ReLUNetwork, others: list[ReLUNetwork], domain: Polyhedron) -> Claim:
    match header["claim"]:
        case "regions":
            return RegionCount()
        case "bounds":
            sides = [
                {side: parse_rational(text) for side, text in entry.items() if side != "output"}
                for entry in header["bounds"]
            ]
            outputs = [entry["output"] for entry in header["bounds"]]
            return OutputBounds(
                tuple(Bound(o, side.get("low"), side.get("high")) for o, side in zip(outputs, sides, strict=True))
            )
        case "equal":
            (other,) = others
            return EqualNetworks(other)
        case "equality-on-grid":
            domain = Polyhedron(header["inputs"], tuple(AffineForm.of(row) for row in header["domain"]))
            return quantised(network, domain, Grid.of(header["grid"]), "cdd")
    return _equality(header, network, others, domain)


def _equality(header: dict[str, Any], network: ReLUNetwork, others: list[ReLUNetwork], domain: Polyhedron) -> Claim:
    match header["construction"]:
        case "one-hidden":
            return OneHidden(others[0])
        case "finite":
            return finite(network, domain)
        case "merge":
            return Merged(header["boundary"])
        case "gated":
            return gated(network, header["boundary"])
    return Equality(header["boundary"], vector(header.get("low", ())))


@pytest.mark.parametrize("lines", CERTIFICATES)
def test_the_page_states_the_verdicts(lines: list[bytes]) -> None:
    statement, _, about = checker.check_lines(lines).reason.partition("; ")
    assert f"`{statement}`" in VERDICTS
    assert about.startswith("D = ")


def test_the_page_names_every_field() -> None:
    one_file = loaded(SOURCE)
    fields, members = set[str](), one_file.members

    def noted(value: Any, *names: str) -> None:
        fields.update(names)
        members(value, *names)

    one_file.members = noted
    for name in BASES:
        one_file.check_lines(base_lines(name))
    assert fields == {name for lines in CERTIFICATES for line in lines for name in _names(json.loads(line))}
    assert [name for name in sorted(fields) if f"| `{name}` |" not in PAGE] == []


def test_the_page_names_every_kind_of_record() -> None:
    nodes = {kind for rules in checker.TABLE for kind in rules.nodes}
    for kind in {"header", "network", "end"} | nodes:
        assert re.search(rf'\| `record` \|( all \|)? `"{kind}"` \|', PAGE)


def test_the_page_states_every_limit() -> None:
    table = PAGE[PAGE.index("| limit | bound |") : PAGE.index("Coefficients are counted")]
    limits = [value for name, value in vars(values).items() if name == "CHUNK" or name.startswith("MAX_")]
    assert sorted(int(number) for number in re.findall(r"\d{2,}", table)) == sorted(limits)
    assert f"counted in words of {values.WORD} bits" in PAGE


def test_the_guide_states_the_limits_of_the_checker() -> None:
    stated = README[README.index("Limits of the format") :].partition("\n\n")[0]
    numbers = [int(number.replace(",", "")) for number in re.findall(r"(?<!\^)\b\d[\d,]*\d\b", stated)]
    assert numbers == [values.MAX_DIGITS, values.MAX_LINE >> 20, values.MAX_BITS, values.WORD]
    assert f"2^{values.MAX_COEFFICIENTS.bit_length() - 1} coefficients" in stated
    assert values.MAX_COEFFICIENTS.bit_count() == 1


def _names(value: Any) -> Iterator[str]:
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _names(part)
    if isinstance(value, dict):
        yield from value
