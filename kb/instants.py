"""Instants in UTC, as the store writes them, and the board's days in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> str:
    """This moment in UTC, ISO 8601 to the second; such texts sort as the moments do."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def begins(day: date) -> str:
    """The instant at which the day begins in London, in UTC: an hour before midnight while summer time lasts."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC).isoformat(timespec="seconds")


def day_of(instant: str) -> date:
    """The day in London to which an instant belongs."""
    return datetime.fromisoformat(instant).astimezone(LONDON).date()


def shown(instant: str) -> str:
    """'23 November 2026, 09:17' in London."""
    local = datetime.fromisoformat(instant).astimezone(LONDON)
    return f"{local.day} {local:%B %Y, %H:%M}"
