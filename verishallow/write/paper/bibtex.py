"""BibTeX entries: the certificate by its hashes, the theorem behind it, and the software."""

from verishallow import __version__
from verishallow.certificate.certificate import Certificate
from verishallow.claims import CLAIMS
from verishallow.write.paper.tex import breakable

THEOREM = """\
@misc{villani2023anydeep,
  author        = {Villani, Mattia Jacopo and Schoots, Nandi},
  title         = {Any Deep {ReLU} Network is Shallow},
  year          = {2023},
  eprint        = {2306.11827},
  archiveprefix = {arXiv},
  primaryclass  = {cs.LG},
  howpublished  = {arXiv:2306.11827},
}
"""

SOFTWARE = """\
@misc{{verishallow,
  author       = {{{{The verishallow authors}}}},
  title        = {{verishallow: exact linear regions of {{ReLU}} networks, and certificates}},
  year         = {{{year}}},
  howpublished = {{Computer program, version {version}}},
}}
"""

RELEASED = 2026
"""The year of the version: an entry is the same whenever it is written."""

CERTIFICATE = """\
@misc{{{key},
  author       = {{{{The verishallow authors}}}},
  title        = {{{title}}},
  year         = {{{year}}},
  howpublished = {{Ancillary file, checked by verishallow's checker.py}},
  note         = {{{note}}},
}}
"""


def bibtex(certificate: Certificate) -> bytes:
    """Three ``@misc`` entries; the key of the certificate's entry has the first digits of its hash.

    >>> from verishallow import ReLUNetwork, prove
    >>> text = bibtex(prove(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])]))).decode()
    >>> [line for line in text.splitlines() if line.startswith("@")]
    ['@misc{verishallow-044f02c21630,', '@misc{villani2023anydeep,', '@misc{verishallow,']
    """
    entry = CERTIFICATE.format(
        key=certificate_key(certificate),
        title=CLAIMS[certificate.header["claim"]].title,
        year=RELEASED,
        note=_note(certificate),
    )
    return "\n".join((entry, THEOREM, SOFTWARE.format(version=__version__, year=RELEASED))).encode("ascii")


def certificate_key(certificate: Certificate) -> str:
    """The key by which a text cites the certificate."""
    return f"verishallow-{certificate.counts['sha256'][:12]}"


def _note(certificate: Certificate) -> str:
    header, counts = certificate.header, certificate.counts
    hashes = {"certificate": counts["sha256"], "network": header["network_sha256"]}
    if "other_network_sha256" in header:
        hashes["other network"] = header["other_network_sha256"]
    named = ", ".join(f"{what} {breakable(digits)}" for what, digits in hashes.items())
    on_slice = f"On a slice of {certificate.slice.inputs} inputs. " if certificate.slice else ""
    one, many = ("activation region", "activation regions") if "activation_regions" in counts else ("leaf", "leaves")
    return f"{on_slice}{counts['leaves']} {one if counts['leaves'] == 1 else many}. SHA-256: {named}"
