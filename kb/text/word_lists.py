"""Words as data: the text files that ship beside the code that uses them, read and checked in this one place.

A file is UTF-8, with one item a line. Lines that begin with "#" are remarks (the first ones say where the
items come from), empty ones only part groups, and one such as "[weak]" begins a section. An item is a word, a
phrase or, where the file says so, a regular expression. Files are named from their package: "kb/text/….txt".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import resources

from kb.errors import WordListError

_SECTION = re.compile(r"\[([\w ]+)\]")
_PLACE = re.compile(r"(?<!\?P)<(\w+)>")


def word_list(file: str) -> tuple[str, ...]:
    """The items of a file without sections, in order. Raises WordListError."""
    return word_lists(file, "")[""]


def word_lists(file: str, *sections: str) -> dict[str, tuple[str, ...]]:
    """The items of each section, in order; the file has these and no others. Raises WordListError."""
    return {name: tuple(items) for name, items in parsed(_text(file), file, sections).items()}


def word_table(file: str) -> dict[str, str]:
    """The rows of a file such as "million: 1e6", by what stands before the colon. Raises WordListError."""
    return parsed(_text(file), file, [""], rows=True)[""]


def parsed(text: str, file: str, sections: Iterable[str], *, rows: bool = False) -> dict[str, dict[str, str]]:
    """The items of each section, and with `rows` what each stands for; `file` is for messages.

    Raises WordListError.
    """
    lists: dict[str, dict[str, str]] = {name: {} for name in sections}
    begun: dict[str, int] = {}
    for line, section, item in _items(text):
        place = f"{file}, line {line}"
        if section not in lists:
            known = ", ".join(f"“{name}”" for name in lists)
            raise WordListError(f"{place}: the section “{section}” is unknown; there may be {known}")
        if item is None:
            begun[section] = line
            continue
        key, _, meaning = item.partition(": ") if rows else (item, "", "")
        if key in lists[section]:
            raise WordListError(f"{place}: “{key}” stands in its section before; take one of them out")
        if rows and not meaning:
            raise WordListError(f"{place}: “{item}” needs a colon, a space and what it stands for")
        lists[section][key] = meaning
    for name, items in lists.items():
        if not items:
            place = f"{file}, line {begun[name]}" if name in begun else file
            raise WordListError(f"{place}: the section “{name}” is empty or not there; add its items")
    return lists


def any_of(patterns: Iterable[str]) -> str:
    """A regular expression that finds what any of these does; of two that fit, the first counts."""
    return "(?:" + "|".join(patterns) + ")"


def whole(patterns: Iterable[str]) -> str:
    """The same, where it stands as words of its own."""
    return r"\b" + any_of(patterns) + r"\b"


def alternatives(words: Iterable[str]) -> str:
    """A regular expression that finds any of these words as written; of two that fit, the longest counts."""
    return any_of(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def filled(pattern: str, **pieces: str) -> str:
    """A regular expression with each piece in the place of its "<name>". Raises KeyError for others."""
    return _PLACE.sub(lambda place: pieces[place[1]], pattern)


def _text(file: str) -> str:
    package, _, path = file.partition("/")
    return (resources.files(package) / path).read_text(encoding="utf-8")


def _items(text: str) -> Iterator[tuple[int, str, str | None]]:
    """Each item, or None where a section begins, with the number of its line and its section."""
    section = ""
    for number, line in enumerate(text.split("\n"), 1):
        item = line.strip()
        if heading := _SECTION.fullmatch(item):
            section = heading[1]
            yield number, section, None
        elif item and not item.startswith("#"):
            yield number, section, item
