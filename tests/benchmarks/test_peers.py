"""Laws of the comparison: one judge for all, results that come back as they were written, peers asked once a job."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.peers import job_key
from benchmarks.side_by_side.environment import environment
from benchmarks.side_by_side.job import Found, Job, Ranking, Result, Timed, read_result, write_job, write_result
from benchmarks.side_by_side.judge import OURS, OURS_STRICT, Share, Verdict, judged, lines, times
from benchmarks.side_by_side.report import Group, Ran, to_json, to_markdown
from benchmarks.side_by_side.tasks import Asked, Task, corpus, other, with_new
from kb.embed import shipped_model
from kb.evaluate import Question

PROJECT = Path(__file__).resolve().parents[2]
RULE = Question(id="1", question="when?", answerable=True, evidence=("within 7 days",), doc="visits")
NEAR_MISS = Question(id="2", question="who pays?", answerable=False)
RIGHT, WRONG = Found("visits.md", "Visit within 7 days."), Found("visits.md", "Tell the council.")
ELSEWHERE = Found("fees.md", "Pay within 7 days.")
IDS = {"visits.md": "visits", "fees.md": "fees"}
TASK = Task("t", (), (Asked("g", RULE, "when?"), Asked("g", NEAR_MISS, "who pays?")), IDS)


def _result(*rankings: Ranking, ingest: float = 1.0, seconds: float = 0.01) -> Result:
    return Result({}, ingest, 2, tuple(Timed(ranking, seconds) for ranking in rankings))


@pytest.mark.parametrize("doc", ["visits", "visits.md", None])
def test_a_passage_counts_by_the_id_or_the_file_of_its_document(doc: str | None) -> None:
    asked = Asked("g", RULE.model_copy(update={"doc": doc}), "when?")

    assert judged(asked, Ranking((WRONG, RIGHT)), IDS) == Verdict((False, True, True), False, 37)


def test_the_right_words_in_another_document_do_not_count() -> None:
    assert judged(TASK.asked[0], Ranking((ELSEWHERE,)), IDS).found == (False, False, False)


def test_a_question_without_an_answer_is_only_asked_for_silence() -> None:
    assert judged(TASK.asked[1], Ranking((RIGHT,), "not_found"), IDS) == Verdict(None, True, 20)


def test_a_peer_is_set_against_ours_question_by_question() -> None:
    ours = _result(Ranking((RIGHT,), "not_found"), Ranking((WRONG,), "not_found"))
    peer = _result(Ranking((WRONG, RIGHT)), Ranking((WRONG,)))

    first, strict, second = lines(TASK, {OURS: ours, "peer": peer})["g"]

    assert (first.system, first.evidence) == (OURS, (Share(1, 1), Share(1, 1), Share(1, 1)))
    assert (strict.system, strict.evidence) == (OURS_STRICT, (Share(0, 1), Share(0, 1), Share(0, 1)))
    assert (second.evidence, second.alone, second.ours_alone) == ((Share(0, 1), Share(1, 1), Share(1, 1)), 0, 1)
    assert (first.abstained, first.refused) == (Share(1, 1), Share(1, 1))
    assert (second.abstained, second.refused) == (Share(0, 1), Share(0, 1))


def test_a_ratio_is_taken_within_a_round() -> None:
    slow, quick = ({"ingest": 40.0, "seconds": 0.4}, {"ingest": 4.0, "seconds": 0.04})
    rounds = [
        {OURS: _result(Ranking(()), **pace), "peer": replace(_result(Ranking(()), **pace), ingest_seconds=half)}
        for pace, half in ((slow, 20.0), (quick, 2.0), (quick, 2.0))
    ]

    made = times(rounds)["peer"]

    assert (made.ingest, made.ingest_to_ours, made.question_to_ours) == (2.0, 0.5, 1.0)


@given(st.lists(st.tuples(st.text(), st.text(), st.none() | st.text())))
def test_a_result_comes_back_as_it_was_written(said: list[tuple[str, str, str | None]]) -> None:
    result = _result(*(Ranking((Found(file, text),), outcome) for file, text, outcome in said))
    path = PROJECT / "build" / "test-peers.jsonl"
    path.parent.mkdir(exist_ok=True)

    write_result(path, result)

    assert read_result(path) == result
    path.unlink()


def test_a_peer_is_asked_anew_when_a_file_or_a_question_changes(tmp_path: Path) -> None:
    file = tmp_path / "visits.md"
    file.write_text("Visit within 7 days.", encoding="utf-8")
    job = Job("model", (str(file),), ("when?",), 5)
    key = job_key("with_haystack", job)

    assert job_key("with_haystack", replace(job, on="2026-11-23", data="elsewhere")) == key
    assert job_key("with_haystack", replace(job, asked=("who?",))) != key
    file.write_text("Visit within 9 days.", encoding="utf-8")
    assert job_key("with_haystack", job) != key


def test_a_question_with_a_scenario_is_asked_alone_and_after_it(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(
        '{"id": "1", "question": "How long?", "scenario": "I moved.", "answerable": true}\n', encoding="utf-8"
    )
    (tmp_path / "visits.md").write_text("Visit.", encoding="utf-8")

    task = other("mine", tmp_path / "q.jsonl", [tmp_path])

    assert [(asked.group, asked.text) for asked in task.asked] == [
        ("mine", "How long?"), ("mine, with scenario", "I moved. How long?"),
    ]  # fmt: skip
    assert task.files == (tmp_path / "visits.md",)


def test_the_starter_corpus_is_asked_about_files_that_are_there() -> None:
    task = corpus()
    named = {asked.question.doc for asked in task.asked if asked.question.doc}

    assert [path for path in task.files if not path.is_file()] == []
    assert named <= set(task.ids.values())


def test_the_new_questions_come_behind_the_others_and_are_about_documents_that_are_there() -> None:
    old, task = corpus(), with_new(corpus())
    more = task.asked[len(old.asked) :]
    docs = {asked.question.doc for asked in more} | {each.doc for a in more for each in a.question.alternatives}

    assert task.asked[: len(old.asked)] == old.asked
    assert {asked.group for asked in more} == {"corpus, new questions"}
    assert docs - {None} <= set(task.ids.values())
    assert len({asked.question.id for asked in task.asked}) == len(task.asked)


def test_a_task_without_new_questions_stays_as_it_is(tmp_path: Path) -> None:
    task = Task("mine", (tmp_path / "visits.md",), (), {})

    assert with_new(task) == task


def test_this_project_finds_through_the_same_job_as_its_peers(tmp_path: Path) -> None:
    file = tmp_path / "visits.md"
    file.write_text("# Visits\n\nA privately fostered child is visited every six weeks.\n", encoding="utf-8")
    question = "How often is a privately fostered child visited?"
    job = Job(str(shipped_model()), (str(file),), (question,), 5, "", str(tmp_path / "data"), "2026-11-23")
    write_job(tmp_path / "job.json", job)
    files = [str(tmp_path / name) for name in ("job.json", "result.jsonl")]

    command = [sys.executable, "-m", "benchmarks.side_by_side.ours", *files]
    subprocess.run(command, cwd=PROJECT, env={**environment(), "PYTHONPATH": str(PROJECT)}, check=True)

    ranking = read_result(tmp_path / "result.jsonl").rows[0].ranking
    assert (ranking.passages[0].file, ranking.outcome) == ("visits.md", "answered")
    assert "every six weeks" in ranking.passages[0].text


def test_what_was_not_measured_is_shown_as_a_dash_not_as_nought() -> None:
    asked = TASK.asked[:1]
    made = lines(replace(TASK, asked=asked), {OURS: _result(Ranking((RIGHT,)))})["g"]
    ran, group = Ran("abc", "2026-11-23", "model", "3.11", 2, {}), Group("g", 1, {OURS: 2}, made)

    page, values = to_markdown(ran, [group], None, shared=False), to_json(ran, [group], None)

    assert f"| {OURS} | 2 | 1.00 [0.21, 1.00] | 1.00 [0.21, 1.00] | 1.00 [0.21, 1.00] | 20 | – | 0.00" in page
    assert values["timing"] is None
