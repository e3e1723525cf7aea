"""From an article's source to the executed notebook, and what of it must stay the same."""

import os
from collections.abc import Iterator
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jupytext
from nbclient import NotebookClient

nbformat: Any = import_module("nbformat")
"""Its functions have no types."""

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
SOURCES = sorted(FOLDER.glob("*.py"))
VARIES = "varies"
"""The tag of cells whose output depends on the machine; they must run, and are not compared."""

LONGEST = 120
"""Seconds for one cell, on a busy machine."""

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def executed(source: Path) -> Any:
    """The notebook of a source in jupytext's percent format, executed in a fresh kernel, in its own folder."""
    notebook = unexecuted(source)
    client = NotebookClient(
        notebook,
        timeout=LONGEST,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(source.parent)}},
    )
    client.extra_arguments = ["--IPKernelApp.log_level=ERROR"]
    with TemporaryDirectory() as settings:
        pictures = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "IPYTHONDIR": settings}
        client.execute(env={**os.environ, **pictures})
    return _stripped(notebook)


def unexecuted(source: Path) -> Any:
    """The cells of a source, without outputs."""
    return _stripped(jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent"))


def committed(source: Path) -> Any:
    """The executed notebook that lies beside a source."""
    return nbformat.read(source.with_suffix(".ipynb"), as_version=4)


def text_of(notebook: Any) -> str:
    """The content of a notebook's file: the same notebook gives the same bytes."""
    return str(nbformat.writes(notebook)) + "\n"


def differences(fresh: Any, kept: Any) -> Iterator[str]:
    """Where the cells or their texts differ; pictures, and the outputs of cells that vary, are not compared."""
    for number, (one, other) in enumerate(zip_longest(fresh.cells, kept.cells)):
        if one is None or other is None:
            yield f"cell {number}: only in the {'source' if other is None else 'notebook'}"
        elif _content(one) != _content(other):
            yield f"cell {number}: the source has changed:\n{one.source}"
        elif not _varies(one) and texts(one) != texts(other):
            yield f"cell {number}: expected {texts(other)}\nfound {texts(one)}"


def texts(cell: Any) -> list[str]:
    """What a cell printed and showed as text, in order."""
    found: list[str] = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            found.append(f"{output.name}: {output.text}")
        else:
            data = output.get("data", {"text/error": output.get("evalue", "")})
            found += [f"{kind}: {data[kind]}" for kind in sorted(data) if kind.startswith("text/")]
    return found


def _varies(cell: Any) -> bool:
    return VARIES in cell.metadata.get("tags", [])


def _content(cell: Any) -> tuple[str, str, list[str]]:
    return cell.cell_type, cell.source, list(cell.metadata.get("tags", []))


def _stripped(notebook: Any) -> Any:
    """Without anything that depends on time, place or chance: only what a cell says, its tags and its outputs."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = nbformat.from_dict({"tags": cell.metadata.tags} if cell.metadata.get("tags") else {})
        for output in cell.get("outputs", []):
            output.pop("transient", None)
            output.get("metadata", {}).clear()
    return notebook
