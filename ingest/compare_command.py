"""python -m ingest diff: two files, or the two newest editions of a document that is kept, compared."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.changes import Difference, EditionText
from ingest.commands import settings
from ingest.diff import compare
from ingest.diff_html import render as to_html
from ingest.diff_json import to_json
from ingest.diff_note import draft
from ingest.diff_text import render as to_text
from ingest.loaders import load
from ingest.sources import Given, from_paths
from ingest.split import compose_text
from kb.database import Database
from kb.errors import KnowledgeBaseError, NotReadable, WrongUse
from kb.messages import uk_date

_EXAMPLES = """examples:
  python -m ingest diff old.docx new.docx                two files
  python -m ingest diff private-fostering                the two newest editions of a document that is kept
  python -m ingest diff private-fostering new.pdf        what is kept, and a file
  python -m ingest diff old.pdf new.pdf --html diff.html to send round
  python -m ingest diff old.pdf new.pdf --note           the draft of an amendments note, as Markdown
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the command; `shared` holds --data."""
    told = "compare two files, or the two newest editions of a document"
    parser = commands.add_parser(
        "diff",
        parents=[shared],
        help=told,
        description=told[0].upper() + told[1:] + ". Nothing is changed.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("texts", nargs="+", metavar="OLD NEW", help="files, or ids of documents that are kept")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--note", action="store_true", help="the draft of an amendments note")
    shown.add_argument("--json", action="store_true", help="as JSON (version 1)")
    shown.add_argument("--html", type=Path, metavar="FILE", help="write an HTML file to send round")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    difference = _difference(options.texts, settings(options).data)
    if options.html:
        _write(options.html, to_html(difference, f"Made on {uk_date(_today())} by python -m ingest diff."))
        print(f"written: {options.html}")
    elif options.json:
        print(to_json(difference))
    elif options.note:
        print(draft(difference), end="")
    else:
        print(to_text(difference, colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR")))
    return 0


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/London")).date()


def _difference(texts: list[str], data: Path) -> Difference:
    if len(texts) > 2:
        raise WrongUse("diff", f"{len(texts)} texts are given", "Give two files, or one document that is kept.")
    if len(texts) == 1:
        old, new = _two_newest(texts[0], data)
    else:
        old, new = (_text(given, data) for given in texts)
    # Two files are compared as editions of one document, whatever they are called.
    document = replace(old.edition.document, id=new.edition.document.id)
    return compare([replace(old, edition=replace(old.edition, document=document))], [new])


def _text(given: str, data: Path) -> EditionText:
    path = Path(given)
    if path.is_file():
        return _of_file(path)
    try:
        return kept_editions(data, given, 1)[0]
    except (KnowledgeBaseError, IndexError) as error:
        fact = "there is no file of this name, and no document of this id is kept"
        raise WrongUse(given, f"{fact} in {data}", "Check the name; python -m ingest status lists the ids.") from error


def _two_newest(given: str, data: Path) -> list[EditionText]:
    if Path(given).is_file():
        raise WrongUse(given, "there is nothing to compare this file with", "Give the other file, or a document's id.")
    _text(given, data)
    found = kept_editions(data, given, 2)
    if len(found) < 2:
        raise WrongUse(given, "only one text of it is kept", "Give the file to compare it with.")
    return found


def kept_editions(data: Path, document: str, limit: int) -> list[EditionText]:
    """The newest `limit` editions of a document whose texts differ, the newest last.

    Those of the published generation are the newest, of these the one in force from the latest day; then come those
    of the generations before, as far as they are kept. Raises StoreMissing and StoreDamaged.
    """
    with Database(data) as database:
        published = database.published_id()
        others = [row.id for row in database.generations() if row.published_at and row.id != published]
        found: dict[str, EditionText] = {}
        for generation in [*([published] if published else []), *others]:
            editions = [each for each in database.editions(generation) if each.document.id == document]
            for edition in sorted(editions, key=lambda each: each.in_force_from or date.min, reverse=True):
                text = database.edition_text(edition.id)
                found.setdefault(text, EditionText(edition, text, database.elements(edition.id)))
    return list(found.values())[:limit][::-1]


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
