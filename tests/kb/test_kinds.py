"""What sort of answer a question wants, and what a sentence holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.kinds import Wanted, asks_whether, held_in, wanted_by


@pytest.mark.parametrize(
    "question",
    ["How many visits are there?", "what does it cost", "the rate of referrals", "How much is paid?", "LADO salary"],
)
def test_a_question_for_a_figure_wants_a_number(question: str) -> None:
    assert wanted_by(question) == {Wanted.NUMBER}


@pytest.mark.parametrize(
    "question",
    ["How soon must I tell?", "the deadline", "HOW LONG may it take", "how much notice", "how old is a child"],
)
def test_a_question_for_a_length_of_time_wants_a_duration(question: str) -> None:
    assert wanted_by(question) == {Wanted.DURATION}


@pytest.mark.parametrize("question", ["When is the review?", "within what time", "and by when?"])
def test_a_question_for_a_point_in_time_wants_a_when(question: str) -> None:
    assert wanted_by(question) == {Wanted.WHEN}


def test_a_number_of_days_is_both() -> None:
    assert {Wanted.NUMBER, Wanted.DURATION} <= wanted_by("How many days are there?")


@pytest.mark.parametrize(
    "question", ["What is private fostering?", "what's a LADO", "what are CIN plans", "What does ICPC stand for?"]
)
def test_a_question_for_what_a_thing_is_wants_a_definition(question: str) -> None:
    assert wanted_by(question) == {Wanted.DEFINITION}


@pytest.mark.parametrize("question", ["what should I do", "What is the address?", "what are my duties", "what is it"])
def test_a_question_that_only_begins_so_wants_none(question: str) -> None:
    assert Wanted.DEFINITION not in wanted_by(question)


@pytest.mark.parametrize(
    "sentence",
    ["Private fostering means that a child lives with others.", "A core group is a meeting.", "It means"],
)
def test_a_sentence_that_says_what_a_thing_is_holds_a_definition(sentence: str) -> None:
    assert held_in(sentence) == {Wanted.DEFINITION}


@pytest.mark.parametrize("question", ["May the visit wait?", "a child is alone: must we visit", "is it in force"])
def test_a_question_that_yes_or_no_answers_asks_whether(question: str) -> None:
    assert asks_whether(question)


@pytest.mark.parametrize("question", ["How do I refer a child?", "When must we visit?", "Who visits?", "visits, must"])
def test_a_question_for_something_else_does_not_ask_whether(question: str) -> None:
    assert not asks_whether(question)


@pytest.mark.parametrize("question", ["Who chairs the conference?", "What is the rule?", "whenever", "accosted"])
def test_a_question_whose_words_do_not_tell_wants_nothing_of_that_sort(question: str) -> None:
    assert wanted_by(question) == frozenset()


@pytest.mark.parametrize("sentence", ["within 15 working days", "after six weeks", "one full week", "in 24 hours"])
def test_a_sentence_with_a_time_holds_a_number_and_a_duration(sentence: str) -> None:
    assert held_in(sentence) == {Wanted.NUMBER, Wanted.DURATION, Wanted.WHEN}


@pytest.mark.parametrize("sentence", ["Tell them immediately.", "as soon as it is known", "once a year", "every week"])
def test_a_duration_may_be_said_without_a_number(sentence: str) -> None:
    assert held_in(sentence) == {Wanted.DURATION, Wanted.WHEN}


@pytest.mark.parametrize("sentence", ["In 2013 it began.", "It began on 3 May."])
def test_a_date_is_a_when_and_no_duration(sentence: str) -> None:
    assert held_in(sentence) == {Wanted.NUMBER, Wanted.WHEN}


@pytest.mark.parametrize("sentence", ["It is free of charge.", "There is no fee.", "It costs ten pounds."])
def test_an_amount_may_be_nothing(sentence: str) -> None:
    assert held_in(sentence) == {Wanted.NUMBER}


@pytest.mark.parametrize("sentence", ["Tell the council.", "someone", "The log is kept daily by Ada.", ""])
def test_a_sentence_without_a_figure_or_a_time_holds_neither(sentence: str) -> None:
    assert held_in(sentence) == frozenset()


@pytest.mark.parametrize("number", ["eleven", "thirteen", "Nineteen", "twenty-one", "forty", "a hundred", "two dozen"])
def test_a_number_may_be_written_in_words(number: str) -> None:
    assert held_in(f"It is lent for {number} nights.") == {Wanted.NUMBER, Wanted.DURATION, Wanted.WHEN}


@given(st.integers(1, 999), st.sampled_from(["minute", "hours", "working days", "week", "months", "years"]))
def test_every_amount_of_time_is_a_duration(amount: int, measure: str) -> None:
    assert Wanted.DURATION in held_in(f"It ends {amount} {measure} after the call.")
