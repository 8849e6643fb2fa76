"""What repeats at the edges of pages: running heads, feet and page numbers, and the number printed on each page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.loaders.pdf_drawing import Drawn, Glyph, Rule, turned
from ingest.loaders.pdf_lines import Line, Word, rows_of, words_of
from ingest.loaders.pdf_tables import cell_edges

EDGE = 0.13
"""Heads and feet stand within this share of the page's height from its top or bottom."""
EDGE_ROWS = 4
SAME_HEIGHT = 3.0
LONGEST_HEAD = 160
_NUMBER = re.compile(r"(?<![\w.,/£$%-])(\d{1,4}|[ivxlc]{1,8}|[IVXLC]{1,8})(?![\w,/%]|\.\d)")
_SIGNS = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass
class Page:
    """One page's rows of text from the top down, its words and rules, its size in points; `number` is 1-based."""

    number: int
    width: float
    height: float
    rows: list[Line]
    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    shown: float = 0.0
    """The share of the page that pictures fill; 1 for letters drawn as shapes."""


SHAPES_OF_A_PAGE = 2_000
EDGE_SLACK = 5.0
"""Text further outside the page than this many points is never seen, and not read."""


def page_of(number: int, width: float, height: float, drawn: Drawn) -> Page:
    """The page as read: turned so that most of its text stands upright; slanted and sideways text is left out."""
    turns = Counter(glyph.turn for glyph in drawn.glyphs if glyph.text.strip())
    turn = turns.most_common(1)[0][0] if turns else 0
    across, down = [(0.0, 0.0), (height, 0.0), (width, height), (0.0, width)][turn]
    glyphs = (_moved(glyph, across, down) for glyph in drawn.glyphs if glyph.turn == turn)
    words = [word for word in words_of(glyphs) if word.x0 >= -EDGE_SLACK and word.y >= -EDGE_SLACK]
    rules, dots, fills = (
        [_shifted(turned(box, turn), across, down) for box in boxes] for boxes in (drawn.rules, drawn.dots, drawn.fills)
    )
    if turn % 2:
        width, height = height, width
    words = [word for word in words if word.x0 <= width + EDGE_SLACK and word.y <= height + EDGE_SLACK]
    words += _bullets(dots, words)
    return Page(
        number, width, height, rows_of(words), words, [*rules, *cell_edges(fills)], _shown(drawn, width * height)
    )


def _bullets(dots: Sequence[Rule], words: Sequence[Word]) -> list[Word]:
    """A bullet for each dot that stands right before the first word of a line."""
    if not dots:
        return []
    found: list[Word] = []
    for row in rows_of(words):
        first = row.words[0]
        for dot in dots:
            lifted = first.y - (dot.y0 + dot.y1) / 2
            apart = first.x0 - dot.x1
            if 0.05 * first.size < lifted < 0.65 * first.size and 0.15 * first.size < apart < 3 * first.size:
                bullet = replace(first, text="\u2022", x0=dot.x0, x1=dot.x1, bold=False, italic=False, raised=False)
                found.append(bullet)
                break
    return found


def _shown(drawn: Drawn, area: float) -> float:
    if drawn.shapes > SHAPES_OF_A_PAGE:
        return 1.0
    filled = sum((box.x1 - box.x0) * (box.y1 - box.y0) for box in drawn.pictures)
    return min(filled / area, 1.0) if area > 0 else 0.0


def _moved(glyph: Glyph, across: float, down: float) -> Glyph:
    if not across and not down:
        return glyph
    return glyph._replace(x0=glyph.x0 + across, x1=glyph.x1 + across, y=glyph.y + down)


def _shifted(rule: Rule, across: float, down: float) -> Rule:
    return Rule(rule.x0 + across, rule.y0 + down, rule.x1 + across, rule.y1 + down)


def running_rows(pages: Sequence[Page]) -> dict[int, list[Line]]:
    """The rows of each page (by its number) that are heads, feet or page numbers."""
    edges = {page.number: _edge_rows(page) for page in pages}
    seen: dict[tuple[bool, str], list[tuple[float, int]]] = defaultdict(list)
    for page in pages:
        for top, row in edges[page.number]:
            for pattern in _patterns(row.text, page.number):
                seen[top, pattern].append((_height(page, top, row), page.number))
    needed = 3 if len(pages) > 4 else 2
    found: dict[int, list[Line]] = {}
    places: Counter[tuple[bool, int, float, str]] = Counter()
    for page in pages:
        found[page.number] = []
        for top, row in edges[page.number]:
            height = _height(page, top, row)
            like = (
                {n for y, n in seen[top, pattern] if abs(y - height) <= SAME_HEIGHT}
                for pattern in _patterns(row.text, page.number)
            )
            if max(map(len, like)) >= needed or all(word.artifact for word in row.words):
                found[page.number].append(row)
                places[_place(page, top, row)] += 1
    _add_rows_in_the_same_place(pages, edges, found, places)
    return found


def _add_rows_in_the_same_place(
    pages: Sequence[Page],
    edges: dict[int, list[tuple[bool, Line]]],
    found: dict[int, list[Line]],
    places: Counter[tuple[bool, int, float, str]],
) -> None:
    """Adds the rows that stand where most pages have a running row, in its font and size (a chapter's own head)."""
    usual = {place for place, count in places.items() if count >= max(4, 0.5 * len(pages))}
    for page in pages:
        known = {id(row) for row in found[page.number]}
        for top, row in edges[page.number]:
            if id(row) not in known and _place(page, top, row) in usual and len(row.text) <= 80:
                found[page.number].append(row)


def _place(page: Page, top: bool, row: Line) -> tuple[bool, int, float, str]:
    return top, round(_height(page, top, row) / 2), round(row.size, 1), row.words[0].font


def _edge_rows(page: Page) -> list[tuple[bool, Line]]:
    """The outermost rows of a page, those of the top with True."""
    tops = [row for row in page.rows[:EDGE_ROWS] if row.y < EDGE * page.height]
    feet = [row for row in page.rows[-EDGE_ROWS:] if row.y > (1 - EDGE) * page.height]
    return [(True, row) for row in tops if len(row.text) <= LONGEST_HEAD] + [
        (False, row) for row in feet if len(row.text) <= LONGEST_HEAD
    ]


def _height(page: Page, top: bool, row: Line) -> float:
    return row.y if top else page.height - row.y


def _patterns(text: str, page: int) -> list[str]:
    """The row's words, then the same with each number told by its distance from the page's.

    Heads that differ in the page number only share one of these; a footnote's number keeps no such distance.
    """
    words = text.casefold().split()
    patterns = [" ".join(sorted(words))]
    for at, word in enumerate(words):
        found = _NUMBER.search(word)
        value = value_of(found.group(1)) if found else None
        if found and value is not None:
            masked = f"{word[: found.start(1)]}#{value - page}{word[found.end(1) :]}"
            patterns.append(" ".join(sorted([*words[:at], masked, *words[at + 1 :]])))
    return patterns


def value_of(label: str) -> int | None:
    """12 for '12', 7 for 'vii'; None for anything else."""
    if label.isascii() and label.isdigit():
        return int(label)
    digits = [_ROMAN.get(c) for c in label.lower()]
    if not digits or None in digits:
        return None
    values = [value for value in digits if value]
    total = sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
    return total if _roman(total) == label.lower() else None


def _roman(number: int) -> str:
    out = ""
    for value, sign in _SIGNS:
        out += sign * (number // value)
        number %= value
    return out


def printed_labels(pages: Sequence[Page], running: dict[int, list[Line]], own: Sequence[str]) -> tuple[str, ...]:
    """The number printed on each page; where none is found, the file's `own` label, else ''."""
    candidates = {page.number: _numbers_in(running[page.number]) for page in pages}
    labels: dict[int, str] = {}
    left = dict(candidates)
    while left:
        run = _best_run(left)
        if run is None:
            break
        labels.update(run)
        first, last = min(run), max(run)
        left = {number: found for number, found in left.items() if not first <= number <= last}
    return tuple(labels.get(page.number) or (own[at] if at < len(own) else "") for at, page in enumerate(pages))


def _best_run(candidates: dict[int, list[str]]) -> dict[int, str] | None:
    """The longest series of pages whose printed number rises with the page, gaps filled; None under three pages."""
    votes: Counter[tuple[int, bool]] = Counter()
    for number, found in candidates.items():
        votes.update({(value - number, not label.isdigit()) for label in found if (value := value_of(label))})
    if not votes or votes.most_common(1)[0][1] < min(3, len(candidates)):
        return None
    (offset, roman), _ = votes.most_common(1)[0]
    hits = [n for n, found in candidates.items() if _label(n + offset, roman) in [one.lower() for one in found]]
    return {
        number: _label(number + offset, roman)
        for number in candidates
        if min(hits) <= number <= max(hits) and number + offset > 0
    }


def _label(value: int, roman: bool) -> str:
    return _roman(value) if roman else str(value)


def _numbers_in(rows: Sequence[Line]) -> list[str]:
    return [match.group(1) for row in rows for match in _NUMBER.finditer(row.text)]
