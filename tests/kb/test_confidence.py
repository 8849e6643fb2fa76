"""Whether what was found answers, is only related, or is nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.split import compose_text, split
from kb.answers import FoundBy
from kb.confidence import AROUND, BEST, NAMES, USUAL, Belief, Features, Model, believed, features, load_model
from kb.documents import Document, Edition, ElementKind, Passage
from kb.entries import passage_text
from kb.keywords import Keywords
from kb.question import Asked, read
from kb.retrieve import Scored
from kb.spelling import Speller
from kb.terms import Ledger, read_terms
from kb.token_vectors import Match

LEDGER = Ledger(read_terms(Path(__file__).parents[2] / "corpus" / "terms.toml"))
EDITION = Edition("guide@1", Document("guide", "Guide"), "2013", "guide.md", "0" * 64)
TEXTS = ("A social worker visits the child within 7 days.", "Pillows stay out of the cot.", "The chair signs the plan.")
_CHANCE = Model((1.0, *[0.0] * (len(NAMES) - 1)), 0.0, answers_from=0.6, related_from=0.45)
"""By which the first feature alone decides."""


def _passage(text: str) -> Passage:
    return split(EDITION, compose_text([Block(ElementKind.PARAGRAPH, text)]))[0]


PASSAGES = tuple(map(_passage, TEXTS))
KEYWORDS = Keywords([passage_text(passage) for passage in PASSAGES])


def _hit(number: int, score: float = 0.5, mean: float = 0.5, least: float = 0.3) -> Scored:
    words = frozenset({FoundBy.WORDS})
    return Scored(PASSAGES[number], score, 0.5, 0.5, 1.0, Match(mean, least), (0.5,), words)


def _asked(question: str) -> Asked:
    return read(question, Speller(TEXTS), LEDGER)


def _features(question: str, *hits: Scored) -> Features:
    return features(_asked(question), hits, KEYWORDS)


@given(st.floats(-9, 9))
def test_the_belief_follows_the_chance(margin: float) -> None:
    found = Features(unit_margin=margin)
    chance = _CHANCE.chance(found)

    expected = Belief.ANSWERS if chance >= 0.6 else Belief.RELATED if chance >= 0.45 else Belief.NOTHING
    assert 0 <= chance <= 1
    assert _CHANCE.belief(found) is expected


def test_what_ships_weighs_every_feature_and_calls_related_what_is_less_sure() -> None:
    model = load_model()

    assert len(model.coefficients) == len(NAMES) == len(Features().values())
    assert 0 < model.related_from < model.answers_from < 1


@pytest.mark.parametrize("name", ["unit_margin", "least", "coverage"])
@given(better=st.floats(0, 0.9), more=st.floats(0, 0.1))
def test_what_ships_believes_more_the_better_the_question_is_matched(name: str, better: float, more: float) -> None:
    found = Features(unit_margin=0.2, least=0.4, coverage=0.5, length=0.6)

    less, greater = (replace(found, **{name: value}) for value in (better, better + more))
    assert load_model().chance(greater) >= load_model().chance(less)


def test_without_hits_there_is_nothing() -> None:
    assert believed(_asked("How soon is a child visited?"), [], KEYWORDS) is Belief.NOTHING
    assert _features("How soon is a child visited?") == Features()


def test_the_words_of_the_question_are_covered_by_the_unit_that_has_them() -> None:
    full = _features("social worker visits", _hit(1), _hit(0))
    none = _features("social worker visits", _hit(1))

    assert full.coverage == pytest.approx(1)
    assert none.coverage == 0


def test_a_number_of_the_question_that_no_passage_has_is_missing() -> None:
    assert _features("is the visit within 7 days", _hit(0)).missing_number == 0
    assert _features("is the visit within 9 days", _hit(0)).missing_number == 1


def test_what_the_question_asks_for_is_told_from_its_words() -> None:
    number, whether, neither = (_features(q, _hit(0)) for q in ("how many visits", "may it wait a week", "who visits"))

    assert (number.wants_number, number.asks_whether) == (1, 0)
    assert (whether.wants_number, whether.asks_whether) == (0, 1)
    assert (neither.wants_number, neither.asks_whether) == (0, 0)


def test_an_amount_is_lacking_where_the_unit_that_would_be_quoted_holds_none() -> None:
    questions = ("how soon is a visit", "how many pillows", "where are pillows")

    assert [_features(question, _hit(0)).lacks_amount for question in questions] == [0, 0, 0]
    assert [_features(question, _hit(1)).lacks_amount for question in questions] == [1, 1, 0]


def test_the_best_stands_out_among_thirty_and_in_a_small_knowledge_base_among_what_is_usual() -> None:
    far, near = (replace(_hit(0), best_unit_meaning=meaning) for meaning in (0.2, 0.6))

    assert _features("who visits", near).unit_margin == pytest.approx(0.6 - USUAL)
    assert _features("who visits", near, *[far] * (AROUND - 1)).unit_margin == pytest.approx(0.4)
    assert _features("who visits", near, *[far] * (AROUND - 1), *[near] * AROUND).unit_margin == pytest.approx(0.4)


def test_only_the_passages_that_a_reader_would_be_shown_are_looked_at() -> None:
    shown = [_hit(1, 0.9), _hit(1, 0.8), _hit(1, 0.7)]

    assert len(shown) == BEST
    assert _features("social worker visits", *shown, _hit(0)).coverage == 0
