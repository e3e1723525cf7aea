r"""LaTeX macros of all numbers of a certificate, so that the numbers in a text cannot differ from what is proved."""

import re
from collections.abc import Callable

from verishallow.certificate.certificate import Certificate
from verishallow.certificate.facts import facts
from verishallow.errors import InputError
from verishallow.write.paper.tex_numbers import count_latex

DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def macros(certificate: Certificate, *, prefix: str = "vs", grouped: bool = False) -> bytes:
    r"""A file to ``\input`` before the text: ``\newcommand{\vsActivationRegions}{34}`` and so on.

    Names are letters only and begin with ``prefix``; ``grouped`` sets thin spaces between groups of three digits in
    numbers of five or more. ``\vsRequireNetwork{HASH}`` in the text stops LaTeX where the numbers belong to another
    network than the one of that SHA-256. Raises :class:`~verishallow.errors.InputError` for a prefix that cannot
    begin the name of a macro.

    >>> from verishallow import ReLUNetwork, prove
    >>> text = macros(prove(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])), prefix="net").decode()
    >>> print(next(line for line in text.splitlines() if "Regions" in line))
    \newcommand{\netActivationRegions}{2}
    """
    _require_letters(prefix)
    spell: Callable[[int], str] = count_latex if grouped else str
    lines = [
        *_head(certificate, prefix),
        *(_command(prefix + macro_name(f.words), spell(f.value), f.standing) for f in facts(certificate)),
        *(_command(prefix + name, value) for name, value in _texts(certificate).items()),
        *_checks(prefix),
    ]
    return ("\n".join(lines) + "\n").encode("ascii")


def macro_name(words: str) -> str:
    """The words as one name made of letters only, with digits spelled out.

    >>> macro_name("units in layer 1")
    'UnitsInLayerOne'
    """
    spelled = re.sub("[0-9]", lambda digit: f" {DIGITS[int(digit[0])]} ", words)
    return "".join(word.capitalize() for word in re.findall("[A-Za-z]+", spelled))


def _require_letters(prefix: str) -> None:
    if not re.fullmatch("[A-Za-z]+", prefix) or prefix.startswith("end"):
        raise InputError(
            f"prefix: expected letters only, as LaTeX's macros have, and not 'end' first; found {prefix!r}"
        )


def _command(name: str, value: str, standing: str = "") -> str:
    remark = "% counted by the prover, not certified" if standing == "reported" else ""
    return f"\\newcommand{{\\{name}}}{{{value}}}{remark}"


def _texts(certificate: Certificate) -> dict[str, str]:
    header = certificate.header
    named = {name: header[name] for name in ("claim", "construction", "boundary", "gate_weight") if name in header}
    texts = {macro_name(name): value for name, value in named.items()}
    return {**texts, "NetworkHash": header["network_sha256"], "CertificateHash": certificate.counts["sha256"]}


def _head(certificate: Certificate, prefix: str) -> list[str]:
    return [
        "% Numbers of a certificate that the checker of verishallow found valid. Made by",
        "%   verishallow export CERTIFICATE --to macros",
        "% Do not edit: export again. An empty pair of braces keeps the space that follows a macro:",
        f"%   \\{prefix}Inputs{{}} inputs",
        f"% network sha256     {certificate.header['network_sha256']}",
        f"% certificate sha256 {certificate.counts['sha256']} (of its uncompressed lines; see FORMAT.md)",
    ]


def _checks(prefix: str) -> list[str]:
    """Macros that compare a hash in the text with this file's: LaTeX stops where they differ."""
    return [line for name in ("Network", "Certificate") for line in _check(prefix, name)]


def _check(prefix: str, name: str) -> list[str]:
    message = f"The numbers belong to another {name.lower()}: expected #1, found \\{prefix}{name}Hash"
    return [
        f"\\newcommand{{\\{prefix}Require{name}}}[1]{{%",
        f"  \\begingroup\\edef\\{prefix}Expected{{#1}}\\edef\\{prefix}Found{{\\{prefix}{name}Hash}}%",
        f"  \\ifx\\{prefix}Expected\\{prefix}Found\\else",
        f"  \\GenericError{{}}{{{message}}}{{}}{{Export the macros again.}}\\fi\\endgroup}}",
    ]
