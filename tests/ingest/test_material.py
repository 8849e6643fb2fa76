"""Which words of a text are material, and which say the same."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ingest.diff_tokens import flat
from ingest.material import Spelling, facts
from kb.documents import ElementKind

PARAGRAPH, HEADING = ElementKind.PARAGRAPH, ElementKind.HEADING


def found(text: str, kind: ElementKind = PARAGRAPH, body: str = "") -> list[tuple[str, str]]:
    """(kind, key) of each fact, in order."""
    spans = [(0, len(text), kind)]
    return [(str(fact.kind), fact.key) for fact in facts(text, spans, Spelling.of([body or text]))]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("they must write", "must"),
        ("they MUST write", "must"),
        ("they must not write", "must not"),
        ("they mustn't write", "must not"),
        ("they cannot write", "can not"),
        ("they can't write", "can not"),
        ("they won't write", "will not"),
        ("they shan’t write", "shall not"),
        ("they need not write", "need not"),
        ("they needn't write", "need not"),
        ("they need to write", "need to"),
        ("they do not need to write", "not need to"),
        ("they do not have to write", "not have to"),
        ("they are required to write", "are required to"),
        ("they may only write", "may only"),
        ("they should never write", "should never"),
    ],
)
def test_a_duty_is_known_with_the_negation_that_belongs_to_it(text: str, key: str) -> None:
    assert found(text) == [("duty", key)]


@pytest.mark.parametrize("text", ["in May 2026", "on 3 May", "a child in need", "the need is seen", "their own"])
def test_what_only_looks_like_a_duty_is_none(text: str) -> None:
    assert [kind for kind, _ in found(text) if kind == "duty"] == []


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ("10 working days", "ten working days", "10 working day"),
        ("within one week", "within a week", "1 week"),
        ("10 to 15 days", "10-15 days", "10 to 15 day"),
        ("six-weekly", "six weekly", "sixweekly"),
        ("the same day", "same day", "same day"),
        ("24 hours", "24-hour", "24 hour"),
    ],
)
def test_timescales_that_say_the_same_have_the_same_key(one: str, other: str, key: str) -> None:
    timescales = [[(kind, each) for kind, each in found(text) if kind == "timescale"] for text in (one, other)]

    if one == "six-weekly":  # written apart it is a number and a word
        assert timescales[0] == [("timescale", key)]
    else:
        assert timescales == [[("timescale", key)]] * 2


def test_an_age_is_a_number_and_no_timescale() -> None:
    assert found("aged 16 years") == [("number", "16")]
    assert found("a 16-year-old") == [("number", "16")]


@pytest.mark.parametrize(
    "text",
    [
        "18 March 2026",
        "18th March 2026",
        "18th of March, 2026",
        "March 18, 2026",
        "18/03/2026",
        "18.3.2026",
        "2026-03-18",
    ],
)
def test_dates_that_say_the_same_have_the_same_key(text: str) -> None:
    assert found(f"from {text} on") == [("date", "2026-03-18")]


@pytest.mark.parametrize(
    "text", ["01438 737500", "01438737500", "(01438) 737500", "+44 1438 737500", "+44 (0)1438 737500"]
)
def test_telephone_numbers_that_are_dialled_alike_have_the_same_key(text: str) -> None:
    assert found(f"ring {text} now") == [("telephone", "01438737500")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to a.b@board.example now", ("e-mail", "a.b@board.example")),
        ("see www.board.example/x.", ("web address", "www.board.example/x")),
        ("unless they write", ("negation", "unless")),
        ("they don't write", ("negation", "not")),
        ("no-one writes", ("negation", "no-one")),
        ("about 20 per cent", ("number", "20%")),
        ("about 20%", ("number", "20%")),
        ("twenty-one pages", ("number", "21")),
        ("the 2nd page", ("number", "2.")),
        ("the second page", ("number", "2.")),
        ("about £1,000 each", ("number", "£1000")),
        ("reported to the LADO's office", ("name", "lado")),
        ("then Elmshire Constabulary writes", ("name", "elmshire constabulary")),
        ("then Mrs. Jane Grey writes", ("name", "jane grey")),
        ("then the Director of Children's Services writes", ("name", "director of childrens service")),
        ("then the health visitors write", ("name", "health visitor")),
    ],
)
def test_other_facts_are_known(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


def test_a_word_that_only_begins_a_sentence_is_no_name() -> None:
    assert found("Plans are kept. Letters, too. The plans and letters stay.") == []


def test_a_name_that_begins_a_sentence_is_one_where_it_is_known_from_inside_another() -> None:
    assert found("Elmshire writes. A letter to Elmshire is kept.") == [("name", "elmshire"), ("name", "elmshire")]


def test_capitals_in_a_heading_are_names_only_where_the_body_knows_them() -> None:
    assert found("Recording And Keeping Letters", HEADING, "Letters are kept; recording, keeping and writing.") == []
    assert found("Letters to Elmshire", HEADING, "A letter to Elmshire is kept.") == [("name", "elmshire")]


def test_no_two_facts_share_a_character() -> None:
    text = "The LADO must not write within 15 working days of 3 May 2026, unless Mrs Grey (01438 737500) agrees; no. 4."

    listed = facts(text, [(0, len(text), PARAGRAPH)], Spelling.of([text]))

    assert all(before.end <= after.start for before, after in pairwise(listed))
    assert [text[fact.start : fact.end] for fact in listed] == [
        "LADO", "must not", "15 working days", "3 May 2026", "unless", "Grey", "01438 737500", "4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.5 days", "1-5 days"), ("1 5", "15"), ("10-15", "1015"), ("9.30", "930"), ("£5", "5"), ("5%", "5")],
)
def test_digits_stay_apart(one: str, other: str) -> None:
    assert flat(one) != flat(other)
