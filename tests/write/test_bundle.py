"""Bundles: a folder or an archive, whole or not at all, of the same bytes for the same content."""

import tarfile
import zipfile
from pathlib import Path

import pytest

from verishallow.errors import InputError
from verishallow.write.bundle import Bundle, write_bundle

FILES = {"b.txt": b"second", "a.txt": b"first\n"}
BUNDLE = Bundle("root", FILES)
OTHER = Bundle("root", {"b.txt": b"another", "a.txt": b""})


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder(tmp_path: Path) -> None:
    write_bundle(BUNDLE, tmp_path / "out")
    assert content(tmp_path / "out") == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("before", [{}, OTHER.files])
def test_a_folder_that_is_empty_or_of_the_same_names_is_replaced(tmp_path: Path, before: dict[str, bytes]) -> None:
    (tmp_path / "out").mkdir()
    for name, text in before.items():
        (tmp_path / "out" / name).write_bytes(text)
    write_bundle(BUNDLE, tmp_path / "out")
    assert content(tmp_path / "out") == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("names", [["thesis.tex"], ["a.txt"], ["a.txt", "b.txt", "c.txt"]])
def test_a_folder_with_anything_else_is_left_alone(tmp_path: Path, names: list[str]) -> None:
    (tmp_path / "out").mkdir()
    for name in names:
        (tmp_path / "out" / name).write_bytes(b"mine")
    with pytest.raises(InputError, match="holds other files"):
        write_bundle(BUNDLE, tmp_path / "out")
    assert content(tmp_path / "out") == dict.fromkeys(names, b"mine")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("where", ["out", "missing/out", "."])
def test_what_cannot_be_written_is_refused_and_nothing_stays(tmp_path: Path, where: str) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(InputError):
        write_bundle(BUNDLE, tmp_path / where)
    assert content(tmp_path) == {"out": b"a file"}


def test_a_folder_stays_as_it_was_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_bundle(OTHER, tmp_path / "out")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left"):
        write_bundle(BUNDLE, tmp_path / "out")
    assert content(tmp_path / "out") == OTHER.files
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["out.tar.gz", "out.tgz", "out.tar", "OUT.TAR.GZ"])
def test_a_tar_archive(tmp_path: Path, name: str) -> None:
    write_bundle(BUNDLE, tmp_path / name)
    with tarfile.open(tmp_path / name) as archive:
        members = {member.name: member for member in archive.getmembers()}
        assert list(members) == ["root/a.txt", "root/b.txt"]
        for member in members.values():
            assert (member.mtime, member.uid, member.uname, member.mode) == (0, 0, "", 0o644)
            stored = archive.extractfile(member)
            assert stored is not None
            assert stored.read() == FILES[member.name.removeprefix("root/")]


def test_a_zip_archive(tmp_path: Path) -> None:
    write_bundle(BUNDLE, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {f"root/{n}": c for n, c in FILES.items()}


@pytest.mark.parametrize("suffix", [".tar.gz", ".tar", ".zip"])
def test_equal_content_gives_equal_bytes(tmp_path: Path, suffix: str) -> None:
    write_bundle(BUNDLE, tmp_path / f"one{suffix}")
    write_bundle(Bundle("root", dict(reversed(FILES.items()))), tmp_path / f"another name{suffix}")
    assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"another name{suffix}").read_bytes()
