"""How many hidden layers a function needs; functions of one input, knot by knot."""
