"""In which language is this text? As far as it takes to know what can be compared."""

from __future__ import annotations

import re

_FUNCTION_WORDS = {
    "en": "the of and to in is that was for with as on by at from it has have said were an this his not are",
    "de": "der die das und den von zu mit sich des auf für ist im dem nicht ein eine als auch es werden"
    " wurde an nach bei aus am um hat war wird er sie sind oder aber wie einer zum zur über durch noch",
    "fr": "le la les des et du une dans est que pour qui sur au pas par plus avec ont aux ce sont il été",
    "es": "el la los las de y que en del se por con una para al su fue más como ha según sus este",
    "it": "il di che la e per una del con non sono nel della alla gli dei si le da è più ha stato",
    "pt": "o de que e do da em um para com não uma os no se na por mais as dos como foi ao",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als door naar werd",
    "pl": "i w na z że się do nie o jest od za przez po jak tym dla był są oraz",
    "sv": "och i att det som en på är av för med den till inte har om ett var från",
    "da": "og i at det som en på er af for med den til ikke har om et var fra der",
    "tr": "ve bir bu için ile olarak da de çok en daha olan gibi kadar sonra",
    "id": "yang dan di dengan untuk ini dari dalam pada tidak itu adalah juga akan",
    "ru": "и в не на что с по как из у за от о для это был его",
    "uk": "і в не на що з та як за до від у про для це був його",
}
_WORDS = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 400  # words
_CERTAIN_SHARE, _CERTAIN_LEAD = 0.12, 1.4
_LETTERS_NEEDED = 3


def function_words_of(language: str) -> frozenset[str]:
    """The words of a language that carry no meaning, as far as they are known."""
    code = language.partition("-")[0].lower()
    return frozenset() if code == "en" else _WORDS.get(code, frozenset())


def language_of(text: str, claimed: str | None = None) -> str | None:
    """The two-letter code, from function words; what the page claims where they tell nothing; or None."""
    words = [word.casefold() for word in _WORD.findall(text[: _LOOKED_AT * 20])[:_LOOKED_AT]]
    shares = sorted(
        ((sum(word in known for word in words), language) for language, known in _WORDS.items()), reverse=True
    )
    (most, language), (second, _) = shares[:2]
    if (
        words
        and most >= _LETTERS_NEEDED
        and most >= _CERTAIN_SHARE * len(words)
        and most >= _CERTAIN_LEAD * second
    ):
        return language
    return claimed.partition("-")[0].lower() if claimed else None
