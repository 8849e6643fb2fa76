"""The command line of the write side: python -m ingest."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.manifest import read_manifest
from ingest.progress import TerminalProgress
from ingest.run import Report, ingest, rebuild
from ingest.sources import Given, Source, from_manifest, from_paths
from kb.database import Database
from kb.documents import Kind
from kb.embed import find_model
from kb.errors import KnowledgeBaseError, StoreMissing
from kb.settings import Settings

_EXAMPLES = """examples:
  python -m ingest                                   read corpus/manifest.toml and publish it
  python -m ingest --corpus my-board --data my-data  another corpus into another knowledge base
  python -m ingest add report.pdf --data my-data     a file, or a folder of files, without a manifest
  python -m ingest status --data my-data             what is published, and what could not be read
  python -m ingest rebuild --data my-data            write a damaged index anew

The first documents of an empty knowledge base are published at once. Later changes are shown first and published when
you say yes, or with --yes. Whatever goes wrong, what was published before goes on answering.

exit codes: 0 done; 1 done, but something was not read or not published; 2 wrong use; 3 cannot run
"""
_ADD_EXAMPLES = """examples:
  python -m ingest add report.pdf --kind annual-report --edition 2012-13 --in-force-from 2013-07-01
  python -m ingest add procedures/ --kind procedure --data my-data --yes

A document is known by its file's name, below a folder by its path: a file of the same name added again is its new
edition. Documents that are not named stay as they are.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the command that the arguments ask for; errors are one line on standard error."""
    options = _parser().parse_args(arguments)
    settings = Settings.from_environment(data=options.data)
    try:
        return int(options.run(options, settings))
    except KnowledgeBaseError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print(f"stopped; {_what_stands(settings)}", file=sys.stderr)
        return 3


def _what_stands(settings: Settings) -> str:
    """What is published now, after an ingest was stopped at whatever point."""
    try:
        with Database(settings.data) as database:
            published = database.published_id()
    except StoreMissing:
        published = None
    except KnowledgeBaseError as error:
        return str(error)
    stands = f"generation {published} is published and answers" if published else "nothing is published yet"
    return f"{stands}. Run the same command again to go on; what was read and embedded is kept."


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", metavar="DIR", help="folder of the knowledge base (default: KB_DATA, else ./data)")
    writing = argparse.ArgumentParser(add_help=False, parents=[shared])
    writing.add_argument("--yes", action="store_true", help="publish changes without asking")
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Read documents, show what changes, publish them as one generation.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[writing],
    )
    whole = "folder with manifest.toml, which is the whole (default: KB_CORPUS, else the project's corpus)"
    parser.add_argument("--corpus", type=Path, metavar="DIR", help=whole)
    parser.set_defaults(run=_from_manifest)
    commands = parser.add_subparsers(title="commands", metavar="")
    _add_parser(commands, writing)
    for name, run, told in (
        ("status", _status, "what is published, and what could not be read"),
        ("rebuild", _rebuild, "write the index anew from the vectors kept in SQLite"),
    ):
        commands.add_parser(name, parents=[shared], help=told, description=told).set_defaults(run=run)
    return parser


def _add_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], writing: argparse.ArgumentParser
) -> None:
    add = commands.add_parser(
        "add",
        parents=[writing],
        help="add files or folders without a manifest",
        description="Add files, or every file of a known format below a folder, to what is published.",
        epilog=_ADD_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")
    add.add_argument("--title", default="", help="the document's title (else the file's own)")
    kinds = [kind.value for kind in Kind]
    add.add_argument("--kind", choices=kinds, default=Kind.GUIDANCE.value, help="%(choices)s (default: %(default)s)")
    add.add_argument("--edition", default="", help="the edition's name, such as 2013")
    told = "the day from which it is in force; without it, the file's own or else undated"
    add.add_argument("--in-force-from", type=_day, metavar="YYYY-MM-DD", help=told)
    add.set_defaults(run=_add)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; wanted YYYY-MM-DD, such as 2013-07-01") from error


def _from_manifest(options: argparse.Namespace, settings: Settings) -> int:
    entries = read_manifest(options.corpus or settings.corpus)
    return _ingest(settings, from_manifest(entries), options.yes, keep_others=False)


def _add(options: argparse.Namespace, settings: Settings) -> int:
    given = Given(options.title, Kind(options.kind), options.edition, options.in_force_from)
    return _ingest(settings, from_paths(options.paths, given), options.yes, keep_others=True)


def _ingest(settings: Settings, sources: Sequence[Source], yes: bool, *, keep_others: bool) -> int:
    shown: list[str] = []
    with TerminalProgress() as progress:

        def approve(report: Report) -> bool:
            progress.pause()
            shown.extend(_changes(report))
            print("\n".join(shown), flush=True)
            return yes or _asked()

        report = ingest(
            settings.data,
            sources,
            find_model(settings.model),
            keep_others=keep_others,
            chroma_url=settings.chroma_url,
            approve=approve,
            tell=progress,
        )
    print("\n".join(([] if shown else _changes(report)) + [_conclusion(report)]))
    return report.exit_code


def _asked() -> bool:
    """Whether the person at the terminal says yes; in a pipe nobody can."""
    if not sys.stdin.isatty():
        return False
    return input("Publish these changes? [y/N] ").strip().lower() in ("y", "yes")


def _changes(report: Report) -> list[str]:
    """A line for each sort of change, and one for each thing not read."""
    lines = []
    kinds = (
        ("added", report.added),
        ("updated", report.updated),
        ("removed", report.removed),
        ("unchanged", report.unchanged),
    )
    for name, ids in kinds:
        if ids:
            shown = ", ".join(ids[:12]) + (f" and {len(ids) - 12} more" if len(ids) > 12 else "")
            lines.append(f"{name:<10}{len(ids):>5}  {shown}")
    lines += [f"{'not read':<17}{row.file}: {row.fact}. {row.next_step}" for row in report.unread]
    return lines


def _conclusion(report: Report) -> str:
    """The line that says what stands now."""
    if report.published:
        made = f"{report.passages} passages; {report.embedded} texts embedded"
        return f"published {report.generation}: {made}" + (" (the index is new)" if report.reindexed else "")
    if report.held_back and not (report.added or report.updated or report.unchanged):
        return f"not published: no document would be left; {report.generation} stays published"
    if report.held_back:
        return f"not published, {report.generation} stays; run it again with --yes to publish these changes"
    if report.generation:
        return f"nothing changed; {report.generation} stays published"
    return "nothing to publish: no document could be read"


def _rebuild(_: argparse.Namespace, settings: Settings) -> int:
    with TerminalProgress() as progress:
        report = rebuild(settings.data, find_model(settings.model), chroma_url=settings.chroma_url, tell=progress)
    print(_conclusion(report))
    return report.exit_code


def _status(_: argparse.Namespace, settings: Settings) -> int:
    with Database(settings.data) as database:
        published = database.published_id()
        if published is None:
            raise StoreMissing(str(settings.data), "nothing is published yet", "Run: python -m ingest")
        generation = database.generation(published)
        editions = database.editions(published)
        unread = database.unread()
    count = f"{len(editions)} edition" + ("s" if len(editions) != 1 else "")
    print(f"generation {published}: {count}, published {generation.published_at}")
    print(f"vectors by {generation.embedder}")
    today = datetime.now(ZoneInfo("Europe/London")).date()
    for edition in editions:
        label = f" ({edition.label})" if edition.label else ""
        print(f"  {edition.status_on(today):<16}{edition.document.id}: {edition.document.title}{label}")
    for row in unread:
        print(f"  {'not read':<16}{row.file}: {row.fact}. {row.next_step}")
    return 1 if unread else 0


if __name__ == "__main__":
    sys.exit(main())
