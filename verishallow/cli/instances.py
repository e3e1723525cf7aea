"""``verishallow verify --instances``: all lines of a benchmark, one after the other, resumable."""

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from verishallow.certificate.certificate import Certificate
from verishallow.cli.reporting import print_json
from verishallow.cli.verifying import EXIT_CODES, Answer, Target, answered
from verishallow.errors import InputError, VerishallowError
from verishallow.read import load
from verishallow.read.files import file_bytes, utf8_text
from verishallow.show.tables import columns_table
from verishallow.verify import verify as decided
from verishallow.verify.asking import asked_of
from verishallow.whole_file import written_whole

COLUMNS = ("network", "property", "verdict", "nodes", "leaves", "find_seconds", "check_seconds", "certificate")
RESULTS = "results.csv"


@dataclass(frozen=True, slots=True)
class Instance:
    """A line of an instances file: files relative to it, and the seconds allowed."""

    network: Path
    asked: Path
    seconds: float | None

    @property
    def name(self) -> str:
        """What its certificate is called."""
        return f"{self.network.name.partition('.')[0]}.{self.asked.name.partition('.')[0]}"


def instances_in(path: Path) -> Iterator[Instance]:
    """The lines of a file; a property or a network may stand in several."""
    for number, row in enumerate(csv.reader(io.StringIO(utf8_text(file_bytes(path)))), start=1):
        if not row or row[0].startswith("#"):
            continue
        if len(row) not in (2, 3):
            raise InputError(f"{path}, line {number}: expected NETWORK,PROPERTY,SECONDS, found {len(row)} columns")
        yield Instance(path.parent / row[0].strip(), path.parent / row[1].strip(), _seconds(path, number, row[2:]))


def _seconds(path: Path, number: int, texts: list[str]) -> float | None:
    try:
        return float(texts[0]) if texts else None
    except ValueError:
        raise InputError(f"{path}, line {number}: expected seconds, found {texts[0]!r}") from None


def run_instances(path: Path, folder: Path, max_nodes: int | None, as_json: bool) -> int:
    """Decide every instance whose result is not there yet; the exit code of the worst: 3, then 1, then 0."""
    listed = list(instances_in(path))
    folder.mkdir(parents=True, exist_ok=True)
    results = _stored(folder / RESULTS)
    for instance in listed:
        known = results.get((str(instance.network), str(instance.asked)))
        if known is None or known["verdict"] not in ("holds", "violated"):
            results[str(instance.network), str(instance.asked)] = _decided(instance, folder, max_nodes)
            _store(folder / RESULTS, [results[key] for key in results])
    chosen = [results[str(each.network), str(each.asked)] for each in listed]
    if as_json:
        print_json({"instances": chosen, "results": str(folder / RESULTS)})
    else:
        print(
            columns_table(
                [name.replace("_", " ") for name in COLUMNS], [[row[name] for name in COLUMNS] for row in chosen]
            )
        )
        print(_summary(chosen))
    return max((EXIT_CODES.get(row["verdict"], 2) for row in chosen), default=0, key=(0, 1, 2, 3).index)


def _summary(rows: list[dict[str, str]]) -> str:
    words = [row["verdict"] for row in rows]
    return ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words)) + f"; {len(rows)} in all"


def _decided(instance: Instance, folder: Path, max_nodes: int | None) -> dict[str, str]:
    file = folder / f"{instance.name}.cert.jsonl.gz"
    try:
        answer = _answer(instance, file, max_nodes)
    except VerishallowError as error:
        return {**dict.fromkeys(COLUMNS, ""), **_names(instance), "verdict": f"error: {error}"}
    outcome = answer.outcome
    numbers = {"nodes": str(outcome.nodes), "leaves": str(outcome.leaves), "certificate": str(file)}
    times = {"find_seconds": f"{outcome.seconds:.3f}", "check_seconds": f"{answer.check_seconds:.3f}"}
    return {**_names(instance), "verdict": outcome.verdict, **numbers, **times}


def _answer(instance: Instance, file: Path, max_nodes: int | None) -> Answer:
    """Decide one instance; what was proved before it was stopped is taken up."""
    network = load(os.fsdecode(instance.network))
    asked = asked_of(instance.asked, None, network.inputs, network.outputs)
    stored = Certificate.checked(file) if file.exists() else None
    return answered(
        [network],
        lambda: decided(network, asked, timeout=instance.seconds, max_nodes=max_nodes, resume=stored),
        Target(str(file), instance.network, instance.name),
    )


def _names(instance: Instance) -> dict[str, str]:
    return {"network": str(instance.network), "property": str(instance.asked)}


def _stored(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    """The results of an earlier run."""
    if not path.exists():
        return {}
    rows = list(csv.DictReader(io.StringIO(utf8_text(file_bytes(path)))))
    if any(set(row) != set(COLUMNS) for row in rows):
        raise InputError(f"{path}: is no table of results; name another --folder")
    return {(row["network"], row["property"]): row for row in rows}


def _store(path: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    with written_whole(path) as file:
        file.write(text.getvalue().encode("utf-8"))
