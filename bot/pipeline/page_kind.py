"""What kind of page was found, and whether it says itself that it debunks something: plain rules over words.

A login wall, a consent page or a soft 404 carries the name of the site and words of the day; matched by its
text it would pass for some article. Such a page says what it is in its title and has little text: both are
asked for, since articles about logins and cookies exist. It runs in the worker: it imports nothing heavy.
"""

from __future__ import annotations

import re

ARTICLE, LOGIN, CONSENT, MISSING, EMPTY = "ARTICLE", "LOGIN", "CONSENT", "MISSING", "EMPTY"

_FEWEST_WORDS = 20  # below this there is no article, only what is left of one
_LITTLE = 150  # words; login walls, consent pages and soft 404s of large sites stay below
_STUB_WORDS = 100  # a headline and a first sentence before a paywall: no article to match
_FORM_WORDS = 60  # a page with a password field and less text than this is there for the field

# Each must cover a whole part of the title: "Log in" before a bar, not "Sign in the sky over Lower Meadow".
_TITLES = {
    MISSING: r"""
        (?:error\s*)?(?:404|410)(?:\s*(?:error|not\ found|page\ not\ found|gone))?
        | (?:oops\W+|sorry\W+|we['’]re\ sorry\W+)?(?:(?:the|this|that|your)\ )?(?:requested\ )?
          (?:page|article|story|content|url|file)
          (?:\ (?:that\ )?(?:you\ )?(?:requested|(?:were|are)\ looking\ for))?
          \ (?:(?:(?:was|is)\ )?(?:not\ found|unavailable|not\ available|no\ longer\ available|gone|missing)
             | (?:can(?:no|['’])?t|could(?:\ not|n['’]t))\ be\ found
             | does(?:n['’]t|\ not)\ exist)(?:\ error)?
        | (?:we\ )?(?:can(?:no|['’])t|couldn['’]t|could\ not)\ find\ (?:the|this|that|your)\ page.*
        | (?:page\ )?not\ found | nothing\ found | oops
        | seite\ nicht\ gefunden | page\ (?:introuvable|non\ trouvée) | página\ no\ encontrada
        | pagina\ non\ trovata
        | página\ não\ encontrada | pagina\ niet\ gevonden | strona\ nie\ (?:została\ )?znaleziona
        """,
    LOGIN: r"""
        (?:please\ )?(?:log|sign)[\ -]?(?:in|on|up)
          (?:\ (?:or|and|/)\ (?:(?:log|sign)[\ -]?(?:in|on|up)|register))?
          (?:\ (?:to|with|for)\ .+|\ required|\ page)?
        | login(?:\ (?:required|page|to\ .+))? | (?:create|register)\ (?:an?\ |your\ )?(?:free\ )?account
        | register
        | (?:member|subscriber|user|account)\ (?:login|sign[\ -]?in) | authentication\ required
        | subscribe\ to\ (?:read|continue).* | anmelden | anmeldung | einloggen | connexion | se\ connecter
        | iniciar\ sesión | inicia\ sesión | accedi | entrar | inloggen | zaloguj\ się | log\ into\ .+
        """,
    CONSENT: r"""
        before\ you\ continue(?:\ to\ .+)? | bevor\ (?:sie|du)\ .*(?:fortfahren|weitermach|zu\ .+\ weiter).*
        | avant\ d['’]accéder.* | antes\ de\ (?:continuar|ir).* | prima\ di\ continuare.*
        | (?:your|our)?\ ?(?:cookie|privacy|consent)s?
          \ (?:consent|settings|preferences|choices|notice|options)
        | (?:we|your|.+\ )\ ?(?:value|care\ about|respect)s?\ your\ privacy | (?:cookie|privacy)\ wall
        | your\ privacy(?:\ (?:matters|choices?))?.* | (?:cookie\ )?consent | cookies
        | (?:datenschutz|privatsphäre)[\w-]*(?:\ ?einstellungen)? | privacy\ &\ cookies
        """,
    EMPTY: r"""
        just\ a\ moment\W* | attention\ required!? | access\ (?:to\ this\ page\ has\ been\ )?denied
        | security\ check.*
        | are\ you\ (?:a\ )?(?:robot|human)\??
        | (?:please\ )?verify(?:ing)?\ (?:that\ )?you\ are\ (?:a\ )?human.*
        | (?:please\ )?(?:enable|turn\ on)\ (?:javascript|cookies?).*
        | javascript\ (?:is\ )?(?:required|disabled).*
        | checking\ your\ browser.* | pardon\ our\ interruption.* | bot\ (?:check|verification)
        | (?:403\ )?forbidden
        | (?:unusual|automated)\ (?:traffic|activity).* | robot\ check | request\ (?:blocked|rejected)
        | captcha.*
        """,
}
_TITLE_RULES = [(kind, re.compile(pattern, re.VERBOSE | re.IGNORECASE)) for kind, pattern in _TITLES.items()]
_TITLE_PARTS = re.compile(r"\s+[|·•–—:»«-]\s+|\s*[|·•»«—]\s*|:\s+|\.\s+|\n")
_CONSENT_WORDS = re.compile(r"\b(?:cookies?|consent|tracking|einwilligung|datenschutz)\b", re.IGNORECASE)
_CONSENT_CHOICE = re.compile(
    r"\b(?:accept|agree|reject|decline|manage|allow)(?: all| cookies| your| my| and| to)\b"
    r"|alle (?:akzeptieren|ablehnen)|tout (?:accepter|refuser)|aceptar|rechazar",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"\b(?:subscribe|register|sign (?:in|up)|log in) to (?:continue|read|keep reading|unlock)\b"
    r"|\balready (?:a subscriber|have an account|registered)\b"
    r"|\bthis (?:article|content) is for subscribers\b",
    re.IGNORECASE,
)
_CONSENT_ADDRESS = re.compile(
    r"^https?://(?:consent|cmp|privacy-?wall)\.|/(?:cookie-?|privacy-?)?consent(?:/|\?|$)"
)
_LOGIN_ADDRESS = re.compile(
    r"^https?://(?:login|signin|auth|sso|accounts?)\.|/(?:log-?in|sign-?in|sso)(?:[/.?]|$)", re.IGNORECASE
)


def kind_of(*, url: str, titles: tuple[str, ...], text: str, asks_password: bool = False) -> str:
    """Name the kind (a `PageKind`) of a page by its address, its titles, its text, and its form."""
    words = len(text.split())
    if words < _LITTLE:
        for kind, pattern in _TITLE_RULES:
            if any(pattern.fullmatch(part) for title in titles for part in _parts(title)):
                return kind
        if _CONSENT_ADDRESS.search(url) or (
            _CONSENT_WORDS.search(text) and len(_CONSENT_CHOICE.findall(text)) > 1
        ):
            return CONSENT
        if words < _STUB_WORDS and _PAYWALL.search(text):
            return LOGIN
        if words < _FORM_WORDS and (asks_password or _LOGIN_ADDRESS.search(url)):
            return LOGIN
    return ARTICLE if words >= _FEWEST_WORDS else EMPTY


def _parts(title: str) -> list[str]:
    title = " ".join(title.split())
    return [part.strip(" .!…") for part in (title, *_TITLE_PARTS.split(title)) if part.strip()]


_HOME_PATH = re.compile(r"(?:[a-z]{2}(?:[-_][a-z]{2})?|home|homepage|start|welcome)?", re.IGNORECASE)


def is_home_path(path: str) -> bool:
    """Tell whether a canonical path, without its first slash, is a front page's: none, a language, "home"."""
    return bool(_HOME_PATH.fullmatch(path))


_DEBUNK_CUES = re.compile(
    r"""
    \bfact[\s-]?check(?:s|ed|ing|ers?)?\b
      (?!\ (?:program|scheme|network|unit|team|partner|label|site|group|organi[sz]ation|industry))
    | \bdebunk(?:s|ed|ing)?\b
    | (?<!bomb\ )(?<!death\ )\bhoax(?:es)?\b(?!\ (?:call|caller|bomb|threat|device|trial|charge))
    | ^\W*(?:mostly\ )?
      (?:false|fake|misleading|altered|doctored|manipulated|fabricated|satire|incorrect|wrong|scam)\s*[:!|–—]
    | (?:[|–—:(\[]|\s-)\s*(?:mostly\ )?(?:false|fake|misleading|altered|doctored|fabricated|debunked)[)\].!]*$
    | ^\W*no,\s
    | ^\W*(?:there\ is\ |there['’]s\ )?no\ (?:evidence|proof)\ (?:that|of|for)\b
    | \b(?:missing|lacks|out\ of)\ context\b
    | \b(?:is|are|was|were)\ (?:not\ true|untrue|(?:a\ )?fake|false(?!\ (?:alarm|start|dawn)))\b
    | \bfalse(?:ly)?\ (?:claims?|claimed|claiming|rumou?rs?|attributed|linked|posts?)\b
    | \b(?:does|do|did)(?:\ not|n['’]t)\ (?:actually\ )?(?:show|depict|prove)\b
    | \b(?:photo|picture|image|video|clip|footage|quote|post|screenshot)s?
      \ (?:is|are|was|were)(?:\ not|n['’]t)\b
    | \bmyths?\ (?:busted|about)\b | ^\W*myth\s*[:?] | \bmisinformation\s*: | \bviral\ claim\b
    | \bfaktencheck\b | ^\W*(?:falsch|fake)\s*: | \b(?:es\ )?falso\s+que\b | ^\W*(?:falso|faux)\s*[:!]
    | \bbulo\b
    | ^\W*non,\s | ^\W*nein,\s
    """,
    re.VERBOSE | re.IGNORECASE,
)


def says_debunk(title: str) -> bool:
    """Tell whether a title says that its page corrects a story rather than tells it."""
    return bool(_DEBUNK_CUES.search(" ".join(title.split())))
