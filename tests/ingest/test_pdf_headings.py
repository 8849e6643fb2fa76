"""What the PDF loader takes for a heading, of which level, and what for a caption."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.blocks import Loaded
from kb.documents import ElementKind
from tests.ingest.sheet import FULL, GOES_ON, OTHER, Sheet, told

HEADING, PARAGRAPH = ElementKind.HEADING, ElementKind.PARAGRAPH


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path / "sheet.pdf")


def test_headings_take_their_levels_from_size(sheet: Sheet) -> None:
    sheet.heading("Private fostering", size=22)
    sheet.heading("Visits", size=16)
    sheet.lines(FULL, GOES_ON)
    sheet.heading("Records", size=16)
    sheet.heading("Signing", size=13)
    sheet.lines(OTHER)

    headings = [(block.level, block.text) for block in sheet.load().blocks if block.kind is HEADING]

    assert headings == [(1, "Private fostering"), (2, "Visits"), (2, "Records"), (3, "Signing")]


def levels(loaded: Loaded) -> list[tuple[int, str]]:
    return [(block.level, block.text) for block in loaded.blocks if block.kind is HEADING]


def test_a_number_within_a_number_goes_below_it_where_both_look_alike(sheet: Sheet) -> None:
    for title in ("4. Visits", "4.1. First visit", "4.2. Later visits", "4.2.1. At night", "5. Records", "5.1 Signing"):
        sheet.heading(title, size=11)
        sheet.lines(FULL, GOES_ON)

    assert levels(sheet.load()) == [
        (1, "4. Visits"),
        (2, "4.1. First visit"),
        (2, "4.2. Later visits"),
        (3, "4.2.1. At night"),
        (1, "5. Records"),
        (2, "5.1 Signing"),
    ]


def test_a_number_goes_below_no_number_that_only_begins_like_it(sheet: Sheet) -> None:
    for title in ("1. Visits", "10. Records", "10.2 Signing", "12 Sites"):
        sheet.heading(title, size=11)
        sheet.lines(FULL, GOES_ON)

    assert [level for level, _ in levels(sheet.load())] == [1, 1, 2, 1]


def test_an_abbreviation_in_capitals_is_no_heading_of_a_higher_level(sheet: Sheet) -> None:
    for title in ("CHAPTER 6: AGENCIES", "Police", "CAMHS", "Schools"):
        sheet.heading(title, size=12)
        sheet.lines(FULL, "the child alone, with a worker of CAMHS where one is known, and writes down what was said.")

    assert levels(sheet.load()) == [(1, "CHAPTER 6: AGENCIES"), (2, "Police"), (2, "CAMHS"), (2, "Schools")]


@pytest.mark.parametrize(
    ("lines", "caption"),
    [
        (("BOX 8", "Changing how one lives"), "BOX 8 Changing how one lives"),
        (("Table 3: Visits by district",), "Table 3: Visits by district"),
        (("Figure 2.1", "Visits by month"), "Figure 2.1 Visits by month"),
    ],
)
def test_a_caption_heads_nothing_since_nothing_tells_where_what_it_names_ends(
    sheet: Sheet, lines: tuple[str, ...], caption: str
) -> None:
    sheet.heading("Partnerships")
    sheet.lines(FULL, GOES_ON)
    for line in lines:
        sheet.line(line, font="Helvetica-Bold", gap=26)
    sheet.lines(FULL, GOES_ON)
    sheet.lines(f"5.18. {OTHER}")

    found = told(sheet.load())

    assert [text for kind, text in found if kind is HEADING] == ["Partnerships"]
    assert found[2] == (PARAGRAPH, caption)
    assert found[-1] == (PARAGRAPH, f"5.18. {OTHER}")


def test_a_heading_over_two_lines_is_one_heading(sheet: Sheet) -> None:
    sheet.heading("What the social worker does when a child")
    sheet.line("is cared for by a relative", size=16, font="Helvetica-Bold", gap=19)
    sheet.lines(FULL, GOES_ON)

    assert told(sheet.load())[0] == (HEADING, "What the social worker does when a child is cared for by a relative")


def test_bookmarks_tell_headings_that_look_like_text(sheet: Sheet) -> None:
    for level, (key, title) in enumerate([("a", "Duties"), ("b", "Duty to notify"), ("c", "When")]):
        sheet.lines(title)
        sheet.canvas.bookmarkPage(key)
        sheet.canvas.addOutlineEntry(title, key, level)
        sheet.lines(FULL, GOES_ON)

    headings = [(block.level, block.text) for block in sheet.load().blocks if block.kind is HEADING]

    assert headings == [(1, "Duties"), (2, "Duty to notify"), (3, "When")]
