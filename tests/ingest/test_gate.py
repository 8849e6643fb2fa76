"""Golden questions before a publication: what is the same, changed, lost, broken, and who may let it pass."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from ingest import commands
from ingest.__main__ import main
from ingest.gate import Kind, Verdict, read_golden
from ingest.progress import Stage, Step
from ingest.sources import Given, from_paths
from kb.errors import HeldBack, NotAllowed, WrongUse

if TYPE_CHECKING:
    from tests.conftest import Shelf

BACK = "Put the baby on the back to sleep."
QUESTIONS: list[dict[str, object]] = [
    {
        "id": "back", "question": "where to put the baby to sleep", "answerable": True, "doc": "sleep",
        "evidence": [BACK], "must_not_change": ["on the back"],
    },
    {
        "id": "visit", "question": "when does the social worker visit the child", "answerable": True,
        "doc": "fostering", "evidence": ["A social worker visits the child within one week."],
        "must_not_change": ["one week"],
    },
    {
        "id": "notice", "question": "when must a carer tell the council", "answerable": True, "doc": "elsewhere",
        "evidence": ["nothing"], "alternatives": [{"doc": "fostering", "evidence": ["six weeks before"]}],
    },
    {"id": "moon", "question": "who flew to the moon in a rocket", "answerable": False},
]  # fmt: skip


@pytest.fixture
def gated(shelf: Shelf) -> Shelf:
    """The first generation is published, and there are golden questions."""
    shelf.ingest()
    shelf.corpus.mkdir()
    ask(shelf, QUESTIONS)
    return shelf


def ask(shelf: Shelf, questions: list[dict[str, object]]) -> None:
    lines = "\n".join(json.dumps(question) for question in questions)
    (shelf.corpus / "golden.jsonl").write_text(lines)


def kinds(verdict: Verdict) -> dict[str, str]:
    return {other.id: other.kind for other in verdict.others}


def delete(shelf: Shelf, name: str, text: str, instead: str = "") -> None:
    path = shelf.files / name
    assert text in path.read_text()
    path.write_text(path.read_text().replace(text, instead))


def test_a_change_that_no_question_rests_on_is_the_same_for_all(gated: Shelf) -> None:
    delete(gated, "sleep.md", "- no duvets", "- no duvets\n\n## Prams\n\nPrams are bought new.")

    report = gated.prepare()

    assert report.verdict == Verdict(asked=4, same=4)
    gated.desk().publish(report.draft or "")


def test_a_deleted_paragraph_loses_exactly_the_questions_that_rest_on_it(gated: Shelf) -> None:
    delete(gated, "sleep.md", f"{BACK}\n\n")

    report = gated.prepare()

    (lost,) = report.verdict.others
    assert (lost.id, lost.kind, lost.missing) == ("back", Kind.LOST, ("on the back",))
    assert lost.before.startswith(BACK)
    assert report.verdict.holds_back
    with pytest.raises(HeldBack, match=r"1 golden question lost.*--approve NAME --reason WHY"):
        gated.desk().publish(report.draft or "")
    assert BACK in gated.text()


def test_another_first_quote_is_a_change_that_holds_nothing_back(gated: Shelf) -> None:
    delete(gated, "sleep.md", BACK, f"{BACK[:-1]}, at night and by day.")
    ask(gated, [{**QUESTIONS[0], "evidence": [], "answer_regex": "on the back"}])

    report = gated.prepare()

    (changed,) = report.verdict.others
    assert changed.kind is Kind.CHANGED
    assert changed.before.startswith(BACK)
    assert changed.after.startswith("Put the baby on the back to sleep, at night and by day.")
    assert changed.before_place == changed.after_place == "Safer sleep"
    assert not report.verdict.holds_back


def test_a_text_that_must_not_change_and_is_gone_is_broken_though_the_question_is_answered(gated: Shelf) -> None:
    delete(gated, "fostering.md", "within one week", "within two weeks")
    ask(gated, [{**QUESTIONS[1], "evidence": [], "answer_regex": "A social worker visits the child"}])

    report = gated.prepare()

    (broken,) = report.verdict.others
    assert (broken.kind, broken.missing) == (Kind.BROKEN, ("one week",))
    assert report.verdict.holds_back


def test_a_text_that_must_not_change_does_not_stand_because_another_quote_has_it(gated: Shelf) -> None:
    other = "The social worker visits the child within one week too, it is said."
    delete(gated, "fostering.md", "## Notice", f"## Also\n\n{other}\n\n## Notice")
    gated.ingest()
    ask(gated, [{**QUESTIONS[1], "evidence": [], "answer_regex": "social worker visits the child"}])

    delete(gated, "fostering.md", "visits the child within one week. After", "visits the child within two weeks. After")
    report = gated.prepare()

    (broken,) = report.verdict.others
    assert "two weeks" in broken.after
    assert other in {statement.citation.quote for statement in gated.answer(str(QUESTIONS[1]["question"])).statements}
    assert (broken.kind, broken.missing) == (Kind.BROKEN, ("one week",))


def test_a_removed_document_loses_its_questions(gated: Shelf) -> None:
    (gated.files / "sleep.md").unlink()

    assert kinds(gated.prepare().verdict)["back"] == Kind.LOST


def test_only_questions_whose_document_is_there_are_asked(gated: Shelf) -> None:
    ask(gated, [{**question, "doc": "elsewhere", "alternatives": []} for question in QUESTIONS[:3]] + QUESTIONS[3:])
    gated.put("new.md", "A new text.")

    assert gated.prepare().verdict == Verdict()


def test_what_is_published_is_not_asked_again(gated: Shelf) -> None:
    told: list[Step] = []
    gated.put("new.md", "A new text.")
    gated.tell = told.append
    first = gated.prepare()
    both = [step for step in told if step.stage is Stage.TRY]

    gated.desk().publish(first.draft or "")
    told.clear()
    gated.put("newer.md", "A newer text.")
    gated.prepare()

    again = [step for step in told if step.stage is Stage.TRY]
    assert ([step.done for step in both], [step.done for step in again]) == ([1, 2, 3, 4] * 2, [1, 2, 3, 4])
    assert {step.total for step in both} == {4}


def test_a_question_that_was_altered_is_asked_again_of_both(gated: Shelf) -> None:
    gated.put("new.md", "A new text.")
    gated.desk().publish(gated.prepare().draft or "")
    told: list[Step] = []
    gated.tell = told.append
    ask(gated, [{**QUESTIONS[0], "must_not_change": ["baby"]}, *QUESTIONS[1:]])

    gated.put("newer.md", "A newer text.")
    gated.prepare()

    assert [step.total for step in told if step.stage is Stage.TRY] == [1, 4, 4, 4, 4]


def test_the_same_draft_keeps_its_verdict(gated: Shelf) -> None:
    delete(gated, "sleep.md", f"{BACK}\n\n")
    first = gated.prepare()

    again = gated.prepare()

    assert (again.draft, again.verdict) == (first.draft, first.verdict)
    (draft,) = gated.desk().standing().drafts
    assert draft.verdict == first.verdict


def test_an_index_by_another_model_cannot_be_compared_and_is_held_back(gated: Shelf) -> None:
    gated.words.name = "words@2"
    gated.put("new.md", "A new text.")

    report = gated.prepare()

    assert report.verdict == Verdict(uncompared=4)
    with pytest.raises(HeldBack, match="4 golden questions cannot be compared"):
        gated.desk().publish(report.draft or "")


def test_the_very_first_generation_needs_no_approval(shelf: Shelf) -> None:
    shelf.corpus.mkdir()
    ask(shelf, QUESTIONS)

    assert not shelf.prepare().verdict.holds_back


def test_a_named_approver_with_a_reason_lets_a_draft_pass(gated: Shelf) -> None:
    delete(gated, "sleep.md", f"{BACK}\n\n")
    draft = gated.prepare("Ada").draft or ""

    gated.desk("Ada").approve(draft, "Grace", "The leaflet says it now.")
    gated.desk("Ada").publish(draft)

    assert BACK not in gated.text()
    rows = gated.desk().log()
    assert [row.action for row in rows[-3:]] == ["ingest", "approve", "publish"]
    assert json.loads(rows[-2].details) == {
        "draft": draft, "approver": "Grace", "reason": "The leaflet says it now."
    }  # fmt: skip


@pytest.mark.parametrize(("name", "reason"), [("", "Why."), ("Grace", " ")])
def test_an_approval_needs_a_name_and_a_reason(gated: Shelf, name: str, reason: str) -> None:
    delete(gated, "sleep.md", f"{BACK}\n\n")
    draft = gated.prepare().draft or ""

    with pytest.raises(WrongUse, match="it is empty"):
        gated.desk().approve(draft, name, reason)


def test_where_roles_are_set_neither_an_editor_nor_the_author_approves(gated: Shelf) -> None:
    (gated.corpus / "roles.toml").write_text('editors = ["Ada"]\napprovers = ["Grace", "Joan"]\n')
    delete(gated, "sleep.md", f"{BACK}\n\n")
    draft = gated.prepare("Grace").draft or ""

    with pytest.raises(NotAllowed, match="Ada: is no approver"):
        gated.desk("Ada").approve(draft, "Ada", "Why.")
    with pytest.raises(NotAllowed, match=r"Grace: made this draft and cannot approve it\. Other approvers: Joan"):
        gated.desk("Grace").approve(draft, "Grace", "Why.")
    gated.desk("Joan").approve(draft, "Joan", "Why.")
    gated.desk("Ada").publish(draft)

    assert BACK not in gated.text()


def test_a_bad_line_is_named(gated: Shelf) -> None:
    (gated.corpus / "golden.jsonl").write_text(json.dumps(QUESTIONS[0]) + '\n\n{"id": 1}\n')

    with pytest.raises(WrongUse, match=r"golden\.jsonl, line 3"):
        read_golden(gated.corpus)


def test_a_trial_shows_what_is_lost_and_leaves_it(gated: Shelf) -> None:
    delete(gated, "sleep.md", f"{BACK}\n\n")

    report = gated.desk().try_out(from_paths([gated.files], Given()), keep_others=False)

    assert kinds(report.verdict) == {"back": Kind.LOST}
    assert gated.desk().standing().drafts == ()


@pytest.fixture
def run(gated: Shelf, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setattr(commands, "find_model", lambda _: gated.words.model)
    monkeypatch.setenv("KB_DATA", str(gated.data))
    monkeypatch.setenv("KB_CORPUS", str(gated.corpus))
    return lambda *arguments: main([str(argument) for argument in arguments])


def test_a_yes_alone_never_passes_the_gate_and_a_name_with_a_reason_does(
    gated: Shelf, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    delete(gated, "sleep.md", f"{BACK}\n\n")

    assert run("add", gated.files, "--dry-run") == 1
    tried = capsys.readouterr().out
    assert run("add", gated.files, "--yes") == 1
    held = capsys.readouterr().out
    assert run("drafts") == 0
    listed = capsys.readouterr().out
    draft = listed.partition(":")[0]
    assert run("publish", draft) == 1
    assert "held back: 1 golden question lost" in capsys.readouterr().err
    assert BACK in gated.text()
    assert run("publish", draft, "--approve", "Grace", "--reason", "It moved to the leaflet.") == 0

    assert BACK not in gated.text()
    assert "lost             back: where to put the baby to sleep" in tried
    assert f"before: {BACK}" in tried
    assert "gone: on the back" in tried
    assert "a trial: nothing was changed" in tried
    assert "golden        4  3 same, 1 lost" in held
    assert f"python -m ingest publish {draft} --approve NAME --reason WHY" in held
    assert "held back: 1 golden question lost" in listed


def test_an_approval_on_the_command_line_is_a_yes_too(gated: Shelf, run: Callable[..., int]) -> None:
    delete(gated, "sleep.md", f"{BACK}\n\n")

    assert run("add", gated.files, "--approve", "Grace") == 2
    assert run("add", gated.files, "--approve", "Grace", "--reason", "It moved.") == 0

    assert BACK not in gated.text()
