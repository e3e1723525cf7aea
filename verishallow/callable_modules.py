"""Packages that can be called like the function of the same name in them."""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


class CallableModule(ModuleType):
    """A module that can be called like one of its functions."""

    called: Callable[..., Any]

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """What the function returns."""
        return self.called(*arguments, **options)


def callable_as(name: str, function: Callable[..., Any]) -> None:
    """Make the module of this name one that can be called like a function."""
    module = sys.modules[name]
    module.__class__ = CallableModule
    module.__dict__["called"] = function
