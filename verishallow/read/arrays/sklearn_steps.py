"""scikit-learn's transformers before a perceptron: scalers, projections and choices of features, composed exactly."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from verishallow.affine import ONE, ZERO, AffineForm, AffineMap
from verishallow.errors import InputError
from verishallow.network import Layer
from verishallow.rationals import Vector
from verishallow.read.arrays.exact_arrays import exact_matrix, exact_vector, require_sizes
from verishallow.read.places import shown, within

MULTIPLY = frozenset({"KernelCenterer", "Normalizer", "PolynomialFeatures"})
JUMP = frozenset({"Binarizer", "KBinsDiscretizer", "LabelBinarizer", "OneHotEncoder", "OrdinalEncoder"})
CURVE = frozenset({"AdditiveChi2Sampler", "Nystroem", "PowerTransformer", "RBFSampler", "SplineTransformer"})


@dataclass(slots=True)
class Features:
    """What the steps so far make of the inputs: affine maps of the inputs, or of the layer that the last clip made."""

    forms: AffineMap
    layers: list[Layer] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How many there are."""
        return len(self.forms.forms)

    def scaled(self, factors: Vector, shifts: Vector) -> None:
        """Each times its factor, plus its shift."""
        for what, numbers in (("factors", factors), ("shifts", shifts)):
            if len(numbers) != self.width:
                raise InputError(f"expected {self.width} {what}, as there are features, found {len(numbers)}")
        rows = zip(self.forms.forms, factors, shifts, strict=True)
        self.forms = AffineMap(tuple(_plus(form.scaled(factor), shift) for form, factor, shift in rows))

    def combined(self, weight: Sequence[Vector], bias: Vector) -> None:
        """Affine combinations, one per row."""
        self.forms = self.forms.then(weight, bias)

    def chosen(self, numbers: Sequence[int]) -> None:
        """Those with these numbers."""
        self.forms = AffineMap(tuple(self.forms.forms[number] for number in numbers))

    def clipped(self, low: Vector, high: Vector) -> None:
        """Each between its bounds: ``low + ReLU(h - low) - ReLU(h - high)``."""
        above = [
            _plus(form, -bound) for bounds in (low, high) for form, bound in zip(self.forms.forms, bounds, strict=True)
        ]
        rows = tuple(form.linear for form in above)
        self.layers.append(Layer(rows, tuple(form.constant for form in above), (len(self.layers),)))
        width = self.width
        kinks = AffineMap.identity(2 * width).forms
        self.forms = AffineMap(tuple(_plus(kinks[i] - kinks[width + i], low[i]) for i in range(width)))


def _plus(form: AffineForm, number: Any) -> AffineForm:
    constant, *linear = form.row
    return AffineForm((constant + number, *linear))


Step = Callable[[Any, Features], None]


def apply_step(step: Any, features: Features) -> None:
    """What a fitted transformer makes of the features."""
    if step is None or step == "passthrough":
        return
    names = [base.__name__ for base in type(step).__mro__]
    with within(type(step).__name__):
        known = next((name for name in names if name in STEPS), None)
        if known is None:
            raise InputError(_reason(names))
        if not _is_fitted(step):
            raise InputError("expected a fitted step; call fit first")
        STEPS[known](step, features)


def _is_fitted(step: Any) -> bool:
    return hasattr(step, "n_features_in_") or type(step).__name__ in ("FunctionTransformer", "Pipeline")


def _reason(names: Sequence[str]) -> str:
    if MULTIPLY.intersection(names):
        return "it multiplies features with each other: multiplicative, not piecewise linear"
    if JUMP.intersection(names):
        return "its values jump: it is not continuous"
    if CURVE.intersection(names):
        return "it curves: it is not piecewise linear"
    return f"expected one of the steps {', '.join(STEPS)}"


def _vector(step: Any, name: str, default: int, width: int) -> Vector:
    """One number per feature; an attribute that is None says that nothing is done."""
    value = getattr(step, name)
    return (ONE * default,) * width if value is None else exact_vector(np.asarray(value), name)


def _inverses(numbers: Vector) -> Vector:
    if not all(numbers):
        raise InputError("expected scales other than 0, found 0")
    return tuple(ONE / number for number in numbers)


def _standard_scaler(step: Any, features: Features) -> None:
    mean = _vector(step, "mean_", 0, features.width) if step.with_mean else (ZERO,) * features.width
    _centred(features, mean, _vector(step, "scale_", 1, features.width) if step.with_std else (ONE,) * features.width)


def _robust_scaler(step: Any, features: Features) -> None:
    centre = _vector(step, "center_", 0, features.width) if step.with_centering else (ZERO,) * features.width
    scale = _vector(step, "scale_", 1, features.width) if step.with_scaling else (ONE,) * features.width
    _centred(features, centre, scale)


def _centred(features: Features, centre: Vector, scale: Vector) -> None:
    """``(x - centre) / scale``."""
    factors = _inverses(scale)
    features.scaled(factors, tuple(-c * f for c, f in zip(centre, factors, strict=True)))


def _min_max_scaler(step: Any, features: Features) -> None:
    features.scaled(_vector(step, "scale_", 1, features.width), _vector(step, "min_", 0, features.width))
    if step.clip:
        low, high = exact_vector(np.array(step.feature_range, np.float64), "feature_range")
        features.clipped((low,) * features.width, (high,) * features.width)


def _max_abs_scaler(step: Any, features: Features) -> None:
    _centred(features, (ZERO,) * features.width, _vector(step, "scale_", 1, features.width))
    if getattr(step, "clip", False):
        features.clipped((-ONE,) * features.width, (ONE,) * features.width)


def inverse_of(transformer: Any, width: int) -> tuple[Vector, Vector]:
    """The factors and shifts with which a scaler of targets scales so many numbers back."""
    features = Features(AffineMap.identity(width))
    names = {base.__name__ for base in type(transformer).__mro__}
    if not names & {"StandardScaler", "RobustScaler", "MinMaxScaler", "MaxAbsScaler", "FunctionTransformer"}:
        raise InputError(f"transformer: expected a scaler, found {type(transformer).__name__}")
    apply_step(transformer, features)
    if features.layers:
        raise InputError("transformer: expected a scaler without clip, found one with it")
    scales = tuple(form.linear[number] for number, form in enumerate(features.forms.forms))
    factors = _inverses(scales)
    pairs = zip(features.forms.forms, factors, strict=True)
    return factors, tuple(-form.constant * factor for form, factor in pairs)


def _pca(step: Any, features: Features) -> None:
    if step.whiten:
        raise InputError("whiten: expected False, found True, which divides by roots that are no rationals")
    features.scaled((ONE,) * features.width, tuple(-mean for mean in _vector(step, "mean_", 0, features.width)))
    _projected(step, features)


def _projected(step: Any, features: Features) -> None:
    require_sizes([step.components_.size])
    rows = exact_matrix(np.asarray(step.components_), "components_")
    features.combined(rows, (ZERO,) * len(rows))


def _selected(step: Any, features: Features) -> None:
    features.chosen([int(number) for number in step.get_support(indices=True)])


def _simple_imputer(step: Any, features: Features) -> None:
    missing = step.missing_values
    if not (isinstance(missing, float) and math.isnan(missing)):
        raise InputError(f"missing_values: expected NaN, found {shown(missing)}: replaced numbers make jumps")
    if step.add_indicator or np.isnan(np.asarray(step.statistics_, float)).any():
        raise InputError("expected every feature kept and no indicator added, found otherwise")
    if len(step.statistics_) != features.width:
        raise InputError(f"expected {features.width} statistics, found {len(step.statistics_)}")


def _function_transformer(step: Any, _: Features) -> None:
    if step.func is not None:
        raise InputError(
            f"func: expected None, found {shown(getattr(step.func, '__name__', step.func))}: code is not read"
        )


def _pipeline(step: Any, features: Features) -> None:
    for _, inner in step.steps:
        apply_step(inner, features)


def _column_transformer(step: Any, features: Features) -> None:
    blocks: list[AffineForm] = []
    for name, inner, columns in step.transformers_:
        if isinstance(inner, str) and inner == "drop":
            continue
        part = Features(features.forms)
        part.chosen(_numbers(step, columns, features.width))
        with within(name):
            apply_step(inner, part)
        if part.layers:
            raise InputError(f"{name}: expected no clip in the columns of a ColumnTransformer, found one")
        blocks += part.forms.forms
    features.forms = AffineMap(tuple(blocks))


def _numbers(step: Any, columns: Any, width: int) -> list[int]:
    """The columns that a slice, flags, numbers or names choose."""
    if isinstance(columns, str | int):
        columns = [columns]
    if isinstance(columns, slice):
        return list(range(width))[columns]
    listed = [column.item() if isinstance(column, np.generic) else column for column in columns]
    if listed and all(isinstance(column, bool) for column in listed):
        return [number for number, flag in enumerate(listed) if flag]
    names = [str(name) for name in getattr(step, "feature_names_in_", ())]
    return [names.index(column) if isinstance(column, str) else range(width)[column] for column in listed]


STEPS: dict[str, Step] = {
    "ColumnTransformer": _column_transformer,
    "FunctionTransformer": _function_transformer,
    "MaxAbsScaler": _max_abs_scaler,
    "MinMaxScaler": _min_max_scaler,
    "PCA": _pca,
    "Pipeline": _pipeline,
    "RobustScaler": _robust_scaler,
    "SelectorMixin": _selected,
    "SimpleImputer": _simple_imputer,
    "StandardScaler": _standard_scaler,
    "TruncatedSVD": _projected,
}
"""The transformers that are read, by the name of their class or of one that it is made from."""
