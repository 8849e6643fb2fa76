"""Laws of matching word by word: what is kept of a text's words, and how they are compared."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn

from kb.token_vectors import LEAST, Match, TokenVectors, closer, match, matches, matches_within, telling
from tests.conftest import Words

DIMENSIONS = 8
_NUMBERS = st.floats(-1, 1, width=32).map(lambda number: round(number, 3))


def _words(count: st.SearchStrategy[int]) -> st.SearchStrategy[TokenVectors]:
    rows = count.flatmap(lambda rows: drawn.arrays(np.float32, (rows, DIMENSIONS), elements=_NUMBERS))
    return rows.map(_of)


def _of(vectors: np.ndarray) -> TokenVectors:
    vectors[:, 0] += np.where(np.linalg.norm(vectors, axis=1) < 0.1, 1, 0)
    spans = np.array([(4 * place, 4 * place + 3) for place in range(len(vectors))], dtype=np.int64).reshape(-1, 2)
    return TokenVectors(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), spans)


@given(_words(st.integers(0, 12)))
def test_what_is_kept_points_the_same_way_at_the_same_words(words: TokenVectors) -> None:
    kept = TokenVectors.from_bytes(words.to_bytes())

    assert kept.spans.tolist() == words.spans.tolist()
    assert len(kept.vectors) == len(words.vectors)
    if len(words.vectors):
        assert np.linalg.norm(kept.vectors, axis=1) == pytest.approx(np.ones(len(kept.vectors)), abs=1e-5)
        assert (kept.vectors * words.vectors).sum(axis=1).min() > 0.999


def test_of_nothing_kept_there_are_no_words() -> None:
    assert TokenVectors.from_bytes(b"").vectors.shape[0] == 0


def test_what_is_kept_takes_a_quarter_of_the_room() -> None:
    words = TokenVectors(np.eye(384, dtype=np.float32)[:100], np.zeros((100, 2), np.int64))

    assert len(words.to_bytes()) < words.vectors.nbytes / 3.9


@given(_words(st.integers(0, 5)), st.lists(_words(st.integers(0, 6)), max_size=6))
def test_texts_compared_together_are_as_compared_one_by_one(question: TokenVectors, texts: list[TokenVectors]) -> None:
    together = matches(question, texts)

    singly = [matches(question, [text])[0] for text in texts]
    assert [each.shape for each in together] == [(len(question.vectors), len(text.vectors)) for text in texts]
    for one, other in zip(together, singly, strict=True):
        assert one == pytest.approx(other, abs=1e-5)


@given(_words(st.integers(1, 6)))
def test_a_text_matches_itself_fully_and_nothing_matches_more(words: TokenVectors) -> None:
    found = match(matches(words, [words])[0])

    assert (found.mean, found.least) == pytest.approx((1, 1), abs=1e-5)


@given(_words(st.integers(1, 6)), _words(st.integers(1, 6)), _words(st.integers(1, 6)))
def test_a_longer_text_matches_no_worse(question: TokenVectors, text: TokenVectors, more: TokenVectors) -> None:
    longer = TokenVectors(np.vstack([text.vectors, more.vectors]), np.vstack([text.spans, more.spans]))

    short, long = (match(matches(question, [each])[0]) for each in (text, longer))

    assert long.mean >= short.mean - 1e-5
    assert long.least >= short.least - 1e-5
    assert short.least <= short.mean + 1e-5


@given(_words(st.integers(1, 6)), _words(st.integers(1, 6)), st.data())
def test_the_match_within_some_columns_is_that_of_a_text_of_them_alone(
    question: TokenVectors, text: TokenVectors, data: st.DataObject
) -> None:
    similarities = matches(question, [text])[0]
    several = data.draw(st.lists(st.lists(st.booleans(), min_size=len(text.vectors), max_size=len(text.vectors))))
    columns = np.array(several, dtype=bool).reshape(-1, len(text.vectors))

    found = matches_within(similarities, columns)

    for each, chosen in zip(found, columns, strict=True):
        alone = match(similarities[:, chosen])
        assert (each.mean, each.least) == pytest.approx((alone.mean, alone.least), abs=1e-6)


def test_the_worst_matched_words_are_looked_at_by_themselves() -> None:
    similarities = np.array([[1.0, 0.0], [0.9, 0.2], [0.1, 0.3], [0.0, 0.1]], dtype=np.float32)

    assert LEAST == 2
    assert match(similarities).mean == pytest.approx((1 + 0.9 + 0.3 + 0.1) / 4)
    assert match(similarities).least == pytest.approx((0.3 + 0.1) / 2)


def test_nothing_to_compare_matches_nothing() -> None:
    empty = TokenVectors.from_bytes(b"")

    assert match(matches(empty, [empty])[0]) == Match()
    assert matches(empty, []) == []


def test_function_words_and_punctuation_are_dropped() -> None:
    _, (words,) = Words().embed_words(["When is the baby put to sleep?"])

    assert [("When is the baby put to sleep?")[start:end] for start, end in words.spans] == ["baby", "put", "sleep"]


def test_a_piece_of_a_word_is_no_function_word() -> None:
    text = "withdraw an item"
    spans = np.array([(0, 4), (4, 8), (9, 11), (12, 14), (14, 16)])

    words = telling(text, np.ones((5, 2), np.float32), spans)

    assert [text[start:end] for start, end in words.spans] == ["draw", "em"]


def test_of_function_words_alone_all_are_kept() -> None:
    _, (words,) = Words().embed_words(["which of them"])

    assert len(words.vectors) == 3


def test_vectors_without_their_spans_are_refused() -> None:
    with pytest.raises(ValueError, match="2 vectors with 1 spans"):
        TokenVectors(np.ones((2, 3), np.float32), np.zeros((1, 2), np.int64))


@given(_words(st.integers(0, 8)), st.integers(0, 40), st.integers(0, 40))
def test_without_a_span_all_else_is_kept_and_never_nothing(words: TokenVectors, one: int, other: int) -> None:
    start, end = sorted((one, other))

    left = words.without(start, end)

    outside = [span for span in words.spans.tolist() if span[0] >= end or span[1] <= start]
    assert left.spans.tolist() == (outside or words.spans.tolist())


def test_of_two_ways_to_say_it_the_text_counts_by_the_one_it_has() -> None:
    similarities = np.array([[0.9, 0.1], [0.1, 0.2], [0.8, 0.3], [0.5, 0.4]], dtype=np.float32)
    first, second = np.array([False, True, False, False]), np.array([False, False, True, True])

    assert closer(similarities, [(first, second)]).tolist() == similarities[[0, 2, 3]].tolist()
    assert closer(similarities, [(second, first)]).tolist() == similarities[[0, 2, 3]].tolist()
    assert closer(similarities, [(first, np.zeros(4, dtype=bool))]).tolist() == similarities.tolist()
    assert closer(similarities[:, :0], [(first, second)]).shape == (4, 0)
