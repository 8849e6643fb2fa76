"""SQLite: editions with their text and file, generations, vectors, and which generation is published."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kb import instants, rows
from kb.documents import Edition, Element, ElementKind, Held, Passage
from kb.entries import Entry
from kb.errors import StoreDamaged, StoreMissing
from kb.rows import plain
from kb.token_vectors import TokenVectors

NAME = "kb.sqlite"
SCHEMA_VERSION = 4
"""Raised with each change of schema.sql that an older program could not read."""

_SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
_EDITION = """id, document, title, kind, publisher, authority, audience, url, owner, label, file, sha256,
    in_force_from, in_force_until, review_by, historical, confirmed, sources, page_labels, withdrawn_on,
    withdrawn_reason, replaced_by"""


_GENERATION = """SELECT id, created_at, (SELECT MAX(effective_at) FROM publications p WHERE p.generation = g.id
    AND (effective_at <= :now OR effective_at = recorded_at) AND seq NOT IN (SELECT publication FROM cancellations)
    ) AS published_at, embedder, dimensions, collection, author, prepared_at, discarded_at, base, verdict
    FROM generations g"""
_PUBLICATION = """SELECT seq, generation, recorded_at, effective_at,
    seq IN (SELECT publication FROM cancellations) AS is_cancelled FROM publications"""


@dataclass(frozen=True)
class Generation:
    """One state of the whole knowledge base; `collection` is the name of its index in Chroma.

    `published_at` is when it was last published, None for one that never was. `base` is the generation that was
    published when it was made; `verdict` is what the golden questions said of it, as JSON.
    """

    id: str
    created_at: str
    published_at: str | None
    embedder: str
    dimensions: int
    collection: str
    author: str = ""
    prepared_at: str | None = None
    discarded_at: str | None = None
    base: str | None = None
    verdict: str = ""


@dataclass(frozen=True)
class Publication:
    """One turn of the switch: from `effective_at` on the generation answers, unless it was cancelled before."""

    seq: int
    generation: str
    recorded_at: str
    effective_at: str
    is_cancelled: bool

    def waits(self, at: str) -> bool:
        """Whether its instant is still to come; one that was to be at once never waits, whatever the clock did."""
        return not self.is_cancelled and self.effective_at > at and self.effective_at != self.recorded_at


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
        with plain(self.path):
            self._connection = sqlite3.connect(self.path, timeout=10, isolation_level=None)
            self._connection.row_factory = sqlite3.Row
        try:
            with plain(self.path):
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
        with plain(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has already rolled back
                    self._connection.execute("ROLLBACK")
                raise

    def copy_to(self, file: Path) -> None:
        """Writes what is committed now into another file, with what still stands in the write-ahead log."""
        with plain(self.path), closing(sqlite3.connect(file)) as target:
            self._connection.backup(target)

    def select(self, query: str, *values: object) -> list[sqlite3.Row]:
        """What a query finds: its values in order, or one mapping of them."""
        named = values[0] if len(values) == 1 and isinstance(values[0], dict) else values
        with plain(self.path):
            return self._connection.execute(query, named).fetchall()

    def _value(self, query: str, key: str) -> Any:
        """The first column of the one row; KeyError with `key` where there is none."""
        found = self.select(query, key)
        if not found:
            raise KeyError(key)
        return found[0][0]

    # Generations

    def published_id(self) -> str | None:
        """The id of the generation that is published at this moment, or None before the first."""
        found = self.select(
            "SELECT generation FROM publications WHERE (effective_at <= ? OR effective_at = recorded_at) "
            "AND seq NOT IN (SELECT publication FROM cancellations) ORDER BY seq DESC LIMIT 1",
            instants.now(),
        )
        return str(found[0][0]) if found else None

    def publications(self) -> list[Publication]:
        """Every publication, the last one first."""
        found = self.select(f"{_PUBLICATION} ORDER BY seq DESC")
        return [
            Publication(
                row["seq"], row["generation"], row["recorded_at"], row["effective_at"], bool(row["is_cancelled"])
            )
            for row in found
        ]

    def waiting(self) -> Publication | None:
        """The publication whose instant is still to come, if there is one."""
        return next((row for row in self.publications() if row.waits(instants.now())), None)

    def generation(self, generation: str) -> Generation:
        """The generation of that id; KeyError where there is none."""
        for row in self.select(f"{_GENERATION} WHERE id = :id", {"now": instants.now(), "id": generation}):
            return Generation(**dict(row))
        raise KeyError(generation)

    def generations(self) -> list[Generation]:
        """Every generation, newest first."""
        found = self.select(f"{_GENERATION} ORDER BY created_at DESC, rowid DESC", {"now": instants.now()})
        return [Generation(**dict(row)) for row in found]

    def editions(self, generation: str) -> list[Edition]:
        """The editions of a generation, in its order, each with what came of it there."""
        return [held.as_held for held in self.held(generation)]

    def held(self, generation: str) -> list[Held]:
        """The editions of a generation, in its order, apart from what came of each."""
        found = self.select(
            f"SELECT {_EDITION}, arrived, took_over_on, ended_on, here_withdrawn_on, here_withdrawn_reason, "
            "here_replaced_by, added FROM generation_editions g JOIN editions e ON e.id = g.edition "
            "WHERE g.generation = ? ORDER BY g.position",
            generation,
        )
        return [rows.held(row) for row in found]

    def unread(self) -> list[Unread]:
        """What could not be read when it was last tried."""
        return [Unread(*row) for row in self.select("SELECT file, fact, next_step FROM unread ORDER BY 1, 2")]

    # Editions

    def known_editions(self) -> dict[str, str]:
        """Each edition that was ever stored, whole as every stored one is: its id → the digest of its content."""
        return {row["id"]: row["digest"] for row in self.select("SELECT id, digest FROM editions")}

    def once_published(self) -> list[str]:
        """The ids of all editions that a generation which was ever published held, in no order."""
        found = self.select(
            "SELECT DISTINCT edition FROM generation_editions g JOIN publications p ON p.generation = g.generation"
        )
        return [row["edition"] for row in found]

    def edition(self, id_: str) -> Edition:
        """The edition of that id; KeyError where there is none."""
        for row in self.select(f"SELECT {_EDITION} FROM editions WHERE id = ?", id_):
            return rows.edition(row)
        raise KeyError(id_)

    def edition_text(self, edition: str) -> str:
        """The cleaned text of an edition; KeyError where there is none."""
        return str(self._value("SELECT text FROM editions WHERE id = ?", edition))

    def elements(self, edition: str) -> tuple[Element, ...]:
        """The elements of an edition's text, in order; KeyError where there is none."""
        return tuple(
            Element(ElementKind(kind), start, end, level, bool(is_header), page, rows.pairs(breaks))
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
        found = self.select("SELECT * FROM passages WHERE edition = ? ORDER BY position", edition.id)
        return tuple(rows.passage(edition, text, row) for row in found)

    def entries(self, edition: str) -> list[Entry]:
        """What is embedded of an edition, in order."""
        query = "SELECT passage, start, end, digest FROM entries WHERE edition = ? ORDER BY position"
        return [Entry(*row) for row in self.select(query, edition)]

    # Vectors

    def known_vectors(self, embedder: str, digests: Iterable[str]) -> set[str]:
        """Those of `digests` whose vector by that embedder is stored."""
        wanted = set(digests)
        found = self.select("SELECT digest FROM vectors WHERE embedder = ?", embedder)
        return {row[0] for row in found if row[0] in wanted}

    def vectors(self, embedder: str, digests: Sequence[str]) -> np.ndarray:
        """float32 of shape (len(digests), dimensions), in the order asked; KeyError for one that is not stored."""
        found: dict[str, bytes] = {}
        for first in range(0, len(digests), 500):
            part = digests[first : first + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT digest, vector FROM vectors WHERE embedder = ? AND digest IN ({marks})"
            found.update((row[0], row[1]) for row in self.select(query, embedder, *part))
        return np.stack([np.frombuffer(found[digest], dtype=np.float32) for digest in digests])

    def token_vectors(self, embedder: str, digests: Sequence[str]) -> list[TokenVectors]:
        """The words' vectors of each text, in the order asked; KeyError for one that is not stored."""
        marks = ",".join("?" * len(digests))
        query = f"SELECT digest, tokens FROM vectors WHERE embedder = ? AND digest IN ({marks})"
        found = {row[0]: row[1] for row in self.select(query, embedder, *digests)}
        return [TokenVectors.from_bytes(found[digest]) for digest in digests]


def published_id(folder: Path) -> str:
    """The id of the generation that the data folder publishes now.

    Raises StoreMissing where nothing is published yet.
    """
    with Database(folder) as database:
        generation = database.published_id()
    if generation is None:
        raise StoreMissing(str(folder), "nothing is published yet", "Run: python -m ingest")
    return generation
