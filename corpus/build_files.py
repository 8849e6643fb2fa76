"""Builds the .html, .docx and .pdf files of the corpus from their texts, by `make corpus-files`.

Each comes from text/<id>.md, through the same loader that reads Markdown for the knowledge base, so that what ships
says the same in every format. Building again changes no byte that a reader would see.
"""

from __future__ import annotations

import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from io import BytesIO
from itertools import groupby
from pathlib import Path

import docx
from docx.oxml.ns import qn
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from ingest.blocks import Block  # noqa: E402 (the project is found from this file's own place)
from ingest.loaders import load  # noqa: E402
from kb.documents import ElementKind  # noqa: E402

_BULLET = "• "
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Target:
    """A file to build, and what its head says of it."""

    path: Path
    title: str
    publisher: str
    in_force_from: date


def targets() -> list[Target]:
    """Every file that the manifest names in a built format; they need not be there yet."""
    listed = tomllib.loads((FOLDER / "manifest.toml").read_text(encoding="utf-8"))["document"]
    made = [Target(FOLDER / row["file"], row["title"], row["publisher"], row["in_force_from"]) for row in listed]
    return [target for target in made if target.path.suffix in BUILDERS]


def main() -> None:
    """Writes every built file that is missing or would read otherwise."""
    for target in targets():
        content = BUILDERS[target.path.suffix](load(text_of(target)).blocks, target)
        if not target.path.exists() or target.path.read_bytes() != content:
            target.path.write_bytes(content)
            print(f"{target.path.name}: {len(content):,} bytes")


def text_of(target: Target) -> Path:
    """The Markdown text that the file is built from."""
    return FOLDER / "text" / f"{target.path.stem}.md"


def runs(blocks: Sequence[Block]) -> Iterator[tuple[ElementKind, list[Block]]]:
    """Neighbouring blocks of one kind together: a list's items, a table's rows."""
    for (kind, _), run in groupby(blocks, lambda block: (block.kind, block.kind is ElementKind.HEADING and id(block))):
        yield kind, list(run)


def html(blocks: Sequence[Block], target: Target) -> bytes:
    """A plain web page with the title, the date and the edition in its head."""
    head = (
        f'<meta charset="utf-8"><title>{escape(target.title)}</title>'
        f'<meta name="dcterms.issued" content="{target.in_force_from.isoformat()}">'
    )
    body = "\n".join(_html_run(kind, run) for kind, run in runs(blocks))
    page = f'<!doctype html>\n<html lang="en-GB"><head>{head}</head>\n<body><main>\n{body}\n</main></body></html>\n'
    return page.encode()


def _html_run(kind: ElementKind, run: Sequence[Block]) -> str:
    if kind is ElementKind.HEADING:
        return f"<h{run[0].level}>{escape(run[0].text)}</h{run[0].level}>"
    if kind is ElementKind.PARAGRAPH:
        return "\n".join(f"<p>{escape(block.text)}</p>" for block in run)
    if kind is ElementKind.ITEM:
        tag = "ul" if run[0].text.startswith(_BULLET) else "ol"
        return f"<{tag}>\n" + "\n".join(f"<li>{escape(_bare(block.text))}</li>" for block in run) + f"\n</{tag}>"
    rows = []
    for block in run:
        cell = "th" if block.is_header else "td"
        rows.append("<tr>" + "".join(f"<{cell}>{escape(text)}</{cell}>" for text in _cells(block)) + "</tr>")
    return "<table>\n" + "\n".join(rows) + "\n</table>"


def word(blocks: Sequence[Block], target: Target) -> bytes:
    """A Word document with heading styles, lists and tables."""
    made = docx.Document()
    made.core_properties.title = target.title
    made.core_properties.author = target.publisher
    made.core_properties.created = made.core_properties.modified = datetime.combine(
        target.in_force_from, datetime.min.time()
    )
    for kind, run in runs(blocks):
        if kind is ElementKind.ROW:
            _word_table(made, run)
            continue
        for block in run:
            if kind is ElementKind.HEADING:
                made.add_heading(block.text, block.level)
            elif kind is ElementKind.ITEM and block.text.startswith(_BULLET):
                made.add_paragraph(_bare(block.text), style="List Bullet")
            else:
                made.add_paragraph(block.text)
    packed = BytesIO()
    made.save(packed)
    return _without_clock(packed.getvalue())


def _word_table(made: docx.document.Document, run: Sequence[Block]) -> None:
    table = made.add_table(rows=0, cols=len(_cells(run[0])), style="Table Grid")
    for block in run:
        row = table.add_row()
        for cell, text in zip(row.cells, _cells(block), strict=True):
            cell.text = text
            if block.is_header:
                cell.paragraphs[0].runs[0].bold = True
    mark = table.rows[0]._tr.get_or_add_trPr()
    mark.append(mark.makeelement(qn("w:tblHeader"), {}))


def _without_clock(packed: bytes) -> bytes:
    """The same zip with every member dated alike: building again gives the same bytes."""
    again = BytesIO()
    with zipfile.ZipFile(BytesIO(packed)) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return again.getvalue()


_TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=10.5, leading=14.5, spaceAfter=6, alignment=TA_LEFT)
_ITEM = ParagraphStyle("item", parent=_TEXT, leftIndent=16, bulletIndent=4, spaceAfter=3)
_LAST_ITEM = ParagraphStyle("last item", parent=_ITEM, spaceAfter=_TEXT.spaceAfter)
_CELL = ParagraphStyle("cell", parent=_TEXT, fontSize=9, leading=11.5, spaceAfter=0)
_HEAD_CELL = ParagraphStyle("head", parent=_CELL, fontName="Helvetica-Bold")
_HEADINGS = {
    level: ParagraphStyle(
        f"h{level}", parent=_TEXT, fontName="Helvetica-Bold", fontSize=size, leading=size * 1.25, spaceBefore=before,
        spaceAfter=5, keepWithNext=1,
    )
    for level, size, before in ((1, 20, 0), (2, 14.5, 12), (3, 12, 8))
}  # fmt: skip


class _Heading(Paragraph):  # type: ignore[misc]
    """A heading that puts itself into the outline."""

    def __init__(self, text: str, level: int, key: str) -> None:
        super().__init__(escape(text), _HEADINGS[level])
        self._title, self._level, self._key = text, level, key

    def draw(self) -> None:
        self.canv.bookmarkPage(self._key)
        self.canv.addOutlineEntry(self._title, self._key, self._level - 1, closed=False)
        super().draw()


def pdf(blocks: Sequence[Block], target: Target) -> bytes:
    """A PDF of A4 pages with running head, page numbers and an outline."""
    packed = BytesIO()

    def furniture(canvas: object, template: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)  # type: ignore[attr-defined]
        canvas.drawString(22 * mm, 285 * mm, target.title[:90])  # type: ignore[attr-defined]
        canvas.drawString(22 * mm, 10 * mm, "Starter text, not official guidance")  # type: ignore[attr-defined]
        canvas.drawRightString(188 * mm, 10 * mm, f"Page {template.page}")  # type: ignore[attr-defined]

    template = BaseDocTemplate(
        packed, pagesize=A4, invariant=1, title=target.title, author=target.publisher, lang="en-GB",
        leftMargin=22 * mm, rightMargin=22 * mm, topMargin=20 * mm, bottomMargin=20 * mm,
    )  # fmt: skip
    frame = Frame(22 * mm, 20 * mm, 166 * mm, 257 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    template.addPageTemplates(PageTemplate("page", [frame], onPage=furniture))
    template.build([flowable for number, part in enumerate(runs(blocks)) for flowable in _pdf_run(number, *part)])
    return packed.getvalue()


def _pdf_run(number: int, kind: ElementKind, run: Sequence[Block]) -> Iterator[Flowable]:
    if kind is ElementKind.HEADING:
        yield _Heading(run[0].text, run[0].level, f"section-{number}")
    elif kind is ElementKind.ROW:
        yield _pdf_table(run)
        yield Spacer(1, 8)
    else:
        for number, block in enumerate(run, start=1):
            if kind is ElementKind.ITEM:
                marker, text = block.text.split(" ", 1)
                yield Paragraph(escape(text), _LAST_ITEM if number == len(run) else _ITEM, bulletText=marker)
            else:
                # Whole on one page: where a page ends with a full stop, nothing tells whether a paragraph does too.
                yield KeepTogether([Paragraph(escape(block.text), _TEXT)])


def _pdf_table(run: Sequence[Block]) -> Table:
    rows = [
        [Paragraph(escape(text), _HEAD_CELL if block.is_header else _CELL) for text in _cells(block)] for block in run
    ]
    longest = [max(len(_cells(block)[column]) for block in run) ** 0.6 for column in range(len(rows[0]))]
    widths = [166 * mm * share / sum(longest) for share in longest]
    table = Table(rows, colWidths=widths, repeatRows=1 if run[0].is_header else 0)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "#888888"), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def _bare(item: str) -> str:
    """An item's text without its marker."""
    return item.split(" ", 1)[1]


def _cells(row: Block) -> list[str]:
    return row.text.split(" | ")


BUILDERS: dict[str, Callable[[Sequence[Block], Target], bytes]] = {".html": html, ".docx": word, ".pdf": pdf}


if __name__ == "__main__":
    main()
