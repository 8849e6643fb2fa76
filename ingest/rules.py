"""What stands against a draft, a publication or a withdrawal, as errors that say what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from ingest import gate
from ingest.drafts import Draft, Report, drafts
from ingest.gate import Verdict
from ingest.log import Details
from kb import instants
from kb.database import Database, Generation
from kb.documents import Edition, Held, Withdrawal
from kb.errors import HeldBack, StoreMissing, WrongUse


def why(verdict: Verdict) -> str:
    """Why the gate holds a draft back, in a line."""
    counted = [(len(verdict.of(kind)), kind) for kind in (gate.Kind.LOST, gate.Kind.BROKEN)]
    said = [f"{count} golden question{'s' if count != 1 else ''} {kind}" for count, kind in counted if count]
    if verdict.uncompared:
        said.append(
            f"{verdict.uncompared} golden questions cannot be compared, since another model made the last index"
        )
    return "held back: " + ", ".join(said)


def approve_it(draft: str) -> str:
    """What a person has to do about a draft that is held back."""
    return f"To publish it all the same: python -m ingest publish {draft} --approve NAME --reason WHY"


def told(report: Report) -> Details:
    """What the log keeps of a draft."""
    verdict = report.verdict
    kinds = [kind for kind in gate.Kind if kind is not gate.Kind.SAME]
    return {
        "base": report.generation,
        "added": report.added,
        "updated": report.updated,
        "removed": report.removed,
        "unread": [row.file for row in report.unread],
        "passages": report.passages,
        "embedded": report.embedded,
        "golden": {"asked": verdict.asked, **{kind.value: len(verdict.of(kind)) for kind in kinds}},
    }


def need(value: str, place: str, wanted: str) -> None:
    """WrongUse where the value is blank."""
    if not value.strip():
        raise WrongUse(place, "it is empty", f"Wanted: {wanted}.")


def published_generation(database: Database) -> Generation | None:
    """What is published, None before the first."""
    id_ = database.published_id()
    return database.generation(id_) if id_ else None


def corrected_here(database: Database, before: Sequence[Held]) -> set[tuple[str, str]]:
    """(document, digest) of the editions in whose place another was added since by itself.

    A manifest that still names the file of one does not bring it back; a file that changed does.
    """
    added = {held.edition.document.id for held in before if held.added}
    if not added:
        return set()
    there = {held.edition.id for held in before}
    digests = database.known_editions()
    once = [edition for edition in database.once_published() if edition not in there]
    documents = {edition: database.edition(edition).document.id for edition in once}
    return {(document, digests[edition]) for edition, document in documents.items() if document in added}


def current_generation(database: Database) -> Generation:
    """What is published; StoreMissing where nothing is."""
    published = published_generation(database)
    if published is None:
        raise StoreMissing(str(database.path.parent), "nothing is published yet", "Run: python -m ingest")
    return published


def find_draft(database: Database, id_: str) -> Draft:
    """The draft of that id; WrongUse, with those that there are, where there is none."""
    kept = drafts(database)
    for draft in kept:
        if draft.id == id_:
            return draft
    there = f"Drafts: {', '.join(draft.id for draft in kept)}" if kept else "There is none; run: python -m ingest"
    raise WrongUse(id_, "there is no such draft", there)


def refuse_while_waiting(database: Database) -> None:
    """HeldBack while a publication waits for its day: what it was tried against must not change under it."""
    waiting = database.waiting()
    if waiting:
        fact = f"it waits to be published on {instants.shown(waiting.effective_at)} (London)"
        raise HeldBack(waiting.generation, fact, "To do something else first: python -m ingest cancel")


def rollback_target(database: Database, current: Generation, to: str | None) -> Generation:
    """The generation to go back to; WrongUse where there is none."""
    if to is None:
        if current.base is None:
            raise WrongUse("rollback", f"{current.id} is the first generation", "There is nothing to go back to.")
        return database.generation(current.base)
    ever = list(dict.fromkeys(row.generation for row in database.publications() if not row.is_cancelled))
    if to == current.id or to not in ever:
        fact = "it is published now" if to == current.id else "no such generation was ever published"
        others = ", ".join(id_ for id_ in ever if id_ != current.id)
        raise WrongUse(to, fact, f"Published before: {others}." if others else "None was published before.")
    return database.generation(to)


def brought_back(now: Iterable[Held], then: Iterable[Held]) -> list[str]:
    """The documents that are withdrawn now, by a decision made here, and were not then."""
    withdrawn = {held.edition.document.id for held in now if held.withdrawn}
    return sorted({held.edition.document.id for held in then if not held.withdrawn} & withdrawn)


def check_overlay(held: Sequence[Held], document: str, withdrawal: Withdrawal | None) -> None:
    """WrongUse where the document cannot be withdrawn, or reinstated where no withdrawal is given."""
    known = sorted({each.edition.document.id for each in held})
    editions: list[Edition] = [each.edition for each in held if each.edition.document.id == document]
    if not editions:
        near = get_close_matches(document, known, n=1)
        raise WrongUse(document, "no such document is published", f"Did you mean {near[0]}?" if near else "")
    is_withdrawn = any(each.withdrawn for each in held if each.edition.document.id == document)
    if withdrawal is None:
        if not is_withdrawn:
            stated = any(edition.withdrawn for edition in editions)
            next_step = "The manifest says that it is; change it there, then run: python -m ingest" if stated else ""
            raise WrongUse(document, "it was not withdrawn here", next_step)
    elif is_withdrawn:
        raise WrongUse(document, "it is withdrawn already", f"To undo it: python -m ingest reinstate {document}")
    elif withdrawal.replaced_by is not None and (
        withdrawal.replaced_by == document or withdrawal.replaced_by not in known
    ):
        near = get_close_matches(withdrawal.replaced_by, known, n=1)
        fact = "no other document of this id is published"
        raise WrongUse(withdrawal.replaced_by, fact, f"Did you mean {near[0]}?" if near else "")
