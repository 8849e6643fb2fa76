"""Fits the unit weights of kb/retrieve.py: python benchmarks/weights.py --questions FILE DATA [--questions FILE DATA …]

Each development question (none of the split "held" is read) is asked alone, and once more with its scenario. Of every
unit of its first passages the parts of the score are collected; a unit is right whose statement answers. The weights
are those of a listwise softmax: the chance that a unit is the one to quote grows with the exponent of its weighted
parts. Every file counts alike. Prints the weights beside a passage's own score, and quote@1 and quote@3 in five folds
with no question on both sides.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kb.__main__ import today
from kb.answering import CITABLE
from kb.answers import Statement
from kb.ask import KnowledgeBase
from kb.compose import FROM_PASSAGES, compose, statement_of
from kb.evaluate import Question, has_answer, read_questions
from kb.retrieve import FULL, SAYS_NOTHING, UNIT_WEIGHTS, Scored, UnitParts, find
from kb.settings import Settings

PENALTY = 0.5
FOLDS = 5
FITTED = ("passage", *(name for name in UnitParts._fields if name != "nothing"))
"""The columns: the passage's score with what its unit does not say taken off as it is, then the unit's parts."""


@dataclass(frozen=True)
class Case:
    """One question as it was asked: its first passages, the parts of their units, and which units are right."""

    group: str
    source: str
    question: Question
    hits: tuple[Scored, ...]
    parts: np.ndarray
    right: np.ndarray


def cases_of(file: Path, base: KnowledgeBase, on: date) -> list[Case]:
    """The cases of one question file."""
    asked = (question for question in read_questions(file) if question.split != "held" and question.answerable)
    return [case for question in asked for case in _cases(file.stem, question, base, on)]


def _cases(source: str, question: Question, base: KnowledgeBase, on: date) -> Iterator[Case]:
    library = base.library()
    citable = frozenset(edition.id for edition in library.editions if edition.status_on(on) in CITABLE)
    for story in (False, True) if question.scenario else (False,):
        hits = tuple(find(library, base.read(question.asked(story), library), citable)[:FROM_PASSAGES])
        if hits:
            yield Case(f"{source}/{question.id}", source, question, hits, parts(hits), right(hits, question, on))


def parts(hits: Sequence[Scored]) -> np.ndarray:
    """(units, FITTED) of the hits in their order."""
    rows = []
    for scored in hits:
        for unit in scored.parts:
            kept = [value for name, value in zip(UnitParts._fields, unit, strict=True) if name != "nothing"]
            rows.append([FULL * scored.score - SAYS_NOTHING * unit.nothing, *kept])
    return np.array(rows, dtype=float)


def right(hits: Sequence[Scored], question: Question, on: date) -> np.ndarray:
    """bool (units,): whether the statement made of the unit answers."""
    places = [(scored, number) for scored in hits for number in range(len(scored.units))]
    return np.array([answers(question, [statement_of(scored, number, on)]) for scored, number in places], dtype=bool)


def answers(question: Question, statements: Sequence[Statement]) -> bool:
    """Whether any of the statements answers, as `python -m kb eval` judges it."""
    cited = [statement.citation for statement in statements]
    names = [(each.passage.edition.document.id, each.passage.edition.file) for each in cited]
    return has_answer(question, [(name, each.quote) for name, each in zip(names, cited, strict=True)])


def fitted(cases: Sequence[Case]) -> np.ndarray:
    """The weights of FITTED; a case with no right unit, or none other, teaches nothing."""
    told = [case for case in cases if case.right.any() and not case.right.all()]
    sources = [case.source for case in told]
    shares = [len(told) / len(set(sources)) / sources.count(source) for source in sources]
    start = np.ones(len(FITTED))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for case, share in zip(told, shares, strict=True):
            value = case.parts @ weights
            chance = np.exp(value - value.max())
            hit = chance * case.right
            total -= share * float(np.log(hit.sum() / chance.sum()))
            slope = slope - share * case.parts.T @ (hit / hit.sum() - chance / chance.sum())
        return total, slope

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def quoted(case: Case, weights: np.ndarray, on: date) -> tuple[bool, bool]:
    """Whether the first, and any, of the statements answers that are composed with those weights."""
    values = case.parts @ (weights / weights[0])
    ends = np.cumsum([len(scored.units) for scored in case.hits])[:-1]
    hits = [
        replace(scored, units=tuple(float(value) - FULL * scored.score for value in each))
        for scored, each in zip(case.hits, np.split(values, ends), strict=True)
    ]
    statements = compose(hits, on)
    return answers(case.question, statements[:1]), answers(case.question, statements)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", nargs=2, action="append", type=Path, required=True, metavar=("FILE", "DATA"))
    parser.add_argument("--as-of", type=date.fromisoformat, default=today(), help="day of the answers (default: today)")
    options = parser.parse_args()
    on = options.as_of
    cases = []
    for file, data in options.questions:
        print(f"asking {file.name}", file=sys.stderr, flush=True)
        cases += cases_of(file, KnowledgeBase(Settings.from_environment(data=str(data))), on)
    now = np.array([1.0, *(getattr(UNIT_WEIGHTS, name) for name in FITTED[1:])])
    print(f"{len(cases)} questions; quote@1 and quote@3 by fold: fitted on the others, and with the weights in use")
    for number, (train, test) in enumerate(GroupKFold(FOLDS).split(cases, groups=[c.group for c in cases]), start=1):
        weights = fitted([cases[place] for place in train])
        made, used = (np.mean([quoted(cases[place], each, on) for place in test], axis=0) for each in (weights, now))
        print(f"  {number}  {made[0]:.3f} {made[1]:.3f}   {used[0]:.3f} {used[1]:.3f}   of {len(test)}")
    weights = fitted(cases)
    print("weights beside a passage's own score: fitted, and in use")
    for name, fit, use in zip(FITTED, weights / weights[0], now, strict=True):
        print(f"  {name:<10} {fit:6.2f} {use:6.2f}")


if __name__ == "__main__":
    main()
