r"""LaTeX source: plain text without special characters, and documents that can be parts of others."""

from collections.abc import Sequence

GROUP = 8


def breakable(digits: str) -> str:
    r"""Digits in typewriter type, with a possible line break after every eight.

    >>> print(breakable("0123456789"))
    \texttt{01234567\allowbreak 89}
    """
    return f"\\texttt{{{_grouped(digits)}}}"


def _grouped(text: str) -> str:
    return "\\allowbreak ".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}


def escaped(text: str) -> str:
    r"""A plain text in LaTeX's text mode; characters other than printable ASCII become question marks.

    >>> print(escaped("100 % of f_0 {x}"))
    100 \% of f\_0 \{x\}
    """
    return "".join(SPECIAL.get(c, c) if " " <= c <= "~" else "?" for c in text)


def document(remarks: Sequence[str], packages: Sequence[str], body: Sequence[str]) -> bytes:
    r"""A file that LaTeX compiles by itself, and that a paper may ``\input``.

    The paper needs the packages, each a name, perhaps with options in brackets before it.
    """
    used = [f"\\usepackage{_braced(package)}" for package in packages]
    lines = [
        *(f"% {remark}" for remark in remarks),
        "% Compile this file, or \\input it in the body of a document that has in its preamble",
        *(f"%   {line}" for line in used),
        "\\ifdefined\\thesection\\else % no class is loaded yet: the file is compiled by itself",
        "\\documentclass[a4paper]{article}",
        "\\usepackage[margin=25mm]{geometry}",
        *used,
        "\\def\\vsEndDocument{\\end{document}}",
        "\\begin{document}",
        "\\fi",
        *body,
        "\\ifdefined\\vsEndDocument\\expandafter\\vsEndDocument\\fi",
    ]
    return ("\n".join(lines) + "\n").encode("ascii")


def _braced(package: str) -> str:
    options, bracket, name = package.rpartition("]")
    return f"{options}{bracket}{{{name}}}"
