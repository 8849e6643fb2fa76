"""What the page that publishes is told: effects, reviews, notes, long work, what differs in layout only."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest import notes
from ingest.added import add
from ingest.comparing import compared, layout_only, with_differences
from ingest.effects import current_editions, draft_effect, going_to, not_the_same, published, withdrawing
from ingest.jobs import Job, Jobs
from ingest.log import Entry
from ingest.progress import Stage, Step, Tell
from ingest.reviews import Standing, as_csv, due, log_csv
from ingest.uploads import Facts, Upload
from kb import instants
from kb.database import Database
from kb.documents import Document, Edition
from kb.errors import KnowledgeBaseError, StoreBusy, WrongUse
from tests.conftest import SLEEP, VISITS

if TYPE_CHECKING:
    from tests.conftest import Shelf

TODAY = instants.day_of(instants.now())
GOLDEN = [
    {"id": "week", "question": "when does the social worker visit the child", "answerable": True, "doc": "fostering",
     "evidence": ["A social worker visits the child within one week."], "must_not_change": []},
    {"id": "back", "question": "where to put the baby to sleep", "answerable": True, "doc": "sleep",
     "evidence": ["Put the baby on the back to sleep."], "must_not_change": []},
]  # fmt: skip
NO_WEEK = "# Private fostering\n\n## Notice\n\nA carer must tell the council six weeks before the child arrives.\n"


@pytest.fixture
def golden(shelf: Shelf) -> Shelf:
    shelf.corpus.mkdir()
    lines = "\n".join(json.dumps(line) for line in GOLDEN)
    (shelf.corpus / "golden.jsonl").write_text(lines, encoding="utf-8")
    shelf.ingest()
    return shelf


def lost(shelf: Shelf) -> str:
    """A draft in which the visits are gone."""
    added = add(shelf.desk(), [Upload("fostering.md", NO_WEEK.encode(), Facts("fostering"))])
    assert added.draft
    return added.draft


def test_what_a_draft_would_change_names_documents_by_title_and_the_lost_question(golden: Shelf) -> None:
    effect = draft_effect(golden.desk(), lost(golden))

    assert effect.named(effect.changes.updated) == ("Private fostering",)
    assert [(each.id, each.kind) for each in not_the_same(effect.verdict)] == [("week", "lost")]


def test_what_going_back_would_change_is_the_reverse_of_what_was_published(golden: Shelf) -> None:
    draft = lost(golden)
    golden.desk().approve(draft, "Ada", "The visits moved.")
    golden.desk().publish(draft)
    with Database(golden.data) as database:
        first = database.publications()[-1].generation

    effect = going_to(golden.desk(), first)

    assert effect.named(effect.changes.updated) == ("Private fostering",)
    assert [(each.before[:7], each.after[:16]) for each in not_the_same(effect.verdict) if each.id == "week"] == [
        ("", "A social worker ")
    ]
    assert (effect.unknown, effect.verdict.asked) == (0, 2)


def test_going_back_names_the_withdrawn_documents_that_it_would_bring_back(golden: Shelf) -> None:
    first = golden.desk().standing().published
    golden.desk().withdraw("sleep", "The advice changed.")
    assert first

    effect = going_to(golden.desk(), first.id)

    assert effect.named(effect.brings_back) == ("Safer sleep",)
    assert effect.unknown == 2


def test_what_a_withdrawal_takes_away_names_the_questions_that_rest_on_the_document_alone(golden: Shelf) -> None:
    found = withdrawing(golden.desk(), "sleep")

    assert [edition.document.id for edition in found.editions] == ["sleep"]
    assert found.alone == ("where to put the baby to sleep",)


def test_each_turn_of_the_switch_is_told_with_who_and_why(golden: Shelf) -> None:
    golden.desk("Bea").withdraw("sleep", "The advice changed.")
    golden.desk("Cat").rollback("It did not.", golden_first(golden))

    with Database(golden.data) as database:
        turns = published(database)

    assert [(turn.action, turn.who, turn.reason, turn.is_current) for turn in turns] == [
        ("rollback", "Cat", "It did not.", True),
        ("withdraw", "Bea", "The advice changed.", False),
        ("publish", "", "", False),
    ]


def golden_first(shelf: Shelf) -> str:
    with Database(shelf.data) as database:
        return database.publications()[-1].generation


def test_a_publication_that_waits_is_not_the_one_that_answers(golden: Shelf) -> None:
    added = add(golden.desk(), [Upload("kites.md", b"# Kites\n\nA kite flies.\n")])
    golden.desk().publish(added.draft or "", TODAY + timedelta(days=2))

    with Database(golden.data) as database:
        turns = published(database)

    assert [(turn.action, turn.waits, turn.is_current) for turn in turns] == [
        ("schedule", True, False),
        ("publish", False, True),
    ]


def test_nothing_is_published_in_an_empty_folder(shelf: Shelf) -> None:
    assert current_editions(shelf.desk()) == ()


def test_a_text_in_other_lines_differs_in_its_layout_only(shelf: Shelf) -> None:
    shelf.ingest()
    reflowed = SLEEP.replace("- no pillows\n- no duvets", "1. no pillows\n2. no duvets")
    draft = add(shelf.desk(), [Upload("sleep.md", reflowed.encode(), Facts("sleep", label="2"))]).draft
    desk = shelf.desk()

    with Database(shelf.data) as database:
        changes = compared(database, desk.pairs(draft or ""))

    assert [change.document.id for change in changes] == ["sleep"]
    assert (changes[0].changed, changes[0].material) == ((), ())
    assert [section.place.heading for section in layout_only(changes[0])] == ["Safer sleep"]
    assert [each.name for each in changes[0].details] == ["Edition"]


def test_material_changes_come_first_then_new_documents(shelf: Shelf) -> None:
    shelf.ingest()
    files = [
        Upload("kites.md", b"# Airborne\n\nA kite flies.\n"),
        Upload("s.md", SLEEP.replace("Keep the", "Have the").encode(), Facts("sleep")),
        Upload("f.md", VISITS.replace("one week", "two weeks").encode(), Facts("fostering")),
    ]
    draft = add(shelf.desk(), files).draft

    with Database(shelf.data) as database:
        changes = compared(database, shelf.desk().pairs(draft or ""))

    assert [change.document.id for change in changes] == ["fostering", "sleep", "kites"]
    assert with_differences(changes) == changes


def edition(title: str, **facts: object) -> Edition:
    made = Edition(title, Document(title.lower(), title, owner="=cmd()"), "", f"{title}.md", "0" * 64)
    return replace(made, in_force_from=date(2020, 1, 1), **facts)  # type: ignore[arg-type]


def test_reviews_are_told_the_most_pressing_first_and_only_of_what_is_current() -> None:
    on = date(2026, 11, 23)
    editions = [
        edition("None"),
        edition("Later", review_by=date(2027, 3, 1)),
        edition("Soon", review_by=date(2026, 12, 3)),
        edition("Today", review_by=on),
        edition("Past", review_by=date(2026, 11, 13)),
        edition("Long past", review_by=date(2020, 2, 1)),
        edition("Superseded", review_by=date(2020, 2, 1), in_force_until=date(2021, 1, 1)),
        edition("Historical", historical=True),
    ]

    found = due(editions, on)

    assert [(each.edition.document.title, each.standing, each.days) for each in found] == [
        ("Long past", Standing.OVERDUE, -2487),
        ("Past", Standing.OVERDUE, -10),
        ("Today", Standing.SOON, 0),
        ("Soon", Standing.SOON, 10),
        ("None", Standing.NO_DATE, None),
    ]


def test_a_table_for_a_spreadsheet_holds_no_formula() -> None:
    found = due([edition("+1", review_by=date(2026, 1, 1)), edition('A, "b"\nc')], date(2026, 11, 23))
    entry = Entry(1, "2026-11-23T10:00:00+00:00", "@Ada", "ingest", "{}", "", "00")

    rows = list(csv.reader(io.StringIO(as_csv(found, date(2026, 11, 23)))))
    logged = list(csv.reader(io.StringIO(log_csv([entry]))))

    assert [(row[1], row[3]) for row in rows[1:]] == [("'+1", "'=cmd()"), ('A, "b"\nc', "'=cmd()")]
    assert logged[1][2] == "'@Ada"


def test_a_note_is_kept_and_a_blank_one_forgotten(tmp_path: Path) -> None:
    assert notes.read(tmp_path, "20261123-1") is None
    notes.keep(tmp_path, "20261123-1", "# Amendments\n")
    assert notes.read(tmp_path, "20261123-1") == "# Amendments\n"
    notes.keep(tmp_path, "20261123-1", " \n")

    assert notes.read(tmp_path, "20261123-1") is None
    with pytest.raises(WrongUse, match="no draft's id"):
        notes.keep(tmp_path, "../x", "y")


def test_one_job_runs_at_a_time_and_its_last_step_and_result_can_be_looked_at() -> None:
    jobs: Jobs[int] = Jobs()
    go, told = threading.Event(), threading.Event()

    def work(tell: Tell) -> int:
        tell(Step(Stage.READ, 1, 2, "documents"))
        told.set()
        go.wait(10)
        return 7

    job = jobs.start("Reading", "Ada", work)
    assert told.wait(10)
    with pytest.raises(StoreBusy, match="Ada has begun this"):
        jobs.start("Reading", "Bea", work)
    jobs.put_away()  # one that runs stays
    assert (jobs.last, job.step, job.is_over) == (job, Step(Stage.READ, 1, 2, "documents"), False)
    go.set()

    assert job.wait(10)
    assert (job.result, job.error) == (7, None)
    jobs.put_away()
    assert jobs.last is None


def fails_on_purpose(_: Tell) -> int:
    raise StoreBusy("data", "another ingest is writing here", "Wait.")


def fails_unforeseen(_: Tell) -> int:
    raise ValueError("a secret")


@pytest.mark.parametrize(
    ("work", "fact"),
    [(fails_on_purpose, "another ingest is writing here"), (fails_unforeseen, r"an unforeseen error \(ValueError\)")],
)
def test_a_job_that_fails_says_why_and_shows_no_secret(work: Callable[[Tell], int], fact: str) -> None:
    job = Job("Reading", "Ada", work)

    assert job.wait(10)
    with pytest.raises(KnowledgeBaseError, match=fact) as raised:
        raise job.error or AssertionError
    assert "secret" not in str(raised.value)
