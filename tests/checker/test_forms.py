"""The forms in which the checker comes: its files by name, a folder, a copy, an archive, a module, and one file."""

import ast
import importlib.util
import io
import py_compile
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checker.bases import BASES, base_lines
from tests.checker.cases import STORED
from tests.checker.mutants import SOURCE, answer, loaded
from tests.checker.write_cases import HERE
from verishallow import checker
from verishallow.write.paper.assembled_checker import assembled_checker

FOLDER = Path(checker.__file__).parent
VALID, INVALID = HERE / "accept/bytes/gzipped.jsonl.gz", HERE / "reject/bytes/a-kind-that-is-a-lone-surrogate.jsonl"
ONE_FILE = loaded(SOURCE)
FORGED = "import sys\nprint('valid: forged')\nsys.exit(0)\n"


def run(*arguments: str | Path, isolated: bool = True) -> tuple[int, str, str]:
    options = ["-I", "-S"] if isolated else []
    command = [sys.executable, *options, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout[:17], done.stderr


# ------------------------------------------------------------------------------------------------- Forms


def by_name(_place: Path) -> list[str | Path]:
    return [FOLDER / "__main__.py"]


def copied(place: Path) -> list[str | Path]:
    shutil.copytree(FOLDER, place / "copy")
    return [place / "copy" / "__main__.py"]


def as_a_folder(place: Path) -> list[str | Path]:
    shutil.copytree(FOLDER, place / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    return [place / "copy"]


def zipped(place: Path) -> list[str | Path]:
    with zipfile.ZipFile(place / "checker.pyz", "w") as archive:
        for file in FOLDER.glob("*.py"):
            archive.write(file, file.name)
    return [place / "checker.pyz"]


def one_file(place: Path) -> list[str | Path]:
    (place / "checker.py").write_bytes(assembled_checker())
    return [place / "checker.py"]


FORMS = (by_name, copied, as_a_folder, zipped, one_file)
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)


@each_form
def test_every_form_runs(form: Callable[[Path], list[str | Path]], tmp_path: Path) -> None:
    command = form(tmp_path)
    assert run(*command, VALID) == (0, "valid: f(x) = S(x", "")
    assert run(*command, INVALID) == (1, "invalid: line 4 (", "")
    assert run(*command, "no-such-file")[:2] == (2, "")


def test_the_module_runs() -> None:
    assert run("-m", "verishallow.checker", VALID, isolated=False) == (0, "valid: f(x) = S(x", "")
    assert run("-m", "verishallow.checker", INVALID, isolated=False) == (1, "invalid: line 4 (", "")


def test_compiled_files_beside_the_named_file_are_not_looked_at(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "checker", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "forged.py").write_text(FORGED)
    for name in ("__init__", "__main__", *checker.FILES):
        planted = importlib.util.cache_from_source(str(tmp_path / "checker" / f"{name}.py"))
        unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(str(tmp_path / "forged.py"), planted, doraise=True, invalidation_mode=unchecked)
    # Named as a folder Python runs what is compiled there: that is why the file is named.
    assert run(tmp_path / "checker", INVALID) == (0, "valid: forged\n", "")
    assert run(tmp_path / "checker" / "__main__.py", INVALID) == (1, "invalid: line 4 (", "")
    assert run(tmp_path / "checker" / "__main__.py", VALID) == (0, "valid: f(x) = S(x", "")


def test_the_named_file_leaves_nothing_behind(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "checker", ignore=shutil.ignore_patterns("__pycache__"))
    before = sorted(path.name for path in (tmp_path / "checker").iterdir())
    assert run(tmp_path / "checker" / "__main__.py", VALID)[0] == 0
    assert sorted(path.name for path in (tmp_path / "checker").iterdir()) == before


# --------------------------------------------------------------------------------------------- One file


def test_one_file_answers_all_stored_cases_as_the_package_does() -> None:
    contents = {file: (HERE / file).read_bytes() for file in STORED}
    differing = [
        file
        for file, content in contents.items()
        if answer(ONE_FILE, io.BytesIO(content)) != answer(checker, io.BytesIO(content))
    ]
    assert contents
    assert differing == []


@pytest.mark.parametrize("name", BASES)
def test_one_file_says_the_same_of_a_base(name: str) -> None:
    assert str(ONE_FILE.check_lines(base_lines(name))) == str(checker.check_lines(base_lines(name)))


def test_one_file_is_always_the_same() -> None:
    assert assembled_checker() == assembled_checker()
    assert SOURCE.isascii()


# ------------------------------------------------------------------------------------------------ Files


def syntax(name: str) -> ast.Module:
    return ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))


def defined(name: str) -> list[str]:
    names = list[str]()
    for node in syntax(name).body:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                names.append(node.name)
            case ast.Assign(targets=targets):
                names += [target.id for target in targets if isinstance(target, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=single)):
                names.append(single)
    return names


def test_all_files_are_listed() -> None:
    assert {f"{name}.py" for name in ("__init__", "__main__", *checker.FILES)} == {f.name for f in FOLDER.glob("*.py")}


def test_the_files_are_described_in_order() -> None:
    assert tuple(re.findall(r"^    (\w+)  +\w", checker.__doc__ or "", re.MULTILINE)) == checker.FILES


def test_names_are_unique_across_the_files() -> None:
    names = [name for file in checker.FILES for name in defined(file)]
    assert sorted(names) == sorted(set(names))


def test_each_file_needs_only_those_before_it_and_the_standard_library() -> None:
    for number, name in enumerate(checker.FILES):
        for node in ast.walk(syntax(name)):
            match node:
                case ast.ImportFrom(level=1, module=module):
                    assert module in checker.FILES[:number]
                case ast.ImportFrom(level=0, module=str(module)):
                    assert module.partition(".")[0] in sys.stdlib_module_names
                case ast.Import(names=aliases):
                    assert {alias.name for alias in aliases} <= sys.stdlib_module_names


def test_no_file_acts_on_import() -> None:
    allowed = (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)
    for name in checker.FILES:
        _docstring, *others = syntax(name).body
        texts = [node for node in others if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
        assert [ast.unparse(node) for node in others if not isinstance(node, allowed) and node not in texts] == []


@pytest.mark.parametrize("name", ["__init__", "__main__", *checker.FILES])
def test_each_file_carries_its_licence(name: str) -> None:
    text, values = ((FOLDER / f"{file}.py").read_text(encoding="utf-8") for file in (name, "values"))
    licence = values[: values.index('"""')]
    assert licence.startswith("# SPDX-License-Identifier: MIT\n")
    assert text.startswith(licence + '"""')
