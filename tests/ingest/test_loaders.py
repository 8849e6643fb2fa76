"""One way in for every format: blocks that are clean, or one NotReadable that says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import loaders
from ingest.blocks import Block, Loaded
from ingest.clean import clean_text
from ingest.loaders import LOADERS, load
from kb.documents import ElementKind
from kb.errors import NotReadable

GOVUK = Path(__file__).parents[3] / "shared" / "eval" / "govuk-pages"
SAMPLES = {
    ".html": b"<html><main><h1>T</h1><p>a</p><li>b</li><table><tr><th>x<th>y<tr><td>1<td>2</table></main></html>",
    ".md": b"---\ntitle: T\n---\n# T\n\na *b*\n\n- c\n  - d\n\n| x | y |\n|---|---|\n| 1 | 2 |\n",
    ".txt": b"Title\n\nA paragraph\nof two lines.\n\n- item\n\nx\ty\n1\t2\n",
}


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(NotReadable) as caught:
        load(path)
    assert caught.value.place == path.name
    assert caught.value.next_step
    return caught.value.fact


def test_every_format_has_its_loader() -> None:
    assert sorted(LOADERS) == [".docx", ".htm", ".html", ".markdown", ".md", ".pdf", ".txt"]


@pytest.mark.parametrize("suffix", [".html", ".htm", ".HTML", ".md", ".markdown", ".txt", ".Txt"])
def test_the_ending_chooses_the_loader_in_small_or_capital_letters(tmp_path: Path, suffix: str) -> None:
    assert load(written(tmp_path, f"a{suffix}", b"Visits.")).blocks == (Block(ElementKind.PARAGRAPH, "Visits."),)


@pytest.mark.parametrize("name", ["a.doc", "a.xyz", "a", ".pdf"])
def test_an_unknown_format_says_which_are_known(tmp_path: Path, name: str) -> None:
    fact = refusal(written(tmp_path, name, b"text"))

    assert fact.endswith("known: .docx, .htm, .html, .markdown, .md, .pdf, .txt")


def test_an_old_word_file_is_to_be_saved_as_docx(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match=r"save it as \.docx"):
        load(written(tmp_path, "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))


@pytest.mark.parametrize("suffix", sorted(LOADERS))
def test_a_file_that_is_not_there_or_is_empty_or_a_folder_is_refused(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"folder{suffix}").mkdir()

    assert refusal(tmp_path / f"gone{suffix}") == "the file is not there"
    assert refusal(written(tmp_path, f"empty{suffix}", b"")) == "the file is empty"
    assert refusal(tmp_path / f"folder{suffix}") == "this is not a file"


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")

    assert refusal(tmp_path / "a.txt") == "this is not a file"


ZIP, PDF, OLE = b"PK\x03\x04" + bytes(60), b"%PDF-1.7\n" + bytes(60), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
PAGE, BINARY = b"<!DOCTYPE html><html><p>a</html>", bytes(range(256)) * 4


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.pdf", ZIP, "a zip file"),
        ("a.pdf", PAGE, "a web page"),
        ("a.pdf", b"plain words", "text"),
        ("a.docx", PDF, "a PDF"),
        ("a.docx", PAGE, "a web page"),
        ("a.docx", b"{\\rtf1 a}", "rich text (RTF)"),
        ("a.txt", BINARY, "binary data"),
        ("a.txt", PAGE, "a web page"),
        ("a.txt", ZIP, "a zip file"),
        ("a.md", b"\x89PNG\r\n\x1a\n", "a picture"),
        ("a.md", b"<?xml version='1.0'?>\n<!-- x -->\n<HTML lang=en>", "a web page"),
        ("a.html", PDF, "a PDF"),
        ("a.html", OLE, "an old Office file"),
        ("a.html", b"MIME-Version: 1.0\r\n", "a web archive (MHTML)"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_named_for_what_it_is(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    suffix = Path(name).suffix

    assert refusal(written(tmp_path, name, content)) == f"the file is {what}, not what {suffix!r} says"


def test_binary_data_further_down_in_a_text_is_found_too(tmp_path: Path) -> None:
    assert (
        refusal(written(tmp_path, "a.txt", b"words " * 1_000 + bytes(4_000))) == "the file holds binary data, not text"
    )


def test_comments_without_end_at_the_head_take_no_time(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", b"<!-- -->" * 500 + b"<html>")

    assert refusal(path) == "the file is a web page, not what '.txt' says"


@pytest.mark.parametrize(
    ("suffix", "limit"),
    [(".txt", "MAX_TEXT_BYTES"), (".htm", "MAX_PAGE_BYTES"), (".pdf", "MAX_BYTES"), (".docx", "MAX_BYTES")],
)
def test_a_file_over_the_limit_is_not_read(tmp_path: Path, suffix: str, limit: str) -> None:
    size = getattr(loaders, limit) + 1
    path = tmp_path / f"a{suffix}"
    with path.open("wb") as file:
        file.truncate(size)

    assert refusal(path) == f"the file has {size / 1e6:,.0f} MB, more than the {size / 1e6:,.0f} MB that are read"


def test_a_page_of_tags_without_end_is_not_parsed(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "a.html", b"<p>a" * 300_001)) == "the page has more than 300,000 tags"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b" \n\t\n "),
        ("a.txt", "\u200b\u00ad\ufeff".encode()),
        ("a.md", b"<!-- note -->"),
        ("a.html", b"<html><nav>menu</nav><script>x</script></html>"),
    ],
)
def test_a_file_without_text_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    assert refusal(written(tmp_path, name, content)) == "no text was found in it"


def test_blocks_come_out_cleaned_and_without_those_that_are_empty(tmp_path: Path) -> None:
    page = (
        "<meta property=og:title content='Con\ufb02ict '><h1>Con\ufb02ict</h1><p>safe\u00adguard\u00a0 ing<p>\u200b<p>x"
    )

    loaded = load(written(tmp_path, "a.html", page.encode()))

    assert loaded == Loaded(
        (
            Block(ElementKind.HEADING, "Conflict", 1),
            Block(ElementKind.PARAGRAPH, "safeguard ing"),
            Block(ElementKind.PARAGRAPH, "x"),
        ),
        "Conflict",
    )


def test_no_library_of_a_format_is_imported_before_a_file_of_it_comes() -> None:
    names = ("pypdf", "docx", "lxml", "bs4", "markdown_it", "frontmatter")
    script = f"import sys, ingest.loaders; print([name for name in {names} if name in sys.modules])"
    root = Path(__file__).parents[2]

    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def outcome(path: Path) -> str:
    """'read' where the blocks keep what Block promises, else the error's name."""
    try:
        loaded = load(path)
    except NotReadable as error:
        return type(error).__name__
    for block in loaded.blocks:
        assert block.text
        assert block.text == clean_text(block.text)
        assert block.level in range(1, 7) if block.kind is ElementKind.HEADING else True
        assert block.level >= 1 if block.kind is ElementKind.ITEM else True
        assert block.level == 0 if block.kind in (ElementKind.ROW, ElementKind.PARAGRAPH) else True
        assert block.kind is ElementKind.ROW or not block.is_header
    return "read" if loaded.blocks else "empty"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutated")


CHANGES = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 6), st.binary(max_size=5)), min_size=1, max_size=6)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(SAMPLES)), CHANGES)
def test_a_mutated_file_ends_in_blocks_or_in_not_readable(
    folder: Path, suffix: str, changes: list[tuple[int, int, bytes]]
) -> None:
    content = SAMPLES[suffix]
    for at, cut, more in changes:
        content = content[:at] + more + content[at + cut :]

    assert outcome(written(folder, f"a{suffix}", content)) in ("read", "NotReadable")


@settings(deadline=None, max_examples=150)
@given(st.sampled_from([suffix for suffix in sorted(LOADERS) if suffix != ".pdf"]), st.binary(max_size=300))
def test_any_bytes_end_in_blocks_or_in_not_readable(folder: Path, suffix: str, content: bytes) -> None:
    assert outcome(written(folder, f"b{suffix}", content)) in ("read", "NotReadable")


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(SAMPLES)), st.text(max_size=200))
def test_any_text_ends_in_blocks_or_in_not_readable(folder: Path, suffix: str, content: str) -> None:
    assert outcome(written(folder, f"c{suffix}", content.encode("utf-8", "replace"))) in ("read", "NotReadable")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(max_size=40), max_size=5), st.binary(max_size=200))
def test_any_words_and_any_part_in_a_word_file_end_in_blocks_or_in_not_readable(
    folder: Path, texts: list[str], part: bytes
) -> None:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(clean_text(text))
    path = folder / "d.docx"
    document.save(str(path))
    with ZipFile(path, "a") as package:
        package.writestr("word/footnotes.xml", part)

    assert outcome(path) in ("read", "NotReadable")


@pytest.mark.skipif(not GOVUK.exists(), reason="an optional folder ../shared of extra test data is not here")
def test_each_partial_page_of_the_extra_data_is_read_whole() -> None:
    for path in sorted(GOVUK.glob("*.html"))[::5]:
        kinds = [block.kind for block in load(path).blocks]
        source = path.read_text(encoding="utf-8")

        assert kinds.count(ElementKind.ITEM) == source.count("<li>"), path.name
        assert kinds.count(ElementKind.ROW) == source.count("<tr>"), path.name
