"""A .docx opened only after its zip was found harmless: no bomb, no password, no document type declaration."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile, ZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError

from kb.errors import NotReadable

# The largest real reports unpack to some 60 MB, nearly all of it pictures, which do not shrink further.
MAX_UNPACKED = 300_000_000
MAX_XML_PART = 60_000_000
MAX_PARTS = 10_000
# Plain XML packs to a fortieth at most; only a bomb packs better, and only a large one does harm.
MAX_RATIO = 150
_HARMLESS = 20_000_000
_SAVE_AGAIN = "Open it in Word and save it again as .docx."


def open_word(path: Path) -> Document:
    """The document of a .docx file; NotReadable with the reason where it cannot be opened safely."""
    try:
        with ZipFile(path) as package:
            _check(path, package)
    except BadZipFile as error:
        raise NotReadable(path.name, f"the file is damaged ({error})", _SAVE_AGAIN) from error
    try:
        return docx.Document(str(path))
    except (KeyError, ValueError, PackageNotFoundError) as error:
        fact = "the zip file holds no Word document, or one with macros or of a template"
        raise NotReadable(path.name, fact, _SAVE_AGAIN) from error


def _check(path: Path, package: ZipFile) -> None:
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    xml = [part for part in parts if part.filename.lower().endswith((".xml", ".rels"))]
    if any(part.flag_bits & 1 for part in parts):
        raise NotReadable(path.name, "the file is encrypted", "Save a copy without a password and add that.")
    if (
        unpacked > MAX_UNPACKED
        or len(parts) > MAX_PARTS
        or any(part.file_size > MAX_XML_PART for part in xml)
        or (unpacked > _HARMLESS and unpacked > MAX_RATIO * packed)
    ):
        fact = f"it unpacks to {unpacked / 1e6:,.0f} MB in {len(parts):,} parts, more than a document has"
        raise NotReadable(path.name, fact, _SAVE_AGAIN)
    for part in xml:
        # Word never writes one, and its entities are how XML is made to explode or to fetch files.
        if b"<!DOCTYPE" in package.read(part).replace(b"\x00", b"").upper():
            raise NotReadable(path.name, f"{part.filename} declares a document type", _SAVE_AGAIN)
