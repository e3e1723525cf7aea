"""The certificate appendix in LaTeX."""
