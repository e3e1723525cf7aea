"""Records of certificates spelled otherwise, often with the same value."""

import json
import random
from collections.abc import Callable, Iterable

from tests.checker.editing import sealed

SNIPPETS = (
    b" ", b"\n", b"\t", b"-", b"-0", b"0", b"+", b"00", b".0", b"e0", b"E0", b"_", b'"', b'""', b"\\", b"\\u0061", b"/",
    b"/1", b"//", b"null", b"true", b"NaN", b"{}", b"[]", b'{"a":1}', b":", b",", b",0", b'"record":"leaf",', b"\xff",
    b"\x00", b'"face":[],', b'"-inf":[],', b'"active":[],', b"9" * 16, b"9" * 4400, b"[" * 2000, b"\xd9\xa1",
)  # fmt: skip


def respelled(lines: Iterable[bytes], rng: random.Random) -> list[bytes]:
    """One node is spelled otherwise, often with the same value; all hashes are right again."""
    changed = list(lines)
    number = rng.randrange(2, len(changed))
    line = changed[number]
    at = rng.randrange(len(line) + 1)
    changes: list[Callable[[], bytes]] = [
        lambda: line[:at] + rng.choice(SNIPPETS) + line[at:],
        lambda: line[:at] + rng.choice(SNIPPETS) + line[at + 1 :],
        lambda: line[:at] + line[at + rng.randrange(1, 9) :],
        lambda: _with_a_token(line, rng),
        lambda: _in_another_order(line, rng),
    ]
    changed[number] = rng.choice(changes)()
    return sealed(changed)


TOKENS = (
    (b'""', b'"0"'), (b'"1"', b'"1/1"'), (b'"1"', b"1"), (b"0", b"-0"), (b"1", b"true"), (b"0", b"false"),
    (b"1", b"1e0"), (b"1", b"1.0"),
    (b"[", b"[ "), (b"[]", b"{}"), (b"[]", b'""'), (b"[]", b"null"), (b"[]", b"[[]]"), (b'"-', b'"-0'),
    (b"/", b"/0"), (b"/", b"/-"), (b'"', b'"+'), (b'"', b'"0'), (b'"1', b'"-1'), (b"}\n", b"}"), (b"}\n", b"} \n"),
    (b"}\n", b"\n}\n"), (b"}\n", b"\n}]"), (b"}\n", b"}\n\n"), (b"}\n", b"}{}\n"), (b"]}", b"\n]}"),
    (b"record", b"r\\u0065cord"),
    (b'd":"', b'd":"1'), (b'd":"', b'd":"-'), (b"le", b"le/"), (b"{", b'{"1":[],'), (b'"record"', b'"1":0,"record"'),
    (b"{", b'{"a":[],'), (b",", b",[],"), (b"]", b",1]"), (b"]", b',"1"]'), (b'"+"', b'"-"'), (b'"+"', b'"/"'),
)  # fmt: skip
"""Pieces of a line, and what they become."""


def _with_a_token(line: bytes, rng: random.Random) -> bytes:
    """A piece is another, where it occurs first or last."""
    old, new = rng.choice(TOKENS)
    return new.join(line.split(old, 1)) if rng.random() < 0.5 else new.join(line.rsplit(old, 1))


def _in_another_order(line: bytes, rng: random.Random) -> bytes:
    """The members of the record shuffled, or one of them twice."""
    try:
        record = json.loads(line)
    except ValueError:
        return line
    pairs = [f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in record.items()]
    pairs += [rng.choice(pairs)] if rng.random() < 0.5 else []
    rng.shuffle(pairs)
    return f"{{{','.join(pairs)}}}\n".encode()
