"""Disjoint sets (union-find)."""

from collections.abc import Iterable


class Components:
    """Disjoint sets of the numbers 0, ..., size - 1.

    >>> sets = Components(3)
    >>> sets.merge(0, 2)
    >>> sets.count(), sets.root(0) == sets.root(2)
    (2, True)
    """

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def grow(self, more: int) -> int:
        """So many more sets of one member each; the number of the first."""
        first = len(self._parent)
        self._parent.extend(range(first, first + more))
        return first

    def root(self, member: int) -> int:
        """The representative of a member's set."""
        while self._parent[member] != member:
            self._parent[member] = member = self._parent[self._parent[member]]
        return member

    def merge(self, one: int, other: int) -> None:
        """Make the sets of two members one."""
        self._parent[self.root(one)] = self.root(other)

    def count(self) -> int:
        """The number of sets."""
        return sum(parent == member for member, parent in enumerate(self._parent))

    def numbers(self) -> tuple[list[int], int]:
        """For each member the number of its set, in the order of their first members; and how many there are."""
        found: dict[int, int] = {}
        return [found.setdefault(self.root(member), len(found)) for member in range(len(self._parent))], len(found)


def components_of(size: int, pairs: Iterable[tuple[int, int]]) -> tuple[list[int], int]:
    """For each of ``size`` members the number of its component when these pairs are joined, and how many there are."""
    joined = Components(size)
    for one, other in pairs:
        joined.merge(one, other)
    return joined.numbers()
