"""Chroma: one collection a generation, with the vector of each embedded text under the text's digest."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import NotFoundError

from kb.errors import KnowledgeBaseError, StoreDamaged

FOLDER = "chroma"
_FILE = "chroma.sqlite3"
_BATCH = 4000  # some 6 MB of vectors; in larger batches Chroma adds more in a second
# Chroma's own search width (100) finds 76% of the 400 nearest among crowded vectors, as those of a board's documents
# are, and as little as 22% for one question; this finds 99.8% in 4 ms (docs/decisions, storage).
_GRAPH: CreateCollectionConfiguration = {"hnsw": {"space": "cosine", "ef_search": 800, "ef_construction": 200}}


class Nearest(Protocol):
    """What finds the embedded texts closest to a vector."""

    def nearest(self, vector: np.ndarray, limit: int) -> list[tuple[str, float]]:
        """(digest, similarity -1..1), closest first; at most `limit`."""


class Index:
    """The collections of one knowledge base; closed by `close`, or as a context manager.

    Raises StoreDamaged where Chroma cannot be read, KnowledgeBaseError where it cannot be written.
    """

    def __init__(self, data: Path, url: str = "", *, write: bool = False) -> None:
        """Opens Chroma at the address, or inside `data`; there it is made only with `write`."""
        self._url = url
        self._folder = (data / FOLDER).resolve()
        self._place = url or str(data / FOLDER)
        self._write = write
        self._client = self._connected()

    def __enter__(self) -> Self:
        """The open index itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the connection to Chroma."""
        self.close()

    def close(self) -> None:
        """Lets go of Chroma's files."""
        with suppress(Exception):  # a store that is broken, or already gone, is let go of as well
            if isinstance(self._client, Client):
                self._client.close()

    @property
    def is_shared(self) -> bool:
        """Whether it is a server, which may hold others' collections, too."""
        return bool(self._url)

    def collections(self) -> list[str]:
        """The names of all collections."""
        with self._plain():
            return sorted(collection.name for collection in self._client.list_collections())

    def digests(self, name: str) -> set[str]:
        """The digests of all that the collection of that name holds."""
        with self._plain():
            return set(self._client.get_collection(name, embedding_function=None).get(include=[])["ids"])

    def write(
        self,
        name: str,
        digests: Sequence[str],
        vectors: np.ndarray,
        texts: Sequence[str],
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """A new collection of that name with those vectors; one that a killed run left behind is replaced."""
        self.delete(name)
        with self._plain():
            # The default space is squared L2; similarity is taken from the cosine distance below.
            collection = self._client.create_collection(name, configuration=_GRAPH, embedding_function=None)
            size = min(_BATCH, self._client.get_max_batch_size())
            for first in range(0, len(digests), size):
                part = slice(first, first + size)
                collection.add(
                    ids=list(digests[part]), embeddings=vectors[part].astype(np.float32), documents=list(texts[part])
                )
                if progress:
                    progress(min(first + size, len(digests)), len(digests))

    def delete(self, name: str) -> None:
        """Removes the collection of that name, if it is there."""
        with self._plain():
            if name in self.collections():
                self._client.delete_collection(name)

    def open(self, name: str) -> Nearest:
        """The collection of that name, to be asked; StoreDamaged where it is not there."""
        with self._plain():
            try:
                return self._collection(name)
            except NotFoundError:
                # The folder may have been written anew since this process opened it; its files are held open.
                self.close()
                SharedSystemClient.clear_system_cache()
                self._client = self._connected()
                return self._collection(name)

    def _collection(self, name: str) -> _Collection:
        return _Collection(self._client.get_collection(name, embedding_function=None), self._plain)

    def _connected(self) -> ClientAPI:
        if not (self._url or self._write or (self._folder / _FILE).exists()):
            raise StoreDamaged(self._place, "the index is not there", _REBUILD)
        try:
            with self._plain():
                return _client(self._folder, self._url)
        except KnowledgeBaseError:
            # Chroma keeps what it could not open, and would give it back half open at the next try.
            SharedSystemClient.clear_system_cache()
            raise

    @contextmanager
    def _plain(self) -> Iterator[None]:
        """What Chroma raises inside, as one of this program's errors."""
        try:
            yield
        except (KnowledgeBaseError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # it raises from Rust (panics, too), SQLite or Python; all mean the same here
            raise self._in_plain_words(error) from error

    def _in_plain_words(self, error: BaseException) -> KnowledgeBaseError:
        said = " ".join(str(error).split())
        if any(sign in said for sign in ("code: 13)", "os error 28", "No space left", "disk is full")):
            return KnowledgeBaseError(self._place, "the disk is full", "Free some space, then run this again.")
        if any(sign in said for sign in ("code: 8)", "code: 14)", "os error 13", "os error 30", "os error 20")):
            fact = f"it cannot be opened or written (Chroma says: {said})"
            return KnowledgeBaseError(self._place, fact, "Check who may write in the folder.")
        if self._url:
            return StoreDamaged(self._place, f"Chroma says: {said}", "Check that the server runs at this address.")
        return StoreDamaged(self._place, f"Chroma says: {said}", _REBUILD)


_REBUILD = "Write the index anew: python -m ingest rebuild"


def discard(data: Path) -> None:
    """Removes Chroma's folder in `data`, which `python -m ingest rebuild` writes anew from SQLite."""
    folder = data / FOLDER
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)


def _client(folder: Path, url: str) -> ClientAPI:
    quiet = ChromaSettings(anonymized_telemetry=False)
    if not url:
        return chromadb.PersistentClient(path=str(folder), settings=quiet)
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 8000)
    return chromadb.HttpClient(host=parts.hostname or "localhost", port=port, ssl=secure, settings=quiet)


class _Collection:
    """One collection, open for asking."""

    def __init__(self, collection: chromadb.Collection, plain: Callable[[], AbstractContextManager[None]]) -> None:
        """`plain` puts what Chroma raises in plain words."""
        self._collection = collection
        self._plain = plain
        self._count = collection.count()

    def nearest(self, vector: np.ndarray, limit: int) -> list[tuple[str, float]]:
        """As Nearest.nearest."""
        wanted = min(limit, self._count)
        if not wanted:
            return []
        with self._plain():
            found = self._collection.query(query_embeddings=[vector.tolist()], n_results=wanted, include=["distances"])
            digests, distances = found["ids"][0], (found["distances"] or [[]])[0]
            # With its graph files gone Chroma raises nothing, and finds a handful of what it holds.
            if len(digests) < wanted / 2:
                raise RuntimeError(f"{len(digests)} vectors found of {wanted} asked")
        # Chroma's cosine distance is 1 - cosine; nowhere else is it turned round.
        return [(digest, 1.0 - distance) for digest, distance in zip(digests, distances, strict=True)]
