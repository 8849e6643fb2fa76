"""What the command line says of drafts, publications and the log, as lines of text."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date

from ingest.drafts import Draft, Report
from ingest.gate import Compared, Kind, Verdict
from ingest.log import Entry, Verified
from ingest.reviews import resting
from ingest.rules import approve_it, why
from ingest.service import Standing
from kb import instants, messages
from kb.database import Unread
from kb.documents import Edition, Passage, Status
from kb.events import Event

QUOTABLE = frozenset((Status.IN_FORCE, Status.REVIEW_OVERDUE, Status.UNDATED))
"""Editions on whose text people may act today."""

_LISTED = 12
_QUOTE = 400  # characters of a quote that are shown; all of it is in the draft


def prepared(report: Report) -> list[str]:
    """What changes, how, and what the golden questions say of it."""
    return [*changes(report), *report.difference, *verdict(report.verdict)]


def changes(report: Report) -> list[str]:
    """A line for each sort of change, and one for each thing not read."""
    kinds = (
        ("added", report.added),
        ("updated", report.updated),
        ("removed", report.removed),
        ("unchanged", report.unchanged),
    )
    lines = [f"{name:<10}{len(ids):>5}  {_listed(ids)}" for name, ids in kinds if ids]
    if report.beside:
        lines.append(f"{'kept':<10}{len(report.beside):>5}  added by themselves: {_listed(report.beside)}")
    return lines + [not_read(row, 17) for row in report.unread]


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(ids[:_LISTED]) + (f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else "")


def not_read(row: Unread, width: int) -> str:
    """The line of a file that could not be read."""
    return f"{'not read':<{width}}{row.file}: {row.fact}. {row.next_step}"


def verdict(found: Verdict) -> list[str]:
    """What the golden questions say: the counts, then each that is not the same with the old quote and the new one."""
    if not found.asked:
        return [f"{'golden':<10}{found.uncompared:>5}  not compared"] if found.uncompared else []
    counted = [(kind, len(found.of(kind))) for kind in (Kind.LOST, Kind.BROKEN, Kind.CHANGED)]
    said = ", ".join(f"{count} {kind}" for kind, count in [(Kind.SAME, found.same), *counted] if count)
    lines = [f"{'golden':<10}{found.asked:>5}  {said}"]
    for kind, _ in counted:
        for compared in found.of(kind):
            lines += _compared(compared)
    return lines


def _compared(compared: Compared) -> Iterator[str]:
    yield f"{compared.kind:<10}       {compared.id}: {compared.question}"
    yield from _quoted("before", compared.before, compared.before_place)
    yield from _quoted("now", compared.after, compared.after_place)
    if compared.missing:
        yield f"{'':<17}gone: {'; '.join(compared.missing)}"


def _quoted(name: str, quote: str, place: str) -> Iterator[str]:
    text = " ".join(quote.split())
    shown = (text if len(text) <= _QUOTE else text[:_QUOTE] + "…") if text else "nothing is quoted"
    lines = textwrap.wrap(shown, 100) + ([f"({place})"] if place else [])
    yield f"{'':<17}{name + ':':<8}{lines[0]}"
    yield from (f"{'':<25}{line}" for line in lines[1:])


def conclusion(report: Report) -> str:
    """The line that says what stands now."""
    if report.published:
        made = f"{messages.many(report.passages, 'passage')}; {messages.many(report.embedded, 'text')} embedded"
        return f"published {report.generation}: {made}" + (" (the index is new)" if report.reindexed else "")
    if report.waits_for:
        return f"{report.draft} is published on {instants.shown(report.waits_for)} (London); until then nothing changes"
    if report.held_back and not (report.added or report.updated or report.unchanged):
        return f"not published: no document would be left; {report.generation} stays published"
    if report.held_back and report.draft and report.verdict.holds_back:
        return f"not published, {report.generation} stays; {why(report.verdict)}. {approve_it(report.draft)}"
    if report.held_back:
        return (
            f"not published, {report.generation} stays; run it again with --yes to publish these changes, "
            f"or: python -m ingest publish {report.draft}"
        )
    if report.generation:
        return f"nothing changed; {report.generation} stays published"
    return "nothing to publish: no document could be read"


def trial(report: Report) -> str:
    """The line that ends a trial."""
    stays = f"; {report.generation} stays published" if report.generation else ""
    if report.held_back:
        return f"a trial: nothing was changed{stays}. No document would be left, so that nothing would be published"
    if report.verdict.holds_back:
        return f"a trial: nothing was changed{stays}. Would be {why(report.verdict)}"
    would = "" if report.changes or not report.generation else "; there is nothing to publish"
    return f"a trial: nothing was changed{stays}{would}"


def draft(each: Draft) -> list[str]:
    """A draft in the list of drafts."""
    by = f" by {each.author}" if each.author else ""
    lines = [f"{each.id}: made on {instants.shown(each.created_at)}{by}; {_state(each)}"]
    kinds = (("added", each.changes.added), ("updated", each.changes.updated), ("removed", each.changes.removed))
    lines += [f"  {name:<10}{len(ids):>5}  {_listed(ids)}" for name, ids in kinds if ids]
    return lines + [f"  approved by {approval.name}: {approval.reason}" for approval in each.approvals]


def _state(each: Draft) -> str:
    if each.waits_for:
        return f"is published on {instants.shown(each.waits_for)} (London)"
    if each.is_stale:
        return "out of date: something else was published since"
    if each.verdict.holds_back and not each.approvals:
        return why(each.verdict)
    return f"can be published: python -m ingest publish {each.id}"


def outside(events: Sequence[Event], passages: Sequence[Passage], on: date) -> list[str]:
    """A line for each outside event up to the day with what rests on what it replaced; none for the others."""
    return [
        f"  {'outside event':<16}{found.called}: {found.extent} to check, in {_listed(found.ids)}"
        for found in resting(events, passages, on)
    ]


def status(standing: Standing, editions: Sequence[Edition], unread: Sequence[Unread], on: date) -> list[str]:
    """What is published, each edition with its status on the day; what waits; what could not be read."""
    assert standing.published
    generation = standing.published
    count = f"{len(editions)} edition" + ("s" if len(editions) != 1 else "")
    lines = [f"generation {generation.id}: {count}, published {generation.published_at}"]
    lines.append(f"vectors by {generation.embedder}")
    if standing.waiting:
        when = instants.shown(standing.waiting.effective_at)
        lines.append(f"waiting: {standing.waiting.generation} is published on {when} (London)")
    for edition in editions:
        label = f" ({edition.label})" if edition.label else ""
        said = messages.withdrawal(edition) if edition.withdrawn else ""
        lines.append(
            f"  {edition.status_on(on):<16}{edition.document.id}: {edition.document.title}{label}"
            + (f". {said}" if said else "")
        )
    return lines + [f"  {not_read(row, 16)}" for row in unread]


def entry(row: Entry) -> str:
    """A row of the log: when, what, who, and its details."""
    return f"{row.seq:>5}  {instants.shown(row.at)}  {row.action:<9}  {row.who or 'nobody named'}  {details(row)}"


def details(row: Entry) -> str:
    """The details of a row of the log without those that are empty."""
    try:
        read = json.loads(row.details)
    except ValueError:  # altered by hand; shown as it is
        read = {"details": row.details}
    return "; ".join(f"{name} {_detail(value)}" for name, value in read.items() if value not in ([], {}, "", None))


def _detail(value: object) -> str:
    if isinstance(value, list):
        return _listed([str(each) for each in value])
    if isinstance(value, dict):
        return ", ".join(f"{count} {name}" for name, count in value.items() if count) or "none"
    return str(value)


def verified(found: Verified) -> list[str]:
    """What a check of the log found."""
    if found.faults:
        return [*found.faults, f"the log is not as it was written: {len(found.faults)} faults in {found.rows} rows"]
    return [
        f"the log is whole: {found.rows} rows, last hash {found.last_hash or 'none'}",
        "Keep this hash elsewhere: that the whole file was replaced by another one, only it can show.",
    ]
