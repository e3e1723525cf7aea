"""Torch modules: the exported network against torch's own floats, and what cannot be exported."""

import logging
import sys
import warnings
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from verishallow.errors import InputError, LimitError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.rationals import vector
from verishallow.read import load

torch: Any = pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("onnxscript", reason="onnxscript is not installed")
nn: Any = torch.nn


def seeded(make: Callable[[], Any]) -> Any:
    torch.manual_seed(11)
    module = make()
    for part in module.modules():
        if isinstance(part, nn.modules.batchnorm._BatchNorm):
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2)
    return module


def multilayer() -> Any:
    return nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 4, bias=False), nn.ReLU(), nn.Linear(4, 2))


class Residual(nn.Module):  # type: ignore[misc]  # an untyped class
    """Written by hand: a residual block, kinks of several kinds, a shared layer, slices."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(3, 3)
        self.last = nn.Linear(2, 2)

    def forward(self, x: Any) -> Any:
        hidden = torch.relu(self.inner(x)) + x
        hidden = torch.abs(self.inner(hidden)) - torch.clamp(hidden, -1.0, 0.5)
        return self.last(hidden[:, 1:]) / 4


class TwoInputs(nn.Module):  # type: ignore[misc]  # an untyped class
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(2, 3)

    def forward(self, x: Any, y: Any) -> Any:
        return torch.maximum(self.inner(x), y), x * 2


def images() -> Any:
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, stride=2, padding=1),
        nn.BatchNorm2d(2),
        nn.LeakyReLU(0.125),
        nn.AvgPool2d(2, padding=1),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(2, 3),
        nn.Dropout(),
        nn.Hardtanh(),
        nn.PReLU(),
    )


class Choices(nn.Module):  # type: ignore[misc]  # an untyped class
    """Written by hand: activations as choices by comparisons, all of them continuous."""

    def __init__(self) -> None:
        super().__init__()
        self.inner, self.last = nn.Linear(3, 4), nn.Linear(4, 4)

    def forward(self, x: Any) -> Any:
        hidden = self.inner(x)
        hidden = torch.where(hidden > 0, hidden, 0.25 * hidden)
        hidden = torch.where(hidden < -0.5, -0.5, torch.where(hidden > 0.5, 0.5, hidden))
        hidden = self.last(hidden)
        hidden = hidden * (hidden > 0) - torch.sign(hidden) * hidden
        return torch.where(hidden > x[:, :1], hidden, x[:, :1]).masked_fill(hidden.abs() < 0, 7.0)


def shrinking() -> Any:
    return nn.Sequential(
        nn.Linear(3, 4), nn.Softshrink(0.25), nn.Linear(4, 4), nn.Threshold(-0.5, -0.5), nn.Linear(4, 3),
        nn.Hardshrink(0.0), nn.Linear(3, 2), nn.Softshrink(),
    )  # fmt: skip


class Norms(nn.Module):  # type: ignore[misc]  # an untyped class
    """The norms that are piecewise linear."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(3, 4)

    def forward(self, x: Any) -> Any:
        hidden = self.inner(x)
        norm = torch.linalg.vector_norm
        parts = [norm(hidden, ord=order, dim=1, keepdim=True) for order in (1, float("inf"), -float("inf"))]
        return torch.cat([*parts, hidden.norm(p=1, dim=1, keepdim=True)], dim=1)


class Rescaled(nn.Module):  # type: ignore[misc]  # an untyped class
    """Weights that the forward pass computes of parameters: normalised, standardised, gated."""

    def __init__(self) -> None:
        super().__init__()
        self.weight, self.gate = nn.Parameter(torch.randn(4, 3)), nn.Parameter(torch.randn(4))
        self.last = nn.Linear(4, 2)

    def forward(self, x: Any) -> Any:
        unit = nn.functional.normalize(self.weight, dim=1)
        centred = self.weight - self.weight.mean(1, keepdim=True)
        standard = centred / (self.weight.std(1, keepdim=True) + 1e-5)
        hidden = torch.relu(nn.functional.linear(x, unit) + nn.functional.linear(x, standard))
        return self.last(hidden * torch.sigmoid(self.gate) + torch.softmax(self.gate, 0))


class Symmetric(nn.Module):  # type: ignore[misc]  # an untyped class
    def forward(self, weight: Any) -> Any:
        return weight.triu() + weight.triu(1).T


def parametrised() -> Any:
    made = nn.utils.parametrizations
    square = nn.Linear(4, 4)
    nn.utils.parametrize.register_parametrization(square, "weight", Symmetric())
    layers = [
        made.weight_norm(nn.Linear(3, 4)), nn.ReLU(), made.spectral_norm(nn.Linear(4, 4)), nn.ReLU(), square, nn.ReLU(),
        made.orthogonal(nn.Linear(4, 4)),
    ]  # fmt: skip
    return nn.Sequential(*layers)


def normalised_by_hooks() -> Any:
    with warnings.catch_warnings(action="ignore"):  # that these are deprecated
        first, second = nn.utils.weight_norm(nn.Linear(3, 4)), nn.utils.spectral_norm(nn.Linear(4, 2))
    return nn.Sequential(first, nn.ReLU(), second)


MODULES: dict[str, tuple[Callable[[], Any], Any]] = {
    # name: (the module, the shapes of its inputs, None where the first layer says)
    "multilayer perceptron": (multilayer, None),
    "traced graph": (lambda: torch.fx.symbolic_trace(multilayer()), None),
    "written by hand": (Residual, (3,)),
    "images": (images, (1, 6, 6)),
    "norms": (Norms, None),
    "choices by comparisons": (Choices, None),
    "shrinkage and thresholds": (shrinking, None),
    "rescaled weights": (Rescaled, (3,)),
    "parametrised weights": (parametrised, (3,)),
    "weights normalised by hooks": (normalised_by_hooks, (3,)),
    "two inputs, two outputs": (TwoInputs, [(2,), (3,)]),
}


def network_and_floats(module: Any, network: ReLUNetwork, shapes: list[tuple[int, ...]]) -> tuple[Any, Any]:
    """Exact values and torch's at three random points."""
    exact, floats = [], []
    for _ in range(3):
        inputs = [torch.randn(1, *shape) * 2 for shape in shapes]
        result = module.eval()(*inputs)
        results = result if isinstance(result, tuple) else (result,)
        floats.append([value for each in results for value in each.detach().ravel().tolist()])
        exact.append([float(value) for value in network(Fraction(v) for each in inputs for v in each.ravel().tolist())])
    return np.array(exact), np.array(floats)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_the_function_that_torch_computes(name: str) -> None:
    make, shape = MODULES[name]
    module = seeded(make)
    network = load(module, shape=shape)
    exact, floats = network_and_floats(module, network, shape if isinstance(shape, list) else [shape or (3,)])
    assert exact == pytest.approx(floats, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float64"])
def test_every_weight_is_the_rational_that_it_is(kind: str) -> None:
    module = seeded(lambda: nn.Linear(2, 3)).to(getattr(torch, kind))
    (layer,) = load(module).layers
    weight, bias = module.weight.double().tolist(), module.bias.double().tolist()
    assert layer.weight == tuple(vector(map(Fraction, row)) for row in weight)
    assert layer.bias == vector(map(Fraction, bias))


def test_a_parametrised_weight_is_the_tensor_that_torch_computes() -> None:
    module = seeded(parametrised)
    before = [type(part) for part in module.modules()]
    network = load(module, shape=(3,))
    assert network.layers[0].weight == tuple(vector(map(Fraction, row)) for row in module[0].weight.tolist())
    assert [type(part) for part in module.modules()] == before
    assert network.notes == ()


def test_an_exported_program_is_the_network_of_its_module() -> None:
    module = seeded(multilayer).eval()
    program = torch.export.export(module, (torch.zeros(1, 3),))
    exact, floats = network_and_floats(module, load(program), [(3,)])
    assert exact == pytest.approx(floats, rel=1e-4, abs=1e-5)


def test_training_modes_warnings_and_logs_stay_as_they_were() -> None:
    module = seeded(images)
    module[1].eval()
    load(module, shape=(1, 6, 6))
    assert [part.training for part in module.modules()] == [True, True, False, *[True] * 8]
    assert logging.root.manager.disable == logging.NOTSET


def test_a_final_softmax_is_cut_off_on_request() -> None:
    module = seeded(lambda: nn.Sequential(nn.Linear(3, 2), nn.Softmax(dim=-1)))
    exact, floats = network_and_floats(module[0], load(module, logits=True), [(3,)])
    assert exact == pytest.approx(floats, rel=1e-4, abs=1e-5)


class Branching(nn.Module):  # type: ignore[misc]  # an untyped class
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(2, 2)

    def forward(self, x: Any) -> Any:
        return self.inner(x) if x.sum() > 0 else -x


class EuclideanNorm(nn.Module):  # type: ignore[misc]  # an untyped class
    def forward(self, x: Any) -> Any:
        return torch.linalg.vector_norm(x, dim=1)


class Breaking(Branching):
    def forward(self, _: Any) -> Any:
        raise KeyError("two\nlines")


def traced() -> Any:
    with warnings.catch_warnings(action="ignore"):  # about a branch that is lost, and of its own deprecation
        return torch.jit.trace(Branching(), (torch.ones(1, 2),))


def spoilt() -> Any:
    module = nn.Linear(2, 2)
    with torch.no_grad():
        module.weight[1, 0] = float("inf")
    return module


REFUSED: dict[str, tuple[Callable[[], Any], Any, str]] = {
    "a branch on values": (
        Branching,
        None,
        "Branching: cannot be traced by torch.export: Could not guard on data-depend",
    ),
    "code that breaks": (Breaking, (2,), "Breaking: cannot be traced by torch.export: 'two"),
    "a trace that may have lost a branch": (
        traced,
        (2,),
        "a TorchScript module may have lost branches when it was traced",
    ),
    "tanh": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.Tanh()),
        None,
        "(Tanh): only piecewise-linear operators are exact",
    ),
    "hard shrinkage": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.Hardshrink()),
        None,
        "(Where): only piecewise-linear operators are exact; its values jump: it is not continuous",
    ),
    "a threshold that jumps": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.Threshold(0.5, 0.0), nn.Linear(2, 2)),
        None,
        "(Where): only piecewise-linear operators are exact; its values jump: it is not continuous",
    ),
    "attention": (lambda: nn.TransformerEncoderLayer(4, 2, batch_first=True), (2, 4), "TransformerEncoderLayer: node "),
    "the norm of order 2": (EuclideanNorm, (2,), "(ReduceL2): only piecewise-linear operators are exact; it curves"),
    "another shape": (lambda: nn.Linear(2, 2), (3,), "Linear: cannot be traced by torch.export: "),
    "no shape": (
        lambda: nn.Conv1d(1, 1, 1),
        None,
        "Conv1d: expected the shape of an input without the batch: load(module",
    ),
    "nothing in it": (nn.Sequential, None, "Sequential: expected the shape of an input without the batch"),
    "not finite": (spoilt, None, "expected a finite number, found inf"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_say_what_is_not_exact(name: str) -> None:
    make, shape, message = REFUSED[name]
    module = make()
    with pytest.raises(NetworkError) as caught:
        load(module, shape=shape)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shape", [(0,), (2, -1), ((2,), 3), (2.5,), ("2",), (True,), 3])
def test_shapes_are_positive_integers(shape: Any) -> None:
    with pytest.raises(InputError, match="shape: expected positive integers, or a list of such shapes, found "):
        load(nn.Linear(2, 2), shape=shape)


def test_too_many_weights_are_refused_before_anything_is_exported() -> None:
    with pytest.raises(LimitError, match="Linear: expected at most 1000000 entries in one array, found 1002001"):
        load(nn.Linear(1001, 1001))


@pytest.mark.parametrize("library", ["onnxscript", "torch"])
def test_without_the_library_the_message_names_the_extra(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = nn.Linear(1, 1)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(InputError, match=r"needs the extra of that name: pip install 'verishallow\[torch\]'"):
        load(module)
