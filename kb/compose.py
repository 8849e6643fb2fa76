"""From passages to statements: which units answer, and what has to be quoted with them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kb.answers import Statement
from kb.documents import Citation, ElementKind, Passage, Slice, Unit
from kb.kinds import Wanted, held_in
from kb.retrieve import FULL, Scored

MAX_STATEMENTS = 3
MAX_QUOTE = 700
"""Characters of a list that is quoted whole; of a longer one, the item that answers and the lead-in."""

READABLE = 450
"""Characters up to which a quote takes in what stands around the sentence that answers: a short paragraph. A sentence
alone is easily misread; more than this is not read by someone with a child in the waiting room."""

FROM_PASSAGES = 12
"""Only the best passages are quoted from, however well a single sentence elsewhere sounds."""

_WORTH_SHOWING = 0.65
_EXCEPTION = re.compile(
    r"(?:However|But|Except|Unless|Although|Nevertheless|Exceptions?|(?:This|It) does not|They do not|Do not|Only)\b"
)
_LEANS_BACK = re.compile(
    r"(?:It|They|This|These|Those|That|He|She|Such|Also|In addition|Then|However|But|Therefore|The latter|Its|Their)\b"
)


@dataclass(frozen=True)
class Candidate:
    """A unit of a hit, by its number, and how well it answers beside the others."""

    scored: Scored
    number: int
    value: float


def best_unit(hits: Sequence[Scored]) -> tuple[Scored, int] | None:
    """The passage and the number of its unit that answer first; None without hits."""
    best = ranked(hits)[:1]
    return (best[0].scored, best[0].number) if best else None


def holding(hits: Sequence[Scored], sort: Wanted, as_of: date) -> Statement | None:
    """The best statement whose sentence holds that sort of answer, if it is nearly as good as the best of all."""
    candidates = ranked(hits)
    for candidate in candidates:
        if candidate.value < _WORTH_SHOWING * candidates[0].value:
            break
        statement = statement_of(candidate.scored, candidate.number, as_of)
        if statement.key and sort in held_in(statement.key.text):
            return statement
    return None


def statement_of(scored: Scored, number: int, as_of: date) -> Statement:
    """The statement in which the passage's unit of that number answers."""
    return _statement(scored.passage, number, as_of)


def compose(hits: Sequence[Scored], as_of: date) -> tuple[Statement, ...]:
    """At most MAX_STATEMENTS statements, best first, none overlapping another; () without hits."""
    candidates = ranked(hits)
    statements: list[Statement] = []
    for candidate in candidates:
        if len(statements) == MAX_STATEMENTS or candidate.value < _WORTH_SHOWING * candidates[0].value:
            break
        statement = _statement(candidate.scored.passage, candidate.number, as_of)
        if not any(_repeats(statement, shown) for shown in statements):
            statements.append(statement)
    return tuple(statements)


def with_statement(statements: Sequence[Statement], more: Statement, place: int) -> tuple[Statement, ...]:
    """The statements with one more at that place, at most MAX_STATEMENTS; as they are where one shows it already."""
    if any(_repeats(more, shown) for shown in statements):
        return tuple(statements)
    return (*statements[:place], more, *statements[place:])[:MAX_STATEMENTS]


def ranked(hits: Sequence[Scored]) -> list[Candidate]:
    """The units that may be quoted, of the first FROM_PASSAGES hits, best first."""
    return sorted(_candidates(hits), key=lambda candidate: -candidate.value)


def _candidates(hits: Sequence[Scored]) -> Iterator[Candidate]:
    for scored in hits[:FROM_PASSAGES]:
        for number, score in enumerate(scored.units):
            if not scored.passage.has_as_header(scored.passage.units[number]):
                yield Candidate(scored, number, score + FULL * scored.score)


def _statement(passage: Passage, number: int, as_of: date) -> Statement:
    unit = passage.units[number]
    start, end, lead = _grown(passage, number)
    start, end = _readable(passage, start, end)
    if lead is None or start <= lead.start:  # there is none, or it has come into the quote itself
        lead = _lead_before(passage, start)
    key = Slice(unit.start, unit.end, passage.slice(unit.start, unit.end))
    return Statement(Citation(passage, start, end), passage.edition.status_on(as_of), lead, key)


def _lead_before(passage: Passage, start: int) -> Slice | None:
    """The lead-in of what a quote begins with, where it stands before the quote."""
    lead = next((unit.lead for unit in passage.units if unit.start >= start), None)
    return lead if lead and lead.start < start else None


def _readable(passage: Passage, start: int, end: int) -> tuple[int, int]:
    """The span with what follows and comes before it, as much as READABLE holds.

    A list that is begun comes whole, which may be past READABLE but not past MAX_QUOTE, or else not at all.
    """
    own = {unit.lead for unit in passage.units if start <= unit.start < end}
    before = _blocks([unit for unit in passage.units if unit.end <= start], own)
    after = _blocks([unit for unit in passage.units if unit.start >= end], own)
    grows = True
    while grows:
        grows = False
        if after and after[0][0].end - start <= READABLE and after[0][-1].end - start <= MAX_QUOTE:
            end, grows = after.pop(0)[-1].end, True
        if before and end - before[-1][-1].start <= READABLE and end - before[-1][0].start <= MAX_QUOTE:
            start, grows = before.pop()[0].start, True
    return start, end


def _blocks(units: Sequence[Unit], own: Container[Slice | None]) -> list[list[Unit]]:
    """The units one by one, a lead-in together with all that it leads in to; those led in to by one of `own` alone."""
    blocks: list[list[Unit]] = []
    for unit in units:
        lead = None if unit.lead in own else unit.lead
        if lead and blocks and (blocks[-1][-1].lead == lead or blocks[-1][0].start <= lead.start < blocks[-1][0].end):
            blocks[-1].append(unit)
        else:
            blocks.append([unit])
    return blocks


def _grown(passage: Passage, number: int) -> tuple[int, int, Slice | None]:
    """The unit's span with all that must be read with it, and the lead-in where that stands apart."""
    unit = passage.units[number]
    if unit.kind is ElementKind.ROW:
        return unit.start, unit.end, unit.lead
    items = _items_led_by(passage, number)
    if items:
        return unit.start, _end_of_list(unit.start, items), None
    if unit.kind is ElementKind.ITEM:
        return _item(passage, unit)
    first, last = number, number
    if first and _LEANS_BACK.match(passage.slice(unit.start, unit.end)) and _same_paragraph(passage, first - 1, first):
        first -= 1
    while last + 1 < len(passage.units) and _is_exception(passage, last, last + 1):
        last += 1
    return passage.units[first].start, passage.units[last].end, None


def _items_led_by(passage: Passage, number: int) -> list[Unit]:
    """The units that the unit leads in to."""
    unit = passage.units[number]
    return [
        other
        for other in passage.units[number + 1 :]
        if other.lead and unit.start <= other.lead.start and other.lead.end <= unit.end
    ]


def _item(passage: Passage, unit: Unit) -> tuple[int, int, Slice | None]:
    """The whole list with its lead-in where it is short, else the item alone and its lead-in apart."""
    lead = unit.lead
    if lead is None:
        return unit.start, unit.end, None
    last = max(other.end for other in passage.units if other.lead == lead)
    if lead.start >= passage.start and last - lead.start <= MAX_QUOTE:
        return lead.start, last, None
    return unit.start, unit.end, lead


def _end_of_list(start: int, items: Sequence[Unit]) -> int:
    """Where the list ends, or its last item that fits MAX_QUOTE; the first item always comes along."""
    fitting = [item.end for item in items if item.end - start <= MAX_QUOTE]
    return fitting[-1] if fitting else items[0].end


def _same_paragraph(passage: Passage, first: int, second: int) -> bool:
    """Whether two neighbouring units are sentences of one paragraph: elements are parted by line breaks."""
    return "\n" not in passage.slice(passage.units[first].end, passage.units[second].start)


def _is_exception(passage: Passage, number: int, following: int) -> bool:
    unit = passage.units[following]
    return (
        unit.kind is ElementKind.PARAGRAPH
        and bool(_EXCEPTION.match(passage.slice(unit.start, unit.end)))
        and passage.units[number].kind is ElementKind.PARAGRAPH
    )


def _repeats(one: Statement, other: Statement) -> bool:
    first, second = one.citation, other.citation
    if first.passage.edition.id == second.passage.edition.id:
        return first.start < second.end and second.start < first.end
    return _plain(first.quote) == _plain(second.quote)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.lower()).strip()
