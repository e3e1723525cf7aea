"""The records of a certificate: how they are spelled, written and walked."""
