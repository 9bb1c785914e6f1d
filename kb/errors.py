"""Everything that `kb` raises on purpose.

KbError
├── EntryError     an entry or entry file breaks editorial rules; carries every Problem
├── UrlError       a string is no web address
├── StoreError     the database cannot be opened, read or written
├── CurationError  a step of curating is not possible now; says what is
│   ├── NotAllowedError  the person may not; says whom to ask
│   ├── StaleError       the entry changed since it was read; carries what changed
│   └── DuplicateError   there is such an entry already; carries which
├── MeasureError   a labelled set that quality is measured on cannot be read; says where and what was expected
└── ModelError     the embedding model is missing, changed or failed
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.diff import FieldChange
    from kb.entry import Problem


class KbError(Exception):
    """Base of every error that `kb` raises; its text is one line that a person can act on."""


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


class CurationError(KbError):
    """A step of curating is not possible as things stand; the text says why and what to do instead."""


class NotAllowedError(CurationError):
    """This person may not do that; the text is polite and says whom to ask."""


class StaleError(CurationError):
    """The entry changed since it was read: `changes` says what, `latest` is the revision to start from."""

    def __init__(self, message: str, *, latest: int, changes: tuple[FieldChange, ...]) -> None:
        self.latest, self.changes = latest, changes
        super().__init__("\n".join([message, *(f"- {change}" for change in changes)]))


class DuplicateError(CurationError):
    """There seem to be such entries already: `warnings` names each. Saved only when somebody insists."""

    def __init__(self, warnings: tuple[Problem, ...]) -> None:
        self.warnings = warnings
        super().__init__("\n".join(str(each) for each in warnings))
