"""How notebooks display objects. The package ``show`` makes the displays; the package's root connects it."""

from collections.abc import Callable
from typing import Protocol


class Renderer(Protocol):
    """Makes the displays of a value in three forms; ``None`` if a value has no such form."""

    def html_of(self, value: object) -> str | None:
        """A table, or a card, in HTML."""

    def latex_of(self, value: object) -> str | None:
        """A formula."""

    def svg_of(self, value: object) -> str | None:
        """A picture."""


class Displayed:
    """A value that a notebook displays as a table, a picture and a formula; large values as a summary.

    IPython calls these methods. They call ``renderer``, which the package's root sets: it makes the renderer when it is
    first needed.

    >>> from verishallow import ReLUNetwork
    >>> ReLUNetwork.of([([[1]], [0]), ([[2]], [1])])._repr_html_()[:5]
    '<div>'
    """

    __slots__ = ()

    renderer: Callable[[], Renderer]

    def _repr_html_(self) -> str | None:
        return Displayed.renderer().html_of(self)

    def _repr_latex_(self) -> str | None:
        return Displayed.renderer().latex_of(self)

    def _repr_svg_(self) -> str | None:
        return Displayed.renderer().svg_of(self)
