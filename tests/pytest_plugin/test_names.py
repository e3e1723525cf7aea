"""The names of certificates and tests, and where files are looked for."""

import re
from pathlib import Path

import pytest

from tests.pytest_plugin.suites import EQUALITY, MODULUS, Suite, failure, in_a_test, write_network


def test_certificates_are_named_after_test_and_network(suite: Suite) -> None:
    for name in ("a.json", "b.v2.json"):
        write_network(suite.root, name, MODULUS)
    suite.tests(
        "import pytest\n"
        "from verishallow import ReLUNetwork\n"
        "class TestClass:\n"
        "    @pytest.mark.parametrize('low', ['-1/2', '-1_2', '0.5-low'])\n"
        "    def test_method(self, certificate, low):\n"
        "        certificate.holds_for('a.json')\n"
        "def test_several(certificate):\n"
        "    certificate.holds_for('a.json')\n"
        "    certificate.holds_for('b.v2.json')\n"
        "    certificate.holds_for('a.json', domain='box:0,1')\n"
        "    certificate.holds_for('a.json', domain='box:0,2', name='wider')\n"
        "    certificate.holds_for(ReLUNetwork.of([([[1]], [0])]))\n"
    )
    suite.update().assert_outcomes(passed=4)
    suite.run().assert_outcomes(passed=4)
    names = [
        name.removeprefix("__certificates__/test_it/").removesuffix(".cert.jsonl.gz") for name in suite.certificates()
    ]
    assert [re.sub("-[0-9a-f]{8}", "-HASH", name) for name in names] == [
        "TestClass.test_method[-1_2]-HASH.a",
        "TestClass.test_method[-1_2].a",
        "TestClass.test_method[0.5-low].a",
        "test_several.a.2",
        "test_several.a",
        "test_several.b.v2",
        "test_several.network",
        "test_several.wider",
    ]


def test_names_fit_a_file_system_however_long_an_id_is(suite: Suite) -> None:
    suite.controller(MODULUS)
    suite.tests(
        "import pytest\n"
        "@pytest.mark.parametrize('text', ['x' * 300, 'x' * 301])\n"
        "def test_controller(certificate, text):\n"
        "    certificate.holds_for('controller.json')\n"
    )
    suite.update().assert_outcomes(passed=2)
    assert len(suite.certificates()) == 2


def test_files_are_found_relative_to_the_test(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = suite.root / "deep" / "tests"
    (folder / "models").mkdir(parents=True)
    write_network(folder / "models", "net.json", MODULUS)
    (folder / "d.json").write_text('{"format": "verishallow-domain", "version": 1, "box": [[0, 1]]}', encoding="utf-8")
    (folder / "test_it.py").write_text(
        "from pathlib import Path\n"
        "from verishallow import Polyhedron\n"
        "def test_controller(certificate):\n"
        "    certificate.holds_for('models/net.json', domain='d.json')\n"
        "    certificate.holds_for(Path('models/net.json'), domain=Path('d.json'))\n"
        "    certificate.holds_for(Path(__file__).parent / 'models/net.json', domain=Polyhedron.box([(0, 1)]))\n",
        encoding="utf-8",
    )
    suite.update().assert_outcomes(passed=1)
    monkeypatch.chdir(folder / "models")
    suite.run("..").assert_outcomes(passed=1)
    assert [Path(name).parent.as_posix() for name in suite.certificates()] == [
        "deep/tests/__certificates__/test_it"
    ] * 3


def test_the_command_that_renews_names_the_test_from_where_one_is(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = suite.root / "tests"
    folder.mkdir()
    write_network(folder, "controller.json", MODULUS)
    (folder / "test_it.py").write_text(in_a_test(EQUALITY), encoding="utf-8")
    assert "pytest --certificates-update tests/test_it.py::test_controller" in failure(suite.run())
    monkeypatch.chdir(folder)
    assert "pytest --certificates-update test_it.py::test_controller" in failure(suite.run())
