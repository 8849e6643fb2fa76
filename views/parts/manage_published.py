"""What is published: going back, withdrawing a document and taking that back, each with what it does told first."""

from __future__ import annotations

import streamlit as st

from ingest.effects import Published, current_editions, going_to, published, withdrawing
from ingest.service import Desk
from kb import instants, messages
from kb.database import Database
from kb.documents import Edition
from kb.errors import StoreMissing
from views.parts.frame import show
from views.parts.manage_effects import changes_html, golden_html, listed_html
from views.parts.manage_state import attempt, desk
from views.parts.markup import paragraph, plain, tag

_LISTED = 20
_DID = {
    "publish": "published", "schedule": "published on a day", "rollback": "gone back to", "withdraw": "withdrawal",
    "reinstate": "reinstatement", "rebuild": "index made anew",
}  # fmt: skip


def show_published() -> None:
    """The generations that were published, and what can be taken back."""
    at_work = desk()
    show(tag("h2", "Published"))
    try:
        with Database(at_work.settings.data) as database:
            found = published(database)
    except StoreMissing:
        found = ()
    if not found:
        show(paragraph("Nothing is published yet. Add documents, then publish the draft."))
        return
    show(tag("ol", "".join(_turn_html(turn) for turn in found[:_LISTED]), class_="kb-contents", role="list"))
    if len(found) > _LISTED:
        show(paragraph(f"{len(found) - _LISTED} earlier ones stand in the log.", "kb-quiet"))
    if any(turn.waits for turn in found):
        told = (
            "A publication waits for its day. Until then nothing can be taken back here; cancel it first, under Drafts."
        )
        show(paragraph(told, "kb-notice"))
        return
    show_going_back(at_work, found)
    editions = current_editions(at_work)
    show_withdrawing(at_work, editions)
    show_reinstating(at_work, editions)


def _turn_html(turn: Published) -> str:
    state = (
        "Answers now. " if turn.is_current else "Waits. " if turn.waits else "Cancelled. " if turn.is_cancelled else ""
    )
    return tag("li", tag("strong", plain(state)) * bool(state) + plain(_called(turn)))


def _called(turn: Published) -> str:
    by = f" by {turn.who}" if turn.who else ""
    reason = f". Reason: {turn.reason}" if turn.reason else ""
    did = _DID.get(turn.action, turn.action)
    return f"{instants.shown(turn.effective_at)}: {did}{by}; generation {turn.generation}{reason}"


def show_going_back(at_work: Desk, found: tuple[Published, ...]) -> None:
    """Which earlier generation, what that would change, and why."""
    show(tag("h2", "Go back"))
    current = next((turn.generation for turn in found if turn.is_current), "")
    earlier = {
        turn.generation: turn for turn in reversed(found) if turn.generation != current and not turn.is_cancelled
    }
    if not earlier:
        show(paragraph("There is nothing to go back to."))
        return
    options = list(reversed(earlier))
    chosen = st.selectbox(
        "Go back to",
        options,
        index=None,
        format_func=lambda id_: _called(earlier[id_]),
        placeholder="Choose what was published before",
        key="manage-back",
    )
    if chosen is None:
        return
    effect = going_to(at_work, chosen)
    told = tag("h3", "This is what it does") + paragraph(
        f"Every question is answered at once from what was published on {instants.shown(earlier[chosen].effective_at)}."
    )
    told += changes_html(effect)
    if effect.brings_back:
        titles = "; ".join(effect.named(effect.brings_back))
        told += paragraph(f"It brings back what is withdrawn now: {titles}.", "kb-status kb-warn")
    show(
        tag("div", told + tag("h3", "Golden questions") + golden_html(effect.verdict, effect.unknown), class_="kb-box")
    )
    reason = st.text_input("Reason for going back; it is kept in the log", key="manage-back-reason")
    if st.button("Go back to this", key="manage-back-yes", type="primary"):

        def go_back() -> str:
            at_work.rollback(reason, chosen)
            del st.session_state["manage-back"]
            return "Done. Every question is answered from the earlier generation from now on."

        attempt(go_back, "Going back")


def show_withdrawing(at_work: Desk, editions: tuple[Edition, ...]) -> None:
    """Which document, what rests on it, why, and what takes its place."""
    show(tag("h2", "Withdraw a document"))
    titles = {each.document.id: each.document.title for each in editions}
    standing = [id_ for id_ in titles if not any(each.withdrawn for each in editions if each.document.id == id_)]
    chosen = st.selectbox(
        "Withdraw",
        standing,
        index=None,
        format_func=lambda id_: titles[id_],
        placeholder="Choose a document",
        key="manage-withdraw",
    )
    if chosen is None:
        return
    resting = withdrawing(at_work, chosen)
    told = (
        f"“{titles[chosen]}” is quoted no longer, from the next question on, in any of its editions "
        f"({len(resting.editions)} here). Old links say that it is withdrawn, why, and by what it is replaced. It "
        "stays withdrawn whatever is added, until it is reinstated."
    )
    named, only = len(resting.questions), len(resting.alone)
    alone = f"Golden questions that name it: {named}; that rest on nothing else: {only}."
    inside = tag("h3", "This is what it does") + paragraph(told) + paragraph(alone) + listed_html(resting.alone)
    show(tag("div", inside, class_="kb-box"))
    reason = st.text_input("Reason for withdrawing; readers see it", key="manage-withdraw-reason")
    instead = st.selectbox(
        "Replaced by",
        [id_ for id_ in titles if id_ != chosen],
        index=None,
        format_func=lambda id_: titles[id_],
        placeholder="Nothing",
        key="manage-replaced-by",
    )
    if st.button("Withdraw this document", key="manage-withdraw-yes", type="primary"):

        def withdraw() -> str:
            at_work.withdraw(chosen, reason, instead)
            del st.session_state["manage-withdraw"]
            return f"Withdrawn: {titles[chosen]}. It is not in the next answer."

        attempt(withdraw, "Withdrawing")


def show_reinstating(at_work: Desk, editions: tuple[Edition, ...]) -> None:
    """Which withdrawal is taken back, and why."""
    withdrawn = {each.document.id: each for each in editions if each.withdrawn}
    if not withdrawn:
        return
    show(tag("h2", "Take a withdrawal back"))
    chosen = st.selectbox(
        "Reinstate",
        list(withdrawn),
        index=None,
        format_func=lambda id_: withdrawn[id_].document.title,
        placeholder="Choose a document",
        key="manage-reinstate",
    )
    if chosen is None:
        return
    edition = withdrawn[chosen]
    told = paragraph(f"“{edition.document.title}” is quoted again from the next question on, as its dates allow.")
    inside = tag("h3", "This is what it does") + told + paragraph(messages.withdrawal(edition))
    show(tag("div", inside, class_="kb-box"))
    reason = st.text_input("Reason for reinstating; it is kept in the log", key="manage-reinstate-reason")
    if st.button("Reinstate this document", key="manage-reinstate-yes", type="primary"):

        def reinstate() -> str:
            at_work.reinstate(chosen, reason)
            del st.session_state["manage-reinstate"]
            return f"Reinstated: {edition.document.title}."

        attempt(reinstate, "Reinstating")
