"""A small knowledge base of invented rules, made once, and the app on it: in AppTest, and as a server for Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate
from streamlit.testing.v1 import AppTest

from ingest.run import ingest
from ingest.sources import Given, Source, from_paths
from kb.documents import Kind
from kb.embed import find_model

PROJECT = Path(__file__).resolve().parents[2]
MODEL = find_model()

HOSTILE_TITLE = "Costs $5 *and* _more_ :smile: :red[x] <script>alert('t')</script> [x](https://evil.example/t)"
HOSTILE_RULE = (
    "The trampoline fee is $5 or $7 a week, **never** _more_, says <script>alert('r')</script><b>the</b> `clerk` "
    ":smile: :red[x] [x](https://evil.example/r) ![i](https://evil.example/i.png) &amp; {{x}}."
)

BICYCLES = """# Bicycles of foster families

## Checking a bicycle

The link worker checks the brakes of every bicycle within nine working days of the placement. However, the link worker
checks a bicycle that has been in a fall on the same day.

Source: the bicycle rules of Elmshire.

## Who pays for a bicycle

| Bicycle | Who pays for it |
|---|---|
| Tricycle | The play fund pays for a tricycle |
| Tandem bicycle | The travel fund pays for a tandem bicycle |

## What the link worker brings

To the bicycle check the link worker brings:

- a pump
  - with a gauge
- a spare lamp
"""

KAYAKS = """# Kayaks of foster families

## Lending a kayak

The water officer lends a kayak for eleven days at the most.
"""

KITES = """# Kites at contact visits

## Flying a kite

The contact supervisor flies a kite only where no power line is nearer than ninety metres. The supervisor keeps the
string of the kite in the hand for the whole of the visit.
"""


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    for name, text in (("bicycles.md", BICYCLES), ("kayaks.md", KAYAKS), ("kites.md", KITES)):
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "hostile.txt").write_text(f"Fees\n\n{HOSTILE_RULE}\n", encoding="utf-8")
    (folder / "scan.pdf").write_bytes(b"%PDF-1.4 nothing")
    write_pdf(folder / "telescopes.pdf")
    return folder


def write_pdf(path: Path) -> None:
    """Three pages of which the first is numbered i; one paragraph begins on the second and ends on the third."""
    styles = getSampleStyleSheet()
    filler = "Stars are watched from the garden only, and the neighbours are told of it beforehand in every case. " * 11
    crossing = (
        "The night officer lends the telescope for thirteen nights and writes the loan into the green book of the "
        "home, where the names of the lens caps, the tripod and the small finder are listed one by one, and the young "
        "person signs for each of them in the presence of the night officer before the telescope leaves the house."
    )
    story = [
        Paragraph("Telescopes in children's homes", styles["Title"]),
        Paragraph("This booklet is for night officers. " * 3, styles["BodyText"]),
        *[Paragraph("A preface thanks the donors of the lenses. " * 12, styles["BodyText"])] * 3,
        Paragraph("Watching", styles["Heading1"]),
        Paragraph(filler, styles["BodyText"]),
        Paragraph("Lending a telescope", styles["Heading1"]),
        *[Paragraph(crossing.replace("telescope", thing), styles["BodyText"]) for thing in ("telescope", "star globe")],
        Paragraph("Storing", styles["Heading1"]),
        Paragraph("The telescope is stored dry.", styles["BodyText"]),
    ]
    SimpleDocTemplate(str(path), pagesize=A5, title="Telescopes in children's homes").build(story)


@pytest.fixture(scope="session")
def sources(files: Path) -> tuple[Source, ...]:
    dated = {
        "bicycles": {"in_force_from": date(2024, 5, 1), "review_by": date(2090, 5, 1), "label": "2024"},
        "kayaks": {"in_force_from": date(2019, 1, 1), "in_force_until": date(2022, 1, 1), "label": "2019"},
        "kites": {"in_force_from": date(2020, 1, 1), "review_by": date(2021, 1, 1), "label": "2020"},
        "telescopes": {"in_force_from": date(2023, 1, 1), "label": "2023"},
    }
    found = from_paths([files], Given(kind=Kind.PROCEDURE))
    plain = (replace(source, **dated.get(source.document.id, {})) for source in found)  # type: ignore[arg-type]
    return tuple(titled(source) for source in plain)


def titled(source: Source) -> Source:
    if source.document.id != "hostile":
        return source
    return replace(source, document=replace(source.document, title=HOSTILE_TITLE, kind=Kind.GUIDANCE))


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory, sources: tuple[Source, ...]) -> Path:
    folder = tmp_path_factory.mktemp("data")
    report = ingest(folder, sources, MODEL, keep_others=True)
    assert report.published
    return folder


@pytest.fixture
def app(data: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    return app_on(data, monkeypatch)


def app_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app, not yet run, on a data folder."""
    monkeypatch.chdir(PROJECT)
    monkeypatch.setenv("KB_DATA", str(folder))
    return AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)


@pytest.fixture(scope="session")
def server(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, started as a reader's machine starts it."""
    with serving({"KB_DATA": str(data)}, tmp_path_factory.mktemp("server")) as address:
        yield address


@contextmanager
def serving(settings: Mapping[str, str], folder: Path) -> Iterator[str]:
    """The address of an app of its own with those settings, gone afterwards."""
    log = folder / "log.txt"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = {**os.environ, **settings}
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://localhost:{port}/_stcore/health", process, log)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(20)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the app did not start:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("Chromium is not installed. Install the system's package named chromium; these tests need it.")
    return found
