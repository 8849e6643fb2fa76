"""Personal details in a question, found before anything is asked, kept or logged; only their places come out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from kb.names import find_names, words
from kb.visible import Visible, has_tags, visible

MASK = "###"


class Kind(StrEnum):
    """What sort of detail it is."""

    DATE_OF_BIRTH = "date of birth"
    POSTCODE = "postcode"
    ADDRESS = "address"
    NHS_NUMBER = "nhs number"
    UPN = "upn"
    NATIONAL_INSURANCE = "national insurance"
    TELEPHONE = "telephone"
    E_MAIL = "e-mail"
    CASE_REFERENCE = "case reference"
    NAME = "name"

    @property
    def description(self) -> str:
        """'what looks like a child's name', to stand in a sentence."""
        return f"what looks like {DESCRIPTIONS[self]}"


DESCRIPTIONS = {
    Kind.DATE_OF_BIRTH: "a date of birth",
    Kind.POSTCODE: "a postcode",
    Kind.ADDRESS: "a street address",
    Kind.NHS_NUMBER: "an NHS number",
    Kind.UPN: "a pupil's unique number (UPN)",
    Kind.NATIONAL_INSURANCE: "a National Insurance number",
    Kind.TELEPHONE: "a person's telephone number",
    Kind.E_MAIL: "a person's e-mail address",
    Kind.CASE_REFERENCE: "the reference of a case or a record",
    Kind.NAME: "the name of a child or of someone close to a child",
}


@dataclass(frozen=True, order=True)
class Finding:
    """Characters `start` to `end` (exclusive) of the question as typed; the text itself is never held."""

    start: int
    end: int
    kind: Kind


Spans = Iterator[tuple[int, int]]

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DAY = (
    r"(?:\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}|\d{4}-\d{1,2}-\d{1,2}"
    rf"|(?:the\s)?\d{{1,2}}(?:st|nd|rd|th)?(?:\sof)?[\s-]{MONTH},?(?:[\s-]\d{{2,4}})?"
    rf"|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?(?:\s\d{{2,4}})?)"
)
BIRTH = re.compile(
    r"\b(?:d\.?\s?o\.?\s?b\.?\b\.?|date of birth|birth ?date|birthday|born)\s{0,2}(?:is|was|on)?\s{0,2}[:=-]?\s{0,2}"
    rf"(?:is\s|on\s|in\s)?(?P<detail>{DAY}|(?<![a-z]\s)\d{{6}}(?:\d{{2}})?\b)",
    re.IGNORECASE,
)
BIRTH_DIGITS = re.compile(r"\bd\.?o\.?b\.?:?\s(?P<detail>\d{6}(?:\d{2})?)\b", re.IGNORECASE)
BIRTH_BESIDE = re.compile(
    r"(?:\bb\.?\s|\(b\.?\s?|\baged?\s\d{1,2}\s?\(|\b(?:boy|girl|child|baby)\s\()"
    r"(?P<detail>\d{1,2}[./-]\d{1,2}[./-]\d{2,4})\b",
    re.IGNORECASE,
)
POSTCODE = re.compile(
    r"\b(?P<area>[a-z]{1,2})(?P<district>\d[a-z\d]?)\s{0,2}(?P<unit>\d[abd-hjlnp-uw-z]{2})\b", re.IGNORECASE
)
ORDINAL = re.compile(r"1st|2nd|3rd|\dth", re.IGNORECASE)
STREET = r"road|street|avenue|crescent|gardens|lane|drive|close|grove|terrace|mews|rd|ave|cres"
STREET_AND_WORD = (
    r"way|court|place|walk|rise|hill|park|green|square|row|chase|croft|end|mead|meadow|view|field|fields|st|ln|dr|cl"
)
ADDRESS = re.compile(
    r"\b(?:(?:flat|apartment|unit)\s\d{1,4}[a-z]?,?\s)?(?!(?:19|20)\d\d,)\d{1,4}[a-z]?,?\s"
    rf"(?P<name>(?:[a-z][a-z'.-]{{1,20}}\s){{1,3}}?)(?P<type>{STREET}|{STREET_AND_WORD})\b",
    re.IGNORECASE,
)
THE_STREET = re.compile(rf"\b\d{{1,4}}[A-Za-z]?,?\s[Tt]he\s(?i:{STREET}|{STREET_AND_WORD})\b")
FLAT = re.compile(
    rf"\b(?:flat|apartment)\s\d{{1,4}}[a-z]?,?\s(?:[a-z'-]{{2,20}}\s){{1,2}}?(?:{STREET}|{STREET_AND_WORD}|house|tower)\b",
    re.IGNORECASE,
)
NAMED_HOUSE = re.compile(
    r"\b(?:[A-Z][a-z]{2,20}\s){1,2}(?:Cottage|House|Farm|Lodge|Villa|Barn),?\s"
    rf"(?:[A-Z][a-z']{{2,20}}\s){{1,2}}(?i:{STREET})\b"
)
TEN_DIGITS = re.compile(r"(?<![\d+])\d{3}[ .-]?\d{3}[ .-]?\d{4}(?!\d)")
NHS_SAID = re.compile(r"\bnhs(?:\s(?:number|no\.?|num|id))?\s?(?:is|:)?\s?$", re.IGNORECASE)
UPN = re.compile(r"\b[a-hj-np-rt-z]\d{11}[\da-hj-np-rt-z]\b", re.IGNORECASE)
UPN_SAID = re.compile(r"\bupn\b.{0,12}$|\bunique pupil number.{0,12}$", re.IGNORECASE)
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
# "In 2012-13 a" has the same letters and digits: the gaps of a number are alike, and its letters are no word.
INSURANCE = re.compile(
    r"\b(?!(?:an|as|at|by|in|is|no|of|on|or|to)\b)[a-z]{2}"
    r"(?:(?P<gap>[ -]?)\d\d(?P=gap)\d\d(?P=gap)\d\d(?P=gap)| ?\d{6} ?)[a-d]\b",
    re.IGNORECASE,
)
DIALLED = re.compile(r"(?<![\w+])(?:\+|\(\+?)?\d(?:[ ().-]{0,2}\d){8,14}(?!\d)")
E_MAIL = re.compile(r"(?<![\w.+'-])(?P<box>[\w.+'-]{1,64})@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
SAID_REFERENCE = re.compile(
    r"\b(?:(?:case|crime|police|our|your|child|client|court|file|person|record|family)\s(?:ref(?:erence)?|no|number|id|log)"
    r"|ref(?:erence)?(?:\s(?:no|number))?|urn|liquid\s?logic|mosaic|care\s?first|lcs|ehm|cpoms|athena|systmone|rio)"
    r"(?:\s(?:id|no|number|ref(?:erence)?))?\.?\s?(?:is\s|:\s?|#\s?|-\s?)?"
    r"(?P<detail>[a-z]{0,5}[-/]?\d[\w/-]{2,20}\d)",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"(?<![\w/-])(?P<detail>[A-Za-z]{1,5}[-/]?\d{6,9}|\d{2}/\d{4,8}/\d{2}|[A-Z]{2,5}[-/](?:19|20)\d{2}[-/]\d{3,8})"
    r"(?![\w/])"
)


def find_personal_details(question: str, known_numbers: Collection[str] = frozenset()) -> tuple[Finding, ...]:
    """What looks personal, in the order of its places; overlapping finds are one, of the kind named first in Kind.

    `known_numbers` are the digits of the board's contacts, which are nobody's own. Empty where nothing was found.
    """
    views = [visible(question)]
    if has_tags(question):
        views.append(visible(question, with_tags=True))
    known = frozenset(_dialled(number) for number in known_numbers)
    findings = {finding for view in views for finding in _find(view, known)}
    return tuple(_merge(sorted(findings)))


def mask(question: str, findings: Iterable[Finding]) -> str:
    """The question with ### for each finding, and nothing else changed."""
    for finding in reversed(_merge(sorted(findings))):
        question = question[: finding.start] + MASK + question[finding.end :]
    return question


def _find(view: Visible, known: frozenset[str]) -> Iterator[Finding]:
    for kind, find in FINDERS.items():
        for start, end in find(view.text):
            yield Finding(*view.original_span(start, end), kind)
    for start, end in _telephones(view.text, known):
        yield Finding(*view.original_span(start, end), Kind.TELEPHONE)


def _merge(findings: list[Finding]) -> list[Finding]:
    merged: list[Finding] = []
    order = list(Kind)
    for finding in findings:
        if merged and finding.start < merged[-1].end:
            last = merged.pop()
            kind = min(last.kind, finding.kind, key=order.index)
            finding = Finding(last.start, max(last.end, finding.end), kind)
        merged.append(finding)
    return merged


def _births(text: str) -> Spans:
    for pattern in (BIRTH, BIRTH_DIGITS, BIRTH_BESIDE):
        for match in pattern.finditer(text):
            yield match.span("detail")


def _postcodes(text: str) -> Spans:
    for match in POSTCODE.finditer(text):
        # "s47 1st visit" has the form of a postcode in Sheffield.
        section = match["area"].lower() in {"s", "y"} and ORDINAL.fullmatch(match["unit"])
        if match["area"].lower() in words().postcode_areas and not section:
            yield match.span()


def _addresses(text: str) -> Spans:
    for pattern in (THE_STREET, FLAT, NAMED_HOUSE):
        yield from (match.span() for match in pattern.finditer(text))
    for match in ADDRESS.finditer(text):
        named = match["name"].split()
        # "5 working days in a row": only a name with capitals makes such a word a street.
        capitals = named[0][0].isupper() and match["type"][0].isupper()
        written = capitals or match["type"].lower() in STREET.split("|")
        if written and not words().no_street.intersection(word.lower() for word in named):
            yield match.span()


def _nhs_numbers(text: str) -> Spans:
    for match in TEN_DIGITS.finditer(text):
        if NHS_SAID.search(text[max(0, match.start() - 20) : match.start()]) or _is_nhs_number(match.group()):
            yield match.span()


def _is_nhs_number(written: str) -> bool:
    """The tenth digit is the one that the other nine call for."""
    digits = [int(character) for character in written if character.isdigit()]
    left = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return (11 - left) % 11 == digits[9] and len(set(digits)) > 1


def _upns(text: str) -> Spans:
    for match in UPN.finditer(text):
        if UPN_SAID.search(text[max(0, match.start() - 40) : match.start()]) or _is_upn(match.group().upper()):
            yield match.span()


def _is_upn(written: str) -> bool:
    """The first letter is the one that the other twelve characters call for."""
    values = [int(c) if c.isdigit() else UPN_LETTERS.index(c) for c in written[1:]]
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
    return UPN_LETTERS[total % 23] == written[0]


def _telephones(text: str, known: frozenset[str]) -> Spans:
    for match in DIALLED.finditer(text):
        number = _dialled(match.group())
        abroad = match.group().lstrip("(").startswith("+") and not number.startswith("0")
        # 03, 08 and 09 are numbers of organisations; no household has one.
        at_home = len(number) in {10, 11} and number[:2] in {"01", "02", "07"}
        if (abroad or at_home) and number not in known:
            yield match.span()


def _dialled(written: str) -> str:
    """The digits as dialled in the United Kingdom: '+44 (0)7700 900123' is '07700900123'."""
    digits = re.sub(r"\D", "", written)
    for prefix in ("440", "44", "00440", "0044"):
        if digits.startswith(prefix) and len(digits) - len(prefix) in {9, 10}:
            return "0" + digits.removeprefix(prefix)
    return digits


def _e_mails(text: str) -> Spans:
    for match in E_MAIL.finditer(text):
        parts = [part for part in re.split(r"[._+'-]|\d+", match["box"].lower()) if part]
        is_office = any(part in words().offices for part in parts) and not any(
            part in words().first_names for part in parts
        )
        if not is_office:
            yield match.span()


def _references(text: str) -> Spans:
    for match in SAID_REFERENCE.finditer(text):
        digits = sum(character.isdigit() for character in match["detail"])
        if digits >= 4 and not re.fullmatch(r"(?:19|20)\d\d", match["detail"]):
            yield match.span("detail")
    for match in REFERENCE.finditer(text):
        yield match.span("detail")


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Spans]:
    return lambda text: (match.span() for match in pattern.finditer(text))


FINDERS: dict[Kind, Callable[[str], Spans]] = {
    Kind.DATE_OF_BIRTH: _births,
    Kind.POSTCODE: _postcodes,
    Kind.ADDRESS: _addresses,
    Kind.NHS_NUMBER: _nhs_numbers,
    Kind.UPN: _upns,
    Kind.NATIONAL_INSURANCE: _matches(INSURANCE),
    Kind.E_MAIL: _e_mails,
    Kind.CASE_REFERENCE: _references,
    Kind.NAME: lambda text: iter(find_names(text)),
}
