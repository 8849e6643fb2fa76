"""A difference as one HTML file to send round: no script, nothing from elsewhere, changes not by colour alone."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ingest.changes import Difference, DocumentChange, Label, PieceKind
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
from ingest.diff_text import NOTHING, title

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.3rem; } h3 { font-size: 1.1rem; } h4 { font-size: 1rem; margin-bottom: 0; }
.section { border-left: 0.3rem solid; padding: 0.1rem 0 0.1rem 0.8rem; margin: 1.5rem 0; }
.section.other { border-left-style: dotted; }
.labels { font-weight: bold; text-transform: uppercase; letter-spacing: 0.03em; font-size: 0.85rem; }
.told { font-weight: bold; } .gap { margin: 0; } .heading { font-weight: bold; }
ins { text-decoration: underline; font-weight: bold; color: #00451f; background: #d6f5e0; }
del { text-decoration: line-through; color: #7a0012; background: #fde3e3; }
.moved { border-bottom: 0.12em dashed; }
ins::before { content: " [put in: "; } ins::after { content: "] "; }
del::before { content: " [taken out: "; } del::after { content: "] "; }
ins::before, ins::after, del::before, del::after
  { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
table { border-collapse: collapse; margin: 0.5rem 0; }
td { border: 1px solid; padding: 0.2rem 0.5rem; vertical-align: top; }
.table { overflow-x: auto; }
@media (prefers-color-scheme: dark) {
  ins { color: #b6f3cb; background: #0c3a1f; } del { color: #ffc9c9; background: #4a1016; } }
@media (forced-colors: active) { ins, del { background: Canvas; color: CanvasText; } }
@media print { body { max-width: none; } .section { break-inside: avoid-page; } }
"""
_LEGEND = (
    "Struck through: taken out. Underlined and bold: put in. Underlined with dashes: moved, in the same words. "
    "An ellipsis stands for lines that did not change."
)


def render(difference: Difference, made: str = "") -> str:
    """The whole file; `made` says when and by what it was made, or is ''."""
    titles = ", ".join(change.document.title for change in difference.documents)
    name = _plain(f"What changed: {titles}" if titles else "What changed")
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{name}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>What changed</h1>{body(difference)}{_p(made) if made else ''}</main></body></html>\n"
    )


def body(difference: Difference) -> str:
    """What stands in the file below its main heading, for a page with a style of its own; headings begin with h2."""
    if difference.is_empty:
        return _p(NOTHING)
    return _p(_LEGEND) + "".join(_document(change) for change in difference.documents)


def _document(change: DocumentChange) -> str:
    found = entries(change)
    groups = (
        ("Material changes", "", [entry for entry in found if entry.section.material]),
        ("Other changes", "other", [entry for entry in found if not entry.section.material]),
    )
    parts = [f"<h2>{_plain(title(change))}</h2>", _p(sentence(counts(change)))]
    if change.details:
        parts.append(_list(map(detail, change.details)))
    for name, class_, kept in groups:
        if kept:
            parts.append(f"<h3>{name}</h3>" + "".join(_entry(entry, change, class_) for entry in kept))
    return "".join(parts)


def _entry(entry: Entry, change: DocumentChange, class_: str) -> str:
    section = entry.section
    page = f", PDF page {section.place.page}" if section.place.page else ""
    name = called(section.place)
    parts = [
        f"<h4>{_plain(name[:1].upper() + name[1:] + page)}</h4>",
        _p(" and ".join(section.labels) + (f", with {len(entry.below)} below it" if entry.below else ""), "labels"),
    ]
    if Label.MOVED in section.labels:
        parts.append(_p(sentence(whereabouts(section, change))))
    if section.material:
        parts.append(_list(told(section), "told"))
    found = lines(section)
    if any(map(is_changed, found)):
        parts.append("".join(_lines(excerpt(found))))
    return f'<div class="section {class_}">{"".join(parts)}</div>'


def _lines(shown: Sequence[Line | None]) -> Iterator[str]:
    for as_row, run in groupby(shown, lambda line: line is not None and is_row(line)):
        if as_row:
            yield _table([line for line in run if line is not None])
        else:
            yield from (f"<p>{_words(line)}</p>" if line else '<p class="gap">…</p>' for line in run)


def _table(rows: Iterable[Line]) -> str:
    drawn = "".join("<tr>" + "".join(f"<td>{_words(cell)}</td>" for cell in cells(row)) + "</tr>" for row in rows)
    return f'<div class="table" tabindex="0" role="group" aria-label="Table"><table>{drawn}</table></div>'


def _words(line: Line) -> str:
    return "".join(_marked(words.kind, words.text) for words in line)


def _marked(kind: PieceKind, text: str) -> str:
    inner = text.strip()
    if kind is PieceKind.SAME or not inner:
        return _plain(text)
    before, _, after = text.partition(inner)
    match kind:
        case PieceKind.ADDED:
            drawn = f"<ins>{_plain(inner)}</ins>"
        case PieceKind.REMOVED:
            drawn = f"<del>{_plain(inner)}</del>"
        case _:
            drawn = f'<span class="moved">[{_plain(kind)}: {_plain(inner)}]</span>'
    return before + drawn + after


def _list(texts: Iterable[str], class_: str = "") -> str:
    inside = "".join(f"<li>{_plain(text)}</li>" for text in texts)
    return f'<ul class="{class_}">{inside}</ul>' if class_ else f"<ul>{inside}</ul>"


def _p(text: str, class_: str = "") -> str:
    return f'<p class="{class_}">{_plain(text)}</p>' if class_ else f"<p>{_plain(text)}</p>"


def _plain(text: str) -> str:
    return html.escape(text, quote=True)
