"""The report: docs/evaluation.md."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.evaluated.ablations import MEASURED, Change
from benchmarks.evaluated.calibration import Calibration
from benchmarks.evaluated.causes import Miss
from benchmarks.evaluated.tables import changed, counted, exactness, measures, name, quantile, shown, table
from kb.confidence import MODEL
from kb.evaluate import MEASURES, Outcomes
from kb.retrieve import LOOKED_THROUGH


@dataclass(frozen=True)
class Source:
    """What was asked: documents, passages, the generation, and a digest of the files' own digests."""

    name: str
    editions: int
    passages: int
    generation: str
    digest: str


@dataclass(frozen=True)
class Ran:
    """What a run was made with."""

    command: str
    commit: str
    on: str
    model: str
    python: str
    cores: int
    load: tuple[float, float]


@dataclass(frozen=True)
class Found:
    """All that the run found, by group of questions; `parts` by group, then by the part taken out."""

    sources: Sequence[Source]
    outcomes: Mapping[str, Sequence[Outcomes]]
    development: str
    held: str
    parts: Mapping[str, Mapping[str, Mapping[str, Change]]]
    misses: Sequence[Miss]
    calibration: Calibration | None


HEAD = """\
# Evaluation

Made by `{command}` at commit {commit} ("+": with changes since), day of the answers {on}, model
{model}, Python {python}, {cores} cores; load of the machine {load[0]:.1f} at the
start and {load[1]:.1f} at the end.

**evidence@k**: an excerpt that answers lies in the first k passages, from the right document. **quote@k**: one of the
first k quotes holds an excerpt or the answer. **abstained**: an unanswerable question ends in "not found".
**refused**: an answerable one does. Every share stands with its 95 % Wilson interval and its counts. What is judged is
judged by `kb/evaluate.py`. Development questions were looked at while the program was made, and so were those of the
annual report and of the GOV.UK pages. Of the held half of the starter corpus's and of the **new questions** nobody
has looked at a single one; their sums were in view while the features of silence were chosen, those of the held half
also when its threshold was set. The nearest to blind are the new questions. Those on the two reports stand without
their evidence.
"""

PARTS = """\
The same questions with one part taken out, as share and as questions lost and won against the first row; a star where
chance alone makes such a difference in fewer than one of twenty (exact sign test). The decision to keep silent is out
in every row, so that what is compared is finding and quoting; so quote@k here may be above the one in the measures.
A part without a star may still be one that few of these questions need.
"""

MISSES = """\
Every question of the development half that missed at some measure. The cause is worked out from the ranking: what
stood first, and where the evidence stood (of the first {looked}).
"""

CALIBRATION = """\
From `benchmarks/confidence.py` (each file by a model fitted on the other files alone, at commit {commit}, {on}). An
answer is given from a chance of {answers}, called related from {related}, and kept back below. In the fit every
source counts alike, here each question counts once; and 2,260 of them were written to be hard: part of why the
chances lie further apart than what came true.
"""


def page(ran: Ran, found: Found) -> str:
    """The whole report."""
    parts = [
        HEAD.format(**vars(ran)),
        *_section("What was asked", _sources(found.sources)),
        *_section("Measures", _measures(found.outcomes)),
        *_section("Quotes, length, time", _times(found.outcomes, ran)),
        *_section("By style of question", _styles(found)),
        *_section("By document, development half", _documents(found.outcomes.get(found.development, ()))),
        *_section("What each part brings", _parts(found.parts)),
        *_section("Misses of the development half", _misses(found.misses)),
        *_section("How sure it is", _calibration(found.calibration)),
    ]
    return "\n".join(parts) + "\n"


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"## {title}\n"
    yield from lines
    yield ""


def _sources(sources: Sequence[Source]) -> Iterator[str]:
    head = ("Documents", "editions", "passages", "generation", "digest of the files")
    yield from table(head, ([s.name, f"{s.editions:,}", f"{s.passages:,}", s.generation, s.digest] for s in sources))


def _measures(outcomes: Mapping[str, Sequence[Outcomes]]) -> Iterator[str]:
    head = ("Questions", *map(name, MEASURES))
    yield from table(head, ([group, *measures(made)] for group, made in outcomes.items()))


def _times(outcomes: Mapping[str, Sequence[Outcomes]], ran: Ran) -> Iterator[str]:
    if max(ran.load) > ran.cores:
        yield "The machine did other work meanwhile: the times are higher than its own.\n"
    head = ("Questions", "exact quotes", "characters in three passages", "p50, ms", "p95, ms")
    rows = []
    for group, made in outcomes.items():
        times = [1000 * each.seconds for each in made]
        rows.append(
            [group, exactness(made), shown(made), f"{quantile(times, 0.5):.0f}", f"{quantile(times, 0.95):.0f}"]
        )
    yield from table(head, rows)


def _styles(found: Found) -> Iterator[str]:
    shown_measures = tuple(measure for measure in MEASURES if measure != "evidence_at_5")
    rows = []
    for half in (found.development, found.held):
        made = found.outcomes.get(half, ())
        for style in sorted({each.question.style for each in made}):
            chosen = [each for each in made if each.question.style == style]
            rows.append([half.rpartition(", ")[2], style, *measures(chosen, shown_measures)])
    yield from table(("Half", "Style", *map(name, shown_measures)), rows)


def _documents(made: Sequence[Outcomes]) -> Iterator[str]:
    shown_measures = ("evidence_at_1", "evidence_at_3", "quote_at_1", "quote_at_3", "refused")
    by_document = [
        [document, *measures([each for each in made if each.question.doc == document], shown_measures)]
        for document in sorted({each.question.doc or "" for each in made if each.question.answerable})
    ]
    yield from table(("Document", *map(name, shown_measures)), by_document)


def _parts(parts: Mapping[str, Mapping[str, Mapping[str, Change]]]) -> Iterator[str]:
    yield PARTS
    for group, rows in parts.items():
        yield f"### {group}\n"
        head = ("Without", *map(name, MEASURED))
        yield from table(head, ([part, *(changed(change[m]) for m in MEASURED)] for part, change in rows.items()))
        yield ""


def _misses(misses: Sequence[Miss]) -> Iterator[str]:
    yield MISSES.format(looked=LOOKED_THROUGH)
    counts = Counter(miss.cause for miss in misses)
    yield from table(("Cause", "questions"), ([str(each), str(count)] for each, count in counts.most_common()))
    yield ""
    ordered = sorted(misses, key=lambda miss: (-counts[miss.cause], miss.cause, miss.question.id))
    head = ("Question", "asked", "missed", "evidence at", "cause")
    rows = (
        [
            miss.question.id,
            miss.question.question,
            ", ".join(map(name, miss.measures)),
            str(miss.rank or "–"),
            str(miss.cause),
        ]
        for miss in ordered
    )
    yield from table(head, rows)


def _calibration(found: Calibration | None) -> Iterator[str]:
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    thresholds = [f"{model[key]:.2f}" for key in ("related_from", "answers_from")]
    if found:
        told = {"commit": found.commit, "on": found.on, "answers": thresholds[1], "related": thresholds[0]}
        yield CALIBRATION.format(**told)
        curve = ([f"{b.said:.2f}", counted([True] * b.answered + [False] * (b.of - b.answered))] for b in found.bins)
        yield from table(("Chance said", "answered"), curve)
        yield ""
        head = ("Questions", "of", *(f"chance below {threshold}" for threshold in thresholds), "wanted")
        rows = (
            [
                each.source,
                str(each.of),
                *(f"{each.below[t]:.3f}" for t in thresholds),
                "low" if each.answered else "high",
            ]
            for each in found.shares
        )
        yield from table(head, rows)
        yield ""
    else:
        yield "No calibration is kept: run `benchmarks/confidence.py` first.\n"
    yield "The features are described in `kb/confidence.py`; each is about 0 to 1.\n"
    yield from table(
        ("Feature", "coefficient"), ([key, f"{value:+.3f}"] for key, value in model["coefficients"].items())
    )
    yield f"| intercept | {model['intercept']:+.3f} |"
