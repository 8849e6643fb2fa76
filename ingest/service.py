"""What may be done to a knowledge base and by whom: draft, try, approve, publish, take back. The command line and the
pages call this and decide nothing themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.progress import Tell, silent
from ingest.sources import Source
from kb.database import Unread
from kb.embed import Model
from kb.settings import Settings


class Change:  # placeholder for the list of kinds: same, changed, lost, broken (a StrEnum in ingest/gate.py)
    """What became of a golden question's answer."""


@dataclass(frozen=True)
class Compared:
    """One golden question asked of the published generation and of the draft; quotes are '' where there is none.

    `kind` is 'changed', 'lost' (was answered as the golden question says, now is not) or 'broken' (a text that must
    not change stood in the quotes and no longer does; `missing` lists those texts).
    """

    id: str
    question: str
    kind: str
    before: str
    after: str
    before_place: str
    after_place: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What the golden questions say of a draft: how many were asked, how many came out the same, and the others."""

    asked: int
    same: int
    others: tuple[Compared, ...] = ()

    @property
    def holds_back(self) -> bool:
        """Whether an answer is lost or broken, so that a named person has to approve."""
        return any(compared.kind in ("lost", "broken") for compared in self.others)


@dataclass(frozen=True)
class Draft:
    """A generation made and tried, not yet published."""

    id: str
    author: str
    created_at: str
    base: str | None
    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    verdict: Verdict
    approved_by: str = ""
    stale: bool = False


@dataclass(frozen=True)
class Prepared:
    """What came of reading sources: the draft, or None where nothing changed or nothing would be left."""

    draft: Draft | None
    unread: tuple[Unread, ...]
    published: str | None
    passages: int
    embedded: int


class Desk:
    """One person's work on one knowledge base on one day. Each method checks who may do it, takes the write lock for
    as long as it needs it, and logs what it did in the transaction in which it did it.

    Raises NotAllowed (role), HeldBack (the gate, a waiting publication, a draft made from what is no longer
    published), WrongUse (no such draft, document, generation; a day that has begun), StoreBusy, StoreMissing.
    """

    def __init__(self, settings: Settings, model: Model, who: str, on: date, tell: Tell = silent) -> None: ...

    def prepare(self, sources: Sequence[Source], *, keep_others: bool, dry_run: bool = False) -> Prepared:
        """A draft of the sources, kept until it is published or discarded; with `dry_run` of a copy that is gone
        afterwards. The same sources again give the same draft."""
        raise NotImplementedError

    def drafts(self) -> tuple[Draft, ...]:
        """The drafts that are kept, newest first."""
        raise NotImplementedError

    def approve(self, draft: str, name: str, reason: str) -> None:
        """Approves a draft that the gate holds back. With roles set `name` must be an approver and not its author."""
        raise NotImplementedError

    def publish(self, draft: str, on: date | None = None) -> str:
        """Publishes a draft now, or with `on` at the beginning of that day in London; gives the instant (UTC)."""
        raise NotImplementedError

    def discard(self, draft: str) -> None:
        """Removes a draft; editions that it read stay in the archive."""
        raise NotImplementedError

    def cancel(self) -> str:
        """Cancels the publication that waits; its generation is a draft again. Gives its id."""
        raise NotImplementedError

    def rollback(self, reason: str, to: str | None = None) -> str:
        """Publishes an earlier generation again, by default the one before; gives its id."""
        raise NotImplementedError

    def withdraw(self, document: str, reason: str, replaced_by: str | None = None) -> str:
        """Publishes what is published with the document withdrawn from today on; gives the new generation's id."""
        raise NotImplementedError

    def reinstate(self, document: str, reason: str) -> str:
        """Takes back a withdrawal made here; one that the manifest states is the manifest's to take back."""
        raise NotImplementedError


Approve = Callable[[Draft], bool]
