"""Every outcome of the flow, as a table: what somebody says, what is known of it, and what they hear."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.answering.answer import Outcome, answer
from bot.answering.limits import Limits
from bot.answering.services import Services
from bot.errors import FaultError, FetchError, PlatformError, UnreadableError
from bot.model import Action, Deletion, Fetched, Message, Page, PageKind, Policy, Traits
from bot.replies import wording
from bot.storage.memory import MemoryAnswers
from kb.entries.entry import Entry
from kb.errors import ModelError
from kb.match.query import Basis, Hit, Query
from kb.match.reading import QueryReading
from tests.unit.bot.commands.stage import ANNA, ROOM, START, Room, Stage, Web, article, on_stage
from tests.unit.kb.curate.curating import sound

LINK = "https://copy.example/story"
ENTRY = sound("harbour")
OTHER = sound(
    "bakery",
    title="A bakery closes",
    original={**sound("x").original.model_dump(), "url": "https://b.example/c"},
)


def hit(basis: Basis, entry: Entry = ENTRY, score: float = 1.0) -> Hit:
    return Hit(entry=entry, score=score, basis=basis)


@dataclass
class Known:
    """A matcher that knows what the case says: of the page's address, and of its text or of words."""

    page: Hit | None = None
    hits: tuple[Hit, ...] = ()
    failure: Exception | None = None

    async def known_page(self, key: str) -> Hit | None:
        return self.page

    async def ready(self) -> None:
        """There is no model to wait for."""

    async def match(self, query: Query, reading: QueryReading) -> tuple[Hit, ...]:
        if self.failure:
            raise self.failure
        return self.hits

    async def traits(self, reading: QueryReading) -> Traits:
        return Traits(model="none", vector=b"", fingerprint=reading.fingerprint)


@dataclass
class Site(Web):
    """A web on which every address has one page, of no use in any way that a test wants."""

    page: Page | None = None
    failure: Exception | None = None
    silence: asyncio.Event | None = None

    async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
        if self.silence:
            await self.silence.wait()
        if self.failure:
            raise self.failure
        return Fetched(url=url, content_type="text/html", charset=None, body=b"")

    async def read(self, fetched: Fetched) -> Page:
        assert self.page
        return replace(self.page, url=fetched.url)


@dataclass(kw_only=True)
class Case:
    """What is known, where and how it is said; and what becomes of it, asked and unasked: the action, and
    words of what is heard, None for silence."""

    known: Known = field(default_factory=Known)
    page: Page | None = field(default_factory=lambda: article(LINK, "A story", "Words of a story."))
    site: Exception | None = None
    asked: str | None = None
    unasked: str | None = None
    action: Action = Action.NOTHING


CASES = {
    "a listed page": Case(
        known=Known(page=hit(Basis.SAME_PAGE)), asked="Known page", unasked="Known page", action=Action.REPLY
    ),
    "a page that tells the story": Case(
        known=Known(hits=(hit(Basis.SAME_STORY),)),
        asked="Same story",
        unasked="Same story",
        action=Action.REPLY,
    ),
    "the original itself": Case(
        known=Known(page=hit(Basis.ORIGINAL)), asked="This is the original report", action=Action.REPLY
    ),
    "no clear match": Case(
        known=Known(hits=(hit(Basis.RELATED), hit(Basis.RELATED, OTHER))),
        asked="Possibly related",
        action=Action.SUGGEST,
    ),
    "a page that debunks": Case(
        known=Known(hits=(hit(Basis.SAME_STORY),)),
        page=replace(article(LINK, "No", "It is not true."), debunk=True),
        asked="Possibly related",
        action=Action.SUGGEST,
    ),
    "an entry that is due for review": Case(
        known=Known(hits=(hit(Basis.SAME_STORY, ENTRY.model_copy(update={"review_by": date(2020, 1, 1)})),)),
        asked="Same story",
        action=Action.REPLY,
    ),
    "nothing known": Case(asked=wording.NOTHING),
    "a page that cannot be fetched": Case(
        site=FetchError("the site answered 404 Not Found"),
        asked="Could not read that page: the site answered 404",
    ),
    "a page that cannot be read": Case(
        site=UnreadableError("it is broken"), asked="Could not read that page: it is"
    ),
    "a login wall": Case(
        page=replace(article(LINK, "Log in", ""), kind=PageKind.LOGIN),
        asked="Could not read that page: it is a login",
    ),
    "a model that fails": Case(known=Known(failure=ModelError("it is gone")), asked=wording.LATER),
}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as made:
        made.put(ENTRY)
        made.put(OTHER)
        yield made


def services_for(stage: Stage, case: Case, **changes: object) -> Services:
    site = Site(page=case.page, failure=case.site)
    now = lambda: START  # noqa: E731  # the moment that all messages are from
    research = replace(stage.answering.research, matcher=case.known, fetcher=site, reader=site, now=now)
    changes = {"ledger": MemoryAnswers(), **changes}
    return replace(stage.answering, research=research, **changes)  # type: ignore[arg-type]  # a test's own


def said(stage: Stage, *, asked: bool, text: str = LINK, command: bool = False) -> Message:
    return stage.platform.said(text, asked=asked, command=command)


def heard(platform: Room) -> str | None:
    return "\n---\n".join(platform.told()) or None


@pytest.mark.parametrize("name", CASES)
async def test_who_asks_hears_of_each_outcome(stage: Stage, name: str) -> None:
    case = CASES[name]
    [outcome] = await answer(said(stage, asked=True), services_for(stage, case))
    assert outcome.decision.action is case.action
    assert case.asked
    assert case.asked in (heard(stage.platform) or "")


@pytest.mark.parametrize("name", CASES)
async def test_unasked_only_a_clear_match_is_told(stage: Stage, name: str) -> None:
    case = CASES[name]
    [outcome] = await answer(said(stage, asked=False), services_for(stage, case))
    if case.unasked is None:
        assert (outcome.decision.action, heard(stage.platform)) == (Action.SILENT, None)
    else:
        assert case.unasked in (heard(stage.platform) or "")


STORY = Case(known=Known(hits=(hit(Basis.SAME_STORY),)))


@pytest.mark.parametrize(
    ("policy", "asked", "speaks"),
    [
        (Policy.PASSIVE, False, True),
        (Policy.MENTION, False, False),
        (Policy.MENTION, True, True),
        (Policy.SHADOW, False, False),
        (Policy.SHADOW, True, False),
        (Policy.OFF, True, False),
    ],
)
async def test_a_channels_policy_says_whether_anything_is_said(
    stage: Stage, policy: Policy, *, asked: bool, speaks: bool
) -> None:
    await stage.services.channels.change("matrix", ROOM, policy=policy, by=ANNA)
    await answer(said(stage, asked=asked), services_for(stage, STORY))
    assert (heard(stage.platform) is not None) is speaks


async def test_words_are_answered_as_words(stage: Stage) -> None:
    [outcome] = await answer(
        said(stage, asked=True, text="is the harbour closed?"), services_for(stage, STORY)
    )
    assert outcome.decision.action is Action.REPLY
    assert (heard(stage.platform) or "").startswith(wording.UNCLEAR)


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("the mayor did not close the harbour", wording.DENIES),
        ("the mayor closed the harbour", wording.SAME_STORY_WORDS.format(publisher="Paper")),
        ("the harbour closed the mayor's office", wording.UNCLEAR),
    ],
)
async def test_words_are_never_affirmed_against_the_record(stage: Stage, text: str, lead: str) -> None:
    entry = sound("closed", title="The mayor closed the old harbour")
    case = Case(known=Known(hits=(hit(Basis.SAME_STORY, entry),)))
    await answer(said(stage, asked=True, text=text), services_for(stage, case))
    assert (heard(stage.platform) or "").startswith(lead)


async def test_a_later_question_is_not_about_a_dead_link_in_its_thread(stage: Stage) -> None:
    case = replace(STORY, site=FetchError("the site answered 404 Not Found"))
    link = said(stage, asked=False)
    asking = replace(said(stage, asked=True, text="did the mayor close the old harbour?"), thread_id=link.id)
    [outcome] = await answer(asking, services_for(stage, case))
    assert (outcome.decision.action, outcome.decision.of_words) == (Action.REPLY, True)
    pointing = replace(said(stage, asked=True, text="is this really true?"), thread_id=link.id)
    await answer(pointing, services_for(stage, case))
    assert "Could not read that page" in (heard(stage.platform) or "")


async def test_small_talk_and_other_languages_are_not_told_that_nothing_is_verified(stage: Stage) -> None:
    for text in ("thanks!", "are you storing my messages?", "serach flood", "Ist der Hafen geschlossen?"):
        await answer(said(stage, asked=True, text=text), services_for(stage, Case()))
    assert len(stage.platform.posts) == 4
    assert wording.NOTHING not in (heard(stage.platform) or "")


async def test_a_mention_without_a_question_is_told_what_to_do(stage: Stage) -> None:
    await answer(said(stage, asked=True, text=""), services_for(stage, STORY))
    assert wording.HELP in (heard(stage.platform) or "")


async def test_an_entry_is_told_unasked_once_in_a_while_and_always_when_asked(stage: Stage) -> None:
    services = services_for(stage, STORY, repeat_after=timedelta(days=1))
    for asked in (False, False, True):
        await answer(said(stage, asked=asked), services)
    assert len(stage.platform.posts) == 2


async def test_two_links_to_one_story_get_one_answer_and_each_other_its_own(stage: Stage) -> None:
    services = services_for(stage, STORY)
    outcomes = await answer(said(stage, asked=True, text=f"{LINK} {LINK}/2"), services)
    assert [outcome.delivery is not None for outcome in outcomes] == [True, False]


async def test_an_edit_that_adds_a_link_is_answered_for_that_link_only(stage: Stage) -> None:
    nothing = services_for(stage, Case())
    first = said(stage, asked=True)
    await answer(first, nothing)
    edited = replace(
        first, links=(LINK, "https://b.example/x"), text=f"{LINK} https://b.example/x", event="$edit"
    )
    [outcome] = await answer(edited, nothing)
    assert outcome.decision.action is Action.NOTHING
    assert len(stage.platform.posts) == 2


async def test_a_deleted_question_takes_its_answer_along_and_gets_none_later(stage: Stage) -> None:
    services = services_for(stage, STORY)
    message = said(stage, asked=True)
    await answer(message, services)
    gone = Deletion(platform="matrix", channel=ROOM, id=message.id, event="$gone")
    assert await answer(gone, services) == ()
    assert heard(stage.platform) is None
    await answer(replace(message, event="$again"), services)
    assert heard(stage.platform) is None


async def test_a_platform_that_cannot_post_is_tried_again_and_said_once(stage: Stage) -> None:
    services, message = services_for(stage, STORY), said(stage, asked=True)
    stage.platform.before["post"] = PlatformError("it is down")
    with pytest.raises(PlatformError, match="down"):
        await answer(message, services)
    assert heard(stage.platform) is None
    for _ in range(2):
        await answer(message, services)
    assert len(stage.platform.posts) == 1


async def test_a_page_that_takes_too_long_is_given_up_and_who_asked_is_told(stage: Stage) -> None:
    services = services_for(stage, Case())
    slow = replace(services.research, fetcher=Site(silence=asyncio.Event()), seconds=0.05)
    await answer(said(stage, asked=True), replace(services, research=slow))
    assert "it took too long to look at" in (heard(stage.platform) or "")


async def test_over_a_budget_who_asks_is_told_and_nobody_else(stage: Stage) -> None:
    limits = Limits(links_per_message=3, per_person=1, per_channel=1)
    services = services_for(stage, Case(), limits=limits)

    async def say(*, asked: bool) -> tuple[Outcome, ...]:
        message = said(stage, asked=asked)
        limits.heard(message)
        return await answer(message, services)

    for asked in (True, True, False, False):
        await say(asked=asked)
    assert stage.platform.told()[1:] == [wording.TOO_MUCH]


async def test_where_our_own_code_fails_who_asked_hears_so_and_the_event_is_parked(stage: Stage) -> None:
    """The queue parks what raises FaultError; what could be said was said before."""
    services = services_for(stage, Case(known=Known(failure=RuntimeError("a mistake of ours"))))
    with pytest.raises(FaultError, match="RuntimeError"):
        await answer(said(stage, asked=True), services)
    assert heard(stage.platform) == wording.LATER


async def test_a_command_is_obeyed_and_not_looked_up(stage: Stage) -> None:
    message = said(stage, asked=True, text="help", command=True)
    assert await answer(message, services_for(stage, STORY)) == ()
    assert "What you can tell me" in (heard(stage.platform) or "")
