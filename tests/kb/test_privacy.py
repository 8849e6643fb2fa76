"""Personal details are found and masked; procedural questions pass; nothing found is held or shown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.contacts import known_numbers, read_contacts
from kb.names import words
from kb.privacy import Finding, Kind, find_personal_details, mask

PROJECT = Path(__file__).resolve().parents[2]
KNOWN = known_numbers(read_contacts(PROJECT / "corpus" / "contacts.toml"))
LABELLED = [
    line.split(" | ", 1)
    for line in Path(__file__).with_name("personal_details.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PLANTED = [(Kind(kind), text) for kind, text in LABELLED if kind != "-"]
PROCEDURAL = [text for kind, text in LABELLED if kind == "-"]
# An optional folder of extra test data; the tests pass without it.
EXTRA = PROJECT.parent / "shared" / "eval"
ALLOWED = [
    "Is 0300 123 4043 still the number for referrals?",
    "section 47",
    "Working Together 2018 2023 2026 differences",
    "Children Act 1989 s.17(10)",
    "Who was Victoria Climbié?",
    "What was learned from Arthur Labinjo-Hughes, Star Hobson, Daniel Pelka, Khyra Ishaq and Peter Connelly?",
    "Jayden Smith",
    "my son is 7",
]


def found(question: str) -> list[tuple[str, str]]:
    return [(f.kind.value, question[f.start : f.end]) for f in find_personal_details(question, KNOWN)]


def stopped(questions: Iterable[str]) -> list[str]:
    return [question for question in questions if find_personal_details(question, KNOWN)]


def test_the_labelled_set_is_large_enough_and_has_every_kind() -> None:
    assert len(PLANTED) >= 80
    assert len(PROCEDURAL) >= 200
    assert {kind for kind, _ in PLANTED} == set(Kind)


def test_nine_in_ten_planted_details_of_each_kind_are_found() -> None:
    hits: dict[Kind, list[bool]] = defaultdict(list)
    for kind, text in PLANTED:
        hits[kind].append(any(f.kind is kind for f in find_personal_details(text, KNOWN)))

    recall = {kind: sum(each) / len(each) for kind, each in hits.items()}

    assert min(recall.values()) >= 0.9, recall


def test_at_most_two_in_a_hundred_procedural_questions_are_stopped() -> None:
    assert len(stopped(PROCEDURAL)) <= 0.02 * len(PROCEDURAL), stopped(PROCEDURAL)


def test_at_most_one_in_a_hundred_golden_questions_is_stopped() -> None:
    lines = (PROJECT / "corpus" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]

    assert len(stopped(questions)) <= 0.01 * len(questions), stopped(questions)


def test_the_boards_own_sentences_name_no_child() -> None:
    files = sorted((PROJECT / "corpus" / "text").glob("*.md"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]

    assert len(stopped(lines)) <= 0.01 * len(lines), stopped(lines)


@pytest.mark.skipif(not EXTRA.is_dir(), reason="the optional extra test data is not here")
@pytest.mark.parametrize(("name", "share"), [("annual-report", 0.0), ("govuk", 0.02)])
def test_published_question_sets_pass(name: str, share: float) -> None:
    lines = (EXTRA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]

    assert len(stopped(questions)) <= share * len(questions), stopped(questions)


@pytest.mark.parametrize("question", ALLOWED)
def test_numbers_laws_reviews_and_bare_names_pass(question: str) -> None:
    assert found(question) == []


@pytest.mark.parametrize(("kind", "question"), PLANTED)
def test_a_masked_question_holds_no_more_details(kind: Kind, question: str) -> None:
    masked = mask(question, find_personal_details(question, KNOWN))

    assert "###" in masked
    assert find_personal_details(masked, KNOWN) == (), kind


def test_a_name_is_masked_with_its_surname_and_the_rest_stands() -> None:
    question = "jayden smith in year 4 told me his dad hits him"

    assert mask(question, find_personal_details(question)) == "### in year 4 told me his dad hits him"


@pytest.mark.parametrize(
    "name", ["Jayden", "jayden", "JAYDEN", "Zoë", "Zoe\u0308", "J\u200bay\u00adden", "Łukasz", "Ellie-Mae"]
)
def test_a_name_is_found_however_it_is_written(name: str) -> None:
    assert found(f"{name} told me his dad hits him") == [("name", name)]


def test_an_unlisted_name_is_found_by_what_stands_around_it() -> None:
    assert found("Qvistoria told me her mum hits her") == [("name", "Qvistoria")]
    assert found("a boy called qvist says he is hungry") == [("name", "qvist")]


def test_a_found_name_is_masked_wherever_it_stands_again() -> None:
    question = "Qvistoria Bloom told me her mum hits her. Last week Qvistoria was late. Bloom is not the mother's name."

    masked = mask(question, find_personal_details(question))

    assert masked == "### told me her mum hits her. Last week ### was late. ### is not the mother's name."


def test_a_published_name_is_stopped_when_a_living_child_is_meant() -> None:
    assert found("What happened to Hamzah Khan?") == []
    assert found("Hamzah Khan in year 4 told me he is hungry") == [("name", "Hamzah Khan")]


def test_a_law_or_a_body_named_after_a_person_is_no_name() -> None:
    assert found("Can his mother use Sarah's Law?") == []
    assert found("Does the Lucy Faithfull Foundation help my son?") == []


def test_a_number_of_the_boards_contacts_is_nobodys_own() -> None:
    assert find_personal_details("ring 01992 555 555", {"01992555555"}) == ()
    assert find_personal_details("ring +44 1992 555555", {"01992 555555"}) == ()
    assert [f.kind for f in find_personal_details("ring 01992 555 555")] == [Kind.TELEPHONE]


@pytest.mark.parametrize(
    "number", ["999", "101", "111", "116 000", "116000", "0800 1111", "0808 800 5000", "0300 123 4043"]
)
def test_helplines_pass_without_any_list(number: str) -> None:
    assert find_personal_details(f"When should a child ring {number}?") == ()


def test_the_check_digit_tells_an_nhs_number_from_ten_other_digits() -> None:
    assert found("look up 943 476 5919") == [("nhs number", "943 476 5919")]
    assert found("look up 943 476 5918") == []
    assert found("NHS number 943 476 5918") == [("nhs number", "943 476 5918")]


def test_the_check_letter_tells_a_upn_from_other_codes() -> None:
    assert found("is B801200005001 on roll") == [("upn", "B801200005001")]
    assert found("is A801200005001 on roll") == []
    assert found("UPN A801200005001") == [("upn", "A801200005001")]


def test_an_office_mailbox_passes_and_a_persons_does_not() -> None:
    assert found("is referrals.team@example.gov.uk right?") == []
    assert found("is sarah.team@example.gov.uk right?") == [("e-mail", "sarah.team@example.gov.uk")]


def test_letters_hidden_in_tag_characters_are_read() -> None:
    hidden = "".join(chr(0xE0000 + ord(c)) for c in "ring 07700 900123")
    question = f"What is private fostering?{hidden}"

    findings = find_personal_details(question)

    assert [f.kind for f in findings] == [Kind.TELEPHONE]
    assert mask(question, findings).startswith("What is private fostering?")
    assert find_personal_details(mask(question, findings)) == ()


def test_tag_characters_between_digits_hide_nothing() -> None:
    question = "ring 0770\U000e00610 900\U000e0062123 now"

    assert mask(question, find_personal_details(question)) == "ring ### now"


def test_places_are_those_of_the_question_as_typed() -> None:
    question = "\u200b\u200bﬁne: ０７７００ ９００１２３ 🙂 SG1\u00a01AA"

    assert found(question) == [("telephone", "０７７００ ９００１２３"), ("postcode", "SG1\u00a01AA")]


def test_overlapping_finds_are_masked_once() -> None:
    question = "mail jayden.smith@example.com about his dad"

    assert found(question) == [("e-mail", "jayden.smith@example.com")]
    assert mask("abcdef", (Finding(1, 4, Kind.NAME), Finding(2, 5, Kind.E_MAIL))) == "a###f"


def test_a_finding_never_shows_the_text() -> None:
    (finding,) = find_personal_details("dob 12/03/2015")

    assert repr(finding) == "Finding(start=4, end=14, kind=<Kind.DATE_OF_BIRTH: 'date of birth'>)"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_plain_description(kind: Kind) -> None:
    assert kind.description.startswith("what looks like a") or kind.description.startswith("what looks like the ")


@given(st.text(max_size=200))
def test_any_text_gives_places_in_order_inside_it(text: str) -> None:
    findings = find_personal_details(text, KNOWN)

    edges = [edge for f in findings for edge in (f.start, f.end)]
    assert edges == sorted(edges)
    assert all(0 <= f.start < f.end <= len(text) for f in findings)


@given(st.sampled_from([text for _, text in PLANTED]), st.integers(0, 40), st.sampled_from("\u200b\u2060\u00ad\ufeff"))
def test_an_unseen_character_anywhere_hides_nothing(question: str, place: int, unseen: str) -> None:
    changed = question[:place] + unseen + question[place:]

    assert [f.kind for f in find_personal_details(changed, KNOWN)] == [
        f.kind for f in find_personal_details(question, KNOWN)
    ]


def test_the_word_lists_are_in_small_letters_and_agree() -> None:
    lists = words()

    assert all(word == word.lower() for word in lists.first_names | lists.surnames | lists.not_names | lists.published)
    assert len(lists.first_names) > 800
    assert len(lists.postcode_areas) > 120
