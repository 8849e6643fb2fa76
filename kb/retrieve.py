"""Finding passages: by meaning over passages and their units, by words over both, fused into one order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kb.answers import FoundBy, Hit
from kb.database import Database
from kb.documents import ElementKind, Passage, Unit
from kb.embed import Embedder
from kb.entries import passage_text, unit_words
from kb.index import Nearest
from kb.keywords import Keywords
from kb.question import Asked
from kb.spelling import Speller

NEAREST = 400
"""Embedded texts asked of the index: a passage's own rank hardly matters behind its best unit's."""

WORDS_WEIGHT = 0.3
"""How much a full match by words counts beside one by meaning; 0.2 to 0.5 are within the noise of each other."""

ADDED_WEIGHT = 0.5
"""How much the words that a question's terms stand for count beside its own."""

SAYS_NOTHING = 0.3
"""Taken off a passage for the share of it that answers nothing: questions, and lines that many documents repeat."""

_REPEATED = 4  # documents that hold the same sentence make it boilerplate
_ASKS = re.compile(r"\?(?:\s+Ask: .*)?$")


@dataclass(frozen=True)
class Scored:
    """A passage with what speaks for it: similarities -1..1, BM25 scores, and a score for each of its units."""

    passage: Passage
    score: float
    meaning: float
    best_unit_meaning: float
    words: float
    units: tuple[float, ...]
    found_by: frozenset[FoundBy]

    @property
    def hit(self) -> Hit:
        """The same as a hit."""
        return Hit(self.passage, self.score, self.found_by)


class Library:
    """One generation, loaded for asking: its passages, their words, and the index that finds by meaning."""

    def __init__(self, database: Database, generation: str, nearest: Nearest, embedder: Callable[[], Embedder]) -> None:
        self.generation = generation
        self.editions = tuple(database.editions(generation))
        self.texts = {edition.id: database.edition_text(edition.id) for edition in self.editions}
        self._nearest = nearest
        self._embedder = embedder
        self.passages: list[Passage] = []
        # digest → (number of the passage, number of the unit or -1 for the passage whole)
        self._places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for edition in self.editions:
            self._add(database.passages(edition), [entry.digest for entry in database.entries(edition.id)])

    def _add(self, passages: Sequence[Passage], digests: Sequence[str]) -> None:
        following = iter(digests)
        for passage in passages:
            number = len(self.passages)
            self.passages.append(passage)
            self._places[next(following)].append((number, -1))
            for unit in range(len(passage.units) if len(passage.units) > 1 else 0):
                self._places[next(following)].append((number, unit))

    @cached_property
    def passage_words(self) -> Keywords:
        """The words of every passage with what it stands under."""
        return Keywords([passage_text(passage) for passage in self.passages])

    @cached_property
    def _units(self) -> list[tuple[int, Unit]]:
        return [(number, unit) for number, passage in enumerate(self.passages) for unit in passage.units]

    @cached_property
    def _unit_words(self) -> Keywords:
        return Keywords([unit_words(self.passages[number], unit) for number, unit in self._units])

    @cached_property
    def _first_units(self) -> np.ndarray:
        return np.cumsum([0, *(len(passage.units) for passage in self.passages)])

    @cached_property
    def speller(self) -> Speller:
        """The documents' own words, to mend a question by."""
        return Speller(passage_text(passage) for passage in self.passages)

    @cached_property
    def _says_nothing(self) -> np.ndarray:
        """bool of shape (units,): the units that ask, and those that several documents repeat."""
        said = [self.passages[number].slice(unit.start, unit.end) for number, unit in self._units]
        documents: dict[str, set[str]] = defaultdict(set)
        for (number, _), text in zip(self._units, said, strict=True):
            documents[text].add(self.passages[number].edition.document.id)
        asks = [
            unit.kind is not ElementKind.ROW and bool(_ASKS.search(text))
            for (_, unit), text in zip(self._units, said, strict=True)
        ]
        return np.array(
            [ask or len(documents[text]) >= _REPEATED for ask, text in zip(asks, said, strict=True)], dtype=bool
        )

    @cached_property
    def _share_of_nothing(self) -> np.ndarray:
        """float of shape (passages,): the share of each passage's characters in units that say nothing."""
        lengths = np.array([unit.end - unit.start for _, unit in self._units], dtype=np.float32)
        starts = self._first_units[:-1]
        return np.add.reduceat(lengths * self._says_nothing, starts) / np.add.reduceat(lengths, starts)

    def warm(self) -> None:
        """Builds what the first question would otherwise wait for."""
        _ = (self.passage_words, self._unit_words, self.speller, self._share_of_nothing if self.passages else None)

    def find(self, asked: Asked, limit: int = 50) -> list[Scored]:
        """The passages that speak to the question, best first; at most `limit`, equals in the order of the editions.

        The score is the weighted mean of four parts of 0 to 1: how close in meaning the whole passage is and its
        closest unit, and how well the words of both match beside the best match by words; less what says nothing.
        """
        if not self.passages:
            return []
        by_words, units_by_words = self._by_words(self.passage_words, asked), self._by_words(self._unit_words, asked)
        firsts = self._first_units
        best_words = np.maximum.reduceat(units_by_words, firsts[:-1])
        meaning, unit_meaning, near = self._by_meaning(self._vector(asked))
        best_meaning = np.maximum(np.maximum.reduceat(unit_meaning, firsts[:-1]), meaning)
        score = meaning + best_meaning + WORDS_WEIGHT * (_to_best(by_words) + _to_best(best_words))
        score = score - SAYS_NOTHING * self._share_of_nothing
        unit_score = unit_meaning + WORDS_WEIGHT * _to_best(units_by_words) - SAYS_NOTHING * self._says_nothing
        order = np.argsort(-score, kind="stable")[:limit]
        return [
            Scored(
                passage=self.passages[number],
                score=float(np.clip(score[number] / (2 + 2 * WORDS_WEIGHT), 0, 1)),
                meaning=float(meaning[number]),
                best_unit_meaning=float(best_meaning[number]),
                words=float(by_words[number]),
                units=tuple(float(value) for value in unit_score[firsts[number] : firsts[number + 1]]),
                found_by=_found_by(near[number], by_words[number] > 0),
            )
            for number in order.tolist()
            if near[number] or by_words[number] > 0
        ]

    def _vector(self, asked: Asked) -> np.ndarray:
        """One unit vector for all that the question's text stands for."""
        total = self._embedder().embed(asked.meanings).sum(axis=0)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)

    @staticmethod
    def _by_words(words: Keywords, asked: Asked) -> np.ndarray:
        scores = words.scores(asked.stems)
        return scores + ADDED_WEIGHT * words.scores(asked.added) if asked.added else scores

    def _by_meaning(self, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Similarity of each passage, of each unit, and whether the passage is among the nearest at all.

        What is not among the nearest counts as similar as the farthest of them: an upper bound.
        """
        found = self._nearest.nearest(vector, NEAREST)
        floor = found[-1][1] if found else 0.0
        meaning = np.full(len(self.passages), floor, dtype=np.float32)
        units = np.full(len(self._units), floor, dtype=np.float32)
        near = np.zeros(len(self.passages), dtype=bool)
        for digest, similarity in found:
            for number, unit in self._places.get(digest, ()):
                near[number] = True
                if unit < 0:
                    meaning[number] = similarity
                if unit >= 0 or len(self.passages[number].units) == 1:
                    units[self._first_units[number] + max(unit, 0)] = similarity
        return meaning, units, near


def _to_best(scores: np.ndarray) -> np.ndarray:
    best = scores.max(initial=0.0)
    return scores / best if best > 0 else scores


def _found_by(near: bool, shares_words: bool) -> frozenset[FoundBy]:
    return frozenset({FoundBy.MEANING} if near else ()) | frozenset({FoundBy.WORDS} if shares_words else ())
