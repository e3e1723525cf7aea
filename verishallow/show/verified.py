"""What a certificate of a property or of a counterexample says, checked: its statement, its point, its tree."""

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from verishallow import checker
from verishallow.affine import ONE
from verishallow.certificate.certificate import WITHOUT_REGIONS, Certificate
from verishallow.checker import Verdict
from verishallow.checker.unsafe import conjunction_in_words, names_of, row_in_words, unsafe_in_words
from verishallow.claims.counterexample import COUNTEREXAMPLE
from verishallow.errors import InputError, InvalidCertificateError
from verishallow.explain.names import Names
from verishallow.rationals import Vector, vector
from verishallow.read.files import is_certificate
from verishallow.records.relaxed_tree import BoxCut, Split, TreeCell, TreeNode, nodes_of, root_cell
from verishallow.show.tables import rounded


@dataclass(frozen=True)
class Verified:
    """A certificate of a property or of a counterexample, and the stand-alone checker's verdict, which is not invalid.

    A certificate of a property may be incomplete: nodes of its tree are open.
    """

    certificate: Certificate
    verdict: Verdict

    def __post_init__(self) -> None:
        if self.verdict.kind == "invalid":
            raise InvalidCertificateError(str(self.verdict))
        if self.certificate.claim not in WITHOUT_REGIONS:
            raise InputError(f"expected a certificate of a property, found one that claims {self.certificate.claim!r}")

    @property
    def violated(self) -> bool:
        """Whether it states a counterexample."""
        return self.certificate.claim == COUNTEREXAMPLE.name

    @cached_property
    def statement(self) -> str:
        """The property in words and numbers.

        >>> from verishallow import ReLUNetwork, verify
        >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
        >>> outcome = verify(modulus, lambda inputs, outputs: outputs[0] > 2, domain=[(-1, 2)])
        >>> verified(outcome.certificate).statement
        'no x in D with y_0 > 2'
        """
        return statement_of(self.certificate.header)

    @cached_property
    def strict_rows(self) -> tuple[str, ...]:
        """The strict rows of the domain in words."""
        names, domain = names_of(self.certificate.header), self.certificate.domain.inequalities
        return tuple(_row(domain[number].row, True, names) for number in self.certificate.header["strict"])

    @cached_property
    def domain_rows(self) -> tuple[str, ...]:
        """All rows of the domain in words."""
        names, strict = names_of(self.certificate.header), set(self.certificate.header["strict"])
        rows = enumerate(self.certificate.domain.inequalities)
        return tuple(_row(form.row, number in strict, names) for number, form in rows)

    @cached_property
    def nodes(self) -> tuple[TreeNode, ...]:
        """The nodes of the tree; none of a counterexample."""
        return () if self.violated else tuple(nodes_of(self.certificate.lines))

    @cached_property
    def ends(self) -> tuple[TreeNode, ...]:
        """The nodes below which there are no others: leaves and open ones."""
        return tuple(node for node in self.nodes if node.is_leaf or node.kind == "open")

    @cached_property
    def root(self) -> TreeCell:
        """The box around the domain."""
        return root_cell(self.certificate.header)

    def counted(self, kind: str) -> Counter[int]:
        """The number of splits per input ("halve"), or per hidden layer from 1 ("sign")."""
        member = "input" if kind == "halve" else "layer"
        chosen = (node.line for node in self.nodes if node.kind == kind)
        return Counter(json.loads(self.certificate.lines[line - 1])[member] for line in chosen)

    @cached_property
    def point(self) -> Vector | None:
        """The counterexample."""
        return vector(self.certificate.header["point"]) if self.violated else None

    @cached_property
    def outputs(self) -> Vector | None:
        """The outputs at the counterexample; of two networks the first one's, then the second one's."""
        return None if self.point is None else self.certificate.explored(self.point)

    def violated_rows(self) -> list[tuple[str, Any]]:
        """The rows of the conjunction that the counterexample is in, in words, and by how much each holds."""
        header, both = self.certificate.header, (ONE, *(self.point or ()), *(self.outputs or ()))
        chosen = header["unsafe"][header["disjunct"]]
        rows = [vector(row) for row in chosen["rows"]]
        values = [sum((a * b for a, b in zip(row, both, strict=True)), 0 * ONE) for row in rows]
        return list(zip(conjunction_in_words(header, chosen), values, strict=True))

    def names(self, features: Sequence[str] | None, outputs: Sequence[str] | None) -> Names:
        """The names given, else those of the statement."""
        known, inputs = names_of(self.certificate.header), self.certificate.header["inputs"]
        return Names.of(inputs, len(known) - inputs, features or known[:inputs], outputs or known[inputs:])


def statement_of(header: Any) -> str:
    """What a certificate of a property proves where it is complete, or what its counterexample contradicts."""
    return f"no x in D with {unsafe_in_words(header)}"


def split_in_words(split: Split, features: Sequence[str]) -> str:
    """A split, with a decimal.

    >>> from gmpy2 import mpq
    >>> split_in_words(BoxCut(0, mpq(1, 3), below=True), ["age"])
    'age <= ~0.333333'
    """
    if isinstance(split, BoxCut):
        return f"{features[split.input]} {'<=' if split.below else '>='} {rounded(split.at)}"
    return f"z_{split.layer},{split.neuron} {'>=' if split.sign > 0 else '<='} 0"


def verified(source: Any) -> Verified | None:
    """A certificate of a property or of a counterexample, or that in a file, checked; ``None`` for anything else.

    Raises :class:`~verishallow.errors.InvalidCertificateError` where the checker refuses it.
    """
    found = verification_in(source)
    return None if found is None else Verified(found, found.check())


def verification_in(source: Any) -> Certificate | None:
    """A certificate that says it claims a property or a counterexample, not checked; ``None`` for anything else."""
    if isinstance(source, Certificate):
        return source if _claims_verification(source.lines[0]) else None
    if not isinstance(source, str | os.PathLike) or not os.path.isfile(source) or not is_certificate(source):
        return None
    return Certificate.checked(source) if _claims_verification(_first_line(source)) else None


def _first_line(path: str | os.PathLike[str]) -> bytes:
    """The header, without the rest of a file that may be long; nothing where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return next(iter(checker.lines_of(checker.chunks_of(file))), b"")
    except (OSError, checker.Invalid):
        return b""


def _claims_verification(line: bytes) -> bool:
    """Whether a header says so: one that is damaged says nothing."""
    try:
        return json.loads(line)["claim"] in WITHOUT_REGIONS
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


def _row(row: Vector, strict: bool, names: Sequence[str]) -> str:
    fractions: Any = [_fraction(a) for a in row]
    return row_in_words(fractions, strict, list(names))


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.numerator), int(value.denominator))
