"""The whole page: one file with its style, its script and its data, which loads nothing from anywhere."""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable
from importlib.resources import files
from io import BytesIO
from xml.etree.ElementTree import Element

import verishallow
from verishallow.certificate.certificate import Certificate
from verishallow.rationals import counted
from verishallow.show.report.contents import Contents
from verishallow.show.report.elements import Child, element, markup
from verishallow.show.report.region_data import region_data
from verishallow.show.report.regions_section import regions_section
from verishallow.show.report.sections import (
    classes_section,
    counts_section,
    importance_section,
    outputs_section,
    sizes_section,
    verdict_section,
)

ROUNDING = (
    "Every number is computed as an exact rational. Those marked ~ are rounded to six digits where they are shown; the "
    "exact one is in the tooltip, and in all tables with this switch."
)


def page(contents: Contents) -> bytes:
    """The page as UTF-8."""
    return document(
        f"{contents.title}: linear regions, exactly",
        "report.js",
        _header(contents),
        _main(contents),
        footer(),
        *_data(contents),
    )


def document(title: str, script_name: str, *body: Element) -> bytes:
    """A page with its style, and its script behind all else."""
    style, script = (_asset(name) for name in ("report.css", script_name))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", style),
    )
    made = element("body", *body, element("script", script))
    return f"<!DOCTYPE html>\n{markup(element('html', head, made, lang='en'))}\n".encode()


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """The content policy: nothing is loaded, and only this style and this script are used."""
    return f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _header(contents: Contents) -> Element:
    certificate = contents.certificate
    regions = certificate.counts.get("activation_regions")
    number = "" if regions is None else f" {counted(regions, 'activation region')}."
    return heading(contents.title, f"{network_in_words(certificate)}.{number}")


def network_in_words(certificate: Certificate) -> str:
    """The shape of the deep network, and whether it is taken on a slice."""
    network = certificate.whole_network
    widths = ", ".join(str(layer.width) for layer in network.hidden)
    hidden = f"{widths} hidden neurons per layer" if widths else "no hidden layer"
    parameters = certificate.domain.dimension
    on = "" if certificate.slice is None else f", on a slice with {counted(parameters, 'parameter')}"
    inputs, outputs = counted(network.inputs, "input"), counted(network.outputs, "output")
    return f"A ReLU network: {inputs}, {hidden}, {outputs}{on}"


def heading(title: str, words: str) -> Element:
    """The top of a page: its title, what it is about, and the switch between rounded and exact numbers."""
    switch = element("input", type="checkbox", id="exact")
    return element(
        "header",
        element("h1", title),
        element("p", words),
        element("p", ROUNDING, " ", element("label", switch, " exact numbers")),
    )


def _main(contents: Contents) -> Element:
    small = (counts_section(contents), sizes_section(contents), importance_section(contents), classes_section(contents))
    cards: list[Child] = [*small]
    return element(
        "main",
        verdict_section(contents),
        regions_section(contents),
        element("div", *cards, class_="cards"),
        outputs_section(contents),
    )


def footer() -> Element:
    """Who made the page."""
    words = f"Made by verishallow {verishallow.__version__}; this page loads nothing from the network."
    return element("footer", element("p", words))


def _data(contents: Contents) -> list[Element]:
    """The regions and the certificate as compressed data, not shown on the screen."""
    regions = region_data(contents) if contents.no_regions is None else {"regions": []}
    text = json.dumps(regions, separators=(",", ":"))
    return [packed("data-regions", [text.encode()]), packed("data-certificate", contents.certificate.lines)]


def packed(identity: str, lines: Iterable[bytes]) -> Element:
    """Compressed data, not shown on the screen."""
    found = BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=found, mtime=0) as stream:
        stream.writelines(lines)
    return element("script", base64.b64encode(found.getvalue()).decode(), type="application/gzip", id=identity)
