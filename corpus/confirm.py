"""Keeps docs/to-confirm.md true and writes docs/to-confirm.csv, every statement to be confirmed in a row of its own.

python corpus/confirm.py (with --check: only compares). Which official source settles a section is judged by hand, in
the page; its counts, its confidence and the sentences under it are brought up to date from the documents here. Who
signed a statement off stays in the list as long as the statement reads the same.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from ingest.loaders import load  # noqa: E402 (the project is found from this file's own place)
from ingest.manifest import read_manifest  # noqa: E402
from kb.documents import ElementKind  # noqa: E402

PAGE = FOLDER.parent / "docs" / "to-confirm.md"
LIST = PAGE.with_suffix(".csv")
COLUMNS = ("official source", "document", "section", "statement", "check against", "confirmed by", "confirmed on")
HISTORY = "Historical statements of the annual report for 2012-13"
DIGEST = "annual-report-2012-13"
# What a presenter does and what is asked are no statements of fact.
NO_FACTS = ("A running order", "To confirm before relying")

_SECTION = re.compile(r"- \[([ x])\] ([a-z0-9-]+), “(.+)” \(\d+ statements?\)\. Check: (.*?)\. Now: .*")
_QUESTION = re.compile(r"- \[[ x]\] ([a-z0-9.-]+): ")
_SENTENCE = re.compile(r'(?<=[.?!]) (?=[A-Z0-9"“(])')
_ROW = re.compile(r"\| (.+?) \| [\d,]+ \| [\d,]+ \| [\d,]+ \|")


@dataclass(frozen=True)
class Section:
    """What stands under one heading, and how sure it is ('' where nothing says so)."""

    statements: tuple[str, ...]
    confidence: str

    @property
    def is_open(self) -> bool:
        """Whether anything in it is less than confirmed as current."""
        parts = re.split(r"[;,] (?=historical|last confirmed|third-party|the )", self.confidence)
        return bool(self.confidence) and not all(part.startswith("confirmed current") for part in parts)


Key = tuple[str, str]


def main() -> None:
    """Writes both files where they differ; with --check, exits with 1 instead."""
    page, rows = brought_up_to_date(PAGE.read_text(encoding="utf-8"))
    for path, text in ((PAGE, page), (LIST, rows)):
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if "--check" in sys.argv[1:]:
            sys.exit(f"{path.name}: out of date. Run python corpus/confirm.py.")
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{path.name}: written")


def sections() -> dict[Key, Section]:
    """Every section of every document that states facts, by document and heading, in the order of the corpus."""
    told: dict[Key, list[str]] = {}
    sure: dict[Key, str] = {}
    for entry in read_manifest(FOLDER):
        key: Key | None = None
        for block in load(entry.path).blocks:
            if block.kind is ElementKind.HEADING:
                key = (entry.document.id, block.text) if block.level > 1 else None
            elif key and not key[1].startswith(NO_FACTS):
                if block.text.startswith(("Source:", "Sources:")):
                    sure[key] = block.text.partition("Confidence: ")[2].rstrip(".")
                elif block.kind is ElementKind.PARAGRAPH:
                    told.setdefault(key, []).extend(_SENTENCE.split(block.text))
                elif not block.is_header:
                    told.setdefault(key, []).append(re.sub(r"^(?:• |\d+\. )", "", block.text))
    return {key: Section(tuple(statements), sure.get(key, "")) for key, statements in told.items()}


def unlisted(page: str, found: dict[Key, Section]) -> list[Key]:
    """The sections with something to confirm that the page does not name; the digest is named as a whole."""
    listed = {(match[2], match[3]) for match in map(_SECTION.fullmatch, page.splitlines()) if match}
    return [key for key, each in found.items() if each.is_open and key not in listed and key[0] != DIGEST]


def brought_up_to_date(page: str) -> tuple[str, str]:
    """The page and the list as the documents have them now; a section that is gone from them is left out."""
    found, signed = sections(), _signed()
    lines, counted = [], Counter[tuple[str, str]]()
    table = StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(COLUMNS)
    source, current = "", None
    for line in page.splitlines():
        if line.startswith("### "):
            source, current = line[4:], None
        if match := _SECTION.fullmatch(line):
            tick, name, heading, check = match.groups()
            current = found.get((name, heading))
            if current is None:
                continue
            line = f"- [{tick}] {name}, “{heading}” ({_count(current)}). Check: {check}. Now: {current.confidence}."
            counted.update(_counts(source, name, 1, len(current.statements)))
            rows.writerows(
                (source, name, heading, each, check, *signed.get((name, heading, each), ("", "")))
                for each in current.statements
            )
        elif line.startswith("  - [") and (current is None or line[8:] not in current.statements):
            continue
        elif line.startswith(f"- [ ] {DIGEST}, all "):
            line, whole = _digest(found)
            counted.update(_counts(source, DIGEST, *whole))
        elif match := _QUESTION.match(line):
            counted.update({(source, "questions"): 1, (match[1], "questions"): 1})
        lines.append(line)
    return "\n".join(_with_counts(lines, counted)) + "\n", table.getvalue()


def _signed() -> dict[tuple[str, str, str], tuple[str, str]]:
    """Who confirmed which statement and when, as the list has it; a statement that is reworded has nobody yet."""
    if not LIST.exists():
        return {}
    with LIST.open(encoding="utf-8", newline="") as lines:
        return {(row[1], row[2], row[3]): (row[5], row[6]) for row in csv.reader(lines) if len(row) == len(COLUMNS)}


def _count(section: Section) -> str:
    number = len(section.statements)
    return f"{number} statement" + ("s" if number != 1 else "")


def _counts(source: str, name: str, number: int, statements: int) -> dict[tuple[str, str], int]:
    return {
        (source, "sections"): number, (name, "sections"): number,
        (source, "statements"): statements, (name, "statements"): statements,
    }  # fmt: skip


def _digest(found: dict[Key, Section]) -> tuple[str, tuple[int, int]]:
    whole = [len(each.statements) for key, each in found.items() if key[0] == DIGEST]
    told = f"all {len(whole)} sections ({sum(whole)} statements). Check: the report itself"
    return f"- [ ] {DIGEST}, {told}. Now: historical, true in 2012-13.", (len(whole), sum(whole))


def _with_counts(lines: list[str], counted: Counter[tuple[str, str]]) -> Iterator[str]:
    """The lines with the figures of both tables and of the first paragraph put right."""
    parts = ("questions", "sections", "statements")
    names = {name for name, _ in counted}
    sources = {line[4:] for line in lines if line.startswith("### ")}
    whole = {
        part: sum(number for (name, of), number in counted.items() if of == part and name in sources) for part in parts
    }
    for line in lines:
        if (match := _ROW.fullmatch(line)) and (match[1] in names or match[1] == "All"):
            figures = whole if match[1] == "All" else {part: counted[(match[1], part)] for part in parts}
            line = f"| {match[1]} | " + " | ".join(f"{figures[part]:,}" for part in parts) + " |"
        told = f"{whole['sections']:,} sections whose {whole['statements']:,} statements"
        told = f"{whole['questions']} open questions, and {told}"
        yield re.sub(r"\d+ open questions, and [\d,]+ sections whose [\d,]+ statements", told, line)


if __name__ == "__main__":
    main()
