"""Two texts in force that say the same but for a number or a duty: shown side by side, never merged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kb.documents import Status, Unit
from kb.library import Library
from kb.retrieve import Scored

LOOKED_AT = 8
"""Passages compared with each other: those that a reader could be shown."""

ALIKE = 0.75
"""Cosine similarity from which two sentences are about the same rule; lower ones differ in subject, not in number."""

_SMALL = {
    w: n
    for n, w in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1
    )
}
_AMOUNT = re.compile(
    rf"\b(\d[\d,]*|{'|'.join(_SMALL)})\s+((?:working |calendar |school )?(?:minute|hour|day|week|month|year)s?)\b", re.I
)


@dataclass(frozen=True)
class Difference:
    """Two units (passage, number of the unit) that give other amounts of one measure: '15' and '10' working days."""

    one: tuple[Scored, int]
    other: tuple[Scored, int]
    measure: str
    amounts: tuple[str, str]


def difference(library: Library, hits: Sequence[Scored], first: tuple[Scored, int], on: date) -> Difference | None:
    """The first unit in force of another document that says what `first` says with another amount, or None.

    Only in force against in force: that an old text said otherwise is no conflict, and its status says so.
    """
    scored, number = first
    unit = scored.passage.units[number]
    said = amounts(scored.passage.slice(unit.start, unit.end))
    if not said:
        return None
    vector = library.vector_of(scored.passage, number)
    for hit in hits[:LOOKED_AT]:
        editions = (scored.passage.edition, hit.passage.edition)
        is_same = editions[0].document.id == editions[1].document.id
        if is_same or not both_in_force(editions[0].status_on(on), editions[1].status_on(on)):
            continue
        for place, other in enumerate(hit.passage.units):
            measure = _other_amount(said, hit, other)
            if measure and float(vector @ library.vector_of(hit.passage, place)) >= ALIKE:
                found = amounts(hit.passage.slice(other.start, other.end))[measure]
                return Difference(first, (hit, place), measure, (said[measure], found))
    return None


def amounts(sentence: str) -> dict[str, str]:
    """Measure → amount, of each measure that a sentence names once: {'working day': '15'}."""
    found: dict[str, set[str]] = {}
    for amount, measure in _AMOUNT.findall(sentence):
        plain = amount.lower().replace(",", "")
        found.setdefault(measure.lower().rstrip("s"), set()).add(str(_SMALL.get(plain, plain)))
    return {measure: each.pop() for measure, each in found.items() if len(each) == 1}


def _other_amount(said: dict[str, str], hit: Scored, unit: Unit) -> str | None:
    found = amounts(hit.passage.slice(unit.start, unit.end))
    return next((measure for measure in said if measure in found and found[measure] != said[measure]), None)


def both_in_force(one: Status, other: Status) -> bool:
    """Whether both texts are to be followed now, even if one is past its review date."""
    return {one, other} <= {Status.IN_FORCE, Status.REVIEW_OVERDUE}
