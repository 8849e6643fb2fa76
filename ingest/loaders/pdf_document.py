"""Pages of words as a document's blocks: tables and running rows set apart, the rest read in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from ingest.blocks import Block
from ingest.clean import clean_text
from ingest.loaders.pdf_aligned import aligned_tables
from ingest.loaders.pdf_contents import contents_rows
from ingest.loaders.pdf_layout import Builder
from ingest.loaders.pdf_lines import Line, in_reading_order, rows_of
from ingest.loaders.pdf_pages import Page, printed_labels, running_rows
from ingest.loaders.pdf_rows import continue_table, is_continued
from ingest.loaders.pdf_style import Body, Bookmark, Draft, PageFlow, Placed, Style, body_of, note_number
from ingest.loaders.pdf_tables import Table, ruled_tables
from ingest.loaders.pdf_text import Vocabulary, join_lines, vocabulary_of
from ingest.loaders.pdf_underlined import column_rules
from kb.documents import ElementKind

_STRAY_FOOT = re.compile(r"^page \d+( of \d+)?$", re.IGNORECASE)


SCANNED = 0.4
"""A page with no text but heads and feet, of which pictures fill more than this share, is a scan."""


@dataclass(frozen=True)
class Read:
    """The document's blocks in reading order, the number printed on each page, and the 1-based pages not read.

    A page counts as not read where it shows something but has no text; a blank page has nothing to read.
    """

    blocks: tuple[Block, ...]
    labels: tuple[str, ...]
    unread: tuple[int, ...]


def read_document(pages: Sequence[Page], bookmarks: Sequence[Bookmark], own_labels: Sequence[str]) -> Read:
    """The document that the pages hold."""
    running = running_rows(pages)
    labels = printed_labels(pages, running, own_labels)
    left_out = _left_out(pages, running)
    flows = [_flow(page, left_out[page.number]) for page in pages]
    body = body_of(flows)
    for flow in flows:
        _set_notes_apart(flow, body)
    _join_tables(flows)
    drafts = Builder(body, bookmarks).build(flows)
    words = vocabulary_of(line.text for flow in flows for line in _lines(flow))
    _set_levels(drafts, _abbreviations(drafts))
    _set_numbered_paragraphs(drafts)
    unread = tuple(
        page.number
        for page in pages
        if all(id(word) in left_out[page.number] for word in page.words) and page.shown > (SCANNED if page.rows else 0)
    )
    return Read(tuple(_blocks(drafts, words)), labels, unread)


def _lines(flow: PageFlow) -> Iterable[Line]:
    for entry in flow.entries:
        if isinstance(entry, Placed):
            yield entry.line
        else:
            for row in entry.rows:
                for cell in row.cells:
                    yield from cell.lines
    for note in flow.notes:
        yield note.line


def _left_out(pages: Sequence[Page], running: dict[int, list[Line]]) -> dict[int, set[int]]:
    """The identities of the words of each page that are no text of the document: heads, feet, contents lists."""
    body: list[list[Line]] = []
    gone: dict[int, set[int]] = {}
    for page in pages:
        known = {id(row) for row in running[page.number]}
        out = [row for row in page.rows if id(row) in known or _STRAY_FOOT.match(row.text.strip())]
        body.append([row for row in page.rows if not any(row is one for one in out)])
        gone[page.number] = {id(word) for row in out for word in row.words}
    for page, rows in zip(pages, contents_rows(body), strict=True):
        gone[page.number] |= {id(word) for row in rows for word in row.words}
    return gone


def _flow(page: Page, gone: set[int]) -> PageFlow:
    """A page's lines and tables in reading order, the words left out that `gone` names."""
    words = [word for word in page.words if id(word) not in gone]
    tables, rest = ruled_tables(words, [*page.rules, *column_rules(words, page.rules)])
    rows = rows_of(rest)
    if not rows:
        return PageFlow(page.number, _placed(page.number, (), tables, 0.0, page.width))
    usual = median(row.size for row in rows)
    left = min(row.x0 for row in rows)
    right = max(row.x1 for row in rows if row.size >= 0.95 * usual)
    parts: list[Line | Table] = []
    for in_columns, run in in_reading_order(rows, left, right):
        for part in [run] if in_columns else aligned_tables(run):
            parts += [part] if isinstance(part, Table) else part
    return PageFlow(page.number, _placed(page.number, parts, tables, left, right))


def _placed(
    page: int, parts: Sequence[Line | Table], tables: Sequence[Table], left: float, right: float
) -> list[Placed | Table]:
    """Lines with the space above them, and the ruled tables where they stand between them."""
    entries: list[Placed | Table] = []
    before: Line | None = None
    waiting = sorted(tables, key=lambda table: table.top)
    for part in parts:
        while waiting and waiting[0].top < (part.top if isinstance(part, Table) else part.y):
            entries.append(waiting.pop(0))
            before = None
        if isinstance(part, Table):
            entries.append(part)
            before = None
        else:
            gap = part.y - before.y if before is not None and part.y > before.y else None
            entries.append(Placed(part, page, gap, left, right))
            before = part
    entries += waiting
    for entry in entries:
        if isinstance(entry, Table):
            entry.page = entry.page_end = page
            for row in entry.rows:
                row.page = page
    return entries


def _join_tables(flows: Sequence[PageFlow]) -> None:
    """Moves the rows of a table that goes on at the top of the next page to where it begins."""
    before: Table | None = None
    for flow in flows:
        first = flow.entries[0] if flow.entries else None
        if before and isinstance(first, Table) and before.page_end == flow.number - 1 and is_continued(before, first):
            flow.entries.pop(0)
            continue_table(before, first)
            if flow.entries or flow.notes:
                before = None
        last = flow.entries[-1] if flow.entries else None
        if flow.entries:
            before = last if isinstance(last, Table) else None


def _set_notes_apart(flow: PageFlow, body: Body) -> None:
    """Moves the small lines at the foot of a page, one of which begins with a note's number, to its notes."""
    at = len(flow.entries)
    while at > 0 and isinstance(entry := flow.entries[at - 1], Placed) and entry.line.size < 0.93 * body.size:
        at -= 1
    tail = [entry for entry in flow.entries[at:] if isinstance(entry, Placed)]
    if at > 0 and any(note_number(entry.line) is not None for entry in tail):
        flow.entries = flow.entries[:at]
        flow.notes = tail


# levels


_HEADING_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)\.?\s")
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
_CAPTION = re.compile(r"^(?:box|table|figure|chart|diagram)\s+\d+(?:\.\d+)*[a-z]?\b[.:]?", re.IGNORECASE)


def _set_levels(drafts: list[Draft], abbreviations: Container[str]) -> None:
    """Gives each heading a level from 1 to 6: of the outline where it is known, else by size and weight.

    A heading numbered within another's number ("4.1" within "4.") goes below it, however alike they look.
    """
    _take_out_captions(drafts)
    headings = [
        (draft, _without_capitals(draft, draft.style, abbreviations))
        for draft in drafts
        if draft.kind is ElementKind.HEADING and draft.style
    ]
    known: dict[Style, list[int]] = {}
    for draft, style in headings:
        if draft.level:
            known.setdefault(style, []).append(draft.level)
    levels: dict[Style, int] = {}
    above = 0
    for style in sorted({style for _, style in headings}, key=_weight, reverse=True):
        levels[style] = round(median(known[style])) if style in known else above + 1
        above = max(above, levels[style])
    trail: list[tuple[float, str]] = []
    for draft, style in headings:
        raw: float = draft.level or levels[style]
        number = _number_of(draft)
        if number and (above_it := [rank for rank, other in trail if other and number.startswith(f"{other}.")]):
            # Between the two levels, so that an unnumbered heading of the next level goes below both.
            raw = max(raw, above_it[-1] + 0.5 ** number.count("."))
        while trail and trail[-1][0] >= raw:
            trail.pop()
        trail.append((raw, number))
        draft.level = min(len(trail), 6)


def _number_of(draft: Draft) -> str:
    """The number with which a heading begins, without its last full stop; '' for none."""
    found = _HEADING_NUMBER.match(draft.pieces[0][0].strip())
    return found.group(1) if found else ""


def _abbreviations(drafts: Iterable[Draft]) -> frozenset[str]:
    """The words that the running text writes in capitals."""
    return frozenset(
        word
        for draft in drafts
        if draft.kind is not ElementKind.HEADING
        for text, _ in draft.pieces
        if not text.isupper()
        for word in _CAPITALS.findall(text)
    )


def _without_capitals(draft: Draft, style: Style, abbreviations: Container[str]) -> Style:
    """The heading's look, in which an abbreviation is no word set in capitals."""
    words = _CAPITALS.findall(" ".join(text for text, _ in draft.pieces))
    return replace(style, capitals=style.capitals and not all(word in abbreviations for word in words))


def _take_out_captions(drafts: list[Draft]) -> None:
    """Makes a paragraph of "Box 3" and the title below it.

    As a heading it would also head the running text that goes on below the box or table, and a citation would name it.
    """
    at = 0
    while at < len(drafts):
        draft, after = drafts[at], drafts[at + 1] if at + 1 < len(drafts) else None
        text = draft.pieces[0][0].strip() if draft.kind is ElementKind.HEADING else ""
        if found := _CAPTION.match(text):
            draft.kind, draft.level = ElementKind.PARAGRAPH, 0
            if found.end() == len(text) and after and after.kind is ElementKind.HEADING:
                draft.pieces += after.pieces
                del drafts[at + 1]
        at += 1


def _weight(style: Style) -> tuple[float, ...]:
    return (round(style.size), style.capitals, style.bold, not style.italic)


MIN_NUMBERED_PARAGRAPHS = 8
NUMBERED_PARAGRAPH = 150
_SIMPLE_NUMBER = re.compile(r"^(\d{1,3})\.$")


def _set_numbered_paragraphs(drafts: Sequence[Draft]) -> None:
    """Makes paragraphs of the items numbered on through the document ("29. The Board concluded ...")."""
    chain: list[Draft] = []
    for draft in [*drafts, Draft(ElementKind.ITEM, [], "1.")]:
        found = _SIMPLE_NUMBER.match(draft.marker)
        if not found or draft.kind is not ElementKind.ITEM:
            continue
        if chain and int(found.group(1)) != int(chain[-1].marker[:-1]) + 1:
            lengths = [sum(len(text) for text, _ in one.pieces) for one in chain]
            if len(chain) >= MIN_NUMBERED_PARAGRAPHS and median(lengths) >= NUMBERED_PARAGRAPH:
                for one in chain:
                    one.kind, one.level = ElementKind.PARAGRAPH, 0
            chain = []
        chain.append(draft)


# blocks


def _blocks(drafts: Sequence[Draft], words: Vocabulary) -> Iterable[Block]:
    for draft in drafts:
        if draft.kind is ElementKind.ROW:
            block = _row(draft, words)
        else:
            text, breaks = join_lines(draft.pieces, words)
            if draft.marker and text:
                shift = len(draft.marker) + 1
                text = f"{draft.marker} {text}"
                breaks = tuple((offset + shift, page) for offset, page in breaks)
            page = draft.pieces[0][1]
            block = Block(draft.kind, text, draft.level, page=page, breaks=breaks) if text else None
        if block is not None:
            yield block


def _row(draft: Draft, words: Vocabulary) -> Block | None:
    cells = [join_lines(pieces, words)[0] for pieces in draft.cells]
    if not any(cells):
        return None
    while cells and not cells[-1]:
        cells.pop()
    text = clean_text(" | ".join(cells))
    return Block(ElementKind.ROW, text, is_header=draft.is_header, page=draft.pieces[0][1])


_NO_TITLE = re.compile(
    r"^(microsoft (word|powerpoint|excel)\b.*|untitled.*|document\d*|slide \d+"
    r"|.*\.(docx?|pdf|pptx?|xlsx?|rtf|indd|qxd|p65)|.*\btemplate\b.*|committee report [\d.]+|\(?unspecified\)?"
    r"|title|blank|print|layout \d+|[\W\d_]*)$",
    re.IGNORECASE,
)


def title_from(own: str | None, pages: Sequence[Page], stem: str) -> str | None:
    """The file's own title where it is a real one, else the largest lines of the first page with text."""
    stated = clean_text(own or "")
    if stated and not _NO_TITLE.match(stated) and stated.casefold() != stem.casefold():
        return stated
    page = next((page for page in pages if page.rows), None)
    if page is None:
        return None
    sizes = Counter(round(row.size) for row in page.rows for _ in row.text)
    largest = max(sizes)
    if largest <= min(sizes) or largest < 1.12 * sizes.most_common(1)[0][0]:
        return None
    rows = [row for row in page.rows if round(row.size) == largest]
    return clean_text(" ".join(row.text for row in rows))[:200] or None
