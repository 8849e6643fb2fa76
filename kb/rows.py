"""Rows of the store as the types of this program, and what SQLite raises as one of its errors."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from kb.documents import Authority, Document, Edition, ElementKind, Held, Kind, Passage, Slice, Unit, Withdrawal
from kb.errors import KnowledgeBaseError, StoreBusy, StoreDamaged

_RESTORE = "Put back the data folder from a backup, or ingest anew into another folder."
_WAIT = "Wait until the other program is done, then run this again."


@contextmanager
def plain(path: Path) -> Iterator[None]:
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


def edition(row: sqlite3.Row) -> Edition:
    """An edition as its file and the manifest have it."""
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
        in_force_from=day(row["in_force_from"]),
        in_force_until=day(row["in_force_until"]),
        review_by=day(row["review_by"]),
        historical=bool(row["historical"]),
        withdrawn=_withdrawal(row),
        confirmed=row["confirmed"],
        sources=tuple(json.loads(row["sources"])),
        page_labels=tuple(json.loads(row["page_labels"])),
    )


def held(row: sqlite3.Row) -> Held:
    """An edition as a generation holds it."""
    return Held(
        edition=edition(row),
        arrived=row["arrived"],
        took_over_on=day(row["took_over_on"]),
        ended_on=day(row["ended_on"]),
        withdrawn=_withdrawal(row, "here_"),
        added=bool(row["added"]),
    )


def _withdrawal(row: sqlite3.Row, place: str = "") -> Withdrawal | None:
    on = day(row[f"{place}withdrawn_on"])
    return None if on is None else Withdrawal(on, row[f"{place}withdrawn_reason"], row[f"{place}replaced_by"])


def day(value: str | None) -> date | None:
    """The day that a column holds."""
    return None if value is None else date.fromisoformat(value)


def pairs(values: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    """Pairs as JSON gives them."""
    return tuple((first, second) for first, second in values)


def passage(of: Edition, text: str, row: sqlite3.Row) -> Passage:
    """A passage of the edition, whose text is given whole."""

    def cut(span: Sequence[int] | None) -> Slice | None:
        return None if span is None else Slice(span[0], span[1], text[span[0] : span[1]])

    return Passage(
        id=row["id"],
        edition=of,
        headings=tuple(json.loads(row["headings"])),
        text=text[row["start"] : row["end"]],
        start=row["start"],
        end=row["end"],
        lead=cut(json.loads(row["lead"])),
        source=cut(json.loads(row["source"])),
        first_page=row["first_page"],
        last_page=row["last_page"],
        breaks=pairs(json.loads(row["breaks"])),
        units=tuple(
            Unit(ElementKind(kind), start, end, cut(lead)) for kind, start, end, lead in json.loads(row["units"])
        ),
    )
