"""What stays on disk: the indexes of the last generations, of drafts, and nothing of a killed run."""

from __future__ import annotations

from ingest import store
from ingest.drafts import drafts
from ingest.log import Action
from kb.database import Database
from kb.index import Index


def repair(database: Database, index: Index) -> None:
    """Removes what a killed run left: generations half made, and collections that no generation names."""
    unprepared = [row for row in database.generations() if row.prepared_at is None]
    for row in unprepared:
        index.delete(row.collection)
    if unprepared:
        store.forget_unprepared(database)
    if index.is_shared:  # the others are somebody else's
        return
    named = {row.collection for row in database.generations()}
    for collection in index.collections():
        if collection not in named:
            index.delete(collection)


def clean_up(database: Database, index: Index, keep: int, who: str) -> None:
    """Removes the collections of generations that are neither among the last `keep` published nor drafts.

    The generations themselves, their editions, texts, files and vectors stay, so that each can be made anew.
    """
    there = set(index.collections())
    kept = _kept(database, keep)
    gone = sorted({row.collection for row in database.generations()} & there - kept)
    if not gone:
        repair(database, index)
        return
    store.log(database, who, Action.CLEANUP, {"collections": gone, "keep": keep})
    for collection in gone:
        index.delete(collection)
    repair(database, index)


def _kept(database: Database, keep: int) -> set[str]:
    """The collections that must stay: the last `keep` published, the one that waits, drafts that can be published."""
    collections = {row.id: row.collection for row in database.generations()}
    last = dict.fromkeys(collections[row.generation] for row in database.publications() if not row.is_cancelled)
    published = database.published_id()
    waiting = database.waiting()
    current = [draft.id for draft in drafts(database) if not draft.is_stale]
    always = [published, waiting.generation if waiting else None, *current]
    return {*list(last)[: max(keep, 1)], *(collections[id_] for id_ in always if id_)}
