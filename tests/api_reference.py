"""The documentation, one site: the guides, which are the packages' docstrings, and the reference of every module.

``python -m tests.api_reference [FOLDER]`` builds it with pdoc, any warning being an error, and says where it lies.
"""

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from pkgutil import iter_modules

import pdoc

import verishallow

FOLDER = Path(__file__).resolve().parents[1] / "build" / "documentation"
PRIVATE = ("cli",)
"""Its reference is ``--help``."""


def modules() -> Iterator[str]:
    """The package and its direct members; pdoc goes on from there, and from a public name to a module of that name."""
    yield "verishallow"
    for found in iter_modules(verishallow.__path__):
        if found.name not in {*PRIVATE, *verishallow.__all__}:
            yield f"verishallow.{found.name}"


def main(output: Path = FOLDER) -> int:
    warnings.simplefilter("error")
    pdoc.render.configure(docformat="google", math=False)
    names = list(modules())
    pdoc.pdoc(*names, output_directory=output)
    missing = [name for name in names if not (output / f"{name.replace('.', '/')}.html").exists()]
    if missing:
        print(f"not documented: {', '.join(missing)}")
        return 1
    print(f"{len(names)} modules, guides and glossary: {output / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
