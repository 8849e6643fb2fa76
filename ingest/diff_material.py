"""Which of the word changes of a section are material."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.changes import Material, MaterialKind, PieceKind
from ingest.diff_align import Run, align
from ingest.diff_columns import Columns
from ingest.diff_sections import SectionText
from ingest.material import Fact, Spelling, facts

_CHANGED = frozenset((PieceKind.ADDED, PieceKind.REMOVED))
_MOVED = frozenset((PieceKind.MOVED_HERE, PieceKind.MOVED_AWAY))


@dataclass(frozen=True)
class _Placed:
    """A fact of one of the two sections, and the columns `first` to `last` (exclusive) between which its words lie."""

    fact: Fact
    section: SectionText
    first: int
    last: int

    @property
    def text(self) -> str:
        return " ".join(self.section.text[self.fact.start : self.fact.end].split())

    @property
    def key(self) -> str:
        return f"{self.fact.kind}\x1f{self.fact.key}"

    @property
    def context(self) -> str:
        """The unit that it stands in."""
        units = self.section.units
        token = bisect_right(self.section.tokens, self.fact.start, key=lambda each: each.start) - 1
        unit = units[bisect_right(units, token, key=lambda each: each.first) - 1]
        start, end = self.section.tokens[unit.first].start, self.section.tokens[unit.last - 1].end
        return self.section.text[start:end]


def material(
    old: SectionText | None, new: SectionText | None, columns: Columns, spelling: Spelling
) -> Iterator[Material]:
    """The material changes of a section, in order: facts of its changed words, the old ones beside the new ones.

    What says the same in other words ('ten' and '10') is none; what changes places is.
    """
    olds = _placed(old, columns, [column.old for column in columns], spelling)
    news = _placed(new, columns, [column.new for column in columns], spelling)
    for first, last in _windows(columns, [*olds, *news]):
        inside = [[each for each in placed if first <= each.first and each.last <= last] for placed in (olds, news)]
        yield from _between(*inside)


def _placed(
    section: SectionText | None, columns: Columns, numbers: Sequence[int | None], spelling: Spelling
) -> list[_Placed]:
    """The facts of a section but those of words that only moved."""
    if section is None:
        return []
    column = {number: place for place, number in enumerate(numbers) if number is not None}
    starts, ends = [token.start for token in section.tokens], [token.end for token in section.tokens]
    found: list[_Placed] = []
    for fact in facts(section.text, section.spans, spelling):
        first, last = bisect_right(ends, fact.start), bisect_left(starts, fact.end) - 1
        # A list marker has no words.
        if first <= last and columns[column[first]].kind not in _MOVED:
            found.append(_Placed(fact, section, column[first], column[last] + 1))
    return found


def _windows(columns: Columns, placed: Sequence[_Placed]) -> Iterator[tuple[int, int]]:
    """Runs of columns in which words change, wide enough that no fact lies across an end."""
    marked = bytearray(_marks(columns))
    grew = True
    while grew:
        grew = False
        for each in placed:
            inside = marked[each.first : each.last]
            if any(inside) and not all(inside):
                marked[each.first : each.last] = b"\1" * len(inside)
                grew = True
    place = 0
    for is_marked, run in groupby(marked):
        start, place = place, place + len(list(run))
        if is_marked:
            yield start, place


def _marks(columns: Columns) -> Iterator[bool]:
    """Whether each column changes, or lies among words that change: moved words do not part an old from a new one."""
    for kinds, run in groupby(columns, lambda column: column.kind is PieceKind.SAME):
        listed = list(run)
        yield from [not kinds and any(column.kind in _CHANGED for column in listed)] * len(listed)


def _between(olds: Sequence[_Placed], news: Sequence[_Placed]) -> Iterator[Material]:
    i = j = 0
    runs = align([each.key for each in olds], [each.key for each in news])
    for run in (*runs, Run(len(olds), len(news), 0)):
        yield from _paired(olds[i : run.first], news[j : run.second])
        i, j = run.first + run.size, run.second + run.size


def _paired(olds: Sequence[_Placed], news: Sequence[_Placed]) -> Iterator[Material]:
    """Facts of one kind side by side in their order, then what has no counterpart."""
    for kind in MaterialKind:
        first = [each for each in olds if each.fact.kind is kind]
        second = [each for each in news if each.fact.kind is kind]
        common = min(len(first), len(second))
        yield from (_change(one, other) for one, other in zip(first[:common], second[:common], strict=True))
        yield from (_change(one, None) for one in first[common:])
        yield from (_change(None, other) for other in second[common:])


def _change(old: _Placed | None, new: _Placed | None) -> Material:
    shown = new or old
    assert shown is not None
    return Material(
        kind=shown.fact.kind,
        old=old.text if old else None,
        new=new.text if new else None,
        before=(old.fact.start, old.fact.end) if old else None,
        after=(new.fact.start, new.fact.end) if new else None,
        context=shown.context,
    )
