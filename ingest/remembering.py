"""An embedder that keeps each vector that it makes, so that the golden questions are embedded once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ingest import store
from kb.database import Database
from kb.embed import Embedder, Model
from kb.entries import digest


class Remembering:
    """As the model's embedder, which is loaded only for texts of which no vector is kept."""

    def __init__(self, database: Database, model: Model, dimensions: int) -> None:
        """Takes vectors from the database, and puts there what `keep` is called for."""
        self.name = model.name
        self.dimensions = dimensions
        self._database = database
        self._model = model
        self._new: dict[str, np.ndarray] = {}

    def embed(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> np.ndarray:
        """As Embedder.embed."""
        vectors = np.stack([self._vector(text) for text in texts])
        if progress:
            progress(len(texts), len(texts))
        return vectors

    def _vector(self, text: str) -> np.ndarray:
        key = digest(text)
        if key in self._new:
            return self._new[key]
        try:
            vector: np.ndarray = self._database.vectors(self.name, [key])[0]
        except KeyError:
            vector = self._new[key] = self._model.load().embed([text])[0]
        return vector

    def keep(self) -> None:
        """Stores the vectors that were made since the last call."""
        if self._new:
            store.store_vectors(self._database, self.name, list(self._new), np.stack(list(self._new.values())))
            self._new.clear()

    def load(self) -> Embedder:
        """Itself, where a model's loader is wanted."""
        return self
