"""Terms of SMT-LIB 2 in QF_LRA: exact rational constants, affine terms, definitions of networks."""

from collections.abc import Iterable, Iterator, Sequence

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.network import ReLUNetwork
from verishallow.write.networks.gated_network import GatedNetwork
from verishallow.write.networks.gated_pieces import GatedPiece, pieces_of


def constant(value: mpq) -> str:
    """A rational constant in QF_LRA.

    >>> constant(mpq(-3, 2)), constant(mpq(2))
    ('(/ (- 3) 2)', '2')
    """
    numerator = str(abs(value.numerator))
    signed = f"(- {numerator})" if value < 0 else numerator
    return signed if value.denominator == 1 else f"(/ {signed} {value.denominator})"


def affine(terms: Iterable[tuple[mpq, str]], bias: mpq) -> str:
    """The sum of products of constants and variables, and a constant.

    >>> affine([(mpq(1), "x0"), (mpq(0), "x1"), (mpq(-2), "x2")], mpq(1, 3))
    '(+ x0 (* (- 2) x2) (/ 1 3))'
    """
    parts = [name if a == 1 else f"(* {constant(a)} {name})" for a, name in terms if a]
    if bias or not parts:
        parts.append(constant(bias))
    return parts[0] if len(parts) == 1 else f"(+ {' '.join(parts)})"


def form_term(form: AffineForm) -> str:
    """An affine form of the inputs ``x0``, ``x1``, ..."""
    return affine(((a, f"x{i}") for i, a in enumerate(form.linear)), form.constant)


def holds(form: AffineForm) -> str:
    """The condition that a form is not negative."""
    return f"(>= {form_term(form)} 0)"


def all_of(conditions: Sequence[str]) -> str:
    """The conjunction."""
    return _joined("and", conditions, "true")


def any_of(conditions: Sequence[str]) -> str:
    """The disjunction."""
    return _joined("or", conditions, "false")


def _joined(word: str, conditions: Sequence[str], none: str) -> str:
    if len(conditions) < 2:
        return conditions[0] if conditions else none
    return f"({word} {' '.join(conditions)})"


def differs(one: str, other: str) -> str:
    """The condition that two terms have different values."""
    return f"(not (= {one} {other}))"


def network_lines(network: ReLUNetwork, name: str, inputs: Sequence[str]) -> Iterator[str]:
    """The definitions of all neurons of a deep network; ``{name}0``, ``{name}1``, ... are its outputs."""
    sources = [list(inputs)]
    for number, layer in enumerate(network.layers, start=1):
        last = number == len(network.layers)
        read = [value for source in layer.reads for value in sources[source]]
        before = name if last else f"{name}_h{number}_"
        for index, (row, bias) in enumerate(zip(layer.weight, layer.bias, strict=True)):
            yield from defined(f"{before}{index}", affine(zip(row, read, strict=True), bias))
        if not last:
            sources.append([f"{name}_r{number}_{index}" for index in range(layer.width)])
            for index, value in enumerate(sources[-1]):
                yield from defined(value, rectified(f"{before}{index}"))


def shallow_lines(network: GatedNetwork) -> Iterator[str]:
    """The definitions of a three-layer network by its gated pieces; ``S0``, ``S1``, ... are its outputs.

    A weight -inf becomes an ite: a piece is 0 unless all units of layer 1 in its gate set are 0.
    """
    pieces = [pieces_of(network, output) for output in range(network.outputs)]
    read = network.gates | {unit for row in pieces for piece in row for unit, _ in piece.units}
    for index in sorted(read):
        yield from defined(f"S_h{index}", form_term(network.first[index]))
    for index, gates in enumerate(network.gate_sets):
        yield f"(declare-fun S_open{index} () Bool)"
        yield f"(assert (= S_open{index} {all_of([f'(<= S_h{unit} 0)' for unit in gates])}))"
    for output, (row, bias) in enumerate(zip(pieces, network.third_bias, strict=True)):
        names = [f"S_v{output}_{number}" for number in range(len(row))]
        for name, piece in zip(names, row, strict=True):
            yield from defined(name, f"(ite S_open{piece.gate_set} {_piece_term(piece)} 0)")
        yield from defined(f"S{output}", affine(((p.weight, name) for p, name in zip(row, names, strict=True)), bias))


def _piece_term(piece: GatedPiece) -> str:
    """The value of a piece where its gate set is open."""
    inputs = [(a, f"x{i}") for i, a in enumerate(piece.form.linear)]
    term = affine([*inputs, *((w, rectified(f"S_h{unit}")) for unit, w in piece.units)], piece.form.constant)
    return rectified(term) if piece.rectified else term


def defined(name: str, term: str) -> Iterator[str]:
    """The definition of a real variable by a term."""
    yield f"(declare-fun {name} () Real)"
    yield f"(assert (= {name} {term}))"


def rectified(term: str) -> str:
    """The ReLU of a term."""
    return f"(ite (>= {term} 0) {term} 0)"
