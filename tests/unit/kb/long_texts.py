"""Texts of every kind that could make reading slow, each of any length."""

from __future__ import annotations

from collections.abc import Callable

_FIRST = 10_000


def filled(unit: str) -> Callable[[int], str]:
    """A text of one thing over and over."""
    return lambda length: (unit * (length // len(unit) + 1))[:length]


def between(start: str, unit: str, end: str) -> Callable[[int], str]:
    """The same, with another beginning and another end: what is tried there has to be given up."""
    return lambda length: f"{start}{filled(unit)(length)}{end}"


def numbered(form: str) -> Callable[[int], str]:
    """A text of things that are all different; `{}` stands for a number of five digits."""

    def make(length: int) -> str:
        numbers = range(_FIRST, _FIRST + length // len(form) + 1)
        return " ".join(map(form.format, numbers))[:length]

    return make


KINDS: dict[str, Callable[[int], str]] = {
    "one number": filled("12 "),
    "numbers": numbered("{}"),
    "decimals": numbered("{0}.{0}"),
    "groups": between("", "123 ", "12"),
    "groups that end in a version": between("", "123 ", "123.4.5"),
    "groups with commas": between("", "123,", "12"),
    "groups with points": between("", "123.", "12"),
    "groups with apostrophes": between("", "123'", "12"),
    "digits": filled("1"),
    "a long decimal": between("1.", "3", ".5"),
    "numbers in words": filled("one hundred and "),
    "halves": filled("one and a half "),
    "points": filled("two point five "),
    "one and one": filled("and one "),
    "a and an": filled("a an "),
    "hyphens between numbers": filled("one-"),
    "a number and space": between("one", " ", "x"),
    "an article and space": between("a", " ", "x"),
    "quotations": numbered("“he said {} times” he said."),
    "short quotations": numbered("“a{}”"),
    "straight quotations": numbered('"he said {}" he said.'),
    "angle quotations": numbered("«he said {}» he said."),
    "low quotations": numbered("„he said {}“ he said."),
    "quotations in quotations": filled('“he «said „so“ "to» me" ” '),
    "unclosed quotations": filled("“he said "),
    "unclosed straight quotation": between('"', "he said ", ""),
    "unclosed angle quotations": filled("«he said "),
    "unclosed low quotations": filled("„he said "),
    "quotation marks": filled('"'),
    "closing marks after a stop": between(".", "”", "x"),
    "apostrophes": filled("a'"),
    "capitals": filled("A"),
    "capitalised words": numbered("Anna{}"),
    "abbreviations": filled("U.S. Mr. "),
    "one word": filled("a"),
    "words": numbered("word{}"),
    "letters": filled("a b c d e f g "),
    "no space": filled("so,it;goes:"),
    "stops": filled("."),
    "punctuation": filled("?!.,;:…"),
    "newlines": filled("\n"),
    "lines": filled("a\n"),
    "spaces": filled(" "),
    "a stop and space": between(".", " ", "x"),
    "hashtags": filled("#FooBarBaz @a_b "),
    "one hashtag": between("#", "aB", ""),
    "hashes": filled("#"),
    "addresses": filled("https://a.example/b "),
    "one address": filled("http://"),
    "dates": filled("9 January 2019, "),
    "months": filled("May "),
    "a month and space": between("May", " ", "x"),
    "days and months": filled("1 May "),
    "dates in digits": filled("2020-"),
    "denials": filled("posts that claims on "),
    "a long denial": between("post on ", "a", ""),
    "opinions": filled("| opinion - "),
    "I": filled("I am "),
    "ideographs": filled("水木"),
    "letters without capitals": numbered("слово{}"),
    "what is longer in lower case": filled("ΐİﬃ "),
    "half characters": filled("\ud800 "),
    "control characters": filled("\x01"),
}
