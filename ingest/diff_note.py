"""The draft of an amendments note: what changed, in words, as Markdown that a person goes on to edit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.changes import Difference, DocumentChange, Label, Material, MaterialKind, Piece, PieceKind, SectionChange
from ingest.diff_lines import Entry, called, detail, edition_name, entries, sentence, whereabouts, worded

_OPENING = 240
"""Characters of a whole section that a note quotes from its beginning."""

_EXAMPLES = 3
"""Changes of wording that a note tells of a section without a material one."""

_LONGEST = 60
"""Characters of a change of wording that is told in full."""

_IN_CONTEXT = frozenset((MaterialKind.DUTY, MaterialKind.NEGATION))
_SPECIAL = re.compile(r"([\\`*_\[\]<>|])|^([#+-])|(?<=^\d)([.)])")
NOTHING = "No change of wording. Only the layout differs."


def draft(difference: Difference) -> str:
    """The note, document by document; it ends with a line break."""
    return "\n".join("\n".join(_document(change)) for change in difference.documents) or f"{NOTHING}\n"


def _document(change: DocumentChange) -> Iterator[str]:
    yield f"# Amendments: {_plain(change.document.title)}"
    yield ""
    if change.before is None or change.after is None:
        yield "New document." if change.after else "This document has been removed."
        yield ""
    else:
        before, after = edition_name(change.before), edition_name(change.after)
        yield f"From {_plain(before)} to {_plain(after)}." if before != after else "A new edition."
        yield ""
    found = entries(change, tuple(Label))
    material = [line for entry in found for line in _material(entry)]
    other = [line for entry in found if not entry.section.material for line in _other(entry, change)]
    details = [f"- {_plain(sentence(detail(each)))}" for each in change.details]
    for name, lines in (("What changes in practice", material), ("Other changes", other), ("About the text", details)):
        if lines:
            yield from (f"## {name}", "", *lines, "")


def _material(entry: Entry) -> Iterator[str]:
    """A line for each material change; for a section put in or taken out one with its beginning."""
    section = entry.section
    if not section.material:
        return
    if _is_whole(section):
        yield _whole(entry)
        return
    told: set[str] = set()
    for change in section.material:
        line = _line(change, section)
        if line not in told:
            told.add(line)
            yield line
    if Label.MOVED in section.labels:
        yield f"- {_plain(sentence(f'{called(section.place)} also moved'))}"


def _is_whole(section: SectionChange) -> bool:
    return Label.ADDED in section.labels or Label.REMOVED in section.labels


def _line(change: Material, section: SectionChange) -> str:
    told = f"{worded(change)}, {called(section.place)}"
    if change.kind in _IN_CONTEXT or not (change.old and change.new):
        quoted = _shortened(change.context)
        stop = "" if quoted[-1:] in ".!?…" else "."
        return f"- {_plain(f'{told}: “{quoted}”{stop}')}"
    return f"- {_plain(sentence(told))}"


def _other(entry: Entry, change: DocumentChange) -> Iterator[str]:
    section = entry.section
    if _is_whole(section):
        yield _whole(entry)
    if Label.REWORDED in section.labels:
        examples = list(_wordings(section.pieces))
        told = "; ".join(examples[:_EXAMPLES]) + ("; and more" if len(examples) > _EXAMPLES else "")
        yield f"- {_plain(sentence(f'Wording changed, {called(section.place)}: {told}'))}"
    if Label.MOVED in section.labels:
        below = f", with {len(entry.below)} below it," if entry.below else ""
        where = whereabouts(section, change)
        yield f"- {_plain(sentence(f'{called(section.place)}{below} moved: {where}'))}"


def _whole(entry: Entry) -> str:
    """'Section 3.1 (Visits) removed: The social worker must …'."""
    section = entry.section
    verb = "added" if Label.ADDED in section.labels else "removed"
    below = f" with {len(entry.below)} below it" if entry.below else ""
    name = called(section.place)
    body = _body(section)
    if not body:
        return f"- {_plain(sentence(f'{name} {verb}{below}'))}"
    return f"- {_plain(f'{name[:1].upper()}{name[1:]} {verb}{below}: {_shortened(body)}')}"


def _body(section: SectionChange) -> str:
    """What stands below the heading, on one line."""
    text = "".join(piece.text for piece in section.pieces)
    body = text.partition("\n")[2] if section.place.heading else text
    return " ".join(body.split())


def _shortened(text: str) -> str:
    """The text up to the last whole word of its first _OPENING characters."""
    text = " ".join(text.split())
    return text if len(text) <= _OPENING else f"{text[:_OPENING].rpartition(' ')[0]} …"


def _wordings(pieces: Sequence[Piece]) -> Iterator[str]:
    """'“in writing” became “by letter”', '“briefly” added', '“and kept” removed'."""
    for before, piece in pairwise((Piece(PieceKind.SAME), *pieces)):
        text = _quoted(piece)
        if piece.kind is PieceKind.ADDED and before.kind is PieceKind.REMOVED:
            yield f"{_quoted(before)} became {text}"
        elif piece.kind is PieceKind.ADDED:
            yield f"{text} added"
        elif piece.kind is PieceKind.REMOVED:
            following = pieces[pieces.index(piece) + 1 :]
            if not following or following[0].kind is not PieceKind.ADDED:
                yield f"{text} removed"


def _quoted(piece: Piece) -> str:
    text = " ".join(piece.text.split())
    return f"“{text if len(text) <= _LONGEST else text[:_LONGEST].rpartition(' ')[0] + ' …'}”"


def _plain(text: str) -> str:
    """The text as Markdown that shows exactly it."""
    return _SPECIAL.sub(lambda match: "\\" + match[0], text)
