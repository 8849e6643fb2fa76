"""What is said beside the quotes, and when nothing is quoted: parts, related text, follow-ups, outside events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from kb import messages
from kb.answers import Answer, NoticeKind, Outcome
from kb.ask import KnowledgeBase
from kb.confidence import NAMES
from kb.confidence import Model as Decision
from tests.conftest import PROJECT, Shelf

TODAY = date(2026, 11, 23)
EARLIER = "how often does a social worker visit in private fostering"
EVENT = """[[event]]
id = "rules-2026"
title = "Rules 2026"
happened = "was published"
on = 2026-03-18
supersedes = "Rules 2023"
names = ["Rules 2023"]
source = "a notice"
"""


@pytest.fixture
def decide(monkeypatch: pytest.MonkeyPatch) -> Callable[[float, float], None]:
    """Has everything believed from these chances on, where every chance is a half."""

    def decided(answers_from: float, related_from: float) -> None:
        model = Decision((0.0,) * len(NAMES), 0.0, answers_from, related_from)
        monkeypatch.setattr("kb.confidence.load_model", lambda: model)

    decided(0.0, 0.0)
    return decided


@pytest.fixture(autouse=True)
def _decided(decide: Callable[[float, float], None]) -> None:
    """The decision is fitted to the real model's similarities; the words' embedder needs one of its own."""


def _ask(shelf: Shelf, question: str, about: str = "", on: date = TODAY) -> Answer:
    shelf.corpus.mkdir(exist_ok=True)
    shelf.ingest()
    return KnowledgeBase(shelf.settings, shelf.words.model).ask(question, on, about=about)


def _notices(answer: Answer, kind: NoticeKind) -> list[str]:
    return [notice.text for notice in answer.notices if notice.kind is kind]


def _first(answer: Answer) -> str:
    key = answer.statements[0].key
    assert key
    return key.text


# Related, and silence


def test_what_may_not_answer_is_quoted_as_related(shelf: Shelf, decide: Callable[[float, float], None]) -> None:
    decide(0.6, 0.4)

    answer = _ask(shelf, "how soon does a social worker visit")

    assert answer.outcome is Outcome.PARTIAL
    assert answer.is_related
    assert answer.statements
    assert answer.notices[0].text == messages.RELATED
    assert messages.RELATED.startswith(f"{messages.RELATED_HEADING}. ")


def test_what_answers_is_not_called_related(shelf: Shelf) -> None:
    answer = _ask(shelf, "how soon does a social worker visit")

    assert answer.outcome is Outcome.ANSWERED
    assert not answer.is_related
    assert _notices(answer, NoticeKind.RELATED) == []


def test_where_nothing_is_believed_nothing_is_quoted(shelf: Shelf, decide: Callable[[float, float], None]) -> None:
    decide(0.9, 0.8)

    answer = _ask(shelf, "how soon does a social worker visit")

    assert (answer.outcome, answer.statements, answer.is_related) == (Outcome.NOT_FOUND, (), False)
    assert {notice.kind for notice in answer.notices} == {NoticeKind.NEAREST}


def test_related_text_that_is_not_in_force_is_not_even_named(
    shelf: Shelf, decide: Callable[[float, float], None]
) -> None:
    rule = "---\nin_force_from: {day}\n---\n\n# Kayaks\n\nThe {who} lends a kayak.\n"
    shelf.put("kayaks.md", rule.format(day="2027-01-01", who="officer"))
    shelf.files.joinpath("fostering.md").unlink()
    shelf.files.joinpath("sleep.md").unlink()

    assert _ask(shelf, "who lends a kayak").outcome is Outcome.ONLY_SUPERSEDED
    decide(0.6, 0.4)
    assert _ask(shelf, "who lends a kayak").outcome is Outcome.NOT_FOUND


# Places


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("how soon does a social worker visit", Outcome.ANSWERED),
        ("how soon does a social worker visit in Hertfordshire", Outcome.ANSWERED),
        ("how soon does a social worker visit in Norfolk", Outcome.NOT_FOUND),
        ("I work in norfolk. How soon does a social worker visit there?", Outcome.NOT_FOUND),
        ("She moved here from Norfolk. How soon does a social worker visit?", Outcome.ANSWERED),
        ("which protocol goes for Essex", Outcome.ANSWERED),
        ("how soon does a social worker visit in Scotland", Outcome.NOT_FOUND),
    ],
)
def test_the_rule_of_one_county_is_no_answer_for_another(shelf: Shelf, question: str, outcome: Outcome) -> None:
    shelf.put("local.md", "# Hertfordshire\n\nThe Hertfordshire protocol goes for children from Essex too.\n")

    answer = _ask(shelf, question)

    assert answer.outcome is outcome
    assert bool(_notices(answer, NoticeKind.ELSEWHERE)) == (outcome is Outcome.NOT_FOUND)


def test_documents_of_no_county_answer_for_any_but_not_for_another_nation(shelf: Shelf) -> None:
    assert _ask(shelf, "how soon does a social worker visit in Norfolk").outcome is Outcome.ANSWERED
    assert _ask(shelf, "how soon does a social worker visit in England").outcome is Outcome.ANSWERED
    assert _ask(shelf, "how soon does a social worker visit in Wales").outcome is Outcome.NOT_FOUND


def test_what_an_everyday_word_was_read_as_goes_without_saying(shelf: Shelf) -> None:
    said = _notices(_ask(shelf, "when is a kid's ICPC"), NoticeKind.READ_AS)

    assert _notices(_ask(shelf, "how soon is a kid visited"), NoticeKind.READ_AS) == []
    assert "kid" not in " ".join(said)


# Parts


def test_a_part_that_no_quote_answers_is_named(shelf: Shelf) -> None:
    shelf.files.joinpath("fostering.md").unlink()

    answer = _ask(shelf, "What must the cot be kept clear of, and by when?")

    assert answer.outcome is Outcome.PARTIAL
    assert _notices(answer, NoticeKind.NOT_FOUND_PART) == ["Not found: by when."]
    assert [notice.kind for notice in answer.first_notices] == [NoticeKind.NOT_FOUND_PART]


def test_a_part_that_a_quote_answers_is_not_named(shelf: Shelf) -> None:
    answer = _ask(shelf, "Whom must a carer tell, and how long before the child arrives?")

    assert answer.outcome is Outcome.ANSWERED
    assert "six weeks before" in " ".join(statement.citation.quote for statement in answer.statements)
    assert _notices(answer, NoticeKind.NOT_FOUND_PART) == []


def test_nothing_found_at_all_names_no_part(shelf: Shelf, decide: Callable[[float, float], None]) -> None:
    decide(0.9, 0.8)

    answer = _ask(shelf, "What must the cot be kept clear of, and by when?")

    assert _notices(answer, NoticeKind.NOT_FOUND_PART) == []


# Follow-ups


def test_a_follow_up_finds_what_both_questions_say_together(shelf: Shelf) -> None:
    shelf.put("fostering.md", "# Private fostering\n\nA disabled child in private fostering is visited each month.\n")
    shelf.put("ramps.md", "# Ramps\n\nA ramp is built if the child is disabled.\n")

    alone = _ask(shelf, "and if the child is disabled?")
    together = _ask(shelf, "and if the child is disabled?", EARLIER)

    assert _first(alone) == "A ramp is built if the child is disabled."
    assert _first(together) == "A disabled child in private fostering is visited each month."


def test_an_answer_says_what_it_was_asked_with(shelf: Shelf) -> None:
    answer = _ask(shelf, "and if the child is disabled?", EARLIER)

    assert (answer.question, answer.about) == ("and if the child is disabled?", EARLIER)
    assert _ask(shelf, EARLIER).about == ""


def test_a_person_s_details_in_the_earlier_question_block_as_well_and_are_not_given_back(shelf: Shelf) -> None:
    shelf.ingest()
    before = len(shelf.words.embedded)

    answer = KnowledgeBase(shelf.settings, shelf.words.model).ask(
        "and who must know?", TODAY, about="Jayden Smith in year 4 told me his dad hits him"
    )

    assert answer.outcome is Outcome.BLOCKED
    assert "Jayden" not in repr(answer)
    assert len(shelf.words.embedded) == before


@pytest.mark.parametrize("about", ["", " ", "?", "\ud800", "👶", "x" * 50_000])
def test_whatever_the_earlier_question_is_there_is_an_answer(shelf: Shelf, about: str) -> None:
    assert _ask(shelf, "and how soon does a social worker visit?", about).outcome is Outcome.ANSWERED


# Outside events


def _tell(shelf: Shelf, events: str) -> None:
    shelf.corpus.mkdir(exist_ok=True)
    (shelf.corpus / "events.toml").write_text(events, encoding="utf-8")


@pytest.fixture
def rests_on_rules(shelf: Shelf) -> Shelf:
    shelf.put("kayaks.md", "# Kayaks\n\nA kayak is lent for nine days.\n\nSource: Rules 2023, page 4.\n")
    return shelf


def test_an_event_is_told_once_beside_the_text_that_rests_on_what_it_superseded(rests_on_rules: Shelf) -> None:
    _tell(rests_on_rules, EVENT)

    answer = _ask(rests_on_rules, "for how many days is a kayak lent")

    (told,) = _notices(answer, NoticeKind.EVENT)
    assert told.startswith("Rules 2026 was published on 18 March 2026. It replaced Rules 2023")


def test_before_its_day_and_beside_other_texts_it_is_not_told(rests_on_rules: Shelf) -> None:
    _tell(rests_on_rules, EVENT)

    assert _notices(_ask(rests_on_rules, "how many days is a kayak lent", on=date(2026, 3, 17)), NoticeKind.EVENT) == []
    assert _notices(_ask(rests_on_rules, "how soon does a social worker visit"), NoticeKind.EVENT) == []


@pytest.mark.parametrize("events", [None, "", "[[event]]\nid = 7\n", "not toml ["])
def test_without_a_list_of_events_the_answer_is_the_same_but_for_them(
    rests_on_rules: Shelf, events: str | None
) -> None:
    if events is not None:
        _tell(rests_on_rules, events)

    answer = _ask(rests_on_rules, "for how many days is a kayak lent")

    assert answer.outcome is Outcome.ANSWERED
    assert _notices(answer, NoticeKind.EVENT) == []


def test_the_project_s_own_list_of_events_is_read(shelf: Shelf) -> None:
    shelf.put("kayaks.md", "# Kayaks\n\nA kayak is lent as Working Together 2018 says.\n")
    shelf.corpus.mkdir()
    (shelf.corpus / "events.toml").write_bytes((PROJECT / "corpus" / "events.toml").read_bytes())

    assert _notices(_ask(shelf, "how is a kayak lent"), NoticeKind.EVENT)
