"""Every article of notebooks/ runs afresh, and says what its committed notebook says."""

import json
from collections.abc import Callable
from copy import deepcopy
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

NEEDED = ("ipykernel", "jupytext", "matplotlib", "nbclient", "nbformat", "onnxruntime", "sklearn")
MISSING = [name for name in NEEDED if find_spec(name) is None]
if MISSING:
    pytest.skip(f"the extra [notebook] is not installed: no {', '.join(MISSING)}", allow_module_level=True)

from tests.notebooks.__main__ import main  # noqa: E402 - which imports the extra
from tests.notebooks.execution import (  # noqa: E402 - which imports the extra
    FOLDER,
    SOURCES,
    committed,
    differences,
    executed,
    text_of,
    texts,
    unexecuted,
)

ARTICLES = {
    "acasxu_property_3",
    "deep_is_shallow", "finite_weights", "float_miscounts", "formal_proof", "iris", "one_hidden_layer",
    "one_prediction", "signed_faces", "size_and_speed", "sizes_of_constructions", "slices",
    "tutorial",
}  # fmt: skip
NEEDED_BESIDES = {
    "one_prediction": ("captum", "torch"),
    "finite_weights": ("torch",),
    "tutorial": ("onnxscript", "torch"),
}
"""Of the extras [explain] and [torch]."""

LARGEST = 300_000
"""Bytes of a notebook's file."""

each_article = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)


def test_the_articles_are_there() -> None:
    assert {source.stem for source in SOURCES} >= ARTICLES
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == {source.stem for source in SOURCES}


@each_article
def test_an_article_says_what_its_notebook_says(source: Path) -> None:
    missing = [name for name in NEEDED_BESIDES.get(source.stem, ()) if find_spec(name) is None]
    if missing:
        pytest.skip(f"the extras [explain] and [torch] are not all installed: no {', '.join(missing)}")
    fresh = executed(source)
    assert list(differences(fresh, committed(source))) == [], f"renew it: python -m tests.notebooks {source.stem}"


@each_article
def test_a_notebook_is_an_article_with_pictures(source: Path) -> None:
    notebook = committed(source)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    words = sum(len(cell.source.split()) for cell in notebook.cells if cell.cell_type == "markdown")
    assert notebook.cells[0].source.startswith("# ")
    assert words > 300
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 1
    assert [texts(cell) for cell in notebook.cells if any("stderr" in text for text in texts(cell))] == []


@each_article
def test_a_notebook_holds_nothing_of_a_time_or_a_machine(source: Path) -> None:
    path = source.with_suffix(".ipynb")
    content, notebook = path.read_text(encoding="utf-8"), committed(source)
    assert path.stat().st_size < LARGEST
    assert content == text_of(notebook)
    assert [json.dumps(cell.metadata) for cell in notebook.cells if set(cell.metadata) - {"tags"}] == []
    assert dict(notebook.metadata.language_info) == {"name": "python"}


# ------------------------------------------------------------------------------ What the comparison notices

SOURCE = """\
# %% [markdown]
# # Title

# %%
print("one")
print("two")
{"answer": 42}

# %% tags=["varies"]
import time
print(time.time())
"""


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("articles") / "small.py"
    source.write_text(SOURCE)
    source.with_suffix(".ipynb").write_text(text_of(executed(source)))
    return source


def test_a_notebook_agrees_with_itself(article: Path) -> None:
    kept = committed(article)
    assert [texts(cell) for cell in kept.cells][:2] == [[], ["stdout: one\ntwo\n", "text/plain: {'answer': 42}"]]
    assert list(differences(kept, kept)) == []


def another_print(notebook: Any) -> None:
    notebook.cells[1].outputs[0].text = "one\nthree\n"


def another_value(notebook: Any) -> None:
    notebook.cells[1].outputs[1].data["text/plain"] = "{'answer': 43}"


def a_print_left_out(notebook: Any) -> None:
    del notebook.cells[1].outputs[0]


def other_code(notebook: Any) -> None:
    notebook.cells[1].source += "\n"


def other_text(notebook: Any) -> None:
    notebook.cells[0].source = "# Titel"


def a_cell_left_out(notebook: Any) -> None:
    del notebook.cells[2]


def no_tag(notebook: Any) -> None:
    del notebook.cells[2].metadata["tags"]


@pytest.mark.parametrize(
    "change", [another_print, another_value, a_print_left_out, other_code, other_text, a_cell_left_out, no_tag]
)
def test_a_change_is_noticed(article: Path, change: Callable[[Any], None]) -> None:
    kept = committed(article)
    changed = deepcopy(kept)
    change(changed)
    assert len(list(differences(kept, changed))) == 1
    assert len(list(differences(changed, kept))) == 1


def test_what_varies_is_not_compared(article: Path) -> None:
    kept = committed(article)
    changed = deepcopy(kept)
    changed.cells[2].outputs[0].text = "0.0\n"
    assert list(differences(kept, changed)) == []


def test_a_source_without_its_outputs_differs(article: Path) -> None:
    (difference,) = differences(unexecuted(article), committed(article))
    assert difference.startswith("cell 1: expected ['stdout: one")


def test_an_article_that_fails_is_no_article(tmp_path: Path) -> None:
    source = tmp_path / "broken.py"
    source.write_text("# %%\n1 / 0\n")
    with pytest.raises(Exception, match="ZeroDivisionError"):
        executed(source)


def test_only_articles_can_be_renewed() -> None:
    with pytest.raises(SystemExit, match=r"expected names of acasxu_property_3, .*; found \['nothing'\]"):
        main(["nothing", "iris"])
