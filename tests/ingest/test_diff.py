"""What is told of two editions: the four labels, word changes, what is material and what is no change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.changes import Detail, EditionText, Label, Material, MaterialKind, PieceKind
from ingest.diff import compare, compare_editions
from kb.documents import Document, Withdrawal
from tests.conftest import PROJECT
from tests.ingest.editions import labels, material, of_file, of_markdown, paragraphs, relabelled, told

ADDED, REMOVED, REWORDED, MOVED = Label.ADDED, Label.REMOVED, Label.REWORDED, Label.MOVED

OLD = """# Visits to privately fostered children

## 1. Telling the council

A carer tells the council six weeks before the child arrives. The council writes to the carer.

## 2. Visits

A social worker must visit the child within 15 working days. The visit is to see the child's room.

## 3. Complaints

A parent may complain to the council about a visit. The complaints officer answers.

## 4. Records

The social worker keeps a record of each visit, as section 2 says. The record is kept for ten years.

## 5. Reviews

The arrangement is reviewed twice a year. See section 4 for what is written down.
"""
NEW = """# Visits to privately fostered children

## 1. Reviews

The arrangement is reviewed twice a year. See section 5 for what is written down.

## 2. Telling the council

A carer tells the council six weeks before the child arrives. The council writes to the carer.

## 3. Visits

A social worker must visit the child within 10 working days. The visit is to see the child's room.

## 4. Advocates

Every child is offered an advocate. The advocate does not work for the council.

## 5. Records

The social worker keeps a record of each visit, as section 3 says. The record is kept for ten years.
"""


@pytest.fixture
def pair(tmp_path: Path) -> tuple[EditionText, EditionText]:
    return of_markdown(tmp_path, OLD), of_markdown(tmp_path, NEW)


def test_one_section_added_one_removed_one_reworded_and_one_moved_are_these_four_labels(
    pair: tuple[EditionText, EditionText],
) -> None:
    change = compare_editions(*pair)

    assert labels(change) == [
        ("1. Reviews", (MOVED,)),
        ("3. Visits", (REWORDED,)),
        ("3. Complaints", (REMOVED,)),
        ("4. Advocates", (ADDED,)),
    ]


def test_the_reworded_section_shows_the_one_word_that_changed(pair: tuple[EditionText, EditionText]) -> None:
    visits = next(compare(*([edition] for edition in pair)).labelled(REWORDED))

    pieces = [(piece.kind, piece.text.strip()) for piece in visits.pieces]
    assert pieces == [
        (PieceKind.SAME, "3. Visits\nA social worker must visit the child within"),
        (PieceKind.REMOVED, "15"),
        (PieceKind.ADDED, "10"),
        (PieceKind.SAME, "working days. The visit is to see the child's room."),
    ]
    assert [(each.kind, each.old, each.new) for each in visits.material] == [
        (MaterialKind.TIMESCALE, "15 working days", "10 working days")
    ]


def test_a_material_change_knows_its_places_and_its_sentence(pair: tuple[EditionText, EditionText]) -> None:
    old, new = pair

    change = next(compare([old], [new]).labelled(REWORDED)).material[0]

    assert change.before is not None
    assert change.after is not None
    assert old.text[slice(*change.before)] == "15 working days"
    assert new.text[slice(*change.after)] == "10 working days"
    assert change.context == "A social worker must visit the child within 10 working days."


def test_the_sections_of_a_removed_and_an_added_one_are_material_for_what_they_hold(
    pair: tuple[EditionText, EditionText],
) -> None:
    change = compare_editions(*pair)

    held = {section.place.title: {each.old or each.new for each in section.material} for section in change.sections}
    assert {"may", "council", "complaints officer"} - held["Complaints"] == {"complaints officer"}
    assert {"not", "advocate", "council"} <= held["Advocates"]
    assert held["Reviews"] == set()


@pytest.mark.parametrize("built", sorted(PROJECT.glob("corpus/text/*.md")), ids=lambda path: path.stem)
def test_a_text_read_from_markdown_and_from_its_built_file_differs_in_nothing(built: Path) -> None:
    other = next(path for path in (PROJECT / "corpus").glob(f"{built.stem}.*"))

    change = compare_editions(of_file(built), of_file(other))

    assert change.changed == ()


A = "The carer writes the day of each visit into the green book."
B = "The nurse measures the height of the child on every Tuesday."
C = "A driver takes the letters to the post before noon."


def test_a_paragraph_that_goes_to_another_section_has_moved_and_is_not_material() -> None:
    change = told(["# Book", A, B, "# Post", C], ["# Book", A, "# Post", C, B])

    assert labels(change) == [("Book", (MOVED,)), ("Post", (MOVED,))]
    assert material(change) == []


def test_a_section_cut_in_two_is_a_new_heading_and_moved_text() -> None:
    change = told(["# Book", A, B, C], ["# Book", A, "# Measuring", B, C])

    assert labels(change) == [("Book", (MOVED,)), ("Measuring", (ADDED,))]
    assert material(change) == []


def test_a_paragraph_that_becomes_a_heading_over_its_own_text_adds_nothing() -> None:
    heading = "What the nurse measures on a Tuesday"

    change = told(["# Book", A, heading, B, C], ["# Book", A, f"# {heading}", B, C])

    assert labels(change) == [("Book", (MOVED,)), (heading, (MOVED,))]
    assert material(change) == []


def test_a_section_that_moved_and_was_reworded_is_both() -> None:
    before = ["# Book", A, "# Height", B, "# Post", C]
    after = ["# Height", B.replace("Tuesday", "Friday"), "# Book", A, "# Post", C]

    assert labels(told(before, after)) == [("Height", (REWORDED, MOVED))]


def test_a_chapter_above_the_sections_moves_none_of_them() -> None:
    change = told(["## Book", A, "## Post", C], ["# All of it", "## Book", A, "## Post", C])

    assert labels(change) == [("All of it", (ADDED,))]


def test_a_section_under_another_chapter_that_both_have_has_moved() -> None:
    change = told(
        ["# One", A, "## Small", B, "# Two", C],
        ["# One", A, "# Two", C, "## Small", B],
    )

    assert labels(change) == [("Small", (MOVED,))]


def test_a_section_under_a_new_heading_is_reworded_not_new() -> None:
    change = told(["# Book", A, C], ["# The green book", A, C])

    assert labels(change) == [("The green book", (REWORDED,))]


def test_a_wholly_new_text_under_the_same_heading_is_reworded() -> None:
    assert labels(told(["# Book", A], ["# Book", B])) == [("Book", (REWORDED,))]


def test_repeated_headings_pair_in_their_order() -> None:
    before = ["# One", A, "## Sources", "From the first list of 2011.", "# Two", B, "## Sources", "From a second list."]
    after = [text.replace("2011", "2012") for text in before]

    assert labels(told(before, after)) == [("Sources", (REWORDED,))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The carer re-assesses the multi-agency plan.", "The carer reassesses the multi agency plan."),
        ("The carer safeguards the child.", "The carer safe- guards the child."),
        ("The carer’s “plan” – a short one.", 'The carer\'s "plan" - a short one.'),
        ("The fee is 1,000 pounds.", "The fee is 1000 pounds."),
        ("Ring 01438 737500.", "Ring 01438737500."),
        ("Ring (01438) 737500.", "Ring +44 1438 737500."),
        ("• The carer writes.", "- The carer writes."),
        ("(a) The carer writes.", "(b) The carer writes."),
    ],
)
def test_typography_is_no_change(before: str, after: str) -> None:
    change = told([before], [after])

    assert change.is_empty


def test_numbers_of_sections_that_shift_are_no_change_also_where_the_text_refers_to_them() -> None:
    before = ["# 1. Book", A, "# 2. Height", B, "# 3. Post", C, "See section 2."]
    after = ["# 1. New", "The clerk reads.", "# 2. Book", A, "# 3. Height", B, "# 4. Post", C,
             "See section 3."]  # fmt: skip

    assert labels(told(before, after)) == [("1. New", (ADDED,))]


def test_dotted_numbers_in_a_list_of_sections_shift_with_them() -> None:
    before = ["# 3.1 Book", A, "# 3.2 Height", B, "# 3.3 Post", C, "See sections 3.1 and 3.2."]
    after = ["# 3.1 New", "The clerk reads.", "# 3.2 Book", A, "# 3.3 Height", B, "# 3.4 Post", C,
             "See sections 3.2 and 3.3."]  # fmt: skip

    assert labels(told(before, after)) == [("3.1 New", (ADDED,))]


def test_a_number_that_is_not_a_section_does_not_shift_with_one() -> None:
    before = ["# 10. Book", A, "# 11. Height", B, "The carer waits 11 days under section 10."]
    after = [
        "# 10. New",
        "The clerk reads.",
        "# 11. Book",
        A,
        "# 12. Height",
        B,
        "The carer waits 12 days under section 11.",
    ]

    assert ("timescale", "11 days", "12 days") in material(told(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2.5 million letters came.", "3.5 million letters came."),
        ("15 working days are given.", "10 working days are given."),
        ("10. August was the last day.", "11. August was the last day."),
    ],
)
def test_a_number_at_the_head_of_a_paragraph_is_no_running_number(before: str, after: str) -> None:
    assert len(told([before], [after]).material) == 1


def test_letters_that_come_apart_into_a_negation_are_a_change() -> None:
    change = told(["The rule is notable for a carer."], ["The rule is not able for a carer."])

    assert material(change) == [("negation", None, "not")]


def test_duties_that_change_places_are_material() -> None:
    change = told(["The nurse must write and the carer may ring."], ["The nurse may write and the carer must ring."])

    assert material(change) == [("duty", "must", "may"), ("duty", "may", "must")]


def test_the_same_number_in_words_is_reworded_and_not_material() -> None:
    change = told(["The carer waits ten working days."], ["The carer waits 10 working days."])

    assert labels(change) == [("", (REWORDED,))]
    assert material(change) == []


def test_table_rows_are_compared_row_by_row_and_cell_by_cell() -> None:
    change = told(
        ["Person | Relative? | Told by", "Uncle | Yes | the carer", "Cousin | No | the nurse"],
        ["Person | Relative? | Told by", "Cousin | Yes | the nurse", "Aunt | Yes | the carer"],
    )

    texts = [piece.text.strip() for piece in change.sections[0].pieces if piece.kind is not PieceKind.SAME]
    assert texts == ["Uncle | Yes | the carer", "No", "Yes", "Aunt | Yes | the carer"]
    assert ("negation", "No", None) in material(change)


def test_of_several_editions_of_a_document_the_newest_are_compared() -> None:
    first, second, third = (relabelled(paragraphs(A + text), in_force_from=date(2020 + n, 1, 1))
                            for n, text in enumerate(("", " Twice.", " Three times.")))  # fmt: skip

    difference = compare([second, first], [first, third, second])

    assert [(each.before, each.after) for each in difference.documents] == [(second.edition, third.edition)]


def test_a_document_that_comes_or_goes_is_told_with_every_section() -> None:
    edition = paragraphs("# Book", A, "# Post", C)

    came, went = compare([], [edition]), compare([edition], [])

    assert [section.labels for section in came.documents[0].sections] == [(ADDED,), (ADDED,)]
    assert [section.labels for section in went.documents[0].sections] == [(REMOVED,), (REMOVED,)]
    assert came.is_material
    assert not came.is_empty


def test_documents_are_told_apart_by_their_id_and_the_unchanged_are_left_out() -> None:
    one = paragraphs(A)
    other = replace(one, edition=replace(one.edition, document=Document("post", "Post")))
    changed = replace(paragraphs(B), edition=other.edition)

    difference = compare([one, other], [one, changed])

    assert [each.document.id for each in difference.documents] == ["post"]


def test_what_is_known_beside_the_text_is_compared_too() -> None:
    edition = paragraphs(A)
    withdrawn = Withdrawal(date(2026, 3, 3), "it was wrong", "post")

    change = compare_editions(
        relabelled(edition, review_by=date(2026, 1, 1)),
        relabelled(edition, review_by=date(2027, 1, 1), withdrawn=withdrawn),
    )

    assert change.details == (
        Detail("Review by", "1 January 2026", "1 January 2027"),
        Detail("Withdrawn", "", "3 March 2026: it was wrong"),
        Detail("Replaced by", "", "post"),
    )
    assert change.changed == ()
    assert not change.is_empty


def test_a_change_from_nothing_to_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="from nothing to nothing"):
        Material(MaterialKind.NUMBER, None, None)


def test_nothing_cannot_be_compared_with_nothing() -> None:
    with pytest.raises(ValueError, match="no edition"):
        compare_editions(None, None)
