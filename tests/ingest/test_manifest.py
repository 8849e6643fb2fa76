"""The manifest is read whole, or refused with every problem that is in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.manifest import ManifestEntry, read_manifest
from kb.documents import Authority, Document, Kind, Withdrawal
from kb.errors import BadManifest

BASE = {
    "id": '"visits"',
    "title": '"Visits"',
    "kind": '"procedure"',
    "authority": '"local procedure"',
    "file": '"visits.md"',
}


def table(**fields: str) -> str:
    """A [[document]] table of TOML values; the fields given replace those of a good one."""
    lines = [f"{name} = {value}" for name, value in {**BASE, **fields}.items() if value]
    return "\n".join(["[[document]]", *lines, ""])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name in ("visits.md", "neglect.md", "old.md", "sheet.xlsx"):
        (corpus / name).write_text("Text.")
    (tmp_path / "outside.md").write_text("Text.")
    return corpus


def read(folder: Path, *tables: str) -> tuple[ManifestEntry, ...]:
    (folder / "manifest.toml").write_text("\n".join(tables), encoding="utf-8")
    return read_manifest(folder)


def problems(folder: Path, *tables: str) -> tuple[str, ...]:
    with pytest.raises(BadManifest) as caught:
        read(folder, *tables)
    return caught.value.problems


def test_an_entry_holds_its_document_and_all_that_the_table_says_of_the_edition(folder: Path) -> None:
    entries = read(
        folder,
        table(
            publisher='"The board"',
            audience='["schools", "health"]',
            url='"https://example.org/visits"',
            owner='"Business unit"',
            label='"2013"',
            in_force_from="2013-04-01",
            in_force_until="2014-04-01",
            review_by="2014-01-01",
            historical="true",
            confirmed='"the 2013 text"',
            sources='["One, 2012"]',
            withdrawn_on="2014-02-01",
            withdrawn_reason='"Merged."',
            replaced_by='"neglect"',
        ),
        table(id='"neglect"', file='"neglect.md"'),
    )

    document = Document(
        "visits",
        "Visits",
        Kind.PROCEDURE,
        "The board",
        Authority.LOCAL_PROCEDURE,
        ("schools", "health"),
        "https://example.org/visits",
        "Business unit",
    )
    assert entries[0] == ManifestEntry(
        document,
        "visits.md",
        (folder / "visits.md").resolve(),
        "2013",
        date(2013, 4, 1),
        date(2014, 4, 1),
        date(2014, 1, 1),
        True,
        "the 2013 text",
        ("One, 2012",),
        Withdrawal(date(2014, 2, 1), "Merged.", "neglect"),
    )


def test_a_table_of_required_fields_alone_takes_the_defaults(folder: Path) -> None:
    [entry] = read(folder, table())

    assert entry == ManifestEntry(
        Document("visits", "Visits", Kind.PROCEDURE, "", Authority.LOCAL_PROCEDURE),
        "visits.md",
        (folder / "visits.md").resolve(),
    )


def test_eleven_mistakes_come_out_as_eleven_problems_in_the_files_order(folder: Path) -> None:
    found = problems(
        folder,
        table(id='"Visits 2013"', kind='"procedur"', titel='"Visits"'),
        table(id='"neglect"', file='"neglct.md"', in_force_from='"1 April 2013"'),
        table(id='"old"', file='"old.md"', in_force_from="2014-01-01", in_force_until="2013-01-01"),
        table(id='"more"', file='"visits.md"', historical='"yes"', withdrawn_on="2014-01-01"),
        table(
            id='"last"',
            file='"../outside.md"',
            replaced_by='"neglekt"',
            withdrawn_on="2014-01-01",
            withdrawn_reason='"x"',
        ),
    )

    assert found == (
        "document 1 'Visits 2013': id = 'Visits 2013': wanted small letters, digits and single hyphens, such as"
        " 'private-fostering'",
        "document 1 'Visits 2013': kind = 'procedur': wanted one of procedure, guidance, campaign, annual-report,"
        " contact-list; did you mean 'procedure'?",
        "document 1 'Visits 2013': unknown key 'titel'; did you mean 'title'?",
        "document 2 'neglect': in_force_from = '1 April 2013': wanted a date without quotes, such as 2025-03-01",
        "document 2 'neglect': file = 'neglct.md': there is no such file in 'corpus'; did you mean 'neglect.md'?",
        "document 3 'old': in_force_until = 2013-01-01: wanted a day after in_force_from, 2014-01-01",
        "document 4 'more': historical = 'yes': wanted true or false",
        "document 4 'more': file = 'visits.md': document 1 has the same file; wanted one table for each file",
        "document 4 'more': withdrawn_on = 2014-01-01: withdrawn_reason is missing; wanted a sentence that users may"
        " read",
        "document 5 'last': file = '../outside.md': wanted a path inside the folder, without '..'",
        "document 5 'last': replaced_by = 'neglekt': no document has this id; did you mean 'neglect'?",
    )


@pytest.mark.parametrize("field", list(BASE))
def test_a_required_field_that_is_missing_is_named(folder: Path, field: str) -> None:
    [problem] = problems(folder, table(**{field: ""}))

    assert f": {field} is missing; wanted " in problem


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", '" "'),
        ("title", "7"),
        ("audience", '"schools"'),
        ("audience", '["schools", 7]'),
        ("sources", '[""]'),
        ("url", '"javascript:alert(1)"'),
        ("url", '"www.example.org"'),
        ("review_by", "2025-03-01T09:00:00"),
        ("review_by", "1740787200"),
        ("historical", "1"),
        ("authority", '"Local procedure"'),
        ("id", '"-visits"'),
        ("file", '"sheet.xlsx"'),
        ("file", '"/etc/hosts.md"'),
        ("file", '"."'),
        ("owner", '["a"]'),
    ],
)
def test_a_value_that_a_field_may_not_hold_is_one_problem_that_names_the_field(
    folder: Path, field: str, value: str
) -> None:
    [problem] = problems(folder, table(**{field: value}))

    assert problem.startswith(("document 1 'visits': " + field, "document 1 '-visits': id"))


def test_a_link_that_leads_out_of_the_folder_is_refused(folder: Path) -> None:
    (folder / "link.md").symlink_to(folder.parent / "outside.md")

    [problem] = problems(folder, table(file='"link.md"'))

    assert problem == "document 1 'visits': file = 'link.md': it leads out of the folder; wanted a path inside it"


def test_editions_of_one_document_share_its_id(folder: Path) -> None:
    older = table(label='"2012"', in_force_from="2012-01-01", in_force_until="2013-01-01", file='"old.md"')
    entries = read(folder, older, table(label='"2013"', in_force_from="2013-01-01"))

    assert [(entry.document.id, entry.label) for entry in entries] == [("visits", "2012"), ("visits", "2013")]


def test_editions_in_force_on_the_same_day_are_refused(folder: Path) -> None:
    found = problems(
        folder,
        table(label='"2012"', in_force_from="2012-01-01", in_force_until="2013-01-02", file='"old.md"'),
        table(label='"2013"', in_force_from="2013-01-01"),
    )

    assert found == (
        "document 2 'visits': in_force_from = 2013-01-01: in force at the same time as document 1 'visits',"
        " 2012-01-01 to 2013-01-02; wanted an in_force_until for the older one, the day on which the newer one begins",
    )


def test_an_undated_historical_text_does_not_overlap_the_edition_in_force(folder: Path) -> None:
    older = table(label='"1999"', historical="true", file='"old.md"')

    assert len(read(folder, older, table(label='"2013"', in_force_from="2013-01-01"))) == 2


def test_a_duplicated_edition_and_one_that_contradicts_its_document_are_refused(folder: Path) -> None:
    found = problems(folder, table(), table(file='"old.md"', title='"Visiting"'))

    assert found == (
        "document 2 'visits': title = 'Visiting': document 1 'visits' says 'Visits'; wanted the same for all editions",
        "document 2 'visits': label = '': document 1 'visits' is the same edition; wanted a label of its own for each",
    )


def test_a_withdrawal_needs_its_day_and_another_document(folder: Path) -> None:
    found = problems(folder, table(replaced_by='"visits"', withdrawn_reason='"Old."'))

    assert [problem.split(": ")[1] for problem in found] == [
        "withdrawn_reason = 'Old.'",
        "replaced_by = 'visits'",
        "replaced_by = 'visits'",
    ]


def test_a_mistake_of_syntax_is_named_with_its_line(folder: Path) -> None:
    [problem] = problems(folder, table(), "title = \nx = 1")

    assert problem == "this is not TOML: Invalid value (at line 8, column 9)"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "no document in it; each document begins with a line [[document]]"),
        (b"document = 1", "document is not a list; each document begins with a line [[document]]"),
        (b"document = [1]", "document 1: 1: wanted a table of fields"),
        (b"title = '\xff'", "line 1 is not UTF-8; save the file as UTF-8"),
        (b"[[documents]]\n", "unknown key 'documents' outside any document; did you mean 'document'?"),
    ],
)
def test_a_manifest_of_another_shape_says_what_is_wanted(folder: Path, content: bytes, problem: str) -> None:
    (folder / "manifest.toml").write_bytes(content)

    with pytest.raises(BadManifest) as caught:
        read_manifest(folder)

    assert caught.value.problems[0] == problem


def test_a_folder_without_a_manifest_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadManifest, match=r"there is no manifest\.toml"):
        read_manifest(tmp_path)


def test_a_byte_order_mark_is_no_mistake(folder: Path) -> None:
    (folder / "manifest.toml").write_bytes(b"\xef\xbb\xbf" + table().encode())

    assert len(read_manifest(folder)) == 1


VALUES = st.sampled_from(
    [
        '"visits"',
        '"x\\u0000y.md"',
        "7",
        "nan",
        "true",
        "2020-01-01",
        "10:00:00",
        "[]",
        '["a", {b = 1}]',
        "{}",
        '"../a.md"',
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from([*BASE, "label", "in_force_from", "x", "replaced_by"]), VALUES), max_size=4
    )
)
def test_whatever_the_tables_hold_only_bad_manifest_comes_out(folder: Path, tables: list[dict[str, str]]) -> None:
    entries: tuple[ManifestEntry, ...] = ()
    found: tuple[str, ...] = ()
    try:
        entries = read(folder, *(table(**fields) for fields in tables))
    except BadManifest as error:
        found = error.problems

    assert found or len(entries) == len(tables)
