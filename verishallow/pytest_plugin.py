"""Regression proofs in a test suite: the fixture ``certificate``.

    def test_controller(certificate):
        certificate.holds_for("controller.onnx", domain="box:-1,1")

The proof is kept in ``__certificates__/`` beside the test. A run checks it again with the stand-alone checker, and
proves nothing anew. ``pytest --certificates-update`` proves and writes certificates that are missing or out of date.
"""

import os
import shlex
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from verishallow.kept_proofs.folders import ProofPlace, Usage, orphaned_folders, removed

# Every run of pytest loads this module, so modules that need numpy, gmpy2 or cddlib are imported in the functions.
if TYPE_CHECKING:
    from verishallow.checker import Verdict
    from verishallow.kept_proofs.statement import Statement
    from verishallow.network import ReLUNetwork
    from verishallow.polyhedron import Polyhedron
    from verishallow.slices import Slice

    Network = str | os.PathLike[str] | ReLUNetwork | Any
    Domain = str | os.PathLike[str] | Polyhedron | None
    Bounds = Mapping[int, tuple[Any, Any]]

OPTION = "--certificates-update"

# ------------------------------------------------------------------------------------------------ The fixture


@dataclass(repr=False)
class Certificates:
    """The certificates of one test; the fixture ``certificate`` is one of these.

    A network is a file (``.onnx``, or verishallow's ``.json``), a :class:`~verishallow.ReLUNetwork`, or a model of
    torch, Keras or scikit-learn; a domain is
    a text as the command line takes it (``"box:-1,1"``, ``"ball:linf:0,1:1/255"``, or a file), a
    :class:`~verishallow.Polyhedron`, or ``None`` for all of R^n. Files are named relative to the test's own.
    A certificate is named after its test and its network; ``name`` replaces the network's name, which distinguishes
    several certificates about one network better than their order.

    >>> from tempfile import TemporaryDirectory
    >>> from verishallow import ReLUNetwork
    >>> folder = TemporaryDirectory()
    >>> place = ProofPlace(Path(folder.name, "test_modulus.py"), ("test_regions",))
    >>> certificate = Certificates(place, update=True, renewal="", usage=Usage())
    >>> certificate.regions_of(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]), count=2)
    2
    >>> [file.name for file in place.folder.iterdir()]
    ['test_regions.network.cert.jsonl.gz']
    >>> folder.cleanup()
    """

    place: ProofPlace
    update: bool
    renewal: str
    """The command that renews the certificates of the test."""
    usage: Usage
    _taken: set[Path] = field(default_factory=set)

    def __repr__(self) -> str:
        return f"<certificates of {'::'.join(self.place.names)}>"

    def holds_for(
        self,
        network: "Network",
        *,
        domain: "Domain" = None,
        claim: str = "equality",
        boundary: str | None = None,
        regions: int | None = None,
        bounds: "Bounds | None" = None,
        other: "Network | None" = None,
        on_slice: "Slice | None" = None,
        name: str | None = None,
    ) -> "Verdict":
        """Fail the test unless the kept certificate proves this claim about this network on this domain.

        ``claim`` is "equality" (with the three-layer network; ``boundary`` is "exact" or "ignore"), "regions" (the
        number of activation regions; ``regions`` is the expected one, if any), "bounds" (``bounds={0: ("-1", "5"), 1:
        (0, None)}``: a pair (low, high) of numbers per output, ``None`` for no bound; a float is the rational that it
        is) or "equal" (``other`` is the same function). With ``on_slice`` the domain is a set of the slice's
        parameters. The verdict that is returned has the certificate's ``header`` and ``counts``.
        """
        __tracebackhide__ = True
        belongings = {"boundary": boundary, "regions": regions, "bounds": bounds}
        stated = partial(self._statement, network, other, (domain, on_slice), claim, belongings)
        verdict, failure = self._attempt(network, stated, name)
        if verdict is None:
            # Outside of any except block, so that no other error is shown before this one.
            pytest.fail(failure)
        return verdict

    def regions_of(
        self, network: "Network", *, domain: "Domain" = None, count: int | None = None, name: str | None = None
    ) -> int:
        """The number of activation regions that the kept certificate proves; it must be ``count``, if given."""
        __tracebackhide__ = True
        verdict = self.holds_for(network, domain=domain, claim="regions", regions=count, name=name)
        found: int = verdict.counts["activation_regions"]
        return found

    def bounds_hold_for(
        self, network: "Network", bounds: "Bounds", *, domain: "Domain" = None, name: str | None = None
    ) -> "Verdict":
        """Fail the test unless the kept certificate proves these bounds of outputs, ``{output: (low, high)}``."""
        __tracebackhide__ = True
        return self.holds_for(network, domain=domain, claim="bounds", bounds=bounds, name=name)

    def are_equal(
        self, network: "Network", other: "Network", *, domain: "Domain" = None, name: str | None = None
    ) -> "Verdict":
        """Fail the test unless the kept certificate proves that two networks are one function on the domain."""
        __tracebackhide__ = True
        return self.holds_for(network, domain=domain, claim="equal", other=other, name=name)

    def _attempt(
        self,
        network: "Network",
        stated: "Callable[[], Statement]",
        name: str | None,
    ) -> "tuple[Verdict | None, str]":
        """The verdict, and why the test fails."""
        from verishallow.errors import VerishallowError  # noqa: PLC0415

        path = self._path(name or _label(network))
        try:
            return self._checked(path, stated()), ""
        except VerishallowError as error:
            return None, self._explained(error, network, path)

    def _path(self, about: str) -> Path:
        """The path of a certificate; each call in a test has its own."""
        path, number = self.place.certificate(about), 1
        while path in self._taken:
            number += 1
            path = self.place.certificate(f"{about}.{number}")
        self._taken.add(path)
        self.usage.used.add(str(path))
        return path

    def _statement(
        self,
        network: "Network",
        other: "Network | None",
        where: "tuple[Domain, Slice | None]",
        claim: str,
        belongings: dict[str, Any],
    ) -> "Statement":
        from verishallow.kept_proofs.statement import Statement, claim_named  # noqa: PLC0415
        from verishallow.read.domains.usable_domain import parts_of  # noqa: PLC0415

        read, twin = self._network(network), None if other is None else self._network(other)
        names = (_shown(network, "the network"), _shown(other, "the other network"))
        claimed = claim_named(claim, **belongings, other=twin)
        (part,) = parts_of(self._domain(where[0]), read.inputs, where[1], most=1)
        return Statement(read, part.polyhedron, claimed, part.slice, belongings["regions"], names, part.strict)

    def _network(self, network: "Network") -> "ReLUNetwork":
        from verishallow.errors import InputError  # noqa: PLC0415
        from verishallow.network import ReLUNetwork  # noqa: PLC0415
        from verishallow.read import load  # noqa: PLC0415
        from verishallow.read.sources import OBJECTS, library_of  # noqa: PLC0415

        if isinstance(network, ReLUNetwork):
            return network
        if isinstance(network, str | os.PathLike):
            return load(self.place.file.parent / network)
        if library_of(network) is None:
            raise InputError(
                "network: expected a file or a ReLUNetwork, "
                f"found {type(network).__name__}; or give a model of {', '.join(OBJECTS)}"
            )
        return load(network)

    def _domain(self, domain: "Domain") -> "str | Polyhedron | None":
        """The domain, with every file in it relative to the test's own."""
        if not isinstance(domain, str | os.PathLike):
            return domain
        text = os.fspath(domain).strip()
        if text.startswith("box:"):
            return text
        if not text.startswith("ball:"):
            return str(self.place.file.parent / text)
        *parts, radius = text.split(":")
        centre = ":".join(parts[2:])
        centre = str(self.place.file.parent / centre) if centre.lower().endswith(".npy") else centre
        return ":".join((*parts[:2], centre, radius))

    def _checked(self, path: Path, statement: "Statement") -> "Verdict":
        from verishallow.kept_proofs.keeping import check_kept, check_or_keep  # noqa: PLC0415

        if not self.update:
            return check_kept(path, statement)
        verdict, written = check_or_keep(path, statement)
        if written:
            self.usage.written.add(str(path))
        return verdict

    def _explained(self, error: Exception, network: "Network", path: Path) -> str:
        from verishallow.errors import InputError, StaleProofError  # noqa: PLC0415

        if isinstance(error, InputError):
            return str(error)
        lines = [f"{_shown(network, 'the network')}: {error}", "", f"certificate: {_near(path)}"]
        if isinstance(error, StaleProofError) and error.renewable:
            purpose = (
                "To renew it, if the change is intended"
                if path.exists()
                else "To prove the claim and write the certificate"
            )
            lines += [f"{purpose}:", f"  {self.renewal}"]
        return "\n".join(lines)


def _label(network: "Network") -> str:
    return Path(network).stem if isinstance(network, str | os.PathLike) else "network"


def _shown(network: "Network | None", otherwise: str) -> str:
    return str(network) if isinstance(network, str | os.PathLike) else otherwise


def _near(path: Path) -> str:
    """The shortest path from where pytest was started."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


@pytest.fixture
def certificate(request: pytest.FixtureRequest) -> Certificates:
    """Proofs about networks, kept beside the test and checked again in every run (verishallow)."""
    place, config = _place(request.node), request.config
    names = "::".join((_near(place.file), *place.names))
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
    lines = [f"{what}: {_near(path)}" for what, paths in config.stash[REPORT] for path in paths]
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
