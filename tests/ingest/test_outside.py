"""The list of what rests on a superseded outside document, as the business unit sees it."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import PROJECT, Shelf

EVENTS = """
[[event]]
id = "rules-2026"
title = "Rules 2026"
happened = "was published"
on = 2026-03-18
when = "in spring 2026"
supersedes = "Rules 2023"
names = ["Rules 2023"]
source = "a notice"

[[event]]
id = "rules-2099"
title = "Rules 2099"
happened = "was published"
on = 2099-01-01
supersedes = "Rules 2026"
names = ["Rules 2026"]
source = "a notice"
"""


def status(shelf: Shelf) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ingest", "status", "--data", str(shelf.data), "--corpus", str(shelf.corpus)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_the_status_lists_what_rests_on_a_superseded_document_and_nothing_else(shelf: Shelf) -> None:
    shelf.put("notes.md", "# Notes\n\n## One\n\nAs Rules 2023 say.\n\n## Two\n\nAs Rules 2026 say.\n")
    shelf.ingest()
    shelf.corpus.mkdir()
    (shelf.corpus / "events.toml").write_text(EVENTS, encoding="utf-8")

    told = [line for line in status(shelf).stdout.splitlines() if "outside event" in line]

    assert told == ["  outside event   Rules 2026, in spring 2026: 1 passage to check, in notes"]


def test_a_list_of_events_that_cannot_be_read_is_said_after_the_status(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.corpus.mkdir()
    (shelf.corpus / "events.toml").write_text("[[event", encoding="utf-8")

    done = status(shelf)

    assert done.stdout.startswith("generation ")
    assert done.stderr.startswith("error: events.toml: cannot be read")
    assert done.returncode == 3
