"""What wants to be looked at: reviews that are due, what changed outside, and what could not be read."""

from __future__ import annotations

import streamlit as st

from ingest.effects import current_editions, outside
from ingest.reviews import SOON_DAYS, Due, Standing, as_csv, due
from ingest.service import Desk
from kb import messages
from kb.database import Database, Unread
from kb.errors import KnowledgeBaseError, StoreMissing
from views.parts.documents import unread_html
from views.parts.frame import show, show_problem
from views.parts.manage_effects import listed_html
from views.parts.manage_state import desk
from views.parts.markup import list_table, paragraph, plain, tag


def show_review() -> None:
    """The reviews, then the files."""
    at_work = desk()
    show(tag("h2", "Due for review"))
    found = due(current_editions(at_work), at_work.on)
    show(paragraph(f"Overdue, due within {SOON_DAYS} days, or without a review date.", "kb-quiet"))
    if found:
        show(reviews_html(found))
        name = f"due-for-review-{at_work.on.isoformat()}.csv"
        st.download_button("Download as a table (CSV)", as_csv(found, at_work.on), name, "text/csv", on_click="ignore")
    else:
        show(paragraph("Nothing is."))
    show_outside(at_work)
    unread = _unread(at_work)
    show(unread_html(unread) or tag("h2", "Could not be read") + paragraph("Everything that was added was read."))


def show_outside(at_work: Desk) -> None:
    """What newer laws and national guidance leave to be checked."""
    show(tag("h2", "Changed outside"))
    try:
        found = outside(at_work)
    except KnowledgeBaseError as error:
        show_problem(error)
        return
    if not found:
        show(paragraph("Nothing here rests on what is listed as replaced (events.toml)."))
    for each in found:
        head = tag("h3", plain(each.called)) + paragraph(each.event.told)
        listed = listed_html(document.title for document in each.documents)
        show(tag("article", head + paragraph(f"{each.extent} to check, in:") + listed, class_="kb-document"))


def _unread(at_work: Desk) -> list[Unread]:
    try:
        with Database(at_work.settings.data) as database:
            return database.unread()
    except StoreMissing:
        return []


def reviews_html(found: tuple[Due, ...]) -> str:
    """A table: document, edition, review date and how it stands."""
    columns = ("Document", "Edition", "Owner", "Review by", "Review")
    return list_table(columns, map(_cells, found), "Due for review")


def _cells(each: Due) -> tuple[str, ...]:
    edition = each.edition
    review_by = messages.uk_date(edition.review_by) if edition.review_by else ""
    days = abs(each.days or 0)
    told = {
        Standing.OVERDUE: f"overdue by {days:,} day{'s' * (days != 1)}",
        Standing.SOON: f"due in {days} day{'s' * (days != 1)}" if days else "due today",
        Standing.NO_DATE: "no review date",
    }[each.standing]
    return edition.document.title, edition.label, edition.document.owner, review_by, told
