"""``verishallow check FOLDER``: every proof of a library, in one table."""

import json
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from verishallow.affine import AffineForm
from verishallow.checker import Verdict
from verishallow.claims.equality import CELLS
from verishallow.cli.default_names import default_certificate
from verishallow.cli.reporting import claim_facts
from verishallow.errors import InputError
from verishallow.kept_proofs.library import EXIT_CODES, CheckedProof, check_proof, proofs_in, worst_exit_code
from verishallow.read.domains.boxes import box_of
from verishallow.show.tables import columns_table

SecondReading = Callable[[Path, Verdict], tuple[Verdict, str | None]]

HEADS = ("name", "claim", "verdict", "regions", "check seconds")


def check_library(
    folder: Path, second_reading: SecondReading | None, claim: str | None, boundary: str | None, as_json: bool
) -> int:
    """Check every proof in a folder and the folders below it; the exit code of the worst."""
    checked, unread = [], []
    for files in proofs_in(folder):
        proof = check_proof(files, claim, boundary)
        try:
            proof = _read_again(proof, second_reading)
        except InputError as unavailable:
            unread.append(f"verishallow: {files.name}: {unavailable}")
        checked.append(proof)
    if as_json:
        print(json.dumps([_facts(proof) for proof in checked], indent=2))
    else:
        print(columns_table(HEADS, [_row(proof) for proof in checked]))
        for proof in checked:
            if proof.kind != "valid":
                print(_failure(proof))
            elif proof.note:
                print(f"{proof.files.name}: {proof.note}")
    print(*unread, sep="\n", end="\n" if unread else "", file=sys.stderr)
    code = worst_exit_code(checked)
    return 2 if unread and code != EXIT_CODES["invalid"] else code


def _read_again(proof: CheckedProof, second_reading: SecondReading | None) -> CheckedProof:
    if second_reading is None or proof.kind != "valid":
        return proof
    verdict, text = second_reading(proof.files.certificates[0], _verdict(proof))
    return replace(proof, kind=verdict.kind, reason=f"{verdict.reason}; {text}" if text else verdict.reason)


def _verdict(proof: CheckedProof) -> Verdict:
    return Verdict(proof.kind, proof.reason, proof.header, proof.counts)


def _facts(proof: CheckedProof) -> dict[str, Any]:
    files = proof.files
    beside = {
        "certificate": files.certificates,
        "network": files.networks,
        "other_network": files.others,
        "domain": files.domains,
        **({"slice": files.slices} if files.slices else {}),
    }
    return {
        "name": files.name,
        "verdict": proof.kind,
        "reason": f"{proof.reason}; {proof.note}" if proof.note else proof.reason,
        **{name: str(paths[0]) if paths else None for name, paths in beside.items()},
        "claim": proof.header.get("claim"),
        **claim_facts(_verdict(proof)),
        "check_seconds": round(proof.seconds, 3),
    }


def _row(proof: CheckedProof) -> tuple[str, ...]:
    regions = proof.counts.get("activation_regions")
    return (
        proof.files.name,
        _claim(proof.header) if proof.header else "",
        proof.kind,
        "" if regions is None else str(regions),
        f"{proof.seconds:.3f}",
    )


def _claim(header: dict[str, Any]) -> str:
    rows = len(header["domain"])
    domain = f"R^{header['inputs']}" + (f", {rows} inequalit{'ies' if rows > 1 else 'y'}" if rows else "")
    sliced = f", a slice of R^{len(header['slice'])}" if "slice" in header else ""
    return f"{header['claim']} {'off boundaries ' if header.get('boundary') == 'ignore' else ''}on {domain}{sliced}"


def _target(proof: CheckedProof) -> str:
    """The option that names the certificate, where it does not have the default name."""
    header, files = proof.header, proof.files
    network, certificate = files.networks[0], files.certificates[0]
    construction, boundary = header.get("construction", CELLS.name), header.get("boundary", "exact")
    units, sliced = "one" if "low" in header else "two", bool(files.slices)
    default = default_certificate(network, "equality", construction, boundary, units, sliced=sliced)
    return " --force" if certificate == default else f" -o {shlex.quote(str(certificate))}"


def _failure(proof: CheckedProof) -> str:
    meant = proof.header.get("claim") in (None, "equality")
    stale = meant and proof.kind == "invalid" and proof.files.certificates and proof.files.renewal
    domain = _own_domain(proof)
    ignore = " --boundary ignore" if proof.header.get("boundary") == "ignore" else ""
    construction = proof.header.get("construction", CELLS.name)
    kind = f" --construction {construction}" if construction != CELLS.name else ""
    known = stale and domain is not None
    renew = f"; if it is out of date: {proof.files.renewal}{domain}{kind}{ignore}{_target(proof)}" if known else ""
    return f"{proof.files.name}: {proof.kind}: {proof.reason}{renew}"


def _own_domain(proof: CheckedProof) -> str | None:
    """The option that names the domain of a certificate that no file beside it has; ``None`` where none can."""
    rows, files = proof.header.get("domain", []), proof.files
    if "slice" in proof.header and not files.slices:
        return None
    if files.domains or not rows:
        return ""
    box = box_of([AffineForm.of(row) for row in rows], proof.header["inputs"])
    return f" --domain {shlex.quote('box:' + 'x'.join(f'[{low},{high}]' for low, high in box))}" if box else None
