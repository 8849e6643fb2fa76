"""Tables ruled by level lines alone, each line drawn cell by cell: the ends of the pieces tell the columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.loaders.pdf_drawing import Rule
from ingest.loaders.pdf_lines import Word, rows_of

NEAR = 2.0
FARTHEST = 240.0
"""Points between two lines of one table."""
HEADER_LINES = 4

Pieces = tuple[float, list[float]]
"""A line's height and the ends of its pieces."""


def column_rules(words: Sequence[Word], rules: Sequence[Rule]) -> list[Rule]:
    """The upright rules that such tables leave out, and a level one above a header that stands over the first line."""
    upright = [rule for rule in rules if not rule.is_level and rule.y1 - rule.y0 > NEAR]
    added: list[Rule] = []
    for lines in _stacks(_pieced_lines([rule for rule in rules if rule.is_level])):
        (top, edges), (bottom, _) = lines[0], lines[-1]
        if any(rule.y0 < bottom - NEAR and rule.y1 > top + NEAR and _among(rule, edges) for rule in upright):
            continue
        above = _header_top(words, top, edges)
        added += [Rule(edge, above, edge, bottom) for edge in edges]
        if above < top:
            added.append(Rule(edges[0], above, edges[-1], above))
    return added


def _among(rule: Rule, edges: Sequence[float]) -> bool:
    return edges[0] - NEAR <= rule.x0 <= edges[-1] + NEAR


def _pieced_lines(level: Sequence[Rule]) -> list[Pieces]:
    """The lines that are drawn in two or more pieces end to end, from the top down."""
    lines: list[list[Rule]] = []
    for rule in sorted(level, key=lambda one: (round(one.y0), one.x0)):
        last = lines[-1][-1] if lines else None
        if last and abs(last.y0 - rule.y0) <= NEAR and abs(last.x1 - rule.x0) <= NEAR:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    return [(line[0].y0, [line[0].x0, *(rule.x1 for rule in line)]) for line in lines if len(line) > 1]


def _stacks(lines: Sequence[Pieces]) -> list[list[Pieces]]:
    """Lines with the same ends, one below the other."""
    stacks: list[list[Pieces]] = []
    for line in lines:
        before = stacks[-1][-1] if stacks else None
        if before and _alike(before[1], line[1]) and NEAR < line[0] - before[0] <= FARTHEST:
            stacks[-1].append(line)
        else:
            stacks.append([line])
    return [stack for stack in stacks if len(stack) > 1]


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= NEAR for a, b in zip(one, other, strict=True))


def _header_top(words: Sequence[Word], top: float, edges: Sequence[float]) -> float:
    """The height above the header that stands over the first line; that line's own where there is none."""
    near = [w for w in words if edges[0] - NEAR <= w.x0 and w.x1 <= edges[-1] + NEAR and 0 < top - w.y < 90]
    rows = rows_of(near)
    if not rows or top - rows[-1].y > 1.6 * rows[-1].size:
        return top
    header = [rows[-1]]
    for above, below in pairwise(reversed(rows)):
        if above.y - below.y > 1.5 * above.size or len(header) == HEADER_LINES:
            break
        header.append(below)
    columns = {_column(word.x0, edges) for row in header for word in row.words}
    straddles = any(_column(w.x0 + 1, edges) != _column(w.x1 - 1, edges) for row in header for w in row.words)
    if len(columns) < 2 or straddles:
        return top
    return min(row.y - row.size for row in header)


def _column(x: float, edges: Sequence[float]) -> int:
    return sum(edge <= x + NEAR for edge in edges)
