"""Finding by words: stems, rarity, and BM25 as it is defined."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.keywords import STOPWORDS, Keywords, content_stems, stem, words

TEXTS = (
    "The social worker visits the child.",
    "Visits, visits and more visits to carers.",
    "The carer tells the council.",
    "",
)


def test_words_are_lower_case_without_possessives() -> None:
    assert words("Section 47.2, the CAF's £1,000 – child’s") == ["section", "47.2", "the", "caf", "1000", "child"]


def test_stems_join_the_forms_of_a_word_and_leave_out_function_words() -> None:
    assert content_stems("What are the visiting carers' visits?") == ["visit", "carer", "visit"]
    assert content_stems("the of and") == []
    assert content_stems("a 7 b") == ["7"]


def test_words_that_decide_an_answer_are_found_by() -> None:
    assert not STOPWORDS & {"child", "six", "weeks", "999", "police", "visit"}


def expected(question: list[str], number: int) -> float:
    """BM25 in Lucene's variant, k1 1.2 and b 0.75, by its formula."""
    texts = [content_stems(text) for text in TEXTS]
    mean = sum(map(len, texts)) / len(texts)
    total = 0.0
    for word in question:
        count = sum(word in text for text in texts)
        often = texts[number].count(word)
        idf = math.log(1 + (len(texts) - count + 0.5) / (count + 0.5))
        total += idf * often / (often + 1.2 * (0.25 + 0.75 * len(texts[number]) / mean))
    return total


@pytest.mark.parametrize("question", [["visit"], ["visit", "carer"], ["council", "unheard"]])
def test_scores_are_bm25(question: list[str]) -> None:
    scores = Keywords(TEXTS).scores(question)

    assert scores.tolist() == pytest.approx([expected(question, number) for number in range(4)], rel=1e-4)


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    keywords = Keywords(TEXTS)

    assert keywords.rarity("unheard") > keywords.rarity("council") > keywords.rarity("visit") > 0
    assert "council" in keywords
    assert "unheard" not in keywords


@pytest.mark.parametrize("texts", [[], ["", "the of"]])
def test_texts_without_words_score_nothing(texts: list[str]) -> None:
    assert Keywords(texts).scores(["visit"]).tolist() == [0.0] * len(texts)


@given(st.text())
def test_any_text_has_words_of_letters_and_digits_alone(text: str) -> None:
    assert all(word and any(letter.isalnum() for letter in word) for word in words(text))
    assert all(stem(word) for word in words("visit " + text[:1]))
