"""The few things an installation may set, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Where the knowledge base lies and which model reads it.

    `data` is the folder of SQLite and Chroma: one whole knowledge base, and its backup. `model` is '' for the model
    that ships as a package, else a folder or the name of one already on this machine. `chroma_url` is '' for Chroma
    inside `data`, else a Chroma server's address.
    """

    data: Path = Path("data")
    corpus: Path = PROJECT / "corpus"
    model: str = ""
    chroma_url: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, data: str | None = None) -> Settings:
        """Settings from KB_DATA, KB_CORPUS, KB_MODEL and KB_CHROMA_URL; `data`, where given, goes before KB_DATA."""
        given = os.environ if environment is None else environment
        return cls(
            data=Path(data or given.get("KB_DATA") or cls.data),
            corpus=Path(given.get("KB_CORPUS") or cls.corpus),
            model=given.get("KB_MODEL", ""),
            chroma_url=given.get("KB_CHROMA_URL", ""),
        )
