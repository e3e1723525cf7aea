"""Damaged files: seeded mutants of a good one, each of which is read or refused with one line."""

import random
from collections import Counter
from collections.abc import Callable, Iterator

from verishallow.errors import InputError

Mutation = Callable[[random.Random, bytearray], bytes]


def _place(dice: random.Random, data: bytearray) -> int:
    # Headers decide more than numbers do.
    return dice.randrange(len(data) if dice.random() < 0.5 else min(len(data), 160))


def _one_byte(dice: random.Random, data: bytearray) -> bytes:
    data[_place(dice, data)] = dice.choice([0, 1, 0x7F, 0x80, 0xFF, *b"0129-,.:[]{}\"'e", dice.randrange(256)])
    return bytes(data)


def _some_bytes(dice: random.Random, data: bytearray) -> bytes:
    for _ in range(dice.randrange(2, 9)):
        _one_byte(dice, data)
    return bytes(data)


def _cut_short(dice: random.Random, data: bytearray) -> bytes:
    return bytes(data[: _place(dice, data)])


def _left_out(dice: random.Random, data: bytearray) -> bytes:
    first = _place(dice, data)
    return bytes(data[:first] + data[first + dice.randrange(1, 9) :])


def _repeated(dice: random.Random, data: bytearray) -> bytes:
    first = _place(dice, data)
    last = first + dice.randrange(1, 30)
    return bytes(data[:last] + data[first:last] * dice.randrange(1, 4) + data[last:])


MUTATIONS: tuple[Mutation, ...] = (_one_byte, _one_byte, _some_bytes, _cut_short, _left_out, _repeated)


def mutants(data: bytes, count: int, seed: int = 0) -> Iterator[bytes]:
    """This many mutants of a file, always the same ones."""
    dice = random.Random(seed)
    for _ in range(count):
        yield dice.choice(MUTATIONS)(dice, bytearray(data))


def outcomes(read: Callable[[bytes], object], data: bytes, count: int) -> Counter[str]:
    """How many mutants are read and how many refused; every refusal is one clear line."""
    found: Counter[str] = Counter()
    for mutant in mutants(data, count):
        try:
            read(mutant)
            found["read"] += 1
        except InputError as error:
            message = str(error)
            assert message, mutant
            assert "\n" not in message, message
            assert len(message) < 1500, message  # with all that is supported
            found["refused"] += 1
    return found
