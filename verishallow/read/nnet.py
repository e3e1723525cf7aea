"""``.nnet`` files, the text format of ACAS Xu: every number is the exact decimal that it spells.

Comments ``//``, then lines of numbers with commas: how many layers, inputs, outputs and the greatest width; all
widths; 0; the inputs' minima; their maxima; the means and then the ranges of each input and of the outputs; for each
layer its weights, one row per output, and its biases, one per line. Files differ in how long the rows of minima,
maxima, means and ranges are: only what a reading needs is asked for.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gmpy2 import mpq

from verishallow.affine import ZERO
from verishallow.errors import InputError, NetworkError
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import Vector, parse_rational
from verishallow.read.arrays.exact_arrays import require_sizes
from verishallow.read.files import utf8_text
from verishallow.read.places import shown, within

_NATURAL = re.compile(r"[0-9]{1,9}", re.ASCII)

Fields = list[str]


def network_from_nnet(data: bytes, *, normalised: bool = False) -> ReLUNetwork:
    r"""The network that the text of a ``.nnet`` file holds, ReLU between its layers.

    By default the network as it is stored, which works on normalised inputs. With ``normalised`` the file's own
    normalisation is part of it, so that inputs and outputs have their physical units: ``f((x - mean) / range)``
    times the outputs' range, plus their mean. (The format's evaluators also clip inputs to the stored minima and
    maxima; on that box the two agree, and nothing is clipped here.) Only then the rows of means and ranges have to be
    of use: a number for each input, and one more for the outputs.
    Raises :class:`~verishallow.errors.NetworkError`, which names the line.

    >>> text = b"// |x|\n2,1,1,2,\n1,2,1,\n0,\n-1,\n1,\n3,0,\n2,1,\n1,\n-1,\n0,\n0,\n1,1,\n0.5,\n"
    >>> network_from_nnet(text)([-3]), network_from_nnet(text, normalised=True)([-3])
    ((mpq(7,2),), (mpq(7,2),))
    """
    try:
        return _network(_Lines(utf8_text(data)), normalised)
    except InputError as error:
        raise NetworkError(str(error)) from error


class _Lines:
    """The lines that are not comments, one after the other, each split into its numbers."""

    def __init__(self, text: str) -> None:
        self._lines = self._without_comments(text)
        self.number = 0

    def _without_comments(self, text: str) -> Iterator[str]:
        for number, line in enumerate(io.StringIO(text), start=1):
            self.number = number
            stripped = line.strip()
            if stripped and not stripped.startswith("//"):
                yield stripped

    def fields(self, count: int, what: str) -> Fields:
        """The fields of the next line, exactly so many; a comma may end the line."""
        line = self.passed_over(what)
        fields = [field.strip() for field in line.removesuffix(",").split(",", count)]
        if len(fields) != count:
            raise InputError(f"line {self.number}: expected {what}, {_counted(count)}, found {shown(line)}")
        return fields

    def passed_over(self, what: str) -> str:
        """The next line, whatever is in it."""
        line = next(self._lines, None)
        if line is None:
            raise InputError(f"expected {what}, found the end of the file: it is cut short")
        return line

    def naturals(self, count: int, what: str) -> list[int]:
        """The next line as positive integers."""
        return [self._natural(field, what) for field in self.fields(count, what)]

    def rationals(self, count: int, what: str) -> Vector:
        """The next line as exact rationals."""
        fields = self.fields(count, what)
        with within(f"line {self.number}"):
            return _exact(fields)

    def require_end(self) -> None:
        """Refuse anything but blank lines and comments from here on."""
        for line in self._lines:
            raise InputError(f"line {self.number}: expected nothing after the last bias, found {shown(line)}")

    def _natural(self, field: str, what: str) -> int:
        if not _NATURAL.fullmatch(field) or not int(field):
            raise InputError(f"line {self.number}: expected {what} as positive integers, found {shown(field)}")
        return int(field)


def _counted(count: int) -> str:
    return "one number" if count == 1 else f"{count} numbers"


def _exact(fields: Sequence[str]) -> Vector:
    return tuple(parse_rational(field) for field in fields)


@dataclass(frozen=True, slots=True)
class _Normalisation:
    """Means and ranges: one per input, and the last for all outputs."""

    means: Vector
    ranges: Vector

    def __post_init__(self) -> None:
        if not all(self.ranges):
            raise InputError("expected ranges other than 0 to normalise with, found 0")

    def on_inputs(self, layer: Layer) -> Layer:
        """The layer reading ``x`` where it read ``(x - mean) / range``."""
        means, ranges = self.means[:-1], self.ranges[:-1]
        weight = tuple(tuple(w / r for w, r in zip(row, ranges, strict=True)) for row in layer.weight)
        shifts = (sum((w * m for w, m in zip(row, means, strict=True)), ZERO) for row in weight)
        return Layer(weight, tuple(b - s for b, s in zip(layer.bias, shifts, strict=True)), layer.reads)

    def on_outputs(self, layer: Layer) -> Layer:
        """The layer's values times the outputs' range, plus their mean."""
        mean, factor = self.means[-1], self.ranges[-1]
        weight = tuple(tuple(factor * w for w in row) for row in layer.weight)
        return Layer(weight, tuple(factor * b + mean for b in layer.bias), layer.reads)


def _network(lines: _Lines, normalised: bool) -> ReLUNetwork:
    widths = _widths(lines)
    normalisation = _normalisation(lines, widths[0], normalised)
    layers = [_layer(lines, number, *shape) for number, shape in enumerate(pairwise(widths), start=1)]
    lines.require_end()
    if normalisation:
        layers[0] = normalisation.on_inputs(layers[0])
        layers[-1] = normalisation.on_outputs(layers[-1])
    return ReLUNetwork(widths[0], tuple(layers))


def _widths(lines: _Lines) -> list[int]:
    count, inputs, outputs, _ = lines.naturals(4, "the numbers of layers, inputs and outputs and the greatest width")
    widths = lines.naturals(count + 1, "the inputs and the width of each layer")
    with within(f"line {lines.number}"):
        if (widths[0], widths[-1]) != (inputs, outputs):
            raise InputError(f"expected widths from {inputs} to {outputs}, found from {widths[0]} to {widths[-1]}")
        require_sizes(columns * rows for columns, rows in pairwise(widths))
    return widths


def _normalisation(lines: _Lines, inputs: int, wanted: bool) -> _Normalisation | None:
    if lines.rationals(1, "the flag 0") != (ZERO,):
        raise InputError(f"line {lines.number}: expected the flag 0, found another: its meaning is not specified")
    lines.passed_over("the minima of the inputs")
    lines.passed_over("the maxima of the inputs")
    means, ranges = (_statistics(lines, inputs, what, wanted) for what in ("means", "ranges"))
    if not wanted:
        return None
    with within("normalisation"):
        return _Normalisation(means, ranges)


def _statistics(lines: _Lines, inputs: int, what: str, wanted: bool) -> Vector:
    """The next line's numbers for the inputs, and the one for the outputs, if they are wanted."""
    line = lines.passed_over(f"the {what} of the inputs and of the outputs")
    if not wanted:
        return ()
    with within(f"line {lines.number}"):
        numbers = _exact(line.removesuffix(",").split(","))
        if len(numbers) <= inputs:
            raise InputError(
                f"expected the {what} of the {inputs} inputs and of the outputs, {inputs + 1} numbers, found "
                f"{len(numbers)}: --normalised needs {_missing(len(numbers), inputs)}"
            )
        # The format's readers take the first number after the inputs' own, or the last: they have to agree.
        if numbers[inputs] != numbers[-1]:
            raise InputError(
                f"expected the {what} of {inputs} inputs and one number for the outputs, found {len(numbers)} numbers: "
                f"the outputs' may be {numbers[inputs]} or {numbers[-1]}; take away what is too much"
            )
    return (*numbers[:inputs], numbers[-1])


def _missing(count: int, inputs: int) -> str:
    return "that of the outputs too" if count == inputs else f"those from input {count} on too"


def _layer(lines: _Lines, number: int, columns: int, rows: int) -> Layer:
    weight = tuple(lines.rationals(columns, f"a weight row of layer {number}") for _ in range(rows))
    bias = tuple(_bias(lines, number) for _ in range(rows))
    return Layer(weight, bias, (number - 1,))


def _bias(lines: _Lines, number: int) -> mpq:
    (value,) = lines.rationals(1, f"a bias of layer {number}")
    return value
