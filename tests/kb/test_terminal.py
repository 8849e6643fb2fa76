"""An answer as lines for a terminal."""

from __future__ import annotations

from datetime import date

from ingest.blocks import Block
from ingest.split import compose_text, split
from kb import messages
from kb.answers import Answer, Notice, NoticeKind, Outcome, Statement
from kb.documents import Citation, Document, Edition, ElementKind, Slice, Status
from kb.terminal import render

TODAY = date(2026, 11, 23)
LINE = "Child in immediate danger: call 999."


def answer(outcome: Outcome, *notices: Notice, urgent: bool = False) -> Answer:
    return Answer("a question", outcome, TODAY, "g", notices=notices, urgent=urgent)


def test_not_found_says_so_where_it_came_closest_and_whom_to_ask() -> None:
    nearest = Notice(NoticeKind.NEAREST, messages.nearest(["Visits", "Notice"]))

    lines = render(answer(Outcome.NOT_FOUND, nearest), LINE).splitlines()

    assert lines == [
        messages.NOT_FOUND,
        "",
        "  ! Nearest headings: Visits; Notice",
        "",
        messages.whom_to_ask(""),
        "",
        LINE,
    ]


def test_not_found_with_nothing_near_leaves_no_hole() -> None:
    assert render(answer(Outcome.NOT_FOUND), LINE).splitlines() == [
        messages.NOT_FOUND,
        "",
        messages.whom_to_ask(""),
        "",
        LINE,
    ]


def test_a_blocked_question_says_what_to_do_next() -> None:
    held = Notice(NoticeKind.PERSONAL_DETAILS, messages.BLOCKED)

    text = " ".join(render(answer(Outcome.BLOCKED, held), LINE).split())

    assert f"! {messages.BLOCKED} {messages.BLOCKED_NEXT} {LINE}" == text


def test_an_urgent_question_is_answered_by_the_emergency_line_first() -> None:
    lines = render(answer(Outcome.NOT_FOUND, urgent=True), LINE).splitlines()

    assert lines[0] == LINE
    assert lines[-1] == messages.whom_to_ask("")


def test_what_answers_within_a_wider_quote_is_marked_and_nothing_else_is() -> None:
    edition = Edition("guide@1", Document("guide", "Guide"), "2013", "guide.md", "0" * 64, in_force_from=TODAY)
    (passage,) = split(edition, compose_text([Block(ElementKind.PARAGRAPH, "Visit first. Tell the council. Write.")]))
    key = Slice(passage.start + 13, passage.start + 30, "Tell the council.")
    statement = Statement(Citation(passage, passage.start, passage.end), Status.IN_FORCE, key=key)

    told = render(Answer("a question", Outcome.ANSWERED, TODAY, "g", (statement,)), LINE).split("\n")

    assert [line for line in told if line.startswith("  > ")] == ["  > Tell the council."]
    assert "    Visit first." in told
    assert "    Write." in told
