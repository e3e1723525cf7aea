"""What notebooks show of an object. The pictures are made far above, in show, and imported when they are asked for."""


class Displayed:
    """A value that a notebook shows as a table, a picture and a formula; of big ones a summary.

    The methods are those that IPython asks for; ``None`` means that there is nothing of the kind to show.

    >>> from verishallow import ReLUNetwork
    >>> ReLUNetwork.of([([[1]], [0]), ([[2]], [1])])._repr_html_()[:5]
    '<div>'
    """

    __slots__ = ()

    def _repr_html_(self) -> str | None:
        from verishallow.show.notebook import html_of  # noqa: PLC0415 - against the arrows, and only here

        return html_of(self)

    def _repr_latex_(self) -> str | None:
        from verishallow.show.notebook import latex_of  # noqa: PLC0415 - as above

        return latex_of(self)

    def _repr_svg_(self) -> str | None:
        from verishallow.show.notebook import svg_of  # noqa: PLC0415 - as above

        return svg_of(self)
