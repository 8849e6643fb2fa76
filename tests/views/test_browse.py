from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import Tag
from streamlit.testing.v1 import AppTest

from ingest.run import ingest
from ingest.sources import Source
from kb import messages
from kb.database import Database
from kb.documents import Edition, Passage
from kb.links import Link
from tests.views.conftest import HOSTILE_RULE, HOSTILE_TITLE, MODEL, app_on
from tests.views.drawn import html, one, open_page, squeezed, text


def edition_of(data: Path, document: str) -> Edition:
    with Database(data) as store:
        return next(each for each in store.editions(store.published_id() or "") if each.document.id == document)


def passage_with(data: Path, document: str, words: str) -> Passage:
    with Database(data) as store:
        return next(each for each in store.passages(edition_of(data, document)) if words in each.text)


def link_to(data: Path, document: str, words: str, quote: str) -> dict[str, str]:
    """The query that opens `quote` in the passage that holds `words`."""
    passage = passage_with(data, document, words)
    start = passage.start + passage.text.index(quote)
    link = Link(document, passage.edition.id, passage.id, start, start + len(quote))
    return {name: str(value) for name, value in link.__dict__.items() if value not in ("", None)}


def marked(drawn: Tag) -> list[str]:
    return [mark.get_text() for mark in drawn.select("mark")]


def test_every_document_is_listed_with_its_status_dates_and_extent(app: AppTest) -> None:
    drawn = html(open_page(app, "browse"))

    listed = {one(each, "h2").get_text(): squeezed(each.get_text(" ")) for each in drawn.select("article.kb-document")}
    assert list(listed) == sorted(listed, key=str.casefold)
    assert len(listed) == 5
    bicycles = listed["Bicycles of foster families"]
    assert "In force since 1 May 2024" in bicycles
    assert "In force from 1 May 2024. Review by 1 May 2090." in bicycles
    assert "Superseded since 1 January 2022" in listed["Kayaks of foster families"]
    assert "3 pages" in listed["Telescopes in children's homes"]
    assert "Undated: do not rely on it" in listed[HOSTILE_TITLE]
    assert listed[HOSTILE_TITLE].endswith("guidance · 1 passage")


def test_what_could_not_be_read_is_listed_with_the_next_step(app: AppTest) -> None:
    shown = squeezed(one(html(open_page(app, "browse")), ".kb-box").get_text(" "))

    assert shown.startswith("Could not be read scan.pdf")
    assert shown.endswith(".")


def test_the_list_is_filtered_by_status_and_by_kind(app: AppTest) -> None:
    open_page(app, "browse")

    app.selectbox[0].set_value("superseded").run()
    superseded = [one(each, "h2").get_text() for each in html(app).select("article")]
    app.selectbox[0].set_value("all")
    app.selectbox[1].set_value("guidance").run()
    guidance = [one(each, "h2").get_text() for each in html(app).select("article")]

    assert superseded == ["Kayaks of foster families"]
    assert guidance == [HOSTILE_TITLE]


def test_a_document_shows_its_facts_and_its_contents(app: AppTest) -> None:
    drawn = html(open_page(app, "browse", document="bicycles"))

    assert one(drawn, "h1").get_text() == "Bicycles of foster families"
    facts = [each.get_text() for each in drawn.select("dl.kb-facts dd")]
    assert "In force from 1 May 2024. Review by 1 May 2090." in facts
    assert "bicycles.md" in facts
    assert [each.get_text() for each in drawn.select("ol.kb-contents a")] == [
        "Bicycles of foster families",
        "Checking a bicycle",
        "Who pays for a bicycle",
        "What the link worker brings",
    ]


def test_the_contents_stand_before_the_list_of_what_a_document_was_written_from(
    tmp_path: Path, sources: tuple[Source, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = [replace(source, sources=("The bicycle act",)) for source in sources if source.document.id == "bicycles"]
    ingest(tmp_path / "data", written, MODEL, keep_others=True)

    drawn = html(open_page(app_on(tmp_path / "data", monkeypatch), "browse", document="bicycles"))

    assert [each.get_text() for each in drawn.select("h2")] == ["Contents", "Written from"]


def test_a_link_marks_exactly_the_quote_in_its_whole_section(app: AppTest, data: Path) -> None:
    quote = "However, the link worker checks a bicycle that has been in a fall on the same day."

    drawn = html(open_page(app, "browse", **link_to(data, "bicycles", "brakes", quote)))

    assert marked(drawn) == [quote]
    assert "The link worker checks the brakes of every bicycle" in drawn.get_text()
    assert one(drawn, "mark[data-kb-focus]")["tabindex"] == "-1"


def test_the_section_stands_between_its_neighbours(app: AppTest, data: Path) -> None:
    query = link_to(data, "bicycles", "tandem", "Tandem bicycle | The travel fund pays for a tandem bicycle")

    drawn = html(open_page(app, "browse", **query))

    before, after = drawn.select("aside.kb-neighbour")
    assert one(before, "h2").get_text() == "Checking a bicycle"
    assert one(after, "h2").get_text() == "What the link worker brings"
    assert [link.get_text() for link in drawn.select('nav[aria-label="Sections"]')[0].select("a")] == [
        "Previous section: Checking a bicycle",
        "Contents",
        "Next section: What the link worker brings",
    ]


def test_a_quoted_row_is_marked_cell_by_cell(app: AppTest, data: Path) -> None:
    query = link_to(data, "bicycles", "tandem", "Tandem bicycle | The travel fund pays for a tandem bicycle")

    drawn = html(open_page(app, "browse", **query))

    assert marked(drawn) == ["Tandem bicycle", "The travel fund pays for a tandem bicycle"]
    assert [cell.get_text() for cell in drawn.select("thead th")] == ["Bicycle", "Who pays for it"]


def test_a_quote_of_a_pdf_has_its_page_beside_it_as_a_picture_that_says_what_it_is(app: AppTest, data: Path) -> None:
    query = link_to(data, "telescopes", "stored dry", "The telescope is stored dry.")

    open_page(app, "browse", **query)

    (image,) = app.get("image")
    alt = image.proto.imgs[0].alt
    assert alt == "Picture of p. 3 of 3 of Telescopes in children's homes, the quote marked. Its text stands beside it."


def test_a_quote_over_two_pages_says_so_and_is_marked_on_both(app: AppTest, data: Path) -> None:
    passage, quote = crossing(data)
    query = link_to(data, "telescopes", passage.text, quote)

    first = open_page(app, "browse", **query).get("image")[0].proto.imgs[0].alt
    shown = text(app)
    app.query_params["page"] = "3"
    second = app.run().get("image")[0].proto.imgs[0].alt

    assert "(the quote stands on pp. 2 to 3)" in shown
    assert first.startswith("Picture of p. 2 of 3 of Telescopes in children's homes, the quote marked.")
    assert second.startswith("Picture of p. 3 of 3 of Telescopes in children's homes, the quote marked.")


def crossing(data: Path) -> tuple[Passage, str]:
    """The passage and the unit of it that begin on page 2 and end on page 3."""
    with Database(data) as store:
        for passage in store.passages(edition_of(data, "telescopes")):
            for unit in passage.units:
                if (passage.page_at(unit.start), passage.page_at(unit.end - 1)) == (2, 3):
                    return passage, passage.slice(unit.start, unit.end)
    raise AssertionError("no unit of the booklet goes over a page's end")


def test_a_quote_that_does_not_fit_its_passage_is_not_placed_and_nothing_is_marked(app: AppTest, data: Path) -> None:
    query = link_to(data, "bicycles", "brakes", "The link worker") | {"end": "99999"}

    drawn = html(open_page(app, "browse", **query))

    assert messages.CANNOT_PLACE in drawn.get_text()
    assert marked(drawn) == []


@pytest.mark.parametrize(("key", "value"), [("start", "x"), ("start", "-4"), ("passage", "nope"), ("end", "1e9")])
def test_a_garbled_link_is_told_plainly(app: AppTest, data: Path, key: str, value: str) -> None:
    query = link_to(data, "bicycles", "brakes", "The link worker") | {key: value}

    drawn = html(open_page(app, "browse", **query))

    assert messages.CANNOT_PLACE in drawn.get_text()
    assert marked(drawn) == []


def test_a_link_to_an_edition_that_is_not_here_leads_on_to_the_document(app: AppTest) -> None:
    drawn = html(open_page(app, "browse", document="bicycles", edition="bicycles@0", passage="p", start="1", end="2"))

    assert messages.UNKNOWN_EDITION in drawn.get_text()
    assert one(drawn, ".kb-box a").get_text() == "Open what is published now: Bicycles of foster families"


def test_a_link_to_an_unknown_document_leads_on_to_the_list(app: AppTest) -> None:
    drawn = html(open_page(app, "browse", document="<b>x</b>"))

    assert messages.UNKNOWN_DOCUMENT in drawn.get_text()
    assert one(drawn, ".kb-box a")["href"] == "documents"


def test_a_link_to_an_older_generation_says_that_the_text_is_no_longer_published(
    data: Path, sources: tuple[Source, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = tmp_path / "data"
    shutil.copytree(data, later)
    query = link_to(data, "bicycles", "brakes", "The link worker checks the brakes")
    newer = tmp_path / "bicycles.md"
    newer.write_text(
        "# Bicycles of foster families\n\n## Checking\n\nNobody checks brakes any more.\n", encoding="utf-8"
    )
    source = replace(next(each for each in sources if each.document.id == "bicycles"), path=newer, label="2026")
    ingest(later, [source], MODEL, keep_others=True)

    drawn = html(open_page(app_on(later, monkeypatch), "browse", **query))

    assert messages.NOT_PUBLISHED in drawn.get_text()
    assert "kb-warn" in drawn.select(".kb-status")[0]["class"]
    assert one(drawn, ".kb-box a").get_text() == "Open what is published now: Bicycles of foster families, 2026"


def test_hostile_text_of_a_document_comes_out_as_itself(app: AppTest, data: Path) -> None:
    query = link_to(data, "hostile", "trampoline", HOSTILE_RULE)

    drawn = html(open_page(app, "browse", **query))

    assert one(drawn, "h1").get_text() == HOSTILE_TITLE
    assert marked(drawn) == [HOSTILE_RULE]
    assert drawn.find_all(["script", "b", "img", "em", "code"]) == []
    assert [each.value for each in app.markdown] == []


def test_the_original_is_offered_as_it_was_read(app: AppTest) -> None:
    open_page(app, "browse", document="bicycles")

    (button,) = app.get("download_button")
    assert button.proto.label == "Download the original file"


def test_the_way_back_to_the_answer_is_there_when_there_is_an_answer(app: AppTest) -> None:
    without = text(open_page(app, "browse"))

    app.session_state["answer"] = object()
    shown = text(app.run())

    assert "Back to the answer" not in without
    assert "Back to the answer" in shown


EVENT = """
[[event]]
id = "elmshire"
title = "The <b>new</b> rules of Elmshire"
happened = "came into force"
on = 2025-02-03
supersedes = "the bicycle rules"
names = ["the bicycle rules of Elmshire"]
source = "a notice"
"""


@pytest.mark.parametrize("with_quote", [True, False])
def test_an_outside_event_stands_beside_the_text_that_rests_on_what_it_replaced(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_quote: bool
) -> None:
    (tmp_path / "events.toml").write_text(EVENT, encoding="utf-8")
    monkeypatch.setenv("KB_CORPUS", str(tmp_path))
    edition = edition_of(data, "bicycles").id
    named = link_to(data, "bicycles", "checks the brakes", "However") if with_quote else {"section": "1"}
    other = link_to(data, "bicycles", "Tricycle", "The play fund") if with_quote else {"section": "2"}

    app = app_on(data, monkeypatch)
    shown = [
        html(open_page(app, "browse", **{"document": "bicycles", "edition": edition, **query}))
        for query in (named, other)
    ]

    assert [each.get_text() for each in shown[0].select(".kb-notice")] == [
        "The <b>new</b> rules of Elmshire came into force on 3 February 2025. It replaced the bicycle rules, which "
        "this text names or was written from: check that it still holds."
    ]
    assert shown[1].select(".kb-notice") == []


def test_a_list_of_events_that_cannot_be_read_is_said_and_the_text_still_stands(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "events.toml").write_text("[[event]]\nid = 3", encoding="utf-8")
    monkeypatch.setenv("KB_CORPUS", str(tmp_path))
    link = link_to(data, "bicycles", "checks the brakes", "However")

    shown = html(open_page(app_on(data, monkeypatch), "browse", **link))

    assert one(shown, ".kb-notice").get_text().startswith("events.toml: ")
    assert marked(shown) == ["However"]
