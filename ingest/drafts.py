"""Drafts: a generation embedded and indexed aside, and what is known of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain

import numpy as np

from ingest import store
from ingest.gate import Verdict
from ingest.progress import Stage, Step, Tell
from kb import instants
from kb.database import Database, Generation, Unread
from kb.documents import Edition, Held
from kb.embed import Model
from kb.entries import digest, texts
from kb.index import Index

_PART = 512  # vectors kept at a time, so that a killed run has lost little when it is run again


@dataclass(frozen=True)
class Changes:
    """Document ids by what becomes of them."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.added or self.updated or self.removed)


def changes(before: Sequence[Edition], after: Sequence[Edition]) -> Changes:
    """What becomes of each document between two generations' editions."""
    old, new = _by_document(before), _by_document(after)
    return Changes(
        added=tuple(id_ for id_ in new if id_ not in old),
        updated=tuple(id_ for id_ in new if id_ in old and new[id_] != old[id_]),
        unchanged=tuple(id_ for id_ in new if new[id_] == old.get(id_)),
        removed=tuple(id_ for id_ in old if id_ not in new),
    )


def _by_document(editions: Iterable[Edition]) -> dict[str, set[Edition]]:
    grouped: dict[str, set[Edition]] = {}
    for edition in editions:
        grouped.setdefault(edition.document.id, set()).add(edition)
    return grouped


@dataclass(frozen=True)
class Approval:
    """A person's word that a draft may be published although the gate holds it back."""

    name: str
    reason: str


@dataclass(frozen=True)
class Draft:
    """A generation that was made and tried and is not published.

    `base` is the generation that was published when it was made; `is_stale` says that another one is by now, so that
    it cannot be published any more. `waits_for` is the instant (UTC) from which it is to be published, '' for none.
    """

    id: str
    author: str
    created_at: str
    base: str | None
    changes: Changes
    verdict: Verdict
    approvals: tuple[Approval, ...] = ()
    is_stale: bool = False
    waits_for: str = ""


def drafts(database: Database) -> tuple[Draft, ...]:
    """The drafts that are kept, newest first; the one that waits to be published is among them."""
    waiting = database.waiting()
    ever = {row.generation for row in database.publications() if not row.is_cancelled and row != waiting}
    waits = {waiting.generation: waiting.effective_at} if waiting else {}
    published = database.published_id()
    return tuple(
        _draft(database, row, published, waits.get(row.id, ""))
        for row in database.generations()
        if row.prepared_at and not row.discarded_at and row.id not in ever
    )


def _draft(database: Database, row: Generation, published: str | None, waits_for: str) -> Draft:
    before = database.editions(row.base) if row.base else []
    approvals = database.select("SELECT name, reason FROM approvals WHERE generation = ? ORDER BY rowid", row.id)
    return Draft(
        row.id, row.author, row.created_at, row.base, changes(before, database.editions(row.id)),
        Verdict.from_json(row.verdict), tuple(Approval(*each) for each in approvals), row.base != published, waits_for,
    )  # fmt: skip


@dataclass(frozen=True)
class Report:
    """What came of reading sources: document ids by what becomes of them, and what was not read.

    `generation` is what answers from now on; `draft` is what was made and is not published, None where nothing was;
    `reindexed` says that an index was made anew for the same editions. `beside` are documents that a manifest's reading
    left as they are, with what was added by itself. `difference` is what a comparison says of the changes.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    passages: int = 0
    embedded: int = 0
    generation: str | None = None
    published: bool = False
    held_back: bool = False
    reindexed: bool = False
    draft: str | None = None
    waits_for: str = ""
    verdict: Verdict = field(default_factory=Verdict)
    difference: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the editions differ from those published before."""
        return bool(self.added or self.updated or self.removed)

    @property
    def exit_code(self) -> int:
        """0 all done; 1 something was not read, or the changes were not published."""
        return 1 if self.unread or self.held_back else 0


@dataclass(frozen=True)
class Wanted:
    """What is to be embedded of so many passages: digest → text, and the digests of whole passages."""

    passages: int
    texts: dict[str, str]
    whole: frozenset[str]


class Maker:
    """Makes generations and their collections."""

    def __init__(self, database: Database, index: Index, tell: Tell) -> None:
        """Writes to the database and the index, and tells each step."""
        self._database = database
        self._index = index
        self._tell = tell

    def make(self, held: Sequence[Held], model: Model, author: str, base: str | None) -> tuple[Generation, int, int]:
        """A generation with its collection, not yet prepared; its passages, and how many texts were embedded."""
        wanted = self._wanted([each.edition for each in held])
        embedded = self._embed(model, wanted)
        vectors = self._database.vectors(model.name, list(wanted.texts))
        id_, dimensions = new_id(), int(vectors.shape[1])
        generation = Generation(
            id_, instants.now(), None, model.name, dimensions, f"generation-{id_}", author, base=base
        )
        # The row first: by it the next run knows which collection a killed one left, also on a server with others'.
        store.store_generation(self._database, generation, held)
        self._write(generation.collection, wanted.texts, vectors)
        return generation, wanted.passages, embedded

    def ensure_collection(self, generation: Generation, who: str) -> Generation:
        """The generation with a collection that is there: one that was cleaned up is made anew from stored vectors."""
        if generation.collection in self._index.collections():
            return generation
        wanted = self._wanted([each.edition for each in self._database.held(generation.id)]).texts
        collection = f"generation-{new_id()}"
        self._write(collection, wanted, self._database.vectors(generation.embedder, list(wanted)))
        store.move_index(self._database, generation.id, collection, who)
        return self._database.generation(generation.id)

    def _wanted(self, editions: Sequence[Edition]) -> Wanted:
        passages = [passage for edition in editions for passage in self._database.passages(edition)]
        said = [[(digest(text), text) for _, _, text in texts(passage)] for passage in passages]
        return Wanted(len(passages), dict(chain.from_iterable(said)), frozenset(entries[0][0] for entries in said))

    def _embed(self, model: Model, wanted: Wanted) -> int:
        """How many vectors were made: those of `wanted` that were not stored yet; without any no model is loaded."""
        known = self._database.known_vectors(model.name, wanted.texts)
        # Texts of like length share a part, since a batch is padded to its longest.
        missing = sorted((key for key in wanted.texts if key not in known), key=lambda key: len(wanted.texts[key]))
        whole = [key for key in missing if key in wanted.whole]
        units = [key for key in missing if key not in wanted.whole]
        for keys, with_words, before in ((units, False, 0), (whole, True, len(units))):
            for first in range(0, len(keys), _PART):
                part = keys[first : first + _PART]

                def told(done: int, _: int, so_far: int = before + first) -> None:
                    self._tell(Step(Stage.EMBED, so_far + done, len(missing), "texts"))

                self._embed_part(model, part, [wanted.texts[key] for key in part], told, with_words=with_words)
        return len(missing)

    def _embed_part(
        self,
        model: Model,
        digests: Sequence[str],
        said: Sequence[str],
        told: Callable[[int, int], None],
        *,
        with_words: bool,
    ) -> None:
        if with_words:
            vectors, words = model.load().embed_words(said, told)
            store.store_vectors(self._database, model.name, digests, vectors, words)
        else:
            store.store_vectors(self._database, model.name, digests, model.load().embed(said, told))

    def _write(self, collection: str, wanted: Mapping[str, str], vectors: np.ndarray) -> None:
        self._index.write(
            collection,
            list(wanted),
            vectors,
            list(wanted.values()),
            lambda done, total: self._tell(Step(Stage.INDEX, done, total, "vectors")),
        )


def new_id() -> str:
    """An id for a generation: its moment and six random digits."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
