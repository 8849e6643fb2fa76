"""The command line of the read side, run as a person or a program runs it, with the real model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT, VISITS


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("main")
    (folder / "fostering.md").write_text(VISITS, encoding="utf-8")
    made = _run("ingest", "add", str(folder / "fostering.md"), "--in-force-from", "2013-07-01", data=folder / "data")
    assert made.returncode == 0, made.stderr
    return folder / "data"


def _run(module: str, *arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KB_DATA": str(data)}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_an_answer_for_people_gives_quote_place_status_and_emergency_line(data: Path) -> None:
    done = _run("kb", "ask", "how soon does a social worker visit a privately fostered child?", data=data)

    assert done.returncode == 0, done.stderr
    assert "A social worker visits the child within one week." in done.stdout
    assert "[1] Private fostering › Visits" in done.stdout
    assert "in force since 1 July 2013" in done.stdout
    assert "call 999" in done.stdout
    assert done.stderr == ""


def test_json_is_version_1_and_its_quotes_are_slices(data: Path) -> None:
    done = _run("kb", "ask", "how soon does a social worker visit a privately fostered child?", "--json", data=data)

    answer = json.loads(done.stdout)
    first = answer["statements"][0]
    assert (answer["version"], answer["outcome"], answer["urgent"]) == (1, "answered", False)
    assert first["citation"]["document"] == "fostering"
    assert first["citation"]["end"] - first["citation"]["start"] == len(first["quote"])
    assert first["key"]["quote"] == "A social worker visits the child within one week."
    assert first["quote"][first["key"]["start"] - first["citation"]["start"] :].startswith(first["key"]["quote"])
    assert [passage["rank"] for passage in answer["passages"]] == list(range(1, len(answer["passages"]) + 1))
    assert set(answer["passages"][0]["found_by"]) == {"meaning", "words"}


def test_a_question_that_goes_on_is_asked_with_the_earlier_one_and_says_so(data: Path) -> None:
    earlier = "how soon does a social worker visit a privately fostered child?"

    done = _run("kb", "ask", "and who?", "--about", earlier, data=data)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"about: {earlier}")
    assert "A social worker visits the child within one week." in done.stdout


def test_a_batch_takes_no_earlier_question(data: Path, tmp_path: Path) -> None:
    done = _run("kb", "ask", "--batch", str(tmp_path / "questions.jsonl"), "--about", "what?", data=data)

    assert (done.returncode, "--about: it goes with one question alone" in done.stderr) == (2, True)


def test_a_batch_gives_one_answer_a_line_in_order(data: Path, tmp_path: Path) -> None:
    questions = ["how soon is the visit?", "who must tell the council?", "👶", "$*_`<script>"]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps({"question": question}) for question in questions), encoding="utf-8")

    done = _run("kb", "ask", "--batch", str(file), data=data)

    assert [json.loads(line)["question"] for line in done.stdout.splitlines()] == questions
    assert done.returncode == 0


def test_the_emergency_line_is_there_with_no_index(tmp_path: Path) -> None:
    done = _run("kb", "ask", "what is a core group", data=tmp_path / "nothing")

    assert done.returncode == 3
    assert "call 999" in done.stderr
    assert "python -m ingest" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_batch_line_ends_at_a_line_break_only(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"question": "who\u2028visits\u0085now"}, ensure_ascii=False) + "\r\n", encoding="utf-8")

    done = _run("kb", "ask", "--batch", str(file), data=data)

    assert [json.loads(line)["question"] for line in done.stdout.split("\n") if line] == ["who\u2028visits\u0085now"]


@pytest.mark.parametrize("question", [None, 3, ["a"]])
def test_a_batch_line_whose_question_is_no_text_is_wrong_use(data: Path, tmp_path: Path, question: object) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"question": question}), encoding="utf-8")

    done = _run("kb", "ask", "--batch", str(file), data=data)

    assert done.returncode == 2
    assert "line 1: no JSON object with a question" in done.stderr


def test_half_a_character_in_a_question_is_read_as_a_question_mark(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "who visits the child \\ud83d"}', encoding="utf-8")

    batch = _run("kb", "ask", "--batch", str(file), data=data)
    typed = _run("kb", "ask", "caf\udce9 visits", "--json", data=data)

    assert json.loads(batch.stdout)["question"] == "who visits the child ?"
    assert json.loads(typed.stdout)["question"] == "caf? visits"


def test_a_question_needs_no_quotation_marks(data: Path) -> None:
    done = _run("kb", "ask", "how", "soon", "is", "the", "visit", "--json", data=data)

    assert json.loads(done.stdout)["question"] == "how soon is the visit"


def test_a_day_that_is_none_is_told_with_an_example(data: Path) -> None:
    done = _run("kb", "ask", "visits", "--as-of", "soon", data=data)

    assert done.returncode == 2
    assert "'soon' is not a day; wanted YYYY-MM-DD" in done.stderr


@pytest.mark.parametrize("arguments", [("ask",), ("ask", "q", "--batch", "x.jsonl"), ("ask", "--batch", "no.jsonl")])
def test_wrong_use_is_exit_code_2_and_one_line(data: Path, arguments: tuple[str, ...]) -> None:
    done = _run("kb", *arguments, data=data)

    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [(), ("ask",), ("eval",)])
def test_help_shows_examples_and_exit_codes(data: Path, command: tuple[str, ...]) -> None:
    done = _run("kb", *command, "--help", data=data)

    assert f"python -m kb {' '.join(command)}" in done.stdout.partition("examples:")[2]
    assert "exit codes" in done.stdout


def test_eval_prints_each_measure_with_its_interval(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    question = {"id": "1", "question": "how soon does a social worker visit a privately fostered child?"}
    evidence = {"answerable": True, "evidence": ["within one week"], "split": "dev"}
    file.write_text(json.dumps(question | evidence), encoding="utf-8")

    done = _run("kb", "eval", str(file), "--by", "split", data=data)

    assert "evidence@1   1.000  [" in done.stdout
    assert "split dev: 1 questions" in done.stdout
