"""Manage: add documents, look at drafts, publish, take back; for the board's business unit."""

from __future__ import annotations

import streamlit as st

from kb.errors import NotAllowed
from views.parts.frame import show
from views.parts.manage_door import show_door, show_person
from views.parts.manage_state import key, show_done
from views.parts.markup import page_head, view_links

VIEWS = {"add": "Add documents", "drafts": "Drafts", "published": "Published", "review": "To look at", "log": "Log"}
ADD = "add"


def show_view(view: str) -> None:
    """One of the views, each imported when it is first wanted."""
    if view == "drafts":
        from views.parts.manage_drafts import show_drafts

        show_drafts()
    elif view == "published":
        from views.parts.manage_published import show_published

        show_published()
    elif view == "review":
        from views.parts.manage_review import show_review

        show_review()
    elif view == "log":
        from views.parts.manage_log import show_log

        show_log()
    else:
        from views.parts.manage_add import show_add

        show_add()


asked_for = st.query_params.get("view", ADD)
view = asked_for if asked_for in VIEWS else ADD
show(page_head("Manage", f"manage {view} {st.query_params.get('draft', '')}"))
try:
    person = key()
except NotAllowed as refusal:
    show_door(refusal)
else:
    show_person(person)
    show(view_links("manage", VIEWS.items(), view))
    show_done()
    show_view(view)
