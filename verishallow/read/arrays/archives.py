"""The members of zip archives from untrusted bytes, within a stated size."""

import io
import zipfile
import zlib
from collections.abc import Sequence

from verishallow.errors import InputError, LimitError
from verishallow.read.files import MAX_BYTES
from verishallow.read.places import shown

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, OverflowError, NotImplementedError)


def members(data: bytes) -> dict[str, bytes]:
    """The content of each member of a zip archive, by its name.

    Members must be stored or deflated, not encrypted, have different names, and take at most ``files.MAX_BYTES``
    together.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _require_plain(entries)
            return {entry.filename: archive.read(entry) for entry in entries}
    except _DAMAGE as error:
        raise InputError("not a zip archive, or a damaged one") from error


def _require_plain(entries: Sequence[zipfile.ZipInfo]) -> None:
    names = set[str]()
    for entry in entries:
        if entry.filename in names:
            raise InputError(f"expected each member to have its own name, found {shown(entry.filename)} twice")
        if entry.compress_type not in _METHODS or entry.flag_bits & 0x1:
            raise InputError(f"member {shown(entry.filename)}: expected it stored or deflated and not encrypted")
        names.add(entry.filename)
    # Never read more of a member than its stated size.
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise LimitError(f"expected members of at most {MAX_BYTES >> 20} MiB together, found more")
