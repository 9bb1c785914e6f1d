"""Everything that `kb` raises on purpose.

KbError
├── EntryError     an entry or entry file breaks editorial rules; carries every Problem
├── UrlError       a string is no web address
├── StoreError     the database cannot be opened, read or written
└── ModelError     the embedding model is missing, changed or failed
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
