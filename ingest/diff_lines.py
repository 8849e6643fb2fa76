"""A difference as a person reads it: lines with their changed words, and every fact of it in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.changes import Detail, DocumentChange, Label, Material, MaterialKind, Piece, PieceKind, Place, SectionChange
from kb.documents import Edition

_BAR = re.compile(r"(?:^|\s)\|(?=\s|$)")  # what parts the cells of a table row, also at an end of a run of words

_NAMES = {
    MaterialKind.DUTY: "Duty",
    MaterialKind.NEGATION: "Negation",
    MaterialKind.TIMESCALE: "Timescale",
    MaterialKind.DATE: "Date",
    MaterialKind.NUMBER: "Number",
    MaterialKind.NAME: "Name",
    MaterialKind.TELEPHONE: "Telephone number",
    MaterialKind.E_MAIL: "E-mail address",
    MaterialKind.LINK: "Web address",
}
_QUOTED = frozenset((MaterialKind.DUTY, MaterialKind.NEGATION, MaterialKind.NAME))


@dataclass(frozen=True)
class Words:
    """A run of words of one line."""

    kind: PieceKind
    text: str


Line = tuple[Words, ...]


def lines(section: SectionChange) -> tuple[Line, ...]:
    """The section's text line by line (heading, paragraph, item or row), its words marked; no line is empty."""
    found: list[list[Words]] = [[]]
    for piece in section.pieces:
        for number, text in enumerate(piece.text.split("\n")):
            if number:
                found.append([])
            if text:
                found[-1].append(Words(piece.kind, text))
    return tuple(tuple(line) for line in found if line)


def is_changed(line: Line) -> bool:
    """Whether anything in the line is not as it was."""
    return any(words.kind is not PieceKind.SAME for words in line)


def is_row(line: Line) -> bool:
    """Whether the line is a table row."""
    return any(_BAR.search(words.text) for words in line)


def cells(line: Line) -> tuple[Line, ...]:
    """The cells of a table row."""
    found: list[list[Words]] = [[]]
    for words in line:
        for number, text in enumerate(_BAR.split(words.text)):
            if number:
                found.append([])
            if text.strip():
                found[-1].append(Words(words.kind, text if found[-1] else text.lstrip()))
    return tuple(tuple(cell) for cell in found)


def excerpt(found: Sequence[Line], around: int = 1) -> tuple[Line | None, ...]:
    """The changed lines with `around` unchanged ones on either side; None where others are left out.

    A changed table row comes with the first row of its table.
    """
    near: set[int] = set()
    for number, line in enumerate(found):
        if is_changed(line):
            near.update(range(number - around, number + around + 1))
            head = number
            while head > 0 and is_row(found[head]) and is_row(found[head - 1]):
                head -= 1
            near.add(head)
    shown: list[Line | None] = []
    for number, line in enumerate(found):
        if number in near:
            shown.append(line)
        elif not shown or shown[-1] is not None:
            shown.append(None)
    return tuple(shown)


def called(place: Place) -> str:
    """'section 4.2 (Visits)', 'section “Visits”', 'the text before the first heading'."""
    if not place.heading:
        return "the text before the first heading"
    if place.number:
        return f"section {place.number}" + (f" ({place.title})" if place.title else "")
    return f"section “{place.heading}”"


def worded(change: Material) -> str:
    """'Timescale changed from 15 to 10 working days', 'Duty added: “must”'."""
    name = _NAMES[change.kind]
    old, new = (_quoted(change.kind, value) if value else "" for value in (change.old, change.new))
    if not old:
        return f"{name} added: {new}"
    if not new:
        return f"{name} removed: {old}"
    if change.kind is MaterialKind.TIMESCALE:
        old = _without_shared_end(old, new)
    return f"{name} changed from {old} to {new}"


def _quoted(kind: MaterialKind, value: str) -> str:
    return f"“{value}”" if kind in _QUOTED else value


def _without_shared_end(old: str, new: str) -> str:
    """'15' of '15 working days' beside '10 working days'."""
    first, second = old.split(), new.split()
    shared = 0
    while shared < min(len(first), len(second)) - 1 and first[-1 - shared] == second[-1 - shared]:
        shared += 1
    return " ".join(first[: len(first) - shared])


def told(section: SectionChange) -> tuple[str, ...]:
    """The section's material changes in words, each said once; what comes or goes with a whole section in one line."""
    if Label.ADDED in section.labels or Label.REMOVED in section.labels:
        return tuple(_held(section.material))
    return tuple(_once(map(worded, section.material)))


def _held(changes: Sequence[Material]) -> Iterator[str]:
    """'Holds: duty “must”; timescale 3 months; number 8 (2 times)'."""
    parts = []
    for kind in MaterialKind:
        values = [_quoted(kind, change.new or change.old or "") for change in changes if change.kind is kind]
        if values:
            parts.append(f"{_NAMES[kind].lower()} {', '.join(_once(values))}")
    if parts:
        yield f"Holds: {'; '.join(parts)}"


def _once(texts: Iterable[str]) -> list[str]:
    """Each text once, with how often it comes where that is more than once."""
    return [text + (f" ({count} times)" if count > 1 else "") for text, count in Counter(texts).items()]


def detail(change: Detail) -> str:
    """'Review by: 1 March 2026, before that 1 March 2025'."""
    return f"{change.name}: {change.new or 'none'} (before: {change.old or 'none'})"


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def edition_name(edition: Edition | None) -> str:
    """What an edition is called, '' for none."""
    if edition is None:
        return ""
    return edition.label or edition.file


def counts(change: DocumentChange) -> str:
    """'1 section added, 2 reworded; 5 material changes'."""
    found = Counter(label for section in change.sections for label in section.labels)
    listed = [f"{found[label]} {label}" for label in Label if found[label]]
    if not listed:
        return "no section changed"
    first, _, rest = listed[0].partition(" ")
    sections = ", ".join([f"{first} section{'s' * (first != '1')} {rest}", *listed[1:]])
    number = len(change.material)
    return f"{sections}; {number or 'no'} material change{'s' * (number != 1)}"


@dataclass(frozen=True)
class Entry:
    """A section to be told of; `below` are those that moved, came or went with it and say no more."""

    section: SectionChange
    below: tuple[SectionChange, ...] = ()


def entries(change: DocumentChange, folded: Iterable[Label] = (Label.MOVED,)) -> tuple[Entry, ...]:
    """The changed sections in order; one whose only label, of `folded`, is that of the one above it goes with that.

    Of a whole document that comes or goes none: its counts say enough.
    """
    if change.before is None or change.after is None:
        return ()
    found: list[tuple[SectionChange, list[SectionChange]]] = []
    kept = frozenset(folded)
    for section in change.sections:
        if not section.labels:
            continue
        above = next((each for each in reversed(found) if _stands_under(section, each[0])), None)
        if above and section.labels == above[0].labels and len(section.labels) == 1 and section.labels[0] in kept:
            above[1].append(section)
        else:
            found.append((section, []))
    return tuple(Entry(section, tuple(below)) for section, below in found)


def _stands_under(section: SectionChange, above: SectionChange) -> bool:
    first, second = above.place.trail, section.place.trail
    return 0 < len(first) < len(second) and second[: len(first)] == first


def whereabouts(section: SectionChange, change: DocumentChange) -> str:
    """Where a moved section stood and stands: 'stood after section “Notice”, stands after section “Visits”'.

    Of one that stays where it is, what became of the text that moved.
    """
    if section.before is None:
        return "its text stood in other sections"
    if section.after is None:
        return "its text stands in other sections now"
    if not section.is_elsewhere:
        came = any(pieces_of(section, PieceKind.MOVED_HERE))
        went = any(pieces_of(section, PieceKind.MOVED_AWAY))
        said = (("some of its text stood elsewhere", came), ("some of its text stands elsewhere now", went))
        return " and ".join(text for text, is_so in said if is_so)
    olds = sorted((each.before for each in change.sections if each.before), key=lambda place: place.start)
    news = sorted((each.after for each in change.sections if each.after), key=lambda place: place.start)
    stood, stands = _before(section.before, olds), _before(section.after, news)
    return f"stood {stood}, stands {stands}" if stood != stands else "moved with what stands before it"


def _before(place: Place, places: Sequence[Place]) -> str:
    number = places.index(place)
    return f"after {called(places[number - 1])}" if number else "first"


def pieces_of(section: SectionChange, *kinds: PieceKind) -> Iterator[Piece]:
    """The pieces of those kinds, in order."""
    return (piece for piece in section.pieces if piece.kind in kinds)
