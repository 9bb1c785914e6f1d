"""The command, the shortcut, *Why this match?* and the App Home: the real Bolt on a Slack of our own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.answers import Answer, AnswerState, Intent
from bot.model import Action, ChannelRules, Citation, Incoming, Message, Place, Policy, Reply
from bot.platforms.slack.actions import surfaces
from bot.platforms.slack.actions.commands import message
from bot.platforms.slack.actions.telling import send
from bot.platforms.slack.oauth.scopes import COMMAND, EVENTS, SCOPES, SHORTCUT
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.slack.views import wording
from bot.platforms.slack.views.blocks import WHY, render
from bot.ports import Recent
from bot.replies.wording import LATER
from tests.servers.slack import Channel, Person, SlackServer, Workspace

REPLY = Reply(
    lead="Same story: this page retells a report by The Example Post.",
    original=Citation(
        title="Harbour & <!channel> bakery",
        url="https://post.example/harbour",
        publisher="The Example Post",
        published=date(2026, 1, 2),
    ),
    summary="A bakery closed.",
    caveats=("Nobody confirmed it.",),
    evidence=("It names the same people: Ann <@U1>.", "It has the same figure: 12."),
    feedback=True,
)


@dataclass
class Answers:
    """A look-up that gives what the test says, and remembers what it was asked."""

    replies_to_give: tuple[Reply, ...] = (REPLY,)
    recents: tuple[Recent, ...] = ()
    failure: Exception | None = None
    asked: list[Message] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def until_asked(self, times: int = 1) -> list[Message]:
        """Wait until it was asked so often, which nothing in Slack tells of."""
        async with asyncio.timeout(30):
            while len(self.asked) < times:
                self.news.clear()
                await self.news.wait()
        return self.asked

    async def replies(self, message: Message) -> tuple[Reply, ...]:
        self.asked.append(message)
        self.news.set()
        await self.go.wait()
        if self.failure:
            raise self.failure
        return self.replies_to_give

    async def recent(self, platform: str, channel_prefix: str, limit: int) -> tuple[Recent, ...]:
        fitting = [
            each
            for each in self.recents
            if each.answer.intent.platform == platform
            if each.answer.intent.place.channel.startswith(channel_prefix)
        ]
        return tuple(fitting[:limit])


@pytest.fixture
def look_up() -> Answers:
    """A look-up that answers at once."""
    made = Answers()
    made.go.set()
    return made


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack that grants and tells the app what its manifest asks for, and nothing else."""
    async with SlackServer() as server:
        server.app.scopes, server.app.events = frozenset(SCOPES), frozenset(EVENTS)
        yield server


@pytest.fixture
def workspace(slack: SlackServer) -> Workspace:
    """A workspace with the app in it."""
    return slack.workspace("newsroom")


@pytest.fixture
def ann(workspace: Workspace) -> Person:
    """Somebody in the workspace."""
    return workspace.person("ann")


@pytest.fixture
def general(workspace: Workspace, ann: Person) -> Channel:
    """A channel with somebody and the app in it."""
    return workspace.channel("general", ann)


def policies(workspace: Workspace, general: Channel) -> dict[str, Policy]:
    """A rule of its own for one channel."""
    return {f"{workspace.id}/{general.id}": Policy.MENTION}


async def two_entries() -> int:
    """Count the entries of a small knowledge base."""
    return 2


async def take_nothing(incoming: Incoming) -> None:
    """Accept what is not for the surfaces, and leave it."""


@pytest.fixture
def client(slack: SlackServer, workspace: Workspace) -> AsyncWebClient:
    """The app's own client."""
    return AsyncWebClient(token=workspace.token, base_url=slack.api_url)


@pytest.fixture(autouse=True, params=["socket", "http"])
async def running(
    request: pytest.FixtureRequest,
    slack: SlackServer,
    workspace: Workspace,
    general: Channel,
    look_up: Answers,
) -> AsyncIterator[None]:
    """The whole adapter with the surfaces in it, in each of its two modes."""
    own = policies(workspace, general)

    def register(app: AsyncApp) -> None:
        seen = surfaces.Surfaces(
            look_up=look_up,
            rules=lambda channel: ChannelRules(policy=own.get(channel, Policy.PASSIVE)),
            version="9.9.9",
            entries=two_entries,
        )
        surfaces.register(app, seen)

    platform = SlackPlatform(
        mode=request.param,
        bot_token=workspace.token,
        app_token=slack.app.app_token,
        signing_secret=slack.app.signing_secret,
        api_url=slack.api_url,
    )
    listening = asyncio.create_task(platform.listen(take_nothing, register=register))
    await asyncio.wait_for(platform.until_ready(), 10)
    if platform.request_url:
        await slack.use_http(platform.request_url)
    else:
        await slack.connected()
    yield
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


def words_of(content: Any) -> str:
    """Everything that is written in a view, a message or its blocks."""
    return json.dumps(content, ensure_ascii=False)


# The command


async def test_a_check_is_acknowledged_at_once_and_answered_to_the_asker_alone(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel, look_up: Answers
) -> None:
    look_up.go.clear()
    delivery = await ann.command(general, COMMAND, "check https://copy.example/a?b=1&c=2 please")
    assert delivery.acked
    await look_up.until_asked()
    assert [each.text for each in workspace.ephemerals(ann)] == [wording.LOOKING]
    look_up.go.set()
    [answer] = await slack.wait_for(lambda: workspace.ephemerals(ann)[1:])
    assert "Same story" in answer.text
    assert "https://post.example/harbour" in words_of(answer.blocks)
    assert workspace.by_app(general) == []
    [asked] = look_up.asked
    assert asked.links == ("https://copy.example/a?b=1&c=2",)
    assert (asked.platform, asked.channel, asked.asked) == ("slack", f"{workspace.id}/{general.id}", True)


async def test_words_are_checked_too_and_each_command_is_a_question_of_its_own(
    ann: Person, general: Channel, look_up: Answers
) -> None:
    for _ in range(2):
        await ann.command(general, COMMAND, "CHECK  the bakery at the harbour closed")
    await look_up.until_asked(2)
    first, second = look_up.asked
    assert (first.text, first.links) == ("the bakery at the harbour closed", ())
    assert first.id != second.id


async def test_a_private_answer_shows_its_evidence_and_takes_no_votes(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel
) -> None:
    await ann.command(general, COMMAND, "check https://copy.example/a")
    answer = (await slack.wait_for(lambda: workspace.ephemerals(ann)[1:]))[0]
    assert [button["action_id"] for button in answer.buttons] == [WHY]
    await ann.press(answer, WHY)
    [view] = await slack.wait_for(lambda: workspace.views(ann))
    assert "Ann <@U1>" in words_of(view.content)


@pytest.mark.parametrize("text", ["", "help", "HELP me", "check", "check   ", "dance", "checkhttps"])
async def test_anything_else_gets_the_list_of_commands(
    workspace: Workspace, ann: Person, general: Channel, look_up: Answers, text: str
) -> None:
    delivery = await ann.command(general, COMMAND, text)
    assert delivery.acked
    [told] = workspace.ephemerals(ann)
    assert "/caveat check LINK" in told.text
    assert look_up.asked == []


async def test_a_bare_link_is_checked(ann: Person, general: Channel, look_up: Answers) -> None:
    await ann.command(general, COMMAND, "https://copy.example/a")
    [asked] = await look_up.until_asked()
    assert asked.links == ("https://copy.example/a",)


async def test_the_status_tells_the_rule_of_this_channel(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel
) -> None:
    other = workspace.channel("other", ann)
    await ann.command(general, COMMAND, "status")
    [here] = await slack.wait_for(lambda: workspace.ephemerals(ann))
    assert wording.POLICIES[Policy.MENTION] in words_of(here.blocks)
    assert "2 published entries" in words_of(here.blocks)
    assert "9.9.9" in here.text
    await ann.command(other, COMMAND, "status")
    there = await slack.wait_for(lambda: workspace.ephemerals(ann)[1:])
    assert wording.POLICIES[Policy.PASSIVE] in words_of(there[0].blocks)


async def test_a_look_up_that_fails_is_one_plain_sentence(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel, look_up: Answers
) -> None:
    look_up.failure = RuntimeError("secret words of the message")
    await ann.command(general, COMMAND, "check https://copy.example/a")
    told = await slack.wait_for(lambda: workspace.ephemerals(ann)[1:])
    assert told[0].text == LATER
    assert "secret" not in words_of(told[0].blocks)


async def test_many_answers_come_in_few_messages_within_slacks_limits(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel, look_up: Answers
) -> None:
    many = 21
    look_up.replies_to_give = tuple(REPLY.with_lead(f"Link {n}: same.") for n in range(many))
    await ann.command(general, COMMAND, "check " + " ".join(f"https://c.example/{n}" for n in range(many)))
    await slack.wait_for(lambda: "Link 20" in workspace.ephemerals(ann)[-1].text)
    answers = workspace.ephemerals(ann)[1:]
    assert len(answers) == 3
    assert all(len(each.blocks) <= 50 for each in answers)
    assert [n for n in range(many) if any(f"Link {n}:" in each.text for each in answers)] == list(range(many))


async def test_a_response_url_that_no_longer_works_is_told_in_the_log_and_raises_nothing(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel
) -> None:
    delivery = await ann.command(general, COMMAND, "help")
    respond = AsyncRespond(response_url=delivery.payload["response_url"])
    assert await send(respond, message("in time"))
    slack.clock.advance(31 * 60)
    with capture_logs() as logs:
        assert not await send(respond, message("late"))
        assert not await send(AsyncRespond(response_url="http://127.0.0.1:1/"), message("nowhere"))
    assert [each["event"] for each in logs] == ["slack_response_refused", "slack_response_not_sent"]
    assert [each.text for each in workspace.ephemerals(ann)][1:] == ["in time"]


# The shortcut


async def test_the_shortcut_opens_a_modal_at_once_and_fills_it_with_the_answer(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel, look_up: Answers
) -> None:
    look_up.go.clear()
    posted = await ann.post(general, "Look: https://copy.example/a?b=1&c=2")
    assert (await ann.shortcut(posted, SHORTCUT)).acked
    [view] = await slack.wait_for(lambda: workspace.views(ann))
    assert wording.LOOKING in words_of(view.content)
    look_up.go.set()
    await slack.wait_for(lambda: "Same story" in words_of(view.content))
    shown = words_of(view.content)
    assert "It has the same figure: 12." in shown
    assert "caveat_helpful" not in shown
    [asked] = look_up.asked
    assert (asked.id, asked.links) == (posted.ts, ("https://copy.example/a?b=1&c=2",))
    assert workspace.by_app(general) == []


async def test_the_shortcut_on_a_message_without_links_is_about_its_words(
    ann: Person, general: Channel, look_up: Answers
) -> None:
    await ann.shortcut(await ann.post(general, "Tom & Ann <b> closed the bakery"), SHORTCUT)
    [asked] = await look_up.until_asked()
    assert (asked.text, asked.links) == ("Tom & Ann <b> closed the bakery", ())


async def test_a_message_with_nothing_in_it_is_not_looked_up(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel, look_up: Answers
) -> None:
    posted = await ann.post(general, "x")
    posted.text = ""
    await ann.shortcut(posted, SHORTCUT)
    [view] = await slack.wait_for(lambda: workspace.views(ann))
    await slack.wait_for(lambda: wording.NOTHING_TO_CHECK in words_of(view.content))
    assert look_up.asked == []


async def test_a_trigger_that_expired_is_no_crash_and_looks_nothing_up(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel, look_up: Answers
) -> None:
    posted = await ann.post(general, "Look: https://copy.example/a")
    slack.faults.refuse("views.open", "expired_trigger_id")
    assert (await ann.shortcut(posted, SHORTCUT)).acked
    await slack.wait_for(lambda: slack.calls_of("views.open") and slack.calls_of("views.open")[0].error)
    assert workspace.views(ann) == []
    await ann.shortcut(posted, SHORTCUT)
    await slack.wait_for(lambda: workspace.views(ann))
    await slack.wait_for(lambda: len(slack.calls_of("views.update")) == 1)
    assert len(look_up.asked) == 1


async def test_a_modal_that_was_closed_meanwhile_is_left_alone(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel, look_up: Answers
) -> None:
    look_up.go.clear()
    await ann.shortcut(await ann.post(general, "Look: https://copy.example/a"), SHORTCUT)
    [view] = await slack.wait_for(lambda: workspace.views(ann))
    await ann.close(view)
    look_up.go.set()
    await slack.wait_for(lambda: slack.calls_of("views.update") and slack.calls_of("views.update")[0].error)
    assert slack.calls_of("views.update")[0].error == "not_found"
    assert (await ann.command(general, COMMAND, "help")).acked


# Why this match?


async def test_why_opens_the_evidence_in_plain_words(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel=general.id, text="x", blocks=render(REPLY))
    await ann.press(general.messages[posted["ts"]], WHY)
    [view] = await slack.wait_for(lambda: workspace.views(ann))
    texts = [block["text"] for block in view.content["blocks"]]
    assert [text["text"] for text in texts] == list(REPLY.evidence)
    assert {text["type"] for text in texts} == {"plain_text"}  # nothing in it is markup


# The App Home


async def home_of(slack: SlackServer, workspace: Workspace, person: Person) -> Any:
    """What somebody sees who opens the App Home."""
    await person.open_home()
    await slack.wait_for(lambda: workspace.home(person))
    view = workspace.home(person)
    assert view
    return view.content


def recent(workspace: Workspace, channel: Channel, title: str | None, *, minute: int = 0) -> Recent:
    """An answer that stands in a channel."""
    when = datetime(2026, 1, 2, 3, minute, tzinfo=UTC)
    place = Place(channel=f"{workspace.id}/{channel.id}", message_id="1.0")
    action = Action.REPLY if title else Action.NOTHING
    intent = Intent(key=f"k{minute}", platform="slack", place=place, action=action)
    answer = Answer(intent=intent, state=AnswerState.POSTED, receipt=None, created_at=when, changed_at=when)
    return Recent(answer=answer, title=title)


async def test_the_home_tells_what_the_bot_does_and_its_recent_answers(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel, look_up: Answers
) -> None:
    look_up.recents = (recent(workspace, general, "A <!channel> & *story*"), recent(workspace, general, None))
    shown = words_of(await home_of(slack, workspace, ann))
    assert wording.POLICIES[Policy.PASSIVE] in shown
    assert wording.HOME_KEEPING in shown
    assert f"<#{general.id}>" in shown
    assert "<!channel>" not in shown
    assert "&lt;!channel&gt; &amp;" in shown
    assert wording.UNTITLED[Action.NOTHING] in shown


async def test_the_home_shows_nobody_answers_from_channels_that_they_are_not_in(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel, look_up: Answers
) -> None:
    ben = workspace.person("ben")
    secret = workspace.channel("secret", ben, private=True)
    direct = workspace.direct(ben)
    look_up.recents = (
        recent(workspace, secret, "Secret story"),
        recent(workspace, direct, "Direct story", minute=1),
        recent(workspace, general, "Open story", minute=2),
    )
    shown = words_of(await home_of(slack, workspace, ann))
    assert "Open story" in shown
    assert "Secret story" not in shown
    assert "Direct story" not in shown
    bens = words_of(await home_of(slack, workspace, ben))
    assert "Secret story" in bens
    assert "Open story" not in bens


async def test_the_home_is_shown_without_recent_answers_when_they_cannot_be_read(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel, look_up: Answers
) -> None:
    look_up.recents = (recent(workspace, general, "Open story"),)
    slack.faults.refuse("users.conversations", "missing_scope")
    shown = words_of(await home_of(slack, workspace, ann))
    assert wording.HOME_NO_RECENT in shown


async def test_a_full_home_keeps_to_ten_answers(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel, look_up: Answers
) -> None:
    look_up.recents = tuple(recent(workspace, general, f"Story {n} {'x' * 900}", minute=n) for n in range(40))
    view = await home_of(slack, workspace, ann)
    assert sum("Story" in words_of(block) for block in view["blocks"]) == 10


async def test_a_revoked_token_of_the_only_workspace_is_told_in_the_log(
    slack: SlackServer, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.revoke()
    await slack.settled()
    [delivery] = slack.events_of("tokens_revoked")
    assert len(delivery.attempts) == 1
    assert "slack_token_revoked" in capsys.readouterr().out
