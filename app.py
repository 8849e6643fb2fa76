"""The pages of the knowledge base: settings, navigation, the emergency strip, and the one broad catch."""

from __future__ import annotations

import streamlit as st

from views.parts.frame import emergency_html, show, show_problem, show_style
from views.parts.markup import navigation_html
from views.parts.state import answering

PAGES = (
    st.Page("views/ask.py", title="Ask", default=True),
    st.Page("views/browse.py", title="Documents", url_path="documents"),
    st.Page("views/manage.py", title="Manage"),
    st.Page("views/about.py", title="About"),
)


def main() -> None:
    """Draws the strip, then the page; whatever the page raises is shown under the strip."""
    st.set_page_config(layout="centered")
    show_style()
    show(emergency_html())
    try:
        # Streamlit's own navigation hides behind an unnamed icon on a narrow screen; these are plain links.
        page = st.navigation(PAGES, position="hidden")
        show(navigation_html([(each.title, each.url_path or ".") for each in PAGES], page.title))
        page.run()
        answering().warm_up()  # after the page, so that its first drawing waits for nothing
    except Exception as error:  # a reader in a hurry must see what is wrong and what to do, whatever it is
        show_problem(error, "h1")


main()
