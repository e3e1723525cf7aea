"""The only import of plotly, an extra; without it the error says what to install."""

from verishallow.errors import InputError

try:
    from plotly import graph_objects
    from plotly.io import to_html
except ImportError as error:
    raise InputError("pictures in space need the extra of that name: pip install 'verishallow[plot]'") from error

__all__ = ["graph_objects", "to_html"]
