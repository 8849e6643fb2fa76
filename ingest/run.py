"""One ingest from files to a published generation: read, split, embed what is new, index aside, switch."""

from __future__ import annotations

import errno
import hashlib
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ingest import store
from ingest.loaders import load
from ingest.progress import Stage, Step, Tell, silent
from ingest.sources import Source
from ingest.split import compose_text, split
from ingest.version import reader
from kb.database import Database, Generation, Unread
from kb.documents import Edition
from kb.embed import Embedder
from kb.entries import texts
from kb.errors import KnowledgeBaseError, NotReadable, StoreBusy
from kb.index import Index

KEPT_GENERATIONS = 3
"""Published generations that stay on disk, so that a reader that has just looked up the old one still finds it."""

_PART = 512  # vectors kept at a time, so that a killed run has lost little when it is run again
_NO_SPACE = 50 * 2**20  # with less than this free on the disk, a failed write is a full disk


@dataclass(frozen=True)
class Report:
    """What an ingest did: document ids by what became of them, and what was not read."""

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

    @property
    def changes(self) -> bool:
        """Whether the generation differs from the one published before."""
        return bool(self.added or self.updated or self.removed)

    @property
    def exit_code(self) -> int:
        """0 all done; 1 something was not read, or the changes were not published."""
        return 1 if self.unread or self.held_back else 0


@dataclass
class _Reading:
    """What came of the files, gathered while they are read."""

    editions: list[Edition] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    unread: list[Unread] = field(default_factory=list)


def ingest(
    data: Path,
    sources: Sequence[Source],
    embedder: Callable[[], Embedder],
    *,
    keep_others: bool,
    chroma_url: str = "",
    approve: Callable[[Report], bool] = lambda _: True,
    tell: Tell = silent,
) -> Report:
    """Publishes a generation of the sources' editions, and reports what changed.

    `keep_others` keeps the published documents that no source names (adding); without it they are removed (the
    sources are the whole). `approve` is asked with the report before a change of what is published, never for the
    first generation; where it says no, nothing is published. A source that cannot be read keeps its published
    edition. Raises StoreBusy while another process writes; killed at any point, what was published still answers.
    """
    with _writing(data):
        with Database(data, write=True) as database:
            index = Index(data, chroma_url)
            _clear_leftovers(database, index)
            before = _published(database)
            reading = _read(database, sources, tell)
            after = _merge(before, reading, keep_others)
            report = _compare(before, after, reading)
            tried = [source.name for source in sources] if keep_others else None
            if not report.changes or not after:
                store.store_unread(database, tried, reading.unread)
                return report
            generation, report = _draft(database, index, after, embedder(), report, tell)
            if before and not approve(report):
                return replace(report, held_back=True)
            tell(Step(Stage.PUBLISH, 0, 1, ""))
            store.publish(database, generation.id)
            store.store_unread(database, tried, reading.unread)
            _clear_old(database, index)
            return replace(report, generation=generation.id, published=True)


@contextmanager
def _writing(data: Path) -> Iterator[None]:
    """Only one process at a time writes; a disk that fills up ends in one clear line."""
    data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(str(data / "ingest.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StoreBusy(str(data), "another ingest is writing here", "Wait until it is done, then run this again.") from error
    try:
        yield
    except (sqlite3.OperationalError, OSError, KnowledgeBaseError) as error:
        if isinstance(error, NotReadable) or not _disk_is_full(error, data):
            raise
        free = shutil.disk_usage(data).free // 2**20
        raise KnowledgeBaseError(
            str(data), f"the disk is full ({free} MiB free); nothing was published", "Free some space, then run this again."
        ) from error
    finally:
        lock.release()


def _disk_is_full(error: Exception, data: Path) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return "full" in str(error) or shutil.disk_usage(data).free < _NO_SPACE


def _published(database: Database) -> list[Edition]:
    generation = database.published_id()
    return database.editions(generation) if generation else []


def _read(database: Database, sources: Sequence[Source], tell: Tell) -> _Reading:
    reading = _Reading()
    known = database.known_editions()
    for number, source in enumerate(sources, start=1):
        tell(Step(Stage.READ, number, len(sources), "documents", source.name))
        try:
            reading.editions.append(_edition(database, source, known, reading, tell))
        except NotReadable as error:
            reading.failed.add(source.document.id)
            reading.unread.append(Unread(source.name, error.fact, error.next_step))
    return reading


def _edition(database: Database, source: Source, known: set[str], reading: _Reading, tell: Tell) -> Edition:
    """The source's edition, read and stored unless the same file with the same facts was stored before."""
    original = _bytes(source)
    sha256 = hashlib.sha256(original).hexdigest()
    id_ = _edition_id(source, sha256)
    if id_ not in known:
        loaded = load(source.path, lambda page, pages: tell(Step(Stage.READ, page, pages, "pages", source.name)))
        content = compose_text(loaded.blocks)
        edition = source.edition(id_, sha256, loaded)
        passages = split(edition, content)
        if not passages:
            raise NotReadable(source.name, "it holds headings at most, no text", "Check that it is the right file.")
        if _bytes(source) != original:
            raise NotReadable(source.name, "it changed while it was read", "Run this again.")
        store.store_edition(database, edition, content, passages, original, loaded.unread_pages)
        known.add(id_)
    edition = database.edition(id_)
    pages = database.unread_pages(id_)
    if pages:
        listed = ", ".join(str(page) for page in pages[:12]) + (" …" if len(pages) > 12 else "")
        fact = f"no text found on {len(pages)} of {len(edition.page_labels)} pages: {listed}"
        reading.unread.append(Unread(source.name, fact, "If these pages are scans, recognise their text (OCR) and add the file again."))
    return edition


def _bytes(source: Source) -> bytes:
    try:
        return source.path.read_bytes()
    except OSError as error:
        reason = "it is no longer there" if isinstance(error, FileNotFoundError) else f"it cannot be opened: {error.strerror}"
        raise NotReadable(source.name, reason, "Check the file, then run this again.") from error


def _edition_id(source: Source, sha256: str) -> str:
    """The document's id and 12 digits of all that decides what the edition is: file, given facts and the code that reads it."""
    facts = "\x1f".join((sha256, repr({**source.__dict__, "path": source.path.name}), reader()))
    return f"{source.document.id}@{hashlib.sha256(facts.encode()).hexdigest()[:12]}"


def _merge(before: Sequence[Edition], reading: _Reading, keep_others: bool) -> list[Edition]:
    """The editions of the new generation: those read, and the published ones that stay, each document in its place."""
    read = {edition.document.id for edition in reading.editions}
    stay = [
        edition
        for edition in before
        if edition.document.id not in read and (keep_others or edition.document.id in reading.failed)
    ]
    return sorted(dict.fromkeys([*stay, *reading.editions]), key=lambda edition: (edition.document.id, edition.label))


def _compare(before: Sequence[Edition], after: Sequence[Edition], reading: _Reading) -> Report:
    old, new = _by_document(before), _by_document(after)
    return Report(
        added=tuple(id_ for id_ in new if id_ not in old),
        updated=tuple(id_ for id_ in new if id_ in old and new[id_] != old[id_]),
        unchanged=tuple(id_ for id_ in new if new[id_] == old.get(id_)),
        removed=tuple(id_ for id_ in old if id_ not in new),
        unread=tuple(reading.unread),
    )


def _by_document(editions: Iterable[Edition]) -> dict[str, set[str]]:
    grouped: dict[str, set[str]] = {}
    for edition in editions:
        grouped.setdefault(edition.document.id, set()).add(edition.id)
    return grouped


def _draft(
    database: Database, index: Index, editions: Sequence[Edition], embedder: Embedder, report: Report, tell: Tell
) -> tuple[Generation, Report]:
    """The editions embedded and indexed as a generation of their own, not yet published."""
    created = store.now()
    id_ = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    generation = Generation(id_, created, None, embedder.name, embedder.dimensions, f"generation-{id_}")
    wanted: dict[str, str] = {}
    count = 0
    for edition in editions:
        passages = database.passages(edition)
        count += len(passages)
        embedded = (text for passage in passages for _, _, text in texts(passage))
        wanted.update(zip((entry.digest for entry in database.entries(edition.id)), embedded, strict=True))
    new = _embed(database, embedder, wanted, tell)
    digests = list(wanted)
    index.write(
        generation.collection,
        digests,
        database.vectors(embedder.name, digests),
        list(wanted.values()),
        lambda done, total: tell(Step(Stage.INDEX, done, total, "vectors")),
    )
    store.store_generation(database, generation, editions)
    return generation, replace(report, passages=count, embedded=new)


def _embed(database: Database, embedder: Embedder, wanted: dict[str, str], tell: Tell) -> int:
    """How many vectors were made: those of `wanted` (digest → text) that were not stored yet."""
    known = database.known_vectors(embedder.name, wanted)
    missing = [key for key in wanted if key not in known]
    # Texts of like length share a part, since a part is padded to its longest.
    missing.sort(key=lambda key: len(wanted[key]))
    for first in range(0, len(missing), _PART):
        part = missing[first : first + _PART]

        def told(done: int, _: int, first: int = first) -> None:
            tell(Step(Stage.EMBED, first + done, len(missing), "texts"))

        store.store_vectors(database, embedder.name, part, embedder.embed([wanted[key] for key in part], told))
    return len(missing)


def _clear_leftovers(database: Database, index: Index) -> None:
    """Removes what a killed or refused run left: drafts never published, and collections that no generation names."""
    store.forget_generations(database, [row.id for row in database.generations() if row.published_at is None])
    _drop_unnamed(database, index)


def _clear_old(database: Database, index: Index) -> None:
    published = [row for row in database.generations() if row.published_at]
    store.forget_generations(database, [row.id for row in published[KEPT_GENERATIONS:]])
    _drop_unnamed(database, index)


def _drop_unnamed(database: Database, index: Index) -> None:
    named = {row.collection for row in database.generations()}
    for collection in index.collections():
        if collection not in named:
            index.delete(collection)
