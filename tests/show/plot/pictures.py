"""What an SVG of a picture holds: its elements by name, and the polygons and points of their paths."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


def elements(path: Path) -> dict[str, list[str]]:
    """The paths (their ``d``) of every named group."""
    root = ET.parse(path).getroot()  # noqa: S314 - our own pictures
    named = [group for group in root.iter(f"{SVG}g") if group.get("id")]
    return {str(group.get("id")): [str(d.get("d")) for d in group.iter(f"{SVG}path")] for group in named}


def of_kind(path: Path, name: str) -> dict[str, list[str]]:
    """The elements whose names begin so, with a number or a colour behind."""
    return {key: paths for key, paths in elements(path).items() if re.fullmatch(f"{name}-[0-9a-f]+", key)}


def polygons(path: Path, name: str) -> int:
    """How many polygons the elements of one kind have together."""
    return sum(d.count("z") for paths in of_kind(path, name).values() for d in paths)


def corners(d: str) -> list[tuple[float, float]]:
    """The points of a path of straight lines."""
    numbers = [float(number) for number in re.findall(r"-?[0-9.]+(?:e-?[0-9]+)?", d)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def area(d: str) -> float:
    """The area of a path of polygons, each closed."""
    return sum(abs(_signed(corners(part))) for part in d.split("z") if part.strip())


def _signed(points: list[tuple[float, float]]) -> float:
    pairs = zip(points, (*points[1:], points[0]), strict=True)
    return sum(a * d - b * c for (a, b), (c, d) in pairs) / 2
