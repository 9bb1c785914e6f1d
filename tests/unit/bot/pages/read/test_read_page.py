"""A first line becomes a title; and what the worker imports stays small."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.pages.read.read_text import split_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Forty kites counted\n\nThe warden…", "Forty kites counted"),
        ("  Were there forty kites?  \nYes.", "Were there forty kites?"),
        ("The warden counted forty kites.\nThen tea.", ""),
        ("One line only", ""),
        ("-----\ntext", ""),
        ("word " * 26 + "\ntext", ""),
        ("", ""),
        ("\n\n", ""),
    ],
)
def test_a_first_line_is_a_title_when_it_looks_like_one(text: str, title: str) -> None:
    found, rest = split_title(text)
    assert found == title
    assert rest == (text.strip().partition("\n")[2].strip() if title else text.strip())


def test_the_worker_imports_nothing_heavy() -> None:
    heavy = {"torch", "faiss", "dbos", "nio", "sqlalchemy", "aiohttp", "slack_sdk", "yaml"}
    code = f"import bot.pages.read.read_worker, sys; print({heavy} & set(sys.modules) or 'nothing')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "nothing"
