"""A difference as tracked changes: what is material first, what is only layout folded away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ingest.changes import DocumentChange, Label, PieceKind, SectionChange
from ingest.comparing import layout_only
from ingest.diff_lines import (
    Entry,
    Line,
    called,
    cells,
    counts,
    detail,
    entries,
    excerpt,
    is_changed,
    is_row,
    lines,
    sentence,
    told,
    whereabouts,
)
from ingest.diff_text import title
from views.parts.markup import paragraph, plain, tag

MOST_LINES = 600
"""Lines of one section that are drawn; the file to download holds all."""

_LONGEST = 240

_LEGEND = "Struck through: taken out. Underlined and bold: put in. Underlined with dashes: moved, in the same words."


def difference_html(changes: Sequence[DocumentChange]) -> str:
    """Every document that changes."""
    return tag("div", paragraph(_LEGEND, "kb-quiet") + "".join(map(_document, changes)), class_="kb-difference")


def _document(change: DocumentChange) -> str:
    head = tag("h3", plain(title(change))) + paragraph(sentence(counts(change)))
    details = _list(_shortened(detail(each)) for each in change.details)
    if change.before is None or change.after is None:
        return head + details + _whole(change)
    found = entries(change)
    material = [entry for entry in found if entry.section.material]
    other = [entry for entry in found if not entry.section.material]
    drawn = head + details
    if material:
        drawn += tag("h4", "Material changes") + "".join(_entry(entry, change, "") for entry in material)
    if other:
        drawn += tag("h4", "Other changes of wording") + "".join(_entry(entry, change, "kb-other") for entry in other)
    return drawn + _layout(layout_only(change))


def _shortened(text: str) -> str:
    """The text up to the last whole word of its first _LONGEST characters; lists of sources go on for pages."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0]} …"


def _whole(change: DocumentChange) -> str:
    """The text of a document that comes or goes, folded away."""
    body = "".join(_lines(list(lines(section))) for section in change.sections)
    return _folded("Its text", body) if body else ""


def _layout(sections: Sequence[SectionChange]) -> str:
    if not sections:
        return ""
    count = f"{len(sections)} section" + ("s" if len(sections) != 1 else "")
    listed = _list(sentence(called(section.place)) for section in sections)
    return _folded(f"Layout only, in the same words: {count}", listed)


def _folded(summary: str, inside: str) -> str:
    return tag("details", tag("summary", plain(summary)) + inside)


def _entry(entry: Entry, change: DocumentChange, class_: str) -> str:
    section = entry.section
    page = f", PDF page {section.place.page}" if section.place.page else ""
    below = f", with {len(entry.below)} below it" if entry.below else ""
    name = called(section.place)
    parts = [
        tag("h5", plain(name[:1].upper() + name[1:] + page)),
        paragraph(" and ".join(section.labels) + below, "kb-labels"),
    ]
    if Label.MOVED in section.labels:
        parts.append(paragraph(sentence(whereabouts(section, change))))
    if section.material:
        parts.append(_list(told(section), "kb-told"))
    found = lines(section)
    if any(map(is_changed, found)):
        parts.append(_lines(excerpt(found)))
    return tag("div", "".join(parts), class_=f"kb-section {class_}".strip())


def _lines(found: Sequence[Line | None]) -> str:
    drawn = "".join(_drawn(found[:MOST_LINES]))
    left = len(found) - MOST_LINES
    return drawn + (paragraph(f"{left:,} more lines stand in the file to download.", "kb-quiet") if left > 0 else "")


def _drawn(found: Iterable[Line | None]) -> Iterator[str]:
    for as_row, run in groupby(found, lambda line: line is not None and is_row(line)):
        if as_row:
            yield _table([line for line in run if line is not None])
        else:
            yield from (tag("p", _words(line)) if line else paragraph("…", "kb-gap") for line in run)


def _table(rows: Iterable[Line]) -> str:
    drawn = "".join(tag("tr", "".join(tag("td", _words(cell)) for cell in cells(row))) for row in rows)
    table = tag("table", tag("tbody", drawn))
    return tag("div", table, class_="kb-table", tabindex="0", role="group", aria_label="Table")


def _words(line: Line) -> str:
    return "".join(_marked(words.kind, words.text) for words in line)


def _marked(kind: PieceKind, text: str) -> str:
    inner = text.strip()
    if kind is PieceKind.SAME or not inner:
        return plain(text)
    before, _, after = text.partition(inner)
    match kind:
        case PieceKind.ADDED:
            drawn = tag("ins", plain(inner))
        case PieceKind.REMOVED:
            drawn = tag("del", plain(inner))
        case _:
            drawn = tag("span", plain(f"[{kind}: {inner}]"), class_="kb-moved")
    return plain(before) + drawn + plain(after)


def _list(texts: Iterable[str], class_: str = "") -> str:
    inside = "".join(tag("li", plain(text)) for text in texts)
    return tag("ul", inside, class_=class_ or "kb-links") if inside else ""
