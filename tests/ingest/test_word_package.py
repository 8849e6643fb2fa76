"""A Word file that is damaged, hostile or something else ends in one NotReadable before it can do harm."""

from __future__ import annotations

import re
import shutil
import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.loaders import load
from kb.errors import NotReadable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "guidance.docx"


def rewrite(
    path: Path, change: Callable[[str, bytes], bytes] | None = None, more: dict[str, bytes] | None = None
) -> None:
    """Writes the package again with each part changed and more parts added."""
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, content in {**parts, **(more or {})}.items():
            package.writestr(name, change(name, content) if change else content)


def fails(path: Path) -> str:
    with pytest.raises(NotReadable) as caught:
        load(path)
    assert caught.value.next_step
    return caught.value.fact


def simple(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Text.")
    document.save(str(path))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(path: Path) -> None:
    simple(path)
    rewrite(path, more={"word/media/x.bin": b"\0" * 40_000_000})

    assert re.match(r"it unpacks to 4\d MB in \d+ parts, more than a document has", fails(path))


def test_a_size_that_lies_is_found_out(path: Path) -> None:
    simple(path)
    raw = path.read_bytes()
    at = raw.rindex(b"PK\x01\x02")
    path.write_bytes(raw[: at + 24] + struct.pack("<I", 7) + raw[at + 28 :])

    assert fails(path)


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "docProps/core.xml", "_rels/.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_declaration_is_refused_in_any_part(path: Path, part: str, encoding: str) -> None:
    simple(path)
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    rewrite(path, more={part: bomb.encode(encoding)})

    assert fails(path) == f"{part} declares a document type"


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/numbering.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("content", [b"", b"<", b"<x/>", b"\x00" * 50, b"<w:document"])
def test_a_broken_part_ends_in_not_readable(path: Path, part: str, content: bytes) -> None:
    simple(path)
    rewrite(path, more={part: content})

    assert outcome(path) in ("NotReadable", "read")


def test_xml_nested_without_end_ends_in_not_readable(path: Path) -> None:
    simple(path)
    deep = b"<w:ins>" * 100_000 + b"<w:p>"

    rewrite(path, lambda name, xml: xml.replace(b"<w:p>", deep) if name == "word/document.xml" else xml)

    assert fails(path).startswith("the Word file cannot be read")


@pytest.mark.parametrize(
    ("directory", "fact"),
    [("EncryptedPackage", "the file is encrypted"), ("WordDocument", "this is an old .doc under a new name")],
)
def test_an_ole_file_is_encrypted_or_an_old_one(path: Path, directory: str, fact: str) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + directory.encode("utf-16-le") + bytes(600))

    assert fails(path) == fact


def test_a_zip_of_something_else_is_no_word_document(path: Path) -> None:
    with ZipFile(path, "w") as package:
        package.writestr("a.txt", "text")

    assert fails(path) == "the zip file holds no Word document, or one with macros or of a template"


def outcome(path: Path) -> str:
    try:
        return "read" if load(path).blocks else "empty"
    except NotReadable as error:
        return type(error).__name__


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "sample.docx"
    document = docx.Document()
    document.add_heading("Title", 0)
    document.add_paragraph("a", style="List Number")
    document.add_table(2, 2).cell(0, 0).text = "cell"
    document.save(str(path))
    return path


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=4)), min_size=1, max_size=4), st.booleans()
)
def test_a_damaged_file_ends_in_blocks_or_in_not_readable(
    sample: Path, cuts: list[tuple[int, bytes]], inside: bool
) -> None:
    """Bytes are altered in the file itself, or inside its parts so that the zip stays whole."""
    path = sample.with_name("damaged.docx")
    shutil.copy(sample, path)
    if inside:
        rewrite(path, lambda name, content: damaged(content, cuts))
    else:
        path.write_bytes(damaged(path.read_bytes(), cuts))

    assert outcome(path) in ("read", "NotReadable")


def damaged(content: bytes, cuts: list[tuple[int, bytes]]) -> bytes:
    altered = BytesIO(content)
    for at, change in cuts:
        altered.seek(at % max(len(content), 1))
        altered.write(change)
    return altered.getvalue()
