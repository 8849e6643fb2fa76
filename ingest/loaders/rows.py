"""Tables of any format as row blocks: cells joined by ' | ', the row that names the columns marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.blocks import Block
from ingest.clean import clean_text
from kb.documents import ElementKind

_DIGIT = re.compile(r"\d")
_LONGEST_COLUMN_NAME = 80


def row_blocks(rows: Sequence[Sequence[str]], header_rows: int | None = None) -> tuple[Block, ...]:
    """A table's rows in order, without those that are empty.

    The first `header_rows` become one header, each column's names joined; None means that the format does not say,
    and then the first row counts as a header only where its content gives it away. A row before the header that
    holds a single text is the table's caption and comes out as a paragraph.
    """
    grid = _without_empty_columns([[clean_text(cell) for cell in row] for row in rows])
    captions: list[str] = []
    while _is_caption(grid, header_rows):
        captions += _filled(grid.pop(0))
        header_rows = header_rows and header_rows - 1
    if header_rows is None:
        header_rows = 1 if names_columns(grid) else 0
    blocks = [Block(ElementKind.PARAGRAPH, caption) for caption in captions]
    if header_rows and (header := _merged(grid[:header_rows])):
        blocks.append(Block(ElementKind.ROW, header, is_header=True))
    blocks += [Block(ElementKind.ROW, text) for row in grid[header_rows:] if (text := _joined(row))]
    return tuple(blocks)


def _is_caption(grid: list[list[str]], header_rows: int | None) -> bool:
    """Whether the first row is a single text above columns; a table of two rows needs its header to say so."""
    if len(grid) < 2 or len(grid[0]) < 2 or len(_filled(grid[0])) != 1:
        return False
    return len(grid) > 2 if header_rows is None else header_rows > 0


def names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row has short words without digits above a column that mostly holds digits."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    first, others = rows[0], rows[1:]
    if len(_filled(first)) < 2 or any(_DIGIT.search(cell) or len(cell) > _LONGEST_COLUMN_NAME for cell in first):
        return False
    columns = range(max(len(row) for row in others))
    return any(sum(bool(_DIGIT.search(cell)) for cell in _column(others, at)) * 2 > len(others) for at in columns)


def _column(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    return [row[at] for row in rows if at < len(row)]


def _filled(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell]


def _merged(rows: Sequence[Sequence[str]]) -> str:
    """Several header rows as one: in each column its different names, from the top."""
    width = max((len(row) for row in rows), default=0)
    names = [" ".join(dict.fromkeys(_filled(_column(rows, at)))) for at in range(width)]
    return _joined(names)


def _joined(row: Sequence[str]) -> str:
    """The cells up to the last one with text."""
    cells = list(row)
    while cells and not cells[-1]:
        cells.pop()
    return clean_text(" | ".join(cells))


def _without_empty_columns(rows: list[list[str]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    kept = [at for at in range(width) if any(_column(rows, at))]
    return [[row[at] for at in kept if at < len(row)] for row in rows if any(row)]
