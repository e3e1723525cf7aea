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
    """The verdict on a certificate file; with a network (or two, of the claim "equal"), about that very one.

    Where a ``claim`` is named, a certificate of another one is invalid. The fast checker reads it, by the rules of the
    stand-alone one.

    Raises :class:`~verishallow.errors.InputError` only where the file cannot be opened.

    >>> check("no-such-certificate.jsonl.gz")
    Traceback (most recent call last):
    verishallow.errors.InputError: no-such-certificate.jsonl.gz: cannot be opened (No such file or directory)
    """
    record, twin = (None if given is None else network_record(given) for given in (network, other))
    try:
        return fast_checker.check(path, network=record, other=twin, claim=claim)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror})") from error
