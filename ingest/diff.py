"""Two sets of editions compared, document by document and section by section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from ingest.changes import (
    Detail,
    Difference,
    DocumentChange,
    EditionText,
    Label,
    Piece,
    PieceKind,
    SectionChange,
)
from ingest.diff_columns import Columns, Layout, lay_out
from ingest.diff_material import material
from ingest.diff_sections import SectionText, read_sections
from ingest.material import Spelling
from kb.documents import Edition, ElementKind, Slice
from kb.messages import uk_date


def compare(before: Sequence[EditionText], after: Sequence[EditionText]) -> Difference:
    """What differs between the two sets; of a document's editions the newest of each set are compared.

    The newest is the one in force from the latest day, among equals the last given.
    """
    old, new = _newest(before), _newest(after)
    changes = (compare_editions(old.get(id_), new.get(id_)) for id_ in sorted(old.keys() | new.keys()))
    return Difference(tuple(change for change in changes if not change.is_empty))


def compare_editions(before: EditionText | None, after: EditionText | None) -> DocumentChange:
    """What became of each section between two editions of one document; None for a document that is not there."""
    shown = after or before
    if shown is None:
        raise ValueError("there is no edition to compare")
    old, new = read_sections(before) if before else (), read_sections(after) if after else ()
    layout = lay_out(old, new)
    spelling = Spelling.of(_bodies((before, after)))
    changes = {
        key: _section(old[key[0]] if key[0] is not None else None, new[key[1]] if key[1] is not None else None,
                      columns, key in layout.moved, spelling)
        for key, columns in layout.columns.items()
    }  # fmt: skip
    return DocumentChange(
        document=shown.edition.document,
        before=before.edition if before else None,
        after=after.edition if after else None,
        sections=tuple(changes[key] for key in _order(layout, len(old), len(new))),
        details=_details(before.edition, after.edition) if before and after else (),
    )


def _newest(editions: Iterable[EditionText]) -> dict[str, EditionText]:
    """Each document's newest edition."""
    newest: dict[str, EditionText] = {}
    for each in editions:
        known = newest.get(each.edition.document.id)
        if known is None or _since(known) <= _since(each):
            newest[each.edition.document.id] = each
    return newest


def _since(edition: EditionText) -> date:
    return edition.edition.in_force_from or date.min


def _bodies(editions: Iterable[EditionText | None]) -> Iterator[str]:
    for each in editions:
        for element in each.elements if each else ():
            if each and element.kind is not ElementKind.HEADING:
                yield each.text[element.start : element.end]


def _order(layout: Layout, olds: int, news: int) -> Iterator[tuple[int | None, int | None]]:
    """The sections in the new edition's order, each removed one after the section that it stood after."""
    partner = {i: j for i, j in layout.columns if i is not None}
    removed: dict[int, list[int]] = {}
    last = -1
    for i in range(olds):
        found = partner[i]
        if found is None:
            removed.setdefault(last, []).append(i)
        else:
            last = found
    first = {j: i for i, j in layout.columns if j is not None}
    yield from ((i, None) for i in removed.get(-1, ()))
    for j in range(news):
        yield first[j], j
        yield from ((i, None) for i in removed.get(j, ()))


def _section(
    old: SectionText | None, new: SectionText | None, columns: Columns, is_moved: bool, spelling: Spelling
) -> SectionChange:
    pieces = tuple(_pieces(old, new, columns))
    kinds = {piece.kind for piece in pieces}
    is_changed = not kinds.isdisjoint((PieceKind.ADDED, PieceKind.REMOVED))
    has_moved = is_moved or not kinds.isdisjoint((PieceKind.MOVED_HERE, PieceKind.MOVED_AWAY))
    return SectionChange(
        before=old.place if old else None,
        after=new.place if new else None,
        labels=_labels(old, new, is_changed, has_moved),
        pieces=pieces,
        material=tuple(material(old, new, columns, spelling)) if is_changed else (),
        is_elsewhere=is_moved,
    )


def _labels(old: SectionText | None, new: SectionText | None, is_changed: bool, has_moved: bool) -> tuple[Label, ...]:
    if (old is None or new is None) and is_changed:
        return (Label.ADDED if new else Label.REMOVED,)
    return (Label.REWORDED,) * is_changed + (Label.MOVED,) * has_moved


def _pieces(old: SectionText | None, new: SectionText | None, columns: Columns) -> Iterator[Piece]:
    """The columns as runs of text; white space and markers go with the word that they stand before."""
    last_old = last_new = -1
    for kind, run in groupby(columns, key=lambda column: column.kind):
        listed = list(run)
        olds, news = [c.old for c in listed if c.old is not None], [c.new for c in listed if c.new is not None]
        before = _slice(old, last_old, olds[-1]) if old and olds else None
        after = _slice(new, last_new, news[-1]) if new and news else None
        last_old, last_new = (olds or [last_old])[-1], (news or [last_new])[-1]
        if kind is PieceKind.SAME and not (before and after):
            kind = PieceKind.ADDED if after else PieceKind.REMOVED
        yield Piece(kind, before, after)


def _slice(section: SectionText, last: int, until: int) -> Slice:
    """The text after token `last` (-1: from the section's beginning) to the end of token `until`."""
    start = section.tokens[last].end if last >= 0 else section.place.start
    end = section.tokens[until].end if until + 1 < len(section.tokens) else section.place.end
    return Slice(start, end, section.text[start:end])


def _details(before: Edition, after: Edition) -> tuple[Detail, ...]:
    """What is known of the two editions beside their text, where it differs."""
    old, new = dict(_known(before)), dict(_known(after))
    return tuple(Detail(name, old[name], new[name]) for name in old if old[name] != new[name])


def _known(edition: Edition) -> Iterator[tuple[str, str]]:
    document, withdrawn = edition.document, edition.withdrawn
    yield "Title", document.title
    yield "Edition", edition.label
    yield "Kind", document.kind
    yield "Authority", document.authority
    yield "Publisher", document.publisher
    yield "Owner", document.owner
    yield "For", ", ".join(document.audience)
    yield "Published at", document.url or ""
    yield "In force from", _day(edition.in_force_from)
    yield "In force until (that day excluded)", _day(edition.in_force_until)
    yield "Review by", _day(edition.review_by)
    yield "Historical", "yes" if edition.historical else "no"
    yield "Withdrawn", f"{_day(withdrawn.on)}: {withdrawn.reason}" if withdrawn else ""
    yield "Replaced by", withdrawn.replaced_by or "" if withdrawn else ""
    yield "Confirmed", edition.confirmed
    yield "Written from", "; ".join(edition.sources)


def _day(day: date | None) -> str:
    return uk_date(day) if day else ""
