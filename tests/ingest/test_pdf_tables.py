"""Tables and bullets that a PDF draws in ways of their own: level lines, coloured cells, shapes for bullets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from ingest.blocks import Loaded
from ingest.loaders.pdf import load_pdf
from kb.documents import ElementKind

Draw = Callable[[Canvas], object]
Load = Callable[[Draw], Loaded]
LEAD = "The Board reads these figures at each of its meetings and asks what stands behind them."


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def loaded(draw: Draw) -> Loaded:
        canvas = Canvas(str(tmp_path / "sheet.pdf"))
        canvas.setFont("Helvetica", 10)
        canvas.drawString(72, 760, LEAD)
        draw(canvas)
        canvas.save()
        return load_pdf(tmp_path / "sheet.pdf")

    return loaded


def rows(loaded: Loaded) -> list[str]:
    return [block.text for block in loaded.blocks if block.kind is ElementKind.ROW]


def test_lines_drawn_cell_by_cell_tell_the_columns_of_a_table_without_uprights(load: Load) -> None:
    def draw(canvas: Canvas) -> None:
        for y in (700, 672, 644):
            for x0, x1 in ((72, 150), (150, 420), (420, 500)):
                canvas.line(x0, y, x1, y)
        for x, y, text in [
            (74, 708, "Role"), (152, 708, "Duty"), (422, 708, "By when"),
            (74, 690, "Social"), (74, 678, "worker"), (152, 690, "Sees the child alone"), (422, 690, "7 days"),
            (74, 654, "Manager"), (152, 654, "Signs the record"), (422, 654, "5 days"),
        ]:  # fmt: skip
            canvas.drawString(x, y, text)

    loaded = load(draw)

    assert rows(loaded) == [
        "Role | Duty | By when",
        "Social worker | Sees the child alone | 7 days",
        "Manager | Signs the record | 5 days",
    ]
    assert [block.is_header for block in loaded.blocks] == [False, True, False, False]


def test_coloured_cells_tell_a_table_without_rules(load: Load) -> None:
    def draw(canvas: Canvas) -> None:
        for row, (area, cases) in enumerate([("Area", "Cases"), ("North", "7"), ("South", "9")]):
            for x, text in ((72, area), (124, cases)):
                canvas.setFillGray(0.9)
                canvas.rect(x, 690 - 22 * row, 50, 20, stroke=0, fill=1)
                canvas.setFillGray(0)
                canvas.drawString(x + 3, 696 - 22 * row, text)

    assert rows(load(draw)) == ["Area | Cases", "North | 7", "South | 9"]


def test_small_discs_before_lines_are_bullets(load: Load) -> None:
    def draw(canvas: Canvas) -> None:
        for row, (x, text) in enumerate([(90, "is under 16;"), (110, "is counted on the day"), (90, "is cared for")]):
            canvas.circle(x - 10, 703 - 14 * row, 2, stroke=0, fill=1)
            canvas.drawString(x, 700 - 14 * row, text)

    items = [(block.text, block.level) for block in load(draw).blocks if block.kind is ElementKind.ITEM]

    assert items == [("\u2022 is under 16;", 1), ("\u2022 is counted on the day", 2), ("\u2022 is cared for", 1)]


def test_a_row_that_was_ruled_line_by_line_is_made_whole_by_its_empty_key(load: Load) -> None:
    cells = [
        ("Ref", "Indicator", "Lead"),
        ("6a", "Rate of proven re-offending", "Jo Vale"),
        ("", "aged 10 to 17", "Police"),
        ("6b", "Children looked after", "Al Rowe"),
    ]

    def draw(canvas: Canvas) -> None:
        canvas.grid([72, 110, 330, 450], [700 - 20 * n for n in range(len(cells) + 1)])
        for row, texts in enumerate(cells):
            for x, text in zip((74, 112, 332), texts, strict=True):
                canvas.drawString(x, 686 - 20 * row, text)

    assert rows(load(draw)) == [
        "Ref | Indicator | Lead",
        "6a | Rate of proven re-offending aged 10 to 17 | Jo Vale Police",
        "6b | Children looked after | Al Rowe",
    ]


def test_a_label_on_two_ruled_rows_is_joined_to_its_number(load: Load) -> None:
    cells = [("Agency", "Amount"), ("Police and Crime", ""), ("Commissioner", "18,167"), ("Probation", "4,542")]

    def draw(canvas: Canvas) -> None:
        canvas.grid([72, 250, 350], [700 - 20 * n for n in range(len(cells) + 1)])
        for row, (label, amount) in enumerate(cells):
            canvas.drawString(74, 686 - 20 * row, label)
            canvas.drawString(252, 686 - 20 * row, amount)

    assert rows(load(draw)) == ["Agency | Amount", "Police and Crime Commissioner | 18,167", "Probation | 4,542"]


def test_a_glossary_has_no_header(load: Load) -> None:
    terms = [("CAF", "Common Assessment Framework"), ("CP", "child protection"), ("LADO", "designated officer")]

    def draw(canvas: Canvas) -> None:
        canvas.grid([72, 150, 400], [700 - 20 * n for n in range(len(terms) + 1)])
        for row, (term, meaning) in enumerate(terms):
            canvas.drawString(74, 686 - 20 * row, term)
            canvas.drawString(152, 686 - 20 * row, meaning)

    loaded = load(draw)

    assert rows(loaded) == [" | ".join(term) for term in terms]
    assert not any(block.is_header for block in loaded.blocks)


def test_widely_set_justified_text_is_no_table(load: Load) -> None:
    said = [LEAD.split()[at:] + LEAD.split()[:at] for at in (0, 3, 6, 9, 12)]

    def draw(canvas: Canvas) -> None:
        for row, words in enumerate(said):
            shown = words[:12]
            space = (500 - sum(canvas.stringWidth(word, "Helvetica", 10) for word in shown)) / (len(shown) - 1)
            x = 72.0
            for word in shown:
                canvas.drawString(x, 700 - 12 * row, word)
                x += canvas.stringWidth(word, "Helvetica", 10) + space

    assert rows(load(draw)) == []


def test_a_line_of_text_drawn_twice_in_one_place_is_read_once(load: Load) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "Ring 999 in an emergency.")
        canvas.drawString(72.4, 700.2, "Ring 999 in an emergency.")

    assert load(draw).blocks[-1].text == "Ring 999 in an emergency."


def test_text_outside_the_page_is_not_read(load: Load) -> None:
    assert [block.text for block in load(lambda canvas: canvas.drawString(72, -200, "hidden words")).blocks] == [LEAD]


table = st.lists(
    st.tuples(st.text("abcdefg", min_size=1, max_size=12), st.integers(10, 99_999), st.integers(10, 99_999)),
    min_size=3,
    max_size=25,
)


@settings(max_examples=20, deadline=None)
@given(table)
def test_no_number_of_a_ruled_table_leaves_its_label(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, int, int]]
) -> None:
    path = tmp_path_factory.mktemp("table") / "sheet.pdf"
    canvas = Canvas(str(path))
    canvas.grid([72, 200, 300, 400], [800 - 20 * n for n in range(len(cells) + 1)])
    for row, texts in enumerate(cells):
        for x, text in zip((74, 202, 302), texts, strict=True):
            canvas.drawString(x, 786 - 20 * row, str(text))
    canvas.save()

    assert rows(load_pdf(path)) == [" | ".join(map(str, row)) for row in cells]
