"""A file is written whole or not at all."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from verishallow.errors import InputError
from verishallow.whole_file import written_whole


def test_a_finished_block_writes_the_file(tmp_path: Path) -> None:
    target = tmp_path / "proof"
    with written_whole(target) as stream:
        stream.write(b"new")
        assert not target.exists()
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["proof"]


def test_an_older_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "proof"
    target.write_bytes(b"old")
    target.chmod(0o640)
    with written_whole(str(target)) as stream:
        stream.write(b"new")
        stream.flush()
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_permissions_of_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with written_whole(tmp_path / "proof"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "proof").stat().st_mode) == 0o666 & ~umask


def _fail(stream: BinaryIO, failure: type[BaseException]) -> None:
    stream.write(b"half")
    raise failure


@pytest.mark.parametrize("failure", [ValueError, OSError, KeyboardInterrupt, SystemExit, GeneratorExit])
@pytest.mark.parametrize("old", [None, b"old"])
def test_an_interrupted_block_leaves_everything_as_it_was(
    tmp_path: Path, failure: type[BaseException], old: bytes | None
) -> None:
    target = tmp_path / "proof"
    if old is not None:
        target.write_bytes(old)
    with pytest.raises(failure), written_whole(target) as stream:
        _fail(stream, failure)
    assert names(tmp_path) == ([] if old is None else ["proof"])
    assert old is None or target.read_bytes() == old


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder" / "proof")
    with written_whole(tmp_path / "link") as stream:
        stream.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "folder" / "proof").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("name", "fragment"),
    [
        ("absent/proof", "absent/proof: cannot be written: No such file or directory"),
        ("file/proof", "cannot be written: Not a directory"),
        ("folder", "folder: expected a file to write, found a directory"),
        ("new/", "cannot be written"),
        ("", "cannot be written: expected the name of a file"),
        ("pipe", "found a device or a pipe"),
        ("loop", "cannot be written"),
        ("zero\0byte", "cannot be written"),
        ("n" * 300, "cannot be written: File name too long"),
    ],
)
def test_a_path_that_cannot_be_written_is_refused_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, fragment: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    before = names(tmp_path)
    with pytest.raises(InputError) as caught, written_whole(name):
        pytest.fail("the block ran")
    assert fragment in str(caught.value)
    assert "\n" not in str(caught.value)
    assert names(tmp_path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_place_is_refused_first(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "file").chmod(0o400)
    with pytest.raises(InputError, match="read-only"), written_whole(tmp_path / "file"):
        pytest.fail("the block ran")
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="Permission denied"), written_whole(tmp_path / "new"):
        pytest.fail("the block ran")
    tmp_path.chmod(0o700)


def test_a_target_that_became_a_directory_is_reported(tmp_path: Path) -> None:
    target = tmp_path / "proof"
    with pytest.raises(InputError, match="cannot be written"), written_whole(target):
        target.mkdir()
    assert names(tmp_path) == ["proof"]
