"""Laws of mending slips."""

from __future__ import annotations

import pytest

from kb.spelling import Mend, Speller, mended

SPELLER = Speller(["Safeguarding referral of a child. Cuckooing. The LADO decides.", "Stonewall praised the referral."])


def test_a_slip_is_mended_by_the_documents_own_word() -> None:
    mends = SPELLER.mends("safegaurding referal")

    assert mends == (Mend(0, 12, "safegaurding", "safeguarding"), Mend(13, 20, "referal", "referral"))
    assert mended("safegaurding referal", mends) == "safeguarding referral"


@pytest.mark.parametrize(
    "question",
    [
        "boozing",  # English, if no word of the documents
        "LADDO",  # capitals are taken for an abbreviation
        "LADO",
        "chd",  # too short to tell
        "Xyzzyplugh",
        "2012-13 s.47",
        "the child's referral",
        "",
    ],
)
def test_what_may_be_meant_as_written_is_left_alone(question: str) -> None:
    assert mended(question, SPELLER.mends(question)) == question


def test_the_first_letter_is_trusted() -> None:
    assert SPELLER.mends("xeferral") == ()
