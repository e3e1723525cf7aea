"""A library of proofs: every folder with a network, its certificate and, to compare with, its domain.

The certificate of ``NAME.onnx`` or ``NAME.json`` is ``NAME.cert.jsonl.gz`` beside it, or has more words in its name, as
``NAME.bounds.cert.jsonl.gz``; the domain is ``domain.json`` or ``domain.ine``, and without one the certificate's own is
shown, and compared with none. In a proof that two networks are equal, the other one is ``NAME.other.onnx`` or
``NAME.other.json``; for a certificate ``NAME.equal.OTHER.cert.jsonl.gz`` it is ``OTHER.onnx`` or ``OTHER.json``. With
``slice.json`` the claim is about the network on that slice, and the domain is a set of its parameters, by default the
unit box; if there are certificates ``NAME.slice...``, only these are about the slice. A new folder joins the library
without being registered anywhere.
"""

import json
import os
import re
import shlex
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from verishallow import checker, fast_checker
from verishallow.errors import InputError, VerishallowError
from verishallow.polyhedron import Polyhedron
from verishallow.read import load
from verishallow.read.domains.parts_of import DomainPart, domain_parts
from verishallow.read.domains.slices import slice_from_file
from verishallow.read.network_json import FORMAT
from verishallow.read.properties.vnnlib import read_property
from verishallow.records.spelling import Record, form_texts, network_record
from verishallow.slices import Slice

CERTIFICATES = (".cert.jsonl.gz", ".cert.jsonl")
NETWORKS = (".onnx", ".json")
OTHER = ".other"
"""The suffix of the name of the other network."""

VNNLIB = ".vnnlib"
DOMAINS = ("domain.json", "domain.ine")
SLICES = ("slice.json",)

EXIT_CODES = {"valid": 0, "incomplete": 3, "unreadable": 2, "invalid": 1}
"""From the best verdict to the worst."""


@dataclass(frozen=True, slots=True)
class ProofFiles:
    """The files of one proof; there must be one network, one certificate, and at most one file of each other kind."""

    name: str
    certificates: tuple[Path, ...]
    networks: tuple[Path, ...]
    others: tuple[Path, ...]
    domains: tuple[Path, ...]
    slices: tuple[Path, ...] = ()
    other: str = ""
    """The file name of the other network without its suffix, if there is one."""

    asked: tuple[Path, ...] = ()
    """The property in a VNN-LIB file that a certificate of a property, or of a counterexample, is named after."""

    def part(self, inputs: int, header: Record | None = None) -> DomainPart:
        """The domain of the proof, of inputs or on a slice, for a network with this number of inputs.

        Without a file the slice is the header's own.
        """
        on_slice = slice_from_file(os.fsdecode(self.slices[0])) if self.slices else _slice_of(header or {})
        (part,) = domain_parts(os.fsdecode(self.domains[0]) if self.domains else None, inputs, on_slice)
        return part

    @property
    def renewal(self) -> str | None:
        """The command that proves equality with the three-layer network again; ``None`` for other claims."""
        if len(self.networks) != 1 or len(self.domains) > 1 or self.others:
            return None
        named = (("--slice", self.slices), ("--domain", self.domains))
        options = [text for option, paths in named for path in paths for text in (option, str(path))]
        return shlex.join(["verishallow", "prove", str(self.networks[0]), *options])


@dataclass(frozen=True, slots=True)
class CheckedProof:
    """A verdict on one proof of a library: "valid", "invalid", "incomplete", or "unreadable" files beside it.

    ``header`` and ``counts`` are the certificate's first and last record, empty if the checker did not get there;
    ``note`` says for what there is no file beside it.
    """

    files: ProofFiles
    kind: str
    reason: str
    header: dict[str, Any]
    counts: dict[str, Any]
    seconds: float
    note: str = ""

    def __bool__(self) -> bool:
        return self.kind == "valid"


def proofs_in(folder: str | os.PathLike[str]) -> tuple[ProofFiles, ...]:
    """All proofs in a folder and the folders below it, without hidden ones, in the order of their names.

    Raises :class:`~verishallow.errors.InputError` if there is none, or if a folder cannot be read.
    """
    root = Path(folder)
    found = tuple(files for place in _folders(root) for files in _proofs_of(place, root))
    if not found:
        raise InputError(
            f"{root}: expected folders with a network and its certificate NAME{CERTIFICATES[0]}, found none"
        )
    return found


def check_proof(files: ProofFiles, claim: str | None = None, boundary: str | None = None) -> CheckedProof:
    """The checker's verdict on a proof, which must be about the network, domain and slice beside it.

    They are compared by value: a certificate whose network has changed is invalid. If ``claim`` is given, so is a
    certificate of another claim; likewise ``boundary``. The claim "equality" is exact if no boundary is given. A domain
    or a slice without a file is the certificate's own.
    """
    start = time.perf_counter()
    kind, reason, header, counts, note = _judged(files, claim, boundary)
    return CheckedProof(files, kind, reason, header, counts, time.perf_counter() - start, note)


def worst_exit_code(checked: Iterable[CheckedProof]) -> int:
    """The exit code of a whole library: that of its worst verdict."""
    order = list(EXIT_CODES)
    return EXIT_CODES[max((proof.kind for proof in checked), key=order.index)]


def _judged(
    files: ProofFiles, claim: str | None, boundary: str | None
) -> tuple[str, str, dict[str, Any], dict[str, Any], str]:
    missing = _missing(files)
    if missing:
        return "invalid", missing, {}, {}, ""
    header = header_of(files.certificates[0]) or {}
    try:
        network = load(files.networks[0])
        others = [network_record(load(path)) for path in files.others]
        about = {"network": network_record(network), "other": others[0] if others else None}
        about |= _expected(files, network.inputs, header)
        named = {"claim": claim} if claim else _named(header)
        verdict = fast_checker.check(
            files.certificates[0], **about, **named | ({"boundary": boundary} if boundary else {})
        )
    except VerishallowError as error:
        return "unreadable", str(error), {}, {}, ""
    except OSError as error:
        return "unreadable", f"{files.certificates[0]}: cannot be opened ({error.strerror})", {}, {}, ""
    if verdict.header.get("claim") == "equal" and not files.others:
        missing = f"the other network is not beside it, as {files.other}.json"
        return "invalid", missing, verdict.header, verdict.counts, ""
    return verdict.kind, verdict.reason, verdict.header, verdict.counts, _not_beside(files, verdict)


def _not_beside(files: ProofFiles, verdict: checker.Verdict) -> str:
    """What a valid certificate is about that no file beside it says too: then it is compared with none."""
    if not verdict:
        return ""
    absent = (
        ("slice", "slice" in verdict.header and not files.slices),
        ("domain", not files.domains and not files.asked and not _is_default(verdict.header)),
        ("property", not files.asked and "unsafe" in verdict.header),
    )
    names = " and no ".join(f"{name} file" for name, missing in absent if missing)
    return f"no {names} beside it: its own is shown, and compared with none" if names else ""


def _named(header: Record) -> dict[str, str | None]:
    """The claim that a header names, whichever it is, and the boundary of an equality: the table shows them."""
    claim = _text(header.get("claim"))
    return {"claim": claim, "boundary": _text(header.get("boundary")) if claim == "equality" else None}


def _is_default(header: Record) -> bool:
    """Whether a domain is that of a proof for which none is named: all of R^n, or the unit box of a slice."""
    unit = [form_texts(form) for form in Polyhedron.box([(0, 1)] * header["inputs"]).inequalities]
    expected = unit if "slice" in header else []
    return {*map(tuple, header["domain"])} == {*map(tuple, expected)}


def header_of(certificate: Path) -> Record | None:
    """The first record of a certificate, whatever it proves; ``None`` where the file has none."""
    try:
        with certificate.open("rb") as file:
            header = json.loads(next(checker.lines_of(checker.chunks_of(file))))
    except (checker.Invalid, StopIteration, ValueError, RecursionError, OSError):
        return None
    known = isinstance(header, dict) and header.get("record") == "header" and _rows(header.get("domain"))
    return header if known else None


def _rows(rows: Any) -> bool:
    """Whether this is a list of lists of texts, as a header's domain."""
    return isinstance(rows, list) and all(isinstance(row, list) and all(map(_text, row)) for row in rows)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _missing(files: ProofFiles) -> str | None:
    """The reason why a proof cannot be checked at all, if there is one."""
    if not files.certificates:
        return f"{files.networks[0].name} has no certificate beside it; write it with: {files.renewal}"
    if not files.networks:
        return f"{files.certificates[0].name} has no network beside it, neither .onnx nor .json"
    for kind in (files.certificates, files.networks, files.others, files.domains):
        if len(kind) > 1:
            return f"expected one file, found {' and '.join(path.name for path in kind)}"
    return None


def _expected(files: ProofFiles, inputs: int, header: Record) -> dict[str, Any]:
    """The domain and the slice in the files beside a certificate, as far as there are any; of a property its file."""
    if files.asked:
        return read_property(os.fsdecode(files.asked[0])).expected()
    if not files.domains and not files.slices:
        return {}
    part = files.part(inputs, header)
    rows = [tuple(int(a) for a in form.row) for form in part.polyhedron.inequalities]
    on_slice = [form_texts(form) for form in part.slice.affine_map.forms] if part.slice else None
    return {"domain": rows if files.domains else None, "slice": on_slice}


def _slice_of(header: Record) -> Slice | None:
    return Slice.of(header["slice"]) if _rows(header.get("slice")) and header["slice"] else None


def _folders(root: Path) -> Iterator[Path]:
    for place, below, _ in os.walk(root, onerror=_refuse):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield Path(place)


def _refuse(error: OSError) -> NoReturn:
    raise InputError(f"{error.filename}: cannot be read: {error.strerror}") from error


def _proofs_of(place: Path, root: Path) -> Iterator[ProofFiles]:
    paths = sorted(path for path in place.iterdir() if path.is_file())
    certificates, networks = _by_stem(paths, CERTIFICATES), _by_stem(paths, NETWORKS)
    domains, slices = (tuple(path for path in paths if path.name in names) for names in (DOMAINS, SLICES))
    about = {stem: _about(stem, networks) for stem in certificates}
    some_on_slices = any(each.on_slice for each in about.values())
    known = {stem for each in about.values() for stem in (each.network, each.other)}
    for stem in sorted({*certificates, *networks}):
        each = about.get(stem, _About(stem, stem + OTHER))
        if stem in certificates or (stem not in known and any(map(_is_network, networks[stem]))):
            alone = len(certificates) == 1 and stem in certificates
            name = _name(place.relative_to(root), each.network if alone else stem)
            own, one, other = (
                tuple(found.get(key, ()))
                for found, key in ((certificates, stem), (networks, each.network), (networks, each.other))
            )
            sliced = slices if each.on_slice or not some_on_slices else ()
            asked = tuple(path for path in paths if path.name == f"{each.asked}{VNNLIB}")
            yield ProofFiles(name, own, one, other, () if asked else domains, sliced, each.other, asked)


class _About(NamedTuple):
    """What the name of a certificate says: the stems of its networks, and whether it is about a slice."""

    network: str
    other: str
    on_slice: bool = False
    asked: str = ""
    """The name of the property's file without its suffix."""


def _about(stem: str, networks: Mapping[str, object]) -> _About:
    network = _longest(stem, networks)
    words = stem[len(network) :]
    equal = re.fullmatch(r"(?:\.slice)?\.equal\.(.+)", words)
    other = _longest(equal[1], networks) if equal else network + OTHER
    asked = re.fullmatch(r"\.(?:property|counterexample)\.([^.]+)(?:\.[0-9a-f]{8})?", words)
    return _About(network, other, f"{words}.".startswith(".slice."), asked[1] if asked else "")


def _longest(stem: str, networks: Mapping[str, object]) -> str:
    """The longest name of a network with which a name starts, up to a dot; the name itself if there is none."""
    known = [name for name in networks if f"{stem}.".startswith(f"{name}.")]
    return max(known, key=len, default=stem)


def _by_stem(paths: Iterable[Path], suffixes: Iterable[str]) -> defaultdict[str, list[Path]]:
    found = defaultdict[str, list[Path]](list)
    for path in paths:
        for suffix in suffixes:
            if path.name.endswith(suffix):
                found[path.name.removesuffix(suffix)].append(path)
    return found


def _is_network(path: Path) -> bool:
    """Whether a file without a certificate is a network: a folder may contain JSON of other kinds."""
    try:
        return path.suffix == ".onnx" or f'"{FORMAT}"'.encode() in path.read_bytes()
    except OSError as error:
        _refuse(error)


def _name(folder: Path, stem: str) -> str:
    return str(folder) if stem == "network" and folder.name else (folder / stem).as_posix()
