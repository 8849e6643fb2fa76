"""Teaches the reader: python benchmarks/reader.py DATA [--write]

DATA is a data folder into which the GOV.UK pages of the extra test data were ingested; the lessons on them are
benchmarks/reading/pairs.jsonl and those of benchmarks/questions/pages.jsonl that are marked "lesson". The lessons of
benchmarks/reading/own have their texts with them. No question that is measured is among them, nor any on the starter
corpus. Takes about 75 minutes on two processors. Prints, on the pages' questions that it was not taught ("unread"), how
often it prefers the text that answers, and with --write writes kb/reader.safetensors: measure before you keep it
(docs/decisions/0011-reading-closely.md).
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import numpy as np
from safetensors.torch import save_file

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.reading.learning import Pupil, learn, says  # noqa: E402 (found from this file's place)
from benchmarks.reading.lessons import LESSON, UNREAD, Lesson, read_lines, searched, written  # noqa: E402
from kb.ask import KnowledgeBase  # noqa: E402
from kb.reader import WEIGHTS  # noqa: E402
from kb.settings import Settings  # noqa: E402

RANK, ROUNDS = 16, 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--write", action="store_true", help="write kb/reader.safetensors")
    options = parser.parse_args()
    base = KnowledgeBase(Settings.from_environment(data=str(options.data)))
    folder = PROJECT / "benchmarks"
    pages, today = folder / "questions/pages.jsonl", date.today()
    lines = [*read_lines(pages, LESSON), *read_lines(folder / "reading/pairs.jsonl", LESSON)]
    pupil = Pupil(RANK)
    learn(pupil, [*searched(base, lines, today), *written(folder / "reading/own")], ROUNDS)
    report(pupil, list(searched(base, read_lines(pages, UNREAD), today)))
    if options.write:
        save_file(pupil.added(), WEIGHTS)


def report(pupil: Pupil, lessons: list[Lesson]) -> None:
    """Prints how often a text that answers is first, and above what share of those that answer not."""
    said = [(lesson, says(pupil, lesson)) for lesson in lessons]
    right = [(np.array([each.answers for each in lesson.shown]), logits) for lesson, logits in said]
    first = np.mean([answers[logits.argmax()] for answers, logits in right if answers.any()])
    yes = np.array([logits.max() for answers, logits in right if answers.any()])
    no = np.array([logits.max() for answers, logits in right if not answers.any()])
    above = np.mean(yes[:, None] > no)
    print(f"{len(lessons)} lessons not taught: first {first:.2f}; an answered one above an unanswered one {above:.2f}")


if __name__ == "__main__":
    main()
