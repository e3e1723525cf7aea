"""A small library of proofs, in a folder of its own."""

import json
from pathlib import Path

import pytest

from tests.examples import ABSOLUTE_VALUE, MAX_OF_TWO
from verishallow import ReLUNetwork, prove
from verishallow.read.network_json import network_to_json


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Two proofs in folders of their own, one of them on a domain and with the boundary ignored."""
    certificates = {
        "modulus": prove(ReLUNetwork.of(ABSOLUTE_VALUE)),
        "maximum": prove(ReLUNetwork.of(MAX_OF_TWO), "box:-1,1", "ignore"),
    }
    for name, certificate in certificates.items():
        (tmp_path / name).mkdir()
        network = json.dumps(network_to_json(certificate.network))
        (tmp_path / name / "network.json").write_text(network)
        certificate.save(tmp_path / name / "network.cert.jsonl.gz")
    box = {"format": "verishallow-domain", "version": 1, "box": [["-1", "1"], ["-1", "1.0"]]}
    (tmp_path / "maximum" / "domain.json").write_text(json.dumps(box))
    return tmp_path
