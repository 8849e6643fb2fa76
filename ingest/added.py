"""What came of files that were added, file by file and in plain words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ingest.drafts import Report
from ingest.effects import current_editions
from ingest.history import Pair
from ingest.progress import Stage, Step
from ingest.service import Desk
from ingest.sources import Source
from ingest.uploads import Upload, check_amount, laid_out
from kb import messages
from kb.database import Database, Unread
from kb.documents import Edition, Status


class Became(StrEnum):
    """What a file turned out to be."""

    NEW = "new document"
    EDITION = "new edition"
    CORRECTION = "correction"
    UNCHANGED = "unchanged"
    UNREAD = "cannot be read"


@dataclass(frozen=True)
class FileVerdict:
    """One file: what it turned out to be, in a sentence; `missing` says which of its pages could not be read."""

    name: str
    became: Became
    told: str
    missing: str = ""


@dataclass(frozen=True)
class Added:
    """What came of the files of one go; `draft` is where to look at it, None where nothing changes."""

    files: tuple[FileVerdict, ...]
    report: Report

    @property
    def draft(self) -> str | None:
        """The draft's id."""
        return self.report.draft


def add(desk: Desk, uploads: Sequence[Upload]) -> Added:
    """A draft of what is published with these files; raises as Desk.prepare, and WrongUse for too much at once."""
    check_amount(uploads)
    published = current_editions(desk)
    with laid_out(desk.settings.data, uploads, published) as sources:
        report = desk.prepare(sources, keep_others=True)
        return Added(tuple(_verdicts(desk, sources, report)), report)


def _verdicts(desk: Desk, sources: Sequence[Source], report: Report) -> Iterator[FileVerdict]:
    pairs = desk.pairs(report.draft) if report.draft else []
    with Database(desk.settings.data) as database:
        generation = report.draft or report.generation
        held = database.editions(generation) if generation else []
    for source in sources:
        sha256 = hashlib.sha256(source.path.read_bytes()).hexdigest()
        edition = next((each for each in held if _is_of(each, source, sha256)), None)
        unread = [row for row in report.unread if row.file == source.name]
        yield _verdict(source, edition, unread, pairs, held, desk.on)


def _is_of(edition: Edition, source: Source, sha256: str) -> bool:
    return edition.document.id == source.document.id and edition.sha256 == sha256


def _verdict(
    source: Source,
    edition: Edition | None,
    unread: Sequence[Unread],
    pairs: Sequence[Pair],
    held: Iterable[Edition],
    on: date,
) -> FileVerdict:
    if edition is None:
        why = " ".join(f"{_capital(row.fact)}. {row.next_step}" for row in unread)
        return FileVerdict(source.name, Became.UNREAD, why or "It is not part of the draft.")
    missing = " ".join(f"{_capital(row.fact)}. {row.next_step}" for row in unread)
    pair = next((pair for pair in pairs if pair[1] is not None and pair[1].id == edition.id), None)
    title, label = edition.document.title, f", {edition.label}" if edition.label else ""
    if pair is None:
        told = f"The text and the dates are those that are published as “{title}”{label}. Nothing changes."
        return FileVerdict(source.name, Became.UNCHANGED, told, missing)
    earlier = pair[0]
    if earlier is None:
        return FileVerdict(source.name, Became.NEW, f"A document that was not here: “{title}”{label}.", missing)
    if earlier.id not in {each.id for each in held}:
        told = f"It corrects “{title}”, {_called(earlier)}: the text that is published is replaced for all days."
        return FileVerdict(source.name, Became.CORRECTION, told, missing)
    told = f"A new edition of “{title}”{label}, which follows {_called(earlier)}. {_from(edition, on)}"
    return FileVerdict(source.name, Became.EDITION, told, missing)


def _called(edition: Edition) -> str:
    return edition.label or f"the edition from {edition.file}"


def _from(edition: Edition, on: date) -> str:
    status = edition.status_on(on)
    if status is Status.SUPERSEDED and edition.in_force_until:
        until = messages.uk_date(edition.in_force_until)
        return f"Another one is in force since {until}, so that this one is superseded and never quoted. Check its day."
    if edition.in_force_from:
        begins = f"It is in force from {messages.uk_date(edition.in_force_from)}."
        return begins + (" Until then the earlier one is quoted." if status is Status.NOT_YET else "")
    return "It has no date: it takes over on the day on which it is published, and is shown as undated."


def what_a_day_does(edition: Edition) -> str:
    """What its day in force makes of a file that is added to the document, of which this is the latest edition."""
    told = f"Published now: {_called(edition)}"
    if edition.in_force_from:
        told += f", in force from {messages.uk_date(edition.in_force_from)}. The same day makes this file a correction "
        return told + "of it, a later one its next edition. Without a day it is shown as undated."
    return told + ", without a day in force. Without a day this file takes its place on the day of its publication."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_DOING = {
    Stage.READ: "Reading",
    Stage.EMBED: "Embedding what is new",
    Stage.INDEX: "Writing the index",
    Stage.TRY: "Asking the golden questions",
    Stage.PUBLISH: "Publishing",
}


def doing(step: Step | None) -> str:
    """Where long work stands: 'Reading visits.pdf: page 3 of 12', 'Asking the golden questions: 40 of 469'."""
    if step is None:
        return "Starting"
    if step.unit == "documents":
        return f"{_DOING[step.stage]} {step.document}: document {step.done} of {step.total}"
    if step.unit == "pages":
        return f"{_DOING[step.stage]} {step.document}: page {step.done} of {step.total}"
    return f"{_DOING[step.stage]}: {step.done:,} of {step.total:,}" if step.total else _DOING[step.stage]


def stages(step: Step | None) -> tuple[tuple[str, bool, bool], ...]:
    """Each stage in order: what it does, whether it is over, and whether it is the one at work."""
    order = [stage for stage in Stage if stage is not Stage.PUBLISH]
    at = order.index(step.stage) if step and step.stage in order else -1
    return tuple((_DOING[stage], number < at, number == at) for number, stage in enumerate(order))
