"""Everything this program raises on purpose: a place, a fact and the next step.

KnowledgeBaseError
├── NotReadable        a file that cannot be turned into passages
├── BadManifest        corpus/manifest.toml, with every problem found in it
├── StoreMissing       no knowledge base in the data folder, or nothing published yet
├── StoreDamaged       SQLite or Chroma cannot be read
├── StoreBusy          another process is writing
├── ModelUnavailable   the embedding model is missing, altered, or not the index's own
├── WrongUse           a command or setting that makes no sense
├── NotAllowed         a person without the role for it
└── HeldBack           a publication that must not be, as things stand
"""

from __future__ import annotations


class KnowledgeBaseError(Exception):
    """One line for a person: where, what, and what to do next."""

    exit_code = 3

    def __init__(self, place: str, fact: str, next_step: str = "") -> None:
        self.place = place
        self.fact = fact
        self.next_step = next_step
        super().__init__(f"{place}: {fact}" + (f". {next_step}" if next_step else ""))


class NotReadable(KnowledgeBaseError):
    """A file that gives no passages; the rest of a batch goes on without it."""

    exit_code = 1


class BadManifest(KnowledgeBaseError):
    """A manifest with problems; `problems` holds every one of them, in the file's order."""

    exit_code = 2

    def __init__(self, place: str, problems: tuple[str, ...]) -> None:
        self.problems = problems
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        listed = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(place, f"{count}; nothing was ingested\n{listed}", "")


class StoreMissing(KnowledgeBaseError):
    """There is no published generation in the data folder."""


class StoreDamaged(KnowledgeBaseError):
    """A store is there but cannot be read."""


class StoreBusy(KnowledgeBaseError):
    """Another process holds the write lock."""


class ModelUnavailable(KnowledgeBaseError):
    """No usable embedding model."""


class WrongUse(KnowledgeBaseError):
    """The command line or a setting asks for something that cannot be."""

    exit_code = 2


class NotAllowed(KnowledgeBaseError):
    """The person may not do this."""

    exit_code = 2


class HeldBack(KnowledgeBaseError):
    """Nothing is published, because of what would happen or what is missing."""

    exit_code = 1
