"""What may be done to a knowledge base and by whom: draft, try, approve, publish, take back.

The command line and the pages call this and decide nothing themselves. Names are taken as given: who stands behind one
is for the machine's own log-in to make sure of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date

from ingest import gate, rules, store
from ingest.copying import copied
from ingest.drafts import Draft, Maker, Report, changes, drafts, new_id
from ingest.gate import Verdict
from ingest.history import Pair, on_publication, pairs, succeed
from ingest.keeping import clean_up, repair
from ingest.log import Action, Details, Entry, Verified, entries, verify
from ingest.progress import Stage, Step, Tell, silent
from ingest.reading import Reader, Reading
from ingest.remembering import Remembering
from ingest.roles import Role, Roles, read_roles
from ingest.sources import Source
from ingest.store import Switch
from ingest.version import answerer
from ingest.writing import writing
from kb import instants, messages
from kb.ask import KnowledgeBase
from kb.database import Database, Generation, Publication
from kb.documents import Edition, Held, Withdrawal
from kb.embed import Model
from kb.errors import HeldBack, WrongUse
from kb.index import Index, discard
from kb.settings import Settings

Compare = Callable[[Database, Sequence[Pair]], tuple[str, ...]]
"""What says in lines of text how the editions of each pair differ; their texts are in the database."""


@dataclass(frozen=True)
class Standing:
    """What is published, what waits to be, and the drafts that are kept."""

    published: Generation | None
    waiting: Publication | None
    drafts: tuple[Draft, ...]


@dataclass(frozen=True)
class Desk:
    """One person's work on one knowledge base on one day, the board's own.

    Each method checks who may do it, holds the write lock while it works, and logs what it does in the transaction in
    which it does it. Raises NotAllowed for want of a role, HeldBack where the gate, a publication that waits, or
    another one made meanwhile stands against it, WrongUse for what is not there or makes no sense, StoreBusy while
    another process writes, StoreMissing where nothing is published. Killed at any point, what was published answers.
    """

    settings: Settings
    model: Model
    who: str
    on: date
    tell: Tell = silent
    compare: Compare = lambda _, __: ()

    # What is there

    def standing(self) -> Standing:
        """What is published, what waits, and the drafts."""
        with Database(self.settings.data) as database:
            published = database.published_id()
            return Standing(database.generation(published) if published else None, database.waiting(), drafts(database))

    def log(self) -> tuple[Entry, ...]:
        """Every row of the log, the oldest first."""
        with Database(self.settings.data) as database:
            return entries(database)

    def verify_log(self) -> Verified:
        """What a check of the log finds; as ingest.log.verify."""
        with Database(self.settings.data) as database:
            return verify(database)

    def draft(self, id_: str) -> Draft:
        """The draft of that id; WrongUse where there is none."""
        with Database(self.settings.data) as database:
            return rules.find_draft(database, id_)

    def pairs(self, draft: str) -> list[Pair]:
        """The editions of a draft to be compared, each new one with the published one that it corrects or follows."""
        with Database(self.settings.data) as database:
            base = rules.find_draft(database, draft).base
            return pairs(database.held(base) if base else [], database.held(draft))

    # Making drafts

    def prepare(self, sources: Sequence[Source], *, keep_others: bool) -> Report:
        """A draft of the sources, tried with the golden questions and kept; none where nothing changes.

        `keep_others` keeps the published documents that no source names (adding); without it they leave (the sources
        are the whole). A source that cannot be read keeps its published edition. The same sources again give the same
        draft. The report's `held_back` says that there would be nothing left.
        """
        self._require(Role.EDITOR)
        with self._writing() as (database, index):
            published = rules.published_generation(database)
            before = database.held(published.id) if published else []
            reader = Reader(database, self.tell)
            reading = reader.read(sources)
            tried = [source.name for source in sources] if keep_others else None
            store.store_unread(database, tried, reading.unread)
            after = self._after(database, before, reading, reader, keep_others)
            changed = changes([held.as_held for held in before], [held.as_held for held in after])
            beside = () if keep_others else tuple(dict.fromkeys(h.edition.document.id for h in after if h.added))
            report = Report(
                **changed.__dict__,
                beside=beside,
                unread=tuple(reading.unread),
                generation=published.id if published else None,
            )
            if not after:
                return replace(report, held_back=bool(before))
            if not report.changes:
                if not published or self._is_whole(published, index):
                    return report
                report = replace(report, reindexed=True)
            if before:
                report = replace(report, difference=self.compare(database, pairs(before, after)))
            return self._drafted(database, index, after, report)

    def try_out(self, sources: Sequence[Source], *, keep_others: bool) -> Report:
        """What `prepare` would report, tried on a copy that is gone afterwards: the knowledge base stays as it is."""
        with copied(self.settings.data) as copy:
            # Chroma in the copy, also where there is a server: nobody else's collections are touched.
            settings = replace(self.settings, data=copy, chroma_url="")
            report = replace(self, settings=settings).prepare(sources, keep_others=keep_others)
        return replace(report, draft=None)

    def _after(
        self, database: Database, before: Sequence[Held], reading: Reading, reader: Reader, keep_others: bool
    ) -> list[Held]:
        """The editions of the next generation; one read anew that came out as it stands published is that one."""
        same = {reader.digests[held.edition.id]: held.edition for held in before}
        read = [same.get(reader.digests[edition.id], edition) for edition in reading.editions]
        if not keep_others:
            corrected = rules.corrected_here(database, before)
            read = [each for each in read if (each.document.id, reader.digests[each.id]) not in corrected]
        named = {edition.document.id for edition in read}
        unread = {held.edition.id for held in before if reading.has_failed(held.edition, named)}

        def is_alike(one: Edition, other: Edition) -> bool:
            return database.edition_text(one.id) == database.edition_text(other.id)

        return succeed(before, read, unread, keep_others, self.on, is_alike)

    def _is_whole(self, published: Generation, index: Index) -> bool:
        """Whether the published generation can be asked: its index is there, and by this model."""
        return published.embedder == self.model.name and published.collection in index.collections()

    def _drafted(self, database: Database, index: Index, after: Sequence[Held], report: Report) -> Report:
        """The report with the draft of these editions: the one that is there already, or a new one."""
        for draft in drafts(database):
            row = database.generation(draft.id)
            if not draft.is_stale and row.embedder == self.model.name and _is_same(database.held(draft.id), after):
                return replace(report, draft=draft.id, verdict=draft.verdict)
        maker = Maker(database, index, self.tell)
        generation, passages, embedded = maker.make(after, self.model, self.who, report.generation)
        verdict = self._verdict(database, maker, generation) if report.generation else Verdict()
        report = replace(report, passages=passages, embedded=embedded, draft=generation.id, verdict=verdict)
        store.prepare(database, generation.id, verdict.to_json(), self.who, rules.told(report))
        return report

    def _verdict(self, database: Database, maker: Maker, draft: Generation) -> Verdict:
        """What the golden questions say of a draft beside what is published."""
        base = database.generation(draft.base or "")
        editions = [*database.editions(base.id), *database.editions(draft.id)]
        questions = gate.concerned(gate.read_golden(self.settings.corpus), editions)
        if not questions or base.embedder != self.model.name:
            return Verdict(uncompared=len(questions))

        embedder = Remembering(database, self.model, base.dimensions)
        version = answerer(self.settings.corpus, self.model.name)
        with closing(KnowledgeBase(self.settings, Model(self.model.name, embedder.load))) as asked:
            asker = gate.Asker(database, asked, version, self.on, self.tell)
            before = asker.ask(questions, base.id, lambda: asked.open(maker.ensure_collection(base, self.who).id))
            after = asker.ask(questions, draft.id, lambda: asked.open(draft.id))
        embedder.keep()
        return gate.compare(questions, before, after)

    # Deciding

    def approve(self, draft: str, name: str, reason: str) -> None:
        """Keeps that `name` approves a draft that the gate holds back, and why.

        Where roles are set `name` must be an approver and must not be the draft's author.
        """
        roles = self._require(Role.EDITOR)
        roles.require(name, Role.APPROVER)
        rules.need(name, "--approve", "the name of the person who approves")
        rules.need(reason, "--reason", "why the draft may be published although the golden questions hold it back")
        with writing(self.settings.data), Database(self.settings.data, write=True) as database:
            roles.require_other(name, rules.find_draft(database, draft).author)
            store.approve(database, draft, self.who, name, reason)

    def publish(self, draft: str, on: date | None = None) -> str:
        """Publishes a draft now, or at the beginning of the day `on` in London; gives the instant, '' for now.

        HeldBack where the golden questions hold it back and nobody has approved, or something else was published
        since it was made.
        """
        self._require(Role.EDITOR)
        with self._writing() as (database, index):
            found = rules.find_draft(database, draft)
            rules.refuse_while_waiting(database)
            self._may_publish(found)
            if on is not None and on <= self.on:
                fact = f"{messages.uk_date(on)} has begun already"
                raise WrongUse("--publish-on", fact, "Leave it out to publish now, or name a later day.")
            effective = instants.begins(on) if on else ""
            base = database.held(found.base) if found.base else []
            held = on_publication(database.held(draft), base, on or self.on)
            Maker(database, index, self.tell).ensure_collection(database.generation(draft), self.who)
            action = Action.SCHEDULE if on else Action.PUBLISH
            self._switch(database, index, Switch(draft, self.who, action, {}, effective or None, held))
            return effective

    def _may_publish(self, draft: Draft) -> None:
        if draft.is_stale:
            fact = f"it was made from {draft.base or 'nothing'}, and something else is published by now"
            raise HeldBack(draft.id, fact, f"Run the ingest again, then: python -m ingest discard {draft.id}")
        if draft.verdict.holds_back and not draft.approvals:
            raise HeldBack(draft.id, rules.why(draft.verdict), rules.approve_it(draft.id))

    def discard(self, draft: str) -> None:
        """Removes a draft; the editions that were read for it stay in the archive."""
        self._require(Role.EDITOR)
        with self._writing() as (database, index):
            if rules.find_draft(database, draft).waits_for:
                raise HeldBack(draft, "it waits to be published", "First: python -m ingest cancel")
            store.discard(database, draft, self.who)
            clean_up(database, index, self.settings.keep_generations, self.who)

    def cancel(self) -> str:
        """Cancels the publication that waits; gives the id of its generation, which is a draft again."""
        self._require(Role.EDITOR)
        with writing(self.settings.data), Database(self.settings.data, write=True) as database:
            waiting = database.waiting()
            if waiting is None:
                raise WrongUse("cancel", "no publication waits", "See: python -m ingest status")
            store.cancel(database, waiting, self.who)
            return waiting.generation

    # Taking back

    def rollback(self, reason: str, to: str | None = None) -> str:
        """Publishes an earlier generation again, by default the one from which the published one was made; its id.

        HeldBack where that would bring back a document that was withdrawn since; naming the generation in `to` says
        that this is meant. Where its index was cleaned up, it is made anew from the stored vectors.
        """
        self._require(Role.APPROVER)
        rules.need(reason, "--reason", "why")
        with self._writing() as (database, index):
            current = rules.current_generation(database)
            rules.refuse_while_waiting(database)
            target = rules.rollback_target(database, current, to)
            back = rules.brought_back(database.held(current.id), database.held(target.id))
            if back and to is None:
                fact = f"going back to {target.id} would bring back what was withdrawn: {', '.join(back)}"
                raise HeldBack("rollback", fact, f"If that is meant, add: --to {target.id}")
            if target.embedder != self.model.name:
                fact = f"its vectors were made by {target.embedder}, the model here is {self.model.name}"
                raise HeldBack(target.id, fact, "Set KB_MODEL to that model, then run this again.")
            whole = Maker(database, index, self.tell).ensure_collection(target, self.who)
            told = {"from": current.id, "reason": reason, "brings_back": back}
            self._switch(database, index, Switch(whole.id, self.who, Action.ROLLBACK, told))
            return whole.id

    def withdraw(self, document: str, reason: str, replaced_by: str | None = None) -> str:
        """Publishes what is published with the document withdrawn from today on; gives the new generation's id.

        The document stays withdrawn, whatever is ingested, until it is reinstated.
        """
        rules.need(reason, "--reason", "why, in a sentence that readers may see")
        withdrawal = Withdrawal(self.on, reason, replaced_by)
        return self._overlay(document, Action.WITHDRAW, withdrawal, {"reason": reason, "replaced_by": replaced_by})

    def reinstate(self, document: str, reason: str) -> str:
        """Takes back a withdrawal that was decided here; gives the new generation's id."""
        rules.need(reason, "--reason", "why")
        return self._overlay(document, Action.REINSTATE, None, {"reason": reason})

    def _overlay(self, document: str, action: Action, withdrawal: Withdrawal | None, told: Details) -> str:
        self._require(Role.APPROVER)
        with writing(self.settings.data), Database(self.settings.data, write=True) as database:
            current = rules.current_generation(database)
            rules.refuse_while_waiting(database)
            held = database.held(current.id)
            rules.check_overlay(held, document, withdrawal)
            changed = [
                replace(each, withdrawn=withdrawal) if each.edition.document.id == document else each for each in held
            ]
            # The same texts: the new generation shares the collection of the one that it is made from.
            new = replace(
                current, id=new_id(), created_at=instants.now(), prepared_at=instants.now(), author=self.who,
                base=current.id, verdict="",
            )  # fmt: skip
            told = {"document": document, **told}
            self._switch(database, None, Switch(new.id, self.who, action, told, None, changed, new))
            return new.id

    def rests_on(self, document: str) -> tuple[str, ...]:
        """The golden questions that name the document, by id: what may no longer be answered once it is withdrawn."""
        questions = gate.read_golden(self.settings.corpus)
        return tuple(question.id for question in questions if document in question.documents)

    # Mending

    def rebuild(self) -> Report:
        """Publishes the same editions with an index made anew from the vectors that SQLite keeps.

        Chroma's folder is written from nothing; on a server only this knowledge base's own collections are.
        """
        self._require(Role.EDITOR)
        data = self.settings.data
        with writing(data):
            with Database(data) as database:
                published = rules.current_generation(database)
            if not self.settings.chroma_url:
                discard(data)
            with self._open() as (database, index):
                held = database.held(published.id)
                editions = [each.as_held for each in held]
                report = Report(**changes(editions, editions).__dict__, reindexed=True)
                maker = Maker(database, index, self.tell)
                made, passages, embedded = maker.make(held, self.model, self.who, published.base)
                report = replace(report, passages=passages, embedded=embedded, generation=made.id, published=True)
                store.prepare(database, made.id, "", self.who, rules.told(replace(report, draft=made.id)))
                told = {"from": published.id}
                self._switch(database, index, Switch(made.id, self.who, Action.REBUILD, told))
                return report

    def _switch(self, database: Database, index: Index | None, switch: Switch) -> None:
        self.tell(Step(Stage.PUBLISH, 0, 1, ""))
        store.publish(database, switch)
        self.tell(Step(Stage.PUBLISH, 1, 1, ""))
        if index is not None:
            clean_up(database, index, self.settings.keep_generations, self.who)

    def _require(self, role: Role) -> Roles:
        roles = read_roles(self.settings.corpus)
        roles.require(self.who, role)
        return roles

    @contextmanager
    def _writing(self) -> Iterator[tuple[Database, Index]]:
        """The store and the index under the write lock, without what a killed run left."""
        with writing(self.settings.data), self._open() as opened:
            yield opened

    @contextmanager
    def _open(self) -> Iterator[tuple[Database, Index]]:
        data, url = self.settings.data, self.settings.chroma_url
        with Database(data, write=True) as database, Index(data, url, write=True) as index:
            repair(database, index)
            yield database, index


def _is_same(one: Sequence[Held], other: Sequence[Held]) -> bool:
    """Whether two lists come to the same once published: the day on which a text takes over is set only then."""
    return [(held.edition, held.withdrawn) for held in one] == [(held.edition, held.withdrawn) for held in other]
