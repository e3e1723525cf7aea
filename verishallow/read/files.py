"""The content of files, or one clear line that says why it cannot be read."""

import gzip
import io
import os
import zlib
from pathlib import Path
from typing import BinaryIO

from verishallow.errors import InputError, LimitError
from verishallow.read.places import within

MAX_BYTES = 1 << 28
"""Bytes allowed in one file that is read whole: 256 MiB, and as many again in what a gzipped one unpacks to."""

_CHUNK = 1 << 20
_HEAD = 1 << 16
"""Bytes of a file that say whether it is a certificate: gzip may begin with a long name."""

GZIP_MAGIC = b"\x1f\x8b"
CERTIFICATE_HEADS = (b'{"boundary":', b'{"bounds":', b'{"claim":')
"""How the first line of every certificate begins: its members are sorted by name."""


def file_bytes(path: str | os.PathLike[str]) -> bytes:
    """The whole content of a file, unpacked where it begins as gzip does, whatever its name.

    Raises :class:`~verishallow.errors.InputError` when it cannot be read, or is too long.
    """
    try:
        with Path(path).open("rb") as stream, within(os.fsdecode(path)):
            return unpacked(_at_most(stream, MAX_BYTES))
    except OSError as error:
        raise InputError(f"{os.fsdecode(path)}: cannot be read: {error.strerror}") from error
    except ValueError as error:  # a zero byte in the name
        raise InputError(f"{os.fsdecode(path)!r}: expected the name of a file: {error}") from error


def unpacked(data: bytes) -> bytes:
    """What gzipped bytes unpack to, within ``MAX_BYTES``; all other bytes are themselves.

    >>> unpacked(gzip.compress(b"// a network")), unpacked(b"// a network")
    (b'// a network', b'// a network')
    """
    if not data.startswith(GZIP_MAGIC):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream, within("gzipped"):
            return _at_most(stream, MAX_BYTES)
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(f"expected gzip's format as the first bytes say, found a damaged file: {error}") from error


def suffix_of(path: str | os.PathLike[str]) -> str:
    """The suffix that says what a file holds, in lower case; a ``.gz`` behind it says nothing of that.

    >>> suffix_of("net.ONNX.gz"), suffix_of("net.onnx"), suffix_of("net.gz")
    ('.onnx', '.onnx', '')
    """
    name = Path(os.fsdecode(path))
    return Path(name.stem if name.suffix.lower() == ".gz" else name).suffix.lower()


def _at_most(stream: BinaryIO | gzip.GzipFile, most: int) -> bytes:
    # A device has no length that could be asked for, and read(most) would take so much memory at once.
    data = bytearray()
    while chunk := stream.read(_CHUNK):
        data += chunk
        if len(data) > most:
            raise LimitError(f"expected a file of at most {most >> 20} MiB, found a longer one")
    return bytes(data)


def is_certificate(path: str | os.PathLike[str]) -> bool:
    """Whether a file begins like a certificate, gzipped or plain; its verdict may still be anything."""
    return is_certificate_content(first_bytes(path))


def first_bytes(path: str | os.PathLike[str]) -> bytes:
    """What a file begins with, as it is stored."""
    try:
        with open(path, "rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror})") from error


def is_certificate_content(data: bytes) -> bool:
    r"""Whether the content of a file begins like a certificate, gzipped or plain.

    >>> is_certificate_content(b'{"boundary":"exact",'), is_certificate_content(b"\x08\x07")
    (True, False)
    """
    return unpacked_head(data).startswith(CERTIFICATE_HEADS)


def unpacked_head(data: bytes) -> bytes:
    """The first bytes, unpacked where they begin as gzip does; nothing where they cannot be."""
    if not data.startswith(GZIP_MAGIC):
        return data[:64]
    try:
        return zlib.decompressobj(wbits=31).decompress(data[:_HEAD], 64)
    except zlib.error:
        return b""


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
