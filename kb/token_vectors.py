"""The words of a text as vectors in their context, and how well a text matches each word of a question.

Late interaction: each word of the question looks for the word nearest to it in the text (Khattab and Zaharia, ColBERT,
2020). A vector of the whole text says what it is about; these say whether each thing asked for stands in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kb.keywords import STOPWORDS

_COUNT = np.dtype("<u4")


@dataclass(frozen=True, eq=False)
class TokenVectors:
    """Word pieces of a text: float32 `vectors` (pieces, dimensions) of length 1, and their int `spans` (pieces, 2).

    A span is the piece's characters in the text, end exclusive.
    """

    vectors: np.ndarray
    spans: np.ndarray

    def __post_init__(self) -> None:
        """Refuses spans that are not one for each vector."""
        if len(self.vectors) != len(self.spans):
            raise ValueError(f"{len(self.vectors)} vectors with {len(self.spans)} spans")

    def without(self, start: int, end: int) -> TokenVectors:
        """The pieces that do not stand between two characters; all of them where no others are left."""
        kept = (self.spans[:, 0] >= end) | (self.spans[:, 1] <= start)
        return TokenVectors(self.vectors[kept], self.spans[kept]) if kept.any() else self

    def to_bytes(self) -> bytes:
        """Count, spans, and each vector as whole numbers of -127 to 127: a quarter of its size, the same direction."""
        peaks = np.abs(self.vectors).max(axis=1, keepdims=True, initial=1e-9)
        whole = np.round(self.vectors / peaks * 127).astype(np.int8)
        return b"".join(
            (np.array([len(whole)], _COUNT).tobytes(), self.spans.astype(_COUNT).tobytes(), whole.tobytes())
        )

    @classmethod
    def from_bytes(cls, kept: bytes) -> TokenVectors:
        """What `to_bytes` kept; without pieces where `kept` is empty."""
        if not kept:
            return cls(np.zeros((0, 0), np.float32), np.zeros((0, 2), np.int64))
        count = int(np.frombuffer(kept, _COUNT, 1)[0])
        spans = np.frombuffer(kept, _COUNT, 2 * count, offset=_COUNT.itemsize).reshape(count, 2)
        whole = np.frombuffer(kept, np.int8, offset=_COUNT.itemsize * (1 + 2 * count))
        return cls(_unit(whole.reshape(count, -1 if count else 0).astype(np.float32)), spans.astype(np.int64))


def telling(text: str, vectors: np.ndarray, spans: np.ndarray) -> TokenVectors:
    """Those pieces of `text` that tell something: no punctuation and no function words, unless there is nothing else.

    `vectors` and `spans` as in TokenVectors, of any length each.
    """
    kept = np.array([_tells(text, int(start), int(end)) for start, end in spans], dtype=bool)
    if not kept.any():
        kept[:] = True
    return TokenVectors(_unit(vectors[kept].astype(np.float32)), spans[kept].astype(np.int64).reshape(-1, 2))


def _tells(text: str, start: int, end: int) -> bool:
    piece = text[start:end].lower()
    goes_on = start > 0 and text[start - 1].isalnum()
    return piece.isalnum() and (goes_on or piece not in STOPWORDS)


def matches(question: TokenVectors, texts: Sequence[TokenVectors]) -> list[np.ndarray]:
    """For each text float32 (question's pieces, text's pieces): the cosine similarity of each pair.

    One product over all texts: many small ones wait for one another's threads.
    """
    pieces = [text.vectors for text in texts if len(text.vectors)]
    ends = np.cumsum([len(text.vectors) for text in texts])
    if not pieces or not len(question.vectors):
        return [np.zeros((len(question.vectors), len(text.vectors)), dtype=np.float32) for text in texts]
    return np.split(np.asarray(question.vectors @ np.concatenate(pieces).T, dtype=np.float32), ends[:-1], axis=1)


def closer(similarities: np.ndarray, either: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The matrix without the rows of whichever of each two the text has less of; bool (question's pieces,) each."""
    if not similarities.size or not either:
        return similarities
    best = similarities.max(axis=1)
    kept = np.ones(len(similarities), dtype=bool)
    for one, other in either:
        if one.any() and other.any():
            kept &= ~(other if best[one].mean() > best[other].mean() else one)
    return similarities[kept]


LEAST = 2
"""The question's worst-matched pieces that are looked at by themselves: what is asked for and does not stand there."""


@dataclass(frozen=True)
class Match:
    """How well a text holds what a question asks: its pieces' best similarities, on average and the LEAST of them.

    Both are -1 to 1; 0 where there is nothing to compare.
    """

    mean: float = 0.0
    least: float = 0.0


def match(similarities: np.ndarray) -> Match:
    """The Match of a matrix as `matches` gives it."""
    return matches_within(similarities, np.ones((1, similarities.shape[1]), dtype=bool))[0]


def matches_within(similarities: np.ndarray, columns: np.ndarray) -> list[Match]:
    """For each row of `columns`, bool (parts, text's pieces), the Match of those columns of the matrix."""
    if not similarities.size:
        return [Match()] * len(columns)
    best = np.where(columns[:, None, :], similarities, -np.inf).max(axis=2)  # (parts, question's pieces)
    means, leasts = best.mean(axis=1), np.sort(best, axis=1)[:, :LEAST].mean(axis=1)
    return [
        Match(float(mean), float(least)) if np.isfinite(mean) else Match()  # none of the columns
        for mean, least in zip(means, leasts, strict=True)
    ]


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)
