"""Each check of the checker decides some case: without it, that case gets another verdict or another reason."""

import io
from collections.abc import Iterator

import pytest

from tests.checker.case import Case
from tests.checker.cases import CASES
from tests.checker.mutants import COMMAND, COUNTING, SOURCE, Mutant, answer, loaded, mutants
from verishallow import checker

MUTANTS = mutants(but=(*COMMAND, *COUNTING))
SURE = {
    "farkas": "farkas", "rule_split": "split", "settle": "stable",
    "check_unit": "units", "check_faces": "faces", "check_absent": "faces", "candidates": "faces",
    "_add": "network", "common_denominator": "network", "rule_layer": "layer", "rule_redundant": "redundant",
    "rule_leaf": "leaf-map", "rational": "bytes", "lines_of": "bytes", "chunks_of": "bytes", "_reads": "network",
    "check_end": "end", "check_witness": "leaf-witness", "check_map": "leaf-map", "check_header": "header",
    "check_depth": "merge", "check_leaf": "faces", "rule_dropped": "dropped", "Equality.check_low": "one-unit",
    "Bounds.check_leaf": "bounds", "check_bounds": "bounds", "interval": "bounds",
    "Equal.check_leaf": "equal", "statement": "regions", "_add_inputs": "slice",
}  # fmt: skip
"""The rule whose cases are tried first on a mutant of this function: only an order, to be quick."""

RULE_OF = {
    "Merge": "merge", "Gated": "gated", "OneHidden": "one-hidden", "Finite": "finite", "Quantised": "quantised",
    "MERGE_EXACT": "merge", "MERGE_IGNORE": "merge", "GATED_EXACT": "gated", "ONE_HIDDEN": "one-hidden",
    "Property": "refuted", "Relaxation": "low", "Matrix": "low", "LayerState": "low",
    "Counterexample": "counterexample",
    "PROPERTY": "relax", "COUNTEREXAMPLE": "counterexample", "check_unsafe": "unsafe", "fails_at": "unsafe",
    "FINITE": "finite", "QUANTISED": "quantised", "REGIONS": "regions", "BOUNDS": "bounds", "EQUAL": "equal",
}  # fmt: skip
"""Likewise, for all functions of a class, and for lines of the table."""

FILES = [(case, case.content()) for case in CASES]
ANSWERS = {case: answer(checker, io.BytesIO(content)) for case, content in FILES}


def killers(mutant: Mutant) -> Iterator[Case]:
    """The cases that tell the mutant from the checker, likely ones first."""
    module = loaded(mutant.source)
    likely = RULE_OF.get(mutant.function.partition(".")[0]) or SURE.get(
        mutant.function, SURE.get(mutant.function.rpartition(".")[2], "")
    )
    for case, content in sorted(FILES, key=lambda entry: (entry[0].rule != likely, not entry[0].stored)):
        if answer(module, io.BytesIO(content)) != ANSWERS[case]:
            yield case


def test_the_checker_itself_survives() -> None:
    module = loaded(SOURCE)
    assert all(answer(module, io.BytesIO(content)) == ANSWERS[case] for case, content in FILES)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.file}.py: {mutant.function}: {mutant.name}")
def test_a_check_matters(mutant: Mutant) -> None:
    assert mutant.source != SOURCE, "the checker does not say so, or more than once"
    assert next(killers(mutant), None), "no case tells this mutant from the checker"
