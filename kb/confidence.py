"""Whether the best that was found answers the question, or only sounds like it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kb.entries import passage_text
from kb.keywords import Keywords, content_stems
from kb.retrieve import Scored

MODEL = Path(__file__).with_suffix(".json")


@dataclass(frozen=True)
class Features:
    """What the decision looks at, each 0 to 1 or so.

    `unit` and `passage`: the closest unit's and passage's similarity among the best hits; `coverage`: the share of
    the question's words, weighted by rarity, in the best-covering passage; `rarest`: whether that passage has the
    question's rarest word; `margin`: how far the best hit stands above the tenth.
    """

    unit: float
    passage: float
    coverage: float
    rarest: float
    margin: float

    def values(self) -> tuple[float, ...]:
        """The features in the order of the model's coefficients."""
        return (self.unit, self.passage, self.coverage, self.rarest, self.margin)


NAMES = ("unit", "passage", "coverage", "rarest", "margin")


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


def features(question: str, hits: Sequence[Scored], words: Keywords) -> Features:
    """What the decision looks at, for hits in rank order; all zero without hits."""
    if not hits:
        return Features(0, 0, 0, 0, 0)
    stems = set(content_stems(question))
    weights = {stem: words.rarity(stem) for stem in stems}
    total = sum(weights.values())
    best = hits[:3]
    found = [stems & set(content_stems(passage_text(scored.passage))) for scored in best]
    shares = [sum(weights[stem] for stem in present) / total if total else 0.0 for present in found]
    rarest = max(weights, key=lambda stem: (weights[stem], stem)) if weights else ""
    return Features(
        unit=max(scored.best_unit_meaning for scored in best),
        passage=max(scored.meaning for scored in best),
        coverage=max(shares),
        rarest=float(any(rarest in present for present in found)),
        margin=hits[0].score - hits[min(9, len(hits) - 1)].score,
    )


def is_answered(question: str, hits: Sequence[Scored], words: Keywords) -> bool:
    """Whether the hits are good enough to quote from."""
    model = load_model()
    return bool(hits) and model.chance(features(question, hits, words)) >= model.threshold
