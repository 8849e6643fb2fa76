"""Publishing on a day, taking back, withdrawing: what answers afterwards, and who may do it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.history import Pair
from ingest.sources import Given, from_paths
from kb import instants, messages
from kb.answers import Outcome
from kb.ask import KnowledgeBase
from kb.database import Database
from kb.documents import Status
from kb.errors import HeldBack, NotAllowed, StoreMissing, WrongUse
from kb.index import Index
from kb.links import Link, follow
from kb.settings import Settings
from kb.to_json import to_json

if TYPE_CHECKING:
    from tests.conftest import Shelf

QUESTION = "where to put the baby to sleep"
BACK = "Put the baby on the back to sleep."
COT = "Put the baby to sleep in a cot of its own."
TODAY = instants.day_of(instants.now())
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def two(shelf: Shelf) -> Shelf:
    """Two generations: the second says that the baby sleeps in a cot."""
    shelf.ingest()
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")
    shelf.ingest()
    return shelf


def answers(shelf: Shelf) -> str:
    """Answers as JSON, all but the time that they took."""
    asked = (QUESTION, "when does the social worker visit", "who must tell the council", "what about the moon")
    return "\n".join(to_json(shelf.answer(question), 0).model_dump_json() for question in asked)


def published(shelf: Shelf) -> str:
    with Database(shelf.data) as database:
        return database.published_id() or ""


def test_going_back_answers_exactly_as_before(shelf: Shelf) -> None:
    first = shelf.ingest()
    before = answers(shelf)
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")
    shelf.ingest()
    assert answers(shelf) != before

    assert shelf.desk().rollback("A page is missing.") == first.generation

    assert answers(shelf) == before


def test_going_back_where_the_index_was_cleaned_up_answers_as_before_and_embeds_nothing(shelf: Shelf) -> None:
    first = shelf.ingest()
    before = answers(shelf)
    for number in range(Settings.keep_generations + 1):
        shelf.put("sleep.md", f"# Safer sleep\n\nPut the baby to sleep in cot {number}.\n")
        shelf.ingest()
    with Database(shelf.data) as database, Index(shelf.data) as index:
        assert database.generation(first.generation or "").collection not in index.collections()
    shelf.words.embedded.clear()

    shelf.desk().rollback("Back to the start.", first.generation)

    assert not shelf.words.embedded
    assert answers(shelf) == before


def test_going_back_twice_goes_back_two_steps(two: Shelf) -> None:
    two.put("sleep.md", "# Safer sleep\n\nPut the baby to sleep in the dark.\n")
    two.ingest()

    two.desk().rollback("Wrong.")
    assert COT in two.text()
    two.desk().rollback("Wrong, too.")

    assert BACK in two.text()
    with pytest.raises(WrongUse, match="is the first generation"):
        two.desk().rollback("And again.")


def test_a_withdrawn_document_is_absent_from_the_next_answer_and_back_once_reinstated(shelf: Shelf) -> None:
    shelf.ingest()
    base = KnowledgeBase(shelf.settings, shelf.words.model)  # open all the while
    before = base.ask(QUESTION, TODAY)

    shelf.desk().withdraw("sleep", "The advice has changed.", "fostering")
    withdrawn = base.ask(QUESTION, TODAY)
    shelf.desk().reinstate("sleep", "It has not.")
    after = base.ask(QUESTION, TODAY)

    assert before.statements == after.statements != ()
    assert {hit.passage.edition.document.id for hit in withdrawn.kept} <= {"fostering"}
    assert not [each for each in withdrawn.statements if each.citation.passage.edition.document.id == "sleep"]
    assert withdrawn.outcome is Outcome.ONLY_SUPERSEDED
    said = " ".join(notice.text for notice in withdrawn.notices)
    assert "The advice has changed. Replaced by Private fostering." in said


def test_an_old_link_to_a_withdrawn_edition_says_so_and_by_what_it_is_replaced(shelf: Shelf) -> None:
    shelf.ingest()
    link = Link("sleep", next(each.id for each in shelf.editions() if each.document.id == "sleep"))

    shelf.desk().withdraw("sleep", "The advice has changed.", "fostering")

    with Database(shelf.data) as database:
        opened = follow(link, database, TODAY)
    assert opened.edition
    assert opened.is_published
    day = messages.uk_date(TODAY)
    assert messages.status(opened.edition, TODAY) == f"withdrawn on {day}"
    assert messages.withdrawal(opened.edition) == (
        f"Withdrawn on {day}: The advice has changed. Replaced by fostering."
    )


def test_a_withdrawn_document_stays_withdrawn_when_it_is_ingested_anew(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.desk().withdraw("sleep", "The advice has changed.")

    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")
    shelf.ingest()

    assert COT not in shelf.text()
    assert {edition.status_on(TODAY) for edition in shelf.editions() if edition.document.id == "sleep"} == {
        Status.WITHDRAWN
    }


def test_going_back_past_a_withdrawal_needs_the_generation_named(shelf: Shelf) -> None:
    first = shelf.ingest()
    shelf.desk().withdraw("sleep", "The advice has changed.")

    with pytest.raises(HeldBack, match="would bring back what was withdrawn: sleep"):
        shelf.desk().rollback("A slip.")
    assert BACK not in shelf.text()
    shelf.desk().rollback("A slip.", first.generation)

    assert BACK in shelf.text()


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda desk: desk.withdraw("slep", "Why."), "slep: no such document is published. Did you mean sleep?"),
        (lambda desk: desk.withdraw("sleep", " "), "--reason: it is empty"),
        (lambda desk: desk.withdraw("sleep", "Why.", "fosterin"), "Did you mean fostering?"),
        (lambda desk: desk.withdraw("sleep", "Why.", "sleep"), "no other document of this id"),
        (lambda desk: desk.reinstate("sleep", "Why."), "sleep: it was not withdrawn here"),
        (lambda desk: desk.rollback(""), "--reason: it is empty"),
        (lambda desk: desk.rollback("Why.", "20200101"), "no such generation was ever published"),
        (lambda desk: desk.publish("20200101"), "there is no such draft"),
        (lambda desk: desk.discard("20200101"), "there is no such draft"),
        (lambda desk: desk.cancel(), "no publication waits"),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(
    shelf: Shelf, act: Callable[[object], object], said: str
) -> None:
    generation = shelf.ingest().generation

    with pytest.raises(WrongUse) as error:
        act(shelf.desk())

    assert said in str(error.value)
    assert published(shelf) == generation


def test_with_nothing_published_there_is_nothing_to_take_back(shelf: Shelf) -> None:
    for act in (shelf.desk().rollback, lambda reason: shelf.desk().withdraw("sleep", reason)):
        with pytest.raises(StoreMissing):
            act("Why.")


def test_a_draft_answers_nobody_until_it_is_published(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")

    report = shelf.prepare()
    assert BACK in shelf.text()
    shelf.desk().publish(report.draft or "")

    assert COT in shelf.text()
    assert shelf.desk().standing().drafts == ()


def test_the_same_sources_give_the_same_draft(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")

    assert shelf.prepare().draft == shelf.prepare().draft
    assert len(shelf.desk().standing().drafts) == 1


def test_a_draft_made_from_what_is_no_longer_published_is_refused(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")
    draft = shelf.prepare().draft or ""
    shelf.desk().withdraw("fostering", "The law changed.")

    with pytest.raises(HeldBack, match="something else is published by now"):
        shelf.desk().publish(draft)

    assert "visits the child" not in shelf.text()


def test_a_discarded_draft_is_gone_with_its_index_and_its_text_is_kept(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")
    draft = shelf.prepare().draft or ""
    shelf.words.embedded.clear()

    shelf.desk().discard(draft)

    assert shelf.desk().standing().drafts == ()
    with Database(shelf.data) as database, Index(shelf.data) as index:
        assert database.generation(draft).collection not in index.collections()
    again = shelf.prepare()
    assert (again.draft != draft, again.embedded) == (True, 0)


def test_an_answer_as_of_an_earlier_day_comes_from_the_edition_of_that_day(shelf: Shelf) -> None:
    paths = [shelf.files / "sleep.md"]

    def add(text: str, begins: date) -> None:
        shelf.put("sleep.md", f"# Safer sleep\n\n{text}\n")
        desk = shelf.desk()
        desk.publish(desk.prepare(from_paths(paths, Given(in_force_from=begins)), keep_others=True).draft or "")

    add(BACK, date(2013, 7, 1))
    add(COT, date(2020, 1, 1))

    def quoted(on: date) -> list[str]:
        return [statement.citation.quote for statement in shelf.answer(QUESTION, on).statements]

    assert quoted(date(2019, 12, 31)) == [BACK]
    assert quoted(date(2020, 1, 1)) == quoted(TODAY) == [COT]
    assert quoted(date(2013, 6, 30)) == []


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_trial_reports_what_would_change_and_leaves_every_file_as_it_was(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")
    before = snapshot(shelf.data)

    report = shelf.desk().try_out(from_paths([shelf.files], Given()), keep_others=False)

    assert (report.updated, report.unchanged, report.draft) == (("sleep",), ("fostering",), None)
    assert snapshot(shelf.data) == before
    assert len(shelf.desk().log()) == 2


def test_a_trial_compares_the_editions_that_change_and_no_others(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")

    def compare(database: Database, found: Sequence[Pair]) -> tuple[str, ...]:
        return tuple(database.edition_text(each.id) for pair in found for each in pair if each)

    desk = replace(shelf.desk(), compare=compare)
    old, new = desk.try_out(from_paths([shelf.files], Given()), keep_others=False).difference

    assert BACK in old
    assert COT in new


def test_a_trial_of_an_empty_knowledge_base_makes_none(shelf: Shelf) -> None:
    report = shelf.desk().try_out(from_paths([shelf.files], Given()), keep_others=False)

    assert report.added == ("fostering", "sleep")
    assert not shelf.data.exists()


def set_roles(shelf: Shelf, text: str = 'editors = ["Ada"]\napprovers = ["Grace"]\n') -> None:
    shelf.corpus.mkdir()
    (shelf.corpus / "roles.toml").write_text(text)


def test_where_roles_are_set_each_may_do_what_they_allow(shelf: Shelf) -> None:
    shelf.ingest()
    set_roles(shelf)
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")

    for act in (
        lambda: shelf.prepare("Mallory"),
        lambda: shelf.desk("").rollback("Why."),
        lambda: shelf.desk("Ada").rollback("Why."),
        lambda: shelf.desk("Ada").withdraw("sleep", "Why."),
        lambda: shelf.desk("Ada").reinstate("sleep", "Why."),
    ):
        with pytest.raises(NotAllowed, match=r"roles\.toml names as such"):
            act()
    shelf.desk("Ada").publish(shelf.prepare("Ada").draft or "")
    shelf.desk("Grace").rollback("A page is missing.")

    assert BACK in shelf.text()


@pytest.mark.parametrize("text", ["editors = [", 'editors = ["Ada"]\n', 'editors = "Ada"\napprovers = []\n'])
def test_roles_that_cannot_be_read_let_nobody_do_anything(shelf: Shelf, text: str) -> None:
    set_roles(shelf, text)

    with pytest.raises(WrongUse, match=r"roles\.toml"):
        shelf.prepare("Ada")


def test_a_backup_is_a_copy_of_the_folder(two: Shelf) -> None:
    before = answers(two)
    shutil.copytree(two.data, two.folder / "backup")
    shutil.rmtree(two.data)

    shutil.copytree(two.folder / "backup", two.folder / "restored")
    restored = KnowledgeBase(Settings(two.folder / "restored", two.corpus), two.words.model)

    assert to_json(restored.ask(QUESTION, TODAY), 0).model_dump_json() == before.splitlines()[0]
    with Database(two.folder / "restored") as database:
        assert len(database.publications()) == 2


def test_every_step_is_in_the_log(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")
    desk = shelf.desk("Ada")
    draft = shelf.prepare().draft or ""
    desk.publish(draft, TOMORROW)
    desk.cancel()
    desk.publish(draft)
    desk.rollback("Wrong.")
    desk.withdraw("sleep", "Out of date.")
    desk.reinstate("sleep", "It is not.")
    desk.rebuild()

    rows = desk.log()

    assert [row.action for row in rows] == [
        "ingest", "publish", "ingest", "schedule", "cancel", "publish", "rollback", "withdraw", "reinstate",
        "ingest", "rebuild",
    ]  # fmt: skip
    assert {row.who for row in rows[2:]} == {"Ada"}
    assert json.loads(rows[7].details)["reason"] == "Out of date."
    assert desk.verify_log().faults == ()


def test_a_step_that_fails_is_not_in_the_log(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.ingest()

    def fail(*_: object, **__: object) -> str:
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr("ingest.store.append", fail)
    with pytest.raises(RuntimeError):
        shelf.desk().withdraw("sleep", "Why.")

    assert BACK in shelf.text()
    assert len(shelf.desk().log()) == 2
