from __future__ import annotations

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from kb.links import Link


@given(st.builds(Link, st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.integers(0, 10**8)))
def test_a_link_survives_an_address(link: Link) -> None:
    assert Link.from_query(dict(parse_qsl(link.query))) == link


def test_numbers_that_make_no_sense_fit_nowhere() -> None:
    link = Link.from_query({"document": "d", "start": "-1", "end": "9" * 40, "section": "٣", "other": "x"})

    assert link == Link("d", start=-1, end=-1, section=-1)
