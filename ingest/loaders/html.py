"""A web page's own content as blocks: no menus, no forms, nothing that the page hides."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from ingest.blocks import Block, Loaded, Progress
from ingest.clean import clean_text
from ingest.loaders.html_tree import BLOCK_TAGS, Survey, stray_row, survey, table_blocks
from ingest.loaders.numbering import BULLET, integer, numbered, typed_marker
from ingest.loaders.rows import row_blocks
from ingest.loaders.sniff import text_of
from ingest.loaders.statements import first_date, web_address
from kb.documents import ElementKind
from kb.errors import NotReadable

_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_SPACED = frozenset(("br", "img"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I)
# An inline picture is one attribute of megabytes; the parser gives up on such a page.
_INLINE_DATA = re.compile(r"data:[\w/+.-]{1,80}(?:;[\w=-]{1,40})*,[^\"'\s>)]{200,}", re.I)
# Each tag takes about a kilobyte once parsed; the longest statutory guidance on one page has some 20,000.
MAX_TAGS = 300_000
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
# The text of a page is that of its last update, so the latest date named wins over the first publication.
_DATES = (
    "dcterms.valid",
    "dcterms.available",
    "govuk:public-updated-at",
    "govuk:updated-at",
    "dcterms.modified",
    "article:modified_time",
    "dcterms.issued",
    "dcterms.date",
    "article:published_time",
    "govuk:first-published-at",
)
_EDITIONS = ("edition", "dcterms.hasversion", "dcterms.edition", "govuk:edition", "version")


def load_html(path: Path, progress: Progress | None = None) -> Loaded:
    """The main content of a web page with the title, date and canonical link that its head names."""
    try:
        declared = _DECLARED.search(path.read_bytes()[:4096])
        markup = text_of(path, declared[1].decode("ascii", "replace") if declared else None)
        if markup.count("<") > MAX_TAGS:
            fact = f"the page has more than {MAX_TAGS:,} tags"
            raise NotReadable(path.name, fact, "Save the part with the text as a page of its own.")
        return parse_html(markup)
    except NotReadable:
        raise
    except Exception as error:  # a broken page can fail anywhere in the parser; the batch goes on without it
        raise NotReadable(path.name, f"the page cannot be read ({error})", "Save the page again as HTML.") from error


def parse_html(markup: str) -> Loaded:
    """The blocks and the head's statements of a page given as text."""
    soup = BeautifulSoup(_CONTROLS.sub("", _INLINE_DATA.sub("", markup)), "lxml")
    return Loaded(_content(soup), _title(soup), _edition(soup), _canonical(soup), _in_force_from(soup))


def _content(soup: BeautifulSoup) -> tuple[Block, ...]:
    """The blocks of the first of main, the only article, body, and the whole file that has any."""
    articles = soup.find_all("article", limit=2)
    roots = [*soup.find_all("main", limit=3), *soup.find_all(role="main", limit=3)]
    roots += articles if len(articles) == 1 else []
    page = survey(soup)
    for root in [*roots, soup.body, soup]:
        if root is not None and not _inside_hidden(root, page) and (blocks := _Reader(page).read(root)):
            return blocks
    return ()


def _inside_hidden(tag: Tag, page: Survey) -> bool:
    return any(
        page.hides(outer) for outer in (tag, *tag.parents) if outer.name != "[document]" and outer.name != "body"
    )


@dataclass
class _List:
    """An open list: `kind` is '' for bullets, else the HTML type ('1', 'a', 'A', 'i', 'I')."""

    kind: str
    number: int
    step: int = 1

    def marker(self, item: Tag) -> str:
        """The marker of the next item, as the page shows it."""
        if not self.kind:
            return BULLET
        self.number = integer(item.get("value"), self.number)
        marker = numbered(self.number, self.kind)
        self.number += self.step
        return marker


@dataclass
class _Reader:
    """Turns the tags of a page, one by one, into blocks."""

    page: Survey
    blocks: list[Block] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    kind: ElementKind = ElementKind.PARAGRAPH
    level: int = 0
    marker: str = ""
    lists: list[_List] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    stray_rows: list[list[str]] = field(default_factory=list)
    layout_tables: int = 0

    def read(self, root: Tag) -> tuple[Block, ...]:
        """The blocks under `root` in reading order."""
        for opens, node in self.page.walk(root, self._takes_whole):
            if not isinstance(node, Tag):
                self.text.append(node)
            elif node.name in _SPACED or (node.name == "p" and self.marker):
                self.text.append(" ")
            elif node.name in BLOCK_TAGS and opens:
                self._open(node)
            elif node.name in BLOCK_TAGS:
                self._close(node)
        self._flush()
        self._flush_rows()
        return tuple(self.blocks)

    def _takes_whole(self, tag: Tag) -> bool:
        """Whether the tag is read in one go and not walked into."""
        return (tag.name == "tr" and not self.layout_tables) or (tag.name == "table" and self.page.holds_data(tag))

    def _open(self, tag: Tag) -> None:
        if tag.name == "dt" and tag.parent is not None and tag.parent.name == "dt":
            # The parser puts a term into the one before it where that is not closed.
            self._add_term()
        self._flush()
        if tag.name != "tr":
            self._flush_rows()
        if tag.name in _LISTS:
            self.lists.append(_opened_list(tag))
        elif tag.name == "li":
            self.kind, self.level = ElementKind.ITEM, max(len(self.lists), 1)
            self.marker = self.lists[-1].marker(tag) if self.lists else BULLET
        elif tag.name == "dd":
            self.kind, self.marker, self.terms = ElementKind.ROW, " | ".join((*self.terms, "")), []
        elif tag.name in _HEADINGS:
            self.kind, self.level = ElementKind.HEADING, _HEADINGS[tag.name]
        elif tag.name == "table" and self.page.holds_data(tag):
            self.blocks += table_blocks(tag, self.page)
        elif tag.name == "table":
            self.layout_tables += 1
        elif tag.name == "tr" and not self.layout_tables:
            self.stray_rows.append(stray_row(tag, self.page))

    def _close(self, tag: Tag) -> None:
        if tag.name == "dt":
            self._add_term()
        self._flush()
        if tag.name in _LISTS and self.lists:
            self.lists.pop()
        elif tag.name == "dl":
            self.blocks += [Block(ElementKind.PARAGRAPH, term) for term in self.terms]
            self.terms = []
        elif tag.name == "table" and not self.page.holds_data(tag):
            self.layout_tables -= 1

    def _add_term(self) -> None:
        self.terms += [term for term in (self._taken(),) if term]

    def _taken(self) -> str:
        taken = clean_text("".join(self.text))
        self.text.clear()
        return taken

    def _flush(self) -> None:
        """What was gathered so far becomes a block of the kind that is open; after it, paragraphs follow."""
        text = self._taken()
        if self.kind is ElementKind.PARAGRAPH:
            self.marker, text = typed_marker(text)
            if self.marker:
                self.kind, self.level = ElementKind.ITEM, 1
        if text:
            self.blocks.append(Block(self.kind, self.marker + text, self.level))
        elif self.kind is ElementKind.ROW and self.marker.strip(" |"):
            self.blocks.append(Block(ElementKind.ROW, self.marker.removesuffix(" | ")))
        self.kind, self.level, self.marker = ElementKind.PARAGRAPH, 0, ""

    def _flush_rows(self) -> None:
        """Rows that stand outside any table, as fragments of pages have them, become one table."""
        if self.stray_rows:
            self.blocks += row_blocks(self.stray_rows)
            self.stray_rows = []


def _opened_list(tag: Tag) -> _List:
    if tag.name != "ol":
        return _List("", 0)
    kind = str(tag.get("type", "1"))
    backwards = tag.has_attr("reversed")
    count = len(tag.find_all("li", recursive=False)) if backwards else 1
    start = integer(tag.get("start"), count)
    return _List(kind if kind in ("1", "a", "A", "i", "I") else "1", start, -1 if backwards else 1)


def _title(soup: BeautifulSoup) -> str | None:
    """The page's name by og:title, else its first heading, else its title tag."""
    named = _statements(soup).get("og:title", "")
    for tag in (soup.find("h1"), soup.find("title")):
        named = named or (clean_text(tag.get_text(" ")) if tag else "")
    return named or None


def _statements(soup: BeautifulSoup) -> dict[str, str]:
    """What the meta tags say, by name in lower case; the first of each name."""
    said: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        name = str(tag.get("name") or tag.get("property") or "").strip().lower()
        if content := clean_text(str(tag.get("content") or "")):
            said.setdefault(name.replace("dc.", "dcterms."), content)
    return said


def _edition(soup: BeautifulSoup) -> str | None:
    said = _statements(soup)
    return next((said[name] for name in _EDITIONS if name in said), None)


def _in_force_from(soup: BeautifulSoup) -> date | None:
    said = _statements(soup)
    return next((day for name in _DATES if name in said and (day := first_date(said[name]))), None)


def _canonical(soup: BeautifulSoup) -> str | None:
    """The page's own address where it names one that a browser opens."""
    for link in soup.find_all("link", rel="canonical"):
        address = str(link.get("href") or "").strip()
        if web_address(address):
            return address
    return None
