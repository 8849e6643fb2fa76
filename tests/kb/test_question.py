"""How a question is read: what of it asks, and whether it goes on from another."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.question import Asked, asking_part, goes_on, read
from kb.spelling import Speller
from kb.terms import Ledger, read_terms

LEDGER = Ledger(read_terms(Path(__file__).parents[2] / "corpus" / "terms.toml"))
SPELLER = Speller(["A privately fostered child is visited every six weeks; a disabled child more often."])
STORY = "A child came to school on Monday with a mark on the arm and would not say how it was made. " * 3


def _read(question: str, about: str = "") -> Asked:
    return read(question, SPELLER, LEDGER, about)


def test_what_asks_in_a_story_is_its_question() -> None:
    asked = _read(f"{STORY}Who must be told?")

    assert asked.asks == "Who must be told?"
    assert asked.is_story
    assert asked.sought.text == "Who must be told?"


def test_without_a_question_mark_the_last_sentence_asks() -> None:
    assert asking_part("I saw a mark. Tell me whom to ring.") == "Tell me whom to ring."
    assert asking_part("neglect") == "neglect"
    assert asking_part("") == ""


def test_a_short_question_is_matched_word_by_word_as_a_whole() -> None:
    asked = _read("The child is fostered. How often is it visited?")

    assert asked.asks == "How often is it visited?"
    assert asked.sought.text == asked.text


@pytest.mark.parametrize(
    "question",
    [
        "and if the child is disabled?",
        "And who decides?",
        "what about a grandparent?",
        "What if the carer moves away?",
        "how about twins",
        "but by when?",
        "… or at night?",
        "if she is 17?",
        "same for a boy?",
    ],
)
def test_a_question_that_leans_on_an_earlier_one_goes_on(question: str) -> None:
    assert goes_on(question)


@pytest.mark.parametrize(
    "question",
    [
        "How often is a privately fostered child visited?",
        "Android phones in school",
        "What is a core group?",
        "Orders of the court",
        "",
        "   ",
        f"And {STORY}",
    ],
)
def test_a_question_that_stands_alone_does_not_go_on(question: str) -> None:
    assert not goes_on(question)


def test_a_question_that_goes_on_is_looked_up_with_the_earlier_one_and_asks_alone() -> None:
    alone = _read("and if the child is disabled?")
    asked = _read("and if the child is disabled?", "How often is a privately fostered child visited?")

    assert asked.text == "How often is a privately fostered child visited, and if the child is disabled?"
    assert set(alone.stems) | {"privat", "foster", "visit"} <= set(asked.stems)
    assert asked.asks == "and if the child is disabled?"


def test_the_meanings_weigh_what_asks_once_more() -> None:
    asked = _read(f"{STORY}Who must be told?")

    assert asked.meanings == {asked.text: 1.0, "Who must be told?": 0.5}


def test_a_name_in_the_question_is_spelt_out_as_a_meaning_of_its_own() -> None:
    asked = _read("How soon is an ICPC held?")

    assert asked.sought.text == "How soon is an ICPC (initial child protection conference) held?"
    assert asked.meanings[asked.sought.text] == 1.0
    assert {"initi", "confer"} <= set(asked.added)
    assert not set(asked.added) & set(asked.stems)


def test_of_a_name_and_what_it_stands_for_either_is_looked_for() -> None:
    sought = _read("Who chairs an ICPC, and who a CIN meeting?").sought

    pairs = [tuple(sought.text[slice(*span)] for span in pair) for pair in sought.either]
    assert pairs == [("ICPC", "initial child protection conference"), ("CIN", "child in need")]


def test_where_the_documents_apply_finds_nothing_in_them() -> None:
    def stems(question: str) -> tuple[str, ...]:
        return read(question, SPELLER, LEDGER, home={"Hertfordshire"}).stems

    assert stems("neglect in herts, neglect in Hertfordshire") == stems("neglect in, neglect in")
    assert stems("neglect in Essex") == _read("neglect in Essex").stems
    assert stems("Hertfordshire") == ("hertfordshir",)


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("escalation in norfolk", {"Norfolk"}),
        ("I work in Norfolk. How many days do we have there?", {"Norfolk"}),
        ("I work in Norfolk. What is their form called?", {"Norfolk"}),
        ("She lives in Essex and works here in Herts. Which council do I ring?", set()),
        ("Who visits?", set()),
    ],
)
def test_the_answer_is_to_be_about_a_place_where_it_is_asked_of(question: str, places: set[str]) -> None:
    assert _read(question).places_asked == places


def test_the_name_of_a_place_is_no_slip() -> None:
    speller = Speller(["The kart was broken at the dorsal fin."])

    assert [mend.taken for mend in read("the dorsel kort", speller, LEDGER).mends] == ["dorsal", "kart"]
    assert not read("Kent and Dorset", speller, LEDGER).mends
