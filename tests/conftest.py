"""A knowledge base of a few small files with an embedder made of words, for tests that are not about quality."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ingest.progress import Tell, silent
from ingest.run import Report, ingest, rebuild
from ingest.service import Desk
from ingest.sources import Given, from_paths
from kb import instants
from kb.answers import Answer
from kb.ask import KnowledgeBase
from kb.database import Database
from kb.documents import Edition, Passage, Status
from kb.embed import Model
from kb.index import Index
from kb.keywords import content_stems
from kb.settings import Settings
from kb.token_vectors import TokenVectors, telling

PROJECT = Path(__file__).resolve().parent.parent


class Words:
    """An embedder by which texts are alike that share word stems: each stem adds to one of 64 dimensions."""

    dimensions = 64

    def __init__(self, name: str = "words@1") -> None:
        self.name = name
        self.embedded: list[str] = []
        self.loads = 0

    def embed(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> np.ndarray:
        self.embedded += texts
        vectors = np.full((len(texts), self.dimensions), 0.01, dtype=np.float32)
        for row, text in enumerate(texts):
            for stem in content_stems(text):
                vectors[row, int(hashlib.md5(stem.encode()).hexdigest(), 16) % self.dimensions] += 1
        if progress:
            progress(len(texts), len(texts))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def embed_words(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> tuple[np.ndarray, list[TokenVectors]]:
        vectors = self.embed(texts, progress)
        embedded = list(self.embedded)
        words = []
        for text in texts:
            spans = np.array([match.span() for match in re.finditer(r"\w+", text)], dtype=np.int64).reshape(-1, 2)
            pieces = self.embed([text[start:end] for start, end in spans])
            words.append(telling(text, pieces, spans))
        self.embedded = embedded  # a text's words are no texts
        return vectors, words

    @property
    def model(self) -> Model:
        return Model(self.name, self._load)

    def _load(self) -> Words:
        self.loads += 1
        return self


@dataclass
class Shelf:
    """Files in one folder and the knowledge base made of them in another."""

    folder: Path
    words: Words = field(default_factory=Words)
    tell: Tell = silent
    on: date | None = None

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def ingest(self, *, keep_others: bool = False, approve: Callable[[Report], bool] = lambda _: True) -> Report:
        """Ingests every file of the folder."""
        return self.add(self.files, keep_others=keep_others, approve=approve)

    def add(self, *paths: Path, keep_others: bool = True, approve: Callable[[Report], bool] = lambda _: True) -> Report:
        self.words.embedded.clear()
        sources = from_paths(paths, Given())
        return ingest(
            self.data, sources, self.words.model, keep_others=keep_others, approve=approve, tell=self.tell, on=self.on
        )

    @property
    def corpus(self) -> Path:
        """The folder of golden questions and roles."""
        return self.folder / "corpus"

    @property
    def settings(self) -> Settings:
        return Settings(self.data, self.corpus)

    def desk(self, who: str = "Ada", on: date | None = None) -> Desk:
        """A person at work on the knowledge base, today unless a day is given."""
        return Desk(self.settings, self.words.model, who, on or instants.day_of(instants.now()), self.tell)

    def prepare(self, who: str = "Ada", on: date | None = None) -> Report:
        """A draft of every file of the folder."""
        return self.desk(who, on).prepare(from_paths([self.files], Given()), keep_others=False)

    def answer(self, question: str, on: date | None = None) -> Answer:
        """What is answered, today unless a day is given."""
        base = KnowledgeBase(self.settings, self.words.model)
        return base.ask(question, on or instants.day_of(instants.now()))

    def rebuild(self) -> Report:
        self.words.embedded.clear()
        return rebuild(self.data, self.words.model, tell=self.tell)

    def editions(self) -> list[Edition]:
        """All that is published, what was superseded too."""
        with Database(self.data) as database:
            return database.editions(database.published_id() or "")

    def passages(self) -> list[Passage]:
        """What may be quoted today, in order."""
        today = instants.day_of(instants.now())
        gone = (Status.SUPERSEDED, Status.WITHDRAWN, Status.NOT_YET)
        held = [edition for edition in self.editions() if edition.status_on(today) not in gone]
        with Database(self.data) as database:
            return [passage for edition in held for passage in database.passages(edition)]

    def text(self) -> str:
        """The text of what may be quoted today, in order."""
        return "\n".join(passage.text for passage in self.passages())

    def indexed(self) -> set[str]:
        """The digests of all that the published collection holds."""
        with Database(self.data) as database, Index(self.data) as index:
            return index.digests(database.generation(database.published_id() or "").collection)

    def listed(self) -> set[str]:
        """The digests of all that SQLite says is embedded of what is published."""
        with Database(self.data) as database:
            editions = database.editions(database.published_id() or "")
            return {entry.digest for edition in editions for entry in database.entries(edition.id)}

    def nearest(self, question: str) -> str:
        """The text of the published passage that is found first by meaning."""
        with Database(self.data) as database, Index(self.data) as index:
            generation = database.generation(database.published_id() or "")
            digest = index.open(generation.collection).nearest(Words().embed([question])[0], 1)[0][0]
            for edition in database.editions(generation.id):
                ids = {entry.digest: entry.passage for entry in database.entries(edition.id)}
                for passage in database.passages(edition):
                    if passage.id == ids.get(digest):
                        return passage.text
        raise AssertionError(f"the index holds {digest}, SQLite does not")


VISITS = """# Private fostering

## Visits

A social worker visits the child within one week. After that they visit every six weeks in the first year.

## Notice

A carer must tell the council six weeks before the child arrives.
"""
SLEEP = """# Safer sleep

Put the baby on the back to sleep.

Keep the cot clear:

- no pillows
- no duvets
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Two small files, not yet ingested."""
    made = Shelf(tmp_path)
    made.put("fostering.md", VISITS)
    made.put("sleep.md", SLEEP)
    return made


@pytest.fixture
def project() -> Path:
    """The folder that the program is run from."""
    return PROJECT


@pytest.fixture
def python() -> tuple[str, ...]:
    """How a child process runs Python as this one does."""
    return (sys.executable, "-X", "faulthandler")
