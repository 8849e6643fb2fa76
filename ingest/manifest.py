"""The list of the corpus's files, `manifest.toml`, read whole or refused with every problem in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StrictBool, ValidationError
from pydantic_core import ErrorDetails

from ingest.loaders import LOADERS
from ingest.loaders.statements import web_address
from kb.documents import Authority, Document, Kind, Withdrawal
from kb.errors import BadManifest

NAME = "manifest.toml"
# A table's number, by which problems are put into the file's order, and the problem.
Problem = tuple[int, str]
_REQUIRED = ("id", "title", "kind", "authority", "file")
# What the editions of one document share; each edition's table says it again, and must say the same.
_SHARED = ("title", "kind", "publisher", "authority", "audience", "url", "owner")


@dataclass(frozen=True)
class ManifestEntry:
    """One edition of a document as the manifest states it; `path` is absolute, `file` relative to the folder."""

    document: Document
    file: str
    path: Path
    label: str = ""
    in_force_from: date | None = None
    in_force_until: date | None = None
    review_by: date | None = None
    historical: bool = False
    confirmed: str = ""
    sources: tuple[str, ...] = ()
    withdrawn: Withdrawal | None = None


_COPIED = (
    "file", "label", "in_force_from", "in_force_until", "review_by", "historical", "confirmed", "sources"
)  # fmt: skip
_A_TEXT, _A_DATE = "a text in quotes", "a date without quotes, such as 2025-03-01"
_A_LIST = 'a list of texts, such as ["schools", "health"]'
_WANTED = {
    "id": "small letters, digits and single hyphens, such as 'private-fostering'",
    "title": _A_TEXT,
    "kind": f"one of {', '.join(Kind)}",
    "publisher": _A_TEXT,
    "authority": f"one of {', '.join(Authority)}",
    "audience": _A_LIST,
    "url": "an address that begins with https:// or http://",
    "owner": _A_TEXT,
    "file": "the file's path inside the folder",
    "label": _A_TEXT,
    "in_force_from": _A_DATE,
    "in_force_until": _A_DATE,
    "review_by": _A_DATE,
    "historical": "true or false",
    "confirmed": _A_TEXT,
    "sources": _A_LIST,
    "withdrawn_on": _A_DATE,
    "withdrawn_reason": _A_TEXT,
    "replaced_by": "the id of another document",
}


def _address(text: str) -> str:
    if not web_address(text):
        raise ValueError("not a web address")
    return text


_Text = Annotated[str, Field(pattern=r"\S")]
_Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
_Date = Annotated[date, Strict()]
_Address = Annotated[str, AfterValidator(_address)]


class _Table(BaseModel):
    """One [[document]] table; every field may be missing here, so that one mistake never hides another."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Slug = ""
    title: _Text = ""
    kind: Kind = Kind.GUIDANCE
    publisher: str = ""
    authority: Authority = Authority.GUIDANCE
    audience: tuple[_Text, ...] = ()
    url: _Address | None = None
    owner: str = ""
    file: _Text = ""
    label: str = ""
    in_force_from: _Date | None = None
    in_force_until: _Date | None = None
    review_by: _Date | None = None
    historical: StrictBool = False
    confirmed: str = ""
    sources: tuple[_Text, ...] = ()
    withdrawn_on: _Date | None = None
    withdrawn_reason: str = ""
    replaced_by: _Slug | None = None


@dataclass(frozen=True)
class _Row:
    """A table with its number in the file (1-based) and the fields that it lacks or that hold what they may not."""

    number: int
    table: _Table
    bad: frozenset[str]

    def says(self, field: str, problem: str) -> Problem:
        """A problem of one field, with the document's name and the value."""
        return self.number, f"{self.name}: {field} = {_shown(getattr(self.table, field))}: {problem}"

    @property
    def name(self) -> str:
        """The document as a person finds it in the file."""
        return _name(self.number, self.table.id)


def read_manifest(folder: Path) -> tuple[ManifestEntry, ...]:
    """The entries of the folder's manifest in its order; BadManifest with every problem where there is any."""
    place = f"{folder.name}/{NAME}" if folder.name else NAME
    problems: list[Problem] = []
    rows = tuple(_row(number, raw, problems) for number, raw in enumerate(_tables(folder / NAME, place, problems), 1))
    for rule in (_file_problems(rows, folder), _withdrawal_problems(rows), _edition_problems(rows)):
        problems += rule
    if problems:
        raise BadManifest(place, tuple(text for _, text in sorted(problems, key=lambda problem: problem[0])))
    return tuple(_entry(row.table, folder) for row in rows)


def _tables(path: Path, place: str, problems: list[Problem]) -> Sequence[object]:
    """The [[document]] tables as TOML gives them; BadManifest where the file is not TOML at all."""
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError as error:
        raise BadManifest(place, (f"there is no {NAME} in {str(path.parent)!r}",)) from error
    except OSError as error:
        raise BadManifest(place, (f"it cannot be opened ({error.strerror})",)) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadManifest(place, (f"line {line} is not UTF-8; save the file as UTF-8",)) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadManifest(place, (f"this is not TOML: {error or 'nested too deeply'}",)) from error
    for key in content:
        if key != "document":
            problems.append((0, f"unknown key {key!r} outside any document{_guess(key, ['document'])}"))
    tables = content.get("document")
    if not isinstance(tables, list):
        wanted = "each document begins with a line [[document]]"
        problems.append(
            (0, f"document is not a list; {wanted}" if tables is not None else f"no document in it; {wanted}")
        )
        return ()
    return tables


def _row(number: int, raw: object, problems: list[Problem]) -> _Row:
    """The table with its wrong fields left out; each of them is added to `problems`."""
    if not isinstance(raw, Mapping):
        problems.append((number, f"{_name(number, '')}: {_shown(raw)}: wanted a table of fields"))
        return _Row(number, _Table(), frozenset(_Table.model_fields))
    name = _name(number, raw.get("id", ""))
    bad = {field for field in _REQUIRED if field not in raw}
    problems += [
        (number, f"{name}: {field} is missing; wanted {_WANTED[field]}") for field in _REQUIRED if field in bad
    ]
    try:
        return _Row(number, _Table.model_validate(raw), frozenset(bad))
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
    problems += [(number, f"{name}: {_mistake(mistake)}") for mistake in mistakes]
    bad |= {str(mistake["loc"][0]) for mistake in mistakes}
    return _Row(number, _Table.model_validate({key: raw[key] for key in raw if key not in bad}), frozenset(bad))


def _mistake(mistake: ErrorDetails) -> str:
    """One field's mistake: the field, the value, what is wanted."""
    field, *place = (str(step) for step in mistake["loc"])
    if mistake["type"] == "extra_forbidden":
        return f"unknown key {field!r}{_guess(field, _Table.model_fields)}"
    where = field + "".join(f"[{step}]" for step in place)
    value = mistake["input"]
    choices = [member.value for member in {"kind": Kind, "authority": Authority}.get(field, ())]
    guess = _guess(value, choices) if isinstance(value, str) else ""
    wanted = "a text in quotes" if place else _WANTED[field]
    return f"{where} = {_shown(value)}: wanted {wanted}{guess}"


def _file_problems(rows: Sequence[_Row], folder: Path) -> Iterator[Problem]:
    """Files that are not there, lie outside the folder, cannot be read, or stand in two tables."""
    users: dict[Path, _Row] = {}
    for row in rows:
        if "file" in row.bad:
            continue
        file = row.table.file
        if problem := _file_problem(file, folder):
            yield row.says("file", problem)
            continue
        path = (folder / file).resolve()
        if path in users:
            yield row.says("file", f"{users[path].name} has the same file; wanted one table for each file")
        users.setdefault(path, row)


def _file_problem(file: str, folder: Path) -> str:
    """What is wrong with a file's name, '' for nothing."""
    parts = re.split(r"[/\\]", file)
    if Path(file).is_absolute() or ".." in parts or "\x00" in file or ":" in parts[0]:
        return "wanted a path inside the folder, without '..'"
    suffix = Path(file).suffix.lower()
    if suffix not in LOADERS:
        return f"no loader for {suffix!r}; known: {', '.join(sorted(LOADERS))}"
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()):
        return "it leads out of the folder; wanted a path inside it"
    if not path.is_file():
        names = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        return f"there is no such file in {folder.name!r}{_guess(path.name, names)}"
    return ""


def _withdrawal_problems(rows: Sequence[_Row]) -> Iterator[Problem]:
    """Withdrawals without a day or a reason, or in favour of a document that the manifest does not have."""
    known = sorted({row.table.id for row in rows if row.table.id})
    for row in rows:
        table = row.table
        if table.withdrawn_on and not table.withdrawn_reason.strip() and "withdrawn_reason" not in row.bad:
            yield row.says("withdrawn_on", "withdrawn_reason is missing; wanted a sentence that users may read")
        if "withdrawn_on" not in row.bad and not table.withdrawn_on:
            for field in ("withdrawn_reason", "replaced_by"):
                if getattr(table, field):
                    yield row.says(field, "withdrawn_on is missing; wanted the day from which it is withdrawn")
        if table.replaced_by is not None and table.replaced_by not in known:
            yield row.says("replaced_by", f"no document has this id{_guess(table.replaced_by, known)}")
        elif table.replaced_by is not None and table.replaced_by == table.id:
            yield row.says("replaced_by", "a document cannot replace itself; wanted another document's id")


def _edition_problems(rows: Sequence[_Row]) -> Iterator[Problem]:
    """Spans that end before they begin, and editions of one document that contradict one another."""
    earlier: dict[str, list[_Row]] = {}
    for row in rows:
        table = row.table
        if table.in_force_from and table.in_force_until and table.in_force_until <= table.in_force_from:
            yield row.says("in_force_until", f"wanted a day after in_force_from, {table.in_force_from}")
        if not table.id:
            continue
        others = earlier.setdefault(table.id, [])
        if others:
            yield from _differences(others[0], row)
        for other in others:
            yield from _clashes(other, row)
        others.append(row)


def _differences(first: _Row, row: _Row) -> Iterator[Problem]:
    """What an edition says of its document otherwise than the first one does."""
    for field in _SHARED:
        before = getattr(first.table, field)
        if field not in first.bad | row.bad and before != getattr(row.table, field):
            yield row.says(field, f"{first.name} says {_shown(before)}; wanted the same for all editions")


def _clashes(other: _Row, row: _Row) -> Iterator[Problem]:
    """Two editions that are one by their label, or are in force on the same day."""
    bad = other.bad | row.bad
    if other.table.label == row.table.label and "label" not in bad:
        yield row.says("label", f"{other.name} is the same edition; wanted a label of its own for each")
    elif bad.isdisjoint(("in_force_from", "in_force_until")) and _overlap(other.table, row.table):
        wanted = "wanted an in_force_until for the older one, the day on which the newer one begins"
        yield row.says("in_force_from", f"in force at the same time as {other.name}, {_span(other.table)}; {wanted}")


def _overlap(first: _Table, second: _Table) -> bool:
    """Whether two spans share a day; a text about past practice without dates has no span."""
    if any(table.historical and not (table.in_force_from or table.in_force_until) for table in (first, second)):
        return False
    begins = max(first.in_force_from or date.min, second.in_force_from or date.min)
    return begins < min(first.in_force_until or date.max, second.in_force_until or date.max)


def _span(table: _Table) -> str:
    return f"{table.in_force_from or 'no day'} to {table.in_force_until or 'no day'}"


def _entry(table: _Table, folder: Path) -> ManifestEntry:
    """The entry of a table in which nothing is wrong."""
    withdrawn = None
    if table.withdrawn_on:
        withdrawn = Withdrawal(table.withdrawn_on, table.withdrawn_reason, table.replaced_by)
    return ManifestEntry(
        document=Document(**{field: getattr(table, field) for field in ("id", *_SHARED)}),
        path=(folder / table.file).resolve(),
        withdrawn=withdrawn,
        **{field: getattr(table, field) for field in _COPIED},
    )


def _name(number: int, id_: object) -> str:
    return f"document {number} {id_!r}" if isinstance(id_, str) and id_ else f"document {number}"


def _shown(value: object) -> str:
    """A value as the manifest writes it, cut where it is long."""
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(str(value)) if isinstance(value, str) else str(list(value) if isinstance(value, tuple) else value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _guess(word: str, known: Iterable[str]) -> str:
    """'; did you mean 'kind'?' where a known word is near, else ''."""
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
