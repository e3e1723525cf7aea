"""Random single changes of a certificate's records, with the hashes redone, and often the counts as well."""

import json
import random
from copy import deepcopy
from fractions import Fraction
from typing import Any

from tests.checker.editing import Records, encoded, recounted, sealed

Place = tuple[Any, Any]
"""A container and a key of it."""

TINY = Fraction(1, 10**30)
REPLACEMENTS: tuple[Any, ...] = (None, True, False, 0, -1, 10**14, "", "0", "1", "-inf", "1/0", [], {}, [[]])
LIKELY_REPLACED = 0.05
LIKELY_RECOUNTED = 0.5


def mutant(records: Records, rng: random.Random) -> tuple[str, list[bytes]]:
    """What was changed, and the lines of the changed certificate."""
    changed = deepcopy(records)
    text = changed_somewhere(changed, rng)
    if rng.random() < LIKELY_RECOUNTED:
        _recounted_if_possible(changed)
    return text, sealed(encoded(changed))


def changed_somewhere(records: Records, rng: random.Random) -> str:
    every = list(places(records))
    container, key = rng.choice(every)
    change = rng.choice([_another, _another, _another, _removed, _repeated, _exchanged, _overwritten])
    before = json.dumps(container[key])[:60]
    change(container, key, every, rng)
    return f"{change.__name__.strip('_')}: {key!r} was {before}"


def places(value: Any) -> list[Place]:
    """Every entry of every array and object, at every depth."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    below = [place for key in keys for place in places(value[key])]
    return [(value, key) for key in keys] + below


def _recounted_if_possible(records: Records) -> None:
    try:
        recounted(records)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return


# --------------------------------------------------------------------------------------------- Changes


def _another(container: Any, key: Any, _every: list[Place], rng: random.Random) -> None:
    """Another value, of the same kind most of the time."""
    value = container[key]
    container[key] = rng.choice(REPLACEMENTS) if rng.random() < LIKELY_REPLACED else _near(value, rng)


def _near(value: Any, rng: random.Random) -> Any:
    match value:
        case bool() | None:
            return not value
        case int():
            return value + rng.choice([-2, -1, 1, 2, -2 * value])
        case str():
            return _near_text(value, rng)
        case list():
            return rng.choice([value[::-1], value[1:], value[:-1], value * 2])
    return dict(list(value.items())[1:])


def _near_text(text: str, rng: random.Random) -> str:
    try:
        number = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return _near_word(text, rng)
    steps = [number + 1, number - 1, number + TINY, number - TINY, -number, 2 * number, number / 2, Fraction(0)]
    return str(rng.choice(steps))


def _near_word(text: str, rng: random.Random) -> str:
    words = {"+": "-", "-": "+", "exact": "ignore", "ignore": "exact", "active": "inactive"}
    at = rng.randrange(len(text) + 1)
    return words.get(text, text[:at] + rng.choice("0a-+ ") + text[at + 1 :])


def _removed(container: Any, key: Any, _every: list[Place], _rng: random.Random) -> None:
    del container[key]


def _repeated(container: Any, key: Any, _every: list[Place], rng: random.Random) -> None:
    """The entry once more, here or elsewhere in its array; a field under another name."""
    if isinstance(container, dict):
        container[key + "s"] = container[key]
    else:
        container.insert(rng.choice([key, rng.randrange(len(container) + 1)]), deepcopy(container[key]))


def _exchanged(container: Any, key: Any, every: list[Place], rng: random.Random) -> None:
    """Changed with another entry: of its array, or of the same kind anywhere."""
    siblings = [(container, other) for other in range(len(container))] if isinstance(container, list) else []
    there, other = rng.choice(siblings or _alike(container, key, every))
    container[key], there[other] = deepcopy(there[other]), deepcopy(container[key])


def _overwritten(container: Any, key: Any, every: list[Place], rng: random.Random) -> None:
    there, other = rng.choice(_alike(container, key, every))
    container[key] = deepcopy(there[other])


def _alike(container: Any, key: Any, every: list[Place]) -> list[Place]:
    """The places whose values are of the same kind; for fields, those of the same name first."""
    alike = [place for place in every if type(place[0][place[1]]) is type(container[key])]
    return [place for place in alike if place[1] == key] + alike
