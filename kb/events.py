"""What happened outside to documents that ours rest on: a newer edition of a law or of national guidance."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path

from kb import messages
from kb.documents import Passage
from kb.errors import KnowledgeBaseError

HAPPENED = ("was published", "was ratified", "came into force")
"""What an event's day can be."""

_IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAY_BE_MISSING = frozenset({"when", "note"})


@dataclass(frozen=True)
class Event:
    """From `on`, `title` stands in the place of `supersedes`, which texts call by any of `names`.

    `happened` is one of HAPPENED and says what the day is. `when` says it in words where the day itself is not known
    ('in February or March 2021'), and `note` what is to be added; '' for neither.
    """

    id: str
    title: str
    happened: str
    on: date
    supersedes: str
    names: tuple[str, ...]
    source: str
    when: str = ""
    note: str = ""

    @property
    def told(self) -> str:
        """What a reader of a text that rests on the superseded document must know."""
        when = self.when or f"on {messages.uk_date(self.on)}"
        return messages.event(f"{self.title} {self.happened} {when}", self.supersedes, self.note)


_TEXTS = tuple(item.name for item in fields(Event) if item.type == "str")
_FIELDS = tuple(item.name for item in fields(Event))


def flags(passage: Passage, events: Iterable[Event], on: date) -> tuple[Event, ...]:
    """The events up to the day `on` whose superseded document the passage rests on, in their order.

    It rests on what its headings, its text or its lead-in names, and on what its section's source note names. Only
    where the section has no such note does it rest on what its edition was written from or confirmed by.
    """
    said = _said(passage)
    return tuple(event for event in events if event.on <= on and _pattern(event.names).search(said))


def _said(passage: Passage) -> str:
    edition = passage.edition
    source = (passage.source.text,) if passage.source else (edition.confirmed, *edition.sources)
    lead = passage.lead.text if passage.lead else ""
    return "\n".join((*passage.headings, lead, passage.text, *source))


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of the names as whole words, whatever white space, capitals and apostrophes they are written with."""
    longest_first = sorted(names, key=len, reverse=True)
    written = (re.escape(name).replace(r"\ ", r"\s+").replace("'", "['’]") for name in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE)


def read_events(file: Path) -> tuple[Event, ...]:
    """Every event in the file's order, none where there is no file; all problems are raised as one error."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeBaseError(file.name, f"cannot be read: {error}", "Correct the file and try again.") from error
    entries = table.pop("event", [])
    if not isinstance(entries, list):
        raise KnowledgeBaseError(file.name, "'event' is not a list of tables", "Begin each entry with [[event]].")
    problems = [f"{key!r} is not known here; begin each entry with [[event]]" for key in table]
    problems += [
        f"{_name_of(entry, place)}: {fact}"
        for place, entry in enumerate(entries, start=1)
        for fact in _problems_of(entry)
    ]
    problems += _problems_between([entry for entry in entries if isinstance(entry, Mapping)])
    if problems:
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise KnowledgeBaseError(file.name, f"{count}\n{listed}", "Correct the file and try again.")
    return tuple(Event(**{**entry, "names": tuple(entry["names"])}) for entry in entries)


def _name_of(entry: object, place: int) -> str:
    named = entry.get("id") if isinstance(entry, Mapping) else None
    return named if isinstance(named, str) and named else f"event {place}"


def _problems_of(entry: object) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        yield "is not a table; begin it with [[event]]"
        return
    yield from (f"{key!r} is not a field of an event" for key in entry if key not in _FIELDS)
    for key in _TEXTS:
        yield from (f"{key}: {fact}" for fact in _problems_of_text(key, entry.get(key)))
    day = entry.get("on")
    if not isinstance(day, date) or isinstance(day, datetime):
        yield f"on: {'missing' if day is None else repr(day)}; write a day such as 2026-03-18"
    names = entry.get("names")
    if not isinstance(names, list) or not names:
        yield "names: missing; list what texts call the superseded document"
    else:
        yield from (f"names: {name!r} is no text" for name in names if not isinstance(name, str) or not name.strip())


def _problems_of_text(key: str, value: object) -> Iterator[str]:
    if value is None:
        if key not in _MAY_BE_MISSING:
            yield "missing"
    elif not isinstance(value, str):
        yield f"{value!r} is not text; put it in quotation marks"
    elif not value.strip() and key not in _MAY_BE_MISSING:
        yield "empty"
    elif key == "id" and not _IDENTIFIER.fullmatch(value):
        yield f"{value!r} may hold only small letters, digits and single hyphens"
    elif key == "happened" and value not in HAPPENED:
        yield f"{value!r}; known: {', '.join(HAPPENED)}"


def _problems_between(entries: Sequence[Mapping[str, object]]) -> Iterator[str]:
    ids = Counter(entry["id"] for entry in entries if isinstance(entry.get("id"), str))
    yield from (f"{id_}: {count} events have this id" for id_, count in ids.items() if count > 1)
    listed = (names for entry in entries if isinstance(names := entry.get("names"), list))
    told = Counter(" ".join(name.casefold().split()) for names in listed for name in names if isinstance(name, str))
    yield from (f"names: {name!r} stands in the file {count} times" for name, count in told.items() if count > 1)
