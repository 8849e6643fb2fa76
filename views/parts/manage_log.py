"""The log: who did what and when, and whether anybody has changed it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ingest.log import Action, Entry, Verified
from ingest.reviews import log_csv
from ingest.shown import details
from kb import instants
from kb.errors import StoreMissing
from views.parts.frame import show
from views.parts.manage_state import desk
from views.parts.markup import list_table, paragraph, plain, tag

_LISTED = 50
_DID = {
    Action.INGEST: "made a draft",
    Action.DISCARD: "discarded a draft",
    Action.APPROVE: "approved a draft",
    Action.PUBLISH: "published",
    Action.SCHEDULE: "set a publication for a day",
    Action.CANCEL: "cancelled a publication",
    Action.ROLLBACK: "went back",
    Action.WITHDRAW: "withdrew a document",
    Action.REINSTATE: "took a withdrawal back",
    Action.REBUILD: "made the index anew",
    Action.CLEANUP: "removed old indexes",
}


def show_log() -> None:
    """What a check of the log finds, then its rows, the last one first."""
    at_work = desk()
    show(tag("h2", "Log"))
    try:
        found, rows = at_work.verify_log(), at_work.log()
    except StoreMissing:
        show(paragraph("Nothing has been done yet."))
        return
    show(verified_html(found))
    st.download_button("Download the log (CSV)", log_csv(rows), "log.csv", "text/csv", on_click="ignore")
    shown = rows if st.session_state.get("manage-log-all") else rows[-_LISTED:]
    show(rows_html(shown[::-1]))
    if len(rows) > _LISTED:
        st.checkbox(f"Show all {len(rows):,} rows", key="manage-log-all")


def verified_html(found: Verified) -> str:
    """Whether the log is as it was written, and what to keep so that this can be shown later."""
    if found.faults:
        listed = tag("ul", "".join(tag("li", plain(fault)) for fault in found.faults))
        told = (
            "The log is not as it was written. Tell whoever runs this service; change nothing until it is cleared up."
        )
        return tag("div", tag("h3", "Changed by hand") + paragraph(told) + listed, class_="kb-problem", role="alert")
    told = f"The log is whole: {found.rows:,} rows, each bound to the one before it."
    keep = "Keep this last hash elsewhere: that the whole file was replaced, only it can show."
    drawn = tag("p", tag("code", plain(found.last_hash or "none")))
    return tag("div", paragraph(told) + drawn + paragraph(keep, "kb-quiet"), class_="kb-box")


def _did(action: str) -> str:
    return _DID[Action(action)] if action in list(Action) else action


def rows_html(rows: Sequence[Entry]) -> str:
    """A table of rows."""
    cells = ((instants.shown(row.at), row.who or "nobody named", _did(row.action), details(row)) for row in rows)
    return list_table(("When (London)", "Who", "What", "Details"), cells, "Log")
