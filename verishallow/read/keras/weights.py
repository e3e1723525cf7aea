"""Where Keras's files keep the weights of each layer: in ``.keras`` archives, and in ``.h5`` files."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from verishallow.errors import InputError
from verishallow.read.arrays.exact_arrays import Array
from verishallow.read.keras.hdf5 import Hdf5
from verishallow.read.places import shown


@dataclass(frozen=True, slots=True)
class LayerName:
    """A layer's own name, and the name under which ``.keras`` files save it: its class, numbered."""

    name: str
    saved: str


LayerPath = tuple[LayerName, ...]
"""The path to a layer inside nested models, the outermost first."""


class KerasWeights(Protocol):
    """The weights of a file."""

    def of(self, path: LayerPath) -> list[Array]:
        """The weights of one layer, in the order in which Keras counts them."""


def saved_names(classes: Sequence[str]) -> list[str]:
    """The names under which a ``.keras`` file saves layers of these classes.

    >>> saved_names(["InputLayer", "Dense", "MaxPooling2D", "Dense"])
    ['input_layer', 'dense', 'max_pooling2d', 'dense_1']
    """
    snakes = [_snake_case(name) for name in classes]
    earlier = [snakes[:number].count(snake) for number, snake in enumerate(snakes)]
    return [f"{snake}_{count}" if count else snake for snake, count in zip(snakes, earlier, strict=True)]


def _snake_case(name: str) -> str:
    spaced = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()


@dataclass(frozen=True, slots=True)
class KerasArchiveWeights:
    """The weights of a ``.keras`` file, from the HDF5 file inside it."""

    content: Hdf5

    def of(self, path: LayerPath) -> list[Array]:
        """The weights ``layers/.../vars/0``, ``1``, ... of one layer."""
        place = "".join(f"layers/{layer.saved}/" for layer in path) + "vars"
        name = self.content.attribute(place, "name")
        if name not in (None, path[-1].name):
            raise InputError(f"weights {shown(place)}: expected those of {shown(path[-1].name)}, found {shown(name)}")
        return list(self._numbered(place))

    def _numbered(self, place: str) -> Iterator[Array]:
        number = 0
        while (array := self.content.arrays.get(f"{place}/{number}")) is not None:
            yield array
            number += 1


@dataclass(frozen=True, slots=True)
class H5Weights:
    """The weights of a ``.h5`` file of a whole model."""

    content: Hdf5

    def of(self, path: LayerPath) -> list[Array]:
        """The weights of one layer, in the order in which the group of its outermost model lists them."""
        group = f"model_weights/{path[0].name}"
        names = self._listed(group)
        if len(path) > 1:
            names = [name for name in names if name.split("/")[-2:-1] == [path[-1].name]]
            if len({name.split("/")[-1] for name in names}) < len(names):
                raise InputError("expected layers of different names inside models, found two; save it as .keras")
        return [self._array(f"{group}/{name}") for name in names]

    def _listed(self, group: str) -> list[str]:
        names = self.content.attribute(group, "weight_names")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise InputError(f"group {shown(group)}: expected the names of its weights, found none")
        return names

    def _array(self, place: str) -> Array:
        if place not in self.content.arrays:
            raise InputError(f"weights {shown(place)}: expected an array of numbers, found none")
        return self.content.arrays[place]
