"""Documents: what is held, in which edition and status, and any passage in its place."""

from __future__ import annotations

import mimetypes
from dataclasses import replace
from pathlib import Path

import streamlit as st

from kb import messages
from kb.database import Database
from kb.documents import Edition, Status
from kb.errors import KnowledgeBaseError, NotReadable, StoreMissing
from kb.events import read_events
from kb.links import Link, Opened, follow
from kb.picture import Picture, picture
from kb.reading import OnPage, Section, Span, on_page, section_at, sections
from views.parts.answers import below_title
from views.parts.documents import (
    Counted,
    around_html,
    contents_html,
    counted,
    document_html,
    events_html,
    facts_html,
    name,
    section_html,
    sources_html,
    turning_html,
    unread_html,
)
from views.parts.frame import show
from views.parts.markup import answer_link, page_head, paragraph, place_link, plain, tag
from views.parts.state import ANSWER, content, database, settings, today

ALL = "all"


def show_list(store: Database) -> None:
    """Every published document, filtered by status and kind, and what could not be read."""
    show(page_head("Documents", "documents"))
    entries = published(store)
    day = today()
    statuses = list(dict.fromkeys(entry.edition.status_on(day) for entry in entries))
    kinds = list(dict.fromkeys(entry.edition.document.kind for entry in entries))
    left, right = st.columns(2)
    status = left.selectbox("Status", [ALL, *sorted(statuses)])
    kind = right.selectbox("Kind", [ALL, *sorted(kinds)], format_func=lambda value: str(value).replace("-", " "))
    kept = [
        entry
        for entry in entries
        if status in (ALL, entry.edition.status_on(day)) and kind in (ALL, entry.edition.document.kind)
    ]
    show(paragraph(f"{len(kept):,} of {messages.many(len(entries), 'document')}", "kb-quiet"))
    show("".join(document_html(entry, day) for entry in kept) or paragraph("No document is of that status and kind."))
    if unread := unread_html(store.unread()):
        show(unread)


def published(store: Database) -> tuple[Counted, ...]:
    """The published editions, counted once for each generation."""
    generation = store.published_id()
    if generation is None:
        raise StoreMissing(str(settings().data), "nothing is published yet", "Run: python -m ingest")
    return _counted(str(settings().data), generation)


@st.cache_data(max_entries=4, show_spinner=False)
def _counted(data: str, generation: str) -> tuple[Counted, ...]:
    with Database(Path(data)) as store:
        return counted(store, generation)


def show_unknown(link: Link, opened: Opened) -> None:
    """That a link leads nowhere, and the way on."""
    show(page_head("Not here", "unknown"))
    fact = messages.UNKNOWN_EDITION if opened.current else messages.UNKNOWN_DOCUMENT
    ways = [place_link(Link(link.document, edition.id), f"{messages.OPEN_CURRENT}: {edition.document.title}")
            for edition in opened.current] or [place_link(Link(), "All documents")]  # fmt: skip
    show(tag("div", paragraph(fact) + "".join(tag("p", way) for way in ways), class_="kb-box"))


def show_edition(store: Database, link: Link, edition: Edition, opened: Opened) -> None:
    """A document's facts and contents, or one section of it with a quote marked."""
    text, elements = content(edition.id)
    found = sections(text, elements)
    at = section_at(found, opened.quote[0]) if opened.quote else None
    if at is None and link.section is not None and 0 <= link.section < len(found):
        at = found[link.section]
    show(page_head(edition.document.title, f"{edition.id} {replace(link, page=None).query}"))
    show_standing(link, edition, opened)
    if at is None:
        entry = Counted(edition, len(store.passages(edition)))
        show(facts_html(entry, today()))
        show_download(store, edition)
        show(tag("h2", "Contents") + contents_html(edition, found))
        if written_from := sources_html(edition):
            show(written_from)
        return
    show_events(store, edition, at, opened.quote)
    if Path(edition.file).suffix.lower() == ".pdf":
        with st.container(key="beside"):
            left, right = st.columns([3, 2], gap="large")
        with left:
            show_section(text, found, at, edition, opened.quote)
        with right:
            show_page(store, link, edition, at, opened.quote)
    else:
        show_section(text, found, at, edition, opened.quote)
    show_download(store, edition)


def show_standing(link: Link, edition: Edition, opened: Opened) -> None:
    """Edition and status, and plainly whatever is wrong with the edition or the link."""
    status = messages.status(edition, today())
    settled = opened.is_published and edition.status_on(today()) is Status.IN_FORCE
    label = f"{edition.label}: " if edition.label else ""
    show(
        tag(
            "p",
            plain((label + status)[:1].upper() + (label + status)[1:]),
            class_="kb-status" + (" kb-warn" * (not settled)),
        )
    )
    if edition.withdrawn and edition.status_on(today()) is Status.WITHDRAWN:
        show(withdrawn_html(edition))
    if not opened.is_published:
        ways = "".join(
            tag(
                "p",
                place_link(
                    Link(link.document, each.id), f"{messages.OPEN_CURRENT}: {each.document.title}, {each.label}"
                ),
            )
            for each in opened.current
        )
        show(tag("div", paragraph(messages.NOT_PUBLISHED) + ways, class_="kb-box"))
    if opened.unplaced:
        show(paragraph(messages.CANNOT_PLACE, "kb-notice"))


def withdrawn_html(edition: Edition) -> str:
    """Why it was withdrawn, and the way to what replaces it."""
    assert edition.withdrawn
    instead = edition.withdrawn.replaced_by
    with database() as store:
        found = follow(Link(instead), store, today()).edition if instead else None
    said = paragraph(messages.withdrawal(edition, found.document.title if found else ""))
    way = place_link(Link(found.document.id), f"{messages.OPEN_INSTEAD}: {found.document.title}") if found else ""
    return tag("div", said + (tag("p", way) if way else ""), class_="kb-box")


def show_section(text: str, found: tuple[Section, ...], at: Section, edition: Edition, quote: Span | None) -> None:
    """The section between what stands before and after it, with the links to turn."""
    before, after = around_html(text, found, at, edition, quote)
    show(turning_html(edition, found, at))
    if before:
        show(before)
    trail = " › ".join(below_title(edition, at.trail[:-1]))
    pages = messages.pages(edition, *at.pages) if at.pages else ""
    show(paragraph(" · ".join(part for part in (trail, pages) if part) or name(at), "kb-quiet"))
    show(section_html(text, at, edition, quote))
    if after:
        show(after)
    show(turning_html(edition, found, at))


def show_events(store: Database, edition: Edition, at: Section, quote: Span | None) -> None:
    """What happened outside to documents that the quote, or else the section, rests on."""
    start, end = quote or (at.start, at.end)
    passages = [each for each in store.passages(edition) if each.start < end and start < each.end]
    try:
        events = read_events(settings().corpus / "events.toml")
    except KnowledgeBaseError as error:
        show(paragraph(str(error), "kb-notice"))
        return
    if told := events_html(passages, events, today()):
        show(told)


def show_page(store: Database, link: Link, edition: Edition, at: Section, quote: Span | None) -> None:
    """The page of the PDF as a picture, the quote marked where it can be placed, and links to turn the page."""
    pages = quote_pages(edition, quote) if quote else []
    page = link.page or next(iter(pages), at.pages[0] if at.pages else 1)
    text, elements = content(edition.id)
    wanted = on_page(text, elements, quote, page) if quote and page in pages else ()
    try:
        drawn = _picture(str(settings().data), edition.id, edition.file, page, wanted)
    except NotReadable as error:
        show(paragraph(str(error), "kb-notice"))
        return
    called = messages.pages(edition, page, page)
    marked = ", the quote marked" if drawn.placed else ""
    alt = f"Picture of {called} of {drawn.pages} of {edition.document.title}{marked}. Its text stands beside it."
    if wanted and not drawn.placed:
        show(paragraph(messages.CANNOT_PLACE_ON_PAGE, "kb-notice"))
    st.image(drawn.png, alt=alt, width="stretch")
    turns = [(page - 1, "Previous page"), (page + 1, "Next page")]
    links = [place_link(replace(link, page=to), words) for to, words in turns if 1 <= to <= drawn.pages]
    marks = f" (the quote stands on {messages.pages(edition, pages[0], pages[-1])})" if pages else ""
    show(
        paragraph(f"{called} of {drawn.pages}{marks}", "kb-quiet")
        + tag("nav", "".join(links), class_="kb-turn", aria_label="Pages")
    )


def quote_pages(edition: Edition, quote: Span) -> list[int]:
    """The 1-based pages on which the quote stands, in order."""
    text, elements = content(edition.id)
    return [page for page in range(1, len(edition.page_labels) + 1) if on_page(text, elements, quote, page)]


@st.cache_data(max_entries=24, show_spinner="Drawing the page")
def _picture(data: str, edition: str, file: str, page: int, wanted: tuple[OnPage, ...]) -> Picture:
    with Database(Path(data)) as store:
        return picture(store.original(edition), file, page, wanted)


def show_download(store: Database, edition: Edition) -> None:
    """The file as it was read, byte for byte."""
    kind = mimetypes.guess_type(edition.file)[0] or "application/octet-stream"
    original = store.original(edition.id)
    st.download_button(
        "Download the original file", original, file_name=edition.file, mime=kind, on_click="ignore", key="download"
    )


def ways_back(link: Link) -> str:
    """Links to the answer, where there is one, and from a document to the list."""
    back = [answer_link("Back to the answer")] if st.session_state.get(ANSWER) else []
    every = [place_link(Link(), "All documents")] if link.document else []
    links = "".join(back + every)
    return tag("nav", links, class_="kb-turn", aria_label="Way back") if links else ""


link = Link.from_query(st.query_params.to_dict())
if ways := ways_back(link):
    show(ways)
with database() as store:
    if not link.document:
        show_list(store)
    else:
        published(store)
        opened = follow(link, store, today())
        if opened.edition is None:
            show_unknown(link, opened)
        else:
            show_edition(store, link, opened.edition, opened)
