"""The torch module, imported as a user imports it: the bound, where it is sure, state, gradients, torch.export."""

import importlib.util
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq

from tests.examples import EXAMPLES, example_certificate
from tests.write.constructions import constructed, each_chosen, each_construction
from tests.write.networks.float_points import bound_of, broken_claims, claimed, exact, grid_points, points
from verishallow.certificate.certificate import Certificate
from verishallow.write import export
from verishallow.write.networks.float_network import float_network

torch: Any = pytest.importorskip("torch", reason="torch is not installed (pip install torch)")

WITHIN = "box:-8,8"


def module_of(certificate: Certificate, folder: Path, **options: Any) -> Any:
    path = folder / "shallow.py"
    export(certificate, "torch", path, **options)
    spec = importlib.util.spec_from_file_location("shallow", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.network


@each_chosen
def test_torch_keeps_the_bound_and_knows_where(name: str, tmp_path: Path) -> None:
    certificate = example_certificate(name)
    network, module = float_network(certificate, WITHIN), module_of(certificate, tmp_path, within=WITHIN)
    at = points(certificate, network, random=20, near=1)
    rows = torch.from_numpy(at)
    assert broken_claims(certificate, network, at, module(rows).numpy()) == []
    sure = module.sure(rows).tolist()
    assert all(claimed(network, point) for point, is_sure in zip(at, sure, strict=True) if is_sure)
    margins = bound_of(network).margins
    far = [
        all(abs(network.exact.first[unit](exact(point))) > 4 * margin for unit, margin in margins.items())
        for point in at
    ]
    assert all(is_sure for is_sure, is_far in zip(sure, far, strict=True) if is_far)


@each_construction
def test_other_constructions_keep_it_too(construction: str, tmp_path: Path) -> None:
    certificate = constructed("max of three on a cube", construction)
    network, module = float_network(certificate), module_of(certificate, tmp_path)
    at = points(certificate, network)
    assert broken_claims(certificate, network, at, module(torch.from_numpy(at)).numpy()) == []
    assert module.sure(torch.from_numpy(at)).any()


def test_on_the_grid_it_gives_the_exact_value(tmp_path: Path) -> None:
    certificate = example_certificate("max of three")
    at = grid_points(certificate, float_network(certificate, WITHIN))
    for point, output in zip(at, module_of(certificate, tmp_path)(torch.from_numpy(at)).numpy(), strict=True):
        assert exact(output) == certificate.network(exact(point))


def test_without_a_bound_nothing_is_sure(tmp_path: Path) -> None:
    module = module_of(example_certificate("absolute value"), tmp_path)
    assert module.about["error_bound"] == "none"
    assert module.sure(torch.tensor([[1.0], [-5.0]])).tolist() == [False, False]


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    certificate = example_certificate("triangle")
    module = module_of(certificate, tmp_path)
    text = (tmp_path / "shallow.py").read_text()
    about = float_network(certificate).about
    assert module.about == about
    comment = " ".join(line.removeprefix("# ").removeprefix("#   ") for line in text.splitlines() if line[:1] == "#")
    assert about["rounding"] in " ".join(comment.split())
    assert f"error_bound: {about['error_bound']}" in comment
    assert json.loads(about["error_bound"])


@pytest.mark.parametrize("name", ["two layers on a square", "all neurons dead", "no hidden layer"])
def test_a_single_point_and_float32_points_will_do(name: str, tmp_path: Path) -> None:
    certificate = example_certificate(name)
    module = module_of(certificate, tmp_path)
    point = torch.full((certificate.network.inputs,), 0.25, dtype=torch.float32)
    assert module(point).dtype == torch.float64
    assert torch.equal(module(point), module(point[None].double())[0])


def test_state_and_gradients(tmp_path: Path) -> None:
    certificate = example_certificate("two layers on a square")
    module = module_of(certificate, tmp_path)
    assert list(module.parameters()) == []
    saved = io.BytesIO()
    torch.save(module.state_dict(), saved)
    saved.seek(0)
    module.load_state_dict(torch.load(saved, weights_only=True))
    # At a coordinate 0 torch gives ReLU(x) and ReLU(-x) the slope 0, so the points are moved off the axes.
    for region in certificate.regions:
        point = tuple(a + mpq(1, 2**20) for a in region.witness)
        assert region.polyhedron.contains_strictly(point)
        x = torch.tensor([[float(a) for a in point]], dtype=torch.float64, requires_grad=True)
        (gradient,) = torch.autograd.grad(module(x).sum(), x)
        assert np.allclose(gradient.numpy(), [[float(a) for a in region.affine_map.forms[0].linear]])


def test_torch_export_takes_it(tmp_path: Path) -> None:
    module = module_of(example_certificate("two outputs"), tmp_path)
    x = torch.tensor([[0.5, -1.5], [2.0, 1.0]], dtype=torch.float64)
    program = torch.export.export(module, (x,))
    assert torch.equal(program.module()(x), module(x))


def test_it_is_written_without_torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    export(example_certificate(next(iter(EXAMPLES))), "torch", tmp_path / "shallow.py")
    assert (tmp_path / "shallow.py").read_text().startswith('"""The three-layer network S')
