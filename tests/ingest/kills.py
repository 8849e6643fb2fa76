"""Kills at random moments of every act that publishes, with a reader in another process asking all the while.

python tests/ingest/kills.py 200 goes on until 200 acts were killed at work, and prints what came of each.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ingest.sources import Given, from_paths
from kb import instants
from kb.database import Database
from kb.index import Index
from tests.conftest import SLEEP, VISITS, Shelf

CHILD = Path(__file__).parent / "child.py"
QUESTION = "where to put the baby to sleep"
LONGEST = {"prepare": 1.0, "publish": 0.5, "rollback": 0.3, "withdraw": 0.04, "reinstate": 0.04}
"""Each act with the seconds within which it is killed at first; what is done before is killed sooner the next time."""


class Asking:
    """A process that asks without a pause; `answers` are (generation, best text) as they came."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, str(CHILD), "read", str(data)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.answers: list[tuple[str, str]] = []
        self.failed = ""
        self._stop = threading.Event()
        assert self._process.stdout
        assert self._process.stdout.readline().strip() == "ready"
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def _ask(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        while not self._stop.wait(0.02):
            try:
                self._process.stdin.write(f"{QUESTION}\n")
                self._process.stdin.flush()
                line = self._process.stdout.readline()
            except BrokenPipeError:
                line = ""
            if not line:
                self.failed = "the reader stopped"
                return
            generation, _, text = line.strip().partition("\t")
            self.answers.append((generation, text))

    def stop(self) -> str:
        """What the reader said of a failure, '' for nothing."""
        self._stop.set()
        self._thread.join()
        _, errors = self._process.communicate()
        return self.failed + errors


def run(shelf: Shelf, times: int, seed: int) -> tuple[Counter[str], list[tuple[str, str]], str]:
    """(how often each act was killed or done, the reader's answers, what the reader said of a failure).

    `times` acts are killed at work; those that were done before the kill come on top.
    """
    chance = random.Random(seed)
    longest = dict(LONGEST)
    shelf.ingest()
    asking = Asking(shelf.data)
    outcomes: Counter[str] = Counter()
    number = killed = 0
    try:
        while killed < times:
            verb = list(longest)[number % len(longest)]
            fault = f"{chance.uniform(0, longest[verb]):.4f}"
            command = [sys.executable, str(CHILD), "act", str(shelf.data), verb, _argument(shelf, verb, number), fault]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60)
            assert done.returncode in (0, -9), (command, done.stderr)
            is_killed = done.returncode == -9
            outcomes[f"{verb} {'killed' if is_killed else 'done before the kill'}"] += 1
            longest[verb] *= 1.1 if is_killed else 0.9
            killed, number = killed + is_killed, number + 1
    finally:
        said = asking.stop()
    return outcomes, asking.answers, said


def _argument(shelf: Shelf, verb: str, number: int) -> str:
    """What the act needs, after whatever is needed to make it possible."""
    shelf.put("sleep.md", f"# Safer sleep\n\nPut the baby on the back to sleep, edition {number}.\n")
    if verb == "prepare":
        return str(shelf.files)
    if verb == "publish":
        return shelf.desk().prepare(from_paths([shelf.files], Given()), keep_others=False).draft or ""
    with Database(shelf.data) as database:
        published = database.published_id()
        if verb == "rollback":
            shelf.ingest()
            return next(row.generation for row in database.publications() if row.generation != database.published_id())
        is_withdrawn = any(held.withdrawn for held in database.held(published or ""))
    if is_withdrawn is (verb == "withdraw"):
        act = shelf.desk().reinstate if is_withdrawn else shelf.desk().withdraw
        act("fostering", "To begin with.")
    return "fostering"


def faults(shelf: Shelf, answers: list[tuple[str, str]]) -> list[str]:
    """What is wrong after the kills, once the next run has repaired what was left."""
    found = []
    shelf.put("sleep.md", SLEEP)
    shelf.ingest()
    with Database(shelf.data) as database, Index(shelf.data) as index:
        texts = {
            row.id: "\n".join(
                passage.text.replace("\n", " ")
                for edition in database.editions(row.id)
                for passage in database.passages(edition)
            )
            for row in database.generations()
        }
        found += [f"{id_}: {text!r} is not its own" for id_, text in set(answers) if text not in texts.get(id_, "")]
        ever = {row.generation for row in database.publications()}
        found += [f"{id_} answered and was never published" for id_ in {id_ for id_, _ in answers} - ever]
        named = {row.collection for row in database.generations()}
        found += [f"{name}: a collection that nobody knows" for name in set(index.collections()) - named]
        found += [f"{row.id} is half made" for row in database.generations() if not row.prepared_at]
    found += shelf.desk().verify_log().faults
    return found + ([] if shelf.indexed() == shelf.listed() else ["the index is not that of what is published"])


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        shelf.put("fostering.md", VISITS)
        shelf.put("sleep.md", SLEEP)
        began = instants.now()
        outcomes, answers, said = run(shelf, times, seed=5)
        for name, count in sorted(outcomes.items()):
            sys.stdout.write(f"{count:>4}  {name}\n")
        generations = len({generation for generation, _ in answers})
        sys.stdout.write(
            f"{len(answers)} answers from {generations} generations; the reader's errors: {said or 'none'}\n"
        )
        sys.stdout.write(f"faults afterwards: {faults(shelf, answers) or 'none'} ({began} to {instants.now()})\n")


if __name__ == "__main__":
    main()
