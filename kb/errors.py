"""Everything that `kb` raises on purpose.

KbError
├── EntryError     an entry or entry file breaks editorial rules; carries every Problem
├── UrlError       a string is no web address
├── StoreError     the database cannot be opened, read or written
├── CurationError  a step of curating is not possible now; says what is
│   ├── NotAllowedError  the person may not; says whom to ask
│   ├── StaleError       the entry changed since it was read (kb/entries/field_changes.py)
│   └── DuplicateError   there is such an entry already; carries which
├── MeasureError   a labelled set that quality is measured on cannot be read; says where and what was expected
├── WordListError  a list of words that ships with the program is not as it must be; names file and line
└── ModelError     the embedding model is missing, changed or failed
"""

from __future__ import annotations

from dataclasses import dataclass


class KbError(Exception):
    """Base of every error that `kb` raises; its text is one line that a person can act on."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing for an editor to mend: `field` is `figures[2].value`, `place` a file, line."""

    field: str
    message: str
    place: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.field, self.message) if part)


class EntryError(KbError):
    """One or more entries break the editorial rules; `problems` lists all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class UrlError(KbError):
    """A string is no web address; the text says why."""


class StoreError(KbError):
    """The database cannot be opened, read or written; the text says what to do."""


class ModelError(KbError):
    """The embedding model is missing, is not the pinned one, or failed."""


class MeasureError(KbError):
    """A labelled set cannot be used; the text names the place and what was expected."""


class WordListError(KbError):
    """A list of words that ships with the program is not as it must be; the text names its file and line."""


class CurationError(KbError):
    """A step of curating is not possible as things stand; the text says why and what to do instead."""


class NotAllowedError(CurationError):
    """This person may not do that; the text is polite and says whom to ask."""


class DuplicateError(CurationError):
    """There seem to be such entries already: `warnings` names each. Saved only when somebody insists."""

    def __init__(self, warnings: tuple[Problem, ...]) -> None:
        self.warnings = warnings
        super().__init__("\n".join(str(warning) for warning in warnings))
