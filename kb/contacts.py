"""Whom to ring: the board's list of contacts, and the emergency line that stands when nothing else works."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path

from kb.errors import KnowledgeBaseError

EMERGENCY_NUMBER = "999"
NUMBER = re.compile(r"\+?\d(?:[ ()-]{0,2}\d){2,14}")
IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAY_BE_EMPTY = frozenset({"hours"})
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Contact:
    """One number to ring; `hours` is '' where they are not known, `last_checked` the day its source was looked up.

    `emergency` marks the number for a child in immediate danger, `referral` the board's own number for referrals.
    """

    id: str
    name: str
    number: str
    purpose: str
    hours: str
    audience: str
    area: str
    source: str
    confidence: str
    owner: str
    last_checked: date
    emergency: bool = False
    referral: bool = False

    @property
    def digits(self) -> str:
        """The number as a telephone dials it."""
        return re.sub(r"[^\d+]", "", self.number)

    @property
    def checked(self) -> str:
        """'last checked 23 November 2026 by the HSCP business unit'."""
        # A person's name takes no article; the name of an office has a word in small letters.
        article = "the " if any(word[:1].islower() for word in self.owner.split()) else ""
        return f"last checked {uk_date(self.last_checked)} by {article}{self.owner.removeprefix('the ')}"


@dataclass(frozen=True)
class EmergencyLine:
    """What the strip says; `referral` is None where the number is not known, and `note` then says why."""

    referral: Contact | None
    note: str = ""

    @property
    def text(self) -> str:
        """The whole strip in plain words."""
        first = f"Child in immediate danger: call {EMERGENCY_NUMBER}."
        if self.referral is None:
            return f"{first} {self.note}"
        return f"{first} To refer a child in {self.referral.area}: {self.referral.number} ({self.referral.checked})."


TEXTS = tuple(item.name for item in fields(Contact) if item.type == "str")
FIELDS = tuple(item.name for item in fields(Contact))
SWITCHES = tuple(item.name for item in fields(Contact) if item.type == "bool")


def read_contacts(contacts_file: Path) -> tuple[Contact, ...]:
    """Every contact in the file's order; all problems of the file are raised at once as one KnowledgeBaseError."""
    contacts, problems = _read(contacts_file)
    if problems:
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise KnowledgeBaseError(contacts_file.name, f"{count}\n{listed}", "Correct the file and try again.")
    return contacts


def emergency_line(contacts_file: Path) -> EmergencyLine:
    """999 and the board's number for referrals, or a note that it is not known; raises nothing, whatever the file."""
    contacts, problems = _read(contacts_file)
    referrals = [contact for contact in contacts if contact.referral]
    if len(referrals) == 1:
        return EmergencyLine(referrals[0])
    why = "the list of contacts " + ("names no single one" if contacts or not problems else "cannot be read")
    return EmergencyLine(None, f"The number for referrals is not known here: {why}. Ask your safeguarding lead.")


def known_numbers(contacts: Iterable[Contact]) -> frozenset[str]:
    """The digits of every number in the list, to tell a helpline from a family's telephone."""
    return frozenset(contact.digits for contact in contacts)


def overdue(contacts: Iterable[Contact], on: date, within_days: int = 180) -> tuple[Contact, ...]:
    """The contacts last checked more than `within_days` days before `on`, or said to be checked after it."""
    return tuple(c for c in contacts if not 0 <= (on - c.last_checked).days <= within_days)


def uk_date(day: date) -> str:
    """'23 November 2026', whatever the machine's language."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _read(contacts_file: Path) -> tuple[tuple[Contact, ...], tuple[str, ...]]:
    """The entries without a problem, and every problem in the file's order."""
    try:
        entries = tomllib.loads(contacts_file.read_text(encoding="utf-8-sig")).get("contact")
    except OSError:
        return (), ("the file is missing or cannot be opened",)
    except UnicodeDecodeError:
        return (), ("the file is not UTF-8 text",)
    except tomllib.TOMLDecodeError as error:
        return (), (f"the file is not TOML: {error}",)
    if not isinstance(entries, list) or not entries:
        return (), ("there is no [[contact]]",)
    contacts: list[Contact] = []
    problems: list[str] = []
    for place, entry in enumerate(entries, start=1):
        found = _problems_of(entry)
        problems.extend(f"{_name_of(entry, place)}: {problem}" for problem in found)
        if not found:
            contacts.append(Contact(**entry))
    return tuple(contacts), (*problems, *_problems_between(contacts))


def _name_of(entry: object, place: int) -> str:
    named = entry.get("id") if isinstance(entry, Mapping) else None
    return named if isinstance(named, str) and named else f"contact {place}"


def _problems_of(entry: object) -> list[str]:
    if not isinstance(entry, Mapping):
        return ["is not a table; begin it with [[contact]]"]
    problems = [f"{key!r} is not a field of a contact" for key in entry if key not in FIELDS]
    for key in TEXTS:
        problems.extend(f"{key}: {fact}" for fact in _problem_of_text(key, entry.get(key)))
    wrong = [key for key in SWITCHES if not isinstance(entry.get(key, False), bool)]
    problems.extend(f"{key}: {entry[key]!r} is neither true nor false" for key in wrong)
    day = entry.get("last_checked")
    if not isinstance(day, date) or isinstance(day, datetime):
        problems.append(f"last_checked: {'missing' if day is None else repr(day)}; write a day such as 2026-11-23")
    if entry.get("emergency") is True and entry.get("number") != EMERGENCY_NUMBER:
        problems.append(f"number: {entry.get('number')!r} is marked emergency; only {EMERGENCY_NUMBER} may be")
    return problems


def _problem_of_text(key: str, value: object) -> list[str]:
    if value is None:
        return ["missing"]
    if not isinstance(value, str):
        return [f"{value!r} is not text; put it in quotation marks"]
    if not value.strip() and key not in MAY_BE_EMPTY:
        return ["empty"]
    if key == "number" and not NUMBER.fullmatch(value):
        return [f"{value!r} is no telephone number"]
    if key == "id" and not IDENTIFIER.fullmatch(value):
        return [f"{value!r} may hold only small letters, digits and single hyphens"]
    return []


def _problems_between(contacts: Iterable[Contact]) -> list[str]:
    listed = tuple(contacts)
    ids = Counter(contact.id for contact in listed)
    problems = [f"{name}: {count} contacts have this id" for name, count in ids.items() if count > 1]
    for key in ("emergency", "referral"):
        marked = [contact.id for contact in listed if getattr(contact, key)]
        if len(marked) > 1:
            problems.append(f"{', '.join(marked)}: only one contact may be marked {key}")
    return problems
