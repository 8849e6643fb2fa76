"""The numbers and bullets that Word shows before paragraphs, counted as Word counts them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from ingest.loaders.numbering import BULLET, integer, numeral

_KINDS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_DEEPEST = 8


def value_of(element: BaseOxmlElement | None, path: str) -> str | None:
    """The w:val of the element found at `path` ('w:pPr/w:ilvl'), None where it is not there."""
    found = None if element is None else element.find("/".join(qn(step) for step in path.split("/")))
    value = None if found is None else found.get(qn("w:val"))
    return None if value is None else str(value)


@dataclass(frozen=True)
class Level:
    """How one level of a list is numbered: `text` is Word's pattern, '%1.%2.' or a bullet."""

    start: int = 1
    form: str = "decimal"
    text: str = "%1."
    legal: bool = False


@dataclass
class Numbering:
    """Word's lists with the counters of those seen so far; call `marker` for each numbered paragraph in order."""

    levels: Mapping[str, Mapping[int, Level]]
    lists: Mapping[str, str]
    restarts: Mapping[str, Mapping[int, int]]
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def marker(self, list_id: str, depth: int) -> str:
        """The marker of the next paragraph of a list at a depth (0-based), with a space; '' where none is shown."""
        abstract = self.lists.get(list_id)
        if abstract is None:
            return ""
        levels = self.levels.get(abstract, {})
        level = levels.get(depth, Level())
        counters = self._counters.setdefault(abstract, {})
        self._restart(list_id, counters)
        counters[depth] = counters.get(depth, level.start - 1) + 1
        for deeper in [at for at in counters if at > depth]:
            del counters[deeper]
        if level.form == "bullet":
            return BULLET
        return self._shown(level, levels, counters)

    def _restart(self, list_id: str, counters: dict[int, int]) -> None:
        """A list that says where it starts again does so at its first paragraph."""
        if list_id in self._begun:
            return
        self._begun.add(list_id)
        for depth, start in self.restarts.get(list_id, {}).items():
            counters[depth] = start - 1

    def _shown(self, level: Level, levels: Mapping[int, Level], counters: Mapping[int, int]) -> str:
        def number(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            of = levels.get(at, Level())
            return _written(counters.get(at, of.start), "decimal" if level.legal else of.form)

        text = re.sub(r"%([1-9])", number, level.text).strip()
        return f"{text} " if text and level.form != "none" else ""


def _written(number: int, form: str) -> str:
    """`number` in one of Word's number formats; those of other languages as digits."""
    if form == "decimalZero":
        return f"{number:02d}"
    if form in ("lowerLetter", "upperLetter") and number > 26:
        # After z Word writes aa, bb, cc.
        repeats, at = divmod(number - 1, 26)
        return numeral(at + 1, _KINDS[form]) * min(repeats + 1, 40)
    return numeral(number, _KINDS.get(form, "1"))


def read_numbering(root: BaseOxmlElement | None, style_lists: Mapping[str, str]) -> Numbering:
    """The lists of numbering.xml; `style_lists` gives the list of each numbering style by its id."""
    levels: dict[str, dict[int, Level]] = {}
    lists: dict[str, str] = {}
    restarts: dict[str, dict[int, int]] = {}
    links: dict[str, str] = {}
    for element in () if root is None else root:
        if element.tag == qn("w:abstractNum"):
            name = str(element.get(qn("w:abstractNumId")))
            levels[name] = {_depth(level): _level(level) for level in element.findall(qn("w:lvl"))}
            if style := value_of(element, "w:numStyleLink"):
                links[name] = style
        elif element.tag == qn("w:num"):
            name = str(element.get(qn("w:numId")))
            lists[name] = value_of(element, "w:abstractNumId") or ""
            restarts[name] = _restarts(element)
    for name, style in links.items():
        levels[name] = levels.get(lists.get(style_lists.get(style, ""), ""), {})
    return Numbering(levels, lists, restarts)


def _depth(element: BaseOxmlElement) -> int:
    return min(integer(element.get(qn("w:ilvl")), 0), _DEEPEST)


def _level(element: BaseOxmlElement) -> Level:
    return Level(
        integer(value_of(element, "w:start"), 1),
        value_of(element, "w:numFmt") or "decimal",
        value_of(element, "w:lvlText") or "",
        element.find(qn("w:isLgl")) is not None,
    )


def _restarts(element: BaseOxmlElement) -> dict[int, int]:
    overrides = element.findall(qn("w:lvlOverride"))
    found = {_depth(override): value_of(override, "w:startOverride") for override in overrides}
    return {depth: integer(start, 1) for depth, start in found.items() if start is not None}
