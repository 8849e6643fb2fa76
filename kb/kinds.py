"""What sort of answer a question wants, and whether a sentence holds that sort of thing."""

from __future__ import annotations

import re
from enum import StrEnum


class Wanted(StrEnum):
    """A sort of answer that can be told from a sentence's words alone."""

    NUMBER = "number"
    DURATION = "duration"
    DEFINITION = "definition"


_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen"
_WANTS = {
    Wanted.NUMBER: re.compile(
        r"how many|how much|number of|percentage|what proportion|figure|\bcosts?\b|\brates?\b", re.I
    ),
    Wanted.DURATION: re.compile(
        r"how (?:soon|long|quick|often|old)|\bwhen\b|deadline|time ?limit|\bwithin\b|timescale|\bdays\b", re.I
    ),
    # "What is private fostering?", and not "What is the time limit?"
    Wanted.DEFINITION: re.compile(
        r"\bwhat(?:'s|’s| is| are) (?!(?:the|my|your|our|his|her|their|it|this|that|these|those)\b)[\w'’ ()-]{2,50}\??$"
        r"|\bwhat (?:does|do|is|are) .{2,50} (?:mean|meant|stand for)\b|\bdefin(?:e|ed|ition)\b|\bmeaning of\b",
        re.I,
    ),
}
_HOLDS = {
    Wanted.NUMBER: re.compile(rf"\d|per cent|\b(?:{_SMALL})\b", re.I),
    Wanted.DURATION: re.compile(
        rf"\b(?:\d+|{_SMALL})\b[^.]{{0,12}}\b(?:minute|hour|day|week|month|year)s?\b"
        r"|immediately|at once|straight away|without delay|as soon as",
        re.I,
    ),
    Wanted.DEFINITION: re.compile(
        r"^.{0,80}?\b(?:means?|refers? to|stands? for"
        r"|(?:is|are) (?:an?|any|the|when|where|what|called|defined as|used for))\b",
        re.I,
    ),
}
_WHETHER = re.compile(
    r"^\W*(?:can|could|may|must|should|would|will|do|does|have|has|is|are|am)\b"
    r"|(?<!how )(?<!what )(?<!when )(?<!where )(?<!which )(?<!who )(?<!why )"
    r"\b(?:can|may|must|do|does|should) (?:i|we|you|he|she|they)\b",
    re.I,
)


def wanted_by(question: str) -> frozenset[Wanted]:
    """The sorts of answer that a question wants; empty where its words do not tell."""
    return frozenset(sort for sort, pattern in _WANTS.items() if pattern.search(question))


def held_in(sentence: str) -> frozenset[Wanted]:
    """The sorts of answer that a sentence could give."""
    return frozenset(sort for sort, pattern in _HOLDS.items() if pattern.search(sentence))


def asks_whether(question: str) -> bool:
    """Whether it asks if something is so, or may or must be done."""
    return bool(_WHETHER.search(question))
