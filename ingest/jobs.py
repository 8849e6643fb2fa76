"""Long work behind a page: it goes on whatever becomes of the page, and anyone who looks sees where it stands."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from ingest.progress import Step, Tell
from kb.errors import KnowledgeBaseError, StoreBusy

Result = TypeVar("Result")
_LOGGER = logging.getLogger("safeguarding.jobs")


class Job(Generic[Result]):
    """One piece of work in a thread of its own, with its last step, and its result or its error once it is over."""

    def __init__(self, title: str, who: str, work: Callable[[Tell], Result]) -> None:
        """Begins at once."""
        self.title = title
        self.who = who
        self.step: Step | None = None
        self.result: Result | None = None
        self.error: KnowledgeBaseError | None = None
        self._over = threading.Event()
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether there is a result or an error."""
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        """Whether it is over, at the latest after so many seconds."""
        return self._over.wait(seconds)

    def _run(self, work: Callable[[Tell], Result]) -> None:
        try:
            self.result = work(self._tell)
        except KnowledgeBaseError as error:
            self.error = error
        except Exception as error:  # whatever it is, whoever waits must be told; the log says where it happened
            _LOGGER.exception("%s failed", self.title)
            fact = f"an unforeseen error ({type(error).__name__})"
            self.error = KnowledgeBaseError(self.title, fact, "Try again. If it comes back, tell whoever runs this.")
        finally:
            self._over.set()

    def _tell(self, step: Step) -> None:
        self.step = step


class Jobs(Generic[Result]):
    """At most one job at a time; the last one stays until the next begins or it is put away."""

    def __init__(self) -> None:
        """No job yet."""
        self._lock = threading.Lock()
        self._last: Job[Result] | None = None

    @property
    def last(self) -> Job[Result] | None:
        """The job that runs, or the last one that did."""
        return self._last

    def start(self, title: str, who: str, work: Callable[[Tell], Result]) -> Job[Result]:
        """A new job; StoreBusy while one runs."""
        with self._lock:
            if self._last and not self._last.is_over:
                raise StoreBusy(
                    self._last.title, f"{self._last.who} has begun this, and it is not over", "Wait for it."
                )
            self._last = Job(title, who, work)
            return self._last

    def put_away(self) -> None:
        """Forgets the last job, if it is over."""
        with self._lock:
            if self._last and self._last.is_over:
                self._last = None
