"""A page of a PDF as a picture, with quotes marked where they can be placed on it."""

from __future__ import annotations

import io
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from kb.errors import NotReadable
from kb.reading import OnPage, letters

MAX_SIDE = 1_500
"""Pixels of a picture's longer side, at most: an A4 page is then read without effort, and costs some 8 MB to draw."""

MAX_SCALE = 2.0
"""Pixels for each point of the page, at most."""

_FILL = (255, 236, 130)
_EDGE = (120, 70, 0)
_LOCK = threading.Lock()  # pdfium is not safe to use from two threads at once

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points of the page, or left, top, right, bottom in pixels."""


@dataclass(frozen=True)
class Picture:
    """A page as PNG; `pages` is how many the file has, `placed` whether every quote asked for is marked."""

    png: bytes
    width: int
    height: int
    pages: int
    placed: bool


def picture(pdf: bytes, name: str, page: int, quotes: Sequence[OnPage] = ()) -> Picture:
    """The 1-based `page` as a picture; where one of the quotes cannot be placed, none is marked.

    Raises NotReadable, with `name` as the place, for a file or a page that cannot be drawn.
    """
    with _LOCK, _opened(pdf, name) as document:
        if not 1 <= page <= len(document):
            raise NotReadable(name, f"it has no page {page}", f"Turn to one of its pages, 1 to {len(document)}.")
        sheet = document[page - 1]
        boxes = _places(sheet, quotes)
        image, marks = _drawn(sheet, boxes)
        if marks:
            image = _marked(image, marks)
        return Picture(_png(image), image.width, image.height, len(document), placed=bool(quotes) and bool(boxes))


@contextmanager
def _opened(pdf: bytes, name: str) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise NotReadable(name, "its page cannot be drawn", "Read the text, or download the original.") from error


def _drawn(sheet: pypdfium2.PdfPage, boxes: Sequence[Box]) -> tuple[Image.Image, list[Box]]:
    """The page and the boxes in its pixels."""
    scale = min(MAX_SCALE, MAX_SIDE / max(*sheet.get_size(), 1.0))
    bitmap = sheet.render(scale=scale)
    position = bitmap.get_posconv(sheet)
    image = bitmap.to_pil().convert("RGB")
    marks = []
    for left, bottom, right, top in boxes:
        (x1, y1), (x2, y2) = position.to_bitmap(left, top), position.to_bitmap(right, bottom)
        marks.append((min(x1, x2) - 2, min(y1, y2) - 2, max(x1, x2) + 2, max(y1, y2) + 2))
    return image, marks


def _marked(image: Image.Image, boxes: Sequence[Box]) -> Image.Image:
    """The picture with the boxes coloured as by a marker pen and edged, so that colour is not the only sign."""
    layer = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(layer)
    for box in boxes:
        pen.rectangle(box, fill=_FILL)
    for left, _, right, bottom in boxes:
        pen.line((left, bottom, right, bottom), fill=_EDGE, width=2)
    return ImageChops.multiply(image, layer)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.quantize(128).save(file, "PNG", optimize=True)
    return file.getvalue()


def _places(sheet: pypdfium2.PdfPage, quotes: Sequence[OnPage]) -> list[Box]:
    """A box for each line of each quote; () where any of them cannot be placed."""
    if not quotes:
        return []
    text = sheet.get_textpage()
    read, numbers = _letters_of(text)
    boxes: list[Box] = []
    for quote in quotes:
        found = _places_of(quote, read)
        if found is None:
            return []
        indices = sorted(set(numbers[found : found + len(quote.letters)]))
        boxes += _lines([text.get_charbox(index) for index in indices])
    return boxes


def _letters_of(text: pypdfium2.PdfTextPage) -> tuple[str, list[int]]:
    """The page's letters and digits, and the number of the character that each comes from."""
    read: list[str] = []
    numbers: list[int] = []
    for index in range(text.count_chars()):
        code = pypdfium2.raw.FPDFText_GetUnicode(text, index)
        # A surrogate half or a broken code is no letter.
        written = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        for letter in letters(unicodedata.normalize("NFKC", written)):
            read.append(letter)
            numbers.append(index)
    return "".join(read), numbers


def _places_of(quote: OnPage, read: str) -> int | None:
    """Where the quote begins in the page's letters; None where it is not there, or which place is meant is unsure."""
    places = [match.start() for match in re.finditer(f"(?={re.escape(quote.letters)})", read)]
    if len(places) == quote.of:
        return places[quote.nth - 1]
    return places[0] if len(places) == 1 else None


def _lines(boxes: Sequence[Box]) -> list[Box]:
    """The characters' boxes joined line by line."""
    lines: list[Box] = []
    for left, bottom, right, top in boxes:
        if lines and _on_line(lines[-1], (left, bottom, right, top)):
            first = lines[-1]
            lines[-1] = (min(first[0], left), min(first[1], bottom), max(first[2], right), max(first[3], top))
        else:
            lines.append((left, bottom, right, top))
    return lines


def _on_line(line: Box, box: Box) -> bool:
    """Whether a character stands on the line: its middle lies between foot and head, and it follows closely."""
    height = max(line[3] - line[1], box[3] - box[1])
    middle = (box[1] + box[3]) / 2
    near = box[0] - line[2] < 3 * height and box[0] >= line[0] - height
    return near and line[1] - 0.2 * height <= middle <= line[3] + 0.2 * height
