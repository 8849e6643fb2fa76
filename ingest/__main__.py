"""The command line of the write side: python -m ingest."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from ingest import commands, compare_command
from kb.documents import Kind
from kb.errors import KnowledgeBaseError

_EXAMPLES = """examples:
  python -m ingest                                   read corpus/manifest.toml, show what changes, publish it
  python -m ingest --dry-run                         show what would change, and change nothing
  python -m ingest --corpus my-board --data my-data  another corpus into another knowledge base
  python -m ingest --yes --publish-on 2027-01-04     publish at the beginning of that day in London
  python -m ingest add report.pdf --data my-data     a file, or a folder of files, without a manifest
  python -m ingest drafts                            what was made and is not published
  python -m ingest publish DRAFT --approve "A Name" --reason "The number did change"
  python -m ingest rollback --reason "A page is missing"
  python -m ingest withdraw private-fostering --reason "The law changed" --replaced-by fostering-2027
  python -m ingest log --verify                      whether anybody has changed the log

The first documents of an empty knowledge base are published at once. Later changes are shown first, tried with the
golden questions of the corpus, and published when you say yes, or with --yes. Where an answer is lost, or a text that
must not change is gone from one, they are published only when a named person approves and says why. Whatever goes
wrong, what was published before goes on answering.

exit codes: 0 done; 1 done, but something was not read or not published; 2 wrong use; 3 cannot run
"""
_ADD_EXAMPLES = """examples:
  python -m ingest add report.pdf --kind annual-report --edition 2012-13 --in-force-from 2013-07-01
  python -m ingest add procedures/ --kind procedure --data my-data --yes

A document is known by its file's name, below a folder by its path: a file of the same name added again is its new
edition, which ends the earlier one on the day from which it is in force; without a day, on that of its publication.
Documents that are not named stay as they are.
"""
_Commands = argparse._SubParsersAction  # argparse names no public type for it


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the command that the arguments ask for; errors are one line on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KnowledgeBaseError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print(f"stopped; {commands.what_stands(options)}", file=sys.stderr)
        return 3


def _parser() -> argparse.ArgumentParser:
    shared = _shared()
    writing = _writing(shared)
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Read documents, show what changes, publish them as one generation, take it back.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[writing],
    )
    parser.set_defaults(run=commands.from_the_manifest, data=None, corpus=None, by="")
    named = parser.add_subparsers(title="commands", metavar="")
    _add_parser(named, writing)
    compare_command.add_parser(named, shared)
    _publish_parser(named, shared)
    _back_parsers(named, shared)
    for name, run, told in (
        ("drafts", commands.drafts, "what was made and is not published, with what the golden questions say"),
        ("cancel", commands.cancel, "cancel the publication that waits for its day"),
        ("status", commands.status, "what is published, what waits, and what could not be read"),
        ("rebuild", commands.rebuild, "write the index anew from the vectors kept in SQLite"),
        ("passphrase", commands.passphrase, "print what to set so that the Manage page opens with a passphrase"),
    ):
        _command(named, shared, name, run, told)
    log = _command(named, shared, "log", commands.log, "who did what and when, the oldest first")
    log.add_argument("--json", action="store_true", help="as JSON, one row a line")
    log.add_argument("--verify", action="store_true", help="check that no row was altered, removed or inserted")
    return parser


def _shared() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--data", metavar="DIR", help="folder of the knowledge base (default: KB_DATA, else ./data)")
    whole = "folder of the manifest, golden questions and roles (default: KB_CORPUS, else the project's corpus)"
    shared.add_argument("--corpus", type=Path, metavar="DIR", help=whole)
    shared.add_argument("--by", metavar="NAME", help="who does this, for the log and the roles (default: your log-in)")
    return shared


def _writing(shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    writing = argparse.ArgumentParser(add_help=False, parents=[shared])
    writing.add_argument("--dry-run", action="store_true", help="show all that would change, and change nothing")
    writing.add_argument("--yes", action="store_true", help="publish changes without asking")
    _approval(writing)
    return writing


def _approval(parser: argparse.ArgumentParser) -> None:
    told = "who approves changes that the golden questions hold back; needs --reason"
    parser.add_argument("--approve", default="", metavar="NAME", help=told)
    parser.add_argument("--reason", default="", metavar="WHY", help="why they may be published all the same")
    told = "publish at the beginning of that day in London instead of now"
    parser.add_argument("--publish-on", type=_day, metavar="YYYY-MM-DD", help=told)


def _command(
    named: _Commands[argparse.ArgumentParser],
    shared: argparse.ArgumentParser,
    name: str,
    run: Callable[[argparse.Namespace], int],
    told: str,
) -> argparse.ArgumentParser:
    parser = named.add_parser(name, parents=[shared], help=told, description=told[:1].upper() + told[1:] + ".")
    parser.set_defaults(run=run)
    return parser


def _publish_parser(named: _Commands[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    publish = _command(named, shared, "publish", commands.publish, "publish a draft, now or on a day")
    publish.add_argument("draft", metavar="DRAFT", help="its id, as `drafts` shows it")
    _approval(publish)
    discard = _command(named, shared, "discard", commands.discard, "remove a draft; what was read for it is kept")
    discard.add_argument("draft", metavar="DRAFT", help="its id, as `drafts` shows it")


def _back_parsers(named: _Commands[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    rollback = _command(named, shared, "rollback", commands.rollback, "publish the generation before again")
    rollback.add_argument("--reason", required=True, metavar="WHY", help="why; it is kept in the log")
    rollback.add_argument("--to", metavar="GENERATION", help="an earlier one, as `log` shows it")
    told = "take a document out of the answers, whatever is ingested, until it is reinstated"
    withdraw = _command(named, shared, "withdraw", commands.withdraw, told)
    withdraw.add_argument("document", metavar="ID", help="the document's id")
    withdraw.add_argument("--reason", required=True, metavar="WHY", help="why, in a sentence that readers may see")
    withdraw.add_argument("--replaced-by", metavar="ID", help="the document that takes its place")
    reinstate = _command(named, shared, "reinstate", commands.reinstate, "take back a withdrawal")
    reinstate.add_argument("document", metavar="ID", help="the document's id")
    reinstate.add_argument("--reason", required=True, metavar="WHY", help="why; it is kept in the log")


def _add_parser(named: _Commands[argparse.ArgumentParser], writing: argparse.ArgumentParser) -> None:
    add = named.add_parser(
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
    add.set_defaults(run=commands.add)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; wanted YYYY-MM-DD, such as 2013-07-01") from error


if __name__ == "__main__":
    sys.exit(main())
