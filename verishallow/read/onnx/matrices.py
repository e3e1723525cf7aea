"""Matrix products."""

from verishallow.errors import NetworkError
from verishallow.read.onnx.node import Node, Operator, Table
from verishallow.read.onnx.tensors import Tensor, broadcast, common_shape, matmul, multiplied, total, transposed


def _matmul(node: Node) -> Tensor:
    return matmul(*node.tensors)


def _gemm(node: Node) -> Tensor:
    (first, second), bias = node.tensors[:2], node.inputs[2]
    for factor in (first, second):
        _require_rank_two(factor)
    alpha, beta = node.exact("alpha"), node.exact("beta")
    first = transposed(first) if node.attributes["transA"] else first
    second = transposed(second) if node.attributes["transB"] else second
    # The factor goes to a constant, which has fewer terms.
    first, second = (multiplied(first, alpha), second) if first.is_constant() else (first, multiplied(second, alpha))
    product = matmul(first, second)
    return product if bias is None else _added_bias(product, multiplied(bias, beta))


def _require_rank_two(factor: Tensor) -> None:
    if len(factor.shape) != 2:
        raise NetworkError(f"expected factors of rank 2, found shape {list(factor.shape)}")


def _added_bias(product: Tensor, bias: Tensor) -> Tensor:
    if common_shape(product.shape, bias.shape) != product.shape:
        raise NetworkError(f"shape {list(bias.shape)} of C cannot be broadcast to {list(product.shape)}")
    return total(product, broadcast(bias, product.shape))


OPERATORS: Table = {
    "Gemm": Operator(_gemm, 2, 3, {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0}),
    "MatMul": Operator(_matmul, 2, 2),
}
