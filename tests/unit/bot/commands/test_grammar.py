"""What is a command, what is one with something missing, and what is a question."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.grammar import is_command, parse
from bot.commands.registry import COMMANDS
from bot.commands.values import Command, CommandError, Verb
from kb.formats.forms import draft_form
from tests.unit.kb.make_entries import make_entry

FORM = draft_form(make_entry("harbour"), base=7)
BLANK = draft_form({"original": {"url": "https://a.example/x"}})


def command(verb: Verb, **fields: str) -> Command:
    return Command(verb=verb, **fields)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("add https://a.example/x?y=1#z", command(Verb.ADD, url="https://a.example/x?y=1#z")),
        ("Add <https://a.example/x>", command(Verb.ADD, url="https://a.example/x")),
        ("add: a.example/x", command(Verb.ADD, url="a.example/x")),
        ("  EDIT   harbour ", command(Verb.EDIT, entry="harbour")),
        ("edit “harbour-2”", command(Verb.EDIT, entry="harbour-2")),
        ("`approve harbour`", command(Verb.APPROVE, entry="harbour")),
        ("```approve harbour```", command(Verb.APPROVE, entry="harbour")),
        ("approve harbour", command(Verb.APPROVE, entry="harbour")),
        ("approve harbour reads well", command(Verb.APPROVE, entry="harbour", text="reads well")),
        ("approve 'harbour' as “agreed”", command(Verb.APPROVE, entry="harbour", text="as “agreed”")),
        ("send-back harbour who says so?", command(Verb.SEND_BACK, entry="harbour", text="who says so?")),
        ("Send back harbour\nno\nsource", command(Verb.SEND_BACK, entry="harbour", text="no\nsource")),
        ("publish A.b_c-1", command(Verb.PUBLISH, entry="A.b_c-1")),
        ("submit harbour", command(Verb.SUBMIT, entry="harbour")),
        ("review harbour", command(Verb.REVIEW, entry="harbour")),
        ("review", command(Verb.REVIEW)),
        ("retire harbour “wrong” numbers", command(Verb.RETIRE, entry="harbour", text="“wrong” numbers")),
        ("supersede harbour quay", command(Verb.SUPERSEDE, entry="harbour", other="quay")),
        ('supersede "harbour" by "quay"', command(Verb.SUPERSEDE, entry="harbour", other="quay")),
        ("history harbour", command(Verb.HISTORY, entry="harbour")),
        ("diff harbour", command(Verb.DIFF, entry="harbour")),
        ("undo harbour", command(Verb.UNDO, entry="harbour")),
        ("preview harbour", command(Verb.PREVIEW, entry="harbour")),
        ("show harbour", command(Verb.SHOW, entry="harbour")),
        ("search is the harbour closed?", command(Verb.SEARCH, text="is the harbour closed?")),
        ("queue", command(Verb.QUEUE)),
        ("Unmatched", command(Verb.UNMATCHED)),
        ("policy Shadow", command(Verb.POLICY, value="shadow")),
        ("policy default", command(Verb.POLICY, value="default")),
        ("threshold 0.9", command(Verb.THRESHOLD, value="0.9")),
        ("threshold .85", command(Verb.THRESHOLD, value=".85")),
        ("threshold 1", command(Verb.THRESHOLD, value="1")),
        ("threshold default", command(Verb.THRESHOLD, value="default")),
        ("language EN", command(Verb.LANGUAGE, value="en")),
        ("language any", command(Verb.LANGUAGE, value="any")),
        ("pause", command(Verb.PAUSE)),
        ("resume", command(Verb.RESUME)),
        ("remove", command(Verb.REMOVE)),
        ("remove https://matrix.to/#/!r:s/$e", command(Verb.REMOVE, url="https://matrix.to/#/!r:s/$e")),
        ("roles", command(Verb.ROLES)),
        ("role give @a:b.c Curator", command(Verb.ROLE, act="give", person="@a:b.c", value="curator")),
        ("role take <@U12>", command(Verb.ROLE, act="take", person="<@U12>")),
        ("role name cli:ana Ana B.", command(Verb.ROLE, act="name", person="cli:ana", text="Ana B.")),
        ("role join @a:b to slack:T/U", command(Verb.ROLE, act="join", person="@a:b", other="slack:T/U")),
        ("tell me", command(Verb.TELL_ME)),
        ("Tell me, please!", command(Verb.TELL_ME)),
        ("Tell me please!", command(Verb.TELL_ME)),
        ("help", command(Verb.HELP)),
        (FORM, command(Verb.SAVE, text=FORM.strip())),
        (f"```yaml\n{BLANK}```", command(Verb.SAVE, text=BLANK.strip())),
        (f"```{BLANK.strip()}```", command(Verb.SAVE, text=BLANK.strip())),
        (f"```\n{FORM}", command(Verb.SAVE, text=FORM.strip())),
        (f"save\n```\n{FORM}```\n", command(Verb.SAVE, text=FORM.strip())),
        (f"SAVE {FORM}", command(Verb.SAVE, text=FORM.strip())),
        (f"save anyway ```\n{FORM}```", command(Verb.SAVE, value="anyway", text=FORM.strip())),
    ],
)
def test_a_command_is_read_in_every_way_it_may_be_written(text: str, meant: Command | None) -> None:
    assert parse(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "is this true?",
        "show me where this was reported",
        "add some context please",
        "history of the moon landing",
        "pause the video",
        "help me find the source",
        "policy on refugees",
        "retire the mayor said",
        "approve this",
        "review it?",
        "queueing in the rain",
        "publisher of this page",
        "tell me about the harbour",
        "supersede harbour quay pier",
        "roles of women in the resistance",
        "remove everything",
        "https://a.example/add",
    ],
)
def test_a_sentence_that_is_not_just_a_command_is_a_question(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("add", "`add` needs a link: add LINK"),
        ("retire", "`retire` needs an entry and a reason: retire ID why"),
        ("retire harbour", "`retire` needs an entry and a reason: retire ID why"),
        ("send-back harbour", "`send-back` needs an entry and a note: send-back ID note"),
        ("supersede harbour", "`supersede` needs an entry and its successor: supersede ID NEW"),
        ("policy loud", "`policy` needs one of passive, mention, shadow, off, default"),
        ("threshold 2", "`threshold` needs a number from 0 to 1, or default"),
        ("language", "`language` needs a language such as en, or any"),
        ("role give @a:b boss", "`role` needs what to do, and with whom"),
        ("search", "`search` needs words: search WORDS"),
        ("save", "`save` needs the form, as a code block: save FORM"),
    ],
)
def test_what_is_missing_is_told_with_how_it_is_written(text: str, told: str) -> None:
    with pytest.raises(CommandError) as error:
        parse(text)
    assert str(error.value).startswith(told)


@pytest.mark.parametrize(
    ("text", "asked", "within", "meant"),
    [
        ("queue", True, False, True),
        ("queue", False, True, False),
        ("retire", True, False, True),
        ("is this true?", True, True, False),
        ("tell me", False, True, True),
        ("tell me", False, False, False),
        (f"```\n{FORM}```", False, False, True),
        ("```\nid: harbour\n```", False, True, False),
    ],
)
def test_without_the_bots_name_only_a_form_and_tell_me_are_commands(
    text: str, asked: bool, within: bool, meant: bool
) -> None:
    assert is_command(text, asked=asked, within=within) is meant


@pytest.mark.parametrize(
    "text",
    [
        "`" + " " * 100_000,
        "tell me" + " " * 100_000 + "x",
        "add " + "a." * 50_000 + "<",
        "```" + "\n" * 100_000,
        "role give " + "a " * 50_000,
        "supersede a" + " " * 100_000 + "!",
        "save " + "``` " * 30_000 + "x",
        '"' * 100_000,
    ],
)
def test_long_nonsense_is_read_in_time_that_grows_with_its_length_only(text: str) -> None:
    """Anybody may write to the bot; a pattern that tries every way would not end here."""
    assert is_command(text, asked=True, within=True) in {True, False}


def test_every_command_is_explained() -> None:
    assert set(COMMANDS) == set(Verb)
    assert all(usage.written.startswith(verb.value) for verb, usage in COMMANDS.items())


@given(st.text(max_size=200) | st.builds(" ".join, st.lists(st.sampled_from([*Verb, "a", "?", "`", "\n"]))))
def test_whatever_is_said_is_a_command_a_slip_or_a_question(text: str) -> None:
    try:
        read = parse(text)
    except CommandError:
        assert is_command(text, asked=True, within=False)
    else:
        assert is_command(text, asked=True, within=False) is (read is not None)


def test_the_documentation_names_every_command() -> None:
    text = (Path(__file__).parents[4] / "docs" / "curating-from-chat.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([^`\n]+)`", text))
    missing = [verb for verb in Verb if not any(each.startswith(verb.value) for each in told)]
    assert not missing
