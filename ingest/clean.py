"""What every text goes through before it is stored: one spelling of each letter, no hidden character, single spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.blocks import Block

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# Word writes its bullets as private-use characters of the Symbol and Wingdings fonts; no other font shows them.
_SYMBOLS = {0xF0B7: "•", 0xF0A7: "•", 0xF0D8: "•", 0xF076: "•", 0xF0FC: "✓"}
_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters that are not white space
    "\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, Mongolian selectors
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero width, bidirectional controls, invisible operators
    "\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff\ufdd0-\ufdef"  # variation selectors, byte order mark
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # music controls, tag characters
    "\ud800-\udfff"  # halves of characters, which no store can encode
    "]"
)
_SPACES = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """The same words on one line: NFC, ligatures spelt out, nothing hidden, single spaces, no space at the ends.

    Letters and digits stay as they are; cleaning twice changes nothing.
    """
    shown = _HIDDEN.sub("", text).translate(_LIGATURES | _SYMBOLS)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", shown)).strip()


def clean_block(block: Block) -> Block | None:
    """The block with its text cleaned and each page break moved with the character it stands before; None if empty."""
    text = clean_text(block.text)
    if not text:
        return None
    page, breaks = block.page, dict[int, int]()
    for offset, further_page in block.breaks:
        moved = _moved(offset, block.text, text)
        if moved == 0:
            page = further_page
        elif moved < len(text):
            breaks[moved] = further_page
    return replace(block, text=text, page=page, breaks=tuple(breaks.items()))


def _moved(offset: int, raw: str, text: str) -> int:
    """Where in the cleaned `text` the first visible character at or after `offset` of `raw` stands."""
    rest = clean_text(raw[offset:])
    # An accent at the top of a page composes with the letter before the break, and then belongs to that letter.
    while not text.endswith(rest):
        rest = rest[1:].lstrip()
    return len(text) - len(rest)


_PREFIXES = (
    "all anti co cross ex half high inter intra long low mid multi non on one out over part post pre pro re self semi"
    " short sub third two under up well"
)
_KEEPS_HYPHEN = frozenset(_PREFIXES.split())
_HANGING = frozenset(("and", "or", "to"))
# The look behind keeps the search linear in a run of letters without end.
_BROKEN_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+-[ \t]*\n[ \t]*[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_PIECE = re.compile(r"([^\W_]+)-$")
_FIRST_PIECE = re.compile(r"[^\W_]+")
_LONGEST_PIECE = 60
_LINK_WITH_HYPHEN = re.compile(r"(?:https?://|www\.)\S*-$", re.IGNORECASE)


def words_of(text: str) -> frozenset[str]:
    """Every word of `text` in lower case, hyphenated words whole, words broken over two lines left out."""
    return frozenset(_WORD.findall(_BROKEN_WORD.sub(" ", text.lower())))


def join_lines(lines: Sequence[str], words: frozenset[str]) -> str:
    """The lines as one; a hyphen at the end of one goes only where the undivided word is the likelier one.

    `words` are those of the whole file: the spelling found there decides, then the usual prefixes, then whether
    both halves are words of their own.
    """
    stripped = [line.strip() for line in lines]
    parts: list[str] = []
    for line, following in pairwise(stripped):
        parts += (line[:-1],) if (seam := _seam(line, following, words)) is None else (line, seam)
    return "".join((*parts, *stripped[-1:]))


def _seam(line: str, following: str, words: frozenset[str]) -> str | None:
    """What stands between two lines: a space, nothing, or None where the hyphen before it goes, too."""
    if line.endswith("-") and _LINK_WITH_HYPHEN.search(line.rsplit(" ", 1)[-1]):
        return ""
    left, right = _LAST_PIECE.search(line[-_LONGEST_PIECE:]), _FIRST_PIECE.match(following[:_LONGEST_PIECE])
    if not left or not right or right[0].lower() in _HANGING:
        return " "
    before, after = left[1].lower(), right[0].lower()
    if not before.isalpha() or not following[0].islower():
        return ""
    if before + after in words:
        return None
    keeps = f"{before}-{after}" in words or before in _KEEPS_HYPHEN or (before in words and after in words)
    return "" if keeps else None
