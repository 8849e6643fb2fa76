"""Of a web page, what its reader sees as its content, in the order in which it is seen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.loaders import load
from ingest.loaders.html import parse_html
from kb.documents import ElementKind

HEADING, PARAGRAPH, ITEM, ROW = ElementKind.HEADING, ElementKind.PARAGRAPH, ElementKind.ITEM, ElementKind.ROW


def blocks(markup: str) -> list[Block]:
    return list(parse_html(markup).blocks)


def texts(markup: str) -> list[str]:
    return [block.text for block in blocks(markup)]


def test_headings_paragraphs_and_bare_text_come_in_order() -> None:
    found = blocks(
        "<h1>One</h1>bare<p>a <b>b</b><i>c</i><div>in<div>deeper</div>out</div><h3>Two</h3>"
        "<blockquote>said</blockquote>"
    )

    assert found == [
        Block(HEADING, "One", 1),
        Block(PARAGRAPH, "bare"),
        Block(PARAGRAPH, "a bc"),
        Block(PARAGRAPH, "in"),
        Block(PARAGRAPH, "deeper"),
        Block(PARAGRAPH, "out"),
        Block(HEADING, "Two", 3),
        Block(PARAGRAPH, "said"),
    ]


@pytest.mark.parametrize(
    "outside",
    [
        "<nav>x</nav>",
        "<header><p>x</p></header>",
        "<footer>x</footer>",
        "<aside>x</aside>",
        "<script>x</script>",
        "<style>x</style>",
        "<template><p>x</p></template>",
        "<noscript>x</noscript>",
        "<p hidden>x</p>",
        '<div hidden="until-found"><p>x</p></div>',
        '<p style="color: red; DISPLAY : none">x</p>',
        '<span aria-hidden="true">x</span>',
        '<div role="navigation">x</div>',
        "<!-- x -->",
        "<![CDATA[ x ]]>",
        "<form><h2>x</h2><input value=x><button>x</button></form>",
        "<select><option>x</option></select>",
        "<svg><text>x</text></svg>",
        "<textarea>x</textarea>",
    ],
)
def test_what_is_not_the_pages_content_is_never_in_a_block(outside: str) -> None:
    assert texts(f"<body>{outside}<main>{outside}<p>a{outside}</p><ul><li>b{outside}</ul></main>{outside}</body>") == [
        "a",
        "• b",
    ]


def test_the_main_content_is_main_then_the_only_article_then_the_body() -> None:
    assert texts("<p>menu</p><main><p>a</p></main>") == ["a"]
    assert texts("<p>menu</p><div role=main><p>a</p></div>") == ["a"]
    assert texts("<p>menu</p><article><p>a</p></article>") == ["a"]
    assert texts("<article><p>a</p></article><article><p>b</p></article>") == ["a", "b"]
    assert texts("<main hidden><p>old</p></main><p>a</p>") == ["a"]
    assert texts("<main></main><p>a</p>") == ["a"]


def test_a_form_around_the_whole_page_is_no_form() -> None:
    assert texts("<form><h1>Visits</h1><p>a</p><input value=x><label>x</label></form>") == ["Visits", "a"]


def test_items_carry_the_marker_that_the_page_shows() -> None:
    found = blocks(
        "<ul><li>a<ol start=3 type=a><li>b<li>c</ol></ul><ol><li>d<li value=7>e<li>f</ol>"
        "<ol reversed><li>g<li>h</ol><ol type=I start=4><li>i</ol>"
    )

    assert [(block.text, block.level) for block in found] == [
        ("• a", 1),
        ("c. b", 2),
        ("d. c", 2),
        ("1. d", 1),
        ("7. e", 1),
        ("8. f", 1),
        ("2. g", 1),
        ("1. h", 1),
        ("IV. i", 1),
    ]


def test_items_without_a_list_are_bullets() -> None:
    assert blocks("<main><p>You need:</p><li>a</li><li>b</li><p>c</p></main>") == [
        Block(PARAGRAPH, "You need:"),
        Block(ITEM, "• a", 1),
        Block(ITEM, "• b", 1),
        Block(PARAGRAPH, "c"),
    ]


@pytest.mark.parametrize(
    ("typed", "item"),
    [
        ("• a", "• a"),
        ("•a", "• a"),
        ("- a", "• a"),
        ("2) a", "2) a"),
        ("(iv) a", "(iv) a"),
        ("3. A visit", "3. A visit"),
    ],
)
def test_a_paragraph_with_a_typed_marker_is_an_item(typed: str, item: str) -> None:
    assert blocks(f"<p>{typed}</p>") == [Block(ITEM, item, 1)]


@pytest.mark.parametrize(
    "text", ["-5 degrees", "2013. A year", "1.2 Visits", "A. Visit", "a plan", "3. 5", "(see above) a"]
)
def test_a_number_or_dash_that_marks_nothing_makes_no_item(text: str) -> None:
    assert blocks(f"<p>{text}</p>") == [Block(PARAGRAPH, text)]


def test_the_paragraphs_of_an_item_stay_in_it() -> None:
    assert texts("<ul><li><p>a</p><p>b</p><ul><li>c</ul>d</ul>") == ["• a b", "• c", "d"]


def test_a_line_break_is_a_space() -> None:
    assert texts("<p>a<br>b<br/>c</p>") == ["a b c"]


def test_a_table_gives_a_row_for_each_row_and_marks_the_one_that_names_the_columns() -> None:
    found = blocks(
        "<table><caption>Fees</caption><thead><tr><th>Who<th>When</thead>"
        "<tr><td>A<td>1 <b>day</b><tr><th>B<td>2<ul><li>x<li>y</ul></table>"
    )

    assert found == [
        Block(PARAGRAPH, "Fees"),
        Block(ROW, "Who | When", is_header=True),
        Block(ROW, "A | 1 day"),
        Block(ROW, "B | 2 • x • y"),
    ]


def test_spanning_cells_are_repeated_where_they_reach() -> None:
    found = texts(
        "<table><tr><th rowspan=2>Who<th colspan=2>Visits<tr><th>first<th>next"
        "<tr><td rowspan=2>A<td>1<td>2<tr><td colspan=2>3<tr><td colspan=3>all</table>"
    )

    assert found == ["Who | Visits first | Visits next", "A | 1 | 2", "A | 3 | 3", "all"]


def test_a_first_row_without_header_cells_is_a_header_only_by_its_content() -> None:
    assert [b.is_header for b in blocks("<table><tr><td>Course<td>Fee<tr><td>A<td>£1<tr><td>B<td>£2</table>")] == [
        True,
        False,
        False,
    ]
    assert [b.is_header for b in blocks("<table><tr><td>CP<td>child protection<tr><td>SCR<td>review</table>")] == [
        False,
        False,
    ]


def test_rows_outside_a_table_are_rows_all_the_same() -> None:
    assert blocks("<main><p>Pay</p><tr> | Weekly | Hourly</tr><tr>Grade 4 | £320 | £8</tr><p>After</p></main>") == [
        Block(PARAGRAPH, "Pay"),
        Block(ROW, "| Weekly | Hourly", is_header=True),
        Block(ROW, "Grade 4 | £320 | £8"),
        Block(PARAGRAPH, "After"),
    ]


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    assert texts("<table><tr><td><h1>Title</h1><p>a</p><td><p>b</p></table>") == ["Title", "a", "b"]
    assert texts("<table role=presentation><tr><td>a<td>b</table>") == ["a", "b"]
    assert texts("<table><tr><td>a<tr><td>b</table>") == ["a", "b"]


def test_a_definition_is_a_row_of_its_term_and_itself() -> None:
    assert blocks("<dl><dt>CP<dd><p>child</p><p>protection</p><dt>A<dt>B<dd>both<ul><li>x</ul><dt>alone</dl>") == [
        Block(ROW, "CP | child protection"),
        Block(ROW, "A | B | both"),
        Block(ITEM, "• x", 1),
        Block(PARAGRAPH, "alone"),
    ]


def test_the_title_is_the_pages_own_name() -> None:
    head = '<title>Visits - Site</title><meta property="og:title" content="Visits, named">'

    assert parse_html(f"{head}<h1>Visits</h1>").title == "Visits, named"
    assert parse_html("<title>Visits - Site</title><h1>Private <b>visits</b></h1>").title == "Private visits"
    assert parse_html("<title>Visits - Site</title><p>a").title == "Visits - Site"
    assert parse_html("<p>a").title is None


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://example.org/visits", "https://example.org/visits"),
        ("javascript:alert(1)", None),
        ("/visits", None),
        ("https://", None),
        ("http://[bad", None),
    ],
)
def test_the_canonical_link_is_kept_only_where_a_browser_opens_it(address: str, url: str | None) -> None:
    assert parse_html(f'<link rel="canonical" href="{address}"><p>a').url == url


@pytest.mark.parametrize(
    ("name", "content", "day"),
    [
        ("dcterms.modified", "2025-03-01", date(2025, 3, 1)),
        ("DC.date", "1 March 2025", date(2025, 3, 1)),
        ("article:published_time", "2025-03-01T09:00:00+00:00", date(2025, 3, 1)),
        ("govuk:public-updated-at", "2025-03-01T09:00:00Z", date(2025, 3, 1)),
        ("dcterms.modified", "2025-02-30", None),
        ("dcterms.modified", "soon", None),
        ("viewport", "2025-03-01", None),
    ],
)
def test_the_date_is_that_of_the_pages_own_statement(name: str, content: str, day: date | None) -> None:
    assert parse_html(f'<meta name="{name}" content="{content}"><p>a').in_force_from == day


def test_the_last_update_wins_over_the_first_publication() -> None:
    head = (
        '<meta name="govuk:first-published-at" content="2013-01-01"><meta name="govuk:updated-at" content="2025-01-01">'
    )

    assert parse_html(f"{head}<meta name=edition content='3rd'><p>a").in_force_from == date(2025, 1, 1)
    assert parse_html(f"{head}<meta name=edition content='3rd'><p>a").edition == "3rd"


@pytest.mark.parametrize(
    "raw",
    [
        '<meta charset="windows-1252"><p>caf\xe9 \x96 \x80'.encode("latin-1"),
        '<meta charset="nonsense"><p>caf\xe9 \x96 \x80'.encode("latin-1"),
        "<p>café \u2013 €".encode(),
        "<meta charset=iso-8859-1><p>café \u2013 €".encode(),
        b"\xef\xbb\xbf" + "<p>café \u2013 €".encode(),
        "\ufeff<p>café \u2013 €".encode("utf-16-le"),
        '<meta http-equiv=Content-Type content="text/html; charset=mac-roman"><p>café \u2013 €'.encode("mac-roman"),
    ],
)
def test_the_letters_come_out_right_in_every_encoding(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "page.html").write_bytes(raw)

    assert [block.text for block in load(tmp_path / "page.html").blocks] == ["café \u2013 €"]


@pytest.mark.parametrize("tag", ["div", "ul><li", "table><tr><td", "span", "blockquote", "ol", "dl><dd", "b"])
def test_a_page_nested_as_deep_as_can_be_is_read(tag: str) -> None:
    assert "inside" in " ".join(texts(f"<{tag}>" * 20_000 + "inside"))


def test_a_hundred_thousand_divs_lose_nothing() -> None:
    assert texts("<div>" * 100_000 + "inside" + "</div>" * 100_000 + "<p>after") == ["inside", "after"]


def test_an_inline_picture_of_megabytes_does_not_cut_the_page() -> None:
    picture = "A" * 12_000_000

    assert texts(f'<p>before</p><img src="data:image/png;base64,{picture}"><p>after</p>') == ["before", "after"]


def test_absurd_spans_do_not_fill_the_memory() -> None:
    row = "<tr>" + "<td colspan=99999999 rowspan=99999999>a" * 50

    assert len(texts(f"<table>{row * 50}</table>")) == 50


PARTS = (
    "<p> </p> <li> <ul> </ul> <ol> </ol> <table> </table> <tr> <td/rowspan=2> <th/colspan=0> </td> <dl> <dt> <dd> </dl>"
    " <h1> </h1> <h7> <main> </main> <form> </form> <div/hidden> </div> <br> <!-- --> <![CDATA[ ]]> &amp; &#0; &#xd800;"
    " < > <script> </script> text \x00 <a\x00b> <body> </html> <head> <title> <frameset> <template>"
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(PARTS.split(" ")), max_size=30))
def test_broken_markup_never_breaks_the_reader(parts: list[str]) -> None:
    for block in blocks("".join(parts)):
        assert block.text
        assert "\n" not in block.text
