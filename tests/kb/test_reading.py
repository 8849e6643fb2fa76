from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.split import Text, compose_text
from kb.documents import ElementKind
from kb.reading import Block as Drawn
from kb.reading import (
    Heading,
    Item,
    Items,
    Line,
    NewPage,
    OnPage,
    Paragraph,
    Piece,
    Row,
    Table,
    blocks,
    clipped,
    head,
    letters,
    on_page,
    quote_blocks,
    section_at,
    sections,
    tail,
)

HEADING, PARAGRAPH, ITEM, ROW = ElementKind.HEADING, ElementKind.PARAGRAPH, ElementKind.ITEM, ElementKind.ROW

VISITS = compose_text(
    [
        Block(PARAGRAPH, "Before all headings.", page=1),
        Block(HEADING, "Visits", level=1, page=1),
        Block(PARAGRAPH, "The worker brings:", page=1),
        Block(ITEM, "• a badge", level=1, page=1),
        Block(ITEM, "◦ with a photograph", level=2, page=1),
        Block(ITEM, "• a letter", level=1, page=2),
        Block(HEADING, "Times", level=2, page=2),
        Block(ROW, "Visit | By when", is_header=True, page=2),
        Block(ROW, "First | Seven days", page=2),
        Block(ROW, "Second | | Six weeks", page=2),
        Block(PARAGRAPH, "A visit may run over. It then ends later.", page=2, breaks=((22, 3),)),
        Block(PARAGRAPH, "Source: the visiting rules.", page=3),
        Block(HEADING, "Ends", level=1, page=3),
        Block(PARAGRAPH, "The end.", page=3),
    ]
)


def at(words: str) -> tuple[int, int]:
    start = VISITS.text.index(words)
    return start, start + len(words)


def words(line: Line) -> str:
    return "".join(piece.text for piece in line)


def marked(line: Line) -> str:
    return "".join(piece.text for piece in line if piece.marked)


def lines(drawn: tuple[Drawn, ...]) -> list[Line]:
    found: list[Line] = []
    for block in drawn:
        match block:
            case Heading(line, _) | Paragraph(line, _):
                found.append(line)
            case Items(items):
                found += [line for item in items for line in item_lines(item)]
            case Table(rows):
                found += [cell for row in rows for cell in row.cells]
            case NewPage():
                pass
    return found


def item_lines(item: Item) -> list[Line]:
    return [item.line, *(line for inner in item.items for line in item_lines(inner))]


def test_each_element_is_drawn_as_what_it_is() -> None:
    drawn = blocks(VISITS.text, VISITS.elements[1:10])

    badge = Item((Piece("• a badge"),), (Item((Piece("◦ with a photograph"),)),))
    header = Row(((Piece("Visit"),), (Piece("By when"),)), is_header=True)
    first = Row(((Piece("First"),), (Piece("Seven days"),)))
    second = Row(((Piece("Second"),), (), (Piece("Six weeks"),)))
    assert drawn == (
        Heading((Piece("Visits"),), 1),
        Paragraph((Piece("The worker brings:"),)),
        Items((badge, Item((Piece("• a letter"),)))),
        Heading((Piece("Times"),), 2),
        Table((header, first, second)),
    )


def test_a_further_page_is_named_where_it_begins() -> None:
    drawn = blocks(VISITS.text, VISITS.elements)

    pages = [(number, block.page) for number, block in enumerate(drawn) if isinstance(block, NewPage)]
    assert pages == []  # both page ends lie inside a list and inside a paragraph
    apart = compose_text([Block(PARAGRAPH, "One.", page=4), Block(PARAGRAPH, "Two.", page=5)])
    assert blocks(apart.text, apart.elements)[1] == NewPage(5)


def test_a_quote_in_a_row_is_marked_in_each_cell_and_nowhere_else() -> None:
    start, end = at("First | Seven days")

    drawn = blocks(VISITS.text, VISITS.elements, (start, end))

    assert [marked(line) for line in lines(drawn) if marked(line)] == ["First", "Seven days"]


def test_a_quote_over_several_elements_is_marked_in_each() -> None:
    start, end = at("brings:\n• a badge\n◦ with")

    drawn = blocks(VISITS.text, VISITS.elements, (start, end))

    assert [marked(line) for line in lines(drawn) if marked(line)] == ["brings:", "• a badge", "◦ with"]


@st.composite
def texts(draw: st.DrawFn) -> Text:
    kinds = st.sampled_from([HEADING, PARAGRAPH, ITEM, ROW])
    written = st.text(alphabet="ab |.•", min_size=1, max_size=12).map(str.strip).filter(bool)
    drawn = draw(st.lists(st.tuples(kinds, written, st.integers(1, 3)), min_size=1, max_size=8))
    return compose_text(
        [Block(kind, text, level=0 if kind in (PARAGRAPH, ROW) else level) for kind, text, level in drawn]
    )


@given(texts(), st.data())
def test_exactly_the_quote_is_marked(content: Text, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(content.text) - 1))
    end = data.draw(st.integers(start + 1, len(content.text)))

    drawn = lines(blocks(content.text, content.elements, (start, end)))

    assert bare("".join(map(marked, drawn))) == bare(content.text[start:end])
    assert bare("".join(map(words, drawn))) == bare(content.text)


def bare(text: str) -> str:
    """Without white space and the bars between cells, which are drawn as cells."""
    return "".join(text.split()).replace("|", "")


@given(texts())
def test_every_element_lies_in_exactly_one_section(content: Text) -> None:
    found = sections(content.text, content.elements)

    assert tuple(element for section in found for element in section.elements) == content.elements
    assert [section.number for section in found] == list(range(len(found)))
    assert all(section_at(found, element.start) is not None for element in content.elements)


def test_a_section_knows_its_trail_and_its_pages() -> None:
    found = sections(VISITS.text, VISITS.elements)

    assert [(section.trail, section.pages) for section in found] == [
        ((), (1, 1)),
        (("Visits",), (1, 2)),
        (("Visits", "Times"), (2, 3)),
        (("Ends",), (3, 3)),
    ]


def test_a_section_without_end_is_shown_in_parts() -> None:
    long = compose_text([Block(HEADING, "All", level=1), *[Block(PARAGRAPH, "word " * 500 + "end.")] * 9])

    found = sections(long.text, long.elements)

    assert [section.title for section in found] == ["All (part 1 of 3)", "All (part 2 of 3)", "All (part 3 of 3)"]
    assert max(section.end - section.start for section in found) <= 12_000


def test_neighbours_show_their_nearest_elements() -> None:
    long = compose_text([Block(HEADING, "All", level=1), *[Block(PARAGRAPH, "word " * 100 + "end.")] * 5])
    section = sections(long.text, long.elements)[0]

    assert tail(section) == long.elements[-1:]
    assert head(section) == long.elements[:2]


def test_a_quoted_row_stands_under_its_header_and_the_gap_is_told() -> None:
    drawn = quote_blocks(VISITS.text, VISITS.elements, at("Second | | Six weeks"), at("Visit | By when"))

    header = Row(((Piece("Visit"),), (Piece("By when"),)), is_header=True)
    assert drawn == (Table((header, Row(((Piece("Second"),), (), (Piece("Six weeks"),)), follows_gap=True))),)


def test_the_row_next_to_its_header_follows_no_gap() -> None:
    (table,) = quote_blocks(VISITS.text, VISITS.elements, at("First | Seven days"), at("Visit | By when"))

    assert isinstance(table, Table)
    assert [row.follows_gap for row in table.rows] == [False, False]


def test_a_quote_over_two_pages_is_looked_for_on_each() -> None:
    span = at("A visit may run over. It then ends later.")

    assert on_page(VISITS.text, VISITS.elements, span, 2) == (OnPage("avisitmayrunover"),)
    assert on_page(VISITS.text, VISITS.elements, span, 3) == (OnPage("itthenendslater"),)
    assert on_page(VISITS.text, VISITS.elements, span, 1) == ()


def test_of_several_places_that_read_the_same_the_right_one_is_named() -> None:
    twice = compose_text(
        [Block(PARAGRAPH, "Yes.", page=1), Block(PARAGRAPH, "No.", page=1), Block(PARAGRAPH, "Yes.", page=1)]
    )

    assert on_page(twice.text, twice.elements, (9, 13), 1) == (OnPage("yes", nth=2, of=2),)


def test_letters_outlive_line_ends_hyphens_and_bullets() -> None:
    assert letters("• Safe-\nguarding: 7 days") == letters("safeguarding 7 Days")


def test_clipping_keeps_the_page_on_which_the_piece_stands() -> None:
    start, end = at("It then ends later.")

    (piece,) = clipped(VISITS.elements, (start, end))

    assert (piece.start, piece.end, piece.page, piece.breaks) == (start, end, 3, ())
