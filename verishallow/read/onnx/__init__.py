"""ONNX graphs of piecewise-linear operators, read exactly."""
