"""What stands before a text without being part of it: bullets, letters and numbers of lists, numbers of headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.documents import Element, ElementKind

_BULLET = re.compile(r"[•◦▪●‣⁃·○■□✓▸➢]\s+")
_ITEM_BULLET = re.compile(r"[-–—*o]\s+")
_LETTER = re.compile(r"(?:\((?:[a-z]|[ivx]{1,5})\)|(?:[a-z]|[ivx]{1,5})[.)])\s+", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<word>(?:section|chapter|part|appendix|annex|step|stage|paragraph)\s+)?"
    r"(?P<open>\()?(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})(?P<close>[.):]{0,2})(?:\s+(?=\S)|$)",
    re.IGNORECASE,
)
_WITHIN = 8
"""How many numbered headings, or paragraphs and items, away the number before or after a running number may stand."""


@dataclass(frozen=True)
class Marker:
    """What an element's text begins with: characters `start` to `end`, white space after it included.

    `number` is a running number such as '4.2', '' for a bullet or letter.
    """

    start: int
    end: int
    number: str = ""


@dataclass(frozen=True)
class _Numbered:
    element: int
    marker: Marker
    above: tuple[str, ...]
    last: int
    is_explicit: bool
    is_marked: bool


def markers(text: str, elements: Sequence[Element]) -> dict[int, Marker]:
    """The markers, by the number of the element in `elements`.

    A number counts where it is marked off ('4. Visits', '(4)', 'Step 4'; in a paragraph never), and else only where
    it runs: where it is the first of its kind, or the one before or after it stands near. So '15 working days' or
    '2.5 million' at the head of a paragraph stays part of the text.
    """
    found = {number: marker for number, element in enumerate(elements) if (marker := _sign(text, element))}
    for is_heading in (True, False):
        numbered = list(_numbered(text, elements, is_heading))
        found |= {each.element: each.marker for place, each in enumerate(numbered) if _runs(numbered, place)}
    return found


def _sign(text: str, element: Element) -> Marker | None:
    """A bullet or a letter that an item, or a paragraph that looks like one, begins with."""
    if element.kind not in (ElementKind.ITEM, ElementKind.PARAGRAPH):
        return None
    patterns = (_BULLET, _LETTER, _ITEM_BULLET) if element.kind is ElementKind.ITEM else (_BULLET,)
    for pattern in patterns:
        if (match := pattern.match(text, element.start, element.end)) and match.end() < element.end:
            return Marker(*match.span())
    return None


def _numbered(text: str, elements: Sequence[Element], is_heading: bool) -> Iterator[_Numbered]:
    for number, element in enumerate(elements):
        if (element.kind is ElementKind.HEADING) is not is_heading or element.kind is ElementKind.ROW:
            continue
        match = _NUMBER.match(text, element.start, element.end)
        if not match:
            continue
        parts = match["number"].split(".")
        is_explicit = bool(match["close"] or match["word"] or len(parts) > 1)
        if is_heading or is_explicit:
            above = ((match["word"] or "").strip().lower(), *parts[:-1])
            marker = Marker(match.start(), match.end(), match["number"])
            is_marked = bool(match["close"] or match["word"]) and element.kind is not ElementKind.PARAGRAPH
            yield _Numbered(number, marker, above, int(parts[-1]), is_explicit, is_marked)


def _runs(numbered: Sequence[_Numbered], place: int) -> bool:
    each = numbered[place]
    if each.is_marked or (each.last == 1 and each.is_explicit):
        return True
    near = (*numbered[max(0, place - _WITHIN) : place], *numbered[place + 1 : place + 1 + _WITHIN])
    return any(other.above == each.above and abs(other.last - each.last) == 1 for other in near)
