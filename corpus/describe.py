"""Writes docs/corpus.md, the list of the starter documents: python corpus/describe.py (with --check: only compares)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from ingest.loaders import load  # noqa: E402 (the project is found from this file's own place)
from ingest.manifest import ManifestEntry, read_manifest  # noqa: E402
from ingest.split import compose_text, split  # noqa: E402
from kb.contacts import uk_date  # noqa: E402
from kb.documents import Edition  # noqa: E402

PAGE = FOLDER.parent / "docs" / "corpus.md"
WRITTEN_ON = date(2026, 11, 23)
FORMATS = {".md": "Markdown", ".html": "web page", ".docx": "Word", ".pdf": "PDF"}

HEAD = """\
# The starter corpus

{documents} documents, {words:,} words, {passages:,} passages. All of them were written for this knowledge base
from public material, in its own words; none is an official text. Each section ends with its sources and how
sure they are; what must be checked before the board relies on a text stands in [to-confirm.md](to-confirm.md).

This page is written by `python corpus/describe.py`; a test fails while it is out of date. The status is that of
{day}: a text that rests on a source known to be replaced shows as review overdue from the start.

| Document | Kind | Words | Passages | Sources | Status | Review by | File |
|---|---|---|---|---|---|---|---|
"""

FOOT = """
Beside the documents: `contacts.toml` (whom to ring), `terms.toml` (abbreviations, retired names, the field's
everyday words; what people say anywhere, "kid" for a child, is in `kb/everyday.toml`) and `golden.jsonl`
(questions whose answers are fixed). `text/` holds what the web pages, Word files and PDFs are built from by
`make corpus-files`.

## Replacing a starter document with the board's own

1. Put the board's file (PDF, Word, web page, Markdown or plain text) into `corpus/`.
2. In `corpus/manifest.toml` find the document's table. Keep its `id`, so that links and questions still find
   it. Change `file`, `label` (the edition's own name, such as "2026"), `in_force_from`, `review_by`,
   `publisher`, `authority` and `sources` to what the board's file says, and take `confirmed` out. Leave a date
   out rather than guess it: the edition then shows as undated.
3. Remove the starter text: `corpus/text/<id>.md` and the file built from it, or `corpus/<id>.md`.
4. Run `python -m ingest`. It lists what changes and asks before it publishes.
5. Run `python -m kb eval corpus/golden.jsonl`. For each question that the new text answers otherwise, read the
   new passage and correct `evidence`, `answer_regex` and `must_not_change`, or mark the question unanswerable
   and say why.
6. Add new abbreviations to `terms.toml` and new telephone numbers to `contacts.toml`.
7. Run `python corpus/describe.py`, strike the document's open questions out of `to-confirm.md`, and run
   `python corpus/confirm.py`, which takes out the rest of its lines.

When the board publishes its next edition, add a second table with the same `id`, `title`, `kind`, `publisher`,
`authority`, `audience`, `url` and `owner`, and give the older table `in_force_until`, the day on which the
newer one begins: the older text then answers only questions about its own time.

The tests in `tests/corpus/` hold texts of the publisher "Starter text, not an official publication" to rules of
their own, such as the paragraph at their head; a document of the board's is not held to them. Two counts in
these tests, of documents and of built files, change with the corpus.
"""


def main() -> None:
    """Writes the page where it differs; with --check, exits with 1 instead."""
    page = described()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page:
        return
    if "--check" in sys.argv[1:]:
        sys.exit(f"{PAGE.name}: out of date. Run python corpus/describe.py.")
    PAGE.write_text(page, encoding="utf-8")
    print(f"{PAGE.name}: written")


def described() -> str:
    """The whole page."""
    measured = [(entry, *_measures(entry)) for entry in read_manifest(FOLDER)]
    head = HEAD.format(
        documents=len(measured),
        words=sum(words for _, words, _ in measured),
        passages=sum(passages for _, _, passages in measured),
        day=uk_date(WRITTEN_ON),
    )
    return head + "".join(_rows(measured)) + FOOT


def _measures(entry: ManifestEntry) -> tuple[int, int]:
    """How many words and passages the shipped file has."""
    content = compose_text(load(entry.path).blocks)
    return len(content.text.split()), len(split(_edition(entry), content))


def _rows(measured: list[tuple[ManifestEntry, int, int]]) -> Iterator[str]:
    for entry, words, passages in measured:
        status = _edition(entry).status_on(WRITTEN_ON)
        review = uk_date(entry.review_by) if entry.review_by else "none"
        cells = (
            f"{entry.document.title} (`{entry.document.id}`)",
            entry.document.kind.value,
            f"{words:,}",
            f"{passages:,}",
            str(len(entry.sources)),
            status.value,
            review,
            f"`{entry.file}`, {FORMATS[entry.path.suffix]}",
        )
        yield f"| {' | '.join(cells)} |\n"


def _edition(entry: ManifestEntry) -> Edition:
    return Edition(
        id=entry.document.id,
        document=entry.document,
        label=entry.label,
        file=entry.file,
        sha256="",
        in_force_from=entry.in_force_from,
        in_force_until=entry.in_force_until,
        review_by=entry.review_by,
        historical=entry.historical,
        withdrawn=entry.withdrawn,
    )


if __name__ == "__main__":
    main()
