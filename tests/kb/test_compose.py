"""Laws of choosing and growing quotes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.split import compose_text, split
from kb.answers import FoundBy, Statement
from kb.compose import MAX_QUOTE, MAX_STATEMENTS, _grown, compose, statement_of
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


def _first(*hits: Scored) -> Statement:
    return compose(hits, TODAY)[0]


def _key(statement: Statement) -> str:
    assert statement.key
    return statement.key.text


def test_an_exception_travels_with_its_rule() -> None:
    rule, exception = (
        f"Visit within seven days of {'the call or ' * 25}the letter.",
        "However, visit at once in danger.",
    )
    (passage,) = _passages(Block(P, f"{rule} {exception} {'Write it down in the book. ' * 9}"))

    first = _first(_scored(passage, 0.9, *[0.0] * (len(passage.units) - 1)))

    assert _key(first) == rule
    assert first.citation.quote.startswith(f"{rule} {exception}")


def test_an_exception_travels_with_its_rule_also_where_both_are_long() -> None:
    rule = f"Visit within seven days of {'the call or ' * 40}the letter."
    (passage,) = _passages(Block(P, f"{rule} However, visit at once if there is danger. Write it down."))

    assert _first(_scored(passage, 0.9, 0.0, 0.0)).citation.quote == (
        f"{rule} However, visit at once if there is danger."
    )


def test_a_sentence_that_leans_on_the_one_before_brings_it() -> None:
    (passage,) = _passages(Block(P, "The chair calls a conference. It takes place within 15 days."))

    first = _first(_scored(passage, 0.0, 0.9))

    assert _key(first) == "It takes place within 15 days."
    assert first.citation.quote == "The chair calls a conference. It takes place within 15 days."


def test_a_short_list_is_quoted_whole_from_its_lead_in() -> None:
    (passage,) = _passages(Block(P, "Tell the council:"), Block(ITEM, "• who", 1), Block(ITEM, "• when", 1))

    first = _first(_scored(passage, 0.0, 0.0, 0.9))

    assert _key(first) == "• when"
    assert first.citation.quote == "Tell the council:\n• who\n• when"


def test_of_a_long_list_the_item_is_quoted_with_its_lead_in_apart() -> None:
    items = [Block(ITEM, f"• {number} " + "word " * 30 + "end", 1) for number in range(6)]
    (first, *_) = _passages(Block(P, "Tell the council:"), *items)
    units = [0.0] * len(first.units)
    units[2] = 0.9

    statement = compose([_scored(first, *units)], TODAY)[0]

    assert _key(statement).startswith("• 1 ")
    assert _key(statement) in statement.citation.quote
    assert len(statement.citation.quote) < MAX_QUOTE
    assert statement.lead
    assert statement.lead.text == "Tell the council:"


def test_a_row_comes_with_the_header_of_its_table() -> None:
    (passage,) = _passages(Block(ROW, "Step | Limit", is_header=True), Block(ROW, "Visit | 7 days"))

    statement = _first(_scored(passage, 0.0, 0.9))

    assert _key(statement) == "Visit | 7 days"
    assert (statement.lead, statement.citation.quote) == (None, "Step | Limit\nVisit | 7 days")


def test_the_header_of_a_table_answers_nothing_by_itself() -> None:
    (passage,) = _passages(Block(ROW, "Step | Limit", is_header=True), Block(ROW, "Visit | 7 days"))

    assert _key(_first(_scored(passage, 0.9, 0.1))) == "Visit | 7 days"


def test_a_row_far_from_the_header_of_its_table_comes_with_it_apart() -> None:
    rows = [Block(ROW, f"Visit {number} | {'word ' * 30}end") for number in range(5)]
    (passage, *_) = _passages(Block(ROW, "Step | Limit", is_header=True), *rows)

    statement = _first(_scored(passage, *[0.0] * (len(passage.units) - 1), 0.9))

    assert _key(statement) in statement.citation.quote
    assert "Step | Limit" not in statement.citation.quote
    assert statement.lead
    assert statement.lead.text == "Step | Limit"


def test_no_two_statements_overlap_and_there_are_at_most_three() -> None:
    rules = " ".join(f"Rule {number} {'stands alone and ' * 12}ends." for number in range(12))
    passages = _passages(Block(P, rules))
    hits = [_scored(passage, *[0.9] * len(passage.units)) for passage in passages]

    statements = compose(hits, TODAY)

    spans = [(statement.citation.start, statement.citation.end) for statement in statements]
    assert len(spans) == MAX_STATEMENTS
    assert all(one[1] <= other[0] or other[1] <= one[0] for one in spans for other in spans if one != other)


def test_without_hits_nothing_is_said() -> None:
    assert compose([], TODAY) == ()


@pytest.mark.parametrize("best", range(4))
def test_the_best_unit_is_in_the_first_quote(best: int) -> None:
    sentences = [f"{name} rules {'here and ' * 20}there." for name in ("Alpha", "Beta", "Gamma", "Delta")]
    (passage,) = _passages(Block(P, " ".join(sentences)))
    units = [0.1] * 4
    units[best] = 0.9

    first = _first(_scored(passage, *units))

    assert _key(first) == sentences[best]
    assert sentences[best] in first.citation.quote


@pytest.mark.parametrize("words", [2, 5, 8, 10, 12])
@pytest.mark.parametrize("is_before", [True, False])
def test_of_a_neighbouring_list_a_quote_holds_all_or_nothing(words: int, is_before: bool) -> None:
    lead, rule = Block(P, "Never take to a visit:"), Block(P, "Visit at noon, with the carer.")
    led = [Block(ITEM, f"• thing {number} {'and so on ' * words}", 1) for number in range(6)]
    (passage, *_) = _passages(*([lead, *led, rule] if is_before else [rule, lead, *led]))
    number = next(n for n, unit in enumerate(passage.units) if passage.slice(unit.start, unit.end) == rule.text)

    quote = _first(_scored(passage, *[0.9 if n == number else 0.0 for n in range(len(passage.units))])).citation.quote

    assert rule.text in quote
    assert quote.count("• thing") == (6 if lead.text in quote else 0)
    assert (lead.text in quote) == (words < 10)


def test_a_quote_that_begins_inside_a_list_has_its_lead_in_apart() -> None:
    items = [Block(ITEM, f"• thing {number} {'and so on ' * 8}", 1) for number in range(12)]
    *_, passage = _passages(Block(P, "Never take to a visit:"), *items, Block(P, "Visit at noon, with the carer."))
    assert passage.slice(passage.units[-1].start, passage.units[-1].end) == "Visit at noon, with the carer."
    assert not passage.text.startswith("Never")

    statement = _first(_scored(passage, *[0.0] * (len(passage.units) - 1), 0.9))

    assert statement.citation.quote.startswith("• thing")
    assert statement.lead
    assert statement.lead.text == "Never take to a visit:"


def test_a_quote_does_not_end_with_a_lead_in_that_leads_to_nothing() -> None:
    (passage, *_) = _passages(
        Block(P, "Visit at noon, with the carer."), Block(P, "Never take to a visit:"), Block(ITEM, "• a gift " * 90, 1)
    )

    assert _first(_scored(passage, 0.9, 0.0, 0.0)).citation.quote == "Visit at noon, with the carer."


_SENTENCE = st.builds(
    lambda word, count: f"{word} {'word ' * count}end.",
    st.sampled_from(["The chair", "However, it", "They", "Only the chair", "Anyone"]),
    st.integers(0, 60),
)
_BLOCKS = st.lists(
    st.lists(_SENTENCE, min_size=1, max_size=4).map(lambda said: Block(P, " ".join(said)))
    | st.just(Block(P, "Tell the council:"))
    | st.integers(0, 90).map(lambda count: Block(ITEM, f"• {'word ' * count}end", 1))
    | st.integers(0, 60).map(lambda count: Block(ROW, f"Step | {'word ' * count}end"))
    | st.just(Block(ROW, "Step | Limit", is_header=True)),
    min_size=1,
    max_size=9,
)


@settings(deadline=None)
@given(blocks=_BLOCKS, data=st.data())
def test_a_quote_is_whole_units_of_its_passage_around_its_key(blocks: list[Block], data: st.DataObject) -> None:
    passage = data.draw(st.sampled_from(_passages(*blocks)))
    number = data.draw(st.integers(0, len(passage.units) - 1))
    unit = passage.units[number]

    statement = statement_of(_scored(passage, *[0.0] * len(passage.units)), number, TODAY)

    quote, key = statement.citation, statement.key
    assert key
    assert (key.start, key.end, key.text) == (unit.start, unit.end, passage.slice(unit.start, unit.end))
    assert passage.start <= quote.start <= key.start < key.end <= quote.end <= passage.end
    assert quote.start in {each.start for each in passage.units}
    assert quote.end in {each.end for each in passage.units}
    first = next(each for each in passage.units if each.start == quote.start)
    assert first.lead is None or first.lead.start >= quote.start or statement.lead is not None
    assert statement.lead is None or statement.lead.end <= quote.start
    grown = _grown(passage, number)
    assert quote.start <= grown[0]
    assert quote.end >= grown[1]
    assert quote.end - quote.start <= max(MAX_QUOTE, grown[1] - grown[0])
