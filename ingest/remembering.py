"""An embedder that keeps each vector that it makes, so that the golden questions are embedded once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ingest import store
from kb.database import Database
from kb.embed import Embedder, Model
from kb.entries import digest
from kb.token_vectors import TokenVectors


class Remembering:
    """As the model's embedder, which is loaded only for texts of which no vector is kept."""

    def __init__(self, database: Database, model: Model, dimensions: int) -> None:
        """Takes vectors from the database, and puts there what `keep` is called for."""
        self.name = model.name
        self.dimensions = dimensions
        self._database = database
        self._model = model
        self._new: dict[str, tuple[np.ndarray, TokenVectors]] = {}

    def embed(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> np.ndarray:
        """As Embedder.embed."""
        return self.embed_words(texts, progress)[0]

    def embed_words(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> tuple[np.ndarray, list[TokenVectors]]:
        """As Embedder.embed_words."""
        made = [self._made(text) for text in texts]
        if progress:
            progress(len(texts), len(texts))
        return np.stack([vector for vector, _ in made]), [words for _, words in made]

    def _made(self, text: str) -> tuple[np.ndarray, TokenVectors]:
        key = digest(f"question: {text}")  # a passage may read the same, and keeps its own vectors
        if key in self._new:
            return self._new[key]
        try:
            return self._database.vectors(self.name, [key])[0], self._database.token_vectors(self.name, [key])[0]
        except KeyError:
            vectors, words = self._model.load().embed_words([text])
            self._new[key] = vectors[0], words[0]
            return self._new[key]

    def keep(self) -> None:
        """Stores the vectors that were made since the last call."""
        if self._new:
            vectors, words = zip(*self._new.values(), strict=True)
            store.store_vectors(self._database, self.name, list(self._new), np.stack(vectors), words)
            self._new.clear()

    def load(self) -> Embedder:
        """Itself, where a model's loader is wanted."""
        return self
