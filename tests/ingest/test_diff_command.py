"""python -m ingest diff, run as a person runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT, Shelf


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ingest", "diff", *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name != "KB_DATA"}
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)


def renewed(shelf: Shelf) -> None:
    """A second edition of the file on visits."""
    path = shelf.files / "fostering.md"
    shelf.put("fostering.md", path.read_text(encoding="utf-8").replace("within one week", "within two weeks"))


def test_two_files_are_compared_also_of_different_formats(tmp_path: Path) -> None:
    old, new = tmp_path / "old.md", tmp_path / "new.txt"
    old.write_text("# Visits\n\nThe nurse must write within 10 days. It is short.\n", encoding="utf-8")
    new.write_text("Visits\n\nThe nurse must write within\n5 days. It is short.\n", encoding="utf-8")

    done = run(old, new)

    assert (done.returncode, done.stderr) == (0, "")
    assert "! Timescale changed from 10 to 5 days" in done.stdout
    assert "within [-10-] {+5+} days" in done.stdout
    assert "\x1b" not in done.stdout


def test_the_two_newest_editions_that_are_kept_are_compared_without_naming_files(shelf: Shelf) -> None:
    shelf.ingest()
    renewed(shelf)
    shelf.ingest()

    done = run("fostering", "--data", shelf.data, "--json")

    told = json.loads(done.stdout)["documents"][0]
    assert [(each["old"], each["new"]) for each in told["sections"][0]["material"]] == [("one week", "two weeks")]


def test_what_is_kept_can_be_compared_with_a_file(shelf: Shelf) -> None:
    shelf.ingest()
    renewed(shelf)

    done = run("fostering", shelf.files / "fostering.md", "--data", shelf.data, "--note")

    assert done.stdout.startswith("# Amendments: Private fostering\n")
    assert "- Timescale changed from one week to two weeks, section “Visits”." in done.stdout


def test_the_html_is_written_where_it_is_asked_for(shelf: Shelf, tmp_path: Path) -> None:
    old = shelf.put("old.md", (shelf.files / "fostering.md").read_text(encoding="utf-8"))
    renewed(shelf)

    done = run(old, shelf.files / "fostering.md", "--html", tmp_path / "diff.html")

    assert done.stdout == f"written: {tmp_path / 'diff.html'}\n"
    assert "<del>one week</del>" in (tmp_path / "diff.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("nothing_kept", [True, False])
def test_what_cannot_be_compared_is_one_line_that_says_what_to_do(shelf: Shelf, nothing_kept: bool) -> None:
    if not nothing_kept:
        shelf.ingest()
    bad: list[list[str | Path]] = [["nobody"], [shelf.files / "sleep.md"], ["a", "b", "c"], ["sleep"]]

    done = [run(*arguments, "--data", shelf.data) for arguments in bad]

    assert [each.returncode for each in done] == [2] * len(bad)
    assert all(each.stderr.startswith("error: ") and len(each.stderr.splitlines()) == 1 for each in done)


def test_a_file_that_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.pdf"
    good.write_text("# Visits\n\nIt is short.\n", encoding="utf-8")
    bad.write_bytes(b"%PDF-1.4 nothing")

    read, written = run(good, bad), run(good, good, "--html", tmp_path / "no" / "such" / "folder.html")

    assert (read.returncode, written.returncode) == (1, 1)
    assert "error: bad.pdf: " in read.stderr
    assert "it cannot be written" in written.stderr


def test_a_draft_is_compared_with_what_it_is_to_replace(shelf: Shelf) -> None:
    shelf.ingest()
    renewed(shelf)
    shelf.put("cots.md", "# Cots\n\nA cot must be clear.\n")
    draft = shelf.prepare().draft

    done = run(str(draft), "--data", shelf.data)

    assert done.returncode == 0, done.stderr
    assert "! Timescale changed from one week to two weeks" in done.stdout
    assert "Cots: new document" in done.stdout
    assert "Safer sleep" not in done.stdout


def test_a_trial_of_an_ingest_shows_how_the_editions_differ(shelf: Shelf) -> None:
    data = ("--data", str(shelf.data), "--corpus", str(shelf.corpus))
    command = [sys.executable, "-m", "ingest", "add", str(shelf.files), *data]
    first = subprocess.run([*command, "--yes"], cwd=PROJECT, capture_output=True, text=True, check=False)
    renewed(shelf)

    done = subprocess.run([*command, "--dry-run"], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert first.returncode == 0, first.stderr
    assert "REWORDED  section “Visits”" in done.stdout
    assert "within [-one week-] {+two weeks+}" in done.stdout
    assert "a trial: nothing was changed" in done.stdout
