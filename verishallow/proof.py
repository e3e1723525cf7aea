"""From a network to a certificate, and from a certificate to a verdict."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from os import PathLike

from verishallow import checker, fast_checker, on_grid
from verishallow.certificate import Certificate
from verishallow.claims import Claim, Equality, EqualNetworks, RegionCount, range_of_leaves
from verishallow.errors import DomainError, InputError, RefutedError
from verishallow.network import ReLUNetwork
from verishallow.on_grid import Quantised
from verishallow.output_bounds import Bound
from verishallow.parallel import parallel_branches, parallel_parts
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.read.domain_parts import DomainPart, domain_parts
from verishallow.read.places import shown
from verishallow.records import certificate_lines
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Engine, Leaf
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.enumeration import best_engine
from verishallow.regions.lattice_engine import lattice_engine
from verishallow.regions.sharded import lattice_tree_engine
from verishallow.regions.tree_engine import tree_engine
from verishallow.shallow.canonical import canonical_network
from verishallow.shallow.grids import Grid
from verishallow.shallow.signed_faces import Boundary
from verishallow.shallow.three_layer import ThreeLayerNetwork
from verishallow.slices import Slice
from verishallow.spelling import network_record

ENGINES: dict[str, Engine] = {"lattice": lattice_tree_engine, "tree": tree_engine, "cdd": cdd_engine}
PARALLEL = {"lattice": parallel_parts, "tree": parallel_branches}


def prove(
    network: ReLUNetwork,
    domain: Polyhedron | str | None = None,
    boundary: Boundary = "exact",
    engine: str = "auto",
    executor: Executor | None = None,
    claim: Claim | str | None = None,
    embedding: Slice | None = None,
) -> Certificate:
    """The certificate of a claim on a domain, by default that a network and its three-layer twin are one function.

    ``domain`` is a full-dimensional polyhedron, or a text such as ``"box:-1,1"``; by default all of R^n.
    ``boundary="ignore"`` claims equality only off the hyperplanes of the splits, with fewer units.
    An ``executor`` (any of ``concurrent.futures``, or Dask's) explores parts of the domain; the certificate is the
    same, byte for byte, with or without one. Other claims are in :mod:`verishallow.claims`; ``"regions"`` is one too.
    On a slice (``embedding``) the network is restricted, exactly, and the domain is one of its parameters.
    Raises :class:`~verishallow.errors.InputError` for what cannot be proved about, and
    :class:`~verishallow.errors.RefutedError` with a point where a claim does not hold. Source: arXiv 2306.11827.

    >>> from verishallow import ReLUNetwork
    >>> maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
    >>> prove(maximum, domain="box:-1,1").regions[0].affine_map
    AffineMap(forms=(AffineForm(x0),))
    """
    claimed = _claimed(claim, boundary)
    (part,) = parts_of(domain, network.inputs, embedding, most=1)
    lines = proof_lines(network, part.polyhedron, claimed, engine, executor, embedding=part.slice)
    return Certificate(tuple(lines))


def _claimed(claim: Claim | str | None, boundary: Boundary) -> Claim:
    """The claim meant; those that say everything by their name may be named."""
    if isinstance(claim, Claim):
        return claim
    if claim is None or claim == "equality":
        return Equality(boundary)
    if claim == "regions":
        return RegionCount()
    raise InputError(
        "claim: expected 'equality', 'regions' or an object such as verishallow.OutputBounds(output_range(network, "
        f"domain)), EqualNetworks(other), Merged(), gated(network) or finite(network, domain), found {shown(claim)}"
    )


def prove_equal(
    one: ReLUNetwork, other: ReLUNetwork, domain: Polyhedron | str | None = None, engine: str = "auto"
) -> Certificate:
    """The certificate that two networks are one function on a domain.

    Raises :class:`~verishallow.errors.RefutedError` with a point where they differ, and
    :class:`~verishallow.errors.NetworkError` where their inputs or outputs are not as many.

    >>> from verishallow import ReLUNetwork
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> scaled = ReLUNetwork.of([([[-2], ["1/2"]], [0, 0]), ([["1/2", 2]], [0])])
    >>> len(prove_equal(modulus, scaled).regions)
    2
    """
    return prove(one, domain, engine=engine, claim=EqualNetworks(other))


def quantised(
    network: ReLUNetwork,
    domain: Polyhedron | str,
    grid: Grid,
    engine: str = "auto",
    embedding: Slice | None = None,
) -> Quantised:
    """The claim that a network of finite weights equals a network at the points of a grid in a bounded domain.

    Its gates have the least power of two for a weight with which each gate alone suffices, everywhere in the domain.
    On a slice (``embedding``) domain and grid are those of its parameters. Raises
    :class:`~verishallow.errors.DomainError` for a domain that is unbounded, or has no point of the grid.

    >>> from verishallow import Grid, ReLUNetwork
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> claim = quantised(modulus, "box:-1,1", Grid.of([(0, "1/255")]))
    >>> prove(modulus, "box:-1,1", claim=claim).shallow.layer2.infinite_weights(), claim.weight
    (0, mpq(1,1))
    """
    (part,) = parts_of(domain, network.inputs, embedding, most=1)
    function = part.slice.restricted(network) if part.slice else network
    chosen = ENGINES[engine_named(engine, part.polyhedron.dimension)]
    return on_grid.quantised(function, part.polyhedron, grid, chosen, generic_point(part.polyhedron))


@dataclass(frozen=True, slots=True)
class Difference:
    """A point at which two networks have different values, and the closed cell of both in which it lies.

    >>> from verishallow import ReLUNetwork, difference
    >>> found = difference(ReLUNetwork.of([([[1]], [0])]), ReLUNetwork.of([([[1]], [2])]))
    >>> found.one, found.other
    ((mpq(0,1),), (mpq(2,1),))
    """

    point: Vector
    one: Vector
    other: Vector
    cell: Polyhedron


def difference(
    one: ReLUNetwork, other: ReLUNetwork, domain: Polyhedron | str | None = None, engine: str = "auto"
) -> Difference | None:
    """A point of the first region where two networks differ, with both values; ``None`` where they are one function.

    >>> from verishallow import ReLUNetwork
    >>> found = difference(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])]), ReLUNetwork.of([([[1]], [0])]))
    >>> found.point, found.one, found.other
    ((mpq(-1,1),), (mpq(0,1),), (mpq(-1,1),))
    """
    usable = usable_domain(domain, one.inputs)
    try:
        deque(proof_lines(one, usable, EqualNetworks(other), engine), maxlen=0)
    except RefutedError as refuted:
        return Difference(refuted.point, one(refuted.point), other(refuted.point), refuted.cell)
    return None


def output_range(
    network: ReLUNetwork, domain: Polyhedron | str | None = None, engine: str = "auto"
) -> tuple[Bound, ...]:
    """The exact least and greatest value of each output on a domain; ``None`` on a side without a bound.

    Outputs that are bounded on neither side are left out.

    >>> from verishallow import ReLUNetwork
    >>> print(*output_range(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])))
    0 <= f_0
    """
    usable = usable_domain(domain, network.inputs)
    nodes = ENGINES[engine_named(engine, network.inputs)](network, usable, generic_point(usable))
    leaves = (node for node in nodes if isinstance(node, Leaf))
    return range_of_leaves(leaves)


def canonical(network: ReLUNetwork, domain: Polyhedron | str | None = None) -> ThreeLayerNetwork:
    """The three-layer network of a function: networks that are one function on a domain have the same one.

    It depends on the kinks of the function alone, not on how the network spells it.

    >>> from verishallow import ReLUNetwork
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> rewritten = ReLUNetwork.of([([[-3], [2], [1]], [0, 0, 7]), ([["1/3", "1/2", 0]], [0])])
    >>> canonical(modulus) == canonical(rewritten)
    True
    """
    return canonical_network(network, usable_domain(domain, network.inputs))


def proof_lines(
    network: ReLUNetwork,
    domain: Polyhedron,
    claim: Claim,
    engine: str,
    executor: Executor | None = None,
    ahead: int = 16,
    embedding: Slice | None = None,
) -> Iterator[bytes]:
    """The lines of that certificate as they are found; the domain must be normalised.

    At most ``ahead`` parts are in the executor's hands at a time.
    """
    name, owner, explored = engine_named(engine, domain.dimension), generic_point(domain), claim.explored(network)
    explored = embedding.restricted(explored) if embedding else explored
    if executor is not None and name in PARALLEL and claim.in_parts:
        parts = PARALLEL[name](explored, domain, owner, claim, executor, ahead)
        return certificate_lines(network, domain, claim, parts, embedding)
    return certificate_lines(network, domain, claim, claim.tree(ENGINES[name], explored, domain, owner), embedding)


def engine_named(engine: str, inputs: int) -> str:
    """The engine that a name chooses; "auto" chooses the best for so many inputs."""
    if engine not in ("auto", *ENGINES):
        raise InputError(f"engine: expected one of auto, {', '.join(ENGINES)}, found {engine!r}")
    return best_engine(inputs) if engine == "auto" else engine


def parts_of(
    domain: Polyhedron | str | None, inputs: int, embedding: Slice | None = None, most: int | None = None
) -> tuple[DomainPart, ...]:
    """The parts of a domain, each full-dimensional: a union has several, and a flat one is a slice.

    >>> [part.polyhedron.inequalities for part in parts_of("ball:linf:0:1/2", 1)]
    [(AffineForm(1 - 2*x0), AffineForm(1 + 2*x0))]
    """
    if isinstance(domain, Polyhedron):
        return (DomainPart(usable_domain(domain, embedding.parameters if embedding else inputs), embedding),)
    parts = domain_parts(domain, inputs, embedding)
    if most is not None and len(parts) > most:
        raise DomainError(f"expected a domain in one part, found {len(parts)}; prove each of verishallow.parts_of(...)")
    return parts


def usable_domain(domain: Polyhedron | str | None, dimension: int) -> Polyhedron:
    """The domain meant, normalised, of the right dimension and with an interior."""
    if not isinstance(domain, Polyhedron):
        (part,) = parts_of(domain, dimension, most=1)
        if part.slice is not None:
            raise DomainError(
                "expected a domain with interior points; prove on a flat one, as a slice, with prove(...)"
            )
        return part.polyhedron
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


def check(
    path: str | PathLike[str],
    network: ReLUNetwork | None = None,
    other: ReLUNetwork | None = None,
    claim: str | None = None,
    boundary: str | None = None,
) -> checker.Verdict:
    """The verdict on a certificate file; with a network (or two, of the claim "equal"), about that very one.

    Where a ``claim`` or a ``boundary`` is named, a certificate of another one is invalid; the claim "equality" is the
    exact one, without the boundary "ignore". The fast checker reads it, by the rules of the stand-alone one.

    Raises :class:`~verishallow.errors.InputError` only where the file cannot be opened.

    >>> check("no-such-certificate.jsonl.gz")
    Traceback (most recent call last):
    verishallow.errors.InputError: no-such-certificate.jsonl.gz: cannot be opened (No such file or directory)
    """
    record, twin = (None if given is None else network_record(given) for given in (network, other))
    try:
        return fast_checker.check(path, network=record, other=twin, claim=claim, boundary=boundary)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror})") from error
