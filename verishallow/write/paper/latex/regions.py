r"""The table of regions: the affine map and inequalities of each, and the line of the file with the exact numbers."""

from collections.abc import Iterator
from itertools import islice, zip_longest

from verishallow.certificate.cells import RecordedCell, cells
from verishallow.certificate.certificate import Certificate
from verishallow.write.paper.tex_numbers import count_latex, form_latex

MOST_TERMS, MOST_OUTPUTS, MOST_INEQUALITIES = 12, 20, 40
"""Terms of a form, and outputs and inequalities of a region, that are shown."""

TOGETHER = 10
"""Rows up to which a region stays on one page."""


def region_table(certificate: Certificate, most: int) -> list[str]:
    """The first regions, and how many are left out."""
    total, heading = certificate.counts["activation_regions"], r"\subsection*{Regions}"
    if not most:
        return [heading, f"All {count_latex(total)} regions are in the certificate; none is listed here."]
    return [
        heading,
        *_introduction(certificate, min(most, total)),
        r"{\footnotesize\setlength{\tabcolsep}{4pt}\renewcommand{\arraystretch}{1.3}\relpenalty=9000",
        f"\\begin{{longtable}}{{@{{}}r{_column(0.42)}{_column(0.38)}r@{{}}}}",
        r"no. & map & cell & line \\ \hline \noalign{\vskip 3pt} \endhead",
        *_rows(certificate, most),
        r"\end{longtable}}",
    ]


def _column(width: float) -> str:
    return f">{{\\raggedright\\arraybackslash}}p{{{width}\\linewidth}}"


def _introduction(certificate: Certificate, shown: int) -> list[str]:
    left_out = certificate.counts["activation_regions"] - shown
    within = "A point $x$ of $D$" if certificate.domain.inequalities else "A point $x$"
    return [
        f"{within} lies in the closed cell of a region if its inequalities hold. There $f$ is the affine map.",
        "The line is that of the certificate with the exact numbers.",
        *(
            [f"These are the first {count_latex(shown)}; {count_latex(left_out)} more are left out here."]
            if left_out
            else []
        ),
    ]


def _rows(certificate: Certificate, most: int) -> Iterator[str]:
    for number, cell in enumerate(islice(cells(certificate), most), start=1):
        pairs = list(zip_longest(_map(cell), _inequalities(cell), fillvalue=""))
        for place, (output, inequality) in enumerate(pairs):
            first, last = (str(number), str(cell.line)) if not place else ("", "")
            yield f"{first} & {output} & {inequality} & {last} {_line_end(place, len(pairs))}"


def _line_end(place: int, rows: int) -> str:
    """A space after a region; no page breaks within a short one."""
    if place == rows - 1:
        return r"\\ \noalign{\vskip 5pt}"
    return r"\\*" if rows <= TOGETHER else r"\\"


def _map(cell: RecordedCell) -> list[str]:
    forms = cell.affine_map.forms
    names = ["f"] if len(forms) == 1 else [f"f_{{{output}}}" for output in range(len(forms))]
    shown = [
        f"${name}(x) = {form_latex(form, most_terms=MOST_TERMS)}$"
        for name, form in zip(names[:MOST_OUTPUTS], forms[:MOST_OUTPUTS], strict=True)
    ]
    return [*shown, *_more(len(forms) - MOST_OUTPUTS, "output")]


def _inequalities(cell: RecordedCell) -> list[str]:
    forms = cell.inequalities
    shown = [f"${form_latex(form, most_terms=MOST_TERMS)} \\ge 0$" for form in forms[:MOST_INEQUALITIES]]
    return [*shown, *_more(len(forms) - MOST_INEQUALITIES, "inequality")] if forms else ["all of the domain"]


def _more(number: int, noun: str) -> list[str]:
    nouns = {"output": "outputs", "inequality": "inequalities"}
    return [f"and {number} more {noun if number == 1 else nouns[noun]}"] if number > 0 else []
