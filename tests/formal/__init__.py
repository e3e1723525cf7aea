"""The formal development of proofs/formal: it compiles, its checker agrees with ours, Coq accepts what is exported."""
