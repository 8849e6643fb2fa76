"""A place in a document as an address of ids and numbers, and what such an address leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from kb.database import Database
from kb.documents import Citation, Edition, Status
from kb.reading import Span


@dataclass(frozen=True)
class Link:
    """A place in a document as ids and numbers alone, fit for an address; -1 is a number that made no sense."""

    document: str = ""
    edition: str = ""
    passage: str = ""
    start: int | None = None
    end: int | None = None
    section: int | None = None
    page: int | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Link:
        """What an address asks for; what it does not know is left out."""
        number = {name: _number(query[name]) for name in ("start", "end", "section", "page") if name in query}
        return cls(
            document=query.get("document", ""),
            edition=query.get("edition", ""),
            passage=query.get("passage", ""),
            start=number.get("start"),
            end=number.get("end"),
            section=number.get("section"),
            page=number.get("page"),
        )

    @property
    def query(self) -> str:
        """'document=private-fostering&edition=…&start=10&end=90'."""
        return urlencode({name: value for name, value in self.__dict__.items() if value not in ("", None)})


def link_to(citation: Citation) -> Link:
    """The link that opens a citation's quote."""
    edition = citation.passage.edition
    return Link(edition.document.id, edition.id, citation.passage.id, citation.start, citation.end)


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else -1


@dataclass(frozen=True)
class Opened:
    """What a link leads to.

    `edition` is None where there is none of that id; `current` are the published editions of the link's document;
    `quote` is None where the link names none or it cannot be placed, and `unplaced` tells which.
    """

    edition: Edition | None
    current: tuple[Edition, ...]
    quote: Span | None = None
    unplaced: bool = False

    @property
    def is_published(self) -> bool:
        """Whether the edition belongs to what is published now."""
        return self.edition is not None and self.edition.id in {edition.id for edition in self.current}


def follow(link: Link, database: Database, on: date) -> Opened:
    """What the link leads to in the store; without an edition, to the one of the document that holds on that day."""
    published = database.editions(database.published_id() or "")
    current = tuple(edition for edition in published if edition.document.id == link.document)
    edition = _edition(link, database, current, on)
    if edition is None or not (link.passage or link.start is not None or link.end is not None):
        return Opened(edition, current)
    passage = next((each for each in database.passages(edition) if each.id == link.passage), None)
    if passage is None or link.start is None or link.end is None:
        return Opened(edition, current, unplaced=True)
    fits = passage.start <= link.start < link.end <= passage.end
    return Opened(edition, current, (link.start, link.end) if fits else None, unplaced=not fits)


def _edition(link: Link, database: Database, current: Sequence[Edition], on: date) -> Edition | None:
    if not link.edition:
        held = [edition for edition in current if edition.status_on(on) in (Status.IN_FORCE, Status.REVIEW_OVERDUE)]
        return next(iter([*held, *current]), None)
    for each in current:  # as the published generation has it: it may be superseded or withdrawn there
        if each.id == link.edition:
            return each
    try:
        edition = database.edition(link.edition)
    except KeyError:
        return None
    return edition if edition.document.id == link.document else None
