"""The three-layer network in files of other frameworks: ONNX, torch, NumPy."""
