"""Figures as the cells and tables of a Markdown page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.evaluated.ablations import Change
from kb.evaluate import MEASURES, Outcomes, interval

SURE = 0.05
"""A change is marked where chance alone makes one as large less often than this."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table; what would end a cell early is spelt so that it does not."""
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def counted(values: Sequence[bool | None]) -> str:
    """The share of those that apply, with its 95 % interval and count; a dash where none does."""
    applied = [value for value in values if value is not None]
    if not applied:
        return "–"
    low, high = interval(sum(applied), len(applied))
    return f"{sum(applied) / len(applied):.3f} [{low:.2f}, {high:.2f}] {sum(applied)}/{len(applied)}"


def measures(outcomes: Sequence[Outcomes], names: Sequence[str] = MEASURES) -> list[str]:
    """A cell for each measure."""
    return [counted([getattr(outcome, name) for outcome in outcomes]) for name in names]


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that so great a share of them does not pass; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def exactness(outcomes: Sequence[Outcomes]) -> str:
    """How many of the quotes are the edition's own text to the character."""
    exact = [value for outcome in outcomes for value in outcome.exact]
    return f"{sum(exact):,} of {len(exact):,}"


def shown(outcomes: Sequence[Outcomes]) -> str:
    """The mean length of the first three passages of the answerable questions, in characters."""
    lengths = [outcome.shown for outcome in outcomes if outcome.question.answerable]
    return f"{sum(lengths) / len(lengths):,.0f}" if lengths else "–"


def changed(change: Change) -> str:
    """A share, the questions lost and won, and a star where chance alone hardly explains them."""
    if not change.lost and not change.won:
        return f"{change.share:.3f}"
    star = "*" if change.chance < SURE else ""
    return f"{change.share:.3f} (−{change.lost} +{change.won}){star}"


def name(measure: str) -> str:
    """evidence_at_1 → evidence@1."""
    return measure.replace("_at_", "@")
