"""What a paper needs: an appendix, a figure, numbers, a citation, ancillary files."""
