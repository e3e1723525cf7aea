"""What a picture shows, and the line below it."""

from dataclasses import dataclass

from verishallow.rationals import counted
from verishallow.show.plot.matplotlib_parts import Figure
from verishallow.show.plot.style import MUTED

EXACT = "Exact inside, rounded only where drawn."


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture shows."""

    inputs: int
    regions: int
    pieces: int
    shown: str
    note: str

    @property
    def caption(self) -> str:
        """A line below the picture."""
        regions, pieces = counted(self.regions, "activation region"), counted(self.pieces, "affine piece")
        return " ".join(part for part in (f"{regions}, {pieces} on {self.shown}.", self.note, EXACT) if part)


def say(figure: Figure, caption: str) -> None:
    """Write the line below a picture, in several lines where it is long."""
    figure.supxlabel(_wrapped(caption), fontsize=6.5, color=MUTED, x=0.01, ha="left")


def _wrapped(text: str, width: int = 110) -> str:
    """A text in lines of about this many characters."""
    found = [""]
    for word in text.split(" "):
        if len(found[-1]) + len(word) > width:
            found.append(word)
        else:
            found[-1] += f" {word}" if found[-1] else word
    return "\n".join(found)
