"""Two real processes: readers see a new generation at their next question, and only one process writes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb.errors import StoreBusy
from kb.settings import Settings

if TYPE_CHECKING:
    from tests.conftest import Shelf

CHILD = Path(__file__).parent / "child.py"
QUESTION = "where should the baby sleep"


class Reader:
    """A process that keeps one knowledge base open and answers questions from it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._line() == "ready"

    def ask(self, question: str = QUESTION) -> tuple[str, str]:
        """(generation, text of the best passage)."""
        assert self._process.stdin
        self._process.stdin.write(f"{question}\n")
        self._process.stdin.flush()
        generation, _, text = self._line().partition("\t")
        return generation, text

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@contextmanager
def process(shelf: Shelf, command: str) -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        [sys.executable, str(CHILD), command, str(shelf.data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def test_an_open_reader_answers_from_the_new_generation_at_its_next_question(shelf: Shelf) -> None:
    first = shelf.ingest()
    with process(shelf, "read") as started:
        reader = Reader(started)
        before = reader.ask()

        shelf.put("sleep.md", "# Safer sleep\n\nThe baby should sleep in a cot of its own.\n")
        second = shelf.ingest()
        after = reader.ask()

    assert before == (
        first.generation,
        "Put the baby on the back to sleep. Keep the cot clear: • no pillows • no duvets",
    )
    assert after == (second.generation, "The baby should sleep in a cot of its own.")


def test_an_open_reader_goes_on_when_the_collection_that_it_has_open_is_deleted(shelf: Shelf) -> None:
    shelf.ingest()
    with process(shelf, "read") as started:
        reader = Reader(started)
        reader.ask()

        for number in range(Settings.keep_generations + 1):
            shelf.put("sleep.md", f"The baby should sleep in cot {number}.")
            last = shelf.ingest()

        assert reader.ask() == (last.generation, f"The baby should sleep in cot {Settings.keep_generations}.")


def test_a_reader_that_starts_later_answers_from_what_is_published_then(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("sleep.md", "The baby should sleep in a cot.")
    second = shelf.ingest()

    with process(shelf, "read") as started:
        assert Reader(started).ask() == (second.generation, "The baby should sleep in a cot.")


def test_an_open_reader_answers_from_an_index_rebuilt_below_it(shelf: Shelf) -> None:
    shelf.ingest()
    with process(shelf, "read") as started:
        reader = Reader(started)
        _, before = reader.ask()

        rebuilt = shelf.rebuild()

        assert reader.ask() == (rebuilt.generation, before)


def test_a_second_writer_is_told_at_once(shelf: Shelf) -> None:
    with process(shelf, "hold") as holder:
        assert holder.stdout
        assert holder.stdout.readline().strip() == "held"

        with pytest.raises(StoreBusy, match="another ingest is writing here") as error:
            shelf.ingest()

    assert error.value.exit_code == 3
    assert shelf.ingest().published


def test_a_reader_answers_while_another_process_writes(shelf: Shelf) -> None:
    first = shelf.ingest()
    with process(shelf, "hold") as holder, process(shelf, "read") as started:
        assert holder.stdout
        holder.stdout.readline()

        assert Reader(started).ask()[0] == first.generation
