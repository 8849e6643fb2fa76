"""What is embedded and looked up by words: each passage whole, and each of its units, with what they stand under."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from kb.documents import Passage, Unit


@dataclass(frozen=True)
class Entry:
    """One embedded text: characters `start` to `end` of the edition's text, of a whole passage or one unit of it."""

    passage: str
    start: int
    end: int
    digest: str


def passage_text(passage: Passage) -> str:
    """What the model reads for a whole passage: the document's title, the heading trail, the lead-in, the text."""
    trail = " › ".join((passage.edition.document.title, *passage.headings))
    return "\n".join(part for part in (trail, passage.lead.text if passage.lead else "", passage.text) if part)


def unit_text(passage: Passage, unit: Unit) -> str:
    """What the model reads for one unit: its lead-in or table header, and the unit.

    Title and headings are left to the whole passage: beside one sentence they outweigh it.
    """
    return "\n".join((*((unit.lead.text,) if unit.lead else ()), passage.slice(unit.start, unit.end)))


def unit_words(passage: Passage, unit: Unit) -> str:
    """What one unit is found by in words: the title, the nearest heading, the lead-in, the unit."""
    return "\n".join((passage.edition.document.title, *passage.headings[-1:], unit_text(passage, unit)))


def read_text(passage: Passage, unit: Unit) -> str:
    """What is read together with a question: the nearest heading, or else the title, and what stands for the unit."""
    return f"{[passage.edition.document.title, *passage.headings][-1]}: {unit_text(passage, unit)}"


def texts(passage: Passage) -> list[tuple[int, int, str]]:
    """(start, end, what the model reads) of the passage and, where it has several, of each of its units."""
    whole = (passage.start, passage.end, passage_text(passage))
    if len(passage.units) < 2:
        return [whole]
    return [whole, *((unit.start, unit.end, unit_text(passage, unit)) for unit in passage.units)]


def digest(text: str) -> str:
    """32 hexadecimal digits that stand for a text that the model reads."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
