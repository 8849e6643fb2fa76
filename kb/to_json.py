"""An answer as the JSON of version 1, for programs."""

from __future__ import annotations

from pydantic import BaseModel, Field

from kb.answers import Answer, Hit, Statement

VERSION = 1


class CitationJson(BaseModel):
    """A quote's place; offsets are 0-based characters of the edition's text, end exclusive; pages are 1-based."""

    document: str
    title: str
    edition: str
    status: str
    headings: list[str]
    first_page: int | None
    last_page: int | None
    page_label: str | None
    start: int
    end: int
    url: str | None
    file: str
    passage: str


class LeadJson(BaseModel):
    """The lead-in or table header that belongs to a quote and stands before it."""

    quote: str
    start: int
    end: int


class KeyJson(BaseModel):
    """The sentence, item or row in a quote that answers; offsets as a citation's."""

    quote: str
    start: int
    end: int


class StatementJson(BaseModel):
    """A quote with its citation."""

    quote: str
    lead: LeadJson | None
    key: KeyJson | None
    citation: CitationJson


class PassageJson(BaseModel):
    """A kept hit; `rank` counts from 1."""

    rank: int
    passage: str
    document: str
    file: str
    headings: list[str]
    first_page: int | None
    text: str
    score: float
    found_by: list[str]


class NoticeJson(BaseModel):
    """Something to know beside the quotes."""

    kind: str
    text: str


class AnswerJson(BaseModel):
    """The whole answer."""

    version: int = VERSION
    question: str
    about: str
    outcome: str
    urgent: bool
    as_of: str
    generation: str
    elapsed_ms: float = Field(ge=0)
    notices: list[NoticeJson]
    statements: list[StatementJson]
    passages: list[PassageJson]


def to_json(answer: Answer, elapsed_ms: float) -> AnswerJson:
    """The answer with the milliseconds that it took."""
    return AnswerJson(
        question=answer.question,
        about=answer.about,
        outcome=answer.outcome,
        urgent=answer.urgent,
        as_of=answer.as_of.isoformat(),
        generation=answer.generation,
        elapsed_ms=round(elapsed_ms, 1),
        notices=[NoticeJson(kind=notice.kind, text=notice.text) for notice in answer.notices],
        statements=[_statement(statement) for statement in answer.statements],
        passages=[_passage(rank, hit) for rank, hit in enumerate(answer.kept, start=1)],
    )


def _statement(statement: Statement) -> StatementJson:
    citation, lead, key = statement.citation, statement.lead, statement.key
    edition = citation.passage.edition
    page = citation.first_page
    return StatementJson(
        quote=citation.quote,
        lead=LeadJson(quote=lead.text, start=lead.start, end=lead.end) if lead else None,
        key=KeyJson(quote=key.text, start=key.start, end=key.end) if key else None,
        citation=CitationJson(
            document=edition.document.id,
            title=edition.document.title,
            edition=edition.label,
            status=statement.status,
            headings=list(citation.passage.headings),
            first_page=page,
            last_page=citation.last_page,
            page_label=None if page is None else edition.label_of_page(page),
            start=citation.start,
            end=citation.end,
            url=edition.document.url,
            file=edition.file,
            passage=citation.passage.id,
        ),
    )


def _passage(rank: int, hit: Hit) -> PassageJson:
    passage = hit.passage
    return PassageJson(
        rank=rank,
        passage=passage.id,
        document=passage.edition.document.id,
        file=passage.edition.file,
        headings=list(passage.headings),
        first_page=passage.first_page,
        text=passage.text,
        score=round(hit.score, 4),
        found_by=sorted(hit.found_by),
    )
