"""SQLite: editions with their text and file, generations, vectors, and which generation is published."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

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
from kb.errors import StoreDamaged, StoreMissing

NAME = "kb.sqlite"
SCHEMA_VERSION = 1
_SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")


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
    """One open connection to a knowledge base's SQLite file; use it as a context manager."""

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        self.path = folder / NAME
        if not write and not self.path.exists():
            raise StoreMissing(str(folder), "there is no knowledge base here", "Make one: python -m ingest")
        folder.mkdir(parents=True, exist_ok=True) if write else None
        try:
            self._connection = sqlite3.connect(self.path, timeout=10, isolation_level=None)
            self._connection.execute("PRAGMA foreign_keys = ON")
            if write:
                self._create()
            self._check_version()
        except sqlite3.DatabaseError as error:
            raise StoreDamaged(
                str(self.path), f"SQLite says: {error}", "Put back the data folder from a backup, or ingest anew."
            ) from error

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _create(self) -> None:
        # Readers go on reading the state before a write-ahead transaction until it is committed.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.executescript(_SCHEMA)
        if self._connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _check_version(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            raise StoreDamaged(
                str(self.path),
                f"its layout is version {version}, this program reads version {SCHEMA_VERSION}",
                "Use the program that made it, or ingest anew into another folder.",
            )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is written inside is kept together, or not at all."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    # Generations

    def published_id(self) -> str | None:
        """The id of the published generation, or None before the first."""
        row = self._connection.execute("SELECT generation FROM published").fetchone()
        return row[0] if row else None

    def generation(self, generation: str) -> Generation:
        """The generation of that id; KeyError where there is none."""
        row = self._connection.execute(
            "SELECT id, created_at, published_at, embedder, dimensions, collection FROM generations WHERE id = ?",
            (generation,),
        ).fetchone()
        if row is None:
            raise KeyError(generation)
        return Generation(*row)

    def generations(self) -> list[Generation]:
        """Every generation, newest first."""
        rows = self._connection.execute("SELECT id FROM generations ORDER BY created_at DESC, id DESC").fetchall()
        return [self.generation(row[0]) for row in rows]

    def editions(self, generation: str) -> list[Edition]:
        """The editions of a generation, in its order."""
        rows = self._connection.execute(
            "SELECT e.* FROM generation_editions g JOIN edition_rows e ON e.id = g.edition "
            "WHERE g.generation = ? ORDER BY g.position",
            (generation,),
        )
        return [_edition(row) for row in rows]

    def unread(self) -> list[Unread]:
        """What could not be read when it was last tried."""
        return [Unread(*row) for row in self._connection.execute("SELECT file, fact, next_step FROM unread ORDER BY 1, 2")]

    # Editions

    def edition_text(self, edition: str) -> str:
        """The cleaned text of an edition; KeyError where there is none."""
        row = self._connection.execute("SELECT text FROM editions WHERE id = ?", (edition,)).fetchone()
        if row is None:
            raise KeyError(edition)
        return str(row[0])

    def elements(self, edition: str) -> tuple[Element, ...]:
        """The elements of an edition's text, in order."""
        row = self._connection.execute("SELECT elements FROM editions WHERE id = ?", (edition,)).fetchone()
        return tuple(
            Element(ElementKind(kind), start, end, level, bool(is_header), page, _pairs(breaks))
            for kind, start, end, level, is_header, page, breaks in json.loads(row[0])
        )

    def original(self, edition: str) -> bytes:
        """The file that the edition was read from, byte for byte."""
        row = self._connection.execute(
            "SELECT f.bytes FROM files f JOIN editions e ON e.sha256 = f.sha256 WHERE e.id = ?", (edition,)
        ).fetchone()
        return bytes(row[0])

    def passages(self, edition: Edition) -> tuple[Passage, ...]:
        """The passages of an edition, in order."""
        text = self.edition_text(edition.id)
        rows = self._connection.execute(
            "SELECT id, headings, start, end, lead, source, first_page, last_page, breaks, units "
            "FROM passages WHERE edition = ? ORDER BY position",
            (edition.id,),
        )
        return tuple(_passage(edition, text, row) for row in rows)

    def entries(self, edition: str) -> list[Entry]:
        """What is embedded of an edition, in order."""
        rows = self._connection.execute(
            "SELECT passage, start, end, digest FROM entries WHERE edition = ? ORDER BY position", (edition,)
        )
        return [Entry(*row) for row in rows]

    def known_editions(self) -> set[str]:
        """The ids of all editions that were ever stored; each is stored whole or not at all."""
        return {row[0] for row in self._connection.execute("SELECT id FROM editions")}

    def edition(self, id_: str) -> Edition:
        """The edition of that id; KeyError where there is none."""
        row = self._connection.execute("SELECT * FROM edition_rows WHERE id = ?", (id_,)).fetchone()
        if row is None:
            raise KeyError(id_)
        return _edition(row)

    def unread_pages(self, edition: str) -> tuple[int, ...]:
        """The 1-based pages of an edition's file on which no text was found."""
        row = self._connection.execute("SELECT unread_pages FROM editions WHERE id = ?", (edition,)).fetchone()
        return tuple(json.loads(row[0]))

    # Vectors

    def known_vectors(self, embedder: str, digests: Iterable[str]) -> set[str]:
        """Those of `digests` whose vector by that embedder is stored."""
        wanted = set(digests)
        rows = self._connection.execute("SELECT digest FROM vectors WHERE embedder = ?", (embedder,))
        return {row[0] for row in rows if row[0] in wanted}

    def vectors(self, embedder: str, digests: Sequence[str]) -> np.ndarray:
        """float32 of shape (len(digests), dimensions), in the order asked; KeyError for one that is not stored."""
        found: dict[str, bytes] = {}
        for first in range(0, len(digests), 500):
            part = digests[first : first + 500]
            marks = ",".join("?" * len(part))
            found.update(
                self._connection.execute(
                    f"SELECT digest, vector FROM vectors WHERE embedder = ? AND digest IN ({marks})", (embedder, *part)
                )
            )
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


def _edition(row: Sequence[object]) -> Edition:
    (id_, label, file, sha256, begins, ends, review, historical, confirmed, sources, labels,
     withdrawn_on, reason, replaced_by, document, title, kind, publisher, authority, audience, url, owner) = row  # fmt: skip
    return Edition(
        id=str(id_),
        document=Document(
            id=str(document),
            title=str(title),
            kind=Kind(kind),
            publisher=str(publisher),
            authority=Authority(authority),
            audience=tuple(json.loads(str(audience))),
            url=None if url is None else str(url),
            owner=str(owner),
        ),
        label=str(label),
        file=str(file),
        sha256=str(sha256),
        in_force_from=_day(begins),
        in_force_until=_day(ends),
        review_by=_day(review),
        historical=bool(historical),
        withdrawn=_withdrawal(withdrawn_on, reason, replaced_by),
        confirmed=str(confirmed),
        sources=tuple(json.loads(str(sources))),
        page_labels=tuple(json.loads(str(labels))),
    )


def _withdrawal(on: object, reason: object, replaced_by: object) -> Withdrawal | None:
    day = _day(on)
    return None if day is None else Withdrawal(day, str(reason), None if replaced_by is None else str(replaced_by))


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def _pairs(values: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((first, second) for first, second in values)


def _passage(edition: Edition, text: str, row: Sequence[object]) -> Passage:
    id_, headings, start, end, lead, source, first_page, last_page, breaks, units = row
    begins, ends = int(str(start)), int(str(end))

    def cut(span: Sequence[int] | None) -> Slice | None:
        return None if span is None else Slice(span[0], span[1], text[span[0] : span[1]])

    return Passage(
        id=str(id_),
        edition=edition,
        headings=tuple(json.loads(str(headings))),
        text=text[begins:ends],
        start=begins,
        end=ends,
        lead=cut(json.loads(str(lead))),
        source=cut(json.loads(str(source))),
        first_page=None if first_page is None else int(str(first_page)),
        last_page=None if last_page is None else int(str(last_page)),
        breaks=_pairs(json.loads(str(breaks))),
        units=tuple(Unit(ElementKind(k), s, e, cut(above)) for k, s, e, above in json.loads(str(units))),
    )


__all__ = ["Database", "Generation", "Unread", "published_id"]
