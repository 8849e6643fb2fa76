"""The starter corpus as it ships, loaded once for all its tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.blocks import Block
from ingest.loaders import load
from ingest.manifest import ManifestEntry, read_manifest
from ingest.split import compose_text

CORPUS = Path(__file__).parents[2] / "corpus"
PUBLISHER = "Starter text, not an official publication"


@dataclass(frozen=True)
class Shipped:
    """A document of the corpus: its entry, the blocks of the file that ships, and the text that is ingested."""

    entry: ManifestEntry
    blocks: tuple[Block, ...]
    text: str
    written: Path

    @property
    def id(self) -> str:
        return self.entry.document.id


@pytest.fixture(scope="session")
def corpus_folder() -> Path:
    return CORPUS


@pytest.fixture(scope="session")
def shipped() -> Mapping[str, Shipped]:
    """Every document by its id, in the manifest's order; `written` is the Markdown that people edit."""
    documents = {}
    for entry in read_manifest(CORPUS):
        blocks = load(entry.path).blocks
        built = CORPUS / "text" / f"{entry.path.stem}.md"
        written = built if entry.path.suffix != ".md" else entry.path
        documents[entry.document.id] = Shipped(entry, blocks, compose_text(blocks).text, written)
    return documents


@pytest.fixture(scope="session")
def starter(shipped: Mapping[str, Shipped]) -> Mapping[str, Shipped]:
    """The documents that the project wrote; a board's own, in their place, need not keep to their form."""
    return {name: each for name, each in shipped.items() if each.entry.document.publisher == PUBLISHER}
