"""Killed at any moment, out of disk or with broken stores: what was published answers, or a line says what to do."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.progress import Stage
from ingest.run import Report
from kb.database import Database
from kb.index import Index
from tests.ingest import kills

if TYPE_CHECKING:
    from tests.conftest import Shelf

CHILD = Path(__file__).parent / "child.py"
BACK = "Put the baby on the back to sleep."
SIDE = "Put the baby down in the mother's bed."
STAGES = [f"{Stage.READ}:1", f"{Stage.READ}:3", f"{Stage.EMBED}:1", f"{Stage.INDEX}:1", f"{Stage.PUBLISH}:1"]


def child(shelf: Shelf, *fault: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CHILD), "ingest", str(shelf.data), str(shelf.files), *fault]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def write_next_edition(shelf: Shelf) -> None:
    shelf.put("sleep.md", f"# Safer sleep\n\n{SIDE}\n")
    shelf.put("new.md", "A new document of another kind.")


def check_whole(shelf: Shelf) -> None:
    """What is published, SQLite and Chroma agree, and nothing half made is left: a whole draft is kept."""
    assert shelf.indexed() == shelf.listed()
    with Database(shelf.data) as database, Index(shelf.data) as index:
        generations = database.generations()
        assert all(generation.published_at or generation.prepared_at for generation in generations)
        stand = database.generation(database.published_id() or "").collection
        # Earlier generations beyond the number that is kept have no index any more.
        assert {stand} <= set(index.collections()) <= {generation.collection for generation in generations}
    assert shelf.desk().verify_log().faults == ()


@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_any_stage_the_published_generation_answers_and_the_next_run_repairs(
    shelf: Shelf, stage: str
) -> None:
    first = shelf.ingest()
    before = shelf.text()
    write_next_edition(shelf)

    killed = child(shelf, "kill", stage)

    assert killed.returncode == -signal.SIGKILL
    with Database(shelf.data) as database:
        assert database.published_id() == first.generation
    assert shelf.text() == before
    assert shelf.nearest("baby on the back") == shelf_text_with(shelf, BACK)
    report = shelf.ingest()
    assert (report.added, report.updated, report.unchanged) == (("new",), ("sleep",), ("fostering",))
    assert SIDE in shelf.text()
    assert BACK not in shelf.text()
    check_whole(shelf)


def shelf_text_with(shelf: Shelf, words: str) -> str:
    return next(passage.text for passage in shelf.passages() if words in passage.text)


def test_killed_right_after_the_switch_the_new_generation_answers(shelf: Shelf) -> None:
    first = shelf.ingest()
    write_next_edition(shelf)

    killed = child(shelf, "kill", f"{Stage.PUBLISH}:2")

    assert killed.returncode == -signal.SIGKILL
    assert SIDE in shelf.text()
    again = shelf.ingest()
    assert again == Report(unchanged=("fostering", "new", "sleep"), generation=again.generation)
    assert again.generation != first.generation
    check_whole(shelf)


def act(shelf: Shelf, verb: str, argument: str, fault: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CHILD), "act", str(shelf.data), verb, argument, fault]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(("step", "happened"), [(f"{Stage.PUBLISH}:1", False), (f"{Stage.PUBLISH}:2", True)])
@pytest.mark.parametrize("verb", ["publish", "rollback", "withdraw", "reinstate"])
def test_killed_while_publishing_or_taking_back_it_has_happened_wholly_or_not_at_all(
    shelf: Shelf, verb: str, step: str, happened: bool
) -> None:
    first = shelf.ingest().generation or ""
    shelf.put("sleep.md", f"# Safer sleep\n\n{SIDE}\n")
    if verb == "reinstate":
        shelf.desk().withdraw("sleep", "A trial.")
    argument = {"publish": shelf.prepare().draft or "", "rollback": first}.get(verb, "sleep")
    if verb == "rollback":
        shelf.ingest()
    before, rows = shelf.text(), len(shelf.desk().log())

    killed = act(shelf, verb, argument, step)

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (shelf.text() != before) is happened
    assert len(shelf.desk().log()) == rows + happened
    assert shelf.desk().verify_log().faults == ()
    if not happened:
        assert act(shelf, verb, argument).returncode == 0
        assert shelf.text() != before
    assert shelf.indexed() == shelf.listed()


def test_killed_while_an_index_is_made_anew_to_go_back_the_next_try_succeeds(shelf: Shelf) -> None:
    first = shelf.ingest().generation or ""
    before = shelf.text()
    shelf.put("sleep.md", f"# Safer sleep\n\n{SIDE}\n")
    shelf.ingest()
    with Database(shelf.data) as database, Index(shelf.data, write=True) as index:
        index.delete(database.generation(first).collection)

    assert act(shelf, "rollback", first, f"{Stage.INDEX}:1").returncode == -signal.SIGKILL
    assert SIDE in shelf.text()
    assert act(shelf, "rollback", first).returncode == 0

    assert shelf.text() == before
    check_whole(shelf)


def test_killed_at_random_moments_with_a_reader_asking_no_answer_fails_or_mixes_generations(shelf: Shelf) -> None:
    outcomes, answers, said = kills.run(shelf, 10, seed=3)

    assert sum(count for name, count in outcomes.items() if name.endswith("killed")) == 10
    assert said == ""
    assert answers
    assert kills.faults(shelf, answers) == []


def test_of_two_publishers_at_once_one_wins_and_the_other_is_told(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("sleep.md", f"# Safer sleep\n\n{SIDE}\n")
    first = shelf.prepare().draft or ""
    shelf.put("new.md", "A new document of another kind.")
    second = shelf.prepare().draft or ""
    commands = [[sys.executable, str(CHILD), "act", str(shelf.data), "publish", id_] for id_ in (first, second)]

    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands]
    said = [process.communicate(timeout=60)[1] for process in started]

    codes = [process.returncode for process in started]
    assert sorted(codes)[0] == 0
    assert sorted(codes)[1] in (1, 3), said
    winner, loser = (0, 1) if codes[0] == 0 else (1, 0)
    assert "something else is published by now" in said[loser] or "another ingest is writing here" in said[loser]
    with Database(shelf.data) as database:
        assert database.published_id() == (first, second)[winner]


def test_killed_at_the_very_first_ingest_the_next_one_starts_clean(shelf: Shelf) -> None:
    for stage in (f"{Stage.READ}:1", f"{Stage.EMBED}:1", f"{Stage.INDEX}:1", f"{Stage.PUBLISH}:1"):
        assert child(shelf, "kill", stage).returncode == -signal.SIGKILL

    assert shelf.ingest().added == ("fostering", "sleep")
    check_whole(shelf)


def test_killed_at_random_moments_an_old_or_a_new_generation_answers_whole(shelf: Shelf) -> None:
    shelf.ingest()
    chance = random.Random(7)

    for number in range(6):
        shelf.put("sleep.md", f"# Safer sleep\n\nPut the baby on the back to sleep, edition {number}.\n")
        before = shelf.text()
        command = [sys.executable, str(CHILD), "ingest", str(shelf.data), str(shelf.files)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(chance.uniform(0.6, 1.8))
            process.kill()

        after = shelf.text()
        assert after == before or f"edition {number}" in after
        assert shelf.indexed() == shelf.listed()

    shelf.ingest()
    assert "edition 5" in shelf.text()
    check_whole(shelf)


@pytest.fixture
def small_disk(shelf: Shelf) -> Iterator[Shelf]:
    """The shelf's data on a disk of its own of 32 MB where this user may mount one."""
    disk = shelf.folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)]
    try:
        is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        is_mounted = False
    (shelf.folder / "data").symlink_to(disk / "data", target_is_directory=True)
    (disk / "data").mkdir()
    yield shelf
    if is_mounted:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("stage", [Stage.READ, Stage.EMBED, "approval"])
def test_a_full_disk_is_one_line_and_loses_nothing(small_disk: Shelf, stage: str) -> None:
    shelf = small_disk
    first = shelf.ingest()
    before = shelf.text()
    write_next_edition(shelf)
    shelf.put("large.md", "\n\n".join(f"Paragraph {n} of a long text on visits to children." for n in range(3000)))

    data = (shelf.data).resolve()
    command = [sys.executable, str(CHILD), "ingest", str(data), str(shelf.files), "fill", str(stage)]
    full = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert full.returncode == 3, full.stderr
    (line,) = [line for line in full.stderr.splitlines() if "SIGXFSZ" not in line]
    assert line.startswith(f"error: {data}")
    assert "disk" in line
    (data.parent / "filler").unlink()
    with Database(shelf.data) as database:
        assert database.published_id() == first.generation
    assert shelf.text() == before
    assert shelf.indexed() == shelf.listed()
    assert shelf.ingest().added == ("large", "new")
    check_whole(shelf)


def test_a_broken_sqlite_file_is_one_line(shelf: Shelf) -> None:
    shelf.ingest()
    (shelf.data / "kb.sqlite").write_bytes(b"no database" * 1000)

    result = child(shelf)

    assert result.returncode == 3
    assert len(result.stderr.splitlines()) == 1
    assert "SQLite says" in result.stderr
    assert "from a backup" in result.stderr


def test_pages_of_sqlite_lost_in_the_middle_are_one_line(shelf: Shelf) -> None:
    shelf.ingest()
    path = shelf.data / "kb.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)

    result = child(shelf)

    assert result.returncode == 3
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("damage", ["garbage", "graph"])
def test_a_broken_chroma_folder_names_the_command_that_mends_it(shelf: Shelf, damage: str) -> None:
    shelf.ingest()
    before = shelf.indexed()
    damaged = "chroma.sqlite3" if damage == "garbage" else "*/*.pickle"
    for file in (shelf.data / "chroma").glob(damaged):
        file.write_bytes(b"\xff" * 5000)

    read = subprocess.run(
        [sys.executable, str(CHILD), "read", str(shelf.data)],
        input="baby\n",
        capture_output=True,
        text=True,
        timeout=60,
    )

    if damage == "garbage" or read.returncode:
        assert read.returncode == 3
        assert read.stderr.startswith("error: ")
        assert "python -m ingest rebuild" in read.stderr
        assert len(read.stderr.splitlines()) == 1
    shelf.rebuild()
    assert shelf.indexed() == before
