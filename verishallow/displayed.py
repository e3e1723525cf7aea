"""What notebooks show of an object. The pictures are made far above, in show, which the package's root hands in."""

from collections.abc import Callable
from typing import Protocol


class Renderer(Protocol):
    """Makes what a notebook shows of a value, in three forms; ``None`` where there is nothing of the kind to show."""

    def html_of(self, value: object) -> str | None:
        """A table, or a card, in HTML."""

    def latex_of(self, value: object) -> str | None:
        """A formula."""

    def svg_of(self, value: object) -> str | None:
        """A picture."""


class Displayed:
    """A value that a notebook shows as a table, a picture and a formula; of big ones a summary.

    The methods are those that IPython asks for. They ask ``renderer``, which the package's root hands in: it makes the
    one that is used, when it is first needed.

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
