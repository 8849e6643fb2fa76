"""An answer as lines that a person reads in a terminal: quotes first, the citation under each."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date

from kb import messages
from kb.answers import Answer, Outcome, Statement
from kb.verify import Checked, Verdict

_WIDTH = 96
_RULE = "- " * (_WIDTH // 2 - 1) + "-"
"""Above and below quotes that are only related to the question."""

_NEXT = {
    Outcome.NOT_FOUND: messages.whom_to_ask(""),
    Outcome.ONLY_SUPERSEDED: messages.whom_to_ask(""),
    Outcome.BLOCKED: messages.BLOCKED_NEXT,
}


def render(answer: Answer, emergency: str) -> str:
    """The answer as text; the emergency line stands first where the question sounds urgent, else last."""
    lines = list(_lines(answer))
    while lines and not lines[-1]:
        lines.pop()
    strip = _wrapped(emergency, "")
    return "\n".join([*strip, "", *lines] if answer.urgent else [*lines, "", *strip])


def render_checked(checked: Checked, stands: Sequence[str], on: date) -> str:
    """A verdict on a receipt with its reasons; of one that holds, what it says and how its texts stand on the day."""
    lines = [f"{str(checked.verdict).upper()}: {messages.VERDICTS[checked.verdict]}"]
    lines += [part for reason in checked.reasons for part in _wrapped(reason, "  - ")]
    if checked.verdict is Verdict.VERIFIED:
        said = [f"{line.name}: {line.text}" for line in checked.lines if line.name != "Edition"]
        lines += [part for text in said for part in _wrapped(text, "  ")]
        if not checked.generation_kept:
            lines += _wrapped(messages.GENERATION_NOT_KEPT, "  ")
        lines += [part for each in stands for part in _wrapped(messages.now_is(on, each), "  ")]
    return "\n".join(lines)


def _lines(answer: Answer) -> Iterator[str]:
    if answer.about and answer.outcome is not Outcome.BLOCKED:
        yield from (*_wrapped(messages.about(answer.about), ""), "")
    if answer.outcome is Outcome.NOT_FOUND:
        yield from (messages.NOT_FOUND, "")
    if answer.is_related:
        yield from (_RULE, messages.RELATED_HEADING.upper(), messages.RELATED_NEXT, "")
    for notice in answer.first_notices:
        yield from _wrapped(notice.text, "  ! ")
    if answer.first_notices:
        yield ""
    for number, statement in enumerate(answer.statements, start=1):
        yield from _statement(number, statement, answer)
        yield ""
    if answer.is_related:
        yield from (_RULE, "")
    for notice in answer.further_notices:
        yield from _wrapped(notice.text, "  ! ")
    if answer.notices and answer.outcome in _NEXT:
        yield ""
    if answer.outcome in _NEXT:
        yield from _wrapped(_NEXT[answer.outcome], "")


def _statement(number: int, statement: Statement, answer: Answer) -> Iterator[str]:
    citation = statement.citation
    if statement.lead:
        yield from _wrapped(statement.lead.text, "    ")
        yield "    …"
    yield from _quote(statement)
    yield from _wrapped(f"[{number}] {citation.locator}", "  ")
    yield from _wrapped(messages.status(citation.passage.edition, answer.as_of), "      ")
    if citation.passage.source:
        yield from _wrapped(citation.passage.source.text, "      ")


def _quote(statement: Statement) -> Iterator[str]:
    """The quote's lines; where it is wider than what answers in it, that stands on lines of its own after '>'."""
    quote, key, start = statement.citation.quote, statement.key, statement.citation.start
    if key is None or key.text == quote:
        parts = [(quote, False)]
    else:
        first, last = key.start - start, key.end - start
        parts = [(quote[:first], False), (quote[first:last], True), (quote[last:], False)]
    for part, is_key in parts:
        for line in part.strip().split("\n") if part.strip() else ():
            yield from _wrapped(line, "  > " if is_key else "    ", "  > " if is_key else "    ")


def _wrapped(text: str, indent: str, following: str | None = None) -> list[str]:
    rest = " " * len(indent) if following is None else following
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=rest, break_on_hyphens=False) or [""]
