"""From a network to a certificate, and from a certificate to a verdict."""

from collections.abc import Iterator
from concurrent.futures import Executor
from os import PathLike

from verishallow import checker, fast_checker
from verishallow.certificate import Certificate
from verishallow.errors import DomainError, InputError
from verishallow.network import ReLUNetwork
from verishallow.parallel import parallel_parts
from verishallow.polyhedron import Polyhedron
from verishallow.read.domains import parse_domain
from verishallow.records import certificate_lines, network_record
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Engine
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.enumeration import best_engine
from verishallow.regions.lattice_engine import lattice_engine
from verishallow.regions.sharded import lattice_tree_engine
from verishallow.regions.tree_engine import tree_engine
from verishallow.shallow.signed_faces import Boundary

ENGINES: dict[str, Engine] = {"lattice": lattice_tree_engine, "tree": tree_engine, "cdd": cdd_engine}
BOUNDARIES: tuple[Boundary, ...] = ("exact", "ignore")


def prove(
    network: ReLUNetwork,
    domain: Polyhedron | str | None = None,
    boundary: Boundary = "exact",
    engine: str = "auto",
    executor: Executor | None = None,
) -> Certificate:
    """The certificate that a network and its three-layer twin are one function on a domain.

    ``domain`` is a full-dimensional polyhedron, or a text such as ``"box:-1,1"``; by default all of R^n.
    ``boundary="ignore"`` claims equality only off the hyperplanes of the splits, with fewer units.
    An ``executor`` (any of ``concurrent.futures``, or Dask's) explores parts of the domain; the certificate is the
    same, byte for byte, with or without one.
    Raises :class:`~verishallow.errors.InputError` for what cannot be proved about. Source: arXiv 2306.11827.

    >>> from verishallow import ReLUNetwork
    >>> maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
    >>> prove(maximum, domain="box:-1,1").regions[0].affine_map
    AffineMap(forms=(AffineForm(x0),))
    """
    usable = usable_domain(domain, network.inputs)
    return Certificate(tuple(proof_lines(network, usable, boundary, engine, executor)))


def proof_lines(
    network: ReLUNetwork,
    domain: Polyhedron,
    boundary: Boundary,
    engine: str,
    executor: Executor | None = None,
    ahead: int = 16,
) -> Iterator[bytes]:
    """The lines of that certificate as they are found; the domain must be normalised.

    At most ``ahead`` parts are in the executor's hands at a time.
    """
    if boundary not in BOUNDARIES:
        raise InputError(f"boundary: expected one of {', '.join(BOUNDARIES)}, found {boundary!r}")
    name, owner = engine_named(engine, network.inputs), generic_point(domain)
    if executor is not None and name == "lattice":
        parts = parallel_parts(network, domain, owner, boundary, executor, ahead)
        return certificate_lines(network, domain, boundary, parts)
    return certificate_lines(network, domain, boundary, ENGINES[name](network, domain, owner))


def engine_named(engine: str, inputs: int) -> str:
    """The engine that a name chooses; "auto" chooses the best for so many inputs."""
    if engine not in ("auto", *ENGINES):
        raise InputError(f"engine: expected one of auto, {', '.join(ENGINES)}, found {engine!r}")
    return best_engine(inputs) if engine == "auto" else engine


def usable_domain(domain: Polyhedron | str | None, dimension: int) -> Polyhedron:
    """The domain meant, normalised, of the right dimension and with an interior."""
    if not isinstance(domain, Polyhedron):
        return parse_domain(domain, dimension)
    if domain.dimension != dimension:
        raise DomainError(f"expected a domain of dimension {dimension}, the network's inputs, found {domain.dimension}")
    normalised = domain.normalised()
    normalised.interior_point()
    return normalised


def polyhedral_complex(network: ReLUNetwork, domain: Polyhedron | str | None = None) -> PolyhedralComplex:
    """The complex of all activation regions with all their faces, exactly; no proof is made.

    >>> from verishallow import ReLUNetwork
    >>> cross = polyhedral_complex(ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])]))
    >>> cross.f_vector, cross.euler_characteristic, len(cross.neighbours())
    ((1, 4, 4), 1, 4)
    """
    return lattice_engine(network, usable_domain(domain, network.inputs))


def check(path: str | PathLike[str], network: ReLUNetwork | None = None) -> checker.Verdict:
    """The verdict on a certificate file; with a network, it must be about that very one.

    The fast checker reads it, by the rules of the stand-alone one.

    Raises :class:`~verishallow.errors.InputError` only where the file cannot be opened.
    """
    record = None if network is None else network_record(network)
    try:
        return fast_checker.check(path, network=record)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror})") from error
