"""The law: the three-layer network is the deep one, everywhere; and what a certificate lets you do."""

import gzip
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import (
    ABSOLUTE_VALUE,
    CENTRAL_PLANE,
    EXAMPLES,
    LINE,
    PLANE,
    TRIANGLE,
    each_boundary,
    each_example,
    example_certificate,
    example_leaves,
    leaves_of,
)
from tests.strategies import points, problems
from verishallow import Certificate, Polyhedron, ReLUNetwork, check, checker, prove
from verishallow.affine import AffineForm
from verishallow.errors import (
    DomainError,
    InputError,
    InvalidCertificateError,
    NetworkError,
    OutsideDomainError,
    RationalError,
)
from verishallow.rationals import Vector, vector
from verishallow.regions.cell_tree import Leaf
from verishallow.regions.region import Region
from verishallow.shallow.signed_faces import Boundary

stand_alone_check: Any = checker.check

# ------------------------------------------------------------------------------------------------ The law


def law_points(certificate: Certificate) -> set[Vector]:
    """Witnesses, vertices, midpoints of pairs of vertices of a region, points along rays: ties everywhere."""
    return {at for region in certificate.regions for at in (region.witness, *_ties(region))}


def _ties(region: Region) -> list[Vector]:
    generators = region.v_representation
    along = [
        tuple(v + 5 * r for v, r in zip(vertex, ray, strict=True))
        for vertex in generators.vertices
        for ray in (*generators.rays, *generators.lines)
    ]
    midpoints = [_midpoint(*pair) for pair in combinations(generators.vertices, 2)]
    return [*generators.vertices, *along, *midpoints]


def _midpoint(one: Vector, other: Vector) -> Vector:
    return tuple((a + b) / 2 for a, b in zip(one, other, strict=True))


def check_law(certificate: Certificate, more: Iterable[Vector] = (), most: int | None = None) -> None:
    verdict = certificate.check()
    assert (verdict.kind, verdict.exit_code) == ("valid", 0)
    deep, shallow = certificate.network, certificate.shallow.reduced()
    within = [at for at in more if certificate.domain.contains(at)]
    for at in (*_spread(sorted(law_points(certificate)), most), *within):
        times = 1 if certificate.boundary == "exact" else certificate.closed_cells_at(at)
        assert times >= 1
        assert shallow(at) == tuple(times * y for y in deep(at))


def _spread(found: list[Vector], most: int | None) -> list[Vector]:
    """All points, or evenly chosen ones of many."""
    return found[:: 1 if most is None else 1 + len(found) // most]


@each_boundary
@each_example
def test_the_law_on_the_examples(name: str, boundary: Boundary) -> None:
    check_law(example_certificate(name, boundary))


@given(problems(), st.data())
@settings(max_examples=80, deadline=None)
def test_the_law(problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject) -> None:
    certificate = prove(*problem)
    assert certificate.network == problem[0]
    check_law(certificate, data.draw(st.lists(points(problem[0].inputs), min_size=2, max_size=8)), most=120)


@given(problems(), st.data())
@settings(max_examples=40, deadline=None)
def test_the_law_with_ignored_boundaries(problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject) -> None:
    certificate = prove(*problem, boundary="ignore")
    check_law(certificate, data.draw(st.lists(points(problem[0].inputs), min_size=2, max_size=8)), most=120)


def test_ignored_boundaries_count_a_point_once_for_each_closed_cell() -> None:
    certificate = prove(ReLUNetwork.of(CENTRAL_PLANE), boundary="ignore")
    assert [certificate.closed_cells_at(at) for at in ([0, 0], [1, -1], [0, 5], [1, 1])] == [6, 2, 2, 1]
    for at, times in (([1, -1], 2), ([0, 5], 2), ([1, 1], 1)):
        assert certificate.shallow(at) == tuple(times * y for y in certificate.network(at))


# -------------------------------------------------------------------------------------------- Evaluation


@pytest.mark.parametrize(
    ("boundary", "domain", "point", "fragment"),
    [
        ("exact", "box:-1,1", ["1.0001"], "the point lies outside the domain: inequality 1, 1 - x0 >= 0, fails"),
        ("exact", "box:-1,1", [-2], "outside the domain: inequality 0, 1 + x0 >= 0, fails"),
        ("ignore", "box:-1,1", [2], "outside the domain"),
        ("ignore", "box:-1,1", [0], "the point lies on a region boundary, and this certificate ignores those"),
        ("ignore", None, [0], "region boundary"),
    ],
)
def test_no_value_where_nothing_is_claimed(
    boundary: Boundary, domain: str | None, point: list[Any], fragment: str
) -> None:
    certificate = prove(ReLUNetwork.of(ABSOLUTE_VALUE), domain, boundary)
    with pytest.raises(OutsideDomainError) as caught:
        certificate(point)
    assert fragment in str(caught.value)


@pytest.mark.parametrize(
    ("boundary", "point", "value"),
    [
        ("exact", [0], [0]),
        ("exact", ["-1"], [1]),
        ("exact", ["1/3"], ["1/3"]),
        ("ignore", ["-1/3"], ["1/3"]),
        ("ignore", [1], [1]),
    ],
)
def test_values_where_something_is_claimed(boundary: Boundary, point: list[Any], value: list[Any]) -> None:
    assert prove(ReLUNetwork.of(ABSOLUTE_VALUE), "box:-1,1", boundary)(point) == vector(value)


@pytest.mark.parametrize(
    ("point", "error", "fragment"),
    [
        ([1, 2], NetworkError, "expected a point with 1 coordinates"),
        ([float("nan")], RationalError, "expected a finite number, found nan"),
    ],
)
def test_what_is_no_point_is_refused(point: list[Any], error: type[InputError], fragment: str) -> None:
    with pytest.raises(error, match=fragment):
        example_certificate("absolute value")(point)


# ----------------------------------------------------------------------------------------------- Domains


@pytest.mark.parametrize(
    "domain",
    [
        "box:-2,2",
        "box:[-2,2]x[-2.0,4/2]",
        Polyhedron.box([(-2, 2), (-2, 2)]),
        Polyhedron.of([["4/3", "2/3", 0], [2, -1, 0], [2, 0, 1], [14, 0, -7]]),
        Polyhedron.of([[2, 1, 0], [2, -1, 0], [2, 0, 1], [2, 0, -1], [4, 2, 0], [5, 0, 0], [0, 0, 0]]),
    ],
    ids=["one interval", "two intervals", "a polyhedron", "other multiples", "repeated and constant rows"],
)
def test_one_domain_in_many_spellings(domain: Polyhedron | str) -> None:
    network = EXAMPLES["two layers on a square"].network
    assert prove(network, domain).lines == example_certificate("two layers on a square").lines


def test_redundant_rows_of_a_domain_stay_and_do_no_harm() -> None:
    redundant = Polyhedron(2, (AffineForm.of([9, 1, 1]), *TRIANGLE.inequalities, AffineForm.of([1, -1, 0])))
    network = EXAMPLES["two layers in the plane"].network
    certificate, plain = prove(network, redundant), prove(network, TRIANGLE)
    check_law(certificate)
    assert certificate.domain == redundant
    assert {r.pattern for r in certificate.regions} == {r.pattern for r in plain.regions}
    assert certificate.counts["linear_regions"] == plain.counts["linear_regions"]


@pytest.mark.parametrize(
    ("domain", "fragment"),
    [
        (Polyhedron.of([[0, 1], [-1, -1]]), "the polyhedron is empty"),
        (Polyhedron.of([[0, 1], [0, -1]]), "the polyhedron is flat"),
        (Polyhedron.of([[-1, 0]]), "the polyhedron is empty"),
        (PLANE, "expected a domain of dimension 1, the network's inputs, found 2"),
        ("box:1,1", "flat"),
        ("box:2,1", "empty"),
        ("box:[0,1]x[0,1]", "expected 1 intervals"),
        ("no such file", "expected box:low,high"),
    ],
)
def test_a_domain_that_cannot_be_used_is_refused(domain: Polyhedron | str, fragment: str) -> None:
    with pytest.raises(DomainError) as caught:
        prove(ReLUNetwork.of(ABSOLUTE_VALUE), domain)
    assert fragment in str(caught.value)


@pytest.mark.parametrize(
    ("options", "fragment"),
    [
        ({"boundary": "none"}, "boundary: expected exact or ignore, found 'none'"),
        ({"engine": "fast"}, "engine: expected one of auto, "),
        ({"engine": ""}, "found ''"),
    ],
)
def test_unknown_options_are_refused(options: dict[str, Any], fragment: str) -> None:
    with pytest.raises(InputError) as caught:
        prove(ReLUNetwork.of(ABSOLUTE_VALUE), **options)
    assert fragment in str(caught.value)


# --------------------------------------------------------------------------------------------- Contents


def _essence(region: Region | Leaf) -> tuple[Any, ...]:
    cell = region.cell.polyhedron if isinstance(region, Leaf) else region.polyhedron
    facets = {cell.inequalities[number].primitive() for number in cell.facets}
    assert cell.contains_strictly(region.witness)
    return region.pattern, region.affine_map, facets


@each_boundary
@each_example
def test_the_regions_of_a_certificate_are_those_of_the_engine(name: str, boundary: Boundary) -> None:
    found = [_essence(region) for region in example_certificate(name, boundary).regions]
    assert found == [_essence(leaf) for leaf in example_leaves(name)]


@given(problems())
@settings(max_examples=30, deadline=None)
def test_the_regions_of_random_certificates(problem: tuple[ReLUNetwork, Polyhedron]) -> None:
    found = [_essence(region) for region in prove(*problem).regions]
    assert found == [_essence(leaf) for leaf in leaves_of(problem[0], problem[1].normalised())]


@each_example
def test_a_certificate_says_what_it_is_about(name: str) -> None:
    example, certificate = EXAMPLES[name], example_certificate(name)
    assert certificate.network == example.network
    assert certificate.domain == example.domain.normalised()
    assert certificate.counts["leaves"] == certificate.counts["activation_regions"] == len(certificate.regions)
    assert certificate.check().counts == certificate.counts
    assert certificate.check().header == certificate.header
    if example.counts is not None:
        assert example.counts.linear_regions == certificate.counts["linear_regions"]


@pytest.mark.parametrize("boundary", ["exact", "ignore"])
def test_fewer_faces_where_boundaries_are_ignored(boundary: Boundary) -> None:
    counts = example_certificate("all biases 0 in the plane", boundary).counts
    assert counts["faces"] == {"exact": 13, "ignore": 6}[boundary]


# ------------------------------------------------------------------------------------------------- Files


@each_boundary
@pytest.mark.parametrize("name", ["absolute value", "max of three", "two layers in a strip", "no hidden layer"])
def test_what_is_saved_is_read_again(tmp_path: Path, name: str, boundary: Boundary) -> None:
    certificate, target = example_certificate(name, boundary), tmp_path / "proof"
    certificate.save(target)
    assert Certificate.read(target) == certificate
    assert str(stand_alone_check(target)) == str(certificate.check()) == str(check(target))
    assert check(target, EXAMPLES[name].network).kind == "valid"
    assert gzip.decompress(target.read_bytes()) == b"".join(certificate.lines)


def test_plain_lines_are_read_too(tmp_path: Path) -> None:
    certificate = example_certificate("two outputs")
    (tmp_path / "plain").write_bytes(b"".join(certificate.lines))
    assert Certificate.read(tmp_path / "plain") == certificate


@each_example
def test_equal_content_gives_equal_bytes(tmp_path: Path, name: str) -> None:
    example_certificate(name).save(tmp_path / "one")
    prove(EXAMPLES[name].network, EXAMPLES[name].domain).save(tmp_path / "another name.gz")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "another name.gz").read_bytes()
    flags_and_time = (tmp_path / "one").read_bytes()[3:8]
    assert flags_and_time == bytes(5)


def test_another_network_is_noticed(tmp_path: Path) -> None:
    example_certificate("absolute value").save(tmp_path / "proof")
    verdict = check(tmp_path / "proof", ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], ["1/1000000"])]))
    assert verdict.kind == "invalid"
    assert "another network" in verdict.reason


def _halved(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("edit", "fragment"),
    [
        (_halved, "invalid"),
        (lambda content: content + b"\n", "invalid"),
        (lambda content: content.replace(b'"map":[["0","1"]]', b'"map":[["0","2"]]'), "invalid"),
        (lambda _: b"", "invalid"),
    ],
    ids=["cut short", "continued", "another map", "empty"],
)
def test_an_invalid_file_is_not_read(tmp_path: Path, edit: Any, fragment: str) -> None:
    content, target = b"".join(example_certificate("absolute value").lines), tmp_path / "proof"
    assert edit(content) != content
    target.write_bytes(edit(content))
    with pytest.raises(InvalidCertificateError, match=fragment) as caught:
        Certificate.read(target)
    assert str(caught.value).startswith(f"{target}: ")


@pytest.mark.parametrize("read", [Certificate.read, check])
def test_a_file_that_cannot_be_opened_is_no_verdict(tmp_path: Path, read: Any) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read(tmp_path / "absent")
    with pytest.raises(InputError, match="cannot be opened"):
        read(tmp_path)


def test_the_default_domain_is_all_of_space() -> None:
    network = ReLUNetwork.of(ABSOLUTE_VALUE)
    assert prove(network).lines == prove(network, LINE).lines
    assert prove(network).domain == LINE
