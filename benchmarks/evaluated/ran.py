"""What a run was made with."""

from __future__ import annotations

import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent


def commit() -> str:
    """The commit that the project is at, with "+" where its files have changed since; '?' without git."""
    try:
        told = [
            subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, text=True, check=True).stdout.strip()
            for words in (("rev-parse", "--short", "HEAD"), ("status", "--porcelain", "--", "kb", "ingest", "corpus"))
        ]
    except (OSError, subprocess.CalledProcessError):
        return "?"
    return told[0] + ("+" if told[1] else "")
