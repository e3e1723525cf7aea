"""Progress of long work, on stderr, and only where a person watches."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from verishallow.errors import IncompleteError
from verishallow.rationals import counted

BYTES_OF_A_FACE = 200
"""Measured for one to six inputs: the memory of vertices, incidence and signs, divided by the number of faces."""


def with_progress(lines: Iterable[bytes], most: int | None = None, *, shown: bool = True) -> Iterator[bytes]:
    """The lines of a certificate; its leaves, at most ``most``, are counted on the terminal as they pass."""
    regions = 0
    with stage("exploring the domain", shown=shown) as say:
        for line in lines:
            if b'"record":"layer"' in line and not regions:
                say(f"hidden layer {_layer(line)} of the first region")
            if b'"record":"leaf"' in line or b'"record":"piece"' in line:
                regions += 1
                say(f"{counted(regions, 'region')} proved")
                _require_at_most(regions, most)
            yield line


@contextmanager
def watching(inputs: int, most: int | None = None) -> Iterator[Callable[[int, int, int], None]]:
    """A function that an enumeration calls with neurons done, all neurons, and cells so far, at most ``most``.

    It prints one warning to stderr when memory is expected to run short.
    """
    warned = False
    with stage("exploring the domain") as say:

        def tell(done: int, neurons: int, cells: int) -> None:
            nonlocal warned
            say(f"{counted(cells, 'cell')}, {counted(neurons - done, 'neuron')} left")
            _require_at_most(cells, most)
            if not warned and (warned := done * 4 >= neurons):
                _warn_of_size(cells * (neurons / done) ** inputs, inputs, neurons)

        yield tell


def _warn_of_size(cells: float, inputs: int, neurons: int) -> None:
    """Cells grow like the number of neurons to the power of the inputs; each has about 2^inputs faces of its own."""
    expected = cells * (BYTES_OF_A_FACE * 2**inputs + neurons)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if expected > memory:
        print(
            f"warning: about {cells:.1g} regions are expected, which need {expected / 2**30:.0f} GiB of memory; "
            f"there are {memory / 2**30:.0f}. --max-regions stops in time, and 'prove' works in parts.",
            file=sys.stderr,
        )


def _require_at_most(regions: int, most: int | None) -> None:
    if most is not None and regions > most:
        raise IncompleteError(f"stopped: there are more than {most} regions (--max-regions); nothing was written")


def _layer(line: bytes) -> str:
    """The number of the layer that a record enters."""
    return line.partition(b'"layer":')[2].partition(b",")[0].decode("ascii")


@contextmanager
def stage(first: str, *, shown: bool = True) -> Iterator[Callable[[str], None]]:
    """What is being done, on the terminal: ``first``, and then what is told."""
    if not (shown and sys.stderr.isatty()):
        yield lambda _text: None
        return
    # rich takes longer to import than small work takes.
    from rich.console import Console  # noqa: PLC0415

    with Console(stderr=True).status(first) as status:
        yield status.update
