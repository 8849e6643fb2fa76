"""What an ingest does to what is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ingest.progress import Stage, Step
from ingest.run import Report, ingest
from ingest.sources import Given, Source, from_paths
from kb.database import Database, Unread
from kb.documents import Document, Kind
from kb.errors import StoreMissing
from kb.index import Index
from kb.settings import Settings

if TYPE_CHECKING:
    from tests.conftest import Shelf


def test_a_first_ingest_publishes_every_document(shelf: Shelf) -> None:
    report = shelf.ingest()

    assert replace(report, generation=None) == Report(
        added=("fostering", "sleep"), passages=3, embedded=len(shelf.listed()), published=True
    )
    assert report.exit_code == 0
    assert shelf.indexed() == shelf.listed()
    assert shelf.nearest("when is the child visited?").startswith("A social worker visits")


def test_the_same_input_again_loads_no_model_and_changes_nothing(shelf: Shelf) -> None:
    first = shelf.ingest()
    loads = shelf.words.loads

    again = shelf.ingest()

    assert again == Report(unchanged=("fostering", "sleep"), generation=first.generation)
    assert shelf.words.loads == loads
    assert not shelf.words.embedded


def test_a_removed_paragraph_is_not_quoted_any_more(shelf: Shelf) -> None:
    shelf.ingest()
    gone = "Put the baby on the back to sleep."

    shelf.put("sleep.md", "# Safer sleep\n\nKeep the cot clear:\n\n- no pillows\n- no duvets\n")
    report = shelf.ingest()

    assert (report.updated, report.unchanged) == (("sleep",), ("fostering",))
    assert gone not in shelf.text()
    assert shelf.indexed() == shelf.listed()


def test_a_moved_paragraph_embeds_nothing(shelf: Shelf) -> None:
    sections = VISITS_SECTIONS.split("\n\n## ")
    shelf.put("fostering.md", "\n\n## ".join(sections))
    shelf.ingest()
    ids = {passage.id for passage in shelf.passages()}

    shelf.put("fostering.md", "\n\n## ".join([sections[0], *reversed(sections[1:])]))
    report = shelf.ingest()

    assert (report.updated, report.embedded) == (("fostering",), 0)
    assert {passage.id for passage in shelf.passages()} == ids


VISITS_SECTIONS = """# Fostering

## Visits

A social worker visits the child within one week.

## Notice

A carer must tell the council six weeks before.

## Complaints

Write to the complaints team at the council."""


def test_a_new_sentence_embeds_no_other_section(shelf: Shelf) -> None:
    shelf.ingest()

    shelf.put("fostering.md", (shelf.files / "fostering.md").read_text() + "\nThe notice is in writing.\n")
    shelf.ingest()

    assert shelf.words.embedded
    assert not [text for text in shelf.words.embedded if "visit" in text]


def test_a_changed_fact_embeds_nothing_and_a_changed_title_only_what_names_it(shelf: Shelf) -> None:
    path = shelf.files / "fostering.md"
    source = Source(path, path.name, Document("fostering", "Private fostering"), label="2013")

    def run(changed: Source) -> Report:
        return ingest(shelf.data, [changed], shelf.words.model, keep_others=False)

    first = run(source)
    dated = run(replace(source, in_force_from=date(2013, 7, 1)))
    titled = run(replace(source, document=Document("fostering", "Fostering by private arrangement")))

    assert (dated.updated, dated.embedded) == (("fostering",), 0)
    assert titled.updated == ("fostering",)
    assert 0 < titled.embedded <= first.embedded
    assert all("Fostering by private arrangement" in text for text in shelf.words.embedded[first.embedded :])


def test_a_file_that_cannot_be_read_keeps_its_published_passages(shelf: Shelf) -> None:
    shelf.ingest()
    before = shelf.text()

    shelf.put("fostering.md", b"\x00\x01\x02" * 100)
    report = shelf.ingest()

    assert report.exit_code == 1
    assert [row.file for row in report.unread] == ["fostering.md"]
    assert report.unchanged == ("fostering", "sleep")
    assert shelf.text() == before


def test_one_unread_edition_of_a_document_stays_beside_the_other(shelf: Shelf) -> None:
    document = Document("fostering", "Private fostering")
    old, new = shelf.files / "old.md", shelf.files / "fostering.md"
    shelf.put("old.md", "Visits were monthly then.")
    sources = [Source(old, old.name, document, "2009"), Source(new, new.name, document, "2013")]
    ingest(shelf.data, sources, shelf.words.model, keep_others=False)
    before = shelf.text()

    old.write_bytes(b"")
    report = ingest(shelf.data, sources, shelf.words.model, keep_others=False)

    assert (report.unchanged, report.updated, report.removed) == (("fostering",), (), ())
    assert [row.file for row in report.unread] == ["old.md"]
    assert shelf.text() == before


def test_removed_documents_leave(shelf: Shelf) -> None:
    shelf.ingest()

    (shelf.files / "sleep.md").unlink()
    report = shelf.ingest()

    assert (report.removed, report.unchanged) == (("sleep",), ("fostering",))
    assert "baby" not in shelf.text()
    assert shelf.indexed() == shelf.listed()


def test_adding_keeps_the_other_documents(shelf: Shelf) -> None:
    shelf.ingest()

    report = shelf.add(shelf.put("extra/water.md", "Never leave a child alone in the bath."))

    assert (report.added, report.unchanged, report.removed) == (("water",), ("fostering", "sleep"), ())
    assert shelf.nearest("alone in the bath") == "Never leave a child alone in the bath."


def test_every_kind_of_change_is_reported_at_once(shelf: Shelf) -> None:
    shelf.put("gone.md", "Gone soon.")
    shelf.put("bad.md", "Readable at first.")
    shelf.ingest()

    (shelf.files / "gone.md").unlink()
    shelf.put("bad.md", b"")
    shelf.put("new.md", "Brand new.")
    shelf.put("sleep.md", "Put the baby on the back.")
    report = shelf.ingest()

    assert (report.added, report.updated, report.removed) == (("new",), ("sleep",), ("gone",))
    assert report.unchanged == ("bad", "fostering")
    next_step = "Save the document again and add that."
    assert report.unread == (Unread("bad.md", "the file is empty", next_step),)


def test_what_was_unread_is_forgotten_once_it_is_read(shelf: Shelf) -> None:
    shelf.put("bad.md", b"")
    shelf.ingest()
    with Database(shelf.data) as database:
        assert [row.file for row in database.unread()] == ["bad.md"]

    shelf.add(shelf.put("bad.md", "Now it has text."))

    with Database(shelf.data) as database:
        assert database.unread() == []


def test_nothing_is_published_where_the_changes_are_refused(shelf: Shelf) -> None:
    first = shelf.ingest()
    asked = []

    def refuse(report: Report) -> bool:
        asked.append(report.updated)
        return False

    shelf.put("sleep.md", "Something else.")
    report = shelf.ingest(approve=refuse)

    assert asked == [("sleep",)]
    assert (report.held_back, report.published, report.generation) == (True, False, first.generation)
    assert report.exit_code == 1
    assert "Something else" not in shelf.text()


def test_a_first_generation_asks_nobody(shelf: Shelf) -> None:
    assert shelf.ingest(approve=lambda _: False).published


def test_an_ingest_that_would_leave_nothing_publishes_nothing(shelf: Shelf) -> None:
    first = shelf.ingest()

    report = ingest(shelf.data, [], shelf.words.model, keep_others=False)

    assert (report.removed, report.held_back) == (("fostering", "sleep"), True)
    assert report.generation == first.generation
    assert "baby" in shelf.text()


def test_files_of_which_none_can_be_read_publish_nothing(shelf: Shelf) -> None:
    for file in shelf.files.iterdir():
        file.write_bytes(b"")

    report = shelf.ingest()

    assert (report.published, report.exit_code, len(report.unread)) == (False, 1, 2)


def test_another_model_indexes_the_same_editions_anew(shelf: Shelf) -> None:
    first = shelf.ingest()

    shelf.words.name = "words@2"
    report = shelf.ingest()

    assert (report.reindexed, report.published) == (True, True)
    assert (report.unchanged, report.embedded) == (("fostering", "sleep"), first.embedded)
    with Database(shelf.data) as database:
        assert database.generation(report.generation or "").embedder == "words@2"


def test_a_missing_index_is_made_anew_from_the_stored_vectors(shelf: Shelf) -> None:
    shelf.ingest()
    with Database(shelf.data) as database, Index(shelf.data, write=True) as index:
        index.delete(database.generation(database.published_id() or "").collection)

    report = shelf.ingest()

    assert (report.reindexed, report.embedded) == (True, 0)
    assert shelf.indexed() == shelf.listed()


def test_a_rebuild_answers_as_before_and_embeds_nothing(shelf: Shelf) -> None:
    shelf.ingest()
    before = shelf.indexed()
    (shelf.data / "chroma" / "chroma.sqlite3").write_bytes(b"not a database at all" * 100)

    report = shelf.rebuild()

    assert (report.reindexed, report.embedded, report.unchanged) == (True, 0, ("fostering", "sleep"))
    assert shelf.indexed() == before
    assert shelf.ingest() == Report(unchanged=("fostering", "sleep"), generation=report.generation)


def test_nothing_can_be_rebuilt_before_anything_is_published(shelf: Shelf) -> None:
    with pytest.raises(StoreMissing):
        shelf.rebuild()


def test_the_last_generations_keep_their_index_and_every_one_its_editions(shelf: Shelf) -> None:
    for number in range(Settings.keep_generations + 2):
        shelf.put("sleep.md", f"Put the baby on the back to sleep, {number}.")
        shelf.ingest()

    with Database(shelf.data) as database, Index(shelf.data) as index:
        generations = database.generations()
        kept = {generation.collection for generation in generations[: Settings.keep_generations]}
        assert set(index.collections()) == kept
        assert len(generations) == Settings.keep_generations + 2
        assert all(len(database.editions(generation.id)) >= 2 for generation in generations)


def test_a_file_read_by_newer_code_to_the_same_end_is_unchanged(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    first = shelf.ingest()

    monkeypatch.setattr("ingest.reading.reader", lambda: "another reader")
    report = shelf.ingest()

    assert report == Report(unchanged=("fostering", "sleep"), generation=first.generation)


def test_a_file_without_a_date_that_was_only_saved_again_is_no_new_edition(shelf: Shelf) -> None:
    shelf.ingest()
    before = len(shelf.editions())

    shelf.put("sleep.md", (shelf.files / "sleep.md").read_text() + "\n\n")
    report = shelf.ingest()

    assert (report.updated, report.embedded) == (("sleep",), 0)
    assert len(shelf.editions()) == before


def test_a_file_that_vanishes_meanwhile_is_one_line_and_keeps_its_passages(shelf: Shelf) -> None:
    shelf.ingest()

    def vanish(step: Step) -> None:
        if step.stage is Stage.READ:
            (shelf.files / "sleep.md").unlink(missing_ok=True)

    shelf.tell = vanish
    report = shelf.ingest()

    unread = Unread("sleep.md", "the file is not there", "Check that it is there and may be read.")
    assert report.unread == (unread,)
    assert report.unchanged == ("fostering", "sleep")


def test_dates_that_contradict_the_file_are_one_line(shelf: Shelf) -> None:
    path = shelf.put("dated.md", "---\nin_force_from: 2014-01-01\ndate: 2014-01-01\n---\n\nText of the day.\n")
    source = replace(from_paths([path], Given(kind=Kind.PROCEDURE))[0], in_force_until=date(2013, 1, 1))
    late = replace(source, in_force_from=None)

    report = ingest(shelf.data, [late], shelf.words.model, keep_others=False)

    assert [row.next_step for row in report.unread] == ["Give its dates, or correct them."]


def test_each_stage_is_told_in_order(shelf: Shelf) -> None:
    told: list[Step] = []
    shelf.tell = told.append

    shelf.ingest()

    stages = list(dict.fromkeys(step.stage for step in told))
    assert stages == [stage for stage in Stage if stage is not Stage.TRY]
    assert all(0 <= step.done <= step.total for step in told)


def test_equal_texts_are_embedded_once(shelf: Shelf) -> None:
    shelf.put("copy.md", "# Private fostering\n\n## Visits\n\nThe child is seen alone.\n")
    shelf.put("copy2.md", "# Private fostering\n\n## Visits\n\nThe child is seen alone.\n")

    shelf.ingest()

    assert len(shelf.words.embedded) == len(set(shelf.words.embedded))
