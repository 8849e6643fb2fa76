"""The README is true: what it names is there, and what is there it names."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kb.documents import Status
from kb.settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")


def help_of(*command: str) -> str:
    shown = subprocess.run(
        [sys.executable, "-m", *command, "--help"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return shown.stdout


def commands(module: str) -> list[str]:
    """The names of a command line's commands, from its help."""
    listed = help_of(module).partition("\ncommands:")[2].partition("\nexamples:")[0]
    return re.findall(r"^    ([a-z-]+)", listed, re.MULTILINE)


@pytest.mark.parametrize("module", ["kb", "ingest"])
def test_the_readme_names_every_command_and_option(module: str) -> None:
    named = commands(module)
    options = {
        option
        for words in [(), *((name,) for name in named)]
        for option in re.findall(r"--[a-z-]+", help_of(module, *words))
    }

    assert named
    assert [name for name in named if f"python -m {module} {name}" not in README] == []
    assert [option for option in sorted(options - {"--help"}) if option not in README] == []


def test_every_make_command_named_in_a_document_is_in_the_makefile() -> None:
    documents = [README, (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")]
    named = {name for text in documents for name in re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)}

    assert named
    assert [name for name in sorted(named) if not re.search(rf"^{name}:", MAKEFILE, re.MULTILINE)] == []


def test_the_readme_names_every_setting_and_no_other() -> None:
    assert set(re.findall(r"KB_[A-Z_]+", README)) == set(
        re.findall(r"KB_[A-Z_]+", str(Settings.from_environment.__doc__))
    )


def test_the_readme_names_every_status() -> None:
    assert [name for name in Status if name not in README] == []


def test_every_link_between_documents_leads_to_a_file() -> None:
    documents = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    links = [
        (document, target)
        for document in documents
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
        if "://" not in target
    ]

    assert links
    assert [f"{document.name}: {target}" for document, target in links if not (document.parent / target).exists()] == []


def test_the_message_that_make_run_looks_for_is_the_one_that_status_prints(tmp_path: Path) -> None:
    (tmp_path / "rule.md").write_text("# Visits\n\nVisit every six weeks.\n", encoding="utf-8")
    looked_for = re.search(r"ingest status .*grep -q '\^(.*?)'", MAKEFILE)
    run = [sys.executable, "-m", "ingest"]
    data = ["--data", str(tmp_path / "data")]

    subprocess.run([*run, "add", str(tmp_path / "rule.md"), *data], cwd=PROJECT, capture_output=True, check=True)
    shown = subprocess.run([*run, "status", *data], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert looked_for
    assert shown.stdout.startswith(looked_for[1])
