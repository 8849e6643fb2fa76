"""What ingesting costs: python benchmarks/ingesting.py [--shared DIR] [--times N]

Runs the command line as a person would, each command a process of its own: the first ingest, the same again, one
document with one number changed, and rollback; over the starter corpus and, with --shared, over the GOV.UK pages of a
folder of extra test data, there also over an eighth, a quarter and half of them, which shows how the cost of one
change grows with the corpus. Writes benchmarks/results/ingesting.md.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.evaluated.ran import commit  # noqa: E402 (the project is found from this file's own place)
from kb.database import Database  # noqa: E402

RESULT = PROJECT / "benchmarks" / "results" / "ingesting.md"
APPROVED = ("--yes", "--approve", "A benchmark", "--reason", "It is timed")
FRACTIONS = (8, 4, 2, 1)
PAGES = "GOV.UK pages"


@dataclass(frozen=True)
class Took:
    """Seconds by the clock and of the processors."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        """'3.1 s (4.0)'."""
        return f"{self.wall:.1f} s ({self.cpu:.1f})"


@dataclass(frozen=True)
class Costs:
    """What the commands took on one corpus; all but the first ingest are medians."""

    name: str
    documents: int
    passages: int
    first: Took
    again: Took
    changed: Took
    rollback: Took

    def row(self) -> str:
        """The costs as a row of the table."""
        size = f"{self.documents} | {self.passages:,}"
        return f"| {self.name} | {size} | {self.first} | {self.again} | {self.changed} | {self.rollback} |"


def main() -> None:
    """Measures and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, help="a folder of extra test data, with eval/govuk-pages")
    parser.add_argument("--times", type=int, default=3, help="how often all but the first are timed (default: 3)")
    options = parser.parse_args()
    began = os.getloadavg()[0]
    rows = [_starter(options.times)]
    if options.shared:
        pages = sorted((options.shared / "eval" / "govuk-pages").glob("*.html"))
        rows += [_pages(pages[::fraction], options.times) for fraction in FRACTIONS]
    RESULT.write_text(_table(rows, began), encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


def _starter(times: int) -> Costs:
    with TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        shutil.copytree(PROJECT / "corpus", corpus)
        return _costs("starter corpus", Path(folder), ["--corpus", str(corpus)], corpus / "neglect.md", times)


def _pages(pages: Sequence[Path], times: int) -> Costs:
    with TemporaryDirectory() as folder:
        chosen = Path(folder) / "pages"
        chosen.mkdir()
        for page in pages:
            shutil.copy(page, chosen)
        return _costs(PAGES, Path(folder), ["add", str(chosen)], chosen / pages[0].name, times)


def _costs(name: str, folder: Path, sources: Sequence[str], document: Path, times: int) -> Costs:
    """What each command takes; `document` is changed and taken back once for each time."""
    data = folder / "data"
    before = document.read_text(encoding="utf-8")
    first = _ingest(sources, data)
    again = [_ingest([*sources, "--yes"], data) for _ in range(times)]
    changed, back = [], []
    for turn in range(times):
        document.write_text(_with_another_number(before, turn), encoding="utf-8")
        changed.append(_ingest([*sources, *APPROVED], data))
        back.append(_ingest(["rollback", "--reason", "It is timed"], data))
    with Database(data) as database:
        editions = database.editions(database.published_id() or "")
        passages = sum(len(database.passages(edition)) for edition in editions)
    return Costs(name, len(editions), passages, first, _middle(again), _middle(changed), _middle(back))


def _with_another_number(text: str, turn: int) -> str:
    """The text with the first number of two digits in a sentence of it raised."""
    return re.sub(r"(?<= )\d\d(?= [a-z])", lambda found: str(int(found[0]) + turn + 1), text, count=1)


def _ingest(arguments: Sequence[str], data: Path) -> Took:
    command = [sys.executable, "-m", "ingest", *arguments, "--data", str(data)]
    print("python -m ingest", *arguments, flush=True)
    used, began = _cpu(), time.perf_counter()
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    wall = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    took = Took(wall, _cpu() - used)
    print(f"  {took}: {done.stdout.strip().splitlines()[-1]}", flush=True)
    return took


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _middle(took: Sequence[Took]) -> Took:
    of: Callable[[str], float] = lambda part: median(getattr(each, part) for each in took)  # noqa: E731
    return Took(of("wall"), of("cpu"))


def _growth(rows: Sequence[Costs]) -> tuple[str, ...]:
    """How the cost of one change grows with the corpus, by least squares over the sizes."""
    if not rows:
        return ()
    slope, start = np.polyfit([row.documents for row in rows], [row.changed.wall for row in rows], 1)
    told = (
        f"One change takes {start:.1f} s, most of it the start of Python and the model, and {1000 * slope:.0f} ms more"
    )
    return "", told, "for each page there is: each generation's index is written whole, from vectors that are kept."


def _table(rows: Sequence[Costs], load: float) -> str:
    lines = (
        "# What ingesting costs",
        "",
        f"Made by `python benchmarks/ingesting.py --shared FOLDER` at commit {commit()}, {os.cpu_count()} cores,",
        f"load {load:.1f} at the start and {os.getloadavg()[0]:.1f} at the end.",
        "",
        "Seconds by the clock, in brackets of the processors, of the whole command with the start of Python;",
        "all but the first ingest are medians. One change: one number in one document, compared, tried with",
        "the golden questions (the starter corpus has some), approved and published.",
        "",
        "| Documents | editions | passages | first ingest | the same again | one change | rollback |",
        "|---|---|---|---|---|---|---|",
        *(row.row() for row in rows),
        *_growth([row for row in rows if row.name == PAGES]),
    )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
