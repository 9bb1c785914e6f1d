"""What this copy changed: figures, quotes, names, attributions and dates that differ from the record.

`compare` is the whole interface; each kind of difference is a module of its own. What is not certain is
not said.
"""

from kb.compare.comparing import compare
from kb.compare.values import (
    Article,
    Comparison,
    Difference,
    DifferenceKind,
    Record,
    Severity,
    Snippet,
    Standing,
    State,
)

__all__ = [
    "Article",
    "Comparison",
    "Difference",
    "DifferenceKind",
    "Record",
    "Severity",
    "Snippet",
    "Standing",
    "State",
    "compare",
]
