"""The editions of a document one after another: which one a new edition corrects, and which it ends, and when."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from kb.documents import Edition, Held

Alike = Callable[[Edition, Edition], bool]


def succeed(
    before: Sequence[Held],
    read: Sequence[Edition],
    unread: Collection[str],
    keep_others: bool,
    day: date,
    is_alike: Alike = lambda _, __: False,
) -> list[Held]:
    """The editions of the next generation: those read and those of `before` that stay, in order of document.

    `unread` are ids of editions in `before` whose file could not be read now: they stay. With `keep_others` the
    documents of which nothing was read stay as they are, and editions that are not among `read`, too; without it the
    files read are the whole, and beside them only those stay that were added by themselves and that another one has
    ended. `day` is the day of publication: on it an edition without a date takes over. `is_alike` says whether two
    editions have the same text.
    """
    documents = {held.edition.document.id for held in before} | {edition.document.id for edition in read}
    after: list[Held] = []
    for id_ in sorted(documents):
        old = [held for held in before if held.edition.document.id == id_]
        new = list(dict.fromkeys(edition for edition in read if edition.document.id == id_))
        if keep_others:
            after += _with_new(old, new, unread, day, is_alike)
        else:
            after += _in_place_of(old, new, unread, day, is_alike)
    return sorted(after, key=_order)


def _with_new(
    old: Sequence[Held], new: Sequence[Edition], unread: Collection[str], day: date, is_alike: Alike
) -> list[Held]:
    """The editions of one document with those added to it by themselves."""
    listed = _listed(old, new, unread)
    if not listed:
        return list(old)
    back = _returned(old, listed)
    if {edition.id for edition in new} <= {held.edition.id for held in old}:
        return with_ends(back)
    return with_ends(_joined(back, new, listed, day, is_alike, added=True))


def _in_place_of(
    old: Sequence[Held], new: Sequence[Edition], unread: Collection[str], day: date, is_alike: Alike
) -> list[Held]:
    """The editions of one document where those read are all that its manifest has of it."""
    listed = _listed(old, new, unread)
    stay = listed | {held.edition.id for held in old if held.added}
    if not stay:
        return []
    joined = _joined(_returned(old, stay), new, listed, day, is_alike, added=False)
    named = {edition.id for edition in new}
    return _whole([replace(held, added=held.added and held.edition.id not in named) for held in joined], stay)


def _listed(old: Sequence[Held], new: Sequence[Edition], unread: Collection[str]) -> set[str]:
    """The ids of the editions that were read, and of those that were to be read and could not."""
    return {edition.id for edition in new} | {held.edition.id for held in old if held.edition.id in unread}


def _order(held: Held) -> tuple[str, int, str, str]:
    return held.edition.document.id, held.arrived, held.edition.label, held.edition.id


def _joined(
    old: Sequence[Held], new: Sequence[Edition], listed: Collection[str], day: date, is_alike: Alike, *, added: bool
) -> list[Held]:
    """The editions of one document with the new ones, each in the place of what it corrects or after the last."""
    joined = {held.edition.id: held for held in old}
    arrived = max((held.arrived for held in joined.values()), default=0) + 1
    withdrawn = next((held.withdrawn for held in joined.values() if held.withdrawn), None)
    for edition in new:
        if edition.id in joined:
            continue
        corrected = [
            held
            for held in joined.values()
            if held.edition.id not in listed and _corrects(edition, held.edition, is_alike)
        ]
        if corrected:
            joined[edition.id] = replace(corrected[0], edition=edition, added=added)
            for held in corrected:
                del joined[held.edition.id]
            continue
        has_earlier = any(not held.edition.historical and held.arrived < arrived for held in joined.values())
        takes_over = has_earlier and edition.in_force_from is None and not edition.historical
        joined[edition.id] = Held(edition, arrived, day if takes_over else None, None, withdrawn, added)
    return list(joined.values())


def _corrects(new: Edition, old: Edition, is_alike: Alike) -> bool:
    """Whether it is the same edition said anew: by its date, by its file, or, where neither has a date, by its label
    or its text (a file that was only saved again)."""
    if new.in_force_from or old.in_force_from:
        return new.in_force_from == old.in_force_from or new.sha256 == old.sha256
    is_named_alike = new.label == old.label
    return new.sha256 == old.sha256 or (is_named_alike and (bool(new.label) or is_alike(new, old)))


def _returned(old: Sequence[Held], listed: Collection[str]) -> list[Held]:
    """Without the editions that took over from one without a date whose file has come back as it was."""
    back = [held.arrived for held in old if held.edition.id in listed and not held.edition.in_force_from]
    if not back:
        return list(old)
    return [
        held
        for held in old
        if held.edition.id in listed or held.arrived <= max(back) or held.edition.in_force_from is not None
    ]


def _whole(held: Sequence[Held], listed: Collection[str]) -> list[Held]:
    """With the day on which each ended, and without what is not listed and none of them ended."""
    while True:
        ended = with_ends(held)
        stay = [each for each in ended if each.edition.id in listed or each.as_held.in_force_until]
        if len(stay) == len(ended):
            return stay
        held = stay


def with_ends(held: Iterable[Held]) -> list[Held]:
    """Each with the day on which another edition of its document took its place, None where none did.

    What the manifest itself ends, and texts about past practice, are left as they are. An edition without a date
    leaves nothing of one that was to begin on the day on which it took over.
    """
    ended: list[Held] = []
    for _, group in groupby(sorted(held, key=_order), key=lambda each: each.edition.document.id):
        editions = list(group)
        editions = [each for each in editions if not any(_takes_all_of(other, each) for other in editions)]
        ended += [replace(each, ended_on=_end(each, editions)) for each in editions]
    return ended


def _takes_all_of(other: Held, held: Held) -> bool:
    came_later = other.arrived > held.arrived and not held.edition.historical
    return came_later and other.took_over_on is not None and other.took_over_on == held.begins


def _end(held: Held, editions: Sequence[Held]) -> date | None:
    if held.edition.historical or held.edition.in_force_until:
        return None
    others = [other for other in editions if other is not held and not other.edition.historical]
    if held.edition.in_force_from:
        days = [_dated_ended_by(held, held.edition.in_force_from, other) for other in others]
    else:
        days = [_undated_ended_by(held, other, others) for other in others]
    return min((day for day in days if day), default=None)


def _dated_ended_by(held: Held, begins: date, other: Held) -> date | None:
    """The day on which the other takes its place: a later date does, and a text without one if it came later."""
    ends = other.edition.in_force_from is not None or other.arrived > held.arrived
    return other.begins if ends and other.begins and other.begins > begins else None


def _undated_ended_by(held: Held, other: Held, others: Iterable[Held]) -> date | None:
    """The same for a text without a date: a date to come does, and whatever came later, but not an older edition that
    is only added to the history."""
    if other.begins is None:
        return None
    if other.arrived > held.arrived:
        known = [each.edition.in_force_from for each in others if each.arrived < held.arrived]
        replaced = max((day for day in known if day and held.begins and day <= held.begins), default=date.min)
        if other.edition.in_force_from and other.edition.in_force_from < replaced:
            return None
        return max(other.begins, held.begins or other.begins)
    return other.begins if held.begins is None or other.begins > held.begins else None


def on_publication(held: Sequence[Held], base: Iterable[Held], day: date) -> list[Held]:
    """With the editions that came since `base` taking over on the day on which they are published after all."""
    last: dict[str, int] = {}
    for each in base:
        last[each.edition.document.id] = max(each.arrived, last.get(each.edition.document.id, 0))
    return with_ends(
        replace(each, took_over_on=day)
        if each.took_over_on and each.arrived > last.get(each.edition.document.id, 0)
        else each
        for each in held
    )


Pair = tuple[Edition | None, Edition | None]
"""Two editions of one document to be compared, the earlier one first; None where there is no such one."""


def pairs(before: Sequence[Held], after: Sequence[Held]) -> list[Pair]:
    """Each new edition with the one that it corrects or else follows, and what leaves without a successor."""
    old, new = {held.edition.id for held in before}, {held.edition.id for held in after}
    gone = [held for held in before if held.edition.id not in new]
    found: list[Pair] = []
    for held in after:
        if held.edition.id not in old:
            same = [each for each in gone if _is_place_of(each, held)]
            earlier = same or [each for each in before if each.edition.document.id == held.edition.document.id]
            found.append((_latest(earlier), held.as_held))
    kept = {held.edition.document.id for held in after}
    left = sorted({held.edition.document.id for held in gone} - kept)
    return found + [(_latest(held for held in gone if held.edition.document.id == id_), None) for id_ in left]


def _is_place_of(one: Held, other: Held) -> bool:
    return one.edition.document.id == other.edition.document.id and one.arrived == other.arrived


def _latest(held: Iterable[Held]) -> Edition | None:
    """The edition that nothing has ended, or the one that was ended last; None of none."""
    ordered = sorted(held, key=lambda each: (each.as_held.in_force_until or date.max, each.arrived))
    return ordered[-1].as_held if ordered else None
