"""What a system is asked, and what it hands back, as files; standard library alone, since every environment runs it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Job:
    """Files to ingest and questions to ask of them, one by one, each for its first `limit` passages.

    `model` is the folder of the embedding model. The rest is for this project alone: `manifest` is the folder of the
    files' manifest or '', `data` the folder of its knowledge base, `on` the day of the answers.
    """

    model: str
    files: tuple[str, ...]
    asked: tuple[str, ...]
    limit: int
    manifest: str = ""
    data: str = ""
    on: str = ""


@dataclass(frozen=True)
class Found:
    """A passage, and the bare name of the file that it comes from."""

    file: str
    text: str


@dataclass(frozen=True)
class Ranking:
    """What one question gave, best first; `outcome` is None in a system that always answers."""

    passages: tuple[Found, ...]
    outcome: str | None = None


@dataclass(frozen=True)
class Timed:
    """A ranking and how long it took."""

    ranking: Ranking
    seconds: float


@dataclass(frozen=True)
class Result:
    """What a system made of a job; `passages` counts all that it holds, `key` says what the job was."""

    versions: dict[str, str]
    ingest_seconds: float
    passages: int
    rows: tuple[Timed, ...] = field(repr=False)
    key: str = ""


class System(Protocol):
    """A way from files to the passages that answer a question; its model is loaded when it is made."""

    @property
    def libraries(self) -> Sequence[str]:
        """The packages that make it what it is, whose versions are reported."""

    def ingest(self, files: Sequence[Path]) -> int:
        """Reads, splits, embeds and indexes the files; how many passages there are now."""

    def find(self, question: str, limit: int) -> Ranking:
        """The passages closest to the question, at most `limit`."""


def run(make: Callable[[Job], System]) -> None:
    """Does the job of the file named first on the command line, and writes its result to the one named second."""
    _, job_file, result_file = sys.argv
    given = json.loads(Path(job_file).read_text(encoding="utf-8"))
    job = Job(**{**given, "files": tuple(given["files"]), "asked": tuple(given["asked"])})
    system = make(job)
    began = time.perf_counter()
    passages = system.ingest([Path(name) for name in job.files])
    ingest_seconds = time.perf_counter() - began
    system.find("warm up", job.limit)
    rows = tuple(_timed(system, question, job.limit) for question in job.asked)
    versions = {library: version(library) for library in system.libraries}
    write_result(Path(result_file), Result(versions, ingest_seconds, passages, rows))


def _timed(system: System, question: str, limit: int) -> Timed:
    began = time.perf_counter()
    ranking = system.find(question, limit)
    return Timed(ranking, time.perf_counter() - began)


def write_job(path: Path, job: Job) -> None:
    """The job as JSON."""
    path.write_text(json.dumps(asdict(job), ensure_ascii=False), encoding="utf-8")


def write_result(path: Path, result: Result) -> None:
    """The result as JSON lines: what goes for all of it, then a line a question."""
    head = {**asdict(result), "rows": len(result.rows)}
    lines = [json.dumps(line, ensure_ascii=False) for line in (head, *(asdict(row) for row in result.rows))]
    part = path.with_suffix(".part")
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    part.replace(path)  # a run that is stopped leaves no half of a result


def read_result(path: Path) -> Result:
    """The result as it was written."""
    # Not splitlines(): a passage may hold a line separator that JSON leaves as it is.
    head, *rows = (json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line)
    return Result(**{**head, "rows": tuple(_row(row) for row in rows)})


def _row(row: dict[str, object]) -> Timed:
    ranking = row["ranking"]
    assert isinstance(ranking, dict)
    passages = tuple(Found(**passage) for passage in ranking["passages"])
    return Timed(Ranking(passages, ranking["outcome"]), float(str(row["seconds"])))
