"""Makes docs/evaluation.md: python benchmarks/evaluation.py [--shared DIR] [--data DIR] [--confidence]

Reads the starter corpus and, with --shared, the documents of a folder of extra test data; asks the questions that
belong to each, the development questions once more for each part taken out, and writes what it found. With --confidence
the calibration is made anew first, otherwise it is the one that benchmarks/confidence.py kept.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.evaluated.ablations import PARTS, Change, changes, remembering, without  # noqa: E402 (found from this file's place)
from benchmarks.evaluated.calibration import read_calibration  # noqa: E402
from benchmarks.evaluated.causes import misses  # noqa: E402
from benchmarks.evaluated.page import Found, Ran, Source, page  # noqa: E402
from benchmarks.evaluated.ran import commit  # noqa: E402
from benchmarks.side_by_side import tasks  # noqa: E402
from benchmarks.side_by_side.tasks import Task  # noqa: E402
from ingest.manifest import read_manifest  # noqa: E402
from ingest.run import ingest  # noqa: E402
from ingest.sources import Given, from_manifest, from_paths, slug  # noqa: E402
from kb.__main__ import today  # noqa: E402
from kb.ask import KnowledgeBase  # noqa: E402
from kb.embed import find_model  # noqa: E402
from kb.evaluate import Outcomes, Question, evaluate  # noqa: E402
from kb.settings import Settings  # noqa: E402

REPORT = PROJECT / "docs" / "evaluation.md"
DEVELOPMENT, HELD = "starter corpus, development half", "starter corpus, held half"
TAKEN_APART = (DEVELOPMENT, "annual report, PDF", "GOV.UK pages, with scenario")


@dataclass(frozen=True)
class Group:
    """Questions that are counted together, asked alone or with their scenario."""

    name: str
    questions: Sequence[Question]
    with_scenario: bool


@dataclass(frozen=True)
class Asking:
    """A task's documents, ingested, with the day of the answers and what tells how far it is."""

    base: KnowledgeBase
    task: Task
    on: date
    tell: Callable[[str], None]

    def groups(self) -> list[Group]:
        """The task's questions by group."""
        names = dict.fromkeys(asked.group for asked in self.task.asked)
        chosen = {name: [asked for asked in self.task.asked if asked.group == name] for name in names}
        return [
            Group(name, [asked.question for asked in those], any(a.text != a.question.question for a in those))
            for name, those in chosen.items()
        ]

    def outcomes(self, group: Group) -> list[Outcomes]:
        """What the group's questions give."""
        self.tell(f"{group.name}: {len(group.questions)} questions")
        return evaluate(self.base, group.questions, self.on, with_scenario=group.with_scenario)

    def parts(self, group: Group) -> dict[str, dict[str, Change]]:
        """What taking out each part changes."""
        found = {}
        with remembering(self.base):
            for part in PARTS:
                self.tell(f"{group.name}, without {part}")
                with without(part, self.base):
                    found[part] = evaluate(self.base, group.questions, self.on, with_scenario=group.with_scenario)
        whole = next(iter(found.values()))
        return {part: changes(whole, outcomes) for part, outcomes in found.items()}

    def source(self) -> Source:
        """What is asked."""
        library = self.base.library()
        digest = hashlib.sha256("".join(sorted(edition.sha256 for edition in library.editions)).encode()).hexdigest()
        return Source(self.task.name, len(library.editions), len(library.passages), library.generation, digest[:12])


def ingested(task: Task, data: Path, on: date) -> KnowledgeBase:
    """The knowledge base of the task's documents; what the folder already holds is not read again."""
    folder = data / slug(task.name)
    folder.mkdir(parents=True, exist_ok=True)
    sources = from_manifest(read_manifest(task.manifest)) if task.manifest else from_paths(task.files, Given())
    ingest(folder, sources, find_model(), keep_others=False, on=on)
    return KnowledgeBase(Settings.from_environment(data=str(folder)))


def confidence(shared: Path | None, data: Path) -> None:
    """Makes the calibration anew, in a process of its own."""
    command = [sys.executable, str(PROJECT / "benchmarks" / "confidence.py")]
    asked = [(PROJECT / "corpus" / "golden.jsonl", "corpus")]
    if shared:
        asked += [
            (shared / "eval/annual-report.jsonl", "annual report, PDF"),
            (shared / "eval/govuk.jsonl", "GOV.UK pages"),
            (tasks.NEW / "pages.jsonl", "GOV.UK pages"),
        ]
    for questions, name in asked:
        command += ["--questions", str(questions), str(data / slug(name))]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, help="folder of extra test data; what it lacks is left out")
    parser.add_argument(
        "--data", type=Path, default=PROJECT / "build" / "eval", help="where the documents are ingested"
    )
    parser.add_argument("--confidence", action="store_true", help="make the calibration anew (some minutes more)")
    parser.add_argument("--as-of", type=date.fromisoformat, default=today(), help="day of the answers (default: today)")
    parser.add_argument("--out", type=Path, default=REPORT, help="the report (default: %(default)s)")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    outcomes: dict[str, list[Outcomes]] = {}
    parts: dict[str, Mapping[str, Mapping[str, Change]]] = {}
    sources, missed = [], []
    beside = (*tasks.beside(options.shared), *tasks.unasked(options.shared)) if options.shared else ()
    for task in map(tasks.with_new, (*beside, tasks.corpus())):
        tell(f"{task.name}: {len(task.files)} files")
        asking = Asking(ingested(task, options.data, options.as_of), task, options.as_of, tell)
        sources.append(asking.source())
        for group in asking.groups():
            outcomes[group.name] = asking.outcomes(group)
            if group.name in TAKEN_APART:
                parts[group.name] = asking.parts(group)
            if group.name == DEVELOPMENT:
                missed = misses(asking.base, outcomes[group.name], options.as_of)
        asking.base.close()
    if options.confidence:
        tell("confidence")
        confidence(options.shared, options.data)
    given = " --shared FOLDER" if options.shared else ""
    ran = Ran(
        command=f"python benchmarks/evaluation.py{given}",
        commit=commit(),
        on=options.as_of.isoformat(),
        model=find_model().name,
        python=platform.python_version(),
        cores=os.cpu_count() or 0,
        load=(load, os.getloadavg()[0]),
    )
    found = Found(sources, outcomes, DEVELOPMENT, HELD, parts, missed, read_calibration())
    options.out.write_text(page(ran, found), encoding="utf-8")
    tell(f"written: {options.out}")


def tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
