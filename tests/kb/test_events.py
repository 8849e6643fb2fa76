"""Which passages rest on a superseded document, and what is wrong with the list of events."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.split import compose_text, split
from kb.documents import Document, Edition, ElementKind, Passage
from kb.errors import KnowledgeBaseError
from kb.events import Event, flags, read_events
from tests.conftest import PROJECT

DAY = date(2026, 3, 18)
NEW = Event(
    id="rules-2026",
    title="Rules 2026",
    happened="was published",
    on=DAY,
    supersedes="Rules 2023",
    names=("Rules 2023", "Rules (2023)", "Elmshire's rules of 2023"),
    source="a notice",
)
EDITION = Edition("visits@1", Document("visits", "Visits"), "2024", "visits.md", "0" * 64)


def passage(text: str, *, source: str = "", heading: str = "Visits", edition: Edition = EDITION) -> Passage:
    blocks = [Block(ElementKind.HEADING, heading, 1), Block(ElementKind.PARAGRAPH, text)]
    blocks += [Block(ElementKind.PARAGRAPH, f"Source: {source}")] if source else []
    return split(edition, compose_text(blocks))[0]


@pytest.mark.parametrize(
    "text",
    [
        "As Rules 2023 say.",
        "as RULES  2023, section 4",
        "“Rules (2023)”",
        "see elmshire’s rules of 2023;",
        "Rules 2023",
        "the Rules\u00a02023",
    ],
)
def test_a_passage_that_names_the_superseded_document_is_flagged(text: str) -> None:
    assert flags(passage(text), [NEW], DAY) == (NEW,)


@pytest.mark.parametrize("text", ["As Rules 2026 say.", "Rules 20231", "MyRules 2023", "Rules of 2023", "the rules"])
def test_a_passage_that_names_another_document_is_not(text: str) -> None:
    assert flags(passage(text), [NEW], DAY) == ()


def test_a_heading_and_a_source_note_name_it_too() -> None:
    assert flags(passage("Write.", heading="What Rules 2023 say"), [NEW], DAY) == (NEW,)
    assert flags(passage("Write.", source="Rules 2023, chapter 2."), [NEW], DAY) == (NEW,)


def test_what_the_edition_was_written_from_counts_only_where_the_section_has_no_note() -> None:
    from_sources = replace(EDITION, sources=("a letter", "Rules 2023, as described by others"))
    confirmed = replace(EDITION, confirmed="Rules 2023")

    assert flags(passage("Write.", edition=from_sources), [NEW], DAY) == (NEW,)
    assert flags(passage("Write.", edition=confirmed), [NEW], DAY) == (NEW,)
    assert flags(passage("Write.", source="a letter.", edition=from_sources), [NEW], DAY) == ()


def test_before_its_day_an_event_flags_nothing() -> None:
    named = passage("As Rules 2023 say.")

    assert flags(named, [NEW], DAY - timedelta(days=1)) == ()
    assert flags(named, [NEW], DAY + timedelta(days=1)) == (NEW,)


OTHERS = tuple(
    replace(NEW, id=f"other-{number}", names=(f"Letter {number}",), on=DAY - timedelta(days=number))
    for number in range(4)
)
TEXTS = st.lists(st.sampled_from(["Rules 2023", "Letter 0", "Letter 3", "the rules", "2023", "Write"]), max_size=6)


@given(st.lists(TEXTS, max_size=12), st.sets(st.sampled_from(OTHERS)))
def test_adding_one_event_flags_exactly_the_passages_that_name_its_superseded_document(
    texts: list[list[str]], others: set[Event]
) -> None:
    passages = [passage("They say: " + ", then ".join(words) + ".") for words in texts]

    before = [flags(each, sorted(others, key=lambda event: event.id), DAY) for each in passages]
    after = [flags(each, [*sorted(others, key=lambda event: event.id), NEW], DAY) for each in passages]

    for words, old, new in zip(texts, before, after, strict=True):
        assert new == ((*old, NEW) if "Rules 2023" in words else old)


def test_what_is_told_says_what_happened_when_and_to_what() -> None:
    assert NEW.told == (
        "Rules 2026 was published on 18 March 2026. It replaced Rules 2023, which this text names or was written from: "
        "check that it still holds."
    )
    assert replace(NEW, when="in spring 2026", note="A third follows.").told.startswith(
        "Rules 2026 was published in spring 2026. It replaced"
    )
    assert replace(NEW, note="A third follows.").told.endswith("still holds. A third follows.")


GOOD = """
[[event]]
id = "rules-2026"
title = "Rules 2026"
happened = "was published"
on = 2026-03-18
supersedes = "Rules 2023"
names = ["Rules 2023", "Rules (2023)", "Elmshire's rules of 2023"]
source = "a notice"
"""


def read(tmp_path: Path, text: str) -> tuple[Event, ...]:
    file = tmp_path / "events.toml"
    file.write_text(text, encoding="utf-8")
    return read_events(file)


def test_a_list_is_read_as_it_stands(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == (NEW,)
    assert read(tmp_path, "") == ()
    assert read_events(tmp_path / "none.toml") == ()


BAD = """
event_list = 1

[[event]]
id = "Rules 2026"
title = ""
happened = "appeared"
on = "18 March 2026"
supersedes = 3
names = []
sauce = "a notice"

[[event]]
id = "rules-2026"
title = "Rules 2026"
happened = "was published"
on = 2026-03-18T10:00:00
supersedes = "Rules 2023"
names = ["Rules 2023", "", 4]
source = "a notice"

[[event]]
id = "rules-2026"
title = "Rules 2026"
happened = "was published"
on = 2026-03-18
supersedes = "Rules 2023"
names = ["rules  2023"]
source = "a notice"
"""


def test_every_problem_of_a_list_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseError) as caught:
        read(tmp_path, BAD)

    told = str(caught.value)
    for problem in (
        "'event_list' is not known here; begin each entry with [[event]]",
        "Rules 2026: 'sauce' is not a field of an event",
        "Rules 2026: id: 'Rules 2026' may hold only small letters, digits and single hyphens",
        "Rules 2026: title: empty",
        "Rules 2026: happened: 'appeared'; known: was published, was ratified, came into force",
        "Rules 2026: supersedes: 3 is not text; put it in quotation marks",
        "Rules 2026: source: missing",
        "Rules 2026: on: '18 March 2026'; write a day such as 2026-03-18",
        "Rules 2026: names: missing; list what texts call the superseded document",
        "rules-2026: on: datetime.datetime(2026, 3, 18, 10, 0); write a day such as 2026-03-18",
        "rules-2026: names: '' is no text",
        "rules-2026: names: 4 is no text",
        "rules-2026: 2 events have this id",
        "names: 'rules 2023' stands in the file 2 times. Correct the file and try again.",
    ):
        assert f"  - {problem}\n" in told + "\n", problem
    assert told.startswith("events.toml: 14 problems\n")


@pytest.mark.parametrize("text", ["event = 3", "[[event", "event = [3]", "[[events]]"])
def test_a_file_that_is_no_list_of_events_is_said(tmp_path: Path, text: str) -> None:
    with pytest.raises(KnowledgeBaseError, match=r"events\.toml: "):
        read(tmp_path, text)


def test_the_list_of_the_corpus_is_good_and_each_event_says_where_it_is_from() -> None:
    events = read_events(PROJECT / "corpus" / "events.toml")

    assert {event.id for event in events} >= {"working-together-2026", "working-together-2023"}
    assert next(event for event in events if event.id == "working-together-2026").on == DAY
    assert all(event.told.endswith(".") for event in events)
