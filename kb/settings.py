"""The few things an installation may set, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kb.errors import WrongUse

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Where the knowledge base lies and which model reads it.

    `data` is the folder of SQLite and Chroma: one whole knowledge base, and its backup. `model` is '' for the model
    that ships as a package, else a folder or the name of one already on this machine. `cross_encoder` is the folder of
    a model that looks at the best passages once more, '' for none. `chroma_url` is '' for Chroma
    inside `data`, else a Chroma server's address. `keep_generations` is how many published generations keep their
    index, so that going back to one takes no time. `passphrase_hash` is what opens the page that publishes, ''
    for none.
    """

    data: Path = Path("data")
    corpus: Path = PROJECT / "corpus"
    model: str = ""
    chroma_url: str = ""
    keep_generations: int = 5
    passphrase_hash: str = field(default="", repr=False)
    cross_encoder: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, data: str | None = None) -> Settings:
        """Settings from KB_DATA, KB_CORPUS, KB_MODEL, KB_CROSS_ENCODER, KB_CHROMA_URL, KB_KEEP_GENERATIONS and
        KB_MANAGE_PASSPHRASE_HASH.

        `data`, where given, goes before KB_DATA. Raises WrongUse where a number is none.
        """
        given = os.environ if environment is None else environment
        return cls(
            data=Path(data or given.get("KB_DATA") or cls.data),
            corpus=Path(given.get("KB_CORPUS") or cls.corpus),
            model=given.get("KB_MODEL", ""),
            cross_encoder=given.get("KB_CROSS_ENCODER", ""),
            chroma_url=given.get("KB_CHROMA_URL", ""),
            keep_generations=_count("KB_KEEP_GENERATIONS", given.get("KB_KEEP_GENERATIONS") or "5"),
            passphrase_hash=given.get("KB_MANAGE_PASSPHRASE_HASH", "").strip(),
        )


def _count(name: str, written: str) -> int:
    if not (written.isascii() and written.isdigit() and 1 <= int(written) <= 1000):
        raise WrongUse(name, f"{written!r} is not a number of generations", "Wanted: 1 to 1000, such as 5.")
    return int(written)
