"""cdd's files, read again by this project, by pycddlib and by cddlib's own programs."""

import shutil
import subprocess
from fractions import Fraction

import cdd
import cdd.gmp
import pytest

from tests.examples import each_example, example_certificate
from verishallow.certificate.certificate import Certificate
from verishallow.errors import InputError, LimitError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.read.domains.texts import domain_from_ine
from verishallow.write.bundle import Bundle
from verishallow.write.regions.cdd_files import ext, ine

VERTICES = cdd.RepType.GENERATOR


def files(made: bytes | Bundle) -> list[str]:
    assert isinstance(made, Bundle)
    return [text.decode() for text in made.files.values()]


def matrix(text: str, kind: cdd.RepType) -> cdd.gmp.Matrix:
    """The matrix in a cdd file, as pycddlib holds it."""
    lines = [line.split() for line in text.splitlines() if not line.startswith("*")]
    linearity = next((line[2:] for line in lines if line[0] == "linearity"), [])
    begin, end = lines.index(["begin"]), lines.index(["end"])
    rows = [[Fraction(entry) for entry in line] for line in lines[begin + 2 : end]]
    assert lines[begin + 1] == [str(len(rows)), str(len(rows[0])), "rational"]
    return cdd.gmp.matrix_from_array(rows, lin_set={int(entry) - 1 for entry in linearity}, rep_type=kind)


def facets(polyhedron: Polyhedron) -> set[object]:
    normal = polyhedron.normalised()
    return {normal.inequalities[number] for number in normal.facets}


@each_example
def test_ine_is_read_again_by_the_reader_of_domains(name: str) -> None:
    certificate = example_certificate(name)
    for text, region in zip(files(ine(certificate)), certificate.regions, strict=True):
        read = domain_from_ine(text, certificate.network.inputs)
        assert set(read.inequalities) == facets(read) == facets(region.polyhedron)


@each_example
def test_pycddlib_finds_each_representation_from_the_other(name: str) -> None:
    certificate = example_certificate(name)
    for by_facets, by_points in zip(files(ine(certificate)), files(ext(certificate)), strict=True):
        there = cdd.gmp.polyhedron_from_matrix(matrix(by_points, VERTICES))
        found = cdd.gmp.copy_inequalities(there)
        assert not found.lin_set
        rows = Polyhedron(certificate.network.inputs, ()) if not found.array else Polyhedron.of(found.array)
        assert facets(rows) == facets(domain_from_ine(by_facets, certificate.network.inputs))


@pytest.mark.parametrize(
    "name", ["two layers on a square", "cells that contain a line", "no hidden layer", "wedge with a moved apex"]
)
def test_the_program_of_cddlib_reads_both(name: str) -> None:
    certificate = example_certificate(name)
    pairs = zip(files(ine(certificate)), files(ext(certificate)), certificate.regions, strict=True)
    for by_facets, by_points, region in pairs:
        points, wanted = matrix(other_representation(by_facets), VERTICES), matrix(by_points, VERTICES)
        assert (sorted(map(tuple, points.array)), points.lin_set) == (sorted(map(tuple, wanted.array)), wanted.lin_set)
        read = domain_from_ine(other_representation(by_points), certificate.network.inputs)
        assert facets(read) == facets(region.polyhedron)


def other_representation(text: str) -> str:
    program = shutil.which("cddexec_gmp") or pytest.skip("cddexec_gmp is not installed (apt-get install libcdd-tools)")
    run = subprocess.run([program, "--rep"], input=text, capture_output=True, text=True, timeout=60, check=True)
    return run.stdout


@pytest.mark.parametrize(("writer", "suffix"), [(ine, "ine"), (ext, "ext")])
def test_one_region_is_one_file(writer: object, suffix: str) -> None:
    assert callable(writer)
    certificate = example_certificate("triangle")
    whole = writer(certificate)
    assert list(whole.files) == [f"region-000{number}.{suffix}" for number in (1, 2, 3)]
    for number in (1, 2, 3):
        assert writer(certificate, region=number) == whole.files[f"region-000{number}.{suffix}"]
        assert writer(certificate, region=str(number)) == writer(certificate, region=number)
    with pytest.raises(InputError, match="region: expected a number from 1 to 3, found '4'"):
        writer(certificate, region=4)


def many_inputs() -> Certificate:
    weight = [[1] * 13]
    return prove(ReLUNetwork.of([(weight, [0]), ([[1]], [0])]), "box:-1,1")


def test_many_inputs_have_facets_but_no_list_of_vertices() -> None:
    certificate = many_inputs()
    for text in files(ine(certificate)):
        assert len(domain_from_ine(text, 13).inequalities) == 27
    with pytest.raises(LimitError, match="ext: lists vertices"):
        ext(certificate)
