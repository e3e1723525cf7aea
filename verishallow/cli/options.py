"""Arguments and options that commands share."""

from pathlib import Path
from typing import Annotated

import typer

from verishallow.regions.choice import MANY_INPUTS

NetworkFile = Annotated[
    Path,
    typer.Argument(metavar="NETWORK", help="A network: .onnx, .nnet, .npz, .safetensors, .keras, .h5, or .json."),
]
CertificateFile = Annotated[
    Path, typer.Argument(metavar="CERT|FOLDER", help="A certificate, or a folder with a library of proofs.")
]
EitherFile = Annotated[Path, typer.Argument(metavar="NETWORK|CERT", help="A network or a certificate.")]
DomainText = Annotated[
    str | None,
    typer.Option(
        "--domain",
        metavar="D",
        help="box:-1,1 or box:[-1,1]x[0,1/2] or ball:linf:POINT:RADIUS (or l1) or a file (.json, .ine, .npz, .vnnlib). "
        "Default: all of R^n; on a slice the unit box of its parameters.",
    ),
]
DomainOnly = Annotated[
    bool,
    typer.Option(
        "--domain-only",
        help="Of a VNN-LIB file that asserts something about outputs too, the inputs alone.",
    ),
]
UnitsText = Annotated[
    str,
    typer.Option(
        "--units",
        metavar="one|two",
        help="Units of layer 2 per face and output: two, or one where all outputs are bounded below (cells, merge).",
    ),
]
GridText = Annotated[
    str | None,
    typer.Option(
        "--grid",
        metavar="STEP[@OFFSET],...",
        help="For quantised: the inputs are OFFSET + k STEP, such as 1/255; one entry, or one per input.",
    ),
]
EngineName = Annotated[
    str,
    typer.Option(
        help="lattice (best for few inputs), tree (for many), cdd (the readable reference), or auto: "
        f"lattice up to {MANY_INPUTS - 1} inputs, tree from {MANY_INPUTS} on. For given bounds, relax lists no "
        "regions; auto chooses it from 50 inputs on."
    ),
]
MostRegions = Annotated[int | None, typer.Option(min=1, help="Stop, with exit code 3, beyond so many regions.")]
Force = Annotated[
    bool, typer.Option("--force", help="Replace what has the default name, a certificate of another statement too.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Jobs = Annotated[int, typer.Option(min=1, help="Processes that work on the proof.")]
DaskAddress = Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler to work on the proof.")]
Timeout = Annotated[
    float | None, typer.Option(min=0, metavar="SECONDS", help="Stop after so long, with what is proved until then (3).")
]
MostNodes = Annotated[
    int | None, typer.Option(min=0, metavar="N", help="Stop when so many cells are bounded; the same result anywhere.")
]
Logits = Annotated[
    bool,
    typer.Option(
        "--logits",
        help="Cut off a final Softmax, ArgMax, Sigmoid or Tanh, and what makes labels and maps of classes of it "
        "(ArrayFeatureExtractor, ZipMap).",
    ),
]
BatchAxis = Annotated[
    bool,
    typer.Option("--batch-axis", help="Read one sample where an ONNX file fixes the first dimension of its inputs."),
]
Normalised = Annotated[
    bool,
    typer.Option("--normalised", help="Compose the normalisation of inputs and outputs that an .nnet file stores."),
]
LineEnds = Annotated[
    tuple[str, str] | None,
    typer.Option("--line", metavar="P Q", help="The line through two points (1,2 or .npy): parameters 0 and 1."),
]
PlanePoints = Annotated[
    tuple[str, str, str] | None,
    typer.Option("--plane", metavar="P Q R", help="The plane through three points: parameters (0,0), (1,0), (0,1)."),
]
SliceFile = Annotated[
    Path | None, typer.Option("--slice", metavar="FILE", help="Any affine map of parameters to inputs, as JSON.")
]
FeatureNames = Annotated[
    str | None, typer.Option("--names", metavar="A,B,...", help="What the features are called. Default: x0, x1, ...")
]
OutputNames = Annotated[
    str | None,
    typer.Option("--output-names", metavar="A,B,...", help="What outputs or classes are called. Default: y0, y1, ..."),
]
