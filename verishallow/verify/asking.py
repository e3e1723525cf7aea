"""Questions about properties, as callers ask them: of paths, models, conditions; and the answers."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from operator import or_
from typing import Any, TypeAlias

from verishallow.certificate.certificate import Certificate
from verishallow.claims.bounds import OutputBounds
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.parallel import workers
from verishallow.rationals import rational, vector
from verishallow.read import load
from verishallow.read.places import shown
from verishallow.read.properties import sugar
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.expressions import Condition, Expression, variables
from verishallow.read.properties.property import Property
from verishallow.read.properties.vnnlib import read_property
from verishallow.read.sources import Model
from verishallow.slices import Slice
from verishallow.verify import verification
from verishallow.verify.domains import rows_of_domain
from verishallow.verify.robustness import ball, class_at, class_property
from verishallow.verify.verification import Outcome

Expressions = tuple[Expression, ...]
Asked: TypeAlias = (
    Property | OutputBounds | Condition | Callable[[Expressions, Expressions], Condition] | str | os.PathLike[str]
)
"""A property, bounds, what must never happen (a condition, or a function of inputs and outputs that gives one), or a
file."""


def verify(
    network: Model,
    unsafe: Asked,
    domain: Any = None,
    *,
    other: Model = None,
    on_slice: Slice | None = None,
    timeout: float | None = None,
    max_nodes: int | None = None,
    jobs: int = 1,
    dask: str | None = None,
    resume: "Certificate | str | os.PathLike[str] | Sequence[bytes] | None" = None,
) -> Outcome:
    """Whether something unsafe never happens on a domain: it holds, with a proof; it is violated, at an exact point.

    ``unsafe`` is a VNN-LIB file (its assertions say what is unsafe, and what the domain is), a condition on inputs and
    outputs, a function that makes one of them, or bounds, outside of which outputs must never be; of two networks
    (``other``) the outputs are the first one's, then the second one's. ``domain`` is one conjunction: a condition on
    inputs, a box as pairs, a text as on the command line, or a polyhedron; it is intersected with the file's. On a
    slice inputs are its parameters. A search bounds at most ``max_nodes`` cells and ends after ``timeout`` seconds;
    what is proved until then is in the outcome's certificate, from which ``resume`` goes on. ``jobs`` processes, or a
    ``dask`` cluster, work on parts of the domain.
    Raises :class:`~verishallow.errors.InputError`.

    >>> from verishallow import ReLUNetwork
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> verify(modulus, lambda inputs, outputs: outputs[0] > 2, domain=[(-1, 2)])
    <Outcome: holds, 3 leaves>
    >>> verify(modulus, lambda inputs, outputs: outputs[0] >= 2, "box:-1,2").point
    (mpq(2,1),)
    """
    _require_budget(timeout, max_nodes)
    read, twin = load(network), None if other is None else load(other)
    n = read.inputs if on_slice is None else on_slice.parameters
    outputs = read.outputs if twin is None else read.outputs + twin.outputs
    asked = asked_of(unsafe, domain, n, outputs)
    lines = _lines(resume)
    with executing(jobs, dask) as executor:
        return verification.verify(
            read,
            asked,
            other=twin,
            on_slice=on_slice,
            timeout=timeout,
            max_nodes=max_nodes,
            executor=executor,
            resume=lines,
        )


def robust(
    network: Model,
    at: Iterable[Any],
    radius: Any,
    *,
    norm: str = "linf",
    winner: int | None = None,
    domain: Any = None,
    **search: Any,
) -> Outcome:
    """Whether one class wins on the whole closed ball around a point, by default the class at that point.

    ``norm`` is "linf" or "l1"; a tie is no win. ``domain`` is intersected with the ball, such as the range of pixels.
    Options of the search are those of :func:`verify`. Of a single output the classes are 0 (below 0) and 1 (above).

    >>> from verishallow import ReLUNetwork
    >>> slope = ReLUNetwork.of([([[1]], [0]), ([[1]], [-1])])
    >>> robust(slope, [2], "1/2").verdict, robust(slope, [2], 1).point
    ('holds', (mpq(1,1),))
    """
    read = load(network)
    asked, on_slice = robustness_asked(read, at, radius, norm, winner, domain)
    return verify(read, asked, on_slice=on_slice, **search)


def robustness_asked(
    network: ReLUNetwork, at: Iterable[Any], radius: Any, norm: str, winner: int | None, domain: Any
) -> tuple[Property, Slice | None]:
    """The property that one class wins on a ball; an l1 ball in many inputs is a set of parameters of a slice."""
    point, size = vector(at), rational(radius)
    if len(point) != network.inputs:
        raise InputError(f"at: expected {network.inputs} coordinates, found {len(point)}")
    chosen = class_at(network, point) if winner is None else winner
    rows, on_slice = ball(point, size, norm)
    own = rows_of_domain(domain, network.inputs)
    inside = rows.also(own if on_slice is None else _on_slice(own, on_slice))
    function = network if on_slice is None else on_slice.restricted(network)
    return class_property(function, inside, chosen), on_slice


def within(one: Model, other: Model, eps: Any, domain: Any = None, **search: Any) -> Outcome:
    """Whether no output of two networks differs by more than ``eps`` on a domain.

    >>> from verishallow import ReLUNetwork
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> leaky = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, "99/100"]], [0])])
    >>> within(modulus, leaky, "1/100", "box:-1,1").verdict
    'holds'
    """
    first, second = load(one), load(other)
    asked = sugar.within(first, second, rows_of_domain(domain, first.inputs), eps)
    return verify(first, asked, other=second, **search)


# ---------------------------------------------------------------------------------------------- Arguments


def asked_of(unsafe: Asked, domain: Any, inputs: int, outputs: int) -> Property:
    """The property that callers mean."""
    rows = rows_of_domain(domain, inputs)
    if isinstance(unsafe, str | os.PathLike):
        unsafe = read_property(os.fspath(unsafe))
    if isinstance(unsafe, Property):
        return _smaller(unsafe, rows)
    if isinstance(unsafe, OutputBounds):
        unsafe = outside(unsafe, inputs, outputs)
    if callable(unsafe):
        unsafe = unsafe(*variables(inputs, outputs))
    if not isinstance(unsafe, Condition):
        raise InputError(
            "unsafe: expected a VNN-LIB file, a condition such as outputs[0] >= 1, or a function of inputs and outputs "
            f"that gives one, found {shown(unsafe)}"
        )
    return Property.of(unsafe.inputs, unsafe.outputs, rows, unsafe.parts)


def outside(bounds: OutputBounds, inputs: int, outputs: int) -> Condition:
    """The condition that some bound does not hold.

    >>> [part.forms for part in outside(OutputBounds.of({0: (None, 2)}), 1, 1).parts]
    [(AffineForm(-2 + x1),)]
    """
    _, values = variables(inputs, outputs)
    last = max(bound.output for bound in bounds.bounds)
    if last >= outputs:
        raise InputError(f"bounds: expected outputs from 0 to {outputs - 1}, found {last}")
    broken = [values[bound.output] < bound.low for bound in bounds.bounds if bound.low is not None]
    broken += [values[bound.output] > bound.high for bound in bounds.bounds if bound.high is not None]
    if not broken:
        raise InputError("bounds: expected a low or a high bound, found none")
    union: Condition = reduce(or_, broken)
    return union


def _smaller(asked: Property, rows: Conjunction) -> Property:
    """The property on the part of its domain where rows hold."""
    if not rows.forms:
        return asked
    if rows.forms[0].dimension != asked.inputs:
        raise InputError(f"domain: expected one of {asked.inputs} inputs, found {rows.forms[0].dimension}")
    return Property.of(asked.inputs, asked.outputs, asked.domain.also(rows), asked.unsafe)


def _on_slice(rows: Conjunction, on_slice: Slice) -> Conjunction:
    """Rows of the inputs as rows of the parameters."""
    return Conjunction(on_slice.pulled_back(rows.forms), rows.strict)


def _lines(resume: Any) -> Sequence[bytes] | None:
    match resume:
        case None:
            return None
        case str() | os.PathLike():
            return Certificate.checked(resume).lines
        case Certificate():
            return resume.lines
    if not isinstance(resume, Sequence) or not all(isinstance(line, bytes) for line in resume):
        raise InputError(f"resume: expected a certificate, its file or its lines, found {shown(resume)}")
    return tuple(resume)


def _require_budget(timeout: float | None, max_nodes: int | None) -> None:
    if timeout is not None and not (isinstance(timeout, int | float) and timeout >= 0):
        raise InputError(f"timeout: expected seconds, 0 or more, found {shown(timeout)}")
    if max_nodes is not None and not (type(max_nodes) is int and max_nodes >= 0):
        raise InputError(f"max_nodes: expected a number of cells, 0 or more, found {shown(max_nodes)}")


@contextmanager
def executing(jobs: int, dask: str | None) -> Iterator[Any]:
    """What works on parts of a search: processes, a cluster, or ``None``."""
    if type(jobs) is not int or jobs < 1:
        raise InputError(f"jobs: expected a number of processes, 1 or more, found {shown(jobs)}")
    with workers(jobs, dask) as (executor, _):
        yield executor
