"""Laws of reading closely, and that the reader which ships tells an answer from what only sounds like one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.split import compose_text, split
from kb import reader
from kb.answers import FoundBy
from kb.documents import Document, Edition, ElementKind, Passage
from kb.errors import ModelUnavailable
from kb.reader import QUESTION, READ, load_reader, read_closely
from kb.retrieve import UNREAD, Scored
from kb.token_vectors import Match

EDITION = Edition("guide@1", Document("guide", "Guide"), "2013", "guide.md", "0" * 64)


def _passage(number: int) -> Passage:
    sentences = " ".join(f"Rule {number} says {letter} for everyone who asks." for letter in "ab")
    blocks = [Block(ElementKind.HEADING, f"Part {number}"), Block(ElementKind.PARAGRAPH, sentences)]
    return split(EDITION, compose_text(blocks))[0]


HITS = [
    Scored(_passage(n), 0.9 - n / 100, 0.5, 0.5, 1.0, Match(), (1.0, 0.9), frozenset({FoundBy.WORDS}))
    for n in range(12)
]


def _surest_of(wanted: str) -> reader.Reader:
    return lambda _, texts: np.array([3.0 if wanted in text else -2.0 for text in texts], dtype=np.float32)


def test_what_the_reader_is_surest_of_comes_first_and_keeps_its_score() -> None:
    again = read_closely(HITS, "rule?", _surest_of("Rule 2 "))

    assert again[0].passage is HITS[2].passage
    assert again[0].score == pytest.approx(HITS[2].score)
    assert again[0].read == 3.0


def test_the_best_units_are_read_with_what_they_stand_under_and_no_others() -> None:
    seen: list[str] = []

    def reads(question: str, texts: Sequence[str]) -> np.ndarray:
        assert question == "y" * QUESTION
        seen.extend(texts)
        return np.zeros(len(texts), dtype=np.float32)

    again = read_closely(HITS, "x" + "y" * QUESTION, reads)

    assert len(seen) == READ
    assert seen[0] == "Part 0: Rule 0 says a for everyone who asks."
    assert [hit.passage for hit in again] == [hit.passage for hit in HITS]
    assert [hit.score for hit in again] == pytest.approx([hit.score for hit in HITS])
    assert again[-1].read == UNREAD


@given(st.lists(st.floats(-8, 8, width=32), min_size=READ, max_size=READ))
def test_nothing_is_lost_and_nothing_gains(logits: list[float]) -> None:
    again = read_closely(HITS, "rule?", lambda *_: np.array(logits, dtype=np.float32))

    assert {id(hit.passage) for hit in again} == {id(hit.passage) for hit in HITS}
    assert [hit.score for hit in again] == sorted((hit.score for hit in again), reverse=True)
    before = {id(hit.passage): hit for hit in HITS}
    for hit in again:
        old = before[id(hit.passage)]
        assert 0 <= hit.score <= old.score + 1e-6
        assert all(new <= value + 1e-6 for new, value in zip(hit.units, old.units, strict=True))


def test_without_hits_nothing_is_read() -> None:
    assert read_closely([], "rule?", _surest_of("")) == []


@pytest.mark.parametrize(
    ("question", "answers", "only_sounds_so"),
    [
        (
            "Who keeps the key of the boat house?",
            "The warden keeps the key of the boat house.",
            "The boat house has a key.",
        ),
        ("how long can I borrow a kayak", "A kayak is lent for fourteen nights.", "A kayak is lent to members alone."),
        (
            "What does a kayak cost?",
            "You pay two pounds a day for a kayak.",
            "Kayaks are kept in the boat house and cleaned each spring.",
        ),
        (
            "When must the form be sent?",
            "Send the form within five working days of the visit.",
            "The form has three pages and is signed by the chair.",
        ),
    ],
)
def test_an_answer_is_told_from_what_only_sounds_like_one(question: str, answers: str, only_sounds_so: str) -> None:
    right, wrong = load_reader()(question, [f"Kayaks: {answers}", f"Kayaks: {only_sounds_so}"])

    assert right > wrong + 1


def test_a_text_is_read_alike_whatever_stands_beside_it() -> None:
    read, question, text = load_reader(), "Who keeps the key?", "Keys: The warden keeps the key."

    alone = read(question, [text])[0]
    beside = read(question, ["Keys: A key. " * 30, text])[1]
    assert alone == read(question, [text])[0]
    assert beside == pytest.approx(alone, abs=0.25)


def test_a_damaged_file_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "reader.safetensors"
    damaged.write_bytes(reader.WEIGHTS.read_bytes()[:1000])
    monkeypatch.setattr(reader, "WEIGHTS", damaged)
    load_reader.cache_clear()

    with pytest.raises(ModelUnavailable, match="Fetch the file anew"):
        load_reader()
