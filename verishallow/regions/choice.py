"""Which engine suits a number of inputs."""

MANY_INPUTS = 7
"""From so many inputs on, a cell has more faces than anyone wants to list."""


def best_engine(inputs: int) -> str:
    """The engine for networks with so many inputs: "lattice" for few, "tree" for many.

    >>> best_engine(6), best_engine(7)
    ('lattice', 'tree')
    """
    return "tree" if inputs >= MANY_INPUTS else "lattice"
