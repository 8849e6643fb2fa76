"""What the PDF loader makes of pages that were drawn here, and of the optional folder of extra test data."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Block
from kb.documents import ElementKind
from tests.ingest.sheet import FULL, GOES_ON, HEIGHT, OTHER, WIDTH, Sheet, told

HEADING, PARAGRAPH, ITEM, ROW = ElementKind.HEADING, ElementKind.PARAGRAPH, ElementKind.ITEM, ElementKind.ROW


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path / "sheet.pdf")


def test_the_lines_of_a_paragraph_become_one_block(sheet: Sheet) -> None:
    sheet.lines(FULL, GOES_ON)
    sheet.lines(OTHER)

    loaded = sheet.load()

    assert told(loaded) == [(PARAGRAPH, f"{FULL} {GOES_ON}"), (PARAGRAPH, OTHER)]


def test_a_paragraph_that_runs_over_the_page_end_stays_whole_and_tells_where_the_page_begins(sheet: Sheet) -> None:
    sheet.lines(OTHER)
    sheet.lines(FULL)
    sheet.page()
    sheet.lines(GOES_ON)

    blocks = sheet.load().blocks

    assert blocks[1] == Block(PARAGRAPH, f"{FULL} {GOES_ON}", page=1, breaks=((len(FULL) + 1, 2),))


def test_a_sentence_that_ends_with_the_page_ends_its_paragraph(sheet: Sheet) -> None:
    sheet.lines(OTHER)
    sheet.page()
    sheet.lines(FULL, GOES_ON)

    assert told(sheet.load()) == [(PARAGRAPH, OTHER), (PARAGRAPH, f"{FULL} {GOES_ON}")]


def test_a_footnote_stands_after_the_paragraph_that_runs_on_to_the_next_page(sheet: Sheet) -> None:
    sheet.lines(OTHER, FULL)
    sheet.at(72, 120, "1", size=5)
    sheet.at(76, 116, "Regulation 8 of the 2005 Regulations.", size=8)
    sheet.page()
    sheet.lines(GOES_ON, OTHER)

    assert told(sheet.load()) == [
        (PARAGRAPH, f"{OTHER} {FULL} {GOES_ON} {OTHER}"),
        (PARAGRAPH, "1 Regulation 8 of the 2005 Regulations."),
    ]


def test_the_raised_number_of_a_note_leaves_the_word_it_hangs_on(sheet: Sheet) -> None:
    sheet.line("The plan follows national policy")
    end = 72 + sheet.canvas.stringWidth("The plan follows national policy", "Helvetica", 11)
    sheet.at(end, sheet.y + 4, "12", size=6.5)
    sheet.at(end + 8, sheet.y, ", as agreed.", size=11)

    assert told(sheet.load()) == [(PARAGRAPH, "The plan follows national policy, as agreed.")]


def test_heads_feet_and_page_numbers_leave_the_text_and_number_the_pages(sheet: Sheet) -> None:
    for number in range(1, 7):
        left = number % 2 == 0
        sheet.at(
            72 if left else 380, HEIGHT - 40, f"{number + 4} Board manual" if left else f"Board manual {number + 4}"
        )
        sheet.at(72, 40, "Uncontrolled when printed")
        sheet.lines(f"Text of sheet {'abcdefg'[number]} says something of its own, and ends here.")
        sheet.page()

    loaded = sheet.load()

    assert [text for _, text in told(loaded)] == [
        f"Text of sheet {letter} says something of its own, and ends here." for letter in "bcdefg"
    ]
    assert loaded.page_labels == ("5", "6", "7", "8", "9", "10")


def test_front_matter_keeps_its_roman_numbers(sheet: Sheet) -> None:
    for label in ("i", "ii", "iii", "iv", "1", "2", "3", "4"):
        sheet.at(290, 40, label)
        sheet.lines(f"Sheet {label!r} speaks.")
        sheet.page()

    assert sheet.load().page_labels == ("i", "ii", "iii", "iv", "1", "2", "3", "4")


def test_notes_at_the_foot_of_many_pages_are_no_running_feet(sheet: Sheet) -> None:
    for number in range(1, 7):
        sheet.lines(FULL, GOES_ON)
        sheet.at(72, 70, str(number * 3), size=5)
        sheet.at(80, 66, f"Q {number * 7}.", size=8)
        sheet.page()

    notes = [text for _, text in told(sheet.load()) if " Q " in text]

    assert notes == [f"{number * 3} Q {number * 7}." for number in range(1, 7)]


def test_a_number_printed_in_the_middle_of_no_page_is_kept(sheet: Sheet) -> None:
    sheet.lines("In the year the Board reviewed", "574", "cases, of which few were new.")

    assert "574" in " ".join(text for _, text in told(sheet.load()))


def test_a_numbered_paragraph_is_no_heading(sheet: Sheet) -> None:
    sheet.lines("29. The panel concluded that the visits were made in time.")
    sheet.lines("4.2 Timescales")
    sheet.lines(FULL, GOES_ON)

    kinds = [kind for kind, _ in told(sheet.load())]

    assert kinds[0] is not HEADING
    assert kinds[1] is HEADING


def test_paragraphs_numbered_through_the_document_are_paragraphs_not_a_list(sheet: Sheet) -> None:
    for number in range(1, 13):
        sheet.lines(f"{number}. {FULL}", GOES_ON)

    assert {block.kind for block in sheet.load().blocks} == {PARAGRAPH}


def test_a_bold_run_in_lead_stays_in_its_paragraph(sheet: Sheet) -> None:
    sheet.line("Visits.", font="Helvetica-Bold")
    sheet.at(112, sheet.y, "The social worker visits within a week and then often, and then", size=11)
    sheet.line(GOES_ON)

    kind, text = told(sheet.load())[0]

    assert (kind, text[:27]) == (PARAGRAPH, "Visits. The social worker v")


def test_list_items_keep_a_plain_marker_their_level_and_their_later_lines(sheet: Sheet) -> None:
    sheet.lines("The record holds:")
    sheet.line("\u2022", x=82)
    sheet.at(96, sheet.y, "who was seen, and", size=11)
    sheet.line("where they were seen", x=96)
    sheet.line("o", x=106, font="Courier")
    sheet.at(120, sheet.y, "at home", size=11)
    sheet.line("o", x=106, font="Courier")
    sheet.at(120, sheet.y, "at school", size=11)
    sheet.line("\u2022 what was said", x=82)

    items = [(block.text, block.level) for block in sheet.load().blocks if block.kind is ITEM]

    assert items == [
        ("\u2022 who was seen, and where they were seen", 1),
        ("\u2022 at home", 2),
        ("\u2022 at school", 2),
        ("\u2022 what was said", 1),
    ]


@pytest.mark.parametrize("marker", ["1.", "(a)", "b)", "iv."])
def test_numbered_items_keep_their_numbers(sheet: Sheet, marker: str) -> None:
    sheet.lines("The manager:")
    sheet.line(f"{marker} signs the record", x=90)

    assert told(sheet.load())[-1] == (ITEM, f"{marker} signs the record")


def ruled(sheet: Sheet, rows: list[list[str]], edges: list[float], height: float = 20) -> None:
    top = sheet.y - 10
    for number, row in enumerate(rows):
        y = top - number * height
        for x, text in zip(edges, row, strict=False):
            for depth, part in enumerate(text.split("\n")):
                sheet.at(x + 4, y - 12 - 10 * depth, part)
        sheet.canvas.grid(edges, [y, y - height])
    sheet.y = top - len(rows) * height


BUDGET = [["Agency", "Amount"], ["County Council", "317,937"], ["Police", "18,167"], ["Total", "336,104"]]


def test_a_ruled_table_keeps_each_number_with_its_label(sheet: Sheet) -> None:
    sheet.lines("Contributions:")
    ruled(sheet, BUDGET, [72, 250, 400])

    rows = [(block.text, block.is_header) for block in sheet.load().blocks if block.kind is ROW]

    assert rows == [
        ("Agency | Amount", True),
        ("County Council | 317,937", False),
        ("Police | 18,167", False),
        ("Total | 336,104", False),
    ]


def test_a_cell_over_two_lines_stays_in_its_row(sheet: Sheet) -> None:
    ruled(sheet, [["Course", "Places"], ["Working with resistant\nand reluctant families", "65"]], [72, 250, 400], 32)

    assert told(sheet.load())[-1] == (ROW, "Working with resistant and reluctant families | 65")


def test_the_caption_in_a_table_has_its_divided_words_healed(sheet: Sheet) -> None:
    rows = [["", "Outcome 5: protect by rigor-\nous recruitment"], ["Ref", "Indicator"], ["5a", "Number of staff"]]
    ruled(sheet, rows, [72, 130, 300, 400], height=30)

    texts = [text for _, text in told(sheet.load())]

    assert texts == ["Outcome 5: protect by rigorous recruitment", "Ref | Indicator", "5a | Number of staff"]


def test_a_table_over_two_pages_is_one_table_with_one_header(sheet: Sheet) -> None:
    ruled(sheet, BUDGET, [72, 250, 400])
    sheet.page()
    ruled(sheet, [BUDGET[0], ["Health", "99,918"]], [72, 250, 400])
    sheet.lines(FULL, GOES_ON)

    loaded = sheet.load()

    assert [block.text for block in loaded.blocks if block.is_header] == ["Agency | Amount"]
    assert (ROW, "Health | 99,918") in told(loaded)
    assert [block.page for block in loaded.blocks if block.kind is ROW] == [1, 1, 1, 1, 2]


def test_a_table_without_rules_is_told_by_its_columns(sheet: Sheet) -> None:
    sheet.lines(FULL, GOES_ON)
    for row in BUDGET:
        sheet.line(row[0], gap=18)
        sheet.at(300, sheet.y, row[1], size=11)
    sheet.lines(OTHER)

    assert [text for kind, text in told(sheet.load()) if kind is ROW] == [" | ".join(row) for row in BUDGET]


def test_a_frame_around_text_is_no_table(sheet: Sheet) -> None:
    sheet.canvas.rect(60, sheet.y - 60, 480, 50)
    sheet.lines(FULL, GOES_ON)

    assert told(sheet.load()) == [(PARAGRAPH, f"{FULL} {GOES_ON}")]


COUNTED = ("one", "two", "three", "four", "five", "six", "seven")
LEFT = [f"left column line {word} goes on and" for word in COUNTED]
RIGHT = [f"right column line {word} goes on and" for word in COUNTED]


def test_two_columns_of_text_are_read_one_after_the_other(sheet: Sheet) -> None:
    for left, right in zip(LEFT, RIGHT, strict=True):
        sheet.line(left)
        sheet.at(310, sheet.y, right, size=11)

    text = " ".join(text for _, text in told(sheet.load()))

    assert text == " ".join(LEFT + RIGHT)


def test_a_contents_list_gives_no_blocks(sheet: Sheet) -> None:
    sheet.heading("Contents")
    for number, title in enumerate(["Visits", "Records", "Signing", "Complaints"], start=1):
        sheet.line(f"{number}. {title} " + "." * 60 + f" {number + 2}", gap=20)
    sheet.page()
    sheet.heading("Visits")
    sheet.lines(FULL, GOES_ON)

    assert told(sheet.load()) == [(HEADING, "Visits"), (PARAGRAPH, f"{FULL} {GOES_ON}")]


def test_slanted_text_across_the_page_is_left_out(sheet: Sheet) -> None:
    sheet.lines(FULL, GOES_ON)
    sheet.canvas.saveState()
    sheet.canvas.translate(200, 300)
    sheet.canvas.rotate(45)
    sheet.at(0, 0, "DRAFT", size=80)
    sheet.canvas.restoreState()

    assert told(sheet.load()) == [(PARAGRAPH, f"{FULL} {GOES_ON}")]


def test_a_page_turned_on_its_side_reads_like_any_other(sheet: Sheet) -> None:
    sheet.canvas.translate(WIDTH, 0)
    sheet.canvas.rotate(90)
    sheet.at(80, 400, FULL, size=11)
    sheet.at(80, 386, GOES_ON, size=11)

    assert told(sheet.load()) == [(PARAGRAPH, f"{FULL} {GOES_ON}")]


def test_letters_set_apart_make_one_word_and_a_gap_parts_words_without_a_space(sheet: Sheet) -> None:
    sheet.y -= 20
    text = sheet.canvas.beginText(72, sheet.y)
    text.setFont("Helvetica", 11)
    text.setCharSpace(0.6)
    text.textOut("government")
    sheet.canvas.drawText(text)
    sheet.at(72 + 75, sheet.y, "decides", size=11)

    assert told(sheet.load()) == [(PARAGRAPH, "government decides")]


words = st.lists(st.text("abcdefghijklmnoprstuvw", min_size=2, max_size=11), min_size=1, max_size=160)


@settings(max_examples=25, deadline=None)
@given(words)
def test_no_word_of_running_text_is_lost_doubled_or_moved(
    tmp_path_factory: pytest.TempPathFactory, said: list[str]
) -> None:
    sheet = Sheet(tmp_path_factory.mktemp("words") / "sheet.pdf")
    for start in range(0, len(said), 9):
        sheet.line(" ".join(said[start : start + 9]), size=9)

    read = "".join(text for _, text in told(sheet.load()))

    assert letters(read) == "".join(said)


def letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
