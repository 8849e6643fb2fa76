"""Files that a browser sent: their names made safe, each given its document, kept aside only while they are read."""

from __future__ import annotations

import re
import secrets
import shutil
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

from ingest.loaders import LOADERS, MAX_BYTES
from ingest.sources import AUTHORITY, Source, slug
from kb.documents import Document, Edition, Kind
from kb.errors import WrongUse

FOLDER = "uploads"
MOST_FILES = 300
MOST_BYTES = 5 * MAX_BYTES
_LEFT_OVER = 3600.0  # seconds after which what lies in the folder was left by a process that was killed
_LONGEST = 120
_UNSAFE = re.compile(r'[<>:"|?*\\/]+')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)")  # names that Windows keeps for itself
_YEARS = re.compile(r"\b(?:v?\d+|final|draft|new|version|edition)\b")
_ALIKE = 0.6


@dataclass(frozen=True)
class Facts:
    """What a person says of a file; `document` is a published document's id, '' for a new one."""

    document: str = ""
    title: str = ""
    kind: Kind = Kind.PROCEDURE
    label: str = ""
    in_force_from: date | None = None
    review_by: date | None = None


@dataclass(frozen=True)
class Upload:
    """A file that came, under the name that the browser gave it."""

    name: str
    content: bytes = field(repr=False)
    facts: Facts = Facts()


def safe_name(name: str) -> str:
    """The last part of the name, without what a file system, a shell or a reader's eye could take for something else.

    At most 120 characters; the ending stays.
    """
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    seen = "".join(each if unicodedata.category(each)[0] not in "CZ" else " " for each in last)
    plain = " ".join(_UNSAFE.sub("-", seen).split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = plain, ""
    stem = stem.strip(". ")[: _LONGEST - len(ending) - 1].strip(". ") or "document"
    return f"{'_' if _RESERVED.match(stem) else ''}{stem}{dot}{ending[:10]}"


def is_passed_over(name: str) -> bool:
    """Whether it is a file of the system rather than a document, or of a kind that is not read."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith((".", "~$")) for part in parts) or Path(parts[-1]).suffix.lower() not in LOADERS


def guess(name: str, editions: Sequence[Edition]) -> str:
    """The published document of which the file may be a new edition, by its name; '' where none is like it."""
    safe = safe_name(name)
    for edition in editions:
        if edition.file == safe or edition.document.id == slug(Path(safe).stem):
            return edition.document.id
    wanted = _words(Path(safe).stem)
    scored = [
        (max(_likeness(wanted, _words(known)) for known in (edition.document.title, edition.document.id)), number)
        for number, edition in enumerate(editions)
    ]
    score, number = max(scored, key=lambda each: (each[0], -each[1]), default=(0.0, 0))
    return editions[number].document.id if score >= _ALIKE else ""


def _words(text: str) -> frozenset[str]:
    return frozenset(_YEARS.sub(" ", slug(text).replace("-", " ")).split())


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def check_amount(uploads: Sequence[Upload]) -> None:
    """WrongUse where there is nothing to read, or more than is read at once."""
    if not uploads:
        raise WrongUse("files", "none was chosen", f"Known formats: {' '.join(sorted(LOADERS))}")
    size = sum(len(upload.content) for upload in uploads)
    if len(uploads) > MOST_FILES or size > MOST_BYTES:
        fact = f"{len(uploads)} files with {size / 1e6:,.0f} MB came"
        raise WrongUse("files", fact, f"Add up to {MOST_FILES} files and {MOST_BYTES / 1e6:,.0f} MB at a time.")


@contextmanager
def laid_out(data: Path, uploads: Sequence[Upload], published: Sequence[Edition]) -> Iterator[tuple[Source, ...]]:
    """The uploads as sources, on disk in the data folder until the end; what a killed process left goes, too."""
    folder = data / FOLDER
    _sweep(folder)
    own = folder / secrets.token_hex(8)
    try:
        yield tuple(_sources(own, uploads, published))
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _sweep(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = time.time() - _LEFT_OVER
    for left in folder.iterdir():
        if left.stat().st_mtime < before:
            shutil.rmtree(left, ignore_errors=True)


def _sources(folder: Path, uploads: Sequence[Upload], published: Sequence[Edition]) -> Iterator[Source]:
    known = {edition.document.id: edition.document for edition in published}
    taken = set(known)
    names = Counter[str]()
    for number, upload in enumerate(uploads):
        name = safe_name(upload.name)
        names[name] += 1
        path = folder / str(number) / name
        path.parent.mkdir(parents=True, mode=0o700)
        path.write_bytes(upload.content)
        facts = upload.facts
        if facts.document:
            if facts.document not in known:
                raise WrongUse(name, f"no document {facts.document!r} is published", "Choose it again.")
            document = known[facts.document]
        else:
            document = _new(name, facts, taken)
            taken.add(document.id)
        told = name if names[name] == 1 else f"{name} ({names[name]})"
        yield Source(path, told, document, facts.label.strip(), facts.in_force_from, review_by=facts.review_by)


def _new(name: str, facts: Facts, taken: set[str]) -> Document:
    first = slug(facts.title or Path(name).stem)
    id_ = next(each for each in (first, *(f"{first}-{number}" for number in range(2, 10_000))) if each not in taken)
    return Document(id=id_, title=facts.title.strip(), kind=facts.kind, authority=AUTHORITY[facts.kind])
