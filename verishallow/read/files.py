"""The content of files, or one clear line that says why it cannot be read."""

import os
import zlib
from pathlib import Path
from typing import BinaryIO

from verishallow.errors import InputError, LimitError
from verishallow.read.places import within

MAX_BYTES = 1 << 28
"""Bytes allowed in one file that is read whole: 256 MiB."""

_CHUNK = 1 << 20

GZIP_MAGIC = b"\x1f\x8b"
CERTIFICATE_HEADS = (b'{"boundary":', b'{"bounds":', b'{"claim":')
"""How the first line of every certificate begins: its members are sorted by name."""


def file_bytes(path: str | os.PathLike[str]) -> bytes:
    """The whole content of a file; :class:`~verishallow.errors.InputError` when it cannot be read, or is too long."""
    try:
        with Path(path).open("rb") as stream, within(os.fsdecode(path)):
            return _at_most(stream, MAX_BYTES)
    except OSError as error:
        raise InputError(f"{os.fsdecode(path)}: cannot be read: {error.strerror}") from error
    except ValueError as error:  # a zero byte in the name
        raise InputError(f"{os.fsdecode(path)!r}: expected the name of a file: {error}") from error


def _at_most(stream: BinaryIO, most: int) -> bytes:
    # A device has no length that could be asked for, and read(most) would take so much memory at once.
    data = bytearray()
    while chunk := stream.read(_CHUNK):
        data += chunk
        if len(data) > most:
            raise LimitError(f"expected a file of at most {most >> 20} MiB, found a longer one")
    return bytes(data)


def is_certificate(path: str | os.PathLike[str]) -> bool:
    """Whether a file begins like a certificate, gzipped or plain, valid or not."""
    try:
        with open(path, "rb") as file:
            head = file.read(64)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror})") from error
    return head.startswith((GZIP_MAGIC, *CERTIFICATE_HEADS))


def is_certificate_content(data: bytes) -> bool:
    r"""Whether the content of a file begins like a certificate, gzipped or plain.

    >>> is_certificate_content(b'{"boundary":"exact",'), is_certificate_content(b"\x08\x07")
    (True, False)
    """
    if data.startswith(GZIP_MAGIC):
        try:
            data = zlib.decompressobj(wbits=31).decompress(data[:_CHUNK], 64)
        except zlib.error:
            return False
    return data.startswith(CERTIFICATE_HEADS)


def utf8_text(data: bytes) -> str:
    r"""The text that UTF-8 bytes encode.

    >>> utf8_text(b"ok \xff")
    Traceback (most recent call last):
    verishallow.errors.InputError: expected UTF-8 text, found the byte 0xff at offset 3
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"expected UTF-8 text, found the byte 0x{data[error.start]:02x} at offset {error.start}"
        ) from error
