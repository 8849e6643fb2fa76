"""What to read: the entries of a manifest, or files and folders named on the command line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from ingest.blocks import Loaded
from ingest.loaders import LOADERS
from ingest.manifest import ManifestEntry
from kb.documents import Authority, Document, Edition, Kind, Withdrawal
from kb.errors import WrongUse

_AUTHORITY = {
    Kind.PROCEDURE: Authority.LOCAL_PROCEDURE,
    Kind.GUIDANCE: Authority.GUIDANCE,
    Kind.CAMPAIGN: Authority.CAMPAIGN,
    Kind.ANNUAL_REPORT: Authority.ANNUAL_REPORT,
    Kind.CONTACT_LIST: Authority.LOCAL_PROCEDURE,
}


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
        title = self.document.title or loaded.title or self.path.stem
        return Edition(
            id=id_,
            document=replace(self.document, title=title, url=self.document.url or loaded.url),
            label=self.label or loaded.edition or "",
            file=self.path.name,
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

    A document's id is its file's name, below a folder its path; two that come out alike are told apart by their
    suffix. Raises WrongUse for a path that is not there, and where a title is given for several files.
    """
    found: dict[Path, str] = {}
    for path in paths:
        if not path.exists():
            raise WrongUse(str(path), "there is no such file or folder", "Check the name.")
        if path.is_dir():
            below = sorted(file for file in path.rglob("*") if file.is_file() and file.suffix.lower() in LOADERS)
            visible = [file for file in below if not any(part.startswith(".") for part in file.relative_to(path).parts)]
            if not visible:
                raise WrongUse(str(path), "no file of a known format below it", f"Known: {' '.join(sorted(LOADERS))}")
            found.update((file, file.relative_to(path).as_posix()) for file in visible)
        else:
            found[path] = path.name
    if given.title and len(found) > 1:
        raise WrongUse("--title", f"one title for {len(found)} files", "Add the files one by one to give each its title.")
    return tuple(_source(path, name, found.values(), given) for path, name in found.items())


def _source(path: Path, name: str, names: Iterable[str], given: Given) -> Source:
    id_ = slug(name.rsplit(".", 1)[0])
    if sum(slug(other.rsplit(".", 1)[0]) == id_ for other in names) > 1:
        id_ = slug(name)
    document = Document(id=id_, title=given.title, kind=given.kind, authority=_AUTHORITY[given.kind])
    return Source(path, name, document, label=given.edition, in_force_from=given.in_force_from)


def slug(name: str) -> str:
    """A name as an id: 'Private Fostering (2013)' → 'private-fostering-2013'; 'document' where nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "document"
