r"""Rationals and affine forms as LaTeX: by sympy where numbers are short, abbreviated or breakable where they are long.

``3.14159{\ldots}_{[41/40]}`` abbreviates a rational by its first digits (not rounded) and the numbers of digits of
its numerator and denominator.
"""

from collections.abc import Callable, Iterator, Sequence

from gmpy2 import mpq
from sympy import Add, Expr, Integer, Mul, Rational, Symbol, latex

from verishallow.affine import AffineForm

SHORT = 20
"""Digits of numerator and denominator together up to which a fraction is set in full."""

WRITTEN_OUT = 400
"""Digits up to which an exact number is written out over several lines, on request."""

LEADING, GROUP = 6, 6
ONE = Integer(1)

Spell = Callable[[mpq], str]
"""Writes a positive number that is too long for a fraction."""


def digits(value: mpq) -> tuple[int, int]:
    """The numbers of digits of the numerator and of the denominator.

    >>> digits(mpq(-22, 7))
    (2, 1)
    """
    return len(str(abs(value.numerator))), len(str(value.denominator))


def abbreviated(value: mpq) -> str:
    r"""The first digits of a positive rational, not rounded, and the numbers of digits of its fraction.

    >>> print(abbreviated(mpq(10**20 + 1, 3)), abbreviated(mpq(2, 3 * 10**8)), sep="  ")
    3.33333{\ldots}_{[21/1]}{\cdot}10^{19}  6.66666{\ldots}_{[1/9]}{\cdot}10^{-9}
    """
    shown, exponent = _leading(value)
    numerator, denominator = digits(value)
    power = f"{{\\cdot}}10^{{{exponent}}}" if exponent else ""
    return f"{shown}{{\\ldots}}_{{[{numerator}/{denominator}]}}{power}"


def _leading(value: mpq) -> tuple[str, int]:
    """The first digits as a decimal, and the exponent of a power of ten as factor: 0 for numbers of moderate size."""
    exponent = digits(value)[0] - digits(value)[1]
    exponent -= value < mpq(10) ** exponent
    mantissa = str(value // mpq(10) ** (exponent - LEADING + 1))
    if -LEADING < exponent < 0:
        return f"0.{'0' * (-exponent - 1)}{mantissa}", 0
    if 0 <= exponent < LEADING - 1:
        return f"{mantissa[: exponent + 1]}.{mantissa[exponent + 1 :]}", 0
    return f"{mantissa[0]}.{mantissa[1:]}", exponent


def written_out(value: mpq) -> str:
    r"""All digits of a positive rational, with possible line breaks; abbreviated if they are too many.

    >>> print(written_out(mpq(12345678, 5)))
    123456\allowbreak{}78/\allowbreak{}5
    """
    if sum(digits(value)) > WRITTEN_OUT:
        return abbreviated(value)
    return "/\\allowbreak{}".join(_grouped(part) for part in str(value).split("/"))


def _grouped(text: str) -> str:
    return "\\allowbreak{}".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def number_latex(value: mpq, spell: Spell = abbreviated) -> str:
    r"""A rational as sympy writes it, or, if its fraction is long, as ``spell`` does.

    >>> print(number_latex(mpq(-1, 3)))
    - \frac{1}{3}
    """
    return str(latex(_number(value, spell), order="none"))


def count_latex(number: int) -> str:
    r"""A natural number with thin spaces between its groups of three digits, if it has five or more.

    >>> print(count_latex(1234), count_latex(12345))
    1234 12\,345
    """
    return f"{number:,}".replace(",", "\\,") if number >= 10_000 else str(number)


def names_of(dimension: int) -> tuple[str, ...]:
    """The coordinates: ``x`` alone, or ``x_1, ..., x_n``."""
    return ("x",) if dimension == 1 else tuple(f"x_{i}" for i in range(1, dimension + 1))


def form_latex(
    form: AffineForm,
    spell: Spell = abbreviated,
    most_terms: int | None = None,
    names: Sequence[str] | None = None,
) -> str:
    r"""An affine form as sympy writes it, coordinates in order and the constant last.

    Terms beyond ``most_terms`` are left out, and their number is given. Coordinates are called x_1, x_2, ..., unless
    ``names`` says otherwise.

    >>> print(form_latex(AffineForm.of(["-1/2", 0, "3/4", -1])))
    \frac{3 x_{2}}{4} - x_{3} - \frac{1}{2}
    """
    terms = list(_terms(form, spell, names or names_of(form.dimension)))
    shown = terms if most_terms is None or len(terms) <= most_terms + 1 else terms[:most_terms]
    text = str(latex(Add(*shown, evaluate=False), order="none")) if terms else "0"
    return text if shown is terms else f"{text} + \\langle\\text{{{len(terms) - len(shown)} more terms}}\\rangle"


def _terms(form: AffineForm, spell: Spell, names: Sequence[str]) -> Iterator[Expr]:
    for a, name in zip(form.linear, names, strict=True):
        if a:
            yield _number(a, spell, Symbol(name))
    if form.constant:
        yield _number(form.constant, spell)


def _number(value: mpq, spell: Spell, factor: Expr = ONE) -> Expr:
    """The number times a factor, for sympy to print."""
    if sum(digits(value)) <= SHORT:
        return Mul(Rational(int(value.numerator), int(value.denominator)), factor)
    text = spell(abs(value))
    # A brace in its name makes sympy print a symbol unchanged.
    name = Symbol(f"({text})" if "/\\" in text and factor != ONE else text)
    factors = [name] if factor == ONE else [name, factor]
    return Mul(*([Integer(-1)] if value < 0 else []), *factors, evaluate=False)
