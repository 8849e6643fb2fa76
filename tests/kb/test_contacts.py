"""The list of contacts, its faults, and the emergency line that stands without it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kb.contacts import Contact, emergency_line, known_numbers, overdue, read_contacts
from kb.errors import KnowledgeBaseError

CORPUS = Path(__file__).resolve().parents[2] / "corpus" / "contacts.toml"
ENTRY = {
    "id": '"county"',
    "name": '"County Children\'s Services"',
    "number": '"0300 123 4043"',
    "purpose": '"Refer a child."',
    "hours": '""',
    "audience": '"everyone"',
    "area": '"Hertfordshire"',
    "source": '"the county"',
    "confidence": '"confirmed"',
    "owner": '"HSCP business unit"',
    "last_checked": "2026-11-23",
    "referral": "true",
}


def written(folder: Path, *entries: dict[str, str]) -> Path:
    """A contacts file with these entries, each ENTRY with some fields changed; '' leaves a field out."""
    path = folder / "contacts.toml"
    texts = ("\n".join(f"{k} = {v}" for k, v in (ENTRY | entry).items() if v) for entry in entries)
    path.write_text("".join(f"[[contact]]\n{text}\n\n" for text in texts), encoding="utf-8")
    return path


def test_the_corpus_list_is_sound_and_names_the_two_numbers_of_the_strip() -> None:
    contacts = read_contacts(CORPUS)

    assert [c.number for c in contacts if c.emergency] == ["999"]
    assert [c.number for c in contacts if c.referral] == ["0300 123 4043"]


def test_the_strip_says_both_numbers_with_the_day_and_the_owner_of_the_check(tmp_path: Path) -> None:
    line = emergency_line(written(tmp_path, {}))

    assert line.text == (
        "Child in immediate danger: call 999. To refer a child in Hertfordshire: 0300 123 4043 "
        "(last checked 23 November 2026 by the HSCP business unit)."
    )


def test_a_person_who_checked_takes_no_article(tmp_path: Path) -> None:
    line = emergency_line(written(tmp_path, {"owner": '"Jo Field"', "last_checked": "2026-03-01"}))

    assert line.text.endswith("(last checked 1 March 2026 by Jo Field).")


UNKNOWN = (
    "Child in immediate danger: call 999. The number for referrals is not known here: "
    "the list of contacts {why}. Ask your safeguarding lead."
)


@pytest.mark.parametrize("text", [None, "", "[[contact", "contact = 3", "[[contact]]\nid = 4", "\ufffe"])
def test_without_a_usable_list_the_strip_still_says_999(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "contacts.toml"
    if text is not None:
        path.write_text(text, encoding="utf-16" if text == "\ufffe" else "utf-8")

    line = emergency_line(path)

    assert line.text == UNKNOWN.format(why="cannot be read")
    assert line.referral is None


def test_a_folder_in_the_place_of_the_list_changes_nothing_about_999(tmp_path: Path) -> None:
    assert emergency_line(tmp_path).text == UNKNOWN.format(why="cannot be read")


def test_a_list_without_a_referral_number_says_so(tmp_path: Path) -> None:
    assert emergency_line(written(tmp_path, {"referral": "false"})).text == UNKNOWN.format(why="names no single one")


def test_two_referral_numbers_are_a_fault_and_the_strip_chooses_neither(tmp_path: Path) -> None:
    path = written(tmp_path, {}, {"id": '"other"', "number": '"0300 123 4042"'})

    assert emergency_line(path).text == UNKNOWN.format(why="names no single one")
    with pytest.raises(KnowledgeBaseError, match="county, other: only one contact may be marked referral"):
        read_contacts(path)


def test_a_fault_in_another_entry_does_not_take_the_referral_number_from_the_strip(tmp_path: Path) -> None:
    path = written(tmp_path, {}, {"id": '"other"', "referral": "", "number": '"ring us"'})

    line = emergency_line(path)

    assert line.referral is not None
    assert line.referral.number == "0300 123 4043"


def test_all_faults_are_reported_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {"id": '"County Line"', "number": '"ring us"', "purpose": '" "', "hourz": '"x"'},
        {"id": '"b"', "name": "", "last_checked": '"23 November"', "referral": '"yes"', "owner": "3"},
        {"id": '"c"', "emergency": "true", "referral": "", "last_checked": "2026-11-23T10:00:00"},
    )

    with pytest.raises(KnowledgeBaseError) as caught:
        read_contacts(path)

    assert caught.value.place == "contacts.toml"
    assert caught.value.fact.splitlines() == [
        "10 problems",
        "  - County Line: 'hourz' is not a field of a contact",
        "  - County Line: id: 'County Line' may hold only small letters, digits and single hyphens",
        "  - County Line: number: 'ring us' is no telephone number",
        "  - County Line: purpose: empty",
        "  - b: name: missing",
        "  - b: owner: 3 is not text; put it in quotation marks",
        "  - b: referral: 'yes' is neither true nor false",
        "  - b: last_checked: '23 November'; write a day such as 2026-11-23",
        "  - c: last_checked: datetime.datetime(2026, 11, 23, 10, 0); write a day such as 2026-11-23",
        "  - c: number: '0300 123 4043' is marked emergency; only 999 may be",
    ]


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match="county: 2 contacts have this id"):
        read_contacts(written(tmp_path, {}, {"referral": ""}))


def test_a_missing_list_is_an_error_for_whoever_needs_the_list(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match=r"contacts\.toml: 1 problem\n  - the file is missing"):
        read_contacts(tmp_path / "contacts.toml")


def test_known_numbers_are_digits(tmp_path: Path) -> None:
    assert known_numbers(read_contacts(written(tmp_path, {}))) == {"03001234043"}


def test_a_contact_is_overdue_after_its_days_and_not_on_the_last_of_them(tmp_path: Path) -> None:
    contacts = read_contacts(written(tmp_path, {"last_checked": "2026-01-01"}))

    assert overdue(contacts, date(2026, 1, 31), within_days=30) == ()
    assert overdue(contacts, date(2026, 2, 1), within_days=30) == contacts
    assert overdue(contacts, date(2025, 12, 31), within_days=30) == contacts


def test_a_contact_cannot_be_changed() -> None:
    contact: Contact = read_contacts(CORPUS)[0]

    with pytest.raises(AttributeError):
        contact.number = "998"  # type: ignore[misc]
