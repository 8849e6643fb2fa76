"""Danger now is told from a question about procedure by fixed phrases, with nothing else at hand."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.urgent import is_urgent, phrases

LABELLED = [
    line.split(" | ", 1)
    for line in Path(__file__).with_name("urgent.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
URGENT = [text for label, text in LABELLED if label == "urgent"]
CALM = [text for label, text in LABELLED if label == "calm"]
EITHER = [text for label, text in LABELLED if label == "either"]
GOLDEN = Path(__file__).resolve().parents[2] / "corpus" / "golden.jsonl"


def test_the_labelled_lines_are_enough_and_known() -> None:
    assert {label for label, _ in LABELLED} == {"urgent", "calm", "either"}
    assert len(URGENT) >= 60
    assert len(CALM) + len(EITHER) >= 60


@pytest.mark.parametrize("question", URGENT)
def test_danger_now_is_urgent(question: str) -> None:
    assert is_urgent(question)


@pytest.mark.parametrize("question", CALM)
def test_a_question_about_procedure_is_calm(question: str) -> None:
    assert not is_urgent(question)


@pytest.mark.parametrize("question", URGENT)
def test_capitals_change_nothing(question: str) -> None:
    assert is_urgent(question.upper())
    assert is_urgent(question.title())


@pytest.mark.parametrize("apostrophe", ["'", "", "\u2019", "\u02bc", "`"])
def test_an_apostrophe_may_be_missing_or_curly(apostrophe: str) -> None:
    assert is_urgent(f"she says she{apostrophe}s going to kill herself")
    assert is_urgent(f"he isn{apostrophe}t breathing")


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\u2060", "\ufe0f", "\U000e0061", "\u0301"])
def test_unseen_characters_inside_a_word_change_nothing(unseen: str) -> None:
    assert is_urgent(f"he has a k{unseen}nife")


def test_full_width_and_styled_letters_are_read() -> None:
    plain = "child is bleeding"
    wide = "".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in plain)
    bold = "".join(chr(ord(c) - ord("a") + 0x1D41A) if c != " " else c for c in plain)

    assert is_urgent(wide)
    assert is_urgent(bold)


def test_pictures_stand_for_words() -> None:
    assert is_urgent("he 🔪")
    assert is_urgent("🆘")
    assert not is_urgent("😀 what is a strategy discussion 🙂")


@pytest.mark.parametrize("question", ["", " ", "?", "\n", "🙂", "a" * 10_000, "\U000e0041" * 50, "\ud800"])
def test_text_without_words_is_calm(question: str) -> None:
    assert not is_urgent(question)


def test_danger_at_the_end_of_a_long_text_is_found() -> None:
    assert is_urgent("the school asked about the plan. " * 300 + "the child is not breathing")


@given(st.text(max_size=300))
def test_any_text_gets_the_same_plain_answer_twice(text: str) -> None:
    assert is_urgent(text) is is_urgent(text)


@pytest.mark.parametrize(
    "word",
    ["he is ", "is ", "a ", "taken ", "wants to ", "now ", "help ", "just ", "she was at the airport now taken ", "a"],
)
def test_ten_thousand_characters_take_under_fifty_milliseconds(word: str) -> None:
    question = (word * 10_000)[:10_000]
    is_urgent(question)

    fastest = min(_seconds(question) for _ in range(5))

    assert fastest < 0.05


def test_few_golden_questions_show_the_banner() -> None:
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]

    shown = [question for question in questions if is_urgent(question)]

    assert len(shown) <= 0.04 * len(questions)


def test_every_phrase_is_used_by_some_pattern_that_compiles() -> None:
    known = phrases()

    assert len(known.phrases) > 60
    assert set(known.signs) == {"soon", "happening", "personal", "procedure"}
    assert all("<" not in pattern.pattern.replace("(?<", "") for pattern in known.phrases)


def _seconds(question: str) -> float:
    before = time.process_time()
    is_urgent(question)
    return time.process_time() - before
