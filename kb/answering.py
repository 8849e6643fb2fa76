"""From what was found to an answer: what is quoted, what must be said beside it, or why there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from kb import messages
from kb.answers import Answer, Notice, NoticeKind, Outcome, Statement
from kb.check import exact_only
from kb.compose import compose
from kb.confidence import Belief, believed
from kb.documents import Status
from kb.library import Library
from kb.question import MAX_QUESTION, Asked
from kb.retrieve import Scored, find

MAX_KEPT = 10
CITABLE = frozenset({Status.IN_FORCE, Status.REVIEW_OVERDUE, Status.HISTORICAL, Status.UNDATED})
_TO_BE_NAMED = (Status.SUPERSEDED, Status.WITHDRAWN, Status.UNDATED, Status.HISTORICAL, Status.REVIEW_OVERDUE)


def answer(library: Library, question: str, asked: Asked, on: date) -> Answer:
    """The answer of a generation to a question as it was read, from the editions citable on the day `on`."""
    citable = frozenset(edition.id for edition in library.editions if edition.status_on(on) in CITABLE)
    hits = find(library, asked, citable)
    belief = believed(asked, hits, library.passage_words)
    notices = _reading_notices(question, asked)
    statements: tuple[Statement, ...] = ()
    outcome, shown = Outcome.NOT_FOUND, hits
    if belief is not Belief.NOTHING:
        composed = compose(hits, on)
        statements = exact_only(composed, library.texts)
        if len(statements) < len(composed):
            notices = (*notices, Notice(NoticeKind.WITHHELD, messages.WITHHELD))
        if statements:
            outcome = Outcome.ANSWERED if belief is Belief.ANSWERS else Outcome.PARTIAL
    else:
        others = find(library, asked, frozenset(edition.id for edition in library.editions) - citable)
        if believed(asked, others, library.passage_words) is Belief.ANSWERS:
            outcome, shown = Outcome.ONLY_SUPERSEDED, others
    return Answer(
        question=question,
        outcome=outcome,
        as_of=on,
        generation=library.generation,
        statements=statements,
        notices=(*notices, *_notices(outcome, statements, shown, on, library)),
        kept=tuple(scored.hit for scored in hits[:MAX_KEPT]),
        rejected=tuple(scored.hit for scored in hits[MAX_KEPT:]),
    )


def _reading_notices(question: str, asked: Asked) -> tuple[Notice, ...]:
    """What was read otherwise than it was written: cut short, mended, or spelt out."""
    notices = []
    if len(question) > MAX_QUESTION:
        notices.append(Notice(NoticeKind.SHORTENED, messages.shortened(MAX_QUESTION)))
    if asked.mends:
        notices.append(
            Notice(NoticeKind.READ_AS, messages.mended([(mend.written, mend.taken) for mend in asked.mends]))
        )
    spelt = [(expansion.found, expansion.means[0]) for expansion in asked.expansions]
    if spelt and len(asked.meanings) > 1:
        notices.append(Notice(NoticeKind.READ_AS, messages.spelt_out(spelt)))
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
