"""Slips of the keys in a question, mended against the documents' own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from symspellpy import SymSpell, Verbosity

from kb.keywords import words

_SHORTEST = 4
"""Letters of a word that is mended; a shorter one is as likely an abbreviation that the documents do not use."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True)
class Mend:
    """A word of the question (characters `start` to `end`) and the documents' word taken for it."""

    start: int
    end: int
    written: str
    taken: str


class Speller:
    """The words of a set of texts, to mend questions by."""

    def __init__(self, texts: Iterable[str]) -> None:
        counts = Counter(word for text in texts for word in words(text) if word.isalpha() and len(word) >= _SHORTEST)
        self._known = frozenset(counts)
        self._spelling = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word, count in counts.items():
            self._spelling.create_dictionary_entry(word, count)

    def mends(self, question: str) -> tuple[Mend, ...]:
        """The words that neither the documents nor English know and that are one or two slips from a document's word.

        A word of capitals is taken for an abbreviation and left alone, as is one of fewer than four letters.
        """
        found = []
        for match in _WORD.finditer(question):
            written = match[0]
            if len(written) >= _SHORTEST and not written.isupper() and not self._is_known(written.lower()):
                slips = 1 if len(written) <= 5 else 2
                near = self._spelling.lookup(written.lower(), Verbosity.TOP, max_edit_distance=slips)
                if near and near[0].term[0] == written[0].lower():
                    found.append(Mend(match.start(), match.end(), written, near[0].term))
        return tuple(found)

    def _is_known(self, word: str) -> bool:
        parts = re.split("['’]", word)
        return word in self._known or parts[0] in self._known or word in english() or parts[0] in english()


def mended(question: str, mends: Iterable[Mend]) -> str:
    """The question with each mend in its place."""
    for mend in sorted(mends, key=lambda mend: -mend.start):
        question = question[: mend.start] + mend.taken + question[mend.end :]
    return question


@lru_cache(maxsize=1)
def english() -> frozenset[str]:
    """The 82,765 words of the frequency list that comes with symspellpy (SCOWL and Google Books, MIT licence)."""
    listed = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    return frozenset(line.split(" ")[0] for line in listed.splitlines())
