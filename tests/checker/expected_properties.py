"""What the caller expects of a property: ``--unsafe``, and strict rows of ``--domain``."""

from typing import Any

ANOTHER_DOMAIN = "the certificate is about another domain"
ANOTHER = "the certificate is about another property"
OPPOSITE = "the claim is counterexample, not about all of the domain"
CLAIMED = {"--claim": "counterexample"}


def triangle(strict: Any = (2,), rows: Any = ()) -> dict[str, Any]:
    """The domain of "property", spelled otherwise, with more rows."""
    inequalities = [[0, 2, 2], ["0", "1/2", -0.5], [2, "-1", 0], *rows]
    domain = {"format": "verishallow-domain", "version": 1, "inequalities": inequalities}
    return {"--domain": {**domain, "strict": list(strict) if isinstance(strict, tuple) else strict}}


def closed(rows: Any = ()) -> dict[str, Any]:
    domain = triangle((), rows)["--domain"]
    return {"--domain": {name: value for name, value in domain.items() if name != "strict"}}


HIGH = {"rows": [[-2, 0, 0, 1]], "strict": []}
LOW = {"rows": [["0", 0, "-0.5", "-1/2"]], "strict": [0]}


def unsafe(*conjunctions: Any, **fields: Any) -> dict[str, Any]:
    return {"--unsafe": {"format": "verishallow-unsafe", "version": 1, "unsafe": list(conjunctions), **fields}}


def with_first(**fields: Any) -> dict[str, Any]:
    return unsafe({**HIGH, **fields}, LOW)


ZERO, POSITIVE = {"rows": [[0, 0, -3]], "strict": [0]}, {"rows": [["-1/3", 0, 0]], "strict": []}
ADDED = [[-1, 1, 1], ["0.25", -2, 1], [7, 0, 0]]

PROPERTIES: tuple[Any, ...] = (
    ("its own unsafe set, rows at another scale", "property", unsafe(HIGH, LOW), 0, "valid"),
    ("its own unsafe set, in another order", "property", unsafe(LOW, HIGH, LOW), 0, "valid"),
    ("its own unsafe set and domain", "property", {**unsafe(HIGH, LOW), **triangle()}, 0, "valid"),
    ("its own unsafe set, claimed", "property", {**unsafe(HIGH, LOW), "--claim": "property"}, 0, "valid"),
    ("rows of a conjunction in another order", "property, of rows that add up", unsafe(
        {"rows": ADDED[::-1], "strict": [0]}), 0, "valid"),
    ("rows of a conjunction at another place", "property, of rows that add up", unsafe(
        {"rows": ADDED[::-1], "strict": [1]}), 1, ANOTHER),
    ("a row of a conjunction less", "property, of rows that add up", unsafe(
        {"rows": ADDED[:2], "strict": []}), 1, ANOTHER),
    ("rows without outputs", "property, unbounded", unsafe(ZERO, POSITIVE), 0, "valid"),
    ("no row", "property, nothing assumed of D", unsafe({"rows": [], "strict": []}), 0, "valid"),
    ("no row where there is one", "property", unsafe({"rows": [], "strict": []}), 1, ANOTHER),
    ("a zero row", "property, nothing assumed of D", unsafe({"rows": [[0, 0, 0]], "strict": []}), 1, ANOTHER),
    ("one conjunction less", "property", unsafe(HIGH), 1, ANOTHER),
    ("one conjunction more", "property", unsafe(HIGH, LOW, POSITIVE), 1, ANOTHER),
    ("a row that is not strict", "property", unsafe(HIGH, {**LOW, "strict": []}), 1, ANOTHER),
    ("a row that is strict", "property", with_first(strict=[0]), 1, ANOTHER),
    ("another bound", "property", with_first(rows=[[-3, 0, 0, 1]]), 1, ANOTHER),
    ("the negative of a row", "property", with_first(rows=[[2, 0, 0, -1]]), 1, ANOTHER),
    ("a row of one entry less", "property", with_first(rows=[[-2, 0, 1]]), 1, ANOTHER),
    ("a row of one entry more", "property", with_first(rows=[[-2, 0, 0, 1, 0]]), 1, ANOTHER),
    ("an unsafe set of bounds", "bounded", unsafe(HIGH), 1, ANOTHER),
    ("an unsafe set of a count", "counted", unsafe({"rows": [], "strict": []}), 1, ANOTHER),
    ("nothing is unsafe", "property", unsafe(), 2, "unsafe is empty"),
    ("nothing is unsafe, of bounds", "bounded", unsafe(), 2, "unsafe is empty"),
    ("an unsafe set that is an object", "property", unsafe(unsafe={"rows": []}), 2, "unsafe is not an array"),
    ("an unsafe set that is null", "property", unsafe(unsafe=None), 2, "unsafe is not an array"),
    ("an unsafe set of another format", "property", unsafe(HIGH, LOW, format="verishallow-domain"), 2,
     "is no verishallow-unsafe file of version 1"),
    ("an unsafe set with a field", "property", unsafe(HIGH, LOW, name="U"), 2, "'name' is unknown"),
    ("a conjunction with a field", "property", with_first(name="high"), 2, "'name' is unknown"),
    ("a conjunction without strict rows", "property", unsafe({"rows": [[-2, 0, 0, 1]]}), 2, "strict is missing"),
    ("a conjunction that is an array", "property", unsafe([[-2, 0, 0, 1]]), 2, "is not an object"),
    ("rows that are an object", "property", with_first(rows={}), 2, "rows is not an array"),
    ("a row that is a text", "property", with_first(rows=["0001"]), 2, "a row is not an array"),
    ("a row with a word", "property", with_first(rows=[["two", 0, 0, 1]]), 2, "'two' is no exact number"),
    ("strict rows that are a text", "property", with_first(strict="0"), 2, "strict is not an array"),
    ("a strict row that is not there", "property", with_first(strict=[1]), 2, "expected numbers below 1"),
    ("a strict row of a fraction", "property", with_first(strict=["1/2"]), 2,
     "strict names '1/2', which is no number of a row"),
    ("an unsafe set that is not there", "property", {"--unsafe": "no-such-file"}, 2, "No such file"),
    ("its own domain, one row strict", "property", triangle(), 0, "valid"),
    ("its own domain, the strict row closed as well", "property", triangle((2,), [[4, -2, 0]]), 0, "valid"),
    ("its own domain, and a strict row that always holds", "property", triangle((2, 3), [[4, 0, 0]]), 0, "valid"),
    ("its own domain, and a strict row that never holds", "property", triangle((2, 3), [[0, 0, 0]]), 1, ANOTHER_DOMAIN),
    ("a row that is strict and not", "property, a row strict and not", {"--domain": {
        "format": "verishallow-domain", "version": 1, "strict": [1], "inequalities": [[0, 1], [2, -1]]}}, 0, "valid"),
    ("a row that is not, where it is both", "property, a row strict and not", {"--domain": {
        "format": "verishallow-domain", "version": 1, "inequalities": [[0, 1], [2, -1]]}}, 1, ANOTHER_DOMAIN),
    ("the closure", "property", triangle(()), 1, ANOTHER_DOMAIN),
    ("the closure, strict rows left out", "property", closed(), 1, ANOTHER_DOMAIN),
    ("another strict row", "property", triangle((1,)), 1, ANOTHER_DOMAIN),
    ("one more strict row", "property", triangle((1, 2)), 1, ANOTHER_DOMAIN),
    ("the open domain of a closed one", "counterexample", {**triangle(), **CLAIMED}, 1, ANOTHER_DOMAIN),
    ("a strict row where no claim has one", "cross", {"--domain": {
        "format": "verishallow-domain", "version": 1, "strict": [0],
        "inequalities": [[2, 1, 0], [2, -1, 0], [2, 0, 1], [2, 0, -1]]}}, 1, ANOTHER_DOMAIN),
    ("no strict row, spelled out", "cross", {"--domain": {
        "format": "verishallow-domain", "version": 1, "strict": [],
        "inequalities": [[2, 1, 0], [2, -1, 0], [2, 0, 1], [2, 0, -1]]}}, 0, "valid"),
    ("a strict row of the domain that is not there", "property", triangle((3,)), 2, "expected numbers below 3"),
    ("strict rows of the domain out of order", "property", triangle((2, 1)), 2, "strict is not increasing"),
    ("strict rows of the domain that are a number", "property", triangle(2), 2, "strict is not an array"),
    ("strict rows of the domain that are null", "property", triangle(None), 2, "strict is not an array"),
    ("a strict side of a box", "property, words", {"--domain": {
        "format": "verishallow-domain", "version": 1, "box": [[0, 2]], "strict": [0]}}, 2, "numbers below 0"),
    ("a counterexample", "counterexample", {**unsafe(HIGH, LOW), **closed(), **CLAIMED}, 0, "valid"),
    ("a counterexample, of a claim that is not said", "counterexample", {}, 0, "valid"),
    ("a counterexample for the domain", "counterexample", closed(), 1, OPPOSITE),
    ("a counterexample for the unsafe set", "counterexample", unsafe(HIGH, LOW), 1, OPPOSITE),
    ("a counterexample for both", "counterexample", {**unsafe(HIGH, LOW), **closed()}, 1, OPPOSITE),
    ("a counterexample for a property", "counterexample", {"--claim": "property"}, 1, "the claim is counterexample"),
    ("a property for a counterexample", "property", CLAIMED, 1, "the claim is property"),
    ("the files of a property", "property", {"--files": None}, 0, "unsafe.py relaxation.py property.py"),
    ("the files of a counterexample", "counterexample", {"--files": None}, 0, "unsafe.py counterexample.py"),
)  # fmt: skip
