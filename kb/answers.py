"""What comes back from a question: hits, statements, notices, and why there may be none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kb.documents import Citation, Passage, Slice, Status


class Outcome(StrEnum):
    """How the question ended."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"
    ONLY_SUPERSEDED = "only_superseded"
    BLOCKED = "blocked"


class FoundBy(StrEnum):
    """What brought a passage up."""

    MEANING = "meaning"
    WORDS = "words"


class NoticeKind(StrEnum):
    """What a notice is about."""

    STATUS = "status"
    PERSONAL_DETAILS = "personal-details"
    NEAREST = "nearest"
    WHOM_TO_ASK = "whom-to-ask"
    SHORTENED = "shortened"
    READ_AS = "read-as"
    RELATED = "related"
    NOT_FOUND_PART = "not-found-part"
    DIFFER = "differ"
    EVENT = "event"
    ELSEWHERE = "elsewhere"
    WITHHELD = "withheld"


_BEFORE_QUOTES = frozenset({NoticeKind.NOT_FOUND_PART, NoticeKind.DIFFER, NoticeKind.ELSEWHERE})


@dataclass(frozen=True)
class Hit:
    """A passage that was found; `score` is 0 to 1 and orders the hits of one question only."""

    passage: Passage
    score: float
    found_by: frozenset[FoundBy]


@dataclass(frozen=True)
class Statement:
    """A quote shown as (part of) an answer.

    `lead` is the lead-in or table header that belongs to the quote and stands before it in the same edition, None
    where the quote needs none or holds it. `key` is the sentence, item or row in the quote that answers; the rest is
    what it is read with. `status` is the edition's on the answer's day.
    """

    citation: Citation
    status: Status
    lead: Slice | None = None
    key: Slice | None = None


@dataclass(frozen=True)
class Notice:
    """Something that the reader must know beside the quotes."""

    kind: NoticeKind
    text: str


@dataclass(frozen=True)
class Answer:
    """Statements in the order in which they are shown, or the reason why there are none.

    `kept` hits are in rank order, at most ten; `rejected` are those found but not citable or not good enough. `about`
    is the earlier question that this one was asked with, '' for none.
    """

    question: str
    outcome: Outcome
    as_of: date
    generation: str
    statements: tuple[Statement, ...] = ()
    notices: tuple[Notice, ...] = ()
    kept: tuple[Hit, ...] = ()
    rejected: tuple[Hit, ...] = ()
    urgent: bool = False
    about: str = ""

    @property
    def first_notices(self) -> tuple[Notice, ...]:
        """What must be known first: what the quotes leave open, where they differ, why there is none."""
        return tuple(notice for notice in self.notices if notice.kind in _BEFORE_QUOTES)

    @property
    def further_notices(self) -> tuple[Notice, ...]:
        """The other notices, without the one that is the heading of related quotes."""
        shown = {*_BEFORE_QUOTES, NoticeKind.RELATED}
        return tuple(notice for notice in self.notices if notice.kind not in shown)

    @property
    def is_related(self) -> bool:
        """Whether the quotes are only related to the question and may not answer it."""
        return any(notice.kind is NoticeKind.RELATED for notice in self.notices)

    def __post_init__(self) -> None:
        if (self.outcome in (Outcome.ANSWERED, Outcome.PARTIAL)) != bool(self.statements):
            raise ValueError(f"outcome {self.outcome} with {len(self.statements)} statements")
