"""How much of an entry is compared. What goes beyond is said, never silently half compared.

`parse_entry` bounds each text, and not how many there are: an entry of an import may have thousands.
"""

from __future__ import annotations

from collections.abc import Iterator

from kb.compare.quantities import NUMBER
from kb.entries.entry import Entry

MOST_FIGURES = 60
MOST_QUOTES = 40
MOST_CLAIMS = 20
MOST_TAGS = 60
MOST_NUMBERS_OF_ENTRY = 1000  # in all its texts; each of them may be what another number of the page is
MOST_NAMES = 40
MOST_NAME_WORDS = 6
LONGEST_NAME_WORD = 30  # letters
MOST_FORMS = 200  # places in which one name is looked at

_MOST = {"figures": MOST_FIGURES, "quotes": MOST_QUOTES, "claims": MOST_CLAIMS, "tags": MOST_TAGS}


def within_budget(entry: Entry) -> Entry:
    """The entry with no more of its parts than are compared: the first ones.

    It has no figures where its texts are so full of numbers that no other number surely stands for one.
    """
    cut = {
        name: getattr(entry, name)[:most] for name, most in _MOST.items() if len(getattr(entry, name)) > most
    }
    kept = entry.model_copy(update=cut) if cut else entry
    return kept.model_copy(update={"figures": ()}) if _is_full_of_numbers(kept) else kept


def over_budget(entry: Entry, kept: Entry) -> Iterator[str]:
    """What of an entry is not compared, in sentences for people; `kept` is the entry within budget."""
    if entry.figures and not kept.figures:
        yield f"figures are not compared: the entry's texts have more than {MOST_NUMBERS_OF_ENTRY:,} numbers"
    for name, most in _MOST.items():
        if name != "tags" and (count := len(getattr(entry, name))) > most and getattr(kept, name):
            yield f"only the first {most} {name} are compared: the entry has {count:,}"


def _is_full_of_numbers(entry: Entry) -> bool:
    texts = [entry.title, entry.summary, entry.original.title, *entry.caveats]
    texts += [claim.text for claim in entry.claims]
    texts += [text for figure in entry.figures for text in (figure.what, figure.as_stated, figure.unit or "")]
    return sum(len(NUMBER.findall(text)) for text in texts) > MOST_NUMBERS_OF_ENTRY
