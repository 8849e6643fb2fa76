"""A Word document's body as blocks, numbered and worded as Word shows its final version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from ingest.blocks import Block, Loaded, Progress
from ingest.clean import clean_text
from ingest.loaders.numbering import integer, typed_marker
from ingest.loaders.rows import row_blocks
from ingest.loaders.word_numbering import Numbering, read_numbering, value_of
from ingest.loaders.word_package import open_word
from ingest.loaders.word_styles import Styles, is_on, outline_level
from ingest.loaders.word_text import Line, read_line
from kb.documents import ElementKind
from kb.errors import NotReadable

_WRAPPERS = frozenset(qn(name) for name in ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:customXml", "w:smartTag"))
_NOTE_PARTS = {"footnote": RELATIONSHIP_TYPE.FOOTNOTES, "endnote": RELATIONSHIP_TYPE.ENDNOTES}
# What Word writes as a title when nobody has.
_NO_TITLE = re.compile(r"word document|document\d*|microsoft word\b.*|untitled|title|\w+\.docx?", re.I)
_MOST_COLUMNS = 100
_LONGEST_HEADING = 90


def load_word(path: Path, progress: Progress | None = None) -> Loaded:
    """The blocks of a .docx file; its title from a paragraph of style Title, else from the file's properties."""
    try:
        return _Reader(open_word(path)).read()
    except NotReadable:
        raise
    except Exception as error:  # a broken part can fail anywhere below; the batch goes on without the file
        fact = f"the Word file cannot be read ({clean_text(str(error))[:200] or type(error).__name__})"
        raise NotReadable(path.name, fact, "Open it in Word and save it again as .docx.") from error


class _Reader:
    """Reads one document: its styles, its running numbers and its notes are needed by every paragraph."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._styles = Styles(_related(document, RELATIONSHIP_TYPE.STYLES))
        numbering = _related(document, RELATIONSHIP_TYPE.NUMBERING)
        self._numbering: Numbering = read_numbering(numbering, self._styles.lists)
        self._notes = {kind: _notes(_related(document, part)) for kind, part in _NOTE_PARTS.items()}
        self._title: str | None = None
        # Text of a paragraph whose end was deleted with changes tracked: the next paragraph goes on with it.
        self._open_text = ""
        self._seen_heading = False
        # The texts of paragraphs wholly in bold: the headings of a document that has no heading styles.
        self._bold: set[str] = set()

    def read(self) -> Loaded:
        """The body's blocks in document order."""
        blocks = self._blocks(self._document.element.body)
        if last := clean_text(self._open_text):
            blocks.append(Block(ElementKind.PARAGRAPH, last))
        if not self._seen_heading:
            blocks = _with_bold_headings(blocks, self._bold)
        properties = self._document.core_properties
        stated = clean_text(properties.title or "")
        title = self._title or (stated if stated and not _NO_TITLE.fullmatch(stated) else None)
        first = next((block.text for block in blocks if block.kind is ElementKind.HEADING), None)
        return Loaded(tuple(blocks), title or first, clean_text(properties.version or "") or None)

    def _blocks(self, container: BaseOxmlElement) -> list[Block]:
        blocks: list[Block] = []
        for element in _content(container):
            if element.tag == qn("w:tbl"):
                blocks += self._table(element)
                continue
            line = read_line(element, self._styles)
            if block := self._paragraph(element, line):
                if line.bold and block.kind is ElementKind.PARAGRAPH:
                    self._bold.add(block.text)
                blocks.append(block)
            blocks += self._beside(line)
        return blocks

    def _beside(self, line: Line) -> Iterator[Block]:
        """The text boxes anchored in a paragraph, then its notes, each note one paragraph."""
        for box in line.boxes:
            yield from self._blocks(box)
        for kind, name in line.notes:
            if (note := self._notes[kind].get(name)) is not None:
                text = " ".join(read_line(each, self._styles).text for each in note.iter(qn("w:p")))
                yield Block(ElementKind.PARAGRAPH, clean_text(text))

    def _paragraph(self, element: BaseOxmlElement, line: Line) -> Block | None:
        """The paragraph as a heading, an item or a paragraph; None without text or in a table of contents."""
        style = value_of(element, "w:pPr/w:pStyle")
        raw = self._open_text + "".join(line.parts)
        if element.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None:
            self._open_text = raw
            return None
        self._open_text, text = "", clean_text(raw)
        # Before the look at the text: Word counts a numbered paragraph that is empty, too.
        marker, depth = self._marker(element, style)
        if not text or self._styles.is_contents(style):
            return None
        if level := self._heading_level(element, style):
            if not self._styles.is_title(style):
                self._seen_heading = True
            elif self._title is None:
                self._title = text
            return Block(ElementKind.HEADING, ("" if marker.startswith("•") else marker) + text, level)
        if not marker and not line.bold:
            marker, text = typed_marker(text)
        if marker:
            return Block(ElementKind.ITEM, marker + text, depth + 1)
        return Block(ElementKind.PARAGRAPH, text)

    def _heading_level(self, element: BaseOxmlElement, style: str | None) -> int:
        own = value_of(element, "w:pPr/w:outlineLvl")
        if own is not None and outline_level(integer(own, 9)):
            return outline_level(integer(own, 9))
        return self._styles.heading_level(style)

    def _marker(self, element: BaseOxmlElement, style: str | None) -> tuple[str, int]:
        """The marker that Word shows before the paragraph, '' for none, and its depth (0-based)."""
        list_id, depth = self._styles.numbering(style)
        own_list, own_depth = value_of(element, "w:pPr/w:numPr/w:numId"), value_of(element, "w:pPr/w:numPr/w:ilvl")
        list_id = own_list if own_list is not None else list_id
        depth = integer(own_depth, 0) if own_depth is not None else depth or 0
        depth = min(max(depth, 0), 8)
        return (self._numbering.marker(list_id, depth) if list_id else "", depth or self._styles.list_depth(style))

    def _table(self, table: BaseOxmlElement) -> list[Block]:
        """A table's rows; the content of a table that only frames or lays out text as if it stood free."""
        rows = [row for row in _inside(table, "w:tr") if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None]
        cells = [cell for row in rows for cell in _inside(row, "w:tc")]
        if max((len(_inside(row, "w:tc")) for row in rows), default=0) < 2 or _nests(cells):
            return [block for cell in cells if not _continues(cell) for block in self._blocks(cell)]
        lines: list[Line] = []
        grid = self._grid(rows, lines)
        notes = [block for line in lines for block in self._beside(line)]
        return [*row_blocks(grid, self._header_rows(table, rows)), *notes]

    def _grid(self, rows: Sequence[BaseOxmlElement], lines: list[Line]) -> list[list[str]]:
        """The cells' texts by row and column; `lines` takes up every line read, for its notes and boxes."""
        above: list[str] = []
        grid: list[list[str]] = []
        for row in rows:
            texts = [""] * min(integer(value_of(row, "w:trPr/w:gridBefore"), 0), _MOST_COLUMNS)
            for cell in _inside(row, "w:tc"):
                span = min(max(integer(value_of(cell, "w:tcPr/w:gridSpan"), 1), 1), _MOST_COLUMNS)
                at = len(texts)
                # A cell merged downwards belongs to each row that it spans, so that each row can be quoted alone.
                text = (above[at] if at < len(above) else "") if _continues(cell) else self._cell(cell, lines)
                texts += [text, *[""] * (span - 1)]
            grid.append(texts)
            above = texts
        return grid

    def _cell(self, cell: BaseOxmlElement, lines: list[Line]) -> str:
        texts: list[str] = []
        for paragraph in _content(cell):
            line = read_line(paragraph, self._styles)
            lines.append(line)
            if line.text:
                marker, _ = self._marker(paragraph, value_of(paragraph, "w:pPr/w:pStyle"))
                texts.append(marker + line.text)
        return " ".join(texts)

    def _header_rows(self, table: BaseOxmlElement, rows: Sequence[BaseOxmlElement]) -> int | None:
        """How many rows name the columns: those marked to repeat on each page, else a first row set apart by its look.

        None where neither says so; then the content decides.
        """
        marked = 0
        while marked < len(rows) and is_on(value_of(rows[marked], "w:trPr/w:tblHeader"), absent=_marks(rows[marked])):
            marked += 1
        if marked:
            return marked if marked < len(rows) else 1
        if len(rows) < 2:
            return None
        look = table.find(f"{qn('w:tblPr')}/{qn('w:tblLook')}")
        if (
            look is not None
            and _first_row_on(look)
            and self._styles.heads_tables(value_of(table, "w:tblPr/w:tblStyle"))
        ):
            return 1
        first, second = rows[:2]
        apart = (self._all_bold(first) and not self._all_bold(second)) or (_shaded(first) and not _shaded(second))
        return 1 if apart else None

    def _all_bold(self, row: BaseOxmlElement) -> bool:
        lines = [read_line(paragraph, self._styles) for paragraph in row.iter(qn("w:p"))]
        return all(line.bold for line in lines if line.text) and any(line.text for line in lines)


def _marks(row: BaseOxmlElement) -> bool:
    return row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None


def _first_row_on(look: BaseOxmlElement) -> bool:
    """Whether a table's look asks for a first row of its own: a switch, or in older files a bit of a number."""
    own = look.get(qn("w:firstRow"))
    if own is not None:
        return is_on(own)
    try:
        return bool(int(str(look.get(qn("w:val"))), 16) & 0x20)
    except ValueError:
        return False


def _shaded(row: BaseOxmlElement) -> bool:
    """Whether each cell of a row has a background colour of its own."""
    cells = _inside(row, "w:tc")
    shades = [cell.find(f"{qn('w:tcPr')}/{qn('w:shd')}") for cell in cells]
    fills = ["auto" if shade is None else str(shade.get(qn("w:fill"))).lower() for shade in shades]
    return bool(fills) and all(fill not in ("auto", "none", "ffffff") for fill in fills)


def _content(container: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The paragraphs and tables of a container in order, those in content controls and insertions among them."""
    for child in container:
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _content(child)


def _inside(container: BaseOxmlElement, name: str) -> list[BaseOxmlElement]:
    """The rows of a table or the cells of a row, through the same wrappers."""
    found: list[BaseOxmlElement] = []
    for child in container:
        if child.tag == qn(name):
            found.append(child)
        elif child.tag in _WRAPPERS:
            found += _inside(child, name)
    return found


def _continues(cell: BaseOxmlElement) -> bool:
    """Whether the cell is the lower part of one that began in a row above."""
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merged is not None and merged.get(qn("w:val")) != "restart"


def _nests(cells: Sequence[BaseOxmlElement]) -> bool:
    return any(element.tag == qn("w:tbl") for cell in cells for element in _content(cell))


def _related(document: Document, kind: str) -> BaseOxmlElement | None:
    """The root of a part that the document refers to; None where it has none."""
    for relation in document.part.rels.values():
        if relation.reltype == kind and not relation.is_external:
            part = relation.target_part
            root = getattr(part, "element", None)
            return root if root is not None else parse_xml(part.blob)
    return None


def _notes(root: BaseOxmlElement | None) -> dict[str, BaseOxmlElement]:
    """The notes of a part by their id, without the lines that divide them from the text."""
    notes = () if root is None else root
    return {str(note.get(qn("w:id"))): note for note in notes if note.get(qn("w:type")) in (None, "normal")}


def _with_bold_headings(blocks: Sequence[Block], bold: set[str]) -> list[Block]:
    """In a document without heading styles, short bold paragraphs that other text follows are its headings."""

    def heads(at: int) -> bool:
        block = blocks[at]
        short = (
            block.kind is ElementKind.PARAGRAPH and len(block.text) <= _LONGEST_HEADING and block.text[-1] not in ".,;:"
        )
        return block.text in bold and short and at + 1 < len(blocks)

    return [
        replace(block, kind=ElementKind.HEADING, level=2) if heads(at) else block for at, block in enumerate(blocks)
    ]
