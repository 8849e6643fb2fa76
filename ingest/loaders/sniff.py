"""What a file's first bytes say it is, and its text where it is text."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from kb.errors import NotReadable

PDF, ZIP, OLE, TEXT, HTML = "a PDF", "a zip file", "an old Office file", "text", "a web page"
_MAGIC = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"{\\rtf", "rich text (RTF)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WEB_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?>.*?-->)\s*)*<(?:!doctype\s+html|html)[\s>]", re.I | re.S)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD_BYTES = 4096
# A stray control character happens in real text; more than 1 in 100 of them is not text.
_MOST_CONTROLS = 0.01


def content_of(head: bytes) -> str:
    """What the file is, in words, by its first bytes: `PDF`, `ZIP`, `OLE`, `HTML`, `TEXT` or another name."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if b"%PDF-" in head[:1024]:
        return PDF
    if _WEB_PAGE.match(head.removeprefix(codecs.BOM_UTF8)):
        return HTML
    if head[:13].lower() == b"mime-version:":
        return "a web archive (MHTML)"
    marked = any(head.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS)
    if not marked and len(_CONTROLS.findall(head)) > _MOST_CONTROLS * len(head):
        return "binary data"
    return TEXT


def head_of(path: Path) -> bytes:
    """The first bytes of a file, enough for `content_of`."""
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def text_of(path: Path, declared: str | None = None) -> str:
    """The file's text by its byte order mark, else as UTF-8, else as `declared`, else as Windows-1252."""
    raw = path.read_bytes()
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    if len(_CONTROLS.findall(raw)) > _MOST_CONTROLS * len(raw):
        raise NotReadable(path.name, "the file holds binary data, not text", "Check what the file really is.")
    # UTF-8 before the declaration: a saved page keeps its old declaration, and no other text is UTF-8 by accident.
    for encoding in ("utf-8", declared or "cp1252", "cp1252"):
        try:
            return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("cp1252", "replace")


def is_encrypted_office(path: Path) -> bool:
    """Whether an OLE file holds an encrypted Word document: its directory then names an EncryptedPackage."""
    return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
