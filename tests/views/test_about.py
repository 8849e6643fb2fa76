from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kb.database import Database
from kb.documents import Status
from tests.views.conftest import app_on
from tests.views.drawn import open_page, text


def test_every_status_is_explained(app: AppTest) -> None:
    shown = text(open_page(app, "about")).casefold()

    assert [status for status in Status if status not in shown] == []


def test_what_is_running_is_named(app: AppTest, data: Path) -> None:
    shown = text(open_page(app, "about"))

    with Database(data) as store:
        assert f"Generation {store.published_id()}" in shown
    assert "Documents 5" in shown


def test_it_stands_without_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = text(open_page(app_on(tmp_path, monkeypatch), "about"))

    assert "there is no knowledge base here" in shown
    assert "Accessibility" in shown
