"""An optional second look at the best passages by a model that reads question and passage together; off by default."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from kb.embed import keep_to_this_machine
from kb.entries import passage_text
from kb.errors import ModelUnavailable
from kb.retrieve import Scored

LOOKED_AT = 20
"""Passages that are read again; each costs about as much as embedding it."""

Judge = Callable[[str, Sequence[str]], np.ndarray]
"""How well each text answers the question: float of shape (texts,), 0 to 1."""


def judged(hits: Sequence[Scored], question: str, judge: Judge) -> list[Scored]:
    """The hits with the first LOOKED_AT in the order of the mean of their score and the judge's; the rest behind."""
    first, rest = hits[:LOOKED_AT], hits[LOOKED_AT:]
    if not first:
        return []
    values = judge(question, [passage_text(hit.passage) for hit in first])
    again = [replace(hit, score=float(hit.score + value) / 2) for hit, value in zip(first, values, strict=True)]
    # What was not read again keeps its place behind: half a score is what a judge's 0 would leave of it.
    return [*sorted(again, key=lambda hit: -hit.score), *(replace(hit, score=hit.score / 2) for hit in rest)]


@lru_cache(maxsize=1)
def load_judge(folder: str) -> Judge:
    """The cross-encoder in that folder, as a judge; ModelUnavailable where there is none."""
    keep_to_this_machine()
    import torch
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(folder, device="cpu", local_files_only=True, num_labels=1)
    except Exception as error:  # the library raises whatever its loaders raise; each means the same to the caller
        fact = f"the cross-encoder {folder!r} cannot be loaded: {error}"
        raise ModelUnavailable("KB_CROSS_ENCODER", fact, "Name a model's folder on this machine.") from error

    def judge(question: str, texts: Sequence[str]) -> np.ndarray:
        pairs = [(question, text) for text in texts]
        return np.asarray(model.predict(pairs, activation_fn=torch.nn.Sigmoid(), show_progress_bar=False))

    return judge
