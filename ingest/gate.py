"""The gate: golden questions asked of the published generation and of a draft, and what came of each answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ingest import store
from ingest.progress import Stage, Step, Tell
from kb.answers import Answer, Statement
from kb.ask import KnowledgeBase
from kb.database import Database
from kb.documents import Edition
from kb.errors import WrongUse
from kb.evaluate import Question, judge
from kb.library import Library

NAME = "golden.jsonl"
_PART = 50  # results kept at a time, so that a killed run has lost little when it is run again


class Golden(Question):
    """A question whose answer the board has fixed, with the texts that must go on standing in the quotes."""

    must_not_change: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Stands for all that the line says."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]

    @property
    def documents(self) -> frozenset[str]:
        """The documents that may answer it; empty where none is meant to."""
        named = (self.doc, *(other.doc for other in self.alternatives))
        return frozenset(name for name in named if name)


class Kind(StrEnum):
    """What became of an answer: `lost` was as the golden question says and is not now; `broken` lacks a text that must
    not change and stood there; `changed` begins with another quote."""

    SAME = "same"
    CHANGED = "changed"
    LOST = "lost"
    BROKEN = "broken"


@dataclass(frozen=True)
class Result:
    """What one generation answered; `quotes` come with their lead-ins, `place` is the first one's."""

    outcome: str
    is_as_expected: bool
    quotes: tuple[str, ...]
    place: str


@dataclass(frozen=True)
class Compared:
    """A golden question whose answer is not the same; quotes and places are '' where there is none.

    `missing` are the texts that must not change and no longer stand in the quotes.
    """

    id: str
    question: str
    kind: Kind
    before: str
    after: str
    before_place: str
    after_place: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What the golden questions say of a draft: how many were asked, how many came out the same, and the others.

    `uncompared` counts those that could not be asked of what is published, which another model made.
    """

    asked: int = 0
    same: int = 0
    others: tuple[Compared, ...] = ()
    uncompared: int = 0

    @property
    def holds_back(self) -> bool:
        """Whether a named person has to approve: an answer is lost or broken, or none could be compared."""
        return bool(self.uncompared) or any(other.kind in (Kind.LOST, Kind.BROKEN) for other in self.others)

    def of(self, kind: Kind) -> tuple[Compared, ...]:
        """Those of one kind, in the order of the questions."""
        return tuple(other for other in self.others if other.kind is kind)

    def to_json(self) -> str:
        """All of it, to be read by from_json."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Verdict:
        """A verdict as to_json wrote it; that of a generation that was never asked is ''."""
        return TypeAdapter(cls).validate_json(text) if text else cls()


def read_golden(corpus: Path) -> tuple[Golden, ...]:
    """The golden questions of a corpus, in order; none where there is no such file. WrongUse names a bad line."""
    path = corpus / NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(str(path), f"it cannot be read ({error})", "Correct the file, or take it away.") from error
    questions = []
    for number, line in enumerate(lines, start=1):
        try:
            questions += [Golden.model_validate_json(line)] if line.strip() else []
        except ValidationError as error:
            fact = error.errors(include_url=False)[0]["msg"]
            raise WrongUse(f"{path}, line {number}", fact, "Each line is a JSON object with id, question …") from error
    return tuple(questions)


def concerned(questions: Iterable[Golden], editions: Iterable[Edition]) -> tuple[Golden, ...]:
    """The questions that a document of these editions may answer, and, where there is one, those that none may."""
    names = {name for edition in editions for name in (edition.document.id, edition.file)}
    kept = [question for question in questions if not question.documents or question.documents & names]
    return tuple(kept) if any(question.documents for question in kept) else ()


@dataclass(frozen=True)
class Asker:
    """Asks golden questions as on one day, and keeps what each generation answered."""

    database: Database
    base: KnowledgeBase
    answerer: str
    on: date
    tell: Tell

    def ask(self, questions: Sequence[Golden], generation: str, load: Callable[[], Library]) -> dict[str, Result]:
        """Question's digest → what the generation answers to it; only what is not kept is asked."""
        results = earlier(self.database, generation, self.answerer, self.on)
        missing = [question for question in questions if question.digest not in results]
        library = load() if missing else None
        for first in range(0, len(missing), _PART):
            part = missing[first : first + _PART]
            rows = []
            for number, question in enumerate(part, start=first + 1):
                assert library is not None
                result = _result(question, self.base.ask(question.asked(False), self.on, library), library)
                results[question.digest] = result
                kept = json.dumps(asdict(result), ensure_ascii=False)
                rows.append((generation, question.digest, self.answerer, self.on.isoformat(), kept))
                self.tell(Step(Stage.TRY, number, len(missing), "golden questions"))
            store.store_results(self.database, rows)
        return results


def earlier(database: Database, generation: str, answerer: str, on: date) -> dict[str, Result]:
    """Question's digest → what the generation answered before, by the same code.

    Only what was asked on a day on which each edition had the status that it has on the day `on`.
    """
    query = "SELECT question, as_of, result FROM golden_results WHERE generation = ? AND answerer = ?"
    rows = database.select(query, generation, answerer)
    editions = database.editions(generation) if rows else []
    days = {row["as_of"] for row in rows}
    fit = {day for day in days if _is_alike(editions, date.fromisoformat(day), on)}
    adapter = TypeAdapter(Result)
    return {row["question"]: adapter.validate_json(row["result"]) for row in rows if row["as_of"] in fit}


def _is_alike(editions: Sequence[Edition], one: date, other: date) -> bool:
    return one == other or all(edition.status_on(one) is edition.status_on(other) for edition in editions)


def _result(question: Golden, answer: Answer, library: Library) -> Result:
    measured = judge(question, answer, library.texts, 0.0)
    expected = measured.quote_at_3 if question.answerable else measured.abstained
    place = answer.statements[0].citation.locator if answer.statements else ""
    return Result(answer.outcome, bool(expected), tuple(_shown(statement) for statement in answer.statements), place)


def _shown(statement: Statement) -> str:
    lead = f"{statement.lead.text}\n" if statement.lead else ""
    return lead + statement.citation.quote


def compare(questions: Sequence[Golden], before: dict[str, Result], after: dict[str, Result]) -> Verdict:
    """What became of each answer."""
    every = [_compared(question, before[question.digest], after[question.digest]) for question in questions]
    others = tuple(each for each in every if each.kind is not Kind.SAME)
    return Verdict(len(every), len(every) - len(others), others)


def _compared(question: Golden, before: Result, after: Result) -> Compared:
    missing = tuple(text for text in question.must_not_change if _is_gone(_plain([text]), before, after))
    first, now = before.quotes[:1], after.quotes[:1]
    if before.is_as_expected and not after.is_as_expected:
        kind = Kind.LOST
    elif missing:
        kind = Kind.BROKEN
    else:
        kind = Kind.SAME if _plain(first) == _plain(now) and before.outcome == after.outcome else Kind.CHANGED
    return Compared(
        question.id, question.question, kind, "".join(first), "".join(now), before.place, after.place, missing
    )


def _is_gone(text: str, before: Result, after: Result) -> bool:
    """Whether the text stood in the quotes and does not now; or stood in the first one, which is quoted no more, and
    not in the one that took its place, whatever other quotes say."""
    if text not in _plain(before.quotes):
        return False
    first = _plain(before.quotes[:1])
    is_replaced = text in first and first not in [_plain([quote]) for quote in after.quotes]
    return text not in _plain(after.quotes[:1] if is_replaced else after.quotes)


def _plain(texts: Sequence[str]) -> str:
    """Without the white space and the capitals in which quotes of one text may differ."""
    return " ".join(" ".join(texts).casefold().split())
