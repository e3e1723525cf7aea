"""``verishallow depth``."""

from typing import Any

from verishallow.cli.options import AsJson, DomainText, Logits, NetworkFile, Normalised
from verishallow.cli.reporting import print_json, texts
from verishallow.hidden_layers import Depth, enough
from verishallow.hidden_layers import depth as depth_of
from verishallow.read import load
from verishallow.show.tables import facts_table, point_text
from verishallow.spelling import form_texts, network_record, network_sha256

ANSWERS = ("affine", "one hidden layer", "two hidden layers or more")


def depth(
    network: NetworkFile,
    domain: DomainText = None,
    logits: Logits = False,
    normalised: Normalised = False,
    as_json: AsJson = False,
) -> int:
    """Decide how many hidden layers a network's function needs: none, one, or more, with the reason."""
    read = load(network, logits=logits, normalised=normalised)
    found = depth_of(read, domain)
    if as_json:
        print_json({"network": str(network), **_facts(found), "network_sha256": network_sha256(read)})
    else:
        print(f"{ANSWERS[found.hidden_layers]}: {found.reason}")
        print(facts_table(_readable(found)))
    return 0


def _facts(found: Depth) -> dict[str, Any]:
    answer = {"answer": ANSWERS[found.hidden_layers], "hidden_layers": found.hidden_layers, "reason": found.reason}
    if found.explicit is not None:
        layers = network_record(found.explicit)["layers"]
        return {**answer, "least_neurons": found.least_neurons and list(found.least_neurons), "layers": layers}
    jumps = [{"at": texts(jump.point), "by": [texts(vector) for vector in jump.vectors]} for jump in found.jumps]
    plane = found.plane and form_texts(found.plane)
    return {**answer, "enough_hidden_layers": enough(found.network.inputs), "plane": plane, "jumps": jumps}


def _readable(found: Depth) -> dict[str, Any]:
    if found.explicit is None:
        jumps = {
            f"jump at {point_text(jump.point)}": ", ".join(point_text(vector) for vector in jump.vectors)
            for jump in found.jumps
        }
        return {"hyperplane": f"{found.plane} = 0", **jumps, "hidden layers that suffice": enough(found.network.inputs)}
    *hidden, last = found.explicit.layers
    if not hidden:
        return {}
    pairs = zip(
        found.explicit.pre_activations_for(((True,) * hidden[0].width,))[0], zip(*last.weight, strict=True), strict=True
    )
    neurons = {f"neuron {k}": f"{point_text(weight)} ReLU({form})" for k, (form, weight) in enumerate(pairs, start=1)}
    return {"constant": point_text(last.bias), **neurons}
