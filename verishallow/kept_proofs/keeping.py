"""A certificate in a file: checked again, or proved and rewritten."""

import shutil
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from tempfile import TemporaryFile

from verishallow import checker
from verishallow.errors import InputError, ProofError, RefutedError, StaleProofError
from verishallow.kept_proofs.changes import changes, in_words, outdated
from verishallow.kept_proofs.statement import Statement
from verishallow.proof import proof_lines, refuted_inside
from verishallow.records.lines import write_lines
from verishallow.whole_file import written_whole


def check_kept(path: str | PathLike[str], statement: Statement) -> checker.Verdict:
    """The stand-alone checker's verdict "valid" on a file that proves exactly this statement; nothing is enumerated.

    Otherwise raises :class:`~verishallow.errors.StaleProofError`: for no file, an invalid or incomplete one, or one
    about another network, domain or claim. Only if a network has changed is the difference searched for.

    >>> from tempfile import TemporaryDirectory
    >>> from verishallow import Polyhedron, ReLUNetwork
    >>> from verishallow.kept_proofs.statement import claim_named
    >>> folder, modulus = TemporaryDirectory(), ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> statement = Statement(modulus, Polyhedron.whole_space(1), claim_named("regions"), regions=2)
    >>> _ = keep_proof(folder.name + "/modulus", statement)
    >>> check_kept(folder.name + "/modulus", statement).kind
    'valid'
    >>> folder.cleanup()
    """
    try:
        found = proving(path, statement)
        if found is not None:
            return found
        verdict = checker.check(path)
    except FileNotFoundError:
        raise StaleProofError("there is no certificate yet") from None
    except OSError as error:
        raise InputError(f"the certificate cannot be opened: {error.strerror}") from error
    raise StaleProofError(
        outdated(path, verdict.header, statement) if verdict.kind == "valid" else f"the certificate is {verdict}"
    )


def check_or_keep(path: str | PathLike[str], statement: Statement) -> tuple[checker.Verdict, bool]:
    """The verdict on a file that proves this statement, and whether it had to be written first."""
    try:
        found = proving(path, statement)
    except FileNotFoundError:
        found = None
    except OSError as error:
        raise InputError(f"the certificate cannot be opened: {error.strerror}") from error
    return (keep_proof(path, statement), True) if found is None else (found, False)


def proving(path: str | PathLike[str], statement: Statement) -> checker.Verdict | None:
    """The verdict "valid" on a file that proves exactly this statement; ``None`` for any other file.

    Raises :class:`~verishallow.errors.StaleProofError` if it proves another number of regions than expected, and
    OSError if it cannot be opened.
    """
    verdict = checker.check(path, **statement.expected())
    if verdict.kind != "valid" or changes(verdict.header, statement):
        return None
    _require_count(verdict, statement)
    return verdict


def keep_proof(path: str | PathLike[str], statement: Statement, engine: str = "auto") -> checker.Verdict:
    """Prove a statement, and write its certificate after the stand-alone checker has found it valid.

    The file and its folder appear whole or not at all. Raises :class:`~verishallow.errors.RefutedError`, with a point,
    if the claim does not hold, and :class:`~verishallow.errors.StaleProofError` for another number of regions than
    expected.
    """
    with TemporaryFile() as draft:
        try:
            write_lines(_lines(statement, engine), draft)
        except RefutedError as refuted:
            inside = refuted_inside(refuted, statement.network, statement.claim, statement.part)
            raise in_words(inside, statement) from None
        draft.seek(0)
        verdict = checker.check_lines(checker.lines_of(checker.chunks_of(draft)), **statement.expected())
        if verdict.kind != "valid":
            raise ProofError(f"the checker refuses a new proof: {verdict}")
        _require_count(verdict, statement)
        draft.seek(0)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as file:
            shutil.copyfileobj(draft, file)
    return verdict


def _lines(statement: Statement, engine: str) -> Iterator[bytes]:
    return proof_lines(statement.network, statement.domain, statement.claim, engine, on_slice=statement.slice)


def _require_count(verdict: checker.Verdict, statement: Statement) -> None:
    found = verdict.counts.get("activation_regions")
    if statement.regions not in (None, found):
        raise StaleProofError(
            f"expected {statement.regions} activation regions, found {found}, which is proved",
            renewable=False,
        )
