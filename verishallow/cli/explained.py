"""The results of explanations as JSON objects: every number an exact rational text."""

from collections.abc import Iterable
from typing import Any

from verishallow.cli.reporting import texts
from verishallow.explain import (
    Attribution,
    Counterfactual,
    DecisionTree,
    Distances,
    Explanation,
    Lipschitz,
    RegionAt,
    Summary,
)
from verishallow.explain.decision_tree import Branch
from verishallow.explain.local import Facet
from verishallow.explain.texts import rule_text
from verishallow.polyhedron import MANY
from verishallow.rationals import Vector, format_rational

FEW_INPUTS = 12
"""Inputs up to which the distances to the facets themselves are computed, by one linear program each."""

NEAREST = 10
"""Walls of a region that are shown, with more inputs than those in which facets are looked for."""

Facts = dict[str, Any]


def rows(vectors: Iterable[Vector]) -> list[list[str]]:
    """Vectors of exact texts."""
    return [texts(vector) for vector in vectors]


def explanation_facts(found: Explanation, output: int) -> Facts:
    """The point, the value, and the regions that meet there."""
    regions = [region_facts(region, found, output) for region in found.regions]
    return {
        "at": texts(found.point),
        "features": list(found.names.features),
        "output_index": output,
        "output_name": found.names.outputs[output],
        "output": format_rational(found.output[output]),
        "outputs": texts(found.output),
        "region": regions[0],
        "regions": regions,
    }


def region_facts(region: RegionAt, found: Explanation, output: int) -> Facts:
    """One region: pattern, facets as rows [b, a1, ..., an], the same as rules, the affine map, contributions."""
    contributions, many = region.contributions(output), len(found.point) > MANY
    pattern = region.own if many else region.pattern
    return {
        "pattern": pattern and [list(layer) for layer in pattern],
        "facets": None if many else rows(facet.form.row for facet in region.facets),
        "affine_map": rows(form.row for form in region.affine_map.forms),
        "rules": [_rule(facet, found) for facet in rules_of(region)],
        **({"rules_of": len(region.walls)} if many else {}),
        "contributions": {"bias": format_rational(contributions.bias), "features": texts(contributions.features)},
        "witness": None if many else texts(region.witness),
        "live_units": list(region.units) or None,
    }


def rules_of(region: RegionAt) -> tuple[Facet, ...]:
    """The facets; with very many inputs the nearest walls instead, for which no linear program is solved."""
    return region.facets if len(region.point) <= MANY else region.nearest_walls(NEAREST)


def _rule(facet: Facet, found: Explanation) -> Facts:
    near = _distances(facet.to_facet) if len(found.point) <= FEW_INPUTS else None
    return {
        "rule": rule_text(facet.form, found.names.features),
        "neurons": [list(neuron) for neuron in facet.neurons],
        "domain": list(facet.of_domain),
        "distance_to_hyperplane": _distances(facet.to_hyperplane),
        "distance_to_facet": near,
    }


def _distances(found: Distances) -> Facts:
    numbers = {"l1": found.l1, "l2_squared": found.l2_squared, "linf": found.linf}
    return {name: format_rational(value) for name, value in numbers.items()}


def attribution_values(found: Attribution | None) -> list[str] | None:
    """The numbers of an attribution, where there is one."""
    return None if found is None else texts(found.values)


def summary_facts(found: Summary) -> Facts:
    """A function on a bounded domain."""
    return {
        "features": list(found.names.features),
        "outputs": list(found.names.outputs),
        "volume": format_rational(found.volume),
        "activation_regions": len(found.regions),
        "mean": texts(found.mean),
        "variance": texts(found.variance),
        "ranges": [
            {
                "low": format_rational(each.low),
                "high": format_rational(each.high),
                "low_at": rows(each.low_at),
                "high_at": rows(each.high_at),
            }
            for each in found.ranges
        ],
        "mean_gradient": rows(found.mean_gradient),
        "mean_absolute_gradient": rows(found.mean_absolute_gradient),
        "lipschitz": {norm: _lipschitz(each) for norm, each in found.lipschitz.items()},
        "class_shares": [
            {"classes": list(won), "share": format_rational(share)} for won, share in found.class_shares.items()
        ],
        "regions": [
            {
                "pattern": [list(layer) for layer in region.pattern],
                "volume": format_rational(region.volume),
                "share": format_rational(region.share),
                "affine_map": rows(form.row for form in region.affine_map.forms),
            }
            for region in found.regions
        ],
    }


def _lipschitz(found: Lipschitz) -> Facts:
    """For L2 the square of the constant, exact, or the ends of an interval that contains it."""
    name = "constant_squared" if found.norm == "l2" else "constant"
    low, high = format_rational(found.constant.low), format_rational(found.constant.high)
    return {name: low if found.constant.is_exact else [low, high], "regions": list(found.regions)}


def tree_facts(found: DecisionTree) -> Facts:
    """A decision tree: a test leads to the node ``above`` where its row [b, a1, ..., an] is not negative."""
    return {
        "features": list(found.names.features),
        "outputs": list(found.names.outputs),
        "leaves": found.leaves,
        "depth": found.depth,
        "nodes": [
            {"test": texts(node.form.row), "above": node.above, "below": node.below}
            if isinstance(node, Branch)
            else {"affine_map": rows(form.row for form in node.affine_map.forms)}
            for node in found.nodes
        ],
    }


def counterfactual_facts(found: Counterfactual | None, norm: str) -> Facts:
    """The nearest point, or that there is none."""
    name = "distance_squared" if norm == "l2" else "distance"
    if found is None:
        return {"point": None, name: None, "reason": "the class wins nowhere on the domain; every region was looked at"}
    return {
        "point": texts(found.point),
        name: format_rational(found.distance),
        "output": texts(found.output),
        "classes": list(found.classes),
        **({} if found.in_domain else {"in_domain": False}),
        "regions_searched": found.search.leaves,
        "cells_pruned": found.search.pruned,
    }
