"""What is read: names, ids and facts of the files given."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from ingest.blocks import Block, Loaded
from ingest.reading import edition_id
from ingest.sources import Given, Source, from_paths, slug
from kb.documents import Authority, Document, ElementKind, Kind
from kb.errors import WrongUse

NOTHING = Given()


def put(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    return paths


def ids(*paths: Path) -> list[str]:
    return [source.document.id for source in from_paths(paths, NOTHING)]


def test_a_folder_gives_its_files_of_known_formats_in_order_of_name(tmp_path: Path) -> None:
    put(tmp_path, "b.md", "a.PDF", "sub/c.html", "style.css", ".hidden.md", ".git/d.md", "~$open.docx")

    sources = from_paths([tmp_path], NOTHING)

    assert [(source.name, source.document.id) for source in sources] == [
        ("a.PDF", "a"),
        ("b.md", "b"),
        ("sub/c.html", "sub-c"),
    ]


def test_a_file_named_directly_is_taken_whatever_its_format(tmp_path: Path) -> None:
    (path,) = put(tmp_path, "notes.xlsx")

    assert ids(path) == ["notes"]


def test_files_with_one_name_have_ids_of_their_own(tmp_path: Path) -> None:
    paths = put(tmp_path, "a.md", "a.pdf", "x/report.md", "y/report.md", "z/re port.md", "z/re-port.md")

    found = ids(*paths)

    assert found[:2] == ["a-md", "a-pdf"]
    assert len(set(found)) == len(paths)


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (path,) = put(tmp_path, "a.md")

    (tmp_path / "sub").mkdir()

    assert ids(path, tmp_path, tmp_path / "sub" / ".." / "a.md") == ["a"]


def test_a_document_of_a_format_that_is_not_read_is_named_and_other_files_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "old.DOC", "style.css", "sub/sheet.xlsx")

    assert [source.name for source in from_paths([tmp_path], NOTHING)] == ["a.md", "old.DOC", "sub/sheet.xlsx"]


def test_a_name_that_cannot_be_shown_as_it_is_is_shown_with_its_odd_signs_replaced(tmp_path: Path) -> None:
    for name in (b"caf\xe9.md", b"a\nb\x1b[31m.md", "c\u202ed.md".encode()):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("# Records")

    sources = from_paths([tmp_path], NOTHING)

    assert {source.name for source in sources} == {"caf\ufffd.md", "a\ufffdb\ufffd[31m.md", "c\ufffdd.md"}
    assert all(source.edition("x", "0" * 64, Loaded(())).file == source.name for source in sources)


def test_a_link_out_of_a_folder_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "in/a.md", "out/secret.md")
    (tmp_path / "in" / "link.md").symlink_to(tmp_path / "out" / "secret.md")
    (tmp_path / "in" / "gone.md").symlink_to(tmp_path / "nowhere.md")

    assert ids(tmp_path / "in") == ["a"]


def test_a_folder_with_nothing_readable_is_wrong_use(tmp_path: Path) -> None:
    put(tmp_path, "style.css")

    with pytest.raises(WrongUse, match="no file of a known format below it"):
        from_paths([tmp_path], NOTHING)


def test_what_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="there is no such file or folder"):
        from_paths([tmp_path / "a.md"], NOTHING)


def test_one_title_for_several_files_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="one title for 2 files"):
        from_paths(put(tmp_path, "a.md", "b.md"), Given(title="One"))


def test_a_kind_decides_the_authority(tmp_path: Path) -> None:
    (source,) = from_paths(put(tmp_path, "a.md"), Given(kind=Kind.PROCEDURE))

    assert source.document.authority is Authority.LOCAL_PROCEDURE


def test_what_is_given_goes_before_what_the_file_says() -> None:
    blocks = (Block(ElementKind.PARAGRAPH, "text"),)
    loaded = Loaded(blocks, "Own title", "2012", "https://example.org/a", date(2012, 1, 1), ("i", "1"))
    path = Path("some file.pdf")
    bare = Source(path, path.name, Document("a", ""))
    given = Source(path, path.name, Document("a", "Given", url="https://example.org/b"), "2013", date(2013, 1, 1))

    own, said = bare.edition("a@1", "0", loaded), given.edition("a@1", "0", loaded)

    assert (own.document.title, own.label, own.in_force_from) == ("Own title", "2012", date(2012, 1, 1))
    assert own.document.url == "https://example.org/a"
    assert (said.document.title, said.label, said.in_force_from) == ("Given", "2013", date(2013, 1, 1))
    assert said.document.url == "https://example.org/b"
    assert bare.edition("a@1", "0", Loaded(blocks)).document.title == "some file"


def test_an_edition_is_known_by_its_file_its_facts_and_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("a.md")
    source = Source(path, path.name, Document("a", "A"))
    first = edition_id(source, "0")

    others = [
        edition_id(source, "1"),
        edition_id(Source(path, path.name, Document("a", "B")), "0"),
        edition_id(Source(path, path.name, Document("a", "A"), historical=True), "0"),
    ]
    moved = edition_id(Source(Path("elsewhere") / "a.md", path.name, Document("a", "A")), "0")
    monkeypatch.setattr("ingest.reading.reader", lambda: "another")

    assert len({first, *others, edition_id(source, "0")}) == 5
    assert moved == first


@pytest.mark.parametrize(
    ("name", "id_"),
    [("Private Fostering (2013)", "private-fostering-2013"), ("Café – menü", "cafe-menu"), ("日本", "document")],
)
def test_a_slug_is_plain(name: str, id_: str) -> None:
    assert slug(name) == id_
