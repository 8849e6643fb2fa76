"""Drawing instructions run as a PDF viewer runs them, noting where each glyph and ruled line comes to stand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.loaders.pdf_drawing import IDENTITY, Drawn, Face, Glyph, Matrix, Rule, Scope, direction, multiply, seen

MAX_GLYPHS_A_PAGE = 50_000
MAX_RULES_A_PAGE = 5_000
MAX_FORM_DEPTH = 8
MAX_FORMS_A_PAGE = 500
MAX_SAVED_STATES = 500
MAX_POINTS_OF_A_DOT = 24
DOT = 8.0
"""A shape that is wider or higher than this many points is no bullet."""
THIN = 2.5
"""A filled box thinner than this many points is a ruled line, not a background."""


@dataclass(frozen=True)
class _State:
    """The graphics state that q saves and Q brings back."""

    ctm: Matrix = IDENTITY
    face: Face | None = None
    size: float = 12.0
    char_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    white: bool = False


def draw(scope: Scope, start: Matrix) -> Drawn:
    """Every glyph and rule that `scope` draws when the page's own matrix is `start`."""
    pen = _Pen(start)
    pen.run(scope)
    return pen.drawn


def _numbers(operands: Sequence[object], count: int) -> list[float] | None:
    """The last `count` operands as numbers; None when there are fewer or one is something else."""
    if len(operands) < count:
        return None
    taken = operands[-count:]
    if not all(isinstance(one, int | float) for one in taken):
        return None
    numbers = [float(one) for one in taken if isinstance(one, int | float)]
    return numbers if all(math.isfinite(one) and abs(one) < 1e9 for one in numbers) else None


class _Pen:
    """Runs instructions and notes what they draw."""

    def __init__(self, start: Matrix) -> None:
        self.drawn = Drawn()
        self.state = _State(ctm=start)
        self.saved: list[_State] = []
        self.matrix = IDENTITY
        self.line = IDENTITY
        self.marks: list[bool] = []
        self.path: list[Rule] = []
        self.boxes: list[Rule] = []
        self.reach: list[tuple[float, float]] = []
        self.at: tuple[float, float] | None = None
        self.begun: tuple[float, float] | None = None
        self.depth = 0
        self.forms_drawn = 0

    def run(self, scope: Scope) -> None:
        for operands, operator in scope.instructions:
            if len(self.drawn.glyphs) >= MAX_GLYPHS_A_PAGE:
                return
            if operator == b"Do":
                self._form(scope, operands)
            elif operator == b"Tf":
                self._font(scope, operands)
            elif operator == b"INLINE IMAGE":
                self._picture()
            elif (act := _ACTS.get(operator)) is not None:
                act(self, operands)

    def _form(self, scope: Scope, operands: Sequence[object]) -> None:
        if self.depth >= MAX_FORM_DEPTH or self.forms_drawn >= MAX_FORMS_A_PAGE or not operands:
            return
        if scope.is_picture(str(operands[0])):
            self._picture()
            return
        form = scope.form(str(operands[0]))
        if form is None:
            return
        self.forms_drawn += 1
        before, saved, marks = self.state, self.saved, self.marks
        self.state = replace(before, ctm=multiply(form.matrix, before.ctm))
        self.saved, self.marks = [], list(marks)
        self.depth += 1
        self.run(form.scope)
        self.depth -= 1
        self.state, self.saved, self.marks = before, saved, marks

    def _picture(self) -> None:
        """Notes the unit square, which every picture fills."""
        self.rectangle((0, 0, 1, 1))
        self.drawn.pictures.append(self.boxes.pop())

    def _font(self, scope: Scope, operands: Sequence[object]) -> None:
        size = _numbers(operands, 1)
        if len(operands) >= 2 and size:
            self.state = replace(self.state, face=scope.face(str(operands[0])), size=size[0])

    def save(self, _: Sequence[object]) -> None:
        if len(self.saved) < MAX_SAVED_STATES:
            self.saved.append(self.state)

    def restore(self, _: Sequence[object]) -> None:
        if self.saved:
            self.state = self.saved.pop()

    def transform(self, operands: Sequence[object]) -> None:
        if numbers := _numbers(operands, 6):
            a, b, c, d, e, f = numbers
            self.state = replace(self.state, ctm=multiply((a, b, c, d, e, f), self.state.ctm))

    def begin_text(self, _: Sequence[object]) -> None:
        self.matrix = self.line = IDENTITY

    def set_matrix(self, operands: Sequence[object]) -> None:
        if numbers := _numbers(operands, 6):
            a, b, c, d, e, f = numbers
            self.matrix = self.line = (a, b, c, d, e, f)

    def move(self, operands: Sequence[object]) -> None:
        if numbers := _numbers(operands, 2):
            self.matrix = self.line = multiply((1.0, 0.0, 0.0, 1.0, numbers[0], numbers[1]), self.line)

    def move_and_lead(self, operands: Sequence[object]) -> None:
        if numbers := _numbers(operands, 2):
            self.state = replace(self.state, leading=-numbers[1])
            self.move(operands)

    def next_line(self, _: Sequence[object]) -> None:
        self.move((0.0, -self.state.leading))

    def show(self, operands: Sequence[object]) -> None:
        if operands:
            self._text(operands[-1])

    def show_adjusted(self, operands: Sequence[object]) -> None:
        parts = operands[-1] if operands else None
        if not isinstance(parts, list | tuple):
            return
        for part in parts:
            if isinstance(part, int | float):
                self._advance(-float(part) / 1000 * self.state.size * self.state.stretch)
            else:
                self._text(part)

    def show_on_next_line(self, operands: Sequence[object]) -> None:
        self.next_line(())
        self.show(operands)

    def show_spaced_on_next_line(self, operands: Sequence[object]) -> None:
        if numbers := _numbers(operands[:2], 2):
            self.state = replace(self.state, word_space=numbers[0], char_space=numbers[1])
        self.show_on_next_line(operands)

    def _advance(self, along: float) -> None:
        self.matrix = multiply((1.0, 0.0, 0.0, 1.0, along, 0.0), self.matrix)

    def _text(self, raw: object) -> None:
        """Notes each glyph of one shown string and moves the pen past it."""
        if not isinstance(raw, bytes) or (face := self.state.face) is None:
            return
        state = self.state
        whole = multiply((1.0, 0.0, 0.0, 1.0, 0.0, state.rise), multiply(self.matrix, state.ctm))
        turn, along, height = direction(whole)
        artifact = any(self.marks)
        at = 0.0
        for text, width, spaced in face.glyphs(raw):
            shown = width * state.size * state.stretch
            if turn is not None and text:
                x, y = seen(whole[4] + at * whole[0], whole[5] + at * whole[1], turn)
                size = abs(height * state.size)
                self.drawn.glyphs.append(Glyph(text, x, x + shown * along, y, size, face, turn, artifact))
            at += shown + (state.char_space + (state.word_space if spaced else 0.0)) * state.stretch
        self._advance(at)

    def mark(self, operands: Sequence[object]) -> None:
        tag = str(operands[0]) if operands else ""
        told = operands[1] if len(operands) > 1 else None
        kind = str(told.get("/Type", "")) if isinstance(told, dict) else ""
        self.marks.append(tag == "/Artifact" and kind == "/Pagination")

    def unmark(self, _: Sequence[object]) -> None:
        if self.marks:
            self.marks.pop()

    def point(self, operands: Sequence[object]) -> tuple[float, float] | None:
        numbers = _numbers(operands, 2)
        if numbers is None:
            return None
        a, b, c, d, e, f = self.state.ctm
        place = numbers[0] * a + numbers[1] * c + e, numbers[0] * b + numbers[1] * d + f
        self.reach = [*self.reach[-MAX_POINTS_OF_A_DOT:], place]
        return place

    def start_path(self, operands: Sequence[object]) -> None:
        self.at = self.begun = self.point(operands)

    def line_to(self, operands: Sequence[object]) -> None:
        self.drawn.shapes += 1
        end = self.point(operands)
        self._segment(self.at, end)
        self.at = end

    def curve_to(self, operands: Sequence[object]) -> None:
        self.drawn.shapes += 1
        self.at = self.point(operands)

    def close_path(self, _: Sequence[object]) -> None:
        self._segment(self.at, self.begun)
        self.at = self.begun

    def _segment(self, start: tuple[float, float] | None, end: tuple[float, float] | None) -> None:
        if start is None or end is None:
            return
        x0, x1 = sorted((start[0], end[0]))
        y0, y1 = sorted((start[1], end[1]))
        if (x1 - x0 < THIN) != (y1 - y0 < THIN):
            self.path.append(Rule(x0, y0, x1, y1))

    def rectangle(self, operands: Sequence[object]) -> None:
        numbers = _numbers(operands, 4)
        if numbers is None:
            return
        x, y, width, height = numbers
        one, other = self.point((x, y)), self.point((x + width, y + height))
        if one is not None and other is not None:
            x0, x1 = sorted((one[0], other[0]))
            y0, y1 = sorted((one[1], other[1]))
            self.boxes.append(Rule(x0, y0, x1, y1))

    def stroke(self, _: Sequence[object]) -> None:
        edges = list(self.path)
        self._dot()
        for x0, y0, x1, y1 in self.boxes:
            edges += [Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1), Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1)]
        self._keep(edges)

    def close_and_stroke(self, operands: Sequence[object]) -> None:
        self.close_path(operands)
        self.stroke(operands)

    def fill(self, _: Sequence[object]) -> None:
        self._dot()
        if not self.state.white and len(self.drawn.fills) < MAX_RULES_A_PAGE:
            self.drawn.fills += [box for box in self.boxes if min(box.x1 - box.x0, box.y1 - box.y0) > DOT]
        self._keep([box for box in self.boxes if min(box.x1 - box.x0, box.y1 - box.y0) < THIN])

    def _dot(self) -> None:
        """Notes the path as a dot where it is small and as high as wide."""
        if not 4 <= len(self.reach) <= MAX_POINTS_OF_A_DOT and not (len(self.boxes) == 1 and len(self.reach) == 2):
            return
        across, down = [x for x, _ in self.reach], [y for _, y in self.reach]
        width, height = max(across) - min(across), max(down) - min(down)
        if 1.0 < width < DOT and 0.8 < width / max(height, 0.1) < 1.25 and len(self.drawn.dots) < MAX_RULES_A_PAGE:
            self.drawn.dots.append(Rule(min(across), min(down), max(across), max(down)))

    def colour(self, operands: Sequence[object]) -> None:
        """Notes whether what is filled from here on is white."""
        numbers = [float(one) for one in operands if isinstance(one, int | float)]
        none_is_white = len(numbers) == 4
        white = bool(numbers) and all(one < 0.02 if none_is_white else one > 0.98 for one in numbers)
        self.state = replace(self.state, white=white)

    def _keep(self, edges: list[Rule]) -> None:
        room = MAX_RULES_A_PAGE - len(self.drawn.rules)
        self.drawn.rules += [edge for edge in edges if max(edge.x1 - edge.x0, edge.y1 - edge.y0) > THIN][: max(room, 0)]
        self.end_path(())

    def end_path(self, _: Sequence[object]) -> None:
        self.path, self.boxes, self.reach, self.at, self.begun = [], [], [], None, None


def _setting(name: str, scale: float = 1.0) -> Callable[[_Pen, Sequence[object]], None]:
    """The act that sets one number of the text state."""

    def act(pen: _Pen, operands: Sequence[object]) -> None:
        if numbers := _numbers(operands, 1):
            setting: dict[str, Any] = {name: numbers[0] * scale}
            pen.state = replace(pen.state, **setting)

    return act


_ACTS: dict[bytes, Callable[[_Pen, Sequence[object]], None]] = {
    b"g": _Pen.colour,
    b"rg": _Pen.colour,
    b"k": _Pen.colour,
    b"sc": _Pen.colour,
    b"scn": _Pen.colour,
    b"q": _Pen.save,
    b"Q": _Pen.restore,
    b"cm": _Pen.transform,
    b"BT": _Pen.begin_text,
    b"Tm": _Pen.set_matrix,
    b"Td": _Pen.move,
    b"TD": _Pen.move_and_lead,
    b"T*": _Pen.next_line,
    b"Tc": _setting("char_space"),
    b"Tw": _setting("word_space"),
    b"Tz": _setting("stretch", 0.01),
    b"TL": _setting("leading"),
    b"Ts": _setting("rise"),
    b"Tj": _Pen.show,
    b"TJ": _Pen.show_adjusted,
    b"'": _Pen.show_on_next_line,
    b'"': _Pen.show_spaced_on_next_line,
    b"BDC": _Pen.mark,
    b"BMC": _Pen.mark,
    b"EMC": _Pen.unmark,
    b"m": _Pen.start_path,
    b"l": _Pen.line_to,
    b"c": _Pen.curve_to,
    b"v": _Pen.curve_to,
    b"y": _Pen.curve_to,
    b"h": _Pen.close_path,
    b"re": _Pen.rectangle,
    b"S": _Pen.stroke,
    b"s": _Pen.close_and_stroke,
    b"B": _Pen.stroke,
    b"B*": _Pen.stroke,
    b"b": _Pen.close_and_stroke,
    b"b*": _Pen.close_and_stroke,
    b"f": _Pen.fill,
    b"F": _Pen.fill,
    b"f*": _Pen.fill,
    b"n": _Pen.end_path,
}
