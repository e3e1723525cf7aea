"""Cases of the rule ``bytes``: how records and numbers are spelled."""

from tests.checker.case import table
from tests.checker.editing import OnBytes, OnLines, line_respelled, put, respelled

HEADER = 0

NUMBERS = (
    ("a division by zero", "1/0"),
    ("a zero over a number", "0/5"),
    ("a hexadecimal number", "0x1"),
    ("not a number", "nan"),
    ("an infinity", "inf"),
    ("a minus infinity", "-inf"),
    ("a decimal", "0.5"),
    ("an exponent", "1e3"),
    ("an exponent beyond floats", "1e400"),
    ("an exponent bomb", "1e999999999"),
    ("a plus sign", "+1"),
    ("a negative zero", "-0"),
    ("leading zeros", "007"),
    ("a fraction not in lowest terms", "2/4"),
    ("a denominator of one", "1/1"),
    ("a negative denominator", "1/-2"),
    ("two signs", "--1"),
    ("two bars", "1//2"),
    ("no denominator", "1/"),
    ("no numerator", "/2"),
    ("an underscore", "1_0"),
    ("a space before", " 1"),
    ("a space after", "1 "),
    ("a line feed after", "1\n"),
    ("an arabic digit", "\u0661"),
    ("a superscript digit", "\u00b2"),
    ("a lone surrogate", "\ud800"),
    ("an empty text", ""),
    ("a lone sign", "-"),
    ("an integer for a text", 1),
    ("true for a text", True),
    ("null for a text", None),
    ("an array for a text", ["1"]),
    ("an object for a text", {"p": 1}),
)

LITERALS = (
    ("a float", "1.0", "the bare number '1.0' is not an integer"),
    ("an exponent as a bare number", "1e0", "the bare number '1e0' is not an integer"),
    ("a float beyond all bounds", "1e400", "the bare number '1e400' is not an integer"),
    ("the literal NaN", "NaN", "the bare number 'NaN' is not an integer"),
    ("the literal Infinity", "Infinity", "the bare number 'Infinity' is not an integer"),
    ("the literal minus Infinity", "-Infinity", "the bare number '-Infinity' is not an integer"),
    ("a bare integer of 16 digits", "1" * 16, "a bare integer has more than 15 digits"),
    ("a bare integer of 6000 digits", "1" * 6000, "a bare integer has more than 15 digits"),
    ("a bare integer with a leading zero", "01", "not one JSON value"),
    ("a bare integer with a plus sign", "+1", "not one JSON value"),
    ("a bare negative zero", "-0", "not the canonical spelling"),
    ("a hexadecimal bare integer", "0x1", "not one JSON value"),
    ("true for a version", "true", "version True is unknown"),
    ("null for a version", "null", "version None is unknown"),
)


def literal(text: str) -> OnLines:
    return line_respelled(HEADER, '"version":1', f'"version":{text}')


def respelled_header(old: str, new: str) -> OnLines:
    return line_respelled(HEADER, old, new)


def with_a_key_last(lines: list[bytes]) -> list[bytes]:
    key = b'"claim":"equality"'
    return [lines[0].replace(key + b",", b"").replace(b"}\n", b"," + key + b"}\n"), *lines[1:]]


SPELLING = "not the canonical spelling"

REJECTED = [
    *((name, "bend", put("leaf 0/witness/0", value), "line 5 (leaf):") for name, value in NUMBERS),
    *((name, "bend", literal(text), reason) for name, text, reason in LITERALS),
    ("a numerator of 4001 digits", "bend", put("leaf 0/witness/0", "1" * 4001), "more than 4000 digits"),
    ("a denominator of 4001 digits", "bend", put("leaf 0/witness/0", "1/" + "3" * 4001), "more than 4000 digits"),
    ("a numerator of 6000 digits", "bend", put("leaf 0/witness/0", "1" * 6000), "more than 4000 digits"),
    ("a space after a colon", "bend", respelled_header('"inputs":1', '"inputs": 1'), SPELLING),
    ("a space before a record", "bend", respelled_header("{", " {"), SPELLING),
    ("a tab after a comma", "bend", respelled_header(',"inputs"', ',\t"inputs"'), SPELLING),
    ("a key twice with one value", "bend", respelled_header('"inputs":1', '"inputs":1,"inputs":1'), SPELLING),
    ("a key twice with two values", "bend", respelled_header('"inputs":1', '"inputs":2,"inputs":1'), SPELLING),
    ("keys in another order", "bend", OnLines(with_a_key_last), SPELLING),
    ("an escaped letter", "bend", respelled_header('"equality"', '"\\u0065quality"'), SPELLING),
    ("an escaped solidus", "bend", respelled_header('"equality"', '"equa\\/lity"'), SPELLING),
    ("a letter beyond ASCII", "bend", respelled_header('"equality"', '"équality"'), "not one JSON value in ASCII"),
    ("a carriage return before the line feed", "bend", respelled_header("}\n", "}\r\n"), SPELLING),
    ("two records in one line", "bend", line_respelled(3, "}\n", "}{}\n"), "not one JSON value"),
    ("a record without its brace", "bend", line_respelled(3, "}\n", "\n"), "not one JSON value"),
    ("an array for a record", "bend", put("record 3", ["split"]), "not an object with a 'record'"),
    ("a text for a record", "bend", put("record 3", "split"), "not an object with a 'record'"),
    ("null for a record", "bend", put("record 3", None), "not an object with a 'record'"),
    ("a number for a record", "bend", put("record 3", 3), "not an object with a 'record'"),
    ("a record without its kind", "bend", put("record 3", {"neuron": 0}), "not an object with a 'record'"),
    ("a record whose kind is an array", "bend", put("record 3/record", ["split"]), "not an object with a 'record'"),
    ("a record of no kind", "bend", put("record 3/record", "rule"), "record 'rule' is no node of the tree"),
    ("a kind with a method's name", "bend", put("record 3/record", "take"), "record 'take' is no node of the tree"),
    ("a kind with a line feed", "bend", put("record 3/record", "x)\nvalid: f(x) = S("), "is no node of the tree"),
    ("a kind that clears the screen", "bend", put("record 3/record", "\x1b[2J"), "is no node of the tree"),
    ("a kind that is a lone surrogate", "bend", put("record 3/record", "\ud800"), "is no node of the tree"),
    ("a kind beyond ASCII", "bend", put("record 3/record", "\u00e9"), "is no node of the tree"),
    ("a member that is a node's rule", "bend", put("record 3/record", "header"), "'header' is no node"),
    ("a record nested 900 deep", "bend", line_respelled(3, '"-"', "[" * 900 + "]" * 900), "strict is neither"),
    ("a byte order mark", "bend", OnBytes(lambda content: b"\xef\xbb\xbf" + content), "line 1: not one JSON value"),
    ("UTF-16", "bend", OnBytes(lambda content: content.decode().encode("utf-16-le")), "line 1: not one JSON value"),
    ("a byte that is no UTF-8", "bend", OnBytes(lambda content: content[:9] + b"\xff" + content[9:]), "not one JSON"),
    ("a NUL byte", "bend", OnBytes(lambda content: content[:9] + b"\0" + content[9:]), "line 1: not one JSON value"),
    ("line ends of carriage returns", "bend", OnBytes(lambda content: content.replace(b"\n", b"\r")), "line feed"),
    ("line ends of two bytes", "bend", OnBytes(lambda content: content.replace(b"\n", b"\r\n")), "line 1: " + SPELLING),
    ("an empty line first", "bend", OnBytes(lambda content: b"\n" + content), "line 1: not one JSON value"),
    ("an empty line in the middle", "bend", respelled("\n{", "\n\n{"), "line 2: not one JSON value"),
]

ACCEPTED = [
    ("a numerator of 4000 digits", "bend", put("leaf 0/witness/0", "1" * 4000)),
    ("a denominator of 4000 digits", "bend", put("leaf 0/witness/0", "1/" + "3" * 4000)),
    ("a negative numerator of 4000 digits", "bend", put("leaf 1/witness/0", "-" + "1" * 4000)),
    ("a fraction in lowest terms", "bend", put("leaf 1/witness/0", "-3/1000000007")),
]


GENERATED = [
    ("a record nested 100000 deep", "bend", line_respelled(3, '"-"', "[" * 100_000), "nested too deeply"),
]

CASES = table("bytes", accepted=ACCEPTED, rejected=REJECTED, generated=GENERATED)
