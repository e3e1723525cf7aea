"""The three-layer network as a torch module: one Python file with the class, the arrays, and their description."""

import base64
import json
import textwrap
from string import Template

import numpy as np

from verishallow.certificate.certificate import Certificate
from verishallow.write.networks.float_network import float_network
from verishallow.write.networks.npz_file import arrays_of, packed
from verishallow.write.networks.ordinary import OrdinaryNetwork, ordinary_network

WIDTH = 110
"""Characters per line of the file."""


def torch(certificate: Certificate, *, within: str | None = None) -> bytes:
    """A Python file; import ``network`` from it: an ``nn.Module`` in float64 that needs nothing but torch and NumPy.

    Its weights are buffers (an infinite weight cannot be trained), so it goes through ``state_dict``, ``torch.export``
    and autograd in the input; but where a coordinate is 0 torch gives ReLU(x_i) and ReLU(-x_i) the slope 0.
    ``network.sure(x)`` says for which rows of x, points of the domain (``within``: of a part of it), the bound on the
    rounding error is proved. The arrays are those of the kind "npz", without a pickle.
    A network of finite weights is an ``nn.Sequential`` of ``Linear`` and ``ReLU`` with parameters that can be trained.
    """
    if certificate.finite is not None:
        return _ordinary(ordinary_network(certificate, certificate.finite, within))
    network = float_network(certificate, within)
    data = base64.b64encode(packed(arrays_of(network))).decode()
    text = _MODULE.substitute(about=_about(network.about), arrays=_lines(data))
    return text.encode()


def _ordinary(network: OrdinaryNetwork) -> bytes:
    about = np.array(json.dumps(network.about, indent=1), np.str_)
    data = base64.b64encode(packed({**network.arrays(), "about": about})).decode()
    return _SEQUENTIAL.substitute(about=_about(network.about), arrays=_lines(data)).encode()


def _lines(data: str) -> str:
    return "\n".join(data[start : start + WIDTH] for start in range(0, len(data), WIDTH))


def _about(about: dict[str, str]) -> str:
    lines = [f"{name}: {value}" for name, value in about.items() if name != "margins"]
    return "\n".join(textwrap.fill(line, WIDTH, initial_indent="# ", subsequent_indent="#   ") for line in lines)


_MODULE = Template('''\
"""The three-layer network S of a deep ReLU network f, with its finite weights rounded to float64.

``network(x)`` for rows x; ``network.sure(x)``: for which of them, if they are points of the domain, the bound on the
rounding error is proved; ``network.about``: the description in words and exact rationals.
"""
$about

import base64
import io
import json

import numpy
import torch
from torch.nn.functional import linear


class ThreeLayerNetwork(torch.nn.Module):
    """Two hidden layers; a unit of the second is 0 where a unit that it reads with weight -inf is positive."""

    def __init__(self, arrays):
        super().__init__()
        _, first, second, outputs = arrays["widths"].tolist()
        self.about = json.loads(arrays["about"].item())
        for name in ("W1", "b1", "b2", "b3"):
            self.register_buffer(name, torch.from_numpy(arrays[name]))
        finite = _dense(arrays, "W2", (second, first))
        units = numpy.flatnonzero(finite.any(axis=0))
        self.register_buffer("W2", torch.from_numpy(finite[:, units]))
        self.register_buffer("W2_units", torch.from_numpy(units))
        self.register_buffer("W3", torch.from_numpy(_dense(arrays, "W3", (outputs, second))))
        gates, gate_row = _gates(arrays, second, first)
        self.register_buffer("gates", torch.from_numpy(gates))
        self.register_buffer("gate_row", torch.from_numpy(gate_row))
        self.register_buffer("sure_from", torch.from_numpy(_sure_from(arrays["margins"], first)))

    def forward(self, x):
        """The outputs for rows of inputs."""
        u = torch.relu(linear(x.to(self.W1.dtype), self.W1, self.b1))
        v = torch.relu(linear(u[..., self.W2_units], self.W2, self.b2))
        shut = linear(u, self.gates) > 0
        return linear(v.masked_fill(shut[..., self.gate_row], 0), self.W3, self.b3)

    def sure(self, x):
        """The rows for which no sign of a violation unit can be wrong: there the bound is proved."""
        h = linear(x.to(self.W1.dtype), self.W1, self.b1)
        return (h.abs() > self.sure_from).all(dim=-1)


def _dense(arrays, name, shape):
    matrix = numpy.zeros(shape)
    matrix[arrays[name + "_row"], arrays[name + "_column"]] = arrays[name + "_value"]
    return matrix


def _gates(arrays, second, first):
    """The distinct rows of the mask of weights -inf, and which of them each unit has."""
    shutting = [[] for _ in range(second)]
    for row, column in zip(arrays["W2_minus_inf_row"].tolist(), arrays["W2_minus_inf_column"].tolist()):
        shutting[row].append(column)
    numbers = {}
    gate_row = numpy.array([numbers.setdefault(tuple(units), len(numbers)) for units in shutting])
    gates = numpy.zeros((len(numbers), first))
    for units, number in numbers.items():
        gates[number, list(units)] = 1
    return gates, gate_row


def _sure_from(margins, first):
    """Twice the margin, since the computed value may be wrong by a margin itself; the margins are float64 numbers."""
    if not len(margins):
        return numpy.full(first, numpy.inf)
    return numpy.array([2 * _number(text) if text else -1.0 for text in margins.tolist()])


def _number(text):
    numerator, _, denominator = text.partition("/")
    return int(numerator) / int(denominator or 1)


_ARRAYS = """
$arrays
"""

network = ThreeLayerNetwork(numpy.load(io.BytesIO(base64.b64decode(_ARRAYS)), allow_pickle=False))
''')

_SEQUENTIAL = Template('''\
"""A network S of finite weights that equals a deep ReLU network f, rounded to float64: nothing is masked.

``network(x)`` for rows x; ``network.about``: the description in words and exact rationals. Its parameters can be
trained like those of any other network.
"""
$about

import base64
import io
import json

import numpy
import torch


def _network(arrays):
    layers = []
    for number in range(1, sum(name.startswith("W") for name in arrays) + 1):
        weight, bias = (torch.from_numpy(arrays[f"{kind}{number}"]) for kind in "Wb")
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(weight)
            layer.bias.copy_(bias)
        layers += [torch.nn.ReLU(), layer]
    made = torch.nn.Sequential(*layers[1:])
    made.about = json.loads(arrays["about"].item())
    return made


_ARRAYS = """
$arrays
"""

network = _network(numpy.load(io.BytesIO(base64.b64decode(_ARRAYS)), allow_pickle=False))
''')
