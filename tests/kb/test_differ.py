"""Texts that give different amounts for the same rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.answers import Answer, NoticeKind
from kb.ask import KnowledgeBase
from kb.confidence import NAMES
from kb.confidence import Model as Decision
from kb.differ import amounts
from kb.settings import Settings
from tests.conftest import Shelf

TODAY = date(2026, 11, 23)
CORPUS = Path(__file__).parents[2] / "corpus"
QUESTION = "how soon is the initial child protection conference held"
RULE = "The initial child protection conference is held within {amount} of the strategy discussion."


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("within 15 working days", {"working day": "15"}),
        ("within fifteen days", {}),
        ("within ten days, or two weeks", {"day": "10", "week": "2"}),
        ("from 5 days to 10 days", {}),
        ("15 days; after 15 days", {"day": "15"}),
        ("1,000 hours", {"hour": "1000"}),
        ("day 15", {}),
    ],
)
def test_the_amounts_of_a_sentence_are_those_named_once(sentence: str, found: dict[str, str]) -> None:
    assert amounts(sentence) == found


@given(st.integers(1, 999), st.sampled_from(["minute", "hour", "day", "working day", "school day", "week", "month"]))
def test_every_amount_is_read_with_its_measure(amount: int, measure: str) -> None:
    assert amounts(f"It ends {amount} {measure}s after the call.") == {measure: str(amount)}


@pytest.fixture(autouse=True)
def _always_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.confidence.load_model", lambda: Decision((0.0,) * len(NAMES), 0.0, 0.0, 0.0))


def _put(shelf: Shelf, name: str, amount: str, *, begins: str = "2024-01-01", more: str = "") -> None:
    dated = f"in_force_from: {begins}\n" if begins else ""
    shelf.put(f"{name}.md", f"---\n{dated}title: {name.title()}\n---\n\n{RULE.format(amount=amount)}{more}\n")


def _answer(shelf: Shelf, on: date = TODAY) -> Answer:
    shelf.ingest()
    return KnowledgeBase(Settings(data=shelf.data, corpus=CORPUS), shelf.words.model).ask(QUESTION, on)


def _differing(answer: Answer) -> list[str]:
    return [notice.text for notice in answer.notices if notice.kind is NoticeKind.DIFFER]


def _shown(answer: Answer) -> set[str]:
    return {statement.citation.passage.edition.document.title for statement in answer.statements[:2]}


def test_two_texts_in_force_that_differ_are_both_shown_and_it_is_said(shelf: Shelf) -> None:
    _put(shelf, "alpha", "15 working days")
    _put(shelf, "beta", "10 working days")

    answer = _answer(shelf)

    assert _shown(answer) == {"Alpha", "Beta"}
    (said,) = _differing(answer)
    assert "15 working days in Alpha" in said
    assert "10 working days in Beta" in said


def test_texts_that_say_the_same_amount_do_not_differ(shelf: Shelf) -> None:
    _put(shelf, "alpha", "15 working days")
    _put(shelf, "beta", "15 working days")

    assert _differing(_answer(shelf)) == []


def test_other_measures_are_not_compared(shelf: Shelf) -> None:
    _put(shelf, "alpha", "15 working days")
    _put(shelf, "beta", "3 weeks")

    assert _differing(_answer(shelf)) == []


def test_another_rule_with_another_amount_does_not_differ(shelf: Shelf) -> None:
    _put(shelf, "alpha", "15 working days")
    shelf.put("beta.md", "---\nin_force_from: 2024-01-01\n---\n\nA carer tells the council 10 working days before.\n")

    assert _differing(_answer(shelf)) == []


def test_a_superseded_text_is_never_compared(shelf: Shelf) -> None:
    _put(shelf, "alpha", "10 working days")
    shelf.ingest()
    _put(shelf, "alpha", "15 working days", begins="2025-01-01")
    _put(shelf, "beta", "15 working days")

    answer = _answer(shelf)

    assert _differing(answer) == []
    assert "10 working days" not in " ".join(statement.citation.quote for statement in answer.statements)


def test_a_text_not_yet_in_force_is_compared_only_from_its_day_on(shelf: Shelf) -> None:
    _put(shelf, "alpha", "15 working days")
    _put(shelf, "beta", "10 working days", begins="2027-01-01")

    assert _differing(_answer(shelf)) == []
    assert len(_differing(_answer(shelf, date(2027, 1, 1)))) == 1


def test_a_text_without_a_date_is_not_compared_nor_hides_one_that_differs(shelf: Shelf) -> None:
    _put(shelf, "alpha", "15 working days")
    _put(shelf, "beta", "12 working days", begins="")

    assert _differing(_answer(shelf)) == []

    _put(shelf, "gamma", "10 working days", more=" The chair of the conference is told.")

    (said,) = _differing(_answer(shelf))
    assert "12" not in said
