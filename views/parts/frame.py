"""What every page has around it: the emergency strip, the style, and how a problem is shown."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import streamlit as st

from kb.errors import KnowledgeBaseError
from views.parts.answers import with_telephone_links
from views.parts.markup import paragraph, plain, tag

_HERE = Path(__file__).parent
_LAST_RESORT = "Child in immediate danger: call 999."
_LOGGER = logging.getLogger("safeguarding.views")

NOT_SHOWN = "This cannot be shown now"


def show(html: str) -> None:
    """Draws HTML that `markup` made."""
    st.html(html)


def show_style() -> None:
    """The style sheet, and the script that opens links without leaving the session, copies and moves the focus."""
    st.html(_HERE / "style.css")
    # Constant text of this project, never anything foreign: the one place where a script may run.
    st.html(f"<script>{(_HERE / 'pages.js').read_text(encoding='utf-8')}</script>", unsafe_allow_javascript=True)


def emergency_html(label: str = "In an emergency") -> str:
    """The emergency line in its frame."""
    return tag("section", tag("p", emergency_line_html()), class_="kb-strip", aria_label=label)


def emergency_line_html() -> str:
    """The emergency line, its numbers to be rung; 999 alone where not even the list of contacts can be read."""
    try:
        from kb.contacts import EMERGENCY_NUMBER, emergency_line
        from kb.settings import Settings

        line = emergency_line(Settings.from_environment().corpus / "contacts.toml")
        numbers = (EMERGENCY_NUMBER, *((line.referral.number,) if line.referral else ()))
        return with_telephone_links(line.text, numbers)
    except Exception:  # nothing may take this line away
        return with_telephone_links(_LAST_RESORT, ("999",))


def show_problem(error: Exception, heading: str = "h2", title: str = NOT_SHOWN) -> None:
    """Place, fact and next step of what went wrong; of an unforeseen error its kind only: it may hold a question.

    `heading` is "h1" where the problem is all that the page shows; `title` says what did not happen.
    """
    if isinstance(error, KnowledgeBaseError):
        place, fact, step = error.place, error.fact, error.next_step
    else:
        place, fact = "this page", f"an unforeseen error ({type(error).__name__})"
        step = "Load the page again. If it comes back, tell whoever runs this service; the log says where it happened."
        _LOGGER.error("%s at %s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
    inside = tag(heading, plain(title)) + paragraph(f"Where: {place}") + paragraph(f"What: {fact}")
    show(tag("div", inside + (paragraph(f"Next: {step}") if step else ""), class_="kb-problem", role="alert"))
