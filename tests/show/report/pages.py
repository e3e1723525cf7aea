"""Certificates of small networks for reports, and what a page carries."""

import base64
import gzip
import json
import re
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

from verishallow.certificate.certificate import Certificate
from verishallow.network import ReLUNetwork
from verishallow.proof import prove


def random_network(widths: tuple[int, ...], seed: int = 0) -> ReLUNetwork:
    choose = Random(seed).randint
    return ReLUNetwork.of(
        (
            [[f"{choose(-31, 31)}/16" for _ in range(inputs)] for _ in range(outputs)],
            [f"{choose(-31, 31)}/16" for _ in range(outputs)],
        )
        for inputs, outputs in pairwise(widths)
    )


@cache
def certificate_of(widths: tuple[int, ...], domain: str | None = None) -> Certificate:
    return prove(random_network(widths), domain)


def carried(page: bytes, identity: str) -> bytes:
    """What a page carries, compressed, under an id."""
    found = re.search(rf'<script type="application/gzip" id="{identity}">([^<]*)</script>', page.decode())
    assert found
    return gzip.decompress(base64.b64decode(found[1]))


def regions_of(page: bytes) -> Any:
    return json.loads(carried(page, "data-regions"))
