"""The editions of a draft compared with those that they follow, and what differs in their layout only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.changes import DocumentChange, PieceKind, SectionChange
from ingest.diff_kept import changes
from ingest.history import Pair
from kb.database import Database


def compared(database: Database, pairs: Sequence[Pair]) -> tuple[DocumentChange, ...]:
    """What became of each document; of two texts that say the same in another layout, too.

    Those with material changes first, then the others, then what is new, then what leaves.
    """
    return tuple(sorted(changes(database, pairs), key=_order))


def _order(change: DocumentChange) -> tuple[int, str]:
    if change.after is None:
        rank = 4
    elif change.before is None:
        rank = 3
    else:
        rank = 0 if change.material else 1 if change.changed else 2
    return rank, change.document.title.casefold()


def layout_only(change: DocumentChange) -> tuple[SectionChange, ...]:
    """The sections whose words are the same while their lines, hyphens, pages or markers are not."""
    return tuple(
        section
        for section in change.sections
        if not section.labels and _read(section, before=True) != _read(section, before=False)
    )


def _read(section: SectionChange, *, before: bool) -> str:
    parts = (piece.before if before else piece.after for piece in section.pieces if piece.kind is PieceKind.SAME)
    return "".join(part.text for part in parts if part)


def with_differences(found: Iterable[DocumentChange]) -> tuple[DocumentChange, ...]:
    """Those in which anything but the layout differs."""
    return tuple(change for change in found if not change.is_empty)
