"""Tables without ruled lines, told by columns that line up over several rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.loaders.pdf_lines import MIN_COLUMN_CHARACTERS, MIN_COLUMN_LINES, Line, segments
from ingest.loaders.pdf_tables import Cell, Row, Table

MIN_ALIGNED_ROWS = 3
GUTTER = 0.8
"""Columns without rules stand at least this many sizes apart."""
WIDEST_WORD_GAP = 1.3
_MARKER = re.compile(r"^(?:[^\w\s]|\(?\w{1,3}[.)]|\d{1,3}(?:\.\d{1,3})*\.?|Q\d*)$")


def aligned_tables(rows: Sequence[Line]) -> list[list[Line] | Table]:
    """Rows from the top down, with each run of rows whose columns line up made a table."""
    out: list[list[Line] | Table] = []
    at = 0
    while at < len(rows):
        table, used = _aligned_from(rows, at)
        if table is not None:
            out.append(table)
        elif out and isinstance(plain := out[-1], list):
            plain += rows[at : at + used]
        else:
            out.append(list(rows[at : at + used]))
        at += used
    return out


def _aligned_from(rows: Sequence[Line], start: int) -> tuple[Table | None, int]:
    """The longest table that begins with a row, or None, and how many rows that settles."""
    parts = _parts(rows[start])
    if len(parts) < 2:
        return None, 1
    bands = [(part.x0, part.x1) for part in parts]
    taken = [parts]
    for row, before in zip(rows[start + 1 :], rows[start:], strict=False):
        if row.y - before.y > 3.2 * row.size or row.y <= before.y or abs(row.size - before.size) > 0.3 * row.size:
            break
        parts = _parts(row)
        merged = _merged(bands, [(part.x0, part.x1) for part in parts], GUTTER * 0.6 * row.size)
        if merged is None or (len(parts) == 1 and len(row.text) > 90):
            break
        bands = merged
        taken.append(parts)
    while taken and len(taken[-1]) < 2 and not _is_wrapped(taken[-1], bands):
        taken.pop()
    bands = _bands_of(taken)
    if _are_columns_of_prose(taken, bands):
        return None, len(taken)
    return (_aligned(taken, bands), len(taken)) if _lines_up(taken, bands) else (None, 1)


def _parts(row: Line) -> list[Line]:
    """The row taken apart at its column gaps: wide ones, and in a justified line wider than those of its words."""
    gaps = [after.x0 - before.x1 for before, after in pairwise(row.words)]
    least = min((gap for gap in gaps if gap > 0), default=0.0)
    justified = 2.0 * least if least <= WIDEST_WORD_GAP * row.size else 0.0
    return segments(row, max(GUTTER * row.size, justified))


def _merged(
    bands: list[tuple[float, float]], parts: list[tuple[float, float]], gutter: float
) -> list[tuple[float, float]] | None:
    """The columns widened by a further row; None where a part of it reaches over two of them."""
    out = list(bands)
    for x0, x1 in parts:
        met = [band for band in out if band[0] - gutter < x1 and x0 < band[1] + gutter]
        if len(met) > 1:
            return None
        if met:
            out[out.index(met[0])] = (min(x0, met[0][0]), max(x1, met[0][1]))
        else:
            out.append((x0, x1))
    return sorted(out)


def _bands_of(taken: Sequence[Sequence[Line]]) -> list[tuple[float, float]]:
    bands: list[tuple[float, float]] = []
    for part in sorted((part for parts in taken for part in parts), key=lambda one: one.x0):
        if bands and part.x0 < bands[-1][1]:
            bands[-1] = (bands[-1][0], max(bands[-1][1], part.x1))
        else:
            bands.append((part.x0, part.x1))
    return bands


def _is_wrapped(parts: Sequence[Line], bands: Sequence[tuple[float, float]]) -> bool:
    """Whether a lone part stands under a column other than the first, or goes on in lower case."""
    return parts[0].x0 > bands[0][1] or parts[0].text[:1].islower()


def _lines_up(taken: Sequence[Sequence[Line]], bands: Sequence[tuple[float, float]]) -> bool:
    """Whether rows form a table beyond doubt: enough of them, with columns that share an edge, no list markers."""
    full = [parts for parts in taken if len(parts) >= 2]
    if len(full) < MIN_ALIGNED_ROWS or len(full) < 0.5 * len(taken) or not 2 <= len(bands) <= 12:
        return False
    firsts = [parts[0].text for parts in full]
    if sum(bool(_MARKER.match(text)) for text in firsts) >= 0.5 * len(firsts):
        return False
    if len(bands) > max(len(parts) for parts in full):
        return False
    return all(_shares_an_edge([part for parts in taken for part in parts if x0 <= part.x0 < x1]) for x0, x1 in bands)


def _shares_an_edge(parts: Sequence[Line]) -> bool:
    """Whether most of a column's parts begin, end or are centred at one place."""
    for places in ([p.x0 for p in parts], [p.x1 for p in parts], [(p.x0 + p.x1) / 2 for p in parts]):
        middle = median(places)
        if sum(abs(place - middle) <= 3.0 for place in places) >= 0.7 * len(places):
            return True
    return False


def _aligned(taken: Sequence[Sequence[Line]], bands: Sequence[tuple[float, float]]) -> Table:
    """The table of rows whose columns line up; lines set closer than the rows are, or without a key, go on a row."""
    gaps = [0.0] + [below[0].y - above[0].y for above, below in pairwise(taken)]
    close = _close_gap(gaps[1:])
    rows: list[Row] = []
    for gap, parts in zip(gaps, taken, strict=True):
        lone = len(parts) == 1 and parts[0].x0 > bands[0][1]
        if not rows or not (lone or gap <= close):
            rows.append(Row([Cell() for _ in bands], parts[0].y))
        for part in parts:
            at = next(index for index, (x0, x1) in enumerate(bands) if x0 <= part.x0 < x1 + 1)
            rows[-1].cells[at].lines.append(part)
    edges = [x0 for x0, _ in bands] + [bands[-1][1]]
    top = min(part.y - part.size for part in taken[0])
    return Table(rows, edges, top, taken[-1][0].y, edges[0], edges[-1])


def _close_gap(gaps: Sequence[float]) -> float:
    """The widest space between lines of one row, where rows stand clearly further apart; else 0."""
    ordered = sorted(gaps)
    jumps = [(wide / close, close) for close, wide in pairwise(ordered) if close > 0]
    widest, close = max(jumps, default=(1.0, 0.0))
    return close + 0.5 if widest >= 1.3 else 0.0


def _are_columns_of_prose(taken: Sequence[Sequence[Line]], bands: Sequence[tuple[float, float]]) -> bool:
    """Whether two bands are columns of running text, to be read one after the other."""
    if len(bands) != 2:
        return False
    for x0, x1 in bands:
        parts = [part for parts in taken for part in parts if x0 <= part.x0 < x1]
        lengths = [len(part.text) for part in parts]
        if len(parts) < MIN_COLUMN_LINES or median(lengths) < MIN_COLUMN_CHARACTERS:
            return False
        if median(part.x1 - part.x0 for part in parts) < 0.75 * (x1 - x0):
            return False
    return True
