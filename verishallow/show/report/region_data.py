"""The page's data about every region: its row of the table, its formulas and rules, as plain texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.certificate.certificate import Certificate
from verishallow.explain.classes import scores, winners
from verishallow.explain.facets import Neuron
from verishallow.explain.names import Names
from verishallow.explain.texts import formula_text, largest_one, rule_text
from verishallow.network import ReLUNetwork, side_by_side
from verishallow.rationals import format_rational
from verishallow.records.walk import ENDS
from verishallow.regions.region import Region, piece_numbers
from verishallow.regions.region_shapes import facets_of
from verishallow.regions.region_words import pattern_text
from verishallow.show.report.contents import Contents
from verishallow.show.report.neurons_of_facets import neurons_of_facets
from verishallow.show.tables import rounded

MOST_LISTED = 20_000
"""Regions that the page lists; it says how many are left out."""

Texts = list[str]
"""A number, formula or rule twice: exact, and rounded for display."""


def region_data(contents: Contents) -> dict[str, Any]:
    """The regions in the order of the certificate, with the lines at which their records stand."""
    listed = contents.regions[:MOST_LISTED]
    lines = lines_of_regions(contents.certificate)
    sizes, pieces = contents.volume_of, piece_numbers(contents.regions)
    ranks, facets = _ranks(sizes), [facets_of(region) for region in listed]
    sources = neurons_of_facets(explored(contents), listed, facets)
    return {
        "features": list(contents.names.features),
        "outputs": list(contents.names.outputs),
        "classes": class_names(contents.names),
        "regions": [
            {
                **_facts(region, facets[index], neurons, contents),
                "piece": pieces[index],
                "volume": None if sizes[index] is None else _twice(sizes[index]),
                "share": None if sizes[index] is None else _percent(sizes[index], contents),
                "rank": ranks[index],
                "line": lines.ends[index],
            }
            for index, (region, neurons) in enumerate(zip(listed, sources, strict=True))
        ],
        "above": list(lines.above),
    }


def class_names(names: Names) -> list[str]:
    """The names of the classes: the outputs, or the two signs of a single output."""
    (first, *others) = names.outputs
    return [first, *others] if others else [f"{first} <= 0", f"{first} > 0"]


def _facts(
    region: Region, facets: Sequence[AffineForm], neurons: Sequence[Sequence[Neuron]], contents: Contents
) -> dict[str, Any]:
    names, value = contents.names, region.affine_map(region.witness)
    return {
        "pattern": pattern_text(region.pattern) or _no_pattern(contents),
        "map": [_formula(form, names) for form in region.affine_map.forms],
        "rules": [_rule(form, of, contents) for form, of in zip(facets, neurons, strict=True)],
        "witness": [_twice(x) for x in region.witness],
        "value": [_twice(y) for y in value],
        "wins": list(winners(scores(value))),
    }


def _no_pattern(contents: Contents) -> str:
    return "several patterns" if explored(contents).hidden else "no hidden neuron"


def _twice(value: mpq) -> Texts:
    return [format_rational(value), rounded(value)]


def _percent(size: mpq, contents: Contents) -> Texts:
    whole = contents.summary.volume if contents.summary else size
    return [f"{text} %" for text in _twice(100 * size / whole)]


def _formula(form: AffineForm, names: Names) -> Texts:
    return [formula_text(form, names.features), formula_text(form, names.features, rounded)]


def _rule(form: AffineForm, neurons: Sequence[Neuron], contents: Contents) -> dict[str, Any]:
    features, rows = contents.names.features, contents.certificate.domain.inequalities
    return {
        "text": [rule_text(form, features), rule_text(largest_one(form), features, rounded)],
        "neurons": [list(neuron) for neuron in neurons],
        "domain": [number for number, row in enumerate(rows, start=1) if row.primitive() == form],
    }


def explored(contents: Contents) -> ReLUNetwork:
    """The network whose regions these are; for two equal networks, both side by side."""
    certificate = contents.certificate
    return certificate.network if certificate.other is None else side_by_side(certificate.network, certificate.other)


def _ranks(sizes: Sequence[mpq | None]) -> list[int]:
    """The place of each region in the order of volumes, largest first, or of numbers where no volume is known."""
    order = sorted(range(len(sizes)), key=lambda index: (-(sizes[index] or 0), index))
    places = [0] * len(order)
    for place, index in enumerate(order):
        places[index] = place
    return places


@dataclass(frozen=True, slots=True)
class LinesOfRegions:
    """The tree of a certificate's lines, counted from 1.

    ``above`` has for each line its parent in the tree (0: none), in the order of lines; ``ends`` has the last line of
    each region, in the order of regions.
    """

    above: tuple[int, ...]
    ends: tuple[int, ...]

    def way_to(self, region: int) -> tuple[int, ...]:
        """The lines on the path to a region, numbered from 0, from the root down."""
        way = [self.ends[region]]
        while above := self.above[way[-1] - 1]:
            way.append(above)
        return tuple(reversed(way))


def lines_of_regions(certificate: Certificate) -> LinesOfRegions:
    """The path to every region.

    >>> from verishallow import prove
    >>> modulus = prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]))
    >>> [lines_of_regions(modulus).way_to(region) for region in (0, 1)]
    [(3, 4, 5, 6), (3, 4, 7, 8)]
    """
    steps = [(step.line, step.kind, step.place.above) for step in certificate.steps()]
    before = [0] * (len(certificate.lines) - 1 - len(steps))
    ends = tuple(line for line, kind, _ in steps if kind in ENDS)
    return LinesOfRegions((*before, *(above for *_, above in steps), 0), ends)
