"""What a reader sees of the app in AppTest."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from streamlit.testing.v1 import AppTest


def html(app: AppTest) -> BeautifulSoup:
    """Everything drawn as HTML, in order; the style sheet and the script of the pages left out."""
    bodies = [str(element.proto.body) for element in app.get("html")]
    return BeautifulSoup("".join(body for body in bodies if not body.startswith(("<style", "<script>(() =>"))), "lxml")


def text(app: AppTest) -> str:
    """All text drawn as HTML, white space made one."""
    drawn = html(app)
    for block in drawn.find_all(["h1", "h2", "p", "li", "td", "th", "dt", "dd"]):
        block.append(" ")
    return squeezed(drawn.get_text())


def squeezed(written: str) -> str:
    return " ".join(written.split())


def one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    """The only element of that selector."""
    found = soup.select(selector)
    assert len(found) == 1, f"{len(found)} of {selector}"
    return found[0]


def ask(app: AppTest, question: str) -> AppTest:
    """The app after the question was put in the box and asked."""
    if not app.text_area:
        app.run()
    app.text_area(key="question").set_value(question)
    return app.button(key="submit").click().run()


def open_page(app: AppTest, page: str, **query: str) -> AppTest:
    """The app on another of its pages."""
    app.run()
    for key, value in query.items():
        app.query_params[key] = value
    return app.switch_page(f"views/{page}.py").run()
