"""What the types promise, and that what they forbid cannot be made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.documents import Authority, Citation, Document, Edition, Passage, Slice, Status, Withdrawal

DOCUMENT = Document("fostering", "Private fostering guidance")
EDITION = Edition("fostering@1", DOCUMENT, "2013", "fostering.pdf", "0" * 64, page_labels=("", "i", "1", "2"))
TEXT = "Visit weekly. Then monthly."
PASSAGE = Passage("p", EDITION, ("Visits", "First year"), TEXT, 100, 127, first_page=3, last_page=4, breaks=((114, 4),))
DAY = date(2013, 7, 1)
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("edition", "status"),
    [
        (EDITION, Status.UNDATED),
        (replace(EDITION, in_force_from=DAY), Status.IN_FORCE),
        (replace(EDITION, in_force_from=DAY + WEEK), Status.NOT_YET),
        (replace(EDITION, in_force_from=DAY - WEEK, in_force_until=DAY), Status.SUPERSEDED),
        (replace(EDITION, in_force_from=DAY - WEEK, in_force_until=DAY + WEEK), Status.IN_FORCE),
        (replace(EDITION, in_force_from=DAY - WEEK, review_by=DAY), Status.IN_FORCE),
        (replace(EDITION, in_force_from=DAY - WEEK, review_by=DAY - WEEK), Status.REVIEW_OVERDUE),
        (replace(EDITION, historical=True, in_force_from=DAY - WEEK, review_by=DAY - WEEK), Status.HISTORICAL),
        (replace(EDITION, historical=True, in_force_until=DAY), Status.SUPERSEDED),
        (replace(EDITION, historical=True, in_force_from=DAY + WEEK), Status.NOT_YET),
        (replace(EDITION, in_force_from=DAY, withdrawn=Withdrawal(DAY, "The law changed.")), Status.WITHDRAWN),
        (replace(EDITION, in_force_from=DAY, withdrawn=Withdrawal(DAY + WEEK, "It will.")), Status.IN_FORCE),
    ],
)
def test_the_status_follows_from_the_editions_own_dates(edition: Edition, status: Status) -> None:
    assert edition.status_on(DAY) is status


@given(st.dates(), st.dates(), st.dates())
def test_an_edition_is_in_force_on_no_day_outside_its_span(begins: date, ends: date, day: date) -> None:
    if ends <= begins:
        with pytest.raises(ValueError, match="not after"):
            replace(EDITION, in_force_from=begins, in_force_until=ends)
        return
    status = replace(EDITION, in_force_from=begins, in_force_until=ends).status_on(day)

    assert (status is Status.IN_FORCE) == (begins <= day < ends)


def test_authority_is_ranked_from_statutory_down() -> None:
    assert [authority.rank for authority in Authority] == [0, 1, 2, 3, 4]
    assert Authority.STATUTORY.rank == 0


def test_a_citation_is_a_slice_with_its_own_pages() -> None:
    first, second = Citation(PASSAGE, 100, 113), Citation(PASSAGE, 114, 127)

    assert (first.quote, first.first_page, first.last_page) == ("Visit weekly.", 3, 3)
    assert (second.quote, second.first_page, second.last_page) == ("Then monthly.", 4, 4)
    whole = Citation(PASSAGE, 100, 127)
    assert (whole.quote, whole.first_page, whole.last_page) == (TEXT, 3, 4)


@pytest.mark.parametrize(
    ("citation", "locator"),
    [
        (
            Citation(PASSAGE, 100, 113),
            "Private fostering guidance, 2013 › Visits › First year, p. 1 (PDF page 3)",
        ),
        (
            Citation(replace(PASSAGE, edition=replace(EDITION, page_labels=())), 114, 127),
            "Private fostering guidance, 2013 › Visits › First year, p. 4",
        ),
        (
            Citation(
                replace(PASSAGE, edition=replace(EDITION, label=""), headings=(), first_page=None, breaks=()), 100, 113
            ),
            "Private fostering guidance",
        ),
    ],
)
def test_a_locator_says_where_it_stands(citation: Citation, locator: str) -> None:
    assert citation.locator == locator


def test_pages_without_a_printed_number_are_counted() -> None:
    assert [EDITION.label_of_page(page) for page in (1, 2, 3, 9)] == ["1", "i", "1", "9"]
    assert PASSAGE.page_label == "1"
    assert replace(PASSAGE, first_page=None).page_label is None


@pytest.mark.parametrize(("start", "end"), [(99, 113), (100, 128), (113, 113), (114, 113)])
def test_no_citation_lies_outside_its_passage(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="lies outside passage p"):
        Citation(PASSAGE, start, end)


@pytest.mark.parametrize(("start", "end", "text"), [(0, 0, ""), (0, 2, "abc"), (-1, 2, "abc")])
def test_no_slice_differs_from_its_span(start: int, end: int, text: str) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Slice(start, end, text)


@pytest.mark.parametrize(("end", "text"), [(126, TEXT), (103, " \n ")])
def test_no_passage_is_blank_or_differs_from_its_span(end: int, text: str) -> None:
    with pytest.raises(ValueError, match="does not fit its text"):
        replace(PASSAGE, text=text, end=end)
