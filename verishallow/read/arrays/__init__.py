"""Networks that are named arrays: NumPy's files, safetensors, scikit-learn's perceptrons."""
