"""What in a text is material: duties, negations, numbers, timescales, dates, names and addresses, each at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest import material_words as words
from ingest.changes import MaterialKind
from ingest.diff_tokens import E_MAIL, LINK, TELEPHONE, dialled, plain_letters
from kb.documents import ElementKind


@dataclass(frozen=True)
class Fact:
    """Characters `start` to `end` of a text that are material; facts of equal kind and key say the same."""

    kind: MaterialKind
    key: str
    start: int
    end: int


def _either(listed: Iterable[str]) -> str:
    """A pattern of the words, the longest first, with any white space between them."""
    longest_first = sorted(listed, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]") for word in longest_first)


_COUNT = rf"(?:[£€$]?\d+(?:[.,]\d+)*|(?:{_either(words.NUMBERS)})\b)"
_UNIT = rf"(?:{_either(words.UNITS)})s?\b(?!-?\s?olds?\b)"
_MONTH = rf"(?:{_either(words.MONTHS)})\b"
_ORDINAL = r"(?:st|nd|rd|th)?\b"
_NEGATED = r"(?:\s+(?:also|always|then|therefore))?(?:\s+(?P<not>not|never|only)\b|(?P<nt>n['’]t)\b)?"

_DATE = re.compile(
    rf"\b(?:the\s+)?(?P<day>\d{{1,2}}){_ORDINAL}\s+(?:of\s+)?(?P<month>{_MONTH})(?:,?\s+(?P<year>\d{{4}}))?"
    rf"|\b(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}}){_ORDINAL}(?:,?\s+(?P<year2>\d{{4}}))?(?!\d)"
    rf"|\b(?P<month3>{_MONTH})\s+(?P<year3>\d{{4}})\b"
    r"|\b(?P<day4>\d{1,2})[/.](?P<month4>\d{1,2})[/.](?P<year4>\d{4}|\d{2})\b"
    r"|\b(?P<year5>\d{4})-(?P<month5>\d{2})-(?P<day5>\d{2})\b",
    re.IGNORECASE,
)
_DAY_NAME = re.compile(rf"\b(?:{_either(word.title() for word in (*words.MONTHS, *words.DAYS) if word != 'may')})s?\b")
_TIMESCALE = re.compile(
    rf"(?<![\w.,])(?:(?P<from>{_COUNT})\s*(?:to|or|and|[-–])\s*)?(?P<count>{_COUNT}|an?\b|half\s+an?\b)[\s-]*"
    rf"(?P<what>(?:(?:{_either(words.BEFORE_UNITS)})[\s-]+)*)(?P<unit>{_UNIT})"
    rf"|\b(?:{_either(words.TIMES)})\b",
    re.IGNORECASE,
)
_AGE = re.compile(r"\b(?:aged?|ages|under|over|turn(?:s|ed)?|until)\s+$", re.IGNORECASE)
_DUTY = re.compile(
    rf"\b(?P<duty>(?:{_either(words.DUTIES)})(?![\w'’-])|(?:{_either(words.DUTIES)}|need)(?=n['’]t\b)|(?:wo|ca|sha)(?=n['’]t\b)"
    rf"|cannot\b|needs?(?=\s+not\b))(?!(?<=\bmay)\s+\d){_NEGATED}"
    rf"|\b(?P<before>(?:do(?:es)?|did)(?:\s+not|n['’]t)\s+)?(?P<longer>{_either(words.DUTIES_WITH_TO)})\s+(?P<between>not\s+|only\s+)?to\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(rf"\b(?:{_either(words.NEGATIONS)})\b(?!\.\s*\d)|\b[a-z]+n['’]t\b", re.IGNORECASE)
_NUMBER = re.compile(
    rf"(?<![\w.])[£€$]?\d+(?:[.,:/]\d+)*(?:\s?%|\s+per\s*cent\b|(?:st|nd|rd|th|s)?(?!\w))|\b\w*\d\w*\b"
    rf"|\b(?:{_either((*words.NUMBERS, *words.ORDINALS))})\b",
    re.IGNORECASE,
)
_ROLE = re.compile(rf"\b(?:{_either(words.ROLES)})(?:s|es)?\b(?![-])", re.IGNORECASE)
_CAPITAL = r"(?:(?:Mr|Mrs|Ms|Dr|Prof)\.?\s+)?[A-Z][\w'’&-]*"
_NAME = re.compile(rf"\b{_CAPITAL}(?:\s+(?:(?:of|for|on|&)\s+(?:the\s+)?)?{_CAPITAL})*")
_CAPITAL_WORD = re.compile(r"[A-Z][\w'’&-]*")
_SMALL_WORD = re.compile(r"(?<![\w'’-])[a-z][\w'’-]*")
_STARTS = frozenset('.!?:;•|(\n"“‘')


@dataclass(frozen=True)
class Spelling:
    """How the words of some texts are spelt: in small letters, and with a capital inside a sentence."""

    small: frozenset[str]
    capital: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Spelling:
        """The spelling of bodies of text, without their headings."""
        small: set[str] = set()
        capital: set[str] = set()
        for text in texts:
            small.update(_SMALL_WORD.findall(text))
            capital.update(match[0] for match in _CAPITAL_WORD.finditer(text) if not _begins(text, match.start()))
        return cls(frozenset(small), frozenset(capital))


def _begins(text: str, start: int) -> bool:
    """Whether a sentence, an item or a cell begins at `start`."""
    before = text[max(0, start - 6) : start]
    return not before or not before.strip(" ") or before.rstrip(" ")[-1] in _STARTS


def facts(text: str, spans: Sequence[tuple[int, int, ElementKind]], spelling: Spelling) -> list[Fact]:
    """The facts in the elements at `spans`, in order; none overlaps another.

    A word with a capital is a name inside a sentence; at the head of one, or in a heading, only where `spelling` knows
    it as a name.
    """
    if not spans:
        return []
    start, end = spans[0][0], spans[-1][1]
    taken = bytearray(end - start)
    found: list[Fact] = []
    for kind, pattern, key in _BEFORE_NAMES:
        for match in pattern.finditer(text, start, end):
            _take(found, taken, start, kind, match.span(), key(match))
    for first, last, element in spans:
        for span in _names(text, first, last, element, spelling):
            _take(found, taken, start, MaterialKind.NAME, span, _name_key(text[slice(*span)]))
    for kind, pattern, key in _AFTER_NAMES:
        for match in pattern.finditer(text, start, end):
            _take(found, taken, start, kind, match.span(), key(match))
    return sorted(found, key=lambda fact: fact.start)


def _take(
    found: list[Fact], taken: bytearray, offset: int, kind: MaterialKind, span: tuple[int, int], key: str
) -> None:
    first, last = span[0] - offset, span[1] - offset
    if key and not any(taken[first:last]):
        taken[first:last] = b"\1" * (last - first)
        found.append(Fact(kind, key, *span))


def _names(text: str, start: int, end: int, kind: ElementKind, spelling: Spelling) -> Iterator[tuple[int, int]]:
    for match in _NAME.finditer(text, start, end):
        said = list(_CAPITAL_WORD.finditer(text, *match.span()))
        begins = _begins(text, match.start()) or match.start() == start
        known = [_is_name(word[0], begins and not place, kind, spelling) for place, word in enumerate(said)]
        # "Hertfordshire Constabulary must": the head of a sentence belongs to the name that goes on from it.
        first = said[0][0]
        is_spelt_so = first in spelling.capital or first.casefold() not in spelling.small
        known[0] |= any(known[1:2]) and is_spelt_so and first.casefold() not in words.NO_NAMES
        kept = [word for word, is_name in zip(said, known, strict=True) if is_name]
        if kept:
            yield kept[0].start(), kept[-1].end()


def _is_name(word: str, begins: bool, kind: ElementKind, spelling: Spelling) -> bool:
    bare = re.sub(r"['’]s?$", "", word)
    if bare.casefold() in words.NO_NAMES:
        return False
    if sum(letter.isupper() for letter in bare) > 1 and len(bare) > 1 and kind is not ElementKind.HEADING:
        return True
    if not begins and kind is not ElementKind.HEADING:
        return True
    return (word in spelling.capital or bare in spelling.capital) and bare.casefold() not in spelling.small


def _name_key(written: str) -> str:
    shown = re.sub(r"['’]s?$", "", " ".join(written.split()))
    return re.sub(r"['’.-]", "", plain_letters(shown)).casefold().removesuffix("s")


def _word_key(match: re.Match[str]) -> str:
    return " ".join(plain_letters(match[0]).casefold().split())


def _number(written: str) -> str:
    """'10' of '10', 'ten' and '10.'; '10.' of 'tenth' and '10th'."""
    shown = " ".join(written.casefold().split())
    if shown in ("a", "an"):
        return "1"
    if shown.startswith("half a"):
        return "0.5"
    if shown in words.ORDINALS or shown in words.NUMBERS:
        return words.ORDINALS.get(shown) or words.NUMBERS[shown]
    shown = re.sub(r"\s?per\s*cent|\s%", "%", shown.replace(",", ""))
    return re.sub(r"(?<=\d)(?:st|nd|rd|th)$", ".", shown)


def _number_key(match: re.Match[str]) -> str:
    return _number(match[0])


def _timescale_key(match: re.Match[str]) -> str:
    if match["unit"] is None:
        return _word_key(match).replace("-", "").removeprefix("the ")
    if _AGE.search(match.string, max(0, match.start() - 12), match.start()) and match["unit"].lower().startswith(
        "year"
    ):
        return ""  # an age, which is a number
    first = f"{_number(match['from'])} to " if match["from"] else ""
    what = " ".join(match["what"].replace("-", " ").casefold().split())
    return " ".join(f"{first}{_number(match['count'])} {what} {match['unit'].casefold().removesuffix('s')}".split())


def _date_key(match: re.Match[str]) -> str:
    parts = {re.sub(r"\d$", "", name): value for name, value in match.groupdict().items() if value}
    month = parts["month"].casefold()
    number = month if month.isdigit() else str(words.MONTHS.index(month) + 1)
    year = parts.get("year", "")
    return f"{'20' + year if len(year) == 2 else year}-{int(number):02}-{int(parts.get('day', '0')):02}"


def _duty_key(match: re.Match[str]) -> str:
    if match["longer"]:
        refused = "not " if match["before"] else ""
        return f"{refused}{' '.join(match['longer'].casefold().split())} {match['between'] or ''}to".replace("  ", " ")
    duty = match["duty"].casefold()
    duty = {"wo": "will", "ca": "can", "sha": "shall", "cannot": "can not"}.get(duty, duty)
    refused = "not" if match["nt"] else (match["not"] or "").casefold()
    return f"{duty} {refused}".strip()


_Patterns = tuple[tuple[MaterialKind, re.Pattern[str], Callable[[re.Match[str]], str]], ...]

# In the order in which they are looked for: what one of them has taken is nobody else's.
_BEFORE_NAMES: _Patterns = (
    (MaterialKind.E_MAIL, re.compile(E_MAIL), _word_key),
    (MaterialKind.LINK, re.compile(LINK), _word_key),
    (MaterialKind.TELEPHONE, re.compile(TELEPHONE), lambda match: dialled(match[0])),
    (MaterialKind.DATE, _DATE, _date_key),
    (MaterialKind.DATE, _DAY_NAME, _word_key),
    (MaterialKind.TIMESCALE, _TIMESCALE, _timescale_key),
    (MaterialKind.DUTY, _DUTY, _duty_key),
    (MaterialKind.NEGATION, _NEGATION, lambda match: "not" if match[0][-2:] in ("'t", "’t") else _word_key(match)),
)
_AFTER_NAMES: _Patterns = (
    (MaterialKind.NUMBER, _NUMBER, _number_key),
    (MaterialKind.NAME, _ROLE, lambda match: _name_key(match[0])),
)
