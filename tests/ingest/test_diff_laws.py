"""What holds of every comparison, whatever the texts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.changes import DocumentChange, EditionText, Label, PieceKind
from ingest.clean import clean_text
from ingest.diff import compare, compare_editions
from kb.documents import ElementKind
from tests.ingest.editions import of_blocks

HEADING, PARAGRAPH, ITEM, ROW = ElementKind.HEADING, ElementKind.PARAGRAPH, ElementKind.ITEM, ElementKind.ROW

_MIXED = (
    "child visit must not within six weeks Mr. e.g. s. 47 (a) £1,000 safe; carer, should unless However, 3.2 | • - – "
    "re-assess multi-agency 10 15 01438 737500 a.b@c.example Board LADO ﬁle “said” may. never? 1 2 3."
)
TEXTS = st.lists(st.sampled_from(_MIXED.split(" ")), min_size=1, max_size=30).map(" ".join)
ANY_TEXT = st.one_of(TEXTS, st.text(max_size=60)).map(clean_text).filter(bool)


@st.composite
def documents(draw: st.DrawFn) -> list[Block]:
    """Blocks as a loader gives them; few different texts, so that they recur."""
    some = draw(st.lists(ANY_TEXT, min_size=1, max_size=8))
    kinds = st.sampled_from([HEADING, PARAGRAPH, PARAGRAPH, ITEM, ROW])
    blocks = []
    for kind in draw(st.lists(kinds, min_size=1, max_size=14)):
        text = draw(st.sampled_from(some))
        level = draw(st.integers(1, 3)) if kind in (HEADING, ITEM) else 0
        blocks.append(Block(kind, text, level))
    return blocks


EDITIONS = documents().map(of_blocks)

SUBJECTS = (
    "carer",
    "teacher",
    "nurse",
    "officer",
    "manager",
    "clerk",
    "doctor",
    "midwife",
    "driver",
    "keeper",
    "warden",
    "guide",
)
VERBS = (
    "checks",
    "writes",
    "records",
    "reads",
    "files",
    "keeps",
    "sends",
    "brings",
    "opens",
    "counts",
    "sorts",
    "stores",
)
THINGS = (
    "bicycle",
    "lamp",
    "letter",
    "record",
    "basket",
    "ladder",
    "kettle",
    "garden",
    "window",
    "table",
    "bottle",
    "pencil",
)


def sentences(seed: int, count: int) -> list[str]:
    """Sentences of which no two of one seed are alike."""
    chance = random.Random(seed)
    return [
        f"In case {seed}-{number} the {chance.choice(SUBJECTS)} {chance.choice(VERBS)} the {chance.choice(THINGS)} "
        f"beside the {chance.choice(THINGS)} and the {chance.choice(SUBJECTS)} {chance.choice(VERBS)} it {word}."
        for number, word in enumerate(chance.choices(THINGS, k=count))
    ]


def plain_sections(seeds: Sequence[int]) -> list[Block]:
    """A section for each seed: a heading and four paragraphs of three sentences."""
    blocks = []
    for seed in seeds:
        blocks.append(Block(HEADING, f"About the matter {seed}", 1))
        said = sentences(seed, 12)
        blocks += [Block(PARAGRAPH, " ".join(said[first : first + 3])) for first in range(0, 12, 3)]
    return blocks


@given(EDITIONS)
@settings(deadline=None, max_examples=200)
def test_a_text_compared_with_itself_differs_in_nothing(edition: EditionText) -> None:
    assert compare([edition], [edition]).is_empty
    assert compare_editions(edition, edition).material == ()


@given(EDITIONS, EDITIONS)
@settings(deadline=None, max_examples=300)
def test_every_character_of_both_texts_is_accounted_for_exactly_once(old: EditionText, new: EditionText) -> None:
    change = compare_editions(old, new)

    for side, edition in (("before", old), ("after", new)):
        sections = [each for each in change.sections if getattr(each, side)]
        sections.sort(key=lambda each: getattr(each, side).start)
        slices = [part for each in sections for piece in each.pieces if (part := getattr(piece, side))]
        assert "".join(part.text for part in slices) == edition.text
        assert [part.start for part in slices] == [0, *(part.end for part in slices[:-1])]


@given(EDITIONS, EDITIONS)
@settings(deadline=None, max_examples=300)
def test_added_and_removed_change_places_with_the_editions(old: EditionText, new: EditionText) -> None:
    there, back = compare_editions(old, new), compare_editions(new, old)

    def words(change: DocumentChange, kind: PieceKind, side: str) -> Counter[str]:
        pieces = (piece for section in change.sections for piece in section.pieces if piece.kind is kind)
        return Counter(getattr(piece, side).text for piece in pieces)

    def counted(change: DocumentChange) -> Counter[Label]:
        return Counter(label for section in change.sections for label in section.labels)

    mirror = {Label.ADDED: Label.REMOVED, Label.REMOVED: Label.ADDED}
    assert counted(back) == Counter({mirror.get(label, label): count for label, count in counted(there).items()})
    assert words(there, PieceKind.ADDED, "after") == words(back, PieceKind.REMOVED, "before")
    assert words(there, PieceKind.REMOVED, "before") == words(back, PieceKind.ADDED, "after")
    assert Counter((each.kind, each.old, each.new) for each in there.material) == Counter(
        (each.kind, each.new, each.old) for each in back.material
    )


@given(st.lists(st.integers(1, 40), min_size=2, max_size=9, unique=True), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_sections_in_another_order_have_moved_and_nothing_else(seeds: list[int], chance: random.Random) -> None:
    turned = seeds[:]
    chance.shuffle(turned)

    change = compare_editions(of_blocks(plain_sections(seeds)), of_blocks(plain_sections(turned)))

    found = {label for section in change.sections for label in section.labels}
    assert found == (set() if turned == seeds else {Label.MOVED})
    assert change.material == ()


LIGATURES = {"ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
BULLETS = ("• ", "- ", "(a) ", "")


@st.composite
def reflowed(draw: st.DrawFn) -> tuple[list[Block], list[Block]]:
    """A text, and the same with its paragraphs cut elsewhere, other pages, hyphens, ligatures, markers and numbers."""
    seeds = draw(st.lists(st.integers(1, 40), min_size=1, max_size=4, unique=True))
    shift = draw(st.integers(0, 3))
    old, new = [], []
    for number, seed in enumerate(seeds, start=1):
        heading = f"About the multi-agency ﬁle of matter {seed}"
        old.append(Block(HEADING, clean_text(f"{number}. {heading}"), 1, page=number))
        new.append(Block(HEADING, clean_text(f"{number + shift}. {heading}"), 2, page=number + 1))
        words = " ".join(sentences(seed, 6)).split(" ")
        old.append(Block(PARAGRAPH, " ".join(words), page=number))
        cuts = sorted(draw(st.sets(st.integers(1, len(words) - 1), max_size=3)))
        for first, last in zip([0, *cuts], [*cuts, len(words)], strict=True):
            new.append(Block(PARAGRAPH, draw(disguised(words[first:last])), page=draw(st.integers(1, 9))))
        items = [f"the {thing} of matter {seed}" for thing in THINGS[:3]]
        marks = draw(st.tuples(st.sampled_from(BULLETS[:3]), st.sampled_from(BULLETS[:3])))
        old += [Block(ITEM, marks[0] + item, 1) for item in items]
        new += [Block(ITEM, marks[1] + item, draw(st.integers(1, 2))) for item in items]
    return old, new


@st.composite
def disguised(draw: st.DrawFn, words: list[str]) -> str:
    """The words with a broken one, a run of spaces and a ligature somewhere."""
    place = draw(st.integers(0, len(words) - 1))
    word = words[place]
    if word.isalpha() and len(word) > 4:
        word = draw(
            st.sampled_from([f"{word[:3]}- {word[3:]}", f"{word[:3]}-{word[3:]}", f"{word[:3]}\u00ad{word[3:]}"])
        )
    text = draw(st.sampled_from([" ", "  ", "\u00a0", "\n"])).join([*words[:place], word, *words[place + 1 :]])
    for plain, joined in LIGATURES.items():
        text = text.replace(plain, draw(st.sampled_from([plain, joined])))
    return clean_text(text)


@given(reflowed())
@settings(deadline=None, max_examples=150)
def test_a_text_flowing_otherwise_differs_in_nothing(blocks: tuple[list[Block], list[Block]]) -> None:
    old, new = (of_blocks(each) for each in blocks)

    assert compare([old], [new]).is_empty
    assert compare([new], [old]).is_empty


WEIGHTY = (
    ("must", "should"), ("should", "may"), ("must", "must not"), ("may", "may not"), ("10", "15"), ("ten", "eleven"),
    ("within 24 hours", "within 48 hours"), ("within 15 working days", "within 10 working days"), ("daily", "weekly"),
    ("3 March 2026", "4 March 2026"), ("01438 737500", "01438 737501"), ("a@board.example", "b@board.example"),
    ("", "not"), ("", "never"), ("unless", "if"), ("except", "and"), ("the LADO", "the DSL"),
    ("the Elmshire Board", "the Oakshire Board"), ("immediately", "later"), ("1,000", "10,000"), ("2.5", "2.6"),
)  # fmt: skip


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=3, unique=True),
    st.sampled_from(WEIGHTY),
    st.booleans(),
    st.integers(0, 10_000),
)
@example([1], ("must", "should"), False, 1)  # a duty before a number is no month of May
@settings(deadline=None, max_examples=200)
def test_a_change_of_one_weighty_word_is_material(
    seeds: list[int], words: tuple[str, str], swapped: bool, place: int
) -> None:
    blocks = plain_sections(seeds)
    bodies = [number for number, block in enumerate(blocks) if block.kind is PARAGRAPH]
    at = bodies[place % len(bodies)]
    said = blocks[at].text.split(" ")
    cut = 1 + place % (len(said) - 2)
    texts = [clean_text(" ".join([*said[:cut], word, *said[cut:]])) for word in (words[::-1] if swapped else words)]
    old, new = ([*blocks[:at], replace(blocks[at], text=text), *blocks[at + 1 :]] for text in texts)

    change = compare_editions(of_blocks(old), of_blocks(new))

    assert [section.labels for section in change.sections if section.labels] == [(Label.REWORDED,)]
    assert len(change.material) >= 1
