"""From a certificate to a verdict."""

from os import PathLike

from verishallow import checker, fast_checker
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.records.spelling import network_record


def check(
    path: str | PathLike[str],
    network: ReLUNetwork | None = None,
    other: ReLUNetwork | None = None,
    claim: str | None = None,
) -> checker.Verdict:
    """The verdict of the fast checker on a certificate file, by the rules of the stand-alone checker.

    If a ``network`` is given (for the claim "equal" also ``other``), a certificate about another network is invalid; if
    a ``claim`` is given, so is one of another claim.

    Raises :class:`~verishallow.errors.InputError` only if the file cannot be opened.

    >>> check("no-such-certificate.jsonl.gz")
    Traceback (most recent call last):
    verishallow.errors.InputError: no-such-certificate.jsonl.gz: cannot be opened (No such file or directory)
    """
    record, twin = (None if given is None else network_record(given) for given in (network, other))
    try:
        return fast_checker.check(path, network=record, other=twin, claim=claim)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror})") from error
