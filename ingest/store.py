"""Writing to SQLite: editions whole, vectors as they come, generations at one stroke."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import numpy as np

from ingest.split import Text
from ingest.version import reader
from kb.database import Database, Generation, Unread
from kb.documents import Edition, Passage, Slice
from kb.entries import digest, texts


def store_edition(
    database: Database, edition: Edition, content: Text, passages: Sequence[Passage], original: bytes, unread: Sequence[int]
) -> None:
    """Keeps an edition with its file, text, elements, passages and what is to be embedded: all of it or nothing."""
    with database.transaction() as connection:
        connection.execute("INSERT OR IGNORE INTO files VALUES (?, ?)", (edition.sha256, original))
        row = (*_edition_row(edition), content.text, _elements(content), reader(), json.dumps(list(unread)))
        connection.execute(f"INSERT INTO editions VALUES ({','.join('?' * len(row))})", row)
        connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_passage_row(edition.id, number, passage) for number, passage in enumerate(passages)),
        )
        entries = ((passage.id, *entry) for passage in passages for entry in texts(passage))
        connection.executemany(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)",
            ((edition.id, number, id_, start, end, digest(text)) for number, (id_, start, end, text) in enumerate(entries)),
        )


def store_vectors(database: Database, embedder: str, digests: Sequence[str], vectors: np.ndarray) -> None:
    """Keeps each vector (rows of float32, in the order of `digests`) under its digest."""
    with database.transaction() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
            ((embedder, key, vector.astype(np.float32).tobytes()) for key, vector in zip(digests, vectors, strict=True)),
        )


def store_generation(database: Database, generation: Generation, editions: Sequence[Edition]) -> None:
    """Keeps a draft generation: its row and its editions, in order."""
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO generations VALUES (?, ?, NULL, ?, ?, ?)",
            (generation.id, generation.created_at, generation.embedder, generation.dimensions, generation.collection),
        )
        connection.executemany(
            "INSERT INTO generation_editions VALUES (?, ?, ?)",
            ((generation.id, number, edition.id) for number, edition in enumerate(editions)),
        )


def publish(database: Database, generation: str) -> None:
    """The one switch: from its commit on, every reader's next question is answered from this generation."""
    with database.transaction() as connection:
        connection.execute("UPDATE generations SET published_at = ? WHERE id = ?", (now(), generation))
        connection.execute("INSERT OR REPLACE INTO published VALUES (1, ?)", (generation,))


def forget_generations(database: Database, ids: Iterable[str]) -> None:
    """Removes generations, but never the published one; editions, files and vectors stay."""
    with database.transaction() as connection:
        connection.executemany(
            "DELETE FROM generations WHERE id = ? AND id NOT IN (SELECT generation FROM published)",
            ((id_,) for id_ in ids),
        )


def store_unread(database: Database, tried: Iterable[str] | None, unread: Iterable[Unread]) -> None:
    """Replaces what is known to be unreadable: of the files `tried`, or of all where it is None."""
    with database.transaction() as connection:
        if tried is None:
            connection.execute("DELETE FROM unread")
        else:
            connection.executemany("DELETE FROM unread WHERE file = ?", ((file,) for file in tried))
        connection.executemany(
            "INSERT OR REPLACE INTO unread VALUES (?, ?, ?)", ((row.file, row.fact, row.next_step) for row in unread)
        )


def now() -> str:
    """This moment in UTC, ISO 8601 to the second: the log's time, on which no status rests."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _edition_row(edition: Edition) -> tuple[object, ...]:
    document, withdrawn = edition.document, edition.withdrawn
    return (
        edition.id, document.id, document.title, document.kind, document.publisher, document.authority,
        json.dumps(document.audience), document.url, document.owner, edition.label, edition.file, edition.sha256,
        _iso(edition.in_force_from), _iso(edition.in_force_until), _iso(edition.review_by), edition.historical,
        edition.confirmed, json.dumps(edition.sources), json.dumps(edition.page_labels),
        _iso(withdrawn.on) if withdrawn else None, withdrawn.reason if withdrawn else None,
        withdrawn.replaced_by if withdrawn else None,
    )  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _elements(content: Text) -> str:
    return json.dumps(
        [[e.kind, e.start, e.end, e.level, int(e.is_header), e.page, e.breaks] for e in content.elements]
    )


def _passage_row(edition: str, number: int, passage: Passage) -> tuple[object, ...]:
    units = [[unit.kind, unit.start, unit.end, _span(unit.lead)] for unit in passage.units]
    return (
        edition, number, passage.id, json.dumps(passage.headings), passage.start, passage.end,
        json.dumps(_span(passage.lead)), json.dumps(_span(passage.source)), passage.first_page, passage.last_page,
        json.dumps(passage.breaks), json.dumps(units),
    )  # fmt: skip


def _span(part: Slice | None) -> list[int] | None:
    return [part.start, part.end] if part else None
