"""One ingest from files to a published generation: read, split, embed what is new, index aside, switch."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest import store
from ingest.progress import Stage, Step, Tell, silent
from ingest.reading import Reader, Reading
from ingest.sources import Source
from ingest.writing import writing
from kb.database import Database, Generation, Unread
from kb.documents import Edition
from kb.embed import Embedder, Model
from kb.entries import digest, texts
from kb.errors import StoreMissing
from kb.index import Index, discard

KEPT_GENERATIONS = 3
"""Published generations that stay on disk, so that a reader that has just looked up the old one still finds it."""

_PART = 512  # vectors kept at a time, so that a killed run has lost little when it is run again


@dataclass(frozen=True)
class Report:
    """What an ingest did: document ids by what became of them, and what was not read.

    `generation` is what answers from now on; `reindexed` says that an index was made anew for the same editions.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    passages: int = 0
    embedded: int = 0
    generation: str | None = None
    published: bool = False
    held_back: bool = False
    reindexed: bool = False

    @property
    def changes(self) -> bool:
        """Whether the editions differ from those published before."""
        return bool(self.added or self.updated or self.removed)

    @property
    def exit_code(self) -> int:
        """0 all done; 1 something was not read, or the changes were not published."""
        return 1 if self.unread or self.held_back else 0


Approve = Callable[[Report], bool]


def ingest(
    data: Path,
    sources: Sequence[Source],
    model: Model,
    *,
    keep_others: bool,
    chroma_url: str = "",
    approve: Approve = lambda _: True,
    tell: Tell = silent,
) -> Report:
    """Publishes a generation of the sources' editions, and reports what changed.

    `keep_others` keeps the published documents that no source names (adding); without it they are removed (the
    sources are the whole). `approve` is asked with the report before a change of what is published, never for the
    first generation; where it says no, nothing is published, and where nothing would be left, neither. A source that
    cannot be read keeps its published edition. Raises StoreBusy while another process writes; killed at any point,
    what was published still answers.
    """
    with writing(data), _open(data, chroma_url) as (database, index):
        published = _published(database)
        before = database.editions(published.id) if published else []
        reader = Reader(database, tell)
        reading = reader.read(sources)
        tried = [source.name for source in sources] if keep_others else None
        store.store_unread(database, tried, reading.unread)
        after = _merge(before, reading, keep_others, reader.digests)
        report = replace(
            _compare(before, after), unread=tuple(reading.unread), generation=published.id if published else None
        )
        if not after:
            return replace(report, held_back=bool(before))
        if not report.changes:
            if not published or _is_whole(published, index, model):
                return report
            report = replace(report, reindexed=True)
        return _Draft(database, index, tell).publish(after, model, report, approve if before else None)


def rebuild(data: Path, model: Model, *, chroma_url: str = "", tell: Tell = silent) -> Report:
    """Publishes the same editions with an index made anew from the vectors that SQLite keeps.

    Chroma's folder is written from nothing; on a server only this knowledge base's own collections are. Raises
    StoreMissing where nothing is published.
    """
    with writing(data):
        with Database(data) as database:
            published = _published(database)
        if published is None:
            raise StoreMissing(str(data), "nothing is published yet", "Run: python -m ingest")
        if not chroma_url:
            discard(data)
        with _open(data, chroma_url) as (database, index):
            editions = database.editions(published.id)
            report = replace(_compare(editions, editions), reindexed=True)
            return _Draft(database, index, tell).publish(editions, model, report, None)


@contextmanager
def _open(data: Path, chroma_url: str) -> Iterator[tuple[Database, Index]]:
    """The store and the index, open to be written, without what a killed run left."""
    with Database(data, write=True) as database, Index(data, chroma_url, write=True) as index:
        _forget(database, index, [row for row in database.generations() if row.published_at is None])
        yield database, index


def _published(database: Database) -> Generation | None:
    id_ = database.published_id()
    return database.generation(id_) if id_ else None


def _is_whole(published: Generation, index: Index, model: Model) -> bool:
    """Whether the published generation can be asked: its index is there, and by this model."""
    return published.embedder == model.name and published.collection in index.collections()


def _merge(before: Sequence[Edition], reading: Reading, keep_others: bool, digests: Mapping[str, str]) -> list[Edition]:
    """The editions of the new generation: those read, and the published ones that stay, in order of document.

    An edition that was read anew but came out as it stands published is that edition.
    """
    same = {digests[edition.id]: edition for edition in before}
    read = [same.get(digests[edition.id], edition) for edition in reading.editions]
    named = {edition.document.id for edition in read}
    stay = [
        edition
        for edition in before
        if _is_unread(edition, reading.failed, named) or (keep_others and edition.document.id not in named)
    ]
    return sorted(dict.fromkeys([*stay, *read]), key=lambda edition: (edition.document.id, edition.label, edition.id))


def _is_unread(edition: Edition, failed: Iterable[Source], named: Container[str]) -> bool:
    """Whether the edition came from a source that failed now; where that is unsure, its document has no other."""
    return any(
        source.document.id == edition.document.id
        and (
            source.path.name == edition.file
            or (source.label and source.label == edition.label)
            or edition.document.id not in named
        )
        for source in failed
    )


def _compare(before: Sequence[Edition], after: Sequence[Edition]) -> Report:
    old, new = _by_document(before), _by_document(after)
    return Report(
        added=tuple(id_ for id_ in new if id_ not in old),
        updated=tuple(id_ for id_ in new if id_ in old and new[id_] != old[id_]),
        unchanged=tuple(id_ for id_ in new if new[id_] == old.get(id_)),
        removed=tuple(id_ for id_ in old if id_ not in new),
    )


def _by_document(editions: Iterable[Edition]) -> dict[str, set[str]]:
    grouped: dict[str, set[str]] = {}
    for edition in editions:
        grouped.setdefault(edition.document.id, set()).add(edition.id)
    return grouped


class _Draft:
    """A generation in the making: embedded and indexed aside, then published at one stroke."""

    def __init__(self, database: Database, index: Index, tell: Tell) -> None:
        """Writes to the database and the index, and tells each step."""
        self._database = database
        self._index = index
        self._tell = tell

    def publish(self, editions: Sequence[Edition], model: Model, report: Report, approve: Approve | None) -> Report:
        """The report of a new generation of these editions, published unless `approve` says no."""
        passages, wanted = self._wanted(editions)
        embedder = model.load()
        embedded = self._embed(embedder, wanted)
        report = replace(report, passages=passages, embedded=embedded)
        if approve and report.changes and not approve(report):
            return replace(report, held_back=True)
        generation = self._index_aside(editions, embedder, wanted)
        self._tell(Step(Stage.PUBLISH, 0, 1, ""))
        store.publish(self._database, generation.id)
        self._tell(Step(Stage.PUBLISH, 1, 1, ""))
        published = [row for row in self._database.generations() if row.published_at]
        _forget(self._database, self._index, published[KEPT_GENERATIONS:])
        return replace(report, generation=generation.id, published=True)

    def _wanted(self, editions: Sequence[Edition]) -> tuple[int, dict[str, str]]:
        """How many passages there are, and digest → text of what is to be embedded of them."""
        wanted: dict[str, str] = {}
        count = 0
        for edition in editions:
            passages = self._database.passages(edition)
            count += len(passages)
            wanted.update((digest(text), text) for passage in passages for _, _, text in texts(passage))
        return count, wanted

    def _embed(self, embedder: Embedder, wanted: Mapping[str, str]) -> int:
        """How many vectors were made: those of `wanted` that were not stored yet."""
        known = self._database.known_vectors(embedder.name, wanted)
        missing = [key for key in wanted if key not in known]
        # Texts of like length share a part, since a batch is padded to its longest.
        missing.sort(key=lambda key: len(wanted[key]))
        for first in range(0, len(missing), _PART):
            part = missing[first : first + _PART]

            def told(done: int, _: int, first: int = first) -> None:
                self._tell(Step(Stage.EMBED, first + done, len(missing), "texts"))

            vectors = embedder.embed([wanted[key] for key in part], told)
            store.store_vectors(self._database, embedder.name, part, vectors)
        return len(missing)

    def _index_aside(self, editions: Sequence[Edition], embedder: Embedder, wanted: Mapping[str, str]) -> Generation:
        """A generation with its collection, not yet published."""
        id_ = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        generation = Generation(id_, store.now(), None, embedder.name, embedder.dimensions, f"generation-{id_}")
        # The row first: by it the next run knows which collection a killed one left, also on a server with others'.
        store.store_generation(self._database, generation, editions)
        digests = list(wanted)
        self._index.write(
            generation.collection,
            digests,
            self._database.vectors(embedder.name, digests),
            list(wanted.values()),
            lambda done, total: self._tell(Step(Stage.INDEX, done, total, "vectors")),
        )
        return generation


def _forget(database: Database, index: Index, generations: Iterable[Generation]) -> None:
    """Removes generations with their collections, but never the published one."""
    published = database.published_id()
    gone = [row for row in generations if row.id != published]
    for row in gone:
        index.delete(row.collection)
    store.forget_generations(database, [row.id for row in gone])
    if index.is_shared:
        return
    named = {row.collection for row in database.generations()}
    for collection in index.collections():
        if collection not in named:
            index.delete(collection)
