"""Editions one after another: on each day at most one of a document may be quoted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.history import on_publication, pairs, succeed
from kb.documents import Document, Edition, Held, Status, Withdrawal

DOCUMENT = Document("fostering", "Private fostering")
TODAY = date(2026, 11, 24)
TOMORROW = TODAY + timedelta(days=1)
HOLDS = (Status.IN_FORCE, Status.REVIEW_OVERDUE, Status.UNDATED)


def edition(name: str, begins: date | None = None, label: str = "", until: date | None = None) -> Edition:
    return Edition(f"fostering@{name}", DOCUMENT, label, "fostering.md", name, begins, until)


def held_on(held: list[Held], day: date) -> list[str]:
    """The names of the editions that may be quoted on the day."""
    return [each.edition.sha256 for each in held if each.as_held.status_on(day) in HOLDS]


def added(before: list[Held], new: Edition, day: date = TODAY) -> list[Held]:
    return succeed(before, [new], (), True, day)


def test_a_new_edition_ends_the_earlier_one_on_the_day_from_which_it_is_in_force() -> None:
    first = added([], edition("a", date(2013, 7, 1)))

    both = added(first, edition("b", date(2020, 1, 1)))

    assert held_on(both, date(2019, 12, 31)) == ["a"]
    assert held_on(both, date(2020, 1, 1)) == ["b"]
    assert held_on(both, date(2013, 6, 30)) == []


def test_an_edition_of_a_later_day_leaves_the_earlier_in_force_until_then() -> None:
    both = added(added([], edition("a", date(2013, 7, 1))), edition("b", TOMORROW))

    assert held_on(both, TODAY) == ["a"]
    assert held_on(both, TOMORROW) == ["b"]


def test_a_correction_replaces_the_earlier_text_for_all_days() -> None:
    first = added(added([], edition("a", date(2013, 7, 1), "2013")), edition("b", date(2020, 1, 1), "2020"))

    corrected = added(first, edition("a2", date(2013, 7, 1), "2013"))

    assert [each.edition.sha256 for each in corrected] == ["a2", "b"]
    assert held_on(corrected, date(2015, 1, 1)) == ["a2"]
    assert held_on(corrected, TODAY) == ["b"]


def test_the_same_file_with_other_facts_is_the_same_edition_corrected() -> None:
    first = added([], edition("a"))
    dated = replace(edition("a", date(2013, 7, 1)), id="fostering@other")

    assert added(first, dated) == [Held(dated, added=True)]


def test_a_new_edition_without_a_date_takes_over_on_the_day_of_publication() -> None:
    both = added(added([], edition("a")), edition("b"))

    assert held_on(both, TODAY - timedelta(days=1)) == ["a"]
    assert held_on(both, TODAY) == ["b"]
    assert both[1].as_held.status_on(TODAY) is Status.UNDATED
    assert both[1].as_held.status_on(TODAY - timedelta(days=1)) is Status.NOT_YET


def test_an_edition_without_a_date_that_is_published_later_takes_over_later() -> None:
    base = added([], edition("a"))
    later = TODAY + timedelta(days=7)

    published = on_publication(added(base, edition("b")), base, later)

    assert held_on(published, TODAY) == held_on(published, later - timedelta(days=1)) == ["a"]
    assert held_on(published, later) == ["b"]


def test_a_file_that_comes_back_as_it_was_takes_the_place_of_what_had_replaced_it() -> None:
    first = added([], edition("a"))

    again = added(added(first, edition("b")), edition("a"), TOMORROW)

    assert again == first


def test_an_older_edition_added_to_the_history_leaves_the_current_one() -> None:
    current = added(added([], edition("a", date(2013, 7, 1))), edition("b"))

    with_older = added(current, edition("c", date(2009, 1, 1)), TOMORROW)

    assert held_on(with_older, TOMORROW) == ["b"]
    assert held_on(with_older, date(2010, 1, 1)) == ["c"]


def test_a_text_without_a_date_leaves_nothing_of_one_that_began_on_the_same_day() -> None:
    both = added(added([], edition("a", TODAY)), edition("b"))

    assert [each.edition.sha256 for each in both] == ["b"]


def test_what_the_manifest_dates_is_taken_as_it_says() -> None:
    listed = [edition("a", date(2009, 1, 1), "2009", date(2012, 1, 1)), edition("b", date(2013, 7, 1), "2013")]

    held = succeed([], listed, (), False, TODAY)

    assert [each.ended_on for each in held] == [None, None]
    assert held_on(held, date(2012, 6, 1)) == []


def test_an_edition_that_left_the_manifest_stays_as_superseded_and_one_that_nothing_ended_leaves() -> None:
    first = succeed([], [edition("a", date(2013, 7, 1))], (), False, TODAY)

    both = succeed(first, [edition("b", date(2020, 1, 1))], (), False, TODAY)
    only_first = succeed(both, [edition("a", date(2013, 7, 1))], (), False, TODAY)

    assert [each.edition.sha256 for each in both] == ["a", "b"]
    assert only_first == first


def test_a_document_that_left_the_manifest_leaves_and_stays_where_others_are_added() -> None:
    first = succeed([], [edition("a")], (), False, TODAY)
    other = replace(edition("x"), id="other@x", document=Document("other", "Other"))

    assert [each.edition.id for each in succeed(first, [other], (), False, TODAY)] == ["other@x"]
    assert [each.edition.id for each in succeed(first, [other], (), True, TODAY)] == ["fostering@a", "other@x"]


def by_the_manifest(before: list[Held], *read: Edition) -> list[Held]:
    return succeed(before, read, (), False, TODAY)


def test_what_was_added_by_itself_stays_where_the_manifest_does_not_have_it() -> None:
    both = by_the_manifest(added([], edition("a", date(2013, 7, 1))))

    assert held_on(both, TODAY) == ["a"]


def test_an_edition_added_by_itself_stays_after_the_one_that_the_manifest_has() -> None:
    listed = edition("a", date(2013, 7, 1))
    both = added(by_the_manifest([], listed), edition("b", date(2020, 1, 1)))

    assert by_the_manifest(both, listed) == both


def test_an_undated_edition_added_by_itself_stays_after_the_undated_one_that_the_manifest_has() -> None:
    both = added(by_the_manifest([], edition("a")), edition("b"))

    assert by_the_manifest(both, edition("a")) == both


def test_what_the_manifest_has_by_now_leaves_with_it() -> None:
    listed = by_the_manifest(added([], edition("a", date(2013, 7, 1))), edition("a", date(2013, 7, 1)))

    assert by_the_manifest(listed) == []


def test_the_manifest_corrects_what_was_added_by_itself() -> None:
    corrected = by_the_manifest(added([], edition("a", date(2013, 7, 1), "2013")), edition("a2", date(2013, 7, 1)))

    assert [(each.edition.sha256, each.added) for each in corrected] == [("a2", False)]


def test_an_edition_whose_file_cannot_be_read_now_stays() -> None:
    first = added([], edition("a"))

    assert succeed(first, [], {"fostering@a"}, False, TODAY) == first


def test_texts_about_past_practice_end_nothing_and_are_ended_by_nothing() -> None:
    past = replace(edition("a", date(2013, 7, 1)), historical=True)

    both = added(added([], past), edition("b", date(2020, 1, 1)))

    assert [each.ended_on for each in both] == [None, None]
    assert both[0].as_held.status_on(TODAY) is Status.HISTORICAL


@pytest.mark.parametrize("begins", [None, TODAY])
def test_a_document_withdrawn_here_stays_withdrawn_whatever_is_ingested(begins: date | None) -> None:
    withdrawn = Withdrawal(TODAY, "The law changed.")
    first = [replace(each, withdrawn=withdrawn) for each in added([], edition("a"))]

    after = added(first, edition("b", begins))

    assert [each.as_held.status_on(TODAY) for each in after] == [Status.WITHDRAWN] * 2


def test_a_new_edition_is_compared_with_the_one_that_it_corrects_or_follows() -> None:
    first = added(added([], edition("a", date(2009, 1, 1), "2009")), edition("b", date(2013, 7, 1), "2013"))
    corrected = added(first, edition("a2", date(2009, 1, 1), "2009"))
    followed = added(first, edition("c"))

    def names(after: list[Held]) -> list[tuple[str, str]]:
        return [(one.sha256 if one else "", other.sha256 if other else "") for one, other in pairs(first, after)]

    assert names(corrected) == [("a", "a2")]
    assert names(followed) == [("b", "c")]
    assert names([]) == [("b", "")]
    assert pairs([], first)[0][0] is None


days = st.integers(0, 40).map(lambda number: date(2026, 1, 1) + timedelta(days=number))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), days), st.booleans()), max_size=7), days)
def test_on_each_day_at_most_one_edition_may_be_quoted_however_they_came(
    steps: list[tuple[int, date | None, bool]], day: date
) -> None:
    held: list[Held] = []
    published = date(2026, 1, 5)
    for name, begins, by_itself in steps:
        published += timedelta(days=3)
        held = succeed(held, [edition(f"{name}{begins}", begins)], (), by_itself, published)

    assert len(held_on(held, day)) <= 1
    assert not steps or len(held_on(held, date(2026, 3, 1))) == 1


@given(st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), days)), min_size=1, max_size=7), st.booleans())
def test_the_same_again_changes_nothing(steps: list[tuple[int, date | None]], keep_others: bool) -> None:
    held: list[Held] = []
    published = date(2026, 1, 5)
    for name, begins in steps:
        published += timedelta(days=3)
        held = succeed(held, [edition(f"{name}{begins}", begins)], (), keep_others, published)

    last = edition(f"{steps[-1][0]}{steps[-1][1]}", steps[-1][1])
    assert succeed(held, [last], (), keep_others, published + timedelta(days=3)) == held
