"""A knowledge base whose pages are managed: its own data and corpus with golden questions, behind a passphrase."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from streamlit.testing.v1 import AppTest

from ingest.passphrase import SETTING, hashed
from kb.settings import PROJECT

PHRASE = "four quiet words here"
HASH = hashed(PHRASE)
BRAKES = "When does the link worker check the brakes of a bicycle?"
GOLDEN = [
    {
        "id": "brakes",
        "question": BRAKES,
        "answerable": True,
        "doc": "bicycles",
        "evidence": ["checks the brakes of every bicycle within nine working days of the placement"],
        "must_not_change": ["nine working days"],
    },
    {
        "id": "kites",
        "question": "Who holds the string of the kite?",
        "answerable": True,
        "doc": "kites",
        "evidence": ["The supervisor keeps the string of the kite in the hand"],
        "must_not_change": [],
    },
]


@dataclass(frozen=True)
class Managed:
    """The two folders, and what to set for the app."""

    data: Path
    corpus: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"KB_DATA": str(self.data), "KB_CORPUS": str(self.corpus), SETTING: HASH}


def make(folder: Path, data: Path) -> Managed:
    """A copy of a data folder with golden questions of its own."""
    made = Managed(folder / "data", folder / "corpus")
    shutil.copytree(data, made.data)
    made.corpus.mkdir()
    shutil.copy(PROJECT / "corpus" / "contacts.toml", made.corpus)
    lines = "\n".join(json.dumps(line) for line in GOLDEN)
    (made.corpus / "golden.jsonl").write_text(lines, encoding="utf-8")
    return made


def come_in(app: AppTest, name: str = "Ada", typed: str = PHRASE) -> AppTest:
    """The app on its page that publishes, after the passphrase and the name were given."""
    app.run()
    app.switch_page("views/manage.py").run()
    app.text_input(key="manage-passphrase").set_value(typed)
    app.text_input(key="manage-name").set_value(name)
    return app.button(key="manage-enter").click().run()


def view(app: AppTest, name: str, **query: str) -> AppTest:
    """Another view of the page."""
    app.query_params["view"] = name
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()
