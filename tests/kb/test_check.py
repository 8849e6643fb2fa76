"""A quote that is not its edition's text, to the character, is never shown."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from kb.answers import Statement
from kb.check import exact_only, is_exact
from kb.documents import Citation, Document, Edition, Passage, Slice, Status

TEXT = "The carer must:\n• tell the council\n• be visited"
EDITION = Edition("a@1", Document("a", "A"), "", "a.md", "0")
PASSAGE = Passage("p", EDITION, (), TEXT, 0, len(TEXT))
STATEMENT = Statement(Citation(PASSAGE, 16, 34), Status.UNDATED, Slice(0, 15, TEXT[:15]))


def test_a_quote_that_stands_in_the_text_is_exact() -> None:
    assert is_exact(STATEMENT, TEXT)
    assert exact_only([STATEMENT], {"a@1": TEXT}) == (STATEMENT,)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("tell", "call"),
        TEXT.replace("must", "may "),
        " " + TEXT,
        TEXT[:20],
        "",
    ],
)
def test_any_other_is_withheld_and_logged_by_its_place_alone(text: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        kept = exact_only([STATEMENT], {"a@1": text})

    assert kept == ()
    assert [record.getMessage() for record in caplog.records] == ["withheld: a@1:16-34 is not its edition's text"]


def test_a_quote_of_an_unknown_edition_is_withheld() -> None:
    assert exact_only([STATEMENT], {}) == ()


def test_a_lead_in_that_was_altered_withholds_its_statement() -> None:
    altered = replace(STATEMENT, lead=Slice(0, 15, "The carer may:!"))

    assert not is_exact(altered, TEXT)


def test_the_exact_ones_stay_in_order() -> None:
    second = Statement(Citation(PASSAGE, 35, 47), Status.UNDATED)
    wrong = Statement(Citation(replace(PASSAGE, text="x" * len(TEXT)), 0, 5), Status.UNDATED)

    assert exact_only([second, wrong, STATEMENT], {"a@1": TEXT}) == (second, STATEMENT)
