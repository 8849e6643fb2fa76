"""The list of terms, and what it finds in questions."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import KnowledgeBaseError
from kb.terms import Ledger, Term, TermKind, everyday_terms, read_terms

CORPUS = Path(__file__).parents[2] / "corpus" / "terms.toml"
TERMS = read_terms(CORPUS)
STARTER = Ledger(TERMS)
ENTRY = '[[term]]\nshort = "{short}"\nlong = "{long}"\nkind = "{kind}"\narea = "England"\nsource = "the board"\n'


def term(short: str, long: str, kind: TermKind = TermKind.ABBREVIATION, *, now: str = "", area: str = "UK") -> Term:
    return Term(short, long, kind, now=now, area=area, source="the board")


def found(question: str, ledger: Ledger = STARTER) -> dict[str, tuple[str, ...]]:
    return {each.found: each.means for each in ledger.expansions(question)}


def test_the_starter_list_is_read_whole() -> None:
    terms = read_terms(CORPUS)

    assert len(terms) == CORPUS.read_text(encoding="utf-8").count("[[term]]")
    assert {each.kind for each in terms} == set(TermKind) - {TermKind.EVERYDAY}


@pytest.mark.parametrize("question", ["How often does a worker visit?", "What a nice way to ask", "Who does what?"])
def test_everyday_words_of_an_abbreviations_letters_are_read_as_the_words(question: str) -> None:
    assert found(question) == {}


def test_the_same_letters_as_the_board_writes_them_are_the_abbreviation() -> None:
    assert found("What does the DoE say?") == {"DoE": ("Department for Education",)}


def test_no_file_gives_no_terms(tmp_path: Path) -> None:
    assert read_terms(tmp_path / "terms.toml") == ()


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "terms.toml"
    file.write_text(
        ENTRY.format(short="ICPC", long="", kind="abbreviation")
        + 'now = "today"\nevrywhere = "x"\n'
        + ENTRY.format(short="", long="", kind="nickname")
        + "everyday = [3]\nnote = 4\n",
        encoding="utf-8",
    )

    with pytest.raises(KnowledgeBaseError) as caught:
        read_terms(file)

    assert str(caught.value) == (
        "terms.toml: 7 problems\n"
        "  - ICPC: 'evrywhere' is not a field of a term\n"
        "  - ICPC: long: missing or empty\n"
        "  - ICPC: now: 'today' is said, but the kind is not 'retired name'\n"
        "  - term 2: long: missing or empty\n"
        "  - term 2: note: 4 is not text; put it in quotation marks\n"
        "  - term 2: kind: 'nickname' is none of abbreviation, retired name, synonym\n"
        "  - term 2: everyday: [3] is not a list of texts. Correct the file and try again."
    )


def test_an_entry_told_twice_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "terms.toml"
    file.write_text(ENTRY.format(short="CP", long="child protection", kind="abbreviation") * 2, encoding="utf-8")

    with pytest.raises(KnowledgeBaseError, match="CP: 2 entries of this name and kind"):
        read_terms(file)


@pytest.mark.parametrize("text", ["[[term", "term = 3"])
def test_a_file_that_is_no_list_of_terms_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "terms.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(KnowledgeBaseError, match=r"terms\.toml"):
        read_terms(file)


@pytest.mark.parametrize(
    ("question", "name", "meaning"),
    [
        ("when is the ICPC", "ICPC", "initial child protection conference"),
        ("when is the icpc", "icpc", "initial child protection conference"),
        ("after an initial child protection conference", "initial child protection conference", "ICPC"),
        ("who sits on HSCB", "HSCB", "HSCP"),
        ("who sits on HSCP", "HSCP", "HSCB"),
        ("is the Hertfordshire Safeguarding Children Board still there", "Hertfordshire Safeguarding Children Board",
         "Hertfordshire Safeguarding Children Partnership"),
        ("how many cot deaths", "cot deaths", "sudden unexpected death in infancy"),
        ("how many cot deaths", "cot deaths", "SUDI"),
        ("do CAFs exist", "CAFs", "Families First Assessment"),
        ("the LADO's duty", "LADO's", "local authority designated officer"),
        ("Looked-after children’s reviews", "Looked-after children’s", "LAC"),
        ("a child looked after by us, CLA", "CLA", "child looked after"),
        ("s.47 starts when", "s.47", "section 47 of the Children Act 1989"),
        ("rapid response", "rapid response", "joint agency response"),
        ("what was FSID", "FSID", "The Lullaby Trust"),
        ("lullaby trust advice", "lullaby trust", "FSID"),
    ],
)  # fmt: skip
def test_a_name_stands_for_its_others_both_ways(question: str, name: str, meaning: str) -> None:
    assert meaning in found(question)[name]


def test_everyday_words_are_not_put_in_the_place_of_official_ones() -> None:
    assert "cot death" not in found("sudden unexpected death in infancy")["sudden unexpected death in infancy"]


def test_letters_that_are_words_count_only_in_capitals() -> None:
    assert found("what do I do, who can search or send for him") == {}
    assert set(found("the DO, the SEARCH panel and SEND")) == {"DO", "SEARCH", "SEND"}
    assert found("WHAT DO I DO WITH THE LADO") == {"LADO": ("local authority designated officer",)}


def test_letters_with_two_meanings_give_both() -> None:
    (expansion,) = STARTER.expansions("JAR")

    assert expansion.means == ("joint agency response", "joint area review")
    assert "first of two meanings" in expansion.note
    assert "second of two meanings" in expansion.note
    assert [each.long for each in expansion.terms] == ["joint agency response", "joint area review"] + [
        "joint agency response"
    ] * (len(expansion.terms) - 2)


def test_a_plural_s_is_not_taken_from_letters_that_end_in_one() -> None:
    assert found("the CPS decides") == {"CPS": ("Crown Prosecution Service",)}


def test_of_names_that_overlap_the_longest_alone_counts() -> None:
    ledger = Ledger(
        [
            term("CP", "child protection"),
            term("CPC", "child protection conference"),
            term("ICPC", "initial child protection conference"),
        ]
    )

    assert found("an initial child protection conference, then child protection", ledger) == {
        "initial child protection conference": ("ICPC",),
        "child protection": ("CP",),
    }


def test_a_name_inside_a_word_is_not_found() -> None:
    assert found("the Hertford lados of Cafeteria", Ledger([term("CAF", "Common Assessment Framework")])) == {}


def test_another_county_is_never_meant() -> None:
    assert not any("Herefordshire" in meaning for meaning in found("HSCB")["HSCB"])
    assert (
        found("WSCP", Ledger([term("WSCP", "Worcestershire Safeguarding Children Partnership", area="Worcestershire")]))
        == {}
    )


def test_todays_name_gives_the_former_without_its_note() -> None:
    ledger = Ledger([Term("FSID", "Foundation", TermKind.RETIRED, now="Lullaby Trust", area="UK", note="until 2013")])

    assert ledger.expansions("Lullaby Trust")[0].means == ("Foundation", "FSID")
    assert ledger.expansions("Lullaby Trust")[0].note == ""
    assert ledger.expansions("FSID")[0].note == "until 2013"


def test_what_stands_in_brackets_is_letters_or_left_out() -> None:
    ledger = Ledger(
        [term("", "rapid response (to a child death)", TermKind.RETIRED, now="joint agency response (JAR)")]
    )

    assert found("a rapid response", ledger) == {"rapid response": ("joint agency response", "JAR")}
    assert found("a JAR", ledger) == {"JAR": ("joint agency response", "rapid response")}


NAMES = st.sampled_from(
    [
        "ICPC",
        "icpc",
        "HSCB's",
        "CAFs",
        "cot deaths",
        "child protection plan",
        "Working Together",
        "DO",
        "s.47",
        "ﬁ",
        "İ",
    ]
)
QUESTIONS = st.lists(st.one_of(NAMES, st.text(max_size=8)), max_size=12).map(" ".join)


@given(QUESTIONS)
def test_what_is_found_stands_in_the_question_in_order_and_apart(question: str) -> None:
    expansions = STARTER.expansions(question)

    assert all(question[each.start : each.end] == each.found and each.means for each in expansions)
    assert all(one.end <= other.start for one, other in pairwise(expansions))


@given(st.sampled_from([each for each in TERMS if each.short]))
def test_each_short_form_of_our_area_is_expanded(entry: Term) -> None:
    expansions = STARTER.expansions(f"what is {entry.short} for")

    ours = {each.area for each in TERMS if each.short == entry.short} - {"Herefordshire"}
    assert [each.found for each in expansions] == ([entry.short] if ours else [])


def test_a_long_question_is_read_in_two_milliseconds_of_work() -> None:
    question = ("when is the ICPC held after section 47 enquiries and who tells HSCB about children in care " * 30)[
        :2000
    ]
    times = []

    for _ in range(50):
        began = time.process_time()
        STARTER.expansions(question)
        times.append(time.process_time() - began)

    # The least, since the others hold what else the computer did.
    assert min(times) < 0.002


def test_nothing_is_found_in_nothing() -> None:
    assert Ledger([]).expansions("ICPC") == ()
    assert STARTER.expansions("") == ()


EVERYDAY = Ledger(everyday_terms())


@pytest.mark.parametrize(
    ("question", "found", "means"),
    [
        ("the kid's bruise", "kid's", "child"),
        ("her NAN is ill", "NAN", "grandmother"),
        ("kicked out at 15", "kicked out", "leave home"),
        ("he was kicked out of school", "kicked out of school", "exclusion"),
    ],
)
def test_an_everyday_word_stands_for_the_official_one(question: str, found: str, means: str) -> None:
    (expansion,) = EVERYDAY.expansions(question)

    assert (expansion.found, expansion.means[0]) == (found, means)
    assert expansion.goes_without_saying


def test_an_official_word_stands_for_no_everyday_one() -> None:
    for each in everyday_terms():
        assert not any(set(expansion.means) & set(each.everyday) for expansion in EVERYDAY.expansions(each.long))


def test_no_everyday_word_is_listed_twice_under_one_name() -> None:
    for each in everyday_terms():
        assert len(set(each.everyday)) == len(each.everyday)
        assert each.long not in each.everyday
