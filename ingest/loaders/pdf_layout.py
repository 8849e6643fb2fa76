"""Lines in reading order told apart into headings, paragraphs, list items, table rows and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from ingest.loaders.pdf_lines import BULLETS
from ingest.loaders.pdf_rows import tidy
from ingest.loaders.pdf_style import (
    DECIMAL,
    TITLED,
    Body,
    Bookmark,
    Draft,
    PageFlow,
    Placed,
    Style,
    marker_of,
    note_number,
    style_of,
    without_marker,
)  # fmt: skip
from ingest.loaders.pdf_tables import Table
from kb.documents import ElementKind

MAX_HEADING = 220
MAX_HEADING_LINES = 6
TERMINAL = ".!?:;"


def _is_numbered_title(text: str) -> bool:
    return bool(DECIMAL.match(text) or TITLED.match(text))


_INNER = re.compile(r"^(o|\(?(?:\d{1,2}|[a-z])\))\s+(?=\S)")


class Builder:
    """Turns a document's pages into drafts of its blocks."""

    def __init__(self, body: Body, bookmarks: Sequence[Bookmark]) -> None:
        """Begins a document with that running text and outline."""
        self.body = body
        self.bookmarks: dict[int, list[Bookmark]] = {}
        for mark in bookmarks:
            self.bookmarks.setdefault(mark.page, []).append(mark)
        self.drafts: list[Draft] = []
        self.open: Draft | None = None
        self.waiting: list[Draft] = []
        self.last_note: Draft | None = None
        self.list_stack: list[float] = []

    def build(self, pages: Sequence[PageFlow]) -> list[Draft]:
        """The drafts in reading order; a page's notes follow the paragraph that runs on from it."""
        for page in pages:
            at = 0
            first = True
            while at < len(page.entries):
                entry = page.entries[at]
                if isinstance(entry, Table):
                    self._close()
                    self._flush()
                    self._table(entry, page.number)
                    at += 1
                else:
                    group = self._heading_at(page.entries, at)
                    if group:
                        self._close()
                        self._flush()
                        self._heading(group)
                        at += len(group)
                    else:
                        self._line(entry, first)
                        at += 1
                first = False
            self.waiting += self._notes(page.notes)
        self._close()
        self._flush()
        return self.drafts

    def _close(self) -> None:
        if self.open is not None:
            self.drafts.append(self.open)
            self.open = None

    def _flush(self) -> None:
        self.drafts += self.waiting
        self.waiting = []

    # headings

    def _heading_at(self, entries: Sequence[Placed | Table], at: int) -> list[Placed]:
        """The lines of the heading that begins at an entry; none where it is no heading."""
        first = entries[at]
        assert isinstance(first, Placed)
        marked = self._bookmarked(entries, at)
        if marked:
            return marked
        group = [first]
        style = style_of(first.line)
        if self.open is not None and self._same_heading(self.open.lines[-1], first, style_of(self.open.lines[-1].line)):
            return []
        for entry in entries[at + 1 : at + MAX_HEADING_LINES + 1]:
            if not isinstance(entry, Placed) or not self._same_heading(group[-1], entry, style):
                break
            group.append(entry)
        after = entries[at + len(group)] if at + len(group) < len(entries) else None
        return group if self._is_heading(group, style, after if isinstance(after, Placed) else None) else []

    def _same_heading(self, before: Placed, entry: Placed, style: Style) -> bool:
        other = style_of(entry.line)
        same = (other.size, other.bold, other.italic) == (style.size, style.bold, style.italic)
        return same and entry.gap is not None and entry.gap <= 1.45 * entry.line.size and not marker_of(entry.line)

    def _bookmarked(self, entries: Sequence[Placed | Table], at: int) -> list[Placed]:
        """The lines that together read like a bookmark of their page."""
        first = entries[at]
        assert isinstance(first, Placed)
        for mark in self.bookmarks.get(first.page, ()):
            wanted = _letters(mark.title)
            text = ""
            group: list[Placed] = []
            for entry in entries[at : at + MAX_HEADING_LINES + 1]:
                if not isinstance(entry, Placed) or len(text) >= len(wanted):
                    break
                text += _letters(entry.text)
                group.append(entry)
                if text == wanted and len(mark.title) <= MAX_HEADING:
                    return group
                if not wanted.startswith(text):
                    break
        return []

    def _is_heading(self, group: Sequence[Placed], style: Style, after: Placed | None) -> bool:
        text = " ".join(one.text for one in group)
        first, last = group[0], group[-1]
        if len(text) > MAX_HEADING or len(group) > MAX_HEADING_LINES or sum(c.isalpha() for c in text) < 3:
            return False
        if first.line.words[0].text[:1] in BULLETS:
            return False
        if style.size >= 1.12 * self.body.size and not text.endswith((".", ";", ",")):
            return True
        pitch = self.body.pitch * self.body.size
        apart = first.gap is None or first.gap > 1.15 * pitch or self._after_heading()
        ends = text.endswith((".", ";", ",")) and not text.endswith("etc.")
        if ends or not apart:
            return False
        if after is not None and after.gap is not None and after.gap < 0.9 * pitch:
            return False
        if style.bold and not self.body.bold and style.size >= 0.95 * self.body.size:
            return len(text) <= 160
        alone = after is None or after.gap is None or after.gap > 1.15 * pitch
        short = len(group) == 1 and last.line.x1 < last.right - 3 * last.line.size and len(text) <= 90
        if not short or text.endswith(":"):
            return False
        if style.capitals and alone:
            return True
        if style.italic and not self.body.italic and text[:1].isupper():
            return True
        return alone and _is_numbered_title(text) and first.gap is not None and not self._is_listed(after)

    def _is_listed(self, after: Placed | None) -> bool:
        """Whether a numbered title stands among its like, as in a list of the parts to come."""
        before = self.open.lines[-1].text if self.open else ""
        return _is_numbered_title(before) or (after is not None and _is_numbered_title(after.text))

    def _after_heading(self) -> bool:
        return self.open is None and bool(self.drafts) and self.drafts[-1].kind is ElementKind.HEADING

    def _heading(self, group: Sequence[Placed]) -> None:
        mark = next(
            (
                one
                for one in self.bookmarks.get(group[0].page, ())
                if _letters(one.title) == _letters(" ".join(line.text for line in group))
            ),
            None,
        )
        draft = Draft(ElementKind.HEADING, [(one.text, one.page) for one in group], style=style_of(group[0].line))
        draft.level = mark.depth if mark else 0
        draft.lines = list(group)
        self.drafts.append(draft)
        self.list_stack = []

    # running text

    def _line(self, placed: Placed, first_on_page: bool) -> None:
        marked = marker_of(placed.line)
        if marked and self._is_item(placed, marked):
            self._close()
            self._flush_if_done()
            self._item(placed, marked)
        elif self.open is not None and self._continues(self.open, placed, first_on_page):
            self.open.pieces.append((placed.text, placed.page))
            self.open.lines.append(placed)
            if len(self.open.lines) == 2 and self.open.kind is ElementKind.PARAGRAPH:
                self.open.text_x = placed.line.x0
        else:
            self._close()
            self._flush()
            self.list_stack = []
            line = placed.line
            self.open = Draft(
                ElementKind.PARAGRAPH, [(placed.text, placed.page)], style=style_of(line), x=line.x0, text_x=line.x0,
                lines=[placed],
            )  # fmt: skip

    def _flush_if_done(self) -> None:
        self._flush()

    def _is_item(self, placed: Placed, marked: tuple[str, float]) -> bool:
        """Whether a line with a marker begins an item: not a sentence that happens to go on with '5. ' or 'a) '."""
        if marked[0] == "•":
            return True
        if self.open is None or placed.gap is None:
            return True
        before = self.open.lines[-1]
        full = before.line.x1 > before.right - 4 * before.line.size
        inside = abs(placed.line.x0 - before.line.x0) < 1 and placed.gap <= 1.1 * self.body.pitch * placed.line.size
        return not (full and inside and not before.text.endswith(tuple(TERMINAL)))

    def _item(self, placed: Placed, marked: tuple[str, float]) -> None:
        marker, text_x = marked
        text = without_marker(placed.line)
        inner = _INNER.match(text) if marker == "•" else None
        if inner:
            marker, text = (marker if inner.group(1) == "o" else inner.group(1)), text[inner.end() :]
        x = placed.line.x0
        near = 0.6 * placed.line.size
        while self.list_stack and self.list_stack[-1] > x + near:
            self.list_stack.pop()
        if not self.list_stack or self.list_stack[-1] < x - near:
            self.list_stack.append(x)
        self.open = Draft(
            ElementKind.ITEM, [(text, placed.page)], marker, len(self.list_stack) + bool(inner and marker == "•"),
            style=style_of(placed.line), x=x, text_x=text_x, lines=[placed],
        )  # fmt: skip

    def _continues(self, draft: Draft, placed: Placed, first_on_page: bool) -> bool:
        """Whether a line goes on with the open paragraph or item."""
        before = draft.lines[-1]
        text, size = placed.text, placed.line.size
        if abs(size - before.line.size) > 0.08 * size:
            return False
        ended = before.text.rstrip("”\u2019\"')").endswith((".", "!", "?", ":", ";"))
        if placed.gap is None or placed.page != before.page:
            return self._runs_on(draft, before, placed, ended)
        if before.text.rstrip()[-1:] in "-\u2010\u00ad" and text[:1].islower():
            return True
        usual = self._usual_gap(draft, size)
        if placed.gap > usual * 1.22 or placed.gap < 0:
            return not ended and text[:1].islower() and placed.gap < 3.2 * size and self._is_prose(draft)
        if draft.kind is ElementKind.ITEM:
            full = not self._had_room(before, placed) and placed.line.x0 >= draft.x - 0.7 * size
            return _hangs(draft, placed) or full or (not ended and text[:1].islower())
        indented = placed.line.x0 - before.line.x0
        if indented > 0.8 * size and len(draft.lines) > 1 and ended:
            return False
        return not (ended and self._had_room(before, placed)) and not self._is_manual_break(before, placed)

    def _usual_gap(self, draft: Draft, size: float) -> float:
        gaps = [line.gap for line in draft.lines[1:] if line.gap is not None and line.page == draft.lines[-1].page]
        return median(gaps) if gaps else self.body.pitch * size

    def _is_prose(self, draft: Draft) -> bool:
        return draft.kind is ElementKind.PARAGRAPH and sum(len(text) for text, _ in draft.pieces) > 60

    def _had_room(self, before: Placed, placed: Placed) -> bool:
        """Whether the next line's first word would have fitted on the line before."""
        first = placed.line.words[0]
        return before.line.x1 + (first.x1 - first.x0) + 0.6 * first.size < before.right

    def _is_manual_break(self, before: Placed, placed: Placed) -> bool:
        """Whether two lines are short enough and begin in capitals, as in an address."""
        return placed.text[:1].isupper() and before.line.x1 < before.left + 0.72 * (before.right - before.left)

    def _runs_on(self, draft: Draft, before: Placed, placed: Placed, ended: bool) -> bool:
        """Whether the first line of a page or column goes on with the text before it."""
        text = placed.text
        if before.text.rstrip()[-1:] in "-\u2010\u00ad" and text[:1].isalpha():
            return True
        if ended:
            return False
        full = not self._had_room(before, placed)
        if draft.kind is ElementKind.ITEM and not (full or _hangs(draft, placed)):
            return text[:1].islower()
        return text[:1].islower() or full or before.line.x1 > before.left + 0.75 * (before.right - before.left)

    # tables and notes

    def _table(self, table: Table, page: int) -> None:
        captions, headers = tidy(table)
        for caption in captions:
            self.drafts.append(Draft(ElementKind.PARAGRAPH, [(line, page) for line in caption]))
        for number, row in enumerate(table.rows):
            on = row.page or page
            cells = [[(line.text, on) for line in cell.lines] for cell in row.cells]
            self.drafts.append(Draft(ElementKind.ROW, [("", on)], is_header=number < headers, cells=cells))

    def _notes(self, lines: Sequence[Placed]) -> list[Draft]:
        notes: list[Draft] = []
        number = 0
        for placed in lines:
            own = note_number(placed.line)
            begins = own is not None and (number == 0 or own in (0, number + 1))
            if begins or (not notes and self.last_note is None):
                self.last_note = Draft(ElementKind.PARAGRAPH, [], style=style_of(placed.line))
                notes.append(self.last_note)
                number = own or number
            if self.last_note is not None:
                self.last_note.pieces.append((placed.text, placed.page))
        return notes


def _hangs(draft: Draft, placed: Placed) -> bool:
    """Whether a line stands under the text of an item, not under its marker."""
    return placed.line.x0 >= draft.text_x - 0.7 * placed.line.size


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
