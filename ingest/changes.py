"""What a comparison of two editions gives: sections with their labels, word changes and material changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from kb.documents import Document, Edition, Element, Slice


class Label(StrEnum):
    """What became of a section; a section may be both reworded and moved."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"


class MaterialKind(StrEnum):
    """What makes a change material, whatever its size."""

    DUTY = "duty"  # must, should, may and their like, with a negation that belongs to them
    NEGATION = "negation"  # not, no, never, unless, except
    TIMESCALE = "timescale"  # 15 working days, within 24 hours, weekly, immediately
    DATE = "date"
    NUMBER = "number"
    NAME = "name"  # a body, a role or a person
    TELEPHONE = "telephone"
    E_MAIL = "e-mail"
    LINK = "web address"


class PieceKind(StrEnum):
    """What became of a run of words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    MOVED_HERE = "moved here"  # the same words stood elsewhere before
    MOVED_AWAY = "moved away"  # the same words stand elsewhere now


@dataclass(frozen=True)
class EditionText:
    """An edition with its cleaned text and its elements, as they are stored."""

    edition: Edition
    text: str = field(repr=False)
    elements: tuple[Element, ...] = field(repr=False)


@dataclass(frozen=True)
class Material:
    """One change that a reader must not miss; `old` is None where `new` was put in, `new` where `old` was taken out.

    `before` and `after` are where they stand (0-based, end exclusive) in the old and the new edition's text;
    `context` is the sentence, item or row around `new`, or around `old` where nothing is new.
    """

    kind: MaterialKind
    old: str | None
    new: str | None
    before: tuple[int, int] | None = None
    after: tuple[int, int] | None = None
    context: str = ""

    def __post_init__(self) -> None:
        """Refuses a change from nothing to nothing."""
        if self.old is None and self.new is None:
            raise ValueError(f"a {self.kind} changed from nothing to nothing")


@dataclass(frozen=True)
class Piece:
    """A run of words, white space and list markers included.

    `before` is its place and text in the old edition, `after` in the new one; SAME has both and may differ in what is
    no change (white space, hyphens, markers). The `after` slices of a section's pieces, in order, are its new text to
    the character, the `before` slices its old text. REMOVED directly before ADDED reads as a replacement.
    """

    kind: PieceKind
    before: Slice | None = None
    after: Slice | None = None

    @property
    def text(self) -> str:
        """What it reads: as in the new edition where it stands there."""
        part = self.after or self.before
        return part.text if part else ""


@dataclass(frozen=True)
class Place:
    """A section's place in an edition: offsets are 0-based, end exclusive; `page` is 1-based, None without pages.

    `trail` are the headings down to its own; `number` is the one that its own heading begins with ('4.2'), or ''.
    """

    trail: tuple[str, ...]
    start: int
    end: int
    number: str = ""
    page: int | None = None

    @property
    def heading(self) -> str:
        """Its heading as it stands, '' for what stands before the first heading."""
        return self.trail[-1] if self.trail else ""

    @property
    def title(self) -> str:
        """Its heading without the number."""
        return self.heading.removeprefix(self.number).lstrip(".): ") if self.number else self.heading


@dataclass(frozen=True)
class SectionChange:
    """A section of the old edition, the new one, or both, with what became of it; no labels: nothing did.

    MOVED it is where it stands elsewhere among the sections (`is_elsewhere`), and also where only some of its text came
    from another place or went to one. A section in one edition only, all of whose text stands elsewhere in the other,
    is moved and neither added nor removed.
    """

    before: Place | None
    after: Place | None
    labels: tuple[Label, ...]
    pieces: tuple[Piece, ...] = field(repr=False)
    material: tuple[Material, ...] = ()
    is_elsewhere: bool = False

    @property
    def place(self) -> Place:
        """Where it stands now, or where it stood."""
        place = self.after or self.before
        assert place is not None, "a section stands in one edition at least"
        return place


@dataclass(frozen=True)
class Detail:
    """Something known of an edition beside its text, such as its review date, that changed."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class DocumentChange:
    """Two editions of a document compared; without a `before` the document is new, without an `after` it is gone.

    `sections` holds every section once, in the new edition's order, a removed one where it stood.
    """

    document: Document
    before: Edition | None
    after: Edition | None
    sections: tuple[SectionChange, ...] = ()
    details: tuple[Detail, ...] = ()

    @property
    def changed(self) -> tuple[SectionChange, ...]:
        """The sections to which something happened, those with a material change first."""
        found = [section for section in self.sections if section.labels]
        return tuple(sorted(found, key=lambda section: not section.material))

    @property
    def material(self) -> tuple[Material, ...]:
        """Every material change, in the order of the sections."""
        return tuple(change for section in self.sections for change in section.material)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed, in the text or beside it."""
        return not self.changed and not self.details and self.before is not None and self.after is not None


@dataclass(frozen=True)
class Difference:
    """What differs between two sets of editions, document by document; documents without a difference are left out."""

    documents: tuple[DocumentChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed at all."""
        return not self.documents

    @property
    def is_material(self) -> bool:
        """Whether any change is material; a whole document put in or taken out always is."""
        return any(each.material or each.before is None or each.after is None for each in self.documents)

    def labelled(self, label: Label) -> Iterator[SectionChange]:
        """The sections with that label, in order."""
        return (section for each in self.documents for section in each.sections if label in section.labels)
