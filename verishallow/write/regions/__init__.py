"""The regions in formats of other tools: cddlib, polymake, Graphviz, tables."""
