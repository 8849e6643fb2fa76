"""Laws of the report: what a cell says, why a question was missed, that a part taken out is put back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import weights
from benchmarks.evaluated.ablations import PARTS, Change, changes, remembering, sign_test, without
from benchmarks.evaluated.calibration import Bin, Calibration, Shares, read_calibration
from benchmarks.evaluated.causes import Cause, Miss, Seen, cause, look, missed
from benchmarks.evaluated.page import Found, Ran, Source, page
from benchmarks.evaluated.tables import changed, counted, quantile, table
from kb.answers import FoundBy
from kb.ask import KnowledgeBase
from kb.confidence import load_model
from kb.evaluate import Outcomes, Question
from kb.retrieve import UNIT_WEIGHTS, find
from tests.conftest import Shelf

TODAY = date(2026, 11, 23)

ASKED = Question(id="g-1", question="when | where?", answerable=True, style="typo", split="dev", doc="visits")
GOOD = Outcomes(ASKED, True, True, True, True, True, None, False, (True, True), 1200, 0.02)
POOR = replace(GOOD, evidence_at_1=False, quote_at_1=False, exact=(True,), seconds=0.04)
NO_ANSWER = ASKED.model_copy(update={"answerable": False})
SILENT = Outcomes(NO_ANSWER, None, None, None, None, None, True, None, (), 0, 0.01)
RAN = Ran("python benchmarks/evaluation.py", "abc1234", "2026-11-24", "a model", "3.11", 2, (0.5, 9.0))
SOURCE = Source("corpus", 30, 600, "20261124-1", "0123456789ab")


def _found(misses: Sequence[Miss] = (), calibration: Calibration | None = None) -> Found:
    outcomes = {"the dev half": [GOOD, POOR, SILENT], "the held half": [POOR]}
    return Found([SOURCE], outcomes, "the dev half", "the held half", {}, misses, calibration)


@settings(deadline=None)
@given(st.lists(st.sampled_from([True, False, None])))
def test_a_cell_counts_only_what_applies_and_its_interval_holds_the_share(values: list[bool | None]) -> None:
    applied = [value for value in values if value is not None]

    cell = counted(values)

    if not applied:
        assert cell == "–"
    else:
        share, low, high = (float(part) for part in cell.split("] ")[0].replace("[", "").replace(",", "").split())
        assert low - 0.005 <= share <= high + 0.005
        assert cell.endswith(f" {sum(applied)}/{len(applied)}")


def test_a_table_keeps_its_columns_whatever_a_cell_holds() -> None:
    assert list(table(("a", "b"), [["1|2", "3"]])) == ["| a | b |", "|---|---|", r"| 1\|2 | 3 |"]


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_a_quantile_is_one_of_the_values(values: list[float], share: float) -> None:
    assert quantile(values, share) in values


@pytest.mark.parametrize(("lost", "won", "chance"), [(0, 0, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (3, 3, 1.0)])
def test_the_sign_test_is_the_exact_binomial_one(lost: int, won: int, chance: float) -> None:
    assert sign_test(lost, won) == pytest.approx(chance)


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 300))
def test_the_sign_test_takes_neither_side(lost: int, won: int) -> None:
    assert sign_test(lost, won) == sign_test(won, lost)
    assert 0 < sign_test(lost, won) <= 1


def test_a_change_names_what_was_lost_and_what_was_won_by_question() -> None:
    made = changes([GOOD, GOOD, POOR, SILENT], [POOR, GOOD, GOOD, SILENT])

    assert made["evidence_at_1"] == Change(2 / 3, 1, 1)
    assert made["evidence_at_3"] == Change(1.0, 0, 0)
    assert changed(made["evidence_at_1"]) == "0.667 (−1 +1)"
    assert changed(Change(0.5, 6, 0)) == "0.500 (−6 +0)*"
    assert changed(made["evidence_at_3"]) == "1.000"


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (Seen(False, False), Cause.SPOKE),
        (Seen(True, True, rank=3), Cause.SILENT),
        (Seen(True, True, rank=4), Cause.SILENT_DEEP),
        (Seen(True, True), Cause.SILENT_DEEP),
        (Seen(True, False), Cause.FAR),
        (Seen(True, False, rank=1, same_document=True, same_section=True), Cause.OTHER_PASSAGE),
        (Seen(True, False, rank=1, same_document=True, same_section=True, same_passage=True), Cause.OTHER_SENTENCE),
        (Seen(True, False, rank=2, same_document=True, same_section=True), Cause.SAME_SECTION),
        (Seen(True, False, rank=2, same_document=True), Cause.SAME_DOCUMENT),
        (Seen(True, False, rank=2), Cause.OTHER_DOCUMENT),
    ],
)
def test_a_miss_has_the_first_thing_in_the_way_as_its_cause(seen: Seen, why: Cause) -> None:
    assert cause(seen) is why


def test_only_what_went_wrong_is_missed() -> None:
    assert missed(GOOD) == ()
    assert missed(SILENT) == ()
    assert missed(replace(POOR, refused=True)) == ("refused", "evidence_at_1", "quote_at_1")
    assert missed(replace(SILENT, abstained=False)) == ("abstained",)


def test_the_page_prints_no_question_of_the_held_half() -> None:
    secret = ASKED.model_copy(
        update={"id": "g-held", "question": "nobody may read this", "split": "held", "doc": "hid"}
    )
    found = replace(_found(), outcomes={"the dev half": [GOOD], "the held half": [replace(POOR, question=secret)]})

    told = page(RAN, found)

    assert not [word for word in ("g-held", "nobody may read this", "hid |") if word in told]
    assert "| the held half | 0.000 [0.00, 0.79] 0/1 |" in told


def test_the_page_names_misses_with_their_cause_and_says_when_the_machine_was_busy() -> None:
    told = page(RAN, _found(misses=[Miss(ASKED, ("quote_at_1",), 2, Cause.SAME_SECTION)]))

    assert r"| g-1 | when \| where? | quote@1 | 2 | another passage of the same section first |" in told
    assert "The machine did other work meanwhile" in told
    assert "other work" not in page(replace(RAN, load=(0.5, 1.0)), _found())


def test_the_calibration_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    model = load_model()
    below = {f"{model.related_from:.2f}": 0.1, f"{model.answers_from:.2f}": 0.2}
    kept = Calibration("abc", "2026-11-24", [Shares("golden", True, 10, below)], [Bin(0.5, 3, 6)])
    file = tmp_path / "confidence.json"
    file.write_text(json.dumps(asdict(kept)))

    assert read_calibration(file) == kept
    assert read_calibration(tmp_path / "none.json") is None
    assert "| 0.50 | 0.500 [0.19, 0.81] 3/6 |" in page(RAN, _found(calibration=kept))


@pytest.fixture
def base(shelf: Shelf) -> KnowledgeBase:
    shelf.put(
        "visits.md",
        "# Visits\n\nA carer is visited within seven days. Tell the council. A panel meets in spring about fees.\n",
    )
    shelf.put("fees.md", "# Fees\n\nThe council pays a carer each week. Nobody pays twice.\n")
    shelf.ingest()
    return KnowledgeBase(shelf.settings, shelf.words.model)


RULE = Question(id="1", question="how soon is a carer visited?", answerable=True, evidence=("within seven days",))


@pytest.mark.parametrize("part", PARTS)
def test_a_part_taken_out_is_put_back(part: str, base: KnowledgeBase) -> None:
    answered = base.ask(RULE.question, TODAY)

    with without(part, base):
        base.ask(RULE.question, TODAY)

    assert base.ask(RULE.question, TODAY) == answered


def test_a_question_is_embedded_once_whatever_is_taken_out(base: KnowledgeBase, shelf: Shelf) -> None:
    whole = base.ask(RULE.question, TODAY)
    shelf.words.embedded.clear()

    with remembering(base):
        answers = [base.ask(RULE.question, TODAY) for _ in range(2)]

    assert answers == [whole, whole]
    assert shelf.words.embedded == [RULE.question]


def test_without_words_nothing_is_found_by_words(base: KnowledgeBase) -> None:
    with without("words (BM25)", base):
        found = base.ask(RULE.question, TODAY).kept

    assert {by for hit in found for by in hit.found_by} == {FoundBy.MEANING}


def test_without_widening_a_quote_is_the_sentence_alone(base: KnowledgeBase) -> None:
    with without("widening quotes", base):
        first = base.ask(RULE.question, TODAY).statements[0]

    assert first.citation.quote == "A carer is visited within seven days."


def test_without_sentence_vectors_a_unit_has_no_meaning_of_its_own(base: KnowledgeBase) -> None:
    library = base.library()
    everything = frozenset(edition.id for edition in library.editions)
    with without("the vectors of sentences, items and rows", base):
        hits = find(library, base.read(RULE.question, library), everything)

    assert {part.meaning for hit in hits for part in hit.parts} == {0.0}
    assert all(hit.best_unit_meaning == pytest.approx(max(hit.meaning, 0.0)) for hit in hits)


def test_the_evidence_stands_at_the_passage_that_completes_it(base: KnowledgeBase) -> None:
    seen = look(base, RULE, TODAY)

    assert (seen.rank, seen.same_document, seen.same_section) == (1, True, True)
    assert look(base, RULE.model_copy(update={"evidence": ("nowhere",)}), TODAY).rank is None


def test_the_scores_of_units_are_their_parts_as_weighted(base: KnowledgeBase) -> None:
    library = base.library()
    everything = frozenset(edition.id for edition in library.editions)

    hits = find(library, base.read(RULE.question, library), everything)

    used = np.array(UNIT_WEIGHTS)
    assert hits[0].units
    for hit in hits:
        assert hit.units == pytest.approx([float(used @ np.array(part)) for part in hit.parts])


def test_the_fit_of_the_weights_reads_no_held_question_and_prefers_what_answers(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    held = RULE.model_copy(update={"id": "2", "split": "held"})
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(question.model_dump_json() for question in (RULE, held)), encoding="utf-8")

    cases = weights.cases_of(file, base, TODAY)

    assert [case.question.id for case in cases] == ["1"]
    assert cases[0].parts.shape == (len(cases[0].right), len(weights.FITTED))
    assert 0 < cases[0].right.sum() < len(cases[0].right)
    made = weights.fitted(cases)
    assert (cases[0].parts @ made)[cases[0].right].max() > (cases[0].parts @ made)[~cases[0].right].max()
