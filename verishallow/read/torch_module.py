"""Torch modules, through torch's own exporter to ONNX."""

import copy
import io
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from verishallow.errors import InputError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read.arrays.exact_arrays import require_sizes
from verishallow.read.onnx.network import network_from_onnx
from verishallow.read.places import reason_of, shown, within

Shape = Sequence[int] | Sequence[Sequence[int]]


def network_from_torch(module: Any, *, shape: Shape | None = None, logits: bool = False) -> ReLUNetwork:
    """The exact network of a torch module, as the ONNX file of :func:`onnx_of_torch` defines it."""
    data = onnx_of_torch(module, shape)
    with within(_name(module)):
        return network_from_onnx(data, logits=logits)


def onnx_of_torch(module: Any, shape: Shape | None = None) -> bytes:
    """The ONNX file that torch's exporter makes of a module in evaluation mode, or of an ExportedProgram.

    The module is traced by ``torch.export``, which refuses a branch that depends on the input's values, and nothing
    is folded or fused, so that every weight stays the number it is; a weight that a parametrisation computes of others
    (a normalised or orthogonal one) is the tensor that torch computes. (ONNX keeps slopes and epsilons in single
    precision.) ``shape`` is the shape of one input without the batch, or a list of shapes; by default the inputs of
    the first linear layer. Raises :class:`~verishallow.errors.NetworkError` where the module cannot be exported.
    """
    try:
        import onnxscript  # noqa: F401, PLC0415 - an extra, which torch's exporter needs
        import torch  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError(
            "reading torch modules needs the extra of that name: pip install 'verishallow[torch]'"
        ) from error
    with _quietly():
        if isinstance(module, torch.export.ExportedProgram):
            return _translated(torch, module)
        _require_readable(torch, module)
        with _in_evaluation_mode(module):
            plain = _with_plain_weights(torch, module)
            return _translated(torch, _exported(torch, plain, _examples(torch, plain, shape)))


@contextmanager
def _quietly() -> Iterator[None]:
    # What goes wrong is said once, by the error; the exporter's own log would say it many times.
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(action="ignore"), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            yield
    finally:
        logging.disable(disabled)


def _require_readable(torch: Any, module: Any) -> None:
    if isinstance(module, torch.jit.ScriptModule):
        raise NetworkError(
            f"{_name(module)}: a TorchScript module may have lost branches when it was traced; "
            "load the module it was made from, or torch.export's ExportedProgram"
        )
    with within(_name(module)):
        require_sizes(weight.numel() for weight in module.parameters())


@contextmanager
def _in_evaluation_mode(module: Any) -> Iterator[None]:
    modes = [(part, part.training) for part in module.modules()]
    try:
        with _refusing(module, "put into evaluation mode"):
            module.eval()
        yield
    finally:
        for part, training in modes:
            part.training = training


def _with_plain_weights(torch: Any, module: Any) -> Any:
    """A copy in which parametrised weights are the tensors that torch computes; the module itself if it has none."""
    parametrize = torch.nn.utils.parametrize
    if not any(parametrize.is_parametrized(part) for part in module.modules()):
        return module
    with _refusing(module, "copied to compute its parametrised weights"):
        plain = copy.deepcopy(module)
        for part in [part for part in plain.modules() if parametrize.is_parametrized(part)]:
            _make_plain(torch, part)
    return plain


def _make_plain(torch: Any, part: Any) -> None:
    """A part with the tensors themselves. (torch's own remove_parametrizations would change the original's class.)"""
    tensors = {name: getattr(part, name).detach() for name in part.parametrizations}
    part.__class__ = type(part).__bases__[0]
    del part.parametrizations
    for name, tensor in tensors.items():
        part.register_parameter(name, torch.nn.Parameter(tensor, requires_grad=False))


def _examples(torch: Any, module: Any, shape: Shape | None) -> tuple[Any, ...]:
    weight = next((each for each in module.parameters() if each.is_floating_point()), torch.empty(0))
    shapes = _shapes(_first_inputs(torch, module) if shape is None else shape)
    return tuple(torch.zeros((1, *sizes), dtype=weight.dtype, device=weight.device) for sizes in shapes)


def _first_inputs(torch: Any, module: Any) -> tuple[int]:
    first = next((part for part in module.modules() if any(True for _ in part.parameters(recurse=False))), None)
    if not isinstance(first, torch.nn.Linear):
        raise NetworkError(
            f"{_name(module)}: expected the shape of an input without the batch: load(module, shape=(...))"
        )
    return (first.in_features,)


def _shapes(shape: Any) -> list[tuple[int, ...]]:
    if _is_shape(shape):
        return [tuple(shape)]
    if isinstance(shape, list | tuple) and all(map(_is_shape, shape)):
        return [tuple(sizes) for sizes in shape]
    raise InputError(f"shape: expected positive integers, or a list of such shapes, found {shown(shape)}")


def _is_shape(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(type(size) is int and size > 0 for size in value)


def _exported(torch: Any, module: Any, examples: tuple[Any, ...]) -> Any:
    with _refusing(module, "traced by torch.export"):
        return torch.export.export(module, examples, strict=False)


def _translated(torch: Any, program: Any) -> bytes:
    with within(_name(program)):
        require_sizes(weight.numel() for weight in program.state_dict.values())
    with _refusing(program, "translated by torch's exporter to ONNX"):
        translated = torch.onnx.export(program, dynamo=True, optimize=False, verbose=False)
        data: bytes = translated.model_proto.SerializeToString()
    return data


@contextmanager
def _refusing(module: Any, what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # the module's own code may raise anything
        raise NetworkError(f"{_name(module)}: cannot be {what}: {reason_of(error)}") from error


def _name(module: Any) -> str:
    return type(module).__name__
