"""A question in two parts, and which part the quotes do not answer."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.kinds import MEASURED, Wanted, held_in, wanted_by

_ASKING = r"(?:by when|when|how (?:soon|long|quickly|often|many|much)|who|whom|what|where|which|must|should|do|can)"
_JOINT = re.compile(rf"(?:[,;?]\s*|\s)(?:and|or)\s+(?=(?:to |by |for |with )?{_ASKING}\b)|\?\s+(?=\w)", re.IGNORECASE)

_COUNTED = MEASURED | {Wanted.WHEN}
"""What a quote visibly lacks; an explanation can have any form."""


def parts(question: str) -> tuple[str, ...]:
    """The parts of a question that asks several things: ("Who do I tell", "by when?"); the whole where it asks one."""
    found = tuple(part.strip() for part in _JOINT.split(question) if part and part.strip())
    asking = tuple(part for part in found if re.search(rf"\b{_ASKING}\b", part, re.IGNORECASE))
    return asking if len(asking) > 1 else (question,)


def unanswered(asked: str, quotes: Iterable[str]) -> tuple[tuple[str, Wanted], ...]:
    """The parts that want a number or a time where no quote holds one, each with what it wants.

    Empty for a question of one part: there the quotes are the answer, or there is none.
    """
    split = parts(asked)
    if len(split) < 2:
        return ()
    held = frozenset(sort for quote in quotes for sort in held_in(quote))
    missing = ((part, sort) for part in split for sort in sorted(wanted_by(part) & _COUNTED) if sort not in held)
    return tuple({part: (part, sort) for part, sort in missing}.values())
