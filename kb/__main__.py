"""The command line of the read side: python -m kb."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kb import messages
from kb.answers import Outcome
from kb.ask import KnowledgeBase
from kb.contacts import emergency_line
from kb.errors import KnowledgeBaseError, WrongUse
from kb.evaluate import MEASURES, Outcomes, evaluate, read_questions, summary
from kb.receipt import receipt
from kb.settings import Settings
from kb.terminal import render, render_checked
from kb.to_json import to_json
from kb.verify import Verdict, check, standing

_EXAMPLES = """examples:
  python -m kb ask "how soon must a private foster carer be visited?"
  python -m kb ask "what is a core group" --json --data my-data
  python -m kb ask --batch questions.jsonl > answers.jsonl
  python -m kb ask "what is a core group" --receipt > answer.txt
  python -m kb verify answer.txt
  python -m kb eval corpus/golden.jsonl --by split

exit codes: 0 done, whatever the answer; 1 a receipt that does not hold; 2 wrong use; 3 cannot run
"""
_ASK_EXAMPLES = """examples:
  python -m kb ask "how soon must a private foster carer be visited?"
  python -m kb ask "and if the baby is premature?" --about "how is a baby put down to sleep?"
  python -m kb ask "who chairs the conference" --as-of 2013-06-30
  python -m kb ask "what is a core group" --json --data my-data
  python -m kb ask --batch questions.jsonl > answers.jsonl    each line: {"question": "..."}

exit codes: 0 done, whatever the answer; 2 wrong use; 3 cannot run
"""
_VERIFY_EXAMPLES = """examples:
  python -m kb ask "what is a core group" --receipt > answer.txt
  python -m kb verify answer.txt
  python -m kb verify - < e-mail.txt

exit codes: 0 the knowledge base said this; 1 it did not, or something was altered; 2 wrong use; 3 cannot run
"""
_EVAL_EXAMPLES = """examples:
  python -m kb eval corpus/golden.jsonl --by split
  python -m kb eval questions.jsonl --misses --data my-data

Each line: {"id": "1", "question": "...", "answerable": true, "evidence": ["words of the document"]}

exit codes: 0 done; 2 wrong use; 3 cannot run
"""


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
        return 3


def today() -> date:
    """The day in the board's own time zone."""
    return datetime.now(ZoneInfo("Europe/London")).date()


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", help="folder of the knowledge base (KB_DATA, else ./data)")
    shared.add_argument(
        "--as-of",
        type=_day,
        default=None,
        metavar="YYYY-MM-DD",
        help="answer as on that day (default: today)",
    )
    parser = argparse.ArgumentParser(
        prog="python -m kb",
        description="Ask the board's documents; answers are their own words with their place.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="")
    ask = _command(commands, "ask", "answer a question, or a file of them", _ASK_EXAMPLES, shared)
    ask.add_argument("question", nargs="*", help="the question; in quotation marks where it has a sign of the shell's")
    ask.add_argument("--about", default="", metavar="QUESTION", help="an earlier question that this one goes on from")
    ask.add_argument("--json", action="store_true", help="as JSON (version 1)")
    ask.add_argument("--receipt", action="store_true", help="with a receipt that can be checked later")
    ask.add_argument("--batch", type=Path, metavar="QUESTIONS.jsonl", help="one JSON answer a line, in order")
    ask.set_defaults(run=_ask)
    verify = _command(commands, "verify", "check a receipt", _VERIFY_EXAMPLES, shared)
    verify.add_argument("file", metavar="FILE|-", help="a text with a receipt in it, such as an e-mail; - reads one")
    verify.set_defaults(run=_verify)
    ev = _command(commands, "eval", "measure answers on a question file", _EVAL_EXAMPLES, shared)
    ev.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl", help="the questions with their evidence")
    ev.add_argument("--with-scenario", action="store_true", help="ask each question with its scenario before it")
    ev.add_argument("--by", choices=("split", "style", "doc"), help="also by a field of the question")
    ev.add_argument("--misses", action="store_true", help="list the questions that were missed")
    ev.set_defaults(run=_eval)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    told: str,
    examples: str,
    shared: argparse.ArgumentParser,
) -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    return commands.add_parser(
        name, parents=[shared], help=told, description=f"{told.capitalize()}.", epilog=examples, formatter_class=raw
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; wanted YYYY-MM-DD, such as 2013-07-01") from error


def _whole(question: str) -> str:
    """The question with '?' for each half of a character, which no model and no store takes."""
    return question.encode("utf-8", "replace").decode("utf-8")


def _ask(options: argparse.Namespace) -> int:
    if any(options.question) == bool(options.batch):
        raise WrongUse(
            "ask", "give a question or --batch, one of the two", 'Like: python -m kb ask "what is a core group"'
        )
    if options.receipt and (options.json or options.batch):
        raise WrongUse("--receipt", "it goes with an answer for people alone", "Leave out --json and --batch.")
    if options.about and options.batch:
        raise WrongUse("--about", "it goes with one question alone", "Leave out --batch, or --about.")
    settings = Settings.from_environment(data=options.data)
    on = options.as_of or today()
    if options.batch:
        return _batch(settings, options.batch, on)
    strip = emergency_line(settings.corpus / "contacts.toml").text
    try:
        began = time.perf_counter()
        answer = KnowledgeBase(settings).ask(_whole(" ".join(options.question)), on, about=options.about)
        elapsed = (time.perf_counter() - began) * 1000
    except KnowledgeBaseError:
        print(strip, file=sys.stderr)  # whatever else fails, this does not
        raise
    print(to_json(answer, elapsed).model_dump_json(indent=2) if options.json else render(answer, strip))
    if options.receipt and answer.outcome is not Outcome.BLOCKED:
        print(f"\n{receipt(answer, datetime.now(UTC), settings.data)}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    settings = Settings.from_environment(data=options.data)
    on = options.as_of or today()
    found = check(_read_text(options.file), settings.data)
    if not found:
        raise WrongUse(options.file, messages.NO_RECEIPT, "Give the text with all its numbered lines.")
    print("\n\n".join(render_checked(each, standing(each.editions, settings.data, on), on) for each in found))
    return 0 if all(each.verdict is Verdict.VERIFIED for each in found) else 1


def _read_text(file: str) -> str:
    """The text of a file, '-' for what comes in; what is no UTF-8 is read as the mail programs that write it do."""
    try:
        written = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise WrongUse(file, f"it cannot be read ({error.strerror})", "Check the name.") from error
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError:
        return written.decode("cp1252", errors="replace")


def _batch(settings: Settings, path: Path, on: date) -> int:
    base = KnowledgeBase(settings)
    for line in _batch_questions(path):
        began = time.perf_counter()
        answer = base.ask(line, on)
        print(to_json(answer, (time.perf_counter() - began) * 1000).model_dump_json(), flush=True)
    return 0


def _batch_questions(path: Path) -> list[str]:
    """The `question` of each line of a JSON lines file; WrongUse names the first bad line."""
    asked = []
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # splitlines() would cut at U+2028 inside a question
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(str(path), f"it cannot be read: {error}", "Give a JSON lines file.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = json.loads(line)["question"]
        except (json.JSONDecodeError, KeyError, TypeError, RecursionError):
            question = None
        if not isinstance(question, str):
            raise WrongUse(f"{path}, line {number}", "no JSON object with a question", 'Like: {"question": "…"}')
        asked.append(_whole(question))
    return asked


def _eval(options: argparse.Namespace) -> int:
    questions = read_questions(options.questions)
    if not questions:
        raise WrongUse(str(options.questions), "it holds no questions", "Each line is a JSON object.")
    base = KnowledgeBase(Settings.from_environment(data=options.data))
    quiet = not sys.stderr.isatty()

    def told(done: int) -> None:
        if not quiet:
            print(f"\r{done} of {len(questions)}", end="", file=sys.stderr)

    outcomes = evaluate(base, questions, options.as_of or today(), with_scenario=options.with_scenario, told=told)
    if not quiet:
        print(file=sys.stderr)
    print(f"{len(questions)} questions, generation {base.library().generation}")
    print("\n".join(summary(outcomes)))
    if options.by:
        for value in sorted({str(getattr(outcome.question, options.by)) for outcome in outcomes}):
            chosen = [outcome for outcome in outcomes if str(getattr(outcome.question, options.by)) == value]
            print(f"\n{options.by} {value or '-'}: {len(chosen)} questions")
            print("\n".join(summary(chosen)))
    if options.misses:
        _print_misses(outcomes)
    return 0


def _print_misses(outcomes: Sequence[Outcomes]) -> None:
    for outcome in outcomes:
        bad = [name for name in MEASURES if getattr(outcome, name) is (name == "refused")]
        if bad:
            print(f"{outcome.question.id}\t{' '.join(bad)}\t{outcome.question.question}")


if __name__ == "__main__":
    sys.exit(main())
