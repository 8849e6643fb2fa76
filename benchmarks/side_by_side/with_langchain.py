"""LangChain, in the shape of its tutorial on a search engine over documents.

The loader of each format, passages of 1,000 characters with 200 shared between neighbours, Chroma, the closest by
vector. Markdown is read as text: its own loader needs word lists from a network.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from langchain_chroma import Chroma
from langchain_community.document_loaders import BSHTMLLoader, Docx2txtLoader, PyPDFLoader, TextLoader
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.side_by_side.job import Found, Job, Ranking, run


class LangChain:
    """A vector store in memory."""

    libraries = ("langchain-core", "langchain-community", "langchain-chroma", "langchain-huggingface")

    def __init__(self, job: Job) -> None:
        embeddings = HuggingFaceEmbeddings(model_name=job.model)
        embeddings.embed_query("warm up")
        self._store = Chroma(collection_name="documents", embedding_function=embeddings)

    def ingest(self, files: Sequence[Path]) -> int:
        """As System.ingest."""
        pages = [page for path in files for page in _load(path)]
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        passages = splitter.split_documents(pages)
        self._store.add_documents(passages)
        return len(passages)

    def find(self, question: str, limit: int) -> Ranking:
        """As System.find."""
        found = self._store.similarity_search(question, k=limit)
        return Ranking(tuple(Found(Path(page.metadata["source"]).name, page.page_content) for page in found))


def _load(path: Path) -> list[Document]:
    match path.suffix:
        case ".pdf":
            return list(PyPDFLoader(str(path)).load())
        case ".docx":
            return list(Docx2txtLoader(str(path)).load())
        case ".html" | ".htm":
            return list(BSHTMLLoader(str(path), open_encoding="utf-8").load())
        case _:
            return list(TextLoader(str(path), encoding="utf-8").load())


if __name__ == "__main__":
    run(LangChain)
