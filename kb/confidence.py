"""Whether the best that was found answers the question, is only related to it, or does not belong to it at all."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from enum import Enum
from functools import lru_cache
from pathlib import Path
from statistics import median

from kb.entries import unit_words
from kb.keywords import Keywords, content_stems
from kb.kinds import Wanted, held_in, wanted_by
from kb.question import Asked
from kb.retrieve import Scored

MODEL = Path(__file__).with_suffix(".json")

BEST = 3
"""Passages that are looked at: the ones a reader would be shown."""


class Belief(Enum):
    """What may be said of the hits."""

    ANSWERS = "answers"
    RELATED = "related"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Features:
    """What the decision looks at, each about 0 to 1, over the first BEST hits.

    `score`: the first hit's; `margin`: how far it stands above the tenth; `unit_margin`: how far the closest unit in
    meaning stands above the middle of thirty; `mean` and `least`: the best word by word match; `coverage`: the share
    of the question's words, weighted by rarity, in the unit that has most of them; `unseen`: the share that no passage
    has; `missing_number`: the question names a number or a year that none of the passages has; `lacks_number`: it
    wants a number and they have none; `wants_number`, `wants_duration`: it wants one; `is_story`: it tells a story
    beside what it asks; `length`: the logarithm of its words, over 3.
    """

    score: float = 0.0
    margin: float = 0.0
    unit_margin: float = 0.0
    mean: float = 0.0
    least: float = 0.0
    coverage: float = 0.0
    unseen: float = 0.0
    missing_number: float = 0.0
    lacks_number: float = 0.0
    wants_number: float = 0.0
    wants_duration: float = 0.0
    is_story: float = 0.0
    length: float = 0.0

    def values(self) -> tuple[float, ...]:
        """The features in the order of NAMES."""
        return astuple(self)


NAMES = tuple(field.name for field in fields(Features))


@dataclass(frozen=True)
class Model:
    """A logistic regression: the chance that the question is answered, and from where on what is said."""

    coefficients: tuple[float, ...]
    intercept: float
    answers_from: float
    related_from: float

    def chance(self, features: Features) -> float:
        """0 to 1."""
        total = self.intercept + sum(c * v for c, v in zip(self.coefficients, features.values(), strict=True))
        return 1 / (1 + math.exp(-total))

    def belief(self, features: Features) -> Belief:
        """What may be said at that chance."""
        chance = self.chance(features)
        if chance >= self.answers_from:
            return Belief.ANSWERS
        return Belief.RELATED if chance >= self.related_from else Belief.NOTHING


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The model fitted by benchmarks/confidence.py on development questions."""
    stored = json.loads(MODEL.read_text(encoding="utf-8"))
    coefficients = tuple(stored["coefficients"][name] for name in NAMES)
    return Model(coefficients, stored["intercept"], stored["answers_from"], stored["related_from"])


def features(asked: Asked, hits: Sequence[Scored], keywords: Keywords) -> Features:
    """What the decision looks at, for hits in rank order; all zero without hits."""
    if not hits or not asked.stems:
        return Features()
    weights = {word: keywords.rarity(word) for word in asked.stems}
    best = hits[:BEST]
    said = [asked.said_in(stems) for stems in _unit_stems(best)]
    wanted = wanted_by(asked.asks)
    return Features(
        score=hits[0].score,
        margin=hits[0].score - hits[min(9, len(hits) - 1)].score,
        unit_margin=max(h.best_unit_meaning for h in best) - median(h.best_unit_meaning for h in hits[:30]),
        mean=max(hit.match.mean for hit in best),
        least=max(hit.match.least for hit in best),
        coverage=max(_share(weights, found) for found in said),
        unseen=_share(weights, {word for word in weights if word not in keywords}),
        missing_number=float(_misses_a_number(asked, set().union(*said))),
        lacks_number=float(Wanted.NUMBER in wanted and not any(_holds_number(hit) for hit in best)),
        wants_number=float(Wanted.NUMBER in wanted),
        wants_duration=float(Wanted.DURATION in wanted),
        is_story=float(asked.is_story),
        length=math.log(1 + len(asked.stems)) / 3,
    )


def believed(asked: Asked, hits: Sequence[Scored], keywords: Keywords) -> Belief:
    """What may be said of the hits."""
    return load_model().belief(features(asked, hits, keywords)) if hits else Belief.NOTHING


def _unit_stems(hits: Sequence[Scored]) -> list[set[str]]:
    return [set(content_stems(unit_words(hit.passage, unit))) for hit in hits for unit in hit.passage.units]


def _holds_number(hit: Scored) -> bool:
    return Wanted.NUMBER in held_in(hit.passage.text)


def _share(weights: dict[str, float], present: set[str]) -> float:
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in present) / total if total else 0.0


def _misses_a_number(asked: Asked, present: set[str]) -> bool:
    """In a story most numbers belong to what happened."""
    numbers = {stem for stem in asked.stems if any(letter.isdigit() for letter in stem)}
    return not asked.is_story and not numbers <= present
