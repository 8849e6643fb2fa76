"""A receipt: what the knowledge base said, as a block of plain text that can be checked later.

Each line of it is numbered ("[03/12]") and says one thing. The last but one holds a short code for each line, the last
a seal over all of them, both made with a key that lies in the data folder. What an e-mail does to a text (lines wrapped
or run together, "> " before them, other spaces, quotation marks and dashes) changes neither.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo

from kb import messages
from kb.answers import Answer, Outcome, Statement
from kb.database import Database
from kb.documents import Edition
from kb.errors import KnowledgeBaseError
from kb.visible import PLAIN

KEY_FILE = "receipt.key"
_KEY_BYTES = 32
_WIDTH = 76
_BEGIN = "----- Receipt of the safeguarding knowledge base -----"
_END = "----- End of the receipt. To check it: python -m kb verify FILE -----"
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_DASHES = re.compile(r"\s*-[\s-]*")
_TAG = re.compile(r"\[\d\d/\d\d\]")

SEAL = "Seal"
CODES = "Codes"


@dataclass(frozen=True)
class Line:
    """One line of a receipt: what it is and what it says, without its number."""

    name: str
    text: str

    @property
    def said(self) -> str:
        """The line as it is sealed."""
        return canonical(f"{self.name}: {self.text}")


def canonical(text: str) -> str:
    """The text without what changes when it is sent or pasted: marks of quoting, line ends, spaces, typography."""
    unquoted = _QUOTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    composed = unicodedata.normalize("NFKC", unquoted)
    seen = "".join(PLAIN.get(letter, letter) for letter in composed if unicodedata.category(letter) != "Cf")
    # A line may be broken after a hyphen, and a mail program makes dashes of hyphens.
    return _DASHES.sub("-", " ".join(seen.split()))


def program_version() -> str:
    """The program's version, or that it is not installed as a package."""
    try:
        return version("safeguarding-kb")
    except PackageNotFoundError:
        return "not installed as a package"


def read_key(data: Path) -> bytes | None:
    """The key of the knowledge base in the folder, None where it has never given a receipt."""
    try:
        key = (data / KEY_FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KnowledgeBaseError(
            str(data / KEY_FILE), f"it cannot be read ({error.strerror})", "Check who may read it."
        ) from error
    if len(key) != _KEY_BYTES:
        raise KnowledgeBaseError(
            str(data / KEY_FILE),
            f"it holds {len(key)} bytes instead of {_KEY_BYTES}",
            "Put it back from a backup of the data folder; with another key earlier receipts cannot be checked.",
        )
    return key


def make_key(data: Path) -> bytes:
    """The key of the knowledge base in the folder, made where there is none; whole or not there, whoever else makes it.

    Raises KnowledgeBaseError where it cannot be written.
    """
    known = read_key(data)
    if known is not None:
        return known
    aside = data / f"{KEY_FILE}.{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, data / KEY_FILE)  # fails where another process was first, whose key then counts
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    except OSError as error:
        fact = f"the key for receipts cannot be written ({error.strerror})"
        raise KnowledgeBaseError(str(data), fact, "Check who may write in the folder.") from error
    made = read_key(data)
    assert made is not None, "it was linked or was there"
    return made


def receipt(answer: Answer, at: datetime, data: Path) -> str:
    """The receipt of an answer that was given at `at` (with its time zone) from the knowledge base in the folder.

    Raises KnowledgeBaseError where its key cannot be made, and ValueError for a blocked answer, which has none: its
    question is not to be kept.
    """
    if answer.outcome is Outcome.BLOCKED:
        raise ValueError("a blocked answer has no receipt")
    with Database(data) as database:
        lines = [*_head(answer, at), *_statements(answer, database)]
    return sealed(lines, make_key(data))


def _head(answer: Answer, at: datetime) -> Iterator[Line]:
    local = at.astimezone(ZoneInfo("Europe/London"))
    shown = f"{messages.uk_date(local.date())}, {local:%H:%M:%S %Z} ({at.isoformat(timespec='seconds')})"
    # A question cannot pass for another line of its own receipt, and may hold halves of characters.
    for name, text in (("Question", answer.question), ("Asked with", answer.about)):
        if text or name == "Question":
            whole = text.encode("utf-8", "replace").decode("utf-8")
            yield Line(name, _TAG.sub("", " ".join(whole.split())))
    yield Line("Asked", f"{shown}, of what holds on {messages.uk_date(answer.as_of)}")
    yield Line("Outcome", str(answer.outcome).replace("_", " "))
    yield Line("Generation", f"{answer.generation} (program {program_version()})")


def _statements(answer: Answer, database: Database) -> Iterator[Line]:
    editions: dict[str, Edition] = {}
    for number, statement in enumerate(answer.statements, start=1):
        edition = statement.citation.passage.edition
        editions.setdefault(edition.id, edition)
        yield from _statement(number, statement, answer)
    for edition in editions.values():
        text = hashlib.sha256(database.edition_text(edition.id).encode()).hexdigest()
        yield Line("Edition", f"{edition.id} file {grouped(edition.sha256)} text {grouped(text)}")


def _statement(number: int, statement: Statement, answer: Answer) -> Iterator[Line]:
    citation, lead = statement.citation, statement.lead
    edition = citation.passage.edition
    if lead:
        yield Line(f"Lead-in {number}", f"“{lead.text}”")
        yield Line(f"Lead-in {number} from", f"characters {lead.start} to {lead.end} of {edition.id}")
    yield Line(f"Quote {number}", f"“{citation.quote}”")
    place = f"characters {citation.start} to {citation.end} of {edition.id}"
    yield Line(f"Quote {number} from", f"{citation.locator} ({messages.status(edition, answer.as_of)}); {place}")


def sealed(lines: Sequence[Line], key: bytes) -> str:
    """The block: the lines numbered, a code for each, and the seal."""
    total = len(lines) + 2
    codes = Line(CODES, " ".join(code(number, total, line, key) for number, line in enumerate(lines, start=1)))
    whole = [*lines, codes, Line(SEAL, grouped(seal(lines, key)))]
    wrapped = (
        part
        for number, line in enumerate(whole, start=1)
        for part in _wrapped(f"[{number:02}/{total:02}] {line.name}: {line.text}")
    )
    return "\n".join([_BEGIN, *wrapped, _END])


def grouped(digits: str) -> str:
    """64 hexadecimal digits in groups of 16, so that no mail program has to break them."""
    return " ".join(digits[place : place + 16] for place in range(0, 64, 16))


def _wrapped(text: str) -> list[str]:
    """The text in lines that a mail program has no reason to wrap again; its own line breaks stay."""
    # At the head of a line "> " would be a mark of quoting, so it keeps to the word before it.
    return [
        part
        for number, line in enumerate(text.replace(" >", "\u00a0>").split("\n"))
        for part in textwrap.wrap(
            line,
            _WIDTH,
            initial_indent="  " if number else "",
            subsequent_indent="  ",
            break_on_hyphens=False,
            break_long_words=False,
        )
    ]


def code(number: int, total: int, line: Line, key: bytes) -> str:
    """Four hexadecimal digits by which a line that was altered is known."""
    return _mac(key, f"{number}/{total} {line.said}")[:4]


def seal(lines: Sequence[Line], key: bytes) -> str:
    """64 hexadecimal digits over all the lines."""
    return _mac(key, "\n".join(line.said for line in lines))


def _mac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
