"""NumPy's ``.npz`` archives of dense layers."""

from verishallow.errors import InputError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read.arrays.archives import members
from verishallow.read.arrays.exact_arrays import Array
from verishallow.read.arrays.named_layers import network_from_arrays
from verishallow.read.arrays.npy import npy_array
from verishallow.read.places import shown, within


def network_from_npz(data: bytes) -> ReLUNetwork:
    """The network whose weights an ``.npz`` file holds, named as :mod:`~verishallow.read.arrays.named_layers` says.

    ``W1, b1, W2, b2, ...``: one row per output, ReLU between the layers; every float is read exactly.
    Raises :class:`~verishallow.errors.NetworkError`.

    >>> import io, numpy
    >>> stream = io.BytesIO()
    >>> numpy.savez(stream, W1=numpy.array([[1.0], [-1.0]]), b1=numpy.array([0.0, 0.5]), W2=numpy.array([[1.0, 1.0]]))
    >>> network_from_npz(stream.getvalue())(["1/3"])
    (mpq(1,2),)
    """
    try:
        return network_from_arrays(arrays_of_npz(data))
    except InputError as error:
        raise NetworkError(str(error)) from error


def arrays_of_npz(data: bytes) -> dict[str, Array]:
    """The arrays of an ``.npz`` file by their names."""
    return {name.removesuffix(".npy"): _array(name, content) for name, content in members(data).items()}


def _array(name: str, content: bytes) -> Array:
    with within(f"member {shown(name)}"):
        return npy_array(content)
