"""Editions that the store keeps, compared: those of a draft with what is published, or two of one document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from ingest.changes import Difference, DocumentChange, EditionText
from ingest.diff import compare_editions
from ingest.diff_text import render
from ingest.history import Pair
from kb.database import Database
from kb.documents import Edition, Held


def differences(database: Database, pairs: Iterable[Pair]) -> Difference:
    """What differs within each pair of editions; pairs without a difference are left out."""
    return Difference(tuple(change for change in changes(database, pairs) if not change.is_empty))


def changes(database: Database, pairs: Iterable[Pair]) -> Iterator[DocumentChange]:
    """What became of each document, in order; of two texts that say the same in another layout, too."""
    return (compare_editions(_text(database, before), _text(database, after)) for before, after in pairs)


def told(database: Database, pairs: Sequence[Pair]) -> tuple[str, ...]:
    """The differences as lines for a terminal, () where there are none."""
    found = differences(database, pairs)
    return () if found.is_empty else ("", *render(found).splitlines(), "")


def newest(database: Database, document: str, limit: int) -> list[EditionText]:
    """The newest `limit` editions of a document whose texts differ, the newest last.

    Those of the published generation go before those of generations before it; of one generation the edition that
    nothing has ended is the newest, then the one that was ended last.
    """
    published = database.published_id()
    others = [row.id for row in database.generations() if row.published_at and row.id != published]
    found: dict[str, Edition] = {}
    for generation in [*([published] if published else []), *others]:
        held = [each for each in database.held(generation) if each.edition.document.id == document]
        for each in sorted(held, key=_until, reverse=True):
            found.setdefault(database.edition_text(each.edition.id), each.as_held)
    texts = [text for edition in list(found.values())[:limit] if (text := _text(database, edition))]
    return texts[::-1]


def _until(held: Held) -> tuple[date, int]:
    return held.as_held.in_force_until or date.max, held.arrived


def _text(database: Database, edition: Edition | None) -> EditionText | None:
    if edition is None:
        return None
    return EditionText(edition, database.edition_text(edition.id), database.elements(edition.id))
