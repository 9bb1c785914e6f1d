"""What is said to the bot and is no claim gets a sentence of its own; what may be a claim is looked up."""

from __future__ import annotations

import pytest

from bot.answering.small_talk import small_talk, unknown_words
from bot.replies import wording


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("thanks", wording.WELCOME),
        ("Thank you!", wording.WELCOME),
        ("ok thanks a lot :)", wording.WELCOME),
        ("good bot", wording.WELCOME),
        ("hi", wording.HELLO),
        ("Hello there!", wording.HELLO),
        ("good morning everyone", wording.HELLO),
        ("what can you do?", wording.HELP),
        ("how does this work?", wording.HELP),
        ("👍", wording.HELP),
        ("", wording.HELP),
        ("who are you", wording.WHO_I_AM),
        ("Are you a bot?", wording.WHO_I_AM),
        ("what's your name?", wording.WHO_I_AM),
        ("stop", wording.STOPPING),
        ("please stop posting here", wording.STOPPING),
        ("are you storing my messages?", wording.PRIVACY),
        ("do you read everything we write here", wording.PRIVACY),
        ("what do you know about me?", wording.PRIVACY),
        ("delete my data", wording.PRIVACY),
        ("how long do you keep our messages?", wording.PRIVACY),
        ("serach flood", wording.MISTYPED.format(command="search")),
        ("polcy off", wording.MISTYPED.format(command="policy")),
        ("approvve flood", wording.MISTYPED.format(command="approve")),
    ],
)
def test_what_is_no_claim_gets_a_sentence_of_its_own(words: str, answer: str) -> None:
    assert small_talk(words) == answer


@pytest.mark.parametrize(
    "words",
    [
        "Did Clearview store my photos?",
        "Is this photo real?",
        "the police found the stolen car",
        "stop the steal was funded by the mayor",
        "Ukraine contacts the mothers of dead Russian soldiers",
        "are messages in Signal really private according to the FBI?",
        "hi, did the harbour close after the flood?",
        "thanks to the vaccine nobody died",
        "removed posts were published again",
        "reviews were bought",
        "help for farmers was cut",
    ],
)
def test_what_may_be_a_claim_is_looked_up(words: str) -> None:
    assert small_talk(words) is None


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Ist der Hafen wirklich geschlossen?", wording.OTHER_LANGUAGE),
        ("чи справді порт закрито?", wording.OTHER_LANGUAGE),
        ("港は本当に閉鎖されたのですか", wording.OTHER_LANGUAGE),
        ("¿Es verdad que el puerto está cerrado?", wording.OTHER_LANGUAGE),
        ("is the harbour closed?", wording.NOTHING),
        ("Flood closes harbour", wording.NOTHING),
        ("Zelensky visits Łódź", wording.NOTHING),
    ],
)
def test_words_in_another_language_were_not_checked(words: str, answer: str) -> None:
    assert unknown_words(words) == answer
