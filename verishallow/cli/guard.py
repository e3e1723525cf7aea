"""A process beside the command that ends it when a signal does not: inside an exact linear program no handler runs.

The interpreter's own handler, in C, writes each signal into a pipe even there. The guard reads it, gives the command
``PATIENCE`` to end as it would, and otherwise removes what is half-written, and ends it and its workers.
"""

import os
import select
import signal
import sys
from contextlib import suppress
from pathlib import Path

from verishallow import whole_file

PATIENCE = 1.5
"""Seconds between a signal and the end of a command that does not answer."""

SIGNALS = (signal.SIGINT, signal.SIGTERM)
HEARD = frozenset(map(int, SIGNALS))
MOST_BYTES = 1 << 16


def guarded() -> None:
    """Start the guard of this process; where processes cannot be copied there is none."""
    try:
        signals, names = os.pipe(), os.pipe()
        command = os.getpid()
        guard = os.fork()
    except OSError:
        return
    if guard == 0:
        with suppress(BaseException):
            os.close(signals[1])
            os.close(names[1])
            _watch(command, signals[0], names[0])
        os._exit(0)
    os.close(signals[0])
    os.close(names[0])
    os.set_blocking(signals[1], False)
    signal.set_wakeup_fd(signals[1], warn_on_full_buffer=False)
    whole_file.announce = lambda line: _tell(names[1], line)


def _tell(pipe: int, line: str) -> None:
    with suppress(OSError):
        os.write(pipe, os.fsencode(line) + b"\0")


def _watch(command: int, signals: int, names: int) -> None:
    """Wait for a signal, and then for the command's end."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    for stream in (0, 1):
        with suppress(OSError):
            os.close(stream)
    unfinished, patience = _Unfinished(), None
    while True:
        ready, _, _ = select.select([signals, names], [], [], patience)
        if not ready:
            _end(command, unfinished.names)
            return
        heard = {pipe: os.read(pipe, MOST_BYTES) for pipe in ready}
        if not all(heard.values()):  # the command has come to its end
            return
        unfinished.hear(heard.get(names, b""))
        if patience is None and not HEARD.isdisjoint(heard.get(signals, b"")):
            patience = PATIENCE


class _Unfinished:
    """The names of the files that are begun and not done."""

    def __init__(self) -> None:
        self.names, self._rest = set[bytes](), b""

    def hear(self, data: bytes) -> None:
        """Take in what the command tells."""
        *lines, self._rest = (self._rest + data).split(b"\0")
        for line in lines:
            (self.names.add if line[:1] == b"+" else self.names.discard)(line[1:])


def _end(command: int, unfinished: set[bytes]) -> None:
    for worker in _children(command):
        with suppress(OSError):
            os.kill(worker, signal.SIGKILL)
    os.kill(command, signal.SIGKILL)
    for name in unfinished:
        with suppress(OSError):
            os.unlink(name)
    with suppress(OSError):
        os.write(2, b"verishallow: interrupted; a file that was not finished is not there\n")


def _children(command: int) -> list[int]:
    """The workers of a command, where the system lists its processes."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat") if sys.platform == "linux" else ():
        with suppress(OSError, ValueError, IndexError):
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            if parent == command and int(status.parent.name) != os.getpid():
                found.append(int(status.parent.name))
    return found
