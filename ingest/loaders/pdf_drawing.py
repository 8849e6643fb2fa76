"""What a page's drawing instructions are made of, and what they draw: glyphs, ruled lines, pictures.

Nothing here knows pypdf: instructions come as (operands, operator) pairs, fonts and forms through the protocols.
Every place is in points from the page's top left corner, y growing downwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
LEVEL = 0.02
"""Text whose direction strays further than this (as a sine) from the nearest quarter turn is slanted."""


class Glyph(NamedTuple):
    """A character as drawn: its left and right end, its baseline and its height; `turn` counts quarter turns."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    face: Face
    turn: int = 0
    artifact: bool = False


class Rule(NamedTuple):
    """A straight horizontal or vertical line; x0 <= x1 and y0 <= y1."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def is_level(self) -> bool:
        """Whether it runs from left to right."""
        return self.x1 - self.x0 >= self.y1 - self.y0


class Face(Protocol):
    """A font, as far as reading needs it."""

    @property
    def name(self) -> str:
        """The font's name, without the mark of a subset."""
        ...

    @property
    def bold(self) -> bool:
        """Whether it is drawn heavy."""
        ...

    @property
    def italic(self) -> bool:
        """Whether it is drawn slanted."""
        ...

    @property
    def space(self) -> float:
        """The width of its space, as a share of the font's size."""
        ...

    def glyphs(self, raw: bytes) -> Sequence[tuple[str, float, bool]]:
        """Text, width (a share of the font's size) and whether word spacing applies, for each code in `raw`."""
        ...


class Form(NamedTuple):
    """Instructions drawn by name from another stream, with the matrix, fonts and forms of their own."""

    matrix: Matrix
    scope: Scope


class Scope(NamedTuple):
    """Instructions with the fonts and forms that they name."""

    instructions: Iterable[tuple[Sequence[object], bytes]]
    face: Callable[[str], Face | None]
    form: Callable[[str], Form | None]
    is_picture: Callable[[str], bool]


@dataclass
class Drawn:
    """What a page shows, in the order in which it is drawn."""

    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[Rule] = field(default_factory=list)
    """The boxes of its pictures."""
    dots: list[Rule] = field(default_factory=list)
    """The boxes of its small round or square shapes: bullets that are no glyphs."""
    fills: list[Rule] = field(default_factory=list)
    """The boxes that it fills with a colour: the backgrounds of cells, among others."""
    shapes: int = 0
    """How many lines and curves it has; letters drawn as shapes have thousands."""


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that applies `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def page_matrix(left: float, bottom: float, right: float, top: float, rotation: int) -> tuple[Matrix, float, float]:
    """The matrix from the page's own space to the page as seen, with the seen width and height."""
    width, height = right - left, top - bottom
    turn = rotation // 90 % 4
    if turn == 1:
        return (0.0, 1.0, 1.0, 0.0, -bottom, -left), height, width
    if turn == 2:
        return (-1.0, 0.0, 0.0, 1.0, right, -bottom), width, height
    if turn == 3:
        return (0.0, -1.0, -1.0, 0.0, top, right), height, width
    return (1.0, 0.0, 0.0, -1.0, -left, top), width, height


def direction(whole: Matrix) -> tuple[int | None, float, float]:
    """The quarter turns of text drawn with `whole` (None when slanted), its scale along and across the line."""
    a, b, c, d = whole[:4]
    along, across = math.hypot(a, b), math.hypot(c, d)
    if along < 1e-9:
        return None, 0.0, 0.0
    if abs(b) <= LEVEL * along:
        return (0 if a > 0 else 2), along, across
    if abs(a) <= LEVEL * along:
        return (1 if b < 0 else 3), along, across
    return None, along, across


def seen(x: float, y: float, turn: int) -> tuple[float, float]:
    """A place in the frame in which text of that turn stands upright."""
    return [(x, y), (-y, x), (-x, -y), (y, -x)][turn]


def turned(rule: Rule, turn: int) -> Rule:
    """The rule in the frame in which text of that turn stands upright."""
    (ax, ay), (bx, by) = seen(rule.x0, rule.y0, turn), seen(rule.x1, rule.y1, turn)
    return Rule(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
