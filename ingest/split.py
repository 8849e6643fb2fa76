"""From blocks to an edition's text, its elements and its passages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.blocks import Block
from kb.documents import Edition, Element, ElementKind, Passage, Slice, Unit
from kb.sentences import sentence_spans

MAX_PASSAGE = 900
"""Characters of a passage. The model reads 256 tokens, some 1,100 characters, of which the heading trail takes some;
a passage of this size is also about what one reads at a glance."""

_BREAK_EARLY = 0.7
_SOURCE_NOTE = re.compile(r"Sources?:\s")
_LEADS_IN = re.compile(r"[:\-–—]$")
_SHORT_LEAD = 160


@dataclass(frozen=True)
class Text:
    """An edition's cleaned text, one element a line, and the elements at their places."""

    text: str
    elements: tuple[Element, ...]


def compose_text(blocks: Sequence[Block]) -> Text:
    """The blocks joined by line breaks; element i is block i at its place."""
    elements: list[Element] = []
    place = 0
    for block in blocks:
        end = place + len(block.text)
        breaks = tuple((place + offset, page) for offset, page in block.breaks)
        elements.append(Element(block.kind, place, end, block.level, block.is_header, block.page, breaks))
        place = end + 1
    return Text("\n".join(block.text for block in blocks), tuple(elements))


def split(edition: Edition, content: Text) -> tuple[Passage, ...]:
    """The passages of an edition, in order; a passage holds whole units and lies under one heading trail.

    Each element but headings and source notes lies in passages; a heading with nothing under it makes one of its own.
    A heading trail leaves out the document's own title.
    """
    seen: dict[str, int] = {}
    passages: list[Passage] = []
    for full, elements in _sections(content):
        # A first heading that is the document's title says nothing of the place in it.
        trail = full[1:] if full[:1] == (edition.document.title,) else full
        for body, source in _stretches(content, elements):
            for run in _runs(list(_units(content.text, body))):
                passages.append(_passage(edition, content, trail, run, source, seen))
    return tuple(passages)


def _stretches(content: Text, elements: Sequence[Element]) -> Iterator[tuple[list[Element], Slice | None]]:
    """(elements without a source note between them, the note that they come with), in order.

    That is the note after them, or else the section's last one before. A section of nothing but notes is their text.
    """
    groups = [(is_note, list(run)) for is_note, run in groupby(elements, lambda each: _is_source_note(content, each))]
    if all(is_note for is_note, _ in groups):
        yield list(elements), None
        return
    notes = [_slice(content.text, run[0].start, run[-1].end) if is_note else None for is_note, run in groups]
    for number, (is_note, run) in enumerate(groups):
        if not is_note:
            near = (*notes[number + 1 : number + 2], *notes[max(0, number - 1) : number])
            yield run, near[0] if near else None


def _is_source_note(content: Text, element: Element) -> bool:
    return element.kind is ElementKind.PARAGRAPH and bool(_SOURCE_NOTE.match(content.text, element.start, element.end))


def _sections(content: Text) -> Iterator[tuple[tuple[str, ...], list[Element]]]:
    """(heading trail, elements under it), in order; a heading that heads nothing is its own only element."""
    trail: list[tuple[int, str]] = []
    groups = [(is_heading, list(run)) for is_heading, run in groupby(content.elements, _is_heading)]
    for number, (is_heading, run) in enumerate(groups):
        if not is_heading:
            yield tuple(text for _, text in trail), run
            continue
        has_body = number + 1 < len(groups)
        for index, heading in enumerate(run):
            trail = [(level, text) for level, text in trail if level < heading.level]
            following = run[index + 1] if index + 1 < len(run) else None
            if following.level <= heading.level if following else not has_body:
                yield tuple(text for _, text in trail), [heading]
            trail.append((heading.level, content.text[heading.start : heading.end]))


def _is_heading(element: Element) -> bool:
    return element.kind is ElementKind.HEADING


@dataclass(frozen=True)
class _Placed:
    """A unit with what the packing needs to know of the element that it comes from."""

    unit: Unit
    element: Element
    is_last_of_element: bool
    leads_in: bool


def _units(text: str, elements: Sequence[Element]) -> Iterator[_Placed]:
    lead: Slice | None = None  # what leads in to the list or table being read
    header: Slice | None = None  # the header of the table being read
    open_items: list[tuple[int, Slice]] = []  # the items that an inner list may belong to
    previous: ElementKind | None = None
    for element, following in zip(elements, [*elements[1:], None], strict=True):
        if element.kind is not previous:
            header, open_items = None, []
            lead = lead if previous is ElementKind.PARAGRAPH else None
        if element.kind is ElementKind.ITEM:
            open_items = [(level, item) for level, item in open_items if level < element.level]
            yield from _of_element(text, element, open_items[-1][1] if open_items else lead, False)
            open_items.append((element.level, _end_of(text, element.start, element.end)))
        elif element.kind is ElementKind.ROW:
            header = None if element.is_header else header
            yield from _of_element(text, element, header or lead, element.is_header)
            header = _end_of(text, element.start, element.end) if element.is_header else header
        else:
            lead = _lead_in(text, element, following)
            yield from _of_element(text, element, None, lead is not None)
        previous = element.kind


def _lead_in(text: str, element: Element, following: Element | None) -> Slice | None:
    """The last sentence of a paragraph that a list or table follows, where it leads in to it."""
    if following is None or following.kind not in (ElementKind.ITEM, ElementKind.ROW):
        return None
    start, end = sentence_spans(text[element.start : element.end])[-1]
    sentence = text[element.start + start : element.start + end]
    if _LEADS_IN.search(sentence) or (len(sentence) <= _SHORT_LEAD and sentence[-1] not in ".!?"):
        return _end_of(text, element.start + start, element.start + end)
    return None


def _end_of(text: str, start: int, end: int) -> Slice:
    """The span as a lead-in; of one longer than a passage its last piece, since it goes with each item below it."""
    *_, (start, end) = _bounded(text, start, end)
    return _slice(text, start, end)


def _of_element(text: str, element: Element, lead: Slice | None, leads_in: bool) -> Iterator[_Placed]:
    """The element's units: sentences of a paragraph; an item or row whole, unless it is longer than a passage."""
    spans = [(0, element.end - element.start)]
    if element.kind is ElementKind.PARAGRAPH or element.end - element.start > MAX_PASSAGE:
        spans = sentence_spans(text[element.start : element.end])
    spans = [piece for start, end in spans for piece in _bounded(text, element.start + start, element.start + end)]
    for index, (start, end) in enumerate(spans):
        is_last = index == len(spans) - 1
        yield _Placed(Unit(element.kind, start, end, lead), element, is_last, leads_in and is_last)


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span cut into pieces of at most MAX_PASSAGE characters: after a semicolon, else at a space, else anywhere."""
    while end - start > MAX_PASSAGE:
        half, full = start + MAX_PASSAGE // 2, start + MAX_PASSAGE
        cut = next((found + 1 for mark in ("; ", " ") if (found := text.rfind(mark, half, full)) >= 0), full)
        yield start, cut - (text[cut - 1] == " ")
        start = cut
        while start < end and text[start] == " ":
            start += 1
    if start < end:
        yield start, end


def _runs(units: Sequence[_Placed]) -> Iterator[list[_Placed]]:
    """The units packed into runs of at most MAX_PASSAGE characters, of even length, ending with elements if they can.

    A lead-in and what it leads in to, where both fit into a run, stand in the same.
    """
    if not units:
        return
    end = units[-1].unit.end
    run: list[_Placed] = []
    target = _share(end - units[0].unit.start)
    for group in _held_together(units):
        if run and _is_full(run, group, target):
            yield run
            run = []
            target = _share(end - group[0].unit.start)
        run.extend(group)
    yield run


def _share(length: int) -> float:
    """What each of as few runs as can hold so many characters takes of them."""
    return length / -(-length // MAX_PASSAGE)


def _held_together(units: Sequence[_Placed]) -> list[list[_Placed]]:
    """The units in groups that a run takes whole: a lead-in with what follows it, as far as a run can hold both."""
    groups: list[list[_Placed]] = []
    for placed in reversed(units):
        if groups and placed.leads_in and groups[-1][-1].unit.end - placed.unit.start <= MAX_PASSAGE:
            groups[-1].insert(0, placed)
        else:
            groups.append([placed])
    return groups[::-1]


def _is_full(run: Sequence[_Placed], group: Sequence[_Placed], target: float) -> bool:
    start, following = run[0].unit.start, group[0]
    if group[-1].unit.end - start > MAX_PASSAGE:
        return True
    is_break = run[-1].is_last_of_element and not run[-1].leads_in
    in_list = following.element.kind is not ElementKind.PARAGRAPH and following.unit.lead is not None
    return (
        is_break
        and not in_list
        and run[-1].unit.end - start >= _BREAK_EARLY * target
        and following.unit.end - start > target
    )


def _passage(
    edition: Edition,
    content: Text,
    trail: tuple[str, ...],
    run: Sequence[_Placed],
    source: Slice | None,
    seen: dict[str, int],
) -> Passage:
    start, end = run[0].unit.start, run[-1].unit.end
    text = content.text[start:end]
    lead = run[0].unit.lead
    first, last = _page_at(run[0].element, start), _page_at(run[-1].element, end - 1)
    return Passage(
        id=_identity(edition.document.id, trail, lead, text, seen),
        edition=edition,
        headings=trail,
        text=text,
        start=start,
        end=end,
        lead=lead,
        source=source,
        first_page=first,
        last_page=last,
        breaks=tuple(_breaks(run, start, end)),
        units=tuple(placed.unit for placed in run),
    )


def _page_at(element: Element, offset: int) -> int | None:
    pages = [page for start, page in element.breaks if start <= offset]
    return pages[-1] if pages else element.page


def _breaks(run: Sequence[_Placed], start: int, end: int) -> Iterator[tuple[int, int]]:
    """(offset, page) wherever a further page begins after the passage's first character."""
    page = _page_at(run[0].element, start)
    for element in dict.fromkeys(placed.element for placed in run):
        begins = ((element.start, element.page), *element.breaks) if element.page is not None else element.breaks
        for offset, number in begins:
            if start < offset < end and number is not None and number != page:
                page = number
                yield offset, number


def _identity(document: str, trail: tuple[str, ...], lead: Slice | None, text: str, seen: dict[str, int]) -> str:
    """16 hexadecimal digits from content and place; a repeat of the same content gets '-2', '-3' and so on."""
    content = "\x1f".join((document, *trail, lead.text if lead else "", text))
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    seen[digest] = seen.get(digest, 0) + 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def _slice(text: str, start: int, end: int) -> Slice:
    return Slice(start, end, text[start:end])
