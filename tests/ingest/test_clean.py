"""Cleaning takes away what is not seen, and nothing that is."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.clean import clean_block, clean_text, join_lines, words_of
from kb.documents import ElementKind

LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
HIDDEN = "\u00ad\u200b\u200c\u200d\u200e\u202e\u2060\u2066\ufeff\ufe0f\U000e0041\U000e007f\x00\x01\x1b\x7f\x9f"
ANY_TEXT = st.text(
    st.characters() | st.sampled_from([*HIDDEN, *LIGATURES, "\u0301", "\u1100", "\u1161", "\n", "\u2003"])
)


def letters(text: str) -> str:
    """The letters and digits of a text in canonical form, ligatures spelt out."""
    spelt = "".join(LIGATURES.get(char, char) for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return "".join(char for char in unicodedata.normalize("NFD", spelt) if unicodedata.category(char)[0] in "LN")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  a \t\r\n b\u00a0\u2003c\u2028d ", "a b c d"),
        ("of\ufb01ce sta\ufb00 con\ufb02ict di\ufb03cult wa\ufb04e", "office staff conflict difficult waffle"),
        ("safe\u00adguard\u200bing\u200d", "safeguarding"),
        ("\ufeffchild\u202e \u2066plan\u2069", "child plan"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("ask\U000e0049\U000e0067\U000e006e\U000e007f now", "ask now"),
        ("cafe\u0301", "caf\u00e9"),
        ("\uf0b7 visits", "• visits"),
        ("\ud800x", "x"),
        ("\u200b\u00ad \n", ""),
    ],
)
def test_hidden_characters_go_and_every_space_is_one(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@given(ANY_TEXT)
def test_no_letter_or_digit_is_lost_or_altered(text: str) -> None:
    assert letters(clean_text(text)) == letters(text)


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)

    assert clean_text(once) == once


@given(ANY_TEXT)
def test_what_is_clean_is_one_line_that_any_store_can_hold(text: str) -> None:
    cleaned = clean_text(text)

    assert cleaned == " ".join(cleaned.split())
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert not set(cleaned) & set(HIDDEN)


PIECES = st.lists(st.text(st.sampled_from("ab1 \n\u200b\u00ad\u00a0.\ufb01")), min_size=1, max_size=5)


@given(PIECES)
def test_each_page_break_stays_with_the_text_of_its_page(pieces: list[str]) -> None:
    breaks, offset = [], 0
    for page, piece in enumerate(pieces[:-1], start=2):
        offset += len(piece)
        breaks.append((offset, page))

    cleaned = clean_block(Block(ElementKind.PARAGRAPH, "".join(pieces), page=1, breaks=tuple(breaks)))

    written = {page: text for page, piece in enumerate(pieces, start=1) if (text := "".join(clean_text(piece).split()))}
    assert (cleaned and dict(text_by_page(cleaned))) == (written or None)


def text_by_page(block: Block) -> list[tuple[int, str]]:
    """The text of each page of a block without its spaces; pages without text left out."""
    assert block.page is not None
    starts = [(0, block.page), *block.breaks, (len(block.text), 0)]
    assert [start for start, _ in starts] == sorted({start for start, _ in starts})
    assert not any(block.text[start] == " " for start, _ in block.breaks)
    texts = [(page, block.text[start:end]) for (start, page), (end, _) in pairwise(starts)]
    return [(page, "".join(text.split())) for page, text in texts]


def test_an_accent_that_begins_a_page_belongs_to_the_letter_before_it() -> None:
    block = Block(ElementKind.PARAGRAPH, "caf e\u0301 x", page=3, breaks=((5, 4),))

    assert clean_block(block) == Block(ElementKind.PARAGRAPH, "caf \u00e9 x", page=3, breaks=((6, 4),))


@given(ANY_TEXT, st.lists(st.integers(0, 60), max_size=4))
def test_breaks_stay_in_order_and_inside_the_text_whatever_the_text_is(text: str, offsets: list[int]) -> None:
    breaks = tuple((offset, page) for page, offset in enumerate(sorted(offsets), start=2) if offset <= len(text))

    cleaned = clean_block(Block(ElementKind.PARAGRAPH, text, page=1, breaks=breaks))

    places = [offset for offset, _ in cleaned.breaks] if cleaned else []
    assert places == sorted(set(places))
    assert all(0 < place < len(cleaned.text) for place in places if cleaned)


@pytest.mark.parametrize(
    ("first", "second", "others", "joined"),
    [
        ("the child", "protection plan", "", "the child protection plan"),
        ("safe-", "guarding children", "Safeguarding is for all.", "safeguarding children"),
        ("multi-", "agency work", "", "multi-agency work"),
        ("child-", "centred work", "A child-centred plan.", "child-centred work"),
        ("decision-", "making", "The decision was made by making a note.", "decision-making"),
        ("confi-", "dential", "", "confidential"),
        ("2012-", "13 report", "", "2012-13 report"),
        ("Anglo-", "Saxon", "", "Anglo-Saxon"),
        ("pre-", "and post-birth", "", "pre- and post-birth"),
        ("a plan -", "and more", "", "a plan - and more"),
        ("see www.example.org/safe-", "guarding", "Safeguarding is for all.", "see www.example.org/safe-guarding"),
    ],
)
def test_a_hyphen_at_a_lines_end_goes_only_from_a_divided_word(
    first: str, second: str, others: str, joined: str
) -> None:
    assert join_lines((first, second), words_of(f"{others}\n\n{first}\n{second}")) == joined
