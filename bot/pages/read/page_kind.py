"""What kind of page was found: evidence is weighed, and the more of an article there is, the more it takes.

A login wall, a consent page or a soft 404 carries the name of the site and words of the day; matched by its
text it would pass for some article. No single sign tells it: articles about logins and cookies exist, and
articles have login forms and consent banners around them. So the signs are added up, and what is left of the
text without sentences that only such pages speak is what speaks for an article.

It runs in the worker: it imports nothing heavy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import islice

from bot.pages.read.markup import ARTICLE_TYPES
from bot.pages.read.page_signals import Signals, count_words
from kb.text.word_lists import any_of, word_lists

ARTICLE, LOGIN, CONSENT, MISSING, EMPTY = "ARTICLE", "LOGIN", "CONSENT", "MISSING", "EMPTY"
HOME, PAYWALL, SCRIPTED, BLOCKED = "HOME", "PAYWALL", "SCRIPTED", "BLOCKED"

# All limits and weights here are set by hand; the pages of `tests/walls` hold them in their place.
_FEWEST_WORDS = 20  # below this there is no article, only what is left of one
# So many words of prose ask for so much evidence; a page with more of it than any row is an article.
_NEEDED = ((60, 2), (150, 3), (400, 4), (1000, 6))
_ENOUGH = 1000
_UNPUNCTUATED = 100  # words without a whole sentence that are a text all the same
_FEW_SHOWN = 60  # words in all: what a shell shows
_TRUNCATED = 2.0  # an article that says it is so many times longer than what is shown


def _rules(file: str, *sections: str, before: str = "", after: str = "") -> dict[str, re.Pattern[str]]:
    """A regular expression for any line of a section; a space is any white space, ' both apostrophes."""
    lists = word_lists(f"bot/pages/read/tables/{file}.txt", *sections)
    return {name: re.compile(before + _any_of(lines) + after, re.IGNORECASE) for name, lines in lists.items()}


def _any_of(lines: Iterable[str]) -> str:
    return any_of(lines).replace("'", "['’]").replace(" ?", r"\s*+").replace(" ", r"\s++")


_NAME_RULES = _rules("page_names", MISSING, LOGIN, PAYWALL, CONSENT, BLOCKED, SCRIPTED)
_PHRASE_RULES = _rules("page_phrases", MISSING, LOGIN, PAYWALL, BLOCKED, SCRIPTED, before=r"\b")
_ACCEPT, _CHOOSE = _rules("consent_buttons", "accept", "choose").values()
_LANGUAGES = ("en", "de", "fr", "es pt", "it", "nl", "pl", "ru uk")
_NOUNS, _ADDRESSING = (
    _rules(file, *_LANGUAGES, before=r"\b", after=r"\b").values()
    for file in ("consent_nouns", "consent_addressing")
)
_CONSENT_SPEAK = list(zip(_NOUNS, _ADDRESSING, strict=True))
_ADDRESSES = _rules("page_addresses", LOGIN, CONSENT, MISSING, BLOCKED, PAYWALL)
# White space is looked at from its beginning only: there may be any amount of it.
_TITLE_PARTS = re.compile(r"(?<!\s)\s++[|·•–—»«‹›-]\s+|(?:(?<!\s)\s++)?[|·•»«—]\s*|\n")
_SENTENCE_PARTS = re.compile(r"(?:(?<!\s)\s++)?:\s+|\.\s+")
_SITE_WORDS = 4  # before or after a colon; with more, both sides are one headline
_QUOTED = re.compile(r"“[^“”\n]{3,200}”|„[^„“”\n]{3,200}[“”]|«[^«»\n]{3,200}»|\"[^\"\n]{3,200}\"")
_HEADLINE = 3  # words
_SENTENCE = re.compile(r"(?<=[.!?…。！？।۔؟።։])[\"'”’»)]*\s+|\n+")
_FULL_STOP = re.compile(r"[.!?…。！？।۔؟።։:][\"'”’»)]*$")
_TELLING = 5  # words of a sentence
_HEADLINES = 15  # linked headlines make a front page
_MOSTLY_LINKS = 0.5


class _Evidence:
    """The signs of one page, each worked out at most once."""

    def __init__(self, signals: Signals) -> None:
        self.signals = signals
        self.title_parts = [part for title in signals.titles for part in parts(title)]
        self.shown = _QUOTED.sub(" ", signals.shown)  # what somebody is quoted with, the page does not say
        self.sentences = [sentence for sentence in _SENTENCE.split(signals.text) if sentence.strip()]

    @cached_property
    def prose(self) -> int:
        """Words of whole sentences of the text that an article may have; not counted on where it is one."""
        words = 0
        for sentence in self.sentences:
            length = count_words(sentence)
            if length >= _TELLING and _FULL_STOP.search(sentence.strip()) and not _is_furniture(sentence):
                words += length
            if words >= _ENOUGH:
                break
        return words

    @cached_property
    def consent_share(self) -> float:
        words = count_words(self.signals.shown) or 1
        spoken = sum(
            count_words(sentence) for sentence in _SENTENCE.split(self.signals.shown) if _is_consent(sentence)
        )
        return spoken / words

    @cached_property
    def articleness(self) -> int:
        signals = self.signals
        declared = bool(signals.types & ARTICLE_TYPES) or "og:article" in signals.types
        return 2 * (declared + self._told) + ("dated" in signals.marks)

    @cached_property
    def _told(self) -> bool:
        """A heading that says something, and paragraphs that tell it."""
        heading = next(iter(self.signals.headings), "")
        telling = (p for p in self.signals.paragraphs if _FULL_STOP.search(p) and not _is_furniture(p))
        paragraphs = list(islice(telling, 2))
        named = any(rule.fullmatch(part) for rule in _NAME_RULES.values() for part in parts(heading))
        return len(paragraphs) > 1 and count_words(heading) >= _HEADLINE and not named

    def named(self, kind: str) -> int:
        """2 if a part of a title is the kind's name, 2 more if a heading is."""
        rule = _NAME_RULES[kind]
        titled = any(rule.fullmatch(part) for part in self.title_parts)
        headed = any(rule.fullmatch(part) for heading in self.signals.headings for part in parts(heading))
        return 2 * titled + 2 * headed

    def phrases(self, kind: str) -> int:
        """How many different phrases of the kind are shown."""
        return len({match[0].casefold() for match in _PHRASE_RULES[kind].finditer(self.shown)})

    def at(self, kind: str) -> bool:
        return bool(_ADDRESSES[kind].search(self.signals.url))

    def marked(self, mark: str) -> bool:
        return mark in self.signals.marks


def kind_of(signals: Signals) -> str:
    """Name the kind (a `PageKind`) of a page."""
    evidence = _Evidence(signals)
    shell = evidence.prose < _FEWEST_WORDS and _is_shell(evidence)
    needed = next((need for words, need in _NEEDED if evidence.prose < words), None)
    if needed is not None:
        doubt = _doubt(evidence)
        enough = {
            kind: weight
            for kind, weight in _weights(evidence).items()
            if weight >= needed + (0 if kind == PAYWALL else doubt)
        }
        if enough:
            return max(enough, key=lambda kind: enough[kind])
    if shell:
        return SCRIPTED
    if _is_front_page(evidence):
        return HOME
    words = count_words(signals.text)
    return ARTICLE if evidence.prose >= _FEWEST_WORDS or words >= _UNPUNCTUATED else EMPTY


def _doubt(evidence: _Evidence) -> int:
    """How much more it takes where a page is marked up as an article and has the words of one."""
    return min(3, evidence.articleness) if evidence.prose >= _FEWEST_WORDS else 0


def _weights(evidence: _Evidence) -> dict[str, int]:
    """How much speaks for each kind. The order breaks ties."""
    marked, at, named, phrases = evidence.marked, evidence.at, evidence.named, evidence.phrases
    login_words = min(2, phrases(LOGIN))
    bare = evidence.signals.shown_words < _FEW_SHOWN and evidence.prose < _FEWEST_WORDS
    choices = [text.strip(" .!›»→") for text in evidence.signals.buttons]
    accepts = any(_ACCEPT.fullmatch(text) for text in choices)
    chooses = any(_CHOOSE.fullmatch(text) for text in choices)
    suspect = accepts or marked("consent") or named(CONSENT) or at(CONSENT)
    consent_share = evidence.consent_share if suspect else 0.0
    return {
        BLOCKED: named(BLOCKED) + min(2, phrases(BLOCKED)) + 2 * at(BLOCKED)
        + marked("blocked") * (2 if evidence.signals.shown_words < _FEW_SHOWN else 1),
        MISSING: named(MISSING) + min(1, phrases(MISSING)) + 2 * marked("status 404") + 2 * at(MISSING),
        CONSENT: named(CONSENT) + (accepts and chooses) + accepts * (consent_share > 0.25)  # noqa: PLR2004 - measured on own pages
        + marked("consent") * (consent_share > 0.25) + (consent_share > 0.5) + 3 * at(CONSENT),  # noqa: PLR2004 - the same
        LOGIN: named(LOGIN) + login_words + marked("password") * (2 if bare else 1) + 2 * at(LOGIN)
        + marked("login") * (login_words > 0),
        PAYWALL: _paywall(evidence),
    }  # fmt: skip


def _paywall(evidence: _Evidence) -> int:
    signals = evidence.signals
    said = min(2, evidence.phrases(PAYWALL))
    free = evidence.marked("not free")
    shown = count_words(signals.text)
    truncated = signals.declared_words > _TRUNCATED * max(shown, 1)
    cut = bool(re.search(r"(?:…|\.\.\.|\[…\])\s*$", signals.text.strip()))
    return (
        evidence.named(PAYWALL) + said + free + (evidence.marked("paywall") and bool(said or free))
        + 2 * (truncated and bool(said or free)) + (cut and bool(said or free)) + 2 * evidence.at(PAYWALL)
    )  # fmt: skip


def _is_shell(evidence: _Evidence) -> bool:
    """Tell a page that shows nothing without JavaScript."""
    signals = evidence.signals
    if signals.shown_words >= _FEW_SHOWN:
        return False
    says_so = bool(_PHRASE_RULES[SCRIPTED].search(f"{signals.noscript}\n{signals.shown}"))
    loading = bool(evidence.named(SCRIPTED))
    built = bool(signals.scripts) and (evidence.marked("app") or signals.shown_words < _FEWEST_WORDS)
    return says_so or loading or built


def _is_front_page(evidence: _Evidence) -> bool:
    """Tell an overview by its many linked headlines, and by no sign of an article."""
    signals = evidence.signals
    if evidence.articleness > 1 or signals.types & ARTICLE_TYPES or signals.links < _HEADLINES:
        return False
    listed = signals.types & {"CollectionPage", "WebSite", "og:website", "ItemList", "SearchResultsPage"}
    share = signals.link_words / max(signals.shown_words, 1)
    return share > _MOSTLY_LINKS and (bool(listed) or evidence.prose < signals.link_words / 2)


def parts(title: str) -> list[str]:
    """A title and the parts that its site puts together."""
    title = " ".join(title.split())
    pieces = [title, *_TITLE_PARTS.split(title)]
    for part in pieces[1:]:
        sides = _SENTENCE_PARTS.split(part)
        if all(len(side.split()) <= _SITE_WORDS for side in sides):
            pieces += sides
    return [part.strip(' .!…¡¿*"') for part in pieces if part.strip()]


def _is_consent(sentence: str) -> bool:
    return any(noun.search(sentence) and address.search(sentence) for noun, address in _CONSENT_SPEAK)


def _is_furniture(sentence: str) -> bool:
    sentence = _QUOTED.sub(" ", sentence)
    return _is_consent(sentence) or any(rule.search(sentence) for rule in _PHRASE_RULES.values())
