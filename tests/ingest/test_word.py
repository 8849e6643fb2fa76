"""Of a Word document, what Word shows of its final version, numbered as Word numbers it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

from ingest.blocks import Block, Loaded
from ingest.loaders import load
from kb.documents import ElementKind

HEADING, PARAGRAPH, ITEM, ROW = ElementKind.HEADING, ElementKind.PARAGRAPH, ElementKind.ITEM, ElementKind.ROW
FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "guidance.docx"


def saved(document: Document, path: Path) -> Loaded:
    document.save(str(path))
    return load(path)


def from_xml(xml: str, path: Path, numbering: str = "") -> tuple[Block, ...]:
    """The blocks of a document whose body is `xml`; `numbering` replaces its lists."""
    document = docx.Document()
    body = document.element.body
    for child in list(body):
        body.remove(child)
    for child in list(parse_xml(f"<w:body {nsdecls('w', 'wp', 'a', 'r')} {MORE}>{xml}</w:body>")):
        body.append(child)
    if numbering:
        root = document.part.numbering_part.element
        for child in list(root):
            root.remove(child)
        for child in list(parse_xml(f"<w:numbering {nsdecls('w')}>{numbering}</w:numbering>")):
            root.append(child)
    return saved(document, path).blocks


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def listed(text: str, list_id: int, depth: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>')


def level(depth: int, form: str, text: str, start: int = 1) -> str:
    inner = f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{depth}">{inner}</w:lvl>'


def numbering(*levels: str, overrides: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{overrides}</w:num>'
    )


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks]


def test_the_body_comes_in_document_order_with_tables_where_they_stand(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Private fostering", 0)
    document.add_heading("Visits", 1)
    document.add_paragraph("Before.")
    table = document.add_table(2, 2)
    for cell, text in zip((cell for row in table.rows for cell in row.cells), ("Who", "Fee", "A", "£1"), strict=True):
        cell.text = text
    document.add_heading("When", 3)
    document.add_paragraph("seen", style="List Bullet")
    document.add_paragraph("alone", style="List Bullet 2")
    document.add_paragraph("first", style="List Number")
    document.add_paragraph("second", style="List Number")

    loaded = saved(document, path)

    assert loaded.title == "Private fostering"
    assert loaded.blocks == (
        Block(HEADING, "Private fostering", 1),
        Block(HEADING, "Visits", 1),
        Block(PARAGRAPH, "Before."),
        Block(ROW, "Who | Fee", is_header=True),
        Block(ROW, "A | £1"),
        Block(HEADING, "When", 3),
        Block(ITEM, "• seen", 1),
        Block(ITEM, "• alone", 2),
        Block(ITEM, "1. first", 1),
        Block(ITEM, "2. second", 1),
    )


def test_a_style_derived_from_a_heading_is_one_and_so_is_an_outline_level(path: Path) -> None:
    document = docx.Document()
    derived = document.styles.add_style("Überschrift des Boards", WD_STYLE_TYPE.PARAGRAPH)
    derived.base_style = document.styles["Heading 2"]
    document.add_paragraph("Derived", style=derived)
    outlined = document.add_paragraph("Outlined")
    outlined._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="3"/>'))
    document.add_paragraph("Text.")

    assert [(b.kind, b.level) for b in saved(document, path).blocks] == [(HEADING, 2), (HEADING, 4), (PARAGRAPH, 0)]


def test_bold_lines_are_the_headings_only_of_a_document_without_heading_styles(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph().add_run("Visits").bold = True
    document.add_paragraph("Text.")
    without = [block.kind for block in saved(document, path).blocks]
    document.add_heading("Styled", 1)

    assert without == [HEADING, PARAGRAPH]
    assert [block.kind for block in saved(document, path).blocks] == [PARAGRAPH, PARAGRAPH, HEADING]


def test_numbers_are_those_that_word_shows(path: Path) -> None:
    lists = numbering(
        level(0, "decimal", "%1."),
        level(1, "lowerLetter", "(%2)"),
        level(2, "lowerRoman", "%1.%2.%3"),
        level(3, "bullet", "o"),
    )
    xml = "".join(
        [
            *(listed("a", 1), listed("b", 1, 1), listed("c", 1, 1), listed("d", 1, 2), listed("e", 1, 3)),
            *(listed("f", 1), listed("g", 1, 1), listed("", 1), listed("h", 1)),
        ]
    )

    assert [(block.text, block.level) for block in from_xml(xml, path, lists)] == [
        ("1. a", 1),
        ("(a) b", 2),
        ("(b) c", 2),
        ("1.b.i d", 3),
        ("• e", 4),
        ("2. f", 1),
        ("(a) g", 2),
        ("4. h", 1),
    ]


def test_a_list_goes_on_where_another_of_its_kind_stopped_unless_it_says_where_it_starts(path: Path) -> None:
    xml = listed("a", 1) + listed("b", 2)
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'

    assert texts(from_xml(xml, path, numbering(level(0, "upperRoman", "%1)")))) == ["I) a", "II) b"]
    assert texts(from_xml(xml, path, numbering(level(0, "decimal", "%1)"), overrides=override))) == ["1) a", "5) b"]


def test_a_numbered_heading_shows_its_number(path: Path) -> None:
    heading = '<w:pStyle w:val="Heading1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'

    assert from_xml(p("Visits", heading), path, numbering(level(0, "decimal", "%1"))) == (
        Block(HEADING, "1 Visits", 1),
    )


def test_a_number_taken_away_by_hand_is_not_shown(path: Path) -> None:
    off = '<w:pStyle w:val="ListNumber"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'

    assert from_xml(p("a", off), path) == (Block(PARAGRAPH, "a"),)


def test_a_marker_that_was_typed_makes_an_item_too(path: Path) -> None:
    xml = p("1. Ring us") + p("•\tWrite it down") + p("2.1 Visits")

    assert [(block.kind, block.text) for block in from_xml(xml, path)] == [
        (ITEM, "1. Ring us"),
        (ITEM, "• Write it down"),
        (PARAGRAPH, "2.1 Visits"),
    ]


def test_insertions_are_in_and_deletions_are_out(path: Path) -> None:
    xml = (
        "<w:p><w:r><w:t>must </w:t></w:r><w:del><w:r><w:delText>not </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>always </w:t></w:r></w:ins><w:moveFrom><w:r><w:t>old </w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>visit</w:t></w:r></w:moveTo></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>This </w:t></w:r></w:p>"
        "<w:p><w:r><w:t>goes on.</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>"
        "<w:ins><w:p><w:r><w:t>New.</w:t></w:r></w:p></w:ins>"
    )

    assert texts(from_xml(xml, path)) == ["must always visit", "This goes on.", "New."]


def test_links_fields_controls_symbols_and_breaks_give_their_text(path: Path) -> None:
    xml = (
        '<w:p><w:hyperlink r:id="x"><w:r><w:t>the form</w:t></w:r></w:hyperlink>'
        "<w:r><w:tab/><w:t>a</w:t><w:br/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t><w:softHyphen/><w:t>d</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t> 7</w:t></w:r>'
        '<w:sdt><w:sdtPr><w:alias w:val="no"/></w:sdtPr><w:sdtContent><w:r><w:t> in</w:t></w:r></w:sdtContent></w:sdt>'
        '<w:r><w:sym w:font="Wingdings" w:char="00FC"/></w:r></w:p>'
        f"<w:sdt><w:sdtContent>{p('control')}</w:sdtContent></w:sdt>"
    )

    assert texts(from_xml(xml, path)) == ["the form a b-cd 7 in✓", "control"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r></w:p>",
        '<w:p><w:commentRangeStart w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>',
        p("Visits 7", '<w:pStyle w:val="TOC1"/>'),
        "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>",
    ],
)
def test_what_word_does_not_show_as_text_is_left_out(path: Path, hidden: str) -> None:
    document = docx.Document()
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH).element.set(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}styleId", "TOC1"
    )
    document.sections[0].header.paragraphs[0].text = "running head"
    document.sections[0].footer.paragraphs[0].text = "running foot"
    document.element.body.insert(0, parse_xml(hidden.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))
    document.add_paragraph("seen")

    assert texts(saved(document, path).blocks) == ["seen"]


def test_hidden_text_can_be_shown_again_by_the_run(path: Path) -> None:
    xml = '<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>seen</w:t></w:r></w:p>'

    assert texts(from_xml(xml, path)) == ["seen"]


def test_a_text_box_stands_after_its_paragraph_and_only_once(path: Path) -> None:
    box = f"<w:txbxContent>{p('boxed')}</w:txbxContent>"
    xml = (
        "<w:p><w:r><w:t>anchor</w:t></w:r><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )

    assert texts(from_xml(xml + p("after"), path)) == ["anchor", "boxed", "after"]


def test_a_footnote_is_a_paragraph_after_its_own(path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("The rule")
    paragraph.add_run()._r.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="2"/>'))
    document.add_paragraph("Next.")
    document.save(str(path))
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="0">{p("line")}</w:footnote>'
        f'<w:footnote w:id="2">{p("Section 17.")}</w:footnote></w:footnotes>'
    )
    add_part(path, "word/footnotes.xml", notes, FOOTNOTES)

    assert texts(load(path).blocks) == ["The rule", "Section 17.", "Next."]


def add_part(path: Path, name: str, xml: str, kind: str) -> None:
    """Puts a part into a saved document and relates the body to it."""

    def change(part: str, content: bytes) -> bytes:
        if part == "word/_rels/document.xml.rels":
            relation = f'<Relationship Id="rX" Type="{kind}" Target="{name.removeprefix("word/")}"/></Relationships>'
            return content.replace(b"</Relationships>", relation.encode())
        return content

    rewrite(path, change, {name: xml.encode()})


def rewrite(
    path: Path, change: Callable[[str, bytes], bytes] | None = None, more: dict[str, bytes] | None = None
) -> None:
    """Writes the package again with each part changed and more parts added."""
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, content in {**parts, **(more or {})}.items():
            package.writestr(name, change(name, content) if change else content)


def test_merged_cells_stand_once_in_a_row_and_in_each_row_that_they_span(path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Neglect"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "wide"
    table.cell(1, 1).text, table.cell(1, 2).text = "b", "c"
    table.cell(2, 0).merge(table.cell(2, 2)).text = "whole"

    assert texts(saved(document, path).blocks) == ["Neglect | wide", "Neglect | b | c", "whole"]


@pytest.mark.parametrize("mark", ["repeat", "bold", "shade"])
def test_the_row_that_names_the_columns_is_known_by_its_mark_or_its_look(path: Path, mark: str) -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    for cell, text in zip((cell for row in table.rows for cell in row.cells), ("Who", "What", "A", "b"), strict=True):
        run = cell.paragraphs[0].add_run(text)
        if mark == "bold" and text.startswith("W"):
            run.bold = True
        if mark == "shade" and text.startswith("W"):
            cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="D9D9D9"/>'))
    if mark == "repeat":
        table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))

    assert [block.is_header for block in saved(document, path).blocks] == [True, False]


def test_a_framed_text_and_a_layout_table_are_read_as_free_text(path: Path) -> None:
    document = docx.Document()
    frame = document.add_table(1, 1).cell(0, 0)
    frame.text = "Key points"
    frame.add_paragraph("see the child", style="List Bullet")
    layout = document.add_table(1, 2)
    layout.cell(0, 0).text = "left"
    layout.cell(0, 1).add_table(1, 2).cell(0, 0).text = "inner"

    assert texts(saved(document, path).blocks) == ["Key points", "• see the child", "left", "inner"]


@pytest.mark.parametrize(
    ("stated", "title"),
    [("Visits", "Visits"), ("Microsoft Word - draft3.doc", None), ("Document1", None), ("", None)],
)
def test_the_title_is_that_of_the_properties_unless_word_made_it_up(path: Path, stated: str, title: str | None) -> None:
    document = docx.Document()
    document.core_properties.title = stated
    document.add_paragraph("Text.")

    assert saved(document, path).title == title
