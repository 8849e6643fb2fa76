"""The measures of a question file: is the right text found, quoted first, to the character, and is silence kept."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kb.answers import Answer, Outcome
from kb.ask import KnowledgeBase
from kb.errors import WrongUse


class Alternative(BaseModel):
    """Another document that answers as well."""

    doc: str | None = None
    evidence: tuple[str, ...] = ()


class Question(BaseModel):
    """One line of a question file; fields that are not measured are let pass."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    question: str
    answerable: bool
    evidence: tuple[str, ...] = ()
    answer_regex: str | None = None
    doc: str | None = None
    alternatives: tuple[Alternative, ...] = ()
    scenario: str = ""
    style: str = ""
    split: str = ""

    @property
    def tells_its_answer(self) -> bool:
        """Whether it can be judged what answers it; else only whether it is answered at all."""
        return bool(self.evidence or self.answer_regex or self.alternatives)

    def asked(self, with_scenario: bool) -> str:
        """The text that is asked."""
        return f"{self.scenario} {self.question}".strip() if with_scenario else self.question


@dataclass(frozen=True)
class Outcomes:
    """What one question gave: each measure true, false, or None where it does not apply."""

    question: Question
    evidence_at_1: bool | None
    evidence_at_3: bool | None
    evidence_at_5: bool | None
    quote_at_1: bool | None
    quote_at_3: bool | None
    abstained: bool | None
    refused: bool | None
    exact: tuple[bool, ...]
    shown: int
    seconds: float


MEASURES = ("evidence_at_1", "evidence_at_3", "evidence_at_5", "quote_at_1", "quote_at_3", "abstained", "refused")


def read_questions(path: Path) -> list[Question]:
    """The questions of a JSON lines file, in order; WrongUse names the line of the first that cannot be read."""
    questions = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(str(path), f"it cannot be read: {error}", "Give a JSON lines file of questions.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            questions.append(Question.model_validate(json.loads(line)))
        except (json.JSONDecodeError, ValidationError) as error:
            raise WrongUse(
                f"{path}, line {number}", _mistakes(error), "Each line is a JSON object with id, question …"
            ) from error
    return questions


def _mistakes(error: json.JSONDecodeError | ValidationError) -> str:
    """What is wrong with a line, on one line."""
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON ({error})"
    found = [(".".join(str(step) for step in each["loc"]), each["msg"]) for each in error.errors(include_url=False)]
    return "; ".join(f"{place or 'it'}: {told}" for place, told in found)


def evaluate(
    base: KnowledgeBase, questions: Sequence[Question], on: date, *, with_scenario: bool = False,
    told: Callable[[int], None] = lambda _: None,
) -> list[Outcomes]:  # fmt: skip
    """What each question gives, asked one by one, in order; the model and the index are warm at the first."""
    base.ask("warm up", on)
    outcomes = []
    for number, question in enumerate(questions, start=1):
        began = time.perf_counter()
        answer = base.ask(question.asked(with_scenario), on)
        seconds = time.perf_counter() - began
        outcomes.append(judge(question, answer, base.library().texts, seconds))
        told(number)
    return outcomes


def judge(question: Question, answer: Answer, texts: dict[str, str], seconds: float) -> Outcomes:
    """The measures of one answer; `texts` are the editions' texts, against which quotes are held."""
    yes = question.answerable
    told = yes and question.tells_its_answer
    said = [(_documents(s.citation.passage), s.citation.quote) for s in answer.statements]
    kept = [(_documents(hit.passage), hit.passage.text) for hit in answer.kept]
    return Outcomes(
        question=question,
        evidence_at_1=has_evidence(question, kept[:1]) if told else None,
        evidence_at_3=has_evidence(question, kept[:3]) if told else None,
        evidence_at_5=has_evidence(question, kept[:5]) if told else None,
        quote_at_1=has_answer(question, said[:1]) if told else None,
        quote_at_3=has_answer(question, said[:3]) if told else None,
        abstained=None if yes else answer.outcome is Outcome.NOT_FOUND,
        refused=answer.outcome is Outcome.NOT_FOUND if yes else None,
        exact=tuple(
            texts[s.citation.passage.edition.id][s.citation.start : s.citation.end] == s.citation.quote
            for s in answer.statements
        ),
        shown=sum(len(text) for _, text in kept[:3]),
        seconds=seconds,
    )


def _documents(passage: object) -> tuple[str, ...]:
    edition = passage.edition  # type: ignore[attr-defined]
    return (edition.document.id, edition.file)


def _plain(text: str) -> str:
    """Letters and digits alone: excerpts are compared by nothing else."""
    return re.sub(r"[\W_]+", "", text.lower())


def _wanted(question: Question) -> Iterable[tuple[str | None, tuple[str, ...]]]:
    yield question.doc, question.evidence
    yield from ((other.doc, other.evidence) for other in question.alternatives)


def has_evidence(question: Question, texts: Sequence[tuple[tuple[str, ...], str]]) -> bool:
    """Whether an excerpt lies in the joined texts of its document; each text comes with its document's names."""
    for doc, evidence in _wanted(question):
        joined = "".join(_plain(text) for names, text in texts if doc is None or doc in names)
        if any(_plain(excerpt) in joined for excerpt in evidence):
            return True
    return False


def has_answer(question: Question, quotes: Sequence[tuple[tuple[str, ...], str]]) -> bool:
    """Whether any of the quotes matches the answer's pattern or holds an excerpt; each with its document's names."""
    if question.answer_regex and any(re.search(question.answer_regex, text, re.IGNORECASE) for _, text in quotes):
        return True
    return any(has_evidence(question, [quote]) for quote in quotes)


def interval(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share (Wilson, 1927); (0, 1) without trials."""
    if not trials:
        return 0.0, 1.0
    z, share = 1.959964, successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    low, high = ((centre + side * spread) / (1 + z * z / trials) for side in (-1, 1))
    return min(max(low, 0.0), share), max(min(high, 1.0), share)  # rounding may step over the ends


def summary(outcomes: Sequence[Outcomes]) -> list[str]:
    """A line for each measure: its name, share, 95 % interval and counts; then exactness, characters, latency."""
    lines = []
    for name in MEASURES:
        values = [value for outcome in outcomes if (value := getattr(outcome, name)) is not None]
        if values:
            low, high = interval(sum(values), len(values))
            share = sum(values) / len(values)
            lines.append(
                f"{name.replace('_at_', '@'):<12} {share:5.3f}  [{low:.3f}, {high:.3f}]  {sum(values)}/{len(values)}"
            )
    exact = [value for outcome in outcomes for value in outcome.exact]
    if exact:
        lines.append(f"{'exact':<12} {sum(exact) / len(exact):5.3f}  {sum(exact)}/{len(exact)} quotes")
    shown = [outcome.shown for outcome in outcomes if outcome.question.answerable]
    if shown:
        lines.append(f"{'shown':<12} {sum(shown) / len(shown):,.0f} characters in the first three passages")
    times = sorted(outcome.seconds * 1000 for outcome in outcomes)
    if times:
        p50, p95 = (times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.95))
        lines.append(f"{'latency':<12} p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    return lines
