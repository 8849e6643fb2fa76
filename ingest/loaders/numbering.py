"""The markers of list items, as a reader sees them."""

from __future__ import annotations

import re

BULLET = "• "
_LARGEST = 1_000_000
_TYPED = re.compile(
    r"(?:(?P<bullet>[\u2022\u25e6\u25aa\u25cf\u2023\u2043\u00b7\u25cb\u25a0]\s*|[*\u2013-]\s+)"
    r"|(?P<number>\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})\)|\d{1,2}\.)\s+)(?=[^\s\d])"
)
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def numeral(number: int, kind: str) -> str:
    """`number` written as kind '1', 'a', 'A', 'i' or 'I'; as digits where letters cannot write it."""
    if kind in ("a", "A") and number > 0:
        text = _letters(number)
    elif kind in ("i", "I") and 0 < number < 4000:
        text = _roman(number)
    else:
        return str(number)
    return text.upper() if kind.isupper() else text


def numbered(number: int, kind: str) -> str:
    """The marker of a numbered item: '3. ', 'c. ', 'iii. '."""
    return f"{numeral(number, kind)}. "


def typed_marker(text: str) -> tuple[str, str]:
    """The marker that a writer typed before a paragraph's text, in the form of an item's, and the text; '' for none."""
    found = _TYPED.match(text)
    if not found:
        return "", text
    marker = f"{found['number']} " if found["number"] else BULLET
    return marker, text[found.end() :]


def integer(value: object, otherwise: int) -> int:
    """An attribute's whole number, `otherwise` where it holds none or an absurd one."""
    try:
        number = int(str(value))
    except ValueError:
        return otherwise
    return number if abs(number) <= _LARGEST else otherwise


def _letters(number: int) -> str:
    """a to z, then aa, ab and so on."""
    letters = ""
    while number > 0:
        number, at = divmod(number - 1, 26)
        letters = chr(ord("a") + at) + letters
    return letters


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text
