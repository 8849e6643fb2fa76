"""One judge for every system: the measures of a question file on ranked passages, whoever ranked them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import mean, median

from benchmarks.side_by_side.job import Ranking, Result
from benchmarks.side_by_side.tasks import Asked, Task
from kb.answers import Outcome
from kb.evaluate import has_evidence, interval

DEPTHS = (1, 3, 5)
OURS = "this project"
OURS_STRICT = "this project, a refusal counted as a miss"


@dataclass(frozen=True)
class Verdict:
    """What one question gave: found at each depth, None where nothing answers it; silent; length of three passages."""

    found: tuple[bool, ...] | None
    silent: bool
    characters: int


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    count: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % Wilson score interval."""
        return interval(self.count, self.of)

    @property
    def share(self) -> float | None:
        """0 to 1; None of nothing."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True)
class Line:
    """A system's measures on one group of questions.

    `alone` counts the questions whose evidence comes first in this system and not in ours, `ours_alone` the other way
    round; None for ours.
    """

    system: str
    evidence: tuple[Share, ...]
    characters: float
    abstained: Share
    refused: Share
    alone: int | None = None
    ours_alone: int | None = None


def judged(asked: Asked, ranking: Ranking, ids: dict[str, str]) -> Verdict:
    """The verdict on one ranking; a passage's document goes by its id and by its file's name."""
    question = asked.question
    said = [((ids.get(passage.file, ""), passage.file), passage.text) for passage in ranking.passages]
    found = tuple(has_evidence(question, said[:depth]) for depth in DEPTHS) if question.answerable else None
    characters = sum(len(text) for _, text in said[:3])
    return Verdict(found, ranking.outcome == Outcome.NOT_FOUND, characters)


def lines(task: Task, results: dict[str, Result]) -> dict[str, list[Line]]:
    """The systems' measures by group, ours first, in the order of the results."""
    groups: dict[str, list[Line]] = {}
    for group in dict.fromkeys(asked.group for asked in task.asked):
        verdicts = {system: _verdicts(task, group, result) for system, result in results.items()}
        ours = verdicts.get(OURS)
        groups[group] = []
        for system, made in verdicts.items():
            groups[group].append(_compared(_line(system, made), made, ours))
            if system == OURS:
                groups[group].append(_line(OURS_STRICT, [_strict(verdict) for verdict in made]))
    return groups


def _verdicts(task: Task, group: str, result: Result) -> list[Verdict]:
    pairs = zip(task.asked, result.rows, strict=True)
    return [judged(asked, row.ranking, task.ids) for asked, row in pairs if asked.group == group]


def _strict(verdict: Verdict) -> Verdict:
    missed = tuple(False for _ in DEPTHS)
    return replace(verdict, found=missed) if verdict.silent and verdict.found is not None else verdict


def _line(system: str, verdicts: Sequence[Verdict]) -> Line:
    answerable = [verdict for verdict in verdicts if verdict.found is not None]
    found = [verdict.found for verdict in verdicts if verdict.found is not None]
    return Line(
        system=system,
        evidence=tuple(Share(sum(at_depth), len(found)) for at_depth in zip(*found, strict=True))
        or (Share(0, 0),) * len(DEPTHS),
        characters=mean(verdict.characters for verdict in answerable) if answerable else 0.0,
        abstained=_silent([verdict for verdict in verdicts if verdict.found is None]),
        refused=_silent(answerable),
    )


def _silent(verdicts: Sequence[Verdict]) -> Share:
    return Share(sum(verdict.silent for verdict in verdicts), len(verdicts))


def _compared(line: Line, theirs: Sequence[Verdict], ours: Sequence[Verdict] | None) -> Line:
    if ours is None or theirs is ours:
        return line
    first = [(b.found[0], a.found[0]) for a, b in zip(ours, theirs, strict=True) if a.found and b.found]
    return replace(line, alone=first.count((True, False)), ours_alone=first.count((False, True)))


@dataclass(frozen=True)
class Times:
    """A system's times over rounds in which each system did the same job in turn: the medians, and their ratio to ours.

    Seconds to ingest, milliseconds to answer one question.
    """

    ingest: float
    question: float
    ingest_to_ours: float
    question_to_ours: float


def times(rounds: Sequence[dict[str, Result]]) -> dict[str, Times]:
    """The systems' times; a ratio is the median of each round's own, since the machine changes pace between rounds."""
    made = {}
    for system in rounds[0]:
        theirs = [_pace(turn[system]) for turn in rounds]
        ours = [_pace(turn[OURS]) for turn in rounds]
        made[system] = Times(
            ingest=median(pace[0] for pace in theirs),
            question=median(pace[1] for pace in theirs),
            ingest_to_ours=median(a[0] / b[0] for a, b in zip(theirs, ours, strict=True)),
            question_to_ours=median(a[1] / b[1] for a, b in zip(theirs, ours, strict=True)),
        )
    return made


def _pace(result: Result) -> tuple[float, float]:
    return result.ingest_seconds, 1000 * median(row.seconds for row in result.rows)
