"""Pages drawn line by line, and what the PDF loader makes of them."""

from __future__ import annotations

from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.blocks import Loaded
from ingest.loaders.pdf import load_pdf
from kb.documents import ElementKind

WIDTH, HEIGHT = A4
LINE = 14.0
FULL = "The social worker visits the child within one week and then at least every six weeks, sees"
GOES_ON = "the child alone unless that is not fitting, and writes down what the child said and wished."
OTHER = "A manager signs each record within five working days of the visit that it tells about today."


class Sheet:
    """Draws lines of text from the top of the page down."""

    def __init__(self, path: Path) -> None:
        self.canvas = Canvas(str(path), pagesize=A4)
        self.path = path
        self.y = HEIGHT - 90

    def line(self, text: str, x: float = 72, size: float = 11, font: str = "Helvetica", gap: float = LINE) -> None:
        self.y -= gap
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.y, text)

    def lines(self, *texts: str, gap: float = 26, x: float = 72) -> None:
        for number, text in enumerate(texts):
            self.line(text, x=x, gap=gap if number == 0 else LINE)

    def heading(self, text: str, size: float = 16) -> None:
        self.line(text, size=size, font="Helvetica-Bold", gap=34)

    def at(self, x: float, y: float, text: str, size: float = 9, font: str = "Helvetica") -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, text)

    def page(self) -> None:
        self.canvas.showPage()
        self.y = HEIGHT - 90

    def load(self) -> Loaded:
        self.canvas.save()
        return load_pdf(self.path)


def told(loaded: Loaded) -> list[tuple[ElementKind, str]]:
    return [(block.kind, block.text) for block in loaded.blocks]
