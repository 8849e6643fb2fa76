"""Finding passages: by meaning over passages and their units, by words over both, and word by word; one order."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

import numpy as np

from kb.answers import FoundBy, Hit
from kb.documents import Passage
from kb.entries import passage_text
from kb.keywords import Keywords
from kb.kinds import Wanted, held_in, wanted_by
from kb.library import Library
from kb.question import Asked
from kb.token_vectors import Match, TokenVectors, closer, match, matches, matches_within

NEAREST = 400
"""Embedded texts asked of the index: a passage's own rank hardly matters behind its best unit's."""

BY_WORDS = 100
"""Passages, and units, looked at for their words alone."""

LOOKED_THROUGH = 30
"""Passages whose words are compared with the question's one by one, and that are found at most."""

WORDS_WEIGHT = 0.3
"""How much a full match by words counts beside one by meaning; 0.2 to 0.5 are within the noise of each other."""

ADDED_WEIGHT = 0.5
"""How much the words that a question's terms stand for count beside its own."""

MATCH_WEIGHT = 0.5
"""How much the average and the least of the word by word match count, each."""

UNIT_MATCH_WEIGHT = 0.2
"""How much the same of its best unit counts beside that: the words asked for should stand together."""

SAYS_NOTHING = 0.3
"""Taken off a passage for the share of it that answers nothing: questions, and lines that many documents repeat."""

UNREAD = -10.0
"""In place of a logit of the reader: surely not."""

FULL = 2 + 2 * WORDS_WEIGHT + 2 * MATCH_WEIGHT + 2 * UNIT_MATCH_WEIGHT
"""The score before it is brought to 0..1 of a passage that matches in every way."""


class UnitParts(NamedTuple):
    """What speaks for one unit of a passage, each about 0 to 1, or what each of that counts.

    `meaning`: its similarity; `words`: its match by words to the best of all units; `mean` and `least`: the word by
    word match with its headings and lead-in, `alone`: the mean without them; `number`, `duration` and `definition`:
    the question wants one and it holds one; `nothing`: it answers nothing.
    """

    meaning: float
    words: float
    mean: float
    least: float
    alone: float
    number: float
    duration: float
    definition: float
    nothing: float


UNIT_WEIGHTS = UnitParts(
    0.95, 0.55, 0.45, 0.75, 0.45, number=0.37, duration=0.19, definition=0.4, nothing=-SAYS_NOTHING
)
"""What each part counts beside the passage's own score; fitted by benchmarks/weights.py, `definition` set by hand."""


@dataclass(frozen=True)
class Scored:
    """A passage with what speaks for it: similarities -1..1, BM25 scores, words matched one by one, its units.

    `units` are the scores of its units, `parts` what they are made of; `read` is how surely one of those that were read
    together with the question answers it, UNREAD where none was.
    """

    passage: Passage
    score: float
    meaning: float
    best_unit_meaning: float
    words: float
    match: Match
    units: tuple[float, ...]
    found_by: frozenset[FoundBy]
    parts: tuple[UnitParts, ...] = ()
    read: float = UNREAD

    @property
    def hit(self) -> Hit:
        """The same as a hit."""
        return Hit(self.passage, self.score, self.found_by)


@dataclass(frozen=True)
class _Evidence:
    """For each candidate passage (`numbers`), and for each unit of the library, what speaks for it."""

    numbers: np.ndarray
    near: np.ndarray
    meaning: np.ndarray
    best_unit_meaning: np.ndarray
    words: np.ndarray
    score: np.ndarray
    unit_meaning: dict[int, np.ndarray]
    unit_words: np.ndarray


def find(library: Library, asked: Asked, editions: Container[str]) -> list[Scored]:
    """The passages of those editions that speak to the question, best first; LOOKED_THROUGH, equals in their order.

    The score is a weighted mean of how close in meaning the whole passage is and its closest unit, how well the words
    of both match beside the best match by words, and how well the question's words are matched one by one, in the
    passage and in its best unit; less what says nothing.
    """
    if not asked.stems or not any(edition.id in editions for edition in library.editions):
        return []
    vector, words = _embedded(library, asked)
    either = [(_within(words.spans, *written), _within(words.spans, *spelt)) for written, spelt in asked.sought.either]
    evidence = _evidence(library, asked, vector, editions)
    order = np.argsort(-evidence.score, kind="stable")[:LOOKED_THROUGH]
    tokens = library.token_vectors([int(evidence.numbers[place]) for place in order])
    scored = [
        _scored(library, asked, evidence, int(place), closer(similar, either), each)
        for place, similar, each in zip(order, matches(words, tokens), tokens, strict=True)
    ]
    return sorted(scored, key=lambda each: -each.score)


def _embedded(library: Library, asked: Asked) -> tuple[np.ndarray, TokenVectors]:
    """One unit vector for all that the question's text stands for, and the vectors of the words that it asks.

    Without those of where the documents apply, since hardly any passage names it.
    """
    sought, weights = asked.sought, asked.meanings
    texts = list(dict.fromkeys([*weights, sought.text]))
    vectors, words = library.embedder().embed_words(texts)
    total = sum(weight * vector for weight, vector in zip(weights.values(), vectors, strict=False))
    looked_for = words[texts.index(sought.text)]
    for place in sought.places:
        if place.name in library.home:
            looked_for = looked_for.without(place.start, place.end)
    return np.asarray(total / np.linalg.norm(total), dtype=np.float32), looked_for


def _evidence(library: Library, asked: Asked, vector: np.ndarray, editions: Container[str]) -> _Evidence:
    by_words, units_by_words = _by_words(library.passage_words, asked), _by_words(library.unit_words, asked)
    best_words = np.maximum.reduceat(units_by_words, library.first_units[:-1])
    near = library.passages_near(vector, _enough(library, editions))
    candidates = sorted(
        number
        for number in near | _most(by_words) | _most(best_words)
        if library.passages[number].edition.id in editions
    )
    numbers = np.array(candidates, dtype=np.int64)
    units = {n: library.unit_vectors[slice(*library.first_units[n : n + 2])] @ vector for n in candidates}
    meaning = library.passage_vectors[numbers] @ vector
    best = np.array([units[number].max() for number in candidates], dtype=np.float32)
    closest = np.maximum(best, meaning)
    score = meaning + closest + WORDS_WEIGHT * (_to_best(by_words) + _to_best(best_words))[numbers]
    score = score - SAYS_NOTHING * library.share_of_nothing[numbers]
    is_near = np.array([number in near for number in candidates], dtype=bool)
    return _Evidence(numbers, is_near, meaning, closest, by_words[numbers], score, units, _to_best(units_by_words))


def _enough(library: Library, editions: Container[str]) -> int:
    """So many embedded texts that NEAREST of them may be of those editions: a long history crowds out nothing."""
    asked = sum(size for edition, size in library.sizes.items() if edition in editions)
    return math.ceil(NEAREST * library.sizes.total() / max(asked, 1))


def _scored(
    library: Library, asked: Asked, evidence: _Evidence, place: int, similar: np.ndarray, tokens: TokenVectors
) -> Scored:
    number = int(evidence.numbers[place])
    passage, whole = library.passages[number], match(similar)
    parts = tuple(_unit_parts(library, asked, evidence, number, similar, tokens))
    units = tuple(sum(map(mul, UNIT_WEIGHTS, unit)) for unit in parts)
    best = parts[int(np.argmax(units))]
    score = evidence.score[place] + MATCH_WEIGHT * (whole.mean + whole.least)
    score += UNIT_MATCH_WEIGHT * (best.mean + best.least)
    return Scored(
        passage=passage,
        score=float(np.clip(score / FULL, 0, 1)),
        meaning=float(evidence.meaning[place]),
        best_unit_meaning=float(evidence.best_unit_meaning[place]),
        words=float(evidence.words[place]),
        match=whole,
        units=units,
        found_by=_found_by(bool(evidence.near[place]), bool(evidence.words[place] > 0)),
        parts=parts,
    )


def _unit_parts(
    library: Library, asked: Asked, evidence: _Evidence, number: int, similar: np.ndarray, tokens: TokenVectors
) -> Iterator[UnitParts]:
    """The parts of each unit of the passage of that number."""
    passage, first = library.passages[number], int(library.first_units[number])
    wanted = wanted_by(asked.asks)
    around, inside = _unit_matches(passage, similar, tokens)
    for place, unit in enumerate(passage.units):
        held = wanted & held_in(passage.slice(unit.start, unit.end)) if wanted else wanted
        yield UnitParts(
            meaning=float(evidence.unit_meaning[number][place]),
            words=float(evidence.unit_words[first + place]),
            mean=around[place].mean,
            least=around[place].least,
            alone=inside[place].mean,
            number=float(Wanted.NUMBER in held),
            duration=float(bool(held & {Wanted.DURATION, Wanted.WHEN})),
            definition=float(Wanted.DEFINITION in held),
            nothing=float(library.says_nothing[first + place]),
        )


def _unit_matches(passage: Passage, similar: np.ndarray, tokens: TokenVectors) -> tuple[list[Match], list[Match]]:
    """How well the words asked for stand in each unit together with its headings and lead-in, and in it alone."""
    if not similar.size:
        nothing = [Match()] * len(passage.units)
        return nothing, nothing
    # Spans count from the beginning of what the model read, which is the headings and then the passage.
    spans = tokens.spans + passage.start - (len(passage_text(passage)) - len(passage.text))
    inside = np.stack([_within(spans, unit.start, unit.end) for unit in passage.units])
    inside[~inside.any(axis=1)] = True  # past what the model reads of a long passage
    heads = spans[:, 1] <= passage.start
    leads = [
        _within(spans, unit.lead.start, unit.lead.end) if unit.lead and unit.lead.start >= passage.start else heads
        for unit in passage.units
    ]
    return matches_within(similar, inside | heads | np.stack(leads)), matches_within(similar, inside)


def _within(spans: np.ndarray, start: int, end: int) -> np.ndarray:
    within: np.ndarray = (spans[:, 0] < end) & (spans[:, 1] > start)
    return within


def _by_words(words: Keywords, asked: Asked) -> np.ndarray:
    scores = words.scores(asked.stems)
    return scores + ADDED_WEIGHT * words.scores(asked.added) if asked.added else scores


def _most(scores: np.ndarray) -> set[int]:
    """The numbers of the best by words, of those that share any."""
    best: Sequence[int] = np.argsort(-scores, kind="stable")[:BY_WORDS].tolist()
    return {number for number in best if scores[number] > 0}


def _to_best(scores: np.ndarray) -> np.ndarray:
    best = scores.max(initial=0.0)
    return scores / best if best > 0 else scores


def _found_by(near: bool, shares_words: bool) -> frozenset[FoundBy]:
    return frozenset({FoundBy.MEANING} if near else ()) | frozenset({FoundBy.WORDS} if shares_words else ())
