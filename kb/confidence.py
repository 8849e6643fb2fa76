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

from kb.compose import best_unit
from kb.entries import unit_words
from kb.keywords import Keywords, content_stems
from kb.kinds import MEASURED, Wanted, asks_whether, held_in, wanted_by
from kb.question import Asked
from kb.retrieve import UNREAD, Scored

MODEL = Path(__file__).with_suffix(".json")

BEST = 3
"""Passages that are looked at: the ones a reader would be shown."""


AROUND = 30
"""Passages among whose closest units the best one must stand out."""

USUAL = 0.35
"""Similarity that their middle usually has (0.3 to 0.4 on the development questions), for the passages that a small
knowledge base lacks."""


SURE = 5
"""A logit of the reader that leaves little doubt."""


class Belief(Enum):
    """What may be said of the hits."""

    ANSWERS = "answers"
    RELATED = "related"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Features:
    """What the decision looks at, each about 0 to 1, over the first BEST hits.

    `unit_margin`: how far the closest unit in meaning stands above the middle of AROUND; `least`: the best match of
    the question's worst-matched words; `coverage`: the share of the question's words, weighted by rarity, in the unit
    that has most of them; `missing_number`: the question names a number or a year that none of the passages has;
    `wants_number`: it wants one; `lacks_amount`: it wants a number or a duration, and the unit that would be quoted
    first holds none; `asks_whether`: it asks whether something is so, or may or must be done; `length`: the logarithm
    of its words, over 3; `read`: how surely one of the units that were read answers it, a logit over 5.
    """

    unit_margin: float = 0.0
    least: float = 0.0
    coverage: float = 0.0
    missing_number: float = 0.0
    wants_number: float = 0.0
    lacks_amount: float = 0.0
    asks_whether: float = 0.0
    length: float = 0.0
    read: float = UNREAD / SURE

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
    wanted = wanted_by(asked.asks) & MEASURED
    said = [asked.said_in(stems) for stems in _unit_stems(best)]
    return Features(
        unit_margin=max(hit.best_unit_meaning for hit in best) - _middle(hits),
        least=max(hit.match.least for hit in best),
        coverage=max(_share(weights, found) for found in said),
        missing_number=float(_misses_a_number(asked, set().union(*said))),
        wants_number=float(Wanted.NUMBER in wanted),
        lacks_amount=float(bool(wanted - _held_first(hits))),
        asks_whether=float(asks_whether(asked.asks)),
        length=math.log(1 + len(asked.stems)) / 3,
        read=max(hit.read for hit in hits) / SURE,
    )


def believed(asked: Asked, hits: Sequence[Scored], keywords: Keywords) -> Belief:
    """What may be said of the hits."""
    return load_model().belief(features(asked, hits, keywords)) if hits else Belief.NOTHING


def _middle(hits: Sequence[Scored]) -> float:
    around = [hit.best_unit_meaning for hit in hits[:AROUND]]
    return median([*around, *[USUAL] * (AROUND - len(around))])


def _held_first(hits: Sequence[Scored]) -> frozenset[Wanted]:
    """The sorts of answer that the unit holds which would be quoted first."""
    first = best_unit(hits)
    if first is None:
        return frozenset()
    passage, unit = first[0].passage, first[0].passage.units[first[1]]
    return held_in(passage.slice(unit.start, unit.end))


def _unit_stems(hits: Sequence[Scored]) -> list[set[str]]:
    return [set(content_stems(unit_words(hit.passage, unit))) for hit in hits for unit in hit.passage.units]


def _share(weights: dict[str, float], present: set[str]) -> float:
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in present) / total if total else 0.0


def _misses_a_number(asked: Asked, present: set[str]) -> bool:
    """In a story most numbers belong to what happened."""
    numbers = {stem for stem in asked.stems if any(letter.isdigit() for letter in stem)}
    return not asked.is_story and not numbers <= present
