"""Keras 3 models and files, through the same builder as ONNX graphs."""
