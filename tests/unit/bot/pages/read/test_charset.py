"""Bytes become text, whatever is declared."""

from __future__ import annotations

import pytest

from bot.pages.read.charset import decode

RUSSIAN = "Смотрительница луга насчитала сорок воздушных змеев."
UKRAINIAN = "Доглядачка лугу нарахувала сорок повітряних зміїв."


@pytest.mark.parametrize(
    ("body", "charset", "html", "text"),
    [
        ("Käse".encode(), None, False, "Käse"),
        ("Käse".encode(), "iso-8859-1", False, "Käse"),
        ("Käse".encode("latin-1"), "iso-8859-1", False, "Käse"),
        ("“Käse”".encode("cp1252"), "ISO-8859-1", False, "“Käse”"),
        ("Käse".encode("latin-1"), "utf-8", False, "Käse"),
        ("Käse".encode("latin-1"), None, False, "Käse"),
        ("Käse".encode("latin-1"), "no-such-thing", False, "Käse"),
        ("Сыр".encode("cp1251"), "windows-1251", False, "Сыр"),
        ("Сыр".encode("koi8-r"), "KOI8-R", False, "Сыр"),
        (RUSSIAN.encode("cp1251"), None, False, RUSSIAN),
        (RUSSIAN.encode("koi8-r"), None, False, RUSSIAN),
        (RUSSIAN.encode("cp1251"), "utf-8", False, RUSSIAN),
        (UKRAINIAN.encode("cp1251"), None, False, UKRAINIAN),
        (RUSSIAN.encode("utf-16-le"), "utf-16le", False, RUSSIAN),
        ("Käse und Brot".encode("utf-16-be"), None, False, "Käse und Brot"),
        (b"\0" * 30 + b"Brot", None, False, "\0" * 30 + "Brot"),
        (RUSSIAN.encode() + b"\xff", "latin-1", False, RUSSIAN + "\ufffd"),
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
