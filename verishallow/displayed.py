"""How notebooks display objects. The package ``show`` makes the displays; the package's root connects it."""

import sys
from collections.abc import Callable
from typing import Any, Protocol


class Renderer(Protocol):
    """Makes the displays of a value in three forms; ``None`` if a value has no such form."""

    def html_of(self, value: object) -> str | None:
        """A table, or a card, in HTML."""

    def latex_of(self, value: object) -> str | None:
        """A formula."""

    def svg_of(self, value: object) -> str | None:
        """A picture."""


class Displayed:
    r"""A value that a notebook shows as a card: a table, with a picture below it; of big ones a summary.

    IPython asks for the card, and saves it alone; ``as_svg`` and ``as_latex`` are the picture and the formula. They
    ask ``renderer``, which the package's root hands in: it makes the one that is used, when it is first needed.

    >>> from verishallow import ReLUNetwork
    >>> print(ReLUNetwork.of([([[1]], [0]), ([[2]], [1])]).as_latex()[:42])
    $\displaystyle \begin{aligned}h_{1} &= \op
    """

    __slots__ = ()

    renderer: Callable[[], Renderer]

    def _repr_html_(self) -> str | None:
        return Displayed.renderer().html_of(self)

    def as_latex(self) -> str | None:
        """A formula in display mode, or the shapes of a big one; ``None`` where there is none."""
        return Displayed.renderer().latex_of(self)

    def as_svg(self) -> str | None:
        """A picture as SVG; ``None`` where there is none."""
        return Displayed.renderer().svg_of(self)


def show_in_ipython(module: str, name: str) -> None:
    """Let IPython, where it runs, show the values of a class that is no :class:`Displayed` and must import nothing.

    The class is named, and not imported here.

    >>> show_in_ipython("fractions", "Fraction")
    """
    shell: Any = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.display_formatter.formatters["text/html"].for_type_by_name(module, name, _html_of)


def _html_of(value: object) -> str | None:
    return Displayed.renderer().html_of(value)
