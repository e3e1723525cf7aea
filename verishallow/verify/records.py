"""The claims ``property`` and ``counterexample`` as lines of a certificate."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from verishallow import checker
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.property import Property
from verishallow.records.lines import FORMAT, VERSION
from verishallow.records.spelling import (
    Record,
    canonical_line,
    form_texts,
    network_record,
    network_sha256,
    rational_texts,
)
from verishallow.slices import Slice
from verishallow.verify.attack import Counterexample
from verishallow.verify.precision import RoundingBits
from verishallow.verify.relaxation import Multipliers
from verishallow.verify.root_box import SideReason
from verishallow.verify.tree import Halving, ProofNode, Refutation, SignSplit, preorder

LEVEL_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/="
"""The letter of k is that of the slope k / 64."""

DEFAULT = "."

Networks = Sequence[ReLUNetwork]
"""One network, or two side by side."""


def proof_lines(
    networks: Networks,
    asked: Property,
    precision: RoundingBits,
    root: ProofNode,
    witness: Vector | None = None,
    sides: Sequence[SideReason] = (),
    on_slice: Slice | None = None,
) -> Iterator[bytes]:
    """The lines of a proof of a property, or of what there is of one: nodes that nothing closed are ``open``."""
    header = _header("property", networks, asked, on_slice)
    header["precision"] = precision.record()
    if witness is not None:
        header["witness"] = rational_texts(witness)
    if sides:
        header["sides"] = [side.record() for side in sides]
    nodes = preorder(root)
    leaves, left = sum(node.refutations is not None for node in nodes), sum(node.open for node in nodes)
    records = (record for node in nodes for record in node_records(node))
    yield from _lines(header, networks, records, leaves, left)


def counterexample_lines(
    networks: Networks, asked: Property, found: Counterexample, on_slice: Slice | None = None
) -> Iterator[bytes]:
    """The lines that state a counterexample."""
    header = _header("counterexample", networks, asked, on_slice)
    header |= {"point": rational_texts(found.point), "disjunct": found.conjunction}
    yield from _lines(header, networks, (), 0, 0)


def require_same_statement(
    lines: Sequence[bytes], networks: Networks, asked: Property, precision: RoundingBits, on_slice: Slice | None
) -> None:
    """Refuse to go on from a certificate that is not valid, or states another property."""
    verdict = checker.check_lines(lines)
    if verdict.kind == "invalid":
        raise InputError(f"resume: expected a certificate that is valid so far, found {verdict}")
    wanted = _header("property", networks, asked, on_slice) | {"precision": precision.record()}
    differs = [name for name, value in wanted.items() if verdict.header.get(name) != value]
    if differs:
        raise InputError(f"resume: the certificate states something else: its {', '.join(differs)} differ")


def _header(claim: str, networks: Networks, asked: Property, on_slice: Slice | None) -> Record:
    other = {"other_network_sha256": network_sha256(networks[1])} if len(networks) > 1 else {}
    return {
        "record": "header",
        "format": FORMAT,
        "version": VERSION,
        "claim": claim,
        **({"slice": [form_texts(form) for form in on_slice.affine_map.forms]} if on_slice else {}),
        "inputs": asked.inputs,
        "outputs": networks[0].outputs,
        "domain": [form_texts(form) for form in asked.domain.forms],
        "strict": list(asked.domain.strict),
        "unsafe": [_conjunction(each) for each in asked.unsafe],
        "network_sha256": network_sha256(networks[0]),
        **other,
    }


def property_stated(header: Record) -> Property:
    """The property in the header of a certificate."""
    outputs = header["outputs"] * (2 if "other_network_sha256" in header else 1)
    unsafe = [Conjunction.of(each["rows"], each["strict"]) for each in header["unsafe"]]
    return Property.of(header["inputs"], outputs, Conjunction.of(header["domain"], header["strict"]), unsafe)


def _conjunction(conjunction: Conjunction) -> Record:
    return {"rows": [form_texts(form) for form in conjunction.forms], "strict": list(conjunction.strict)}


def _lines(header: Record, networks: Networks, records: Iterable[Record], leaves: int, left: int) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for record in (header, *map(network_record, networks), *records):
        digest.update(line := canonical_line(record))
        yield line
    end = {"record": "end", "leaves": leaves, "open": left}
    digest.update(canonical_line(end))
    yield canonical_line({**end, "sha256": digest.hexdigest()})


# ------------------------------------------------------------------------------------------------ Nodes


def node_records(node: ProofNode) -> Iterator[Record]:
    """The records of one node: its relaxation, then what is done there."""
    words = None if node.words is None else spelled_words(node.words)
    if words is not None and not node.open:
        yield {"record": "relax", "words": words}
    match node.split:
        case Halving(number, at):
            yield {"record": "halve", "input": number, "at": rational_texts([at])[0]}
        case SignSplit(layer, neuron):
            yield {"record": "sign", "layer": layer, "neuron": neuron}
        case None if node.refutations is None:
            yield {"record": "open"}
        case None:
            yield {"record": "refuted", "disjuncts": [spelled_refutation(each) for each in node.refutations]}


def spelled_words(words: Sequence[str]) -> list[str] | None:
    """One text per layer, empty where nothing is done; ``None`` where nothing is done at all.

    >>> spelled_words(["bu", "uu"])
    ['bu', '']
    """
    texts = [word if set(word) - {"u"} else "" for word in words]
    return texts if any(texts) else None


def spelled_refutation(reason: Refutation) -> Record:
    """The object of one disjunct."""
    return {"w": [str(weight) for weight in reason.weights], **spelled_multipliers(reason.multipliers)}


def spelled_multipliers(multipliers: Multipliers) -> Record:
    """The members that are not empty.

    >>> spelled_multipliers(Multipliers((np.array([-1, 64]),), ((1, 0, 3),), ()))
    {'alphas': ['.='], 'betas': [[1, 0, '3']]}
    """
    found: Record = {}
    alphas = [_slopes(row) for row in multipliers.alphas]
    if any(alphas):
        found["alphas"] = alphas
    if multipliers.betas:
        found["betas"] = [[layer, neuron, str(t)] for layer, neuron, t in multipliers.betas]
    if multipliers.lambdas:
        found["lambdas"] = [[row, str(t)] for row, t in multipliers.lambdas]
    return found


def _slopes(row: NDArray[np.int8]) -> str:
    text = "".join(DEFAULT if k < 0 else LEVEL_LETTERS[k] for k in row.tolist())
    return text if set(text) - {DEFAULT} else ""
