"""The places that a text names: the nations, counties, boroughs and cities of the United Kingdom.

A rule of one county is no answer for another, however alike the words are. The names are those of ISO 3166-2:GB, as
pycountry has them, with the county names that they are made of and the usual short forms.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pycountry

_OTHER_NAMES = {
    "beds": "Bedfordshire",
    "berks": "Berkshire",
    "bucks": "Buckinghamshire",
    "cambs": "Cambridgeshire",
    "cheshire": "Cheshire",
    "glos": "Gloucestershire",
    "greater london": "London",
    "greater manchester": "Manchester",
    "hants": "Hampshire",
    "hereford": "Herefordshire",
    "herts": "Hertfordshire",
    "humberside": "Humberside",
    "lancs": "Lancashire",
    "leics": "Leicestershire",
    "lincs": "Lincolnshire",
    "london": "London",
    "merseyside": "Merseyside",
    "northants": "Northamptonshire",
    "notts": "Nottinghamshire",
    "oxon": "Oxfordshire",
    "staffs": "Staffordshire",
    "teesside": "Teesside",
    "uk": "United Kingdom",
    "wilts": "Wiltshire",
    "worcs": "Worcestershire",
}
"""Short forms, and counties that are no authority of today."""

_ALSO_WORDS = frozenset({"bath", "barking", "beds", "bury", "down", "highland", "reading", "staffs", "wilts"})
"""Written small they are taken for what English means by them."""

_SHORTEST = 4
_NOT_OF_THE_NAME = re.compile(r"\s*\[.*?\]|,? \(?(?:City of|County|The)\)?$| City$")
_SIDES = re.compile(r"^(?:(?:North|South) ?(?:East|West)?|East|West|Mid|Central|Isles? of)[ -](?:Riding of )?")
_PARTS = re.compile(r", | and | with |(?= upon )")


WIDER = frozenset({"England", "United Kingdom"})
"""What an English board's own area lies in: its documents apply there, whether they say so or not."""

OTHER_NATIONS = frozenset({"Northern Ireland", "Scotland", "Wales"})
"""Those whose safeguarding law is their own."""


@dataclass(frozen=True)
class Place:
    """A place that is named at characters `start` to `end` (0-based, end exclusive) of a text."""

    name: str
    start: int
    end: int


def find_places(text: str) -> tuple[Place, ...]:
    """The places that a text names, in its order, each by its full name: "Herts" and "HERTS" are Hertfordshire."""
    written = _written()
    return tuple(
        Place(written[match[0].lower()], match.start(), match.end())
        for match in _pattern().finditer(text)
        if match[0][0].isupper() or match[0].lower() not in _ALSO_WORDS
    )


@lru_cache(maxsize=1)
def _written() -> dict[str, str]:
    """What may be written, in small letters, and the name that it stands for."""
    names = dict(_OTHER_NAMES)
    for name in _authorities():
        names.setdefault(name.lower(), name)
    return names


def _authorities() -> Iterator[str]:
    """The authorities and nations, whole and by what their names are put together from."""
    for authority in pycountry.subdivisions.get(country_code="GB"):  # type: ignore[no-untyped-call]
        whole = _NOT_OF_THE_NAME.sub("", authority.name)
        for part in (whole, *_PARTS.split(whole)):
            for name in (part, _SIDES.sub("", part)):
                if len(name) >= _SHORTEST and name[0].isupper():
                    yield name


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Any of the names, the longest that fits; grouped by how they begin, several times as quick to look for."""
    beginnings: dict[str, list[str]] = defaultdict(list)
    for name in sorted(_written(), key=len, reverse=True):
        beginnings[name[:2]].append(re.escape(name[2:]))
    names = (f"{re.escape(begins)}(?:{'|'.join(ends)})" for begins, ends in beginnings.items())
    return re.compile(rf"\b(?:{'|'.join(names)})\b", re.I)
