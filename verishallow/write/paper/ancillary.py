"""An ancillary bundle, as arXiv keeps beside a paper: the proof, network, domain, checker, and one command."""

import json
from hashlib import sha256
from io import BytesIO
from typing import Any

from verishallow import checker
from verishallow.certificate.certificate import WITHOUT_REGIONS, Certificate
from verishallow.read.domains.slices import slice_to_json
from verishallow.read.domains.texts import FORMAT as DOMAIN_FORMAT
from verishallow.read.network_json import FORMAT as NETWORK_FORMAT
from verishallow.records.lines import write_lines
from verishallow.write.bundle import Bundle
from verishallow.write.paper.assembled_checker import assembled_checker

ROOT = "anc"
"""The folder whose files arXiv shows as ancillary files."""

CERTIFICATE, CHECKER, SUMS = "certificate.jsonl.gz", "checker.py", "SHA256SUMS"
DOMAIN, SLICE, UNSAFE = "domain.json", "slice.json", "unsafe.json"
NETWORKS = ("network.json", "other.json")
"""The file of the network, and of the other one if the certificate is about two."""


def ancillary(certificate: Certificate) -> Bundle:
    """The certificate, its networks, domain and slice, the stand-alone checker, check sums, a README with one command.

    In an archive all lie in the folder ``anc``. Equal certificates give equal bytes.

    >>> from verishallow import ReLUNetwork, prove
    >>> sorted(ancillary(prove(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])]))).files)
    ['README', 'SHA256SUMS', 'certificate.jsonl.gz', 'checker.py', 'domain.json', 'network.json']
    """
    content = {
        CERTIFICATE: _gzipped(certificate),
        CHECKER: checker_source(),
        DOMAIN: _domain(certificate),
        **_networks(certificate),
        **_slice(certificate),
        **_unsafe(certificate),
    }
    content["README"] = _readme(certificate, tuple(content)).encode()
    sums = "".join(f"{sha256(content[name]).hexdigest()}  {name}\n" for name in sorted(content))
    return Bundle(ROOT, {**content, SUMS: sums.encode()})


def command(certificate: Certificate) -> str:
    """The command that checks the certificate, with the networks, domain, slice and claim of the bundle."""
    header = certificate.header
    named = zip(("--network", "--other"), _networks(certificate), strict=False)
    options = [f"{option} {name}" for option, name in named]
    options += [f"--domain {DOMAIN}", *(f"--slice {name}" for name in _slice(certificate))]
    options += [f"--unsafe {name}" for name in _unsafe(certificate)]
    options += [f"--claim {header['claim']}"]
    options += [f"--boundary {header['boundary']}"] if header["claim"] == "equality" else []
    return f"python3 -I -S {CHECKER} {CERTIFICATE} {' '.join(options)}"


def checker_source() -> bytes:
    """The stand-alone checker that is installed, as one file."""
    return assembled_checker()


def _gzipped(certificate: Certificate) -> bytes:
    buffer = BytesIO()
    write_lines(certificate.lines, buffer)
    return buffer.getvalue()


def _networks(certificate: Certificate) -> dict[str, bytes]:
    """The network records of the certificate as files; a record spells its layers as a file does."""
    stated = certificate.claim in ("equal", *WITHOUT_REGIONS) and certificate.whole_other is not None
    number = 2 if stated else 1
    records = [json.loads(line) for line in certificate.lines[1 : 1 + number]]
    inputs = certificate.whole_network.inputs
    contents = [
        {"format": NETWORK_FORMAT, "version": 1, "inputs": inputs, "layers": record["layers"]} for record in records
    ]
    return {name: _json(content) for name, content in zip(NETWORKS, contents, strict=False)}


def _domain(certificate: Certificate) -> bytes:
    """The domain, with the numbers of its strict rows if there are any."""
    strict = certificate.header.get("strict", [])
    rows = {"inequalities": certificate.header["domain"], **({"strict": strict} if strict else {})}
    return _json({"format": DOMAIN_FORMAT, "version": 1, **rows})


def _unsafe(certificate: Certificate) -> dict[str, bytes]:
    """What is unsafe as a file, if the claim is about that."""
    if "unsafe" not in certificate.header:
        return {}
    return {UNSAFE: _json({"format": "verishallow-unsafe", "version": 1, "unsafe": certificate.header["unsafe"]})}


def _slice(certificate: Certificate) -> dict[str, bytes]:
    """The slice as a file, if there is one."""
    if certificate.slice is None:
        return {}
    return {SLICE: _json(slice_to_json(certificate.slice))}


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"


WHAT = {
    CERTIFICATE: "the certificate: gzipped lines of JSON",
    CHECKER: "its checker: one file, Python's standard library alone, licence MIT",
    DOMAIN: "the domain D: each row [b, a1, ..., an] means b + a1 x1 + ... + an xn >= 0; no row: all of R^n",
    SLICE: "the slice: each row [b, a1, ..., ak] is an input of the network, as an affine form of the k parameters",
    UNSAFE: "what is unsafe: rows [b, inputs, outputs] that hold together, >= 0, or > 0 if strict; any one set of them",
    NETWORKS[0]: "the ReLU network f, its weights as exact rationals, ReLU between the layers",
    NETWORKS[1]: "the ReLU network g, in the same way",
    "README": "this page",
    SUMS: "check sums: sha256sum -c SHA256SUMS",
}


def _readme(certificate: Certificate, names: tuple[str, ...]) -> str:
    listed = "\n".join(f"  {name:<21} {WHAT[name]}" for name in sorted((*names, "README", SUMS)))
    return README.format(
        claim=checker.claim(certificate.header, certificate.counts),
        command=command(certificate),
        files=listed,
        sha256=certificate.counts["sha256"],
        sliced=SLICED if certificate.slice else "",
    )


SLICED = """
On a slice D is a set of parameters, and a network is first restricted: its inputs are the affine forms of the
parameters in slice.json. The hash is that of the whole network.
"""


README = """\
An exact proof about a ReLU network
===================================

These files prove, in exact rational arithmetic and without any tolerance, that

  {claim}

where a hash is the SHA-256 of a network's canonical record. To check it, in this folder, with Python 3.11 or later
and nothing else:

  {command}

The answer is the line above with "valid: " before it, and the exit code 0.
{sliced}
Files

{files}

What is trusted: checker.py (or another checker, written from the specification of the format in the documentation
of verishallow), the Python that runs it, and that the files beside the certificate are the intended ones.
Not trusted: whatever made the certificate. Hashes only identify files; the proof does not rest on them.

SHA-256 of the certificate's lines before its end record, with that record's other members (its "sha256"):
  {sha256}
"""
