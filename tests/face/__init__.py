"""What the Python face takes and refuses, and how it shows itself."""
