"""Laws of choosing and growing quotes."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.blocks import Block
from ingest.split import compose_text, split
from kb.answers import FoundBy
from kb.compose import MAX_QUOTE, MAX_STATEMENTS, compose
from kb.documents import Document, Edition, ElementKind, Passage
from kb.retrieve import Scored
from kb.token_vectors import Match

TODAY = date(2026, 11, 23)
P, ITEM, ROW = ElementKind.PARAGRAPH, ElementKind.ITEM, ElementKind.ROW


def _passages(*blocks: Block) -> tuple[Passage, ...]:
    edition = Edition("guide@1", Document("guide", "Guide"), "2013", "guide.md", "0" * 64)
    return split(edition, compose_text(blocks))


def _scored(passage: Passage, *units: float, score: float = 0.5) -> Scored:
    return Scored(passage, score, 0.5, 0.5, 1.0, Match(), units, frozenset({FoundBy.WORDS}))


def _quotes(*hits: Scored) -> list[str]:
    return [statement.citation.quote for statement in compose(hits, TODAY)]


def test_an_exception_travels_with_its_rule() -> None:
    (passage,) = _passages(
        Block(P, "Visit within seven days. However, visit at once if there is danger. Write it down.")
    )

    assert _quotes(_scored(passage, 0.9, 0.0, 0.0))[0] == (
        "Visit within seven days. However, visit at once if there is danger."
    )


def test_a_sentence_that_leans_on_the_one_before_brings_it() -> None:
    (passage,) = _passages(Block(P, "The chair calls a conference. It takes place within 15 days."))

    assert _quotes(_scored(passage, 0.0, 0.9))[0] == "The chair calls a conference. It takes place within 15 days."


def test_a_short_list_is_quoted_whole_from_its_lead_in() -> None:
    (passage,) = _passages(Block(P, "Tell the council:"), Block(ITEM, "• who", 1), Block(ITEM, "• when", 1))

    assert _quotes(_scored(passage, 0.0, 0.0, 0.9))[0] == "Tell the council:\n• who\n• when"


def test_of_a_long_list_the_item_is_quoted_with_its_lead_in_apart() -> None:
    items = [Block(ITEM, f"• {number} " + "word " * 30 + "end", 1) for number in range(6)]
    (first, *_) = _passages(Block(P, "Tell the council:"), *items)
    units = [0.0] * len(first.units)
    units[2] = 0.9

    statement = compose([_scored(first, *units)], TODAY)[0]

    assert statement.citation.quote.startswith("• 1 ")
    assert len(statement.citation.quote) < MAX_QUOTE
    assert statement.lead
    assert statement.lead.text == "Tell the council:"


def test_a_row_comes_with_the_header_of_its_table() -> None:
    (passage,) = _passages(Block(ROW, "Step | Limit", is_header=True), Block(ROW, "Visit | 7 days"))

    statement = compose([_scored(passage, 0.0, 0.9)], TODAY)[0]

    assert statement.citation.quote == "Visit | 7 days"
    assert statement.lead
    assert statement.lead.text == "Step | Limit"


def test_no_two_statements_overlap_and_there_are_at_most_three() -> None:
    (passage,) = _passages(Block(P, " ".join(f"Rule {number} stands alone." for number in range(8))))

    statements = compose([_scored(passage, *[0.9] * 8)], TODAY)

    spans = [(statement.citation.start, statement.citation.end) for statement in statements]
    assert len(spans) == MAX_STATEMENTS
    assert all(one[1] <= other[0] or other[1] <= one[0] for one in spans for other in spans if one != other)


def test_without_hits_nothing_is_said() -> None:
    assert compose([], TODAY) == ()


@pytest.mark.parametrize("best", range(4))
def test_the_best_unit_is_in_the_first_quote(best: int) -> None:
    sentences = ["Alpha rules here.", "Beta rules here.", "Gamma rules here.", "Delta rules here."]
    (passage,) = _passages(Block(P, " ".join(sentences)))
    units = [0.1] * 4
    units[best] = 0.9

    assert sentences[best] in _quotes(_scored(passage, *units))[0]
