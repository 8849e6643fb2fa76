"""A difference as text for a terminal: material changes first, changed words as [-old-]{+new+}."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from ingest.changes import Difference, DocumentChange, Label, PieceKind
from ingest.diff_lines import (
    Entry,
    Line,
    called,
    counts,
    detail,
    edition_name,
    entries,
    excerpt,
    is_changed,
    lines,
    told,
    whereabouts,
)

WIDTH = 96
_OPEN = {PieceKind.ADDED: "{+", PieceKind.REMOVED: "[-", PieceKind.MOVED_HERE: "{>", PieceKind.MOVED_AWAY: "[>"}
_CLOSE = {PieceKind.ADDED: "+}", PieceKind.REMOVED: "-]", PieceKind.MOVED_HERE: "<}", PieceKind.MOVED_AWAY: "<]"}
_COLOUR = {PieceKind.ADDED: "\x1b[32m", PieceKind.REMOVED: "\x1b[31m"}
_PLAIN = "\x1b[0m"
_LEGEND = "[-taken out-]  {+put in+}  [>moved away<]  {>moved here<}"
NOTHING = "Nothing differs. Layout, hyphens, page breaks, list markers and running numbers do not count."


def render(difference: Difference, *, colour: bool = False) -> str:
    """The difference, document by document; `colour` goes beside the marks, never in their stead."""
    if difference.is_empty:
        return NOTHING
    blocks = ["\n".join(_document(change, colour)) for change in difference.documents]
    return "\n\n".join([*blocks, _LEGEND])


def _document(change: DocumentChange, colour: bool) -> Iterator[str]:
    yield title(change)
    yield f"  {counts(change)}"
    yield from (f"  {detail(each)}" for each in change.details)
    found = entries(change)
    for name, kept in (
        ("Material", [entry for entry in found if entry.section.material]),
        ("Other changes", [entry for entry in found if not entry.section.material]),
    ):
        if kept:
            yield f"\n{name}"
            for entry in kept:
                yield ""
                yield from _entry(entry, change, colour)


def title(change: DocumentChange) -> str:
    """'Private fostering: 2013 → 2016', or that the document is new or gone."""
    before, after = edition_name(change.before), edition_name(change.after)
    if change.before is None:
        return f"{change.document.title}: new document, {after}"
    if change.after is None:
        return f"{change.document.title}: no longer there, was {before}"
    return f"{change.document.title}: {before} → {after}"


def _entry(entry: Entry, change: DocumentChange, colour: bool) -> Iterator[str]:
    section = entry.section
    page = f", PDF page {section.place.page}" if section.place.page else ""
    below = f", with {len(entry.below)} below it" if entry.below else ""
    yield f"  {' and '.join(section.labels).upper()}  {called(section.place)}{page}{below}"
    if Label.MOVED in section.labels:
        yield from _wrapped(whereabouts(section, change), "    ")
    for text in told(section):
        yield from _wrapped(text, "    ! ")
    if any(is_changed(line) for line in lines(section)):
        for line in excerpt(lines(section), around=0):
            yield from _wrapped(_marked(line), "      ", colour) if line else ["      …"]


def _marked(line: Line) -> str:
    """The line with its marks; white space at the ends of a run stands outside them."""
    parts = []
    for words in line:
        inner = words.text.strip()
        if not inner or words.kind is PieceKind.SAME:
            parts.append(words.text)
            continue
        before, after = words.text[: words.text.index(inner)], words.text[words.text.index(inner) + len(inner) :]
        parts.append(f"{before}{_OPEN[words.kind]}{inner}{_CLOSE[words.kind]}{after}")
    return "".join(parts)


def _wrapped(text: str, indent: str, colour: bool = False) -> list[str]:
    rest = " " * len(indent)
    wrapped = textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
    )
    return _coloured(wrapped) if colour else wrapped


def _coloured(wrapped: list[str]) -> list[str]:
    """The lines with colours for what stands between marks, which may go on over several of them."""
    shown, open_ = [], ""
    for line in wrapped:
        coloured = open_ + line
        for kind, code in _COLOUR.items():
            coloured = coloured.replace(_OPEN[kind], code + _OPEN[kind]).replace(_CLOSE[kind], _CLOSE[kind] + _PLAIN)
            opened, closed = line.rfind(_OPEN[kind]), line.rfind(_CLOSE[kind])
            if opened > closed:
                open_ = code
            elif closed > opened and open_ == code:
                open_ = ""
        shown.append(coloured + (_PLAIN if open_ else ""))
    return shown
