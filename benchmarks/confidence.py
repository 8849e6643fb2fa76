"""Fits kb/confidence.json: python benchmarks/confidence.py --questions FILE DATA [--questions FILE DATA …] [--write]

Each question file is asked of the knowledge base in its data folder. A question counts as answered or not as the file
says; those of the split "held" are never read, nor what the reader was taught by, nor those about a place that the
documents are not of, which are not answered whatever the chance. Reports refused and abstained by threshold, each file
by a model fitted on the other files alone, so that neither its questions nor its documents were seen, and keeps that in
benchmarks/results/confidence.json for the report of benchmarks/evaluation.py.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import LeaveOneGroupOut

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.evaluated.calibration import KEPT, Bin, Calibration, Shares  # noqa: E402 (found from this file's place)
from benchmarks.evaluated.ran import commit  # noqa: E402
from benchmarks.reading.lessons import LESSON  # noqa: E402
from kb.answering import CITABLE, elsewhere, found  # noqa: E402
from kb.ask import KnowledgeBase  # noqa: E402
from kb.confidence import MODEL, NAMES, features  # noqa: E402
from kb.evaluate import read_questions  # noqa: E402
from kb.reader import load_reader  # noqa: E402
from kb.settings import Settings  # noqa: E402

ANSWERS_FROM, RELATED_FROM = 0.75, 0.7
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)


@dataclass(frozen=True)
class Row:
    """One decision to learn from."""

    file: str
    source: str
    values: tuple[float, ...]
    answered: bool


def rows_of(file: Path, data: Path, with_scenario: bool) -> Iterator[Row]:
    """The decisions that one question file gives."""
    base = KnowledgeBase(Settings.from_environment(data=str(data)))
    library = base.library()
    citable = frozenset(edition.id for edition in library.editions if edition.status_on(date.today()) in CITABLE)
    source = file.stem + (" with scenario" if with_scenario else "")
    for question in read_questions(file):
        if question.split in ("held", LESSON) or (with_scenario and not question.scenario):
            continue
        asked = base.read(question.asked(with_scenario), library)
        hits = found(library, asked, citable, load_reader())
        if not elsewhere(asked, hits, library):
            yield Row(str(file), source, features(asked, hits, library.passage_words).values(), question.answerable)


def weights(rows: list[Row]) -> np.ndarray:
    """Each source counts alike, however many questions it has."""
    sources = Counter(row.source for row in rows)
    return np.array([300 / sources[row.source] for row in rows])


def fitted(values: np.ndarray, answered: np.ndarray, weight: np.ndarray) -> LogisticRegression:
    """The model on those rows."""
    return LogisticRegression(C=3, max_iter=3000).fit(values, answered, sample_weight=weight)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", nargs=2, action="append", type=Path, required=True, metavar=("FILE", "DATA"))
    parser.add_argument("--write", action="store_true", help="write kb/confidence.json")
    options = parser.parse_args()
    rows = [row for file, data in options.questions for story in (False, True) for row in rows_of(file, data, story)]
    values = np.array([row.values for row in rows])
    answered, weight = np.array([row.answered for row in rows]), weights(rows)
    chance = np.zeros(len(rows))
    for train, test in LeaveOneGroupOut().split(values, answered, [row.file for row in rows]):
        model = fitted(values[train], answered[train], weight[train])
        chance[test] = model.predict_proba(values[test])[:, 1]
    calibrated = calibration(rows, chance)
    report(calibrated)
    for file in dict.fromkeys(row.file for row in rows):
        own = np.array([row.file == file for row in rows])
        if 0 < answered[own].mean() < 1:
            print(f"area under the curve {roc_auc_score(answered[own], chance[own]):.3f}  {file}")
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps(asdict(calibrated), indent=1) + "\n", encoding="utf-8")
    model = fitted(values, answered, weight)
    coefficients = {name: round(float(value), 3) for name, value in zip(NAMES, model.coef_[0], strict=True)}
    stored = {
        "coefficients": coefficients,
        "intercept": round(float(model.intercept_[0]), 3),
        "answers_from": ANSWERS_FROM,
        "related_from": RELATED_FROM,
    }
    print(json.dumps(stored, indent=1))
    if options.write:
        MODEL.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def calibration(rows: list[Row], chance: np.ndarray) -> Calibration:
    """By source and threshold the share of chances below it, and how often each chance came true."""
    shares, bins = [], []
    for source in dict.fromkeys(row.source for row in rows):
        for answered in (True, False):
            chosen = np.array([row.source == source and row.answered is answered for row in rows])
            if chosen.any():
                below = {f"{t:.2f}": round(float(np.mean(chance[chosen] < t)), 4) for t in THRESHOLDS}
                shares.append(Shares(source, answered, int(chosen.sum()), below))
    truth = np.array([row.answered for row in rows])
    for low in np.arange(0, 1, 0.1):
        part = (chance >= low) & (chance < low + 0.1)
        if part.any():
            bins.append(Bin(round(float(chance[part].mean()), 4), int(truth[part].sum()), int(part.sum())))
    return Calibration(commit(), date.today().isoformat(), shares, bins)


def report(found: Calibration) -> None:
    """Prints, for each source and threshold, the share refused (answerable) or silent (not), and the calibration."""
    for each in found.shares:
        shares = "  ".join(f"{threshold}: {share:.3f}" for threshold, share in each.below.items())
        print(f"{'refused' if each.answered else 'silent':<8} {shares}   {each.source} ({each.of})")
    print("calibration (said, was, how many):")
    for one in found.bins:
        print(f"  {one.said:.2f}  {one.answered / one.of:.2f}  {one.of}")


if __name__ == "__main__":
    main()
