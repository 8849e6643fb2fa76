"""Questions in two parts, and what the quotes leave open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.kinds import Wanted
from kb.parts import parts, unanswered

TWO = "Who do I tell, and by when?"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (TWO, ("Who do I tell", "by when?")),
        ("Who chairs it? How long does it take?", ("Who chairs it", "How long does it take?")),
        ("who visits and how often", ("who visits", "how often")),
    ],
)
def test_a_question_that_asks_two_things_has_two_parts(question: str, found: tuple[str, ...]) -> None:
    assert parts(question) == found


@pytest.mark.parametrize(
    "question", ["Who visits parents and carers?", "neglect", "", "What happens when a child is missing?"]
)
def test_a_question_that_asks_one_thing_is_whole(question: str) -> None:
    assert parts(question) == (question,)


def test_a_part_that_wants_a_time_which_no_quote_holds_is_named() -> None:
    assert unanswered(TWO, ["Tell the council.", "Write it down."]) == (("by when?", Wanted.WHEN),)


def test_a_part_that_wants_a_number_which_no_quote_holds_is_named() -> None:
    assert unanswered("Who visits, and how many visits are there?", ["A social worker visits."]) == (
        ("how many visits are there?", Wanted.NUMBER),
    )


def test_a_part_that_any_of_the_quotes_answers_is_not_named() -> None:
    assert unanswered(TWO, ["Tell the council.", "This is done within two weeks."]) == ()


def test_of_a_question_of_one_part_nothing_is_left_open() -> None:
    assert unanswered("By when must the council know?", ["Tell the council."]) == ()


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=3))
def test_what_is_named_is_a_part_of_the_question(question: str, quotes: list[str]) -> None:
    for part, _ in unanswered(question, quotes):
        assert part in question
