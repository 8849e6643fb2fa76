"""Plain text is read by the marks that its writers leave, and no word of it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.clean import clean_block, clean_text
from ingest.loaders import load
from ingest.loaders.text import parse_text
from kb.documents import ElementKind

HEADING, PARAGRAPH, ITEM, ROW = ElementKind.HEADING, ElementKind.PARAGRAPH, ElementKind.ITEM, ElementKind.ROW
REPORT = Path(__file__).parents[3] / "shared" / "annual-report" / "hscb-annual-report-2012-13.txt"


def blocks(text: str) -> list[Block]:
    return [cleaned for block in parse_text(text).blocks if (cleaned := clean_block(block))]


def texts(text: str) -> list[str]:
    return [block.text for block in blocks(text)]


def test_blank_lines_part_paragraphs_and_wrapped_lines_are_rejoined() -> None:
    wrapped = (
        "The social worker visits the child at home\n"
        "within seven days and sees the child alone\n"
        "wherever that is safe. Each visit is noted\n"
        "down.\n"
        "The manager reads the note.\n"
        "\n"
        "Another paragraph stands here."
    )

    assert texts(wrapped) == [
        "The social worker visits the child at home within seven days and sees the child alone wherever that is safe."
        " Each visit is noted down.",
        "The manager reads the note.",
        "Another paragraph stands here.",
    ]


def test_a_file_with_a_paragraph_on_each_line_keeps_them_apart() -> None:
    long = "This sentence goes on for a good while so that nobody would take its line for one that was wrapped by hand"
    lines = [f"{long}, and that is the end of paragraph {number}." for number in range(3)]

    assert texts("\n".join([*lines, f"{long} {long}."])) == [*lines, f"{long} {long}."]


def test_a_sentence_cut_by_a_blank_line_or_a_page_is_whole_again() -> None:
    text = "The broad purpose of the review is to identify any\n\n"
    text += "Page 18 of 39\n\f\nmodifiable factors and what can be learnt."

    assert texts(text) == [
        "The broad purpose of the review is to identify any modifiable factors and what can be learnt."
    ]


def test_a_word_divided_at_a_lines_end_is_healed_by_the_files_own_spelling() -> None:
    text = "The multi-agency plan for safeguarding.\n\nA multi-\nagency team does the safe-\nguarding of the child."

    assert texts(text)[1] == "A multi-agency team does the safeguarding of the child."


@pytest.mark.parametrize("bullet", ["•", "-", "*", "\u2013", "\uf0b7", "▪", "·"])
def test_each_bullet_begins_an_item(bullet: str) -> None:
    text = f"You need:\n{bullet} a plan for the child\n  and the family\n"
    text += f"{bullet} a visit\n    {bullet} at home\n{bullet} a note"

    assert [(block.kind, block.text, block.level) for block in blocks(text)] == [
        (PARAGRAPH, "You need:", 0),
        (ITEM, "• a plan for the child and the family", 1),
        (ITEM, "• a visit", 1),
        (ITEM, "• at home", 2),
        (ITEM, "• a note", 1),
    ]


def test_numbered_items_keep_their_own_markers() -> None:
    text = (
        "Steps:\n\n1. Ring us\n2. Write it down\n  (a) the day\n  (b) the hour\n\n3) Tell your manager\n- 4) Close it"
    )

    assert texts(text) == [
        "Steps:",
        "1. Ring us",
        "2. Write it down",
        "(a) the day",
        "(b) the hour",
        "3) Tell your manager",
        "4) Close it",
    ]


def test_an_o_is_a_bullet_only_below_another_item() -> None:
    assert texts("- a\n  o b\n") == ["• a", "• b"]
    assert texts("o b is not a word here\n") == ["o b is not a word here"]


def test_a_dash_or_a_number_inside_a_wrapped_sentence_begins_no_item() -> None:
    assert texts("The plan was read by the chair\n- who agreed - and sent on to section\n3. of the board's list") == [
        "The plan was read by the chair - who agreed - and sent on to section 3. of the board's list"
    ]


def test_a_sentence_that_begins_with_a_or_i_is_no_item() -> None:
    assert texts("A plan was made.\n\nI saw the child.") == ["A plan was made.", "I saw the child."]


def test_adjacent_lines_with_as_many_tabs_are_rows() -> None:
    assert blocks("Fees\nCourse\tFee\nVisits\t£10\nNeglect\t£20\n\nAfter that.") == [
        Block(PARAGRAPH, "Fees"),
        Block(ROW, "Course | Fee", is_header=True),
        Block(ROW, "Visits | £10"),
        Block(ROW, "Neglect | £20"),
        Block(PARAGRAPH, "After that."),
    ]


def test_a_row_cut_over_two_lines_is_one_row() -> None:
    text = "Ref\tIndicator\tLead\n1a\tRate of re-offending\tAnn\n\taged 10 to 17\tBee\n1b\tNumber of plans\tCee\n"

    assert texts(text) == [
        "Ref | Indicator | Lead",
        "1a | Rate of re-offending aged 10 to 17 | Ann Bee",
        "1b | Number of plans | Cee",
    ]


def test_a_single_line_with_a_tab_is_no_table() -> None:
    assert blocks("Tel:\t01234 567890\n\n\tIndented words.") == [
        Block(PARAGRAPH, "Tel: 01234 567890"),
        Block(PARAGRAPH, "Indented words."),
    ]


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("Private fostering", 2),
        ("Who must be told, and by when", 2),
        ("What are the Board's priorities for 2013-14?", 2),
        ("Reviewing Individual Cases of Death or Serious Injury in Particular Depth", 2),
        ("1 Introduction", 2),
        ("2. Who must be told", 2),
        ("2.1 Visits to the child", 3),
        ("2.1.4. When a visit fails", 4),
        ("This is a sentence.", 0),
        ("You will need:", 0),
        ("continued from above", 0),
        ("The aim of the group is to", 0),
        ("www.example.org", 0),
        ("Tel 01234 567890", 0),
        ("someone@example.org", 0),
        ("The group also watches and weighs what single agencies and many agencies together teach their staff", 0),
        ("12345", 0),
    ],
)
def test_a_line_alone_is_a_heading_where_it_reads_like_one(line: str, level: int) -> None:
    found = blocks(f"Opening words that end here.\n\n{line}\n\nThe text below it goes on.")[1]

    assert found == Block(HEADING if level else PARAGRAPH, line, level)


def test_lines_in_capitals_or_underlined_are_headings_of_the_text_below_them() -> None:
    assert blocks("THE BOARD\nIt meets often.\n\nVisits\n======\nThey are made.\n\nNotes\n-----\nThey are kept.") == [
        Block(HEADING, "THE BOARD", 2),
        Block(PARAGRAPH, "It meets often."),
        Block(HEADING, "Visits", 1),
        Block(PARAGRAPH, "They are made."),
        Block(HEADING, "Notes", 2),
        Block(PARAGRAPH, "They are kept."),
    ]


def test_items_parted_by_blank_lines_are_no_headings() -> None:
    assert [b.kind for b in blocks("Steps:\n\n1. Ring us\n\n2. Write it down\n\n3. Tell them\n\nThen rest.")] == [
        PARAGRAPH,
        ITEM,
        ITEM,
        ITEM,
        PARAGRAPH,
    ]


def test_the_last_line_of_a_file_heads_nothing() -> None:
    assert blocks("Some text stands here.\n\nThe End")[-1].kind is PARAGRAPH


def test_the_first_heading_is_the_title_of_a_file_that_begins_with_one() -> None:
    assert parse_text("Annual Report\n\nText stands here.").title == "Annual Report"
    assert parse_text("Text stands here.\n\nHeading\n\nMore of it.").title is None


def test_a_file_on_one_line_is_one_paragraph() -> None:
    text = ("The child is seen alone. " * 4_000).strip()

    assert blocks(text) == [Block(PARAGRAPH, text)]


@pytest.mark.parametrize(
    "line",
    [
        "a" * 300_000,
        " " * 300_000 + "x",
        "a-\n" * 50_000,
        "\t" * 99_999 + "x",
        "-" * 200_000 + "x",
        "1." * 99_999,
        ".'" * 99_999,
    ],
)
def test_a_text_without_shape_is_read_in_linear_time(line: str) -> None:
    assert parse_text(line + "\n" + line).blocks


@pytest.mark.parametrize(
    "raw",
    [
        "café \u2013 €".encode(),
        "café \u2013 €".encode("cp1252"),
        "\ufeffcafé \u2013 €".encode(),
        "\ufeffcafé \u2013 €".encode("utf-16-be"),
    ],
)
def test_the_letters_come_out_right_in_every_encoding(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(raw)

    assert [block.text for block in load(tmp_path / "a.txt").blocks] == ["café \u2013 €"]


PIECES = [
    "\n",
    "\n\n",
    "\r\n",
    "\f",
    "\t",
    " ",
    "- ",
    "• ",
    "1. ",
    "(a) ",
    "===\n",
    "-\n",
    "Word",
    "word",
    "a",
    "12",
    ".",
    ":",
    "o ",
    "I ",
]


def letters(text: str) -> list[str]:
    return sorted(char for char in clean_text(text) if char.isalnum())


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_letter_is_lost_whatever_the_shape(text: str) -> None:
    found = letters(" ".join(block.text for block in blocks(text)))

    # An 'o' that is a bullet is shown as one.
    assert [char for char in found if char != "o"] == [char for char in letters(text) if char != "o"]


@pytest.mark.skipif(not REPORT.exists(), reason="an optional folder ../shared of extra test data is not here")
def test_the_annual_report_comes_out_in_headings_items_and_rows() -> None:
    loaded = load(REPORT)

    headings = [block.text for block in loaded.blocks if block.kind is HEADING]
    rows = [block for block in loaded.blocks if block.kind is ROW]
    assert loaded.title is not None
    assert {"Reviewing Child Deaths", "Improving Outcomes Group", "Budget", "Membership"} <= set(headings)
    assert "CDOP | Child Death Overview Panel" in [row.text for row in rows]
    assert len(headings) < 90
    assert sum(row.is_header for row in rows) >= 8
