"""Whether a question tells of danger happening now, by fixed phrases; needs no index, no model and no network.

It decides only whether the emergency line is shown first and large: the line itself always stands on the page, and the
question is answered all the same. Fixed phrases miss what nobody foresaw; nothing may rely on a question being calm.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kb.visible import visible

PHRASES_FILE = Path(__file__).with_name("urgent.toml")
MAX_WORD = 30
# A scene is urgent from this weight on: two strong words of danger, or one with a person and a sign of "now".
ENOUGH = 4
SOON, HAPPENING, PROCEDURE = 2, 4, 5


@dataclass(frozen=True)
class Phrases:
    """kb/urgent.toml, ready to match: `weights` of single words, `signs` that add to a scene or take away from it."""

    phrases: tuple[re.Pattern[str], ...]
    weights: Mapping[str, int]
    signs: Mapping[str, re.Pattern[str]]
    spelling: Mapping[str, str]
    pictures: Mapping[str, str]


def is_urgent(question: str) -> bool:
    """The question tells of a person in danger now, whatever its capitals, accents, apostrophes or unseen letters."""
    known = phrases()
    said = _said(question, known)
    return any(phrase.search(said) for phrase in known.phrases) or _weight(said, known) >= ENOUGH


@cache
def phrases() -> Phrases:
    """The phrases of the data file, read once."""
    table = tomllib.loads(PHRASES_FILE.read_text(encoding="utf-8"))
    parts: dict[str, str] = {}
    for name, part in table["parts"].items():
        parts[name] = _filled(part, parts)
    return Phrases(
        phrases=tuple(re.compile(_filled(phrase, parts)) for group in table["phrases"].values() for phrase in group),
        weights={word: int(weight) for weight, listed in table["scene"].items() for word in listed.split()},
        signs={name: re.compile(_filled(sign, parts)) for name, sign in table["signs"].items()},
        spelling={wrong: right for right, listed in table["spelt"].items() for wrong in listed.split()},
        pictures=table["pictures"],
    )


def _filled(phrase: str, parts: Mapping[str, str]) -> str:
    """The phrase with each <NAME> replaced by its part."""
    return re.sub(r"(?<!\?P)<([A-Z_]+)>", lambda match: parts[match[1]], phrase)


def _said(question: str, known: Phrases) -> str:
    """The words in small letters, common misspellings put right, with one space before each."""
    for picture, meaning in known.pictures.items():
        question = question.replace(picture, f" {meaning} ")
    plain = visible(question).text.lower().replace("'", "")
    drawn_out = re.sub(r"([a-z])\1{2,}", r"\1", plain)
    return "".join(f" {known.spelling.get(word, word)[:MAX_WORD]}" for word in re.findall(r"[a-z0-9]+", drawn_out))


def _weight(said: str, known: Phrases) -> int:
    """How much of a scene of danger the words make up; each word counts once, and the light ones once together."""
    weights = [known.weights.get(word, 0) for word in set(said.split())]
    signs = {name for name, sign in known.signs.items() if sign.search(said)}
    light = (1 in weights) + ("personal" in signs)
    added = SOON * ("soon" in signs) + HAPPENING * ("happening" in signs)
    return sum(weight for weight in weights if weight > 1) + light + added - PROCEDURE * ("procedure" in signs)
