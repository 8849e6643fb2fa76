"""Where a question names a person in a child's case: a name, with a sign beside it that a real child is meant.

A name alone is no finding, nor a name from a published review, an institution, a law or a place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS_FILE = Path(__file__).with_name("privacy.toml")
TOKEN = re.compile(r"[A-Za-z]{1,40}(?:['-][A-Za-z]{1,40}){0,3}")
SHORTENED = re.compile(r"\w+'(?:d|ll|m|re|t|ve)")
MAX_WORDS = 4
SEEN_BEFORE = 60  # characters before a name in which a sign beside it may stand

RELATIVE = (
    r"(?:mum|mummy|mam|mom|mother|dad|daddy|father|parents?|step-?\w{3,8}|brothers?|sisters?|siblings?|nan|nana|"
    r"gran\w{0,8}|"
    r"aunt\w{0,2}|uncle|cousins?|son|sons|daughters?|boyfriend|girlfriend|partner|ex|foster|carers?|twin|niece|nephew)"
)
CHILD = (
    r"(?:child|boy|girl|pupil|student|baby|toddler|infant|teenager|kid|lad|young person|(?:grand|step)?son|"
    r"(?:grand|step)?daughter|brother|sister|sibling|niece|nephew|cousin|patient|twin)"
)
AGE = (
    r"(?:1[0-8]|\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen)"
)
YEAR_GROUP = r"(?:year|yr|y)\s?(?:1[0-3]|\d)\b"
HARM = (
    r"(?:bruis\w+|injur\w+|burn(?:s|t|ed)|marks?|hit(?:s|ting)?|hurt(?:s|ing)?|beat(?:s|en|ing)?|slap\w*|punch\w*|kick\w*|"
    r"touch(?:es|ed|ing)|abus\w+|neglect\w*|rap(?:ed|ing)|groom\w*|missing|self[- ]?harm\w*|cutting|scared|"
    r"afraid|knife|drunk|"
    r"pregnant|fractur\w+|dirty|hungry|wet|suicid\w+|overdose\w*|sleep(?:s|ing)|plan|placement|removed|arrested|ehcp|"
    r"exploit\w+|disclos\w+|attendance|absent|social worker|school|nursery|camhs|fostered|"
    r"children's services|phone|money)"
)
STATES = (
    r"(?:withdrawn|excluded|pregnant|missing|scared|afraid|hit|beaten|bullied|abused|groomed|taken|bruised|homeless|suicidal|"
    r"self-?harming|crying|away|removed|born|fostered|adopted|sleeping|living|arrested|running|hungry|dirty|"
    r"on a (?:cp|cin|child protection|child in need) plan)\b"
)
TELLS = r"(?:told|tells|said|says|disclosed|confided|whispered|admitted|reported|revealed|alleged|alleges|keeps saying)"

# Right after the name, for any name.
AFTER = re.compile(
    r"\s*,?\s*\(?(?:who\s)?(?:(?:is|was|has just turned|turned)\s)?(?:now\s|only\s|nearly\s|just\s)?"
    rf"(?:aged?\s|age:\s?){AGE}\b"
    rf"|\s*\(\s*{AGE}\s*(?:\)|y|m|,)"
    rf"|\s+(?:is|was|who is|turned)\s(?:only\s|nearly\s|just\s|about\s)?{AGE}"
    r"(?=\s*(?:[,.?!]|$|and\b|years?\b|yrs?\b|yo\b|months?\b|weeks?\b))"
    rf"|\s*,\s*{AGE}\s*(?:,|\.|\)|$|years?\b|yrs?\b|yo\b|y/o|months?\b|weeks?\b)"
    rf"|\s+{AGE}\s*(?:years? old|yrs? old|yo\b|y/o|months? old|weeks? old)"
    rf"|\s*,?\s*\(?(?:is\s|was\s|who is\s)?(?:in\s|from\s)?(?:my\s)?{YEAR_GROUP}"
    r"|\s+(?:is\s|was\s|who is\s)?(?:in|from)\s(?:my|our|his|her|reception|nursery)\b"
    r"|\s*,?\s*\(?\s*(?:dob|d\.o\.b|born)\b"
    rf"|'s?\s(?:(?:own|new|older|younger|little|foster|birth)\s)?{RELATIVE}\b"
    rf"|\s+(?:has\s|had\s)?(?:also\s|just\s|then\s)?{TELLS}\s"
    r"(?:me|us|staff|that|to\s(?:me|us|the|her|his|staff)|her|his|she|he|they|my|mum|dad|\"|in\s(?:class|school)|"
    r"the\s(?:school|nurse|teacher))"
    r"|\s+and\s(?:her|his)\s"
    r"|,?\s+(?:attends|goes to|lives with)\s"
    r"|,?\s+(?:is|was|has been|is being|being|keeps|went|ran|came|gets|got|arrived)\s"
    rf"(?:to\s|being\s|not\s|very\s)?{STATES}",
    re.IGNORECASE,
)
# Right after the name, near a word of harm or of a case, for a listed first name only.
STATE = re.compile(
    r"(?:'s|'ve)?\s*,?\s*(?:(?:has|had|have|is|was|were|been|keeps|came|comes|drew|lives|went|ran|got|arrived|turned|wants|"
    rf"needs|refuses|seems|wet|and)\b)[^.?!\n]{{0,50}}?\b{HARM}\b",
    re.IGNORECASE,
)
STATUS = re.compile(
    r"'s?\s+(?:\w{2,15}\s){0,2}(?:records?|school|file|plan|attendance|teacher|social worker|bruises?)\b",
    re.IGNORECASE,
)
# Right before the name, for any name with a capital.
BEFORE = re.compile(
    rf"(?:\b{CHILD}\b[^.?!,\n]{{0,12}}?\s(?:called|named)\s+"
    rf"|\b(?:pupil|child|student|boy|girl|patient)(?:'s)?\s(?:full\s|first\s)?name\s?(?:is\s|:\s?|-\s?)?"
    r"|\b(?:his|her|their)\s(?:full\s|first\s|real\s)?name(?:\sis|'s|:)\s+"
    r"|\b(?:my|our|his|her|their|the|this|a|foster)\s(?:(?:\w{1,10}\s){0,2})?"
    rf"(?:{CHILD}|{RELATIVE}),?:?\s+(?:is\s|was\s)?(?:called\s)?"
    r"|\b(?:is|was|are)\scalled\s+"
    rf"|\b{AGE}[- ](?:year|month|week|yr)s?[- ]old,?\s(?:(?:boy|girl|child|pupil),?\s)?(?:called\s|named\s)?"
    r"|\b(?:pupil|girl|boy|patient|toddler|sibling group|the twins|the brothers|the sisters|poor|"
    r"worried about little)\s+"
    r")$",
    re.IGNORECASE,
)
# Right before the name, for a listed first name only.
BEFORE_LISTED = re.compile(
    r"\b(?:baby|student|little|child|young|concern(?:s|ed) about|worried about|re:?|regarding)\s+$", re.IGNORECASE
)
TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|mx)\.?\s+$", re.IGNORECASE)
FAMILY = re.compile(
    r"\s+(?:family|children|child|kids|twins|siblings|household|brothers|sisters|boys|girls|baby)\b"
    r"(?!\s(?:court|support|hub))",
    re.IGNORECASE,
)
# Somewhere in the question, for a listed first name.
PRONOUN = re.compile(r"\b(?:he|she|his|her|him|hers|he's|she's|hes|shes)\b", re.IGNORECASE)
CASE = re.compile(
    rf"\b(?:{HARM}|(?:his|her|my|our|their)\s(?:\w{{2,12}}\s)?{RELATIVE}|{YEAR_GROUP}|"
    rf"{AGE}\s(?:years? old|months|weeks)|aged\s{AGE}|(?:he|she)(?:\sis|'s)\s{AGE})\b",
    re.IGNORECASE,
)
OF_A_FAMILY = re.compile(rf"\b{RELATIVE}\b|\bhome educated\b|\bwhat happened\b", re.IGNORECASE)
THEIR_CHILD = re.compile(rf"\b(?:his|her|my|our|the|a)\s(?:\w{{2,12}}\s)?(?:{CHILD}|children)\b", re.IGNORECASE)
# A child's name in small letters that no list holds, known by its place in the sentence.
SMALL = (
    re.compile(
        rf"\b{CHILD}\s(?:is\s|was\s|who\sis\s)?(?:called|named)\s+(\w{{2,20}}(?:\s\w{{2,20}})?)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:pupil|child|boy|girl|student)(?:'s)?\sname\s?(?:is\s|:\s?)(\w{2,20}(?:\s\w{2,20})?)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^\s*(\w{{3,20}}(?:\s\w{{3,20}})?),?\s(?:\(|in\s|from\s)?{YEAR_GROUP}\)?,?\s"
        rf"(?:{TELLS}|has|is|came|keeps)\b",
        re.IGNORECASE,
    ),
)
TITLE_WORD = re.compile(r"[\w,;'-]\s([A-Z][\w'-]*)\s$")
PERSON_WORD = re.compile(rf"{RELATIVE}|mr|mrs|miss|ms|pupil|student|boy|girl|patient|baby|year", re.IGNORECASE)
# A child spoken of, a comma before the name and one after it.
APPOSITION = re.compile(rf"\b{CHILD}\b[^.?!,\n]{{0,30}},\s$", re.IGNORECASE)
# What shows that a real child is meant even where a published name stands.
LIVE = re.compile(
    rf"\s*,?\s*(?:(?:is\s|who is\s)?in\s(?:my\b|{YEAR_GROUP})|(?:has\s)?(?:told|disclosed to)\s(?:me|us|staff)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Words:
    """The lists of kb/privacy.toml, in small letters."""

    first_names: frozenset[str]
    first_names_and_words: frozenset[str]
    surnames: frozenset[str]
    institutions: frozenset[str]
    not_names: frozenset[str]
    published: frozenset[str]
    particles: frozenset[str]
    small_words: frozenset[str]
    postcode_areas: frozenset[str]
    no_street: frozenset[str]
    offices: frozenset[str]


@cache
def words() -> Words:
    """The lists, read once."""
    table = tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))
    lists = {key: frozenset(value if key == "published" else value.split()) for key, value in table.items()}
    return Words(**lists)


@dataclass(frozen=True, repr=False)
class Candidate:
    """A run of words that may name a person; `listed` means that it begins with a first name that is no other word."""

    start: int
    end: int
    spoken: tuple[str, ...]
    listed: bool
    capital: bool


def find_names(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of names, in order, that stand with the signs of a child's case; `text` is in plain letters."""
    candidates = tuple(_candidates(text))
    about_a_case = bool(PRONOUN.search(text) or CASE.search(text) or OF_A_FAMILY.search(text))
    found = [c for c in candidates if _is_marked(text, c, about_a_case)]
    marked = {c.start for c in found}
    listed_with = [c for c in candidates if c.start not in marked and c.listed and _is_joined(text, c, found)]
    spans = {(c.start, c.end) for c in (*found, *listed_with)} | set(_in_small_letters(text))
    return tuple(sorted(spans | set(_again(text, spans))))


def _again(text: str, spans: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Wherever a word of a found name stands again outside the spans: 'Jayden' after 'Jayden Smith'."""
    covered = {
        start + token.start(): token.group() for start, end in spans for token in TOKEN.finditer(text[start:end])
    }
    named = {word for word in covered.values() if len(word) >= 3 and word.lower() not in words().not_names}
    for token in TOKEN.finditer(text):
        if token.start() not in covered and text[token.start() : _end(token)] in named:
            yield token.start(), _end(token)


def _candidates(text: str) -> Iterator[Candidate]:
    """Runs of words that may be names; in a text without small letters only listed names are."""
    shouted = text.upper() == text
    tokens = list(TOKEN.finditer(text))
    place = 0
    while place < len(tokens):
        run = _run(text, tokens, place, shouted)
        if run and not _is_institution(text, run[-1]):
            listed = any(part in words().first_names - words().first_names_and_words for part in _parts(run[0]))
            capital = run[0].group()[0].isupper() and not shouted
            if not listed and _ends_a_title(text, run[0].start()):
                place += len(run)
                continue
            yield Candidate(run[0].start(), _end(run[-1]), tuple(_bare(token) for token in run), listed, capital)
        place += max(1, len(run))


def _run(text: str, tokens: list[re.Match[str]], place: int, shouted: bool) -> list[re.Match[str]]:
    """The words of one name from `place` on, none where no name begins there."""
    for length in range(5, 1, -1):
        run = tokens[place : place + length]
        if " ".join(map(_bare, run)).replace("-", " ") in words().published:
            return run
    if not _may_begin(tokens[place], shouted):
        return []
    run = [tokens[place]]
    for token in tokens[place + 1 : place + MAX_WORDS]:
        if text[run[-1].end() : token.start()] not in {" ", "  "} or run[-1].end() != _end(run[-1]):
            break
        if not _may_follow(token, shouted):
            break
        run.append(token)
    while len(run) > 1 and _bare(run[-1]) in words().particles:
        run.pop()
    return run


def _ends_a_title(text: str, start: int) -> bool:
    """The word stands after another with a capital inside a sentence: 'the Hertfordshire Constabulary'."""
    earlier = TITLE_WORD.search(text[max(0, start - SEEN_BEFORE) : start])
    return earlier is not None and not PERSON_WORD.fullmatch(earlier[1])


def _may_begin(token: re.Match[str], shouted: bool) -> bool:
    word, parts = _bare(token), _parts(token)
    if SHORTENED.fullmatch(word):
        return False
    if len(word) <= 3 and token.group().isupper() and not shouted:
        return False
    if any(part in words().first_names - words().first_names_and_words for part in parts):
        return word not in words().not_names
    if shouted or not token.group()[0].isupper() or len(word) < 3:
        return False
    if word in words().first_names_and_words:
        return True
    written = token.group()[: len(word)]
    return not written.isupper() and not any(part in words().not_names for part in parts)


def _may_follow(token: re.Match[str], shouted: bool) -> bool:
    word = _bare(token)
    if word in words().not_names:
        return False
    if (
        word in words().surnames
        or word in words().first_names - words().first_names_and_words
        or word in words().particles
    ):
        return True
    written = token.group()[: len(word)]
    return not shouted and written[0].isupper() and (not written.isupper() or len(word) < 2)


def _is_institution(text: str, last: re.Match[str]) -> bool:
    """The name is part of a body, a law or a report: 'Sarah's Law', 'Thomas Coram Foundation'."""
    following = TOKEN.match(text, last.end() + 1)
    if not following or not text[last.end()].isspace():
        return False
    word = following.group().lower()
    # "Jayden's school" is a sign of a case, "Jayden's Law" is not.
    personal = following.group()[0].islower() and word in {"plan", "review", "test", "school"}
    return word in words().institutions and not personal


def _is_marked(text: str, name: Candidate, about_a_case: bool) -> bool:
    """A sign that a real child's case is meant stands beside the name, or in the question for a listed first name."""
    if _is_published(name):
        return bool(LIVE.match(text, name.end))
    before = text[max(0, name.start - SEEN_BEFORE) : name.start]
    if (name.capital or name.listed) and (AFTER.match(text, name.end) or BEFORE.search(before)):
        return True
    if name.capital and APPOSITION.search(before) and text[name.end : name.end + 1] == ",":
        return True
    if _is_family(text, name, before):
        return True
    if TITLE.search(before) and (about_a_case or THEIR_CHILD.search(text) or CASE.search(text)):
        return True
    if not name.listed:
        return False
    beside = STATE.match(text, name.end) or STATUS.match(text, name.end) or BEFORE_LISTED.search(before)
    return about_a_case or bool(beside)


def _is_published(name: Candidate) -> bool:
    spoken = " ".join(name.spoken).replace("-", " ")
    return spoken in words().published


def _is_family(text: str, name: Candidate, before: str) -> bool:
    if len(name.spoken) > 1 or not before.lower().endswith("the ") or not FAMILY.match(text, name.end):
        return False
    return name.capital or name.spoken[0] in words().surnames


def _is_joined(text: str, name: Candidate, found: list[Candidate]) -> bool:
    """The name stands in a list with one that was found: 'Ethan, Ava and Mason'."""
    links = {", ", " and ", " & ", ", and ", "/", " / "}
    return any(text[c.end : name.start] in links or text[name.end : c.start] in links for c in found)


def _in_small_letters(text: str) -> Iterator[tuple[int, int]]:
    for pattern in SMALL:
        for match in pattern.finditer(text):
            tokens = list(TOKEN.finditer(match.group(1)))
            if not tokens or _is_common(tokens[0].group()):
                continue
            has_surname = pattern is SMALL[-1] and not _is_common(tokens[-1].group())
            yield match.start(1), match.start(1) + (tokens[-1] if has_surname else tokens[0]).end()


def _is_common(word: str) -> bool:
    return word.lower() in words().not_names or word.lower() in words().small_words


def _bare(token: re.Match[str]) -> str:
    """The word in small letters without its possessive ending."""
    return token.group().lower().removesuffix("'s").rstrip("'")


def _end(token: re.Match[str]) -> int:
    return token.start() + len(_bare(token))


def _parts(token: re.Match[str]) -> list[str]:
    """The word, and the parts between its hyphens: 'ellie-mae' is also 'ellie'."""
    word = _bare(token)
    return [word, *word.split("-")] if "-" in word else [word]
