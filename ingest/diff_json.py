"""A difference as JSON for programs, version 1."""

from __future__ import annotations

import json

from ingest.changes import Difference, DocumentChange, Material, Piece, Place, SectionChange
from kb.documents import Edition, Slice

VERSION = 1
Value = dict[str, "Value"] | list["Value"] | str | int | bool | None


def to_json(difference: Difference) -> str:
    """The difference; only sections to which something happened. Offsets are 0-based, end exclusive; pages 1-based."""
    documents: list[Value] = [_document(change) for change in difference.documents]
    told: Value = {"version": VERSION, "material": difference.is_material, "documents": documents}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _document(change: DocumentChange) -> Value:
    return {
        "document": change.document.id,
        "title": change.document.title,
        "before": _edition(change.before),
        "after": _edition(change.after),
        "details": [{"name": each.name, "old": each.old, "new": each.new} for each in change.details],
        "sections": [_section(section) for section in change.sections if section.labels],
    }


def _edition(edition: Edition | None) -> Value:
    if edition is None:
        return None
    return {"edition": edition.id, "label": edition.label, "file": edition.file, "sha256": edition.sha256}


def _section(section: SectionChange) -> Value:
    return {
        "labels": list(section.labels),
        "before": _place(section.before),
        "after": _place(section.after),
        "material": [_material(change) for change in section.material],
        "pieces": [_piece(piece) for piece in section.pieces],
    }


def _place(place: Place | None) -> Value:
    if place is None:
        return None
    headings: list[Value] = list(place.trail)
    return {"headings": headings, "number": place.number, "page": place.page, "start": place.start, "end": place.end}


def _material(change: Material) -> Value:
    return {
        "kind": change.kind,
        "old": change.old,
        "new": change.new,
        "before": list(change.before) if change.before else None,
        "after": list(change.after) if change.after else None,
        "context": change.context,
    }


def _piece(piece: Piece) -> Value:
    return {"kind": piece.kind, "before": _slice(piece.before), "after": _slice(piece.after)}


def _slice(part: Slice | None) -> Value:
    return None if part is None else {"start": part.start, "end": part.end, "text": part.text}
