"""The tests of LaTeX can fail: what does not fit, is not defined or changes is seen in the log."""

from pathlib import Path

import pytest

from tests.write.paper.typesetting import latex, pages, paper, trouble


@pytest.mark.parametrize(
    ("body", "fragment"),
    [
        (r"\noindent\rule{50cm}{1pt}", "Overfull"),
        (r"see \ref{nowhere}", "undefined"),
        (r"\nosuchmacro", "!"),
        (r"text\label{a}\label{a}", "multiply defined"),
    ],
)
def test_trouble_is_seen(tmp_path: Path, body: str, fragment: str) -> None:
    (tmp_path / "part.tex").write_text(body)
    found = trouble(latex(paper(tmp_path, ["part"], ""), runs=2))
    assert any(fragment in line for line in found)


def test_none_is_seen_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "part.tex").write_text("text")
    log = latex(paper(tmp_path, ["part"], ""), runs=1)
    assert (trouble(log), pages(log)) == ([], 1)
