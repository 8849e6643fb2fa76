"""Writing to SQLite: editions whole, vectors as they come, generations at one stroke."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from ingest.log import Action, Details, append
from ingest.split import Text
from ingest.version import reader
from kb import instants
from kb.database import Database, Generation, Publication, Unread
from kb.documents import Edition, Held, Passage, Slice
from kb.entries import digest, texts
from kb.token_vectors import TokenVectors


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


def store_vectors(
    database: Database,
    embedder: str,
    digests: Sequence[str],
    vectors: np.ndarray,
    words: Sequence[TokenVectors] | None = None,
) -> None:
    """Keeps each vector (rows of float32, in the order of `digests`) under its digest, with its words' where given."""
    tokens = [each.to_bytes() for each in words] if words is not None else [b""] * len(digests)
    with database.transaction() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
            (
                (embedder, key, vector.astype(np.float32).tobytes(), kept)
                for key, vector, kept in zip(digests, vectors, tokens, strict=True)
            ),
        )


def store_generation(database: Database, generation: Generation, held: Sequence[Held]) -> None:
    """Keeps a generation in the making: its row and its editions, in order. It is rubbish until it is prepared."""
    with database.transaction() as connection:
        _insert_generation(connection, generation, held)


def prepare(database: Database, generation: str, verdict: str, who: str, details: Details) -> None:
    """Makes a generation a draft, with what the golden questions said of it."""
    with database.transaction() as connection:
        connection.execute(
            "UPDATE generations SET prepared_at = ?, verdict = ? WHERE id = ?", (instants.now(), verdict, generation)
        )
        append(connection, who, Action.INGEST, {"draft": generation, **details})


def approve(database: Database, generation: str, who: str, name: str, reason: str) -> None:
    """Keeps that a person approves a draft, and why."""
    with database.transaction() as connection:
        connection.execute("INSERT INTO approvals VALUES (?, ?, ?, ?)", (generation, name, reason, instants.now()))
        append(connection, who, Action.APPROVE, {"draft": generation, "approver": name, "reason": reason})


@dataclass(frozen=True)
class Switch:
    """A publication to be made: of which generation, by whom, as what, and from when on (None: at once).

    `held` are its editions with the days that come with the publication; None leaves them as they are. `generation`
    given as a row is stored with them in the same transaction.
    """

    generation: str
    who: str
    action: Action
    details: Details = field(default_factory=dict)
    effective_at: str | None = None
    held: Sequence[Held] | None = None
    new: Generation | None = None


def publish(database: Database, switch: Switch) -> None:
    """The one switch: from its commit on, or from its instant, every reader's next question is answered from it."""
    with database.transaction() as connection:
        if switch.new is not None:
            _insert_generation(connection, switch.new, switch.held or ())
        elif switch.held is not None:
            connection.execute("DELETE FROM generation_editions WHERE generation = ?", (switch.generation,))
            _insert_held(connection, switch.generation, switch.held)
        at = instants.now()
        row = (switch.generation, at, switch.effective_at or at)
        seq = connection.execute(
            "INSERT INTO publications (generation, recorded_at, effective_at) VALUES (?, ?, ?)", row
        ).lastrowid
        told = {"generation": switch.generation, "publication": seq, "effective_at": row[2], **switch.details}
        append(connection, switch.who, switch.action, told)


def cancel(database: Database, publication: Publication, who: str) -> None:
    """A publication that waits will not be."""
    with database.transaction() as connection:
        connection.execute("INSERT INTO cancellations VALUES (?, ?)", (publication.seq, instants.now()))
        told = {"cancelled": publication.seq, "generation": publication.generation, "was_for": publication.effective_at}
        append(connection, who, Action.CANCEL, told)


def move_index(database: Database, generation: str, collection: str, who: str) -> None:
    """A generation's vectors are in that collection from now on."""
    with database.transaction() as connection:
        connection.execute("UPDATE generations SET collection = ? WHERE id = ?", (collection, generation))
        append(connection, who, Action.REBUILD, {"generation": generation, "collection": collection})


def discard(database: Database, generation: str, who: str) -> None:
    """A draft is one no longer; its row and the editions that were read for it stay."""
    with database.transaction() as connection:
        connection.execute("UPDATE generations SET discarded_at = ? WHERE id = ?", (instants.now(), generation))
        append(connection, who, Action.DISCARD, {"draft": generation})


def forget_unprepared(database: Database) -> None:
    """Removes generations that a killed run left half made."""
    with database.transaction() as connection:
        connection.execute("DELETE FROM generations WHERE prepared_at IS NULL")


def log(database: Database, who: str, action: Action, details: Details) -> None:
    """Adds a row to the log for what is done outside SQLite."""
    with database.transaction() as connection:
        append(connection, who, action, details)


def store_results(database: Database, rows: Iterable[tuple[str, str, str, str, str]]) -> None:
    """Keeps what a generation answered: (generation, question, answerer, as of, result as JSON) each."""
    with database.transaction() as connection:
        connection.executemany("INSERT OR REPLACE INTO golden_results VALUES (?, ?, ?, ?, ?)", rows)


def _insert_generation(connection: sqlite3.Connection, generation: Generation, held: Sequence[Held]) -> None:
    row: Row = {name: value for name, value in generation.__dict__.items() if name != "published_at"}
    _insert(connection, "generations", [row])
    _insert_held(connection, generation.id, held)


def _insert_held(connection: sqlite3.Connection, generation: str, held: Sequence[Held]) -> None:
    rows: list[Row] = [
        {
            "generation": generation,
            "position": number,
            "edition": each.edition.id,
            "arrived": each.arrived,
            "took_over_on": _iso(each.took_over_on),
            "ended_on": _iso(each.ended_on),
            "here_withdrawn_on": _iso(each.withdrawn.on) if each.withdrawn else None,
            "here_withdrawn_reason": each.withdrawn.reason if each.withdrawn else None,
            "here_replaced_by": each.withdrawn.replaced_by if each.withdrawn else None,
            "added": each.added,
        }
        for number, each in enumerate(held)
    ]
    _insert(connection, "generation_editions", rows)


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
