"""What stands behind the page that publishes: its door, the person at it, long work, and how a thing done is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from ingest.door import Arrival, Door, Key
from ingest.jobs import Jobs
from kb.errors import KnowledgeBaseError
from views.parts.frame import show, show_problem
from views.parts.markup import paragraph, tag
from views.parts.state import settings, today

if TYPE_CHECKING:
    from ingest.added import Added
    from ingest.service import Desk

KEY = "manage-key"
DONE = "manage-done"
ASKING = "manage-asking"
_PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


@st.cache_resource(show_spinner=False)
def door() -> Door:
    """The one door of this process."""
    return Door()


def jobs() -> Jobs[Added]:
    """The long work on this data folder."""
    return _jobs(str(settings().data.resolve()))


@st.cache_resource(max_entries=4, show_spinner=False)
def _jobs(data: str) -> Jobs[Added]:
    return Jobs()


def arrival() -> Arrival:
    """How the request of this tab came."""
    headers = st.context.headers
    return Arrival(
        server=str(st.get_option("server.address") or ""),
        host=headers.get("Host") or "",
        peer=st.context.ip_address or "",
        is_forwarded=any(name in headers for name in _PASSED_ON),
    )


def key() -> Key:
    """The key of this tab; NotAllowed where it has none that opens now."""
    return door().check(settings().passphrase_hash, arrival(), st.session_state.get(KEY))


def come_in(typed: str, name: str) -> None:
    """Gives this tab a key; raises as Door.enter."""
    st.session_state[KEY] = door().enter(settings().passphrase_hash, arrival(), typed, name)


def leave() -> None:
    """Takes this tab's key away, and all that was typed at the page."""
    for name in list(st.session_state):
        if str(name).startswith("manage-"):
            del st.session_state[name]


def desk() -> Desk:
    """The person of this tab at work; NotAllowed without a key, whatever the page has drawn."""
    who = key().name
    from ingest.service import Desk  # takes seconds to import; the door is drawn before
    from kb.embed import find_model

    return Desk(settings(), find_model(settings().model), who, today())


def attempt(work: Callable[[], str], doing: str) -> None:
    """Does it; then draws the page anew with what was done, or says what stands against it."""
    try:
        with st.spinner(doing):
            done = work()
    except KnowledgeBaseError as error:
        show_problem(on_a_page(error), title="Not done")
        return
    st.session_state[DONE] = done
    st.session_state.pop(ASKING, None)
    st.rerun()


def show_done() -> None:
    """What was done last, once."""
    done = st.session_state.pop(DONE, "")
    if done:
        show(tag("div", paragraph(done), class_="kb-box kb-done", role="status", data_kb_announce=done))


def is_confirmed(action: str, label: str, effect: str, yes: str) -> bool:
    """Whether the person pressed the button and, having been told what it does (HTML), said yes to it."""
    if st.session_state.get(ASKING) != action:
        st.button(label, key=f"manage-{action}", on_click=_ask, args=(action,))
        return False
    show(tag("div", tag("h3", "This is what it does") + effect, class_="kb-box"))
    with st.container(horizontal=True):
        pressed = st.button(yes, key=f"manage-{action}-yes", type="primary")
        st.button("No, leave it as it is", key=f"manage-{action}-no", on_click=_ask, args=(None,))
    return pressed


def _ask(action: str | None) -> None:
    st.session_state[ASKING] = action


def on_a_page(error: KnowledgeBaseError) -> KnowledgeBaseError:
    """The error without what only a terminal understands."""
    place = {"--reason": "Reason", "--approve": "Name", "--title": "Title"}.get(error.place, error.place)
    step = error.next_step if "python -m" not in error.next_step else ""
    return KnowledgeBaseError(place, error.fact, step)
