"""Files that the PDF loader refuses or reads in part, and what it says of a file as a whole."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.loaders import pdf
from ingest.loaders.pdf import load_pdf
from ingest.loaders.pdf_pages import value_of
from ingest.loaders.pdf_text import Vocabulary, join_lines, vocabulary_of
from kb.errors import NotReadable

SHARED = Path(__file__).parents[3] / "shared"
TEXT = "The Board meets four times a year and publishes what it decides."
A4_PAGE = b"/Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
HELVETICA = b"/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"


def canvas(path: Path, pages: int = 1, **names: str) -> Path:
    sheet = Canvas(str(path))
    for number in range(pages):
        sheet.drawString(72, 700, f"{TEXT} Sheet {chr(65 + number % 26)}.")
        sheet.showPage()
    if "title" in names:
        sheet.setTitle(names["title"])
    sheet.save()
    return path


def scan(path: Path, pages: int, head: str = "") -> Path:
    sheet = Canvas(str(path))
    picture = ImageReader(Image.new("L", (20, 28), 200))
    for _ in range(pages):
        sheet.drawImage(picture, 0, 0, 595, 842)
        sheet.drawString(72, 815, head)
        sheet.showPage()
    sheet.save()
    return path


def raw(path: Path, *objects: bytes) -> Path:
    """A file of these objects, numbered from 1, the first its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, len(out),
    )  # fmt: skip
    path.write_bytes(out)
    return path


def stream(body: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(body)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (entries, len(packed), packed)


def one_page(path: Path, content: bytes, *more: bytes, resources: bytes = HELVETICA) -> Path:
    catalogue, tree = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return raw(path, catalogue, tree, b"<<%s/Contents 4 0 R/Resources<<%s>>>>" % (A4_PAGE, resources), content, *more)


def refusal(path: Path) -> str:
    with pytest.raises(NotReadable) as caught:
        load_pdf(path)
    assert caught.value.place == path.name
    assert caught.value.next_step
    return caught.value.fact


def test_a_scan_says_so_and_names_text_recognition(tmp_path: Path) -> None:
    with pytest.raises(NotReadable) as caught:
        load_pdf(scan(tmp_path / "minutes.pdf", 12))

    assert str(caught.value) == (
        "minutes.pdf: no text on any of its 12 pages; it looks like a scan. Make it searchable with a "
        "text-recognition tool (OCR), for example ocrmypdf, and add the result."
    )


def test_a_scan_under_a_printed_head_is_still_a_scan(tmp_path: Path) -> None:
    assert "looks like a scan" in refusal(scan(tmp_path / "scan.pdf", 6, "Received by the Board"))


def test_a_page_that_is_only_a_picture_is_named_and_a_blank_one_is_not(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.append(canvas(tmp_path / "a.pdf"))
    writer.append(scan(tmp_path / "b.pdf", 1))
    writer.add_blank_page(595, 842)
    writer.append(canvas(tmp_path / "c.pdf"))
    writer.write(tmp_path / "all.pdf")

    assert load_pdf(tmp_path / "all.pdf").unread_pages == (2,)


def test_an_encrypted_file_is_refused_unless_the_password_is_empty(tmp_path: Path) -> None:
    for name, password in (("locked", "secret"), ("open", "")):
        writer = PdfWriter(clone_from=canvas(tmp_path / "plain.pdf"))
        writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
        writer.write(tmp_path / f"{name}.pdf")

    assert refusal(tmp_path / "locked.pdf") == "the file is encrypted"
    assert load_pdf(tmp_path / "open.pdf").blocks[0].text.startswith(TEXT)


def test_a_file_that_is_empty_cut_off_or_no_pdf_is_refused_with_the_reason(tmp_path: Path) -> None:
    whole = canvas(tmp_path / "whole.pdf", 5).read_bytes()
    for name, content in {"empty": b"", "text": b"Dear all, " * 99, "cut": whole[:900], "head": whole[:9]}.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)

    assert refusal(tmp_path / "empty.pdf") == "the file is empty"
    for name in ("text", "cut", "head"):
        assert refusal(tmp_path / f"{name}.pdf").startswith("the file is damaged")


def test_a_file_that_is_not_there_is_refused_like_any_other(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(tmp_path / "gone.pdf")


@given(st.data())
def test_damage_anywhere_ends_in_blocks_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    content = bytearray(canvas(folder / "whole.pdf", 2).read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / "damaged.pdf").write_bytes(content)

    try:
        loaded = load_pdf(folder / "damaged.pdf")
    except NotReadable:
        return

    assert loaded.blocks


def test_parts_that_contain_themselves_do_not_hang(tmp_path: Path) -> None:
    tree = raw(tmp_path / "tree.pdf", b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>")
    draws = b"BT /F1 12 Tf 72 700 Td (" + TEXT.encode() + b") Tj ET /X Do"
    form = stream(draws, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    looped = one_page(tmp_path / "form.pdf", stream(draws), form, resources=HELVETICA + b"/XObject<</X 5 0 R>>")

    assert refusal(tree).startswith("the file is damaged")
    assert load_pdf(looped).blocks[0].text == TEXT


def test_a_stream_that_unpacks_without_measure_is_refused(tmp_path: Path) -> None:
    assert "too large" in refusal(one_page(tmp_path / "bomb.pdf", stream(b"q " * 50_000_000)))


def test_more_pages_than_a_document_has_are_refused(tmp_path: Path) -> None:
    kids = b" ".join([b"3 0 R"] * 5_000)
    tree = b"<</Type/Pages/Kids[%s]/Count 5000>>" % kids
    path = raw(tmp_path / "pages.pdf", b"<</Type/Catalog/Pages 2 0 R>>", tree, b"<<%s>>" % A4_PAGE)

    assert refusal(path) == "the file has 5,000 pages, more than 3,000"


def test_more_text_than_a_document_has_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 100)

    assert "more than 100 characters" in refusal(canvas(tmp_path / "long.pdf", 3))


def test_each_page_is_told_as_it_is_read(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    load_pdf(canvas(tmp_path / "three.pdf", 3), lambda page, pages: told.append((page, pages)))

    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    "title", ["Microsoft Word - minutes.doc", "Untitled", "Committee Report 4.3", "minutes.docx", ""]
)
def test_a_title_that_a_program_left_is_not_taken(tmp_path: Path, title: str) -> None:
    assert load_pdf(canvas(tmp_path / "minutes.pdf", title=title)).title is None


def test_the_title_is_the_files_own_or_the_largest_line_of_its_first_page(tmp_path: Path) -> None:
    own = canvas(tmp_path / "own.pdf", title="Private fostering guidance")
    sheet = Canvas(str(tmp_path / "large.pdf"))
    sheet.setFont("Helvetica-Bold", 26)
    sheet.drawString(72, 740, "Safer sleeping")
    sheet.setFont("Helvetica", 11)
    sheet.drawString(72, 700, TEXT)
    sheet.save()

    assert load_pdf(own).title == "Private fostering guidance"
    assert load_pdf(tmp_path / "large.pdf").title == "Safer sleeping"


def test_the_files_own_page_labels_serve_where_no_number_is_printed(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=canvas(tmp_path / "plain.pdf", 5))
    writer.set_page_label(0, 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(2, 4, style=PageLabelStyle.DECIMAL, start=1)
    writer.write(tmp_path / "labelled.pdf")

    assert load_pdf(tmp_path / "labelled.pdf").page_labels == ("i", "ii", "1", "2", "3")


def test_a_page_stored_on_its_side_reads_as_it_is_shown(tmp_path: Path) -> None:
    upright = canvas(tmp_path / "upright.pdf")
    reader = PdfReader(upright)
    writer = PdfWriter()
    writer.add_page(reader.pages[0]).rotate(90).transfer_rotation_to_content()
    turned = BytesIO()
    writer.write(turned)
    (tmp_path / "turned.pdf").write_bytes(turned.getvalue())

    assert load_pdf(tmp_path / "turned.pdf").blocks == load_pdf(upright).blocks


def known(*lines: str) -> Vocabulary:
    return vocabulary_of(lines)


@pytest.mark.parametrize(
    ("first", "second", "elsewhere", "joined"),
    [
        ("a multi-", "agency audit", "multi-agency work", "a multi-agency audit"),
        ("a multi-", "agency audit", "", "a multi-agency audit"),
        ("the inter-", "vention ended", "an intervention began", "the intervention ended"),
        ("the safe\u00ad", "guarding board", "", "the safeguarding board"),
        ("the safe\u2010", "guarding board", "", "the safeguarding board"),
        ("the co\u2010", "operation of", "their co\u2010operation", "the co-operation of"),
        ("the 2012-", "13 report", "", "the 2012-13 report"),
        ("pre-", "and post-birth", "", "pre- and post-birth"),
        ("see www.example.org/", "policy.html", "", "see www.example.org/policy.html"),
        ("see https://www.example.org/board-", "response-2013", "", "see https://www.example.org/board-response-2013"),
        ("see www.example.org/a-", "multiagency", "amultiagency", "see www.example.org/a-multiagency"),
        ("an end -", "and more", "", "an end - and more"),
    ],
)
def test_a_hyphen_at_a_line_end_goes_where_the_document_writes_the_word_whole(
    first: str, second: str, elsewhere: str, joined: str
) -> None:
    assert join_lines([(first, 1), (second, 1)], known(elsewhere, first, second)) == (joined, ())


@given(st.lists(st.tuples(st.text("abcde \ufb01\u00ad", min_size=1, max_size=9), st.integers(1, 4)), min_size=1))
def test_each_page_break_stands_before_the_first_letter_of_its_page(pieces: list[tuple[str, int]]) -> None:
    ordered = sorted(pieces, key=lambda piece: piece[1])

    text, breaks = join_lines(ordered, Vocabulary(Counter(), "\u00ad"))

    assert all(0 < offset < len(text) and not text[offset].isspace() for offset, _ in breaks)
    assert list(breaks) == sorted(breaks)


@given(st.integers(1, 399))
def test_a_roman_number_reads_as_the_number_it_writes(number: int) -> None:
    assert value_of(pdf_roman(number)) == number


def pdf_roman(number: int) -> str:
    tens = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"]
    ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
    return "c" * (number // 100) + tens[number // 10 % 10] + ones[number % 10]


@pytest.mark.parametrize("word", ["", "civil", "iiii", "vx", "12a", "did"])
def test_what_is_no_number_reads_as_none(word: str) -> None:
    assert value_of(word) is None


def letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def evidence() -> Iterator[str]:
    path = SHARED / "eval" / "annual-report.jsonl"
    for line in path.read_text("utf-8").splitlines():
        yield from json.loads(line)["evidence"]


@pytest.mark.skipif(
    not (SHARED / "annual-report").exists(), reason="the optional folder of extra test data is not there"
)
def test_every_excerpt_of_the_annual_report_stands_in_one_block() -> None:
    loaded = load_pdf(SHARED / "annual-report" / "hscb-annual-report-2012-13.pdf")

    texts = [letters(block.text) for block in loaded.blocks]

    missing = [excerpt for excerpt in evidence() if not any(letters(excerpt) in text for text in texts)]
    assert missing == []
    assert loaded.page_labels == tuple(str(number) for number in range(1, 37))
    assert loaded.unread_pages == ()
