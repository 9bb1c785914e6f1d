"""Comparing comes to an end and raises nothing, whoever wrote the page and the entry."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.compare import Article, Comparison, State, compare
from kb.compare.budgets import MOST_CLAIMS, MOST_FIGURES, MOST_NAMES, MOST_QUOTES
from kb.compare.names.sources import names_source
from kb.compare.passage import LONGEST
from kb.entries.entry import Entry, parse_entry
from tests.growth import LINEAR, STEP, growth, ratio
from tests.unit.kb.make_entries import entries, entry_fields, make_entry

QUOTE = "The lamps on the pier went out one after the other and nobody lit them again."
NAMES = (
    "Ana Kuč", "Łukasz Żak", "Ñandú Peña", "Ingrid Ångström", "Μαρία Νικολάου", "Олена Шевчук", "محمد علي",
    "山田 太郎", "김민수", "O’Dowd", "Zoë", "Ø", "İrem Işık", "Dr. Prof. Sir", "President", "the mayor", "Mr",
    "’s", "d'Arc", "Jean-Luc de la Tour", "ﬁona Straße", "A.", "X Æ",
)  # fmt: skip
FORMS: tuple[Callable[[str], str], ...] = (
    str,
    lambda name: unicodedata.normalize("NFC", name),
    lambda name: unicodedata.normalize("NFD", name),
    str.upper,
    str.casefold,
    lambda name: f"{name}'s",
    lambda name: f"{name}’s",
    lambda name: f"{name}’",
    lambda name: name.split()[-1],
    lambda name: f"{unicodedata.normalize('NFD', name.split()[-1])}’s",
    lambda name: f"President {name.split()[-1]}",
    lambda name: f"Prof. Dr. {name}",
)
FRAMES = (
    "“{quote}” said {name}.",
    "“{quote}” {name} spokesman said.",
    "“{quote}” according to {name}.",
    "{name}: “{quote}”",
    "{name} told {name}: “{quote}”",
    "{name}, who knows {name}, said.",
    "“The lamps on the pier,” {name} said, “went out one after the other.”",
    "{name}",
)
# Not filter(str.split): Hypothesis takes that for "is not empty", and gives blanks.
spoken = st.builds(
    lambda frame, form, name: frame.format(quote=QUOTE, name=form(name)),
    st.sampled_from(FRAMES),
    st.sampled_from(FORMS),
    st.sampled_from(NAMES) | st.text(min_size=1, max_size=20).filter(lambda name: bool(name.split())),
)
pages = st.lists(spoken | st.text(max_size=60), max_size=6).map(" ".join)


def _said_by(speaker: str, **fields: Any) -> Entry:
    return make_entry(quotes=[{"speaker": speaker, "text": QUOTE}], **fields)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_a_speaker_may_be_written_in_any_way(name: str, form: Callable[[str], str]) -> None:
    """By a surname alone, with its accents composed or not, with a possessive, by a title, in any script."""
    written = form(name)
    for frame in FRAMES:
        page = Article(text=frame.format(quote=QUOTE, name=written), language="en")
        for speaker in (name, written):
            if any(map(str.isalnum, speaker)):
                assert len(compare(_said_by(speaker), page).quotes) == 1


@pytest.mark.parametrize("form", FORMS[:3] + FORMS[5:8])
@pytest.mark.parametrize("name", ["Ana Kuč", "Ingrid Ångström", "Ñandú Peña", "Zoë Brûlé"])
def test_the_same_person_is_nobody_else_however_the_name_is_written(
    name: str, form: Callable[[str], str]
) -> None:
    text = f"{form(name)} spoke at noon. “{QUOTE}” said {form(name)} in the hall of the town."
    assert compare(_said_by(name), Article(text=text, language="en")).differences == ()


@settings(max_examples=100, deadline=None)
@given(page=pages, speaker=st.sampled_from(NAMES[:-7]), form=st.sampled_from(FORMS[:-3]))
def test_no_page_about_people_makes_comparing_fail(
    page: str, speaker: str, form: Callable[[str], str]
) -> None:
    assert isinstance(compare(_said_by(form(speaker)), Article(text=page, title=page[:50])), Comparison)


@settings(max_examples=50, deadline=None)
@given(entry=entries, text=pages)
def test_no_entry_makes_comparing_fail(entry: Entry, text: str) -> None:
    """On its own words, too: they are the likeliest to be compared at length."""
    own = " ".join([entry.summary, *(figure.as_stated for figure in entry.figures)])
    said = " ".join(f"“{quote.text}” said {quote.speaker}." for quote in entry.quotes)
    for page in (text, f"{own} {said}"):
        found = compare(entry, Article(text=page, title=entry.title, language=entry.language))
        assert len(found.figures) == len(entry.figures)


def _full(pump: str, many: int = 3) -> Entry:
    """An entry of texts as long as `parse_entry` takes them, all of one thing."""
    pump = pump.replace("\n", " ")
    line, text = (("A" + pump * size)[:size].strip() for size in (500, 2000))
    figure = {"what": line, "as_stated": line, "unit": line, "qualifier": line, "attributed_to": line}
    return parse_entry(
        entry_fields(
            title=line,
            summary=text,
            original={"publisher": line, "title": line, "url": "https://a.example/b", "author": line},
            figures=[{"value": 10.0**number, **figure} for number in range(many)],
            quotes=[{"speaker": line, "text": text} for _ in range(many)],
            claims=[{"text": text, "claimed_by": line} for _ in range(many)],
            tags=[line],
        )
    )


PUMPS = {
    "numbers": "58012 ",
    "distinct words": "".join(f"w{number} " for number in range(700)),
    "number words": "two ",
    "decimals": "1.5 million ",
    "double marks": '"',
    "opened marks": "“a ",
    "closed marks": "a” ",
    "quotations": "“a b,” said A. ",
    "straight quotations": '"a b," said A. ',
    "single marks": "'A ",
    "curly single marks": "‘A ",
    "apostrophes": "A’s ",
    "angle marks": "«a ",
    "angle marks turned": "»a ",
    "low marks": "„a ",
    "low quotations": "„a b“ ",
    "corner marks": "「a ",
    "names": "The Washington ",
    "one surname": "Kuč’s ",
    "decomposed surnames": "Kuc\u030c ",
    "full names": "Ana de la Kuč ",
    "said": "said Ana ",
    "according": "according to the Port, ",
    "one endless sentence": "word and ",
    "one endless word": "word",
    "short sentences": "A b. ",
    "lines": "a\n",
    "paragraphs": "A b.\n\n",
    "blanks": " ",
    "dashes": " – ",
    "long dashes": "—",
    "hyphens": "a-",
    "brackets": "(",
    "closed brackets": "(a) ",
    "square brackets": "[a",
    "records": "records a b ",
    "as they": "as a ",
    "ellipses": "… ",
    "commas": ", ",
    "colons": "A: ",
    "Arabic": "قال الجيش إن ",
    "one letter of every kind": "aЯ山ع1",
}
RECORD = make_entry(
    title="The Washington Courier counts the lamps of the pier",
    summary="The Washington Courier reported that 58,012 lamps went out.",
    figures=[
        {
            "value": 58_012,
            "unit": "lamps",
            "what": "lamps and words",
            "as_stated": "58,012",
            "attributed_to": "Ana Kuč",
        },
        {"value": 1.5e6, "unit": "EUR", "what": "cost of a lamp", "as_stated": "€1.5 million"},
    ],
    quotes=[{"speaker": "Ana Kuč", "text": QUOTE}, {"speaker": "A", "text": "a b and a b and word"}],
    claims=[{"text": "The port let the lamps of the pier go out and told nobody.", "claimed_by": "Ana Kuč"}],
)


@pytest.mark.parametrize("pump", PUMPS.values(), ids=list(PUMPS))
def test_comparing_takes_as_long_as_the_page_is_long(pump: str) -> None:
    """Up to the length that is compared; with an entry that has a bit of everything."""

    def work(text: str) -> object:
        return compare(RECORD, Article(text=text, title="Lamps", language="en"))

    assert growth(work, lambda size: (pump * (size // len(pump) + 1))[:size], largest=LONGEST) < LINEAR


@pytest.mark.parametrize("pump", PUMPS.values(), ids=list(PUMPS))
def test_a_full_entry_is_compared_with_a_page_of_its_own_words(pump: str) -> None:
    """The entry's texts are as long as they may be, and the page repeats them: all of it is laid on all."""
    entry = _full(pump if pump.strip() and any(map(str.isalnum, pump)) else f"{pump}a")

    def work(text: str) -> object:
        return compare(entry, Article(text=text, title=entry.title, language="en"))

    assert growth(work, lambda size: (pump * (size // len(pump) + 1))[:size], largest=LONGEST) < LINEAR


ENDLESS = ("@", "a@", "@.", "a@b.", "-", "a-", "1-", "1.", "1,", "’1", "“1", "(1", "é", "A’", "two-", "5m")


@pytest.mark.parametrize("pump", ENDLESS)
def test_an_entry_of_one_endless_word_takes_as_long_as_the_word_is_long(pump: str) -> None:
    """Words of 80 letters and more are blanked out of a page, and not out of an entry's texts."""
    ids = count()  # what is made ready of an entry is kept, and a new one is not

    def work(word: str) -> object:
        line, text = word[:500], word
        entry = make_entry(
            f"endless-{next(ids)}",
            title=line,
            summary=text,
            caveats=[text],
            figures=[{"value": 8600, "what": line, "as_stated": line, "unit": line, "attributed_to": line}],
            quotes=[{"speaker": line, "text": text}],
            claims=[{"text": text, "claimed_by": line}],
        )
        return compare(
            entry, Article(text="The pier had 86,000 lamps, and it was in the town.", language="en")
        )

    small, large = ((pump * size)[:size] for size in (2000 // STEP, 2000))
    assert ratio(work, small, large) < LINEAR


def test_an_entry_full_of_numbers_has_no_figure_that_another_number_surely_stands_for() -> None:
    """Its figures stand as not compared and that is said; its quotes are compared all the same."""
    numbers = " ".join(map(str, range(3000, 3390)))
    entry = make_entry(
        figures=[{"value": 8600, "unit": "lamps", "what": "lamps of the pier", "as_stated": "8,600"}],
        claims=[{"text": f"{numbers} {number}"} for number in range(3)],
        quotes=[{"speaker": "Ana Kuč", "text": QUOTE}],
    )
    page = Article(text=f"They lit 86,000 lamps of the pier. “{QUOTE}” said Ana Kuč.", language="en")
    found = compare(entry, page)
    assert [each.state for each in (*found.figures, *found.quotes)] == [State.NOT_COMPARED, State.SAME]
    assert found.notes == ("figures are not compared: the entry's texts have more than 1,000 numbers",)


@pytest.mark.parametrize(
    "words",
    [
        "ſix in ten people fell",
        "dozenſ of people fell",
        "mİllions of people fell",
        "mıllions of people fell",
        "leſs than 5 people fell",
        "uſd 5 fell",
        "two fifthſ of the people fell",
        "5 people, or leſs, fell",
    ],
)
def test_a_letter_that_only_passes_for_another_makes_nothing_fail(words: str) -> None:
    """To a pattern without case "ſ" is an s; the tables that it looks in hold the plain letter."""
    page = Article(text=f"The storm was in the town, and {words} at night.", language="en")
    figure = {"value": 582, "what": "people", "as_stated": words, "unit": words, "qualifier": words}
    for entry in (RECORD, make_entry(figures=[figure])):
        assert compare(entry, page).notes == ()


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        ("said Lindqvist’s.", False),
        ("Lindqvist's said.", False),
        ("said Brown.", False),
        ("said Brown’s.", False),
        ("said Müller.", False),
        ("said Mu\u0308ller.", False),
        ("Šefčovič said.", False),
        ("President said.", False),
        ("said van der.", False),
        ("said nobody.", False),
        ("сказал Мюллер.", False),
        ("said Berg.", True),
        ("said Mayor Berg.", True),
        ("Berg’s said.", True),
        ("said Møllerström.", True),
        ("said Mollerstrom.", True),
        ("said Mo\u0308lle\u0301n.", True),
        ("said MÖLLÉN.", True),
    ],
)
def test_a_lone_surname_is_somebody_else_only_if_the_page_introduces_them(
    said: str, *, differs: bool
) -> None:
    """However both are written: accents composed or not or left out, possessive, in capitals."""
    people = "Anton Berg, Eva Møllerström and Ida Möllén were there, it was said."
    text = f"The storm is over and the harbour is in ruins. {people}\n\n“{QUOTE}” {said}"
    found = compare(_said_by("Greta Lindqvist"), Article(text=text, language="en"))
    assert [each.kind.value for each in found.differences] == ["quote_misattributed"] * differs


def test_what_goes_beyond_a_budget_is_said_and_not_compared() -> None:
    """Each part that an entry has too many of is named with its count, and stands as not compared."""
    many = 2 * MOST_FIGURES
    entry = make_entry(
        figures=[{"value": n, "as_stated": f"{n}", "what": f"lamps{n}"} for n in range(1, many + 1)],
        quotes=[{"speaker": "Ana Kuč", "text": f"{QUOTE} {number}"} for number in range(many)],
        claims=[{"text": f"{QUOTE} {number}"} for number in range(many)],
    )
    found = compare(entry, Article(text=f"The lamps were lit. {QUOTE}", language="en"))
    for most, name in ((MOST_FIGURES, "figures"), (MOST_QUOTES, "quotes"), (MOST_CLAIMS, "claims")):
        assert f"only the first {most} {name} are compared: the entry has {many:,}" in found.notes
    assert len(found.figures) == len(found.quotes) == many
    assert {each.state for each in found.figures[MOST_FIGURES:]} == {State.NOT_COMPARED}
    assert {each.state for each in found.quotes[MOST_QUOTES:]} == {State.NOT_COMPARED}


def test_too_many_names_of_an_entry_are_said() -> None:
    letters = "abcdefghij"
    names = [f"Paper{letters[n // 10]}{letters[n % 10]} Tribune" for n in range(2 * MOST_NAMES)]
    entry = make_entry(tags=names[:60], figures=[
        {"value": 1, "as_stated": "1", "what": "lamp", "source": {
            "publisher": name, "title": "Lamps", "url": "https://a.example/b"}} for name in names
    ])  # fmt: skip
    found = compare(entry, Article(text="The lamps were lit by the people of the town.", language="en"))
    assert any(f"only {MOST_NAMES} names" in note for note in found.notes)


def test_a_page_that_is_too_long_is_said_to_be() -> None:
    found = compare(RECORD, Article(text="The lamps were lit. " * LONGEST, language="en"))
    assert f"only the first {LONGEST:,} characters are compared" in found.notes


def test_a_quote_and_a_page_that_repeat_one_word_are_not_compared_and_it_is_said() -> None:
    entry = make_entry(quotes=[{"speaker": "Ana Kuč", "text": "lamp " * 390 + f"{n}"} for n in range(6)])
    said = f"“{'lamp ' * 100},” said Ana Kuč. It was dark in the hall. The town was dark.\n\n"
    found = compare(entry, Article(text=said * 30, language="en"))
    assert found.quotes[-1].state is State.NOT_COMPARED
    assert any("repeat the same words too often" in note for note in found.notes)


@pytest.mark.parametrize(
    "sentence",
    [
        "Papers of the port show 58,012 lamps.",
        "The books kept in the cellar of the old customs house show a hole.",
        "As people of the town tell, there were lamps.",
        "As the keepers of the light have it, there were lamps.",
    ],
)
def test_a_source_may_stand_some_words_before_what_it_shows(sentence: str) -> None:
    assert names_source(sentence)
