"""The last look at a statement before it is shown: it must be the edition's own text, to the character."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from kb.answers import Statement

_log = logging.getLogger(__name__)


def is_exact(statement: Statement, text: str) -> bool:
    """Whether the quote, and the lead-in shown with it, stand in the edition's `text` at their places."""
    citation = statement.citation
    return text[citation.start : citation.end] == citation.quote and (
        all(part is None or text[part.start : part.end] == part.text for part in (statement.lead, statement.key))
    )


def exact_only(statements: Iterable[Statement], texts: Mapping[str, str]) -> tuple[Statement, ...]:
    """The statements that are exact, by edition id → text; any other is withheld and logged by its place alone."""
    kept = []
    for statement in statements:
        citation = statement.citation
        if is_exact(statement, texts.get(citation.passage.edition.id, "")):
            kept.append(statement)
        else:
            place = (citation.passage.edition.id, citation.start, citation.end)
            _log.error("withheld: %s:%d-%d is not its edition's text", *place)
    return tuple(kept)
