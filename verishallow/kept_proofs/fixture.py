"""The fixture ``certificate`` of the plug-in for pytest: what a test asks of it."""

import os
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from verishallow.kept_proofs.folders import ProofPlace, Usage

# Every run of pytest loads this module, so modules that need numpy, gmpy2 or cddlib are imported in the functions.
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verishallow.checker import Verdict
    from verishallow.kept_proofs.properties import PropertyStatement
    from verishallow.kept_proofs.statement import Statement
    from verishallow.network import ReLUNetwork
    from verishallow.polyhedron import Polyhedron
    from verishallow.slices import Slice

    Network = str | os.PathLike[str] | ReLUNetwork | Any
    Domain = str | os.PathLike[str] | Polyhedron | None
    Bounds = Mapping[int, tuple[Any, Any]]


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

    def property_holds(
        self,
        network: "Network",
        unsafe: Any,
        *,
        domain: Any = None,
        other: "Network | None" = None,
        on_slice: "Slice | None" = None,
        max_nodes: int | None = None,
        name: str | None = None,
    ) -> "Verdict":
        """Fail the test unless the kept certificate proves that what is unsafe never happens.

        ``unsafe`` is a VNN-LIB file, relative to the test's own, or a condition, as in :func:`verishallow.verify`; a
        violation is shown at an exact point, each number with its decimal.
        """
        __tracebackhide__ = True
        options = {"domain": domain, "other": other, "on_slice": on_slice, "max_nodes": max_nodes}
        return self._decided(network, partial(self._property, network, unsafe, **options), name)

    def is_robust(
        self,
        network: "Network",
        *,
        at: Any,
        radius: Any,
        norm: str = "linf",
        winner: int | None = None,
        domain: Any = None,
        max_nodes: int | None = None,
        name: str | None = None,
    ) -> "Verdict":
        """Fail the test unless the kept certificate proves that one class wins on a whole ball around a point."""
        __tracebackhide__ = True
        ball = {"at": at, "radius": radius, "norm": norm, "winner": winner, "domain": domain, "max_nodes": max_nodes}
        return self._decided(network, partial(self._robustness, network, **ball), name)

    def within(
        self,
        network: "Network",
        other: "Network",
        eps: Any,
        *,
        domain: Any = None,
        max_nodes: int | None = None,
        name: str | None = None,
    ) -> "Verdict":
        """Fail the test unless the kept certificate proves that two networks differ by at most ``eps`` everywhere."""
        __tracebackhide__ = True
        return self._decided(network, partial(self._nearness, network, other, eps, domain, max_nodes), name)

    def _decided(self, network: "Network", stated: "Callable[[], PropertyStatement]", name: str | None) -> "Verdict":
        __tracebackhide__ = True
        verdict, failure = self._attempt(network, stated, name)
        if verdict is None:
            pytest.fail(failure)
        return verdict

    def _property(
        self, network: "Network", unsafe: Any, domain: Any, other: Any, on_slice: Any, max_nodes: int | None
    ) -> "PropertyStatement":
        from verishallow.kept_proofs.properties import property_statement  # noqa: PLC0415

        twin = None if other is None else self._network(other)
        if isinstance(unsafe, str | os.PathLike):
            unsafe = self.place.file.parent / unsafe
        return property_statement(self._network(network), unsafe, self._domain(domain), twin, on_slice, max_nodes)

    def _robustness(self, network: "Network", domain: Any, **ball: Any) -> "PropertyStatement":
        from verishallow.kept_proofs.properties import robustness_statement  # noqa: PLC0415

        return robustness_statement(self._network(network), domain=self._domain(domain), **ball)

    def _nearness(
        self, network: "Network", other: "Network", eps: Any, domain: Any, max_nodes: int | None
    ) -> "PropertyStatement":
        from verishallow.kept_proofs.properties import nearness_statement  # noqa: PLC0415

        networks = self._network(network), self._network(other)
        return nearness_statement(*networks, eps, self._domain(domain), max_nodes)

    def _attempt(
        self,
        network: "Network",
        stated: "Callable[[], Statement | PropertyStatement]",
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

    def _checked(self, path: Path, statement: "Statement | PropertyStatement") -> "Verdict":
        from verishallow.kept_proofs import keeping, properties  # noqa: PLC0415

        if isinstance(statement, properties.PropertyStatement):
            verdict, written = (
                properties.check_or_keep_property(path, statement)
                if self.update
                else (properties.check_kept_property(path, statement), False)
            )
        elif self.update:
            verdict, written = keeping.check_or_keep(path, statement)
        else:
            verdict, written = keeping.check_kept(path, statement), False
        if written:
            self.usage.written.add(str(path))
        return verdict

    def _explained(self, error: Exception, network: "Network", path: Path) -> str:
        from verishallow.errors import InputError, StaleProofError  # noqa: PLC0415

        if isinstance(error, InputError):
            return str(error)
        lines = [f"{_shown(network, 'the network')}: {error}", "", f"certificate: {near(path)}"]
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


def near(path: Path) -> str:
    """The shortest path from where pytest was started."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
