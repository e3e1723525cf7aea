"""Cases of the rule ``header``: what is claimed, and on which domain."""

from typing import Any

from tests.checker.case import table
from tests.checker.editing import EndSealed, Records, Unsealed, again, counted, drop, insert, put, swap, unchanged

FIELDS = (
    "boundary", "construction", "domain", "format", "inputs", "network_sha256", "outputs", "version",
)  # fmt: skip

VALUES: tuple[tuple[str, str, Any, str], ...] = (
    ("another format", "format", "certificate", "format 'certificate' is unknown"),
    ("a format that is no text", "format", ["verishallow-certificate"], "is unknown"),
    ("version 2", "version", 2, "version 2 is unknown"),
    ("version 0", "version", 0, "version 0 is unknown"),
    ("version true", "version", True, "version True is unknown"),
    ("version as a text", "version", "1", "version '1' is unknown"),
    ("another claim", "claim", "inequality", "claim 'inequality' is unknown"),
    ("no claim", "claim", None, "claim None is unknown"),
    ("another construction", "construction", "cell", "construction 'cell' is unknown"),
    ("another boundary", "boundary", "some", "boundary 'some' is unknown"),
    ("a boundary in an array", "boundary", ["exact"], "boundary ['exact'] is unknown"),
    ("no inputs", "inputs", 0, "inputs and outputs must be at least 1"),
    ("no outputs", "outputs", 0, "inputs and outputs must be at least 1"),
    ("a negative number of inputs", "inputs", -1, "inputs is -1, not a natural number"),
    ("a negative number of outputs", "outputs", -1, "outputs is -1, not a natural number"),
    ("true inputs", "inputs", True, "inputs is True, not a natural number"),
    ("true outputs", "outputs", True, "outputs is True, not a natural number"),
    ("inputs as a text", "inputs", "1", "inputs is '1', not a natural number"),
    ("null outputs", "outputs", None, "outputs is None, not a natural number"),
    ("two inputs for one", "inputs", 2, "a weight row of layer 1 has 1 entries, expected 2"),
    ("a huge number of inputs", "inputs", 10**14, "a weight row of layer 1 has 1 entries"),
    ("two outputs for one", "outputs", 2, "the last layer has 1 neurons, expected 2 outputs"),
    ("no array of rows", "domain", None, "domain is not an array"),
    ("an object of rows", "domain", {}, "domain is not an array"),
    ("a row that is no array", "domain", ["1"], "a row of the domain is not an array"),
    ("a row too short", "domain", [["1"]], "a row of the domain has 1 entries, expected 2"),
    ("a row too long", "domain", [["1", "1", "1"]], "a row of the domain has 3 entries, expected 2"),
    ("a row without a linear part", "domain", [["1", "0"]], "a row of the domain has no linear part"),
    ("a false row", "domain", [["-1", "0"]], "a row of the domain has no linear part"),
    ("a row of zeros", "domain", [["0", "0"]], "a row of the domain has no linear part"),
    ("a row that is not primitive", "domain", [["4", "2"]], "a row of the domain is not primitive"),
    ("a row of fractions", "domain", [["1/2", "1"]], "a row of the domain has an entry that is not an integer"),
    ("a row of bare integers", "domain", [[1, 1]], "1 is not a canonical rational"),
    ("a domain without a witness", "domain", [["-2", "1"]], "not strictly inside constraint 0"),
    ("a flat domain", "domain", [["0", "1"], ["0", "-1"]], "not strictly inside constraint 1"),
    ("an empty domain", "domain", [["-1", "1"], ["-1", "-1"]], "not strictly inside constraint"),
)


def second_output(records: Records) -> None:
    """The header of "bend" claims a second output, and the maps say that it is 7."""
    records[0]["outputs"] = 2
    for leaf in records[4:6]:
        leaf["map"].append(["7", "0"])


REJECTED = [
    *((f"without {name}", "bend", drop(f"header/{name}"), f"the field {name} is missing") for name in FIELDS),
    *((name, "bend*", put(f"header/{field}", value), reason) for name, field, value, reason in VALUES),
    ("without claim", "bend", drop("header/claim"), "claim None is unknown"),
    ("an unknown field", "bend*", put("header/note", ""), "the field 'note' is unknown"),
    ("a field with a line feed", "bend", put("header/a\nb", ""), "the field 'a\\nb' is unknown"),
    ("the network first", "bend", swap("header", "network"), "line 1 (network): expected the header record"),
    ("a header of another kind", "bend*", put("header/record", "head"), "line 1 (head): expected the header record"),
    ("a network of another kind", "bend*", put("network/record", "layers"), "(layers): expected the network record"),
    ("no header", "bend", drop("header"), "line 1 (network): expected the header record"),
    ("a header twice", "bend", again("header"), "line 2 (header): expected the network record"),
    ("exact claimed of an ignored boundary", "bend, boundary ignored", put("header/boundary", "exact"), "strict"),
    ("ignored claimed of an exact boundary", "bend", put("header/boundary", "ignore"), "the field 'strict' is unknown"),
    ("the hash of another network", "bend*", Unsealed(put("header/network_sha256", "0" * 64)), "network_sha256"),
    ("no text for a hash", "bend", Unsealed(put("header/network_sha256", 0)), "network_sha256 is another"),
    (
        "the hash of another network, the end sealed",
        "bend*",
        EndSealed(put("header/network_sha256", "0" * 64)),
        "the header's network_sha256 is another",
    ),
    ("two outputs for one, with maps to match", "bend*", counted(second_output), "has 1 neurons, expected 2 outputs"),
    ("a row of the domain moved inwards", "cross*", put("header/domain/0/0", "1"), "strictly inside constraint 0"),
    ("a row of the domain turned round", "cross*", put("header/domain/0", ["-2", "-1", "0"]), "inside constraint 0"),
    ("a row of the domain dropped", "cross", drop("header/domain/3"), "line 6 (leaf)"),
    ("a row of the domain inserted", "cross", insert("header/domain/0", ["9", "1", "1"]), "face [5] is neither listed"),
]

ACCEPTED = [
    ("a domain of no rows", "bend*", unchanged),
    ("a domain that is wider", "cross*", put("header/domain/0/0", "3")),
    ("rows of the domain exchanged", "cross*", swap("header/domain/0", "header/domain/1")),
    ("rows of the domain twice", "affine", again("header/domain/0")),
    ("a row of the domain dropped where no reason needs it", "affine", drop("header/domain/3")),
    ("a row of the domain inserted that others imply", "affine", insert("header/domain/0", ["9", "1", "1"])),
]

CASES = table("header", accepted=ACCEPTED, rejected=REJECTED)
