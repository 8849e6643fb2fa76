"""What the board publishes and where it stands: documents, editions, elements, passages, citations."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What sort of document it is."""

    PROCEDURE = "procedure"
    GUIDANCE = "guidance"
    CAMPAIGN = "campaign"
    ANNUAL_REPORT = "annual-report"
    CONTACT_LIST = "contact-list"


class Authority(StrEnum):
    """Whose word it is; listed from the highest to the lowest."""

    STATUTORY = "statutory"
    LOCAL_PROCEDURE = "local procedure"
    GUIDANCE = "guidance"
    CAMPAIGN = "campaign"
    ANNUAL_REPORT = "annual report"

    @property
    def rank(self) -> int:
        """0 for the highest authority, rising by one."""
        return list(Authority).index(self)


class Status(StrEnum):
    """What may be done with an edition's text on a day."""

    IN_FORCE = "in force"
    NOT_YET = "not yet in force"
    REVIEW_OVERDUE = "review overdue"
    SUPERSEDED = "superseded"
    HISTORICAL = "historical"
    WITHDRAWN = "withdrawn"
    UNDATED = "undated"


class ElementKind(StrEnum):
    """The parts that a document's text is made of."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True)
class Document:
    """What persists across editions."""

    id: str
    title: str
    kind: Kind = Kind.GUIDANCE
    publisher: str = ""
    authority: Authority = Authority.GUIDANCE
    audience: tuple[str, ...] = ()
    url: str | None = None
    owner: str = ""


@dataclass(frozen=True)
class Withdrawal:
    """From `on` the text must not be relied on; `replaced_by` is a document's id, or None."""

    on: date
    reason: str
    replaced_by: str | None = None


@dataclass(frozen=True)
class Edition:
    """One dated text of a document, from one file; `in_force_until` is exclusive.

    `took_over_on` is the day on which an edition without a date took the place of an earlier one: before it, it was
    not known.
    """

    id: str
    document: Document
    label: str
    file: str
    sha256: str
    in_force_from: date | None = None
    in_force_until: date | None = None
    review_by: date | None = None
    historical: bool = False
    withdrawn: Withdrawal | None = None
    confirmed: str = ""
    sources: tuple[str, ...] = ()
    page_labels: tuple[str, ...] = ()
    took_over_on: date | None = None

    def __post_init__(self) -> None:
        """Refuses a span that ends before it begins."""
        if self.in_force_from and self.in_force_until and self.in_force_until <= self.in_force_from:
            raise ValueError(f"{self.id}: in force until {self.in_force_until}, not after {self.in_force_from}")

    def status_on(self, day: date) -> Status:
        """The status on `day`, from the edition's own dates and never from a file's time stamp."""
        if self.withdrawn and self.withdrawn.on <= day:
            return Status.WITHDRAWN
        if self.in_force_until and self.in_force_until <= day:
            return Status.SUPERSEDED
        if self.begins and day < self.begins:
            return Status.NOT_YET
        if self.historical:
            return Status.HISTORICAL
        if self.in_force_from is None:
            return Status.UNDATED
        if self.review_by and self.review_by < day:
            return Status.REVIEW_OVERDUE
        return Status.IN_FORCE

    @property
    def begins(self) -> date | None:
        """The first day on which it may be quoted, None where it has none."""
        return self.in_force_from or self.took_over_on

    def label_of_page(self, page: int) -> str:
        """The number printed on the 1-based `page`; the count itself where none is known."""
        if 1 <= page <= len(self.page_labels) and self.page_labels[page - 1]:
            return self.page_labels[page - 1]
        return str(page)


@dataclass(frozen=True)
class Held:
    """An edition as one generation holds it: what its file and the manifest say, and what came of it since.

    `arrived` counts from 1 the order in which a document's editions came; a correction keeps the place of what it
    corrects. `ended_on` is the day on which another edition took its place, `withdrawn` a withdrawal that was
    decided here. `added` says that it came by itself: a manifest that does not have it leaves it where it is.
    """

    edition: Edition
    arrived: int = 1
    took_over_on: date | None = None
    ended_on: date | None = None
    withdrawn: Withdrawal | None = None
    added: bool = False

    @property
    def begins(self) -> date | None:
        """The first day on which it may be quoted, None where it has none."""
        return self.edition.in_force_from or self.took_over_on

    @property
    def as_held(self) -> Edition:
        """The edition with all of it; what the manifest says goes first."""
        return replace(
            self.edition,
            in_force_until=self.edition.in_force_until or self.ended_on,
            withdrawn=self.edition.withdrawn or self.withdrawn,
            took_over_on=self.took_over_on,
        )


@dataclass(frozen=True)
class Slice:
    """Characters `start` to `end` (0-based, end exclusive) of an edition's text, and what they read."""

    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        """Refuses a span that does not fit the text."""
        if self.start < 0 or self.end - self.start != len(self.text) or not self.text:
            raise ValueError(f"slice {self.start}:{self.end} does not fit a text of {len(self.text)} characters")


@dataclass(frozen=True)
class Element:
    """A heading, paragraph, list item or table row at its place in the edition's text.

    `level` is 1 to 6 for a heading, 1 and up for an item's nesting, else 0. `page` is 1-based, None where the
    format has no pages; `breaks` are (offset, page) pairs, in order, where a further page begins inside the element.
    """

    kind: ElementKind
    start: int
    end: int
    level: int = 0
    is_header: bool = False
    page: int | None = None
    breaks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Unit:
    """One whole sentence, list item or table row of a passage: the least that is quoted.

    `lead` is the lead-in of its list, the item it is nested under, or the header of its table; units of one list
    share it.
    """

    kind: ElementKind
    start: int
    end: int
    lead: Slice | None = None


@dataclass(frozen=True)
class Passage:
    """A run of whole sentences, items or rows under one heading trail: what is embedded, found and cited.

    `lead` is the lead-in or table header that the run needs and that stands before it in the same edition;
    `source` is the section's own note of where it comes from. `breaks` as in Element. `units` are in order and hold
    every character of the passage that is not white space.
    """

    id: str
    edition: Edition
    headings: tuple[str, ...]
    text: str
    start: int
    end: int
    lead: Slice | None = None
    source: Slice | None = None
    first_page: int | None = None
    last_page: int | None = None
    breaks: tuple[tuple[int, int], ...] = ()
    units: tuple[Unit, ...] = ()

    def __post_init__(self) -> None:
        """Refuses a span that does not fit the text, and a blank passage."""
        if self.end - self.start != len(self.text) or not self.text.strip():
            raise ValueError(f"passage {self.id}: {self.start}:{self.end} does not fit its text")

    def slice(self, start: int, end: int) -> str:
        """The text between two offsets of the edition's text, both inside the passage."""
        return self.text[start - self.start : end - self.start]

    def has_as_header(self, unit: Unit) -> bool:
        """Whether the unit is the header of rows of the passage: it names what they hold, and says nothing itself."""
        return unit.kind is ElementKind.ROW and any(
            other.kind is ElementKind.ROW and other.lead and other.lead.start == unit.start for other in self.units
        )

    @property
    def page_label(self) -> str | None:
        """The number printed on the first page, or None where the format has no pages."""
        return None if self.first_page is None else self.edition.label_of_page(self.first_page)

    def page_at(self, offset: int) -> int | None:
        """The 1-based page on which the character at `offset` of the edition's text stands."""
        before = bisect_right([start for start, _ in self.breaks], offset)
        return self.breaks[before - 1][1] if before else self.first_page


@dataclass(frozen=True)
class Citation:
    """A quote's place: characters `start` to `end` of the edition's text, inside `passage`."""

    passage: Passage
    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuses a place outside the passage."""
        if not self.passage.start <= self.start < self.end <= self.passage.end:
            raise ValueError(f"citation {self.start}:{self.end} lies outside passage {self.passage.id}")

    @property
    def quote(self) -> str:
        """The slice itself, to the character."""
        return self.passage.slice(self.start, self.end)

    @property
    def first_page(self) -> int | None:
        """The 1-based page on which the quote begins."""
        return self.passage.page_at(self.start)

    @property
    def last_page(self) -> int | None:
        """The 1-based page on which the quote ends."""
        return self.passage.page_at(self.end - 1)

    @property
    def locator(self) -> str:
        """'Private fostering guidance, 2013 › Visits, p. 7 (PDF page 9)'."""
        edition = self.passage.edition
        name = ", ".join(part for part in (edition.document.title, edition.label) if part)
        place = " › ".join((name, *self.passage.headings))
        if self.first_page is None:
            return place
        label = edition.label_of_page(self.first_page)
        counted = f" (PDF page {self.first_page})" if label != str(self.first_page) else ""
        return f"{place}, p. {label}{counted}"
