"""Table rows made whole: pages joined, wrapped rows rejoined, the header and the caption told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.loaders.pdf_tables import Cell, Row, Table

SAME_EDGE = 5.0
_GOES_ON = re.compile(r"^(?:\(?[a-z]|[-\u2013]\s)")
_LEFT_OPEN = ("/", "-", ",", "&", "(", "\u2010", " and", " of", " the", " for", " to")


def is_continued(table: Table, further: Table) -> bool:
    """Whether a table at the top of a page has the columns of the one that ends the page before."""
    if len(table.edges) != len(further.edges):
        _drop_empty_columns(table)
        _drop_empty_columns(further)
    return len(table.edges) == len(further.edges) and all(
        abs(one - other) <= SAME_EDGE for one, other in zip(table.edges, further.edges, strict=True)
    )


def continue_table(table: Table, further: Table) -> None:
    """Adds the rows of a further page: a repeated header left out, a row that the page end cut made whole."""
    rows = list(further.rows)
    if rows and table.rows and _texts(rows[0]) == _texts(table.rows[0]) and len(rows) > 1:
        rows.pop(0)
    elif rows and table.rows and table.rows[-1].open_below and rows[0].open_above:
        _join(table.rows[-1], rows.pop(0))
    table.rows += rows
    table.bottom, table.page_end = further.bottom, further.page_end


def tidy(table: Table) -> tuple[list[list[str]], int]:
    """The lines of each caption, and how many rows (none or one) are the header; the rows are made whole in place."""
    _drop_empty_columns(table)
    captions: list[list[str]] = []
    while len(table.rows) > 1 and _filled(table.rows[0]) == 1 and _filled(table.rows[1]) > 0 and len(table.edges) > 2:
        if table.rows[0].open_above or _is_value(_only(table.rows[0])):
            break
        captions.append(_lines(table.rows.pop(0)))
    captions += _join_stacked_header(table)
    _join_wrapped(table)
    return captions, int(_has_header(table))


def _drop_empty_columns(table: Table) -> None:
    kept = [at for at in range(len(table.edges) - 1) if any(row.cells[at].lines for row in table.rows)]
    for row in table.rows:
        row.cells = [row.cells[at] for at in kept]
    table.edges = [table.edges[at] for at in kept] + [table.edges[-1]]


def _join(row: Row, further: Row) -> None:
    """Adds each cell of a further row to the cell above it."""
    for cell, more in zip(row.cells, further.cells, strict=True):
        cell.lines += more.lines
    row.open_below = further.open_below


def _join_stacked_header(table: Table) -> list[list[str]]:
    """Makes one header row of several that stand over the first row of values, their first cell empty but for one.

    A title row above them comes out as a caption.
    """
    first = next((at for at, row in enumerate(table.rows) if _is_mostly_values(row)), 0)
    if first < 2:
        return []
    keyed = [at for at in range(first) if table.rows[at].cells[0].lines]
    captions = [_lines(table.rows[0])] if len(keyed) == 2 and keyed[0] == 0 else []
    start = len(captions)
    if len(keyed) - start > 1 or first - start < 2:
        return []
    for row in table.rows[start + 1 : first]:
        _join(table.rows[start], row)
    del table.rows[start + 1 : first]
    del table.rows[:start]
    return captions


def _is_mostly_values(row: Row) -> bool:
    values = [_is_value(text) for text in _texts(row)[1:]]
    return sum(values) > 0.5 * len(values)


def _join_wrapped(table: Table) -> None:
    """Rejoins rows that a wrapped cell was set on, told by an empty key cell or a label without its values."""
    joined: list[Row] = []
    for row in table.rows:
        if joined and _belongs(joined[-1], row, table):
            _join(joined[-1], row)
        else:
            joined.append(row)
    table.rows = joined


def _belongs(before: Row, row: Row, table: Table) -> bool:
    """Whether a row goes on with the one before."""
    above, below = _texts(before), _texts(row)
    if not below[0] and not above[0]:
        return False
    if not below[0]:
        at = next((index for index, text in enumerate(below) if text), 0)
        return bool(above[at]) and bool(_GOES_ON.match(below[at]) or above[at].endswith(_LEFT_OPEN))
    if _filled(before) == 1 and above[0] and _filled(row) > 1 and not _is_bold(before):
        return bool(_GOES_ON.match(below[0])) or (len(below[0].split()) == 1 and _is_value(below[-1]))
    if not above[0] and _filled(row) == 1:
        return _filled(before) == len(table.edges) - 2
    return _filled(row) == 1 and bool(_GOES_ON.match(below[0])) and _filled(before) > 1


def _has_header(table: Table) -> bool:
    """Whether the first row names the columns: bold over plain, or words over values."""
    if len(table.rows) < 2:
        return False
    header, rest = table.rows[0], table.rows[1:]
    texts = _texts(header)
    if _filled(header) < 2 or any(_is_value(text) for text in texts):
        return False
    if _is_bold(header) and not _is_bold(rest[0]):
        return True
    shorter = [len(text) * 2.5 < _mean(rest, at) for at, text in enumerate(texts) if text and len(text) <= 40]
    return any(_are_values(rest, at) and not _has_digit(text) for at, text in enumerate(texts)) or sum(shorter) >= 2


def _are_values(rows: Sequence[Row], at: int) -> bool:
    texts = [text for row in rows if (text := _texts(row)[at])]
    return bool(texts) and sum(len(text) <= 24 and _has_digit(text) for text in texts) >= 0.6 * len(texts)


def _mean(rows: Sequence[Row], at: int) -> float:
    lengths = [len(text) for row in rows if (text := _texts(row)[at])]
    return sum(lengths) / len(lengths) if lengths else 0.0


def _texts(row: Row) -> list[str]:
    return [" ".join(line.text for line in cell.lines) for cell in row.cells]


def _lines(row: Row) -> list[str]:
    return [line.text for cell in row.cells for line in cell.lines]


def _filled(row: Row) -> int:
    return sum(bool(cell.lines) for cell in row.cells)


def _only(row: Row) -> str:
    return next(text for text in _texts(row) if text)


def _is_bold(row: Row) -> bool:
    told: list[Cell] = [cell for cell in row.cells if cell.lines]
    return bool(told) and all(line.bold for cell in told for line in cell.lines)


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _is_value(text: str) -> bool:
    """Whether a cell holds a number, with at most a unit or two beside it."""
    return _has_digit(text) and sum(c.isalpha() for c in text) <= 2
