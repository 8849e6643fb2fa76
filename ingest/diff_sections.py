"""The sections of two editions, and which of the one is which of the other."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.changes import EditionText, Place
from ingest.diff_align import heaviest_rising
from ingest.diff_markers import Marker, markers
from ingest.diff_tokens import Token, tokens
from kb.documents import Element, ElementKind
from kb.reading import Section, sections
from kb.sentences import sentence_spans

SAME_TRAIL = 0.5
SAME_HEADING = 0.25
ALIKE = 0.45
"""Two sections are the same where their texts' likeness (0 to 1, the share of runs of three words that they have in
common), raised by SAME_TRAIL where they stand under the same headings or by SAME_HEADING where their own is the same,
comes to this."""

_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3})+(?=[.:)]?\s)")
_RUN = 3
_COMMON = 24
"""Sections that share a run of words; one that more share says nothing of any of them, and is passed over."""


@dataclass(frozen=True)
class Unit:
    """Tokens `first` to `last` (exclusive) of a section: a heading, sentence, item or table row."""

    first: int
    last: int
    kind: ElementKind
    key: tuple[str, ...]


@dataclass(frozen=True)
class SectionText:
    """A section as it is compared: its tokens without list markers and running numbers, and its units.

    `text` is the whole edition's, in which the tokens and `spans` (of the elements) have their places. `trail` are the
    headings down to its own, as tokens; `above` is the number of the section that it stands under.
    """

    text: str = field(repr=False)
    place: Place
    level: int
    tokens: tuple[Token, ...] = field(repr=False)
    units: tuple[Unit, ...] = field(repr=False)
    spans: tuple[tuple[int, int, ElementKind], ...] = field(repr=False)
    trail: tuple[tuple[str, ...], ...]
    above: int | None

    @property
    def key(self) -> tuple[tuple[str, ...], ...]:
        """Equal for sections that read the same."""
        return tuple(unit.key for unit in self.units)

    @property
    def body(self) -> int:
        """How many of its tokens are its heading's."""
        return len(self.heading)

    @property
    def heading(self) -> tuple[str, ...]:
        """The tokens of its own heading, () before the first heading."""
        return self.trail[-1] if self.trail else ()


def read_sections(edition: EditionText) -> tuple[SectionText, ...]:
    """The edition's sections in order; each character of its text lies in exactly one."""
    whole = _whole(sections(edition.text, edition.elements))
    marks = markers(edition.text, edition.elements)
    found: list[SectionText] = []
    open_: list[int] = []
    first = 0
    for number, (level, trail, elements) in enumerate(whole):
        start = elements[0].start if number else 0
        end = whole[number + 1][2][0].start if number + 1 < len(whole) else len(edition.text)
        open_ = [index for index in open_ if found[index].level < level]
        own = {place - first: marks[place] for place in range(first, first + len(elements)) if place in marks}
        above = found[open_[-1]] if open_ else None
        found.append(_read(edition.text, elements, own, (start, end), level, trail, above, open_))
        first += len(elements)
        open_.append(number)
    return tuple(found)


def _whole(found: Iterable[Section]) -> list[tuple[int, tuple[str, ...], list[Element]]]:
    """(level, trail, elements) of each section; one that is shown in parts is whole again."""
    whole: list[tuple[int, tuple[str, ...], list[Element]]] = []
    for section in found:
        if section.part > 1:
            whole[-1][2].extend(section.elements)
        else:
            whole.append((section.level, section.trail, list(section.elements)))
    return whole


def _read(
    text: str,
    elements: Sequence[Element],
    marks: dict[int, Marker],
    span: tuple[int, int],
    level: int,
    trail: tuple[str, ...],
    above: SectionText | None,
    open_: Sequence[int],
) -> SectionText:
    found, units = _units(text, elements, marks)
    if not found:  # nothing but markers
        found, units = _units(text, elements, {})
    is_headed = elements[0].kind is ElementKind.HEADING
    heading = units[0].key if is_headed and units and units[0].kind is ElementKind.HEADING else ()
    dotted = _DOTTED.match(text, elements[0].start, elements[0].end) if is_headed else None
    number = marks[0].number if is_headed and 0 in marks else dotted[0] if dotted else ""
    return SectionText(
        text=text,
        place=Place(trail, *span, number, elements[0].page),
        level=level,
        tokens=tuple(found),
        units=tuple(units),
        spans=tuple((element.start, element.end, element.kind) for element in elements),
        trail=(*(above.trail if above else ()), heading) if is_headed else (),
        above=open_[-1] if open_ else None,
    )


def _units(text: str, elements: Sequence[Element], marks: Mapping[int, Marker]) -> tuple[list[Token], list[Unit]]:
    """The tokens of the elements, and how they lie in units."""
    found: list[Token] = []
    units: list[Unit] = []
    for number, element in enumerate(elements):
        for kind, first, last in _pieces(text, element, marks[number].end if number in marks else element.start):
            read = tokens(text, first, last)
            units.append(Unit(len(found), len(found) + len(read), kind, tuple(token.key for token in read)))
            found.extend(read)
    return found, units


def _pieces(text: str, element: Element, start: int) -> Iterator[tuple[ElementKind, int, int]]:
    if element.kind in (ElementKind.HEADING, ElementKind.ROW):
        if start < element.end:
            yield element.kind, start, element.end
        return
    for first, last in sentence_spans(text[start : element.end]):
        yield element.kind, start + first, start + last


@dataclass(frozen=True)
class Matched:
    """Pairs of sections (number in the old edition, number in the new), and those of them that stand elsewhere now."""

    pairs: tuple[tuple[int, int], ...]
    moved: frozenset[tuple[int, int]]


def match(old: Sequence[SectionText], new: Sequence[SectionText]) -> Matched:
    """Which section is which: first those that read the same, then the likest, each at most once."""
    pairs = _equal(old, new)
    taken_old, taken_new = {i for i, _ in pairs}, {j for _, j in pairs}
    left = [i for i in range(len(old)) if i not in taken_old]
    right = [j for j in range(len(new)) if j not in taken_new]
    pairs = sorted([*pairs, *_alike(old, new, left, right)], key=lambda pair: pair[1])
    return Matched(tuple(pairs), frozenset(_moved(old, new, pairs)))


def _equal(old: Sequence[SectionText], new: Sequence[SectionText]) -> list[tuple[int, int]]:
    """Sections that read the same; where several do, those under the same headings first, then in order."""
    pairs: list[tuple[int, int]] = []
    for with_trail in (True, False):
        taken_old, taken_new = {i for i, _ in pairs}, {j for _, j in pairs}
        left, right = _by_key(old, taken_old, with_trail), _by_key(new, taken_new, with_trail)
        for key, numbers in left.items():
            pairs.extend(zip(numbers, right.get(key, ()), strict=False))
    return pairs


def _by_key(found: Sequence[SectionText], taken: set[int], with_trail: bool) -> dict[object, list[int]]:
    grouped: dict[object, list[int]] = defaultdict(list)
    for number, section in enumerate(found):
        if number not in taken:
            grouped[(section.key, section.trail if with_trail else ())].append(number)
    return grouped


def _alike(
    old: Sequence[SectionText], new: Sequence[SectionText], left: Sequence[int], right: Sequence[int]
) -> list[tuple[int, int]]:
    """Pairs of the sections that are left on both sides, the likest first."""
    scores = _scores(old, new, left, right)
    # Of pairs equally alike those at like places in the two editions, so that repeated headings pair in order.
    far = {(i, j): abs(i / len(old) - j / len(new)) for i, j in scores}
    pairs: list[tuple[int, int]] = []
    taken_old, taken_new = set[int](), set[int]()
    for i, j in sorted(scores, key=lambda pair: (-scores[pair], far[pair], pair)):
        if scores[i, j] >= ALIKE and i not in taken_old and j not in taken_new:
            pairs.append((i, j))
            taken_old.add(i)
            taken_new.add(j)
    return pairs


def _scores(
    old: Sequence[SectionText], new: Sequence[SectionText], left: Sequence[int], right: Sequence[int]
) -> dict[tuple[int, int], float]:
    """How alike the pairs of sections are that have anything in common."""
    runs_old, runs_new = {i: _runs(old[i]) for i in left}, {j: _runs(new[j]) for j in right}
    common: dict[tuple[int, int], int] = defaultdict(int)
    for i, j in _sharing(runs_old, runs_new):
        common[i, j] += 1
    near: dict[tuple[int, int], float] = {
        pair: 2 * count / (len(runs_old[pair[0]]) + len(runs_new[pair[1]])) for pair, count in common.items()
    }
    for pair in set(_sharing({i: {old[i].trail} for i in left}, {j: {new[j].trail} for j in right})):
        near[pair] = near.get(pair, 0) + SAME_TRAIL
    for i, j in set(_sharing({i: {old[i].heading} for i in left}, {j: {new[j].heading} for j in right})):
        if old[i].trail != new[j].trail:
            near[i, j] = near.get((i, j), 0) + SAME_HEADING
    return near


def _runs(section: SectionText) -> set[Hashable]:
    """Every run of three words below the heading; of a shorter text the whole of it."""
    words = [token.key for token in section.tokens[section.body :] if token.key.isalnum()]
    return {tuple(words[place : place + _RUN]) for place in range(max(1, len(words) - _RUN + 1))} if words else set()


def _sharing(
    left: Mapping[int, Collection[Hashable]], right: Mapping[int, Collection[Hashable]]
) -> Iterator[tuple[int, int]]:
    """(i, j) once for each thing that i of `left` and j of `right` both have, unless many have it."""
    having: dict[Hashable, list[int]] = defaultdict(list)
    for j, things in right.items():
        for thing in things:
            having[thing].append(j)
    counts = Counter(thing for things in left.values() for thing in things)
    for i, things in left.items():
        for thing in things:
            found = having.get(thing, ())
            if len(found) <= _COMMON and counts[thing] <= _COMMON:
                yield from ((i, j) for j in found)


def _moved(
    old: Sequence[SectionText], new: Sequence[SectionText], pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """The pairs that stand elsewhere among the others: as few words as can be, or under another heading.

    A heading counts as another one only where both the old and the new one stand in both editions.
    """
    to_new, to_old = dict(pairs), {j: i for i, j in pairs}
    under = [_is_under_another(old[i].above, new[j].above, to_new, to_old) for i, j in pairs]
    rest = [pair for pair, is_under_another in zip(pairs, under, strict=True) if not is_under_another]
    weights = [len(new[j].tokens) + len(old[i].tokens) + 1 for i, j in rest]
    stay = {rest[place] for place in heaviest_rising([i for i, _ in rest], weights)}
    return (pair for pair in pairs if pair not in stay)


def _is_under_another(
    before: int | None, after: int | None, to_new: Mapping[int, int], to_old: Mapping[int, int]
) -> bool:
    if before is None or after is None:
        return False
    return before in to_new and after in to_old and to_new[before] != after
