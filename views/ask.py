"""Ask: a question to the documents, and the quotes that answer it."""

from __future__ import annotations

import streamlit as st

from kb import messages
from kb.answers import Answer, Outcome
from kb.contacts import known_numbers, read_contacts
from kb.database import published_id
from kb.errors import KnowledgeBaseError
from kb.privacy import find_personal_details
from kb.receipt import receipt
from views.parts.answers import links_html, nearest, notices_html, quotes_html, receipt_html
from views.parts.frame import emergency_html, emergency_line_html, show, show_problem
from views.parts.markup import page_head, paragraph, plain, tag
from views.parts.state import ABOUT, ANSWER, QUESTION, RECEIPT, answering, content, database, now, settings, today

EXAMPLES = (
    "How quickly will a social worker decide what to do about my referral?",
    "Can a strategy discussion be done over the phone?",
    "How far apart can the later reviews of a child protection plan be?",
)

# Characters from which a question tends to be a case rather than a question about a procedure.
SOFT_LIMIT = 300

BLOCKED = "blocked"
WAITING = "waiting"


def ask_example(example: str) -> None:
    """Puts the example in the box and asks it."""
    st.session_state[QUESTION] = example
    st.session_state[WAITING] = True


def clear() -> None:
    """Forgets the question and the answer."""
    for key in (ABOUT, ANSWER, RECEIPT, BLOCKED, WAITING):
        st.session_state.pop(key, None)
    st.session_state[QUESTION] = ""


def ask_alone() -> None:
    """Forgets the earlier question and asks the one in the box again by itself."""
    st.session_state.pop(ABOUT, None)
    st.session_state[WAITING] = True


def earlier(question: str) -> str:
    """The session's question that this one goes on from: the last one that stood alone; '' where it does so itself."""
    from kb.question import goes_on  # with the packages that it needs it takes long to import; the page is drawn before

    kept: str = st.session_state.get(ABOUT, "")
    if not goes_on(question):
        return ""
    given = st.session_state.get(ANSWER)
    if given is None or given.question == question:  # asked once more
        return kept
    return kept or str(given.question)


def show_form() -> bool:
    """Draws the box; whether a question was submitted."""
    st.session_state.setdefault(QUESTION, answer.question if (answer := st.session_state.get(ANSWER)) else "")
    with st.form("form", border=False):
        question = st.text_area(messages.ASK_PROMPT, key=QUESTION, height=88)
        unit = f"0 characters; up to about {SOFT_LIMIT} are best. Enter asks, Shift and Enter begin a new line."
        # The script counts while one types; `0` is where it writes the count.
        show(tag("p", unit.replace("0", str(len(question)), 1), class_="kb-count", data_kb_count=unit))
        submitted = st.form_submit_button("Ask", type="primary", key="submit")
    waiting = bool(st.session_state.pop(WAITING, False))
    return bool(question.strip()) and (submitted or waiting)


def ask() -> None:
    """Asks what stands in the box, and keeps the answer for this tab; of a blocked question nothing is kept."""
    st.session_state[ABOUT] = earlier(st.session_state[QUESTION])
    for key in (ANSWER, RECEIPT, BLOCKED):
        st.session_state.pop(key, None)
    base = answering()
    with st.spinner(messages.SEARCHING if base.is_warm else messages.LOADING):
        answer = base.ask(st.session_state[QUESTION], today(), st.session_state[ABOUT])
    if answer.outcome is Outcome.BLOCKED:
        show_blocked(answer)
    else:
        st.session_state[ANSWER] = answer
        st.session_state[RECEIPT] = receipt_of(answer)


def receipt_of(answer: Answer) -> str:
    """The answer's receipt; '' where none can be made, as in a data folder that may not be written."""
    try:
        return receipt(answer, now(), settings().data)
    except KnowledgeBaseError:
        return ""


def show_blocked(answer: Answer) -> None:
    """What kind of detail was found and where, masked; the text stays in the box, where the reader can mend it."""
    contacts = settings().corpus / "contacts.toml"
    try:
        numbers = known_numbers(read_contacts(contacts))
    except KnowledgeBaseError:  # without the list every number counts as a person's
        numbers = frozenset()
    found = find_personal_details(st.session_state[QUESTION], numbers)
    if answer.urgent:
        show_urgent()
    show(
        tag(
            "div",
            tag("h2", "Not asked")
            + (paragraph(messages.details_found([finding.kind.description for finding in found])) if found else "")
            + paragraph(answer.question, "kb-masked")
            + paragraph(messages.BLOCKED_NEXT)
            + paragraph(messages.NOTHING_KEPT),
            class_="kb-box",
            data_kb_announce="Not asked: the question holds a person's details.",
        )
    )


def show_urgent() -> None:
    """The emergency line once more, before everything else."""
    show(tag("div", tag("h2", messages.URGENT) + emergency_html("This sounds urgent"), class_="kb-urgent"))


def show_answer(answer: Answer) -> None:
    """The emergency line first where it sounds urgent, then the quotes, then what else there is to know."""
    if answer.urgent:
        show_urgent()
    if answer.about:
        show(paragraph(messages.about(answer.about), "kb-about"))
        st.button(messages.ASK_ALONE, key="alone", on_click=ask_alone)
    if answer.statements:
        show(quotes_html(answer, content))
    if not answer.statements:
        show(nothing_html(answer))
    for block in (notices_html(answer), changed_html(answer), leads_on_html(answer)):
        if block:
            show(block)
    with database() as store:
        editions = store.editions(answer.generation)
    documents = {edition.document.id for edition in editions}
    show(paragraph(messages.searched(len(documents), answer.generation, answer.as_of), "kb-quiet"))
    if st.session_state.get(RECEIPT):
        show(receipt_html(st.session_state[RECEIPT]))
    st.button("Clear question and answer", on_click=clear)


def nothing_html(answer: Answer) -> str:
    """Why there is no quote, or how to ask, and whom."""
    whom = plain(messages.whom_to_ask("")) + ("" if answer.urgent else f" {emergency_line_html()}")
    first = messages.ONLY_SUPERSEDED if answer.outcome is Outcome.ONLY_SUPERSEDED else messages.NOT_FOUND
    why = "".join(paragraph(notice.text) for notice in answer.first_notices) or paragraph(messages.HOW_TO_PHRASE)
    inside = tag("h2", first) + why + tag("p", whom)
    return tag("div", inside, class_="kb-box")


def leads_on_html(answer: Answer) -> str:
    """Links to what came close."""
    if answer.outcome is Outcome.ONLY_SUPERSEDED:
        return links_html("Not in force", nearest(answer), answer.as_of)
    title = "Close by, but may not answer the question" if answer.statements else "Nearest headings"
    return links_html(title, nearest(answer), answer.as_of)


def changed_html(answer: Answer) -> str:
    """A notice where something else has been published since the answer; '' otherwise."""
    now = published_id(settings().data)
    return paragraph(messages.CHANGED_SINCE, "kb-notice") if now != answer.generation else ""


def announcement(answer: Answer) -> str:
    """What a screen reader says once when the answer is there."""
    if answer.statements:
        count = len(answer.statements)
        found = f"{count} quote{'s' if count > 1 else ''} found."
        return f"{messages.RELATED_HEADING}: {found}" if answer.is_related else found
    return messages.ONLY_SUPERSEDED if answer.outcome is Outcome.ONLY_SUPERSEDED else messages.NOT_FOUND


published_id(settings().data)  # an empty or damaged store is said before anything is asked
show(page_head("Ask the board's documents", "ask") + paragraph(messages.WHAT_IT_IS, "kb-quiet"))
submitted = show_form()
place = st.container()
if submitted:
    try:
        with place:
            ask()
    except KnowledgeBaseError as error:
        show_problem(error)
given = st.session_state.get(ANSWER)
if given:
    with place:
        show(tag("div", "", data_kb_announce=announcement(given)))
        show_answer(given)
elif not submitted:
    show(paragraph("For example", "kb-quiet"))
    for example in EXAMPLES:
        st.button(example, on_click=ask_example, args=(example,), width="stretch")
