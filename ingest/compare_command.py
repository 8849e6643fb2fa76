"""python -m ingest diff: two files, a draft, or the two newest editions of a document that is kept, compared."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from dataclasses import replace
from pathlib import Path

from ingest.changes import Difference, EditionText
from ingest.commands import settings
from ingest.diff import compare
from ingest.diff_html import render as to_html
from ingest.diff_json import to_json
from ingest.diff_kept import differences, newest
from ingest.diff_note import draft
from ingest.diff_text import render as to_text
from ingest.history import pairs
from ingest.loaders import load
from ingest.rules import find_draft
from ingest.sources import Given, from_paths
from ingest.split import compose_text
from kb import instants
from kb.database import Database
from kb.errors import NotReadable, StoreMissing, WrongUse
from kb.messages import uk_date

_EXAMPLES = """examples:
  python -m ingest diff old.docx new.docx                two files
  python -m ingest diff private-fostering                the two newest editions of a document that is kept
  python -m ingest diff private-fostering new.pdf        what is kept, and a file
  python -m ingest diff 20261123-091703-5bd0e1           a draft, with what it is to replace
  python -m ingest diff old.pdf new.pdf --html diff.html to send round
  python -m ingest diff old.pdf new.pdf --note           the draft of an amendments note, as Markdown
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the command; `shared` holds --data."""
    told = "compare two files, a draft, or the two newest editions of a document"
    parser = commands.add_parser(
        "diff",
        parents=[shared],
        help=told,
        description=told[0].upper() + told[1:] + ". Nothing is changed.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "texts", nargs="+", metavar="OLD NEW", help="files, or ids of documents or drafts that are kept"
    )
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--note", action="store_true", help="the draft of an amendments note")
    shown.add_argument("--json", action="store_true", help="as JSON (version 1)")
    shown.add_argument("--html", type=Path, metavar="FILE", help="write an HTML file to send round")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    difference = _difference(options.texts, settings(options).data)
    if options.html:
        _write(
            options.html,
            to_html(difference, f"Made on {uk_date(instants.day_of(instants.now()))} by python -m ingest diff."),
        )
        print(f"written: {options.html}")
    elif options.json:
        print(to_json(difference))
    elif options.note:
        print(draft(difference), end="")
    else:
        print(to_text(difference, colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR")))
    return 0


def _difference(texts: list[str], data: Path) -> Difference:
    match texts:
        case [given]:
            return _of_kept(given, data)
        case [first, second]:
            return _of_two(_text(first, data), _text(second, data))
    raise WrongUse("diff", f"{len(texts)} texts are given", "Give two files, or one document or draft that is kept.")


def _of_two(old: EditionText, new: EditionText) -> Difference:
    """Two texts compared as editions of one document, whatever they are called."""
    document = replace(old.edition.document, id=new.edition.document.id)
    return compare([replace(old, edition=replace(old.edition, document=document))], [new])


def _of_kept(given: str, data: Path) -> Difference:
    """A draft compared with what it is to replace, or the two newest editions of a document."""
    if Path(given).is_file():
        raise WrongUse(given, "there is nothing to compare this file with", "Give the other file, or a document's id.")
    draft = _of_draft(given, data)
    if draft is not None:
        return draft
    found = _kept(given, data, 2)
    if len(found) < 2:
        raise WrongUse(given, "only one text of it is kept", "Give the file to compare it with.")
    return _of_two(*found)


def _text(given: str, data: Path) -> EditionText:
    """A file's text, or the newest one of a document that is kept."""
    if Path(given).is_file():
        return _of_file(Path(given))
    return _kept(given, data, 1)[0]


def _of_draft(given: str, data: Path) -> Difference | None:
    """A draft compared with what it is to replace; None where it is no generation's id."""
    try:
        with Database(data) as database:
            if given not in {row.id for row in database.generations()}:
                return None
            base = find_draft(database, given).base
            return differences(database, pairs(database.held(base) if base else [], database.held(given)))
    except StoreMissing:
        return None


def _kept(given: str, data: Path, limit: int) -> list[EditionText]:
    """The newest texts of a document, at least one and at most `limit`."""
    try:
        with Database(data) as database:
            found = newest(database, given, limit)
    except StoreMissing:
        found = []
    if not found:
        fact = f"there is no file of this name, and no document or draft of this id is kept in {data}"
        raise WrongUse(given, fact, "Check the name; python -m ingest status lists the ids.")
    return found


def _of_file(path: Path) -> EditionText:
    loaded = load(path)
    content = compose_text(loaded.blocks)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    edition = from_paths([path], Given())[0].edition(path.name, sha256, loaded)
    return EditionText(edition, content.text, content.elements)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NotReadable(str(path), f"it cannot be written ({error.strerror})", "Name another place.") from error
