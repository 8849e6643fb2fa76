"""HTML from text that others wrote. Everything foreign passes through `plain`; nothing here knows Streamlit."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from kb import messages
from kb.links import Link
from kb.reading import Block, Heading, Item, Items, Line, NewPage, Paragraph, Row, Table


def plain(text: str) -> str:
    """The text as HTML that shows exactly it, in an element or in a quoted attribute."""
    return html.escape(text, quote=True)


def tag(name: str, inside: str, **attributes: str) -> str:
    """An element around HTML; an attribute's value is plain text, 'class_' and 'aria_label' lose their underscore."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{plain(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{inside}</{name}>"


def paragraph(text: str, class_: str = "") -> str:
    """A paragraph of plain text."""
    return tag("p", plain(text), **({"class_": class_} if class_ else {}))


def place_link(link: Link, text: str) -> str:
    """A link, named by plain text, that opens a place in a document; a bare Link() leads to the list of documents."""
    return tag("a", plain(text), class_="kb-link", href=f"documents?{link.query}".rstrip("?"))


def answer_link(text: str) -> str:
    """A link to the page on which questions are asked, where the last answer still stands."""
    return tag("a", plain(text), class_="kb-link", href=".")


def navigation_html(pages: Iterable[tuple[str, str]], current: str) -> str:
    """Links to the pages, given as (title, address); the one that is open says so."""
    links = (
        tag("a", plain(title), class_="kb-link", href=address, **({"aria_current": "page"} if title == current else {}))
        for title, address in pages
    )
    return tag("nav", "".join(links), class_="kb-navigation", aria_label="Pages")


def view_links(page: str, views: Iterable[tuple[str, str]], current: str) -> str:
    """Links to the views of one page, given as (name in the address, title); the one that is open says so."""
    links = (
        tag(
            "a", plain(title), class_="kb-link", href=f"{page}?view={name}",
            **({"aria_current": "page"} if name == current else {}),
        )
        for name, title in views
    )  # fmt: skip
    return tag("nav", "".join(links), class_="kb-navigation kb-views", aria_label="On this page")


def page_head(title: str, token: str) -> str:
    """The page's one main heading; it takes the focus when a link inside the pages led to another `token`."""
    return tag("h1", plain(title), tabindex="-1", data_kb_focus=token)


def line_html(line: Line) -> str:
    """Pieces of a line, the marked ones in <mark>."""
    return "".join(tag("mark", plain(piece.text)) if piece.marked else plain(piece.text) for piece in line)


def blocks_html(blocks: Iterable[Block], page_names: dict[int, str] | None = None) -> str:
    """The elements as what they are; a new page is named where `page_names` has it."""
    return "".join(_block(block, page_names or {}) for block in blocks)


def _block(block: Block, page_names: dict[int, str]) -> str:
    match block:
        case Heading(line, _):
            return tag("h2", line_html(line))
        case Paragraph(line, is_source):
            return tag("p", line_html(line), class_="kb-source" if is_source else "kb-text")
        case Items(items):
            return _items(items)
        case Table():
            return _table(block)
        case NewPage(page):
            return paragraph(page_names[page], "kb-page") if page in page_names else ""


def list_table(columns: Sequence[str], rows: Iterable[Sequence[str]], label: str) -> str:
    """A table of plain texts; on a narrow screen each row becomes a block that names its columns."""
    head = tag("tr", "".join(tag("th", plain(name), scope="col") for name in columns))
    drawn = "".join(
        tag("tr", "".join(tag("td", plain(text), data_kb_label=name) for name, text in zip(columns, row, strict=True)))
        for row in rows
    )
    table = tag("table", tag("thead", head) + tag("tbody", drawn))
    return tag("div", table, class_="kb-table kb-list", tabindex="0", role="group", aria_label=label)


def _items(items: Iterable[Item]) -> str:
    # The role keeps it a list for readers that drop it with the bullets; the items begin with their own markers.
    inside = "".join(tag("li", line_html(item.line) + (_items(item.items) if item.items else "")) for item in items)
    return tag("ul", inside, class_="kb-items", role="list")


def _table(table: Table) -> str:
    head = "".join(_row(row, "th", table.columns) for row in table.rows if row.is_header)
    body = "".join(_row(row, "td", table.columns) for row in table.rows if not row.is_header)
    parts = (tag("thead", head) if head else "") + (tag("tbody", body) if body else "")
    return tag("div", tag("table", parts), class_="kb-table", tabindex="0", role="group", aria_label="Table")


def _row(row: Row, cell: str, columns: int) -> str:
    gap = tag("tr", f'<td colspan="{columns}">{messages.LEAVES_OUT}</td>') if row.follows_gap else ""
    scope = {"scope": "col"} if cell == "th" else {}
    missing = [()] * (columns - len(row.cells))
    return gap + tag("tr", "".join(tag(cell, line_html(line), **scope) for line in [*row.cells, *missing]))
