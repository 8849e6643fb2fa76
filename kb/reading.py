"""What a page needs to show a document: its sections, its elements as what they are, and a quote marked in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from kb.documents import Element, ElementKind

Span = tuple[int, int]
"""Characters from, to (end exclusive) of an edition's text."""

MAX_SECTION = 12_000
"""Characters of a section that are shown at once; a longer one is shown in parts, cut between elements."""

AROUND = 700
"""Characters of the neighbouring sections that are shown around a section, in whole elements."""

_CELL_ENDS = re.compile(r"(?:^| )\|(?= |$)")
_WORDLESS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Piece:
    """A run of an element's text that is marked throughout or not at all."""

    text: str
    marked: bool = False


Line = tuple[Piece, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; `level` is 1 to 6."""

    line: Line
    level: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `is_source` where it is a section's own note of where it comes from."""

    line: Line
    is_source: bool = False


@dataclass(frozen=True)
class Item:
    """A list item, which begins with its own marker, and the items nested under it."""

    line: Line
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Item, ...]


@dataclass(frozen=True)
class Row:
    """A table row's cells; `follows_gap` where rows are left out before it."""

    cells: tuple[Line, ...]
    is_header: bool = False
    follows_gap: bool = False


@dataclass(frozen=True)
class Table:
    """Neighbouring rows; every row may be shorter than the longest."""

    rows: tuple[Row, ...]

    @property
    def columns(self) -> int:
        """How many cells the longest row has."""
        return max(len(row.cells) for row in self.rows)


@dataclass(frozen=True)
class NewPage:
    """The place where a further page of the file begins; 1-based."""

    page: int


Block = Heading | Paragraph | Items | Table | NewPage


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it up to the next one; the text before the first heading has no heading.

    `number` counts from 0 in the order of the edition; `part` of `parts` counts from 1 where it is shown in parts.
    """

    number: int
    trail: tuple[str, ...]
    level: int
    elements: tuple[Element, ...] = field(repr=False)
    part: int = 1
    parts: int = 1

    @property
    def start(self) -> int:
        """Where it begins in the edition's text."""
        return self.elements[0].start

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""
        return self.elements[-1].end

    @property
    def title(self) -> str:
        """Its heading, '' before the first one; with the part where there are several."""
        heading = self.trail[-1] if self.trail else ""
        return f"{heading} (part {self.part} of {self.parts})".strip() if self.parts > 1 else heading

    @property
    def pages(self) -> Span | None:
        """The first and last page in the file, 1-based, both included; None where the format has none."""
        pages = [page for element in self.elements for page in _pages(element)]
        return (min(pages), max(pages)) if pages else None


def sections(text: str, elements: Sequence[Element]) -> tuple[Section, ...]:
    """Every section in order; each element lies in exactly one."""
    found: list[Section] = []
    trail: list[tuple[int, str]] = []
    for group in _by_heading(elements):
        if group[0].kind is ElementKind.HEADING:
            level = group[0].level
            trail = [(above, title) for above, title in trail if above < level]
            trail.append((level, text[group[0].start : group[0].end]))
        parts = list(_parts(group))
        for number, part in enumerate(parts, start=1):
            titles = tuple(title for _, title in trail)
            found.append(Section(len(found), titles, trail[-1][0] if trail else 0, tuple(part), number, len(parts)))
    return tuple(found)


def _by_heading(elements: Sequence[Element]) -> Iterator[list[Element]]:
    group: list[Element] = []
    for element in elements:
        if element.kind is ElementKind.HEADING and group:
            yield group
            group = []
        group.append(element)
    if group:
        yield group


def _parts(elements: Sequence[Element]) -> Iterator[list[Element]]:
    part: list[Element] = []
    for element in elements:
        if part and element.end - part[0].start > MAX_SECTION:
            yield part
            part = []
        part.append(element)
    yield part


def section_at(found: Sequence[Section], offset: int) -> Section | None:
    """The section that holds the character at `offset`, or None."""
    return next((section for section in found if section.start <= offset < section.end), None)


def tail(section: Section) -> tuple[Element, ...]:
    """The last elements of a section, AROUND characters or the last one alone."""
    kept = [element for element in section.elements if section.end - element.start <= AROUND]
    return tuple(kept or section.elements[-1:])


def head(section: Section) -> tuple[Element, ...]:
    """The heading of a section and its first elements, AROUND characters or the first two alone."""
    kept = [element for element in section.elements if element.end - section.start <= AROUND]
    return tuple(kept if len(kept) > 1 else section.elements[:2])


def blocks(text: str, elements: Iterable[Element], marked: Span | None = None) -> tuple[Block, ...]:
    """The elements as what they are, with exactly the characters of `marked` in marked pieces."""
    drawn: list[Block] = []
    page: int | None = None
    for kind, run in groupby(elements, key=lambda element: element.kind):
        together = kind in (ElementKind.ITEM, ElementKind.ROW)  # a page's end inside them would tear them apart
        for group in [list(run)] if together else ([element] for element in run):
            begins = group[0].page
            if page is not None and begins is not None and begins != page:
                drawn.append(NewPage(begins))
            drawn.extend(_block(kind, text, group, marked))
            page = max(_pages(group[-1]), default=page)
    return tuple(drawn)


def _block(kind: ElementKind, text: str, elements: Sequence[Element], marked: Span | None) -> Iterator[Block]:
    if kind is ElementKind.ITEM:
        yield Items(_nested([(element.level, _line(text, element.start, element.end, marked)) for element in elements]))
    elif kind is ElementKind.ROW:
        yield from _tables([row(text, element, marked) for element in elements])
    else:
        for element in elements:
            line = _line(text, element.start, element.end, marked)
            if kind is ElementKind.HEADING:
                yield Heading(line, element.level)
            else:
                yield Paragraph(line, text.startswith(("Source: ", "Sources: "), element.start))


def _tables(rows: Sequence[Row]) -> Iterator[Table]:
    """A header begins a new table."""
    table: list[Row] = []
    for entry in rows:
        if entry.is_header and table:
            yield Table(tuple(table))
            table = []
        table.append(entry)
    yield Table(tuple(table))


def row(text: str, element: Element, marked: Span | None = None) -> Row:
    """A row element's cells: what stands between its bars, without the white space around."""
    cells: list[Line] = []
    start = element.start
    ends = [(bar.start(), bar.end()) for bar in _CELL_ENDS.finditer(text[element.start : element.end])]
    for before, after in [*((element.start + a, element.start + b) for a, b in ends), (element.end, element.end)]:
        cell = text[start:before]
        begins = start + len(cell) - len(cell.lstrip())
        cells.append(_line(text, begins, begins + len(cell.strip()), marked))
        start = after
    return Row(tuple(cells), element.is_header)


def _nested(lines: Sequence[tuple[int, Line]]) -> tuple[Item, ...]:
    items: list[Item] = []
    index = 0
    while index < len(lines):
        level, line = lines[index]
        below = index + 1
        while below < len(lines) and lines[below][0] > level:
            below += 1
        items.append(Item(line, _nested(lines[index + 1 : below])))
        index = below
    return tuple(items)


def _line(text: str, start: int, end: int, marked: Span | None) -> Line:
    """The text between two offsets in at most three pieces; () where it is empty."""
    first, last = marked or (start, start)
    cuts = [start, min(max(first, start), end), min(max(last, start), end), end]
    pieces = ((cuts[0], cuts[1], False), (cuts[1], cuts[2], True), (cuts[2], cuts[3], False))
    return tuple(Piece(text[a:b], is_marked) for a, b, is_marked in pieces if a < b)


def _pages(element: Element) -> list[int]:
    return [] if element.page is None else [element.page, *(page for _, page in element.breaks)]


def clipped(elements: Iterable[Element], span: Span) -> tuple[Element, ...]:
    """What of the elements lies in the span, each cut to it."""
    start, end = span
    return tuple(
        replace(
            element,
            start=max(element.start, start),
            end=min(element.end, end),
            page=_page_at(element, start),
            breaks=tuple((offset, page) for offset, page in element.breaks if start < offset < end),
        )
        for element in elements
        if element.start < end and start < element.end
    )


def _page_at(element: Element, offset: int) -> int | None:
    before = [page for start, page in element.breaks if start <= offset]
    return before[-1] if before else element.page


@dataclass(frozen=True)
class OnPage:
    """Letters and digits to be found on a page: the `nth` of `of` places (1-based) that read the same there."""

    letters: str
    nth: int = 1
    of: int = 1


def letters(text: str) -> str:
    """The text's letters and digits alone, in small letters: what survives line ends, hyphens and bullets."""
    return _WORDLESS.sub("", text).casefold()


def on_page(text: str, elements: Sequence[Element], span: Span, page: int) -> tuple[OnPage, ...]:
    """What of the span stands on the 1-based page, element by element."""
    runs = [run for element in elements for run in _runs_on(element, page)]
    whole = "".join(letters(text[start:end]) for start, end in runs)
    found: list[OnPage] = []
    place = 0
    for start, end in runs:
        first, last = max(start, span[0]), min(end, span[1])
        if first < last and (wanted := letters(text[first:last])):
            at = place + len(letters(text[start:first]))
            places = [match.start() for match in re.finditer(f"(?={re.escape(wanted)})", whole)]
            found.append(OnPage(wanted, places.index(at) + 1, len(places)))
        place += len(letters(text[start:end]))
    return tuple(found)


def _runs_on(element: Element, page: int) -> Iterator[Span]:
    """The stretches of an element that stand on a page."""
    starts = [(element.start, element.page), *element.breaks]
    for (start, number), (end, _) in zip(starts, [*starts[1:], (element.end, None)], strict=True):
        if number == page and start < end:
            yield start, end


def quote_blocks(
    text: str, elements: Sequence[Element], quote: Span, lead: Span | None = None, key: Span | None = None
) -> tuple[Block, ...]:
    """A quote drawn as what it is, a table row under the header that is its lead-in; `key` in it is marked."""
    drawn = [block for block in blocks(text, clipped(elements, quote), key) if not isinstance(block, NewPage)]
    header = next(iter(clipped(elements, lead)), None) if lead else None
    if header is None or header.kind is not ElementKind.ROW or not drawn or not isinstance(drawn[0], Table):
        return tuple(drawn)
    first = drawn[0].rows[0]
    cut = has_gap(text, header.end, quote[0])
    rows = (row(text, header), Row(first.cells, first.is_header, follows_gap=cut), *drawn[0].rows[1:])
    return (Table(rows), *drawn[1:])


def has_gap(text: str, end: int, start: int) -> bool:
    """Whether anything but white space stands between two offsets."""
    return bool(text[end:start].strip())
