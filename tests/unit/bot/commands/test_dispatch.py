"""What commands do, who may give them, where, and what is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.answers import AnswerState, Intent
from bot.commands.registry import COMMANDS
from bot.commands.values import Caller, Command, Verb
from bot.model import Action, Place, Policy, Receipt
from kb.entries.editorial import LinkState, SourceRead
from kb.entries.entry import Status, entry_data
from kb.entries.people import Role
from kb.formats.forms import draft_form
from kb.urls.identity import identify
from tests.unit.bot.commands.stage import ANNA, BEN, CLEO, CURATORS, DORA, ROOM, Stage, article, on_stage
from tests.unit.kb.curate.curating import sound

URL = "https://paper.example/harbour"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        yield stage


def live(stage: Stage, entry_id: str = "harbour") -> Status | None:
    entry = stage.store.get(entry_id)
    return entry.status if entry else None


class TestWhoMayDoWhatAndWhere:
    @pytest.mark.parametrize(
        ("text", "person"),
        [
            (f"add {URL}", DORA),
            ("edit harbour", DORA),
            ("queue", DORA),
            ("unmatched", DORA),
            ("history harbour", DORA),
            ("roles", DORA),
            ("approve harbour", BEN),
            ("publish harbour", BEN),
            ("retire harbour it is wrong", BEN),
            ("remove", BEN),
            ("pause", CLEO),
            ("resume", CLEO),
            ("policy off", CLEO),
            ("threshold 0.9", CLEO),
            ("language en", CLEO),
            ("role give @dora:here.example admin", CLEO),
        ],
    )
    async def test_a_refusal_is_polite_and_names_an_admin(self, stage: Stage, text: str, person: str) -> None:
        stage.put(sound("harbour"))
        reply = await stage.run(text, person)
        (told,) = reply.replies
        assert told.lead.startswith("Sorry, to ")
        assert ANNA in told.lead
        assert not reply.done

    @pytest.mark.parametrize(
        "text", [f"add {URL}", "approve harbour", "queue", "role take @ben:here.example"]
    )
    async def test_entries_and_roles_are_changed_among_curators_only(self, stage: Stage, text: str) -> None:
        elsewhere = await stage.told(text, ANNA, channel=ROOM)
        assert "curators' channel" in elsewhere
        assert "curators' channel" not in await stage.told(text, ANNA, channel=ROOM, private=True)

    async def test_who_may_not_hears_that_first_wherever_they_are(self, stage: Stage) -> None:
        assert (await stage.told(f"add {URL}", DORA, channel=ROOM)).startswith("Sorry")

    async def test_a_curator_may_retire_what_was_never_published(self, stage: Stage) -> None:
        stage.put(sound("draft"), publish=False)
        assert (await stage.run("retire draft there is nothing to it", BEN)).done

    @pytest.mark.parametrize("verb", [verb for verb, command in COMMANDS.items() if command.takes])
    async def test_what_takes_a_role_is_refused_before_it_is_begun(self, stage: Stage, verb: Verb) -> None:
        here = Caller(person=DORA, platform="matrix", channel=CURATORS)
        reply = await stage.dispatcher.run(Command(verb=verb), here)
        takes = COMMANDS[verb].takes
        assert takes
        assert reply.replies[0].lead.startswith(f"Sorry, to {takes[1]} takes the role of {takes[0].value}.")

    async def test_every_command_is_logged_with_who_gave_it(self, stage: Stage) -> None:
        with capture_logs() as logs:
            await stage.run("pause", ANNA)
        assert {"event": "command", "verb": "pause", "by": ANNA, "done": True}.items() <= logs[-1].items()

    async def test_members_read_what_is_published_and_nothing_else(self, stage: Stage) -> None:
        stage.put(sound("harbour"))
        stage.put(sound("draft", title="Another one"), publish=False)
        assert "A caveat." in await stage.told("show harbour", DORA, channel=ROOM)
        assert "no published entry" in await stage.told("show draft", DORA, channel=ROOM)
        assert "no published entry" in await stage.told("show draft", CLEO, channel=ROOM)
        assert "a draft" in await stage.told("show draft", BEN)
        assert "Another one" not in await stage.told("search Another one", DORA, channel=ROOM)
        assert "Another one" in await stage.told("search another", BEN)


class TestDrafts:
    async def test_a_page_becomes_a_form_that_can_be_sent_back(self, stage: Stage) -> None:
        stage.web.pages[identify(URL).url] = article(URL, "Harbour closed", "It cost 12 million crowns.")
        reply = await stage.run(f"add {URL}", BEN)
        (told,) = reply.replies
        assert told.form
        assert reply.draft
        assert reply.draft.fields["title"] == "Harbour closed"
        filled = told.form.replace("\nsummary:", "\nsummary: It closed.")
        filled = filled.replace("\ncaveats:", "\ncaveats: [An estimate.]").replace(
            "\nsensitive:", "\nsensitive: false"
        )
        saved = await stage.run(f"```\n{filled}```", BEN)
        assert saved.done
        assert saved.replies[0].lead.startswith("Sent to review: “Harbour closed”")
        assert [each.entry_id for each in stage.curation.queue()] == ["harbour-closed"]

    async def test_of_a_page_that_cannot_be_read_the_address_is_left(self, stage: Stage) -> None:
        reply = await stage.run(f"add {URL}", BEN)
        assert "404" in reply.replies[0].lead
        assert reply.draft
        assert reply.draft.fields["original"]["url"] == identify(URL).url

    async def test_a_known_original_is_pointed_out_before_anything_is_written(self, stage: Stage) -> None:
        stage.put(sound("harbour"))
        assert "edit harbour" in await stage.told(f"add {URL}", BEN)

    async def test_problems_are_told_with_their_lines_and_nothing_is_saved(self, stage: Stage) -> None:
        form = draft_form(sound("harbour")).replace("summary: A summary.", "summary:")
        reply = await stage.run(form, BEN)
        line = form.splitlines().index("summary:") + 1
        assert any(text.startswith(f"line {line}: summary: ") for text in reply.replies[0].lines)
        assert {problem.field for problem in reply.problems} == {"summary"}
        assert live(stage) is None

    async def test_a_text_that_may_not_be_published_yet_is_kept_as_a_draft(self, stage: Stage) -> None:
        reply = await stage.run(draft_form(sound("harbour", summary="One. Two. Three.")), BEN)
        assert reply.done
        assert reply.replies[0].lead.startswith("Saved as a draft")
        assert [problem.field for problem in reply.problems] == ["summary"]
        assert live(stage) is Status.DRAFT

    async def test_figures_that_the_original_does_not_have_bar_publication(self, stage: Stage) -> None:
        figures = [{"value": 12, "what": "cost", "as_stated": "12 million"}]
        stage.originals[URL] = SourceRead(state=LinkState.OK, text="It cost 7 million.")
        reply = await stage.run(draft_form(sound("harbour", figures=figures)), BEN)
        assert [problem.field for problem in reply.problems] == ["figures[0].as_stated"]

    async def test_doubles_and_a_dead_link_are_told_before_anything_is_saved(self, stage: Stage) -> None:
        stage.put(sound("harbour"))
        stage.originals[URL] = SourceRead(state=LinkState.DEAD)
        fields = entry_data(sound("quay", original=entry_data(sound("harbour"))["original"]))
        here = Caller(person=BEN, platform="matrix", channel=CURATORS)
        found = await stage.dispatcher.check(fields, here)
        assert len(found.problems) >= 2
        assert "the original is gone" in str(found.problems[-1])
        assert stage.store.trail("quay").revisions == ()
        assert (await stage.dispatcher.check({"id": "quay"}, here)).problems == ()
        assert "Sorry" in (await stage.dispatcher.check(fields, replace(here, person=DORA))).replies[0].lead

    async def test_a_double_is_saved_only_when_somebody_insists(self, stage: Stage) -> None:
        stage.put(sound("harbour"))
        form = draft_form(sound("quay", original=entry_data(sound("harbour"))["original"]))
        reply = await stage.run(form, BEN)
        assert reply.again
        assert live(stage, "quay") is None
        assert (await stage.run(f"save anyway ```\n{form}```", BEN)).done

    async def test_the_second_of_two_edits_is_refused_with_what_changed(self, stage: Stage) -> None:
        stage.put(sound("harbour"))
        reply = await stage.run("edit harbour", BEN)
        form = reply.replies[0].form
        assert form
        assert (await stage.run(form.replace("A summary.", "A first summary."), BEN)).done
        second = await stage.told(form.replace("A summary.", "A second summary."), CLEO)
        assert "Nothing was saved" in second
        assert "A first summary." in second

    async def test_fields_of_a_platforms_own_form_are_kept_like_a_form_in_text(self, stage: Stage) -> None:
        here = Caller(person=BEN, platform="matrix", channel=CURATORS)
        wrong = await stage.dispatcher.save({"id": "harbour"}, here)
        assert {"title", "summary", "original", "caveats"} <= {each.field for each in wrong.problems}
        right = await stage.dispatcher.save(entry_data(sound("harbour")), here)
        assert (right.done, right.revision) == (True, 2)


class TestSteps:
    async def test_one_person_writes_another_approves(self, stage: Stage) -> None:
        await stage.run(draft_form(sound("harbour")), CLEO)
        own = await stage.told("approve harbour", CLEO)
        assert "your own text" in own
        assert ANNA in own
        reply = await stage.run("approve harbour well read", ANNA)
        assert reply.done
        assert live(stage) is Status.PUBLISHED
        assert "well read" in await stage.told("history harbour")

    async def test_the_writer_is_offered_approval_only_where_nobody_else_is_needed(
        self, stage: Stage
    ) -> None:
        first = await stage.run(draft_form(sound("harbour")), CLEO)
        assert [choice.label for choice in first.replies[0].choices] == ["Edit"]
        stage.curation.people.take(CLEO, by=ANNA)
        alone = await stage.run(draft_form(sound("quay")), ANNA)
        assert [choice.label for choice in alone.replies[0].choices][:2] == ["Approve", "Send back"]

    async def test_what_is_sent_back_is_a_draft_again_with_the_note(self, stage: Stage) -> None:
        await stage.run(draft_form(sound("harbour")), BEN)
        assert BEN in await stage.told("send-back harbour who says so?")
        assert live(stage) is Status.DRAFT
        assert "who says so?" in await stage.told("history harbour")
        assert (await stage.run("submit harbour", BEN)).done

    async def test_a_button_that_is_pressed_late_does_nothing_and_says_what_changed(
        self, stage: Stage
    ) -> None:
        saved = await stage.run(draft_form(sound("harbour")), BEN)
        await stage.run("send-back harbour shorter", CLEO)
        await stage.run("submit harbour", BEN)
        assert "Nothing was saved" in await stage.told("approve harbour", CLEO, base=saved.revision)
        assert live(stage) is Status.IN_REVIEW

    async def test_an_entry_is_retired_superseded_and_taken_back(self, stage: Stage) -> None:
        for name in ("harbour", "quay"):
            stage.put(sound(name, title=f"About the {name}"))
        assert "Superseded" in await stage.told("supersede harbour quay")
        assert live(stage) is Status.RETIRED
        assert "Retired" in await stage.told("retire quay the report was withdrawn")
        assert "Taken back" in await stage.told("undo quay")

    async def test_a_step_that_this_very_command_took_before_a_crash_is_not_taken_again(
        self, stage: Stage
    ) -> None:
        stage.put(sound("harbour"))
        edited = draft_form(
            sound("harbour", summary="Changed."), base=stage.store.trail("harbour").revisions[-1].number
        )
        await stage.run(edited, BEN)
        base = stage.store.trail("harbour").revisions[-1].number
        first = await stage.run("undo harbour", BEN, base=base)
        again = await stage.run("undo harbour", BEN, base=base, repeated=True)
        assert first.revision == again.revision
        assert first.replies[0].lead == again.replies[0].lead

    async def test_diff_review_and_preview_show_what_a_reviewer_needs(self, stage: Stage) -> None:
        stage.put(sound("harbour"))
        base = stage.store.trail("harbour").revisions[-1].number
        await stage.run(draft_form(sound("harbour", summary="It is open again."), base=base), BEN)
        for text in ("diff harbour", "review harbour"):
            told = await stage.told(text)
            assert "was “A summary.”, now “It is open again.”" in told
        assert "The reply as it will look" in await stage.told("review harbour")
        assert "matched 1 of the 5 links" in await stage.told("preview harbour")

    async def test_there_is_no_such_entry(self, stage: Stage) -> None:
        for text in (
            "edit nothing",
            "approve nothing",
            "history nothing",
            "retire nothing why",
            "preview nothing",
        ):
            assert "no entry 'nothing'" in await stage.told(text)


class TestQueues:
    async def test_the_queue_says_who_wrote_what_waits(self, stage: Stage) -> None:
        assert await stage.told("queue") == "Nothing is waiting."
        await stage.run(draft_form(sound("harbour")), BEN)
        assert f"by {BEN}" in await stage.told("queue")

    async def test_links_without_an_answer_come_with_their_count_and_the_nearest_entries(
        self, stage: Stage
    ) -> None:
        for event in ("one", "two"):
            await stage.services.unmatched.count(identify("https://copy.example/a"), event)
        assert "2×" in await stage.told("unmatched", BEN)
        assert "https://copy.example/a" in await stage.told("unmatched", BEN)


class TestChannels:
    async def test_a_rule_is_set_for_the_channel_and_goes_back_by_itself(self, stage: Stage) -> None:
        book = stage.services.channels
        for text in ("policy mention", "threshold 0.9", "language de"):
            assert (await stage.run(text, ANNA, channel=ROOM)).done
        rules = book.rules("matrix", ROOM)
        assert (rules.policy, rules.threshold, rules.language) == (Policy.MENTION, 0.9, "de")
        await stage.run("policy default", ANNA, channel=ROOM)
        rules = book.rules("matrix", ROOM)
        assert (rules.policy, rules.threshold, rules.language) == (Policy.PASSIVE, 0.9, "de")
        await stage.run("threshold default", ANNA, channel=ROOM)
        await stage.run("language any", ANNA, channel=ROOM)
        rules = book.rules("matrix", ROOM)
        assert (rules.threshold, rules.language) == (None, None)
        assert book.rules("matrix", CURATORS).policy is Policy.PASSIVE

    async def test_a_pause_holds_everywhere_until_it_is_ended(self, stage: Stage) -> None:
        assert "not paused" in await stage.told("resume", ANNA)
        await stage.run("pause", ANNA, channel=ROOM)
        assert stage.services.channels.paused_by == ANNA
        assert stage.services.channels.rules("matrix", CURATORS).policy is Policy.OFF
        assert (await stage.run("resume", ANNA)).done
        assert stage.services.channels.rules("matrix", CURATORS).policy is Policy.PASSIVE

    @pytest.mark.parametrize(
        ("text", "where"),
        [
            ("remove", {"reply_to": "$answer"}),
            ("remove", {"reply_to": "$question"}),
            ("remove", {"thread_id": "$question"}),
            (f"remove https://matrix.to/#/{ROOM}/$answer?via=here.example", {}),
            ("remove https://matrix.to/#/%21news%3Ahere.example/%24answer", {"channel": CURATORS}),
        ],
    )
    async def test_one_reply_is_removed_and_does_not_come_back(
        self, stage: Stage, text: str, where: dict[str, str]
    ) -> None:
        place = Place(channel=ROOM, message_id="$question")
        intent = Intent(key="k", platform="matrix", place=place, action=Action.REPLY, entry_id="harbour")
        await stage.services.ledger.begin(intent)
        await stage.services.ledger.posted("k", Receipt(channel=ROOM, message_id="$answer"))
        assert await stage.told(text, **{"channel": ROOM, **where}) == "Removed."
        answer = await stage.services.ledger.answer("k")
        assert answer
        assert answer.state is AnswerState.WITHDRAWN
        assert "Which reply" in await stage.told("remove", channel=ROOM)


class TestRoles:
    async def test_roles_are_given_taken_named_and_joined(self, stage: Stage) -> None:
        roster = stage.curation.people.roster
        await stage.run("role give @dora:here.example reviewer", ANNA)
        assert roster().role(DORA) is Role.REVIEWER
        await stage.run("role name @dora:here.example Dora D.", ANNA)
        assert roster().name(DORA) == "Dora D."
        await stage.run("role join slack:T1/U9 @dora:here.example", ANNA)
        assert roster().role("slack:T1/U9") is Role.REVIEWER
        await stage.run("role take @dora:here.example", ANNA)
        assert roster().role(DORA) is None
        assert ANNA in await stage.told("roles", BEN)

    async def test_slacks_way_of_naming_people_is_understood_there(self, stage: Stage) -> None:
        where = {"platform": "slack", "channel": "T1/C1", "private": True}
        await stage.run("role give <@U77|ana> curator", ANNA, **where)
        await stage.run("role give @W78 curator", ANNA, **where)
        roster = stage.curation.people.roster()
        assert [roster.role("slack:T1/U77"), roster.role("slack:T1/W78")] == [Role.CURATOR] * 2

    async def test_what_is_no_person_is_refused(self, stage: Stage) -> None:
        assert "no id of a person" in await stage.told("role give somebody curator", ANNA)
