"""What every starter document keeps to: where it comes from, whom to ring, how it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import textstat

from ingest.blocks import Block
from kb.contacts import NUMBER, known_numbers, read_contacts
from kb.documents import ElementKind, Kind
from kb.terms import Ledger, read_terms

if TYPE_CHECKING:
    from tests.corpus.conftest import Shipped

DISCLAIMER = re.compile(
    r"This is a starter text written for this knowledge base in November 2026\. It is "
    r"(not the official (procedure|guidance) of the Hertfordshire Safeguarding Children Partnership\."
    r"|a digest of the annual report of .+, not the report itself\.) .*"
    r"It was written from the sources named under each section; "
)
SOURCE = re.compile(r"Sources?: .+ Confidence: ", re.S)
FIRST_DAY = date(2026, 11, 23)

# Three digits, or five for a text message, are a telephone number only where someone is told to ring or text them.
RING = re.compile(r"\b(?:call|dial|phone|quote|ring|telephone|text)\w*(?: [a-z]+){0,5} $", re.I)
TELEPHONE = re.compile(r"\+\d{7,}|0\d{8,}|116\d{3}")

ABBREVIATION = re.compile(r"\b(?:[A-Z]{2,}|[A-Z][a-z]?[A-Z]+)(?=s?\b)")
# Read by everyone as they stand; to say them in full would only water a question down.
NEED_NO_ENTRY = frozenset({"AI", "EU", "GP", "HM", "NHS", "PDF", "TV", "UK", "US"})
# Names that stand for nothing else, a mnemonic told in its own sentence, a Roman numeral, a standard's letters, GOV.UK.
NAMES = frozenset({"ACT", "BMJ", "BS", "EN", "FRANK", "GOV", "HALO", "IX", "SAFE"})

REPORT = Path(__file__).parents[3] / "shared" / "annual-report"
MOST_WORDS_SHARED = 13


def paragraphs(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if block.kind is ElementKind.PARAGRAPH]


def sections(blocks: tuple[Block, ...]) -> list[tuple[str, list[Block]]]:
    """(heading, blocks under it) of each section of level 2, its subsections' blocks with it."""
    found: list[tuple[str, list[Block]]] = []
    for block in blocks:
        if block.kind is ElementKind.HEADING and block.level == 2:
            found.append((block.text, []))
        elif found:
            found[-1][1].append(block)
    return found


def telephone_numbers(text: str) -> Iterator[str]:
    for match in NUMBER.finditer(text):
        digits = re.sub(r"[^\d+]", "", match.group())
        told_to_ring = RING.search(text, 0, match.start()) and "," not in match.group()
        if TELEPHONE.fullmatch(digits) or (told_to_ring and len(digits) in {3, 5} and digits == match.group()):
            yield digits


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.casefold())


def test_there_are_thirty_documents_of_every_kind_but_lists_of_contacts(starter: Mapping[str, Shipped]) -> None:
    assert len(starter) == 30
    assert {document.entry.document.kind for document in starter.values()} == set(Kind) - {Kind.CONTACT_LIST}


def test_every_document_says_what_it_is_and_what_it_rests_on(starter: Mapping[str, Shipped]) -> None:
    for document in starter.values():
        entry = document.entry
        assert entry.sources, document.id
        assert all(re.search(r"\d{4}|undated|not given|as enacted|own site", text) for text in entry.sources), (
            document.id
        )
        assert entry.confirmed, document.id
        assert "November 2026" in entry.label, document.id
        assert entry.in_force_from == FIRST_DAY or (entry.historical and entry.in_force_from), document.id
        assert entry.review_by or entry.historical, document.id
        assert DISCLAIMER.match(paragraphs(document.blocks)[0]), document.id


def test_the_digest_alone_is_historical(starter: Mapping[str, Shipped]) -> None:
    assert [name for name, document in starter.items() if document.entry.historical] == ["annual-report-2012-13"]


def test_a_document_begins_with_its_title_and_has_sections(starter: Mapping[str, Shipped]) -> None:
    for document in starter.values():
        assert [block.level for block in document.blocks if block.kind is ElementKind.HEADING][:2] == [1, 2]
        assert [block.text for block in document.blocks if block.level == 1 and block.kind is ElementKind.HEADING] == [
            document.entry.document.title
        ]


def test_every_section_names_its_source_and_how_sure_it_is(starter: Mapping[str, Shipped]) -> None:
    missing = [
        (document.id, heading)
        for document in starter.values()
        for heading, blocks in sections(document.blocks)
        if not any(SOURCE.match(block.text) for block in blocks) and not heading.startswith("To confirm before relying")
    ]

    assert missing == []


def test_every_document_ends_with_what_is_to_be_confirmed(starter: Mapping[str, Shipped]) -> None:
    for document in starter.values():
        *_, (heading, blocks) = sections(document.blocks)
        questions = [block.text for block in blocks if block.kind is ElementKind.ITEM]
        assert heading.startswith("To confirm before relying on"), document.id
        assert questions, document.id
        assert all("?" in question for question in questions), document.id


def test_every_telephone_number_stands_in_the_list_of_contacts(
    starter: Mapping[str, Shipped], corpus_folder: Path
) -> None:
    known = known_numbers(read_contacts(corpus_folder / "contacts.toml"))

    unknown = {
        (document.id, number)
        for document in starter.values()
        for number in telephone_numbers(document.text)
        if number not in known
    }

    assert unknown == set()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Ring 999 at once, or call 101 and quote HALO.", ["999", "101"]),
        ("Missing People | 116 000 | at any time", ["116000"]),
        ("Call Children's Services on 0300 123 4043.", ["03001234043"]),
        ("text the word help to 85258 today", ["85258"]),
        ("under section 116 of the Act of 2014, against 562 and 2,116 in 2012-13", []),
    ],
)
def test_a_telephone_number_is_told_from_other_figures(text: str, numbers: list[str]) -> None:
    assert list(telephone_numbers(text)) == numbers


def test_every_abbreviation_is_in_the_list_of_terms(starter: Mapping[str, Shipped], corpus_folder: Path) -> None:
    """In what is told, not in the notes of sources, where publishers are named as they name themselves."""
    known = {term.short for term in read_terms(corpus_folder / "terms.toml")} | NEED_NO_ENTRY | NAMES

    unknown = {
        (document.id, match.group())
        for document in starter.values()
        for block in document.blocks
        if not block.text.startswith("Source")
        for match in ABBREVIATION.finditer(block.text)
        if match.group() not in known
    }

    assert unknown == set()


def test_every_abbreviation_of_the_corpus_is_expanded_in_a_question(
    starter: Mapping[str, Shipped], corpus_folder: Path
) -> None:
    terms = read_terms(corpus_folder / "terms.toml")
    ledger = Ledger(terms)
    told = {match.group() for document in starter.values() for match in ABBREVIATION.finditer(document.text)}

    for short in told & {term.short for term in terms}:
        assert [each.found for each in ledger.expansions(f"what is {short}")] == [short]


def test_every_document_is_easy_enough_to_read(starter: Mapping[str, Shipped]) -> None:
    ease = {
        name: textstat.flesch_reading_ease(document.written.read_text(encoding="utf-8"))
        for name, document in starter.items()
    }

    assert {name: value for name, value in ease.items() if value <= 45} == {}


@pytest.mark.skipif(not REPORT.is_dir(), reason="an optional folder ../shared of extra test data is not here")
def test_nothing_is_copied_from_the_annual_report(starter: Mapping[str, Shipped]) -> None:
    length = MOST_WORDS_SHARED + 1
    report = [word for file in sorted(REPORT.glob("*.txt")) for word in words(file.read_text(encoding="utf-8"))]
    runs = {tuple(report[place : place + length]) for place in range(len(report) - length + 1)}

    copied = []
    for document in starter.values():
        told = words(document.text)
        copied += [
            (document.id, " ".join(told[place : place + length]))
            for place in range(len(told) - length + 1)
            if tuple(told[place : place + length]) in runs
        ]

    assert copied == []


def test_every_open_question_is_on_the_business_units_work_list(starter: Mapping[str, Shipped]) -> None:
    work_list = (Path(__file__).parents[2] / "docs" / "to-confirm.md").read_text(encoding="utf-8")

    missing = []
    for document in starter.values():
        *_, (_, blocks) = sections(document.blocks)
        for block in blocks:
            if block.kind is ElementKind.ITEM and f"{document.id}: {block.text.removeprefix('• ')}" not in work_list:
                missing.append((document.id, block.text))

    assert missing == []
