"""The model that ships: its vectors, which are those of the model in 32 bits; and what is said where it is missing."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from kb import embed
from kb.embed import (
    SHIPPED_MODEL,
    SentenceTransformerEmbedder,
    embedder_name,
    find_model,
    load_embedder,
    shipped_model,
)
from kb.errors import ModelUnavailable

SENTENCES = [
    "A privately fostered child is visited every six weeks.",
    "How often does a social worker see a child in private foster care?",
    "Put the baby on the back to sleep.",
    "x",
    "",
    "The chair of the board reports once a year. " * 60,
]


@pytest.fixture(scope="module")
def embedder() -> SentenceTransformerEmbedder:
    return load_embedder()


def test_vectors_are_of_length_one_in_the_order_of_the_texts(embedder: SentenceTransformerEmbedder) -> None:
    vectors = embedder.embed(SENTENCES)
    singly = np.vstack([embedder.embed([text]) for text in SENTENCES])

    assert vectors.shape == (6, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    assert (vectors * singly).sum(axis=1) == pytest.approx(np.ones(6), abs=1e-3)


def test_what_means_the_same_is_closer_than_what_does_not(embedder: SentenceTransformerEmbedder) -> None:
    visited, asked, sleep = embedder.embed(SENTENCES[:3])

    assert visited @ asked > 0.6 > 0.4 > visited @ sleep


def test_vectors_are_those_of_the_model_in_32_bits(embedder: SentenceTransformerEmbedder) -> None:
    texts = [f"{text} Number {number}." for number in range(14) for text in SENTENCES[:5]] + SENTENCES[5:]
    told: list[tuple[int, int]] = []

    vectors = embedder.embed(texts, lambda done, total: told.append((done, total)))
    exact = SentenceTransformer(str(shipped_model()), device="cpu", local_files_only=True).encode(texts)

    assert (vectors * np.asarray(exact)).sum(axis=1).min() > 1 - 1e-3
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1] == (71, 71)


def test_no_texts_make_no_vectors(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_a_model_is_known_by_its_weights_before_it_is_loaded() -> None:
    code = "import sys; from kb.embed import find_model; print(find_model().name, 'torch' in sys.modules)"
    project = Path(__file__).resolve().parents[2]

    told = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True)

    assert told.stdout.split() == [embedder_name(), "False"]
    assert embedder_name() == f"{SHIPPED_MODEL}@{embed.SHIPPED_SHA256[:12]}"


def test_another_model_is_taken_from_its_folder(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    folder = tmp_path / "other"
    shutil.copytree(shipped_model(), folder)
    weights = folder / "model.safetensors"
    tail = bytearray(weights.read_bytes())
    tail[-4:] = b"\0\0\0\0"
    weights.write_bytes(tail)

    model = find_model(str(folder))

    assert model.name != embedder.name
    assert model.load().name == model.name
    assert model.load().embed(["A child."]).shape == (1, 384)


def test_a_model_that_is_not_there_is_one_line() -> None:
    with pytest.raises(ModelUnavailable, match="Set KB_MODEL to a model's folder"):
        find_model("no/such-model").load()


def test_a_package_that_is_not_installed_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(ModelUnavailable, match="is not installed"):
        find_model()


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / embed.SHIPPED_PACKAGE / "model"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"something else")
    monkeypatch.setattr(embed, "shipped_model", lambda: folder)

    with pytest.raises(ModelUnavailable, match="its SHA-256 is"):
        find_model()
