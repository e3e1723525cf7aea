"""Which engine suits a number of inputs."""

MANY_INPUTS = 7
"""With this many inputs or more, a cell has too many faces to list."""


def best_engine(inputs: int) -> str:
    """The engine for networks with this number of inputs: "lattice" for few, "tree" for many.

    >>> best_engine(6), best_engine(7)
    ('lattice', 'tree')
    """
    return "tree" if inputs >= MANY_INPUTS else "lattice"
