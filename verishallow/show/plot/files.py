"""Pictures as files: SVG, PDF, PNG and HTML; the same picture gives the same bytes, written whole or not at all."""

import html
import io
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from verishallow.errors import InputError, require
from verishallow.show.plot.matplotlib_parts import Figure, rc_context
from verishallow.show.plot.style import SETTINGS
from verishallow.whole_file import written_whole

KINDS = ("svg", "png", "pdf", "html")


def kind_of(path: str | PathLike[str]) -> str:
    """The kind of picture that a file name stands for.

    >>> kind_of("regions.SVG")
    'svg'
    """
    require("path", path, str | PathLike, "the name of a file")
    kind = Path(fspath(path)).suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise InputError(f"{path}: expected a file name that ends in {', '.join(f'.{known}' for known in KINDS)}")
    return kind


def write_bytes(path: str | PathLike[str], content: bytes) -> None:
    """Write the file, whole or not at all."""
    with written_whole(path) as stream:
        stream.write(content)


def figure_bytes(figure: Figure, kind: str, title: str, description: str, caption: bool = True) -> bytes:
    """A figure in one of the formats; title and description go into its metadata, on a page also below it."""
    if kind == "html":
        drawing = figure_bytes(figure, "svg", title, description).decode()
        return page(drawing[drawing.index("<svg") :], title, description if caption else "")
    stream = io.BytesIO()
    with rc_context(SETTINGS):
        figure.savefig(stream, format=kind, metadata=_metadata(kind, title, description), facecolor="white")
    return stream.getvalue()


def _metadata(kind: str, title: str, description: str) -> dict[str, Any]:
    """Metadata without dates and versions."""
    match kind:
        case "svg":
            return {"Title": title, "Description": description, "Creator": "verishallow", "Date": None}
        case "pdf":
            known = {"Title": title, "Subject": description, "Creator": "verishallow"}
            return {**known, "Producer": None, "CreationDate": None}
    return {"Title": title, "Description": description, "Software": None}


def page(drawing: str, title: str, caption: str) -> bytes:
    """A page that shows a picture, given as HTML, and loads nothing else."""
    below = f"<p>{html.escape(caption)}</p>\n" if caption else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{html.escape(title)}</title>
<style>body {{ margin: 1em auto; max-width: 75em; font-family: sans-serif; color: #222; }}
svg {{ max-width: 100%; height: auto; }} p {{ color: #666; font-size: 85%; }}</style>
</head>
<body>
{drawing}
{below}</body>
</html>
""".encode()
