"""What is fed: bytes and texts that are nearly right, which reach further than noise."""

from __future__ import annotations

from hypothesis import strategies as st

_TAGS = """
    html head body title meta link p div span a h1 table tr td ul li script style noscript svg math form input
    button article main iframe template textarea select option base plaintext
""".split()
_NAMES = "id class href src rel content property name type lang charset style itemtype datetime".split()
_VALUES = """
    canonical og:url og:title og:type article password application/ld+json utf-16 windows-1251 404 root
    text/html;charset=utf-7 display:none https://k.example/ //[ javascript:x 2024-03-04 0000-99-99 de
""".split()
_SNIPPETS = [
    *"&#xD800; &#0; &amp &#99999999999; <![CDATA[ ]]> <!-- --> <!DOCTYPE <?xml?> </ <>".split(),
    *("\0", "\ufeff", "\u202e", "\x85", "\x1b", " ", "\n", "[" * 2000, "<b>" * 300),
    *("Forty kites.", "Page not found", "Log in", "Accept all"),
    '{"@type": ["NewsArticle"]}',
    '{"@graph": [{"@type": "ClaimReview", "wordCount": "1e9", "datePublished": 5}]}',
]

words = st.sampled_from(_SNIPPETS) | st.text(max_size=12)
attribute = st.tuples(st.sampled_from(_NAMES), st.sampled_from(_VALUES) | st.text(max_size=20)).map(
    lambda pair: f" {pair[0]}='{pair[1]}'"
)
opening = st.tuples(st.sampled_from(_TAGS), st.lists(attribute, max_size=3)).map(
    lambda pair: f"<{pair[0]}{''.join(pair[1])}>"
)
closing = st.sampled_from(_TAGS).map(lambda tag: f"</{tag}>")
markup = st.lists(opening | closing | words, max_size=40).map("".join)
encodings = st.sampled_from(["utf-8", "utf-16", "cp1251", "latin-1", "shift_jis"])
encoded = st.tuples(markup, encodings).map(lambda pair: pair[0].encode(pair[1], "replace"))
html = encoded | st.binary(max_size=300)
charset = st.sampled_from(["utf-8", "utf-16", "windows-1251", "hex", "x", "iso-2022-jp"])
charsets = st.none() | charset | st.text(max_size=8)

_PDF = b"""
    obj endobj stream endstream xref trailer startxref << >> [ ] /Type /Page /Pages /Kids /Count /Length
    /Filter /FlateDecode /LZWDecode /Root /Size /Contents /Encrypt /Info /Prev 1~0~R 2~0~R 1~0~obj 2~0~obj
    %%EOF BT ET Tj (a) ( ) 0 -1 99999999999 0000000000~65535~f null true
""".split()
pdf = st.lists(
    st.sampled_from([part.replace(b"~", b" ") for part in _PDF]) | st.binary(max_size=8), max_size=60
).map(lambda parts: b"%PDF-1.7\n" + b" ".join(parts))

_ADDRESS = [
    *"https:// http:// // / ? # @ : % %2F %zz & = ; . .. www. m. amp. k.example xn-- [::1] 127.1".split(),
    *"t.co u= url= q= web.archive.org/web/2020id_/ l.facebook.com/l.php?u= google.com/url?q=".split(),
    *"translate.goog view-source: youtube.com/watch?v= index.html jsessionid utm_source".split(),
    "urldefense.com/v3/__",
    *("\u3002", "\xad", "\ud800", "\0", "\t", "\n", "é", "例え。テスト", " "),
]
addresses = st.lists(st.sampled_from(_ADDRESS) | st.text(max_size=6), max_size=12).map("".join)

_PROSE = [
    *"“ ” \" « » „ ‚ ' ’ . , ! ? … : ; ( ) [ - – — $ € £ % 1 12 1,000 1.000 2.5 million bn k".split(),
    *"thousand hundred dozen half two twenty-one and a Mr. Dr. U.S. Kyiv Anna she said he says".split(),
    *"9 0 1e400 ¾ ² 一 千 ٣".split(),
    *"99999999999999999999 1.2.3 № @Kite #KiteDay https://k.example".split(),
    *("\n", "\t", "\ud800", "\u202e", "\0", "9" * 400),
]
prose = st.lists(st.sampled_from(_PROSE) | st.text(max_size=8), max_size=40).map(" ".join) | st.text(
    max_size=200
)
