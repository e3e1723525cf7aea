"""The three-layer network as files of other frameworks: ONNX, torch, NumPy."""
