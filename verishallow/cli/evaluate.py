"""``verishallow eval``."""

from typing import Annotated

import typer

from verishallow.certificate.certificate import Certificate
from verishallow.cli import options
from verishallow.cli.reporting import print_json, texts
from verishallow.cli.verifications import refuse_verification
from verishallow.network import ReLUNetwork
from verishallow.rationals import point_text
from verishallow.read import load
from verishallow.read.domains.points import read_points
from verishallow.read.files import is_certificate
from verishallow.show.tables import facts_table, with_decimal


def evaluate(
    file: options.EitherFile,
    at: Annotated[
        str,
        typer.Option(
            metavar="X",
            help="A point, such as 1/2,-3, or several: the rows of an .npy or .csv file; on a slice the parameters.",
        ),
    ],
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    as_json: options.AsJson = False,
) -> int:
    """Evaluate exactly; a certificate is evaluated through its three-layer network."""
    refuse_verification(file, "eval", "it has no three-layer network to evaluate; name the network")
    function: Certificate | ReLUNetwork = (
        Certificate.read(file)
        if is_certificate(file)
        else load(file, logits=logits, batch_axis=batch_axis, normalised=normalised)
    )
    deep = function.network if isinstance(function, Certificate) else function
    points = read_points(at, deep.inputs)
    values = [function(point) for point in points]
    if as_json:
        through = "three-layer network" if isinstance(function, Certificate) else "network"
        found = [{"at": texts(point), "output": texts(value)} for point, value in zip(points, values, strict=True)]
        print_json({**found[0], "through": through} if len(found) == 1 else {"points": found, "through": through})
        return 0
    for point, value in zip(points, values, strict=True):
        print(f"at {point_text(point)}")
        print(facts_table({f"y{i}": with_decimal(y) for i, y in enumerate(value)}))
    return 0
