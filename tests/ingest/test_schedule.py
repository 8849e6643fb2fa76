"""A publication waits for its day, and nothing else is published meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from kb import instants
from kb.database import Database
from kb.errors import HeldBack, WrongUse

if TYPE_CHECKING:
    from tests.conftest import Shelf

QUESTION = "where to put the baby to sleep"
BACK = "Put the baby on the back to sleep."
COT = "Put the baby to sleep in a cot of its own."
TODAY = instants.day_of(instants.now())
TOMORROW = TODAY + timedelta(days=1)


def published(shelf: Shelf) -> str:
    with Database(shelf.data) as database:
        return database.published_id() or ""


def at(monkeypatch: pytest.MonkeyPatch, instant: str) -> None:
    monkeypatch.setattr(instants, "now", lambda: instant)


def test_a_publication_waits_for_its_day_in_london(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    first = shelf.ingest().generation
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")
    draft = shelf.prepare().draft or ""

    waits_for = shelf.desk().publish(draft, TOMORROW)

    assert waits_for == instants.begins(TOMORROW)
    assert published(shelf) == first
    assert BACK in shelf.text()
    at(monkeypatch, waits_for)
    assert published(shelf) == draft
    assert COT in shelf.text()
    assert shelf.answer(QUESTION, TODAY).generation == draft


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2027, 1, 4), "2027-01-04T00:00:00+00:00"),
        (date(2027, 3, 28), "2027-03-28T00:00:00+00:00"),  # summer time begins at one in the morning
        (date(2027, 3, 29), "2027-03-28T23:00:00+00:00"),
        (date(2027, 10, 31), "2027-10-30T23:00:00+00:00"),  # and ends at two
        (date(2027, 11, 1), "2027-11-01T00:00:00+00:00"),
    ],
)
def test_a_day_begins_at_midnight_in_london_in_summer_and_winter(day: date, instant: str) -> None:
    assert instants.begins(day) == instant
    assert instants.day_of(instant) == day


def test_while_a_publication_waits_nothing_else_is_published(shelf: Shelf) -> None:
    first = shelf.ingest().generation or ""
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")
    waiting = shelf.prepare().draft or ""
    shelf.put("new.md", "Another text.")
    other = shelf.prepare().draft or ""
    desk = shelf.desk()
    desk.publish(waiting, TOMORROW)

    for act in (
        lambda: desk.publish(other),
        lambda: desk.publish(waiting),
        lambda: desk.rollback("Why.", first),
        lambda: desk.withdraw("sleep", "Why."),
        lambda: desk.discard(waiting),
    ):
        with pytest.raises(HeldBack, match="python -m ingest cancel"):
            act()

    assert desk.cancel() == waiting
    desk.publish(other)
    assert published(shelf) == other


def test_a_cancelled_publication_is_a_draft_that_can_be_published_or_discarded(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("sleep.md", f"# Safer sleep\n\n{COT}\n")
    draft = shelf.prepare().draft or ""
    shelf.desk().publish(draft, TOMORROW)
    shelf.desk().cancel()
    assert [each.id for each in shelf.desk().standing().drafts] == [draft]

    shelf.desk().discard(draft)

    assert shelf.desk().standing().drafts == ()


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1)])
def test_a_day_that_has_begun_is_refused(shelf: Shelf, day: date) -> None:
    shelf.ingest()
    shelf.put("sleep.md", "Changed.")
    draft = shelf.prepare().draft or ""

    with pytest.raises(WrongUse, match="has begun already"):
        shelf.desk().publish(draft, day)
