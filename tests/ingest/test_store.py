"""What is written comes back whole, or is not there at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ingest import store
from ingest.blocks import Block
from ingest.log import Action
from ingest.split import compose_text, split
from ingest.store import Switch
from kb.database import Database, Generation, Unread
from kb.documents import Authority, Document, Edition, ElementKind, Held, Kind, Withdrawal
from kb.entries import digest, texts
from kb.errors import KnowledgeBaseError

EDITION = Edition(
    "fostering@1",
    Document(
        "fostering",
        "Private fostering",
        Kind.PROCEDURE,
        "The board",
        Authority.LOCAL_PROCEDURE,
        ("schools", "health"),
        "https://example.org/fostering",
        "Business unit",
    ),
    "2013",
    "fostering.pdf",
    "ab" * 32,
    date(2013, 7, 1),
    date(2015, 1, 1),
    date(2014, 7, 1),
    True,
    Withdrawal(date(2016, 1, 1), "The law changed.", "adoption"),
    "by the chair",
    ("regulation 8", "the manual"),
    ("i", "1"),
)
CONTENT = compose_text(
    [
        Block(ElementKind.HEADING, "Visits – “first”", 1, page=1),
        Block(ElementKind.PARAGRAPH, "They visit weekly. The carer must:", page=1, breaks=((5, 2),)),
        Block(ElementKind.ITEM, "• be there", 1, page=2),
        Block(ElementKind.ROW, "Age | Visits", is_header=True, page=2),
        Block(ElementKind.ROW, "0 | weekly", page=2),
        Block(ElementKind.PARAGRAPH, "Source: regulation 8.", page=2),
    ]
)
PASSAGES = split(EDITION, CONTENT)
GENERATION = Generation("g1", "2026-11-23T09:00:00+00:00", None, "words@1", 2, "generation-g1")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path, write=True) as opened:
        yield opened


def keep(database: Database, edition: Edition = EDITION) -> str:
    return store.store_edition(database, edition, CONTENT, PASSAGES, b"the file", (2,))


def test_an_edition_comes_back_as_it_was(database: Database) -> None:
    keep(database)

    assert database.edition(EDITION.id) == EDITION
    assert database.edition_text(EDITION.id) == CONTENT.text
    assert database.elements(EDITION.id) == CONTENT.elements
    assert database.passages(EDITION) == PASSAGES
    assert database.original(EDITION.id) == b"the file"
    assert database.unread_pages(EDITION.id) == (2,)


def test_entries_stand_for_what_is_embedded_of_each_passage(database: Database) -> None:
    keep(database)

    wanted = [(passage.id, start, end, digest(text)) for passage in PASSAGES for start, end, text in texts(passage)]
    found = [(entry.passage, entry.start, entry.end, entry.digest) for entry in database.entries(EDITION.id)]
    assert found == wanted


def test_a_digest_stands_for_the_content_and_not_for_the_id(database: Database) -> None:
    first = keep(database)
    again = keep(database, Edition(**{**EDITION.__dict__, "id": "fostering@2"}))
    other = keep(database, Edition(**{**EDITION.__dict__, "id": "fostering@3", "label": "2014"}))

    assert first == again != other
    assert database.known_editions() == {"fostering@1": first, "fostering@2": first, "fostering@3": other}


def test_an_edition_is_kept_whole_or_not_at_all(database: Database) -> None:
    broken = (*PASSAGES, replace(PASSAGES[0], first_page="\ud800"))  # type: ignore[arg-type]

    with pytest.raises(UnicodeEncodeError):
        store.store_edition(database, EDITION, CONTENT, broken, b"the file", ())

    assert database.known_editions() == {}


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO unread VALUES ('a.md', 'fact', 'next')")
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        fail()

    assert database.unread() == []


def test_vectors_come_back_in_the_order_asked(database: Database) -> None:
    vectors = np.arange(1200 * 2, dtype=np.float32).reshape(1200, 2)
    digests = [f"{number:04}" for number in range(1200)]
    store.store_vectors(database, "words@1", digests, vectors)

    assert np.array_equal(database.vectors("words@1", digests[::-1]), vectors[::-1])
    assert database.known_vectors("words@1", ["0001", "none"]) == {"0001"}
    assert database.known_vectors("words@2", digests) == set()
    with pytest.raises(KeyError):
        database.vectors("words@1", ["none"])


def test_one_switch_publishes_a_generation(database: Database) -> None:
    keep(database)
    store.store_generation(database, GENERATION, [Held(EDITION)])
    assert database.published_id() is None

    store.publish(database, Switch("g1", "Ada", Action.PUBLISH))

    assert database.published_id() == "g1"
    assert database.generation("g1").published_at
    assert database.editions("g1") == [EDITION]


def test_what_came_of_an_edition_is_kept_with_the_generation_and_not_with_the_edition(database: Database) -> None:
    plain = replace(EDITION, in_force_until=None, withdrawn=None, historical=False)
    store.store_edition(database, plain, CONTENT, PASSAGES, b"the file", ())
    withdrawn = Withdrawal(date(2020, 1, 1), "Out of date.", "adoption")
    later = Held(plain, 2, date(2019, 1, 1), date(2021, 1, 1), withdrawn)
    store.store_generation(database, GENERATION, [Held(plain)])
    store.store_generation(database, replace(GENERATION, id="g2"), [later])

    assert database.held("g1") == [Held(plain)]
    assert database.held("g2") == [later]
    assert database.edition(plain.id) == plain
    assert database.editions("g2")[0].withdrawn == withdrawn
    assert database.editions("g2")[0].in_force_until == date(2021, 1, 1)


def test_a_generation_half_made_is_forgotten_and_a_draft_is_not(database: Database) -> None:
    keep(database)
    for id_ in ("g1", "g2"):
        store.store_generation(database, replace(GENERATION, id=id_), [Held(EDITION)])
    store.prepare(database, "g1", "", "Ada", {})

    store.forget_unprepared(database)

    assert [generation.id for generation in database.generations()] == ["g1"]
    assert database.editions("g2") == []


@pytest.mark.parametrize("table", ["log", "publications", "cancellations"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid + 1"])
def test_what_is_only_added_to_cannot_be_changed(database: Database, table: str, change: str) -> None:
    keep(database)
    store.store_generation(database, GENERATION, [Held(EDITION)])
    store.publish(database, Switch("g1", "Ada", Action.SCHEDULE, effective_at="2999-01-01T00:00:00+00:00"))
    store.cancel(database, database.publications()[0], "Ada")

    with pytest.raises(KnowledgeBaseError, match="only added to"), database.transaction() as connection:
        connection.execute(change.format(table))


def test_what_is_unread_is_replaced_for_the_files_tried(database: Database) -> None:
    rows = [Unread("a.md", "empty", "Save it again."), Unread("b.md", "encrypted", "Save a copy.")]
    store.store_unread(database, None, rows)

    store.store_unread(database, ["a.md"], [])
    assert database.unread() == rows[1:]
    store.store_unread(database, None, rows[:1])
    assert database.unread() == rows[:1]
