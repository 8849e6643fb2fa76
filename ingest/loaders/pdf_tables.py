"""Tables told by their ruled lines, as rows of cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.loaders.pdf_drawing import Rule
from ingest.loaders.pdf_lines import Line, Word, rows_of

NEAR = 2.5
"""Rules closer than this many points are one."""
MIN_RULE = 6.0


@dataclass
class Cell:
    """The lines of text in one cell, from the top down."""

    lines: list[Line] = field(default_factory=list)


@dataclass
class Row:
    """Cells from left to right; `open_above` and `open_below` where no rule closes it (it runs over a page end)."""

    cells: list[Cell]
    y: float
    page: int = 0
    open_above: bool = False
    open_below: bool = False


@dataclass
class Table:
    """Rows at a place on a page; `edges` are its columns' borders."""

    rows: list[Row]
    edges: list[float]
    top: float
    bottom: float
    x0: float
    x1: float
    page: int = 0
    page_end: int = 0


@dataclass
class Box:
    """A group of rules that touch each other."""

    x0: float
    y0: float
    x1: float
    y1: float
    rules: list[Rule]


def cell_edges(fills: Sequence[Rule]) -> list[Rule]:
    """The edges of filled boxes that stand in rows and columns, as the backgrounds of cells do; none for others."""
    starts: dict[tuple[int, int], set[int]] = {}
    for box in fills:
        starts.setdefault((round(box.y0 / 2), round(box.y1 / 2)), set()).add(round(box.x0 / 2))
    aligned = Counter(tuple(sorted(xs)) for xs in starts.values() if len(xs) > 1)
    common = {xs for xs, count in aligned.items() if count > 1}
    edges: list[Rule] = []
    for box in fills:
        if tuple(sorted(starts[round(box.y0 / 2), round(box.y1 / 2)])) in common:
            x0, y0, x1, y1 = box
            edges += [Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1), Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1)]
    return edges


def ruled_tables(words: Sequence[Word], rules: Sequence[Rule]) -> tuple[list[Table], list[Word]]:
    """The tables that rules draw, from the top down, and the words outside them."""
    tables: list[Table] = []
    rest = list(words)
    for box in sorted(_touching(rules), key=lambda one: one.y0):
        inside = [w for w in rest if box.x0 - 2 <= (w.x0 + w.x1) / 2 <= box.x1 + 2 and _is_within(w, box)]
        table = _table_in(box, inside)
        if table is not None:
            tables.append(table)
            taken = {id(word) for word in inside}
            rest = [word for word in rest if id(word) not in taken]
    return tables, rest


def _is_within(word: Word, box: Box) -> bool:
    middle = word.y - 0.3 * word.size
    return box.y0 - 1 <= middle <= box.y1 + 1


def _touching(rules: Sequence[Rule]) -> list[Box]:
    """Rules gathered into groups whose members cross or meet."""
    boxes: list[Box] = []
    for rule in sorted(rules, key=lambda one: (one.y0, one.x0)):
        if max(rule.x1 - rule.x0, rule.y1 - rule.y0) < MIN_RULE:
            continue
        new = Box(rule.x0, rule.y0, rule.x1, rule.y1, [rule])
        keep: list[Box] = []
        for box in boxes:
            if any(_meet(rule, other) for other in box.rules):
                new = Box(min(new.x0, box.x0), min(new.y0, box.y0), max(new.x1, box.x1), max(new.y1, box.y1),
                          box.rules + new.rules)  # fmt: skip
            else:
                keep.append(box)
        boxes = [*keep, new]
    return boxes


def _meet(one: Rule, other: Rule) -> bool:
    return (
        one.x0 <= other.x1 + NEAR
        and other.x0 <= one.x1 + NEAR
        and one.y0 <= other.y1 + NEAR
        and other.y0 <= one.y1 + NEAR
    )


def _clusters(values: Sequence[float]) -> list[float]:
    """Sorted values with near ones made one."""
    out: list[list[float]] = []
    for value in sorted(values):
        if out and value - out[-1][-1] <= NEAR:
            out[-1].append(value)
        else:
            out.append([value])
    return [sum(group) / len(group) for group in out]


def _table_in(box: Box, words: Sequence[Word]) -> Table | None:
    """The table that a group of rules draws; None where it has a single column or row, or next to no text."""
    upright = [rule for rule in box.rules if not rule.is_level]
    level = [rule for rule in box.rules if rule.is_level]
    edges = _clusters([(rule.x0 + rule.x1) / 2 for rule in upright])
    if len(edges) < 3 or not level:
        return None
    heights = _clusters([*((rule.y0 + rule.y1) / 2 for rule in level), box.y0, box.y1])
    grid = _Grid(edges, heights, upright, level)
    rows = grid.fill(words)
    if len(rows) < 1 or max((sum(bool(c.lines) for c in row.cells) for row in rows), default=0) < 2:
        return None
    rows[0].open_above = not grid.is_closed(0)
    rows[-1].open_below = not grid.is_closed(len(heights) - 1)
    return Table(rows, edges, box.y0, box.y1, box.x0, box.x1)


class _Grid:
    """The spaces between rules, with the rules that part them."""

    def __init__(self, edges: list[float], heights: list[float], upright: list[Rule], level: list[Rule]) -> None:
        self.edges, self.heights = edges, heights
        self.upright, self.level = upright, level

    def fill(self, words: Sequence[Word]) -> list[Row]:
        """The rows that hold text, each word in the cell that its middle lies in."""
        columns, bands = len(self.edges) - 1, len(self.heights) - 1
        owners = [[self._owner(band, column) for column in range(columns)] for band in range(bands)]
        cells: dict[tuple[int, int], list[Word]] = {}
        for word in words:
            band = _slot(self.heights, word.y - 0.3 * word.size)
            column = _slot(self.edges, min((word.x0 + word.x1) / 2, word.x0 + 6))
            cells.setdefault(owners[band][column], []).append(word)
        rows: list[Row] = []
        for band in range(bands):
            row = [Cell(rows_of(cells.get((band, column), ()))) for column in range(columns)]
            if any(cell.lines for cell in row):
                rows.append(Row(row, self.heights[band]))
        return rows

    def _owner(self, band: int, column: int) -> tuple[int, int]:
        """The topmost leftmost space that is not parted from this one by a rule."""
        while column > 0 and not self._parted_left(band, column):
            column -= 1
        while band > 0 and not self._parted_above(band, column):
            band -= 1
            while column > 0 and not self._parted_left(band, column):
                column -= 1
        return band, column

    def _parted_left(self, band: int, column: int) -> bool:
        x, middle = self.edges[column], (self.heights[band] + self.heights[band + 1]) / 2
        return any(abs((r.x0 + r.x1) / 2 - x) <= NEAR and r.y0 <= middle <= r.y1 for r in self.upright)

    def _parted_above(self, band: int, column: int) -> bool:
        y, middle = self.heights[band], (self.edges[column] + self.edges[column + 1]) / 2
        return any(abs((r.y0 + r.y1) / 2 - y) <= NEAR and r.x0 <= middle <= r.x1 for r in self.level)

    def is_closed(self, height: int) -> bool:
        """Whether a rule runs along that height."""
        y = self.heights[height]
        return any(abs((rule.y0 + rule.y1) / 2 - y) <= NEAR for rule in self.level)


def _slot(borders: Sequence[float], value: float) -> int:
    """The index of the space between borders that holds `value`."""
    for index in range(len(borders) - 2):
        if value < borders[index + 1]:
            return index
    return len(borders) - 2
