"""Farkas certificates: proofs that an affine form is bounded below on a polyhedron, checked by one identity."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import ProofError


@dataclass(frozen=True, slots=True)
class FarkasCertificate:
    """Multipliers ``l_i`` with ``h = l_0 + sum l_i c_i``: they prove ``h >= l_0`` wherever every ``c_i >= 0``.

    ``multipliers`` holds pairs (index of ``c_i``, ``l_i``), with increasing indices and no ``l_i`` zero.
    ``l_0`` is not stored: the identity determines it. A multiplier may be negative only on an equation ``c_i = 0``.

    >>> x_and_y = [AffineForm.of([0, 1, 0]), AffineForm.of([0, 0, 1])]
    >>> FarkasCertificate(((0, mpq(2)), (1, mpq(1)))).lower_bound(AffineForm.of([5, 2, 1]), x_and_y)
    mpq(5,1)
    """

    multipliers: tuple[tuple[int, mpq], ...]

    def lower_bound(self, form: AffineForm, constraints: Sequence[AffineForm], equations: Collection[int] = ()) -> mpq:
        """``l_0``, after the identity and all signs are verified; else :class:`~verishallow.errors.ProofError`."""
        remainder = form
        for index, multiplier in self.multipliers:
            if multiplier < 0 and index not in equations:
                raise ProofError(f"multiplier {multiplier} of inequality {index} is negative")
            remainder = remainder - constraints[index].scaled(multiplier)
        if not remainder.is_constant():
            raise ProofError(f"the multipliers do not reproduce {form}: {remainder} is left over")
        return remainder.constant

    def support(self) -> frozenset[int]:
        """The indices of the constraints that the certificate uses."""
        return frozenset(index for index, _ in self.multipliers)
