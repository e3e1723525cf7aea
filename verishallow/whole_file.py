"""Files that appear whole or not at all."""

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from verishallow.errors import InputError


@contextmanager
def written_whole(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A binary stream whose content becomes the file when the block ends, and which leaves no trace if it fails.

    The content is written beside the target and renamed over it; a link stays a link, and a file that exists keeps its
    permissions. Raises :class:`~verishallow.errors.InputError` before the block runs if the path cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> folder = TemporaryDirectory()
    >>> with written_whole(folder.name + "/proof") as stream:
    ...     _ = stream.write(b"whole")
    >>> Path(folder.name, "proof").read_bytes()
    b'whole'
    >>> folder.cleanup()
    """
    name = os.fsdecode(path)
    with _refusing(name):
        target, mode = _target(name)
        remove_leftovers(target.parent)
        temporary = target.parent / f".verishallow-{os.getpid()}-{secrets.token_hex(8)}"
    try:
        # Even an interruption between creating and opening the file must not leave it behind.
        with _refusing(name):
            announce(f"+{os.path.abspath(temporary)}")
            handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            # The lock goes with the process, however that ends.
            with suppress(OSError):
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield stream
        with _refusing(name):
            os.chmod(temporary, mode)
            os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    finally:
        announce(f"-{os.path.abspath(temporary)}")


def announce(line: str) -> None:
    """Tell who watches over this process that a file is begun (+) or done (-); as a rule nobody does."""


def remove_leftovers(folder: Path) -> None:
    """Remove what processes that are no more left half-written in a folder.

    Its name says whose it was, and nobody holds its lock: of a process elsewhere only the lock is known.
    """
    for path in folder.glob(".verishallow-*-*"):
        owner = path.name.split("-")[1]
        with suppress(OSError):
            if owner.isdecimal() and not _is_running(int(owner)):
                with path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{name}: cannot be written: {reason}") from error


def _target(name: str) -> tuple[Path, int]:
    """The file behind all links, and the permissions that it has or will have."""
    if os.path.basename(name) in ("", os.curdir):
        raise InputError(f"{name or 'no name'}: cannot be written: expected the name of a file")
    target = Path(os.path.realpath(name, strict=os.path.islink(name) and os.path.exists(name)))
    if os.path.islink(target):
        raise InputError(f"{name}: cannot be written: a loop of links")
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return target, 0o666 & ~_umask()
    if stat.S_ISDIR(mode):
        raise InputError(f"{name}: expected a file to write, found a directory")
    if not stat.S_ISREG(mode):
        raise InputError(f"{name}: expected a file to write, found a device or a pipe")
    if not os.access(target, os.W_OK):
        raise InputError(f"{name}: cannot be written: the file is read-only")
    return target, stat.S_IMODE(mode)


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
