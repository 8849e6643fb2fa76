"""Of a Markdown file, the text that its reader sees, and none of the marks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.loaders import load
from ingest.loaders.markdown import parse_markdown
from kb.documents import ElementKind
from kb.errors import NotReadable

HEADING, PARAGRAPH, ITEM, ROW = ElementKind.HEADING, ElementKind.PARAGRAPH, ElementKind.ITEM, ElementKind.ROW


def texts(markup: str) -> list[str]:
    return [block.text for block in parse_markdown(markup).blocks]


def test_headings_and_paragraphs_come_in_order_with_their_lines_joined() -> None:
    found = parse_markdown("# One\n\na\nb  \nc\n\nTwo\n---\n\n> said\n> more\n\n    code\n\n```\nfenced\n```\n").blocks

    assert found == (
        Block(HEADING, "One", 1),
        Block(PARAGRAPH, "a b c"),
        Block(HEADING, "Two", 2),
        Block(PARAGRAPH, "said more"),
        Block(PARAGRAPH, "code"),
        Block(PARAGRAPH, "fenced"),
    )


def test_items_carry_their_markers_and_their_depth() -> None:
    found = parse_markdown("- a\n- b\n  1. c\n  2. d\n     - e\n\n3) f\n4) g\n").blocks

    assert [(block.kind, block.text, block.level) for block in found] == [
        (ITEM, "• a", 1),
        (ITEM, "• b", 1),
        (ITEM, "1. c", 2),
        (ITEM, "2. d", 2),
        (ITEM, "• e", 3),
        (ITEM, "3) f", 1),
        (ITEM, "4) g", 1),
    ]


def test_the_paragraphs_of_an_item_stay_in_it() -> None:
    assert texts("- a\n\n  more\n- b\n\nafter\n") == ["• a more", "• b", "after"]
    assert texts("- a\n  - b\n\n  more\n") == ["• a", "• b", "more"]


def test_a_list_that_begins_with_nought_is_shown_so() -> None:
    assert texts("0. a\n1. b\n") == ["0. a", "1. b"]


def test_a_table_has_its_header_marked() -> None:
    assert parse_markdown("| Who | When |\n|---|:-:|\n| A \\| B | **1** day |\n| | 2 |\n").blocks == (
        Block(ROW, "Who | When", is_header=True),
        Block(ROW, "A | B | 1 day"),
        Block(ROW, "| 2"),
    )


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("*a* __b__ `c` ~~d~~", "a b c ~~d~~"),
        ("[the form](https://example.org) and <https://example.org>", "the form and https://example.org"),
        ("[the form][1]\n\n[1]: https://example.org", "the form"),
        ("![a *map*](map.png) below", "a map below"),
        ("costs $5 * 2 \\* 3 \\_x\\_ 1*2*3", "costs $5 * 2 * 3 _x_ 123"),
        ("a<br>b <span class='x'>c</span> <!-- d -->e", "a b c e"),
        ("Smith &amp; Son &lt;x&gt; &#8211;", "Smith & Son <x> \u2013"),
        ("call 0300 123 4043 or a_b_c@example.org", "call 0300 123 4043 or a_b_c@example.org"),
    ],
)
def test_markup_within_a_line_is_resolved_to_its_text(markup: str, text: str) -> None:
    assert texts(markup) == [text]


def test_html_between_paragraphs_is_read_as_a_page_is() -> None:
    assert texts("a\n\n<div><p>b</p><script>c</script></div>\n\n<!-- d -->\n\ne") == ["a", "b", "e"]


def test_front_matter_gives_title_edition_date_and_address() -> None:
    loaded = parse_markdown(
        "---\ntitle: 'Visits: how often'\nedition: 2013\nin_force_from: 2013-04-01\n"
        "url: https://example.org\nx: [1]\n---\n# A\n"
    )

    assert (loaded.title, loaded.edition, loaded.in_force_from) == ("Visits: how often", "2013", date(2013, 4, 1))
    assert (loaded.url, len(loaded.blocks)) == ("https://example.org", 1)


def test_front_matter_that_holds_no_usable_value_is_left_aside() -> None:
    loaded = parse_markdown("---\ntitle: [a]\nedition:\nin_force_from: soon\nurl: javascript:x\n---\n# A\n")

    assert (loaded.title, loaded.edition, loaded.in_force_from, loaded.url) == ("A", None, None, None)


def test_a_rule_at_the_head_of_the_file_is_no_front_matter() -> None:
    assert texts("---\n\nFirst words.\n\n---\n\nLast words.\n") == ["First words.", "Last words."]


def test_broken_front_matter_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: Visits: how often\n---\n# A\n")

    with pytest.raises(NotReadable, match=r"a\.md: .*mapping values are not allowed in this context") as caught:
        load(tmp_path / "a.md")

    assert caught.value.next_step


@pytest.mark.parametrize("opening", ["[", "> ", "- ", "*a ", "![", "<div>", "`", "1. ", "---\na: [" + "[" * 20_000])
def test_deep_nesting_ends_in_blocks_or_in_not_readable(tmp_path: Path, opening: str) -> None:
    (tmp_path / "a.md").write_text(opening * (20_000 // len(opening) + 1) + "inside")

    assert outcome(tmp_path / "a.md") in ("read", "NotReadable")


def outcome(path: Path) -> str:
    try:
        return "read" if load(path).blocks else "empty"
    except NotReadable as error:
        return type(error).__name__


PARTS = ["# ", "- ", "1. ", "> ", "| a | b |\n", "|---|---|\n", "\n", "\n\n", "    ", "`", "*", "_", "[", "](x)", "!["]
PARTS += ["<b>", "</b>", "<!--", "-->", "---\n", "title: x\n", "\\", "&amp;", "&#0;", "\x00", "text", "\t", "```\n"]
PARTS += ["\u2028", "<table><tr><td>"]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(PARTS), max_size=30))
def test_whatever_the_markup_each_block_is_one_line_of_text(parts: list[str]) -> None:
    try:
        found = parse_markdown("".join(parts)).blocks
    except Exception as error:
        # Front matter that is not YAML is the one thing that load() turns into NotReadable.
        if type(error).__module__.startswith("yaml"):
            return
        raise

    assert all(block.text and "\n" not in block.text for block in found)
