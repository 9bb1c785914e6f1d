"""Bytes of a page become text, whatever its server or its author says about them."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META_CHARSET = re.compile(
    rb"<(?:meta[^>]{1,200}?charset|\?xml[^>]{1,100}?encoding)\s*=\s*(?:[\"']\s*)?([\w.:-]{2,30})",
    re.IGNORECASE,
)
_META_WINDOW = 4096
# The WHATWG Encoding Standard's encodings; Python's other codecs are slow or no encodings of pages at all.
_NAMED_CODECS = (
    "utf-8 utf-16 utf-16-le utf-16-be cp866 koi8-r koi8-u mac-roman mac-cyrillic gbk gb2312 gb18030 big5"
    " big5hkscs euc_jp shift_jis cp932 iso2022_jp euc_kr cp949 cp874 tis-620 iso8859-11"
)
_CODECS = (
    frozenset(_NAMED_CODECS.split())
    | {f"iso8859-{n}" for n in (*range(2, 9), 10, 13, 14, 15, 16)}
    | {f"cp125{n}" for n in range(9)}
)
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gbk", "euc_kr": "cp949"}
_NOT_ASCII_BASED = ("utf-16", "iso2022")


_MOSTLY = 10  # valid characters for each broken one: a slip in a UTF-8 page, not another encoding
_NUL_SHARE = 0.3  # of the bytes of UTF-16 text in Latin letters; other text has none
_WINDOW = 20_000
_CYRILLIC = ("cp1251", "koi8-u", "iso8859-5", "cp866")
_COMMON_CYRILLIC = frozenset("оеаинтсрвлкмдпуі")
_HIGH = re.compile(rb"[\x80-\xff]+")


def decode(body: bytes, charset: str | None, *, html: bool) -> str:
    """Turn bytes into text: by mark, as UTF-8 where that fits, as declared, by what it looks like.

    UTF-8 comes before what is declared: text of another encoding is never valid UTF-8 by chance, while
    servers often declare the wrong one.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    meta = _META_CHARSET.search(body[:_META_WINDOW].replace(b"\0", b"")) if html else None
    declared = [
        codec for name in (charset, meta and meta[1].decode("ascii")) if name and (codec := _codec(name))
    ]
    if not any(name.startswith(_NOT_ASCII_BASED) for name in declared[:1]):
        if wide := _unmarked_utf16(body[:_WINDOW]):
            return body.decode(wide, "replace")
        text = codecs.getincrementaldecoder("utf-8")("replace").decode(body)  # may be cut in a character
        broken = text.count("\ufffd")
        if broken * _MOSTLY <= sum(character > "\x7f" for character in text) - broken:
            return text
    legacy = [name for name in declared if name != "utf-8"]
    return body.decode(legacy[0] if legacy else _guess(body[:_WINDOW]), "replace")


def _unmarked_utf16(start: bytes) -> str | None:
    few, many = sorted((start[::2].count(0), start[1::2].count(0)))
    if not start or few > many / _MOSTLY or many < _NUL_SHARE * len(start):
        return None
    return "utf-16-be" if start[::2].count(0) == many else "utf-16-le"


def _guess(start: bytes) -> str:
    """Tell Cyrillic, whose letters outside of ASCII stand in rows, from Western text with single ones."""
    rows = _HIGH.findall(start)
    count = sum(map(len, rows))
    if not rows or count < 2 * len(rows):
        return "cp1252"
    common = {
        name: sum(letter in _COMMON_CYRILLIC for letter in b"".join(rows).decode(name, "ignore"))
        for name in _CYRILLIC
    }
    best = max(common, key=lambda name: common[name])
    return best if common[best] > count / 2 else "cp1252"


def _codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    codec = _MEANT.get(codec, codec)
    return codec if codec in _CODECS else None
