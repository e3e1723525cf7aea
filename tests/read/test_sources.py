"""``load`` of anything: which reader is chosen, and what is not known or not opened."""

from pathlib import Path

import pytest

from verishallow.errors import InputError, LimitError
from verishallow.network import ReLUNetwork
from verishallow.read import load

JSON = b'{"format": "verishallow-network", "version": 1, "layers": [{"weight": [[2]], "bias": ["1/3"]}]}'


@pytest.mark.parametrize("name", ["network.json", "network.JSON", "network", "network.txt"])
def test_json_is_known_by_its_suffix_or_its_first_character(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(JSON)
    assert load(file) == load(str(file)) == ReLUNetwork.of([([[2]], ["1/3"])])


@pytest.mark.parametrize("suffix", [".pt", ".PTH", ".pkl", ".joblib", ".ckpt"])
def test_files_that_may_run_code_are_not_even_opened(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(InputError, match=f"{suffix.lower()} file may run any code when it is opened; open it yourself"):
        load(tmp_path / f"not-there{suffix}")


@pytest.mark.parametrize("thing", [None, 3, [1, 2], {"W1": 1}, object()])
def test_other_objects_are_refused_by_their_type(thing: object) -> None:
    with pytest.raises(InputError, match="or a model of keras, sklearn, torch, found " + type(thing).__name__):
        load(thing)


def test_a_network_is_itself_and_has_no_options() -> None:
    network = ReLUNetwork.of([([[2]], ["1/3"])])
    assert load(network) is network
    with pytest.raises(InputError, match="found ReLUNetwork"):
        load(network, logits=True)


def test_a_suffix_that_no_reader_has_is_said(tmp_path: Path) -> None:
    file = tmp_path / "network.foo"
    file.write_bytes(b"no network")
    known = r"\.h5, \.hdf5, \.json, \.keras, \.nnet, \.npz, \.onnx, \.safetensors"
    with pytest.raises(InputError, match=rf"network\.foo: read as \.onnx \(known suffixes are {known}\): not an ONNX"):
        load(file)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"normalised": True}, r"normalised: only \.nnet files store a normalisation of inputs and outputs"),
        ({"shape": (2,)}, "shape: only torch modules leave the shape of an input open"),
    ],
)
def test_options_that_mean_nothing_are_refused(tmp_path: Path, options: dict[str, object], message: str) -> None:
    file = tmp_path / "network.json"
    file.write_bytes(JSON)
    with pytest.raises(InputError, match=message):
        load(file, **options)  # type: ignore[arg-type]  # each option has its own type


def test_long_files_are_refused_whatever_their_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verishallow.read.files.MAX_BYTES", 1 << 20)
    file = tmp_path / "long.json"
    file.write_bytes(bytes((1 << 20) + 1))
    with pytest.raises(LimitError, match=r"long\.json: expected a file of at most 1 MiB, found a longer one"):
        load(file)
    if Path("/dev/zero").exists():
        with pytest.raises(LimitError, match="/dev/zero: expected a file of at most 1 MiB"):
            load("/dev/zero")
