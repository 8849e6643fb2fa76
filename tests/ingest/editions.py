"""Editions made of blocks or Markdown, to compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.blocks import Block
from ingest.changes import DocumentChange, EditionText, Label
from ingest.clean import clean_text
from ingest.diff import compare_editions
from ingest.loaders import load
from ingest.split import compose_text
from kb.documents import Document, Edition, ElementKind

EDITION = Edition("fostering@1", Document("fostering", "Private fostering"), "2013", "fostering.pdf", "0" * 64)


def of_blocks(blocks: Sequence[Block]) -> EditionText:
    content = compose_text(blocks)
    return EditionText(EDITION, content.text, content.elements)


def of_markdown(folder: Path, text: str) -> EditionText:
    """The edition that a Markdown file of this text gives."""
    path = folder / "text.md"
    path.write_text(text, encoding="utf-8")
    return of_file(path)


def of_file(path: Path) -> EditionText:
    return of_blocks(load(path).blocks)


def paragraphs(*texts: str) -> EditionText:
    """Paragraphs, those that begin with # under headings; list items begin with '• ', '- ' or '(a) '."""
    blocks = []
    for text in texts:
        marks = len(text) - len(text.lstrip("#"))
        kind = ElementKind.ITEM if text.startswith(("• ", "- ", "(a) ", "(b) ")) else ElementKind.PARAGRAPH
        kind = ElementKind.ROW if " | " in text else kind
        kind = ElementKind.HEADING if marks else kind
        level = marks or int(kind is ElementKind.ITEM)
        blocks.append(Block(kind, clean_text(text[marks:]), level))
    return of_blocks(blocks)


def labels(change: DocumentChange) -> list[tuple[str, tuple[Label, ...]]]:
    """(heading, labels) of each section to which something happened, in order."""
    return [(section.place.heading, section.labels) for section in change.sections if section.labels]


def material(change: DocumentChange) -> list[tuple[str, str | None, str | None]]:
    return [(str(each.kind), each.old, each.new) for each in change.material]


def told(before: Iterable[str], after: Iterable[str]) -> DocumentChange:
    """What differs between two texts of paragraphs."""
    return compare_editions(paragraphs(*before), paragraphs(*after))


def relabelled(edition: EditionText, **known: object) -> EditionText:
    return replace(edition, edition=replace(edition.edition, **known))  # type: ignore[arg-type]
