"""What is added by itself beside what a manifest has: neither takes the other away."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Shelf

BACK = "Put the baby on the back to sleep."
COT = "Put the baby to sleep in a cot of its own."


def quoted(shelf: Shelf) -> str:
    return " ".join(each.citation.quote for each in shelf.answer("where to put the baby to sleep").statements)


def test_a_correction_added_by_itself_stays_until_the_manifest_s_own_file_changes(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("upload/sleep.md", f"# Safer sleep\n\n{COT}\n")
    shelf.add(shelf.files / "upload" / "sleep.md")
    shutil.rmtree(shelf.files / "upload")
    assert COT in quoted(shelf)

    again = shelf.ingest()
    assert (again.changes, again.beside) == (False, ("sleep",))
    assert COT in quoted(shelf)

    shelf.put("sleep.md", f"# Safer sleep\n\n{BACK} Never on the sofa.\n")
    assert shelf.ingest().updated == ("sleep",)
    assert COT not in quoted(shelf)


def test_a_document_added_by_itself_stays_whatever_the_manifest_has(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("other/moon.md", "# The moon\n\nThe moon is made of green cheese.\n")
    shelf.add(shelf.files / "other" / "moon.md")
    shutil.rmtree(shelf.files / "other")
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")

    report = shelf.ingest()

    assert (report.removed, report.beside) == ((), ("moon",))
    assert "green cheese" in shelf.answer("what is the moon made of").statements[0].citation.quote
