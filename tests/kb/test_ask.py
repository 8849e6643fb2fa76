"""Laws of one question to one answer, on a small knowledge base in a real Chroma and SQLite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.answers import Answer, NoticeKind, Outcome
from kb.ask import KnowledgeBase
from kb.confidence import NAMES
from kb.confidence import Model as Decision
from kb.errors import ModelUnavailable, StoreMissing
from kb.question import MAX_QUESTION
from kb.settings import Settings
from tests.conftest import Shelf, Words

TODAY = date(2026, 11, 23)
CORPUS = Path(__file__).parents[2] / "corpus"
CASE = "Jayden Smith in year 4 told me his dad hits him"


@pytest.fixture
def always_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The decision is fitted to the real model's similarities; the words' embedder needs one of its own."""
    _decide(monkeypatch, 0.0)


def _decide(monkeypatch: pytest.MonkeyPatch, threshold: float) -> None:
    monkeypatch.setattr("kb.confidence.load_model", lambda: Decision((0.0,) * len(NAMES), 0.0, threshold, threshold))


def _base(shelf: Shelf) -> KnowledgeBase:
    return KnowledgeBase(Settings(data=shelf.data, corpus=CORPUS), shelf.words.model)


@pytest.mark.usefixtures("always_answers")
def test_the_sentence_that_answers_comes_first_with_its_place(shelf: Shelf) -> None:
    shelf.ingest()

    answer = _base(shelf).ask("how soon does a social worker visit the child", TODAY)

    key, first = answer.statements[0].key, answer.statements[0].citation
    assert answer.outcome is Outcome.ANSWERED
    assert key
    assert key.text == "A social worker visits the child within one week."
    assert first.quote == f"{key.text} After that they visit every six weeks in the first year."
    assert first.passage.headings == ("Visits",)
    assert first.locator == "Private fostering › Visits"


@pytest.mark.usefixtures("always_answers")
def test_the_same_question_gives_the_same_answer(shelf: Shelf) -> None:
    shelf.ingest()

    answers = {repr(_base(shelf).ask("what must the carer do", TODAY)) for _ in range(3)}

    assert len(answers) == 1


@pytest.mark.usefixtures("always_answers")
def test_a_list_is_quoted_whole_with_its_lead_in(shelf: Shelf) -> None:
    shelf.ingest()

    answer = _base(shelf).ask("are pillows allowed in the cot", TODAY)

    assert answer.statements[0].citation.quote.endswith("Keep the cot clear:\n• no pillows\n• no duvets")
    assert answer.statements[0].key
    assert answer.statements[0].key.text in ("Keep the cot clear:", "• no pillows")


@pytest.mark.usefixtures("always_answers")
def test_undated_text_says_so_beside_the_answer(shelf: Shelf) -> None:
    shelf.ingest()

    answer = _base(shelf).ask("pillows in the cot", TODAY)

    assert [notice.kind for notice in answer.notices] == [NoticeKind.STATUS]
    assert "no date" in answer.notices[0].text


def test_nothing_good_enough_is_not_found_with_the_nearest_headings(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    _decide(monkeypatch, 1.1)
    shelf.ingest()

    answer = _base(shelf).ask("how soon does a social worker visit the child", TODAY)

    assert (answer.outcome, answer.statements) == (Outcome.NOT_FOUND, ())
    assert answer.kept[0].passage.headings == ("Visits",)
    assert any("Private fostering › Visits" in notice.text for notice in answer.notices)


@pytest.mark.usefixtures("always_answers")
def test_a_slip_of_the_keys_is_mended_and_said(shelf: Shelf) -> None:
    shelf.ingest()

    answer = _base(shelf).ask("may there be pilows in the cot", TODAY)

    assert any(notice.text == "Showing results for pillows (you wrote pilows)." for notice in answer.notices)
    assert "no pillows" in answer.statements[0].citation.quote


@pytest.mark.usefixtures("always_answers")
def test_an_abbreviation_is_spelt_out_and_said(shelf: Shelf) -> None:
    shelf.put("conference.md", "# Conferences\n\nThe initial child protection conference is held within 15 days.\n")
    shelf.ingest()

    answer = _base(shelf).ask("how soon is an ICPC held", TODAY)

    assert any("ICPC (initial child protection conference)" in notice.text for notice in answer.notices)
    assert "15 days" in answer.statements[0].citation.quote


def test_a_child_s_details_are_never_asked_nor_given_back(shelf: Shelf) -> None:
    shelf.ingest()
    before = len(shelf.words.embedded)

    answer = _base(shelf).ask(CASE, TODAY)

    assert answer.outcome is Outcome.BLOCKED
    assert "Jayden" not in repr(answer)
    assert len(shelf.words.embedded) == before


def test_danger_is_seen_beside_whatever_is_answered(shelf: Shelf) -> None:
    shelf.ingest()

    assert _base(shelf).ask("a child is being attacked right now", TODAY).urgent
    assert not _base(shelf).ask("what is a strategy discussion", TODAY).urgent


@pytest.mark.usefixtures("always_answers")
def test_a_question_of_ten_thousand_characters_is_answered_and_its_cut_said(shelf: Shelf) -> None:
    shelf.ingest()

    answer = _base(shelf).ask("may there be pillows in the cot? " * 330, TODAY)

    assert answer.outcome is Outcome.ANSWERED
    assert any(notice.kind is NoticeKind.SHORTENED and f"{MAX_QUESTION:,}" in notice.text for notice in answer.notices)


@pytest.mark.parametrize("question", ["", "   ", "👶🔪❓", "the of and", "?!.,;:", "\x00\u200b", "$$$ *** ___"])
def test_a_question_of_nothing_is_not_found(shelf: Shelf, question: str) -> None:
    shelf.ingest()

    assert _base(shelf).ask(question, TODAY).outcome is Outcome.NOT_FOUND


def test_no_store_is_said_with_what_to_do(tmp_path: Path) -> None:
    base = KnowledgeBase(Settings(data=tmp_path, corpus=CORPUS), Words().model)

    with pytest.raises(StoreMissing, match="python -m ingest"):
        base.ask("what is a core group", TODAY)


def test_an_index_of_another_model_is_never_asked(shelf: Shelf) -> None:
    shelf.ingest()
    base = KnowledgeBase(Settings(data=shelf.data, corpus=CORPUS), Words("words@2").model)

    with pytest.raises(ModelUnavailable, match="words@1"):
        base.ask("what is a core group", TODAY)


@pytest.mark.usefixtures("always_answers")
def test_an_open_reader_answers_from_the_new_generation_at_its_next_question(shelf: Shelf) -> None:
    shelf.on = TODAY
    shelf.ingest()
    base = _base(shelf)
    old = base.ask("pillows in the cot", TODAY)
    shelf.put("sleep.md", "# Safer sleep\n\nPillows are for adults only, from 18 years.\n")
    shelf.ingest()

    new = base.ask("pillows in the cot", TODAY)

    assert old.generation != new.generation
    assert new.statements[0].citation.quote == "Pillows are for adults only, from 18 years."


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answer]:
    """A knowledge base that is made once, for many questions."""
    shelf = Shelf(tmp_path_factory.mktemp("asked"))
    shelf.put("sleep.md", "# Safer sleep\n\nPut the baby on the back to sleep. However, ask first.\n\n- no pillows\n")
    shelf.ingest()
    base = _base(shelf)
    return lambda question: base.ask(question, TODAY)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.text(max_size=300)
    | st.lists(st.sampled_from(["baby", "sleep", "pillows", "back", "?", "12", "s.47"])).map(" ".join)
)
def test_every_question_has_an_answer_of_exact_quotes(asked: Callable[[str], Answer], question: str) -> None:
    answer = asked(question)

    for statement in answer.statements:
        citation = statement.citation
        assert citation.quote == citation.passage.text[citation.start - citation.passage.start :][: len(citation.quote)]
    assert (answer.outcome in (Outcome.ANSWERED, Outcome.PARTIAL)) == bool(answer.statements)
