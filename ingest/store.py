"""Writing to SQLite: editions whole, vectors as they come, generations at one stroke."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import numpy as np

from ingest.split import Text
from ingest.version import reader
from kb.database import Database, Generation, Unread
from kb.documents import Edition, Passage, Slice
from kb.entries import digest, texts


def store_edition(
    database: Database,
    edition: Edition,
    content: Text,
    passages: Sequence[Passage],
    original: bytes,
    unread_pages: Sequence[int],
) -> str:
    """Keeps an edition with its file, text, elements, passages and what is to be embedded: all of it or nothing.

    Gives the digest of its content: equal for two readings of a file that come to the same.
    """
    kept = {
        **_edition_row(edition),
        "text": content.text,
        "elements": _elements(content),
        "unread_pages": json.dumps(list(unread_pages)),
    }
    passage_rows = [_passage_row(number, passage) for number, passage in enumerate(passages)]
    entry_rows = _entry_rows(passages)
    content_digest = _digest_of(kept, passage_rows, entry_rows)
    with database.transaction() as connection:
        connection.execute("INSERT OR IGNORE INTO files VALUES (?, ?)", (edition.sha256, original))
        _insert(connection, "editions", [{"id": edition.id, **kept, "reader": reader(), "digest": content_digest}])
        _insert(connection, "passages", [{"edition": edition.id, **row} for row in passage_rows])
        _insert(connection, "entries", [{"edition": edition.id, **row} for row in entry_rows])
    return content_digest


def store_vectors(database: Database, embedder: str, digests: Sequence[str], vectors: np.ndarray) -> None:
    """Keeps each vector (rows of float32, in the order of `digests`) under its digest."""
    with database.transaction() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
            (
                (embedder, key, vector.astype(np.float32).tobytes())
                for key, vector in zip(digests, vectors, strict=True)
            ),
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


Row = dict[str, str | int | None]


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    """Writes the rows, which all have the columns of the first."""
    if rows:
        columns = ", ".join(rows[0])
        marks = ", ".join(f":{column}" for column in rows[0])
        connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def _digest_of(*parts: Row | Sequence[Row]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _edition_row(edition: Edition) -> Row:
    """All that is known of an edition but its id, which also says by which code it was read."""
    document, withdrawn = edition.document, edition.withdrawn
    return {
        "document": document.id,
        "title": document.title,
        "kind": document.kind,
        "publisher": document.publisher,
        "authority": document.authority,
        "audience": json.dumps(document.audience),
        "url": document.url,
        "owner": document.owner,
        "label": edition.label,
        "file": edition.file,
        "sha256": edition.sha256,
        "in_force_from": _iso(edition.in_force_from),
        "in_force_until": _iso(edition.in_force_until),
        "review_by": _iso(edition.review_by),
        "historical": int(edition.historical),
        "confirmed": edition.confirmed,
        "sources": json.dumps(edition.sources),
        "page_labels": json.dumps(edition.page_labels),
        "withdrawn_on": _iso(withdrawn.on) if withdrawn else None,
        "withdrawn_reason": withdrawn.reason if withdrawn else None,
        "replaced_by": withdrawn.replaced_by if withdrawn else None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _elements(content: Text) -> str:
    return json.dumps([[e.kind, e.start, e.end, e.level, int(e.is_header), e.page, e.breaks] for e in content.elements])


def _passage_row(number: int, passage: Passage) -> Row:
    units = [[unit.kind, unit.start, unit.end, _span(unit.lead)] for unit in passage.units]
    return {
        "position": number,
        "id": passage.id,
        "headings": json.dumps(passage.headings),
        "start": passage.start,
        "end": passage.end,
        "lead": json.dumps(_span(passage.lead)),
        "source": json.dumps(_span(passage.source)),
        "first_page": passage.first_page,
        "last_page": passage.last_page,
        "breaks": json.dumps(passage.breaks),
        "units": json.dumps(units),
    }


def _entry_rows(passages: Sequence[Passage]) -> list[Row]:
    embedded = ((passage.id, *entry) for passage in passages for entry in texts(passage))
    return [
        {"position": number, "passage": id_, "start": start, "end": end, "digest": digest(text)}
        for number, (id_, start, end, text) in enumerate(embedded)
    ]


def _span(part: Slice | None) -> list[int] | None:
    return [part.start, part.end] if part else None
