"""Properties of networks decided exactly, without listing regions."""
