"""A path, a network and a model are the same argument everywhere, and so are the ways to write a domain."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import verishallow
import verishallow.explain as explanations
from tests.face.wrong_arguments import ONE, PICTURE, TWO
from verishallow.errors import IncompleteError, InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.read.network_json import network_to_json

BOX = "box:-1,1"

ASKED: dict[str, Callable[[Any, Any], object]] = {
    "prove": verishallow.prove,
    "prove_equal": lambda network, domain: verishallow.prove_equal(network, network, domain),
    "difference": lambda network, domain: verishallow.difference(network, ReLUNetwork.of([([[1]], [7])]), domain),
    "canonical": verishallow.canonical,
    "enumerate_regions": verishallow.enumerate_regions,
    "polyhedral_complex": lambda network, domain: verishallow.polyhedral_complex(network, domain).f_vector,
    "output_range": verishallow.output_range,
    "finite": verishallow.finite,
    "one_hidden": verishallow.one_hidden,
    "quantised": lambda network, domain: verishallow.quantised(network, domain, "1/4"),
    "gated": lambda network, _domain: verishallow.gated(network),
    "depth": lambda network, domain: verishallow.depth(network, domain).reason,
    "one_sided": verishallow.one_sided,
    "two_sided": verishallow.two_sided,
    "read_neurons": verishallow.read_neurons,
    "explain": lambda network, domain: verishallow.explain(network, [0.5], domain).region.facets,
    "report": lambda network, domain: verishallow.report(network, domain=domain),
    "plot": lambda network, domain: (verishallow.plot(network, PICTURE, domain), Path(PICTURE).read_bytes()),
    "plot_graph": lambda network, domain: len(verishallow.plot_graph(network, domain).lines),
    "plot_twin": lambda network, domain: [axes.get_title() for axes in verishallow.plot_twin(network, domain).axes],
}
each_function = pytest.mark.parametrize("asked", ASKED.values(), ids=list(ASKED))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.json").write_text(json.dumps(network_to_json(ONE)), encoding="utf-8")
    Path("domain.json").write_text(
        '{"format": "verishallow-domain", "version": 1, "box": [["-1", "1"]]}', encoding="utf-8"
    )
    return tmp_path


def torch_model() -> Any:
    torch = pytest.importorskip("torch")
    first, last = torch.nn.Linear(1, 2), torch.nn.Linear(2, 1)
    with torch.no_grad():
        for parameter, value in zip(
            (first.weight, first.bias, last.weight, last.bias), ([[1], [-1]], [0, 0], [[1, 1]], [0]), strict=True
        ):
            parameter.copy_(torch.tensor(value, dtype=torch.float32))
    return torch.nn.Sequential(first, torch.nn.ReLU(), last)


@each_function
def test_a_file_is_as_good_as_its_network(asked: Callable[[Any, Any], object], folder: Path) -> None:
    expected = asked(ONE, BOX)
    assert asked("one.json", BOX) == expected
    assert asked(folder / "one.json", BOX) == expected


@each_function
def test_a_model_is_as_good_as_its_network(asked: Callable[[Any, Any], object]) -> None:
    assert asked(torch_model(), BOX) == asked(ONE, BOX)


def test_a_model_of_scikit_learn_is_read_too() -> None:
    neural = pytest.importorskip("sklearn.neural_network")
    model = neural.MLPRegressor(hidden_layer_sizes=(2,), max_iter=300, random_state=0, solver="lbfgs")
    model.fit([[0], [1], [2]], [0, 1, 0])
    for asked in (verishallow.depth, verishallow.output_range, verishallow.canonical):
        assert asked(model, BOX) == asked(verishallow.load(model), BOX)


@pytest.mark.parametrize(
    "domain",
    [
        Polyhedron.box([(-1, 1)]),
        [(-1, 1)],
        ((-1.0, "1"),),
        "box:[-1,1]",
        "domain.json",
        Path("domain.json"),
    ],
    ids=["a polyhedron", "pairs", "pairs of a float and a text", "a text", "a file", "a path"],
)
@each_function
def test_a_domain_is_the_same_however_it_is_written(asked: Callable[[Any, Any], object], domain: Any) -> None:
    assert asked(ONE, domain) == asked(ONE, BOX)


def test_a_box_may_be_an_array() -> None:
    numpy = pytest.importorskip("numpy")
    box = numpy.array([[-1.0, 1.0], [0.0, 0.5]])
    assert verishallow.prove(TWO, box) == verishallow.prove(TWO, [(-1, 1), (0, "1/2")])


OF_A_CERTIFICATE: dict[str, Callable[[Any], object]] = {
    "report": verishallow.report,
    "plot": lambda certificate: (verishallow.plot(certificate, PICTURE), Path(PICTURE).read_bytes()),
    "plot_graph": lambda certificate: len(verishallow.plot_graph(certificate).lines),
    "plot_twin": lambda certificate: [axes.get_title() for axes in verishallow.plot_twin(certificate).axes],
    "explain": lambda certificate: verishallow.explain(certificate, ["1/2"]).region.affine_map,
    "trimmed_to_points": lambda certificate: verishallow.trimmed_to_points(certificate, [["1/2"]]),
    "check": verishallow.check,
}


@pytest.mark.parametrize("asked", OF_A_CERTIFICATE.values(), ids=list(OF_A_CERTIFICATE))
def test_the_file_of_a_certificate_is_as_good_as_the_certificate(asked: Callable[[Any], object]) -> None:
    certificate = verishallow.prove(ONE, BOX)
    certificate.save("one.cert.jsonl.gz")
    assert asked("one.cert.jsonl.gz") == asked(Path("one.cert.jsonl.gz")) == asked(certificate)


@pytest.mark.parametrize("asked", [verishallow.report, verishallow.plot_twin, verishallow.plot_graph])
def test_a_certificate_keeps_its_own_domain(asked: Callable[..., object]) -> None:
    with pytest.raises(InputError, match="has its own domain, found another"):
        asked(verishallow.prove(ONE, BOX), domain="box:0,1")


@pytest.mark.parametrize(
    "options",
    [
        {"jobs": 2},
        {"jobs": 1, "max_regions": 2},
        {"progress": True},
        {"construction": "cells", "units": "two"},
        {"claim": "equality", "boundary": "exact"},
        {"engine": "lattice"},
    ],
    ids=str,
)
def test_options_that_change_no_byte(options: dict[str, Any]) -> None:
    assert verishallow.prove(ONE, BOX, **options) == verishallow.prove(ONE, BOX)


@pytest.mark.parametrize(
    ("options", "header"),
    [
        ({"construction": "merge"}, {"construction": "merge"}),
        ({"construction": "one-hidden"}, {"construction": "one-hidden"}),
        ({"construction": "quantised", "grid": "1/4"}, {"claim": "equality-on-grid"}),
        ({"boundary": "ignore"}, {"boundary": "ignore"}),
        ({"claim": "regions"}, {"claim": "regions"}),
        ({"claim": "bounds"}, {"bounds": [{"high": "1", "low": "0", "output": 0}]}),
        ({"claim": "bounds", "bounds": {0: (-0.5, None)}}, {"bounds": [{"low": "-1/2", "output": 0}]}),
        ({"claim": "equal", "other": "one.json"}, {"claim": "equal"}),
    ],
    ids=str,
)
def test_options_that_say_what_is_claimed(options: dict[str, Any], header: dict[str, Any]) -> None:
    certificate = verishallow.prove(ONE, BOX, **options)
    assert certificate.check()
    assert certificate.header.items() >= header.items()


def test_more_regions_than_asked_for_end_the_proof() -> None:
    with pytest.raises(IncompleteError, match="more than 1 regions"):
        verishallow.prove(ONE, BOX, max_regions=1)


SCRIPT = """
import verishallow
import verishallow.explain as explanations
network = verishallow.load("one.json")
print(verishallow.prove(network, jobs=2) == verishallow.prove(network))
"""


@pytest.mark.parametrize("how", ["a file", "standard input"])
def test_a_script_without_a_guard_may_use_processes(folder: Path, how: str) -> None:
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, *(["script.py"] if how == "a file" else ["-"])]
    done = subprocess.run(command, input=SCRIPT, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


EXPLAINED: dict[str, Callable[[Any], object]] = {
    "gradient": lambda network: explanations.gradient(network, [1], 0),
    "gradient of a named output": lambda network: explanations.gradient(network, [1], "y0"),
    "gradient_times_input": lambda network: explanations.gradient_times_input(network, [1]),
    "integrated_gradients": lambda network: explanations.integrated_gradients(network, [1], [-2]),
    "shapley_values": lambda network: explanations.shapley_values(network, [1], [-2]),
    "counterfactual": lambda network: explanations.counterfactual(network, [1], 0),
    "decision_boundary": lambda network: explanations.decision_boundary(network, BOX),
    "decision_tree": lambda network: explanations.decision_tree(network, BOX).text(),
    "summarise": lambda network: explanations.summarise(network, BOX).mean,
    "classes_at": lambda network: explanations.classes_at(network, [1]),
    "class_count": explanations.class_count,
}


@pytest.mark.parametrize("asked", EXPLAINED.values(), ids=list(EXPLAINED))
def test_explanations_take_a_file_too(asked: Callable[[Any], object]) -> None:
    assert asked("one.json") == asked(ONE)


@pytest.mark.parametrize("to", [0, "0", "below"], ids=["its number", "the text of it", "its name"])
def test_a_class_is_a_number_or_a_name(to: int | str) -> None:
    names = ["below", "above"] if to == "below" else None
    shifted = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [-1])])
    found = explanations.counterfactual(shifted, [3], to, class_names=names)
    assert found is not None
    assert (found.to, found.point) == (0, (1,))


@pytest.mark.parametrize("to", ["beside", "7", 7, 1.5, None], ids=repr)
def test_any_other_class_is_refused(to: Any) -> None:
    with pytest.raises(InputError, match=r"^class: expected "):
        explanations.counterfactual(ONE, [3], to)
