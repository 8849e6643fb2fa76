"""The command line of the write side: python -m ingest."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ingest.manifest import read_manifest
from ingest.progress import TerminalProgress
from ingest.run import Report, ingest
from ingest.sources import Given, Source, from_manifest, from_paths
from kb.database import Database
from kb.documents import Kind
from kb.embed import load_embedder
from kb.errors import KnowledgeBaseError
from kb.settings import Settings

_EXAMPLES = """examples:
  python -m ingest                                    read corpus/manifest.toml and publish it
  python -m ingest --corpus my-board --data my-data   another corpus into another knowledge base
  python -m ingest add report.pdf --kind annual-report --edition 2012-13 --data my-data --yes
  python -m ingest add procedures/ --data my-data     every readable file below a folder
  python -m ingest status --data my-data              what is published, and what could not be read

exit codes: 0 done; 1 done, but something was not read or not published; 2 wrong use; 3 cannot run
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the command that the arguments ask for; errors are one line on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KnowledgeBaseError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("stopped; what was published before is published still", file=sys.stderr)
        return 3


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", help="folder of the knowledge base (KB_DATA, else ./data)")
    writing = argparse.ArgumentParser(add_help=False, parents=[shared])
    writing.add_argument("--yes", action="store_true", help="publish changes without asking")
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Read documents, show what changes, publish them as one generation.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[writing],
    )
    parser.add_argument("--corpus", type=Path, help="folder with manifest.toml (KB_CORPUS, else the project's corpus)")
    parser.set_defaults(run=_from_manifest)
    commands = parser.add_subparsers(title="commands", metavar="")
    _add_parser(commands, writing)
    status = commands.add_parser("status", parents=[shared], help="what is published, and what could not be read")
    status.set_defaults(run=_status)
    return parser


def _add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], writing: argparse.ArgumentParser) -> None:
    add = commands.add_parser("add", parents=[writing], help="add files or folders without a manifest")
    add.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")
    add.add_argument("--title", default="", help="the document's title (else the file's own)")
    add.add_argument("--kind", type=Kind, choices=list(Kind), default=Kind.GUIDANCE, help="default: %(default)s")
    add.add_argument("--edition", default="", help="the edition's name, such as 2013")
    add.add_argument("--in-force-from", type=date.fromisoformat, metavar="YYYY-MM-DD", help="without it: undated")
    add.set_defaults(run=_add)


def _from_manifest(options: argparse.Namespace) -> int:
    settings = Settings.from_environment(data=options.data)
    entries = read_manifest(options.corpus or settings.corpus)
    return _ingest(settings, from_manifest(entries), options.yes, keep_others=False)


def _add(options: argparse.Namespace) -> int:
    settings = Settings.from_environment(data=options.data)
    given = Given(options.title, options.kind, options.edition, options.in_force_from)
    return _ingest(settings, from_paths(options.paths, given), options.yes, keep_others=True)


def _ingest(settings: Settings, sources: Sequence[Source], yes: bool, *, keep_others: bool) -> int:
    with TerminalProgress() as progress:

        def approve(report: Report) -> bool:
            progress.pause()
            print(describe(report))
            return yes or _asked()

        report = ingest(
            settings.data,
            sources,
            lambda: load_embedder(settings.model),
            keep_others=keep_others,
            chroma_url=settings.chroma_url,
            approve=approve,
            tell=progress,
        )
    print(describe(report))
    return report.exit_code


def _asked() -> bool:
    """Whether the person at the terminal says yes; in a pipe nobody can."""
    if not sys.stdin.isatty():
        return False
    return input("Publish these changes? [y/N] ").strip().lower() in ("y", "yes")


def describe(report: Report) -> str:
    """The report as lines for a terminal."""
    lines = []
    for name in ("added", "updated", "removed", "unchanged"):
        ids = getattr(report, name)
        if ids:
            shown = ", ".join(ids[:12]) + (f" and {len(ids) - 12} more" if len(ids) > 12 else "")
            lines.append(f"{name:<10}{len(ids):>5}  {shown}")
    for row in report.unread:
        lines.append(f"{'not read':<10}       {row.file}: {row.fact}. {row.next_step}")
    if report.published:
        lines.append(f"published {report.generation}: {report.passages} passages; {report.embedded} texts embedded")
    elif report.held_back:
        lines.append("not published: run it again with --yes to publish these changes")
    elif not report.changes:
        lines.append("nothing to publish: nothing changed" if report.unchanged else "nothing to publish")
    return "\n".join(lines)


def _status(options: argparse.Namespace) -> int:
    settings = Settings.from_environment(data=options.data)
    with Database(settings.data) as database:
        generation = database.published_id()
        if generation is None:
            print("nothing is published yet; run: python -m ingest")
            return 0
        editions = database.editions(generation)
        unread = database.unread()
    print(f"generation {generation}: {len(editions)} editions")
    today = date.today()
    for edition in editions:
        label = f" ({edition.label})" if edition.label else ""
        print(f"  {edition.status_on(today):<15} {edition.document.id}: {edition.document.title}{label}")
    for row in unread:
        print(f"  {'not read':<15} {row.file}: {row.fact}. {row.next_step}")
    return 1 if unread else 0


if __name__ == "__main__":
    sys.exit(main())
