"""Lines of one paragraph joined to its text: hyphens at line ends healed by the document's own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.clean import clean_text

SHY = "\u00ad"
HYPHEN = "\u2010"
TAIL = 80
"""Characters at a line's end in which its last word is looked for."""
_ENDS_IN_HYPHEN = re.compile(r"([^\W_]+(?:['\u2019-][^\W_]+)*)([-\u00ad\u2010])$")
_BEGINS_WITH_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_WORD = re.compile(r"[^\W_]+(?:[-\u2010][^\W_]+)*")
_TYPED = re.compile(r"\w\u2010\w")
_HANGING = frozenset(("and", "or", "to"))
_LINK_END = re.compile(r"(?:https?://|www\.)\S*[/=&?_-]$", re.IGNORECASE)
PREFIXES = frozenset(
    re.findall(
        r"\w+",
        "anti co cross ex extra full half high ill inter long low mid multi non off on out over part post pre pro re"
        " self semi short single socio sub under up vice well",
    )
)


@dataclass(frozen=True)
class Vocabulary:
    """How often a document writes each word in mid-line (in lower case, hyphens plain).

    `soft` are the hyphens that it never writes in mid-line: at a line's end they are the layout's own.
    """

    words: Counter[str]
    soft: str


def vocabulary_of(lines: Iterable[str]) -> Vocabulary:
    """The words of lines in reading order; the two halves of a word broken over lines are not counted."""
    words: Counter[str] = Counter()
    broken = False
    typed = 0
    for line in lines:
        found = _WORD.findall(line)
        typed += len(_TYPED.findall(line))
        for word in found[1:] if broken else found:
            words.update(_forms(word))
        broken = bool(_ENDS_IN_HYPHEN.search(line[-TAIL:]))
        if broken and found:
            words.subtract(_forms(found[-1]))
    return Vocabulary(words, SHY if typed else SHY + HYPHEN)


def _forms(word: str) -> list[str]:
    """A word as counted, and where it is hyphenated its longer parts."""
    plain = word.casefold().replace(HYPHEN, "-")
    return [plain, *(part for part in plain.split("-") if len(part) > 3)] if "-" in plain else [plain]


def join_lines(pieces: Sequence[tuple[str, int]], known: Vocabulary) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of (line, page) pieces, and (offset, page) where each further page begins."""
    text = ""
    breaks: list[tuple[int, int]] = []
    page = pieces[0][1] if pieces else 0
    for raw, on in pieces:
        hyphen = raw[-1:] if raw[-1:] in (SHY, HYPHEN) else ""
        piece = clean_text(raw[:-1] if hyphen else raw) + hyphen
        if not piece:
            continue
        glue, text = _glue(text, piece, known)
        text += glue if text else ""
        if on != page:
            if text:
                breaks.append((len(text), on))
            page = on
        text += piece
    return (text[:-1] + "-" if text[-1:] in (SHY, HYPHEN) else text), tuple(breaks)


def _glue(text: str, line: str, known: Vocabulary) -> tuple[str, str]:
    """What stands between the text so far and the next line, and the text, its last hyphen taken off where healed."""
    if (link := _LINK_END.search(text.rsplit(" ", 1)[-1])) or text[-1:] not in ("-", SHY, HYPHEN):
        return ("" if link else " "), text
    ending, beginning = _ENDS_IN_HYPHEN.search(text[-TAIL:]), _BEGINS_WITH_WORD.match(line)
    if ending is None or beginning is None or beginning.group().casefold() in _HANGING:
        return " ", text
    if _keeps_hyphen(ending.group(1), beginning.group(), ending.group(2), known):
        return "", text[:-1] + "-"
    return "", text[:-1]


def _keeps_hyphen(head: str, rest: str, hyphen: str, known: Vocabulary) -> bool:
    """Whether the hyphen between two parts of a word is the writer's own, by what the document writes elsewhere."""
    left, right = head.casefold(), rest.casefold()
    last = left.rpartition("-")[2]
    joined = known.words[left + right] + known.words[last + right]
    kept = known.words[f"{left}-{right}"] + known.words[f"{last}-{right}"]
    if joined > 0 or kept > 0:
        return kept >= joined
    if hyphen in known.soft:
        return False
    if not last.isalpha() or not rest[:1].islower():
        return True
    if last in PREFIXES:
        return True
    return known.words[last] > 0 and known.words[right] > 0 and min(len(last), len(right)) > 2
