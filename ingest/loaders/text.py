"""Plain text as blocks: paragraphs, lists, tables and headings by the marks that writers of plain text leave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from ingest.blocks import Block, Loaded, Progress
from ingest.clean import clean_text, join_lines, words_of
from ingest.loaders.numbering import BULLET
from ingest.loaders.rows import row_blocks
from ingest.loaders.sniff import text_of
from kb.documents import ElementKind
from kb.errors import NotReadable

_BULLETS = "\u2022\u25e6\u25aa\u25cf\u2023\u2043\u00b7\uf0b7\uf0a7\u25cb\u25a0"
_ITEM = re.compile(
    rf"(?P<indent>\s*)(?P<marker>[{_BULLETS}*\u2010-\u2014-]|o"
    r"|\d{1,3}(?:\.\d{1,3})*[.)]|\(\d{1,3}\)|\(?[a-zA-Z]\)|\(?[ivx]{1,5}\))[ \t]+(?=\S)(?P<text>.*)"
)
_ENDS = re.compile(r"[.!?:;][\"'\u201d\u2019)\]]*$")
_NUMBERED_HEADING = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?[ \t]+[A-Z]\S*(?:\s\S+)*$")
_UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}|\*{3,}|_{3,}")
_NOT_IN_A_HEADING = re.compile(r"www\.|https?:|\S@\S|\d{4,}\s?\d{3}|[|•]")
_PAGE_NUMBER = re.compile(r"(?:Page\s+\d{1,4}(?:\s+of\s+\d{1,4})?|-\s?\d{1,4}\s?-)?", re.I)
# A title does not stop at a word that needs another after it.
_HANGING_NAMES = "a an and are as at by for from in is of on or that the to was were which who will with"
_HANGING = frozenset(_HANGING_NAMES.split())
_LONGEST_HEADING = 90
_MOST_HEADING_WORDS = 12
_SHORTEST_CUT_LINE = 40
# A line this long was not wrapped by hand; in such a file a line break ends a paragraph.
_LONGEST_WRAPPED_LINE = 130


def load_text(path: Path, progress: Progress | None = None) -> Loaded:
    """The blocks of a plain text file; its first heading, where it begins with one, is the title."""
    try:
        return parse_text(text_of(path))
    except NotReadable:
        raise
    except Exception as error:  # the last guard of a batch: one odd file must not end it
        raise NotReadable(path.name, f"the text cannot be read ({error})", "Save it as UTF-8 text.") from error


def parse_text(text: str) -> Loaded:
    """The blocks of a text; form feeds count as blank lines."""
    text = re.sub(r"[\v\f\x1c-\x1e\u2028\u2029]", "\n\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = ["" if _is_furniture(line) else line.rstrip(" ") for line in text.replace("\x00", "").split("\n")]
    words = words_of(text)
    reader = _Reader(_wrap_width(lines))
    groups = [list(group) for blank, group in groupby(lines, key=lambda line: not line) if not blank]
    drafts: list[_Draft] = []
    for at, group in enumerate(groups):
        following = groups[at + 1] if at + 1 < len(groups) else []
        read = reader.read(group, following)
        if drafts and read and _goes_on(drafts[-1], read[0]):
            drafts[-1].lines += read.pop(0).lines
        drafts += read
    blocks = [Block(draft.kind, join_lines(draft.lines, words), draft.level, draft.is_header) for draft in drafts]
    title = blocks[0].text if blocks and blocks[0].kind is ElementKind.HEADING else None
    return Loaded(tuple(blocks), title)


@dataclass
class _Draft:
    """A block whose lines are not joined yet."""

    kind: ElementKind
    lines: list[str]
    level: int = 0
    is_header: bool = False


def _ends(line: str) -> bool:
    """Whether a sentence ends with the line."""
    return _ENDS.search(line[-10:]) is not None


def _goes_on(last: _Draft, first: _Draft) -> bool:
    """Whether a paragraph is the rest of a sentence that a blank line, as at the foot of a page, cut in two."""
    if last.kind not in (ElementKind.PARAGRAPH, ElementKind.ITEM) or first.kind is not ElementKind.PARAGRAPH:
        return False
    is_long = len(last.lines) > 1 or len(last.lines[0]) > _SHORTEST_CUT_LINE
    return is_long and first.lines[0].lstrip()[:1].islower() and not _ends(last.lines[-1])


def _is_furniture(line: str) -> bool:
    """Whether a line is blank or holds nothing but a page's number."""
    return _PAGE_NUMBER.fullmatch(line.strip()) is not None


def _wrap_width(lines: Sequence[str]) -> int:
    """The width at which the file's lines were wrapped; 0 for a file with a paragraph on each line."""
    widths = sorted(len(line) for line in lines if line and "\t" not in line)
    if not widths or widths[-1] > _LONGEST_WRAPPED_LINE:
        return 0
    return widths[int(len(widths) * 0.95)]


class _Reader:
    """Reads groups of lines that stand between blank lines, knowing the whole file's width."""

    def __init__(self, width: int) -> None:
        self._width = width
        # Whether the group before ended in an item: a numbered line alone then is the next one, not a heading.
        self._in_numbers = False

    def read(self, lines: list[str], following: Sequence[str]) -> list[_Draft]:
        """The blocks of one group; `following` is the next group, which a heading needs."""
        if len(lines) == 1 and following and (level := _heading_level(lines[0])):
            numbered = _ITEM.match(lines[0]) is not None
            if not numbered or not (self._in_numbers or _next_of(lines[0], following[0])):
                self._in_numbers = False
                return [_Draft(ElementKind.HEADING, lines, level)]
        self._in_numbers = _ITEM.match(lines[-1]) is not None
        drafts: list[_Draft] = []
        for is_table, part in _tables_apart(lines):
            if is_table:
                rows = row_blocks(_mended_rows(part))
                drafts += [_Draft(row.kind, [row.text], is_header=row.is_header) for row in rows]
            else:
                drafts += self._prose(part)
        return drafts

    def _prose(self, lines: list[str]) -> list[_Draft]:
        """Headings with a line of their own, items, and paragraphs with their wrapped lines together."""
        drafts: list[_Draft] = []
        underlined = len(lines) > 1 and _UNDERLINE.fullmatch(lines[1].strip())
        if len(lines) > 1 and (underlined or _shouts(lines[0])) and len(lines[0]) <= _LONGEST_HEADING:
            drafts.append(_Draft(ElementKind.HEADING, lines[:1], 1 if underlined and "=" in lines[1] else 2))
            lines = lines[1:]
        indents: list[int] = []
        before = ""
        for line in lines:
            if _UNDERLINE.fullmatch(line.strip()):
                continue
            item = _ITEM.match(line)
            if item and _begins_item(item, before, in_list=bool(indents)):
                drafts.append(_item(item, indents))
            elif before and self._runs_on(before, line, in_list=bool(indents)):
                drafts[-1].lines.append(line)
            else:
                indents = []
                drafts.append(_Draft(ElementKind.PARAGRAPH, [line]))
            before = line
        return drafts

    def _runs_on(self, before: str, line: str, in_list: bool) -> bool:
        """Whether `line` goes on with the sentence of the line `before`, rather than begin a paragraph."""
        if not _ends(before) or line.lstrip()[:1].islower():
            return True
        if in_list and line[:1].isspace():
            return True
        first_word = line.split(maxsplit=1)[0]
        return self._width > 0 and len(before) + len(first_word) >= self._width - 1


def _begins_item(item: re.Match[str], before: str, in_list: bool) -> bool:
    """Whether a marker at the start of a line is one, and not a dash or number inside a wrapped sentence."""
    marker = item["marker"]
    if marker == "o":
        return in_list or bool(item["indent"])
    if not before or in_list or marker in _BULLETS:
        return True
    return _ends(before)


def _next_of(line: str, following: str) -> bool:
    """Whether `following` is an item whose marker differs from that of `line` in its number alone."""
    first, second = _ITEM.match(line), _ITEM.match(following)
    if not first or not second:
        return False
    return first["marker"][-1] == second["marker"][-1] and first["marker"] != second["marker"]


def _item(item: re.Match[str], indents: list[int]) -> _Draft:
    """An item with its own number or a bullet; `indents` holds the indents of the levels that are open."""
    indent = len(item["indent"].expandtabs(4))
    while indents and indents[-1] > indent:
        indents.pop()
    if not indents or indents[-1] < indent:
        indents.append(indent)
    marker, text = item["marker"], item["text"]
    inner = _ITEM.match(text) if marker[-1] not in ".)" else None
    if inner and inner["marker"][-1] in ".)":
        # '- 1) Plans are made': the number is the marker, the dash what an extraction made of it.
        marker, text = inner["marker"], inner["text"]
    shown = f"{marker} " if marker[-1] in ".)" else BULLET
    return _Draft(ElementKind.ITEM, [shown + text], len(indents))


def _heading_level(line: str) -> int:
    """The level of a line that stands alone and reads like a title, by its number where it has one; 0 for others."""
    text = clean_text(line)
    words = text.split()
    if len(text) > _LONGEST_HEADING or len(words) > _MOST_HEADING_WORDS or "\t" in line:
        return 0
    if (
        not text
        or text[-1] in ".,;:-"
        or words[-1] in _HANGING
        or text.count(",") > 1
        or _NOT_IN_A_HEADING.search(text)
    ):
        return 0
    if numbered := _NUMBERED_HEADING.match(text):
        return min(numbered["number"].count(".") + 2, 6)
    if not text[0].isupper() or not any(char.isalpha() for char in text[1:]):
        return 0
    return 2 if _reads_as_title(words) else 0


def _reads_as_title(words: Sequence[str]) -> bool:
    """Whether the words are few, a question, or mostly capitalised."""
    long_words = [word for word in words if len(word) > 3]
    capitals = sum(word[0].isupper() for word in long_words)
    return len(words) <= 8 or words[-1].endswith("?") or capitals * 2 >= len(long_words)


def _shouts(line: str) -> bool:
    """Whether a line is a heading in capitals."""
    letters = [char for char in line if char.isalpha()]
    return len(letters) > 5 and all(char.isupper() for char in letters) and not _ends(line) and not _ITEM.match(line)


def _tables_apart(lines: Sequence[str]) -> Iterator[tuple[bool, list[str]]]:
    """Runs of adjacent lines with the same number of tabs, as (True, lines), and the lines between."""
    prose: list[str] = []
    for tabs, run in groupby(lines, key=_tabs):
        part = list(run)
        if tabs and len(part) > 1:
            if prose:
                yield False, prose
            prose = []
            yield True, part
        else:
            prose += part
    if prose:
        yield False, prose


def _tabs(line: str) -> int:
    """How many tabs divide a line; 0 where they only indent it or follow an item's marker."""
    item = _ITEM.match(line)
    text = (
        item["text"] if item else line.lstrip("\t") if line.count("\t") == len(line) - len(line.lstrip("\t")) else line
    )
    return text.count("\t")


def _mended_rows(lines: Sequence[str]) -> list[list[str]]:
    """The cells of each line; a line that goes on with the row above is put into that row's cells."""
    rows: list[list[str]] = []
    for line in lines:
        cells = [clean_text(cell) for cell in line.split("\t")]
        if rows and _continues(rows[-1], cells):
            rows[-1] = [f"{above} {below}".strip() for above, below in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    return rows


def _continues(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether `below` is the rest of the row `above`: nothing in its first cell and a second that begins mid-sentence,
    or a first cell that does so under a row with nothing but its first cell."""
    filled = [cell for cell in below if cell]
    if not filled or len(above) != len(below):
        return False
    if below[0]:
        return below[0][0].islower() and bool(above[0]) and not any(above[1:])
    covered = all(cell for cell, under in zip(above, below, strict=True) if under)
    return covered and not filled[0][0].isupper() and not filled[0][0].isdigit()
