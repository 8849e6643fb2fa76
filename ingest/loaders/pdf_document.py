"""Pages of words as a document's blocks: tables and running rows set apart, the rest read in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from ingest.blocks import Block
from ingest.clean import clean_text
from ingest.loaders.pdf_layout import Body, Bookmark, Builder, Draft, PageFlow, Placed, Style, begins_note, body_of
from ingest.loaders.pdf_lines import Line, in_reading_order, rows_of
from ingest.loaders.pdf_pages import Page, printed_labels, running_rows
from ingest.loaders.pdf_tables import Table, ruled_tables
from ingest.loaders.pdf_text import Vocabulary, join_lines, vocabulary_of
from kb.documents import ElementKind

_CONTENTS = re.compile(r"^(table of )?contents( page)?$", re.IGNORECASE)
_LEADERS = re.compile(r"(?:\.\s?){5,}\s*\(?(?:\d{1,4}|[ivxlc]{1,6})\)?$|…{2,}\s*\d+$|_{5,}\s*\d+$")
_PAGE_AT_END = re.compile(r"(?:^|\s)(?:\d{1,4}|[ivxl]{1,6})(?:\s?[-–]\s?\d{1,4})?$")
_STRAY_FOOT = re.compile(r"^page \d+( of \d+)?$", re.IGNORECASE)


def read_blocks(
    pages: Sequence[Page], bookmarks: Sequence[Bookmark], own_labels: Sequence[str]
) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The document's blocks in reading order, and the number printed on each page."""
    running = running_rows(pages)
    labels = printed_labels(pages, running, own_labels)
    flows = [_flow(page, running[page.number]) for page in pages]
    flows = _without_contents(flows)
    body = body_of(flows)
    for flow in flows:
        _set_notes_apart(flow, body)
    drafts = Builder(body, bookmarks).build(flows)
    words = vocabulary_of(line.text for flow in flows for line in _lines(flow))
    _set_levels(drafts)
    return tuple(_blocks(drafts, words)), labels


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


def _flow(page: Page, running: Sequence[Line]) -> PageFlow:
    """A page's lines and tables in reading order, its heads and feet left out."""
    gone = {id(word) for row in running for word in row.words}
    gone |= {id(word) for row in page.rows if _STRAY_FOOT.match(row.text.strip()) for word in row.words}
    tables, rest = ruled_tables([word for word in page.words if id(word) not in gone], page.rules)
    rows = rows_of(rest)
    if not rows:
        return PageFlow(page.number, list(tables))
    left = min(row.x0 for row in rows)
    right = max(row.x1 for row in rows)
    entries: list[Placed | Table] = []
    before: Line | None = None
    waiting = sorted(tables, key=lambda table: table.top)
    ordered = in_reading_order(rows, left, right)
    for row in ordered:
        while waiting and waiting[0].top < row.y:
            entries.append(waiting.pop(0))
            before = None
        gap = row.y - before.y if before is not None and row.y > before.y else None
        entries.append(Placed(row, page.number, gap, left, right))
        before = row
    return PageFlow(page.number, [*entries, *waiting])


def _set_notes_apart(flow: PageFlow, body: Body) -> None:
    """Moves the small lines at the foot of a page that begin with a note's number to its notes."""
    at = len(flow.entries)
    while at > 0 and isinstance(entry := flow.entries[at - 1], Placed) and entry.line.size < 0.93 * body.size:
        at -= 1
    tail = [entry for entry in flow.entries[at:] if isinstance(entry, Placed)]
    while tail and not begins_note(tail[0].line):
        tail.pop(0)
    if tail and len(tail) < len(flow.entries):
        flow.entries = flow.entries[: len(flow.entries) - len(tail)]
        flow.notes = tail


def _without_contents(flows: Sequence[PageFlow]) -> list[PageFlow]:
    """The pages without their contents lists: lines with leader dots, and what a "Contents" line heads."""
    inside = False
    kept: list[PageFlow] = []
    for flow in flows:
        entries: list[Placed | Table] = []
        at = 0
        while at < len(flow.entries):
            entry = flow.entries[at]
            if isinstance(entry, Placed):
                if _CONTENTS.match(entry.text.strip()) and _lists_pages(flow.entries[at + 1 :]):
                    inside = True
                elif _LEADERS.search(entry.text):
                    pass
                elif inside and (_PAGE_AT_END.search(entry.text) or _lists_pages(flow.entries[at : at + 4], 0.5)):
                    pass
                else:
                    inside = False
                    entries.append(entry)
            elif not (inside and _table_lists_pages(entry)):
                inside = False
                entries.append(entry)
            at += 1
        inside = inside and bool(flow.entries) and not entries[-1:]
        kept.append(PageFlow(flow.number, entries))
    return kept


def _lists_pages(entries: Sequence[Placed | Table], share: float = 0.4) -> bool:
    """Whether the next lines mostly end in a page number."""
    if entries and isinstance(entries[0], Table):
        return _table_lists_pages(entries[0])
    texts = [entry.text.strip() for entry in entries[:12] if isinstance(entry, Placed)]
    return bool(texts) and sum(bool(_PAGE_AT_END.search(t) or _LEADERS.search(t)) for t in texts) >= share * len(texts)


def _table_lists_pages(table: Table) -> bool:
    ends = [row.cells[-1].lines[-1].text for row in table.rows if row.cells[-1].lines]
    return bool(ends) and sum(bool(_PAGE_AT_END.search(text)) for text in ends) >= 0.6 * len(table.rows)


# levels


def _set_levels(drafts: Sequence[Draft]) -> None:
    """Gives each heading a level from 1 to 6: of the outline where it is known, else by size and weight."""
    headings = [draft for draft in drafts if draft.kind is ElementKind.HEADING and draft.style]
    known: dict[Style, list[int]] = {}
    for draft in headings:
        if draft.level and draft.style:
            known.setdefault(draft.style, []).append(draft.level)
    ranks = sorted({draft.style for draft in headings if draft.style}, key=_weight, reverse=True)
    levels: dict[Style, int] = {}
    above = 0
    for style in ranks:
        if style in known:
            levels[style] = round(median(known[style]))
        else:
            heavier = [levels[other] for other in ranks if other in levels and _weight(other) > _weight(style)]
            lighter = [round(median(known[other])) for other in ranks if other in known and _weight(other) < _weight(style)]
            wanted = (max(heavier) if heavier else 0) + 1
            levels[style] = max(1, min(wanted, *(lighter or [wanted])))
        above = levels[style]
    used = sorted({draft.level or levels[draft.style] for draft in headings if draft.style})
    dense = {level: min(rank, 6) for rank, level in enumerate(used, start=1)}
    for draft in headings:
        if draft.style:
            draft.level = dense[draft.level or levels[draft.style]]


def _weight(style: Style) -> tuple[float, ...]:
    return (round(style.size), style.capitals, style.bold, not style.italic)


# blocks


def _blocks(drafts: Sequence[Draft], words: Vocabulary) -> Iterable[Block]:
    for draft in drafts:
        if draft.kind is ElementKind.ROW:
            block = _row(draft)
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


def _row(draft: Draft) -> Block | None:
    cells = [clean_text(text) for text, _ in draft.pieces]
    if not any(cells):
        return None
    while cells and not cells[-1]:
        cells.pop()
    text = clean_text(" | ".join(cells))
    return Block(ElementKind.ROW, text, is_header=draft.is_header, page=draft.pieces[0][1])


_NO_TITLE = re.compile(
    r"^(microsoft (word|powerpoint|excel)\b.*|untitled.*|document\d*|slide \d+|.*\.(docx?|pdf|pptx?|xlsx?|rtf|indd|qxd|p65)"
    r"|.*\btemplate\b.*|committee report [\d.]+|\(?unspecified\)?|title|blank|print|layout \d+|[\W\d_]*)$",
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
