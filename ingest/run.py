"""One ingest from files to a published generation, for whoever decides at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from ingest.drafts import Report
from ingest.progress import Tell, silent
from ingest.service import Desk
from ingest.sources import Source
from kb import instants
from kb.embed import Model
from kb.settings import Settings

Approve = Callable[[Report], bool]
_NO_CORPUS = Path("no-corpus")  # neither golden questions nor roles


def ingest(
    data: Path,
    sources: Sequence[Source],
    model: Model,
    *,
    keep_others: bool,
    chroma_url: str = "",
    approve: Approve = lambda _: True,
    tell: Tell = silent,
    corpus: Path = _NO_CORPUS,
    on: date | None = None,
) -> Report:
    """Publishes a generation of the sources' editions, and reports what changed.

    As Desk.prepare, then Desk.publish. `approve` is asked with the report before a change of what is published, never
    for the first generation; where it says no, the draft is kept. `corpus` is the folder of the golden questions and
    roles. `on` is the day, London's own of now unless it is given.
    """
    settings = Settings(data, corpus, chroma_url=chroma_url)
    desk = Desk(settings, model, "", on or instants.day_of(instants.now()), tell)
    return decide(desk, desk.prepare(sources, keep_others=keep_others), approve)


def decide(desk: Desk, report: Report, approve: Approve, publish_on: date | None = None) -> Report:
    """The report of what was prepared, published now or on a day, unless `approve` says no to changes."""
    if report.draft is None:
        return report
    if report.generation and report.changes and not approve(report):
        return replace(report, held_back=True)
    waits_for = desk.publish(report.draft, publish_on)
    if waits_for:
        return replace(report, waits_for=waits_for)
    return replace(report, generation=report.draft, published=True, draft=None)


def rebuild(data: Path, model: Model, *, chroma_url: str = "", tell: Tell = silent) -> Report:
    """As Desk.rebuild."""
    settings = Settings(data, _NO_CORPUS, chroma_url=chroma_url)
    return Desk(settings, model, "", instants.day_of(instants.now()), tell).rebuild()


__all__ = ["Approve", "Report", "decide", "ingest", "rebuild"]
