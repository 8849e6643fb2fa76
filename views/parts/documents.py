"""A document as HTML: in the list, its facts, its contents, a section with what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kb import messages
from kb.database import Database, Unread
from kb.documents import Edition, Element, Passage
from kb.events import Event, flags
from kb.links import Link
from kb.reading import Section, Span, blocks, head, tail
from views.parts.answers import status_html
from views.parts.markup import blocks_html, paragraph, place_link, plain, tag


@dataclass(frozen=True)
class Counted:
    """A published edition with how much of it there is."""

    edition: Edition
    passages: int

    @property
    def extent(self) -> str:
        """'12 passages, 36 pages'."""
        pages = len(self.edition.page_labels)
        return messages.many(self.passages, "passage") + (f", {messages.many(pages, 'page')}" if pages else "")


def counted(store: Database, generation: str) -> tuple[Counted, ...]:
    """Every edition of a generation, by title."""
    editions = sorted(store.editions(generation), key=lambda edition: edition.document.title.casefold())
    return tuple(Counted(edition, len(store.passages(edition))) for edition in editions)


def document_html(entry: Counted, day: date) -> str:
    """A document in the list."""
    edition = entry.edition
    document = edition.document
    title = place_link(Link(document.id, edition.id), document.title)
    facts = " · ".join(
        part for part in (edition.label, document.kind.replace("-", " "), document.owner, entry.extent) if part
    )
    inside = (
        tag("h2", title)
        + status_html(edition.status_on(day), messages.status(edition, day))
        + paragraph(facts, "kb-quiet")
        + (paragraph(messages.validity(edition), "kb-quiet") if messages.validity(edition) else "")
    )
    return tag("article", inside, class_="kb-document")


def unread_html(unread: Sequence[Unread]) -> str:
    """What could not be read, and what to do about each; '' where everything was read."""
    entries = "".join(
        tag("li", tag("strong", plain(entry.file)) + plain(f": {entry.fact}. {entry.next_step}")) for entry in unread
    )
    if not entries:
        return ""
    return tag("div", tag("h2", "Could not be read") + tag("ul", entries, class_="kb-links"), class_="kb-box")


def facts_html(entry: Counted, day: date) -> str:
    """All that is known of an edition."""
    edition = entry.edition
    document = edition.document
    facts = [
        ("Edition", edition.label or "not named"),
        ("Status today", messages.status(edition, day)),
        ("Dates", messages.validity(edition)),
        ("Withdrawn", edition.withdrawn.reason if edition.withdrawn else ""),
        ("Kind", document.kind.replace("-", " ")),
        ("Authority", str(document.authority)),
        ("Publisher", document.publisher),
        ("Owner", document.owner),
        ("For", ", ".join(document.audience)),
        ("Confirmed", edition.confirmed),
        ("Extent", entry.extent),
        ("File", edition.file),
        ("Published at", document.url or ""),
    ]
    listed = "".join(tag("dt", name) + tag("dd", plain(value)) for name, value in facts if value)
    return tag("dl", listed, class_="kb-facts")


def sources_html(edition: Edition) -> str:
    """What an edition was written from; '' where it names nothing."""
    sources = "".join(tag("li", plain(source)) for source in edition.sources)
    return tag("h2", "Written from") + tag("ul", sources, class_="kb-links") if sources else ""


def contents_html(edition: Edition, found: Sequence[Section]) -> str:
    """A link for each section, indented by its level."""

    def where(section: Section) -> str:
        pages = messages.pages(edition, section.pages[0], None) if section.pages else ""
        return tag("span", plain(f", {pages}"), class_="kb-nowrap") if pages else ""

    entries = "".join(
        tag(
            "li",
            place_link(section_link(edition, section), name(section)) + where(section),
            class_=f"kb-{section.level}",
        )
        for section in found
    )
    return tag("nav", tag("ol", entries, class_="kb-contents", role="list"), aria_label="Contents of the document")


def section_link(edition: Edition, section: Section) -> Link:
    """The link that opens a section."""
    return Link(edition.document.id, edition.id, section=section.number)


def name(section: Section) -> str:
    """A section's heading, or what stands in its stead."""
    return section.title or "Before the first heading"


def section_html(text: str, section: Section, edition: Edition, quote: Span | None) -> str:
    """The whole section with exactly the quote marked."""
    drawn = blocks_html(blocks(text, section.elements, quote), page_names(edition))
    token = f"{edition.id} {section.number} {quote}"
    # The first mark takes the focus, so that a reader lands on the quote.
    return drawn.replace("<mark>", f'<mark tabindex="-1" data-kb-focus="{plain(token)}">', 1)


def events_html(passages: Sequence[Passage], events: Sequence[Event], day: date) -> str:
    """What happened outside to documents that the passages rest on, each said once; '' where nothing did."""
    found = dict.fromkeys(event for passage in passages for event in flags(passage, events, day))
    return "".join(paragraph(event.told, "kb-notice") for event in found)


def neighbour_html(text: str, elements: Sequence[Element], edition: Edition, quote: Span | None, title: str) -> str:
    """A part of the section before or after, set apart."""
    inside = paragraph(title, "kb-quiet") + blocks_html(blocks(text, elements, quote), page_names(edition))
    return tag("aside", inside, class_="kb-neighbour", aria_label=title)


def around_html(
    text: str, found: Sequence[Section], at: Section, edition: Edition, quote: Span | None
) -> tuple[str, str]:
    """What stands before and after a section, '' at the ends of the document."""
    before = after = ""
    if at.number > 0:
        section = found[at.number - 1]
        kept = tail(section)
        skipped = f" {messages.LEAVES_OUT}" if kept[0].start > section.start else ""
        before = neighbour_html(text, kept, edition, quote, f"Before it: {name(section)}{skipped}")
    if at.number + 1 < len(found):
        section = found[at.number + 1]
        kept = head(section)
        skipped = f" {messages.LEAVES_OUT}" if kept[-1].end < section.end else ""
        after = neighbour_html(text, kept, edition, quote, f"After it: {name(section)}{skipped}")
    return before, after


def turning_html(edition: Edition, found: Sequence[Section], at: Section) -> str:
    """Links to the previous section, the contents and the next section."""
    links = [place_link(Link(edition.document.id, edition.id), "Contents")]
    if at.number > 0:
        previous = found[at.number - 1]
        links.insert(0, place_link(section_link(edition, previous), f"Previous section: {name(previous)}"))
    if at.number + 1 < len(found):
        following = found[at.number + 1]
        links.append(place_link(section_link(edition, following), f"Next section: {name(following)}"))
    return tag("nav", "".join(links), class_="kb-turn", aria_label="Sections")


def page_names(edition: Edition) -> dict[int, str]:
    """What each page is called: 'p. 7 (PDF page 9)'."""
    return {page: messages.pages(edition, page, page) for page in range(1, len(edition.page_labels) + 1)}
