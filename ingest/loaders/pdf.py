"""PDF files as blocks: pypdf reads the file, the geometry of what it draws tells the parts of the text."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError, LimitReachedError, PyPdfError
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject, PdfObject, StreamObject

# pypdf keeps its fonts' widths and codes in this class alone; a test of every drawn page fails if it moves.
from pypdf.generic._font import Font

from ingest.blocks import Loaded, Progress
from ingest.loaders.pdf_content import draw
from ingest.loaders.pdf_document import read_document, title_from
from ingest.loaders.pdf_drawing import IDENTITY, Form, Scope, page_matrix
from ingest.loaders.pdf_pages import Page, page_of
from ingest.loaders.pdf_style import Bookmark
from kb.errors import NotReadable

MAX_BYTES = 200_000_000
MAX_PAGES = 3_000
MAX_CHARACTERS = 20_000_000
MAX_CONTENT_BYTES = 200_000_000
MAX_BOOKMARKS = 20_000
_DAMAGED = 'Open it, save it again as PDF ("Save as" or "Print to PDF") and add that copy.'
_OCR = "Make it searchable with a text-recognition tool (OCR), for example ocrmypdf, and add the result."

# The codes that WinAnsiEncoding leaves unused stand for a bullet (ISO 32000-1, annex D.2, note 3).
_UNUSED = dict.fromkeys((0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D), "\u2022")

logging.getLogger("pypdf").setLevel(logging.ERROR)


def load_pdf(path: Path, progress: Progress | None = None) -> Loaded:
    """The blocks of a PDF, its title, the numbers printed on its pages, and the pages without text.

    Raises NotReadable with the reason where a file is encrypted, damaged, no PDF, too large or has no text.
    """
    _refuse_by_size(path)
    try:
        return _load(path, progress)
    except NotReadable:
        raise
    except FileNotDecryptedError as error:
        raise NotReadable(path.name, "the file is encrypted", "Save a copy without a password and add that.") from error
    except LimitReachedError as error:
        raise NotReadable(path.name, f"the file is too large to read safely ({error})", _DAMAGED) from error
    except RecursionError as error:
        raise NotReadable(path.name, "the file's parts refer to each other without end", _DAMAGED) from error
    except (PyPdfError, OSError) as error:
        raise NotReadable(path.name, f"the file is damaged or no PDF ({error})", _DAMAGED) from error
    # pypdf says of itself that broken files can raise anything; here is the one place to answer that.
    except Exception as error:
        raise NotReadable(path.name, f"the file is damaged ({type(error).__name__}: {error})", _DAMAGED) from error


def _refuse_by_size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        fact = f"the file cannot be opened ({error.strerror})"
        raise NotReadable(path.name, fact, "Check that it is there and may be read.") from error
    if size == 0:
        raise NotReadable(path.name, "the file is empty", "Add the file again from where it was made.")
    if size > MAX_BYTES:
        fact = f"the file has {size / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f} MB"
        raise NotReadable(path.name, fact, "Split it, or save it with smaller pictures, and add that.")


def _load(path: Path, progress: Progress | None) -> Loaded:
    reader = PdfReader(path, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise NotReadable(path.name, "the file is encrypted", "Save a copy without a password and add that.")
    count = len(reader.pages)
    if count > MAX_PAGES:
        fact = f"the file has {count:,} pages, more than {MAX_PAGES:,}"
        raise NotReadable(path.name, fact, "Split it and add the parts.")
    pages = list(_pages(reader, count, path, progress))
    read = read_document(pages, _bookmarks(reader), _own_labels(reader))
    if not read.blocks:
        raise _without_text(path, pages)
    own = reader.metadata.title if reader.metadata else None
    title = title_from(own, pages, path.stem)
    return Loaded(read.blocks, title, page_labels=read.labels, unread_pages=read.unread)


def _without_text(path: Path, pages: Sequence[Page]) -> NotReadable:
    where = f"any of its {len(pages)} pages" if len(pages) > 1 else "its only page"
    if any(page.shown for page in pages):
        return NotReadable(path.name, f"no text on {where}; it looks like a scan", _OCR)
    return NotReadable(path.name, f"no text on {where}", "Check that this is the right file.")


def _pages(reader: PdfReader, count: int, path: Path, progress: Progress | None) -> Iterator[Page]:
    faces = _Faces(reader)
    characters = 0
    for number, source in enumerate(reader.pages, start=1):
        box = source.cropbox
        edges = (float(box.left), float(box.bottom), float(box.right), float(box.top))
        start, width, height = page_matrix(*edges, int(source.rotation or 0))
        content = source.get("/Contents")
        drawn = draw(faces.scope(content, source.get("/Resources")), start)
        characters += len(drawn.glyphs)
        if characters > MAX_CHARACTERS:
            raise NotReadable(path.name, f"the file has more than {MAX_CHARACTERS:,} characters", "Split it.")
        yield page_of(number, width, height, drawn)
        if progress:
            progress(number, count)


class PdfFace:
    """A font of the file."""

    def __init__(self, font: Font) -> None:
        """Takes what reading needs from pypdf's font."""
        self._font = font
        self._widths: dict[str, float] = {}
        descriptor = font.font_descriptor
        self.name = font.name.partition("+")[2] or font.name
        low = self.name.lower()
        weight = str(descriptor.weight)
        heavy = weight.isdigit() and int(weight) >= 600
        self.bold = heavy or any(part in low for part in ("bold", "black", "heavy", "demi")) or low.endswith("-bd")
        self.italic = bool(descriptor.italic_angle) or any(part in low for part in ("italic", "oblique"))
        self.space = float(font.space_width) / 1000

    def glyphs(self, raw: bytes) -> list[tuple[str, float, bool]]:
        """Text, width and whether word spacing applies, for each code."""
        font = self._font
        if isinstance(font.encoding, dict):
            coded = [(chr(byte), font.encoding.get(byte, chr(byte)), byte == 32) for byte in raw]
        else:
            text = raw.decode(font.encoding, "replace" if len(raw) % 2 else "surrogatepass")
            coded = [(char, char, False) for char in text]
        return [
            (font.character_map.get(char, char).translate(_UNUSED), self._width(code), spaced)
            for code, char, spaced in coded
        ]

    def _width(self, code: str) -> float:
        known = self._widths.get(code)
        if known is None:
            font = self._font
            wide = font.space_width if code == font.space_char else font.get_text_width(code)
            known = self._widths[code] = float(wide) / 1000
        return known


class _Faces:
    """The file's fonts and forms, each font read once."""

    def __init__(self, reader: PdfReader) -> None:
        self._reader = reader
        self._known: dict[int, PdfFace | None] = {}
        self._read = 0

    def scope(self, content: PdfObject | None, resources: object) -> Scope:
        """The instructions of a content stream with the fonts and forms named in its resources."""
        named = _solid(resources)
        fonts = _solid(named.get("/Font")) if isinstance(named, DictionaryObject) else None
        forms = _solid(named.get("/XObject")) if isinstance(named, DictionaryObject) else None
        return Scope(self._instructions(content), self._by_name(fonts), self._forms(forms, named), _pictures(forms))

    def _instructions(self, content: PdfObject | None) -> Sequence[tuple[Sequence[object], bytes]]:
        solid = _solid(content)
        if solid is None:
            return ()
        stream = ContentStream(solid, self._reader, "bytes")
        self._read += len(stream.get_data())
        if self._read > MAX_CONTENT_BYTES:
            raise LimitReachedError(f"more than {MAX_CONTENT_BYTES / 1e6:.0f} MB of drawing instructions")
        return stream.operations

    def _by_name(self, fonts: object) -> Callable[[str], PdfFace | None]:
        def face(name: str) -> PdfFace | None:
            if not isinstance(fonts, DictionaryObject) or name not in fonts:
                return None
            raw = fonts.raw_get(name)
            key = raw.idnum if isinstance(raw, IndirectObject) else -id(raw)
            if key not in self._known:
                solid = _solid(raw)
                made = Font.from_font_resource(solid) if isinstance(solid, DictionaryObject) else None
                self._known[key] = PdfFace(made) if made and made.interpretable else None
            return self._known[key]

        return face

    def _forms(self, forms: object, outer: object) -> Callable[[str], Form | None]:
        def form(name: str) -> Form | None:
            found = _solid(forms.get(name)) if isinstance(forms, DictionaryObject) else None
            if not isinstance(found, StreamObject) or found.get("/Subtype") != "/Form":
                return None
            matrix = _solid(found.get("/Matrix"))
            numbers = [float(one) for one in matrix] if isinstance(matrix, list) and len(matrix) == 6 else IDENTITY
            a, b, c, d, e, f = numbers
            return Form((a, b, c, d, e, f), self.scope(found, found.get("/Resources") or outer))

        return form


def _pictures(forms: object) -> Callable[[str], bool]:
    def is_picture(name: str) -> bool:
        found = _solid(forms.get(name)) if isinstance(forms, DictionaryObject) else None
        return isinstance(found, StreamObject) and found.get("/Subtype") == "/Image"

    return is_picture


def _solid(value: object) -> object:
    """What an indirect reference stands for."""
    return value.get_object() if isinstance(value, PdfObject) else value


def _own_labels(reader: PdfReader) -> tuple[str, ...]:
    """The file's own page labels, none where it has no such table."""
    try:
        return tuple(reader.page_labels) if "/PageLabels" in reader.root_object else ()
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError):
        return ()


def _bookmarks(reader: PdfReader) -> tuple[Bookmark, ...]:
    """The outline's entries in order; none where it cannot be read."""
    found: list[Bookmark] = []
    try:
        _walk(reader, reader.outline, 1, found)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return tuple(found)
    return tuple(found)


def _walk(reader: PdfReader, outline: Sequence[object], depth: int, found: list[Bookmark]) -> None:
    for entry in outline:
        if isinstance(entry, list):
            _walk(reader, entry, depth + 1, found)
        elif len(found) < MAX_BOOKMARKS:
            page = reader.get_destination_page_number(entry)  # type: ignore[arg-type]
            if page is not None and page >= 0 and entry.title:  # type: ignore[attr-defined]
                found.append(Bookmark(str(entry.title), page + 1, depth))  # type: ignore[attr-defined]
