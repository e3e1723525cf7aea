"""Domains: boxes, balls, polyhedra and their unions; slices; and points."""
