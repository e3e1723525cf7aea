"""A clear error for a certificate of a property where a command needs regions, or a three-layer network."""

from pathlib import Path

from verishallow.errors import InputError
from verishallow.show.verified import verification_in


def refuse_verification(path: Path, command: str, instead: str) -> None:
    """Raise where a file is a certificate of a property or of a counterexample, and a command asks what it has not."""
    found = verification_in(path)
    if found is not None:
        raise InputError(f"{command}: this certificate claims a {found.claim} of a network: {instead}")
