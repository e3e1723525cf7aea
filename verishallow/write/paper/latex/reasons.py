r"""Sample reasons written out in full: the identity, every form in it, every multiplier."""

from verishallow.certificate.certificate import Certificate
from verishallow.write.paper.latex.texts import CONSTRAINTS
from verishallow.write.paper.reasons import Sample, samples
from verishallow.write.paper.tex_numbers import form_latex, number_latex, written_out

MOST_TERMS = 40

HEADINGS = {
    "active": "A stable neuron.",
    "inactive": "A stable neuron.",
    "redundant": "A redundant constraint.",
    "absent": "An absent face.",
    "low": "A bound.",
    "high": "A bound.",
}


def sample_reasons(certificate: Certificate) -> list[str]:
    """One reason of each kind that the certificate has."""
    found = samples(certificate)
    head = [r"\subsection*{Sample reasons}"]
    if not found:
        return [*head, "The certificate has no reason with a multiplier: none of its cells needs one."]
    return [*head, CONSTRAINTS, *(line for sample in found for line in _written(sample))]


def _written(sample: Sample) -> list[str]:
    lines = [f"${left} = {right}$" for left, right in _formulas(sample)]
    return [
        "",
        f"\\paragraph{{{HEADINGS[sample.rule]}}} (Line {sample.line}.) {_asserted(sample)}",
        f"The reason is ${_identity(sample)}$, with",
        r"\begin{itemize}\raggedright",
        *(f"\\item[$\\bullet$] {line}" for line in lines),
        r"\end{itemize}",
        _concluded(sample),
    ]


def _asserted(sample: Sample) -> str:
    """The statement for which the reason is given."""
    place = sample.place
    match sample.rule:
        case "active" | "inactive":
            neuron = f"neuron {place[1]} of layer {place[0]}"
            return f"On this cell {neuron}, with the form $h$ before its ReLU, is {sample.rule}."
        case "redundant":
            return f"On this cell $c_{{{place[0]}}}\\ge 0$ follows from other constraints, and needs no unit."
        case "absent":
            *equations, last = (f"c_{{{number}}}" for number in place)
            vanishing = f"where ${' = '.join(equations)} = 0$" if equations else "on the cell"
            return f"The form ${last}$ vanishes nowhere {vanishing}, so that face needs no unit."
    form = f"F_{{{place[0]}}}"
    difference = f"{form}-b" if sample.rule == "low" else f"b-{form}"
    return f"On this cell $f_{{{place[0]}}}$ is an affine form ${form}$, with the bound $b$: $h={difference}\\ge 0$."


def _subject(sample: Sample) -> str:
    if sample.rule in ("redundant", "absent"):
        return f"c_{{{sample.place[-1]}}}"
    return "-h" if sample.rule == "inactive" else "h"


def _identity(sample: Sample) -> str:
    terms = (f" + \\lambda_{{{number}}}c_{{{number}}}" for number, _ in sample.reason.multipliers)
    return f"{_subject(sample)} = \\lambda_\\ast{''.join(terms)}"


def _formulas(sample: Sample) -> list[tuple[str, str]]:
    """Every form and number of the identity, exact."""
    subject = -sample.form if sample.rule == "inactive" else sample.form
    name = _subject(sample).removeprefix("-")
    used = [
        (f"c_{{{number}}}(x)", form_latex(sample.constraints[number], written_out, MOST_TERMS))
        for number, _ in sample.reason.multipliers
    ]
    multipliers = [
        (f"\\lambda_{{{number}}}", number_latex(value, written_out)) for number, value in sample.reason.multipliers
    ]
    return [
        (f"{name}(x)", form_latex(subject, written_out, MOST_TERMS)),
        *used,
        *multipliers,
        ("\\lambda_\\ast", number_latex(sample.bound, written_out)),
    ]


def _concluded(sample: Sample) -> str:
    free = f" (that of an equation may have any sign; here ${_listed(sample)}$)" if sample.equations else ""
    least = "> 0" if sample.rule == "absent" else "\\ge 0"
    return f"All multipliers are positive{free}, so ${_subject(sample)}\\ge\\lambda_\\ast{least}$ there."


def _listed(sample: Sample) -> str:
    return ", ".join(f"c_{{{number}}}=0" for number in sample.equations)
