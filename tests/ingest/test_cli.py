"""The command line of the write side, as a person meets it."""

from __future__ import annotations

import io
import os
import pty
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

import ingest.__main__ as command_line
from ingest import commands
from ingest.progress import Stage, Step
from ingest.run import Report
from ingest.service import Desk
from kb.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Shelf


@pytest.fixture
def run(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs the command line in this process on the shelf's data, with the embedder of words."""
    monkeypatch.setattr(commands, "find_model", lambda _: shelf.words.model)
    monkeypatch.setenv("KB_DATA", str(shelf.data))
    return lambda *arguments: command_line.main([str(argument) for argument in arguments])


def pdf(text: str) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made)
    canvas.drawString(72, 700, text)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def encrypted(content: bytes) -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(content)))
    writer.encrypt("secret")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def zip_bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b" " * 400_000_000)
    return made.getvalue()


def bad_files(shelf: Shelf) -> dict[str, str]:
    """Files of which none can be read: name → a word of the reason."""
    good = pdf("A page of text about visits.")
    shelf.put("empty.pdf", b"")
    shelf.put("encrypted.pdf", encrypted(good))
    shelf.put("truncated.pdf", good[: len(good) // 3])
    shelf.put("blank.pdf", pdf(""))
    shelf.put("picture.docx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    shelf.put("bomb.docx", zip_bomb())
    shelf.put("nothing.html", "<html><body><script>1</script></body></html>")
    shelf.put("binary.txt", bytes(range(256)) * 10)
    (shelf.files / "gone.md").symlink_to(shelf.files / "nowhere.md")
    shelf.put("letter.odt", b"PK\x03\x04 odt")
    shelf.put("noending", "text")
    os.mkfifo(shelf.files / "pipe.md")
    return {
        "empty.pdf": "empty",
        "encrypted.pdf": "encrypted",
        "truncated.pdf": "",
        "blank.pdf": "no text",
        "picture.docx": "not what '.docx' says",
        "bomb.docx": "",
        "nothing.html": "no text",
        "binary.txt": "",
        "letter.odt": "no loader for '.odt'",
        "noending": "no ending",
        "pipe.md": "not a file",
    }


def test_a_batch_of_bad_files_is_one_line_each_and_the_rest_is_ingested(shelf: Shelf, project: Path) -> None:
    """The whole command in a process of its own, with the model that ships."""
    reasons = bad_files(shelf)
    named = [shelf.files / name for name in ("noending", "pipe.md")]
    command = [sys.executable, "-m", "ingest", "add", str(shelf.files), *map(str, named), "--data", str(shelf.data)]

    result = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120)

    lines = [line for line in result.stdout.splitlines() if line.startswith("not read")]
    assert result.returncode == 1, result.stdout + result.stderr
    assert result.stderr == ""
    assert {line[17:].split(": ")[0] for line in lines} == set(reasons)
    assert len(lines) == len(reasons)
    for line in lines:
        name, _, reason = line[17:].partition(": ")
        assert reasons[name] in reason
        assert reason.endswith(".")
    assert "added         2  fostering, sleep" in result.stdout
    assert BACK in shelf.text()


BACK = "Put the baby on the back to sleep."


def test_changes_wait_for_a_yes(shelf: Shelf, run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("add", shelf.files) == 0
    shelf.put("sleep.md", "Changed.")

    assert run("add", shelf.files) == 1
    held = capsys.readouterr().out
    assert run("add", shelf.files, "--yes") == 0
    published = capsys.readouterr().out

    assert "updated       1  sleep" in held
    assert "run it again with --yes" in held
    assert published.count("updated       1  sleep") == 1
    assert "published 20" in published
    assert "Changed." in shelf.text()


def test_the_same_again_says_that_nothing_changed(
    shelf: Shelf, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    run("add", shelf.files)
    capsys.readouterr()

    assert run("add", shelf.files) == 0

    out, err = capsys.readouterr()
    assert out.startswith("unchanged     2  fostering, sleep\nnothing changed; 20")
    assert err == ""


def manifest(*ids: str) -> str:
    facts = 'id = "{0}"\ntitle = "{0}"\nkind = "campaign"\nauthority = "campaign"\nfile = "{0}.md"\n'
    return "".join(f"[[document]]\n{facts.format(id_)}" for id_ in ids)


def test_a_manifest_is_the_whole(shelf: Shelf, run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    shelf.put("manifest.toml", manifest("fostering", "sleep"))
    run("--corpus", shelf.files)
    shelf.put("manifest.toml", manifest("sleep"))
    capsys.readouterr()

    code = run("--corpus", shelf.files, "--yes")

    out = capsys.readouterr().out
    assert (code, "removed       1  fostering" in out, "unchanged     1  sleep" in out) == (0, True, True), out


def test_what_was_added_stays_beside_a_manifest_and_is_told(
    shelf: Shelf, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    run("add", shelf.files)
    shelf.put("manifest.toml", manifest("sleep"))
    capsys.readouterr()

    code = run("--corpus", shelf.files, "--yes")

    out = capsys.readouterr().out
    assert (code, "removed" in out, "updated       1  sleep" in out) == (0, False, True), out
    assert "kept          1  added by themselves: fostering" in out


def test_status_lists_what_is_published_and_what_is_not_read(
    shelf: Shelf, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    shelf.put("empty.md", b"")
    run("add", shelf.files, "--edition", "2013")
    capsys.readouterr()

    code = run("status")

    out = capsys.readouterr().out
    assert code == 1
    assert "2 editions" in out
    assert "  undated         fostering: Private fostering (2013)" in out
    assert "  not read        empty.md: the file is empty." in out


@pytest.mark.parametrize("arguments", [("status",), ("rebuild",)])
def test_with_nothing_published_the_next_step_is_named(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    code = run(*arguments)

    assert code == 3
    assert "python -m ingest" in capsys.readouterr().err


def test_rebuild_says_what_stands(shelf: Shelf, run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    run("add", shelf.files)
    capsys.readouterr()

    assert run("rebuild") == 0

    assert "0 texts embedded (the index is new)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "no-such-file.pdf"), "error: no-such-file.pdf: there is no such file or folder"),
        (("add", "{files}", "--title", "One"), "one title for 2 files"),
        (("--corpus", "{files}"), "manifest.toml"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    shelf: Shelf,
    run: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    code = run(*(argument.format(files=shelf.files) for argument in arguments))

    assert code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [("add",), ("add", "x", "--kind", "novel"), ("add", "x", "--in-force-from", "2013")]
)
def test_wrong_arguments_are_exit_code_2(run: Callable[..., int], arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(*arguments)

    assert stopped.value.code == 2


def test_a_data_folder_that_is_a_file_is_one_line(
    shelf: Shelf, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    shelf.data.write_text("not a folder")

    assert run("add", shelf.files) == 3

    (line,) = capsys.readouterr().err.splitlines()
    assert "it cannot be written" in line


def test_help_shows_examples_and_exit_codes(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, wanted in ((("--help",), "exit codes: 0 done"), (("add", "--help"), "--kind annual-report")):
        with pytest.raises(SystemExit) as stopped:
            run(*arguments)
        out = capsys.readouterr().out
        assert stopped.value.code == 0
        assert "examples:" in out
        assert wanted in out


def test_stopping_says_what_stands(
    shelf: Shelf, run: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> Report:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Desk, "prepare", stop)
        assert run("add", shelf.files) == 3
        assert "stopped; nothing is published yet" in capsys.readouterr().err
    run("add", shelf.files)
    with Database(shelf.data) as database:
        published = database.published_id()
    monkeypatch.setattr(Desk, "prepare", stop)
    capsys.readouterr()

    assert run("add", shelf.files) == 3

    assert f"stopped; generation {published} is published and answers" in capsys.readouterr().err


@pytest.fixture
def _minds_control_c() -> Iterator[None]:
    """A shell that starts the tests behind itself has them ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_minds_control_c")
def test_control_c_stops_a_real_run_in_one_line(shelf: Shelf) -> None:
    shelf.ingest()
    shelf.put("sleep.md", "Changed.")

    def interrupt(step: Step) -> None:
        if step.stage is Stage.EMBED:
            signal.raise_signal(signal.SIGINT)

    shelf.tell = interrupt
    with pytest.raises(KeyboardInterrupt):
        shelf.ingest()

    shelf.tell = lambda _: None
    assert BACK in shelf.text()
    assert shelf.ingest().updated == ("sleep",)


def test_progress_is_shown_on_a_terminal_and_not_in_a_pipe(shelf: Shelf, project: Path) -> None:
    code = (
        "from ingest.progress import *\nimport time\n"
        "with TerminalProgress() as told:\n"
        "    told(Step(Stage.READ, 1, 3, 'documents', 'visits.pdf')); time.sleep(0.3)\n"
    )
    command = [sys.executable, "-c", code]
    environment = {**os.environ, "TERM": "xterm"}

    piped = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60)
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=project, env=environment, stderr=theirs, stdout=subprocess.DEVNULL) as process:
        os.close(theirs)
        shown = drained(ours, process)

    assert (piped.stdout, piped.stderr) == ("", "")
    assert "reading visits.pdf" in shown
    assert "1/3 documents" in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)


def drained(terminal: int, process: subprocess.Popen[bytes]) -> str:
    shown = b""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # Linux says so once the other end is closed
            break
        if not part:
            break
        shown += part
    process.wait(timeout=30)
    os.close(terminal)
    return shown.decode()
