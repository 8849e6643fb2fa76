"""Lessons: a question with units of text, of which those are marked that answer it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from pathlib import Path

from ingest.blocks import Block
from ingest.split import compose_text, split
from kb.answering import citable_on
from kb.ask import KnowledgeBase
from kb.compose import ranked
from kb.documents import Document, Edition, ElementKind, Passage, Unit
from kb.entries import read_text
from kb.library import Library
from kb.reader import QUESTION
from kb.retrieve import find

LESSON, UNREAD = "lesson", "unread"
"""Splits of a question file: what the reader is taught by, and what it is not."""

FOUND = 20
"""Units of a search that a lesson takes, the best so far."""


@dataclass(frozen=True)
class Shown:
    """One text of a lesson: whether it answers, and the score that it had before it was read (None if it had none)."""

    text: str
    answers: bool
    score: float | None


@dataclass(frozen=True)
class Lesson:
    """A question, and the texts shown with it, most misleading first."""

    question: str
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class Line:
    """One line of a lesson file: a question about the document of that name.

    `start` and `end` count letters and digits of the document: where it answers the question, or, of a question that it
    only seems to answer, the passage that seems to. Without them nothing in the whole collection answers.
    """

    doc: str | None
    question: str
    answerable: bool
    start: int | None = None
    end: int | None = None


def read_lines(file: Path, split: str) -> list[Line]:
    """The lines of a JSON lines file that are of that split, LESSON where they name none."""
    given = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    names = [field.name for field in fields(Line)]
    return [Line(**{name: each.get(name) for name in names}) for each in given if each.get("split", LESSON) == split]


def letters(text: str) -> str:
    """Its letters and digits alone, in lower case: what a position in a document counts."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def searched(base: KnowledgeBase, lines: Sequence[Line], on: date) -> Iterator[Lesson]:
    """The lessons of lines about the documents of a knowledge base, with what a search finds beside what answers."""
    library = base.library()
    numbers = {edition.document.id: edition.id for edition in library.editions}
    for line in lines:
        where = _where(library, numbers.get(_name(line.doc), ""), line)
        asked = base.read(line.question, library)
        hits = find(library, asked, citable_on(library, on))
        values = {(each.scored.passage, each.number): each.value for each in ranked(hits)}
        in_passage = [(passage, number) for passage in where for number in range(len(passage.units))]
        if line.start is None or line.answerable:
            places = list(dict.fromkeys([*list(values)[:FOUND], *in_passage]))
        else:  # another passage may well answer it
            places = sorted(in_passage, key=lambda place: -values.get(place, 0.0))
        marked = partial(_answers, library, line)
        shown = (Shown(read_text(p, p.units[n]), marked(p, p.units[n]), values.get((p, n))) for p, n in places)
        yield Lesson(asked.spelt.text[-QUESTION:], tuple(shown))


def _name(doc: str | None) -> str:
    """The document's own: a question file names its file."""
    return (doc or "").removesuffix(".html")


def _where(library: Library, edition: str, line: Line) -> list[Passage]:
    """The passages in which the line's span begins or ends."""
    if line.start is None or line.end is None:
        return []
    found = []
    for passage in library.passages:
        if passage.edition.id == edition:
            start, end = _counted(library, passage.edition.id, passage.start, passage.end)
            if start < line.end and line.start < end:
                found.append(passage)
    return found


def _answers(library: Library, line: Line, passage: Passage, unit: Unit) -> bool:
    if not line.answerable or line.start is None or line.end is None or passage.edition.document.id != _name(line.doc):
        return False
    start, end = _counted(library, passage.edition.id, unit.start, unit.end)
    return start < line.end and line.start < end


def _counted(library: Library, edition: str, start: int, end: int) -> tuple[int, int]:
    text = library.texts[edition]
    before = len(letters(text[:start]))
    return before, before + len(letters(text[start:end]))


def written(folder: Path) -> Iterator[Lesson]:
    """The lessons on the texts that were written for them: `texts.txt` and `lines.jsonl` of the folder."""
    texts = {name: list(passages) for name, passages in _texts((folder / "texts.txt").read_text(encoding="utf-8"))}
    for line in (folder / "lines.jsonl").read_text(encoding="utf-8").splitlines():
        given = json.loads(line)
        wanted, answer = _words(given["question"]), letters(given["answer"] or "")
        units = [(passage, unit) for passage in texts[given["text"]] for unit in passage.units]
        shown = [Shown(read_text(*place), bool(answer) and _says(*place, answer), None) for place in units]
        shown.sort(key=lambda each: -len(wanted & _words(each.text)))
        yield Lesson(given["question"][-QUESTION:], tuple(shown))


def _says(passage: Passage, unit: Unit, answer: str) -> bool:
    own = letters(passage.slice(unit.start, unit.end))
    return answer in letters(read_text(passage, unit)) or (len(own) > 15 and own in answer)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{4,}", text.lower()))


def _texts(written: str) -> Iterator[tuple[str, Sequence[Passage]]]:
    """Each text by its name: "### name | title › heading", then lines; "• " is an item, " | " parts cells."""
    for block in re.split(r"(?m)^### ", written)[1:]:
        head, _, body = block.partition("\n")
        name, _, trail = (part.strip() for part in head.partition("|"))
        title, *headings = (part.strip() for part in trail.split("›"))
        blocks = [Block(ElementKind.HEADING, heading) for heading in headings[-1:] if heading]
        blocks += [_block(line.strip()) for line in body.splitlines() if line.strip()]
        edition = Edition(f"{name}@1", Document(name, title), "", f"{name}.txt", "0" * 64)
        yield name, split(edition, compose_text(blocks))


def _block(line: str) -> Block:
    if line.startswith("•"):
        return Block(ElementKind.ITEM, line.removeprefix("•").strip())
    return Block(ElementKind.ROW if " | " in line else ElementKind.PARAGRAPH, line)
