"""A small model that reads a question together with a sentence: does the sentence answer it, or only speak of the same?

Vectors tell what a sentence is about; whether it says what is asked takes both at once. The model is the one that ships
for embedding, with weights of low rank added to its own (Hu and others, LoRA, 2021) and two layers on top, trained by
benchmarks/reader.py on questions about other documents. What it adds lies in kb/reader.safetensors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.compose import Candidate, ranked
from kb.embed import has_bfloat16, keep_to_this_machine, shipped_model
from kb.entries import read_text
from kb.errors import ModelUnavailable
from kb.retrieve import FULL, Scored

if TYPE_CHECKING:
    import torch

WEIGHTS = Path(__file__).with_suffix(".safetensors")

READ = 7
"""Units that are read, the best so far; each takes some 4 ms. Ten would find one answer in a hundred more."""

LONGEST = 96
"""Word pieces of question and sentence together that are read; what is longer is cut at its end.
128 find no more."""

QUESTION = 250
"""Characters of a question that are read, its last ones: a story asks at its end."""

UNIT_WEIGHT = 0.2
"""What one logit of the reader counts in the score of a unit."""

PASSAGE_WEIGHT = 0.1
"""The same in the score of a passage, for the best of its units."""

Reader = Callable[[str, Sequence[str]], np.ndarray]
"""How surely each text answers the question: logits, float32 of shape (texts,), some -6 to 6, even at 0."""


def read_closely(hits: Sequence[Scored], question: str, reader: Reader) -> list[Scored]:
    """The hits, best first, once the READ best units of the first of them have been read; each with its `read`.

    What the reader is surest of keeps its score, all other loses by how much less sure it is; what was not read loses
    as much as the worst that was.
    """
    best = ranked(hits)[:READ]
    if not best:
        return list(hits)
    texts = [read_text(each.scored.passage, each.scored.passage.units[each.number]) for each in best]
    logits = reader(question[-QUESTION:], texts)
    again = [_again(hit, best, logits) for hit in hits]
    return sorted(again, key=lambda hit: -hit.score)


def _again(hit: Scored, best: Sequence[Candidate], logits: np.ndarray) -> Scored:
    top, low = float(logits.max()), float(logits.min())
    own = {each.number: float(logit) for each, logit in zip(best, logits, strict=True) if each.scored is hit}
    surest = max(own.values(), default=low)
    return replace(
        hit,
        score=max(0.0, hit.score + PASSAGE_WEIGHT * (surest - top) / FULL),
        units=tuple(value + UNIT_WEIGHT * (own.get(number, low) - top) for number, value in enumerate(hit.units)),
        read=surest if own else hit.read,
    )


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """The reader that ships; ModelUnavailable where a part of it is missing or damaged."""
    keep_to_this_machine()
    import torch
    from threadpoolctl import ThreadpoolController
    from transformers import AutoTokenizer

    # The products of numpy are small here, and its threads, waiting busily for the next one, hold those of torch up:
    # reading takes twice as long with them.
    ThreadpoolController().select(internal_api="openblas").limit(limits=1)
    folder = str(shipped_model())
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    encoder, head = _models(folder)

    def read(question: str, texts: Sequence[str]) -> np.ndarray:
        pairs = tokenizer(
            [question] * len(texts),
            list(texts),
            truncation="only_second",
            max_length=LONGEST,
            padding=True,
            return_tensors="pt",
        )
        with torch.inference_mode():
            words = encoder(**pairs).last_hidden_state.float()
            kept = pairs["attention_mask"].unsqueeze(-1)
            logits = head(torch.cat([words[:, 0], (words * kept).sum(1) / kept.sum(1)], -1))
        return np.asarray(logits[:, 0], dtype=np.float32)

    return read


def _models(folder: str) -> tuple[torch.nn.Module, torch.nn.Module]:
    """The encoder with the added weights in its own, and the layers on top."""
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModel

    try:
        added = {name: value.float() for name, value in load_file(WEIGHTS).items()}
        encoder = AutoModel.from_pretrained(folder, local_files_only=True).eval()
        state = encoder.state_dict()
        for name, value in added.items():
            if name.endswith(".a"):
                state[f"{name[:-2]}.weight"] += added[f"{name[:-2]}.b"] @ value
            elif name in state:
                state[name].copy_(value)
        inner, width = added["head.0.weight"].shape
        head = torch.nn.Sequential(torch.nn.Linear(width, inner), torch.nn.Tanh(), torch.nn.Linear(inner, 1))
        tops = {name: value for name, value in added.items() if name.startswith("head.")}
        head.load_state_dict({name.removeprefix("head."): value for name, value in tops.items()})
    except Exception as error:  # whatever the libraries raise on a damaged file means the same to the caller
        raise ModelUnavailable(str(WEIGHTS), f"it cannot be read: {error}", "Fetch the file anew.") from error
    return (encoder.to(torch.bfloat16) if has_bfloat16() else encoder), head.eval()
