"""The door as it is drawn: passphrase and name, or why the page stays closed and how to open it."""

from __future__ import annotations

import streamlit as st

from ingest.door import Key
from ingest.passphrase import SETTING
from ingest.roles import Role, read_roles
from kb.errors import KnowledgeBaseError, NotAllowed
from views.parts.frame import show, show_problem
from views.parts.manage_state import KEY, arrival, come_in, leave
from views.parts.markup import paragraph, plain, tag
from views.parts.state import settings

WHAT_IT_IS = "Here the business unit adds documents, sees what changes, publishes and takes back."
NAMED = "Your name goes into the log with all that you do. Nobody checks it; give your own."


def show_door(refusal: NotAllowed) -> None:
    """What is needed to come in; `refusal` is why this tab is not in."""
    show(paragraph(WHAT_IT_IS))
    is_set = bool(settings().passphrase_hash)
    if st.session_state.pop(KEY, None) is not None:  # it was in, and is no longer
        show_problem(refusal, title="Come in again")
    if not is_set:
        show(how_to_set_html(arrival().is_local))
        if not arrival().is_local:
            return
    with st.form("manage-door", border=False):
        typed = st.text_input("Passphrase", type="password", key="manage-passphrase") if is_set else ""
        name = st.text_input("Your name", key="manage-name", max_chars=80, autocomplete="name")
        show(paragraph(NAMED, "kb-quiet"))
        pressed = st.form_submit_button("Come in", type="primary", key="manage-enter")
    if pressed:
        try:
            come_in(typed, name)
        except KnowledgeBaseError as error:
            show_problem(error, title="Not let in")
        else:
            st.rerun()


def how_to_set_html(is_local: bool) -> str:
    """That no passphrase is set, what that means, and how to set one."""
    meaning = (
        "It opens now because you are at the machine that serves it. From any other machine it stays closed."
        if is_local
        else "So this page stays closed: it opens without a passphrase only at the machine that serves it."
    )
    steps = (
        tag("li", "At the machine, run " + tag("code", "python -m ingest passphrase") + " and type a passphrase twice.")
        + tag("li", "Set " + tag("code", plain(SETTING)) + " to the line that it prints; the passphrase is not in it.")
        + tag("li", "Start the pages again.")
    )
    inside = tag("h2", "No passphrase is set") + paragraph(meaning) + tag("ol", steps)
    return tag("div", inside, class_="kb-box")


def show_person(person: Key) -> None:
    """Who has come in, what they may do, and the way out."""
    with st.container(horizontal=True, vertical_alignment="center", key="manage-person"):
        show(paragraph(f"You are {person.name}. {_may(person.name)}", "kb-quiet"))
        st.button("Leave", on_click=leave, key="manage-leave")


def _may(name: str) -> str:
    """What the board's roles let the person do; '' where there are none."""
    try:
        roles = read_roles(settings().corpus)
    except KnowledgeBaseError as error:
        return str(error)
    if not roles.is_set:
        return ""
    for role, told in (
        (Role.APPROVER, "You are an approver: you may do all that is here, but not approve a draft of your own."),
        (Role.EDITOR, "You are an editor: you may add and publish; approving and taking back is for approvers."),
    ):
        try:
            roles.require(name, role)
        except NotAllowed:
            continue
        return told
    return "The board's list of roles does not name you: you may look, and change nothing."
