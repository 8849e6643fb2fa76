"""Which editions are due for review, and tables for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ingest.log import Entry
from kb import messages
from kb.documents import Document, Edition, Passage, Status
from kb.events import Event, flags

SOON_DAYS = 90
"""Days ahead in which a review counts as due soon; a board meets four times a year."""

_CURRENT = (Status.IN_FORCE, Status.REVIEW_OVERDUE, Status.UNDATED, Status.NOT_YET)


class Standing(StrEnum):
    """How an edition stands with its review."""

    OVERDUE = "overdue"
    SOON = "due soon"
    NO_DATE = "no review date"


@dataclass(frozen=True)
class Due:
    """An edition to be looked at; `days` is how many are left until its review date, below 0 once it is past."""

    edition: Edition
    standing: Standing
    days: int | None = None


def due(editions: Sequence[Edition], on: date) -> tuple[Due, ...]:
    """The editions overdue, those due within SOON_DAYS, and those without a date, the most pressing first."""
    found = [each for edition in editions if edition.status_on(on) in _CURRENT for each in _due(edition, on)]
    ranks = list(Standing)
    return tuple(
        sorted(found, key=lambda each: (ranks.index(each.standing), each.days or 0, each.edition.document.title))
    )


def _due(edition: Edition, on: date) -> Iterable[Due]:
    if edition.review_by is None:
        yield Due(edition, Standing.NO_DATE)
    elif edition.review_by < on:
        yield Due(edition, Standing.OVERDUE, (edition.review_by - on).days)
    elif edition.review_by <= on + timedelta(days=SOON_DAYS):
        yield Due(edition, Standing.SOON, (edition.review_by - on).days)


@dataclass(frozen=True)
class Resting:
    """An outside event, and the documents of which passages rest on what it replaced."""

    event: Event
    passages: int
    documents: tuple[Document, ...]

    @property
    def called(self) -> str:
        """'Working Together 2026, 18 March 2026'."""
        return f"{self.event.title}, {self.event.when or messages.uk_date(self.event.on)}"

    @property
    def ids(self) -> tuple[str, ...]:
        """The documents' ids."""
        return tuple(document.id for document in self.documents)

    @property
    def extent(self) -> str:
        """'12 passages'."""
        return f"{self.passages} passage" + ("s" if self.passages != 1 else "")


def resting(events: Sequence[Event], passages: Sequence[Passage], on: date) -> tuple[Resting, ...]:
    """What rests on what each event up to the day replaced, in the events' order; events that touch nothing are left
    out."""
    flagged = [(passage.edition.document, set(flags(passage, events, on))) for passage in passages]
    every = ((event, [document for document, found in flagged if event in found]) for event in events)
    return tuple(Resting(event, len(found), tuple(dict.fromkeys(found))) for event, found in every if found)


def as_csv(found: Iterable[Due], on: date) -> str:
    """The list as comma-separated values, for a spreadsheet; the first line names the columns."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["Document", "Title", "Edition", "Owner", "Review by", "Review", "Days left", "Status", "As of"])
    for each in found:
        edition = each.edition
        document = edition.document
        review_by = edition.review_by.isoformat() if edition.review_by else ""
        days = "" if each.days is None else str(each.days)
        cells = (document.id, document.title, edition.label, document.owner, review_by, each.standing)
        writer.writerow([*map(cell, cells), days, edition.status_on(on), on.isoformat()])
    return written.getvalue()


def log_csv(rows: Iterable[Entry]) -> str:
    """The log as comma-separated values, the oldest row first; instants in UTC."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["Row", "At (UTC)", "Who", "What", "Details", "Hash before", "Hash"])
    for row in rows:
        writer.writerow([row.seq, *map(cell, (row.at, row.who, row.action, row.details, row.previous, row.hash))])
    return written.getvalue()


def cell(text: str) -> str:
    """The text as a spreadsheet shows it rather than reckons it: '=1+1' is no formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
