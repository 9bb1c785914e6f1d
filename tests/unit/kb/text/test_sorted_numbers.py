"""Numbers that are sorted once say the same as comparing every number with every figure."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.match import evidence
from kb.match.reading import Reading, read_text
from kb.search.profile import ProfiledFigure, profile
from kb.text.numbers import Number, significant_digits
from kb.text.sorted_numbers import AGE, ANY, MONEY, ROUNDING, SHARE, is_telling, sort_numbers, stated
from kb.text.words import terms
from tests.unit.kb.make_entries import make_entry

VALUES = st.one_of(
    st.integers(0, 30).map(float),
    st.integers(1890, 2110).map(float),
    st.sampled_from([500.0, 550.0, 580.0, 582.0, 582.5, 600.0, 8600.0, 9000.0, 2e6, 2.1e6, 2e9, 0.5, -582.0]),
    st.floats(0, 1e12, allow_nan=False),
)
WRITTEN = st.builds(
    lambda value, form: Number(value=value, text=form.format(value), start=0),
    VALUES,
    st.sampled_from(["{:.12g}", "{:,.12g}", "some {:.3g}"]),
)


def told(figure: ProfiledFigure, number: Number) -> tuple[float, str]:
    """One number beside one figure: how much it tells that they are the same, and in which words."""
    telling = 0.05
    if is_telling(figure.value, figure.as_stated):
        telling = {1: 0.25, 2: 0.45}.get(significant_digits(figure.value), 0.65)
    if number.value == figure.value:
        return telling, number.text
    coarser = significant_digits(number.value) < significant_digits(figure.value)
    if coarser and abs(number.value - figure.value) <= ROUNDING * abs(figure.value):
        return telling / 2, f"{number.text}, rounded from {figure.as_stated}"
    return 0.0, ""


def reading_of(found: Sequence[Number]) -> Reading:
    return Reading(
        length=100,
        stems=(),
        terms=frozenset(),
        names=frozenset(),
        numbers=sort_numbers((number, ANY) for number in found),
    )


@given(st.lists(VALUES, max_size=5), st.lists(WRITTEN, max_size=25))
def test_figures_are_those_that_comparing_each_with_each_finds(
    values: list[float], found: list[Number]
) -> None:
    figures = [{"value": value, "as_stated": f"{value:.12g}", "what": "boats"} for value in values]
    kept, reading = profile(make_entry(figures=figures)), reading_of(found)
    best = [max((told(figure, number) for number in found), default=(0.0, "")) for figure in kept.figures]
    doubt = 1.0
    for weight, _ in best:
        doubt *= 1.0 - weight
    shown = evidence.figures(kept, reading.numbers)
    sentences = [f"{text} (boats)" for weight, text in best if weight]
    assert (shown.text if shown else "") == (f"has the figures: {'; '.join(sentences)}" if sentences else "")
    assert (shown.score if shown else 0.0) == pytest.approx(1.0 - doubt)

    whole = sum(told(figure, Number(value=figure.value, text="", start=0))[0] for figure in kept.figures)
    share = sum(weight for weight, _ in best) / max(whole, 1e-9)
    assert evidence.share_of_figures(kept, reading.numbers) == pytest.approx(share)

    telling = {number.value for number in found if is_telling(number.value, number.text)}
    new = [
        value
        for value in telling
        if not any(told(figure, Number(value=value, text="", start=0))[0] for figure in kept.figures)
    ]
    assert evidence.count_of_new_figures(kept, reading) == pytest.approx(min(5.0, len(new)))


@given(
    st.lists(st.sampled_from("look greedy owners letting harbour drown and so the old".split()), max_size=99)
)
def test_a_quotation_s_window_is_the_one_that_looking_at_every_window_finds(spoken: list[str]) -> None:
    wanted = terms("Look greedy owners letting harbour drown")
    reading = read_text(" ".join(spoken))
    width = int(1.8 * len(wanted)) + 12
    best = max(
        (
            len(wanted.intersection(reading.stems[start : start + width + 1]))
            for start in range(len(reading.stems))
        ),
        default=0,
    ) / len(wanted)
    quote = {"speaker": "Anna Example", "text": "Look greedy owners letting harbour drown"}
    shown = evidence.quotes(profile(make_entry(quotes=[quote])), reading)
    assert (shown.score if shown else 0.0) == (best if best >= 0.6 else 0.0)


@pytest.mark.parametrize(
    ("value", "text", "telling"),
    [
        (12, "12", False),
        (13, "13", True),
        (2019, "2019", False),
        (2019, "2,019", True),
        (1899, "1899", True),
        (2100, "2100", False),
        (2101, "2101", True),
        (2019.5, "2019.5", True),
        (-582, "-582", True),
    ],
)
def test_small_numbers_and_years_tell_nothing(value: float, text: str, telling: bool) -> None:
    assert is_telling(value, text) is telling


def test_a_table_keeps_its_first_numbers() -> None:
    """Two thousand distinct ones, each once, however often it stands there; and none of endless length."""
    numbers = [Number(value=float(value), text=f"{value}", start=0) for value in range(3000)] * 2
    assert sort_numbers((number, ANY) for number in numbers).values == tuple(map(float, range(2000)))
    assert len(stated("1." + "0" * 9000).texts[0]) < 100


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("40 % of 40 owners", (ANY, SHARE)),
        ("40 percent", (SHARE,)),
        ("$40 and 41 euros", (MONEY, MONEY)),
        ("a 70-year-old, 71 years old, sailed 72 years", (AGE, AGE, ANY)),
        ("40 of the 41", (ANY, ANY)),
    ],
)
def test_a_number_is_of_what_stands_right_beside_it(text: str, units: tuple[str, ...]) -> None:
    assert stated(text).units == units


@pytest.mark.parametrize(
    ("figure", "text", "same"),
    [
        ({"as_stated": "40%", "unit": "percent"}, "40 boats", False),
        ({"as_stated": "40%", "unit": "percent"}, "40 per cent of the boats", True),
        ({"as_stated": "40"}, "40% of the boats", False),
        ({"as_stated": "40", "unit": "years"}, "a 40-year-old", False),
        ({"as_stated": "40"}, "a 40-year-old", True),
        ({"as_stated": "40", "unit": "boats"}, "40 of them", True),
        ({"as_stated": "40", "unit": "boats"}, "$40", False),
        ({"as_stated": "$40"}, "40 dollars", True),
        ({"as_stated": "40", "unit": "dollars"}, "40", True),
    ],
)
def test_a_figure_is_shown_only_beside_a_number_of_its_unit(
    figure: dict[str, str], text: str, same: bool
) -> None:
    """Forty per cent are not forty boats."""
    kept = profile(make_entry(figures=[{"value": 40, "what": "boats", **figure}]))
    assert (evidence.figures(kept, stated(text)) is not None) is same
