"""What to read: the entries of a manifest, or files and folders named on the command line."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from itertools import count as count_from
from pathlib import Path

from ingest.blocks import Loaded
from ingest.loaders import LOADERS, REFUSED
from ingest.manifest import ManifestEntry
from kb.documents import Authority, Document, Edition, Kind, Withdrawal
from kb.errors import WrongUse

AUTHORITY = {
    Kind.PROCEDURE: Authority.LOCAL_PROCEDURE,
    Kind.GUIDANCE: Authority.GUIDANCE,
    Kind.CAMPAIGN: Authority.CAMPAIGN,
    Kind.ANNUAL_REPORT: Authority.ANNUAL_REPORT,
    Kind.CONTACT_LIST: Authority.LOCAL_PROCEDURE,
}
"""Whose word a document of each kind is taken to be, where nobody says."""

_ODD = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


@dataclass(frozen=True)
class Given:
    """What a person says of the files that are added; None and '' leave it to the file itself."""

    title: str = ""
    kind: Kind = Kind.GUIDANCE
    edition: str = ""
    in_force_from: date | None = None


@dataclass(frozen=True)
class Source:
    """A file to read, and all that is known of it before it is read; an empty title or label is taken from the file."""

    path: Path
    name: str
    document: Document
    label: str = ""
    in_force_from: date | None = None
    in_force_until: date | None = None
    review_by: date | None = None
    historical: bool = False
    withdrawn: Withdrawal | None = None
    confirmed: str = ""
    sources: tuple[str, ...] = field(default=())

    def edition(self, id_: str, sha256: str, loaded: Loaded) -> Edition:
        """The edition that this file is, with the file's own title, date and link where none were given."""
        title = self.document.title or loaded.title or legible(self.path.stem)
        return Edition(
            id=id_,
            document=replace(self.document, title=title, url=self.document.url or loaded.url),
            label=self.label or loaded.edition or "",
            file=legible(self.path.name),
            sha256=sha256,
            in_force_from=self.in_force_from or loaded.in_force_from,
            in_force_until=self.in_force_until,
            review_by=self.review_by,
            historical=self.historical,
            withdrawn=self.withdrawn,
            confirmed=self.confirmed,
            sources=self.sources,
            page_labels=loaded.page_labels,
        )


def from_manifest(entries: Iterable[ManifestEntry]) -> tuple[Source, ...]:
    """A source for each entry, in the manifest's order."""
    return tuple(
        Source(
            path=entry.path,
            name=entry.file,
            document=entry.document,
            label=entry.label,
            in_force_from=entry.in_force_from,
            in_force_until=entry.in_force_until,
            review_by=entry.review_by,
            historical=entry.historical,
            withdrawn=entry.withdrawn,
            confirmed=entry.confirmed,
            sources=entry.sources,
        )
        for entry in entries
    )


def from_paths(paths: Sequence[Path], given: Given) -> tuple[Source, ...]:
    """A source for each file named and each file of a known format below each folder named, in order of name.

    A document of a format that is known not to be read ('.doc') is one too, so that it is reported as not read.
    A document's id is its file's name, below a folder its path; where two come out alike their suffixes tell them
    apart, then the folders that they lie in, then a number. Hidden files and links out of a folder are passed over.
    Raises WrongUse for a path that is not there, and where a title is given for several files.
    """
    found: dict[Path, str] = {}
    for path in paths:
        for file, name in _files(path):
            found.setdefault(file.resolve(), name)
    if given.title and len(found) > 1:
        fact = f"one title for {len(found)} files"
        raise WrongUse("--title", fact, "Add the files one by one to give each its title.")
    ids = _ids(found)
    return tuple(_source(path, name, ids[path], given) for path, name in found.items())


def _files(path: Path) -> list[tuple[Path, str]]:
    """(file, its name below what was named) for a path named on the command line."""
    if not path.exists():
        raise WrongUse(str(path), "there is no such file or folder", "Check the name.")
    if not path.is_dir():
        return [(path, legible(path.name))]
    wanted = LOADERS.keys() | REFUSED.keys()
    known = (file for file in sorted(path.rglob("*")) if file.suffix.lower() in wanted and file.is_file())
    named = [(file, file.relative_to(path)) for file in known if file.resolve().is_relative_to(path.resolve())]
    # Word keeps a lock file '~$name.docx' beside a document that is open.
    visible = [(file, name) for file, name in named if not any(part.startswith((".", "~$")) for part in name.parts)]
    if not visible:
        raise WrongUse(str(path), "no file of a known format below it", f"Known: {' '.join(sorted(LOADERS))}")
    return [(file, legible(name.as_posix())) for file, name in visible]


def _ids(found: Mapping[Path, str]) -> dict[Path, str]:
    """An id of its own for each file."""
    tries = (
        {path: slug(name.rsplit(".", 1)[0]) for path, name in found.items()},
        {path: slug(name) for path, name in found.items()},
        {path: slug("/".join(path.parts[-3:])) for path in found},
    )
    counts = [Counter(names.values()) for names in tries]
    ids: dict[Path, str] = {}
    taken: set[str] = set()
    for path in found:
        alone = (names[path] for names, count in zip(tries, counts, strict=True) if count[names[path]] == 1)
        numbered = (f"{tries[-1][path]}-{number}" for number in count_from(2))
        ids[path] = next(id_ for id_ in chain(alone, numbered) if id_ not in taken)
        taken.add(ids[path])
    return ids


def _source(path: Path, name: str, id_: str, given: Given) -> Source:
    document = Document(id=id_, title=given.title, kind=given.kind, authority=AUTHORITY[given.kind])
    return Source(path, name, document, label=given.edition, in_force_from=given.in_force_from)


def legible(name: str) -> str:
    """A file's name on one line, with \ufffd for each sign that cannot be stored or that a terminal would obey."""
    odd = (unicodedata.category(sign) in _ODD for sign in name)
    return "".join("\ufffd" if is_odd else sign for sign, is_odd in zip(name, odd, strict=True))


def slug(name: str) -> str:
    """A name as an id: 'Private Fostering (2013)' → 'private-fostering-2013'; 'document' where nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "document"
