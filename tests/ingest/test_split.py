"""How blocks become passages, whatever the blocks are."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.clean import clean_text
from ingest.split import MAX_PASSAGE, Text, compose_text, split
from kb.documents import Document, Edition, ElementKind, Passage, Unit
from kb.sentences import sentence_spans

HEADING, PARAGRAPH, ITEM, ROW = ElementKind.HEADING, ElementKind.PARAGRAPH, ElementKind.ITEM, ElementKind.ROW
EDITION = Edition("fostering@1", Document("fostering", "Private fostering"), "2013", "fostering.pdf", "0" * 64)

_MIXED = "child visit must within six weeks Mr. e.g. s. 47 (a) £1,000 safe; carer, not: unless However 3.2 | • Source:"
WORDS = st.sampled_from(_MIXED.split())
TEXTS = st.lists(WORDS, min_size=1, max_size=60).flatmap(
    lambda words: st.sampled_from(["", ".", ":", "?", " –", ";"]).map(lambda end: " ".join(words) + end)
)
LONG = st.integers(1, 40).map(lambda times: " ".join(["The carer must be told of the visit."] * times))
UNBROKEN = st.integers(1, 3 * MAX_PASSAGE).map(lambda length: "x" * length)
ANY_TEXT = st.one_of(TEXTS, LONG, UNBROKEN, st.text(max_size=300)).map(clean_text).filter(bool)


@st.composite
def documents(draw: st.DrawFn) -> list[Block]:
    """Blocks as a loader gives them: cleaned, in reading order, their pages rising."""
    blocks, page = [], 1
    paged = draw(st.booleans())
    for kind in draw(st.lists(st.sampled_from(ElementKind), min_size=1, max_size=14)):
        text = draw(ANY_TEXT)
        page += draw(st.integers(0, 1))
        breaks: tuple[tuple[int, int], ...] = ()
        begins = page
        if paged and len(text) > 2 and draw(st.booleans()):
            page += 1
            breaks = ((draw(st.integers(1, len(text) - 1)), page),)
        level = draw(st.integers(1, 6)) if kind is HEADING else draw(st.integers(1, 3)) if kind is ITEM else 0
        is_header = kind is ROW and draw(st.booleans())
        blocks.append(Block(kind, text, level, is_header, begins if paged else None, breaks))
    return blocks


def made(blocks: Sequence[Block]) -> tuple[Text, tuple[Passage, ...]]:
    content = compose_text(blocks)
    return content, split(EDITION, content)


def units(passages: Sequence[Passage]) -> list[Unit]:
    return [unit for passage in passages for unit in passage.units]


def is_note(block: Block) -> bool:
    return block.kind is PARAGRAPH and block.text.startswith(("Source: ", "Sources: "))


@given(documents())
@settings(deadline=None, max_examples=200)
def test_every_slice_is_exact_and_nothing_overlaps(blocks: list[Block]) -> None:
    content, passages = made(blocks)

    for passage in passages:
        assert passage.text == content.text[passage.start : passage.end]
        for part in (passage.lead, passage.source, *(unit.lead for unit in passage.units)):
            assert part is None or part.text == content.text[part.start : part.end]
        assert (passage.units[0].start, passage.units[-1].end) == (passage.start, passage.end)
    assert all(before.end <= after.start for before, after in pairwise(passages))
    assert all(before.end <= after.start for before, after in pairwise(units(passages)))


@given(documents())
@settings(deadline=None, max_examples=200)
def test_every_visible_character_but_headings_and_notes_is_in_one_unit(blocks: list[Block]) -> None:
    content, passages = made(blocks)

    covered = [False] * len(content.text)
    for unit in units(passages):
        covered[unit.start : unit.end] = [True] * (unit.end - unit.start)
    sources = {range(part.start, part.end) for passage in passages if (part := passage.source)}
    for block, element in zip(blocks, content.elements, strict=True):
        text = zip(content.text[element.start : element.end], covered[element.start : element.end], strict=True)
        left_out = [letter for letter, is_covered in text if not is_covered and not letter.isspace()]
        if left_out and block.kind is not HEADING:
            assert is_note(block)
            assert any(element.start in source for source in sources)


@given(documents())
@settings(deadline=None, max_examples=200)
def test_a_passage_is_bounded_and_never_splits_what_fits(blocks: list[Block]) -> None:
    content, passages = made(blocks)

    assert all(len(passage.text) <= MAX_PASSAGE or len(passage.units) == 1 for passage in passages)
    assert all(unit.end - unit.start <= MAX_PASSAGE for unit in units(passages))
    spans = {(unit.start, unit.end) for unit in units(passages)}
    cut = [element for element in content.elements if element.kind in (ITEM, ROW)]
    for element in cut:
        if element.end - element.start <= MAX_PASSAGE:
            assert (element.start, element.end) in spans
    for block, element in zip(blocks, content.elements, strict=True):
        if block.kind is PARAGRAPH and not is_note(block):
            for start, end in sentence_spans(block.text):
                assert end - start > MAX_PASSAGE or (element.start + start, element.start + end) in spans


@given(documents())
@settings(deadline=None, max_examples=200)
def test_a_lead_in_stands_with_its_first_item_where_both_fit(blocks: list[Block]) -> None:
    content, passages = made(blocks)
    holding = {unit.start: passage for passage in passages for unit in passage.units}
    # A nested item's parent is an item itself, and no lead-in; a passage may begin below it.
    leads = {unit.lead for unit in units(passages) if unit.lead and unit.lead.start in holding}
    leads -= {lead for lead in leads for unit in units(passages) if unit.kind is ITEM and unit.start == lead.start}

    for lead in leads:
        first = next(each for each in units(passages) if each.lead == lead)
        if not content.text[lead.end : first.start].strip() and first.end - lead.start <= MAX_PASSAGE:
            assert holding[lead.start] is holding[first.start]


@given(documents())
@settings(deadline=None, max_examples=200)
def test_ids_are_unique_and_pages_are_those_of_the_blocks(blocks: list[Block]) -> None:
    content, passages = made(blocks)
    pages: list[int | None] = []
    for block in blocks:
        of_block = [block.page] * (len(block.text) + 1)
        for offset, page in block.breaks:
            of_block[offset:] = [page] * (len(of_block) - offset)
        pages += of_block

    assert len({passage.id for passage in passages}) == len(passages)
    for passage in passages:
        assert (passage.first_page, passage.last_page) == (pages[passage.start], pages[passage.end - 1])
        visible = [place for place in range(passage.start, passage.end) if content.text[place] != "\n"]
        assert [passage.page_at(place) for place in visible] == [pages[place] for place in visible]


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=2, max_size=6), st.randoms())
@settings(deadline=None, max_examples=100)
def test_passages_keep_their_ids_when_sections_move(sections: list[tuple[str, str]], random: object) -> None:
    blocks = [[Block(HEADING, head, 1), Block(PARAGRAPH, text)] for head, text in sections]
    _, before = made([block for section in blocks for block in section])

    _, after = made([block for section in reversed(blocks) for block in section])

    assert sorted(passage.id for passage in before) == sorted(passage.id for passage in after)


def test_a_heading_with_nothing_under_it_is_found_by_itself() -> None:
    _, passages = made([Block(HEADING, "Visits", 1), Block(HEADING, "First year", 2), Block(HEADING, "Notice", 1)])

    assert [(passage.headings, passage.text) for passage in passages] == [(("Visits",), "First year"), ((), "Notice")]


def test_a_trail_is_made_of_the_headings_above() -> None:
    blocks = [
        Block(HEADING, "Visits", 1),
        Block(HEADING, "First year", 2),
        Block(PARAGRAPH, "Every six weeks."),
        Block(HEADING, "Notice", 1),
        Block(PARAGRAPH, "Six weeks before."),
    ]

    _, passages = made(blocks)

    assert [passage.headings for passage in passages] == [("Visits", "First year"), ("Notice",)]


def test_the_documents_own_title_is_no_part_of_a_trail() -> None:
    blocks = [Block(HEADING, "Private fostering", 1), Block(HEADING, "Visits", 2), Block(PARAGRAPH, "Weekly.")]

    _, passages = made(blocks)

    assert passages[0].headings == ("Visits",)


def test_each_stretch_has_the_note_that_follows_it() -> None:
    blocks = [
        Block(PARAGRAPH, "Every six weeks."),
        Block(PARAGRAPH, "Source: regulation 8."),
        Block(PARAGRAPH, "Source: the manual."),
        Block(PARAGRAPH, "Alone with the child."),
        Block(PARAGRAPH, "Source: regulation 9."),
        Block(PARAGRAPH, "In writing."),
    ]

    _, passages = made(blocks)

    assert [(passage.text, passage.source.text if passage.source else "") for passage in passages] == [
        ("Every six weeks.", "Source: regulation 8.\nSource: the manual."),
        ("Alone with the child.", "Source: regulation 9."),
        ("In writing.", "Source: regulation 9."),
    ]


def test_items_rows_and_nested_items_know_what_leads_in_to_them() -> None:
    blocks = [
        Block(PARAGRAPH, "It is simple. Keep the cot clear:"),
        Block(ITEM, "• no pillows", 1),
        Block(ITEM, "– of any size", 2),
        Block(ITEM, "• no duvets", 1),
        Block(ROW, "Age | Visits", is_header=True),
        Block(ROW, "0 to 1 | weekly"),
    ]

    _, passages = made(blocks)

    leads = [unit.lead.text if unit.lead else None for unit in units(passages)]
    cot = "Keep the cot clear:"
    assert leads == [None, None, cot, "• no pillows", cot, None, "Age | Visits"]


def test_a_long_list_repeats_its_lead_in_with_every_passage() -> None:
    items = [Block(ITEM, f"• item {number} of the long list of things to do", 1) for number in range(60)]

    _, passages = made([Block(PARAGRAPH, "The carer must:"), *items])

    assert len(passages) > 2
    assert [passage.lead.text if passage.lead else None for passage in passages] == [None] + ["The carer must:"] * (
        len(passages) - 1
    )


def test_passages_of_a_long_section_are_of_like_length() -> None:
    _, passages = made([Block(PARAGRAPH, "The carer must be told of it in writing.") for _ in range(70)])

    lengths = [len(passage.text) for passage in passages]
    assert max(lengths) - min(lengths) < MAX_PASSAGE / 3


def test_a_number_is_not_cut_where_there_is_a_space_to_cut_at() -> None:
    amounts = ", ".join(f"£{number},000" for number in range(100, 400))

    _, passages = made([Block(ITEM, f"• {amounts}", 1)])

    assert all(unit_text.endswith((",000", ",000,")) for unit_text in (passage.text for passage in passages))


ONE_LINES = {
    "sentences": "The carer must be told of it in writing. " * 2500,
    "no sentence ends": "child protection plan and visit " * 3200,
    "no spaces": "x" * 100_000,
    "provisions": "see s. 47 and para. 3 of reg. 8 " * 3200,
    "full stops": "e.g. " * 20_000,
    "items": "; ".join(["(a) a visit within seven days"] * 3200),
}


@pytest.mark.parametrize("kind", [PARAGRAPH, ITEM, ROW])
@pytest.mark.parametrize("name", ONE_LINES)
def test_one_line_of_100_000_characters_makes_sensible_passages(name: str, kind: ElementKind) -> None:
    text = clean_text(ONE_LINES[name])

    began = time.process_time()
    content, passages = made([Block(kind, text, 1 if kind is ITEM else 0)])

    assert time.process_time() - began < 5
    assert "".join(passage.text for passage in passages).replace(" ", "") == content.text.replace(" ", "")
    lengths = [len(passage.text) for passage in passages]
    assert max(lengths) <= MAX_PASSAGE
    assert sum(lengths) / len(lengths) > MAX_PASSAGE / 3


def test_splitting_takes_time_in_proportion_to_the_text() -> None:
    section = [
        Block(HEADING, "Visits", 1),
        Block(PARAGRAPH, "The carer must be told of it in writing. It is dated. The child is told, too:"),
        *(Block(ITEM, f"{'•' * (1 + number % 3)} item {number}", 1 + number % 3) for number in range(20)),
        Block(ROW, "Age | Visits", is_header=True),
        *(Block(ROW, f"{number} | weekly") for number in range(20)),
        Block(PARAGRAPH, "Source: regulation 8."),
    ]

    def seconds(times: int) -> float:
        content = compose_text(section * times)
        gc.collect()
        gc.disable()  # what other tests have left on the heap must not be measured
        began = time.process_time()
        split(EDITION, content)
        gc.enable()
        return time.process_time() - began

    few = min(seconds(100) for _ in range(3))

    assert seconds(800) < 16 * few


def test_repeats_of_one_text_have_ids_of_their_own_in_order() -> None:
    blocks = [Block(HEADING, "Visits", 1), Block(PARAGRAPH, "Weekly.")]

    _, once = made(blocks)
    _, thrice = made(blocks * 3)

    assert [passage.id for passage in thrice] == [once[0].id, f"{once[0].id}-2", f"{once[0].id}-3"]


def test_the_same_text_of_another_document_has_another_id() -> None:
    content = compose_text([Block(PARAGRAPH, "Weekly.")])
    other = replace(EDITION, document=Document("adoption", "Adoption"))

    assert split(EDITION, content)[0].id != split(other, content)[0].id
