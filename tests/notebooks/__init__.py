"""The articles of notebooks/: NAME.py is the source, NAME.ipynb the same, executed. ``python -m tests.notebooks``."""
