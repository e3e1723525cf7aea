"""What a certificate can claim, one file per claim or construction, and the list of all of them."""
