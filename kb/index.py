"""Chroma: one collection a generation, with the vector of each embedded text under the text's digest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from kb.errors import StoreDamaged

FOLDER = "chroma"


class Nearest(Protocol):
    """What finds the embedded texts closest to a vector."""

    def nearest(self, vector: np.ndarray, limit: int) -> list[tuple[str, float]]:
        """(digest, similarity -1..1), closest first; at most `limit`."""


class Index:
    """The collections of one knowledge base."""

    def __init__(self, data: Path, url: str = "") -> None:
        self._place = url or str(data / FOLDER)
        quiet = ChromaSettings(anonymized_telemetry=False)
        try:
            if url:
                parts = urlsplit(url)
                port = parts.port or (443 if parts.scheme == "https" else 8000)
                self._client = chromadb.HttpClient(
                    host=parts.hostname or "localhost", port=port, ssl=parts.scheme == "https", settings=quiet
                )
            else:
                self._client: ClientAPI = chromadb.PersistentClient(path=self._place, settings=quiet)
        except Exception as error:  # a broken store raises from Rust, SQLite or Python; each means the same here
            raise self._damaged(error) from error

    def collections(self) -> list[str]:
        """The names of all collections."""
        return sorted(collection.name for collection in self._client.list_collections())

    def write(
        self,
        name: str,
        digests: Sequence[str],
        vectors: np.ndarray,
        texts: Sequence[str],
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """A new collection of that name with those vectors; one that a killed run left behind is replaced."""
        if name in self.collections():
            self._client.delete_collection(name)
        # The default space is squared L2; similarity is taken from the cosine distance below.
        collection = self._client.create_collection(
            name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )
        size = min(1000, self._client.get_max_batch_size())
        for first in range(0, len(digests), size):
            part = slice(first, first + size)
            collection.add(
                ids=list(digests[part]), embeddings=cast(list[list[float]], vectors[part]), documents=list(texts[part])
            )
            if progress:
                progress(min(first + size, len(digests)), len(digests))

    def delete(self, name: str) -> None:
        """Removes the collection of that name, if it is there."""
        if name in self.collections():
            self._client.delete_collection(name)

    def open(self, name: str) -> Nearest:
        """The collection of that name, to be asked; StoreDamaged where it is not there."""
        try:
            return _Collection(self._client.get_collection(name, embedding_function=None), self._damaged)
        except Exception as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> StoreDamaged:
        return StoreDamaged(self._place, f"Chroma says: {error}", "Put back the data folder from a backup, or ingest anew.")


class _Collection:
    def __init__(self, collection: chromadb.Collection, damaged: Callable[[Exception], StoreDamaged]) -> None:
        self._collection = collection
        self._damaged = damaged
        self._count = collection.count()

    def nearest(self, vector: np.ndarray, limit: int) -> list[tuple[str, float]]:
        """As Nearest.nearest."""
        wanted = min(limit, self._count)
        if not wanted:
            return []
        try:
            found = self._collection.query(query_embeddings=[vector.tolist()], n_results=wanted, include=["distances"])
        except ChromaError as error:
            raise self._damaged(error) from error
        distances = found["distances"] or [[]]
        # Chroma's cosine distance is 1 - cosine; nowhere else is it turned round.
        return [(digest, 1.0 - distance) for digest, distance in zip(found["ids"][0], distances[0], strict=True)]
