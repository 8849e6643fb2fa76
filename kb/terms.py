"""What an abbreviation, a retired name or an everyday word of a question stands for."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from kb.errors import KnowledgeBaseError


class TermKind(StrEnum):
    """What sort of entry it is."""

    ABBREVIATION = "abbreviation"
    RETIRED = "retired name"
    SYNONYM = "synonym"
    EVERYDAY = "everyday word"


@dataclass(frozen=True)
class Term:
    """A name and what else it is called; a text that does not apply is ''.

    `now` is today's name of a retired one and `since` the day or year from which it holds, as text. `everyday` holds
    the words that people use for it. `area` is where the term is used.
    """

    short: str
    long: str
    kind: TermKind
    now: str = ""
    since: str = ""
    area: str = ""
    note: str = ""
    source: str = ""
    everyday: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The official names: long form, today's name and its letters, short form; never an everyday word."""
        told = (*_name_and_letters(self.long), *_name_and_letters(self.now), self.short)
        return tuple(dict.fromkeys(name for name in told if name))


@dataclass(frozen=True)
class Expansion:
    """A name found at characters `start` to `end` (0-based, end exclusive) of a question.

    `means` holds the other official names, the nearest meaning first; `note` joins the notes of `terms`, the entries
    it was found in: more than one where the letters have more than one meaning.
    """

    found: str
    start: int
    end: int
    means: tuple[str, ...]
    note: str
    terms: tuple[Term, ...]

    @property
    def goes_without_saying(self) -> bool:
        """Whether it only puts another word for an everyday one: that a kid is a child tells nobody anything."""
        return all(term.kind is TermKind.EVERYDAY for term in self.terms)


# A term of another county must never widen a question: Herefordshire's board had the same letters as Hertfordshire's.
OUR_AREAS = frozenset({"Hertfordshire", "England", "England and Wales", "UK"})
# Letters that are also English words; those of two letters are taken for words too ("do", "la").
ENGLISH_WORDS = frozenset(
    (
        *("ABE", "ACE", "APP", "CONTEST", "DASH", "DOE", "ISA", "JAR", "MASH", "NICE"),
        *("PACE", "PEP", "SASH", "SEARCH", "SEND", "SMART", "WHO"),
    )
)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*['’]?")
_LETTERS = re.compile(r"[A-Z][A-Za-z]*[A-Z][A-Za-z0-9]*")
_IN_BRACKETS = re.compile(r"\s*\(([^)]*)\)")
_POSSESSIVE = re.compile(r"['’](?:[sS])?$")
_PLURALS = (("children", "child"), ("women", "woman"), ("people", "person"))
_TEXTS = tuple(item.name for item in fields(Term) if item.name not in {"kind", "everyday"})
_OF_A_BOARD = (TermKind.ABBREVIATION, TermKind.RETIRED, TermKind.SYNONYM)
_MUST_BE_SAID = frozenset({"long", "area", "source"})
# The words of a name as they are compared, see _key.
Key = tuple[str, ...]


def read_terms(file: Path) -> tuple[Term, ...]:
    """Every term in the file's order, none where there is no file; all problems are raised as one error."""
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("term", [])
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeBaseError(file.name, f"cannot be read: {error}", "Correct the file and try again.") from error
    if not isinstance(entries, list):
        raise KnowledgeBaseError(file.name, "'term' is not a list of tables", "Begin each entry with [[term]].")
    problems = [
        f"{_name_of(entry, place)}: {fact}"
        for place, entry in enumerate(entries, start=1)
        for fact in _problems_of(entry)
    ]
    problems += [] if problems else _entries_told_twice(entries)
    if problems:
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise KnowledgeBaseError(file.name, f"{count}\n{listed}", "Correct the file and try again.")
    return tuple(_term(entry) for entry in entries)


@lru_cache(maxsize=1)
def everyday_terms() -> tuple[Term, ...]:
    """The words that people anywhere use for what official texts call otherwise, from everyday.toml."""
    listed = tomllib.loads(Path(__file__).with_name("everyday.toml").read_text(encoding="utf-8"))
    return tuple(Term("", long, TermKind.EVERYDAY, area="UK", everyday=tuple(words)) for long, words in listed.items())


@dataclass(frozen=True, eq=False)
class _Entry:
    """A term with its names as they are compared, worked out once; `today` are the keys of today's name alone."""

    term: Term
    names: tuple[tuple[Key, str], ...]
    today: frozenset[Key]

    @classmethod
    def of(cls, term: Term) -> _Entry:
        names = tuple((_key(name), name) for name in term.names)
        return cls(term, names, frozenset(map(_key, _name_and_letters(term.now))))


class Ledger:
    """The terms of our own area, ready to be found in questions."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """A ledger of those of `terms` whose area is ours."""
        self._by_letters: dict[str, dict[str, list[_Entry]]] = defaultdict(dict)
        self._by_words: dict[Key, list[_Entry]] = {}
        self._lengths: dict[str, set[int]] = defaultdict(set)
        for term in terms:
            if term.area in OUR_AREAS:
                self._add(term)

    def expansions(self, question: str) -> tuple[Expansion, ...]:
        """What the question's names stand for, in its order; of names that overlap the longest alone.

        Letters that are English words count only in capitals, and not in a question written in capitals throughout.
        """
        words = list(_WORD.finditer(question))
        shouted = len(words) > 2 and question == question.upper()
        found = [
            expansion
            for start, end, key, entries in self._matches(words, shouted)
            if (expansion := _expansion(question, start, end, key, entries)).means
        ]
        kept: list[Expansion] = []
        for expansion in sorted(found, key=lambda each: (each.start - each.end, each.start)):
            if all(expansion.end <= other.start or other.end <= expansion.start for other in kept):
                kept.append(expansion)
        return tuple(sorted(kept, key=lambda each: each.start))

    def _add(self, term: Term) -> None:
        entry = _Entry.of(term)
        for name in dict.fromkeys((*term.names, *term.everyday)):
            if name == term.short or _LETTERS.fullmatch(name):
                named = self._by_letters[name.casefold()].setdefault(name, [])
            elif key := _key(name):
                named = self._by_words.setdefault(key, [])
                self._lengths[key[0]].add(len(key))
            else:
                continue
            if entry not in named:
                named.append(entry)

    def _matches(self, words: list[re.Match[str]], shouted: bool) -> Iterator[tuple[int, int, Key, list[_Entry]]]:
        keys = [_singular(word.group()) for word in words]
        for place, word in enumerate(words):
            for length in self._lengths.get(keys[place], ()):
                key = tuple(keys[place : place + length])
                if entries := self._by_words.get(key):
                    yield word.start(), words[place + len(key) - 1].end(), key, entries
            letters, entries_of_letters = self._entries_of_letters(word.group(), shouted)
            if entries_of_letters:
                yield word.start(), word.end(), _key(letters), entries_of_letters

    def _entries_of_letters(self, written: str, shouted: bool) -> tuple[str, list[_Entry]]:
        """The letters that `written` is, or is the plural or possessive of, and their entries."""
        bare = _POSSESSIVE.sub("", written)
        for letters in (bare, bare[:-1] if bare[-1:] in {"s", "S"} else ""):
            entries = [
                entry
                for name, named in self._by_letters.get(letters.casefold(), {}).items()
                if _counts(name, letters, shouted)
                for entry in named
            ]
            if entries:
                return letters, entries
        return "", []


def _counts(name: str, written: str, shouted: bool) -> bool:
    """Whether `written` is the abbreviation `name` and not a word that happens to have its letters."""
    is_a_word = name.upper() in ENGLISH_WORDS or (len(name) == 2 and name.isalpha())
    return not is_a_word or (written == name and not shouted)


def _expansion(question: str, start: int, end: int, same: Key, entries: list[_Entry]) -> Expansion:
    """What the name at `start` to `end`, compared as `same`, stands for; `means` may be empty."""
    means: dict[Key, str] = {}
    notes: dict[str, None] = {}
    for entry in entries:
        by_today = same in entry.today
        # Today's name and its letters mean each other before they mean the former name.
        names = sorted(entry.names, key=lambda each: each[0] not in entry.today) if by_today else entry.names
        for key, name in names:
            if key != same:
                means.setdefault(key, name)
        # A note is about the entry's own name, and says nothing to a question that uses today's.
        if entry.term.note and not by_today:
            notes[entry.term.note] = None
    terms = tuple(entry.term for entry in entries)
    return Expansion(question[start:end], start, end, tuple(means.values()), "; ".join(notes), terms)


def _name_and_letters(name: str) -> tuple[str, ...]:
    """'Ivison Trust' itself; 'serious case review (SCR)' apart; what else stands in brackets is left out."""
    in_brackets = [text for text in _IN_BRACKETS.findall(name) if _LETTERS.fullmatch(text)]
    return (_IN_BRACKETS.sub("", name).strip(), *in_brackets)


def _key(name: str) -> tuple[str, ...]:
    """The words by which a name is found, in the singular and in small letters; a leading 'the' does not count."""
    words = tuple(_singular(word) for word in _WORD.findall(name))
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def _singular(word: str) -> str:
    """The word without plural and possessive, near enough to compare with another treated alike."""
    bare = _POSSESSIVE.sub("", word).casefold()
    for plural, singular in _PLURALS:
        if bare == plural:
            return singular
    if len(bare) > 4 and bare.endswith("ies"):
        return bare[:-3] + "y"
    if bare.endswith(("sses", "shes", "ches", "xes")):
        return bare[:-2]
    if len(bare) > 3 and bare.endswith("s") and not bare.endswith(("ss", "us", "is")):
        return bare[:-1]
    return bare


def _name_of(entry: object, place: int) -> str:
    named = [entry.get("short"), entry.get("long")] if isinstance(entry, Mapping) else []
    return next((name for name in named if isinstance(name, str) and name), f"term {place}")


def _problems_of(entry: object) -> list[str]:
    if not isinstance(entry, Mapping):
        return ["is not a table; begin it with [[term]]"]
    known = {*_TEXTS, "kind", "everyday"}
    problems = [f"{key!r} is not a field of a term" for key in entry if key not in known]
    for key in _TEXTS:
        value = entry.get(key, "")
        if not isinstance(value, str):
            problems.append(f"{key}: {value!r} is not text; put it in quotation marks")
        elif key in _MUST_BE_SAID and not value.strip():
            problems.append(f"{key}: missing or empty")
    kind, everyday = entry.get("kind"), entry.get("everyday", [])
    if kind not in _OF_A_BOARD:
        problems.append(f"kind: {kind!r} is none of {', '.join(_OF_A_BOARD)}")
    if not isinstance(everyday, list) or not all(isinstance(word, str) and word.strip() for word in everyday):
        problems.append(f"everyday: {everyday!r} is not a list of texts")
    if entry.get("now") and kind != TermKind.RETIRED:
        problems.append(f"now: {entry['now']!r} is said, but the kind is not {TermKind.RETIRED.value!r}")
    return problems


def _entries_told_twice(entries: Iterable[Mapping[str, object]]) -> list[str]:
    told = Counter((entry.get("short", ""), entry["long"], entry["kind"]) for entry in entries)
    return [
        f"{short or long}: {count} entries of this name and kind"
        for (short, long, _), count in told.items()
        if count > 1
    ]


def _term(entry: Mapping[str, object]) -> Term:
    texts = {key: str(entry.get(key, "")) for key in _TEXTS}
    everyday = entry.get("everyday", [])
    words = tuple(str(word) for word in everyday) if isinstance(everyday, list) else ()
    return Term(kind=TermKind(str(entry["kind"])), everyday=words, **texts)
