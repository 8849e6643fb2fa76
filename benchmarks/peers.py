"""This project beside LangChain, LlamaIndex and Haystack: python benchmarks/peers.py [--shared DIR]

Each system ingests the same files and is asked the same questions, the peers as their own tutorials do it, in an
environment of their own under build/. Prints the figures and writes them to benchmarks/results/peers.json and .md.
What the peers rank is kept under build/ as long as files, questions and their code stay: run again, and only this
project is asked anew. Without --shared it goes by the starter corpus alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from shutil import rmtree

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.evaluated.ran import commit  # noqa: E402 (the project is found from this file's own place)
from benchmarks.side_by_side import environment, tasks  # noqa: E402
from benchmarks.side_by_side.job import Job, Result, read_result, write_job, write_result  # noqa: E402
from benchmarks.side_by_side.judge import OURS, Times, lines, times  # noqa: E402
from benchmarks.side_by_side.report import Group, Ran, Timing, to_json, to_markdown  # noqa: E402
from benchmarks.side_by_side.tasks import Task  # noqa: E402
from kb.__main__ import today  # noqa: E402
from kb.embed import find_model, shipped_model  # noqa: E402

BUILD = PROJECT / "build" / "peers"
RESULTS = PROJECT / "benchmarks" / "results"
SYSTEMS = {
    OURS: "ours",
    "LangChain": "with_langchain",
    "LlamaIndex": "with_llama_index",
    "Haystack": "with_haystack",
    "Haystack, BM25": "with_haystack_words",
}
LIMIT = 5
TIMED_FILES, TIMED_QUESTIONS = 10, 100
"""Of the starter corpus, spread over its formats: enough to time, little enough to do several times over."""


@dataclass(frozen=True)
class Runner:
    """Does jobs in the environments of the systems, on one day."""

    python: Path
    on: date
    fresh: bool

    def do(self, system: str, task: Task, turn: str = "") -> Result:
        """The system's result; a peer's from an earlier run where the job is the same and no `turn` of a timing."""
        folder = BUILD / "results" / folder_name(task, turn)
        folder.mkdir(parents=True, exist_ok=True)
        module = SYSTEMS[system]
        written, job = folder / f"{module}.jsonl", self._job(task, turn)
        key = job_key(module, job)
        if system != OURS and not turn and not self.fresh and written.is_file():
            kept = read_result(written)
            if kept.key == key:
                return kept
        print(f"{task.name}{turn}: {system}", file=sys.stderr, flush=True)
        result = replace(self._run(system, folder / f"{module}.job.json", job), key=key)
        write_result(written, result)
        return result

    def _run(self, system: str, job_file: Path, job: Job) -> Result:
        """What the system's own process hands back; what it says goes into a log."""
        fresh, log_file = job_file.with_suffix(".result"), job_file.with_suffix(".log")
        write_job(job_file, job)
        if system == OURS:  # an earlier run's may be of other code, and keeps its earlier editions
            rmtree(job.data, ignore_errors=True)
        python = sys.executable if system == OURS else str(self.python)
        command = [python, "-m", f"benchmarks.side_by_side.{SYSTEMS[system]}", str(job_file), str(fresh)]
        with log_file.open("w", encoding="utf-8") as log:
            done = subprocess.run(command, cwd=PROJECT, env=environment.environment(), stdout=log, stderr=log)
        if done.returncode:
            sys.exit(f"{system} failed; what it said is in {log_file}")
        result = read_result(fresh)
        fresh.unlink()
        return result

    def _job(self, task: Task, turn: str) -> Job:
        return Job(
            model=str(shipped_model()),
            files=tuple(str(path) for path in task.files),
            asked=tuple(asked.text for asked in task.asked),
            limit=LIMIT,
            manifest=str(task.manifest or ""),
            data=str(BUILD / "data" / folder_name(task, turn)),
            on=self.on.isoformat(),
        )


def folder_name(task: Task, turn: str) -> str:
    """The task's name as that of a folder."""
    return re.sub(r"[^\w.-]+", "-", task.name + turn)


def job_key(module: str, job: Job) -> str:
    """A digest of all that a peer's result hangs on: its code and requirements, the files' bytes, the questions."""
    code = (PROJECT / "benchmarks" / "side_by_side").glob(f"{module.removesuffix('_words')}*.py")
    read = (environment.REQUIREMENTS, *sorted(code), *(Path(name) for name in job.files))
    parts = [module, str(job.limit), *job.asked, *(hashlib.sha256(path.read_bytes()).hexdigest() for path in read)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def chosen(options: argparse.Namespace) -> Iterator[Task]:
    if options.shared:
        yield from tasks.beside(options.shared)
    for name, questions, documents in options.on or ():
        yield tasks.other(name, Path(questions), [Path(documents)])
    yield tasks.corpus()


def timed(runner: Runner, rounds: int) -> Timing:
    """The times of the systems, each doing the same job in turn, in so many rounds."""
    whole = tasks.corpus()
    files = whole.files[:: len(whole.files) // TIMED_FILES]
    asked = whole.asked[:: len(whole.asked) // TIMED_QUESTIONS]
    task = replace(whole, files=files, asked=asked, manifest=None)
    turns = [{system: runner.do(system, task, f"-round-{turn}") for system in SYSTEMS} for turn in range(1, rounds + 1)]
    return Timing(commit(), rounds, len(task.files), len(task.asked), times(turns))


def earlier_timing(file: Path) -> Timing | None:
    """The times of an earlier run, from what it wrote."""
    kept = json.loads(file.read_text(encoding="utf-8"))["timing"] if file.is_file() else None
    return kept and Timing(**{**kept, "systems": {name: Times(**made) for name, made in kept["systems"].items()}})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, help="folder of extra test data; what it lacks is left out")
    parser.add_argument(
        "--on", nargs=3, action="append", metavar=("NAME", "QUESTIONS.jsonl", "FILE|FOLDER"), help="other questions too"
    )
    parser.add_argument("--rounds", type=int, default=3, help="of timing; 0 keeps the last times (default 3)")
    parser.add_argument("--fresh", action="store_true", help="run the peers anew too")
    parser.add_argument("--as-of", type=date.fromisoformat, default=today(), help="day of the answers (default: today)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results (default: %(default)s)")
    options = parser.parse_args()
    runner = Runner(environment.peers_python(BUILD / "venv"), options.as_of, options.fresh)
    groups, versions = [], {}
    for task in chosen(options):
        results = {system: runner.do(system, task) for system in SYSTEMS}
        passages = {system: result.passages for system, result in results.items()}
        groups += [Group(name, len(task.files), passages, made) for name, made in lines(task, results).items()]
        versions.update({name: at for result in results.values() for name, at in result.versions.items()})
    json_file = options.out / "peers.json"
    timing = timed(runner, options.rounds) if options.rounds else earlier_timing(json_file)
    day, python, cores = options.as_of.isoformat(), platform.python_version(), os.cpu_count() or 0
    ran = Ran(commit(), day, find_model().name, python, cores, versions)
    options.out.mkdir(parents=True, exist_ok=True)
    json_file.write_text(json.dumps(to_json(ran, groups, timing), indent=1) + "\n", encoding="utf-8")
    page = to_markdown(ran, groups, timing, bool(options.shared))
    (options.out / "peers.md").write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
