"""polymake reads the complex: cells, f-vector, dimension, vertices of each cell, volumes."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from gmpy2 import mpq

from tests.examples import EXAMPLES, example_certificate
from tests.write.constructions import constructed
from verishallow.errors import InputError
from verishallow.proof import polyhedral_complex
from verishallow.write import export
from verishallow.write.regions.polymake import polymake

BOUNDED = {
    "max of two on a square": 16,
    "max of three on a cube": 10,
    "two layers on a square": 16,
    "triangle": mpq(1, 2),
}
"""With the volumes of the domains."""

UNBOUNDED = [
    "absolute value",
    "max of two with skip reads",
    "cells that contain a line",
    "no hidden layer",
    "all biases 0 in space",
    "wedge with a moved apex",
    "two regions with one map that meet only in a vertex",
    "two layers in space",
]
ASKED = [*BOUNDED, *UNBOUNDED]

SCRIPT = """
use application "fan";
foreach my $name (@ARGV) {
  my $c = load($name);
  my $volume = 0;
  my @sizes;
  foreach my $cell (@{$c->MAXIMAL_POLYTOPES}) {
    my $p = new polytope::Polytope<Rational>(
      POINTS => $c->VERTICES->minor($cell, All), INPUT_LINEALITY => $c->LINEALITY_SPACE);
    push @sizes, $p->N_VERTICES;
    $volume += $p->VOLUME if $p->BOUNDED;
  }
  my $again = new PolyhedralComplex<Rational>(
    POINTS => $c->VERTICES, INPUT_POLYTOPES => $c->MAXIMAL_POLYTOPES, INPUT_LINEALITY => $c->LINEALITY_SPACE);
  print join("|", $c->N_MAXIMAL_POLYTOPES, $c->DIM, "@{$c->F_VECTOR}", "@{$again->F_VECTOR}", "@sizes", $volume,
    scalar(split(/\\n/, $c->description))), "\\n";
}
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What polymake says of each example, asked once, since it takes seconds to start."""
    program = shutil.which("polymake") or pytest.skip("polymake is not installed")
    folder = tmp_path_factory.mktemp("polymake")
    for number, name in enumerate(ASKED):
        export(example_certificate(name), "polymake", folder / f"{number}.poly")
    (folder / "script.pl").write_text(SCRIPT)
    paths = [f"{number}.poly" for number in range(len(ASKED))]
    environment = {"PATH": str(Path(program).parent), "HOME": str(folder), "POLYMAKE_USER_DIR": str(folder / "user")}
    run = subprocess.run(
        [program, "--script", "script.pl", *paths],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout, run.stderr
    return dict(zip(ASKED, (line.split("|") for line in run.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("name", ASKED)
def test_polymake_reads_every_cell(name: str, answers: dict[str, list[str]]) -> None:
    regions = example_certificate(name).regions
    cells, dimension, vector, again, sizes, _, lines = answers[name]
    assert (int(cells), int(dimension)) == (len(regions), EXAMPLES[name].network.inputs)
    assert vector == again
    generators = [region.v_representation for region in regions]
    assert [int(size) for size in sizes.split()] == [len(found.vertices) + len(found.rays) for found in generators]
    assert int(lines) == 6 + len(regions)


@pytest.mark.parametrize("name", BOUNDED)
def test_f_vector_and_volume_of_bounded_domains(name: str, answers: dict[str, list[str]]) -> None:
    example = EXAMPLES[name]
    assert answers[name][2] == " ".join(map(str, polyhedral_complex(example.network, example.domain).f_vector))
    assert mpq(answers[name][5]) == BOUNDED[name]


def test_pieces_that_are_no_complex_are_refused() -> None:
    with pytest.raises(InputError, match="polymake: the pieces of this merged certificate do not meet face to face"):
        polymake(constructed("residual block", "merge"))


def test_the_data_are_exact_and_name_the_regions() -> None:
    data = json.loads(polymake(example_certificate("triangle")))
    assert data["VERTICES"] == [
        ["1", "1/2", "0"],
        ["1", "1", "0"],
        ["1", "1/2", "1/2"],
        ["1", "0", "0"],
        ["1", "0", "1"],
    ]
    assert data["MAXIMAL_POLYTOPES"] == [[0, 1, 2], [0, 2, 3], [2, 3, 4], {"cols": 5}]
    assert data["LINEALITY_SPACE"] == [{"cols": 3}]
    assert "region 2: neurons 10; y0 = x0 - x1" in data["_info"]["description"].splitlines()
