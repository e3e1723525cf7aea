"""``verishallow eval``."""

from typing import Annotated

import typer

from verishallow.certificate.certificate import Certificate
from verishallow.cli import options
from verishallow.cli.reporting import print_json, texts
from verishallow.network import ReLUNetwork
from verishallow.rationals import format_rational, point_text
from verishallow.read import load
from verishallow.read.domains.points import read_point
from verishallow.read.files import is_certificate
from verishallow.show.tables import facts_table, rounded


def evaluate(
    file: options.EitherFile,
    at: Annotated[
        str,
        typer.Option(metavar="X", help="A rational point, such as 1/2,-3 or an .npy file; on a slice the parameters."),
    ],
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    as_json: options.AsJson = False,
) -> int:
    """Evaluate exactly; a certificate is evaluated through its three-layer network."""
    function: Certificate | ReLUNetwork = (
        Certificate.read(file)
        if is_certificate(file)
        else load(file, logits=logits, batch_axis=batch_axis, normalised=normalised)
    )
    deep = function.network if isinstance(function, Certificate) else function
    point = read_point(at, deep.inputs)
    value = function(point)
    if as_json:
        through = "three-layer network" if isinstance(function, Certificate) else "network"
        print_json({"at": texts(point), "output": texts(value), "through": through})
    else:
        print(f"at {point_text(point)}")
        print(facts_table({f"y{i}": f"{format_rational(y)}  {rounded(y)}" for i, y in enumerate(value)}))
    return 0
