"""The limit on products holds to the last one; functions that count them are changed, and each change is noticed."""

import io
from typing import Any

import pytest

from tests.checker.bases import base_lines
from tests.checker.mutants import COUNTING, SOURCE, Mutant, answer, loaded, mutants

ONE_LAYER = 2 * (1 + 2)
TWO_OF_ONE_INPUT, ONE_AFTER_TWO = 2 * (1 + 1), 1 * (1 + 1 + 2)
SIDE_BY_SIDE = 2 * (1 + 1) + 1 * (1 + 1)
PRODUCTS = {
    "property": 4 * ONE_LAYER + ONE_LAYER,
    "property, steep": 2 * (TWO_OF_ONE_INPUT + ONE_AFTER_TWO) + (1 + 2) * TWO_OF_ONE_INPUT,
    "property, two networks": 6 * SIDE_BY_SIDE + (1 + 2) * 2 * (1 + 1),
}
"""By hand: what each leaf counts per conjunction (``empty`` as one), and each letter of a second layer."""


def answers(module: Any, name: str, most: int) -> tuple[str, ...]:
    module.MAX_PRODUCTS = most
    return answer(module, io.BytesIO(b"".join(base_lines(name))))


def all_answers(module: Any) -> list[tuple[str, ...]]:
    return [answers(module, name, most) for name, number in PRODUCTS.items() for most in (number, number - 1)]


def test_the_limit_is_exact() -> None:
    kinds = [kind for kind, *_ in all_answers(loaded(SOURCE))]
    assert kinds == ["valid", "invalid"] * len(PRODUCTS)


@pytest.mark.parametrize("mutant", mutants(COUNTING), ids=lambda mutant: f"{mutant.function}: {mutant.name}")
def test_a_count_matters(mutant: Mutant) -> None:
    assert mutant.source != SOURCE, "the checker does not say so, or more than once"
    assert all_answers(loaded(mutant.source)) != all_answers(loaded(SOURCE))
