"""What ``-o`` names: a file is never written under the name of a folder that is not there."""

from pathlib import Path

import pytest

from tests.cli.command_line import names, run

WRITING = {
    "prove": ("prove", "net.json"),
    "shallow": ("shallow", "net.json"),
    "equal": ("equal", "net.json", "net.json"),
    "trim": ("trim", "cert", "--domain", "box:0,1"),
    "report": ("report", "net.json"),
    "plot": ("plot", "net.json", "--domain", "box:-1,1"),
    "export": ("export", "cert", "--to", "csv"),
}


@pytest.mark.parametrize("output", ["absent/", "picture.svg/", "absent/.", ".", "..", ""])
@pytest.mark.parametrize("command", WRITING)
def test_a_folder_is_no_file_to_write(command: str, output: str, folder: Path) -> None:
    before, result = names(folder), run(*WRITING[command], "-o", output)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(f"verishallow: {output}")
    assert names(folder) == before


@pytest.mark.parametrize("command", WRITING)
def test_a_file_is_written_in_a_folder_that_is_there(command: str, folder: Path) -> None:
    (folder / "there").mkdir()
    result = run(*WRITING[command], "-o", "there/file.svg")
    assert (result.exit_code, names(folder / "there")) == (0, ["file.svg"]), result.stderr


def test_several_files_may_be_a_folder(folder: Path) -> None:
    assert run("export", "cert", "--to", "anc", "-o", "anc/").exit_code == 0
    assert "README" in names(folder / "anc")
