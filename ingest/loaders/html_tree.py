"""A walk over a parsed page that never recurses and leaves out what is hidden, and the cells of its tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString

from ingest.blocks import Block
from ingest.clean import clean_text
from ingest.loaders.numbering import BULLET, integer
from ingest.loaders.rows import row_blocks
from kb.documents import ElementKind

_BLOCK_NAMES = (
    "address article blockquote body caption center dd details dir div dl dt figcaption figure form h1 h2 h3 h4 h5 h6"
    " hgroup hr html li main menu ol p pre section summary table tbody td tfoot th thead tr ul"
)
_NEVER_NAMES = (
    "nav header footer aside script style template noscript head iframe object embed applet svg math canvas audio video"
    " map dialog select option datalist button input textarea label fieldset legend output progress meter"
)
_ROLE_NAMES = "navigation banner contentinfo complementary search menu menubar dialog alertdialog"
BLOCK_TAGS = frozenset(_BLOCK_NAMES.split())
_NEVER = frozenset(_NEVER_NAMES.split())
_NEVER_ROLES = frozenset(_ROLE_NAMES.split())
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_MOST_COLUMNS = 100
Text = str


@dataclass(frozen=True)
class Survey:
    """What can be said of a page's tables and forms only with their whole content in view, by the tags' identities.

    It is made in one pass, since asking each of a thousand nested tables for what it holds takes the square of that.
    """

    data_tables: frozenset[int]
    wrapping_forms: frozenset[int]

    def holds_data(self, table: Tag) -> bool:
        """Whether a table has columns of content, and does not merely lay out the page."""
        return id(table) in self.data_tables

    def hides(self, tag: Tag) -> bool:
        """Whether a reader of the page does not see the tag as content."""
        if tag.name in _NEVER or (tag.name == "form" and id(tag) not in self.wrapping_forms):
            return True
        attributes = tag.attrs
        return bool(attributes) and (
            "hidden" in attributes
            or str(attributes.get("aria-hidden", "")).strip().lower() == "true"
            or str(attributes.get("role", "")).strip().lower() in _NEVER_ROLES
            or bool(_HIDING_STYLE.search(str(attributes.get("style", ""))))
        )

    def walk(self, root: Tag, takes_whole: Callable[[Tag], bool]) -> Iterator[tuple[bool, Tag | Text]]:
        """Each visible tag as (True, tag) where it opens and (False, tag) where it closes, with the texts between.

        A tag that `takes_whole` opens and closes with nothing between.
        """
        return _walk(root, self.hides, takes_whole)


def survey(root: Tag) -> Survey:
    """What each table and form below `root` is."""
    tables: list[Tag] = []
    forms: list[Tag] = []
    layout: set[int] = set()
    columns: set[int] = set()
    wrapping: set[int] = set()
    for opens, node in _walk(root, lambda tag: False, lambda tag: False):
        if not isinstance(node, Tag):
            continue
        if node.name in ("table", "form"):
            open_tags = tables if node.name == "table" else forms
            if not opens:
                open_tags.pop()
                continue
            open_tags.append(node)
            # A table in a table makes the outer one layout; it needs no mark of its own for what the inner holds.
            layout.update(id(outer) for outer in tables[-2:-1] if node.name == "table")
            if str(node.get("role", "")).strip().lower() in ("presentation", "none"):
                layout.add(id(node))
        elif opens and node.name == "tr" and tables and len(_cell_tags(node)) > 1:
            columns.add(id(tables[-1]))
        elif opens and node.name in ("h1", "h2", "main", "article"):
            layout.update(id(table) for table in tables[-1:])
            wrapping.update(id(form) for form in forms if node.name != "h2")
    return Survey(frozenset(columns - layout), frozenset(wrapping))


def _walk(
    root: Tag, skips: Callable[[Tag], bool], takes_whole: Callable[[Tag], bool]
) -> Iterator[tuple[bool, Tag | Text]]:
    """The tags and texts below `root`, itself included; no recursion, for pages nest as deep as they like."""
    stack: list[tuple[Tag, int]] = [(root, 0)]
    yield True, root
    while stack:
        tag, at = stack.pop()
        if at == len(tag.contents):
            yield False, tag
            continue
        stack.append((tag, at + 1))
        child = tag.contents[at]
        if isinstance(child, Tag):
            if skips(child):
                continue
            whole = takes_whole(child)
            yield True, child
            if whole:
                yield False, child
            else:
                stack.append((child, 0))
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            yield True, Text(child)


def table_blocks(table: Tag, page: Survey) -> tuple[Block, ...]:
    """The caption as a paragraph, then the rows, with cells repeated over the rows and columns that they span."""
    captions = [text_of_cell(caption, page) for caption in table.find_all("caption") if not page.hides(caption)]
    rows = [row for row in table.find_all("tr") if not page.hides(row) and not (row.parent and page.hides(row.parent))]
    leading = 0
    while leading < len(rows) and _names_columns(rows[leading], page):
        leading += 1
    has_header_cells = table.find("th") is not None
    blocks = row_blocks(_grid(rows, page), leading if has_header_cells or leading else None)
    return (*(Block(ElementKind.PARAGRAPH, caption) for caption in captions if caption), *blocks)


def _cell_tags(row: Tag) -> list[Tag]:
    return [cell for cell in row.contents if isinstance(cell, Tag) and cell.name in ("td", "th")]


def _cells(row: Tag, page: Survey) -> list[Tag]:
    return [cell for cell in _cell_tags(row) if not page.hides(cell)]


def _names_columns(row: Tag, page: Survey) -> bool:
    """Whether a row is in the table's head, or each of its cells with text is a header cell."""
    if row.parent is not None and row.parent.name == "thead":
        return True
    cells = _cells(row, page)
    headers = [cell for cell in cells if cell.name == "th"]
    plain = [cell for cell in cells if cell.name == "td" and text_of_cell(cell, page)]
    return bool(headers) and not plain and (len(headers) > 1 or len(headers) == len(cells))


def _grid(rows: list[Tag], page: Survey) -> list[list[str]]:
    """The texts of a table by row and column; a cell that spans the whole width stands once."""
    width = min(max((_width(row, page) for row in rows), default=0), _MOST_COLUMNS)
    below: dict[int, tuple[int, str]] = {}
    grid: list[list[str]] = []
    for row in rows:
        line: list[str] = []
        for cell in _cells(row, page):
            _fill_from_above(line, below)
            text, across, down = text_of_cell(cell, page), _span(cell, "colspan"), _span(cell, "rowspan")
            for at in range(len(line), len(line) + across):
                line.append("" if across >= width > 1 and at else text)
                if down > 1:
                    below[at] = (down - 1, line[-1])
        _fill_from_above(line, below)
        grid.append(line)
    return grid


def _fill_from_above(line: list[str], below: dict[int, tuple[int, str]]) -> None:
    """Puts in the cells that reach down from the rows above, as far as they follow one another."""
    while (at := len(line)) in below:
        left, text = below.pop(at)
        if left > 1:
            below[at] = (left - 1, text)
        line.append(text)


def _width(row: Tag, page: Survey) -> int:
    return sum(_span(cell, "colspan") for cell in _cells(row, page))


def _span(cell: Tag, name: str) -> int:
    return min(max(integer(cell.get(name), 1), 1), _MOST_COLUMNS)


def stray_row(row: Tag, page: Survey) -> list[str]:
    """The cells of a row that stands outside any table; its bare text, split at ' | ', where it has none."""
    cells = _cells(row, page)
    return [text_of_cell(cell, page) for cell in cells] if cells else text_of_cell(row, page).split("|")


def text_of_cell(cell: Tag, page: Survey) -> str:
    """A cell's visible text on one line, the items of a list in it with their bullets."""
    parts: list[str] = []
    for opens, node in page.walk(cell, lambda tag: False):
        if not isinstance(node, Tag):
            parts.append(node)
        elif node.name == "li" and opens:
            parts.append(f" {BULLET}")
        elif node.name in BLOCK_TAGS or node.name == "br":
            parts.append(" ")
    return clean_text("".join(parts))
