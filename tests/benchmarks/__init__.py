"""Speed and counts, each figure beside a peer or a limit measured in the same run: ``python -m tests.benchmarks``."""
