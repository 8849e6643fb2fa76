"""What a file says of itself, read from the loose forms that files write it in."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_WRITTEN_DATE = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\s+(\d{4})(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def first_date(text: str) -> date | None:
    """The day in '2025-03-01T09:00:00Z' or '1 March 2025'; None where there is none, or one that never was."""
    try:
        if found := _ISO_DATE.search(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _WRITTEN_DATE.search(text):
            month = found[2][:3].lower()
            return date(int(found[3]), _MONTHS.index(month) + 1, int(found[1]))
    except ValueError:
        return None
    return None


def web_address(text: str) -> bool:
    """Whether `text` is an http or https address with a host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\s\x00-\x1f]", text)
