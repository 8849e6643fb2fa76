"""Why a question was missed, as far as that can be told from the ranking alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kb.answering import CITABLE, answer, found
from kb.answers import Outcome
from kb.ask import KnowledgeBase
from kb.documents import Passage
from kb.evaluate import Outcomes, Question, has_evidence
from kb.reader import load_reader
from kb.retrieve import LOOKED_THROUGH

SHOWN = 3


class Cause(StrEnum):
    """What came in the way, said as a reader of the report would want it."""

    SPOKE = "answered though nothing answers it"
    SILENT = "not found though the evidence is in the first three"
    SILENT_DEEP = "not found, and the evidence is not in the first three"
    FAR = f"evidence not in the first {LOOKED_THROUGH} passages"
    OTHER_SENTENCE = "another sentence of the evidence's passage quoted first"
    OTHER_PASSAGE = "evidence first, but a sentence of another passage quoted first"
    SAME_SECTION = "another passage of the same section first"
    SAME_DOCUMENT = "another section of the same document first"
    OTHER_DOCUMENT = "another document first"


@dataclass(frozen=True)
class Seen:
    """What is to be seen of one question: whether it has an answer and was answered, and where its evidence stands.

    `rank` is that of the passage (from 1) with which the evidence is complete, None beyond LOOKED_THROUGH;
    `same_document` and `same_section` compare the first passage with that one, `same_passage` the first quote's.
    """

    answerable: bool
    silent: bool
    rank: int | None = None
    same_document: bool = False
    same_section: bool = False
    same_passage: bool = False


@dataclass(frozen=True)
class Miss:
    """A question that was missed at some measure, and why."""

    question: Question
    measures: tuple[str, ...]
    rank: int | None
    cause: Cause


def cause(seen: Seen) -> Cause:
    """The first thing that came in the way of a question that was missed."""
    if not seen.answerable:
        return Cause.SPOKE
    if seen.silent:
        return Cause.SILENT if seen.rank and seen.rank <= SHOWN else Cause.SILENT_DEEP
    if seen.rank is None:
        return Cause.FAR
    if seen.rank == 1:
        return Cause.OTHER_SENTENCE if seen.same_passage else Cause.OTHER_PASSAGE
    if seen.same_section:
        return Cause.SAME_SECTION
    return Cause.SAME_DOCUMENT if seen.same_document else Cause.OTHER_DOCUMENT


def missed(outcome: Outcomes) -> tuple[str, ...]:
    """The measures at which the question was missed; () for one that went well."""
    found = ("evidence_at_1", "evidence_at_3", "quote_at_1", "quote_at_3", "abstained")
    bad = [name for name in found if getattr(outcome, name) is False]
    return (*(["refused"] if outcome.refused else []), *bad)


def misses(base: KnowledgeBase, outcomes: Sequence[Outcomes], on: date) -> list[Miss]:
    """Every question that was missed, in order, asked alone once more to see why."""
    found = []
    for outcome in outcomes:
        measures = missed(outcome)
        if measures:
            seen = look(base, outcome.question, on)
            found.append(Miss(outcome.question, measures, seen.rank, cause(seen)))
    return found


def look(base: KnowledgeBase, question: Question, on: date) -> Seen:
    """What is to be seen of the question in the published generation."""
    library = base.library()
    asked = base.read(question.question, library)
    answered = answer(library, question.question, asked, on, load_reader())
    silent = answered.outcome is Outcome.NOT_FOUND
    if not question.answerable:
        return Seen(False, silent)
    citable = frozenset(edition.id for edition in library.editions if edition.status_on(on) in CITABLE)
    hits = [scored.passage for scored in found(library, asked, citable, load_reader())]
    rank = rank_of(question, hits)
    if rank is None:
        return Seen(True, silent)
    first, right = hits[0], hits[rank - 1]
    quoted = answered.statements[0].citation.passage if answered.statements else None
    return Seen(
        answerable=True,
        silent=silent,
        rank=rank,
        same_document=first.edition.document.id == right.edition.document.id,
        same_section=first.edition.id == right.edition.id and first.headings == right.headings,
        same_passage=quoted is not None and (quoted.edition.id, quoted.id) == (right.edition.id, right.id),
    )


def rank_of(question: Question, passages: Sequence[Passage]) -> int | None:
    """With which of the passages in rank order (from 1) the evidence is complete; None if with none."""
    said = [((each.edition.document.id, each.edition.file), each.text) for each in passages]
    return next((rank for rank in range(1, len(said) + 1) if has_evidence(question, said[:rank])), None)
