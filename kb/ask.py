"""One question to one answer, from whatever generation is published at that moment."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

from kb import messages
from kb.answering import answer, citable_on, found
from kb.answers import Answer, Notice, NoticeKind, Outcome
from kb.contacts import known_numbers, read_contacts
from kb.cross_encoder import load_judge
from kb.database import Database, published_id
from kb.embed import Model, find_model
from kb.errors import KnowledgeBaseError, ModelUnavailable
from kb.events import Event, read_events
from kb.index import Index
from kb.library import Library
from kb.privacy import find_personal_details, mask
from kb.question import MAX_QUESTION, Asked, read
from kb.reader import load_reader
from kb.retrieve import Scored
from kb.settings import Settings
from kb.terms import Ledger, Term, everyday_terms, read_terms
from kb.urgent import is_urgent

MAX_CHECKED = 20_000
"""Characters that are checked for danger and personal details; what follows is never read at all."""


class KnowledgeBase:
    """A data folder that answers questions; safe to share between threads."""

    def __init__(self, settings: Settings, model: Model | None = None) -> None:
        self.settings = settings
        self._ledger = Ledger((*_terms(settings.corpus / "terms.toml"), *everyday_terms()))
        self._events = _events(settings.corpus / "events.toml")
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

    def ask(self, question: str, on: date, generation: Library | None = None, about: str = "") -> Answer:
        """The answer from the editions citable on the day `on`; the same question of one generation gives the same.

        `about` is an earlier question that this one goes on from ("and if the child is disabled?"). Asked of the
        published generation, unless another one is given. Raises StoreMissing, StoreDamaged and ModelUnavailable;
        whatever the question is, nothing else.
        """
        question, about = _whole(question), _whole(about)
        urgent = is_urgent(question)
        details = find_personal_details(question, self._numbers)
        if details or find_personal_details(about, self._numbers):  # from here on nobody sees them, not even the answer
            notice = Notice(NoticeKind.PERSONAL_DETAILS, messages.BLOCKED)
            return Answer(mask(question, details), Outcome.BLOCKED, on, "", notices=(notice,), urgent=urgent)
        library = generation or self.library()
        judge = load_judge(self.settings.cross_encoder) if self.settings.cross_encoder else None
        asked = self.read(question, library, about)
        given = answer(library, question, asked, on, load_reader(), self._events, judge)
        return replace(given, urgent=urgent, about=about)

    def found(self, question: str, on: date) -> list[Scored]:
        """What the published generation holds for the question, best first, of the editions citable on the day."""
        library = self.library()
        return found(library, self.read(question, library), citable_on(library, on), load_reader())

    def read(self, question: str, library: Library, about: str = "") -> Asked:
        """The question as it is looked up in a generation; `about` as for `ask`."""
        return read(question[:MAX_QUESTION], library.speller, self._ledger, about[:MAX_QUESTION], library.home)


def _whole(text: str) -> str:
    """What is read of a text, with '?' for each half of a character, which is none."""
    return text[:MAX_CHECKED].encode("utf-8", "replace").decode()


def _events(file: Path) -> tuple[Event, ...]:
    """What happened outside; nothing where the list cannot be read: then the answers do not tell of it."""
    try:
        return read_events(file)
    except KnowledgeBaseError:
        return ()


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
