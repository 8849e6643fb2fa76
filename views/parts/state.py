"""What stands behind the pages: settings, the day, the store, and the knowledge base that warms up behind them."""

from __future__ import annotations

import threading
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import streamlit as st

from kb.database import Database
from kb.documents import Element
from kb.settings import Settings

if TYPE_CHECKING:
    from kb.answers import Answer
    from kb.ask import KnowledgeBase

ANSWER = "answer"
"""The session's key of the last answer; it is gone when the tab is closed."""

RECEIPT = "receipt"
"""The session's key of the last answer's receipt, '' where none could be made; it goes with the answer."""

ABOUT = "about"
"""The session's key of the earlier question that the last one went on from, '' where it stood alone."""

QUESTION = "question"
"""The session's key of the text in the box."""


def today() -> date:
    """The day in the board's own time zone."""
    return now().date()


def now() -> datetime:
    """This moment in the board's own time zone."""
    return datetime.now(ZoneInfo("Europe/London"))


def settings() -> Settings:
    """The settings from the environment."""
    return Settings.from_environment()


class Answering:
    """A knowledge base that loads behind the page; whoever asks before it is there waits for it."""

    def __init__(self, chosen: Settings) -> None:
        """Nothing is loaded yet."""
        self._settings = chosen
        self._lock = threading.Lock()
        self._base: KnowledgeBase | None = None
        self._started = False
        self.is_warm = False

    def warm_up(self) -> None:
        """Starts loading, once, and returns at once."""
        if not self._started:
            self._started = True
            threading.Thread(target=self._load, daemon=True).start()

    def _load(self) -> None:
        try:
            self.ask("What is a strategy discussion?", today())
        except Exception:  # whatever is wrong, the first question says it where the reader can see it
            return
        finally:
            self.is_warm = True

    def ask(self, question: str, on: date, about: str = "") -> Answer:
        """As KnowledgeBase.ask."""
        with self._lock:
            if self._base is None:
                from kb.ask import KnowledgeBase  # takes seconds to import; the page is drawn before

                self._base = KnowledgeBase(self._settings)
            if not self.is_warm:
                return self._base.ask(question, on, about=about)
        return self._base.ask(question, on, about=about)


def answering() -> Answering:
    """The one knowledge base of this process for the settings of now."""
    chosen = settings()
    return _answering(str(chosen.data), str(chosen.corpus), chosen.model, chosen.chroma_url)


@st.cache_resource(max_entries=4, show_spinner=False)
def _answering(data: str, corpus: str, model: str, chroma_url: str) -> Answering:
    return Answering(Settings(Path(data), Path(corpus), model, chroma_url))


def database() -> Database:
    """The store, opened for reading; StoreMissing and StoreDamaged are the caller's to show."""
    return Database(settings().data)


def content(edition: str) -> tuple[str, tuple[Element, ...]]:
    """The text and the elements of an edition, which never change once stored."""
    return _content(str(settings().data), edition)


@st.cache_data(max_entries=16, show_spinner=False)
def _content(data: str, edition: str) -> tuple[str, tuple[Element, ...]]:
    with Database(Path(data)) as store:
        return store.edition_text(edition), store.elements(edition)
