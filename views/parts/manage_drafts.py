"""Drafts: the list of them, and one of them with all that there is to know before it is published."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from ingest import notes
from ingest.changes import Difference, DocumentChange
from ingest.comparing import compared, with_differences
from ingest.diff_html import render
from ingest.diff_note import draft as draft_note
from ingest.drafts import Draft
from ingest.effects import Effect, draft_effect, not_the_same
from ingest.rules import why
from ingest.service import Desk, Standing
from kb import instants, messages
from kb.database import Database
from kb.errors import KnowledgeBaseError, StoreMissing
from views.parts.frame import show, show_problem
from views.parts.manage_difference import difference_html
from views.parts.manage_effects import changes_html, golden_html, listed_html
from views.parts.manage_state import attempt, desk, is_confirmed, on_a_page
from views.parts.markup import paragraph, plain, tag

ANYTHING_ELSE = "Until then, and if this is not done, what is published now goes on answering."


def standing(at_work: Desk) -> Standing:
    """What is published, what waits, and the drafts; nothing of each where there is no knowledge base yet."""
    try:
        return at_work.standing()
    except StoreMissing:
        return Standing(None, None, ())


def show_drafts() -> None:
    """The draft that the address names, or the list."""
    at_work = desk()
    found = standing(at_work).drafts
    named = st.query_params.get("draft", "")
    chosen = next((draft for draft in found if draft.id == named), None)
    if chosen is not None:
        show_draft(at_work, chosen)
        return
    show(tag("h2", "Drafts"))
    if named:
        show(paragraph("This draft is not here any more: it was published or discarded.", "kb-notice"))
    if not found:
        show(paragraph("There is no draft. Adding documents makes one."))
    for draft in found:
        show(_listed_html(at_work, draft))


def _listed_html(at_work: Desk, draft: Draft) -> str:
    link = tag("a", plain(_name(draft)), class_="kb-link", href=f"manage?view=drafts&draft={draft.id}")
    effect = draft_effect(at_work, draft.id)
    inside = tag("h3", link) + tag("p", plain(_state(draft)), class_=_class(draft)) + changes_html(effect)
    return tag("article", inside, class_="kb-document")


def _name(draft: Draft) -> str:
    by = f", by {draft.author}" if draft.author else ""
    return f"Draft of {instants.shown(draft.created_at)}{by}"


def _state(draft: Draft) -> str:
    if draft.waits_for:
        return f"Is published on {instants.shown(draft.waits_for)} (London)"
    if draft.is_stale:
        return "Out of date: something else was published since it was made"
    if draft.verdict.holds_back and not draft.approvals:
        said = why(draft.verdict)
        return said[:1].upper() + said[1:]
    if draft.verdict.holds_back:
        return "Approved; can be published"
    return "Can be published"


def _class(draft: Draft) -> str:
    is_free = not draft.is_stale and (draft.approvals or not draft.verdict.holds_back)
    return "kb-status" if is_free else "kb-status kb-warn"


def show_draft(at_work: Desk, draft: Draft) -> None:
    """What changes, word by word and answer by answer; the note; and what can be done."""
    effect = draft_effect(at_work, draft.id)
    changes = differences(at_work, draft)
    show(
        tag("p", tag("a", "All drafts", class_="kb-link", href="manage?view=drafts"))
        + tag("h2", plain(_name(draft)))
        + tag("p", plain(_state(draft)), class_=_class(draft))
        + tag("h3", "What changes")
        + changes_html(effect)
        + paragraph(f"Left as they are: {messages.many(len(effect.changes.unchanged), 'document')}.", "kb-quiet")
    )
    show(tag("h3", "Golden questions") + golden_html(draft.verdict))
    show(tag("h2", "The difference") + difference_html(changes))
    show_note(at_work, draft, changes)
    show_decision(at_work, draft, effect)


def differences(at_work: Desk, draft: Draft) -> tuple[DocumentChange, ...]:
    """What became of each document; worked out once, since neither a draft nor what it follows ever changes."""
    return _differences(str(at_work.settings.data), draft.id, at_work)


@st.cache_resource(max_entries=4, show_spinner="Comparing the texts")
def _differences(data: str, draft: str, _desk: Desk) -> tuple[DocumentChange, ...]:
    with Database(_desk.settings.data) as database:
        return compared(database, _desk.pairs(draft))


def show_note(at_work: Desk, draft: Draft, changes: tuple[DocumentChange, ...]) -> None:
    """The amendments note, kept as it is edited, and what can be downloaded."""
    difference = Difference(with_differences(changes))
    key = f"manage-note-{draft.id}"
    data = at_work.settings.data
    if key not in st.session_state:
        kept = notes.read(data, draft.id)
        st.session_state[key] = draft_note(difference) if kept is None else kept
    show(tag("h2", "Amendments note"))
    show(paragraph("Drafted from the difference, in Markdown. Edit it; it is kept with the draft.", "kb-quiet"))
    text = st.text_area("The note", key=key, height=300, on_change=_keep_note, args=(draft.id, key))
    made = f"Made on {messages.uk_date(at_work.on)} from draft {draft.id}."
    with st.container(horizontal=True):
        st.download_button("Download the note", text, f"amendments-{draft.id}.md", "text/markdown", on_click="ignore")
        st.download_button(
            "Download the difference (HTML)",
            render(difference, made),
            f"difference-{draft.id}.html",
            "text/html",
            on_click="ignore",
        )


def _keep_note(draft: str, key: str) -> None:
    try:
        notes.keep(desk().settings.data, draft, st.session_state[key])
    except KnowledgeBaseError as error:
        show_problem(on_a_page(error), title="The note was not kept")


def show_decision(at_work: Desk, draft: Draft, effect: Effect) -> None:
    """Approval where it is wanted, publication, and the ways back from it."""
    show(tag("h2", "Decide"))
    for approval in draft.approvals:
        show(paragraph(f"Approved by {approval.name}: {approval.reason}"))
    if draft.waits_for:
        show_waiting(at_work, draft)
        return
    if draft.is_stale:
        told = "Something else was published since this draft was made. Discard it, and add its files again."
        show(paragraph(told, "kb-notice"))
    elif draft.verdict.holds_back and not draft.approvals:
        show_approval(at_work, draft)
    else:
        show_publication(at_work, draft, effect)
    show_discarding(at_work, draft)


def show_approval(at_work: Desk, draft: Draft) -> None:
    """What holds the draft back, and a person's word that it may pass."""
    held = [each for each in not_the_same(draft.verdict) if each.kind != "changed"]
    told = f"It is {why(draft.verdict)}. It can be published only when a named person approves and says why."
    asked = listed_html([each.question for each in held])
    show(tag("div", tag("h3", "Held back") + paragraph(told) + asked, class_="kb-box"))
    show(paragraph(f"You approve as {at_work.who}. To approve as another person, leave and come in by that name."))
    reason = st.text_area("Reason: why it may be published all the same", key=f"manage-reason-{draft.id}", height=90)
    if st.button("Approve this draft", key="manage-approve"):

        def approve() -> str:
            at_work.approve(draft.id, at_work.who, reason)
            return f"Approved by {at_work.who}. Nothing is published yet."

        attempt(approve, "Approving")


def show_publication(at_work: Desk, draft: Draft, effect: Effect) -> None:
    """Now, or at the beginning of a day."""
    when = st.radio("When", ("Now", "On a day"), horizontal=True, key=f"manage-when-{draft.id}")
    day = None
    if when == "On a day":
        tomorrow = at_work.on + timedelta(days=1)
        day = st.date_input(
            "From the beginning of this day in London", tomorrow, min_value=tomorrow, format="DD/MM/YYYY"
        )
    at = f"on {messages.uk_date(day)}, at the beginning of that day in London" if day else "at once"
    told = paragraph(f"Published {at}: every question is answered from these documents from then on.")
    told += changes_html(effect) + paragraph(ANYTHING_ELSE if day else "You can go back to what is published now.")
    label = "Publish on that day" if day else "Publish"
    if is_confirmed(f"publish-{draft.id}", label, told, f"Yes, {label[:1].lower()}{label[1:]}"):

        def publish() -> str:
            waits = at_work.publish(draft.id, day)
            if waits:
                return f"Published on {instants.shown(waits)} (London). Until then nothing changes."
            return "Published. Every question is answered from it from now on."

        attempt(publish, "Publishing")


def show_waiting(at_work: Desk, draft: Draft) -> None:
    """The day on which it is published, and how to stop that."""
    told = f"It is published on {instants.shown(draft.waits_for)} (London). Until then nothing else can be published."
    show(paragraph(told, "kb-notice"))
    effect = paragraph("It is not published on that day; it is a draft again. " + ANYTHING_ELSE)
    if is_confirmed(f"cancel-{draft.id}", "Cancel this publication", effect, "Yes, cancel it"):

        def cancel() -> str:
            at_work.cancel()
            return "Cancelled. It is a draft again."

        attempt(cancel, "Cancelling")


def show_discarding(at_work: Desk, draft: Draft) -> None:
    """Away with the draft."""
    effect = paragraph(
        "This draft and its golden answers are put away; it can never be published. What is published stays as it is, "
        "and the files that were read stay in the archive. To have it again, add the files again."
    )
    if is_confirmed(f"discard-{draft.id}", "Discard this draft", effect, "Yes, discard it"):

        def discard() -> str:
            at_work.discard(draft.id)
            return "Discarded. What is published is as it was."

        attempt(discard, "Discarding")
