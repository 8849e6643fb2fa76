"""Lines of one paragraph joined to its text: hyphens at line ends healed by the document's own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ingest.clean import clean_text

SOFT = "\u00ad\u2010"
"""Hyphens that are seldom typed: at a line's end they are the layout's own."""
_ENDS_IN_HYPHEN = re.compile(r"([^\W_]+(?:['’-][^\W_]+)*)([-\u00ad\u2010])$")
_BEGINS_WITH_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_WORD = re.compile(r"[^\W_]+(?:[-\u2010][^\W_]+)*")
_LINK_END = re.compile(r"(?:https?://|www\.)\S*[/=&?_-]$", re.IGNORECASE)
PREFIXES = frozenset(
    "anti co cross ex extra full half high ill inter long low mid multi non off on out over part post pre pro re self "
    "semi short single socio sub under up vice well".split()
)

Vocabulary = Counter[str]


def vocabulary_of(lines: Iterable[str]) -> Vocabulary:
    """How often each word stands in mid-line, in lower case, hyphens plain; words at a line's broken end not counted."""
    words: Vocabulary = Counter()
    for line in lines:
        found = _WORD.findall(line)
        broken = bool(_ENDS_IN_HYPHEN.search(line))
        for word in found[:-1] if broken else found:
            plain = word.casefold().replace("\u2010", "-")
            words[plain] += 1
            if "-" in plain:
                words.update(part for part in plain.split("-") if len(part) > 3)
    return words


def join_lines(pieces: Sequence[tuple[str, int]], words: Vocabulary) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of (line, page) pieces, and (offset, page) where each further page begins."""
    text = ""
    breaks: list[tuple[int, int]] = []
    page = pieces[0][1] if pieces else 0
    for raw, on in pieces:
        glue, text = _glue(text, raw, words)
        piece = clean_text(raw if raw[-1:] not in SOFT else raw[:-1] + "\u2010")
        if not piece:
            continue
        text += glue if text else ""
        if on != page:
            breaks.append((len(text), on))
            page = on
        text += piece
    tail = re.sub("[\u00ad\u2010]$", "-", text)
    return tail, tuple(breaks)


def _glue(text: str, line: str, words: Vocabulary) -> tuple[str, str]:
    """What stands between the text so far and the next line, and the text, its last hyphen taken off where healed."""
    if _LINK_END.search(text.rsplit(" ", 1)[-1]):
        return "", text[:-1] if text[-1:] in SOFT else text
    ending, beginning = _ENDS_IN_HYPHEN.search(text), _BEGINS_WITH_WORD.match(line)
    if ending is None or beginning is None:
        return " ", text
    head, hyphen = ending.group(1), ending.group(2)
    if hyphen == "-" and len(head) == 1 and not head.isalpha():
        return "", text
    if _keeps_hyphen(head, beginning.group(), hyphen, words):
        return "", text[:-1] + "-"
    return "", text[:-1]


def _keeps_hyphen(head: str, rest: str, hyphen: str, words: Vocabulary) -> bool:
    """Whether the hyphen between two parts of a word is the writer's own, by what the document writes elsewhere."""
    if not head.isalpha() or rest[:1].isdigit() or rest[:1].isupper() or "-" in head:
        return not (hyphen in SOFT and words[(head + rest).casefold()])
    last = head.casefold()
    joined, kept = words[last + rest.casefold()], words[f"{last}-{rest.casefold()}"]
    if joined or kept:
        return kept > joined
    if last in PREFIXES and words[rest.casefold()]:
        return True
    return hyphen == "-" and bool(words[last]) and bool(words[rest.casefold()]) and min(len(last), len(rest)) > 2
