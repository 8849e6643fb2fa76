"""Opening a store: what is there, what is not, and what cannot be read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kb.database import NAME, SCHEMA_VERSION, Database, published_id
from kb.errors import KnowledgeBaseError, StoreBusy, StoreDamaged, StoreMissing


def version_of(folder: Path) -> int:
    with sqlite3.connect(folder / NAME) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_a_folder_without_a_store_is_missing_one_and_gets_none_by_reading(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="there is no knowledge base here"):
        Database(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_new_store_has_its_version_and_nothing_published(tmp_path: Path) -> None:
    with Database(tmp_path, write=True) as database:
        assert database.published_id() is None
        assert database.generations() == []

    assert version_of(tmp_path) == SCHEMA_VERSION
    with pytest.raises(StoreMissing, match="nothing is published yet"):
        published_id(tmp_path)


def test_a_store_that_a_killed_process_had_only_begun_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()

    with pytest.raises(StoreMissing, match="nothing is published yet"):
        Database(tmp_path)
    with Database(tmp_path, write=True) as database:
        assert database.published_id() is None


@pytest.mark.parametrize("version", [0, 1, SCHEMA_VERSION + 1])
@pytest.mark.parametrize("write", [True, False])
def test_another_layout_is_refused_and_left_as_it_is(tmp_path: Path, version: int, write: bool) -> None:
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("CREATE TABLE other (column)")
        connection.execute(f"PRAGMA user_version = {version}")

    with pytest.raises(StoreDamaged, match=f"its layout is version {version}, this program reads version") as error:
        Database(tmp_path, write=write)

    assert "ingest anew into another folder" in str(error.value)
    with sqlite3.connect(tmp_path / NAME) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("other",)]


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"something else entirely" * 100)

    with pytest.raises(StoreDamaged, match="SQLite says: file is not a database"):
        Database(tmp_path)


def test_damage_found_while_reading_is_said_as_such(tmp_path: Path) -> None:
    with Database(tmp_path, write=True) as database, database.transaction() as connection:
        connection.executemany("INSERT INTO unread VALUES (?, ?, '')", ((str(n), "fact" * 50) for n in range(500)))
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray((tmp_path / NAME).read_bytes())
    content[-80_000:] = b"\xff" * 80_000
    (tmp_path / NAME).write_bytes(content)

    with Database(tmp_path) as database, pytest.raises(StoreDamaged, match="SQLite says"):
        database.unread()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with Database(tmp_path, write=True):
        pass

    with Database(tmp_path) as database, pytest.raises(KnowledgeBaseError), database.transaction() as connection:
        connection.execute("INSERT INTO unread VALUES ('a', 'b', 'c')")


def test_readers_read_on_while_a_transaction_is_open(tmp_path: Path) -> None:
    with Database(tmp_path, write=True) as writer, writer.transaction() as connection:
        connection.execute("INSERT INTO unread VALUES ('a', 'b', 'c')")

        with Database(tmp_path) as reader:
            assert reader.unread() == []


def test_a_store_locked_by_another_program_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr("sqlite3.connect", lambda path, timeout, **rest: connect(path, timeout=0.05, **rest))
    with (
        Database(tmp_path, write=True) as first,
        first.transaction(),
        Database(tmp_path, write=True) as second,
        pytest.raises(StoreBusy, match="another program is writing"),
        second.transaction(),
    ):
        pass


@pytest.mark.parametrize("ask", ["edition", "edition_text", "elements", "original", "unread_pages", "generation"])
def test_what_is_not_there_is_a_key_error(tmp_path: Path, ask: str) -> None:
    with Database(tmp_path, write=True) as database, pytest.raises(KeyError):
        getattr(database, ask)("none")
