"""An answer as HTML and as plain text: quotes first, each with its citation, its status and its source note."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from kb import messages
from kb.answers import Answer, Hit, NoticeKind, Outcome, Statement
from kb.documents import Citation, Edition, Element, ElementKind, Passage, Status
from kb.links import Link, link_to
from kb.reading import has_gap, quote_blocks
from views.parts.markup import blocks_html, paragraph, place_link, plain, tag

Content = Callable[[str], tuple[str, tuple[Element, ...]]]
"""The text and the elements of the edition of that id."""

SETTLED = frozenset({Status.IN_FORCE})


def statement_html(number: int, statement: Statement, as_of: date, content: Content) -> str:
    """A quote with all that a reader needs to judge it, and the button that copies it."""
    citation = statement.citation
    source = citation.passage.source
    inside = (
        tag("blockquote", quote_html(statement, content))
        + citation_html(number, citation)
        + status_html(statement.status, messages.status(citation.passage.edition, as_of))
        + (paragraph(source.text, "kb-source") if source else "")
        + copy_html(statement_text(statement, as_of))
    )
    return tag("article", inside, class_="kb-statement", aria_label=f"Quote {number}")


def quote_html(statement: Statement, content: Content) -> str:
    """The lead-in, an ellipsis where something between is left out, and the quote.

    Where the quote is wider than what answers in it, that is marked.
    """
    citation, lead = statement.citation, statement.lead
    text, elements = content(citation.passage.edition.id)
    quote = (citation.start, citation.end)
    key = (statement.key.start, statement.key.end) if statement.key else quote
    marked = key if key != quote else None
    drawn = quote_blocks(text, elements, quote, (lead.start, lead.end) if lead else None, marked)
    inside = blocks_html(drawn)
    if lead is None or _is_header(lead.start, elements, citation.start):
        return inside
    cut = paragraph(messages.LEAVES_OUT, "kb-cut") if has_gap(text, lead.end, citation.start) else ""
    return paragraph(lead.text, "kb-lead") + cut + inside


def _is_header(lead: int, elements: Sequence[Element], quote: int) -> bool:
    """Whether lead-in and quote are both table rows, so that the lead-in is drawn as the table's header."""
    kinds = [element.kind for at in (lead, quote) for element in elements if element.start <= at < element.end]
    return kinds == [ElementKind.ROW, ElementKind.ROW]


def citation_html(number: int, citation: Citation) -> str:
    """'[1] Private fostering, 2013 › Visits, p. 7 (PDF page 9)' with the title as the link to the passage."""
    title = place_link(link_to(citation), citation.passage.edition.document.title)
    return tag("p", f"[{number}] {title}{plain(_after_title(citation))}", class_="kb-citation")


def _after_title(citation: Citation) -> str:
    edition = citation.passage.edition
    label = f", {edition.label}" if edition.label else ""
    trail = "".join(f" › {heading}" for heading in below_title(edition, citation.passage.headings))
    pages = messages.pages(edition, citation.first_page, citation.last_page)
    return label + trail + (f", {pages}" if pages else "")


def below_title(edition: Edition, headings: Sequence[str]) -> tuple[str, ...]:
    """The trail without the document's own title, which stands before it anyway."""
    return tuple(headings[1:] if headings[:1] == (edition.document.title,) else headings)


def status_html(status: Status, text: str) -> str:
    """The status in words; framed as well as worded where the text is not simply in force."""
    return tag(
        "p", plain(text[:1].upper() + text[1:]), class_="kb-status" if status in SETTLED else "kb-status kb-warn"
    )


def statement_text(statement: Statement, as_of: date) -> str:
    """The quote with its citation as plain text, for an e-mail or a record."""
    citation = statement.citation
    lead = [statement.lead.text, messages.LEAVES_OUT] if statement.lead else []
    edition = citation.passage.edition
    lines = [
        *lead,
        citation.quote,
        "",
        edition.document.title + _after_title(citation),
        f"Status on {messages.uk_date(as_of)}: {messages.status(edition, as_of)}",
        citation.passage.source.text if citation.passage.source else "",
        edition.document.url or "",
    ]
    return "\n".join(line for number, line in enumerate(lines) if line or number == len(lead) + 1)


def copy_html(text: str, label: str = "Copy with citation", done: str = "Copied with its citation") -> str:
    """A button that copies the text; where the browser does not let it, the text is shown and selected instead."""
    button = tag("button", plain(label), type="button", class_="kb-copy", data_kb_done=done)
    return tag("div", button + tag("pre", plain(text), hidden="hidden"), class_="kb-copying")


def quotes_html(answer: Answer, content: Content) -> str:
    """What must be known before the quotes are read, and the quotes; framed under a heading where only related."""
    first = "".join(paragraph(notice.text, f"kb-notice kb-{notice.kind}") for notice in answer.first_notices)
    quotes = "".join(
        statement_html(number, statement, answer.as_of, content)
        for number, statement in enumerate(answer.statements, start=1)
    )
    if not answer.is_related:
        return first + quotes
    heading = tag("h2", plain(messages.RELATED_HEADING)) + paragraph(messages.RELATED_NEXT)
    return tag("section", heading + first + quotes, class_="kb-related", aria_label=messages.RELATED_HEADING)


def notices_html(answer: Answer) -> str:
    """What else the reader must know, each a paragraph; nearest headings are drawn as links elsewhere."""
    further = (notice for notice in answer.further_notices if notice.kind is not NoticeKind.NEAREST)
    return "".join(paragraph(notice.text, "kb-notice") for notice in further)


def receipt_html(text: str) -> str:
    """The button that copies a receipt, and what one is for."""
    button = copy_html(text, messages.RECEIPT, messages.RECEIPT_COPIED)
    return tag("div", paragraph(messages.RECEIPT_IS, "kb-quiet") + button, class_="kb-receipt")


def links_html(title: str, hits: Iterable[Hit], as_of: date, limit: int = 3) -> str:
    """A list of links to passages, one for each trail of headings, each with its status; '' without hits."""
    passages = {(hit.passage.edition.id, hit.passage.headings): hit.passage for hit in reversed(list(hits))}
    listed = "".join(tag("li", _passage_link(passage, as_of)) for passage in [*reversed(passages.values())][:limit])
    return tag("h2", plain(title)) + tag("ul", listed, class_="kb-links") if listed else ""


def _passage_link(passage: Passage, as_of: date) -> str:
    edition = passage.edition
    link = Link(edition.document.id, edition.id, passage.id, passage.start, passage.end)
    named = place_link(link, " › ".join((edition.document.title, *passage.headings[-1:])))
    return f"{named} ({plain(messages.status(edition, as_of))})"


def nearest(answer: Answer) -> Sequence[Hit]:
    """The hits to lead on to from an answer: what is not in force where only that was found, else what was kept."""
    if answer.outcome is Outcome.ONLY_SUPERSEDED:
        left = {Status.SUPERSEDED, Status.WITHDRAWN, Status.NOT_YET}
        return [hit for hit in answer.rejected if hit.passage.edition.status_on(answer.as_of) in left]
    shown = {statement.citation.passage.headings for statement in answer.statements}
    return [hit for hit in answer.kept if hit.passage.headings not in shown]


def with_telephone_links(text: str, numbers: Iterable[str]) -> str:
    """The text as HTML whose telephone numbers can be rung from a telephone; it reads the same."""
    drawn = plain(text)
    for number in numbers:
        ring = tag("a", plain(number), href=f"tel:{re.sub(r'[^0-9+]', '', number)}")
        drawn = drawn.replace(plain(number), ring, 1)
    return drawn
