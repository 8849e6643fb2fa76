"""Progress of long work: what a step tells, and how a terminal shows it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self


class Stage(StrEnum):
    """The stages of an ingest, in order."""

    READ = "reading"
    EMBED = "embedding"
    INDEX = "indexing"
    TRY = "trying"
    PUBLISH = "publishing"


@dataclass(frozen=True)
class Step:
    """Where the work stands: `done` of `total`, counted in `unit`; `document` is '' where it concerns them all."""

    stage: Stage
    done: int
    total: int
    unit: str
    document: str = ""


Tell = Callable[[Step], None]


def silent(_: Step) -> None:
    """Tells nobody."""


class TerminalProgress:
    """A line with a bar on a terminal; nothing at all in a pipe. Use it as a context manager and call it with steps."""

    def __init__(self) -> None:
        """Prepares the line; nothing is shown before the context is entered."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}"),
            TimeElapsedColumn(),
            console=Console(file=sys.stderr),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._progress.add_task("starting", total=None, unit="")

    def __enter__(self) -> Self:
        """The progress itself, shown from now on."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Takes the line away."""
        self._progress.stop()

    def pause(self) -> None:
        """Takes the line away, so that a question can be asked."""
        self._progress.stop()

    def __call__(self, step: Step) -> None:
        """Shows the step."""
        name = f"{step.stage} {step.document}".strip()
        shown = name if len(name) <= 48 else name[:47] + "…"
        self._progress.update(
            self._task, description=f"{shown:<48}", completed=step.done, total=step.total, unit=step.unit
        )
