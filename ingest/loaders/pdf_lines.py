"""Glyphs joined to words, words to rows, rows to lines in reading order, by their places alone."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from statistics import median

from ingest.loaders.pdf_drawing import Glyph

MIN_GAP = 0.12
"""A gap wider than this share of the size is a space between words where no space is drawn."""
GLUED = 0.02
"""A drawn space that leaves less than this share of the size between its neighbours is none."""
MAX_WORD = 200
"""Characters of a word; a longer one is no word, and patterns take too long on it."""
REDRAWN_AMONG = 3
"""Words to the left among which a word drawn again is looked for."""
SMALL = 0.85
"""A word below this share of its row's size can stand above or below the row's baseline."""
SAME_BASELINE = 0.28
COLUMN_GAP = 1.0
"""Columns of running text stand at least this many sizes apart."""
BULLETS = "•·●○◦▪■□▫◆◇➢➤►▶‣\u2043∙❖✓✔➔→"
SYMBOL_FONTS = ("symbol", "wingding", "dingbat", "webding")


@dataclass(slots=True)
class Word:
    """Characters with no gap between them, in one style; `spaced` when a space is drawn before them."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    italic: bool
    font: str
    spaced: bool = True
    raised: bool = False
    artifact: bool = False
    room: float = MIN_GAP


@dataclass
class Line:
    """Words on one baseline, from left to right."""

    words: list[Word]
    y: float = 0.0
    size: float = 0.0
    x0: float = field(init=False)
    x1: float = field(init=False)

    def __post_init__(self) -> None:
        """Sorts the words and measures the line; its size and baseline are those of most of its characters."""
        self.words.sort(key=lambda word: word.x0)
        self.x0 = min(word.x0 for word in self.words)
        self.x1 = max(word.x1 for word in self.words)
        largest = Counter[tuple[float, float]]()
        for word in self.words:
            largest[round(word.size, 1), word.y] += len(word.text)
        (size, y), _ = largest.most_common(1)[0]
        self.size = self.size or size
        self.y = self.y or y

    @cached_property
    def text(self) -> str:
        """The line as read."""
        return join_words(self.words)

    @cached_property
    def bold(self) -> bool:
        """Whether every word with a letter or digit is bold."""
        told = [word.bold for word in self.words if any(c.isalnum() for c in word.text)]
        return bool(told) and all(told)

    @cached_property
    def italic(self) -> bool:
        """Whether every word with a letter or digit is italic."""
        told = [word.italic for word in self.words if any(c.isalnum() for c in word.text)]
        return bool(told) and all(told)


def join_words(words: Sequence[Word]) -> str:
    """The text of words from left to right, with spaces where they are seen; raised note numbers are left out."""
    parts: list[str] = []
    before: Word | None = None
    kept: Word | None = None
    for word in words:
        if kept is not None and is_note_mark(word, kept):
            before = word
            continue
        if before is not None and (are_apart(before, word) or _is_leading_mark(before, len(parts))):
            parts.append(" ")
        parts.append(word.text)
        before = kept = word
    return "".join(parts)


def _is_leading_mark(word: Word, at: int) -> bool:
    """Whether a note begins with this raised number, which can stand right at its text."""
    return at == 1 and word.raised and is_mark(word.text)


def are_apart(before: Word, word: Word) -> bool:
    """Whether a space stands between two neighbours."""
    size = min(before.size, word.size)
    gap = word.x0 - before.x1
    if word.spaced:
        return gap > GLUED * size or gap < -0.3 * size
    return gap > word.room * size


def is_note_mark(word: Word, before: Word) -> bool:
    """Whether `word` is the raised number of a note, not a power (m²) or an ordinal's letters (1st)."""
    if not word.raised or before.raised:
        return word.raised and before.raised and is_mark(word.text)
    base = before.text[-1:]
    unit = before.text.lower() in {"m", "km", "cm", "mm", "ft", "10"}
    return is_mark(word.text) and not unit and (not base.isdigit() or word.x0 - before.x1 >= 0)


def is_mark(text: str) -> bool:
    """Whether a raised text can refer to notes: '12', '3, 4', '*'."""
    bare = text.strip("[]() ")
    return bool(bare) and all(c.isdigit() or c in ",\u2013-*†‡§ " for c in bare) and len(bare) <= 9


def words_of(glyphs: Iterable[Glyph]) -> list[Word]:
    """The words that the glyphs form, in drawing order."""
    words: list[Word] = []
    spaced = True
    last: Glyph | None = None
    for glyph in glyphs:
        if not glyph.text.strip():
            spaced = True
            last = last and last._replace(artifact=glyph.artifact)
            continue
        if words and last is not None and not spaced and _continues(last, glyph, words[-1]):
            word = words[-1]
            if not _is_redrawn(last, glyph):
                word.text += glyph.text
                word.x1 = max(word.x1, glyph.x1)
        else:
            words.append(_new_word(glyph, spaced))
        last, spaced = glyph, False
    return words


def _is_redrawn(last: Glyph, glyph: Glyph) -> bool:
    """Whether a glyph is drawn over its like, to look bold."""
    return glyph.text == last.text and abs(glyph.x0 - last.x0) < 0.12 * glyph.size


def _continues(last: Glyph, glyph: Glyph, word: Word) -> bool:
    """Whether a glyph belongs to the word that ends with `last`."""
    if glyph.face is not last.face or abs(glyph.size - last.size) > 0.05 * last.size:
        return False
    if abs(glyph.y - last.y) > 0.05 * glyph.size or glyph.artifact != last.artifact:
        return False
    return len(word.text) < MAX_WORD and -0.4 * glyph.size < glyph.x0 - word.x1 <= word.room * glyph.size


def _new_word(glyph: Glyph, spaced: bool) -> Word:
    face = glyph.face
    room = min(max(MIN_GAP, 0.45 * face.space), 0.25)
    return Word(
        glyph.text, glyph.x0, glyph.x1, glyph.y, glyph.size, face.bold, face.italic, face.name, spaced,
        artifact=glyph.artifact, room=room,
    )  # fmt: skip


def rows_of(words: Iterable[Word]) -> list[Line]:
    """Words gathered by baseline, from the top down; raised and lowered small words join the row beside them."""
    rows: list[list[Word]] = []
    heights: list[tuple[float, int]] = []
    for word in sorted(words, key=lambda one: (-round(one.size), one.y, one.x0)):
        at = _row_for(word, rows, heights)
        if at is None:
            rows.append([word])
            place = bisect_left(heights, (word.y, 0))
            heights.insert(place, (word.y, len(rows) - 1))
        else:
            rows[at].append(word)
    lines = [_with_letterspacing_closed(Line(_drawn_once(row))) for row in rows]
    return sorted(lines, key=lambda line: (line.y, line.x0))


def _drawn_once(row: list[Word]) -> list[Word]:
    """A row's words from left to right, without those drawn again in the same place, for weight or shadow."""
    kept: list[Word] = []
    for word in sorted(row, key=lambda one: one.x0):
        near = 0.15 * word.size
        if not any(
            other.text == word.text and word.x0 - other.x0 <= near and abs(word.y - other.y) <= near
            for other in kept[-REDRAWN_AMONG:]
        ):
            kept.append(word)
    return kept


def _row_for(word: Word, rows: list[list[Word]], heights: list[tuple[float, int]]) -> int | None:
    """The row that a word joins: one on its baseline, or a larger one that it touches just above or below."""
    reach = 40.0
    low = bisect_left(heights, (word.y - reach, -1))
    best: tuple[float, int] | None = None
    for y, index in heights[low:]:
        if y > word.y + reach:
            break
        size = rows[index][0].size
        away = abs(y - word.y)
        if away <= SAME_BASELINE * min(size, word.size) or (
            word.size < SMALL * size and _hangs_on(word, rows[index], y - word.y, size)
        ):
            best = min(best, (away, index)) if best else (away, index)
    if best is None:
        return None
    base = rows[best[1]][0]
    word.raised = word.size < SMALL * base.size and base.y - word.y > 0.15 * base.size
    return best[1]


def _hangs_on(word: Word, row: list[Word], above: float, size: float) -> bool:
    """Whether a small word stands right beside a word of the row, raised or lowered by less than its height."""
    if not -0.3 * size <= above <= 0.7 * size:
        return False
    near = 0.35 * size
    return any(other.x0 - near <= word.x1 and word.x0 <= other.x1 + near for other in row)


def _with_letterspacing_closed(line: Line) -> Line:
    """A line of single letters set far apart, its words told by the wider gaps; any other line as it is."""
    words = line.words
    singles = [word for word in words if len(word.text) == 1]
    if len(words) < 6 or len(singles) < 0.85 * len(words):
        return line
    gaps = [after.x0 - before.x1 for before, after in pairwise(words)]
    usual = median(gaps)
    merged = [words[0]]
    for word, gap in zip(words[1:], gaps, strict=True):
        if gap <= usual * 1.6 + 0.02 * line.size:
            merged[-1].text += word.text
            merged[-1].x1 = word.x1
        else:
            merged.append(word)
    return Line(merged, line.y, line.size)


def segments(line: Line, gap: float) -> list[Line]:
    """The line taken apart where the space between words is wider than `gap` points."""
    parts: list[list[Word]] = [[line.words[0]]]
    reach = line.words[0].x1
    for word in line.words[1:]:
        if word.x0 - reach > gap:
            parts.append([])
        parts[-1].append(word)
        reach = max(reach, word.x1)
    return [Line(part, line.y) for part in parts]


MIN_COLUMN_LINES = 6
MIN_COLUMN_CHARACTERS = 22


def in_reading_order(rows: Sequence[Line], left: float, right: float) -> list[tuple[bool, list[Line]]]:
    """Runs of rows from top to bottom; where two columns of running text stand side by side, the left before the right.

    Each run tells whether it is such columns.
    """
    runs: list[tuple[bool, list[Line]]] = []
    at = 0
    while at < len(rows):
        found = _two_columns(rows[at:], left, right)
        if found is not None:
            lefts, rights, used = found
            runs.append((True, [*lefts, *rights]))
            at += used
        else:
            if not runs or runs[-1][0]:
                runs.append((False, []))
            runs[-1][1].append(rows[at])
            at += 1
    return runs


def _two_columns(rows: Sequence[Line], left: float, right: float) -> tuple[list[Line], list[Line], int] | None:
    """The two columns that begin with the first row, and how many rows they take; None when there are none."""
    width = right - left
    parts = segments(rows[0], COLUMN_GAP * rows[0].size)
    gutters = [(one.x1 + other.x0) / 2 for one, other in pairwise(parts)]
    if len(parts) == 1:
        gutters = [parts[0].x1 + 4.0, parts[0].x0 - 4.0]
    for gutter in gutters:
        if not left + 0.3 * width <= gutter <= left + 0.7 * width:
            continue
        lefts, rights, used = _split_at(rows, gutter)
        if _is_prose(lefts, gutter - left) and _is_prose(rights, right - gutter) and used:
            return lefts, rights, used
    return None


def _split_at(rows: Sequence[Line], gutter: float) -> tuple[list[Line], list[Line], int]:
    """What stands left and right of `gutter` in the leading rows that leave it free."""
    lefts: list[Line] = []
    rights: list[Line] = []
    used = 0
    for row in rows:
        if any(word.x0 < gutter - 1 and word.x1 > gutter + 1 for word in row.words):
            break
        on_left = [word for word in row.words if word.x1 <= gutter + 1]
        on_right = [word for word in row.words if word.x1 > gutter + 1]
        if on_left and on_right and on_right[0].x0 - max(w.x1 for w in on_left) < COLUMN_GAP * row.size * 0.8:
            break
        if on_left:
            lefts.append(Line(on_left))
        if on_right:
            rights.append(Line(on_right))
        used += 1
    return _without_tail(lefts, rights, used)


def _without_tail(lefts: list[Line], rights: list[Line], used: int) -> tuple[list[Line], list[Line], int]:
    """The columns without what stands below them on one side, apart or in another size: text over the whole width."""
    longer, shorter = (lefts, rights) if (not rights or (lefts and lefts[-1].y > rights[-1].y)) else (rights, lefts)
    if not shorter or len(longer) < 3:
        return lefts, rights, used
    usual = median(below.y - above.y for above, below in pairwise(longer))
    for at in range(1, len(longer)):
        above, line = longer[at - 1], longer[at]
        apart = line.y - above.y > 1.9 * usual or abs(line.size - above.size) > 0.08 * above.size
        if apart and line.y > shorter[-1].y + 0.5 * usual:
            return (lefts[:at], rights, used - len(longer) + at) if longer is lefts else (
                lefts, rights[:at], used - len(longer) + at
            )  # fmt: skip
    return lefts, rights, used


def _is_prose(lines: Sequence[Line], width: float) -> bool:
    """Whether lines fill a column like running text does."""
    if len(lines) < MIN_COLUMN_LINES:
        return False
    lengths = [sum(len(word.text) + 1 for word in line.words) for line in lines]
    filled = median(line.x1 - line.x0 for line in lines)
    whole = sum(len(segments(line, COLUMN_GAP * line.size)) == 1 for line in lines)
    return median(lengths) >= MIN_COLUMN_CHARACTERS and filled >= 0.6 * width and whole >= 0.8 * len(lines)
