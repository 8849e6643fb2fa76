"""A text as words that can be compared: spaces, hyphens, quotation marks and the look of letters make no difference."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kb.visible import PLAIN

LINK = r"(?:https?://|www\.)[^\s<>|]*[^\s<>|.,;:!?)\]'\"’”]"
# The look behind and the limits keep a search linear in whatever the text is.
E_MAIL = r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
TELEPHONE = r"(?<![\w.,/-])(?:(?:\+44|0)(?:[ ()-]{0,2}\d){8,11}|\(0\d{2,5}\)(?:[ -]{0,2}\d){4,8})(?!\w)"
_NUMBER = r"\d+(?:[.,:/]\d+)*(?![^\W_])"
_WORD = r"[^\W_]+(?:['’\-\u2010\u2011][^\W_]+)*"
_TOKEN = re.compile(
    rf"(?P<link>{LINK})|(?P<mail>{E_MAIL})|(?P<telephone>{TELEPHONE})|(?P<number>{_NUMBER})|(?P<word>{_WORD})|\S"
)
_IN_WORD = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s-]+(?=\d)")
_SPACE_OR_HYPHEN = re.compile(r"(?<!\d)[\s-]+|[\s-]+(?!\d)")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, address or mark; equal keys read the same. Offsets are 0-based, end exclusive."""

    key: str
    start: int
    end: int


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens between two offsets, in order; every character that is not white space lies in one."""
    return [Token(_key(match), *match.span()) for match in _TOKEN.finditer(text, start, end)]


def plain_letters(text: str) -> str:
    """The text in compatible letters (ligatures spelt out) with plain quotation marks and hyphens; case stays."""
    if text.isascii():
        return text
    return "".join(PLAIN.get(letter, letter) for letter in unicodedata.normalize("NFKC", text))


def flat(text: str) -> str:
    """What is left of a text when its white space, hyphens and typography say nothing; digits stay apart."""
    shown = _THOUSANDS.sub("", plain_letters(text))
    return _SPACE_OR_HYPHEN.sub("", _BETWEEN_DIGITS.sub(" ", shown.strip())).strip()


def _key(match: re.Match[str]) -> str:
    written = match[0]
    if match.lastgroup == "telephone":
        return dialled(written)
    if match.lastgroup in ("link", "mail"):
        return written.casefold()
    shown = plain_letters(written)
    return _IN_WORD.sub("", shown) if match.lastgroup == "word" else _THOUSANDS.sub("", shown)


def dialled(number: str) -> str:
    """A telephone number's digits as dialled in the United Kingdom: '+44 (0)1438 737500' is '01438737500'."""
    digits = re.sub(r"\D", "", number)
    return "0" + digits.removeprefix("44").removeprefix("0") if digits.startswith("44") else digits
