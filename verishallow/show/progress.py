"""Progress of long work, on stderr, and only where a person watches."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console

from verishallow.errors import IncompleteError


def with_progress(lines: Iterable[bytes], most: int | None = None) -> Iterator[bytes]:
    """The lines of a certificate, its regions counted on the terminal as they pass by, and never more than ``most``."""
    regions = 0
    with _status() as say:
        for line in lines:
            if b'"record":"leaf"' in line:
                regions += 1
                say(f"{regions} regions proved")
                _require_at_most(regions, most)
            yield line


@contextmanager
def watching(most: int | None = None) -> Iterator[Callable[[int, int, int], None]]:
    """What an enumeration tells: neurons done, neurons in all, cells so far; never more cells than ``most``."""
    with _status() as say:

        def tell(done: int, neurons: int, cells: int) -> None:
            say(f"{cells} cells, {neurons - done} neurons left")
            _require_at_most(cells, most)

        yield tell


def _require_at_most(regions: int, most: int | None) -> None:
    if most is not None and regions > most:
        raise IncompleteError(f"stopped: there are more than {most} regions (--max-regions); nothing was written")


@contextmanager
def _status() -> Iterator[Callable[[str], None]]:
    if not sys.stderr.isatty():
        yield lambda _text: None
        return
    with Console(stderr=True).status("reading the domain") as status:
        yield status.update
