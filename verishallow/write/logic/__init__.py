"""The theorem and the claims for provers: Coq and SMT-LIB."""
