"""The golden questions: each says what the shipped documents say, and there are enough of every sort."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from tests.corpus.conftest import Shipped

STYLES = {"abbreviation", "everyday", "keywords", "scenario", "sentence", "typo"}


class Answers(BaseModel):
    """Another document, or another place in the same one, that answers as well."""

    model_config = ConfigDict(extra="forbid")

    doc: str
    evidence: list[str]


class Golden(BaseModel):
    """One line of the file; nothing but these fields may stand in it."""

    model_config = ConfigDict(extra="forbid")

    id: str
    question: str
    style: str
    split: str
    answerable: bool
    doc: str | None
    evidence: list[str]
    answer_regex: str | None
    must_not_change: list[str]
    alternatives: list[Answers] = []
    why: str = ""

    def answers(self) -> list[Answers]:
        """The place that answers first, then the others."""
        return [Answers(doc=self.doc or "", evidence=self.evidence), *self.alternatives]


@pytest.fixture(scope="module")
def golden(corpus_folder: Path) -> list[Golden]:
    lines = (corpus_folder / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    return [Golden.model_validate(json.loads(line)) for line in lines]


@pytest.fixture(scope="module")
def answerable(golden: list[Golden]) -> list[Golden]:
    return [question for question in golden if question.answerable]


def plain(text: str) -> str:
    """Letters and digits alone, as excerpts are compared."""
    return "".join(character for character in text.casefold() if character.isalnum())


def test_every_excerpt_stands_in_its_document_as_it_is_ingested(
    answerable: list[Golden], shipped: Mapping[str, Shipped]
) -> None:
    texts = {name: plain(document.text) for name, document in shipped.items()}

    absent = [
        (question.id, answer.doc, excerpt)
        for question in answerable
        for answer in question.answers()
        for excerpt in answer.evidence
        if plain(excerpt) not in texts.get(answer.doc, "") or len(plain(excerpt)) < 8
    ]

    assert absent == []


def test_every_answer_is_found_in_its_evidence(answerable: list[Golden]) -> None:
    unmatched = [
        (question.id, answer.doc, question.answer_regex)
        for question in answerable
        for answer in question.answers()[:1]
        if not re.search(question.answer_regex or "(?!)", " ".join(answer.evidence))
    ]

    assert unmatched == []


def test_what_must_not_change_stands_in_the_evidence(answerable: list[Golden]) -> None:
    missing = [
        (question.id, text)
        for question in answerable
        for text in question.must_not_change
        if text.casefold() not in " ".join(question.evidence).casefold()
    ]

    assert missing == []


def test_every_answerable_question_says_what_answers_it(answerable: list[Golden]) -> None:
    for question in answerable:
        assert question.must_not_change, question.id
        assert not question.why, question.id
        assert all(answer.evidence for answer in question.answers()), question.id
        places = [(answer.doc, excerpt) for answer in question.answers() for excerpt in answer.evidence]
        assert len(places) == len(set(places)), question.id


def test_every_unanswerable_question_says_why_and_nothing_else(golden: list[Golden]) -> None:
    for question in (each for each in golden if not each.answerable):
        assert question.why, question.id
        assert question.answers() == [Answers(doc="", evidence=[])], question.id
        assert not question.must_not_change, question.id
        assert question.answer_regex is None, question.id


def test_no_question_is_asked_twice(golden: list[Golden]) -> None:
    assert [name for name, count in Counter(each.id for each in golden).items() if count > 1] == []
    assert [text for text, count in Counter(plain(each.question) for each in golden).items() if count > 1] == []


def test_there_are_enough_questions_of_every_sort(golden: list[Golden], shipped: Mapping[str, Shipped]) -> None:
    per_document = Counter(each.doc for each in golden if each.answerable)

    assert sum(per_document.values()) >= 200
    assert sum(not each.answerable for each in golden) >= 60
    assert set(per_document) == set(shipped)
    assert min(per_document.values()) >= 5
    assert {(each.style, each.split) for each in golden} == {
        (style, split) for style in STYLES for split in ("dev", "held")
    }
    for split in ("dev", "held"):
        assert {each.doc for each in golden if each.answerable and each.split == split} == set(shipped)
        assert sum(not each.answerable for each in golden if each.split == split) >= 30
