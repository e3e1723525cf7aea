"""The formal development compiles, Coq's small checker reads it again, and it assumes what its guide says."""

import re

import pytest

from tests.formal.building import FORMAL, Development

GUIDE = FORMAL / "README.md"


def block(name: str) -> str:
    """A fenced block of the guide."""
    found = re.search(rf"```{name}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"the guide has no block {name}"
    return found[1]


def test_the_assumptions_are_those_of_the_guide(development: Development) -> None:
    assert (development.folder / "assumptions.txt").read_text(encoding="utf-8") == block("assumptions")


def test_only_the_reals_have_axioms(development: Development) -> None:
    printed = (development.folder / "assumptions.txt").read_text(encoding="utf-8")
    theorems = re.findall(r"^Print Assumptions (\S+)\.$", (FORMAL / "Assumptions.v").read_text(), re.MULTILINE)
    closed = printed.count("Closed under the global context")
    assert (closed, printed.count("Axioms:")) == (len(theorems) - 1, 1)
    assert re.findall(r"^(\S+)$", printed, re.MULTILINE)[1:] == [
        "ClassicalDedekindReals.sig_forall_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
    ]


def test_coqchk_reads_every_proof_again(development: Development) -> None:
    """Its axioms are those of all libraries that are loaded, used or not: none is ours, and no check is off."""
    context = development.coqchk().partition("CONTEXT SUMMARY")[2]
    theory, axioms, *relaxed = re.split(r"^\* ", context, flags=re.MULTILINE)[1:]
    assert theory.split() == ["Theory:", "Set", "is", "predicative"]
    assert [name for name in axioms.split()[1:] if not name.startswith("Coq.")] == []
    assert [line.split()[-1] for line in relaxed] == ["<none>"] * 3


@pytest.mark.parametrize(
    "word", ["Admitted", "admit", "Axiom", "Parameter", "Conjecture", "Unset Guard", "bypass_check"]
)
def test_nothing_is_left_unproved(word: str) -> None:
    """The parameters of a module's type are no axioms: OrderedRing.v says what a ring is."""
    sources = [source for source in FORMAL.glob("*.v") if source.name != "OrderedRing.v"]
    assert len(sources) > 10
    assert [source.name for source in sources if re.search(rf"\b{word}\b", source.read_text(encoding="utf-8"))] == []


def test_sources_are_left_alone(development: Development) -> None:
    made = [path.name for path in FORMAL.iterdir() if path.suffix in (".vo", ".glob", ".cmx", ".o")]
    assert (made, development.folder.is_relative_to(FORMAL)) == ([], False)
