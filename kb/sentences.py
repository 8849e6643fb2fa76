"""Where sentences begin and end in one paragraph of English."""

from __future__ import annotations

import re

import sentencex

# The library breaks after these; in a board's text a number or a letter of a provision follows: "Reg. 8", "paras. 4".
_NEVER_LAST = re.compile(
    r"(?:^|[\s(\[])(?:paras?|pts?|arts?|regs?|sch|sched|ss?|ch|cl|app|fig|figs|nos?|vol|pp?|tel|ext|approx|cf|"
    r"e\.g|i\.e|viz|etc\.,)\.\s*$",
    re.IGNORECASE,
)
_LONGEST = 40  # characters at a sentence's end in which such a word stands, the spaces around it with it


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence of `text`, in order, white space at the ends left out; [] for blank text.

    Every character that is not white space lies in exactly one span.
    """
    pieces: list[tuple[int, int]] = []
    place = 0
    for sentence in sentencex.segment("en", text):
        found = text.find(sentence, place)
        if found < 0:  # the library gave back something other than a slice: what is left stays one sentence
            break
        pieces.append((place, found + len(sentence)))
        place = found + len(sentence)
    if place < len(text):
        pieces.append((place, len(text)))
    return [span for span in (_trim(text, start, end) for start, end in _joined(text, pieces)) if span[0] < span[1]]


def _joined(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        # A sentence joined many times over is looked at by its end alone, so that the work stays linear.
        last = max(joined[-1][0], joined[-1][1] - _LONGEST) if joined else 0
        if joined and (_NEVER_LAST.search(text, last, joined[-1][1]) or not text[start:end].strip()):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
