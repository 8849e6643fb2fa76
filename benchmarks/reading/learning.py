"""How the reader learns: weights of low rank beside the shipped model's own, and two layers on top."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from benchmarks.reading.lessons import Lesson, Shown
from kb.embed import shipped_model
from kb.reader import LONGEST

AT_ONCE = 8
"""Lessons between two steps."""

MISLEADING, OTHERS = 2, 3
"""Texts of a lesson that do not answer: so many of the most misleading, so many of the rest by chance."""

RATE, HEAD_RATE = 1e-3, 1e-3
WARM_UP = 60


class LowRank(nn.Module):
    """A linear layer with a product of two narrow matrices added to its weight (Hu and others, LoRA, 2021)."""

    def __init__(self, layer: nn.Linear, rank: int) -> None:
        super().__init__()
        self.layer = layer
        self.a = nn.Parameter(torch.randn(rank, layer.in_features) / layer.in_features**0.5)
        self.b = nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """As the layer, with the product added."""
        result: torch.Tensor = self.layer(values) + functional.linear(functional.linear(values, self.a), self.b)
        return result


class Pupil(nn.Module):
    """The encoder that learns, and what it says of a question with a text: (answers, score before reading)."""

    def __init__(self, rank: int) -> None:
        super().__init__()
        folder = str(shipped_model())
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self.encoder = AutoModel.from_pretrained(folder, local_files_only=True)
        self.encoder.requires_grad_(False)
        for layer in self.encoder.encoder.layer:
            attention = layer.attention.self
            for name in ("query", "key", "value"):
                setattr(attention, name, LowRank(getattr(attention, name), rank))
            for owner in (layer.attention.output, layer.intermediate, layer.output):
                owner.dense = LowRank(owner.dense, rank)
        for name, value in self.encoder.named_parameters():
            if name.endswith((".a", ".b", "bias")) or "LayerNorm" in name or "token_type" in name:
                value.requires_grad = "pooler" not in name
        width = self.encoder.config.hidden_size
        self.head = nn.Sequential(nn.Linear(2 * width, 64), nn.Tanh(), nn.Dropout(0.1), nn.Linear(64, 2))

    def forward(self, pairs: Sequence[tuple[str, str]]) -> torch.Tensor:
        """float of shape (pairs, 2)."""
        order = sorted(range(len(pairs)), key=lambda number: sum(map(len, pairs[number])))
        half = -(-len(order) // 2)  # what is read at once is padded to its longest
        halves = [self._read([pairs[n] for n in part]) for part in (order[:half], order[half:]) if part]
        return torch.cat(halves)[torch.argsort(torch.tensor(order))]

    def _read(self, pairs: Sequence[tuple[str, str]]) -> torch.Tensor:
        read = self.tokenizer(
            [question for question, _ in pairs],
            [text for _, text in pairs],
            truncation="only_second",
            max_length=LONGEST,
            padding=True,
            return_tensors="pt",
        )
        with torch.autocast("cpu", torch.bfloat16):
            words = self.encoder(**read).last_hidden_state
        kept = read["attention_mask"].unsqueeze(-1).float()
        words = words.float()
        result: torch.Tensor = self.head(torch.cat([words[:, 0], (words * kept).sum(1) / kept.sum(1)], -1))
        return result

    def added(self) -> dict[str, torch.Tensor]:
        """What kb/reader.py adds to the shipped model, by its names there; float16."""
        learnt = {name for name, value in self.encoder.named_parameters() if value.requires_grad}
        state = {name: value for name, value in self.encoder.state_dict().items() if name in learnt}
        kept = {name.replace(".layer.bias", ".bias"): value for name, value in state.items()}
        for name, value in self.head.state_dict().items():
            layer, _, sort = name.partition(".")
            kept[f"head.{'0' if layer == '0' else '2'}.{sort}"] = value if layer == "0" else value[:1]
        return {name: value.detach().half().contiguous() for name, value in kept.items()}


@dataclass(frozen=True)
class Batch:
    """The pairs of some lessons, whether each answers, its score before (nan where there is none).

    `spans` are the pairs of each lesson that has an answer, which comes first.
    """

    pairs: list[tuple[str, str]]
    answers: torch.Tensor
    scores: torch.Tensor
    spans: list[tuple[int, int]]


def learn(
    pupil: Pupil, lessons: Sequence[Lesson], rounds: int, seed: int = 1, tell: Callable[[str], None] = print
) -> None:
    """Goes over the lessons `rounds` times.

    Two things are asked of each pair: whether the text answers, and the score that the search gave it. The second is no
    use by itself; without it a small model does not begin to look from the question to the text and back.
    """
    choose = random.Random(seed)
    torch.manual_seed(seed)
    learnt = [value for value in pupil.parameters() if value.requires_grad]
    top = set(pupil.head.parameters())
    parts = [([v for v in learnt if v not in top], RATE), (list(top), HEAD_RATE)]
    optimizer = torch.optim.AdamW([{"params": p, "lr": rate, "base": rate} for p, rate in parts], weight_decay=0.01)
    steps, step, since = rounds * (len(lessons) // AT_ONCE), 0, time.monotonic()
    pupil.train()
    for number in range(rounds):
        for batch in _batches(lessons, choose):
            for group in optimizer.param_groups:
                group["lr"] = group["base"] * max(0.03, min(1, step / WARM_UP) * (1 - step / steps))
            loss = _loss(pupil(batch.pairs), batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            step += 1
            if step % 100 == 0:
                seconds = time.monotonic() - since
                tell(f"round {number + 1}, step {step} of {steps}: loss {loss.item():.3f}, {seconds:.0f} s")
    pupil.eval()


def _batches(lessons: Sequence[Lesson], choose: random.Random) -> Iterator[Batch]:
    order = list(lessons)
    choose.shuffle(order)
    for start in range(0, len(order) - AT_ONCE + 1, AT_ONCE):
        pairs, shown, spans = list[tuple[str, str]](), list[Shown](), list[tuple[int, int]]()
        for lesson in order[start : start + AT_ONCE]:
            chosen = _chosen(lesson, choose)
            if chosen and chosen[0].answers:
                spans.append((len(pairs), len(pairs) + len(chosen)))
            pairs += [(lesson.question, each.text) for each in chosen]
            shown += chosen
        if pairs:
            answers = torch.tensor([float(each.answers) for each in shown])
            scores = torch.tensor([float("nan") if each.score is None else each.score / 2 - 1.5 for each in shown])
            yield Batch(pairs, answers, scores, spans)


def _chosen(lesson: Lesson, choose: random.Random) -> list[Shown]:
    """One text that answers, if any does, before some that do not."""
    right = [each for each in lesson.shown if each.answers]
    wrong = [each for each in lesson.shown if not each.answers]
    rest = wrong[MISLEADING:]
    return [
        *choose.sample(right, min(1, len(right))),
        *wrong[:MISLEADING],
        *choose.sample(rest, min(OTHERS, len(rest))),
    ]


def _loss(said: torch.Tensor, batch: Batch) -> torch.Tensor:
    answers, before = said[:, 0], said[:, 1]
    loss = functional.binary_cross_entropy_with_logits(answers, batch.answers, pos_weight=torch.tensor(2.0))
    for start, end in batch.spans:
        loss = loss + 0.25 * (torch.logsumexp(answers[start:end], 0) - answers[start]) / AT_ONCE
    known = ~torch.isnan(batch.scores)
    if known.any():
        loss = loss + functional.mse_loss(before[known], batch.scores[known])
    return loss


def says(pupil: Pupil, lesson: Lesson) -> np.ndarray:
    """How surely each text of the lesson answers it: logits, float32 of shape (texts,)."""
    with torch.inference_mode():
        return np.asarray(pupil([(lesson.question, each.text) for each in lesson.shown])[:, 0], dtype=np.float32)
