r"""What LaTeX needs of us: text without special characters, and long numbers that can be broken."""

GROUP = 8


def breakable(digits: str) -> str:
    r"""Digits in typewriter type that LaTeX may break after every eight.

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
    r"""A plain text as LaTeX's text mode spells it; what is not printable ASCII becomes a question mark.

    >>> print(escaped("100 % of f_0 {x}"))
    100 \% of f\_0 \{x\}
    """
    return "".join(SPECIAL.get(c, c) if " " <= c <= "~" else "?" for c in text)
