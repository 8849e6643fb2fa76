"""A Markdown file's headings, paragraphs, items and rows, with the marks of the markup resolved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import frontmatter
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.blocks import Block, Loaded, Progress
from ingest.clean import clean_text
from ingest.loaders.numbering import BULLET
from ingest.loaders.rows import row_blocks
from ingest.loaders.sniff import text_of
from ingest.loaders.statements import first_date, web_address
from kb.documents import ElementKind
from kb.errors import NotReadable

_LINE_BREAK = re.compile(r"<br\s*/?>", re.I)


def load_markdown(path: Path, progress: Progress | None = None) -> Loaded:
    """The blocks of a Markdown file; title, edition, date and address from its front matter where it has one."""
    try:
        return parse_markdown(text_of(path))
    except NotReadable:
        raise
    except Exception as error:  # front matter and markup can fail in many ways; the batch goes on without the file
        raise NotReadable(
            path.name, f"the Markdown cannot be read ({_short(error)})", "Check its first lines."
        ) from error


def _short(error: Exception) -> str:
    return clean_text(str(error).replace(' in "<unicode string>"', ""))[:200] or type(error).__name__


def parse_markdown(markup: str) -> Loaded:
    """The blocks and the front matter of a Markdown text."""
    stated, body = _front_matter(markup)
    blocks = _Reader().read(MarkdownIt("commonmark").enable("table").parse(body))
    title = _stated(stated.get("title")) or next((b.text for b in blocks if b.kind is ElementKind.HEADING), None)
    url = _stated(stated.get("url")) or ""
    return Loaded(
        blocks,
        title,
        _stated(stated.get("edition")),
        url if web_address(url) else None,
        _day(stated.get("in_force_from")),
    )


def _front_matter(markup: str) -> tuple[Mapping[str, object], str]:
    """The fields at the head of the file and the text below them; a rule and prose at the head are text."""
    if not YAMLHandler().detect(markup):
        return {}, markup
    stated, body = frontmatter.parse(markup, handler=YAMLHandler())
    return (stated, body) if stated else ({}, markup)


def _stated(value: object) -> str | None:
    return clean_text(str(value)) if isinstance(value, str | int | float | date) else None


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else first_date(str(value))


@dataclass
class _Reader:
    """Turns the flat list of tokens into blocks."""

    blocks: list[Block] = field(default_factory=list)
    # One entry for each open list: the number of its next item, None for bullets.
    lists: list[int | None] = field(default_factory=list)
    marker: str = ""
    # How many blocks there were when the open item was put: a further paragraph of it then joins it.
    item: int = -1
    heading: int = 0
    rows: list[list[str]] | None = None

    def read(self, tokens: Sequence[Token]) -> tuple[Block, ...]:
        """The blocks in reading order."""
        for token in tokens:
            self._take(token)
        return tuple(self.blocks)

    def _take(self, token: Token) -> None:
        match token.type:
            case "heading_open":
                self.heading = int(token.tag[1])
            case "heading_close":
                self.heading = 0
            case "bullet_list_open":
                self.lists.append(None)
            case "ordered_list_open":
                self.lists.append(int(token.attrGet("start") or 1) if token.attrGet("start") != 0 else 0)
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self._start_item(token.markup)
            case "list_item_close":
                self.marker, self.item = "", -1
            case "table_open":
                self.rows = []
            case "tr_open":
                self._open_rows().append([])
            case "table_close":
                self.blocks += row_blocks(self._open_rows(), header_rows=1)
                self.rows = None
            case "inline":
                self._put(plain_text(token))
            case "fence" | "code_block":
                self._put(token.content)
            case "html_block":
                self._put_html(token.content)

    def _put_html(self, markup: str) -> None:
        """HTML between the paragraphs is read as a page is, so that its text is not lost and its scripts are."""
        from ingest.loaders.html import parse_html

        self.blocks += parse_html(markup).blocks

    def _open_rows(self) -> list[list[str]]:
        if self.rows is None:
            raise ValueError("a table row outside a table")
        return self.rows

    def _start_item(self, delimiter: str) -> None:
        number = self.lists[-1]
        self.marker, self.item = BULLET if number is None else f"{number}{delimiter} ", -1
        self.lists[-1] = None if number is None else number + 1

    def _put(self, text: str) -> None:
        """A text becomes a cell, a heading, the first text of an item, or a paragraph."""
        text = clean_text(text)
        if self.rows is not None:
            self.rows[-1].append(text)
        elif not text:
            return
        elif self.heading:
            self.blocks.append(Block(ElementKind.HEADING, text, self.heading))
        elif self.marker:
            self.blocks.append(Block(ElementKind.ITEM, self.marker + text, len(self.lists)))
            self.marker, self.item = "", len(self.blocks)
        elif self.item == len(self.blocks):
            last = self.blocks.pop()
            self.blocks.append(replace(last, text=f"{last.text} {text}"))
        else:
            self.blocks.append(Block(ElementKind.PARAGRAPH, text))


def plain_text(inline: Token) -> str:
    """What a reader sees of a run of text: links by their text, pictures by their description, no markup."""
    parts: list[str] = []
    for token in inline.children or ():
        if token.type in ("text", "code_inline", "text_special"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak") or _LINE_BREAK.match(token.content):
            parts.append(" ")
        elif token.type == "image":
            parts.append(plain_text(token))
    return "".join(parts)
