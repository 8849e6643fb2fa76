"""The commands of the write side: each reads its options, calls the service, prints what came of it."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Sequence
from dataclasses import replace

from ingest import shown
from ingest.diff_kept import told
from ingest.drafts import Report
from ingest.manifest import read_manifest
from ingest.passphrase import SETTING, hashed
from ingest.progress import TerminalProgress
from ingest.run import decide
from ingest.service import Desk
from ingest.shown import QUOTABLE
from ingest.sources import Given, Source, from_manifest, from_paths
from kb import instants, messages
from kb.database import Database
from kb.documents import Kind
from kb.embed import find_model
from kb.errors import KnowledgeBaseError, StoreMissing, WrongUse
from kb.events import read_events
from kb.settings import Settings


def settings(options: argparse.Namespace) -> Settings:
    """The settings of the environment, with what the options say instead."""
    found = Settings.from_environment(data=options.data)
    return replace(found, corpus=options.corpus) if options.corpus else found


def _desk(options: argparse.Namespace, progress: TerminalProgress | None = None) -> Desk:
    chosen = settings(options)
    today = instants.day_of(instants.now())
    who = getattr(options, "by", "") or _login()
    desk = Desk(chosen, find_model(chosen.model), who, today, compare=told)
    return replace(desk, tell=progress) if progress else desk


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a machine on which this user has no name
        return ""


def from_the_manifest(options: argparse.Namespace) -> int:
    """The corpus's documents, which are the whole."""
    return _ingest(options, from_manifest(read_manifest(settings(options).corpus)), keep_others=False)


def add(options: argparse.Namespace) -> int:
    """Files and folders beside what is published."""
    given = Given(options.title, Kind(options.kind), options.edition, options.in_force_from)
    return _ingest(options, from_paths(options.paths, given), keep_others=True)


def _ingest(options: argparse.Namespace, sources: Sequence[Source], *, keep_others: bool) -> int:
    _check_approval(options)
    with TerminalProgress() as progress:
        desk = _desk(options, progress)
        if options.dry_run:
            report = desk.try_out(sources, keep_others=keep_others)
            progress.pause()
            print("\n".join((*shown.prepared(report), shown.trial(report))))
            return 1 if report.verdict.holds_back else report.exit_code
        report = desk.prepare(sources, keep_others=keep_others)
        progress.pause()
        print("".join(f"{line}\n" for line in shown.prepared(report)), end="")
        sys.stdout.flush()
        report = decide(desk, report, lambda found: _agreed(desk, found, options), options.publish_on)
    print(shown.conclusion(report))
    return report.exit_code


def _agreed(desk: Desk, report: Report, options: argparse.Namespace) -> bool:
    """Whether the changes are to be published: a yes, and where the gate holds them back a name and a reason."""
    assert report.draft
    if report.verdict.holds_back and not desk.draft(report.draft).approvals:
        if not options.approve:
            return False
        desk.approve(report.draft, options.approve, options.reason)
    return bool(options.yes or options.approve) or _asked()


def _asked() -> bool:
    """Whether the person at the terminal says yes; in a pipe nobody can."""
    if not sys.stdin.isatty():
        return False
    return input("Publish these changes? [y/N] ").strip().lower() in ("y", "yes")


def _check_approval(options: argparse.Namespace) -> None:
    if bool(options.approve) != bool(options.reason):
        raise WrongUse("--approve", "a name and a reason go together", "Like: --approve 'A Name' --reason 'Because …'")


def publish(options: argparse.Namespace) -> int:
    """A draft, now or on a day."""
    _check_approval(options)
    desk = _desk(options)
    if options.approve:
        desk.approve(options.draft, options.approve, options.reason)
    waits_for = desk.publish(options.draft, options.publish_on)
    when = f" on {instants.shown(waits_for)} (London); until then nothing changes" if waits_for else ""
    print(f"{options.draft} is published{when}" if when else f"published {options.draft}")
    return 0


def drafts(options: argparse.Namespace) -> int:
    """The drafts that are kept."""
    for draft in _desk(options).standing().drafts:
        print("\n".join(shown.draft(draft)))
        print("".join(f"  {line}\n" for line in shown.verdict(draft.verdict)), end="")
    return 0


def discard(options: argparse.Namespace) -> int:
    """A draft away."""
    _desk(options).discard(options.draft)
    print(f"discarded {options.draft}")
    return 0


def cancel(options: argparse.Namespace) -> int:
    """The publication that waits away."""
    print(f"cancelled: {_desk(options).cancel()} is a draft again")
    return 0


def rollback(options: argparse.Namespace) -> int:
    """An earlier generation again."""
    with TerminalProgress() as progress:
        generation = _desk(options, progress).rollback(options.reason, options.to)
    print(f"published {generation} again")
    return 0


def withdraw(options: argparse.Namespace) -> int:
    """A document out of the answers."""
    desk = _desk(options)
    generation = desk.withdraw(options.document, options.reason, options.replaced_by)
    resting = desk.rests_on(options.document)
    print(f"published {generation}: {options.document} is withdrawn")
    if resting:
        listed = ", ".join(resting[:12]) + (" …" if len(resting) > 12 else "")
        print(f"{messages.many(len(resting), 'golden question')} on it: {listed}")
    return 0


def reinstate(options: argparse.Namespace) -> int:
    """A withdrawn document back."""
    generation = _desk(options).reinstate(options.document, options.reason)
    print(f"published {generation}: {options.document} is back")
    return 0


def rebuild(options: argparse.Namespace) -> int:
    """The index anew."""
    with TerminalProgress() as progress:
        report = _desk(options, progress).rebuild()
    print(shown.conclusion(report))
    return report.exit_code


def log(options: argparse.Namespace) -> int:
    """The log, or a check of it."""
    desk = _desk(options)
    if options.verify:
        found = desk.verify_log()
        print("\n".join(shown.verified(found)))
        return 1 if found.faults else 0
    for row in desk.log():
        if options.json:
            print(json.dumps({**row.__dict__, "details": _details(row.details)}, ensure_ascii=False))
        else:
            print(shown.entry(row))
    return 0


def _details(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:  # altered by hand; shown as it is
        return text


def status(options: argparse.Namespace) -> int:
    """What is published, what waits, and what could not be read."""
    desk = _desk(options)
    standing = desk.standing()
    if standing.published is None:
        raise StoreMissing(str(desk.settings.data), "nothing is published yet", "Run: python -m ingest")
    with Database(desk.settings.data) as database:
        editions, unread = database.editions(standing.published.id), database.unread()
        quotable = [edition for edition in editions if edition.status_on(desk.on) in QUOTABLE]
        passages = [passage for edition in quotable for passage in database.passages(edition)]
    print("\n".join(shown.status(standing, editions, unread, desk.on)))
    for line in shown.outside(read_events(desk.settings.corpus / "events.toml"), passages, desk.on):
        print(line)
    return 1 if unread else 0


def passphrase(options: argparse.Namespace) -> int:
    """What to set so that the page that publishes opens with a passphrase; from a pipe its first line is read."""
    if sys.stdin.isatty():
        typed = getpass.getpass("Passphrase: ")
        if getpass.getpass("The same again: ") != typed:
            raise WrongUse("passphrase", "the two are not the same", "Run this again.")
    else:
        typed = sys.stdin.readline().rstrip("\n")
    print(f"{SETTING}={hashed(typed)}")
    return 0


def what_stands(options: argparse.Namespace) -> str:
    """What is published now, after a command was stopped at whatever point."""
    try:
        with Database(settings(options).data) as database:
            published = database.published_id()
    except StoreMissing:
        published = None
    except KnowledgeBaseError as error:
        return str(error)
    stands = f"generation {published} is published and answers" if published else "nothing is published yet"
    return f"{stands}. Run the same command again to go on; what was read and embedded is kept."
