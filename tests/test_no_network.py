"""Reading, publishing and asking open no connection to another machine, and nothing reports how the program is used."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
RULE = "# Visits\n\nA privately fostered child must be visited at least every six weeks in the first year.\n"
QUESTION = "How often must a privately fostered child be visited?"

# Runs at the start of every Python that has its folder on PYTHONPATH. Audit events cannot be unhooked, and come from
# the socket module itself, whatever library asks. What is refused is written down too, since a library may swallow
# the error.
GUARD = """
import atexit, os, sys

def _tell(line):
    with open(os.environ["GUARD_LOG"], "a", encoding="utf-8") as log:
        log.write(line + "\\n")

def _refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        target = arguments[0] if event.startswith("socket.get") else arguments[1]
        host = target[0] if isinstance(target, tuple) else target
        if isinstance(target, (str, bytes)) and event in ("socket.connect", "socket.sendto"):
            return  # a socket of this machine's file system
        if str(host) not in ("127.0.0.1", "::1", "localhost", "None", ""):
            _tell(f"{event} {host}")
            raise OSError(f"network is off: {event} {host}")

sys.addaudithook(_refuse)
atexit.register(lambda: [_tell(f"imported {name}") for name in ("posthog",) if name in sys.modules])
"""


@dataclass(frozen=True)
class Guarded:
    """A folder in which Python runs without a network, and what it tried all the same."""

    folder: Path

    def python(self, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """The finished run of Python with those arguments, in the project's folder, with a home of its own."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        guard = {"PYTHONPATH": str(self.folder), "GUARD_LOG": str(self.log), "HOME": str(self.folder)}
        return subprocess.run(
            [*before, sys.executable, *arguments],
            cwd=PROJECT, env={**kept, **guard}, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    @property
    def log(self) -> Path:
        """The file of refused connections."""
        return self.folder / "refused.log"

    def refused(self) -> str:
        """What was tried, a line each; '' where nothing was."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""


@pytest.fixture
def guarded(tmp_path: Path) -> Guarded:
    (tmp_path / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    (tmp_path / "visits.md").write_text(RULE, encoding="utf-8")
    return Guarded(tmp_path)


def ingest_and_ask(guarded: Guarded, before: tuple[str, ...] = ()) -> tuple[subprocess.CompletedProcess[str], ...]:
    data = str(guarded.folder / "data")
    added = guarded.python("-m", "ingest", "add", str(guarded.folder / "visits.md"), "--data", data, before=before)
    return added, guarded.python("-m", "kb", "ask", QUESTION, "--data", data, before=before)


def test_the_guard_of_these_tests_refuses_and_records_a_connection(guarded: Guarded) -> None:
    tried = guarded.python("-c", "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)")

    assert tried.returncode == 1
    assert "192.0.2.1" in guarded.refused()


def test_ingesting_and_asking_try_no_connection(guarded: Guarded) -> None:
    added, asked = ingest_and_ask(guarded)

    assert (added.returncode, asked.returncode) == (0, 0), added.stderr + asked.stderr
    assert "every six weeks" in asked.stdout
    assert guarded.refused() == ""


def can_unshare() -> bool:
    try:
        return subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not can_unshare(), reason="this system gives no network namespace of one's own")
def test_ingesting_and_asking_work_where_no_network_exists(guarded: Guarded) -> None:
    """Code beneath Python opens sockets unseen by the guard; here even those could reach nothing."""
    added, asked = ingest_and_ask(guarded, before=("unshare", "-rn"))

    assert (added.returncode, asked.returncode) == (0, 0), added.stderr + asked.stderr
    assert "every six weeks" in asked.stdout


def test_the_pages_report_no_usage_and_listen_on_this_machine_alone() -> None:
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    assert config["browser"]["gatherUsageStats"] is False
    assert config["server"]["address"] == "localhost"


def test_the_index_is_opened_without_telemetry(guarded: Guarded) -> None:
    shown = guarded.python(
        "-c",
        "from pathlib import Path; from kb.index import Index; import sys;"
        "index = Index(Path(sys.argv[1]), write=True); print(index._client.get_settings().anonymized_telemetry)",
        str(guarded.folder / "data"),
    )

    assert shown.stdout.strip() == "False", shown.stderr
    assert guarded.refused() == ""
