"""The rule of ``finite`` against an exact comparison of two networks: valid just when they are one function."""

import json
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checker.editing import encoded, parsed, sealed
from tests.strategies import problems
from verishallow import checker
from verishallow.certificate.certificate import Certificate
from verishallow.claims.finite import finite
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import difference, prove

Terms = dict[str, Any]
Problem = tuple[ReLUNetwork, Polyhedron]


def numbers(texts: list[str]) -> list[Fraction]:
    return [Fraction(text) for text in texts]


def texts(values: list[Fraction]) -> list[str]:
    return [str(value) for value in values]


def small(rng: random.Random) -> Fraction:
    return Fraction(rng.randint(-2, 2), rng.choice([1, 1, 2]))


def turned(terms: Terms, rng: random.Random) -> None:
    """A term less its own greatest form at some other place, and the map that makes up for it: the same function."""
    term = rng.choice(terms["terms"])
    forms = [numbers(form) for form in term["forms"]]
    top = rng.choice(forms)
    zero = [Fraction(0)] * len(top)
    term["forms"] = [texts([a - b for a, b in zip(form, top, strict=True)]) for form in (zero, *forms) if form != top]
    weights = numbers(term["weight"])
    for row, weight in zip(terms["affine"], weights, strict=True):
        row[:] = texts([a + weight * b for a, b in zip(numbers(row), top, strict=True)])


def halved(terms: Terms, rng: random.Random) -> None:
    """A share of a term, and the rest of it: the same function."""
    term, share = rng.choice(terms["terms"]), small(rng)
    rest = [(1 - share) * weight for weight in numbers(term["weight"])]
    terms["terms"].append({"forms": term["forms"], "weight": texts(rest)})
    term["weight"] = texts([share * weight for weight in numbers(term["weight"])])


def scaled(terms: Terms, rng: random.Random) -> None:
    """Another size of forms, made up for by the weight: the same function."""
    term, size = rng.choice(terms["terms"]), Fraction(rng.choice([1, 3, 5]), rng.choice([1, 2, 7]))
    term["forms"] = [texts([size * a for a in numbers(form)]) for form in term["forms"]]
    term["weight"] = texts([weight / size for weight in numbers(term["weight"])])


def moved(terms: Terms, rng: random.Random) -> None:
    """One number of a term is another."""
    term = rng.choice(terms["terms"])
    row = rng.choice([*term["forms"], term["weight"]])
    row[rng.randrange(len(row))] = str(small(rng))


def one_more(terms: Terms, rng: random.Random) -> None:
    """A term with small numbers, which may lie outside the domain, or bend along its boundary."""
    inputs = len(terms["affine"][0]) - 1
    forms = [[str(small(rng)) for _ in range(inputs + 1)] for _ in range(rng.randint(1, inputs))]
    terms["terms"].append({"forms": forms, "weight": [str(small(rng)) for _ in terms["affine"]]})


def another_map(terms: Terms, rng: random.Random) -> None:
    """One number of the map is another."""
    row = rng.choice(terms["affine"])
    row[rng.randrange(len(row))] = str(small(rng))


CHANGES: tuple[Callable[[Terms, random.Random], None], ...] = (
    turned, turned, halved, scaled, scaled, moved, one_more, one_more, another_map,
)  # fmt: skip


def changed(lines: tuple[bytes, ...], rng: random.Random) -> list[bytes]:
    """A certificate after some of these changes, with its units counted again."""
    records = parsed(lines)
    terms = records[2]
    for _ in range(rng.randint(1, 3)):
        change = rng.choice(CHANGES)
        if terms["terms"] or change in (one_more, another_map):
            change(terms, rng)
    width = 2 * records[0]["inputs"] + len(terms["terms"])
    two = any(len(term["forms"]) > 1 for term in terms["terms"])
    records[-1]["units"] = {"layer1": width, "layer2": width if two else 0}
    return sealed(encoded(records))


def is_well_formed(term: Any) -> bool:
    forms = [numbers(form)[1:] for form in term["forms"]]
    if len(forms) == 2 == len(forms[0]):
        return forms[0][0] * forms[1][1] != forms[0][1] * forms[1][0]
    return len(forms) == 1 and any(forms[0])


def judged_rightly(lines: list[bytes]) -> str:
    """The verdict, once it is what an exact comparison of both networks says."""
    verdict = checker.check_lines(lines)
    certificate = Certificate(tuple(lines))
    terms = json.loads(lines[2])["terms"]
    if not all(map(is_well_formed, terms)):
        assert (verdict.kind, "the forms of a term" in verdict.reason) == ("invalid", True)
        return "malformed"
    assert certificate.finite is not None
    equal = difference(certificate.network, certificate.finite.network, certificate.domain) is None
    assert (verdict.kind == "valid") == equal, str(verdict)
    return verdict.kind


@given(problems(6).filter(lambda problem: problem[0].inputs < 3), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_rule_accepts_equal_functions_and_no_others(problem: Problem, seed: int) -> None:
    network, domain = problem
    normal, rng = domain.normalised(), random.Random(seed)
    lines = prove(network, normal, claim=finite(network, normal)).lines
    assert judged_rightly(list(lines)) == "valid"
    for _ in range(4):
        judged_rightly(changed(lines, rng))


TENT = ReLUNetwork.of([([[1, 0], [0, 1]], [0, -1]), ([[1, -1]], [1]), ([[2], [1]], ["1/3", 0])])


@pytest.mark.parametrize("domain", [Polyhedron.whole_space(2), Polyhedron.box([(-1, 1), (0, 2)])])
def test_changes_lead_to_both_verdicts(domain: Polyhedron) -> None:
    rng, lines = random.Random(0), prove(TENT, domain, claim=finite(TENT, domain)).lines
    found = {judged_rightly(changed(lines, rng)) for _ in range(40)}
    assert found == {"valid", "invalid", "malformed"}
