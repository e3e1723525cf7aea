"""Coq: a file that ends in a theorem about the network of a certificate, proved with proofs/formal alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from verishallow.certificate.certificate import Certificate
from verishallow.claims.equality import CELLS
from verishallow.claims.gated import GATED
from verishallow.errors import InputError
from verishallow.records.spelling import Record
from verishallow.write.logic.coq_terms import definition, forms, network, tree_definitions
from verishallow.write.provenance import comment

SUPPORTED = (
    "equality with the construction cells (boundary exact or ignore) or gated, two units per output, and regions; "
    "on a slice or not"
)

EVERYWHERE = "forall x, length x = {n}%nat -> closed domain x -> {claim}"
"""For all x in D, in Coq."""

REGIONS = """\
exists regions : list (list form), N.of_nat (length regions) = {leaves}%N
  /\\ (forall r, In r regions ->
        (forall x, closed r x -> closed domain x) /\\ exists w, length w = {n}%nat /\\ inside_of r w)
  /\\ (forall x, closed domain x -> exists r, In r regions /\\ closed r x)
  /\\ (forall r j i, In r regions -> keeps_sign f inputs r j i)
  /\\ ForallOrdPairs (fun a b => exists j i, (forall x, inside_of a x -> 0 < pre_activation f inputs j i x)
                                     /\\ (forall x, inside_of b x -> pre_activation f inputs j i x < 0)) regions"""
"""The activation regions: they have interior points and cover D, every neuron keeps its sign on each, and any two are
separated by some neuron."""


@dataclass(frozen=True, slots=True)
class Theorem:
    """What the verified checker proves of one kind of certificate.

    ``claim`` and ``lemma`` are the checker's claim and the theorem about it in proofs/formal, with arguments up to the
    certificate; ``shallow`` is the three-layer network ("" if there is none); ``words`` are the statement in English.
    """

    name: str
    claim: str
    shallow: str
    statement: str
    lemma: str
    words: str


def coq(certificate: Certificate) -> bytes:
    """A Coq file with a certificate's network, domain and tree, whose last line is the theorem that it proves.

    Coq 8.16 accepts it once proofs/formal is compiled: ``make -C proofs/formal``, then ``coqc -Q
    proofs/formal/build Verishallow FILE.v``; its kernel runs the verified checker on the tree (490 regions take
    8 s; for 21,130 Coq was stopped after minutes, in 4 GB: run ``verified_check`` on such). Raises
    :class:`~verishallow.errors.InputError` for claims and constructions that proofs/formal does not treat.

    >>> from verishallow import ReLUNetwork, prove
    >>> text = coq(prove(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])]))).decode()
    >>> print(text.splitlines()[-1].partition(". ")[0])
    Theorem deep_is_shallow : forall x, length x = 1%nat -> closed domain x -> equal_at shallow f x
    """
    _require_supported(certificate)
    return "\n".join([*_head(certificate), *_definitions(certificate), *_conclusion(certificate), ""]).encode()


def _require_supported(certificate: Certificate) -> None:
    found = _unsupported(certificate)
    if found:
        raise InputError(f"coq: expected a certificate of {SUPPORTED}; found {found}")


def _unsupported(certificate: Certificate) -> str:
    """A description of what the formal development does not treat; "" if it treats everything."""
    header = certificate.header
    if header["claim"] not in ("equality", "regions"):
        return f"the claim {header['claim']}"
    if header.get("construction", CELLS.name) not in (CELLS.name, GATED.name):
        return f"the construction {header['construction']}"
    if "low" in header:
        return "one unit per output"
    return "an incomplete certificate" if certificate.counts["open"] else ""


# --------------------------------------------------------------------------------------------- The file


def _head(certificate: Certificate) -> Iterator[str]:
    yield "(*"
    yield from comment(certificate, " ")
    yield "  Compile proofs/formal of verishallow (make), then: coqc -Q proofs/formal/build Verishallow THIS.v"
    yield "*)"
    yield "From Coq Require Import List QArith NArith ZArith."
    yield "From Verishallow Require Import Network Rationals Certificate Reasons Verified Gated Regions."
    yield "Import ListNotations."
    yield "Open Scope Q_scope."


def _definitions(certificate: Certificate) -> Iterator[str]:
    header = certificate.header
    yield "\n(** The deep network. *)"
    yield definition("f", "network", network(json.loads(certificate.lines[1])))
    yield "\n(** The domain: where these forms are at least 0. *)"
    yield definition("domain", "list form", forms(header["domain"]))
    yield from _inputs(header)
    yield "\n(** The tree of cells, with its reasons and units. *)"
    yield from tree_definitions("certificate", [json.loads(line) for line in certificate.lines[2:-1]])


def _inputs(header: Record) -> Iterator[str]:
    if "slice" in header:
        yield "\n(** The inputs of the network as forms of the parameters x of the slice. *)"
        yield definition("inputs", "list form", forms(header["slice"]))
    else:
        yield "\n(** The inputs of the network: the coordinates of x. *)"
        yield definition("inputs", "list form", f"identity {header['inputs']}")


def _conclusion(certificate: Certificate) -> Iterator[str]:
    theorem, n = _theorem(certificate), certificate.header["inputs"]
    if theorem.shallow:
        yield "\n(** The three-layer network that the certificate states. *)"
        yield definition("shallow", "three_layer", theorem.shallow.format(n=n))
    yield "\n(** The verified checker accepts it; leaves, faces and planes are counted. *)"
    yield definition("counted", "tally", _tally(certificate))
    yield f"Lemma accepted : check {n} inputs f domain {theorem.claim} false certificate = Some counted."
    yield "Proof. vm_cast_no_check (eq_refl (Some counted)). Qed."
    yield f"\n(** {theorem.words} *)"
    statement = theorem.statement.format(n=n, leaves=certificate.counts["leaves"])
    proof = f"{theorem.lemma.format(n=n)} certificate counted accepted"
    yield f"Theorem {theorem.name} : {statement}. Proof. exact ({proof}). Qed."


def _tally(certificate: Certificate) -> str:
    counts = certificate.counts
    planes = (
        counts["units"]["layer1"] // 2 - certificate.header["inputs"] if "units" in counts else _planes(certificate)
    )
    return f"Tally {counts['leaves']} {counts.get('faces', 0)} {planes}"


def _planes(certificate: Certificate) -> int:
    """The number of planes that a tree declares, where the end record does not give it."""
    return sum(len(json.loads(line).get("planes", ())) for line in certificate.lines[2:-1])


# ------------------------------------------------------------------------------------------ The theorem


def _theorem(certificate: Certificate) -> Theorem:
    header = certificate.header
    if header["claim"] == "regions":
        return COUNTED
    if header["boundary"] == "ignore":
        return MULTIPLE
    gated, sliced = header["construction"] == GATED.name, "slice" in header
    return _equality(gated, sliced)


def _equality(gated: bool, sliced: bool) -> Theorem:
    """The theorem f = S on the domain, of the inputs or of the parameters of a slice."""
    prefix = "gated_certificate_is_equality" if gated else "certificate_is_equality"
    return Theorem(
        name="deep_is_shallow_on_slice" if sliced else "deep_is_shallow",
        claim="GatedUnits" if gated else "Exact",
        shallow="gated_network {n} inputs domain f certificate" if gated else "stated_network {n} f certificate",
        statement=EVERYWHERE.replace("{claim}", SLICED if sliced else "equal_at shallow f x"),
        lemma=f"{prefix}_on_slice {{n}} inputs f domain" if sliced else f"{prefix} {{n}} f domain",
        words="f(x) = S(x) for all x in the domain; both are defined, and no sum is inf - inf.",
    )


SLICED = "exists y, evaluate shallow x = Some (map finite y) /\\ Forall2 Qeq y (run f (values inputs x))"
MULTIPLE = Theorem(
    name="shallow_is_a_multiple",
    claim="Ignore",
    shallow="stated_network {n} f certificate",
    statement=EVERYWHERE.replace(
        "{claim}",
        "exists y k, (1 <= k)%nat /\\ evaluate shallow x = Some (map finite y) "
        "/\\ Forall2 Qeq y (map (fun v => inject_Z (Z.of_nat k) * v) (run f (values inputs x)))",
    ),
    lemma="certificate_is_multiple {n} inputs f domain",
    words="S(x) = k f(x) for all x in the domain, k >= 1 the number of closed cells that contain x.",
)
COUNTED = Theorem(
    name="activation_regions_are_counted",
    claim="Regions",
    shallow="",
    statement=REGIONS,
    lemma="regions_are_counted f {n} inputs domain Regions ltac:(discriminate)",
    words="The activation regions of f on the domain: this many cells with interior points cover it, every neuron\n"
    "    keeps its sign on each, and of any two some neuron is positive inside the one and negative inside the other.",
)
