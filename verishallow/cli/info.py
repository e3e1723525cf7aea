"""``verishallow info``."""

from verishallow.checker import Verdict
from verishallow.checker.unsafe import unsafe_in_words
from verishallow.cli import options
from verishallow.cli.reporting import claim_facts, print_json, report
from verishallow.fast_checker.checking import check as check_certificate
from verishallow.read import load
from verishallow.read.files import is_certificate
from verishallow.records.spelling import network_sha256
from verishallow.show.tables import facts_table


def info(
    file: options.EitherFile,
    logits: options.Logits = False,
    batch_axis: options.BatchAxis = False,
    normalised: options.Normalised = False,
    as_json: options.AsJson = False,
) -> int:
    """Say what a file holds; a certificate is checked first."""
    if is_certificate(file):
        verdict = check_certificate(file)
        said = {"certificate": str(file), **_property(verdict), **claim_facts(verdict), "engine": None}
        return report(verdict, said, as_json)
    network = load(file, logits=logits, batch_axis=batch_axis, normalised=normalised)
    hidden = [layer.width for layer in network.hidden]
    facts = {
        "network": str(file),
        "inputs": network.inputs,
        "hidden": hidden,
        "outputs": network.outputs,
        "weights": sum(len(row) for layer in network.layers for row in layer.weight),
        "network_sha256": network_sha256(network),
        **({"notes": network.notes} if network.notes else {}),
    }
    if as_json:
        print_json(facts)
    else:
        print(
            facts_table(
                {**facts, "hidden": ", ".join(map(str, hidden)) or "none", "notes": "; ".join(network.notes) or None}
            )
        )
    return 0


def _property(verdict: Verdict) -> dict[str, str]:
    """The property that a certificate proves or that its point violates, in words; nothing of an invalid one."""
    if verdict.kind == "invalid" or "unsafe" not in verdict.header:
        return {}
    said = "violates" if "point" in verdict.header else "property"
    return {said: f"no x in D with {unsafe_in_words(verdict.header)}"}
