"""Laws of the reader's lessons: what is marked as the answer, what is shown beside it, and that they teach."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from benchmarks.reading import learning
from benchmarks.reading.learning import Pupil, learn, says
from benchmarks.reading.lessons import (
    LESSON,
    UNREAD,
    Lesson,
    Line,
    Shown,
    letters,
    read_lines,
    searched,
    written,
)
from kb.ask import KnowledgeBase
from kb.settings import Settings
from tests.conftest import Shelf

TODAY = date(2026, 11, 24)
BOATS = "# Boats\n\nThe warden keeps the key. A kayak costs two pounds.\n\n## Oars\n\nOars stand in the shed.\n"
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def base(shelf: Shelf) -> KnowledgeBase:
    shelf.put("boats.md", BOATS)
    shelf.put("tea.md", "# Tea\n\nThe kettle keeps warm. The key hangs by the tea.\n")
    shelf.ingest()
    return KnowledgeBase(Settings(data=shelf.data), shelf.words.model)


def _line(base: KnowledgeBase, answer: str, *, answerable: bool) -> Line:
    library = base.library()
    edition = next(each for each in library.editions if each.document.id == "boats")
    start = letters(library.texts[edition.id]).index(letters(answer))
    return Line("boats", "Who keeps the key?", answerable, start, start + len(letters(answer)))


def test_what_stands_at_the_place_answers_and_what_a_search_finds_does_not(base: KnowledgeBase) -> None:
    (lesson,) = searched(base, [_line(base, "The warden keeps the key.", answerable=True)], TODAY)

    assert [each.text for each in lesson.shown if each.answers] == ["Boats: The warden keeps the key."]
    assert "Tea: The key hangs by the tea." in [each.text for each in lesson.shown]


def test_beside_a_question_that_a_passage_leaves_open_only_that_passage_is_shown(base: KnowledgeBase) -> None:
    (lesson,) = searched(base, [_line(base, "A kayak costs two pounds.", answerable=False)], TODAY)

    assert not any(each.answers for each in lesson.shown)
    assert {each.text for each in lesson.shown} == {
        "Boats: The warden keeps the key.",
        "Boats: A kayak costs two pounds.",
    }


def test_of_a_question_that_nothing_answers_all_that_is_found_is_shown(base: KnowledgeBase) -> None:
    (lesson,) = searched(base, [Line(None, "Who keeps the key of the tea?", False)], TODAY)

    assert lesson.shown
    assert not any(each.answers for each in lesson.shown)
    assert [each.score for each in lesson.shown] == sorted((each.score or 0 for each in lesson.shown), reverse=True)


def test_lines_are_read_by_their_split(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    common = {"doc": "a.html", "question": "why?", "answerable": True, "start": 1, "end": 2, "style": "plain"}
    file.write_text("".join(json.dumps(common | more) + "\n" for more in ({}, {"split": LESSON}, {"split": UNREAD})))

    assert read_lines(file, LESSON) == [Line("a.html", "why?", True, 1, 2)] * 2
    assert read_lines(file, UNREAD) == [Line("a.html", "why?", True, 1, 2)]


def test_each_lesson_that_ships_with_its_text_marks_what_answers() -> None:
    folder = PROJECT / "benchmarks" / "reading" / "own"
    given = [json.loads(line) for line in (folder / "lines.jsonl").read_text(encoding="utf-8").splitlines()]
    lessons = list(written(folder))

    assert len(lessons) == len(given) > 2000
    unmarked = [
        line["question"]
        for line, lesson in zip(given, lessons, strict=True)
        if any(each.answers for each in lesson.shown) is not bool(line["answer"])
    ]
    assert unmarked == []


def test_lessons_teach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "WARM_UP", 1)
    lessons = [
        Lesson(
            f"Who keeps the {thing}?",
            (Shown(f"The {thing} is red.", False, 5.0), Shown(f"Ada keeps the {thing}.", True, 5.0)),
        )
        for thing in ["key", "oar", "log", "boat", "rope", "sail", "map", "bell"]
    ]
    pupil = Pupil(4)
    before = [float(says(pupil.eval(), lesson)[1] - says(pupil, lesson)[0]) for lesson in lessons]

    learn(pupil, lessons, rounds=12, tell=lambda _: None)

    after = [float(says(pupil, lesson)[1] - says(pupil, lesson)[0]) for lesson in lessons]
    assert min(after) > 0.5
    assert sum(after) > sum(before)
    assert {name.rpartition(".")[2] for name in pupil.added()} == {"a", "b", "weight", "bias"}
