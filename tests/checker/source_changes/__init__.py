"""What guards soundness inside the expressions of the checker: (function or nowhere, source, changed source)."""

from tests.checker.source_changes import constructions, properties, reading, verdict, walking

CHANGES = [*reading.CHANGES, *walking.CHANGES, *constructions.CHANGES, *verdict.CHANGES, *properties.CHANGES]
