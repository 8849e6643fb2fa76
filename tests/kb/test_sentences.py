"""Where sentences end in a board's text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Visits are weekly. | They are recorded.",
        "See reg. 8 and para. 4.2 of the guidance. | It is statutory.",
        "Under s. 47 of the Act they must enquire. | Then they meet.",
        "Tell the manager, e.g. Mrs. Smith, at once. | Write it down.",
        "Is the child safe? | Call 999! | Then call us.",
        "Ring tel. 0300 123 4043 now. | It is free.",
        "It rose to 3.5 per cent. | That was in 2012-13.",
        "Contact Dr. Jones at the clinic. | She will help.",
        "No full stop at the end",
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(text: str) -> None:
    assert sentences(text.replace("| ", "")) == text.split(" | ")


@given(st.text(max_size=300))
def test_every_visible_character_lies_in_exactly_one_span(text: str) -> None:
    spans = sentence_spans(text)

    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


@pytest.mark.parametrize("part", ["See reg. 8. ", "e.g. ", "word ", "x", "No. "])
def test_a_long_line_takes_time_in_proportion(part: str) -> None:
    text = part * (100_000 // len(part))

    began = time.process_time()
    sentence_spans(text)

    assert time.process_time() - began < 3
