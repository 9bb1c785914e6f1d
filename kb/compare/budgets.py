"""How much of an entry is compared. What goes beyond is said, never silently half compared.

`parse_entry` bounds each text, and not how many there are: an entry of an import may have thousands.
"""

from __future__ import annotations

from collections.abc import Iterator

from kb.entry import Entry

MOST_FIGURES = 60
MOST_QUOTES = 40
MOST_CLAIMS = 20
MOST_TAGS = 60
MOST_NAMES = 40
MOST_NAME_WORDS = 6
LONGEST_NAME_WORD = 30  # letters
MOST_FORMS = 200  # places in which one name is looked at

_MOST = {"figures": MOST_FIGURES, "quotes": MOST_QUOTES, "claims": MOST_CLAIMS, "tags": MOST_TAGS}


def within_budget(entry: Entry) -> Entry:
    """The entry with no more of its parts than are compared: the first ones."""
    cut = {
        name: getattr(entry, name)[:most] for name, most in _MOST.items() if len(getattr(entry, name)) > most
    }
    return entry.model_copy(update=cut) if cut else entry


def over_budget(entry: Entry) -> Iterator[str]:
    """What of an entry is not compared, in sentences for people."""
    for name, most in _MOST.items():
        if name != "tags" and (count := len(getattr(entry, name))) > most:
            yield f"only the first {most} {name} are compared: the entry has {count:,}"
