"""The rows of a contents list, which name pages and say nothing themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.loaders.pdf_lines import Line

PATIENCE = 3
"""A contents list ends where this many rows in a row name no page."""
_HEAD = re.compile(r"^(?:table of )?contents(?: page)?:?$", re.IGNORECASE)
_LEADERS = re.compile(r"(?:\.\s?){5,}\s*\(?(?:\d{1,4}|[ivxlc]{1,6})\)?$|…{2,}\s*\d+$|_{5,}\s*\d+$")
_COLUMN_NAMES = re.compile(r"^(?:(?:page|paragraph|section|number|no\.?)\s*)+$", re.IGNORECASE)
_PAGES = re.compile(r"^(?:\d{1,4}|[ivxl]{1,6})(?:\s?[-\u2013]\s?\d{1,4})?$")


def contents_rows(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """For each page's rows (heads and feet left out), those of contents lists."""
    found: list[list[Line]] = []
    inside = False
    limit = 2 * len(pages) + 60
    for rows in pages:
        taken: list[Line] = []
        at = 0
        while at < len(rows):
            if inside:
                end = _end_of_list(rows, at, limit)
                taken += rows[at:end]
                inside = end == len(rows) and end > at
                at = max(end, at + 1) if inside or end > at else at
                if inside or end > at:
                    continue
            if _HEAD.match(rows[at].text.strip()) and _end_of_list(rows, at + 1, limit) > at + 1:
                inside = True
                taken.append(rows[at])
            elif _LEADERS.search(rows[at].text):
                taken.append(rows[at])
            at += 1
        found.append(taken)
    return found


def _end_of_list(rows: Sequence[Line], start: int, limit: int) -> int:
    """The index after the last row of the contents list that begins at `start`; `start` itself where there is none."""
    end, missed = start, 0
    for at in range(start, len(rows)):
        if names_a_page(rows[at], limit) or (_COLUMN_NAMES.match(rows[at].text.strip()) and at <= start + 1):
            end, missed = at + 1, 0
        else:
            missed += 1
            if missed >= PATIENCE:
                break
    return end


def names_a_page(row: Line, limit: int) -> bool:
    """Whether a row ends in a page number of at most `limit` that stands apart from the words before it."""
    if _LEADERS.search(row.text):
        return True
    at = len(row.words)
    while at > 0 and _PAGES.match(row.words[at - 1].text):
        at -= 1
    last = row.words[-1].text
    if at == len(row.words) or (last.isdigit() and int(last) > limit):
        return False
    return at == 0 or row.words[at].x0 - row.words[at - 1].x1 > 1.1 * row.size
