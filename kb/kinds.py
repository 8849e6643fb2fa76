"""What sort of answer a question wants, and whether a sentence holds that sort of thing."""

from __future__ import annotations

import re
from enum import StrEnum


class Wanted(StrEnum):
    """A sort of answer that can be told from a sentence's words alone.

    `NUMBER` an amount, of money too; `DURATION` how long, how soon, how often, how old; `WHEN` a point in time.
    """

    NUMBER = "number"
    DURATION = "duration"
    WHEN = "when"
    DEFINITION = "definition"


MEASURED = frozenset({Wanted.NUMBER, Wanted.DURATION})
"""What no sentence can tell without saying it: a sentence that holds none does not answer."""

_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    "|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-[a-z]+)?|hundreds?|thousands?|dozens?|half"
)
_UNITS = "minute|hour|night|day|week|fortnight|month|term|year"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_TIME = (
    rf"\b(?:\d+|{_WORDS}|an?|each|every)\b[^.]{{0,16}}\b(?:{_UNITS})s?\b|\baged?\b|\b(?:under|over) \d"
    r"|\b(?:immediately|at once|straight away|without delay|as soon as|at any time|until|regularly)\b"
    r"|\bannual|\b(?:weekly|monthly|quarterly)\b|\bno (?:time )?limit\b"
)
_DATE = rf"\b(?:19|20)\d\d\b|\b(?:{_MONTHS})\b"
_WANTS = {
    Wanted.NUMBER: re.compile(
        r"how many|number of|per ?cent|what proportion|\b(?:rates?|figures?)\b"
        r"|how much\b(?! (?:time|notice|longer|warning|detail|of))"
        r"|\bwhat\b.{0,40}\b(?:costs?|fees?|price|charge|salary|fine|penalty)\b|\b(?:salary|wages?)\b",
        re.I,
    ),
    Wanted.DURATION: re.compile(
        r"how (?:soon|long|quick(?:ly)?|often|old)\b|deadline|time ?limit|timescale"
        rf"|how (?:many|much) (?:time|notice|(?:{_UNITS})s?)\b",
        re.I,
    ),
    Wanted.WHEN: re.compile(r"\bwhen\b|\bwithin\b|\bdays\b", re.I),
    # "What is private fostering?", and not "What is the time limit?"
    Wanted.DEFINITION: re.compile(
        r"\bwhat(?:'s|’s| is| are) (?!(?:the|my|your|our|his|her|their|it|this|that|these|those)\b)[\w'’ ()-]{2,50}\??$"
        r"|\bwhat (?:does|do|is|are) .{2,50} (?:mean|meant|stand for)\b|\bdefin(?:e|ed|ition)\b|\bmeaning of\b",
        re.I,
    ),
}
_HOLDS = {
    Wanted.NUMBER: re.compile(rf"\d|£|per cent|\b(?:{_WORDS}|none|nothing|pounds?|free)\b|\bno (?:charge|fee)\b", re.I),
    Wanted.DURATION: re.compile(_TIME, re.I),
    Wanted.WHEN: re.compile(f"{_TIME}|{_DATE}", re.I),
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
