"""The end of a command: a result becomes an exit code; a verdict and facts become a text or one JSON object."""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from functools import wraps
from itertools import product
from pathlib import Path
from typing import Any, NoReturn, ParamSpec

import typer

from verishallow import checker
from verishallow.affine import AffineForm
from verishallow.checker import interval
from verishallow.errors import IncompleteError, InputError, InvalidCertificateError, RefutedError, VerishallowError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import counted, format_rational, parse_rational
from verishallow.show.domains import closure_text, domain_text
from verishallow.show.tables import facts_table, rounded

Parameters = ParamSpec("Parameters")


def reporting(command: Callable[Parameters, int]) -> Callable[Parameters, NoReturn]:
    """Turn a command's result into its exit code, and any foreseen failure into one line on stderr."""

    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> NoReturn:
        try:
            code = command(*arguments, **options)
            sys.stdout.flush()
        except (InvalidCertificateError, RefutedError) as error:
            code = _complain(error, 1)
        except IncompleteError as error:
            code = _complain(error, 3)
        except BrokenPipeError:
            code = _unread()
        except (VerishallowError, OSError) as error:
            code = _complain(error, 2)
        except BrokenExecutor:
            code = _complain("stopped: a worker process ended before its work was done; no unfinished file is left", 3)
        except KeyboardInterrupt:
            code = _complain("interrupted; no unfinished file is left", 130)
        raise typer.Exit(code)

    return run


def _unread() -> int:
    """The end of a command whose output is not read to its end, as in ``| head``: no failure, and no message."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + signal.SIGPIPE


def _complain(error: Exception | str, code: int) -> int:
    print(f"verishallow: {' '.join(str(error).splitlines())}", file=sys.stderr)
    return code


def spare(targets: Sequence[Path], *inputs: Path | str | None) -> None:
    """Refuse to write a certificate over what it is made from."""
    for target, read in product(targets, inputs):
        if read is not None and target.exists() and os.path.exists(read) and target.samefile(read):
            raise InputError(f"{target}: is read by this command; name another file with -o")


def file_to_write(name: str) -> Path:
    """The file that a text names; refused if it ends in a slash and so names a folder, since a path drops the slash.

    >>> file_to_write("proofs/")
    Traceback (most recent call last):
    verishallow.errors.InputError: proofs/: expected the name of a file to write, found a folder's
    """
    if os.path.basename(name) in ("", os.curdir, os.pardir):
        raise InputError(f"{name or 'no name'}: expected the name of a file to write, found a folder's")
    return Path(name)


def counts(end: dict[str, Any]) -> dict[str, Any]:
    """The counts in an end record that every command shows."""
    names = ("activation_regions", "affine_pieces", "linear_regions", "leaves", "dropped", "faces", "units")
    return {name: end.get(name) for name in names}


def claim_facts(verdict: checker.Verdict) -> dict[str, Any]:
    """The header and the counts of a certificate, from its verdict."""
    names = (
        "inputs",
        "outputs",
        "claim",
        "boundary",
        "construction",
        "bounds",
        "grid",
        "gate_weight",
        "network_sha256",
        "other_network_sha256",
    )
    on_slice = {"slice_of": len(verdict.header["slice"])} if "slice" in verdict.header else {}
    return {**counts(verdict.counts), **{name: verdict.header.get(name) for name in names}, **on_slice}


def report(verdict: checker.Verdict | None, facts: dict[str, Any], as_json: bool) -> int:
    """Print a verdict and facts; the exit code that belongs to it."""
    return report_all([(verdict, facts)], as_json)


def report_all(
    outcomes: Sequence[tuple[checker.Verdict | None, dict[str, Any]]],
    as_json: bool,
    on_union: Sequence[Mapping[str, Any]] = (),
) -> int:
    """Print verdicts and facts, several as parts of one; the exit code of the worst verdict.

    ``on_union`` are bounds on all parts together, which follow from theirs.
    """
    worst = _worst(outcomes)
    if not as_json:
        for verdict, facts in outcomes:
            print(_unproved(facts) if verdict is None else verdict)
            print(facts_table({"D": None if verdict is None else _domain(verdict), **_readable(facts)}))
        if on_union:
            print(f"on the union of all {len(outcomes)} parts: {', '.join(interval(dict(each)) for each in on_union)}")
    elif len(outcomes) == 1:
        print_json(_as_json(*outcomes[0]))
    else:
        union = {"bounds": list(on_union)} if on_union else {}
        print_json({"verdict": _kind(worst), **union, "parts": [_as_json(*outcome) for outcome in outcomes]})
    return worst_exit_code(outcomes)


def worst_exit_code(outcomes: Sequence[tuple[checker.Verdict | None, dict[str, Any]]]) -> int:
    """The exit code of the worst verdict; 0 where there is none."""
    worst = _worst(outcomes) if outcomes else None
    return 0 if worst is None else worst.exit_code


def _worst(outcomes: Sequence[tuple[checker.Verdict | None, dict[str, Any]]]) -> checker.Verdict | None:
    return max(outcomes, key=lambda outcome: SEVERITY[_kind(outcome[0])])[0]


WHERE_THEY_APPLY = (
    "bounds",
    "dropped",
    "gate_weight",
    "grid",
    "kept",
    "notes",
    "other_network_sha256",
    "slice_of",
    "strict",
)
"""Facts that are left out elsewhere; all others are there, with or without a value."""

SEVERITY = {"unchecked": 0, "valid": 1, "incomplete": 2, "invalid": 3}


def _kind(verdict: checker.Verdict | None) -> str:
    return "unchecked" if verdict is None else str(verdict.kind)


def _as_json(verdict: checker.Verdict | None, facts: dict[str, Any]) -> dict[str, Any]:
    reason = {} if verdict is None else {"reason": verdict.reason}
    known = {name: value for name, value in facts.items() if value is not None or name not in WHERE_THEY_APPLY}
    return {"verdict": _kind(verdict), **reason, **known}


def _domain(verdict: checker.Verdict) -> str | None:
    """The domain of a valid claim in a few words; ``None`` for R^n and for other verdicts."""
    header = verdict.header
    if verdict.kind != "valid" or not header["domain"]:
        return None
    return domain_text(Polyhedron(header["inputs"], tuple(map(AffineForm.of, header["domain"]))))


def _unproved(facts: dict[str, Any]) -> str:
    if facts.get("certificate"):
        return "unchecked: run 'verishallow check' on the certificate"
    regions = counted(facts["activation_regions"], "activation region")
    return f"{regions}, counted exactly; run 'verishallow prove' for a proof"


def _readable(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts under readable names."""
    units, bounds, notes = facts.get("units"), facts.get("bounds"), facts.get("notes")
    deep, grid, other = facts.get("deep"), facts.get("grid"), facts.get("other_network_sha256")
    strict = facts.get("strict")
    shown = {
        **facts,
        "strict": strict and closure_text(strict),
        "other_network_sha256": None if other == facts.get("network_sha256") else other,
        "notes": notes if isinstance(notes, str) else notes and "; ".join(notes),
        "bounds": bounds and ", ".join(map(interval, bounds)),
        "bounds in decimals": bounds and decimal_bounds(bounds),
        "units": units and f"{units['layer1']} in layer 1, {units['layer2']} in layer 2",
        "grid": grid and ", ".join(f"{offset} + {step} Z" for offset, step in grid),
        "deep": deep and deep_text(deep),
    }
    return {name.replace("_", " "): value for name, value in shown.items()}


def decimal_bounds(bounds: Sequence[Mapping[str, Any]]) -> str | None:
    """The bounds in decimals, marked where they are rounded; ``None`` where all are whole numbers.

    >>> decimal_bounds([{"output": 0, "low": "-1/3", "high": "2"}]), decimal_bounds([{"output": 0, "low": "1"}])
    ('~-0.333333 <= f_0(x) <= 2', None)
    """
    ends = [{name: parse_rational(entry[name]) for name in ("low", "high") if name in entry} for entry in bounds]
    if all(end.denominator == 1 for entry in ends for end in entry.values()):
        return None
    decimals = ({name: rounded(end) for name, end in entry.items()} for entry in ends)
    return ", ".join(interval({**entry, **known}) for entry, known in zip(bounds, decimals, strict=True))


def deep_text(size: Mapping[str, int]) -> str:
    """The size of a deep network."""
    return f"{counted(size['neurons'], 'neuron')}, {counted(size['nonzeros'], 'non-zero weight')}"


def print_facts(facts: dict[str, Any], as_json: bool) -> None:
    """Facts without a verdict, on stdout: as one JSON object, or as a table."""
    if as_json:
        print_json(facts)
    else:
        print(facts_table(_readable(facts)))


def texts(values: tuple[Any, ...]) -> list[str]:
    """Rationals as they are written."""
    return [format_rational(value) for value in values]


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    print(json.dumps(value, indent=2))
