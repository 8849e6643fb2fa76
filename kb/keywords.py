"""Finding by words: a text's words as stems, and BM25 over them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import bm25s
import numpy as np
import Stemmer

_WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+)*")
_POSSESSIVE = re.compile(r"(?<=\w)'s\b")
# Function words and the words that only make a question a question; "not", "must" and the like carry meaning in a
# rule, but no document is found by them.
_FUNCTION_WORDS = """
    a about an and any are as at be been being but by can could did do does doing done for from had has have having
    he her hers him his how i if in into is it its just may me might mine must my no nor not of on or our ours out
    over shall she should so some such than that the their theirs them then there these they this those to too up us
    very was we were what when where which while who whom whose why will with would you your yours
"""
STOPWORDS = frozenset(_FUNCTION_WORDS.split())
# Provisions are written many ways; each is read as its full word and its number: s47, s. 47, Sec.47, reg 8, paras 4.
_PROVISIONS = tuple(
    (re.compile(rf"\b(?:{short})\.?\s?(?=\d)"), f"{full} ")
    for short, full in (
        ("ss?|sec|sect|sections", "section"),
        ("regs?|regulations", "regulation"),
        ("paras?|paragraphs", "paragraph"),
        ("arts?|articles", "article"),
        ("sch|sched|schedules", "schedule"),
    )
)
_stemmer = Stemmer.Stemmer("english")


def words(text: str) -> list[str]:
    """The words of a text in order, lower case, without possessive 's: 's.47, the CAF's' → section, 47, the, caf."""
    plain = _POSSESSIVE.sub("", text.lower().replace("’", "'"))
    for written, full in _PROVISIONS:
        plain = written.sub(full, plain)
    return [re.sub(r"(?<=\d),(?=\d)", "", word) for word in _WORD.findall(plain)]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The word's English Snowball stem."""
    return str(_stemmer.stemWord(word))


def content_stems(text: str) -> list[str]:
    """The stems of a text's words that can find something, in order, with repeats."""
    return [stem(word) for word in words(text) if word not in STOPWORDS and (len(word) > 1 or word.isdigit())]


class Keywords:
    """BM25 (Lucene's variant, k1 1.2, b 0.75: Robertson and Zaragoza, 2009) over a fixed list of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Counts the words of the texts."""
        self._size = len(texts)
        stems = [content_stems(text) for text in texts]
        self._bm25: bm25s.BM25 | None = None
        if any(stems):
            self._bm25 = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
            self._bm25.index(stems, show_progress=False)
        counts: dict[str, int] = {}
        for text_stems in stems:
            for word in set(text_stems):
                counts[word] = counts.get(word, 0) + 1
        self._counts = counts

    def scores(self, question: Sequence[str]) -> np.ndarray:
        """float32 of shape (texts,): the BM25 score of each for these stems, 0 where no word is shared."""
        known = [word for word in question if word in self._counts]
        if self._bm25 is None or not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def rarity(self, word: str) -> float:
        """How much a stem tells: ln(1 + (N - n + ½) / (n + ½)) for n of N texts; greatest for one never seen."""
        count = self._counts.get(word, 0)
        return float(np.log1p((self._size - count + 0.5) / (count + 0.5)))

    def __contains__(self, word: str) -> bool:
        """Whether any text has the stem."""
        return word in self._counts
