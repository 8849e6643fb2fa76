"""Whether a receipt is what the knowledge base said: unaltered, and still what its archive holds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from kb import messages
from kb.database import Database
from kb.receipt import CODES, SEAL, Line, canonical, code, grouped, read_key, seal

_TAG = re.compile(r"\[(\d\d)/(\d\d)\]")
_NAMED = re.compile(r"\s*([^:]{1,40}):\s?(.*)")
_PLACE = re.compile(r"characters (\d+) to (\d+) of (\S+)$")
_DIGITS = r"[0-9a-f]{16}(?: [0-9a-f]{16}){3}"
_EDITION = re.compile(rf"(\S+) file ({_DIGITS}) text ({_DIGITS})")
_SEAL = re.compile(rf"({_DIGITS})(?!\w)")


class Verdict(StrEnum):
    """What came of checking a receipt."""

    VERIFIED = "verified"
    ALTERED = "altered"
    NOT_FROM_HERE = "not from this knowledge base"
    LACKING = "the archive lacks an edition"


@dataclass(frozen=True)
class Checked:
    """A verdict on one receipt with its reasons, and the lines of it that can be relied on.

    `editions` are the ids of those that it quotes, where they are in the archive; `generation_kept` says whether the
    archive still has the list of editions that its generation was made of.
    """

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    editions: tuple[str, ...] = ()
    generation_kept: bool = False


@dataclass(frozen=True)
class _Read:
    """A receipt as it was found: its lines by number, how many it says there are, and how many times each is there."""

    total: int
    lines: dict[int, Line]
    repeated: tuple[int, ...]


def check(text: str, data: Path) -> tuple[Checked, ...]:
    """The verdict on each receipt in the text, in order; () where there is none in it.

    Raises StoreMissing and StoreDamaged where there is no archive to compare with.
    """
    with Database(data) as database:
        key = read_key(data)
        return tuple(_checked(found, key, database) for found in _receipts(text))


def standing(editions: Sequence[str], data: Path, on: date) -> tuple[str, ...]:
    """'Private fostering, 2013: superseded since 1 March 2016' for each of the editions, as they stand on the day."""
    with Database(data) as database:
        published = {edition.id: edition for edition in database.editions(database.published_id() or "")}
        found = [published.get(id_) or database.edition(id_) for id_ in editions]
    return tuple(
        f"{', '.join(part for part in (edition.document.title, edition.label) if part)}: "
        + (messages.status(edition, on) if edition.id in published else "no longer published")
        for edition in found
    )


def _receipts(text: str) -> Iterator[_Read]:
    """Every run of numbered lines, each beginning with a first line or with another number of lines."""
    whole = canonical(text)
    tags = list(_TAG.finditer(whole))
    group: list[tuple[int, str]] = []
    total = 0
    for tag, end in zip(tags, [*(tag.start() for tag in tags[1:]), len(whole)], strict=False):
        number, of = int(tag[1]), int(tag[2])
        if group and (of != total or number == 1):
            yield _read(total, group)
            group = []
        total = of
        group.append((number, whole[tag.end() : end]))
    if group:
        yield _read(total, group)


def _read(total: int, group: Sequence[tuple[int, str]]) -> _Read:
    lines: dict[int, Line] = {}
    repeated = []
    for number, said in group:
        if number in lines:
            repeated.append(number)
            continue
        name, text = match.groups() if (match := _NAMED.fullmatch(said)) else ("", said)
        # Behind the seal comes whatever else stands in the message.
        found = _SEAL.match(text) if name == SEAL else None
        lines[number] = Line(name, found[1] if found else text.strip())
    return _Read(total, lines, tuple(repeated))


def _checked(found: _Read, key: bytes | None, database: Database) -> Checked:
    lines = [found.lines[number] for number in range(1, found.total - 1) if number in found.lines]
    given = found.lines.get(found.total, Line("", ""))
    if key is None:
        return Checked(Verdict.NOT_FROM_HERE, ("it has never given a receipt",))
    wrong, right = _compared(found, key)
    codes = found.lines.get(found.total - 1, Line("", "")).text.split()
    is_whole = len(right) == len(codes) == found.total - 2 and not found.repeated
    if is_whole and given.name == SEAL and given.text == grouped(seal(lines, key)):
        return _against_archive(lines, database)
    if not right:
        return Checked(Verdict.NOT_FROM_HERE, ("no line of it carries this knowledge base's code",))
    return Checked(Verdict.ALTERED, tuple(_alterations(found, wrong, right, database)))


def _compared(found: _Read, key: bytes) -> tuple[list[int], list[int]]:
    """The numbers of the lines that do not go with their codes, and of those that do."""
    line = found.lines.get(found.total - 1, Line("", ""))
    codes = line.text.split() if line.name == CODES else []
    wrong: list[int] = []
    right: list[int] = []
    for number in sorted(found.lines):
        if number <= found.total - 2:
            expected = codes[number - 1] if number <= len(codes) else ""
            is_right = code(number, found.total, found.lines[number], key) == expected
            (right if is_right else wrong).append(number)
    return wrong, right


def _alterations(found: _Read, wrong: Sequence[int], right: Sequence[int], database: Database) -> Iterator[str]:
    """Each line that is not as it was, with what the archive holds in the place of a quote."""
    sources = {line.name: line.text for number in right if (line := found.lines[number]).name.endswith(" from")}
    for number in range(1, found.total + 1):
        stated = found.lines.get(number)
        place = f"line [{number:02}/{found.total:02}]"
        if stated is None:
            yield f"{place} is missing"
        elif number in wrong:
            yield f"{place} is not what it was: {stated.name}: {stated.text}"
            if stands := _archived(sources.get(f"{stated.name} from", ""), database):
                yield f"in its place the archive has: “{stands}”"
        if number in found.repeated:
            yield f"{place} stands there more than once"
    if not wrong and len(found.lines) == found.total and not found.repeated:
        yield f"the line of the {CODES.lower()} or the {SEAL.lower()} is not what it was"


def _archived(source: str, database: Database) -> str:
    """What stands in the archive at the place that a line names, '' where there is none."""
    place = _PLACE.search(source)
    if place is None or place[3] not in database.known_editions():
        return ""
    return " ".join(database.edition_text(place[3])[int(place[1]) : int(place[2])].split())


def _against_archive(lines: Sequence[Line], database: Database) -> Checked:
    """A receipt with its seal intact, compared with what the archive holds."""
    editions = {match[1]: match for line in lines if line.name == "Edition" and (match := _EDITION.match(line.text))}
    known = database.known_editions()
    reasons = [f"edition {id_} is not there" for id_ in editions if id_ not in known]
    texts = {id_: database.edition_text(id_) for id_ in editions if id_ in known}
    for id_, text in texts.items():
        if grouped(hashlib.sha256(text.encode()).hexdigest()) != editions[id_][3]:
            reasons.append(f"the text of edition {id_} is not the one that was quoted from")
        if grouped(database.edition(id_).sha256) != editions[id_][2]:
            reasons.append(f"the file of edition {id_} is not the one that was read")
    reasons += _misquoted(lines, texts)
    generation = next((line.text.split(" ")[0] for line in lines if line.name == "Generation"), "")
    held = {edition.id for edition in database.editions(generation)}
    if held:
        reasons += [f"edition {id_} was no part of generation {generation}" for id_ in texts if id_ not in held]
    verdict = Verdict.LACKING if reasons else Verdict.VERIFIED
    return Checked(verdict, tuple(reasons), tuple(lines), tuple(texts), bool(held))


def _misquoted(lines: Sequence[Line], texts: dict[str, str]) -> Iterator[str]:
    """What does not stand in the archive at its place."""
    said = {line.name: line.text for line in lines}
    for name, source in said.items():
        place = _PLACE.search(source) if name.endswith(" from") else None
        if place is None or place[3] not in texts:
            continue
        quote = name.removesuffix(" from")
        stands = texts[place[3]][int(place[1]) : int(place[2])]
        if canonical(f"“{stands}”") != said.get(quote):
            yield f"{quote.lower()} does not stand in edition {place[3]} at its place"
