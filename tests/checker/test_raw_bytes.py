"""Any bytes get a verdict: no exception, no endless reading, and memory that does not grow with a bomb."""

import io
import random
import resource
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checker.bases import base_lines
from tests.checker.rules.files import deflated, gzipped
from verishallow import checker

CONTENT = b"".join(base_lines("bend"))
OTHER = b"".join(base_lines("cross, boundary ignored"))
MEMORY = 256 << 20
BILLION = 1 << 30
CHANGES = 400
SNIPPETS = (
    b"\0", b"\n", b"\r\n", b" ", b"\xef\xbb\xbf", b"\xff", b"\x1f\x8b", b"[" * 5000, b"{", b'"', b"\\u0000", b"1e400",
    b"NaN", b"-Infinity", b"true", b"null", b"9" * 6000, b"-", b"/", b"0", "\u0661".encode(), b'"record":"end",',
)  # fmt: skip


def verdict_on(content: bytes) -> checker.Verdict:
    return checker.check_lines(checker.lines_of(checker.chunks_of(io.BytesIO(content))))


# ------------------------------------------------------------------------------------------ Random bytes


def truncated(content: bytes, at: int, _rng: random.Random) -> bytes:
    return content[:at]


def one_byte_another(content: bytes, at: int, rng: random.Random) -> bytes:
    return content[:at] + bytes([content[at] ^ rng.randrange(1, 256)]) + content[at + 1 :]


def with_a_snippet(content: bytes, at: int, rng: random.Random) -> bytes:
    return content[:at] + rng.choice(SNIPPETS) + content[at:]


def without_a_piece(content: bytes, at: int, rng: random.Random) -> bytes:
    return content[:at] + content[at + rng.randrange(1, 40) :]


def with_a_piece_twice(content: bytes, at: int, rng: random.Random) -> bytes:
    end = at + rng.randrange(1, 40)
    return content[:end] + content[at:]


def with_a_piece_of_another(content: bytes, at: int, rng: random.Random) -> bytes:
    start = rng.randrange(len(OTHER))
    piece = OTHER[start : start + rng.randrange(1, 40)]
    return content[:at] + piece + content[at + len(piece) :]


CHANGED = (
    truncated, one_byte_another, with_a_snippet, without_a_piece, with_a_piece_twice, with_a_piece_of_another,
)  # fmt: skip
each_change = pytest.mark.parametrize("change", CHANGED, ids=lambda change: change.__name__)


def changed(content: bytes, change: Callable[[bytes, int, random.Random], bytes]) -> Iterator[bytes]:
    """Many changed contents, each other than the content itself."""
    rng = random.Random(change.__name__)
    for _ in range(CHANGES):
        other = change(content, rng.randrange(len(content)), rng)
        if other != content:
            yield other


@each_change
@pytest.mark.parametrize("content", [CONTENT, OTHER], ids=["exact", "ignore"])
def test_changed_bytes_are_refused(content: bytes, change: Callable[[bytes, int, random.Random], bytes]) -> None:
    assert {verdict_on(other).kind for other in changed(content, change)} == {"invalid"}


@each_change
@pytest.mark.parametrize("pack", [gzipped, deflated])
def test_a_damaged_gzip_stream_is_refused_or_says_the_same(
    pack: Callable[[bytes], bytes], change: Callable[[bytes, int, random.Random], bytes]
) -> None:
    for other in changed(pack(CONTENT), change):
        # A name, a time or a system in the head of the stream is no part of the certificate.
        assert verdict_on(other).kind == "invalid" or b"".join(checker.chunks_of(io.BytesIO(other))) == CONTENT


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(content: bytes) -> None:
    assert verdict_on(content).kind == "invalid"


@given(st.binary(max_size=100))
def test_any_bytes_that_look_gzipped_are_refused(content: bytes) -> None:
    assert verdict_on(b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + content).kind == "invalid"


ANY_NODE = (
    ("affine, boundary ignored", 2, "leaf", ("map", "units", "witness")),
    ("affine", 2, "leaf", ("absent", "map", "units", "witness")),
    ("bend", 2, "layer", ("active", "inactive", "layer", "planes", "undecided")),
    ("bend", 3, "split", ("neuron", "strict")),
    ("bend", 3, "stable", ("active", "inactive")),
    ("bend", 4, "redundant", ("constraints",)),
)
"""Bases, how many lines stand above a node of this kind, and the node's fields."""


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=9))
def test_any_value_for_a_node_is_refused(value: object) -> None:
    for base, above, kind, fields in ANY_NODE:
        line = checker.canonical({"record": kind, **dict.fromkeys(fields, value)})
        assert checker.check_lines([*base_lines(base)[:above], line]).kind == "invalid"


# ------------------------------------------------------------------------------------------------- Bombs


def bomb(head: bytes, filling: bytes) -> bytes:
    """A gzip stream of a megabyte or so that unpacks to a gigabyte of one filling, after a head."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = stream.compress(head) + stream.flush(zlib.Z_FULL_FLUSH)
    block = stream.compress(filling * ((1 << 20) // len(filling))) + stream.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + start + block * (BILLION >> 20)


LINE = "longer than 33554432 bytes"
BOMBS = [
    ("zeros", b"", b"\0", LINE),
    ("spaces", b"", b" ", LINE),
    ("line feeds", b"", b"\n", "line 1: not one JSON value"),
    ("opening brackets", b"", b"[", LINE),
    ("digits in a record", CONTENT[:600], b"9", LINE),
    ("zeros after the end", CONTENT, b"\0", LINE),
    ("line feeds after the end", CONTENT, b"\n", "something follows the end record"),
    ("headers", b"", base_lines("bend")[0], "expected the network record"),
]


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def judged(content: bytes, path: Path) -> subprocess.CompletedProcess[str]:
    path.write_bytes(content)
    command = [sys.executable, "-I", "-S", str(Path(checker.__file__).with_name("__main__.py")), str(path)]
    return subprocess.run(command, preexec_fn=limited, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("head", "filling", "reason"), [row[1:] for row in BOMBS], ids=[row[0] for row in BOMBS])
def test_a_bomb_does_not_fill_the_memory(head: bytes, filling: bytes, reason: str, tmp_path: Path) -> None:
    result = judged(bomb(head, filling), tmp_path / "certificate")
    assert (result.returncode, result.stderr) == (1, "")
    assert reason in result.stdout


WIDE = [("arrays", b"[],"), ("objects", b"{},"), ("nested arrays", b"[[]],")]


@pytest.mark.parametrize("entry", [row[1] for row in WIDE], ids=[row[0] for row in WIDE])
def test_a_record_that_is_as_wide_as_a_line_may_be_gets_a_verdict(entry: bytes, tmp_path: Path) -> None:
    entries = entry * ((31 << 20) // len(entry))
    result = judged(deflated(b'{"a":[' + entries[:-1] + b'],"record":"header"}\n'), tmp_path / "certificate")
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith("invalid: line 1")


def nested(depth: int) -> bytes:
    return b'{"record":' + b"[" * depth + b"]" * depth + b"}\n"


@pytest.mark.parametrize("content", [partial(nested, 10**6), partial(nested, 900)], ids=["a million", "900"])
def test_deep_nesting_gets_a_verdict(content: Callable[[], bytes], tmp_path: Path) -> None:
    result = judged(content(), tmp_path / "certificate")
    assert (result.returncode, result.stderr) == (1, "")
