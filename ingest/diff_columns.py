"""Two editions' sections laid side by side, word by word."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from ingest import material_words
from ingest.changes import PieceKind
from ingest.diff_align import Run, align
from ingest.diff_sections import Matched, SectionText, Unit, match
from ingest.diff_tokens import Token, flat
from kb.documents import ElementKind

MOVED_WORDS = 5
"""Words of a sentence, item or row from which on the same words elsewhere count as moved; fewer recur by chance."""

_SAYING_LITTLE = "a an the and or of to in on at by for with as is are be it its that this , . ; : ( ) - '"
_FILLERS = frozenset(_SAYING_LITTLE.split())
_ISLAND = 3
"""Words, all of them fillers, that may be the same in the midst of a change without being shown as such ..."""

_WIDE = 4
"""... where on either side of them so many times as many words change."""

_CHANCE = 0.2
"""Share of the words that say something; where fewer are the same, they are so by chance and all of them changed ..."""

_SAID = 5
"""... if there are so many of them at least."""

_WEIGHTY = frozenset((*material_words.DUTIES, *material_words.NEGATIONS, "cannot"))
_BEFORE_NUMBERS = "section chapter part paragraph para step stage"
_REFERRING = frozenset((*_BEFORE_NUMBERS.split(), *(f"{word}s" for word in _BEFORE_NUMBERS.split()), "see", "appendix"))
_LISTING = frozenset((",", "and", "to", "or", "-"))


class Column(NamedTuple):
    """One word of the old section, of the new one, or the same of both; numbers of tokens, None where there is none."""

    kind: PieceKind
    old: int | None
    new: int | None


Columns = tuple[Column, ...]


@dataclass(frozen=True)
class Layout:
    """Every section of both editions once, by (number in the old, number in the new); None where it is not there."""

    columns: Mapping[tuple[int | None, int | None], Columns]
    moved: frozenset[tuple[int, int]]

    def mirrored(self) -> Layout:
        """The same with old and new exchanged."""
        turned = {
            (j, i): tuple(_old_first(Column(_MIRROR[kind], new, old) for kind, old, new in columns))
            for (i, j), columns in self.columns.items()
        }
        return Layout(turned, frozenset((j, i) for i, j in self.moved))


_MIRROR = {
    PieceKind.SAME: PieceKind.SAME,
    PieceKind.ADDED: PieceKind.REMOVED,
    PieceKind.REMOVED: PieceKind.ADDED,
    PieceKind.MOVED_HERE: PieceKind.MOVED_AWAY,
    PieceKind.MOVED_AWAY: PieceKind.MOVED_HERE,
}


class _Part(NamedTuple):
    """Neighbouring units of a section, old and new; `same` where they read the same, one by one."""

    old: Sequence[Unit]
    new: Sequence[Unit]
    same: bool = False


_Key = tuple[int | None, int | None]


def lay_out(old: Sequence[SectionText], new: Sequence[SectionText]) -> Layout:
    """Both editions side by side; exchanging them exchanges added and removed, and nothing else."""
    # Where two layouts are equally good, which is found depends on which edition comes first; so one always does.
    if [section.key for section in new] < [section.key for section in old]:
        return _lay_out(new, old).mirrored()
    return _lay_out(old, new)


def _lay_out(old: Sequence[SectionText], new: Sequence[SectionText]) -> Layout:
    matched = match(old, new)
    pairs: dict[_Key, tuple[SectionText | None, SectionText | None]] = {
        (i, j): (old[i], new[j]) for i, j in matched.pairs
    }
    pairs |= {(i, None): (old[i], None) for i in sorted(set(range(len(old))) - {i for i, _ in matched.pairs})}
    pairs |= {(None, j): (None, new[j]) for j in sorted(set(range(len(new))) - {j for _, j in matched.pairs})}
    parts = {key: list(_parts(*pair)) for key, pair in pairs.items()}
    away, here = _moved_units(parts)
    shifted = _shifted(old, new, matched)
    return Layout(
        {key: tuple(Words(*pairs[key], away[key], here[key], shifted).columns(parts[key])) for key in pairs},
        matched.moved,
    )


def _parts(old: SectionText | None, new: SectionText | None) -> Iterator[_Part]:
    first, second = old.units if old else (), new.units if new else ()
    i = j = 0
    for run in [*align([unit.key for unit in first], [unit.key for unit in second]), Run(len(first), len(second), 0)]:
        x, y, size = run
        if i < x or j < y:
            yield _Part(first[i:x], second[j:y])
        i, j = x + size, y + size
        if size:
            yield _Part(first[x:i], second[y:j], same=True)


def _moved_units(parts: Mapping[_Key, Sequence[_Part]]) -> tuple[dict[_Key, set[Unit]], dict[_Key, set[Unit]]]:
    """The units that read the same elsewhere in the other edition, by section: those of the old, those of the new."""
    gaps = [(key, part) for key, found in parts.items() for part in found if not part.same]
    places: dict[tuple[str, ...], list[tuple[_Key, Unit]]] = defaultdict(list)
    for key, part in gaps:
        for unit in part.new:
            if sum(word.isalnum() for word in unit.key) >= MOVED_WORDS:
                places[unit.key].append((key, unit))
    away: dict[_Key, set[Unit]] = defaultdict(set)
    here: dict[_Key, set[Unit]] = defaultdict(set)
    taken: Counter[tuple[str, ...]] = Counter()
    for key, part in gaps:
        for unit in part.old:
            found = places.get(unit.key, [])
            if taken[unit.key] < len(found):
                where, moved = found[taken[unit.key]]
                taken[unit.key] += 1
                away[key].add(unit)
                here[where].add(moved)
    return away, here


def _shifted(old: Sequence[SectionText], new: Sequence[SectionText], matched: Matched) -> dict[str, str]:
    """The numbers of sections that have another number now, and which."""
    numbers = {old[i].place.number: new[j].place.number for i, j in matched.pairs}
    return {before: after for before, after in numbers.items() if before and after and before != after}


@dataclass(frozen=True)
class Words:
    """The words of one section, old and new (None where it is not there); `away` and `here` are units that moved."""

    old: SectionText | None
    new: SectionText | None
    away: Collection[Unit]
    here: Collection[Unit]
    shifted: Mapping[str, str]

    def columns(self, parts: Iterable[_Part]) -> Iterator[Column]:
        """Every token of both once, in order; between words that are the same the old ones come first."""
        for part in parts:
            if part.same:
                yield from self._same(_numbers(part.old), _numbers(part.new))
                continue
            for gap in self._gaps(part):
                yield from self._same(_numbers(gap.old), _numbers(gap.new)) if gap.same else self._gap(gap)

    def _gaps(self, part: _Part) -> Iterable[_Part]:
        has_moved = any(unit in self.away for unit in part.old) or any(unit in self.here for unit in part.new)
        return (part,) if has_moved else _by_rows(part)

    def _same(self, olds: Sequence[int], news: Sequence[int]) -> Iterator[Column]:
        return (Column(PieceKind.SAME, i, j) for i, j in zip(olds, news, strict=True))

    def _gap(self, gap: _Part) -> list[Column]:
        """The columns of units that do not read the same, those that moved at their places among the others."""
        olds = _numbers(unit for unit in gap.old if unit not in self.away)
        news = _numbers(unit for unit in gap.new if unit not in self.here)
        away = [Column(PieceKind.MOVED_AWAY, i, None) for i in _numbers(u for u in gap.old if u in self.away)]
        here = [Column(PieceKind.MOVED_HERE, None, j) for j in _numbers(u for u in gap.new if u in self.here)]
        return _woven([column for hunk in self._hunks(olds, news) for column in hunk], away, here)

    def _hunks(self, olds: Sequence[int], news: Sequence[int]) -> Iterator[Iterable[Column]]:
        first = [self.old.tokens[i].key for i in olds] if self.old else []
        second = [self.new.tokens[j].key for j in news] if self.new else []
        i = j = 0
        for run in (*_readable(first, second, align(first, second)), Run(len(first), len(second), 0)):
            if i < run.first or j < run.second:
                yield self._changed(olds[i : run.first], news[j : run.second])
            i, j = run.first + run.size, run.second + run.size
            yield self._same(olds[run.first : i], news[run.second : j])

    def _changed(self, olds: Sequence[int], news: Sequence[int]) -> Iterable[Column]:
        if self._reads_the_same(olds, news):
            kinds = (PieceKind.SAME, PieceKind.SAME)
        else:
            kinds = (PieceKind.REMOVED, PieceKind.ADDED)
        return (*(Column(kinds[0], i, None) for i in olds), *(Column(kinds[1], None, j) for j in news))

    def _reads_the_same(self, olds: Sequence[int], news: Sequence[int]) -> bool:
        """Whether two runs of words differ in hyphens, spaces, typography or the number of a section alone."""
        if self.old is None or self.new is None:
            return False
        first, second = [self.old.tokens[i] for i in olds], [self.new.tokens[j] for j in news]
        if flat(_written(self.old.text, first)) == flat(_written(self.new.text, second)):
            # "not able" and "notable" are the same letters.
            return [word for token in first if (word := token.key.casefold()) in _WEIGHTY] == [
                word for token in second if (word := token.key.casefold()) in _WEIGHTY
            ]
        return len(first) == len(second) and all(
            one.key == other.key or (self.shifted.get(one.key) == other.key and self._refers(i))
            for i, one, other in zip(olds, first, second, strict=True)
        )

    def _refers(self, number: int) -> bool:
        """Whether the token is the number of a section that the old text refers to: 'see sections 3.1 and 3.2'."""
        assert self.old is not None
        words = self.old.tokens
        before = number - 1
        if "." in words[number].key:
            while before >= 0 and ("." in words[before].key.strip(".") or words[before].key in _LISTING):
                before -= 1
        return before >= 0 and words[before].key.casefold() in _REFERRING


def _written(text: str, found: Sequence[Token]) -> str:
    """The tokens as they stand, a space wherever anything stands between two."""
    return "".join(
        (" " if before and before.end < token.start else "") + text[token.start : token.end]
        for before, token in zip([None, *found], found, strict=False)
    )


def _numbers(units: Iterable[Unit]) -> list[int]:
    return [number for unit in units for number in range(unit.first, unit.last)]


def _by_rows(part: _Part) -> Iterator[_Part]:
    """The part as it is, or, where it is of table rows alone, row by row: those with the same first cell together."""
    if any(unit.kind is not ElementKind.ROW for unit in (*part.old, *part.new)):
        yield part
        return
    i = j = 0
    runs = align([_cells(unit)[0].key for unit in part.old], [_cells(unit)[0].key for unit in part.new])
    for x, y, size in (*runs, Run(len(part.old), len(part.new), 0)):
        if i < x or j < y:
            yield _Part(part.old[i:x], part.new[j:y])
        i, j = x + size, y + size
        for one, other in zip(part.old[x:i], part.new[y:j], strict=True):
            yield from _by_cells(one, other)


def _by_cells(old: Unit, new: Unit) -> Iterator[_Part]:
    """Two rows cell by cell, where they have as many of them."""
    first, second = _cells(old), _cells(new)
    if len(first) != len(second):
        yield _Part([old], [new])
        return
    for one, other in zip(first, second, strict=True):
        yield _Part([one], [other], same=one.key == other.key)


def _cells(row: Unit) -> list[Unit]:
    """The cells of a row, each but the last with the bar after it."""
    ends = [place + 1 for place, word in enumerate(row.key) if word == "|"]
    bounds = pairwise(dict.fromkeys((0, *ends, len(row.key))))
    return [Unit(row.first + a, row.first + b, row.kind, row.key[a:b]) for a, b in bounds]


def _readable(first: Sequence[str], second: Sequence[str], runs: Sequence[Run]) -> list[Run]:
    """The runs without those that only chop up a change: few fillers between many changed words, or chance finds."""
    said = sum(key not in _FILLERS for run in runs for key in first[run.first : run.first + run.size])
    most = max(sum(key not in _FILLERS for key in keys) for keys in (first, second))
    if most >= _SAID and said < _CHANCE * most:
        return []
    kept: list[Run] = []
    end = (0, 0)
    for run, following in pairwise((*runs, Run(len(first), len(second), 0))):
        before = run.first - end[0] + run.second - end[1]
        after = following.first - run.first - run.size + following.second - run.second - run.size
        keys = first[run.first : run.first + run.size]
        is_island = run.size <= _ISLAND and min(before, after) >= _WIDE * run.size and _FILLERS.issuperset(keys)
        if not is_island:
            kept.append(run)
            end = (run.first + run.size, run.second + run.size)
    return kept


def _woven(columns: Iterable[Column], away: Sequence[Column], here: Sequence[Column]) -> list[Column]:
    """The columns with those of moved words put in where they stand; between same words the old ones first."""
    olds, news = deque(away), deque(here)
    woven: list[Column] = []
    for column in columns:
        while column.old is not None and olds and (olds[0].old or 0) < column.old:
            woven.append(olds.popleft())
        while column.new is not None and news and (news[0].new or 0) < column.new:
            woven.append(news.popleft())
        woven.append(column)
    return _old_first([*woven, *olds, *news])


def _old_first(columns: Iterable[Column]) -> list[Column]:
    """The columns, between words that are the same the old ones before the new ones."""
    ordered: list[Column] = []
    for is_same, run in groupby(columns, lambda column: column.kind is PieceKind.SAME):
        found = list(run)
        if not is_same:
            found.sort(key=lambda each: (each.old is None, each.old or 0, each.new or 0))
        ordered += found
    return ordered
