"""What is read and asked: the starter corpus, and question files of other documents where they lie on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.loaders import LOADERS
from ingest.manifest import read_manifest
from ingest.sources import slug
from kb.evaluate import Question, read_questions

PROJECT = Path(__file__).resolve().parent.parent.parent
CORPUS = PROJECT / "corpus"
NEW = PROJECT / "benchmarks" / "questions"


@dataclass(frozen=True)
class Asked:
    """A question as it is asked, and the group with which it is counted."""

    group: str
    question: Question
    text: str


@dataclass(frozen=True)
class Task:
    """Files that are ingested once, and all that is asked of them; `ids` are the documents' by their files' names."""

    name: str
    files: tuple[Path, ...]
    asked: tuple[Asked, ...]
    ids: dict[str, str]
    manifest: Path | None = None


def corpus() -> Task:
    """The starter corpus with its golden questions, a group for each half."""
    entries = read_manifest(CORPUS)
    questions = read_questions(CORPUS / "golden.jsonl")
    names = {"dev": "starter corpus, development half", "held": "starter corpus, held half"}
    asked = [Asked(names[half], q, q.question) for half in names for q in questions if q.split == half]
    ids = {entry.path.name: entry.document.id for entry in entries}
    return Task("corpus", tuple(entry.path for entry in entries), tuple(asked), ids, CORPUS)


def beside(folder: Path) -> Iterator[Task]:
    """The question files of a folder of test data, each with its documents; what is not there is left out."""
    known = (
        ("annual report, PDF", "eval/annual-report.jsonl", "annual-report/hscb-annual-report-2012-13.pdf"),
        ("GOV.UK pages", "eval/govuk.jsonl", "eval/govuk-pages"),
    )
    for name, questions, documents in known:
        if (folder / questions).is_file() and (folder / documents).exists():
            yield other(name, folder / questions, [folder / documents])


def unasked(folder: Path) -> Iterator[Task]:
    """Documents of that folder with no question file of their own, for `with_new`."""
    report = folder / "eval/pdfs/committee-report-111-pages.pdf"
    if report.is_file():
        yield Task("committee report, PDF", (report,), (), {report.name: report.stem})


def with_new(task: Task) -> Task:
    """The task with the new questions on its documents, none of which was looked at while the program was made."""
    file = NEW / f"{slug(task.name)}.jsonl"
    group = f"{task.name}, new questions"
    more = [Asked(group, question, question.question) for question in read_questions(file)] if file.is_file() else []
    return replace(task, asked=(*task.asked, *more))


def other(name: str, questions: Path, documents: Sequence[Path]) -> Task:
    """A question file of one's own with the files, or folders of files, that it asks about.

    Questions with a scenario are asked twice: alone, and after it.
    """
    read = read_questions(questions)
    asked = [Asked(name, question, question.question) for question in read]
    asked += [Asked(f"{name}, with scenario", question, question.asked(True)) for question in read if question.scenario]
    files = tuple(path for given in documents for path in _files(given))
    return Task(name, files, tuple(asked), {path.name: path.stem for path in files})


def _files(given: Path) -> Iterator[Path]:
    if given.is_dir():
        yield from sorted(path for path in given.rglob("*") if path.suffix in LOADERS)
    else:
        yield given
