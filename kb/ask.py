"""One question to one answer, from whatever generation is published at that moment."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from kb import messages
from kb.answers import Answer, Notice, NoticeKind, Outcome, Statement
from kb.check import exact_only
from kb.compose import compose
from kb.confidence import is_answered
from kb.contacts import known_numbers, read_contacts
from kb.database import Database, published_id
from kb.documents import Status
from kb.embed import Model, find_model
from kb.errors import KnowledgeBaseError, ModelUnavailable
from kb.index import Index
from kb.privacy import find_personal_details, mask
from kb.question import Asked, read
from kb.retrieve import Library, Scored
from kb.settings import Settings
from kb.terms import Ledger, Term, read_terms
from kb.urgent import is_urgent

MAX_QUESTION = 2000
"""Characters of a question that are read; a scenario of a page fits."""

MAX_CHECKED = 20_000
"""Characters that are checked for danger and personal details; what follows is never read at all."""

MAX_KEPT = 10
_CITABLE = frozenset({Status.IN_FORCE, Status.REVIEW_OVERDUE, Status.HISTORICAL, Status.UNDATED})
_TO_BE_NAMED = (Status.SUPERSEDED, Status.WITHDRAWN, Status.UNDATED, Status.HISTORICAL, Status.REVIEW_OVERDUE)


class KnowledgeBase:
    """A data folder that answers questions; safe to share between threads."""

    def __init__(self, settings: Settings, model: Model | None = None) -> None:
        self.settings = settings
        self._ledger = Ledger(_terms(settings.corpus / "terms.toml"))
        self._numbers = _known_numbers(settings.corpus / "contacts.toml")
        self._model = model
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._open: Library | None = None

    def library(self) -> Library:
        """The published generation, looked up anew at each call and loaded when it has changed.

        Raises StoreMissing, StoreDamaged, or ModelUnavailable where another model made its vectors.
        """
        generation = published_id(self.settings.data)
        with self._lock:
            if self._open is None or self._open.generation != generation:
                self._open = self.open(generation)
            return self._open

    def open(self, generation: str) -> Library:
        """A generation loaded for asking, published or not; raises as `library`, and KeyError where there is none."""
        if self._index is None:
            self._index = Index(self.settings.data, self.settings.chroma_url)
        with Database(self.settings.data) as database:
            row = database.generation(generation)
            self._model = self._model or find_model(self.settings.model)
            if row.embedder != self._model.name:
                raise ModelUnavailable(
                    str(self.settings.data),
                    f"its vectors were made by {row.embedder}, the model here is {self._model.name}",
                    "Set KB_MODEL to that model, or ingest anew.",
                )
            library = Library(database, generation, self._index.open(row.collection), self._model.load)
        library.warm()
        return library

    def close(self) -> None:
        """Lets go of the index."""
        if self._index is not None:
            self._index.close()

    def ask(self, question: str, on: date, generation: Library | None = None) -> Answer:
        """The answer from the editions citable on the day `on`; the same question of one generation gives the same.

        Asked of the published generation, unless another one is given. Raises StoreMissing, StoreDamaged and
        ModelUnavailable; whatever the question is, nothing else.
        """
        question = question[:MAX_CHECKED]
        urgent = is_urgent(question)
        details = find_personal_details(question, self._numbers)
        if details:  # from here on nobody sees them, not even the answer
            notice = Notice(NoticeKind.PERSONAL_DETAILS, messages.BLOCKED)
            return Answer(mask(question, details), Outcome.BLOCKED, on, "", notices=(notice,), urgent=urgent)
        library = generation or self.library()
        asked, hits = self.find(question, library)
        return _answer(question, asked, library, hits, on, urgent)

    def find(self, question: str, library: Library) -> tuple[Asked, list[Scored]]:
        """The question as it is read, and all that one generation holds for it, best first, citable or not."""
        asked = read(question[:MAX_QUESTION], library.speller, self._ledger)
        return asked, library.find(asked) if asked.stems else []


def _known_numbers(contacts: Path) -> frozenset[str]:
    """The numbers that may stand in a question; none where the list cannot be read, which the pages say elsewhere."""
    try:
        return known_numbers(read_contacts(contacts))
    except KnowledgeBaseError:
        return frozenset()


def _terms(file: Path) -> tuple[Term, ...]:
    """The board's terms; none where the file cannot be read: then names are simply not spelt out."""
    try:
        return read_terms(file)
    except KnowledgeBaseError:
        return ()


def _answer(question: str, asked: Asked, library: Library, hits: Sequence[Scored], on: date, urgent: bool) -> Answer:
    notices = _reading_notices(question, asked)
    citable = [scored for scored in hits if scored.passage.edition.status_on(on) in _CITABLE]
    others = [scored for scored in hits if scored.passage.edition.status_on(on) not in _CITABLE]
    statements: tuple[Statement, ...] = ()
    outcome = Outcome.NOT_FOUND
    if is_answered(asked, citable, library.passage_words):
        composed = compose(citable, on)
        statements = exact_only(composed, library.texts)
        if len(statements) < len(composed):
            notices = (*notices, Notice(NoticeKind.WITHHELD, messages.WITHHELD))
        outcome = Outcome.ANSWERED if statements else Outcome.NOT_FOUND
    elif is_answered(asked, others, library.passage_words):
        outcome = Outcome.ONLY_SUPERSEDED
    shown = others if outcome is Outcome.ONLY_SUPERSEDED else citable
    return Answer(
        question=question,
        outcome=outcome,
        as_of=on,
        generation=library.generation,
        statements=statements,
        notices=(*notices, *_notices(outcome, statements, shown, on, library)),
        kept=tuple(scored.hit for scored in citable[:MAX_KEPT]),
        rejected=tuple(scored.hit for scored in [*citable[MAX_KEPT:], *others]),
        urgent=urgent,
    )


def _reading_notices(question: str, asked: Asked) -> tuple[Notice, ...]:
    """What was read otherwise than it was written: cut short, mended, or spelt out."""
    notices = []
    if len(question) > MAX_QUESTION:
        notices.append(Notice(NoticeKind.SHORTENED, messages.shortened(MAX_QUESTION)))
    if asked.mends:
        notices.append(
            Notice(NoticeKind.READ_AS, messages.mended([(mend.written, mend.taken) for mend in asked.mends]))
        )
    spelt = [(expansion.found, expansion.means[0]) for expansion in asked.expansions]
    if spelt and len(asked.meanings) > 1:
        notices.append(Notice(NoticeKind.READ_AS, messages.spelt_out(spelt)))
    return tuple(notices)


def _notices(
    outcome: Outcome, statements: Sequence[Statement], hits: Sequence[Scored], on: date, library: Library
) -> tuple[Notice, ...]:
    if outcome is Outcome.ANSWERED:
        named = [statement for statement in statements if statement.status in _TO_BE_NAMED]
        named.sort(key=lambda statement: _TO_BE_NAMED.index(statement.status))
        grouped = groupby(named, key=lambda statement: statement.status)
        return tuple(
            Notice(
                NoticeKind.STATUS,
                messages.status_notice(state, [statement.citation.passage.edition.document for statement in group]),
            )
            for state, group in grouped
        )
    first = ""
    if outcome is Outcome.ONLY_SUPERSEDED:
        titles = {edition.document.id: edition.document.title for edition in library.editions}
        first = messages.only_superseded([scored.passage.edition for scored in hits[:3]], on, titles)
    trails = dict.fromkeys(
        " › ".join((scored.passage.edition.document.title, *scored.passage.headings)) for scored in hits[:6]
    )
    found = ((NoticeKind.STATUS, first), (NoticeKind.NEAREST, messages.nearest(list(trails)[:3]) if trails else ""))
    return tuple(Notice(kind, text) for kind, text in found if text)
