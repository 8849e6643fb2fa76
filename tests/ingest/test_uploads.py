"""Files that a browser sends: names, guesses, what becomes of each, and what is left on disk."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import uploads
from ingest.added import Added, Became, add, doing, stages
from ingest.effects import current_editions
from ingest.progress import Stage, Step
from ingest.uploads import FOLDER, Facts, Upload, guess, is_passed_over, laid_out, safe_name
from kb.errors import WrongUse

if TYPE_CHECKING:
    from tests.conftest import Shelf

NEW_SLEEP = "# Safer sleep\n\nPut the baby to sleep in a cot of its own.\n"


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\Visits.docx", "Visits.docx"),
        ("..", "document"),
        ("a\u202etxt.exe.pdf", "a txt.exe.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ('we<b>"?*|ird:.md', "we-b-ird-.md"),
        ("  .hidden.md", "hidden.md"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("Zo\u0308e's  visits.pdf", "Zöe's visits.pdf"),
    ],
)
def test_a_name_is_made_safe_and_keeps_its_ending(given_: str, kept: str) -> None:
    assert safe_name(given_) == kept


@given(st.text(max_size=200))
def test_no_name_leads_out_of_its_folder_or_is_hidden(name: str) -> None:
    kept = safe_name(name)

    assert kept == Path(kept).name
    assert 0 < len(kept) <= 133
    assert not kept.startswith(".")
    assert kept.isprintable()
    assert safe_name(kept) == kept


@pytest.mark.parametrize("name", [".DS_Store", "a/.git/x.md", "~$visits.docx", "Thumbs.db", "photo.png", "no ending"])
def test_what_is_no_document_of_a_folder_is_passed_over(name: str) -> None:
    assert is_passed_over(name)
    assert not is_passed_over("a/b/Visits.PDF")


def test_a_files_document_is_guessed_by_its_name_and_no_other_is(shelf: Shelf) -> None:
    shelf.ingest()
    editions = current_editions(shelf.desk())

    found = [guess(name, editions) for name in ("sleep.md", "Private Fostering (2027) v2.pdf", "Kites.pdf", "2027.pdf")]

    assert found == ["sleep", "fostering", "", ""]


def said(added: Added) -> list[tuple[str, Became]]:
    return [(file.name, file.became) for file in added.files]


def test_each_file_is_told_as_what_it_is(shelf: Shelf) -> None:
    shelf.ingest()
    sleep = (shelf.files / "sleep.md").read_bytes()

    added = add(
        shelf.desk(),
        [
            Upload("sleep.md", sleep, Facts("sleep")),
            Upload("fostering.md", NEW_SLEEP.encode(), Facts("fostering", in_force_from=date(2020, 1, 1))),
            Upload("kites.txt", b"Kites\n\nA kite is flown by day.", Facts(title="Kites", label="2026")),
            Upload("broken.pdf", b"%PDF-1.4 nothing", Facts()),
            Upload("photo.pdf", b"\x89PNG\r\n", Facts()),
        ],
    )

    assert said(added) == [
        ("sleep.md", Became.UNCHANGED),
        ("fostering.md", Became.EDITION),
        ("kites.txt", Became.NEW),
        ("broken.pdf", Became.UNREAD),
        ("photo.pdf", Became.UNREAD),
    ]
    assert "“Private fostering”" in added.files[1].told
    assert "in force from 1 January 2020" in added.files[1].told
    assert "“Kites”, 2026" in added.files[2].told
    assert "is a picture" in added.files[4].told
    assert added.draft
    assert (added.report.added, added.report.updated) == (("kites",), ("fostering",))


def test_the_same_day_in_force_is_told_as_a_correction(shelf: Shelf) -> None:
    shelf.ingest()
    day = Facts("sleep", in_force_from=date(2024, 1, 1))
    first = add(shelf.desk(), [Upload("sleep.md", NEW_SLEEP.encode(), day)])
    shelf.desk().publish(first.draft or "")

    again = add(shelf.desk(), [Upload("sleep.md", NEW_SLEEP.replace("cot", "bed").encode(), day)])

    assert said(again) == [("sleep.md", Became.CORRECTION)]


def test_an_edition_that_begins_before_the_published_one_is_told_to_be_superseded(shelf: Shelf) -> None:
    shelf.ingest()
    later, sooner = (Facts("sleep", in_force_from=date(year, 1, 1)) for year in (2024, 2023))
    shelf.desk().publish(add(shelf.desk(), [Upload("sleep.md", NEW_SLEEP.encode(), later)]).draft or "")

    old = add(shelf.desk(), [Upload("sleep.md", NEW_SLEEP.replace("cot", "bed").encode(), sooner)])

    assert "in force since 1 January 2024, so that this one is superseded" in old.files[0].told


def test_an_edition_that_begins_later_says_what_is_quoted_until_then(shelf: Shelf) -> None:
    shelf.ingest()

    added = add(shelf.desk(), [Upload("sleep.md", NEW_SLEEP.encode(), Facts("sleep", in_force_from=date(2999, 1, 1)))])

    assert "Until then the earlier one is quoted." in added.files[0].told


def test_files_that_change_nothing_make_no_draft(shelf: Shelf) -> None:
    shelf.ingest()

    added = add(shelf.desk(), [Upload("sleep.md", (shelf.files / "sleep.md").read_bytes(), Facts("sleep"))])

    assert added.draft is None
    assert shelf.desk().standing().drafts == ()


def test_the_first_files_of_an_empty_knowledge_base_make_a_draft(shelf: Shelf) -> None:
    added = add(shelf.desk(), [Upload("sleep.md", NEW_SLEEP.encode(), Facts())])

    assert said(added) == [("sleep.md", Became.NEW)]
    shelf.desk().publish(added.draft or "")
    assert "cot of its own" in shelf.text()


def test_two_new_files_of_one_name_are_two_documents(shelf: Shelf) -> None:
    one, other = (Upload("a/visits.md", f"# V\n\nRule {number}.\n".encode()) for number in "12")

    added = add(shelf.desk(), [one, other])

    assert added.report.added == ("visits", "visits-2")
    assert [file.name for file in added.files] == ["visits.md", "visits.md (2)"]


def test_nothing_of_the_files_is_left_beside_the_archive_and_what_was_left_goes_after_an_hour(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = shelf.data / FOLDER / "left"
    left.mkdir(parents=True)
    with laid_out(shelf.data, [Upload("x.md", b"x")], []) as sources:
        path = sources[0].path
        assert path.read_bytes() == b"x"
        assert path.is_relative_to(shelf.data / FOLDER)

    assert list((shelf.data / FOLDER).iterdir()) == [left]
    monkeypatch.setattr(uploads, "_LEFT_OVER", -1.0)
    with laid_out(shelf.data, [], []):
        pass
    assert list((shelf.data / FOLDER).iterdir()) == []


@pytest.fixture
def many() -> list[Upload]:
    return [Upload(f"{number}.md", b"x") for number in range(uploads.MOST_FILES + 1)]


def test_nothing_and_too_much_are_refused_before_anything_is_read(shelf: Shelf, many: list[Upload]) -> None:
    with pytest.raises(WrongUse, match="none was chosen"):
        add(shelf.desk(), [])
    with pytest.raises(WrongUse, match="301 files"):
        add(shelf.desk(), many)

    assert not shelf.data.exists()


def test_progress_is_told_by_stage_document_and_page() -> None:
    told = [
        doing(step)
        for step in (
            None,
            Step(Stage.READ, 1, 3, "documents", "visits.pdf"),
            Step(Stage.READ, 3, 12, "pages", "visits.pdf"),
            Step(Stage.TRY, 40, 469, "golden questions"),
        )
    ]

    assert told == [
        "Starting",
        "Reading visits.pdf: document 1 of 3",
        "Reading visits.pdf: page 3 of 12",
        "Asking the golden questions: 40 of 469",
    ]
    assert [(over, now) for _, over, now in stages(Step(Stage.EMBED, 1, 2, "texts"))] == [
        (True, False),
        (False, True),
        (False, False),
        (False, False),
    ]
