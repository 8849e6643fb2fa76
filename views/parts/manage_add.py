"""Adding documents: files chosen, what each is, progress, and what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from ingest.added import Added, Became, FileVerdict, add, doing, stages, what_a_day_does
from ingest.effects import current_editions
from ingest.jobs import Job
from ingest.loaders import LOADERS, MAX_BYTES
from ingest.uploads import Facts, Upload, guess, is_passed_over, safe_name
from kb.documents import Document, Edition, Kind
from kb.errors import KnowledgeBaseError
from views.parts.frame import show, show_problem
from views.parts.manage_state import desk, jobs, on_a_page
from views.parts.markup import paragraph, plain, tag

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator
    from streamlit.runtime.uploaded_file_manager import UploadedFile

NEW = ""
MOST_ONE_BY_ONE = 20
"""Files up to which each is asked about; of more, all are told the same."""

ROUND = "manage-round"
_FILES, _FOLDER = "One or several files", "A whole folder"
_LISTED = 10


def show_add() -> None:
    """What runs, or what came of the last files, or the box for new ones."""
    job = jobs().last
    if job is None:
        show_choice()
    elif job.is_over:
        show_outcome(job)
    else:
        show_progress()


def show_choice() -> None:
    """The box for files, and what is asked of each."""
    show(tag("h2", "Add documents"))
    show(paragraph("New documents, new editions and corrections. Nothing is published by this: a draft is made first."))
    what = st.radio("What do you add?", (_FILES, _FOLDER), horizontal=True, key="manage-what")
    turn = st.session_state.setdefault(ROUND, 0)
    chosen = st.file_uploader(
        f"PDF, Word (.docx), web pages, Markdown or text, up to {MAX_BYTES // 1_000_000} MB each",
        type=[suffix.lstrip(".") for suffix in LOADERS] if what == _FILES else None,
        accept_multiple_files=True if what == _FILES else "directory",
        max_upload_size=MAX_BYTES // 1_000_000,
        key=f"manage-files-{turn}-{what == _FOLDER}",
    )
    kept = [file for file in chosen if not is_passed_over(file.name)]
    passed = [file.name for file in chosen if is_passed_over(file.name)]
    if passed:
        show(passed_over_html(passed))
    if not kept:
        return
    published = current_editions(desk())
    facts = one_by_one(kept, published) if len(kept) <= MOST_ONE_BY_ONE else all_alike(kept, published)
    if st.button("Read and try these files", type="primary", key="manage-read"):
        begin([Upload(file.name, file.getvalue(), told) for file, told in zip(kept, facts, strict=True)])


def begin(uploads: Sequence[Upload]) -> None:
    """Has the files read behind the page."""
    at_work = desk()
    count = f"{len(uploads)} file" + ("s" if len(uploads) != 1 else "")
    try:
        jobs().start(f"Reading {count}", at_work.who, lambda tell: add(replace(at_work, tell=tell), uploads))
    except KnowledgeBaseError as error:
        show_problem(on_a_page(error), title="Not begun")
        return
    st.session_state[ROUND] += 1  # the box is empty the next time
    st.rerun()


def passed_over_html(names: Sequence[str]) -> str:
    """The files that are not read because of their kind."""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    known = ", ".join(sorted(LOADERS))
    told = f"Passed over, because they are no documents of a known format ({known}): "
    return paragraph(told + ", ".join(names[:_LISTED]) + more + ".", "kb-notice")


def one_by_one(files: Sequence[UploadedFile], published: Sequence[Edition]) -> list[Facts]:
    """What the person says of each file."""
    documents = {edition.document.id: edition.document for edition in published}
    return [_facts(number, file, documents, published) for number, file in enumerate(files, start=1)]


def _facts(number: int, file: UploadedFile, documents: dict[str, Document], published: Sequence[Edition]) -> Facts:
    of = f" of file {number}"
    with st.container(border=True):
        name = safe_name(file.name)
        show(tag("h3", plain(name)) + paragraph(f"{file.size / 1000:,.0f} kB", "kb-quiet"))
        options = [NEW, *documents]
        known = guess(file.name, published)
        document = st.selectbox(
            f"Document{of}",
            options,
            index=options.index(known),
            format_func=lambda id_: documents[id_].title if id_ else "A new document",
            key=f"manage-document-{file.file_id}",
        )
        if document:
            show(paragraph(what_a_day_does(_latest(document, published)), "kb-quiet"))
        title, kind = "", Kind.PROCEDURE
        if document == NEW:
            left, right = st.columns([2, 1])
            title = left.text_input(
                f"Title{of}", placeholder="Left empty: the file's own", key=f"manage-title-{file.file_id}"
            )
            kind = _kind(right, f"Kind{of}", f"manage-kind-{file.file_id}")
        label, begins, review = st.columns(3)
        edition = label.text_input(f"Edition{of}", placeholder="Such as 2027", key=f"manage-edition-{file.file_id}")
        from_ = begins.date_input(f"In force from{of}", None, format="DD/MM/YYYY", key=f"manage-from-{file.file_id}")
        by = review.date_input(f"Review by{of}", None, format="DD/MM/YYYY", key=f"manage-by-{file.file_id}")
        return Facts(document, title, kind, edition, from_, by)


def _latest(document: str, published: Sequence[Edition]) -> Edition:
    """The edition of the document that is in force from the latest day."""
    editions = [edition for edition in published if edition.document.id == document]
    return max(editions, key=lambda edition: edition.begins or date.min)


def _kind(place: DeltaGenerator, label: str, key: str) -> Kind:
    kinds = [kind.value for kind in Kind]
    return Kind(place.selectbox(label, kinds, format_func=lambda each: each.replace("-", " "), key=key))


def all_alike(files: Sequence[UploadedFile], published: Sequence[Edition]) -> list[Facts]:
    """What the person says of all files at once; which document each is, is told by its name."""
    guesses = [guess(file.name, published) for file in files]
    found = sum(1 for each in guesses if each)
    told = (
        f"{len(files)} files. Taken for new editions of published documents by their names: {found}; the others are "
        f"new documents. To say it of each file, add up to {MOST_ONE_BY_ONE} at a time."
    )
    titles = {edition.document.id: edition.document.title for edition in published}
    listed = "".join(
        tag("li", plain(f"{safe_name(file.name)}: {titles[each] if each else 'a new document'}"))
        for file, each in zip(files, guesses, strict=True)
    )
    show(paragraph(told) + tag("details", tag("summary", "Which is which") + tag("ul", listed)))
    kind_of, begins, review = st.columns(3)
    kind = _kind(kind_of, "Kind of the new ones", "manage-kind-all")
    from_ = begins.date_input("In force from, all", None, format="DD/MM/YYYY", key="manage-from-all")
    by = review.date_input("Review by, all", None, format="DD/MM/YYYY", key="manage-by-all")
    return [Facts(each, "", kind, "", from_, by) for each in guesses]


@st.fragment(run_every=1.0)
def show_progress() -> None:
    """Where the work stands, looked at every second; once it is over the page is drawn anew."""
    job = jobs().last
    if job is None or job.is_over:
        st.rerun()
    step = job.step
    show(tag("h2", plain(job.title)) + paragraph(doing(step), "kb-doing"))
    st.progress(step.done / step.total if step and step.total else 0.0)
    drawn = "".join(
        tag("li", plain(name + (": done" if over else ": now" if now else "")), class_="kb-now" if now else "")
        for name, over, now in stages(step)
    )
    show(tag("ol", drawn, class_="kb-stages"))
    show(paragraph(f"Begun by {job.who}. It goes on when this page is closed or loaded again.", "kb-quiet"))


def show_outcome(job: Job[Added]) -> None:
    """What came of the files, and the way on."""
    if job.error is not None:
        show_problem(on_a_page(job.error), title="Not read")
    elif job.result is not None:
        show(outcome_html(job.result))
    st.button("Add other files", on_click=jobs().put_away, key="manage-again")


def outcome_html(added: Added) -> str:
    """Each file's verdict, then what there is to do."""
    count = sum(1 for file in added.files if file.became is not Became.UNREAD)
    said = f"{count} of {len(added.files)} files read."
    drawn = "".join(_file_html(file) for file in added.files)
    return tag("h2", plain(said), data_kb_announce=said) + drawn + _way_on(added)


def _file_html(file: FileVerdict) -> str:
    warn = " kb-warn" if file.became is Became.UNREAD or file.missing else ""
    inside = (
        tag("h3", plain(file.name))
        + tag("p", plain(file.became[:1].upper() + file.became[1:]), class_=f"kb-status{warn}")
        + paragraph(file.told)
        + (paragraph(f"Not all of it was read. {file.missing}") if file.missing else "")
    )
    return tag("article", inside, class_="kb-document")


def _way_on(added: Added) -> str:
    if added.report.held_back and not added.draft:
        return paragraph("No draft was made: no document would be left.", "kb-notice")
    if not added.draft:
        return paragraph("No draft was made: nothing changes. What is published stays as it is.", "kb-notice")
    link = tag("a", "Look at the draft", class_="kb-link", href=f"manage?view=drafts&draft={added.draft}")
    return tag("div", paragraph("Nothing is published yet.") + tag("p", link), class_="kb-box")
