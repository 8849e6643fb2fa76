"""Laws of finding passages, in a generation loaded for asking: by meaning, by words and word by word."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.answers import FoundBy
from kb.ask import KnowledgeBase
from kb.database import Database
from kb.documents import Passage
from kb.entries import digest, passage_text, texts
from kb.library import Library
from kb.question import read
from kb.retrieve import LOOKED_THROUGH, Scored, find
from kb.settings import Settings
from kb.terms import Ledger
from tests.conftest import PROJECT, Shelf, Words

CHAFF = "# Notes {number}\n\nIs the bin full? Printed on recycled paper.\n\nThe chair signs sheet {number}.\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    shelf = Shelf(tmp_path_factory.mktemp("library"))
    shelf.put(
        "fostering.md",
        "# Fostering\n\n## Visits\n\nA social worker visits within one week. Later visits are every six weeks.\n\n"
        "## Gifts\n\nNever give:\n\n- sweets\n- toys\n",
    )
    shelf.put("sleep.md", "# Sleep\n\nPut the baby on the back to sleep.\n")
    for number in range(4):
        shelf.put(f"notes{number}.md", CHAFF.format(number=number))
    shelf.ingest()
    base = KnowledgeBase(Settings(shelf.data, PROJECT / "corpus"), shelf.words.model)
    yield base.library()
    base.close()


@pytest.fixture
def found(library: Library) -> Callable[..., list[Scored]]:
    def ask(question: str, editions: set[str] | None = None) -> list[Scored]:
        held = {edition.id for edition in library.editions} if editions is None else editions
        return find(library, read(question, library.speller, Ledger(())), held)

    return ask


def test_every_passage_has_the_vector_and_the_words_of_its_own_text(library: Library) -> None:
    expected, words = Words().embed_words([passage_text(passage) for passage in library.passages])

    assert library.passage_vectors == pytest.approx(expected, abs=1e-3)
    for kept, own in zip(library.token_vectors(range(len(library.passages))), words, strict=True):
        assert kept.spans.tolist() == own.spans.tolist()
        assert (kept.vectors * own.vectors).sum(axis=1).min() > 0.99


def test_every_unit_has_the_vector_of_its_own_text(library: Library) -> None:
    for passage in library.passages:
        read_by_model = texts(passage)
        own = read_by_model[1:] or read_by_model
        expected = Words().embed([text for _, _, text in own])
        for number in range(len(passage.units)):
            assert library.vector_of(passage, number) == pytest.approx(expected[number], abs=1e-3)


def test_a_unit_is_known_by_the_number_of_its_passage(library: Library) -> None:
    for number, passage in enumerate(library.passages):
        first, end = library.first_units[number : number + 2]
        assert [unit for _, unit in library.units[first:end]] == list(passage.units)
        assert {place for place, _ in library.units[first:end]} == {number}


def test_what_asks_and_what_many_documents_repeat_says_nothing(library: Library) -> None:
    said = [library.passages[number].slice(unit.start, unit.end) for number, unit in library.units]
    nothing = {text for text, is_nothing in zip(said, library.says_nothing, strict=True) if is_nothing}

    assert nothing == {"Is the bin full?", "Printed on recycled paper."}
    assert library.share_of_nothing.max() < 1
    assert library.share_of_nothing.min() == 0


def test_the_best_passage_comes_first_and_its_best_unit_answers(found: Callable[..., list[Scored]]) -> None:
    best = found("how soon does the social worker visit")[0]

    assert best.passage.headings == ("Visits",)
    assert len(best.units) == len(best.passage.units)
    assert _said(best.passage, int(np.argmax(best.units))) == "A social worker visits within one week."


def test_what_shares_words_is_found_by_them(found: Callable[..., list[Scored]]) -> None:
    assert FoundBy.WORDS in found("sweets")[0].found_by


def test_only_the_editions_asked_for_are_looked_through(found: Callable[..., list[Scored]], library: Library) -> None:
    (sleep,) = (edition.id for edition in library.editions if edition.document.id == "sleep")

    assert {hit.passage.edition.id for hit in found("social worker visits", {sleep})} == {sleep}
    assert found("social worker visits", set()) == []
    assert found("social worker visits", {"gone@1"}) == []


def test_what_is_not_asked_for_crowds_out_nothing(
    found: Callable[..., list[Scored]], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.retrieve.NEAREST", 2)
    (sleep,) = (edition.id for edition in library.editions if edition.document.id == "sleep")

    near = [hit for hit in found("social worker visits", {sleep}) if FoundBy.MEANING in hit.found_by]

    assert [hit.passage.edition.id for hit in near] == [sleep]


def test_a_question_of_function_words_finds_nothing(found: Callable[..., list[Scored]]) -> None:
    assert found("which of them") == []


def test_a_line_that_many_repeat_does_not_come_before_one_that_says_something(
    found: Callable[..., list[Scored]],
) -> None:
    best = found("sheet printed on paper signed by the chair")[0]

    assert _said(best.passage, int(np.argmax(best.units))).startswith("The chair signs sheet")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(["baby", "sleep", "visit", "worker", "gift", "toy", "zzz", "six"]), max_size=5))
def test_hits_are_in_order_each_once_scored_from_0_to_1_and_the_same_again(
    found: Callable[..., list[Scored]], words: list[str]
) -> None:
    hits = found(" ".join(words))

    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.id for hit in hits}) == len(hits) <= LOOKED_THROUGH
    assert all(0 <= hit.score <= 1 for hit in hits)
    assert hits == found(" ".join(words))


def test_the_words_of_an_unknown_text_are_not_made_up(library: Library) -> None:
    with Database(library._folder) as database, pytest.raises(KeyError):
        database.token_vectors("words@1", [digest("nobody said this")])


def _said(passage: Passage, number: int) -> str:
    return passage.slice(passage.units[number].start, passage.units[number].end)
