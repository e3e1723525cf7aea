"""Several files as one: a folder, a tar or a zip archive; the same content gives the same bytes."""

import gzip
import io
import os
import secrets
import shutil
import tarfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from verishallow.errors import InputError
from verishallow.whole_file import written_whole

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can store."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files by name, without folders; in an archive they lie in one folder called ``root``."""

    root: str
    files: Mapping[str, bytes]


def write_bundle(bundle: Bundle, path: str | os.PathLike[str]) -> None:
    """Write a folder, or by its suffix a ``.tar.gz`` (``.tgz``), ``.tar`` or ``.zip``, whole or not at all.

    A folder that exists is replaced only if it is empty or holds files of exactly these names.
    Raises :class:`~verishallow.errors.InputError` where the path cannot be written.
    """
    name = os.fsdecode(path).lower()
    packed = next((pack for suffix, pack in _PACKERS.items() if name.endswith(suffix)), None)
    if packed is None:
        _write_folder(bundle.files, Path(os.fsdecode(path)))
        return
    with written_whole(path) as file:
        file.write(packed(bundle))


def _tar(bundle: Bundle) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(bundle.files.items()):
            entry = tarfile.TarInfo(f"{bundle.root}/{name}")
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _tar_gz(bundle: Bundle) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=buffer, mtime=0) as stream:
        stream.write(_tar(bundle))
    return buffer.getvalue()


def _zip(bundle: Bundle) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in sorted(bundle.files.items()):
            entry = zipfile.ZipInfo(f"{bundle.root}/{name}", EPOCH)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 6)
    return buffer.getvalue()


_PACKERS = {".tar.gz": _tar_gz, ".tgz": _tar_gz, ".tar": _tar, ".zip": _zip}


def _write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    target = Path(os.path.realpath(folder))
    temporary = target.parent / f".verishallow-{secrets.token_hex(8)}"
    try:
        _require_replaceable(target, files, folder)
        temporary.mkdir()
        for name, content in files.items():
            (temporary / name).write_bytes(content)
        _put_in_place(temporary, target)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _require_replaceable(target: Path, files: Mapping[str, bytes], folder: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(f"{folder}: expected a folder to write, found a file; name another, or .tar.gz or .zip")
    found = set(os.listdir(target))
    if found and found != set(files):
        raise InputError(f"{folder}: holds other files; name a new folder, or remove this one first")


def _put_in_place(temporary: Path, target: Path) -> None:
    """Rename to the target; a folder there that is not empty is moved aside first, and back if that fails."""
    aside = temporary.with_name(temporary.name + "-old")
    replaced = target.exists() and bool(os.listdir(target))
    if replaced:
        target.rename(aside)
    try:
        temporary.rename(target)
    except OSError:
        if replaced:
            aside.rename(target)
        raise
    with suppress(OSError):
        shutil.rmtree(aside)
