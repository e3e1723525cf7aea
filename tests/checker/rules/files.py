"""Cases of the rule ``bytes``: the file as a whole, plain and gzipped."""

import zlib
from collections.abc import Callable

from tests.checker.case import table
from tests.checker.editing import OnBytes

HEAD_WITH_NAME = b"\x1f\x8b\x08\x08\x01\x02\x03\x04\0\x03a name\0"
HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
CHUNKS = b"x" * (3 << 20)
TOO_LONG = "a line is longer than 33554432 bytes"


def gzipped(content: bytes, head: bytes = HEAD) -> bytes:
    """A gzip stream of stored blocks, whose bytes are the same with every library."""
    pieces = [content[i : i + 65535] for i in range(0, len(content), 65535)] or [b""]
    blocks = [bytes([piece is pieces[-1]]) + _lengths(piece) + piece for piece in pieces]
    return head + b"".join(blocks) + _number(zlib.crc32(content)) + _number(len(content))


def _lengths(piece: bytes) -> bytes:
    return len(piece).to_bytes(2, "little") + (len(piece) ^ 0xFFFF).to_bytes(2, "little")


def _number(value: int) -> bytes:
    return (value & 0xFFFFFFFF).to_bytes(4, "little")


def deflated(content: bytes) -> bytes:
    """A gzip stream that is compressed for good."""
    stream = zlib.compressobj(9, zlib.DEFLATED, 31)
    return stream.compress(content) + stream.flush()


def flipped(content: bytes, at: int) -> bytes:
    """One bit of one byte is another."""
    changed = bytearray(content)
    changed[at] ^= 1
    return bytes(changed)


def packed(edit: Callable[[bytes], bytes]) -> OnBytes:
    return OnBytes(lambda content: edit(gzipped(content)))


def to_the_chunk(content: bytes) -> bytes:
    """A gzip stream, with a long name in its head, that ends where a piece of the file as it is read ends."""
    head = HEAD_WITH_NAME[:-1]
    padding = 2 + (1 << 20) - len(gzipped(content, head + b"\0"))
    return gzipped(content, head + b"e" * padding + b"\0")


def long_line(content: bytes) -> bytes:
    """A line a chunk longer than any line may be, in the place of the end record."""
    return content[: content.rindex(b"\n{") + 1] + b" " * (33 << 20)


NO_FEED = "the last line does not end with a line feed"
NO_END = "the file ends before its end record"

REJECTED = [
    ("an empty file", "bend", OnBytes(lambda _: b""), NO_END),
    ("one byte", "bend", OnBytes(lambda _: b"{"), NO_FEED),
    ("a line feed alone", "bend", OnBytes(lambda _: b"\n"), "line 1: not one JSON value"),
    ("no last line feed", "bend", OnBytes(lambda content: content[:-1]), NO_FEED),
    ("no end record", "bend", OnBytes(lambda content: content[: content.rindex(b"\n{") + 1]), NO_END),
    ("truncated to half", "bend", OnBytes(lambda content: content[: content.index(b"leaf")]), NO_FEED),
    ("the header alone", "bend", OnBytes(lambda content: content[: content.index(b"\n") + 1]), NO_END),
    ("an empty line at the end", "bend", OnBytes(lambda content: content + b"\n"), "something follows the end record"),
    ("a NUL byte at the end", "bend", OnBytes(lambda content: content + b"\0"), NO_FEED),
    ("the certificate twice", "bend", OnBytes(lambda content: content * 2), "something follows the end record"),
    ("gzip without its last byte", "bend", packed(lambda data: data[:-1]), "the gzip stream is truncated"),
    ("gzip without its checksum", "bend", packed(lambda data: data[:-8]), "the gzip stream is truncated"),
    ("gzip of half the stream", "bend", packed(lambda data: data[: len(data) // 2]), "the gzip stream is truncated"),
    ("gzip's two first bytes alone", "bend", packed(lambda data: data[:2]), "the gzip stream is truncated"),
    ("gzip's head alone", "bend", packed(lambda data: data[:10]), "the gzip stream is truncated"),
    ("gzip with another checksum", "bend", packed(lambda data: flipped(data, -8)), "the gzip stream is damaged"),
    ("gzip with another length", "bend", packed(lambda data: flipped(data, -1)), "the gzip stream is damaged"),
    ("gzip with a byte changed", "bend", packed(lambda data: flipped(data, 40)), "the gzip stream is damaged"),
    ("gzip of an unknown method", "bend", packed(lambda data: flipped(data, 2)), "the gzip stream is damaged"),
    ("gzip with a byte after it", "bend", packed(lambda data: data + b"\0"), "bytes follow the gzip stream"),
    ("gzip with a second member", "bend", packed(lambda data: data * 2), "bytes follow the gzip stream"),
    ("gzip of nothing", "bend", OnBytes(lambda _: gzipped(b"")), NO_END),
    ("gzip in gzip", "bend", packed(gzipped), "line 1: not one JSON value"),
]

ACCEPTED = [
    ("gzipped", "bend*", packed(bytes)),
    ("gzipped with a time and a name", "bend", OnBytes(lambda content: gzipped(content, HEAD_WITH_NAME))),
]

GENERATED = [
    ("a line over the limit", "bend", OnBytes(long_line), TOO_LONG),
    ("a gzipped line over the limit", "bend", OnBytes(lambda content: deflated(long_line(content))), TOO_LONG),
    (
        "gzip to a chunk's end, and a byte",
        "bend",
        OnBytes(lambda content: to_the_chunk(content) + b"x"),
        "bytes follow",
    ),
    (
        "gzip to a chunk's end, and chunks",
        "bend",
        OnBytes(lambda content: to_the_chunk(content) + CHUNKS),
        "bytes follow",
    ),
    ("gzip followed by a chunk", "bend", OnBytes(lambda content: gzipped(content) + CHUNKS), "bytes follow"),
]

CASES = table("bytes", accepted=ACCEPTED, rejected=REJECTED, generated=GENERATED)
