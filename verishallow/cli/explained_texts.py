"""The results of explanations as readable texts: numbers are rounded to six digits, and marked where they are."""

from decimal import Decimal
from math import isqrt

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.cli.explained import FEW_INPUTS, rules_of
from verishallow.explain import Attribution, Counterfactual, DecisionTree, Explanation, Lipschitz, RegionAt, Summary
from verishallow.explain.classes import winners_text
from verishallow.explain.local import Facet
from verishallow.explain.names import Names
from verishallow.explain.texts import formula_text, largest_one, rule_text
from verishallow.polyhedron import MANY
from verishallow.rationals import Vector, counted
from verishallow.show.tables import columns_table, rounded

ROUNDED = "Numbers with ~ are rounded for display; all are exact inside, and with --json."
NORM_NAMES = {"l1": "L1", "l2": "L2", "linf": "Linf"}
LONGEST_RULE = 60
"""Characters of a rule that are shown with very many inputs."""

MOST_REGIONS = 10
"""Regions that the summary lists."""


def noted(text: str) -> str:
    """A text; where numbers in it are rounded a line is added that says so."""
    return f"{text}\n\n{ROUNDED}" if "~" in text else text


def root(square: mpq) -> str:
    """The square root of a rational for display."""
    numerator, denominator = int(square.numerator), int(square.denominator)
    exact = mpq(isqrt(numerator), isqrt(denominator))
    if exact**2 == square:
        return rounded(exact)
    return f"~{(Decimal(numerator) / Decimal(denominator)).sqrt():.6g}"


def named_point(point: Vector, names: tuple[str, ...]) -> str:
    """A point, feature by feature."""
    return ", ".join(f"{name} = {rounded(x)}" for name, x in zip(names, point, strict=True))


def explanation_text(
    found: Explanation,
    output: int,
    gradient: Vector | None,
    attributions: dict[str, Attribution | None],
    refused: dict[str, str],
    through: str,
) -> str:
    """Value, table of features, and the regions with their rules."""
    name, value = found.names.outputs[output], found.output[output]
    several = f", output {output} of {len(found.output)}" if len(found.output) > 1 else ""
    meet = "" if not found.on_boundary else f"; {len(found.regions)} regions meet here, on a boundary"
    parts = [
        f"{name} = {rounded(value)} at {named_point(found.point, found.names.features)}",
        f"  explained from the {through}{several}{meet}",
        "",
        _features_table(found, output, gradient, attributions),
        *(f"  {what.replace('_', ' ')}: {reason}" for what, reason in refused.items()),
    ]
    for number, region in enumerate(found.regions, start=1):
        parts += ["", *_region_lines(region, number, found, output)]
    return noted("\n".join(parts))


def _features_table(
    found: Explanation, output: int, gradient: Vector | None, attributions: dict[str, Attribution | None]
) -> str:
    contributions = found.region.contributions(output)
    of_region = " in region 1" if len({region.contributions(output) for region in found.regions}) > 1 else ""
    columns: dict[str, list[str]] = {
        "feature": [*found.names.features, "(start)", "(end)"],
        "value": [*map(rounded, found.point), "", ""],
        f"contribution{of_region}": [
            *map(rounded, contributions.features),
            rounded(contributions.bias),
            rounded(contributions.output),
        ],
    }
    if gradient is not None:
        columns["gradient"] = [*map(rounded, gradient), "", ""]
    for what, attribution in attributions.items():
        if attribution is not None:
            ends = (attribution.baseline_output, attribution.output)
            columns[what.replace("_", " ")] = [rounded(a) for a in (*attribution.values, *ends)]
    return columns_table(tuple(columns), list(zip(*columns.values(), strict=True)))


def _region_lines(region: RegionAt, number: int, found: Explanation, output: int) -> list[str]:
    names = found.names
    known = region.own if len(found.point) > MANY else region.pattern
    pattern = known and "|".join("".join("01"[on] for on in layer) for layer in known)
    facts = [f"pattern {pattern}" if pattern else "", f"live units {_numbers(region.units)}" if region.units else ""]
    said = "; ".join(fact for fact in facts if fact)
    form = region.affine_map.forms[output]
    lines = [
        f"region {number} of {len(found.regions)}" + (f": {said}" if said else ""),
        f"  {names.outputs[output]} = {formula_text(form, names.features, rounded)}",
    ]
    if not region.walls:
        return [*lines, "  no rules: the region is the whole space"]
    rules, many = rules_of(region), len(found.point) > MANY
    heads = ("where", "from", "L1 away", "L2 away", "Linf away")
    rows = [_facet_row(facet, names, "unit" if region.units else "neuron") for facet in rules]
    note = [f"  the nearest {len(rules)} of {len(region.walls)} inequalities; which are facets is not looked for"]
    return [*lines, *(f"  {line}" for line in columns_table(heads, rows).splitlines()), *(note if many else [])]


def _facet_row(facet: Facet, names: Names, kind: str) -> tuple[str, ...]:
    """A rule, where it comes from, and the distances to the facet, or with many inputs to its hyperplane."""
    away = facet.to_facet if len(facet.point) <= FEW_INPUTS else facet.to_hyperplane
    sources = [f"{kind} {layer}.{neuron}" for layer, neuron in facet.neurons]
    sources += ["domain"] if facet.of_domain else []
    rule = readable(facet.form, names)
    text = rule if len(facet.point) <= MANY or len(rule) <= LONGEST_RULE else f"{rule[:LONGEST_RULE]}..."
    return text, ", ".join(sources), rounded(away.l1), root(away.l2_squared), rounded(away.linf)


def readable(form: AffineForm, names: Names) -> str:
    """A rule with rounded numbers, its largest coefficient 1."""
    return rule_text(largest_one(form), names.features, rounded)


def _numbers(units: tuple[int, ...]) -> str:
    return ", ".join(map(str, units)) if len(units) <= 8 else f"{units[0]}, ..., {units[-1]}"


def summary_text(found: Summary) -> str:
    """Outputs, features, Lipschitz constants, classes and the largest regions."""
    parts = [
        f"{counted(len(found.regions), 'activation region')}, volume {rounded(found.volume)}",
        _outputs_table(found),
        "mean absolute gradient (importance), and mean gradient in brackets",
        _importance_table(found),
        "Lipschitz constants",
        columns_table(
            ("norm", "constant", "attained on region"), [_constant(each) for each in found.lipschitz.values()]
        ),
        "share of the domain",
        columns_table(("class", "share"), _shares(found)),
        f"largest regions{'' if len(found.regions) <= MOST_REGIONS else f' ({MOST_REGIONS} of {len(found.regions)})'}",
        _regions_table(found),
    ]
    return noted("\n\n".join(parts))


def _outputs_table(found: Summary) -> str:
    heads = ("output", "mean", "standard deviation", "least", "at", "greatest", "at")
    entries = zip(found.names.outputs, found.mean, found.variance, found.ranges, strict=True)
    rows = [
        (name, rounded(mean), root(variance), rounded(r.low), _corner(r.low_at), rounded(r.high), _corner(r.high_at))
        for name, mean, variance, r in entries
    ]
    return columns_table(heads, rows)


def _corner(points: tuple[Vector, ...]) -> str:
    more = f" and {len(points) - 1} more" if len(points) > 1 else ""
    return f"({', '.join(map(rounded, points[0]))}){more}"


def _importance_table(found: Summary) -> str:
    pairs = list(zip(found.mean_absolute_gradient, found.mean_gradient, strict=True))
    rows = [
        (name, *(f"{rounded(sizes[i])} ({rounded(slopes[i])})" for sizes, slopes in pairs))
        for i, name in enumerate(found.names.features)
    ]
    return columns_table(("feature", *found.names.outputs), rows)


def _constant(found: Lipschitz) -> tuple[str, str, str]:
    low, high = (root(end) if found.norm == "l2" else rounded(end) for end in (found.constant.low, found.constant.high))
    numbers = [number + 1 for number in found.regions]
    more = f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""
    return found.norm, low if low == high else f"{low} to {high}", f"{numbers[0]}{more}"


def _shares(found: Summary) -> list[tuple[str, str]]:
    return [(winners_text(won, found.names.outputs), rounded(share)) for won, share in found.class_shares.items()]


def _regions_table(found: Summary) -> str:
    names = found.names
    rows = [
        (
            str(number),
            rounded(region.share),
            "; ".join(
                f"{name} = {formula_text(form, names.features, rounded)}"
                for name, form in zip(names.outputs, region.affine_map.forms, strict=True)
            ),
        )
        for number, region in enumerate(found.regions[:MOST_REGIONS], start=1)
    ]
    return columns_table(("region", "share", "formula"), rows)


OUTSIDE = "a strict inequality of the domain excludes the point itself: points of the domain come as near as one likes"


def counterfactual_text(found: Counterfactual | None, names: Names, to: str, was: str) -> str:
    """The nearest point of a class, feature by feature."""
    if found is None:
        return f"class {to} wins nowhere on the domain: every region was looked at"
    away = root(found.distance) if found.norm == "l2" else rounded(found.distance)
    if not found.distance:
        ties = f" (it ties: {was})" if len(found.classes) > 1 else ""
        return f"the point is of class {to} already{ties}: the distance is 0"
    head = f"class {to} instead of {was}" if to != was else f"class {to} still, with what else is asked for"
    moves = zip(names.features, found.start, found.point, strict=True)
    rows = [(name, rounded(a), rounded(b), rounded(b - a) if a != b else "") for name, a, b in moves]
    tie = "; the class ends there, and ties" if len(found.classes) > 1 else ""
    looked, pruned = counted(found.search.leaves, "region"), counted(found.search.pruned, "cell")
    return noted(
        "\n".join(
            [
                f"{head}: the nearest point is {away} away in {NORM_NAMES[found.norm]}",
                columns_table(("feature", "from", "to", "change"), rows),
                f"outputs there: {', '.join(map(rounded, found.output))}{tie}",
                f"proved the nearest: {looked} looked at, {pruned} left out as farther",
                *([] if found.in_domain else [OUTSIDE]),
            ]
        )
    )


def tree_text(found: DecisionTree) -> str:
    """The tree as nested rules, rounded."""
    return noted(found.text(rounded))
