"""The checker that is proved correct beside the stand-alone and the fast one; and Coq on exported theorems."""

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.check_speed import lines_of
from tests.benchmarks.measuring import number, table
from tests.benchmarks.networks import UNIT_BOX, WHOLE, Case
from tests.formal.building import FORMAL, Development
from verishallow import checker, fast_checker
from verishallow.certificate.certificate import Certificate
from verishallow.shallow.signed_faces import Boundary
from verishallow.write.logic.coq import coq

Problem = tuple[Case, Boundary]

HEADS = ("network", "domain", "boundary", "regions", "checker.py, regions/s", "fast, regions/s", "verified, regions/s")
COQ_HEADS = ("network", "domain", "boundary", "regions", "kB of the .v", "coqc, s")
SMALL = (Case("2-8-8-1", WHOLE), Case("2-16-16-1", WHOLE))
LARGE = (Case("2-32-32-1", WHOLE), Case("3-16-16-1", WHOLE), Case("4-12-12-1", UNIT_BOX))
BOUNDARIES: tuple[Boundary, ...] = ("exact", "ignore")


def report(repeat: int, quick: bool, _full: bool) -> Iterator[str]:
    """The two tables; of a development that was not compiled only how to compile it."""
    development = Development(FORMAL / "build")
    if not (development.folder / "verified_check").exists():
        yield "Not compiled: make -C proofs/formal"
        return
    few, many = ([(case, boundary) for case in cases for boundary in BOUNDARIES] for cases in (SMALL, SMALL + LARGE))
    yield from table(HEADS, (row(development, problem, repeat) for problem in (few if quick else many)))
    yield from table(COQ_HEADS, (coq_row(development, problem, repeat) for problem in few))


def row(development: Development, problem: Problem, repeat: int) -> Sequence[str]:
    """Regions per CPU second of each checker: medians; the verified one is a process, whose start counts."""
    lines = lines_of(*problem)
    with TemporaryDirectory() as folder:
        file = Path(folder, "certificate.jsonl")
        file.write_bytes(b"".join(lines))
        judges = (partial(checker.check_lines, lines), partial(fast_checker.check_lines, lines))
        works = (*judges, partial(development.verdict, file))
        rounds = [[seconds(work) for work in works] for _ in range(repeat)]
    regions = leaves(lines)
    return *_heads(problem, regions), *(number(regions / median(each)) for each in zip(*rounds, strict=True))


def coq_row(development: Development, problem: Problem, repeat: int) -> Sequence[str]:
    """CPU seconds of Coq on the exported theorem."""
    lines = lines_of(*problem)
    content = coq(Certificate(tuple(lines)))
    with TemporaryDirectory() as folder:
        file = Path(folder, "theorem.v")
        file.write_bytes(content)
        found = median(seconds(partial(_accepted, development, file)) for _ in range(repeat))
    return *_heads(problem, leaves(lines)), number(len(content) / 1000), f"{found:.1f}"


def leaves(lines: Sequence[bytes]) -> int:
    return int(Certificate(tuple(lines)).counts["leaves"])


def _heads(problem: Problem, regions: int) -> tuple[str, ...]:
    case, boundary = problem
    return case.name, case.domain, boundary, number(regions)


def _accepted(development: Development, file: Path) -> None:
    ran = development.coqc(file)
    if ran.returncode:
        raise RuntimeError(f"Coq refuses a theorem: {ran.stderr}")


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of work, in this process and in those that it starts and waits for."""
    before = _cpu()
    work()
    return _cpu() - before


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
