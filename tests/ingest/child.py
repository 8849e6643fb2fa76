"""An ingest or a reader in a process of its own, for the tests that kill, fill and watch.

child.py ingest DATA FILES [kill STAGE:N | fill STAGE|approval]  ingests; at the N-th step of the stage it kills
                                                   itself, or at its first one takes the rest of the disk
child.py act DATA VERB ARGUMENT [STAGE:N | SECONDS]      publishes, rolls back, withdraws or reinstates; kills itself at
                                                   the N-th step of the stage, or after so many seconds
child.py hold DATA                                       takes the write lock and keeps it until its input ends
child.py read DATA                                       answers each line of its input with one of its output
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import threading
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ingest.progress import Step, Tell, silent
from ingest.run import Approve, Report, ingest
from ingest.service import Desk
from ingest.sources import Given, from_paths
from ingest.writing import writing
from kb import instants
from kb.ask import KnowledgeBase
from kb.errors import KnowledgeBaseError
from kb.settings import Settings
from tests.conftest import Words


def main() -> int:
    command, data, *rest = sys.argv[1:]
    try:
        if command == "ingest":
            run_ingest(Path(data), Path(rest[0]), rest[1:])
        elif command == "act":
            act(Path(data), *rest)
        elif command == "hold":
            hold(Path(data))
        else:
            read(Path(data))
    except KnowledgeBaseError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    return 0


def run_ingest(data: Path, files: Path, fault: list[str]) -> None:
    tell: Tell = silent
    approve: Approve = agreed
    if fault[:1] == ["kill"]:
        tell = killing(*fault[1].split(":"))
    elif fault == ["fill", "approval"]:
        approve = filled(data)
    elif fault[:1] == ["fill"]:
        tell = filling(fault[1], data)
    sources = from_paths([files], Given())
    report = ingest(data, sources, Words().model, keep_others=False, approve=approve, tell=tell)
    say(str(report.generation))


def act(data: Path, verb: str, argument: str, fault: str = "") -> None:
    tell: Tell = silent
    if ":" in fault:
        tell = killing(*fault.split(":"))
    today = instants.day_of(instants.now())
    desk = Desk(Settings(data, data / "no-corpus"), Words().model, "Ada", today, tell)
    if fault and ":" not in fault:
        threading.Timer(float(fault), os.kill, (os.getpid(), signal.SIGKILL)).start()
    if verb == "prepare":
        report = desk.prepare(from_paths([Path(argument)], Given()), keep_others=False)
        if report.draft:
            desk.publish(report.draft)
    elif verb == "publish":
        desk.publish(argument)
    elif verb == "rollback":
        desk.rollback("A trial.", argument)
    elif verb == "withdraw":
        desk.withdraw(argument, "A trial.")
    elif verb == "reinstate":
        desk.reinstate(argument, "A trial.")
    say("done")
    os._exit(0)  # before a timer that has not gone off yet


def killing(stage: str, number: str) -> Tell:
    seen: Counter[str] = Counter()

    def tell(step: Step) -> None:
        seen[step.stage] += 1
        if step.stage == stage and seen[stage] == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    return tell


def agreed(_: Report) -> bool:
    return True


def filled(data: Path) -> Approve:
    def approve(_: Report) -> bool:
        fill(data)
        return True

    return approve


def filling(stage: str, data: Path) -> Tell:
    def tell(step: Step) -> None:
        if step.stage == stage:
            fill(data)

    return tell


def fill(data: Path) -> None:
    """Takes all but 8 kB of the disk, or, where the data has no disk of its own, lets no file grow any more."""
    filler = data.parent / "filler"
    if not filler.exists():
        with filler.open("wb") as file:
            if os.path.ismount(data.parent):
                file.write(b"\0" * max(0, shutil.disk_usage(data).free - 8192))
            else:
                resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def hold(data: Path) -> None:
    with writing(data):
        say("held")
        sys.stdin.read()


def read(data: Path) -> None:
    base = KnowledgeBase(Settings(data=data), Words().model)
    say("ready")
    for line in sys.stdin:
        answer = base.ask(line.strip(), instants.day_of(instants.now()))
        best = answer.kept[0].passage.text.replace("\n", " ") if answer.kept else ""
        say(f"{answer.generation}\t{best}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
