"""``verishallow depth``."""

from typing import Annotated, Any

import typer
from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.cli.explained_texts import noted
from verishallow.cli.options import AsJson, BatchAxis, DomainOnly, DomainText, Logits, NetworkFile, Normalised
from verishallow.cli.reporting import print_json, texts
from verishallow.cli.slicing import Where
from verishallow.errors import InputError
from verishallow.explain.texts import formula_text
from verishallow.hidden_layers.decide import Depth, enough
from verishallow.hidden_layers.decide import depth as depth_of
from verishallow.hidden_layers.one_input import BaseSum, KnotInterval, Reading, one_sided, read_neurons, two_sided
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector, format_rational
from verishallow.read import load
from verishallow.records.spelling import form_texts, network_record, network_sha256
from verishallow.show.tables import columns_table, facts_table, rounded

LONGEST_REASON, LONGEST_NUMBER = 200, 12
"""In characters; longer numbers are rounded, and exact with --json."""

ANSWERS = ("affine", "one hidden layer", "two hidden layers or more")


def depth(
    network: NetworkFile,
    domain: DomainText = None,
    domain_only: DomainOnly = False,
    logits: Logits = False,
    batch_axis: BatchAxis = False,
    normalised: Normalised = False,
    bases: Annotated[
        bool, typer.Option("--bases", help="Of one input: its bases, and what each neuron of one hidden layer does.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Decide how many hidden layers a network's function needs: none, one, or more, with the reason."""
    read = load(network, logits=logits, batch_axis=batch_axis, normalised=normalised)
    if bases and read.inputs != 1:
        raise InputError(f"--bases: expected a network of one input, found {read.inputs}")
    domain = Where(domain, domain_only=domain_only).text
    found = depth_of(read, domain)
    if as_json:
        of_bases = _bases(read, domain) if bases else {}
        print_json({"network": str(network), **_facts(found), **of_bases, "network_sha256": network_sha256(read)})
    else:
        reason = (
            found.reason if len(found.reason) <= LONGEST_REASON else "the gradient jumps differently on a hyperplane"
        )
        print(noted(f"{ANSWERS[found.hidden_layers]}: {reason}\n{facts_table(_readable(found))}".rstrip("\n")))
        if bases:
            print(_bases_text(read, domain))
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
            f"point {number}": f"{_point(jump.point)}, where it jumps by {', '.join(map(_point, jump.vectors))}"
            for number, jump in enumerate(found.jumps, start=1)
        }
        plane = {} if found.plane is None else {"hyperplane": f"{_form(found.plane)} = 0"}
        return {**plane, **jumps, "hidden layers that suffice": enough(found.network.inputs)}
    *hidden, last = found.explicit.layers
    if not hidden:
        return {}
    pairs = zip(
        found.explicit.pre_activations_for(((True,) * hidden[0].width,))[0], zip(*last.weight, strict=True), strict=True
    )
    neurons = {
        f"neuron {k}": f"{_point(weight)} ReLU({_form(form)})" for k, (form, weight) in enumerate(pairs, start=1)
    }
    return {"constant": _point(last.bias), **neurons}


def _number(value: mpq) -> str:
    text = format_rational(value)
    return text if len(text) <= LONGEST_NUMBER else rounded(value)


def _point(values: Vector) -> str:
    return f"({', '.join(map(_number, values))})"


def _form(form: AffineForm) -> str:
    return formula_text(form, [f"x{i}" for i in range(form.dimension)], _number)


# ------------------------------------------------------------------------------------------ One input


def _bases(network: ReLUNetwork, domain: str | None) -> dict[str, Any]:
    sums = {name: found for name, found in _sums(network, domain).items() if isinstance(found, BaseSum)}
    reading = _reading(network, domain)
    return {
        **{name: _sum_facts(found) for name, found in sums.items()},
        **({} if reading is None else {"neurons": _neurons(reading), "knots": _knots(reading), "dead": reading.dead}),
        **({} if reading is None else {"duplicates": reading.duplicates, "intervals": _intervals(reading)}),
    }


def _sums(network: ReLUNetwork, domain: str | None) -> dict[str, BaseSum | str]:
    """The three forms, or for one that does not exist the reason."""
    found: dict[str, BaseSum | str] = {"two_sided": two_sided(network, domain)}
    for side in ("right", "left"):
        try:
            found[f"one_sided_{side}"] = one_sided(network, domain, side)
        except InputError as reason:
            found[f"one_sided_{side}"] = str(reason)
    return found


def _reading(network: ReLUNetwork, domain: str | None) -> Reading | None:
    """What the neurons do, for a network that has one hidden layer itself."""
    one = len(network.hidden) == 1 and network.layers[-1].reads == (1,)
    return read_neurons(network, domain) if one else None


def _sum_facts(found: BaseSum) -> dict[str, Any]:
    bases = [{"knot": format_rational(b.knot), "side": b.side, "weight": texts(b.weight)} for b in found.bases]
    return {"constants": texts(found.constants), "bases": bases}


def _neurons(reading: Reading) -> list[dict[str, Any]]:
    return [
        {
            "number": neuron.number,
            "knot": None if neuron.knot is None else format_rational(neuron.knot),
            "side": neuron.side,
            "weight": texts(neuron.weight),
            "standing": neuron.standing,
            "alike": neuron.alike,
        }
        for neuron in reading.neurons
    ]


def _knots(reading: Reading) -> list[dict[str, Any]]:
    return [
        {
            "at": format_rational(knot.at),
            "neurons": knot.neurons,
            "jump": texts(knot.jump),
            "cancels": knot.cancels,
        }
        for knot in reading.knots
    ]


def _intervals(reading: Reading) -> list[dict[str, Any]]:
    return [
        {"from": _end(each.low), "to": _end(each.high), "active": each.active, "map": _map(each)}
        for each in reading.intervals
    ]


def _map(interval: KnotInterval) -> list[list[str]]:
    return [form_texts(form) for form in interval.affine_map.forms]


def _end(place: Any) -> str | None:
    return None if place is None else format_rational(place)


def _bases_text(network: ReLUNetwork, domain: str | None) -> str:
    lines = [f"{name.replace('_', ' ')}: {found}" for name, found in _sums(network, domain).items()]
    reading = _reading(network, domain)
    if reading is None:
        return "\n".join(lines)
    rows = [
        (
            str(neuron.number),
            _end(neuron.knot) or "",
            neuron.side or "",
            _point(neuron.weight),
            neuron.standing,
            ", ".join(map(str, neuron.alike)),
        )
        for neuron in reading.neurons
    ]
    knots = [
        (_end(knot.at) or "", ", ".join(map(str, knot.neurons)), _point(knot.jump), "cancels" * knot.cancels)
        for knot in reading.knots
    ]
    sums = [
        (
            _end(each.low) or "-inf",
            _end(each.high) or "inf",
            ", ".join(map(str, each.active)),
            ", ".join(map(str, each.affine_map.forms)),
        )
        for each in reading.intervals
    ]
    tables = (
        columns_table(("neuron", "knot", "side", "weight", "standing", "alike"), rows),
        columns_table(("knot", "neurons", "jump", ""), knots),
        columns_table(("from", "to", "active neurons", "sum"), sums),
    )
    return "\n\n".join(["\n".join(lines), *tables])
