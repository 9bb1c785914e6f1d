"""Curating from Slack: the real Bolt on a Slack of our own, with commands that answer what the test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.values import Caller, Command, CommandReply, Draft, RoleAct, Verb
from bot.commands.wording import BARRED
from bot.errors import PlatformError
from bot.model import ChannelRules, Choice, Citation, Incoming, Message, Place, Policy, Reply
from bot.platforms.slack.actions import surfaces
from bot.platforms.slack.actions.announcements import outdate, settle
from bot.platforms.slack.actions.curating import Curating
from bot.platforms.slack.actions.editing import Editing
from bot.platforms.slack.actions.safe_dispatch import SafeDispatch
from bot.platforms.slack.oauth.scopes import COMMAND, EVENTS, REMOVE, SCOPES
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.slack.views import wording
from bot.platforms.slack.views.blocks import WHY, render
from bot.ports import Recent
from kb.entries.people import Role
from kb.errors import Problem
from tests.servers.slack import Channel, Person, SlackServer, View, Workspace

FIELDS: Mapping[str, Any] = {
    "id": "harbour",
    "title": "Bakery & <!channel>",
    "summary": "A bakery closed.",
    "original": {
        "publisher": "The Post",
        "title": "Bakery closes",
        "url": "https://post.example/bakery",
        "author": "A. Writer",
        "published": date(2026, 1, 2),
    },
    "caveats": ["Nobody confirmed it.", "One figure is a guess."],
    "sensitive": False,
    "review_by": date(2027, 1, 2),
    "tags": ["bread"],
}
CANDIDATES = {
    "figures": [{"value": 12.0, "what": "12 people worked there.", "as_stated": "12"}],
    "quotes": [{"speaker": None, "text": "We were sad to close"}],
}
DRAFT = Draft(entry_id="harbour", fields=FIELDS, candidates=CANDIDATES)
KNOWN = Draft(entry_id="harbour", fields=FIELDS, base=3)
SAVED = CommandReply(replies=(Reply(lead="Sent to review."),), done=True, revision=4)
both_ways = pytest.mark.parametrize("scene", ["socket", "http"], indirect=True)
APPROVE = Choice(label="Approve", command="approve harbour", base=3)
SEND_BACK = Choice(label="Send back", command="send-back harbour", base=3, note="What should be changed?")
EDIT = Choice(label="Edit", command="edit harbour", base=3)
ANSWER = Reply(
    lead="Same story.",
    original=Citation(title="A", url="https://post.example/a", publisher="The Post"),
    evidence=("It has the same figure: 12.",),
    feedback=True,
)


@dataclass
class ScriptedCommands:
    """Commands that give what the test says, and remember what they were asked."""

    answers: dict[Verb, CommandReply | Exception] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    latest: int = 3
    look_at: tuple[Problem, ...] = ()
    checked: list[str] = field(default_factory=list)
    ran: list[tuple[Command, Caller]] = field(default_factory=list)
    saved: list[tuple[Mapping[str, Any], Caller, bool]] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, command: Command, caller: Caller) -> CommandReply:
        self.ran.append((command, caller))
        return await self._answer(command.verb)

    async def save(self, fields: Mapping[str, Any], caller: Caller, *, anyway: bool = False) -> CommandReply:
        self.saved.append((fields, caller, anyway))
        return await self._answer(Verb.SAVE)

    async def check(self, fields: Mapping[str, Any], caller: Caller) -> CommandReply:
        self.checked.append(fields["original"]["url"])
        return CommandReply(problems=self.look_at)

    async def may(self, person: str, role: Role) -> bool:
        return self.roles.get(person) in (role, Role.ADMIN)

    async def base_of(self, entry_id: str) -> int | None:
        return self.latest

    async def _answer(self, verb: Verb) -> CommandReply:
        await self.go.wait()
        answer = self.answers.get(verb, CommandReply(replies=(Reply(lead=f"Did {verb.value}."),), done=True))
        if isinstance(answer, Exception):
            raise answer
        return answer


class Silence:
    """A look-up that nobody asks."""

    async def replies(self, message: Message) -> tuple[Reply, ...]:
        raise AssertionError("nobody asks")

    async def recent(self, platform: str, channel_prefix: str, limit: int) -> tuple[Recent, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A workspace with a curator, the app, and the commands behind it."""

    slack: SlackServer
    workspace: Workspace
    ann: Person
    room: Channel
    dispatcher: ScriptedCommands
    client: AsyncWebClient
    platform: SlackPlatform

    @property
    def ann_id(self) -> str:
        return f"slack:{self.workspace.id}/{self.ann.id}"

    def told(self) -> list[str]:
        return [each.text for each in self.workspace.ephemerals(self.ann)]

    async def typed(self, text: str) -> None:
        assert (await self.ann.command(self.room, COMMAND, text)).acked

    async def view(self, *words: str) -> View:
        """Wait for an open modal that shows these words."""

        def found() -> View | None:
            shown = self.workspace.views(self.ann)
            return next(
                (each for each in shown if all(word in words_of(each.content) for word in words)), None
            )

        view = await self.slack.wait_for(found)
        assert view
        return view

    async def form(self, text: str = "edit harbour") -> View:
        await self.typed(text)
        return await self.view("Title of the original")

    async def announced(self, *choices: Choice) -> Any:
        """A message of the bot's with buttons."""
        reply = Reply(lead="Waits for a second pair of eyes.", choices=choices)
        place = Place(channel=f"{self.workspace.id}/{self.room.id}", message_id="")
        receipt = await self.platform.post(place, reply, "k1")
        return self.room.messages[receipt.message_id]

    async def press(self, message: Any, label: str) -> None:
        [button] = [each for each in message.buttons if each["text"]["text"] == label]
        assert (await self.ann.press(message, button["action_id"])).acked


@pytest.fixture
async def scene(request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    """The whole adapter in a workspace, by Socket Mode unless a test wants it over HTTP."""
    mode: Literal["socket", "http"] = getattr(request, "param", "socket")
    dispatcher = ScriptedCommands()
    dispatcher.go.set()
    front = SafeDispatch(dispatcher=dispatcher)
    seen = surfaces.Surfaces(
        look_up=Silence(),
        rules=lambda _: ChannelRules(policy=Policy.PASSIVE, threshold=0.9, language="de"),
        version="9.9.9",
        curating=Curating(dispatcher=front, editing=Editing(dispatcher=front, ack_seconds=0.3)),
    )

    def register(app: AsyncApp) -> None:
        surfaces.register(app, seen)

    async def accept(_: Incoming) -> None:
        pass

    async with SlackServer() as slack:
        slack.app.scopes, slack.app.events = frozenset(SCOPES), frozenset(EVENTS)
        workspace = slack.workspace("newsroom")
        ann = workspace.person("ann")
        room = workspace.channel("curators", ann)
        platform = SlackPlatform(
            mode=mode,
            signing_secret=slack.app.signing_secret,
            bot_token=workspace.token,
            app_token=slack.app.app_token,
            api_url=slack.api_url,
            post_seconds=0,
        )
        listening = asyncio.create_task(platform.listen(accept, register=register))
        await asyncio.wait_for(platform.until_ready(), 20)
        if mode == "http":
            await slack.use_http(platform.request_url)
        else:
            await slack.connected()
        client = AsyncWebClient(token=workspace.token, base_url=slack.api_url)
        yield Scene(
            slack=slack,
            workspace=workspace,
            ann=ann,
            room=room,
            dispatcher=dispatcher,
            client=client,
            platform=platform,
        )
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


def words_of(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)


def stands(view: View) -> dict[str, str]:
    """What stands in the inputs of a form."""
    found = {}
    for block in view.content["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            option = element.get("initial_option") or {}
            text = element.get("initial_value") or element.get("initial_date") or option.get("value")
            found[block["block_id"]] = text or ""
    return found


# Commands


async def test_a_command_is_carried_out_for_who_typed_it_and_answered_to_them_alone(scene: Scene) -> None:
    await scene.typed("history harbour")
    await scene.slack.wait_for(scene.told)
    assert scene.told() == ["Did history."]
    [(command, caller)] = scene.dispatcher.ran
    assert (command.verb, command.entry) == (Verb.HISTORY, "harbour")
    assert (caller.person, caller.platform, caller.private) == (scene.ann_id, "slack", True)
    assert caller.channel == f"{scene.workspace.id}/{scene.room.id}"
    assert scene.workspace.by_app(scene.room) == []


async def test_a_person_and_a_link_in_a_command_are_read_out_of_slacks_markup(scene: Scene) -> None:
    ben = scene.workspace.person("ben")
    await scene.typed("role give @ben curator")
    await scene.typed("remove https://newsroom.slack.example/archives/C1/p1795393930000100?a=1&b=2")
    await scene.slack.wait_for(lambda: len(scene.dispatcher.ran) == 2)
    role, remove = [command for command, _ in scene.dispatcher.ran]
    assert (role.act, role.person, role.value) == (RoleAct.GIVE, f"<@{ben.id}|ben>", "curator")
    assert remove.url == "https://newsroom.slack.example/archives/C1/p1795393930000100?a=1&b=2"


async def test_what_a_command_lacks_is_said_and_it_is_not_run(scene: Scene) -> None:
    await scene.typed("retire")
    await scene.slack.wait_for(scene.told)
    assert "retire ID why" in scene.told()[0]
    assert scene.dispatcher.ran == []


async def test_a_command_delivered_twice_is_carried_out_once(scene: Scene) -> None:
    delivery = await scene.ann.command(scene.room, COMMAND, "pause")
    await scene.slack.deliver_again(delivery)
    await scene.typed("queue")
    await scene.slack.wait_for(lambda: "Did queue." in scene.told())
    assert [command.verb for command, _ in scene.dispatcher.ran] == [Verb.PAUSE, Verb.QUEUE]


@pytest.mark.parametrize("failure", [PlatformError("secret"), RuntimeError("secret")])
async def test_a_command_that_fails_is_one_plain_sentence(scene: Scene, failure: Exception) -> None:
    scene.dispatcher.answers[Verb.QUEUE] = failure
    await scene.typed("queue")
    await scene.slack.wait_for(scene.told)
    assert scene.told() == [wording.FAILED]


async def test_help_lists_the_commands_of_curators_to_curators(scene: Scene) -> None:
    await scene.typed("help")
    await scene.slack.wait_for(scene.told)
    scene.dispatcher.roles[scene.ann_id] = Role.CURATOR
    await scene.typed("help")
    [_, again, more] = await scene.slack.wait_for(
        lambda: scene.workspace.ephemerals(scene.ann)[2:] and scene.workspace.ephemerals(scene.ann)
    )
    assert "/caveat check LINK" in words_of(again.blocks)
    assert "/caveat approve ID" in words_of(more.blocks)


async def test_the_status_tells_the_rules_of_the_channel(scene: Scene) -> None:
    await scene.typed("status")
    await scene.slack.wait_for(scene.told)
    assert "at least 0.9" in scene.told()[0]
    assert "“de”" in scene.told()[0]


# An entry in a modal


async def test_add_opens_a_modal_at_once_and_fills_it_in_once_the_page_is_read(scene: Scene) -> None:
    scene.dispatcher.go.clear()
    scene.dispatcher.answers[Verb.ADD] = CommandReply(draft=DRAFT)
    await scene.typed("add https://post.example/bakery?a=1&b=2")
    await scene.view(wording.READING_PAGE)
    scene.dispatcher.go.set()
    view = await scene.view("Title of the original")
    assert scene.dispatcher.ran[0][0].url == "https://post.example/bakery?a=1&b=2"
    shown = stands(view)
    assert shown["title"] == "Bakery & <!channel>"
    assert shown["original.author"] == "A. Writer"
    assert shown["original.published"] == "2026-01-02"
    assert shown["caveats"] == "Nobody confirmed it.\nOne figure is a guess."
    assert shown["figures"] == "- value: 12\n  what: 12 people worked there.\n  as_stated: '12'"
    assert shown["quotes"] == "- speaker:\n  text: We were sad to close"
    assert shown["sensitive"] == "no"
    assert shown["rest"] == "tags:\n  - bread"


@both_ways
async def test_what_is_typed_is_saved_as_the_entrys_fields(scene: Scene) -> None:
    scene.dispatcher.answers |= {Verb.ADD: CommandReply(draft=DRAFT), Verb.SAVE: SAVED}
    view = await scene.form("add https://post.example/bakery")
    scene.ann.fill(
        view,
        {"id": "quay", "quotes": "", "caveats": "• One.\n\n Two. ", "sensitive": "yes", "review_by": ""},
    )
    await scene.ann.submit(view)
    await scene.view("Sent to review.")
    [(fields, caller, anyway)] = scene.dispatcher.saved
    assert fields == {
        **{name: value for name, value in FIELDS.items() if name != "review_by"},
        "id": "quay",
        "original": {**FIELDS["original"], "published": "2026-01-02"},
        "caveats": ["One.", "Two."],
        "figures": [{"value": 12, "what": "12 people worked there.", "as_stated": "12"}],
        "sensitive": True,
    }
    assert (caller.person, caller.base, caller.private, anyway) == (scene.ann_id, None, True, False)


async def test_who_may_not_add_is_told_so_in_the_modal(scene: Scene) -> None:
    scene.dispatcher.answers[Verb.ADD] = CommandReply(replies=(Reply(lead="Sorry, that takes a curator."),))
    await scene.typed("add https://post.example/bakery")
    await scene.view("Sorry, that takes a curator.")


@both_ways
async def test_problems_are_shown_at_their_inputs_all_at_once(scene: Scene) -> None:
    problems = (
        Problem(field="summary", message="has 3 sentences"),
        Problem(field="quotes[0].speaker", message="must be text"),
        Problem(field="quotes[1].text", message="does not occur"),
        Problem(field="original.url", message="is no web address"),
        Problem(field="claims[0].text", message="is empty"),
        Problem(field="", message="is odd"),
    )
    scene.dispatcher.answers |= {
        Verb.EDIT: CommandReply(draft=KNOWN),
        Verb.SAVE: CommandReply(problems=problems),
    }
    view = await scene.form()
    await scene.ann.submit(view)
    assert view.errors == {
        "summary": "has 3 sentences",
        "quotes": "[0].speaker: must be text; [1].text: does not occur",
        "original.url": "is no web address",
        "rest": "claims[0].text: is empty",
        "title": "is odd",
    }
    assert view.opened


async def test_a_list_that_cannot_be_read_is_told_with_all_else_and_nothing_is_saved(scene: Scene) -> None:
    scene.dispatcher.answers[Verb.EDIT] = CommandReply(draft=KNOWN)
    view = await scene.form()
    scene.ann.fill(view, {"figures": "- value: 1: 2", "rest": "status: published", "original.url": "nowhere"})
    await scene.ann.submit(view)
    assert set(view.errors) == {"figures", "rest", "original.url"}
    assert view.errors["figures"].startswith("line 1: is no valid YAML")
    assert "status is set by" in view.errors["rest"]
    assert scene.dispatcher.saved == []


async def test_a_draft_that_may_not_be_published_yet_is_saved_and_what_bars_it_marked(scene: Scene) -> None:
    bars = (Problem(field="review_by", message="is missing"),)
    scene.dispatcher.answers |= {
        Verb.ADD: CommandReply(draft=DRAFT),
        Verb.SAVE: CommandReply(
            replies=(Reply(lead="Saved.", lines=(BARRED, str(bars[0]), "To look at: it is gone")),),
            done=True,
            revision=7,
            problems=bars,
        ),
    }
    view = await scene.form("add https://post.example/bakery")
    await scene.ann.submit(view)
    await scene.view(wording.FOR_PUBLICATION, "is missing", "Edit entry", "To look at: it is gone")
    assert words_of(view.content).count("is missing") == 1
    scene.dispatcher.answers[Verb.SAVE] = SAVED
    await scene.ann.submit(view)
    await scene.view("Sent to review.")
    fields, caller, _ = scene.dispatcher.saved[-1]
    assert (fields["id"], caller.base) == ("harbour", 7)


async def test_a_double_is_shown_before_saving_with_a_way_to_go_on(scene: Scene) -> None:
    double = (Problem(field="original.url", message="is the original of quay too"),)
    scene.dispatcher.answers |= {
        Verb.ADD: CommandReply(draft=DRAFT),
        Verb.SAVE: CommandReply(problems=double, again=True),
    }
    view = await scene.form("add https://post.example/bakery")
    scene.ann.fill(view, {"summary": "Typed by hand."})
    await scene.ann.submit(view)
    await scene.view("is the original of quay too", wording.SAVE_ANYWAY_HOW, "Typed by hand.")
    assert view.content["submit"]["text"] == wording.SAVE_ANYWAY
    scene.dispatcher.answers[Verb.SAVE] = SAVED
    await scene.ann.submit(view)
    await scene.view("Sent to review.")
    assert [anyway for _, _, anyway in scene.dispatcher.saved] == [False, True]
    assert scene.dispatcher.saved[-1][0]["summary"] == "Typed by hand."


async def test_what_is_found_at_a_new_link_is_shown_before_saving_with_a_way_to_go_on(scene: Scene) -> None:
    scene.dispatcher.answers |= {Verb.EDIT: CommandReply(draft=KNOWN), Verb.SAVE: SAVED}
    scene.dispatcher.look_at = (Problem(field="original.url", message="the original is gone"),)
    view = await scene.form()
    scene.ann.fill(view, {"original.url": "https://post.example/gone", "title": "Typed"})
    await scene.ann.submit(view)
    await scene.view(wording.LOOK_FIRST, "the original is gone", "Typed")
    assert (scene.dispatcher.checked, scene.dispatcher.saved) == (["https://post.example/gone"], [])
    await scene.ann.submit(view)
    await scene.view("Sent to review.")
    assert [anyway for _, _, anyway in scene.dispatcher.saved] == [True]


async def test_a_link_that_stays_is_not_looked_at_again_before_saving(scene: Scene) -> None:
    scene.dispatcher.answers |= {Verb.EDIT: CommandReply(draft=KNOWN), Verb.SAVE: SAVED}
    view = await scene.form()
    scene.ann.fill(view, {"title": "Typed"})
    await scene.ann.submit(view)
    await scene.view("Sent to review.")
    assert scene.dispatcher.checked == []


async def test_a_stale_edit_is_refused_with_what_changed_and_nothing_typed_is_lost(scene: Scene) -> None:
    scene.dispatcher.answers |= {
        Verb.EDIT: CommandReply(draft=KNOWN),
        Verb.SAVE: CommandReply(replies=(Reply(lead="It changed.", lines=("- title: was “a”",)),)),
    }
    view = await scene.form()
    scene.ann.fill(view, {"summary": "Mine.", "title": "My title"})
    latest = {**FIELDS, "title": "Their title", "content_note": "Theirs"}
    scene.dispatcher.answers[Verb.EDIT] = CommandReply(draft=Draft(entry_id="harbour", fields=latest, base=5))
    await scene.ann.submit(view)
    await scene.view("It changed.", "was “a”", wording.MERGED, "Changed by both of you: Title.")
    shown = stands(view)
    assert shown["summary"] == "Mine."
    assert shown["title"] == "My title"
    assert shown["content_note"] == "Theirs"
    scene.dispatcher.answers[Verb.EDIT] = CommandReply(
        draft=Draft(entry_id="harbour", fields={**latest, "content_note": "Newer"}, base=6)
    )
    await scene.ann.submit(view)
    await scene.slack.wait_for(lambda: stands(view)["content_note"] == "Newer")
    assert "Changed by both" not in words_of(view.content)
    assert stands(view)["summary"] == "Mine."
    scene.dispatcher.answers[Verb.SAVE] = SAVED
    await scene.ann.submit(view)
    await scene.view("Sent to review.")
    assert [caller.base for _, caller, _ in scene.dispatcher.saved] == [3, 5, 6]
    assert scene.dispatcher.saved[-1][0]["summary"] == "Mine."


@both_ways
async def test_a_slow_original_is_waited_for_behind_the_ack(scene: Scene) -> None:
    scene.dispatcher.answers |= {
        Verb.EDIT: CommandReply(draft=KNOWN),
        Verb.SAVE: CommandReply(problems=(Problem(field="summary", message="has 3 sentences"),)),
    }
    view = await scene.form()
    scene.ann.fill(view, {"title": "Typed"})
    scene.dispatcher.go.clear()
    assert (await scene.ann.submit(view)).acked
    await scene.view(wording.SAVING)
    scene.dispatcher.go.set()
    await scene.view("has 3 sentences", "Typed")


async def test_a_form_that_is_sent_twice_is_saved_once(scene: Scene) -> None:
    scene.dispatcher.answers |= {Verb.EDIT: CommandReply(draft=KNOWN), Verb.SAVE: SAVED}
    view = await scene.form()
    delivery = await scene.ann.submit(view)
    await scene.slack.deliver_again(delivery)
    await scene.view("Sent to review.")
    assert len(scene.dispatcher.saved) == 1


async def test_a_form_that_failed_may_be_sent_again_as_it_is(scene: Scene) -> None:
    scene.dispatcher.answers |= {Verb.EDIT: CommandReply(draft=KNOWN), Verb.SAVE: PlatformError("away")}
    view = await scene.form()
    await scene.ann.submit(view)
    await scene.view(wording.FAILED, "Title of the original")
    scene.dispatcher.answers[Verb.SAVE] = SAVED
    await scene.ann.submit(view)
    await scene.view("Sent to review.")


async def test_what_is_too_long_for_an_input_is_kept_as_it_is(scene: Scene) -> None:
    quotes = [{"speaker": "Ann", "text": f"{number} {'word ' * 100}end"} for number in range(9)]
    draft = Draft(entry_id="harbour", fields={**FIELDS, "quotes": quotes}, base=3)
    scene.dispatcher.answers |= {Verb.EDIT: CommandReply(draft=draft), Verb.SAVE: SAVED}
    view = await scene.form()
    assert "quotes" not in stands(view)
    assert "kept as it is: Quotes." in words_of(view.content)
    scene.dispatcher.answers[Verb.EDIT] = PlatformError("away")
    await scene.ann.submit(view)
    await scene.view(wording.FAILED, "Title of the original")
    assert scene.dispatcher.saved == []
    scene.dispatcher.answers[Verb.EDIT] = CommandReply(draft=draft)
    await scene.ann.submit(view)
    await scene.view("Sent to review.")
    assert scene.dispatcher.saved[0][0]["quotes"] == quotes


async def test_a_modal_that_was_too_late_is_told(scene: Scene) -> None:
    scene.slack.faults.refuse("views.open", "expired_trigger_id")
    await scene.typed("edit harbour")
    await scene.slack.wait_for(scene.told)
    assert scene.told() == [wording.TOO_SLOW]
    assert scene.dispatcher.ran == []


# Buttons


async def test_approving_by_button_is_said_in_the_announcement_which_then_has_no_buttons(
    scene: Scene,
) -> None:
    announced = await scene.announced(APPROVE, SEND_BACK, EDIT)
    assert announced.thread_ts is None
    await scene.press(announced, "Approve")
    await scene.slack.wait_for(lambda: not announced.buttons)
    [(command, caller)] = scene.dispatcher.ran
    assert (command.verb, command.entry, caller.base, caller.private) == (Verb.APPROVE, "harbour", 3, True)
    assert f"Approved by <@{scene.ann.id}>" in words_of(announced.blocks)
    assert scene.told() == ["Did approve."]
    assert announced.metadata["event_payload"]["key"] == "k1"


async def test_a_note_to_a_channel_is_found_again_by_its_key(scene: Scene) -> None:
    announced = await scene.announced(APPROVE)
    await scene.client.chat_postMessage(channel=scene.room.id, text="something else")
    place = Place(channel=f"{scene.workspace.id}/{scene.room.id}", message_id="")
    found = await scene.platform.find(place, "k1")
    assert found
    assert found.message_id == announced.ts
    assert await scene.platform.find(place, "k2") is None


async def test_a_press_on_an_outdated_announcement_is_refused_and_its_buttons_go(scene: Scene) -> None:
    announced = await scene.announced(APPROVE, SEND_BACK)
    scene.dispatcher.latest = 5
    scene.dispatcher.answers[Verb.APPROVE] = CommandReply(replies=(Reply(lead="It changed since."),))
    await scene.press(announced, "Approve")
    await scene.slack.wait_for(lambda: not announced.buttons)
    assert scene.told() == ["It changed since."]
    assert wording.OUT_OF_DATE in words_of(announced.blocks)


async def test_a_press_by_somebody_who_may_not_leaves_the_buttons(scene: Scene) -> None:
    announced = await scene.announced(APPROVE)
    scene.dispatcher.answers[Verb.APPROVE] = CommandReply(
        replies=(Reply(lead="Sorry, that takes a reviewer."),)
    )
    await scene.press(announced, "Approve")
    await scene.slack.wait_for(scene.told)
    await scene.typed("queue")
    await scene.slack.wait_for(lambda: len(scene.told()) == 2)
    assert announced.buttons


@both_ways
async def test_sending_back_asks_for_a_note_first(scene: Scene) -> None:
    announced = await scene.announced(APPROVE, SEND_BACK)
    await scene.press(announced, "Send back")
    view = await scene.view("What should be changed?")
    assert scene.dispatcher.ran == []
    scene.ann.fill(view, {"caveat_note": "The second caveat\n<!channel> is a guess"})
    delivery = await scene.ann.submit(view)
    await scene.slack.deliver_again(delivery)
    await scene.view("Did send-back.")
    [(command, caller)] = scene.dispatcher.ran
    assert (command.verb, caller.base) == (Verb.SEND_BACK, 3)
    assert command.text == "The second caveat\n<!channel> is a guess"
    await scene.slack.wait_for(lambda: not announced.buttons)
    assert "&lt;!channel&gt; is a guess" in words_of(announced.blocks)


async def test_a_note_that_was_refused_is_given_back(scene: Scene) -> None:
    scene.dispatcher.answers[Verb.SEND_BACK] = CommandReply(replies=(Reply(lead="It changed since."),))
    await scene.press(await scene.announced(SEND_BACK), "Send back")
    view = await scene.view("What should be changed?")
    scene.ann.fill(view, {"caveat_note": "Much work"})
    await scene.ann.submit(view)
    await scene.view("It changed since.", "Much work")


async def test_an_edit_begun_by_button_settles_the_announcement_once_it_is_saved(scene: Scene) -> None:
    scene.dispatcher.answers |= {Verb.EDIT: CommandReply(draft=KNOWN), Verb.SAVE: SAVED}
    announced = await scene.announced(APPROVE, EDIT)
    await scene.press(announced, "Edit")
    view = await scene.view("Title of the original")
    assert announced.buttons
    await scene.ann.submit(view)
    await scene.slack.wait_for(lambda: not announced.buttons)
    assert f"Changed by <@{scene.ann.id}>" in words_of(announced.blocks)


async def test_buttons_in_a_private_answer_work_and_go_once_used(scene: Scene) -> None:
    waits = Reply(lead="In review.", choices=(APPROVE, SEND_BACK))
    scene.dispatcher.answers[Verb.REVIEW] = CommandReply(replies=(waits,))
    await scene.typed("review harbour")
    await scene.slack.wait_for(scene.told)
    [answer] = scene.workspace.ephemerals(scene.ann)
    await scene.press(answer, "Approve")
    await scene.slack.wait_for(lambda: scene.told() == ["Did approve."])
    assert not answer.buttons


async def test_buttons_in_a_modal_are_answered_in_it(scene: Scene) -> None:
    scene.dispatcher.answers |= {
        Verb.EDIT: CommandReply(draft=KNOWN),
        Verb.SAVE: CommandReply(
            replies=(Reply(lead="Sent.", choices=(APPROVE, EDIT)),), done=True, revision=4
        ),
    }
    view = await scene.form()
    await scene.ann.submit(view)
    await scene.view("Sent.", "Approve")
    await scene.ann.press_in_view(view, "caveat_do:0")
    await scene.view("Did approve.")
    assert len(scene.workspace.views(scene.ann)) == 1


async def test_tell_me_names_the_answer_and_its_thread_and_stays_for_others(scene: Scene) -> None:
    question = await scene.ann.post(scene.room, "is this true?")
    posted = await scene.client.chat_postMessage(
        channel=scene.room.id,
        text="x",
        thread_ts=question.ts,
        blocks=render(Reply(lead="Nothing.", choices=(Choice(label="Tell me", command="tell me"),))),
    )
    answer = scene.room.messages[posted["ts"]]
    await scene.press(answer, "Tell me")
    await scene.slack.wait_for(scene.told)
    [(command, caller)] = scene.dispatcher.ran
    assert command.verb is Verb.TELL_ME
    assert (caller.reply_to, caller.thread_id) == (answer.ts, question.ts)
    assert answer.buttons


async def test_a_button_that_is_none_of_ours_does_nothing(scene: Scene) -> None:
    button = {"type": "button", "action_id": "caveat_do:0", "text": {"type": "plain_text", "text": "x"}}
    for value in ("[", "[]", '{"command": 5}', '{"command": "what is this"}'):
        blocks = [{"type": "actions", "elements": [button | {"value": value}]}]
        posted = await scene.client.chat_postMessage(channel=scene.room.id, text="x", blocks=blocks)
        assert (await scene.ann.press(scene.room.messages[posted["ts"]], "caveat_do:0")).acked
    assert scene.dispatcher.ran == []


# One reply less


async def test_a_reply_is_removed_by_shortcut_after_asking_again(scene: Scene) -> None:
    answer = await scene.announced()
    await scene.ann.shortcut(answer, REMOVE)
    view = await scene.view(wording.REMOVE_SURE)
    assert scene.dispatcher.ran == []
    await scene.ann.submit(view)
    await scene.view("Did remove.")
    [(command, caller)] = scene.dispatcher.ran
    assert (command.verb, caller.reply_to) == (Verb.REMOVE, answer.ts)
    assert caller.channel == f"{scene.workspace.id}/{scene.room.id}"


async def test_somebody_elses_message_is_not_removed(scene: Scene) -> None:
    await scene.ann.shortcut(await scene.ann.post(scene.room, "mine"), REMOVE)
    await scene.view(wording.NOT_MINE)
    assert scene.dispatcher.ran == []


@pytest.mark.parametrize(("role", "offered"), [(None, False), (Role.CURATOR, False), (Role.REVIEWER, True)])
async def test_why_this_match_offers_reviewers_to_remove_the_reply(
    scene: Scene, role: Role | None, offered: bool
) -> None:
    if role:
        scene.dispatcher.roles[scene.ann_id] = role
    posted = await scene.client.chat_postMessage(channel=scene.room.id, text="x", blocks=render(ANSWER))
    await scene.ann.press(scene.room.messages[posted["ts"]], WHY)
    view = await scene.view("It has the same figure: 12.")
    assert (REMOVE in words_of(view.content)) is offered
    if offered:
        await scene.ann.press_in_view(view, REMOVE)
        await scene.view("Did remove.")
        assert scene.dispatcher.ran[-1][1].reply_to == posted["ts"]


# The App Home


async def test_the_home_shows_curators_what_waits(scene: Scene) -> None:
    queue = Reply(lead="40 waiting:", lines=tuple(f"“Story {n}” (s{n}): in review" for n in range(40)))
    scene.dispatcher.answers[Verb.QUEUE] = CommandReply(replies=(queue,))

    async def home() -> str:
        before = scene.workspace.home(scene.ann)
        mark = before.hash if before else None
        await scene.ann.open_home()
        await scene.slack.wait_for(lambda: (view := scene.workspace.home(scene.ann)) and view.hash != mark)
        view = scene.workspace.home(scene.ann)
        return words_of(view.content if view else None)

    assert "waiting" not in await home()
    scene.dispatcher.roles[scene.ann_id] = Role.CURATOR
    shown = await home()
    assert "Story 9" in shown
    assert "Story 10" not in shown


async def test_of_two_presses_at_once_the_one_that_was_carried_out_is_told(scene: Scene) -> None:
    announced = await scene.announced(APPROVE)
    await outdate(scene.client, scene.room.id, announced.ts)
    assert wording.OUT_OF_DATE in words_of(announced.blocks)
    await settle(scene.client, scene.room.id, announced.ts, user=scene.ann.id, verb=Verb.APPROVE)
    assert f"Approved by <@{scene.ann.id}>" in words_of(announced.blocks)
    assert wording.OUT_OF_DATE not in words_of(announced.blocks)
    await outdate(scene.client, scene.room.id, announced.ts)
    assert f"Approved by <@{scene.ann.id}>" in words_of(announced.blocks)
