"""What the original gives to somebody, and the article tells as plain fact.

Said only where neither the sentence nor its neighbours name anybody as the source, by any word of saying.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kb.compare.dates import is_later, old_as_new
from kb.compare.figures import FigureFinding
from kb.compare.passage import Passage, content, tokens
from kb.compare.quantities import Quantity
from kb.compare.speech import SPEECH_VERBS
from kb.compare.values import Difference, DifferenceKind, Record, State
from kb.entry import Claim, Entry
from kb.numerals import significant_digits
from kb.text import STOP_WORDS

_ATTRIBUTING = re.compile(
    rf"""\b(?:{
        "|".join(
            sorted(
                set(SPEECH_VERBS) - {"state", "states", "post", "point", "rule", "put", "puts"},
                key=len,
                reverse=True,
            )
        )
    }
    |(?:puts?|places?)\s+(?:the|it|that|its|their)|post(?:s|ed)\s+on|statements?|alleg\w+|report\w*
    |purport\w*|suppos\w+|apparent\w*|so-called
    |cit(?:e|es|ed|ing)|quot(?:e|es|ed|ing)|per\s+the|in\s+the\s+words|data\s+from|figures?\s+from
    |numbers?\s+from|surve\w+|stud(?:y|ies)
    |(?:seen|obtained|examined|reviewed|viewed|compiled|collected|put)\s+(?:\w+\s)?by|(?:is|are|was|were)\s+(?:right|correct)
    |(?:records?|documents?|filings?|figures?|data|papers|emails|files|accounts|books)\s[^.;]{
        0, 60
    }\bshow(?:s|ed)?
    |poll\w*|research\w*|estimat\w*|records?\s+show\w*|documents?|filings?|evidence|testimon\w+|disclos\w+
    |unverified|unconfirmed
    |according|by\s+(?:its|his|her|their)\s+own|self-reported|analys[ei]s|found\s+that|finds\s+that
    |shows?\s+that|showed\s+that|indicat\w+
    |contend\w*|assert\w*|allegation\w*|accus\w+|speculat\w+|rumou?r\w*|hear\w*|learn(?:ed|t)\s+from
    |interview\w*|audits?|count(?:s|ed)\s+by
    |calculat\w+|assess\w*|document(?:s|ed)|publish(?:es|ed)|releas(?:e|es|ed)|view\s+of|opinion|credited
    |source[sd]?|confirm\w*|account\s+of|version\s+of|whistleblower|spokes\w+|tally|register(?:ed)?\s+by
    |official\s+(?:figures?|data|count)
    |reckon\w*|fear(?:s|ed)|worr(?:y|ies|ied)|disput(?:e[sd]?|ing)|(?:knows?|knew|sp(?:eaks?|oke)|talk(?:s|ed)?)\s+of
    |as\s[^.,;\n]{1, 40}\s(?:show|tell|find|see|believe|have\s+it|count)(?:s|ed)?
    |want(?:s|ed)|demand(?:s|ed|ing)|promis\w+|guarantee[sd]?|announcement|press\s+release|briefing|testified|agree[sd]?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_HEDGED = re.compile(
    r"\b(?:may|might|could|would|should|if|whether|possib\w+|potential\w*|likely|expect\w*|plan(?:s|ned"
    r"|ning)?|hop(?:e|es|ed|ing))\b|\?",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\b(?:(?:nobody|no one|none|hard|impossible|not)\s+(?:can|could|will|to|has)\s+\w+"
    r"|(?:been|were|was|are|is|be|being)\s+(?:\w+\s)?(?:informed|told|asked|called|advised|warned|urged)"
    r"|demand(?:s|ed|ing)?\s+(?:an?|the|\W?\d[\d.,]*)\s(?!\w+\s+(?:that|to))"
    r"|claim(?:s|ed|ing)?\s+(?:\w+\s+){0,2}(?:lives|victims|responsibility|life|titles?|prizes?))\b",
    re.IGNORECASE,
)  # nobody is the source of these
_PAPERS = re.compile(
    r"\b(?:data|figures|records?|reports?|tests?|pay\s?slips|files?|documents?|memos?|audits?|analys[ei]s|surveys?"
    r"|stud(?:y|ies)|trials?|papers|filings?|statistics|e-?mails|letters?|counts?|polls?|lists?|registers?|lawsuits?"
    r"|accounts|books|minutes|invoices|images|footage|samples?|calculations?)\b"
)  # what nobody says, but the reporter read
_THE_NUMBERS = re.compile(
    r"\b(?:official|the|new|latest|own|shocking|alarming)\s(?:figures?|numbers?|data|statistics|findings|results)\b",
    re.IGNORECASE,
)
_THESE = re.compile(
    r"\b(?:these|those)\s(?:figures|numbers|data|statistics|findings|results)\b", re.IGNORECASE
)
_GATHERED = re.compile(
    r"\b(?:gather|collect|compil|publish|releas|obtain|provid|suppl|assembl|gave|count|add)\w*\s(?:\w+\s){0,2}?"
    r"(?:the|these|those|its|their|his|her|all)\s(?:\w+\s)?(?:figures?|numbers?|data|lists?|statistics|counts?)\b"
    r"|\b(?:that is|that['’]s|this is)\s(?:from|according|the (?:result|finding)|what\b[^.]{1,40}\bfound)\b",
    re.IGNORECASE,
)
_STUDIED = re.compile(
    r"\b(?:researchers?|scientists|stud(?:y|ies)|surveys?|polls?|pollsters)\b", re.IGNORECASE
)
_PLACED = re.compile(r",|\s(?:in|of|at|for)\s")  # the laboratory in Herrick has no name of its own
_LEAD = 4  # sentences, the title among them
_FOUND = {State.SAME, State.BOUND_DROPPED}
_CLAIM_SHARE = 0.75
_CLAIM_TERMS = 5
_TIED = 0.45
_MANY_DIGITS = 3


def dropped_attributions(
    entry: Entry, passage: Passage, figures: tuple[FigureFinding, ...]
) -> Iterator[Difference]:
    """Figures and claims that are somebody's word on record and nobody's here; each sentence once."""
    if passage.language != "en" or entry.language.partition("-")[0] != "en":
        return
    told: set[int] = set()
    retold = any(old_as_new(entry, passage))
    for finding in figures:
        if not retold and is_later(passage, finding.wanted.stood):
            continue  # what was somebody's word may be established by now
        sentence = _figure_told_plainly(passage, finding)
        if sentence is not None and _speaks_for_all(passage, finding, figures, sentence):
            continue
        if sentence is not None and sentence not in told:
            told.add(sentence)
            yield _figure_difference(passage, finding, sentence)
    for claim in entry.claims:
        sentence = _claim_told_plainly(passage, claim)
        if sentence is not None and sentence not in told:
            told.add(sentence)
            yield _claim_difference(entry, passage, claim, sentence)


def _figure_told_plainly(passage: Passage, finding: FigureFinding) -> int | None:
    """The first sentence with the figure, if no mention of it in the text is given to anybody."""
    figure = finding.wanted.figure
    if not figure.attributed_to or finding.state not in {State.SAME, State.BOUND_DROPPED}:
        return None
    places = [
        mention.quantity for mention in finding.mentions if not passage.is_title(mention.quantity.start)
    ]
    telling = significant_digits(finding.wanted.quantity.value) >= _MANY_DIGITS
    tied = telling or any(mention.tie.unit + mention.tie.context >= _TIED for mention in finding.mentions)
    if not places or not tied:
        return None
    if _is_papers(figure.attributed_to) or _is_common_source(passage, figure.attributed_to):
        return None
    if any(_is_given(passage, place, figure.attributed_to) for place in places):
        return None
    return passage.sentence_at(places[0].core[0])


def _is_papers(to: str) -> bool:
    """Whether the party on record is no party but papers: the report itself vouches for those."""
    return not any(token.capital for token in tokens(to)) and _PAPERS.search(to) is not None


def _is_common_source(passage: Passage, to: str) -> bool:
    """Whether a party without a name ("the ministry") is spoken of in any sentence that names a source.

    Such a party has many names, and is mostly named once for the whole story.
    """
    party = tokens(_PLACED.split(to, maxsplit=1)[0])
    if any(token.capital for token in party):
        return False
    own = {token.stem for token in party if token.word not in STOP_WORDS}
    told = (passage.text[slice(*place)] for place in passage.sentences)
    return any(own & _stems(sentence) and _names_source(sentence) for sentence in told)


def _speaks_for_all(
    passage: Passage, finding: FigureFinding, figures: tuple[FigureFinding, ...], number: int
) -> bool:
    """Whether the page says elsewhere whose numbers these are, so that a sentence need not say it again.

    It does where it introduces a study or calls its numbers somebody's, where the party on record is named
    as a source before, or with another number of its own.
    """
    sentences = [passage.text[slice(*place)] for place in passage.sentences]
    if any(
        _THESE.search(each) or _GATHERED.search(each) or (_THE_NUMBERS.search(each) and _names_source(each))
        for each in sentences
    ):
        return True
    if any(_STUDIED.search(sentence) for sentence in sentences[:_LEAD]):
        return True
    to = finding.wanted.figure.attributed_to or ""
    if any(_is_subject(sentence, to) and _names_source(sentence) for sentence in sentences[:number]):
        return True
    own = [token.stem for token in tokens(to.split(",", maxsplit=1)[0]) if token.capital]
    with_others = {
        passage.sentence_at(mention.quantity.core[0])
        for other in figures
        if other is not finding and other.wanted.figure.attributed_to == to and other.state in _FOUND
        for mention in other.mentions
    }
    return bool(own) and any(own[-1] in _stems(sentences[place]) for place in with_others)


def _is_credited(passage: Passage, number: int, to: str) -> bool:
    """Whether whoever is on record is named earlier in the paragraph, or as a source in the one before."""
    here = passage.paragraph_of(number)
    first = passage.paragraph_of(here - 1) if here else here
    told = [passage.text[slice(*place)] for place in passage.sentences[first : number + 1]]
    return any(
        _is_subject(sentence, to) and (first + place >= here or _names_source(sentence))
        for place, sentence in enumerate(told)
    )


def _is_given(passage: Passage, quantity: Quantity, to: str) -> bool:
    spoken = any(start <= quantity.core[0] < end for start, end in passage.spoken)
    return spoken or not _is_plain(passage, passage.sentence_at(quantity.core[0]), to)


def _is_plain(passage: Passage, number: int, to: str) -> bool:
    """Whether a sentence and those beside it name no source.

    Beside it are its neighbours in the paragraph and, where it is a paragraph alone, the paragraphs around
    it;
    elsewhere the last sentence before the paragraph counts only where it speaks of whoever is on record.
    """
    sentence = passage.text[slice(*passage.sentences[number])]
    if _names_source(sentence) or _HEDGED.search(sentence) or _is_subject(sentence, to):
        return False
    beside = [other for other in (number - 1, number + 1) if 0 <= other < len(passage.sentences)]
    together = [other for other in beside if _same_paragraph(passage, number, other)]
    if any(_names_source(passage.text[slice(*passage.sentences[other])]) for other in together or beside):
        return False
    return not _is_credited(passage, number, to)


@lru_cache(maxsize=1024)
def _names_source(sentence: str) -> bool:
    return _ATTRIBUTING.search(_NOBODY.sub(" ", sentence)) is not None


def _same_paragraph(passage: Passage, one: int, other: int) -> bool:
    first, second = sorted((passage.sentences[one], passage.sentences[other]))
    return "\n" not in passage.text[first[1] : second[0]]


@lru_cache(maxsize=1024)
def _stems(sentence: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokens(sentence))


@lru_cache(maxsize=1024)
def _is_subject(sentence: str, to: str) -> bool:
    """Whether whoever is on record stands in the sentence: it is then at least plain whose matter it is."""
    own = [token for token in tokens(to.split(",", maxsplit=1)[0]) if token.capital]
    there = _stems(sentence)
    own = own or [token for token in tokens(to.split(",", maxsplit=1)[0]) if token.word not in STOP_WORDS]
    return bool(own) and all(token.stem in there for token in own)


def _claim_told_plainly(passage: Passage, claim: Claim) -> int | None:
    if not claim.claimed_by or _is_papers(claim.claimed_by) or _is_common_source(passage, claim.claimed_by):
        return None
    wanted = content(tokens(claim.text))
    if len(wanted) < _CLAIM_TERMS:
        return None
    body = [number for number, (start, _) in enumerate(passage.sentences) if not passage.is_title(start)]
    found = [
        number
        for number in body
        if len(wanted & content(passage.between(*passage.sentences[number]))) >= _CLAIM_SHARE * len(wanted)
    ]
    if not found or not all(_is_plain(passage, number, claim.claimed_by) for number in found):
        return None
    return found[0]


def _figure_difference(passage: Passage, finding: FigureFinding, sentence: int) -> Difference:
    wanted = finding.wanted
    record = Record(
        text=wanted.figure.attributed_to or "",
        about=f"{wanted.record.text} ({wanted.record.about})",
        source=wanted.record.source,
    )
    return Difference(
        kind=DifferenceKind.ATTRIBUTION_DROPPED,
        here=passage.snippet(*passage.sentences[sentence]),
        original=record,
        evidence=f"neither this sentence nor those beside it say who says so; on record it is"
        f" {wanted.figure.attributed_to}",
    )


def _claim_difference(entry: Entry, passage: Passage, claim: Claim, sentence: int) -> Difference:
    return Difference(
        kind=DifferenceKind.ATTRIBUTION_DROPPED,
        here=passage.snippet(*passage.sentences[sentence]),
        original=Record(text=claim.claimed_by or "", about=claim.text.rstrip("."), source=entry.original),
        evidence=f"neither this sentence nor those beside it say who says so; on record it is"
        f" {claim.claimed_by}",
    )
