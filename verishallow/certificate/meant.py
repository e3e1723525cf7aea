"""What callers mean by a function, or by a certificate: an object, or the name of its file."""

import os
from typing import Any

from verishallow.certificate.certificate import Certificate
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.read import load
from verishallow.read.files import is_certificate
from verishallow.read.places import shown


def function_of(source: Any) -> ReLUNetwork | Certificate:
    """A certificate, or the network that :func:`verishallow.load` reads; the file of a certificate is read as one.

    Raises :class:`~verishallow.errors.InvalidCertificateError` where that file is not valid, and
    :class:`~verishallow.errors.InputError` for what is neither.

    >>> function_of(3)
    Traceback (most recent call last):
    verishallow.errors.InputError: expected the name of a file, or a model of keras, sklearn, torch, found int 3
    """
    if isinstance(source, Certificate):
        return source
    return Certificate.read(source) if _names_certificate(source) else load(source)


def certificate_of(source: Any) -> Certificate:
    """A certificate itself, or that in a file, which must be valid.

    >>> certificate_of("no-such.cert.jsonl.gz")
    Traceback (most recent call last):
    verishallow.errors.InputError: no-such.cert.jsonl.gz: cannot be opened (No such file or directory)
    """
    if isinstance(source, Certificate):
        return source
    if not isinstance(source, str | os.PathLike):
        raise InputError(
            f"expected a certificate or the name of its file, found {type(source).__name__} {shown(source)}"
        )
    return Certificate.read(source)


def _names_certificate(source: Any) -> bool:
    return isinstance(source, str | os.PathLike) and is_certificate(source)
