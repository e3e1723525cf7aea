"""The default file name of a certificate, which says what it proves."""

from pathlib import Path

from verishallow.claims.equality import CELLS

HELP = (
    "Default: NAME.cert.jsonl.gz beside the network for equality with all cells, boundaries included; any other claim, "
    "construction, or a slice is in the name, as in NAME.gated.cert.jsonl.gz; where that is the name of another "
    "statement's certificate, the new one's hash is too (unless --force)."
)


def default_certificate(
    network: Path,
    claim: str = "equality",
    construction: str = CELLS.name,
    boundary: str = "exact",
    units: str = "two",
    *,
    sliced: bool = False,
    other: Path | None = None,
) -> Path:
    """The path of a certificate beside its network; only equality with all cells everywhere has the shortest name.

    >>> default_certificate(Path("models/n.onnx")).as_posix()
    'models/n.cert.jsonl.gz'
    >>> from verishallow.claims.merge import MERGE
    >>> default_certificate(Path("n.onnx"), construction=MERGE.name, boundary="ignore", sliced=True).name
    'n.slice.merge.ignore.cert.jsonl.gz'
    >>> default_certificate(Path("n.onnx"), "equal", other=Path("below/m.v2.onnx")).name
    'n.equal.m.v2.cert.jsonl.gz'
    """
    said = (
        ("slice", sliced),
        (construction, construction != CELLS.name),
        (f"{units}-unit", units == "one"),
        (boundary, boundary != "exact"),
        (claim, claim != "equality"),
        (other.stem if other else "", other is not None),
    )
    return network.with_name(".".join([network.stem, *(word for word, holds in said if holds), "cert.jsonl.gz"]))
