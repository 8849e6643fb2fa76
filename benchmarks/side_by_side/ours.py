"""This project: what `python -m ingest` and `python -m kb ask` do, by the classes that they call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.side_by_side.job import Found, Job, Ranking, run
from ingest.manifest import read_manifest
from ingest.run import ingest
from ingest.sources import Given, from_manifest, from_paths
from kb.ask import KnowledgeBase
from kb.embed import find_model, load_embedder
from kb.settings import Settings


class Ours:
    """A knowledge base in the job's data folder."""

    libraries = ()
    """Those of constraints.txt."""

    def __init__(self, job: Job) -> None:
        self._manifest = Path(job.manifest) if job.manifest else None
        self._settings = Settings.from_environment(data=job.data)
        self._on = date.fromisoformat(job.on)
        self._base = KnowledgeBase(self._settings)
        load_embedder().embed(["warm up"])

    def ingest(self, files: Sequence[Path]) -> int:
        """As System.ingest; with a manifest the files are those that it names."""
        sources = from_manifest(read_manifest(self._manifest)) if self._manifest else from_paths(files, Given())
        ingest(self._settings.data, sources, find_model(), keep_others=False)
        return len(self._base.library().passages)

    def find(self, question: str, limit: int) -> Ranking:
        """As System.find, with the whole answer made; the passages are there whatever its outcome."""
        answer = self._base.ask(question, self._on)
        kept = tuple(Found(hit.passage.edition.file, hit.passage.text) for hit in answer.kept[:limit])
        return Ranking(kept, answer.outcome)


if __name__ == "__main__":
    run(Ours)
