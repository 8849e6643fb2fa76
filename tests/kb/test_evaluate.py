"""Laws of the measures: what counts as found, as quoted, as silent."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.answers import Answer, FoundBy, Hit, Outcome, Statement
from kb.documents import Citation, Document, Edition, Passage, Status
from kb.errors import WrongUse
from kb.evaluate import Question, interval, judge, read_questions, summary

TEXT = "Visit within 7 days. Tell the council at once."
EDITION = Edition("guide@1", Document("guide", "Guide"), "2013", "guide.md", "0" * 64)
PASSAGE = Passage("p", EDITION, ("Visits",), TEXT, 0, len(TEXT))
HIT = Hit(PASSAGE, 0.9, frozenset({FoundBy.MEANING}))
TODAY = date(2026, 11, 23)


def _answer(*quotes: str) -> Answer:
    statements = tuple(
        Statement(Citation(PASSAGE, TEXT.index(quote), TEXT.index(quote) + len(quote)), Status.UNDATED)
        for quote in quotes
    )
    outcome = Outcome.ANSWERED if statements else Outcome.NOT_FOUND
    return Answer("q", outcome, TODAY, "g", statements, kept=(HIT,))


def _judge(question: Question, answer: Answer, text: str = TEXT) -> dict[str, object]:
    outcome = judge(question, answer, {EDITION.id: text}, 0.01)
    return {name: getattr(outcome, name) for name in ("evidence_at_1", "quote_at_1", "abstained", "refused", "exact")}


def test_evidence_is_compared_by_letters_and_digits_alone() -> None:
    question = Question(id="1", question="q", answerable=True, evidence=("visit within: 7-days",))

    assert _judge(question, _answer("Visit within 7 days.")) == {
        "evidence_at_1": True, "quote_at_1": True, "abstained": None, "refused": False, "exact": (True,),
    }  # fmt: skip


def test_a_quote_that_says_something_else_is_no_answer() -> None:
    question = Question(id="1", question="q", answerable=True, evidence=("Visit within 7 days",))

    assert _judge(question, _answer("Tell the council at once."))["quote_at_1"] is False


def test_the_right_words_in_the_wrong_document_do_not_count() -> None:
    question = Question(id="1", question="q", answerable=True, evidence=("Visit within 7 days",), doc="other")

    assert _judge(question, _answer("Visit within 7 days."))["evidence_at_1"] is False


def test_a_question_that_does_not_tell_its_answer_is_judged_by_whether_it_is_answered() -> None:
    question = Question(id="1", question="q", answerable=True)

    found = _judge(question, _answer("Visit within 7 days."))

    assert (found["evidence_at_1"], found["quote_at_1"], found["refused"]) == (None, None, False)


def test_an_alternative_document_counts() -> None:
    question = Question.model_validate(
        {"id": "1", "question": "q", "answerable": True, "doc": "other", "evidence": ["x"],
         "alternatives": [{"doc": "guide", "evidence": ["Visit within 7 days"]}]}
    )  # fmt: skip

    assert _judge(question, _answer("Visit within 7 days."))["quote_at_1"] is True


def test_silence_is_right_for_what_has_no_answer_and_wrong_for_what_has() -> None:
    assert _judge(Question(id="1", question="q", answerable=False), _answer())["abstained"] is True
    assert _judge(Question(id="1", question="q", answerable=True, evidence=("x",)), _answer())["refused"] is True


def test_a_quote_that_is_not_the_edition_s_text_is_told() -> None:
    question = Question(id="1", question="q", answerable=True, evidence=("Visit",))

    assert _judge(question, _answer("Visit within 7 days."), text=TEXT.replace("7", "9"))["exact"] == (False,)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_share_and_stays_within_0_and_1(successes: int, more: int) -> None:
    trials = successes + more
    low, high = interval(successes, trials)

    assert 0 <= low <= successes / trials <= high <= 1


def test_wilson_s_interval_is_the_published_one() -> None:
    low, high = interval(81, 263)  # Newcombe, Statistics in Medicine 17 (1998), table I: 0.2553 to 0.3662

    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"id": "1", "question": "q", "answerable": True}) + "\n{oops\n", encoding="utf-8")

    with pytest.raises(WrongUse, match="line 2: it is not JSON"):
        read_questions(file)


def test_every_mistake_of_a_line_is_told_on_one_line(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"id": "1\u2028", "answerable": "perhaps"}, ensure_ascii=False), encoding="utf-8")

    with pytest.raises(WrongUse) as raised:
        read_questions(file)

    assert raised.value.fact.startswith("question: Field required; answerable: Input should be a valid boolean")
    assert "\n" not in raised.value.fact


def test_the_summary_gives_each_measure_with_its_counts() -> None:
    question = Question(id="1", question="q", answerable=True, evidence=("Visit within 7 days",))
    outcome = judge(question, _answer("Visit within 7 days."), {EDITION.id: TEXT}, 0.01)

    lines = summary([outcome, outcome])

    assert lines[0].split()[0] == "evidence@1"
    assert lines[0].endswith("2/2")
    assert any(line.startswith("exact") and "2/2 quotes" in line for line in lines)
