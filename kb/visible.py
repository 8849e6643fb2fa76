"""What a reader sees of a typed text, in plain letters, and where each letter stood in the original."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

TAGS = range(0xE0020, 0xE007F)
# Letters that Unicode does not take apart into a plain letter and a mark.
PLAIN = {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "\u0131": "i"}
PLAIN |= {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe"}
PLAIN |= dict.fromkeys("\u2018\u2019\u02bc`\u00b4\u02bb\u2032", "'") | dict.fromkeys("\u201c\u201d\u201e\u2033", '"')
PLAIN |= dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
# Fillers and blanks that take no ink but count as letters or symbols.
UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")


@dataclass(frozen=True, repr=False)
class Visible:
    """`text` in plain letters; `starts[i]` and `ends[i]` bound, in the original, what its character `i` came from.

    An end lies after the unseen characters that follow, so a masked span leaves none of its own marks behind.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original under the characters `start` to `end` (exclusive, not empty)."""
        return self.starts[start], self.ends[end - 1]


def visible(original: str, *, with_tags: bool = False) -> Visible:
    """The original without accents, unseen characters and full-width or styled forms.

    Tag characters, which carry letters that nobody sees, are left out, or read as those letters where `with_tags`.
    """
    letters: list[str] = []
    starts: list[int] = []
    for place, character in enumerate(original):
        shown = _plain(character, with_tags)
        letters.extend(shown)
        starts.extend([place] * len(shown))
    pairs = zip(starts, [*starts[1:], len(original)], strict=False)
    following = {start: after for start, after in pairs if after > start}
    return Visible("".join(letters), tuple(starts), tuple(following[start] for start in starts))


def has_tags(original: str) -> bool:
    """The text holds letters that nobody sees."""
    return any(ord(character) in TAGS for character in original)


def _plain(character: str, with_tags: bool) -> str:
    if character in PLAIN:
        return PLAIN[character]
    if character.isascii():
        return character if character.isprintable() else " "
    if ord(character) in TAGS:
        return chr(ord(character) - 0xE0000) if with_tags else ""
    if character in UNSEEN or unicodedata.category(character) in {"Cf", "Mn", "Me", "Cc"}:
        return ""
    if unicodedata.category(character) in {"Zs", "Zl", "Zp"}:
        return " "
    taken_apart = unicodedata.normalize("NFKD", character)
    return "".join(PLAIN.get(part, part) for part in taken_apart if unicodedata.category(part) != "Mn")
