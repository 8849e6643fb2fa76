"""Every sentence that a reader may see and that is no quote, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kb.documents import Document, Edition, Status

WHAT_IT_IS = "Finds passages in the board's documents and quotes them. It does not write advice."
ASK_PROMPT = "Ask about the procedure, not the child."
NOT_FOUND = "Not found: no passage answers this question."
ONLY_SUPERSEDED = "Only text that is not in force answers this question."
BLOCKED = "Not asked: the question seems to hold a person's details. Nothing was kept."
WITHHELD = "A quote was withheld because it did not match its document."


def uk_date(day: date) -> str:
    """'3 March 2026'."""
    return f"{day.day} {day:%B %Y}"


def status(edition: Edition, day: date) -> str:
    """The status of an edition on a day, with the date that makes it so: 'review overdue since 18 March 2026'."""
    state = edition.status_on(day)
    if state is Status.IN_FORCE and edition.in_force_from:
        return f"in force since {uk_date(edition.in_force_from)}"
    if state is Status.REVIEW_OVERDUE and edition.review_by:
        return f"review overdue since {uk_date(edition.review_by)}"
    if state is Status.SUPERSEDED and edition.in_force_until:
        return f"superseded since {uk_date(edition.in_force_until)}"
    if state is Status.NOT_YET and edition.in_force_from:
        return f"not in force until {uk_date(edition.in_force_from)}"
    if state is Status.WITHDRAWN and edition.withdrawn:
        return f"withdrawn on {uk_date(edition.withdrawn.on)}"
    if state is Status.HISTORICAL:
        return "historical: not current practice"
    return "undated: do not rely on it"


def status_notice(state: Status, documents: Sequence[Document]) -> str:
    """What a reader must know of quotes that are not simply in force."""
    titles = "; ".join(dict.fromkeys(document.title for document in documents))
    reason = {
        Status.HISTORICAL: "This is how things stood then, not what is done now",
        Status.REVIEW_OVERDUE: "This text is past its review date; check that it still holds",
        Status.UNDATED: "This text carries no date; do not rely on it without checking",
        Status.SUPERSEDED: "This text has been superseded",
        Status.WITHDRAWN: "This text has been withdrawn",
        Status.NOT_YET: "This text is not in force yet",
    }.get(state, "")
    return f"{reason}: {titles}."


def nearest(headings: Sequence[str]) -> str:
    """Where a question that found nothing came closest."""
    return "Nearest headings: " + "; ".join(headings)


def shortened(limit: int) -> str:
    """Said of a question longer than what is read."""
    return f"Only the first {limit:,} characters of the question were read."
