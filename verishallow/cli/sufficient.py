"""``verishallow explain --sufficient``: the inputs that force the class of a point, and the certificates of it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verishallow.cli.explained_texts import noted
from verishallow.cli.reporting import print_json, texts
from verishallow.cli.subject import listed
from verishallow.cli.verifying import MOST_SHOWN, Answer, Target, answered, facts_of
from verishallow.errors import InputError, ProofError
from verishallow.explain import Names, SufficientInputs, class_count, classes_at, sufficient
from verishallow.explain.names import index_named
from verishallow.fast_checker.checking import check
from verishallow.kept_proofs.library import CERTIFICATES
from verishallow.network import ReLUNetwork
from verishallow.rationals import counted
from verishallow.read.domains.points import read_point
from verishallow.read.files import is_certificate
from verishallow.show.tables import columns_table, facts_table, rounded
from verishallow.verify.verification import Outcome

ABOUT = "sufficient"


@dataclass(frozen=True, slots=True)
class SufficientOptions:
    """What belongs to ``--sufficient`` alone, as it is given."""

    winner: str | None = None
    order: str | None = None
    output: str | None = None
    force: bool = False
    timeout: float | None = None
    max_nodes: int | None = None
    jobs: int = 1
    dask: str | None = None

    def require_unused(self) -> None:
        """Refuse any of them without ``--sufficient``."""
        if self != SufficientOptions():
            raise InputError(
                "explain: --class, --order, -o, --force, --timeout, --max-nodes, --jobs and --dask belong to "
                "--sufficient; add it, or leave them out"
            )

    @property
    def search(self) -> dict[str, Any]:
        """The budget, and who works."""
        return {"timeout": self.timeout, "max_nodes": self.max_nodes, "jobs": self.jobs, "dask": self.dask}

    @property
    def folder(self) -> Path | None:
        """The folder that ``-o`` names, for all certificates: one that is there, or a text that ends in a slash."""
        named = self.output
        return Path(named) if named and (named.endswith("/") or os.path.isdir(named)) else None


def require_fitting(file: Path, at: str | None, others: dict[str, object]) -> str:
    """The point; refused without one, for a certificate, and beside options that say nothing here."""
    given = [name for name, value in others.items() if value not in (None, False)]
    if given:
        raise InputError(f"--sufficient: leave out {', '.join(given)}")
    if at is None:
        raise InputError("--sufficient: expected --at X, the point whose class is explained")
    if is_certificate(file):
        raise InputError(f"--sufficient: expected a network, found a certificate, {file}; name the deep network")
    return at


def explain_sufficient(
    network: ReLUNetwork,
    file: Path,
    at: str,
    domain: str | None,
    features: str | None,
    classes: str | None,
    options: SufficientOptions,
    as_json: bool,
) -> int:
    """Find the inputs, write and check the certificates, report; 0, or 3 where minimality is not shown."""
    if domain is None:
        raise InputError("--sufficient: expected --domain D, the values that inputs may have once they are let go")
    numbers = [str(number) for number in range(class_count(network))]
    called = Names.of(network.inputs, len(numbers), listed(features), listed(classes) or numbers)
    winner = None if options.winner is None else index_named("class", called.outputs, options.winner)
    order = [called.feature(name) for name in listed(options.order) or []]
    point = read_point(at, network.inputs)
    found = sufficient(network, point, domain, winner=winner, order=order, **options.search)
    answer, files = _written(_Source(network, file, (at, domain)), found, options)
    if as_json:
        print_json(_facts(network, found, called, answer, files))
    else:
        print(_text(network, found, called, answer))
    return 0 if found.minimal else 3


# ------------------------------------------------------------------------------------------ Certificates


@dataclass(frozen=True, slots=True)
class _Source:
    """A network and the files that the command reads, which it must not write over."""

    network: ReLUNetwork
    file: Path
    others: tuple[str, ...]

    def written(self, outcome: Outcome, target: Target) -> Answer:
        """The certificate of an outcome, checked, in its file."""
        return answered([self.network], lambda: outcome, target, self.file, *self.others)

    def within(self, folder: Path, about: str) -> Target:
        """The target of a certificate in a folder; a name there is replaced."""
        return Target(str(folder / f"{self.file.stem}.{about}{CERTIFICATES[0]}"), self.file, about)


def _written(source: _Source, found: SufficientInputs, options: SufficientOptions) -> tuple[Answer, dict[int, Path]]:
    """The proof in its file, in a folder the counterexamples too; all are checked before any is written."""
    shown = {number: outcome for number, outcome in found.needed.items() if outcome is not None}
    for number, outcome in shown.items():
        verdict = check(outcome.certificate)
        if verdict.kind != "valid":
            raise ProofError(f"the counterexample for input {number} is not valid ({verdict}): this is a bug")
    folder = options.folder
    if folder is None:
        return source.written(found.proof, Target(options.output, source.file, ABOUT, options.force)), {}
    folder.mkdir(parents=True, exist_ok=True)
    answer = source.written(found.proof, source.within(folder, f"property.{ABOUT}"))
    names = {number: source.within(folder, f"counterexample.{ABOUT}-{number}") for number in shown}
    return answer, {number: source.written(shown[number], target).file for number, target in names.items()}


# ---------------------------------------------------------------------------------------------- Reports


def _facts(
    network: ReLUNetwork, found: SufficientInputs, names: Names, answer: Answer, files: dict[int, Path]
) -> dict[str, Any]:
    """All that ``--json`` says; inputs are numbers from 0."""
    return facts_of(
        answer,
        **{
            "at": texts(found.at),
            "features": list(names.features),
            "class": names.outputs[found.winner],
            "sufficient": list(found.kept),
            "freed": list(found.freed),
            "minimal": found.minimal,
            "needed": [
                {
                    "input": number,
                    "feature": names.features[number],
                    "point": None if outcome is None else texts(outcome.point or ()),
                    "outputs": None if outcome is None else texts(outcome.outputs or ()),
                    "classes": None if outcome is None else _classes(network, outcome, names),
                    "certificate": str(files[number]) if number in files else None,
                }
                for number, outcome in found.needed.items()
            ],
        },
    )


def _classes(network: ReLUNetwork, outcome: Outcome, names: Names) -> list[str]:
    """The classes that win, or tie, at a counterexample."""
    return [names.outputs[number] for number in classes_at(network, outcome.point or ())]


def _text(network: ReLUNetwork, found: SufficientInputs, names: Names, answer: Answer) -> str:
    """The class with what forces it, per input kept what shows that it is needed, and the certificate."""
    facts = {
        "free": _few([names.features[number] for number in found.freed]) or None,
        "proved": answer.reason,
        "leaves": found.proof.leaves,
        "certificate": str(answer.file),
        "kept": answer.kept,
        "check seconds": round(answer.check_seconds, 3),
    }
    table = [_row(network, found, names, number) for number in found.kept]
    heads = ("feature", "value", "if it is let go", "at")
    parts = [_head(found, names), *([columns_table(heads, table)] if table else []), facts_table(facts)]
    return noted("\n".join(parts))


def _head(found: SufficientInputs, names: Names) -> str:
    winner, many = names.outputs[found.winner], counted(len(found.at), "input")
    if not found.kept:
        return f"class {winner} wins everywhere in the domain: none of {many} is needed"
    said = f"{len(found.kept)} of {many} force class {winner}, whatever the others are in the domain"
    if not found.freed:
        said = f"class {winner} at the point; none of {many} was let go"
    if found.minimal:
        return f"{said}; each is needed"
    unknown = _few([names.features[number] for number in found.not_shown])
    return f"{said}; not shown to be needed within the budget: {unknown}"


def _row(network: ReLUNetwork, found: SufficientInputs, names: Names, number: int) -> tuple[str, str, str, str]:
    """An input kept, and where another class wins or ties once it is let go."""
    outcome, name = found.needed[number], names.features[number]
    if outcome is None or outcome.point is None:
        return name, rounded(found.at[number]), "not known", ""
    moves = [
        f"{other} = {rounded(y)}" for other, x, y in zip(names.features, found.at, outcome.point, strict=True) if x != y
    ]
    return name, rounded(found.at[number]), f"class {' = '.join(_classes(network, outcome, names))}", _few(moves)


def _few(texts_: list[str]) -> str:
    """The first of several texts, and how many more there are."""
    rest = len(texts_) - MOST_SHOWN
    return ", ".join(texts_[:MOST_SHOWN]) + (f", and {rest} more" if rest > 0 else "")
