"""What a paragraph is by its style and by the styles that its style is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from ingest.loaders.numbering import integer
from ingest.loaders.word_numbering import value_of

_HEADING = re.compile(r"heading\s*([1-9])", re.I)
_LIST = re.compile(r"list (?:bullet|number|continue) ([2-5])", re.I)
_BODY_TEXT = 9


@dataclass(frozen=True)
class Style:
    """One style's own statements; None where it leaves them to the style it is based on."""

    name: str
    based_on: str | None
    outline: int | None
    list_id: str | None
    depth: int | None
    hidden: bool | None
    bold: bool | None
    heads_tables: bool


class Styles:
    """The styles of a document, asked by a style's id; an unknown id, or None, states nothing."""

    def __init__(self, root: BaseOxmlElement | None) -> None:
        """The styles of styles.xml; of a document without one, none."""
        self._styles: dict[str, Style] = {}
        self._default: str | None = None
        for element in () if root is None else root.findall(qn("w:style")):
            name = str(element.get(qn("w:styleId")))
            self._styles[name] = _style(element)
            if element.get(qn("w:type")) == "paragraph" and is_on(element.get(qn("w:default")), absent=False):
                self._default = name

    @property
    def lists(self) -> dict[str, str]:
        """The list of each style that names one."""
        return {name: style.list_id for name, style in self._styles.items() if style.list_id}

    def _chain(self, style_id: str | None) -> Iterator[Style]:
        """The style, the one it is based on, and so on; a circle ends where it began."""
        seen: set[str] = set()
        name = style_id or self._default
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = self._styles[name].based_on

    def heading_level(self, style_id: str | None) -> int:
        """1 to 6 for a heading's or title's style, in any language and when derived; 0 for others."""
        for style in self._chain(style_id):
            if style.name.lower() == "title":
                return 1
            if style.outline is not None:
                return outline_level(style.outline)
            if found := _HEADING.fullmatch(style.name.strip()):
                return min(int(found[1]), 6)
        return 0

    def is_title(self, style_id: str | None) -> bool:
        """Whether the style is Title or is based on it."""
        return any(style.name.lower() == "title" for style in self._chain(style_id))

    def is_contents(self, style_id: str | None) -> bool:
        """Whether the style is that of a line in a table of contents or figures."""
        names = [style.name.lower() for style in self._chain(style_id)]
        return any(name.startswith(("toc ", "table of figures")) for name in names)

    def numbering(self, style_id: str | None) -> tuple[str | None, int | None]:
        """The list and depth (0-based) that the style gives its paragraphs; None where it names none."""
        list_id = next((style.list_id for style in self._chain(style_id) if style.list_id is not None), None)
        depth = next((style.depth for style in self._chain(style_id) if style.depth is not None), None)
        return list_id, depth

    def list_depth(self, style_id: str | None) -> int:
        """The depth (0-based) in the name of Word's own list styles: 1 for 'List Bullet 2', 0 for others."""
        names = (_LIST.fullmatch(style.name.strip()) for style in self._chain(style_id))
        return next((int(found[1]) - 1 for found in names if found), 0)

    def heads_tables(self, style_id: str | None) -> bool:
        """Whether a table's style sets its first row apart."""
        return any(style.heads_tables for style in self._chain(style_id))

    def hides(self, style_id: str | None) -> bool:
        """Whether the style's text is hidden."""
        return next((style.hidden for style in self._chain(style_id) if style.hidden is not None), False)

    def is_bold(self, style_id: str | None) -> bool:
        """Whether the style's text is bold."""
        return next((style.bold for style in self._chain(style_id) if style.bold is not None), False)


def is_on(value: object, absent: bool = True) -> bool:
    """What Word means by a switch's value; `absent` is what a switch without a value means."""
    return absent if value is None else str(value).lower() not in ("0", "false", "off", "none")


def outline_level(outline: int) -> int:
    """1 to 6 for Word's outline levels 0 to 8, 0 for body text."""
    return min(outline + 1, 6) if 0 <= outline < _BODY_TEXT else 0


def switch(properties: BaseOxmlElement | None, name: str) -> bool | None:
    """Whether run properties turn `name` on or off; None where they do not say."""
    found = None if properties is None else properties.find(qn(name))
    return None if found is None else is_on(found.get(qn("w:val")))


def _style(element: BaseOxmlElement) -> Style:
    outline = value_of(element, "w:pPr/w:outlineLvl")
    depth = value_of(element, "w:pPr/w:numPr/w:ilvl")
    return Style(
        value_of(element, "w:name") or "",
        value_of(element, "w:basedOn"),
        None if outline is None else integer(outline, _BODY_TEXT),
        value_of(element, "w:pPr/w:numPr/w:numId"),
        None if depth is None else integer(depth, 0),
        switch(element.find(qn("w:rPr")), "w:vanish"),
        switch(element.find(qn("w:rPr")), "w:b"),
        any(part.get(qn("w:type")) == "firstRow" for part in element.findall(qn("w:tblStylePr"))),
    )
