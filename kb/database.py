"""SQLite: editions with their text and file, generations, vectors, and which generation is published."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from kb.documents import (
    Authority,
    Document,
    Edition,
    Element,
    ElementKind,
    Kind,
    Passage,
    Slice,
    Unit,
    Withdrawal,
)
from kb.entries import Entry
from kb.errors import KnowledgeBaseError, StoreBusy, StoreDamaged, StoreMissing

NAME = "kb.sqlite"
SCHEMA_VERSION = 2
"""Raised with each change of schema.sql that an older program could not read."""

_SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
_EDITION = """id, document, title, kind, publisher, authority, audience, url, owner, label, file, sha256,
    in_force_from, in_force_until, review_by, historical, confirmed, sources, page_labels, withdrawn_on,
    withdrawn_reason, replaced_by"""
_RESTORE = "Put back the data folder from a backup, or ingest anew into another folder."
_WAIT = "Wait until the other program is done, then run this again."


@dataclass(frozen=True)
class Generation:
    """One state of the whole knowledge base; `collection` is the name of its index in Chroma."""

    id: str
    created_at: str
    published_at: str | None
    embedder: str
    dimensions: int
    collection: str


@dataclass(frozen=True)
class Unread:
    """A file, or some pages of one, that could not be read at the last ingest."""

    file: str
    fact: str
    next_step: str


class Database:
    """One open connection to a knowledge base's SQLite file; use it as a context manager.

    Raises StoreMissing where there is nothing to read, StoreDamaged where it cannot be read, StoreBusy where another
    program locks it, and KnowledgeBaseError where the disk is full or may not be written.
    """

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        """Opens the folder's store; with `write` it is made where there is none."""
        self.path = folder / NAME
        if not write and not self.path.exists():
            raise StoreMissing(str(folder), "there is no knowledge base here", "Make one: python -m ingest")
        with _plain(self.path):
            self._connection = sqlite3.connect(self.path, timeout=10, isolation_level=None)
            self._connection.row_factory = sqlite3.Row
        try:
            with _plain(self.path):
                self._prepare(write)
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Database:
        """The open database itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the connection."""
        self._connection.close()

    def _prepare(self, write: bool) -> None:
        self._connection.execute("PRAGMA foreign_keys = ON")
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        is_new = not version and not self._connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        if is_new and not write:
            raise StoreMissing(str(self.path.parent), "nothing is published yet", "Run: python -m ingest")
        if not is_new and version != SCHEMA_VERSION:
            raise StoreDamaged(
                str(self.path),
                f"its layout is version {version}, this program reads version {SCHEMA_VERSION}",
                "Use the program that made it, or ingest anew into another folder.",
            )
        if not write:
            self._connection.execute("PRAGMA query_only = ON")
            return
        # Readers go on reading the state before a write-ahead transaction until it is committed.
        self._connection.execute("PRAGMA journal_mode = WAL")
        if is_new:
            # At one stroke: a process killed half-way must not leave tables without their version.
            self._connection.executescript(f"BEGIN; {_SCHEMA}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is written inside is kept together, or not at all."""
        with _plain(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has already rolled back
                    self._connection.execute("ROLLBACK")
                raise

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with _plain(self.path):
            return self._connection.execute(query, values).fetchall()

    def _value(self, query: str, key: str) -> Any:
        """The first column of the one row; KeyError with `key` where there is none."""
        rows = self._rows(query, key)
        if not rows:
            raise KeyError(key)
        return rows[0][0]

    # Generations

    def published_id(self) -> str | None:
        """The id of the published generation, or None before the first."""
        rows = self._rows("SELECT generation FROM published")
        return str(rows[0][0]) if rows else None

    def generation(self, generation: str) -> Generation:
        """The generation of that id; KeyError where there is none."""
        for row in self._rows("SELECT * FROM generations WHERE id = ?", generation):
            return Generation(**dict(row))
        raise KeyError(generation)

    def generations(self) -> list[Generation]:
        """Every generation, newest first."""
        rows = self._rows("SELECT * FROM generations ORDER BY created_at DESC, id DESC")
        return [Generation(**dict(row)) for row in rows]

    def editions(self, generation: str) -> list[Edition]:
        """The editions of a generation, in its order."""
        rows = self._rows(
            f"SELECT {_EDITION} FROM generation_editions g JOIN editions e ON e.id = g.edition "
            "WHERE g.generation = ? ORDER BY g.position",
            generation,
        )
        return [_edition(row) for row in rows]

    def unread(self) -> list[Unread]:
        """What could not be read when it was last tried."""
        return [Unread(*row) for row in self._rows("SELECT file, fact, next_step FROM unread ORDER BY 1, 2")]

    # Editions

    def known_editions(self) -> dict[str, str]:
        """Each edition that was ever stored, whole as every stored one is: its id → the digest of its content."""
        return {row["id"]: row["digest"] for row in self._rows("SELECT id, digest FROM editions")}

    def edition(self, id_: str) -> Edition:
        """The edition of that id; KeyError where there is none."""
        for row in self._rows(f"SELECT {_EDITION} FROM editions WHERE id = ?", id_):
            return _edition(row)
        raise KeyError(id_)

    def edition_text(self, edition: str) -> str:
        """The cleaned text of an edition; KeyError where there is none."""
        return str(self._value("SELECT text FROM editions WHERE id = ?", edition))

    def elements(self, edition: str) -> tuple[Element, ...]:
        """The elements of an edition's text, in order; KeyError where there is none."""
        return tuple(
            Element(ElementKind(kind), start, end, level, bool(is_header), page, _pairs(breaks))
            for kind, start, end, level, is_header, page, breaks in json.loads(
                self._value("SELECT elements FROM editions WHERE id = ?", edition)
            )
        )

    def original(self, edition: str) -> bytes:
        """The file that the edition was read from, byte for byte; KeyError where there is none."""
        query = "SELECT f.bytes FROM files f JOIN editions e ON e.sha256 = f.sha256 WHERE e.id = ?"
        return bytes(self._value(query, edition))

    def unread_pages(self, edition: str) -> tuple[int, ...]:
        """The 1-based pages of an edition's file on which no text was found; KeyError where there is none."""
        return tuple(json.loads(self._value("SELECT unread_pages FROM editions WHERE id = ?", edition)))

    def passages(self, edition: Edition) -> tuple[Passage, ...]:
        """The passages of an edition, in order."""
        text = self.edition_text(edition.id)
        rows = self._rows("SELECT * FROM passages WHERE edition = ? ORDER BY position", edition.id)
        return tuple(_passage(edition, text, row) for row in rows)

    def entries(self, edition: str) -> list[Entry]:
        """What is embedded of an edition, in order."""
        query = "SELECT passage, start, end, digest FROM entries WHERE edition = ? ORDER BY position"
        return [Entry(*row) for row in self._rows(query, edition)]

    # Vectors

    def known_vectors(self, embedder: str, digests: Iterable[str]) -> set[str]:
        """Those of `digests` whose vector by that embedder is stored."""
        wanted = set(digests)
        rows = self._rows("SELECT digest FROM vectors WHERE embedder = ?", embedder)
        return {row[0] for row in rows if row[0] in wanted}

    def vectors(self, embedder: str, digests: Sequence[str]) -> np.ndarray:
        """float32 of shape (len(digests), dimensions), in the order asked; KeyError for one that is not stored."""
        found: dict[str, bytes] = {}
        for first in range(0, len(digests), 500):
            part = digests[first : first + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT digest, vector FROM vectors WHERE embedder = ? AND digest IN ({marks})"
            found.update((row[0], row[1]) for row in self._rows(query, embedder, *part))
        return np.stack([np.frombuffer(found[digest], dtype=np.float32) for digest in digests])


def published_id(folder: Path) -> str:
    """The id of the generation that the data folder publishes now.

    Raises StoreMissing where nothing is published yet.
    """
    with Database(folder) as database:
        generation = database.published_id()
    if generation is None:
        raise StoreMissing(str(folder), "nothing is published yet", "Run: python -m ingest")
    return generation


@contextmanager
def _plain(path: Path) -> Iterator[None]:
    """What SQLite raises inside, as one of this program's errors."""
    try:
        yield
    except sqlite3.Error as error:
        raise _in_plain_words(path, error) from error


def _in_plain_words(path: Path, error: sqlite3.Error) -> KnowledgeBaseError:
    # An extended code holds its family in the low byte.
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusy(str(path), "another program is writing to it", _WAIT)
        case sqlite3.SQLITE_FULL:
            return KnowledgeBaseError(str(path), "the disk is full", "Free some space, then run this again.")
        case sqlite3.SQLITE_IOERR:
            fact = f"the disk does not read or write as it should ({error})"
            return KnowledgeBaseError(str(path), fact, "Check the disk and how much space is left on it.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            fact = f"it cannot be opened or written ({error})"
            return KnowledgeBaseError(str(path), fact, "Check who may write in the folder and to the file.")
        case _:
            return StoreDamaged(str(path), f"SQLite says: {error}", _RESTORE)


def _edition(row: sqlite3.Row) -> Edition:
    return Edition(
        id=row["id"],
        document=Document(
            id=row["document"],
            title=row["title"],
            kind=Kind(row["kind"]),
            publisher=row["publisher"],
            authority=Authority(row["authority"]),
            audience=tuple(json.loads(row["audience"])),
            url=row["url"],
            owner=row["owner"],
        ),
        label=row["label"],
        file=row["file"],
        sha256=row["sha256"],
        in_force_from=_day(row["in_force_from"]),
        in_force_until=_day(row["in_force_until"]),
        review_by=_day(row["review_by"]),
        historical=bool(row["historical"]),
        withdrawn=_withdrawal(row),
        confirmed=row["confirmed"],
        sources=tuple(json.loads(row["sources"])),
        page_labels=tuple(json.loads(row["page_labels"])),
    )


def _withdrawal(row: sqlite3.Row) -> Withdrawal | None:
    day = _day(row["withdrawn_on"])
    return None if day is None else Withdrawal(day, row["withdrawn_reason"], row["replaced_by"])


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _pairs(values: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((first, second) for first, second in values)


def _passage(edition: Edition, text: str, row: sqlite3.Row) -> Passage:
    def cut(span: Sequence[int] | None) -> Slice | None:
        return None if span is None else Slice(span[0], span[1], text[span[0] : span[1]])

    return Passage(
        id=row["id"],
        edition=edition,
        headings=tuple(json.loads(row["headings"])),
        text=text[row["start"] : row["end"]],
        start=row["start"],
        end=row["end"],
        lead=cut(json.loads(row["lead"])),
        source=cut(json.loads(row["source"])),
        first_page=row["first_page"],
        last_page=row["last_page"],
        breaks=_pairs(json.loads(row["breaks"])),
        units=tuple(
            Unit(ElementKind(kind), start, end, cut(lead)) for kind, start, end, lead in json.loads(row["units"])
        ),
    )
