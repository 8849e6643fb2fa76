from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from kb.errors import NotReadable
from kb.picture import MAX_SIDE, picture
from kb.reading import OnPage, letters

YELLOW = (255, 236, 130)


def pdf(draw: Callable[[Canvas], None], size: tuple[float, float] = (400, 500)) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size)
    draw(canvas)
    canvas.showPage()
    canvas.drawString(50, 400, "The second page.")
    canvas.save()
    return file.getvalue()


def rule(canvas: Canvas) -> None:
    canvas.drawString(50, 400, "A visit is made within seven working days of the noti-")
    canvas.drawString(50, 380, "fication. Nothing else stands here.")
    canvas.drawString(50, 200, "Yes")
    canvas.drawString(50, 100, "Yes")


def yellow_rows(png: bytes) -> list[int]:
    """The picture's rows, as shares of a hundred from the top, that hold the marker's colour."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    rows = [
        y * 100 // image.height
        for y in range(image.height)
        if any(close(image.getpixel((x, y))) for x in range(0, image.width, 2))
    ]
    return sorted(set(rows))


def close(pixel: float | tuple[int, ...] | None) -> bool:
    return isinstance(pixel, tuple) and all(abs(one - other) < 25 for one, other in zip(pixel, YELLOW, strict=True))


def test_a_quote_over_a_line_end_and_a_hyphen_is_marked_on_both_lines() -> None:
    drawn = picture(pdf(rule), "rules.pdf", 1, [OnPage(letters("within seven working days of the notification."))])

    rows = yellow_rows(drawn.png)
    assert drawn.placed
    assert {18, 19} & set(rows)
    assert {22, 23} & set(rows)
    assert max(rows) < 30


def test_of_two_places_that_read_the_same_the_one_meant_is_marked() -> None:
    drawn = picture(pdf(rule), "rules.pdf", 1, [OnPage("yes", nth=2, of=2)])

    assert drawn.placed
    assert min(yellow_rows(drawn.png)) > 70


@pytest.mark.parametrize(
    "quotes",
    [
        [OnPage("thisisnotonthepage")],
        [OnPage("yes", nth=1, of=3)],
        [OnPage("avisitismade"), OnPage("thisisnotonthepage")],
    ],
    ids=["not there", "which one is unsure", "one of two not there"],
)
def test_a_quote_that_cannot_be_placed_marks_nothing(quotes: list[OnPage]) -> None:
    drawn = picture(pdf(rule), "rules.pdf", 1, quotes)

    assert not drawn.placed
    assert yellow_rows(drawn.png) == []


def test_ligatures_of_the_page_match_the_letters_of_the_text() -> None:
    drawn = picture(
        pdf(lambda canvas: canvas.drawString(50, 400, "The office files it.")), "a.pdf", 1, [OnPage("theofficefilesit")]
    )

    assert drawn.placed


def test_a_turned_page_is_marked_where_the_words_are_seen() -> None:
    def turned(canvas: Canvas) -> None:
        canvas.setPageRotation(180)
        canvas.drawString(50, 450, "Upside down.")

    drawn = picture(pdf(turned), "a.pdf", 1, [OnPage("upsidedown")])

    assert min(yellow_rows(drawn.png)) > 80


def test_a_huge_page_gives_a_picture_of_bounded_size() -> None:
    drawn = picture(pdf(rule, (14_000, 9_000)), "poster.pdf", 1)

    assert max(drawn.width, drawn.height) <= MAX_SIDE + 1


def test_a_page_that_the_file_does_not_have_is_named() -> None:
    with pytest.raises(NotReadable, match=r"rules\.pdf: it has no page 3\. Turn to one of its pages, 1 to 2\."):
        picture(pdf(rule), "rules.pdf", 3)


def test_a_file_that_is_no_pdf_says_what_to_do() -> None:
    with pytest.raises(NotReadable, match=r"rules\.pdf: its page cannot be drawn\."):
        picture(b"no PDF at all", "rules.pdf", 1)
