"""Bytes become text, a first line a title; and what the worker imports stays small."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.pipeline.read_page import decode, split_title


@pytest.mark.parametrize(
    ("body", "charset", "html", "text"),
    [
        ("Käse".encode(), None, False, "Käse"),
        ("Käse".encode(), "iso-8859-1", False, "Käse"),
        ("Käse".encode("latin-1"), "iso-8859-1", False, "Käse"),
        ("“Käse”".encode("cp1252"), "ISO-8859-1", False, "“Käse”"),
        ("Käse".encode("latin-1"), "utf-8", False, "K\ufffdse"),
        ("Käse".encode("latin-1"), None, False, "Käse"),
        ("Käse".encode("latin-1"), "no-such-thing", False, "Käse"),
        ("Сыр".encode("cp1251"), "windows-1251", False, "Сыр"),
        ("Сыр".encode("koi8-r"), "KOI8-R", False, "Сыр"),
        (
            b"<meta charset=windows-1251>" + "Сыр".encode("cp1251"),
            None,
            True,
            "<meta charset=windows-1251>Сыр",
        ),
        (
            b"<meta charset=windows-1251>" + "Сыр".encode("cp1251"),
            None,
            False,
            "<meta charset=windows-1251>Ñûð",
        ),
        (
            b"<meta content='text/html; charset=shift_jis'>" + "チーズ".encode("shift_jis"),
            None,
            True,
            "<meta content='text/html; charset=shift_jis'>チーズ",
        ),
        ("チーズ".encode("iso2022_jp"), "iso-2022-jp", False, "チーズ"),
        ("奶酪".encode("gb18030"), "gb18030", False, "奶酪"),
        (b"\xef\xbb\xbf" + "Käse".encode(), "latin-1", False, "Käse"),
        (b"\xff\xfe" + "Käse".encode("utf-16-le"), None, False, "Käse"),
        (b"\xfe\xff" + "Käse".encode("utf-16-be"), "utf-8", False, "Käse"),
        ("Käse".encode()[:2], None, False, "K"),
        (b"6162", "hex", False, "6162"),
        (b"a-b\xff", "punycode", False, "a-bÿ"),
        (b"a\xff", "a\0b", False, "aÿ"),
    ],
)
def test_bytes_become_text(body: bytes, charset: str | None, html: bool, text: str) -> None:
    assert decode(body, charset, html=html) == text


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
    heavy = {"torch", "faiss", "dbos", "nio", "sqlalchemy", "pydantic", "aiohttp", "numpy", "ada_url"}
    code = f"import bot.pipeline.read_page, sys; print({heavy} & set(sys.modules) or 'nothing')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "nothing"
