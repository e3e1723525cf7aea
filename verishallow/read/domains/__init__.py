"""Domains: boxes, balls, polyhedra, their unions, slices, and the points that are asked about."""
