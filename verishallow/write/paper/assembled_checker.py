"""The stand-alone checker as one file, for bundles: its files one after the other, in reading order."""

import ast
import re
from collections.abc import Iterator
from importlib.resources import files

from verishallow import checker

COMMAND = 'if __name__ == "__main__":\n    sys.exit(main())\n'


def assembled_checker() -> bytes:
    """The source of ``checker.py``: all files of the checker, without their imports of each other.

    Names are unique across the files and no file acts on import, so that the one file does what they do together.

    >>> source = assembled_checker().decode()
    >>> source.count("SPDX-License-Identifier: MIT"), "from ." in source
    (1, False)
    """
    sources = [_source(name) for name in checker.FILES]
    parts = [_licence(sources[0]), _docstring(_source("__init__")), _imports(sources)]
    parts += [_part(name, source) for name, source in zip(checker.FILES, sources, strict=True)]
    return "\n\n".join([*parts, COMMAND]).encode()


def _source(name: str) -> str:
    return files(checker).joinpath(f"{name}.py").read_text(encoding="utf-8")


def _licence(source: str) -> str:
    return source[: source.index('"""')].rstrip()


def _docstring(package: str) -> str:
    """The package's docstring, with the command of the one file."""
    text = ast.get_docstring(ast.parse(package), clean=False) or ""
    return f'"""{text.replace("verishallow/checker/__main__.py", "checker.py")}"""'


def _imports(sources: list[str]) -> str:
    """All imports from the standard library, each name once."""
    modules, names = set[str](), dict[str, set[str]]()
    for node in (node for source in sources for node in ast.parse(source).body):
        match node:
            case ast.Import():
                modules.update(alias.name for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                names.setdefault(module, set()).update(alias.name for alias in node.names)
    plain = [f"import {module}" for module in sorted(modules)]
    return "\n".join(plain + [f"from {module} import {', '.join(sorted(names[module]))}" for module in sorted(names)])


def _part(name: str, source: str) -> str:
    """A file without its licence and its imports, under its name."""
    dropped = {number for node in ast.parse(source).body for number in _lines_of_an_import(node)}
    kept = [line for number, line in enumerate(source.splitlines(), 1) if number not in dropped]
    body = re.sub(r"\n{4,}", "\n\n\n", "\n".join(kept).removeprefix(_licence(source)).strip())
    return f"{f'# {name}.py '.ljust(120, '-')}\n\n{body}"


def _lines_of_an_import(node: ast.stmt) -> Iterator[int]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)
