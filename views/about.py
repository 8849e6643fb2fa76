"""About: what this is and is not, its words, privacy, access, and what is published."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from zoneinfo import ZoneInfo

import streamlit as st

from kb import messages
from kb.errors import KnowledgeBaseError
from views.parts.frame import show, show_problem
from views.parts.markup import page_head, paragraph, plain, tag
from views.parts.state import database

WHAT = """
It finds passages in the documents that the board has put in, and quotes them word for word, each with its place and
with what may be done with it today. Where no passage answers, it says so and says whom to ask.

It is **not** advice on a case, not a record, not a way to make a referral, and not a replacement for your safeguarding
lead. It writes no guidance of its own: every answer is a quote. It can miss a passage, so "not found" does not mean
that there is no rule.
"""

WORDS = (
    ("Document", "What persists while its text is renewed, such as the private fostering guidance."),
    ("Edition", "One dated text of a document, from one file."),
    ("Passage", "A run of whole sentences, list items or table rows under one heading: what is found and cited."),
    ("Quote", "A slice of a passage, to the character."),
    ("Status", "What may be done with an edition's text on a day; it comes from the edition's own dates."),
)

STATUSES = (
    ("In force", "It holds today."),
    (
        "Review overdue",
        "It holds, but the day by which it should have been reviewed is past. Check before relying on it.",
    ),
    ("Historical", "It tells how things stood then. It is not current practice."),
    ("Undated", "It carries no date. Do not rely on it without checking."),
    ("Superseded", "A later text has replaced it. It is never quoted as an answer."),
    ("Withdrawn", "The board has taken it back. It is never quoted as an answer."),
    ("Not yet in force", "It will hold from a later day. It is not quoted as an answer before."),
)

PRIVACY = """
Ask about the procedure, not the child. A question that seems to hold a person's details is not asked; the page says
what kind of detail it saw, and keeps nothing.

Questions are not stored, not logged, not put in the address and not sent to any other service. The question and the
last answer stay in this browser tab until you clear them, reload the page or close the tab. A receipt is made for you
to copy and holds your question; no copy of it is kept here. Everything runs on the machine that serves these pages; no
font, script or picture comes from elsewhere, and no usage is counted.

On a shared computer, press "Clear question and answer" and close the tab.
"""

ACCESS = """
We aim at WCAG 2.2, level AA. The pages have been tried by keyboard alone, at 320 pixels' width and in light and dark
colours, in Chromium. They have not been audited, and not yet been tried by people who use a screen reader every day.

What falls short, as far as we know:

- The page's language is marked as English; that it is British English cannot be set in Streamlit.
- There is no link that skips the navigation. Tabbing passes it first; it is short.
- The picture of a PDF page cannot be read by a screen reader. The same text stands beside it.
- Tables of a document keep their header row, but row headers and merged cells of the original are not known.
- The original files that can be downloaded are as their publishers made them.

If something keeps you from using these pages, tell the board's business unit.
"""


def words_html(entries: tuple[tuple[str, str], ...]) -> str:
    """Words and what they mean."""
    return tag(
        "dl", "".join(tag("dt", plain(word)) + tag("dd", plain(means)) for word, means in entries), class_="kb-facts"
    )


def show_version() -> None:
    """The program's version, and the generation that answers."""
    try:
        program = version("safeguarding-kb")
    except PackageNotFoundError:
        program = "not installed as a package"
    facts = [("Program", program)]
    try:
        with database() as store:
            published = store.published_id()
            if published:
                row = store.generation(published)
                facts += [
                    ("Generation", row.id),
                    ("Published", when(row.published_at or row.created_at)),
                    ("Documents", f"{len({each.document.id for each in store.editions(published)}):,}"),
                    ("Embedding model", row.embedder),
                ]
            else:
                facts.append(("Generation", "nothing is published yet"))
    except KnowledgeBaseError as error:
        show_problem(error)
    show(words_html(tuple(facts)))


def when(moment: str) -> str:
    """'23 November 2026, 09:17' in the board's time zone, of a moment in ISO 8601."""
    local = datetime.fromisoformat(moment).astimezone(ZoneInfo("Europe/London"))
    return f"{messages.uk_date(local.date())}, {local:%H:%M}"


show(page_head("About", "about") + paragraph(messages.WHAT_IT_IS))
show(tag("h2", "What it is and what it is not"))
st.markdown(WHAT)
show(tag("h2", "Words") + words_html(WORDS) + tag("h2", "Statuses") + words_html(STATUSES))
show(tag("h2", "Privacy"))
st.markdown(PRIVACY)
show(tag("h2", "Accessibility"))
st.markdown(ACCESS)
show(tag("h2", "What is running"))
show_version()
