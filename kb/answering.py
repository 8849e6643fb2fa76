"""From what was found to an answer: what is quoted, what must be said beside it, or why there is nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date
from itertools import groupby

from kb import messages
from kb.answers import Answer, Notice, NoticeKind, Outcome, Statement
from kb.check import exact_only
from kb.compose import MAX_STATEMENTS, best_unit, compose, holding, statement_of, with_statement
from kb.confidence import BEST, Belief, believed
from kb.cross_encoder import Judge, judged
from kb.differ import difference
from kb.documents import Status
from kb.events import Event, flags
from kb.library import Library, places_in
from kb.parts import unanswered
from kb.places import OTHER_NATIONS, WIDER
from kb.question import MAX_QUESTION, Asked
from kb.reader import Reader, read_closely
from kb.retrieve import Scored, find

MAX_KEPT = 10
CITABLE = frozenset({Status.IN_FORCE, Status.REVIEW_OVERDUE, Status.HISTORICAL, Status.UNDATED})
_TO_BE_NAMED = (Status.SUPERSEDED, Status.WITHDRAWN, Status.UNDATED, Status.HISTORICAL, Status.REVIEW_OVERDUE)


def citable_on(library: Library, on: date) -> frozenset[str]:
    """The ids of the editions that may be cited on the day."""
    return frozenset(edition.id for edition in library.editions if edition.status_on(on) in CITABLE)


def found(library: Library, asked: Asked, editions: Container[str], reader: Reader) -> list[Scored]:
    """What those editions hold for a question, best first: found, and the best of it read once more."""
    return read_closely(find(library, asked, editions), asked.spelt.text, reader)


def answer(
    library: Library,
    question: str,
    asked: Asked,
    on: date,
    reader: Reader,
    events: Iterable[Event] = (),
    judge: Judge | None = None,
) -> Answer:
    """The answer of a generation to a question as it was read, from the editions citable on the day `on`.

    Of the `events`, those are told that concern a text which is quoted. A `judge` looks at the best hits once more.
    """
    citable = citable_on(library, on)
    hits = found(library, asked, citable, reader)
    other_places = elsewhere(asked, hits, library)
    belief = Belief.NOTHING if other_places else believed(asked, hits, library.passage_words)
    hits = judged(hits, asked.text, judge) if judge else hits
    notices = _reading_notices(question, asked, other_places)
    statements: tuple[Statement, ...] = ()
    outcome, shown, others = Outcome.NOT_FOUND, hits, list[Scored]()
    if belief is not Belief.NOTHING:
        composed, notices = _completed(library, asked, hits, compose(hits, on), notices, on)
        statements = exact_only(composed, library.texts)
        if len(statements) < len(composed):
            notices = (*notices, Notice(NoticeKind.WITHHELD, messages.WITHHELD))
        if statements:
            is_partial = belief is Belief.RELATED or any(n.kind is NoticeKind.NOT_FOUND_PART for n in notices)
            outcome = Outcome.PARTIAL if is_partial else Outcome.ANSWERED
            notices = (*_related(belief), *notices)
    else:
        others = found(library, asked, frozenset(edition.id for edition in library.editions) - citable, reader)
        if not other_places and believed(asked, others, library.passage_words) is Belief.ANSWERS:
            outcome, shown = Outcome.ONLY_SUPERSEDED, others
    return Answer(
        question=question,
        outcome=outcome,
        as_of=on,
        generation=library.generation,
        statements=statements,
        notices=(*notices, *_notices(outcome, statements, shown, on, library), *_told(statements, tuple(events), on)),
        kept=tuple(scored.hit for scored in hits[:MAX_KEPT]),
        rejected=tuple(scored.hit for scored in [*hits[MAX_KEPT:], *others]),
    )


def elsewhere(asked: Asked, hits: Sequence[Scored], library: Library) -> list[str]:
    """The places that the question asks about, that the documents are not of and that the best hits do not name.

    Documents that are of no county of their own may well answer for any; not so for another nation.
    """
    named = library.home.union(*(places_in(scored.passage) for scored in hits[:BEST]))
    are_local = bool(library.home - WIDER)
    return sorted(place for place in asked.places_asked - named if are_local or place in OTHER_NATIONS)


def _related(belief: Belief) -> tuple[Notice, ...]:
    return (Notice(NoticeKind.RELATED, messages.RELATED),) if belief is Belief.RELATED else ()


def _told(statements: Sequence[Statement], events: Sequence[Event], on: date) -> tuple[Notice, ...]:
    """What happened outside to the documents that the quoted passages rest on, each event once."""
    flagged = (event for statement in statements for event in flags(statement.citation.passage, events, on))
    return tuple(Notice(NoticeKind.EVENT, event.told) for event in dict.fromkeys(flagged))


def _completed(
    library: Library,
    asked: Asked,
    hits: Sequence[Scored],
    statements: tuple[Statement, ...],
    notices: tuple[Notice, ...],
    on: date,
) -> tuple[tuple[Statement, ...], tuple[Notice, ...]]:
    """The statements with what a second part of the question wants and with a text that differs, and their notices."""
    for _, sort in unanswered(asked.asks, [statement.citation.quote for statement in statements]):
        more = holding(hits, sort, on)
        if more:
            statements = with_statement(statements, more, len(statements[: MAX_STATEMENTS - 1]))
    first = best_unit(hits)
    differs = difference(library, hits, first, on) if first else None
    if differs:
        statements = with_statement(statements, statement_of(*differs.other, on), 1)
        titles = (differs.one[0].passage.edition.document.title, differs.other[0].passage.edition.document.title)
        notices = (*notices, Notice(NoticeKind.DIFFER, messages.differ(differs.measure, differs.amounts, titles)))
    left = unanswered(asked.asks, [statement.citation.quote for statement in statements])
    missing = (Notice(NoticeKind.NOT_FOUND_PART, messages.part_not_found(part)) for part, _ in left)
    return statements, (*notices, *missing)


def _reading_notices(question: str, asked: Asked, other_places: Sequence[str]) -> tuple[Notice, ...]:
    """What was read otherwise than it was written: cut short, mended, spelt out, or about another place."""
    notices = []
    if len(question) > MAX_QUESTION:
        notices.append(Notice(NoticeKind.SHORTENED, messages.shortened(MAX_QUESTION)))
    if asked.mends:
        notices.append(
            Notice(NoticeKind.READ_AS, messages.mended([(mend.written, mend.taken) for mend in asked.mends]))
        )
    # That "health visitor" is also written HV tells nobody anything.
    told = (each for each in asked.expansions if not each.goes_without_saying and not each.means[0].isupper())
    spelt = [(each.found, each.means[0]) for each in told]
    if spelt and len(asked.meanings) > 1:
        notices.append(Notice(NoticeKind.READ_AS, messages.spelt_out(spelt)))
    if other_places:
        notices.append(Notice(NoticeKind.ELSEWHERE, messages.elsewhere(other_places)))
    return tuple(notices)


def _notices(
    outcome: Outcome, statements: Sequence[Statement], hits: Sequence[Scored], on: date, library: Library
) -> tuple[Notice, ...]:
    if statements:
        named = [statement for statement in statements if statement.status in _TO_BE_NAMED]
        named.sort(key=lambda statement: _TO_BE_NAMED.index(statement.status))
        grouped = groupby(named, key=lambda statement: statement.status)
        return tuple(
            Notice(
                NoticeKind.STATUS,
                messages.status_notice(state, [statement.citation.passage.edition.document for statement in group]),
            )
            for state, group in grouped
        )
    first = ""
    if outcome is Outcome.ONLY_SUPERSEDED:
        titles = {edition.document.id: edition.document.title for edition in library.editions}
        first = messages.only_superseded([scored.passage.edition for scored in hits[:3]], on, titles)
    trails = dict.fromkeys(
        " › ".join((scored.passage.edition.document.title, *scored.passage.headings)) for scored in hits[:6]
    )
    found = ((NoticeKind.STATUS, first), (NoticeKind.NEAREST, messages.nearest(list(trails)[:3]) if trails else ""))
    return tuple(Notice(kind, text) for kind, text in found if text)
