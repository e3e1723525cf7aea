"""What the article about the formal proof prints as a Coq file is one, and Coq accepts it."""

import json
from pathlib import Path

from tests.formal.building import ROOT, Development

ARTICLE = ROOT / "notebooks" / "formal_proof.ipynb"


def printed() -> list[str]:
    """What each cell prints."""
    cells = json.loads(ARTICLE.read_text(encoding="utf-8"))["cells"]
    return ["".join(output.get("text", "")) for cell in cells for output in cell.get("outputs", [])]


def test_coq_accepts_the_file_that_the_article_prints(development: Development, tmp_path: Path) -> None:
    (theorem,) = (text for text in printed() if text.startswith("(*\n  written_by"))
    (tmp_path / "theorem.v").write_text(theorem)
    ran = development.coqc(tmp_path / "theorem.v")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
