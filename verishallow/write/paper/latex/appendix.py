r"""A certificate appendix in LaTeX: the networks, the theorem, the conventions, and what has to be trusted."""

from verishallow.certificate.certificate import WITHOUT_REGIONS, Certificate
from verishallow.claims.equality import CELLS
from verishallow.errors import InputError
from verishallow.write.paper.latex.constructions import WRITTEN_OUT
from verishallow.write.paper.latex.reasons import sample_reasons
from verishallow.write.paper.latex.regions import region_table
from verishallow.write.paper.latex.statement import conventions, sizes, theorem, trusted_base
from verishallow.write.paper.tex import document

PACKAGES = ("amsmath", "amssymb", "array", "longtable")
MOST_REGIONS = 50


def latex(certificate: Certificate, *, most_regions: int = MOST_REGIONS) -> bytes:
    r"""The appendix as a file that compiles by itself and that a paper may ``\input``.

    It states the theorem with its exact hypotheses, counts and sizes, the conventions of extended arithmetic and the
    trusted base, writes out sample reasons, and lists the first ``most_regions`` regions; it says how many are left
    out. Long numbers are abbreviated by their first digits and the digits of their fractions.
    Reasons and regions are included for the construction ``cells``; the appendix of another one has neither.
    Raises :class:`~verishallow.errors.InputError` for a negative number of regions, and for constructions that are not
    written out.

    >>> from verishallow import ReLUNetwork, prove
    >>> text = latex(prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]))).decode()
    >>> [line for line in text.splitlines() if line.startswith("1 &")]
    ['1 & $f(x) = x$ & $x \\ge 0$ & 6 \\\\ \\noalign{\\vskip 5pt}']
    """
    if most_regions < 0:
        raise InputError(f"most regions: expected a number that is not negative, found {most_regions}")
    construction = certificate.header.get("construction", CELLS.name)
    if construction not in WRITTEN_OUT:
        raise InputError(
            f"latex: writes out the constructions {', '.join(WRITTEN_OUT)}, found {construction}; "
            "'anc', 'bibtex' and 'macros' take all"
        )
    remarks = [
        "A certificate appendix, made from a verishallow certificate. Do not edit: export it again.",
        f"network sha256     {certificate.header['network_sha256']}",
        f"certificate sha256 {certificate.counts['sha256']}",
    ]
    body = [
        f"\\section{{Certificate of the network \\texttt{{{certificate.header['network_sha256'][:8]}}}}}",
        *theorem(certificate),
        *sizes(certificate),
        *conventions(certificate),
        *trusted_base(certificate),
        *(
            _cells(certificate, most_regions)
            if construction == CELLS.name
            and "dropped" not in certificate.counts
            and certificate.claim not in WITHOUT_REGIONS
            else []
        ),
    ]
    return document(remarks, PACKAGES, body)


def _cells(certificate: Certificate, most_regions: int) -> list[str]:
    """Reasons and regions, if the cells are exactly the activation regions."""
    return [*sample_reasons(certificate), *region_table(certificate, most_regions)]
