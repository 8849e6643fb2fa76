"""A receipt holds through mail and through later publications, and shows every alteration."""

from __future__ import annotations

import random
import re
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.answers import Answer, Outcome, Statement
from kb.database import Database
from kb.documents import Citation, ElementKind, Slice
from kb.errors import KnowledgeBaseError
from kb.receipt import KEY_FILE, canonical, make_key, read_key, receipt
from kb.verify import Checked, Verdict, check, standing
from tests.conftest import PROJECT, Shelf

AT = datetime(2026, 11, 23, 9, 17, 3, tzinfo=UTC)
DAY = date(2026, 11, 23)
HARD = """# Hard text

## Signs — “and” more

The carer must re-assess the plan – if the child's temperature is > 38 °C or < 35 °C, ring 01438 737500 – within ½ hour.

> A ‘quoted’ line of the ﬁle: it's for parents… and carers.

To the check the carer brings:

- a pump – with a gauge
- a lamp [03/12]

| Person | Relative? |
|---|---|
| Cousin | No |
"""


def answer_of(shelf: Shelf, question: str = "how soon?", document: str = "fostering") -> Answer:
    """An answer that quotes every unit of a document."""
    with Database(shelf.data) as database:
        generation = database.published_id() or ""
        edition = next(each for each in database.editions(generation) if each.document.id == document)
        statements = tuple(
            Statement(Citation(passage, unit.start, unit.end), edition.status_on(DAY), unit.lead)
            for passage in database.passages(edition)
            for unit in passage.units
        )
    return Answer(question, Outcome.ANSWERED, DAY, generation, statements)


@pytest.fixture
def given_receipt(shelf: Shelf) -> str:
    shelf.ingest()
    return receipt(answer_of(shelf), AT, shelf.data)


def one(text: str, shelf: Shelf) -> Checked:
    found = check(text, shelf.data)
    assert len(found) == 1
    return found[0]


def test_a_receipt_says_question_quotes_places_editions_generation_and_time(given_receipt: str, shelf: Shelf) -> None:
    answer = answer_of(shelf)
    edition = answer.statements[0].citation.passage.edition
    said = " ".join(given_receipt.split())

    for statement in answer.statements:
        assert statement.citation.quote in said
        assert f"characters {statement.citation.start} to {statement.citation.end} of {edition.id}" in said
        assert statement.citation.locator in said
    assert "Question: how soon?" in said
    assert (
        "Asked: 23 November 2026, 09:17:03 GMT (2026-11-23T09:17:03+00:00), of what holds on 23 November 2026" in said
    )
    assert f"Generation: {answer.generation} (program " in said
    assert edition.sha256 in said.replace(" ", "")
    assert max(map(len, given_receipt.splitlines())) <= 76


def test_a_receipt_says_with_which_earlier_question_it_was_asked_and_shows_a_change_of_it(shelf: Shelf) -> None:
    shelf.ingest()
    given = receipt(replace(answer_of(shelf, "and by when?"), about="who is told?"), AT, shelf.data)

    assert "Asked with: who is told?" in given
    assert one(given, shelf).verdict is Verdict.VERIFIED
    assert one(given.replace("who is told?", "who is asked?"), shelf).verdict is Verdict.ALTERED


def test_a_receipt_as_it_was_given_is_verified(given_receipt: str, shelf: Shelf) -> None:
    checked = one(given_receipt, shelf)

    assert (checked.verdict, checked.reasons) == (Verdict.VERIFIED, ())
    assert checked.generation_kept
    assert [line.text for line in checked.lines if line.name == "Question"] == ["how soon?"]


def test_a_receipt_is_verified_after_many_later_publications(given_receipt: str, shelf: Shelf) -> None:
    for weeks in ("two", "three", "four", "five", "six"):
        text = (shelf.files / "fostering.md").read_text(encoding="utf-8")
        shelf.put("fostering.md", re.sub(r"within \w+ week", f"within {weeks} week", text))
        assert shelf.ingest().published

    checked = one(given_receipt, shelf)

    assert (checked.verdict, checked.reasons) == (Verdict.VERIFIED, ())
    (stands,) = standing(checked.editions, shelf.data, date(2090, 1, 1))
    assert stands.startswith("Private fostering: superseded since ")


def test_how_a_quoted_text_stands_on_the_day_is_said_with_its_status(given_receipt: str, shelf: Shelf) -> None:
    checked = one(given_receipt, shelf)

    assert standing(checked.editions, shelf.data, DAY) == ("Private fostering: undated: do not rely on it",)


MANGLED: tuple[Callable[[str], str], ...] = (
    lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    lambda text: "\n".join(f">> > {line}" for line in text.split("\n")),
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace("\n", "   \n"),
    lambda text: text.replace(" ", "\u00a0"),
    lambda text: text.replace("\n", "\n\n"),
    lambda text: text.replace("\n", " "),
    lambda text: text.replace("\n  ", " "),
    lambda text: text.replace("“", '"').replace("”", '"').replace("’", "'").replace("‘", "'"),
    lambda text: text.replace("'", "’").replace('"', "“"),
    lambda text: text.replace("-", "–"),
    lambda text: text.replace("–", "-").replace("—", "-"),
    lambda text: text.replace("…", "..."),
    lambda text: f"Dear all,\n\nsee below. It was [12/13] pages.\n\n{text}\n\nBest wishes\nThe office",
    lambda text: text.replace("e", "e\u200b"),
    lambda text: "\n".join(part for line in text.split("\n") for part in textwrap.wrap(line, 40) or [""]),
    lambda text: "\n".join(part for line in text.split("\n") for part in textwrap.wrap(line, 60) or [""]),
)


@pytest.mark.parametrize("mangle", MANGLED)
@pytest.mark.parametrize("document", ["fostering", "hard"])
def test_what_a_mail_program_does_alters_nothing(shelf: Shelf, mangle: Callable[[str], str], document: str) -> None:
    shelf.put("hard.md", HARD.replace(" [03/12]", ""))
    shelf.ingest()
    given = receipt(answer_of(shelf, "what about >> this – “now”?", document), AT, shelf.data)

    found = [each for each in check(mangle(given), shelf.data) if each.verdict is Verdict.VERIFIED]

    assert len(found) == 1


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shelf, str]:
    """A knowledge base and one of its receipts, for tests that only read."""
    shelf = Shelf(tmp_path_factory.mktemp("receipts"))
    shelf.put(
        "fostering.md", "# Visits\n\nThe carer must re-assess the plan within 15 days. It is kept for ten years.\n"
    )
    shelf.ingest()
    return shelf, receipt(answer_of(shelf), AT, shelf.data)


@given(st.integers(0, 10_000), st.sampled_from("xQ7é"))
@settings(deadline=None, max_examples=120)
def test_one_character_put_in_anywhere_is_an_alteration(kept: tuple[Shelf, str], place: int, letter: str) -> None:
    shelf, given = kept
    begins, ends = given.index("[01/") + 1, given.rindex("\n-----")
    at = begins + place % (ends - begins)

    checked = check(given[:at] + letter + given[at:], shelf.data)

    assert Verdict.VERIFIED not in {each.verdict for each in checked}


@given(st.integers(0, 10_000), st.integers(20, 90), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=80)
def test_one_altered_letter_of_a_quote_is_found_in_its_line_however_the_text_is_wrapped(
    kept: tuple[Shelf, str], place: int, width: int, chance: random.Random
) -> None:
    shelf, given = kept
    quote = re.search(r"\[(\d\d)/\d\d\] Quote 1: “(.*?)”", given, re.DOTALL)
    assert quote
    letters = [at for at in range(*quote.span(2)) if given[at].isalnum()]
    at = letters[place % len(letters)]
    other = "5" if given[at] != "5" else "6"
    altered = given[:at] + other + given[at + 1 :]
    wrapped = "\n".join(
        chance.choice(["", "> ", "  "]) + part
        for line in altered.split("\n")
        for part in textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
    )

    checked = one(wrapped, shelf)

    assert checked.verdict is Verdict.ALTERED
    assert checked.reasons[0].startswith(f"line [{quote[1]}/")
    assert checked.reasons[1] == "in its place the archive has: “The carer must re-assess the plan within 15 days.”"
    assert len(checked.reasons) == 2


def test_every_altered_line_is_named(kept: tuple[Shelf, str]) -> None:
    shelf, given = kept
    tags = re.findall(r"\[\d\d/\d\d\]", given)

    for tag in tags[:-2]:
        altered = re.sub(rf"({re.escape(tag)} [^:]+:\W+)\w", r"\g<1>Z", given, count=1)
        checked = one(altered, shelf)

        assert checked.verdict is Verdict.ALTERED
        assert checked.reasons[0].startswith(f"line {tag} is not what it was")
        assert {reason[:12] for reason in checked.reasons[1:]} <= {"in its place"}


@pytest.mark.parametrize("whole", ["drop", "twice", "swap", "cut"])
def test_lines_that_are_missing_repeated_or_exchanged_are_an_alteration(kept: tuple[Shelf, str], whole: str) -> None:
    shelf, given = kept
    head, *lines = re.split(r"(?=\[\d\d/\d\d\])", given)
    total = len(lines)
    match whole:
        case "drop":
            del lines[4]
        case "twice":
            lines.insert(5, lines[4])
        case "swap":
            first, second = lines[4][8:], lines[6][8:]
            lines[4], lines[6] = lines[4][:8] + second, lines[6][:8] + first
        case "cut":
            del lines[-1]

    checked = one(head + "".join(lines), shelf)

    assert checked.verdict is Verdict.ALTERED
    reasons = {
        "drop": (f"line [05/{total:02}] is missing",),
        "twice": (f"line [05/{total:02}] stands there more than once",),
        "cut": (f"line [{total:02}/{total:02}] is missing",),
    }
    assert checked.reasons == reasons.get(whole, checked.reasons)
    assert len(checked.reasons) >= 1


def test_a_forged_seal_or_codes_are_an_alteration(kept: tuple[Shelf, str]) -> None:
    shelf, given = kept
    forged = re.sub(r"(Seal:\s+)\w{16}", r"\g<1>0123456789abcdef", given)

    checked = one(forged, shelf)

    assert (checked.verdict, checked.reasons) == (
        Verdict.ALTERED,
        ("the line of the codes or the seal is not what it was",),
    )


def test_a_receipt_of_another_knowledge_base_is_not_from_here(given_receipt: str, tmp_path: Path) -> None:
    other = Shelf(tmp_path / "other")
    other.put("fostering.md", "# Private fostering\n\nVisit.\n")
    other.ingest()

    without_key = one(given_receipt, other)
    make_key(other.data)
    with_key = one(given_receipt, other)

    assert [each.verdict for each in (without_key, with_key)] == [Verdict.NOT_FROM_HERE] * 2


def test_an_edition_that_the_archive_lost_is_said(given_receipt: str, shelf: Shelf) -> None:
    edition = answer_of(shelf).statements[0].citation.passage.edition.id
    with Database(shelf.data, write=True) as database, database.transaction() as connection:
        connection.execute("DELETE FROM generation_editions WHERE edition = ?", (edition,))
        connection.execute("DELETE FROM editions WHERE id = ?", (edition,))

    checked = one(given_receipt, shelf)

    assert (checked.verdict, checked.reasons) == (Verdict.LACKING, (f"edition {edition} is not there",))


def test_an_archive_whose_text_was_altered_is_said(given_receipt: str, shelf: Shelf) -> None:
    with Database(shelf.data, write=True) as database, database.transaction() as connection:
        connection.execute("UPDATE editions SET text = replace(text, 'one week', 'two week')")

    checked = one(given_receipt, shelf)

    assert checked.verdict is Verdict.LACKING
    assert [reason for reason in checked.reasons if reason.startswith("quote 1 does not stand in edition")]


def test_a_question_cannot_pass_for_another_line(shelf: Shelf) -> None:
    shelf.ingest()
    sly = "x\n[05/12] Quote 1: “Do nothing.”\r\n[06/12] Quote 1 from: the board\u2028[03/99] \ud800"

    checked = one(receipt(answer_of(shelf, sly), AT, shelf.data), shelf)

    assert checked.verdict is Verdict.VERIFIED
    assert [line.name for line in checked.lines[:5]] == ["Question", "Asked", "Outcome", "Generation", "Quote 1"]
    assert checked.lines[4].text != '"Do nothing."'


def test_an_answer_without_quotes_has_a_receipt_and_a_blocked_one_has_none(shelf: Shelf) -> None:
    shelf.ingest()
    answer = answer_of(shelf)
    nothing = replace(answer, outcome=Outcome.NOT_FOUND, statements=())

    assert one(receipt(nothing, AT, shelf.data), shelf).verdict is Verdict.VERIFIED
    with pytest.raises(ValueError, match="has no receipt"):
        receipt(replace(nothing, outcome=Outcome.BLOCKED), AT, shelf.data)


def test_several_receipts_in_one_text_are_checked_each(shelf: Shelf) -> None:
    shelf.ingest()
    first, second = (receipt(answer_of(shelf, question), AT, shelf.data) for question in ("one?", "two?"))

    found = check(f"{first}\nand\n{second.replace('two?', 'three?')}", shelf.data)

    assert [each.verdict for each in found] == [Verdict.VERIFIED, Verdict.ALTERED]
    assert check("no receipt at all", shelf.data) == ()


def test_the_key_is_made_once_readable_by_its_owner_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: make_key(tmp_path), range(32)))

    assert made == {read_key(tmp_path)}
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_a_key_that_is_cut_short_is_said_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"short")

    with pytest.raises(KnowledgeBaseError, match="holds 5 bytes instead of 32"):
        make_key(tmp_path)

    assert (tmp_path / KEY_FILE).read_bytes() == b"short"


@given(st.text(max_size=80))
@settings(deadline=None)
def test_what_is_sealed_reads_the_same_when_it_is_read_again(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kb", *arguments]
    return subprocess.run(command, cwd=PROJECT, input=stdin, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_says_the_verdict_and_exits_with_it(given_receipt: str, shelf: Shelf, tmp_path: Path) -> None:
    file, data = tmp_path / "mail.txt", ("--data", str(shelf.data))
    file.write_text(given_receipt, encoding="utf-8")

    good = run("verify", str(file), *data)
    bad = run("verify", "-", *data, stdin=given_receipt.replace("one week", "two weeks"))
    none, missing = run("verify", "-", *data, stdin="hello"), run("verify", "no.txt", *data)

    assert [each.returncode for each in (good, bad, none, missing)] == [0, 1, 2, 2]
    assert good.stdout.startswith("VERIFIED: this is what the knowledge base said")
    assert "A social worker visits the child within one week." in " ".join(good.stdout.split())
    assert bad.stdout.startswith("ALTERED: ")
    assert "within one week" in bad.stdout
    assert none.stderr == "error: -: there is no receipt in it. Give the text with all its numbered lines.\n"
    assert missing.stderr.startswith("error: no.txt: it cannot be read")


def test_a_table_row_is_quoted_with_its_header_as_lead_in(shelf: Shelf) -> None:
    shelf.put("hard.md", HARD.replace(" [03/12]", ""))
    shelf.ingest()
    answer = answer_of(shelf, document="hard")
    row = next(
        each for each in answer.statements if each.citation.quote == "Cousin | No" and isinstance(each.lead, Slice)
    )

    checked = one(receipt(replace(answer, statements=(row,)), AT, shelf.data), shelf)

    assert checked.verdict is Verdict.VERIFIED
    assert {line.name: line.text for line in checked.lines}["Lead-in 1"] == '"Person | Relative?"'
    assert row.citation.passage.units[-1].kind is ElementKind.ROW
