"""The log shows whatever was done to it, as far as the store can tell."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.log import Action, append, verify
from kb.database import NAME, Database

ROWS = 6
UNGUARDED = "DROP TRIGGER log_keeps; DROP TRIGGER log_stays;"
GUARDS = """
    CREATE TRIGGER log_keeps BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
    CREATE TRIGGER log_stays BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
"""


def fill(folder: Path) -> None:
    with Database(folder, write=True) as database:
        for number in range(ROWS):
            with database.transaction() as connection:
                append(connection, "Ada", Action.CLEANUP, {"number": number, "reason": "Größe – “x”"})


def faults(folder: Path) -> tuple[str, ...]:
    with Database(folder) as database:
        return verify(database).faults


def tamper(folder: Path, statement: str, *values: object) -> None:
    """Changes the log as somebody would who may write the file, and puts the guards back."""
    with sqlite3.connect(folder / NAME) as connection:
        connection.executescript(UNGUARDED)
        connection.execute(statement, values)
        connection.executescript(GUARDS)


def test_a_log_that_nobody_touched_is_whole(tmp_path: Path) -> None:
    fill(tmp_path)

    with Database(tmp_path) as database:
        found = verify(database)

    assert (found.rows, found.faults) == (ROWS, ())
    assert len(found.last_hash) == 64


@pytest.mark.parametrize("column", ["at", "who", "action", "details", "previous", "hash"])
def test_an_altered_row_is_named(tmp_path: Path, column: str) -> None:
    fill(tmp_path)

    tamper(tmp_path, f"UPDATE log SET {column} = 'other' WHERE seq = 3")

    found = faults(tmp_path)
    assert found
    assert any(fault.startswith(("row 3: altered", "row 4: does not follow")) for fault in found)


def test_a_removed_row_is_named(tmp_path: Path) -> None:
    fill(tmp_path)

    tamper(tmp_path, "DELETE FROM log WHERE seq = 3")

    assert faults(tmp_path) == ("row 3: removed",)


@pytest.mark.parametrize("last", [1, 3, ROWS - 1])
def test_rows_cut_off_at_the_end_are_noticed_and_stay_noticed(tmp_path: Path, last: int) -> None:
    fill(tmp_path)

    tamper(tmp_path, "DELETE FROM log WHERE seq > ?", last)
    cut = faults(tmp_path)
    with Database(tmp_path, write=True) as database, database.transaction() as connection:
        append(connection, "Ada", Action.CLEANUP, {})

    assert len(cut) == 1
    assert "cut off" in cut[0]
    assert any("removed" in fault for fault in faults(tmp_path))


def test_an_inserted_row_is_noticed(tmp_path: Path) -> None:
    fill(tmp_path)

    tamper(tmp_path, "INSERT INTO log SELECT 7, at, 'Mallory', action, details, hash, 'x' FROM log WHERE seq = 6")

    assert faults(tmp_path)


def test_rows_in_another_order_are_noticed(tmp_path: Path) -> None:
    fill(tmp_path)

    tamper(tmp_path, "UPDATE log SET seq = CASE seq WHEN 2 THEN 30 ELSE seq END")

    assert faults(tmp_path)


def test_a_publication_that_no_row_tells_of_is_noticed(tmp_path: Path) -> None:
    fill(tmp_path)
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("INSERT INTO generations VALUES ('g', '', '', NULL, '', NULL, '', 1, '', '')")
        connection.execute("INSERT INTO publications VALUES (1, 'g', '2026', '2026')")

    assert faults(tmp_path) == ("publication 1 of g: the log does not tell of it",)


def test_missing_guards_are_noticed(tmp_path: Path) -> None:
    fill(tmp_path)
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.executescript(UNGUARDED)

    assert faults(tmp_path) == tuple(
        f"{name}: this guard against changes was removed" for name in ("log_keeps", "log_stays")
    )


@settings(max_examples=40, deadline=None)
@given(
    row=st.integers(1, ROWS),
    column=st.sampled_from(["at", "who", "action", "details", "previous", "hash"]),
    value=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
)
def test_any_change_of_any_row_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, row: int, column: str, value: str
) -> None:
    folder = tmp_path_factory.mktemp("log")
    fill(folder)
    with Database(folder) as database:
        old = database.select(f"SELECT {column} FROM log WHERE seq = ?", row)[0][0]

    tamper(folder, f"UPDATE log SET {column} = ? WHERE seq = ?", value, row)

    assert bool(faults(folder)) == (old != value)
