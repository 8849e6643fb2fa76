"""Which runs of one sequence stand in another, in order: exact, and never quadratic in the length of both."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple, TypeVar

_MOST_PAIRS = 200_000
"""Pairs of equal entries up to which difflib, whose time grows with them, is let loose on two sequences."""

_DEEPEST = 40
"""Levels of looking again between what holds two sequences together; what is left then counts as different."""

Key = TypeVar("Key", str, tuple[str, ...])


class Run(NamedTuple):
    """`size` entries that are equal from `first` of one sequence and from `second` of the other on."""

    first: int
    second: int
    size: int


def align(first: Sequence[Key], second: Sequence[Key]) -> list[Run]:
    """Equal runs in order, neither crossing nor overlapping; exchanging the sequences exchanges them and no more."""
    # Where two alignments are equally good, which is found depends on which comes first; so one always does.
    if list(second) < list(first):
        return [Run(run.second, run.first, run.size) for run in align(second, first)]
    return _joined(_align(first, second, 0, len(first), 0, len(second)))


def _align(a: Sequence[Key], b: Sequence[Key], i1: int, i2: int, j1: int, j2: int, depth: int = 0) -> Iterator[Run]:
    head = 0
    while i1 + head < i2 and j1 + head < j2 and a[i1 + head] == b[j1 + head]:
        head += 1
    if head:
        yield Run(i1, j1, head)
    i1, j1 = i1 + head, j1 + head
    tail = 0
    while i1 < i2 - tail and j1 < j2 - tail and a[i2 - tail - 1] == b[j2 - tail - 1]:
        tail += 1
    i2, j2 = i2 - tail, j2 - tail
    if i1 < i2 and j1 < j2:
        yield from _between(a, b, i1, i2, j1, j2, depth)
    if tail:
        yield Run(i2, j2, tail)


def _between(a: Sequence[Key], b: Sequence[Key], i1: int, i2: int, j1: int, j2: int, depth: int = 0) -> Iterator[Run]:
    counts_a, counts_b = Counter(a[i1:i2]), Counter(b[j1:j2])
    if sum(count * counts_b[key] for key, count in counts_a.items()) <= _MOST_PAIRS:
        matcher: SequenceMatcher[Key] = SequenceMatcher(None, a[i1:i2], b[j1:j2], autojunk=False)
        yield from (Run(i1 + x, j1 + y, size) for x, y, size in matcher.get_matching_blocks() if size)
        return
    # Too many equal pairs: what stands once on both sides holds the two together (a patience diff), and what lies
    # between is looked at by itself.
    places = {b[j]: j for j in range(j1, j2) if counts_b[b[j]] == 1}
    once = [(i, places[a[i]]) for i in range(i1, i2) if counts_a[a[i]] == 1 and a[i] in places]
    i, j = i1, j1
    for x, y in (once[place] for place in rising([y for _, y in once])):
        yield from _align(a, b, i, x, j, y, depth + 1)
        yield Run(x, y, 1)
        i, j = x + 1, y + 1
    if once and depth < _DEEPEST:
        yield from _align(a, b, i, i2, j, j2, depth + 1)


def rising(values: Sequence[int]) -> list[int]:
    """The places of a longest rising run of `values`, which are all different."""
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        length = bisect_left(ends, value)
        before.append(at[length - 1] if length else -1)
        if length == len(ends):
            ends.append(value)
            at.append(place)
        else:
            ends[length], at[length] = value, place
    chain: list[int] = []
    place = at[-1] if at else -1
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain[::-1]


def heaviest_rising(values: Sequence[int], weights: Sequence[int]) -> set[int]:
    """The places of a rising run of `values`, all different, whose weights come to the most.

    Found with a tree of maxima over the ranks of the values, so the time grows as n log n.
    """
    ranks = {value: rank for rank, value in enumerate(sorted(values), start=1)}
    best: list[tuple[int, int]] = [(0, -1)] * (len(values) + 1)  # a Fenwick tree: (weight, place of its last)
    before: list[int] = []
    for place, value in enumerate(values):
        rank, found = ranks[value] - 1, (0, -1)
        while rank > 0:
            found = max(found, best[rank])
            rank -= rank & -rank
        before.append(found[1])
        rank, here = ranks[value], (found[0] + weights[place], place)
        while rank <= len(values):
            best[rank] = max(best[rank], here)
            rank += rank & -rank
    rank, end = len(values), (0, -1)
    while rank > 0:
        end = max(end, best[rank])
        rank -= rank & -rank
    chain: set[int] = set()
    place = end[1]
    while place >= 0:
        chain.add(place)
        place = before[place]
    return chain


def _joined(runs: Iterator[Run]) -> list[Run]:
    """Runs that follow on from one another as one."""
    joined: list[Run] = []
    for run in runs:
        if joined and (joined[-1].first + joined[-1].size, joined[-1].second + joined[-1].size) == run[:2]:
            joined[-1] = joined[-1]._replace(size=joined[-1].size + run.size)
        else:
            joined.append(run)
    return joined
