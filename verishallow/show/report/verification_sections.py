"""The sections of a page about a verification: what is proved, counterexample, domain, tree, leaves, network."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from xml.etree.ElementTree import Element

from gmpy2 import mpq

from verishallow.explain.names import Names
from verishallow.rationals import counted
from verishallow.show.domains import domain_text
from verishallow.show.report.elements import Child, count, element, facts, number, table
from verishallow.show.report.leaf_data import MOST_LISTED, MOST_WIDTHS, inputs_shown
from verishallow.show.report.sections import deep_sizes, how_to_check, section
from verishallow.show.verified import Verified

MOST_ROWS = 60
"""Rows of a table of inputs, outputs or inequalities that are shown."""

MARKS = {"holds": "\N{CHECK MARK} holds", "violated": "\N{BALLOT X} violated", "unknown": "? unknown so far"}


def answer(found: Verified) -> str:
    """The answer to the question whether the property holds."""
    if found.violated:
        return "violated"
    return "holds" if found.verdict.kind == "valid" else "unknown"


def proved_section(found: Verified) -> Element:
    """The answer, the property, the checker's verdict and the files that it stands in, and the hashes."""
    said, header = answer(found), found.certificate.header
    hashes = {
        "network sha256": header["network_sha256"],
        "the other network's sha256": header.get("other_network_sha256"),
        "certificate sha256": found.certificate.counts["sha256"],
    }
    listed: list[tuple[str, Child]] = [
        ("domain D", domain_text(found.certificate.domain)),
        ("strict in D", "; ".join(found.strict_rows[:MOST_ROWS]) or "no row"),
        ("checker's verdict", str(found.verdict).partition("; D = ")[0]),
        ("its rules stand in", element("code", ", ".join(f"{name}.py" for name in found.verdict.files))),
        *((name, element("code", text)) for name, text in hashes.items() if text),
    ]
    return section(
        "verdict",
        "What is proved",
        element("p", element("strong", MARKS[said]), class_=f"verdict {said}"),
        element("p", *_claimed(found, said), class_="claim"),
        facts(listed),
        *how_to_check(),
    )


def _claimed(found: Verified, said: str) -> Iterator[Child]:
    yield {"holds": "There is ", "violated": "False: ", "unknown": "Neither proved nor refuted yet: "}[said]
    yield element("strong", found.statement)
    yield ", in real arithmetic."


# ------------------------------------------------------------------------------------------ A counterexample


def counterexample_section(found: Verified, names: Names) -> Element | None:
    """The point, the outputs there, and the rows that say why it is unsafe."""
    if found.point is None or found.outputs is None:
        return None
    rows = [(words, number(value)) for words, value in found.violated_rows()]
    return section(
        "counterexample",
        "The counterexample",
        element(
            "p",
            "A point of D, evaluated exactly; every row of one unsafe conjunction holds there: its form is at least 0.",
        ),
        element(
            "div",
            element("div", *_values("input", names.features, found.point)),
            element("div", *_values("output", names.outputs, found.outputs)),
            element("div", *_abridged(("row that holds", "value of its form"), rows, "Why it is unsafe")),
            class_="cards",
        ),
    )


def _values(head: str, names: Sequence[str], values: Sequence[mpq]) -> Iterator[Element]:
    rows = [(name, number(value)) for name, value in zip(names, values, strict=True)]
    return _abridged((head, "value"), rows, counted(len(rows), head))


def _abridged(heads: Iterable[Child], rows: Sequence[Iterable[Child]], caption: str) -> Iterator[Element]:
    """A table of the first rows, and how many are left out."""
    yield table(heads, islice(rows, MOST_ROWS), caption)
    if len(rows) > MOST_ROWS:
        yield element("p", f"The first {MOST_ROWS} of {len(rows)}; the certificate has all.", class_="hint")


# ------------------------------------------------------------------------------------------------- The tree


def domain_section(found: Verified, names: Names) -> Element:
    """The box around the domain, and its rows where it is no box."""
    sides = zip(names.features, found.root.lows, found.root.highs, found.root.widths, strict=True)
    rows = [(name, *map(_side, values)) for name, *values in sides]
    boxed = _abridged(("input", "least", "greatest", "width"), rows, "The box around the domain")
    words = [(str(index), text) for index, text in enumerate(found.domain_rows)]
    listed = _abridged(("row", "inequality"), words, "Rows of the domain") if _slanted(found) else ()
    return section("domain", "Domain", *boxed, *listed)


def _slanted(found: Verified) -> bool:
    """Whether some row has several inputs."""
    return any(sum(map(bool, form.row[1:])) > 1 for form in found.certificate.domain.inequalities)


def _side(value: mpq | None) -> Child:
    return "infinite" if value is None else number(value)


def tree_section(found: Verified, names: Names) -> Element:
    """How many nodes of each kind there are, how deep, and what was split."""
    kinds = [node.kind for node in found.nodes]
    rows = {
        "nodes": len(kinds),
        "leaves, where all that is unsafe is refuted": len(found.ends) - kinds.count("open"),
        "open nodes": kinds.count("open"),
        "halvings of the box": kinds.count("halve"),
        "splits by the sign of a neuron": kinds.count("sign"),
        "relaxed nodes, with bounds of neurons": sum(node.relaxed for node in found.nodes),
        "greatest depth": max(node.depth for node in found.nodes),
    }
    halvings = [(names.features[i], count(many)) for i, many in found.counted("halve").most_common()]
    signs = [(str(layer), count(many)) for layer, many in sorted(found.counted("sign").items())]
    tables = [*_abridged(("input", "halvings"), halvings, "Halvings per input")] if halvings else []
    tables += [*_abridged(("hidden layer", "splits"), signs, "Sign splits per layer")] if signs else []
    return section("tree", "The tree", table(("", "number"), [(k, count(v)) for k, v in rows.items()]), *tables)


COLUMNS = (("number", "node"), ("kind", "kind"), ("depth", "depth"), ("path", "splits on the way"))


def leaves_section(found: Verified, names: Names) -> Element:
    """The table of leaves and open nodes, which is searched and sorted."""
    many, inputs = len(found.ends), inputs_shown(found)
    left = f" The first {MOST_LISTED} of {many} are listed." if many > MOST_LISTED else None
    most = f"Widths of the {MOST_WIDTHS} inputs that are cut most often. " if inputs_left_out(found) else None
    hint = (
        "A path says which splits lead to a node from the root: bounds of inputs, and signs of z_k,i, the "
        "pre-activation of neuron i of hidden layer k. "
    )
    field = element("input", type="search", id="search", autocomplete="off", placeholder="words, all of them")
    columns = [*COLUMNS, *((f"width-{k}", f"width of {names.features[i]}") for k, i in enumerate(inputs))]
    made = element(
        "table",
        element("caption", f"{counted(min(many, MOST_LISTED), 'node')} without children"),
        element("thead", element("tr", *(_head(key, text) for key, text in columns))),
        element("tbody", id="leaves"),
    )
    return section(
        "leaves-section",
        "Leaves",
        element("p", hint, most, left, class_="hint"),
        element(
            "div",
            element("label", "Search paths, kinds, widths, or a number such as #17 ", field),
            element("output", id="found", aria_live="polite"),
            class_="tools",
        ),
        element("div", made, class_="scroll", id="leaves-table"),
        _pages(),
        element("noscript", element("p", "The table of leaves and the search need JavaScript.")),
    )


def inputs_left_out(found: Verified) -> bool:
    """Whether the widths of some inputs are not shown."""
    return found.certificate.domain.dimension > MOST_WIDTHS


def _head(key: str, words: str) -> Element:
    return element("th", element("button", words, type="button", data_key=key), scope="col", aria_sort="none")


def _pages() -> Element:
    turns = (("first", "first page"), ("previous", "previous page"), ("next", "next page"), ("last", "last page"))
    buttons = [element("button", text, type="button", id=name) for name, text in turns]
    return element("nav", *buttons, element("output", id="place"), class_="tools", aria_label="pages of the table")


def network_section(found: Verified) -> Element:
    """The sizes of the network, or of both."""
    networks = {"network": found.certificate.whole_network, "other network": found.certificate.whole_other}
    columns = {name: dict(deep_sizes(network)) for name, network in networks.items() if network is not None}
    names = dict.fromkeys(name for column in columns.values() for name in column if name != "weights -inf")
    rows = [(name, *(column.get(name) for column in columns.values())) for name in names]
    return section("sizes", "Network", table(("", *columns), rows))
