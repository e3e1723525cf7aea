"""From a certificate to a verdict."""

from os import PathLike, fspath
from typing import Protocol

from verishallow import checker, fast_checker
from verishallow.errors import InputError
from verishallow.read import load
from verishallow.read.places import shown
from verishallow.read.sources import Model
from verishallow.records.spelling import network_record


class HasLines(Protocol):
    """A certificate as one object."""

    @property
    def lines(self) -> tuple[bytes, ...]:
        """Its records."""


def check(
    certificate: str | PathLike[str] | HasLines,
    network: Model = None,
    other: Model = None,
    claim: str | None = None,
    boundary: str | None = None,
    unsafe: str | PathLike[str] | None = None,
) -> checker.Verdict:
    """The verdict on a certificate, or on the file of one.

    With a ``network`` (or two, of the claim "equal"), each a network, its file or a model, the certificate must be
    about that very one; where a ``claim`` or a ``boundary`` is named, a certificate of another one is invalid, and the
    claim "equality" is exact if no boundary is named. With ``unsafe``, a VNN-LIB file, it must be about that property,
    domain included. The fast checker reads it, by the rules of the stand-alone one.
    Raises :class:`~verishallow.errors.InputError` only where a file cannot be opened.

    >>> check("no-such-certificate.jsonl.gz")
    Traceback (most recent call last):
    verishallow.errors.InputError: no-such-certificate.jsonl.gz: cannot be opened (No such file or directory)
    """
    about = (None if given is None else network_record(load(given)) for given in (network, other))
    expected = {**dict(zip(("network", "other"), about, strict=True)), "claim": claim, "boundary": boundary}
    if unsafe is not None:
        # Only who compares with a file waits for its reader.
        from verishallow.read.properties.vnnlib import read_property  # noqa: PLC0415

        expected |= {**read_property(fspath(unsafe)).expected(), "claim": claim or "property"}
    if not isinstance(certificate, str | PathLike):
        lines = getattr(certificate, "lines", None)
        if lines is None:
            raise InputError(f"check: expected a certificate or the name of its file, found {shown(certificate)}")
        return fast_checker.check_lines(lines, **expected)
    try:
        return fast_checker.check(certificate, **expected)
    except OSError as error:
        raise InputError(f"{certificate}: cannot be opened ({error.strerror})") from error
