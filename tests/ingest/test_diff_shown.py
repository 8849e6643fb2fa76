"""A difference as a reader sees it: terminal, HTML, amendments note, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from ingest.changes import Difference
from ingest.diff import compare
from ingest.diff_html import render as to_html
from ingest.diff_json import to_json
from ingest.diff_note import draft
from ingest.diff_text import NOTHING
from ingest.diff_text import render as to_text
from tests.ingest.editions import of_markdown, paragraphs, relabelled
from tests.ingest.test_diff import NEW, OLD

HOSTILE = "The clerk <script>alert('x')</script> & <b>signs</b> *all* [x](https://evil.example) `now`."


@pytest.fixture
def difference(tmp_path: Path) -> Difference:
    old = relabelled(of_markdown(tmp_path, OLD), label="2013", review_by=date(2014, 1, 1))
    new = relabelled(of_markdown(tmp_path, NEW), label="2016", review_by=date(2017, 1, 1))
    return compare([old], [new])


def hostile() -> Difference:
    return compare(
        [paragraphs("# Signing", "The clerk signs.")],
        [paragraphs("# Signing <i>", HOSTILE, "a | b <u>", "# *New*", "x")],
    )


def test_the_terminal_shows_material_first_and_words_between_marks(difference: Difference) -> None:
    assert to_text(difference).splitlines()[:11] == [
        "Private fostering: 2013 → 2016",
        "  1 section added, 1 removed, 1 reworded, 1 moved; 8 material changes",
        "  Edition: 2016 (before: 2013)",
        "  Review by: 1 January 2017 (before: 1 January 2014)",
        "",
        "Material",
        "",
        "  REWORDED  section 3 (Visits)",
        "    ! Timescale changed from 15 to 10 working days",
        "      …",
        "      A social worker must visit the child within [-15-] {+10+} working days. The visit is to",
    ]


def test_a_moved_section_is_shown_by_its_place_alone(difference: Difference) -> None:
    shown = to_text(difference).partition("Other changes")[2]

    assert "MOVED  section 1 (Reviews)" in shown
    assert "stood after section 4 (Records), stands after section" in " ".join(shown.split())
    assert "reviewed twice a year" not in shown


def test_a_removed_section_is_shown_whole_with_what_it_held(difference: Difference) -> None:
    shown = " ".join(to_text(difference).split())

    assert "REMOVED section 3 (Complaints) ! Holds: duty “may”; name “council”" in shown
    assert "[-A parent may complain to the council about a visit. The complaints officer answers.-]" in shown


def test_colour_goes_beside_the_marks_and_every_line_ends_plain(difference: Difference) -> None:
    coloured = to_text(difference, colour=True)

    assert "\x1b[31m[-15-]\x1b[0m \x1b[32m{+10+}\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == to_text(difference)
    assert all(line.count("\x1b[3") == line.count("\x1b[0m") for line in coloured.splitlines())


@pytest.mark.parametrize("render", [to_text, to_html, draft])
def test_no_difference_is_said_in_words(render: Callable[[Difference], str]) -> None:
    assert "ayout" in render(Difference())
    assert NOTHING in to_text(Difference())


@pytest.mark.parametrize("render", [to_text, to_html, draft])
def test_a_whole_document_that_comes_or_goes_is_told_without_its_text(render: Callable[[Difference], str]) -> None:
    edition = paragraphs("# Signing", "The clerk signs.")

    came, went = render(compare([], [edition])), render(compare([edition], []))

    assert "clerk" not in came + went
    assert "new document" in came.lower()
    assert "no longer there" in went or "has been removed" in went


def test_the_html_stands_alone_without_script_or_address(difference: Difference) -> None:
    soup = BeautifulSoup(to_html(difference, "Made on 3 March 2026."), "lxml")

    assert soup.html is not None
    assert soup.html["lang"] == "en-GB"
    assert soup.find_all(["script", "img", "link", "iframe", "form"]) == []
    assert [element for element in soup.find_all(True) if element.get("src") or element.get("href")] == []
    assert [heading.name for heading in soup.find_all(re.compile("^h[1-6]$"))][:4] == ["h1", "h2", "h3", "h4"]
    assert "Made on 3 March 2026." in soup.get_text()


def test_the_html_marks_words_by_element_and_not_by_colour_alone(difference: Difference) -> None:
    html = to_html(difference)
    soup = BeautifulSoup(html, "lxml")

    assert [each.get_text() for each in soup.select(".section")[0].find_all(["ins", "del"])] == ["15", "10"]
    assert "text-decoration: line-through" in html
    assert "text-decoration: underline" in html
    assert [each.get_text() for each in soup.select(".labels")] == ["reworded", "removed", "added", "moved"]


def test_foreign_text_comes_out_of_the_html_as_itself() -> None:
    soup = BeautifulSoup(to_html(hostile()), "lxml")

    assert HOSTILE in " ".join(soup.get_text().split())
    assert soup.find_all(["script", "b", "i", "u", "a", "code"]) == []


def test_a_changed_row_is_a_table_row_with_the_first_row_of_its_table() -> None:
    rows = ["Person | Told by", "Uncle | the carer", "Aunt | the carer", "Cousin | the nurse"]
    difference = compare([paragraphs(*rows)], [paragraphs(*rows[:3], "Cousin | the clerk")])

    table = BeautifulSoup(to_html(difference), "lxml").select("table tr")

    drawn = [[cell.get_text() for cell in row.select("td")] for row in table]
    assert drawn[0] == ["Person", "Told by"]
    assert drawn[-1] == ["Cousin", "the nurse clerk"]
    assert [each.get_text() for each in table[-1].find_all(["ins", "del"])] == ["nurse", "clerk"]


def test_the_note_tells_each_material_change_in_words_with_its_section(difference: Difference) -> None:
    note = draft(difference)

    assert note.splitlines()[:8] == [
        "# Amendments: Private fostering",
        "",
        "From 2013 to 2016.",
        "",
        "## What changes in practice",
        "",
        "- Timescale changed from 15 to 10 working days, section 3 (Visits).",
        "- Section 3 (Complaints) removed: A parent may complain to the council about a visit. The complaints officer "
        "answers.",
    ]
    assert "- Section 4 (Advocates) added: Every child is offered an advocate." in note
    assert "- Section 1 (Reviews) moved: stood after section 4 (Records), stands after" in note
    assert "- Review by: 1 January 2017 (before: 1 January 2014)." in note


def test_a_changed_duty_is_told_with_its_sentence() -> None:
    difference = compare(
        [paragraphs("# 4.2 Visits", "The nurse must write. The carer waits.")],
        [paragraphs("# 4.2 Visits", "The nurse should write. The carer waits.")],
    )

    assert "- Duty changed from “must” to “should”, section 4.2 (Visits): “The nurse should write.”" in draft(
        difference
    )


def test_a_change_of_wording_that_is_not_material_is_told_by_its_words() -> None:
    difference = compare(
        [paragraphs("# Book", "It is kept in writing.")], [paragraphs("# Book", "It is kept on paper.")]
    )

    assert "- Wording changed, section “Book”: “in writing” became “on paper”." in draft(difference)


def test_the_note_shows_foreign_text_as_itself_when_it_is_read_as_markdown() -> None:
    drawn = MarkdownIt().render(draft(hostile()))

    soup = BeautifulSoup(drawn, "lxml")
    assert soup.find_all(["script", "b", "i", "a", "code", "em", "u"]) == []
    assert "*all* [x](https://evil.example) `now`" in soup.get_text()


def test_the_json_holds_every_changed_section_with_exact_slices(difference: Difference) -> None:
    told = json.loads(to_json(difference))

    document = told["documents"][0]
    assert (told["version"], told["material"], document["document"]) == (1, True, "fostering")
    assert [section["labels"] for section in document["sections"]] == [["moved"], ["reworded"], ["removed"], ["added"]]
    reworded = document["sections"][1]
    assert reworded["material"][0] | {"before": 0, "after": 0} == {
        "kind": "timescale",
        "old": "15 working days",
        "new": "10 working days",
        "before": 0,
        "after": 0,
        "context": "A social worker must visit the child within 10 working days.",
    }
    assert [piece["kind"] for piece in reworded["pieces"]] == ["same", "removed", "added", "same"]
    assert reworded["pieces"][1]["before"]["text"] == " 15"
