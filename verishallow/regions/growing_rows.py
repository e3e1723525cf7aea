"""Arrays to which rows are appended repeatedly."""

from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Entry = TypeVar("Entry", bound=np.generic)


class GrowingRows(Generic[Entry]):
    """The rows of an array, with spare room: on average each row is copied a bounded number of times.

    >>> growing = GrowingRows(np.array([[1, 2]]))
    >>> growing.append(np.array([[3, 4], [5, 6]])).tolist()
    [[1, 2], [3, 4], [5, 6]]
    """

    def __init__(self, rows: NDArray[Entry]) -> None:
        self._room, self._length = rows, len(rows)

    @property
    def rows(self) -> NDArray[Entry]:
        """All rows so far, as a view: writing into them changes the array."""
        return self._room[: self._length]

    def append(self, more: NDArray[Entry]) -> NDArray[Entry]:
        """Append rows; return all rows."""
        start, end = self._length, self._length + len(more)
        if end > len(self._room):
            longer: NDArray[Any] = np.empty((2 * end, *more.shape[1:]), more.dtype)
            longer[:start] = self.rows
            self._room = longer
        self._room[start:end] = more
        self._length = end
        return self.rows
