"""Proofs that are kept beside tests, and checked again in every run."""
