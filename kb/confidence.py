"""Whether the best that was found answers the question, or only sounds like it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from statistics import median

from kb.entries import passage_text
from kb.keywords import Keywords, content_stems
from kb.question import Asked
from kb.retrieve import Scored

MODEL = Path(__file__).with_suffix(".json")

BEST = 3
"""Passages that are looked at: the ones a reader would be shown."""

NAMES = ("unit", "passage", "coverage", "first_coverage", "margin", "unit_margin", "missing_number")

_STORY = 200  # characters; in a longer question most numbers belong to the story


@dataclass(frozen=True)
class Features:
    """What the decision looks at, each about 0 to 1, over the first BEST hits.

    `unit` and `passage`: the closest unit's and passage's similarity; `coverage` and `first_coverage`: the share of
    the question's words, weighted by rarity, in the passage that has most of them and in the first; `margin`: how far
    the first hit stands above the tenth; `unit_margin`: how far the closest unit stands above the middle of thirty;
    `missing_number`: the question names a number or a year that none of the passages has.
    """

    unit: float
    passage: float
    coverage: float
    first_coverage: float
    margin: float
    unit_margin: float
    missing_number: float

    def values(self) -> tuple[float, ...]:
        """The features in the order of NAMES."""
        return astuple(self)


@dataclass(frozen=True)
class Model:
    """A logistic regression: the chance that the question is answered, and the least that is answered with."""

    coefficients: tuple[float, ...]
    intercept: float
    threshold: float

    def chance(self, features: Features) -> float:
        """0 to 1."""
        total = self.intercept + sum(c * v for c, v in zip(self.coefficients, features.values(), strict=True))
        return 1 / (1 + math.exp(-total))


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The model fitted by benchmarks/confidence.py on development questions."""
    stored = json.loads(MODEL.read_text(encoding="utf-8"))
    return Model(tuple(stored["coefficients"][name] for name in NAMES), stored["intercept"], stored["threshold"])


def features(asked: Asked, hits: Sequence[Scored], keywords: Keywords) -> Features:
    """What the decision looks at, for hits in rank order; all zero without hits."""
    if not hits or not asked.stems:
        return Features(*(0.0 for _ in NAMES))
    weights = {word: keywords.rarity(word) for word in asked.stems}
    best = hits[:BEST]
    present = [asked.said_in(set(content_stems(passage_text(scored.passage)))) for scored in best]
    unit = max(scored.best_unit_meaning for scored in best)
    return Features(
        unit=unit,
        passage=max(scored.meaning for scored in best),
        coverage=max(_share(weights, found) for found in present),
        first_coverage=_share(weights, present[0]),
        margin=hits[0].score - hits[min(9, len(hits) - 1)].score,
        unit_margin=unit - median(scored.best_unit_meaning for scored in hits[:30]),
        missing_number=float(_misses_a_number(asked, set().union(*present))),
    )


def is_answered(asked: Asked, hits: Sequence[Scored], keywords: Keywords) -> bool:
    """Whether the hits are good enough to quote from."""
    model = load_model()
    return bool(hits) and model.chance(features(asked, hits, keywords)) >= model.threshold


def _share(weights: dict[str, float], present: set[str]) -> float:
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in present) / total if total else 0.0


def _misses_a_number(asked: Asked, present: set[str]) -> bool:
    numbers = {stem for stem in asked.stems if any(letter.isdigit() for letter in stem)}
    return len(asked.text) < _STORY and not numbers <= present
