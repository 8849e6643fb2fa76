"""Amendments notes as people have edited them, one file a draft in the data folder."""

from __future__ import annotations

import re
from pathlib import Path

from kb.errors import KnowledgeBaseError, WrongUse

FOLDER = "notes"
_ID = re.compile(r"[\w-]+")
_LONGEST = 500_000


def read(data: Path, draft: str) -> str | None:
    """The note that was kept for the draft, None where none was."""
    try:
        return _path(data, draft).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeBaseError(str(_path(data, draft)), f"it cannot be read ({error})", "Check the file.") from error


def keep(data: Path, draft: str, text: str) -> None:
    """Keeps the note, whole or not at all; a blank one is forgotten, so that the draft of it comes back."""
    path = _path(data, draft)
    if len(text) > _LONGEST:
        raise WrongUse("amendments note", f"it has {len(text):,} characters", f"Up to {_LONGEST:,} are kept.")
    try:
        if not text.strip():
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".part")
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        fact = f"it cannot be kept ({error.strerror or error})"
        raise KnowledgeBaseError(str(path), fact, "Download it, then check the folder and the disk.") from error


def _path(data: Path, draft: str) -> Path:
    if not _ID.fullmatch(draft):
        raise WrongUse(draft, "this is no draft's id", "Open the draft again.")
    return data / FOLDER / f"{draft}.md"
