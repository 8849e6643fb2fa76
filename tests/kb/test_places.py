"""The places of a text, by whatever name it has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.places import find_places


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("How do I refer in herts?", ["Hertfordshire"]),
        ("HERTFORDSHIRE and Hereford", ["Hertfordshire", "Herefordshire"]),
        ("essex child protection plans", ["Essex"]),
        ("the rule in North Yorkshire, and in Yorkshire", ["North Yorkshire", "Yorkshire"]),
        ("Bristol, Durham, Edinburgh, the Vale of Glamorgan", ["Bristol", "Durham", "Edinburgh", "Vale of Glamorgan"]),
        ("Brighton, Newcastle and Poole", ["Brighton", "Newcastle", "Poole"]),
        ("Scotland, wales, Northern Ireland, the UK", ["Scotland", "Wales", "Northern Ireland", "United Kingdom"]),
    ],
)
def test_a_place_is_known_by_its_whole_name_its_parts_and_its_short_form(text: str, names: list[str]) -> None:
    assert [place.name for place in find_places(text)] == names


def test_a_name_that_is_a_word_too_is_a_place_in_capitals_alone() -> None:
    assert not find_places("reading in the bath, with beds for all staffs")
    assert [place.name for place in find_places("He moved to Reading.")] == ["Reading"]


def test_a_part_of_another_word_is_no_place() -> None:
    assert not find_places("kentish bedfordshires yorker")


@given(st.lists(st.sampled_from(["Kent", "herts", "a child", "Leeds", "42", "é"]), max_size=8))
def test_the_offsets_are_those_of_the_text(words: list[str]) -> None:
    text = " ".join(words)

    found = [text[place.start : place.end] for place in find_places(text)]

    assert found == [word for word in words if word in {"Kent", "herts", "Leeds"}]
