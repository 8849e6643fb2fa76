"""Every sentence that a reader may see and that is no quote, in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kb.documents import Document, Edition, Status

WHAT_IT_IS = "Finds passages in the board's documents and quotes them. It does not write advice."
ASK_PROMPT = "Ask about the procedure, not the child."
NOT_FOUND = "Not found: no passage answers this question."
ONLY_SUPERSEDED = "Only text that is not in force answers this question."
BLOCKED = "Not asked: the question seems to hold a person's details. Nothing was kept."
RELATED_HEADING = "Related, may not answer you"
RELATED_NEXT = "Read the quotes with care, or ask in other words."
RELATED = f"{RELATED_HEADING}. {RELATED_NEXT}"
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
    if state is Status.NOT_YET and edition.begins:
        return f"not in force until {uk_date(edition.begins)}"
    if state is Status.WITHDRAWN and edition.withdrawn:
        return f"withdrawn on {uk_date(edition.withdrawn.on)}"
    if state is Status.HISTORICAL:
        return "historical: not current practice"
    return "undated: do not rely on it"


def withdrawal(edition: Edition, replacement: str = "") -> str:
    """'Withdrawn on 3 March 2026: the law changed. Replaced by X.'; '' where it is not withdrawn.

    `replacement` is the title of what replaces it, where it is known; else its id is said.
    """
    if not edition.withdrawn:
        return ""
    reason = edition.withdrawn.reason.strip()
    said = f": {reason}" if reason else ""
    instead = replacement or edition.withdrawn.replaced_by
    end = "" if said.endswith((".", "!", "?")) else "."
    return f"Withdrawn on {uk_date(edition.withdrawn.on)}{said}{end}" + (f" Replaced by {instead}." if instead else "")


def only_superseded(editions: Sequence[Edition], day: date, titles: Mapping[str, str]) -> str:
    """What is said where only text that is not in force answers: of each document what became of it.

    `titles` are those of documents by their id.
    """
    said = []
    for edition in editions:
        if edition.status_on(day) is Status.WITHDRAWN and edition.withdrawn:
            became = withdrawal(edition, titles.get(edition.withdrawn.replaced_by or "", ""))
        else:
            state = status(edition, day)
            became = f"{state[:1].upper()}{state[1:]}."
        label = f" ({edition.label})" if edition.label else ""
        said.append(f"{edition.document.title}{label}: {became}")
    return " ".join((ONLY_SUPERSEDED, *dict.fromkeys(said)))


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


# Outside events


def event(happened: str, supersedes: str, note: str) -> str:
    """'Working Together 2026 was published on 18 March 2026. It replaced …', said beside a text that rests on that."""
    replaced = f"It replaced {supersedes}, which this text names or was written from: check that it still holds."
    return " ".join(part for part in (f"{happened}.", replaced, note) if part)


# Receipts

VERDICTS = {
    "verified": "this is what the knowledge base said, and its archive still holds it.",
    "altered": "parts of this are not what the knowledge base said.",
    "not from this knowledge base": "this knowledge base did not give this receipt.",
    "the archive lacks an edition": "the seal is whole, but the archive does not hold what was quoted.",
}
GENERATION_NOT_KEPT = (
    "The list of editions of that generation is no longer kept; the seal shows that the answer came from it."
)
NO_RECEIPT = "there is no receipt in it"
RECEIPT = "Copy a receipt"
RECEIPT_COPIED = "The receipt is copied"
RECEIPT_IS = (
    "The receipt shows later what was said here, also when the documents have changed: "
    "whoever runs this service can check it. It holds your question."
)


def now_is(day: date, edition: str) -> str:
    """How a quoted text stands on the day: 'On 3 March 2026: Private fostering, 2013: superseded since …'."""
    return f"On {uk_date(day)}: {edition}."


# The pages

URGENT = "This sounds urgent. Do not wait for an answer here."
HOW_TO_PHRASE = (
    "Try the words of a procedure: who must act, what must happen, by when. One question at a time, without a case."
)
BLOCKED_NEXT = "Take these details out and ask again: what would the procedure be for any child in that position?"
NOTHING_KEPT = "Nothing was asked, kept or logged. Your text is still in the box."
CANNOT_PLACE = "Cannot place this quote: the link does not fit this edition's text, so nothing is marked."
CANNOT_PLACE_ON_PAGE = "Cannot place this quote on the picture of the page, so nothing is marked on it."
NOT_PUBLISHED = "This edition is no longer published here. It is shown as it was; do not rely on it."
UNKNOWN_EDITION = "This link leads to an edition that is not here."
UNKNOWN_DOCUMENT = "This link leads to a document that is not here."
OPEN_INSTEAD = "Open what replaces it"
OPEN_CURRENT = "Open what is published now"
LEAVES_OUT = "…"
SEARCHING = "Searching the documents"
LOADING = "Loading the index; the first question after a start takes some seconds"
ASK_ALONE = "Remove it and ask the question alone"
CHANGED_SINCE = "The published documents have changed since this answer was given. Ask again before relying on it."


def about(earlier: str) -> str:
    """Said of a question that was asked together with an earlier one."""
    return f"about: {earlier}"


def searched(documents: int, generation: str, on: date) -> str:
    """What a question was put to, and when."""
    return f"Searched {documents:,} documents on {uk_date(on)}; generation {generation}."


def whom_to_ask(emergency: str) -> str:
    """The way on for a question that found nothing, with the board's lines where they do not stand just above."""
    return f"Ask your safeguarding lead. {emergency}".strip()


def details_found(kinds: Sequence[str]) -> str:
    """'The question holds a date of birth and a postcode.'"""
    listed = list(dict.fromkeys(kinds))
    joined = " and ".join(part for part in (", ".join(listed[:-1]), listed[-1]) if part)
    return f"The question holds {joined}."


def pages(edition: Edition, first: int | None, last: int | None) -> str:
    """'p. 7 (PDF page 9)', 'pp. 7 to 8 (PDF pages 9 to 10)'; '' where the format has no pages."""
    if first is None:
        return ""
    last = first if last is None else last
    labels, counts = (edition.label_of_page(first), edition.label_of_page(last)), (str(first), str(last))
    many = first != last
    printed = f"pp. {labels[0]} to {labels[1]}" if many else f"p. {labels[0]}"
    counted = f"PDF pages {counts[0]} to {counts[1]}" if many else f"PDF page {counts[0]}"
    return printed if labels == counts else f"{printed} ({counted})"


def validity(edition: Edition) -> str:
    """'In force from 1 March 2026. Review by 1 March 2027.'; '' where no date is known."""
    parts = []
    if edition.in_force_from:
        until = f", until {uk_date(edition.in_force_until)} (that day excluded)" if edition.in_force_until else ""
        parts.append(f"In force from {uk_date(edition.in_force_from)}{until}.")
    if edition.review_by:
        parts.append(f"Review by {uk_date(edition.review_by)}.")
    return " ".join(parts)


def mended(mends: Sequence[tuple[str, str]]) -> str:
    """Said of slips of the keys: 'Showing results for safeguarding (you wrote safegaurding).'"""
    return "Showing results for " + ", ".join(f"{taken} (you wrote {written})" for written, taken in mends) + "."


def spelt_out(names: Sequence[tuple[str, str]]) -> str:
    """What names in the question were taken to mean: 'Read as: ICPC (initial child protection conference).'"""
    return "Read as: " + ", ".join(f"{name} ({meaning})" for name, meaning in names) + "."


def elsewhere(places: Sequence[str]) -> str:
    """Said of a question about places that no passage found for it is about; their own boards have other rules."""
    named = " and ".join(part for part in (", ".join(places[:-1]), places[-1]) if part)
    return f"The question is about {named}, which nothing found here is about. Ask the safeguarding partners there."


def part_not_found(part: str) -> str:
    """Said of one part of a question that the quotes leave open."""
    return f"Not found: {part.strip(' ?')}."


def differ(measure: str, amounts: tuple[str, str], titles: tuple[str, str]) -> str:
    """Said where two texts in force give different amounts."""
    first, second = (f"{amount} {measure}{'' if amount == '1' else 's'}" for amount in amounts)
    return (
        f"These differ: {first} in {titles[0]}, {second} in {titles[1]}. Check which applies here with your "
        "safeguarding lead."
    )


def many(count: int, noun: str) -> str:
    """'1 passage', '1,027 passages'."""
    return f"{count:,} {noun}" + ("s" if count != 1 else "")
