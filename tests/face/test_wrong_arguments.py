"""A wrong argument of a public function is one clear line about the input, and never an error from inside."""

from typing import Any

import pytest

import verishallow
from tests.face.wrong_arguments import Call, cases
from verishallow.errors import InputError

CASES = list(cases())
NO_FUNCTIONS = {name for name in verishallow.__all__ if name[0].isupper()}
"""Classes: what makes them is refused where it is spelled."""


@pytest.mark.parametrize(("call", "value"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_wrong_argument_is_an_input_error_of_one_line(
    call: Call, value: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as raised:
        call(value)
    message = str(raised.value)
    assert len(message) > 12
    assert "\n" not in message
    assert list(tmp_path.iterdir()) == []


def test_every_public_function_is_in_the_tables() -> None:
    named = {word for case in CASES for word in case[0].replace(",", " ").replace(":", " ").split()}
    assert set(verishallow.__all__) - NO_FUNCTIONS <= named
