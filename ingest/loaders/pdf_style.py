"""What the text of a page is made of: placed lines, their look, list markers and note numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.loaders.pdf_lines import BULLETS, SYMBOL_FONTS, Line, Word, join_words
from ingest.loaders.pdf_tables import Table
from kb.documents import ElementKind


@dataclass
class Placed:
    """A line on its page: the space above it (None at the top of a page or column) and its column's margins."""

    line: Line
    page: int
    gap: float | None
    left: float
    right: float

    @property
    def text(self) -> str:
        """The line as read."""
        return self.line.text


@dataclass
class PageFlow:
    """A page's lines and tables in reading order, and the lines of its footnotes."""

    number: int
    entries: list[Placed | Table]
    notes: list[Placed] = field(default_factory=list)


@dataclass
class Draft:
    """A block being written: the lines it is made of, before they are joined."""

    kind: ElementKind
    pieces: list[tuple[str, int]]
    marker: str = ""
    level: int = 0
    is_header: bool = False
    style: Style | None = None
    x: float = 0.0
    text_x: float = 0.0
    lines: list[Placed] = field(default_factory=list)
    cells: list[list[tuple[str, int]]] = field(default_factory=list)


@dataclass(frozen=True)
class Style:
    """How a line looks, as far as headings are told by it."""

    size: float
    bold: bool
    italic: bool
    capitals: bool


@dataclass(frozen=True)
class Body:
    """The running text's size, the space from baseline to baseline as a share of it, and whether it is bold."""

    size: float
    pitch: float
    bold: bool
    italic: bool


@dataclass(frozen=True)
class Bookmark:
    """An entry of the file's outline: its title, 1-based page and depth (1 for the outermost)."""

    title: str
    page: int
    depth: int


MIN_PITCHES = 4
WIDEST_GUESS = 1.4
"""Sizes from line to line where too few lines tell it."""


def style_of(line: Line) -> Style:
    """The look of a line."""
    letters = [c for c in line.text if c.isalpha()]
    capitals = len(letters) > 3 and sum(c.isupper() for c in letters) > 0.9 * len(letters)
    return Style(round(line.size * 2) / 2, line.bold, line.italic, capitals)


def body_of(pages: Iterable[PageFlow]) -> Body:
    """The look of the document's running text: of most of its characters."""
    styles: Counter[tuple[float, bool, bool]] = Counter()
    pitches: Counter[float] = Counter()
    for page in pages:
        for entry in page.entries:
            if isinstance(entry, Placed):
                style = style_of(entry.line)
                styles[style.size, style.bold, style.italic] += len(entry.text)
                if entry.gap is not None and 0.9 <= entry.gap / entry.line.size <= 2.5:
                    pitches[round(entry.gap / entry.line.size, 1)] += 1
    if not styles:
        return Body(10.0, 1.2, False, False)
    (size, bold, italic), _ = styles.most_common(1)[0]
    common = [pitch for pitch, count in pitches.items() if count >= 0.15 * pitches.total()]
    pitch = min(common) if pitches.total() >= MIN_PITCHES else min([*common, WIDEST_GUESS])
    return Body(size, pitch, bold, italic)


_BULLET = re.compile(rf"^([{re.escape(BULLETS)}\ue000-\uf8ff])\s*(?=\S|$)")
_DASH = re.compile(r"^([-\u2013\u2014])\s+(?=\S)")
_NUMBERED = re.compile(r"^(\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})\)|(?:\d{1,3}|[a-zA-Z]|[ivx]{2,5})\.)\s+(?=\S)")
DECIMAL = re.compile(r"^(\d{1,3}(?:\.\d{1,3}){1,4}\.?)\s+(?=\S)")
TITLED = re.compile(r"^(?:chapter|appendix|annex|section|part|schedule)\s+(?:\d+|[A-Z]|[IVX]+)\b", re.IGNORECASE)


def marker_of(line: Line) -> tuple[str, float] | None:
    """A list item's marker as written out ('•', '1.', '(a)') and where its text begins; None for other lines."""
    words = line.words
    first = words[0]
    after = words[1].x0 if len(words) > 1 else first.x1
    gap = after - first.x1
    symbolic = any(name in first.font.lower() for name in SYMBOL_FONTS)
    if len(first.text) == 1 and (symbolic or _BULLET.match(first.text)):
        return "•", after
    if first.text == "o" and len(words) > 1 and (first.font != words[1].font or gap > 0.8 * first.size):
        return "•", after
    text = line.text
    if _BULLET.match(text) and len(first.text) > 1:
        return "•", first.x0 + (first.x1 - first.x0) / len(first.text)
    if first.text in ("*", "**") and len(words) > 1 and not first.raised:
        return first.text, after
    if _DASH.match(text) and len(first.text) == 1 and len(words) > 1:
        return "•", after
    if (found := _NUMBERED.match(text)) and found.group(1) == first.text and len(words) > 1:
        return found.group(1), after
    return None


def without_marker(line: Line) -> str:
    """The text of a list item's first line after its marker."""
    first = line.words[0]
    if len(first.text) > 1 and _BULLET.match(first.text):
        return line.text[1:].strip()
    return join_words(line.words[1:])


def note_number(line: Line) -> int | None:
    """The number with which a note begins, 0 for a sign such as '*'; None where a line begins no note."""
    first: Word = line.words[0]
    found = re.match(r"^(\d{1,3})(?=\D|$)|^[*†‡§]+", first.text)
    if not found or (found.group() != first.text and first.size >= 0.85 * line.size):
        return None
    return int(found.group(1) or 0)
