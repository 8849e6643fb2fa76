"""Haystack, in the shape of its tutorial on files of several types: by vector, or, its second line, by words.

A converter for each type, the cleaner, passages of 150 words with 50 shared between neighbours, everything in memory.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from pathlib import Path

from haystack import Pipeline
from haystack.components.converters import (
    DOCXToDocument,
    HTMLToDocument,
    MarkdownToDocument,
    PyPDFToDocument,
    TextFileToDocument,
)
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentCleaner, DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.components.routers import FileTypeRouter
from haystack.components.writers import DocumentWriter
from haystack.dataclasses import Document
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from benchmarks.side_by_side.job import Found, Job, Ranking, run

CONVERTERS = {
    "application/pdf": PyPDFToDocument,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": DOCXToDocument,
    "text/html": HTMLToDocument,
    "text/markdown": MarkdownToDocument,
    "text/plain": TextFileToDocument,
}


class Haystack:
    """Two pipelines over a store in memory: one that indexes, one that asks, by vector."""

    libraries = ("haystack-ai", "sentence-transformers-haystack", "trafilatura")

    def __init__(self, job: Job) -> None:
        self._store = InMemoryDocumentStore()
        embedder = SentenceTransformersDocumentEmbedder(model=job.model, progress_bar=False)
        embedder.warm_up()
        self._index = _reading()
        self._index.add_component("embedder", embedder)
        self._index.add_component("writer", DocumentWriter(self._store))
        self._index.connect("splitter", "embedder")
        self._index.connect("embedder", "writer")
        self._ask = Pipeline()
        self._ask.add_component("embedder", SentenceTransformersTextEmbedder(model=job.model, progress_bar=False))
        self._ask.add_component("retriever", InMemoryEmbeddingRetriever(self._store))
        self._ask.connect("embedder.embedding", "retriever.query_embedding")

    def ingest(self, files: Sequence[Path]) -> int:
        """As System.ingest."""
        self._index.run({"router": {"sources": list(files)}})
        return int(self._store.count_documents())

    def find(self, question: str, limit: int) -> Ranking:
        """As System.find."""
        asked = {"embedder": {"text": question}, "retriever": {"top_k": limit}}
        return _ranking(self._ask.run(asked)["retriever"]["documents"])


class HaystackByWords:
    """The same without vectors: BM25 over the same passages."""

    libraries = ("haystack-ai", "trafilatura")

    def __init__(self, job: Job) -> None:
        self._store = InMemoryDocumentStore()
        self._index = _reading()
        self._index.add_component("writer", DocumentWriter(self._store))
        self._index.connect("splitter", "writer")
        self._retriever = InMemoryBM25Retriever(self._store)

    def ingest(self, files: Sequence[Path]) -> int:
        """As System.ingest."""
        self._index.run({"router": {"sources": list(files)}})
        return int(self._store.count_documents())

    def find(self, question: str, limit: int) -> Ranking:
        """As System.find."""
        return _ranking(self._retriever.run(query=question, top_k=limit)["documents"])


def _reading() -> Pipeline:
    """Files to passages: what both systems begin with."""
    mimetypes.add_type("text/markdown", ".md")
    pipeline = Pipeline()
    pipeline.add_component("router", FileTypeRouter(mime_types=list(CONVERTERS)))
    pipeline.add_component("joiner", DocumentJoiner())
    for number, (kind, converter) in enumerate(CONVERTERS.items()):
        pipeline.add_component(f"converter {number}", converter())
        pipeline.connect(f"router.{kind}", f"converter {number}.sources")
        pipeline.connect(f"converter {number}", "joiner")
    pipeline.add_component("cleaner", DocumentCleaner())
    pipeline.add_component("splitter", DocumentSplitter(split_by="word", split_length=150, split_overlap=50))
    pipeline.connect("joiner", "cleaner")
    pipeline.connect("cleaner", "splitter")
    return pipeline


def _ranking(documents: Sequence[Document]) -> Ranking:
    return Ranking(tuple(Found(Path(page.meta["file_path"]).name, page.content or "") for page in documents))


if __name__ == "__main__":
    run(Haystack)
