"""Another claim than the stored one."""

from collections.abc import Iterable

import pytest

from tests.pytest_plugin.suites import EQUALITY, MODULUS, Suite, failure, in_a_test

BOUNDS = 'certificate.holds_for("controller.json", domain="box:-1,1", claim="bounds", bounds={0: ("0", 1)})'


@pytest.mark.parametrize(
    ("stored", "asked", "kind", "words"),
    [
        (EQUALITY, EQUALITY.replace("-1,1", "-1,2"), "domain", ("1 + x0 >= 0, 1 - x0 >= 0", "2 - x0 >= 0")),
        (EQUALITY, 'certificate.holds_for("controller.json")', "domain", ("1 + x0 >= 0", "all of R^1")),
        (EQUALITY, EQUALITY.replace(")", ', boundary="ignore")'), "boundary", ("exact", "ignore")),
        (EQUALITY, EQUALITY.replace(")", ', claim="regions")'), "claim", ("equality", "regions")),
        (BOUNDS, BOUNDS.replace("1)}", "2)}"), "bounds", ("0 <= f_0(x) <= 1", "0 <= f_0(x) <= 2")),
        (BOUNDS, BOUNDS.replace("1)}", "None)}"), "bounds", ("0 <= f_0(x) <= 1", "asked for  0 <= f_0(x)")),
        (BOUNDS, EQUALITY, "claim", ("bounds", "equality")),
        (
            EQUALITY,
            'certificate.are_equal("controller.json", "controller.json", domain="box:-1,1")',
            "claim",
            ("stored     equality", "asked for  equal"),
        ),
        (
            EQUALITY,
            'certificate.holds_for("controller.json", domain="box:-2,2", boundary="ignore")',
            "domain and another boundary",
            ("the domain:", "the boundary:"),
        ),
    ],
)
def test_a_certificate_of_another_claim_fails_until_it_is_renewed(
    suite: Suite, stored: str, asked: str, kind: str, words: Iterable[str]
) -> None:
    suite.proved(MODULUS, stored)
    suite.tests(in_a_test(asked))
    text = failure(suite.run())
    assert f"the certificate is about another {kind}\n" in text
    assert [word for word in words if word not in text] == []
    assert "pytest --certificates-update test_it.py::test_controller" in text
    suite.update().assert_outcomes(passed=1)
    suite.run().assert_outcomes(passed=1)


def test_a_smaller_set_of_the_same_rows_is_another_domain(suite: Suite) -> None:
    suite.proved(MODULUS, 'certificate.holds_for("controller.json", domain="box:0,1")')
    (suite.root / "half.json").write_text(
        '{"format": "verishallow-domain", "version": 1, "inequalities": [["0", "1"]]}', encoding="utf-8"
    )
    suite.tests(in_a_test('certificate.holds_for("controller.json", domain="half.json")'))
    assert "another domain" in failure(suite.run())
