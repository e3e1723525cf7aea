"""The API reference, built by pdoc, any warning being an error: ``python -m tests.api_reference OUT``."""

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from pkgutil import iter_modules

import pdoc

import verishallow

PRIVATE = ("cli",)
"""Its reference is ``--help``."""


def modules() -> Iterator[str]:
    """The package and its direct members; pdoc goes on from there, and from a public name to a module of that name."""
    yield "verishallow"
    for found in iter_modules(verishallow.__path__):
        if found.name not in {*PRIVATE, *verishallow.__all__}:
            yield f"verishallow.{found.name}"


def main(output: Path) -> int:
    warnings.simplefilter("error")
    pdoc.render.configure(docformat="google", math=False)
    names = list(modules())
    pdoc.pdoc(*names, output_directory=output)
    missing = [name for name in names if not (output / f"{name.replace('.', '/')}.html").exists()]
    print(f"{len(names)} modules documented in {output}" if not missing else f"not documented: {', '.join(missing)}")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
