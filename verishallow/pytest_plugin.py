"""Regression proofs in a test suite: the fixture ``certificate``.

    def test_controller(certificate):
        certificate.holds_for("controller.onnx", domain="box:-1,1")

The proof is kept in ``__certificates__/`` beside the test. A run checks it again with the stand-alone checker, and
proves nothing anew. ``pytest --certificates-update`` proves and writes certificates that are missing or out of date.
"""

import os
import shlex
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from verishallow.kept_proofs.fixture import Certificates, near
from verishallow.kept_proofs.folders import ProofPlace, Usage, orphaned_folders, removed

OPTION = "--certificates-update"


@pytest.fixture
def certificate(request: pytest.FixtureRequest) -> Certificates:
    """Proofs about networks, kept beside the test and checked again in every run (verishallow)."""
    place, config = _place(request.node), request.config
    names = "::".join((near(place.file), *place.names))
    renewal = f"pytest {OPTION} {shlex.quote(names)}"
    return Certificates(place, bool(config.getoption(OPTION)), renewal, config.stash[USAGE])


# -------------------------------------------------------------------------------------------------- The hooks

USAGE = pytest.StashKey[Usage]()
WORKERS = pytest.StashKey[list[Any]]()
"""The processes of pytest-xdist that have started and not yet reported."""
REPORT = pytest.StashKey[list[tuple[str, list[Path]]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that renews certificates."""
    parser.getgroup("verishallow").addoption(
        OPTION,
        action="store_true",
        default=False,
        help="Prove and write the certificates that are missing or out of date, and delete those that no test uses.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start recording which certificates are used."""
    config.stash[USAGE], config.stash[WORKERS], config.stash[REPORT] = Usage(), [], []


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Note which test files are collected as a whole, and which directories."""
    report = yield
    usage = collector.config.stash[USAGE]
    if os.path.isdir(collector.path):
        if _in_scope(collector.path, collector.config):
            usage.complete.update(map(str, orphaned_folders(collector.path)))
    elif os.path.isdir(folder := ProofPlace(collector.path, ()).folder):
        (usage.complete if report.passed else usage.partial).add(str(folder))
    return report


def _in_scope(directory: Path, config: pytest.Config) -> bool:
    """Whether the command line names this directory or one above it, not only a file or a test in it."""
    named = (config.invocation_params.dir / argument for argument in config.args)
    return any(directory == place or place in directory.parents for place in named if os.path.isdir(place))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Note each test of a file with certificates, before any is deselected."""
    place = _place(item)
    if os.path.isdir(place.folder):
        item.config.stash[USAGE].collected.add(place.beginning)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note which tests have passed or failed: a skipped or failed one may not have asked for its certificates."""
    report = yield
    usage, beginning = item.config.stash[USAGE], _place(item).beginning
    if call.when == "call" and beginning in usage.collected:
        (usage.passed if report.passed else usage.failed).add(beginning)
    return report


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A process of pytest-xdist reports what it knows; the main process draws the conclusions."""
    config = session.config
    if hasattr(config, "workerinput"):
        config.workeroutput["verishallow"] = config.stash[USAGE].texts()  # type: ignore[attr-defined]  # pytest-xdist's
        return
    usage, report = config.stash[USAGE], config.stash[REPORT]
    report.append(("written", sorted(map(Path, usage.written))))
    finished = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
    unused = usage.unused() if finished and _is_full_run(config) else []
    if config.getoption(OPTION):
        gone, unused = removed(unused)
        report.append(("deleted, no test uses it", gone))
    report.append((f"unused, {OPTION} deletes it", unused))


def _is_full_run(config: pytest.Config) -> bool:
    """Whether all tests of each collected file are known: no test was selected by name or by its last failure."""
    picked = any("::" in argument for argument in config.args) or config.getoption("lf", default=False)
    return not (picked or config.option.collectonly or config.stash[WORKERS])


def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter", config: pytest.Config) -> None:
    """List the certificates that were written, deleted, or are no longer used."""
    # The annotation is a text, since pytest 8.2 does not have this name yet.
    lines = [f"{what}: {near(path)}" for what, paths in config.stash[REPORT] for path in paths]
    if lines:
        terminalreporter.section("certificates of verishallow", sep="-")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodeready(node: Any) -> None:
    """A worker process of pytest-xdist has started."""
    node.config.stash[WORKERS].append(node)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process of pytest-xdist has ended; one that crashed never reports."""
    told = getattr(node, "workeroutput", {}).get("verishallow")
    if told is not None:
        node.config.stash[USAGE].update(told)
        node.config.stash[WORKERS].remove(node)


def _place(item: pytest.Item) -> ProofPlace:
    """Where a test keeps its certificates: named by its id without its file's path and additions of plug-ins."""
    chain = item.listchain()
    below = max((number for number, node in enumerate(chain) if isinstance(node, pytest.File)), default=0)
    return ProofPlace(item.path, tuple(node.name for node in chain[below + 1 :]))
