"""How a window moves over the spatial axes, in a convolution or a pooling layer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from verishallow.read.keras.settings import Settings


@dataclass(frozen=True, slots=True)
class SlidingWindow:
    """Strides, dilations and padding."""

    strides: Sequence[int]
    dilations: Sequence[int]
    padding: str = "valid"

    @classmethod
    def of(cls, settings: Settings, axes: int) -> "SlidingWindow":
        """The window of a convolution over this many spatial axes."""
        choices = ("valid", "same", "causal") if axes == 1 else ("valid", "same")
        strides, dilations = settings.sizes("strides", axes), settings.sizes("dilation_rate", axes)
        return cls(strides, dilations, settings.choice("padding", choices, "valid"))

    def attributes(self, sizes: Sequence[int]) -> dict[str, Any]:
        """The attributes of ONNX's operator for a window of these sizes."""
        attributes = {"kernel_shape": list(sizes), "strides": list(self.strides)}
        if any(dilation != 1 for dilation in self.dilations):
            attributes |= {"dilations": list(self.dilations)}
        if self.padding == "causal":
            return attributes | {"pads": [self.dilations[0] * (sizes[0] - 1), 0]}
        return attributes | {"auto_pad": "SAME_UPPER" if self.padding == "same" else "VALID"}

    def transposed_attributes(self, sizes: Sequence[int]) -> dict[str, Any]:
        """The attributes of ONNX's transposed operator, whose output has ``stride`` times the input's size, or more.

        It is larger by what a window reaches beyond its stride, unless the padding is "same"; where a stride reaches
        beyond its window, zeros fill the rest.
        """
        reach = [(size - 1) * step + 1 for size, step in zip(sizes, self.dilations, strict=True)]
        beyond = [max(size - stride, 0) if self.padding == "same" else 0 for size, stride in self._over(reach)]
        low = [total // 2 for total in beyond]
        high = [total - total // 2 for total in beyond]
        rest = [max(stride - size, 0) for size, stride in self._over(reach)]
        steps = {"strides": list(self.strides), "dilations": list(self.dilations)}
        return {"kernel_shape": list(sizes), "pads": [*low, *high], "output_padding": rest} | steps

    def _over(self, reach: Sequence[int]) -> list[tuple[int, int]]:
        return list(zip(reach, self.strides, strict=True))
