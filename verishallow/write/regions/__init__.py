"""The regions for other tools: cddlib, polymake, Graphviz, tables."""
