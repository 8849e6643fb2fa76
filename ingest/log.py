"""The log: who did what and when, each row bound to the one before it by a hash."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kb import instants
from kb.database import Database

Details = Mapping[str, object]
_GUARDS = frozenset(
    f"{table}_{verb}"
    for table, verbs in (
        ("log", ("keeps", "stays")), ("publications", ("keep", "stay")), ("cancellations", ("keep", "stay"))
    )
    for verb in verbs
)  # fmt: skip


class Action(StrEnum):
    """What a row of the log tells of."""

    INGEST = "ingest"
    DISCARD = "discard"
    APPROVE = "approve"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    CANCEL = "cancel"
    ROLLBACK = "rollback"
    WITHDRAW = "withdraw"
    REINSTATE = "reinstate"
    REBUILD = "rebuild"
    CLEANUP = "cleanup"


@dataclass(frozen=True)
class Entry:
    """One row of the log; `details` is JSON, `at` an instant in UTC."""

    seq: int
    at: str
    who: str
    action: str
    details: str
    previous: str
    hash: str

    @property
    def expected(self) -> str:
        """The hash that a row with this content has."""
        return _hash(self.seq, self.at, self.who, self.action, self.details, self.previous)


@dataclass(frozen=True)
class Verified:
    """What a check of the log found: how many rows there are, the last hash, and each fault in words."""

    rows: int
    last_hash: str
    faults: tuple[str, ...]


def append(connection: sqlite3.Connection, who: str, action: Action, details: Details) -> str:
    """Adds a row inside the transaction that does what it tells of; gives its hash."""
    last = connection.execute("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1").fetchone()
    end = connection.execute("SELECT rows, hash FROM log_end").fetchone()
    # Where rows were cut off, the next one must not make the cut good: it goes on from what log_end remembers.
    seq, previous = (end["rows"], end["hash"]) if end else (last["seq"], last["hash"]) if last else (0, "")
    row = (
        seq + 1,
        instants.now(),
        who,
        action.value,
        json.dumps(details, ensure_ascii=False, sort_keys=True),
        previous,
    )
    hashed = _hash(*row)
    connection.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, hashed))
    connection.execute("INSERT OR REPLACE INTO log_end VALUES (1, ?, ?)", (seq + 1, hashed))
    return hashed


def entries(database: Database) -> tuple[Entry, ...]:
    """Every row, the oldest first."""
    return tuple(Entry(*row) for row in database.select("SELECT * FROM log ORDER BY seq"))


def verify(database: Database) -> Verified:
    """Whether each row is as it was written, follows the one before, and none is missing, as far as the store tells.

    Finds rows that were altered, removed, inserted or cut off at the end, and missing guards. It cannot find that the
    whole log was written anew with hashes that fit, nor that the whole file was put back to an earlier state; for
    that, keep the last hash elsewhere and look whether the log still holds it.
    """
    rows = entries(database)
    return Verified(
        len(rows), rows[-1].hash if rows else "", (*_chain(rows), *_end(database, rows), *_unlogged(database, rows))
    )


def _chain(rows: Sequence[Entry]) -> Iterator[str]:
    seq, previous = 0, ""
    for row in rows:
        if row.seq > seq + 1:
            missing = f"row {seq + 1}" if row.seq == seq + 2 else f"rows {seq + 1} to {row.seq - 1}"
            yield f"{missing}: removed"
        elif row.previous != previous:
            yield f"row {row.seq}: does not follow the row before it; one of the two was altered or inserted"
        if row.hash != row.expected:
            yield f"row {row.seq}: altered since it was written ({row.action}, {row.at}, {row.who})"
        seq, previous = row.seq, row.hash


def _end(database: Database, rows: Sequence[Entry]) -> Iterator[str]:
    """What is missing after the last row, by the counts that the store keeps beside the log."""
    last, hashed = (rows[-1].seq, rows[-1].hash) if rows else (0, "")
    ends = database.select("SELECT rows, hash FROM log_end")
    used = database.select("SELECT seq FROM sqlite_sequence WHERE name = 'log'")
    wanted = max([row[0] for row in (*ends, *used)], default=0)
    if wanted > last:
        yield f"row {last + 1} to {wanted}: cut off at the end" if wanted > last + 1 else f"row {wanted}: cut off"
    elif ends and (ends[0]["rows"], ends[0]["hash"]) != (last, hashed):
        yield f"row {last}: not the last row that was written (log_end says row {ends[0]['rows']})"
    if rows and not ends:
        yield "log_end: removed, so that rows cut off at the end could not be told"
    there = {row[0] for row in database.select("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    yield from (f"{name}: this guard against changes was removed" for name in sorted(_GUARDS - there))


def _unlogged(database: Database, rows: Sequence[Entry]) -> Iterator[str]:
    """Publications of which no row tells."""
    told = {details.get("publication") for row in rows if isinstance(details := _read(row.details), dict)}
    for publication in reversed(database.publications()):
        if publication.seq not in told:
            yield f"publication {publication.seq} of {publication.generation}: the log does not tell of it"


def _read(details: str) -> object:
    try:
        return json.loads(details)
    except ValueError:  # altered; the chain says so
        return None


def _hash(*row: object) -> str:
    return hashlib.sha256(json.dumps(row, ensure_ascii=False).encode()).hexdigest()
