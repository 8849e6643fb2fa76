"""LlamaIndex, in the shape of its starter tutorial: the directory reader, the vector index, everything by default.

Passages are of 1,024 tokens with 20 shared between neighbours. The reader would take a web page with its tags; it is
made into text first, as the web page reader of the same project does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import html2text
from llama_index.core import Document, SimpleDirectoryReader, VectorStoreIndex
from llama_index.core.schema import MetadataMode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from benchmarks.side_by_side.job import Found, Job, Ranking, run

PAGES = (".htm", ".html")


class LlamaIndex:
    """A vector index in memory."""

    libraries = ("llama-index-core", "llama-index-embeddings-huggingface", "llama-index-readers-file")

    def __init__(self, job: Job) -> None:
        self._embedding = HuggingFaceEmbedding(model_name=job.model)
        self._embedding.get_query_embedding("warm up")
        self._index = VectorStoreIndex([], embed_model=self._embedding)

    def ingest(self, files: Sequence[Path]) -> int:
        """As System.ingest."""
        others = [path for path in files if path.suffix not in PAGES]
        read = SimpleDirectoryReader(input_files=others, file_metadata=_names).load_data() if others else []
        pages = [_page(path) for path in files if path.suffix in PAGES]
        self._index = VectorStoreIndex.from_documents([*read, *pages], embed_model=self._embedding)
        return len(self._index.docstore.docs)

    def find(self, question: str, limit: int) -> Ranking:
        """As System.find."""
        found = self._index.as_retriever(similarity_top_k=limit).retrieve(question)
        return Ranking(
            tuple(Found(hit.metadata["file_name"], hit.node.get_content(MetadataMode.NONE)) for hit in found)
        )


def _page(path: Path) -> Document:
    text = html2text.html2text(path.read_text(encoding="utf-8"))
    return Document(text=text, metadata=_names(str(path)), excluded_embed_metadata_keys=["file_name"])


def _names(path: str) -> dict[str, str]:
    """The file's names; the reader embeds its path with each text, so it is the tutorial's, not this machine's."""
    name = Path(path).name
    return {"file_path": f"data/{name}", "file_name": name}


if __name__ == "__main__":
    run(LlamaIndex)
