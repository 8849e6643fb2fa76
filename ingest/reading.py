"""From sources to editions: each file read and kept, unless it was read before."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from ingest import store
from ingest.loaders import MAX_BYTES, load
from ingest.progress import Stage, Step, Tell
from ingest.sources import Source
from ingest.split import compose_text, split
from ingest.version import reader
from kb.database import Database, Unread
from kb.documents import Edition
from kb.errors import NotReadable

_LISTED = 12


@dataclass
class Reading:
    """What came of the files: an edition of each that was read, and the others with the reason."""

    editions: list[Edition] = field(default_factory=list)
    failed: list[Source] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def has_failed(self, edition: Edition, named: Container[str]) -> bool:
        """Whether the edition came from a source that failed now; where that is unsure, its document has no other.

        `named` are the documents of which something was read.
        """
        return any(
            source.document.id == edition.document.id
            and (
                source.path.name == edition.file
                or bool(source.label and source.label == edition.label)
                or edition.document.id not in named
            )
            for source in self.failed
        )


class Reader:
    """Reads sources into one database; what was read once, with the same facts by the same code, is not read again."""

    def __init__(self, database: Database, tell: Tell) -> None:
        """Keeps what it reads in the database and tells each step."""
        self._database = database
        self._tell = tell
        self.digests = database.known_editions()
        """Each stored edition's id → the digest of its content."""

    def read(self, sources: Sequence[Source]) -> Reading:
        """An edition of every source that can be read, in order."""
        reading = Reading()
        for number, source in enumerate(sources, start=1):
            self._tell(Step(Stage.READ, number, len(sources), "documents", source.name))
            try:
                edition = self._edition(source)
            except NotReadable as error:
                reading.failed.append(source)
                reading.unread.append(Unread(source.name, error.fact, error.next_step))
            else:
                reading.editions.append(edition)
                reading.unread.extend(self._unread_pages(source, edition))
        return reading

    def _edition(self, source: Source) -> Edition:
        original = _bytes(source)
        sha256 = hashlib.sha256(original).hexdigest()
        id_ = edition_id(source, sha256)
        if id_ not in self.digests:
            self.digests[id_] = self._keep(source, id_, sha256, original)
        return self._database.edition(id_)

    def _keep(self, source: Source, id_: str, sha256: str, original: bytes) -> str:
        loaded = load(source.path, lambda page, pages: self._tell(Step(Stage.READ, page, pages, "pages", source.name)))
        content = compose_text(loaded.blocks)
        try:
            edition = source.edition(id_, sha256, loaded)
        except ValueError as error:  # the file's own date and a given one contradict one another
            raise NotReadable(source.name, str(error), "Give its dates, or correct them.") from error
        passages = split(edition, content)
        if _bytes(source) != original:
            raise NotReadable(source.name, "it changed while it was read", "Run this again.")
        return store.store_edition(self._database, edition, content, passages, original, loaded.unread_pages)

    def _unread_pages(self, source: Source, edition: Edition) -> Iterable[Unread]:
        pages = self._database.unread_pages(edition.id)
        if pages:
            listed = ", ".join(str(page) for page in pages[:_LISTED]) + (" …" if len(pages) > _LISTED else "")
            fact = f"no text found on {len(pages)} of {len(edition.page_labels)} pages: {listed}"
            next_step = "If these pages are scans, recognise their text (OCR) and add the file again."
            yield Unread(source.name, fact, next_step)


def edition_id(source: Source, sha256: str) -> str:
    """The document's id and 12 digits of all that decides what the edition is: file, facts given, code that reads."""
    facts = "\x1f".join((sha256, repr({**source.__dict__, "path": source.path.name}), reader()))
    return f"{source.document.id}@{hashlib.sha256(facts.encode()).hexdigest()[:12]}"


def _bytes(source: Source) -> bytes:
    try:
        if not source.path.is_file() or source.path.stat().st_size > MAX_BYTES:
            load(source.path)  # says what is wrong with it; such a file is never read whole
        return source.path.read_bytes()
    except OSError as error:
        fact = f"it cannot be opened ({error.strerror})"
        raise NotReadable(source.name, fact, "Check the file, then run this again.") from error
