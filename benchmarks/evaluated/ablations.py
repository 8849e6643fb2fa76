"""What each part of finding and quoting brings: the same questions with one part taken out.

The parts are taken out of the modules' own constants and functions, for as long as the context lasts; the program
itself has no switch for them. The decision to keep silent is out in all of them: it was fitted with every part there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import comb
from typing import Any
from unittest.mock import patch

import numpy as np

import kb.answering
import kb.compose
import kb.question
import kb.retrieve
from kb.ask import KnowledgeBase
from kb.confidence import Belief
from kb.embed import Embedder
from kb.evaluate import Outcomes
from kb.terms import Ledger
from kb.token_vectors import TokenVectors

MEASURED = ("evidence_at_1", "evidence_at_3", "quote_at_1", "quote_at_3")

Patches = Sequence[tuple[Any, str, Any]]
"""Of which object which name is what for a while."""


def _words(_: KnowledgeBase) -> Patches:
    def none(words: Any, asked: Any) -> np.ndarray:
        return np.zeros(len(words.scores(())), dtype=np.float32)

    return ((kb.retrieve, "_by_words", none),)


def _units(base: KnowledgeBase) -> Patches:
    library = base.library()

    def near(vector: np.ndarray, limit: int) -> set[int]:
        closest: list[int] = np.argsort(-(library.passage_vectors @ vector), kind="stable")[:limit].tolist()
        return set(closest)

    return ((library, "unit_vectors", np.zeros_like(library.unit_vectors)), (library, "passages_near", near))


def _matching(_: KnowledgeBase) -> Patches:
    weights = ((kb.retrieve, name, 0.0) for name in ("MATCH_WEIGHT", "UNIT_MATCH_WEIGHT"))
    return (*weights, _uncounted("mean", "least", "alone"))


def _uncounted(*parts: str) -> tuple[Any, str, Any]:
    """Those parts of a unit's score count nothing."""
    return kb.retrieve, "UNIT_WEIGHTS", kb.retrieve.UNIT_WEIGHTS._replace(**dict.fromkeys(parts, 0.0))


PARTS: Mapping[str, Callable[[KnowledgeBase], Patches]] = {
    "nothing (every part there)": lambda _: (),
    "words (BM25)": _words,
    "the vectors of sentences, items and rows": _units,
    "the match word by word": _matching,
    "reading question and sentence together": lambda _: ((kb.answering, "read_closely", lambda hits, *_: list(hits)),),
    "widening quotes": lambda _: ((kb.compose, "READABLE", 0),),
    "spelling out terms": lambda base: ((base, "_ledger", Ledger(())),),
    "knowing where the documents apply": lambda base: ((base.library(), "home", frozenset()),),
    "mending slips": lambda base: ((base.library().speller, "mends", lambda question: ()),),
    "the kind of answer wanted": lambda _: (_uncounted("number", "duration"),),
    "counting off what says nothing": lambda _: ((kb.retrieve, "SAYS_NOTHING", 0.0), _uncounted("nothing")),
    "counting twice what a story asks": lambda _: ((kb.question, "_ASKS_WEIGHT", 0.0),),
}
"""What is taken out, by name; the first is what the others are compared with."""


@contextmanager
def without(part: str, base: KnowledgeBase) -> Iterator[None]:
    """The knowledge base answers without that part, and never keeps silent, until the context ends."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(kb.answering, "believed", lambda *_: Belief.ANSWERS))
        stack.enter_context(patch.object(kb.answering, "elsewhere", lambda *_: []))
        for owner, name, value in PARTS[part](base):
            stack.enter_context(patch.object(owner, name, value))
        yield


class Remembering:
    """An embedder that embeds the same texts once: the parts are taken out behind it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[tuple[str, ...], tuple[np.ndarray, list[TokenVectors]]] = {}

    def embed_words(self, texts: Sequence[str]) -> tuple[np.ndarray, list[TokenVectors]]:
        """As the embedder gives it."""
        key = tuple(texts)
        if key not in self._known:
            self._known[key] = self._embedder.embed_words(texts)
        return self._known[key]


@contextmanager
def remembering(base: KnowledgeBase) -> Iterator[None]:
    """No question is embedded twice until the context ends."""
    library = base.library()
    embedder = Remembering(library.embedder())
    with patch.object(library, "embedder", lambda: embedder):
        yield


@dataclass(frozen=True)
class Change:
    """A measure without a part: its share, and the questions lost and won by taking the part out."""

    share: float
    lost: int
    won: int

    @property
    def chance(self) -> float:
        """The chance of a difference this large where the part brings nothing (exact sign test, two-sided)."""
        return sign_test(self.lost, self.won)


def changes(whole: Sequence[Outcomes], without_part: Sequence[Outcomes]) -> dict[str, Change]:
    """What taking the part out changed, by measure; the outcomes are of the same questions in the same order."""
    made = {}
    for name in MEASURED:
        pairs = [(getattr(a, name), getattr(b, name)) for a, b in zip(whole, without_part, strict=True)]
        asked = [pair for pair in pairs if None not in pair]
        share = sum(now for _, now in asked) / len(asked) if asked else 0.0
        made[name] = Change(share, asked.count((True, False)), asked.count((False, True)))
    return made


def sign_test(lost: int, won: int) -> float:
    """The chance that of so many fair tosses one side comes up at least as often as the more frequent one did."""
    tosses, fewer = lost + won, min(lost, won)
    return min(1.0, 2 * sum(comb(tosses, k) for k in range(fewer + 1)) / float(2**tosses))
