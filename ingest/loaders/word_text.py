"""The visible text of a Word paragraph: what was inserted, nothing that was deleted, hidden or remarked on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from ingest.clean import clean_text
from ingest.loaders.word_numbering import value_of
from ingest.loaders.word_styles import Styles, switch

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DELETED = frozenset(qn(name) for name in ("w:del", "w:moveFrom", "w:rPr", "w:pPr", "w:sdtPr", "w:sdtEndPr", "w:tbl"))
_SPACES = frozenset(qn(name) for name in ("w:tab", "w:br", "w:cr", "w:ptab"))
_NOTES = {qn("w:footnoteReference"): "footnote", qn("w:endnoteReference"): "endnote"}
_DRAWINGS = frozenset((qn("w:drawing"), qn("w:pict"), qn("w:object"), f"{_MC}AlternateContent"))
# The characters of Symbol and Wingdings stand in this private range, sometimes written without it.
_SYMBOL_FONTS = ("symbol", "wingdings", "webdings")
_PRIVATE = 0xF000


@dataclass
class Line:
    """A paragraph's text with the notes that it refers to, as (kind, id), and the text boxes anchored in it."""

    parts: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[BaseOxmlElement] = field(default_factory=list)
    bold: bool = True

    @property
    def text(self) -> str:
        """The whole text, cleaned."""
        return clean_text("".join(self.parts))


def read_line(paragraph: BaseOxmlElement, styles: Styles) -> Line:
    """What a reader of the final document sees of the paragraph."""
    line = Line()
    style_bold = styles.is_bold(value_of(paragraph, "w:pPr/w:pStyle"))
    style_hidden = styles.hides(value_of(paragraph, "w:pPr/w:pStyle"))
    for run in _runs(paragraph):
        properties = run.find(qn("w:rPr"))
        style = value_of(run, "w:rPr/w:rStyle")
        hidden = switch(properties, "w:vanish")
        if hidden or (hidden is None and (style_hidden or (style is not None and styles.hides(style)))):
            continue
        before = len(line.parts)
        for element in run:
            _take(element, line)
        bold = switch(properties, "w:b")
        shown = "".join(line.parts[before:]).strip()
        if shown and not (bold or (bold is None and (style_bold or (style is not None and styles.is_bold(style))))):
            line.bold = False
    return line


def _runs(element: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The runs of a paragraph in order, those in links, insertions, fields and content controls among them."""
    for child in element:
        if child.tag in (qn("w:r"), f"{_MATHS}r"):
            yield child
        elif isinstance(child.tag, str) and child.tag not in _DELETED:
            yield from _runs(child)


def _take(element: BaseOxmlElement, line: Line) -> None:
    tag = element.tag
    if tag in (qn("w:t"), f"{_MATHS}t"):
        line.parts.append(str(element.text or ""))
    elif tag in _SPACES:
        line.parts.append(" ")
    elif tag == qn("w:noBreakHyphen"):
        line.parts.append("-")
    elif tag == qn("w:sym"):
        line.parts.append(_symbol(element))
    elif tag in _NOTES:
        line.notes.append((_NOTES[tag], str(element.get(qn("w:id")))))
    elif tag in _DRAWINGS:
        line.boxes += _boxes(element)


def _symbol(element: BaseOxmlElement) -> str:
    try:
        code = int(str(element.get(qn("w:char"))), 16)
    except ValueError:
        return ""
    font = str(element.get(qn("w:font"))).lower()
    if code < _PRIVATE and font.startswith(_SYMBOL_FONTS):
        code += _PRIVATE
    return chr(code) if 0 < code < 0x110000 else ""


def _boxes(element: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The outermost text boxes of a drawing; of two versions of it the first that has any."""
    if element.tag == qn("w:txbxContent"):
        yield element
        return
    for child in element:
        found = list(_boxes(child)) if isinstance(child.tag, str) else []
        yield from found
        if found and child.tag == f"{_MC}Choice":
            return
