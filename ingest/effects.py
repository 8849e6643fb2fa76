"""What a publication, a going back or a withdrawal would change, told before it is done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest import gate, rules
from ingest.drafts import Changes, changes
from ingest.gate import Compared, Golden, Result, Verdict
from ingest.log import entries
from ingest.reviews import Resting, resting
from ingest.service import Desk
from ingest.shown import QUOTABLE
from kb.database import Database, Generation
from kb.documents import Edition
from kb.errors import StoreMissing
from kb.events import read_events


@dataclass(frozen=True)
class Published:
    """One turn of the switch: which generation from which instant on, by whom, as what and why.

    `is_current` says that it is the one that answers now; of a generation published twice it is the last turn.
    """

    seq: int
    generation: str
    effective_at: str
    action: str
    who: str
    reason: str
    is_current: bool = False
    waits: bool = False
    is_cancelled: bool = False


def published(database: Database) -> tuple[Published, ...]:
    """Every publication, the last one first, with what the log says of it."""
    told = {
        details.get("publication"): (row, details) for row in entries(database) if (details := _details(row.details))
    }
    current = database.published_id()
    waiting = database.waiting()
    found, is_past = [], False
    for row in database.publications():
        entry, details = told.get(row.seq, (None, {}))
        waits = row == waiting
        is_current = not (is_past or row.is_cancelled or waits) and row.generation == current
        is_past = is_past or is_current
        action, who = (entry.action, entry.who) if entry else ("", "")
        reason = str(details.get("reason") or "")
        turn = Published(row.seq, row.generation, row.effective_at, action, who, reason)
        found.append(replace(turn, is_current=is_current, waits=waits, is_cancelled=row.is_cancelled))
    return tuple(found)


def _details(text: str) -> dict[str, object]:
    try:
        read = json.loads(text)
    except ValueError:  # altered by hand; the check of the log says so
        return {}
    return read if isinstance(read, dict) else {}


@dataclass(frozen=True)
class Effect:
    """What another generation would change: documents by what becomes of them, and golden questions.

    `titles` are those of all documents named, by id. `unknown` counts the golden questions that were not asked of
    both generations; `brings_back` are documents that are withdrawn now and would not be.
    """

    changes: Changes
    titles: Mapping[str, str]
    verdict: Verdict
    unknown: int = 0
    brings_back: tuple[str, ...] = ()

    def named(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The titles of those documents."""
        return tuple(self.titles.get(id_, id_) for id_ in ids)


def going_to(desk: Desk, generation: str) -> Effect:
    """What publishing an earlier generation again would change."""
    with Database(desk.settings.data) as database:
        current = rules.current_generation(database)
        target = database.generation(generation)
        before, after = database.editions(current.id), database.editions(target.id)
        back = rules.brought_back(database.held(current.id), database.held(target.id))
        questions = gate.concerned(gate.read_golden(desk.settings.corpus), [*before, *after])
        verdict, unknown = _verdict(desk, database, questions, current, target)
    return Effect(changes(before, after), _titles(before, after), verdict, unknown, tuple(back))


def _verdict(
    desk: Desk, database: Database, questions: Sequence[Golden], current: Generation, target: Generation
) -> tuple[Verdict, int]:
    """What became of the questions that both were asked by the same code, and how many were not."""
    query = "SELECT DISTINCT answerer FROM golden_results WHERE generation = ?"
    now: dict[str, Result] = {}
    then: dict[str, Result] = {}
    for version in (row["answerer"] for row in database.select(query, current.id)):
        one, other = (gate.earlier(database, row.id, version, desk.on) for row in (current, target))
        now.update((question, one[question]) for question in one.keys() & other.keys())
        then.update((question, other[question]) for question in one.keys() & other.keys())
    asked = [question for question in questions if question.digest in now]
    return gate.compare(asked, now, then), len(questions) - len(asked)


def draft_effect(desk: Desk, draft: str) -> Effect:
    """What publishing a draft would change."""
    found = desk.draft(draft)
    with Database(desk.settings.data) as database:
        before = database.editions(found.base) if found.base else []
        after = database.editions(found.id)
    return Effect(found.changes, _titles(before, after), found.verdict)


@dataclass(frozen=True)
class Withdrawing:
    """What a withdrawal takes away: a document's editions, and the golden questions that rest on it alone or too."""

    editions: tuple[Edition, ...]
    questions: tuple[str, ...]
    alone: tuple[str, ...]


def withdrawing(desk: Desk, document: str) -> Withdrawing:
    """What would no longer answer without the document."""
    with Database(desk.settings.data) as database:
        current = rules.current_generation(database)
        editions = tuple(each for each in database.editions(current.id) if each.document.id == document)
    named = [question for question in gate.read_golden(desk.settings.corpus) if document in question.documents]
    alone = [question.question for question in named if question.documents == {document}]
    return Withdrawing(editions, tuple(question.question for question in named), tuple(alone))


def _titles(*editions: Iterable[Edition]) -> dict[str, str]:
    return {edition.document.id: edition.document.title for each in editions for edition in each}


def current_editions(desk: Desk) -> tuple[Edition, ...]:
    """All editions of what is published, by title; none where nothing is."""
    try:
        with Database(desk.settings.data) as database:
            current = database.published_id()
            found = database.editions(current) if current else []
    except StoreMissing:
        return ()
    return tuple(sorted(found, key=lambda edition: (edition.document.title.casefold(), edition.label)))


def outside(desk: Desk) -> tuple[Resting, ...]:
    """What rests on what outside events replaced, of all that may be quoted today.

    Raises KnowledgeBaseError where the list of events cannot be read.
    """
    events = read_events(desk.settings.corpus / "events.toml")
    editions = [edition for edition in current_editions(desk) if edition.status_on(desk.on) in QUOTABLE]
    if not events or not editions:
        return ()
    with Database(desk.settings.data) as database:
        passages = [passage for edition in editions for passage in database.passages(edition)]
    return resting(events, passages, desk.on)


def not_the_same(verdict: Verdict) -> tuple[Compared, ...]:
    """The golden questions that came out otherwise, those that hold a draft back first."""
    kinds = (gate.Kind.LOST, gate.Kind.BROKEN, gate.Kind.CHANGED)
    return tuple(compared for kind in kinds for compared in verdict.of(kind))
