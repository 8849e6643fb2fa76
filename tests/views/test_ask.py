from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kb import messages
from kb.answers import Outcome
from kb.confidence import NAMES
from kb.confidence import Model as Decision
from kb.verify import Verdict, check
from tests.views.conftest import HOSTILE_RULE, PROJECT, app_on
from tests.views.drawn import ask, html, one, squeezed, text

BRAKES = "When does the link worker check the brakes of a bicycle?"
KAYAK = "For how many days at the most does the water officer lend a kayak?"


def test_the_emergency_line_stands_before_everything_else(app: AppTest) -> None:
    drawn = html(app.run())

    strip = one(drawn, "section.kb-strip")
    assert strip["aria-label"] == "In an emergency"
    assert squeezed(strip.get_text()).startswith("Child in immediate danger: call 999. To refer a child")
    assert [element.name for element in drawn.select("section.kb-strip, h1")] == ["section", "h1"]


def test_an_answer_is_the_quote_its_citation_its_status_and_its_source(app: AppTest) -> None:
    drawn = html(ask(app, BRAKES))

    first = drawn.select("article.kb-statement")[0]
    quote = squeezed(one(first, "blockquote").get_text())
    answer = app.session_state["answer"]
    assert quote == answer.statements[0].citation.quote
    assert quote.startswith("The link worker checks the brakes")
    assert "However, the link worker checks" in quote
    assert (
        squeezed(one(first, ".kb-citation").get_text()) == "[1] Bicycles of foster families, 2024 › Checking a bicycle"
    )
    assert one(first, ".kb-status").get_text() == "In force since 1 May 2024"
    assert one(first, ".kb-source").get_text() == "Source: the bicycle rules of Elmshire."


def test_the_citation_links_to_the_passage_by_ids_and_offsets_alone(app: AppTest) -> None:
    drawn = html(ask(app, BRAKES))

    citation = app.session_state["answer"].statements[0].citation
    link = drawn.select("article a.kb-link")[0]
    edition = citation.passage.edition.id.replace("@", "%40")
    place = f"passage={citation.passage.id}&start={citation.start}&end={citation.end}"
    assert link["href"] == f"documents?document=bicycles&edition={edition}&{place}"
    assert link.get_text() == "Bicycles of foster families"


def test_the_text_to_copy_is_quote_and_reference_without_markup(app: AppTest) -> None:
    drawn = html(ask(app, BRAKES))

    copied = drawn.select("article .kb-copying pre")[0].get_text()
    quote = app.session_state["answer"].statements[0].citation.quote
    day = messages.uk_date(app.session_state["answer"].as_of)
    assert copied == (
        f"{quote}\n\nBicycles of foster families, 2024 › Checking a bicycle\n"
        f"Status on {day}: in force since 1 May 2024\nSource: the bicycle rules of Elmshire."
    )


def test_the_receipt_to_copy_is_of_this_answer_and_holds(app: AppTest, data: Path) -> None:
    drawn = html(ask(app, BRAKES))

    receipt = one(drawn, ".kb-receipt")
    assert one(receipt, "button.kb-copy").get_text() == "Copy a receipt"
    assert "It holds your question." in receipt.get_text()
    (checked,) = check(one(receipt, "pre").get_text(), data)
    said = {line.name: line.text for line in checked.lines}
    assert checked.verdict is Verdict.VERIFIED
    assert said["Question"] == BRAKES
    assert said["Generation"].startswith(app.session_state["answer"].generation)


def test_a_blocked_question_has_no_receipt_and_takes_away_the_last_one(app: AppTest) -> None:
    ask(app, BRAKES)

    drawn = html(ask(app, "Jayden Smith, born 3 May 2016, told me that his father hits him. When is it checked?"))

    assert drawn.select(".kb-receipt") == []
    assert "receipt" not in app.session_state


def test_a_quoted_row_stands_in_a_table_under_its_header(app: AppTest) -> None:
    drawn = html(ask(app, "Who pays for a tandem bicycle?"))

    table = drawn.select("blockquote table")[0]
    assert [cell.get_text() for cell in table.select("thead th")] == ["Bicycle", "Who pays for it"]
    assert [cell.get_text() for cell in table.select("tbody tr")[-1].select("td")] == [
        "Tandem bicycle",
        "The travel fund pays for a tandem bicycle",
    ]


def test_a_quoted_list_keeps_its_lead_in_its_items_and_their_nesting(app: AppTest) -> None:
    drawn = html(ask(app, "What does the link worker bring to the bicycle check?"))

    quote = next(each for each in drawn.select("blockquote") if each.select("ul"))
    assert squeezed(quote.get_text(" ")).startswith("To the bicycle check the link worker brings: • a pump")
    assert one(quote, "ul ul li").get_text() == "• with a gauge"


def test_review_overdue_is_said_beside_the_quote(app: AppTest) -> None:
    drawn = html(ask(app, "How near may a power line be where the contact supervisor flies a kite?"))

    status = drawn.select("article .kb-status")[0]
    assert status.get_text() == "Review overdue since 1 January 2021"
    assert "kb-warn" in status["class"]


def test_what_is_not_found_says_what_was_searched_where_it_came_close_and_whom_to_ask(app: AppTest) -> None:
    shown = text(ask(app, "What does a submarine licence cost in Portugal?"))

    assert app.session_state["answer"].outcome is Outcome.NOT_FOUND
    assert messages.NOT_FOUND in shown
    assert messages.HOW_TO_PHRASE in shown
    assert "Ask your safeguarding lead. Child in immediate danger: call 999." in shown
    assert "Searched 5 documents on" in shown


def test_where_another_nations_rule_is_asked_for_that_is_why_nothing_is_found(app: AppTest) -> None:
    drawn = html(ask(app, f"{BRAKES.removesuffix('?')} in Scotland?"))

    assert app.session_state["answer"].outcome is Outcome.NOT_FOUND
    box = squeezed(one(drawn, ".kb-box").get_text(" "))
    assert box.startswith(f"{messages.NOT_FOUND} {messages.elsewhere(['Scotland'])} Ask your safeguarding lead.")
    assert squeezed(drawn.get_text(" ")).count(messages.elsewhere(["Scotland"])) == 1


def test_the_numbers_named_where_nothing_is_found_can_be_rung(app: AppTest) -> None:
    strip = one(html(app.run()), ".kb-strip")

    box = one(html(ask(app, "What does a submarine licence cost in Portugal?")), ".kb-box")

    assert box.select("a")[0]["href"] == "tel:999"
    assert box.select("a") == strip.select("a")


def test_text_out_of_force_is_named_with_its_status_and_never_quoted(app: AppTest) -> None:
    drawn = html(ask(app, KAYAK))

    assert app.session_state["answer"].outcome is Outcome.ONLY_SUPERSEDED
    assert drawn.select("blockquote") == []
    assert "eleven days" not in drawn.get_text()
    link = one(drawn, "ul.kb-links li")
    assert squeezed(link.get_text()) == "Kayaks of foster families › Lending a kayak (superseded since 1 January 2022)"


def test_a_question_with_a_persons_details_is_masked_and_not_kept(app: AppTest) -> None:
    question = "Jayden Smith, born 3 May 2016, told me that his father hits him. When is a bicycle checked?"

    shown = html(ask(app, question))

    box = squeezed(one(shown, ".kb-box").get_text(" "))
    assert "what looks like a date of birth" in box
    assert "###" in box
    assert "Jayden" not in box
    assert "2016" not in box
    assert messages.NOTHING_KEPT in box
    assert app.text_area(key="question").value == question
    assert "answer" not in app.session_state


def test_where_a_question_sounds_urgent_the_emergency_line_comes_before_the_quotes(app: AppTest) -> None:
    drawn = html(ask(app, "A child is being hurt right now, when is a bicycle checked?"))

    shown = [element.name for element in drawn.select(".kb-urgent section.kb-strip, blockquote, .kb-box")]
    assert shown[0] == "section"
    assert len(shown) > 1


def test_examples_are_offered_only_before_the_first_question(app: AppTest) -> None:
    before = [button.label for button in app.run().button]

    after = [button.label for button in ask(app, BRAKES).button]

    assert len(before) == 4
    assert after == ["Ask", "Clear question and answer"]


def test_every_example_is_a_golden_question_that_is_answered(app: AppTest) -> None:
    lines = (PROJECT / "corpus" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    golden = {entry["question"] for entry in map(json.loads, lines) if entry["answerable"]}

    examples = [button.label for button in app.run().button if button.label != "Ask"]

    assert examples
    assert set(examples) <= golden


def test_an_example_is_put_in_the_box_and_asked(app: AppTest) -> None:
    example = app.run().button[1]

    example.click().run()

    assert app.text_area(key="question").value == example.label
    assert app.session_state["answer"].question == example.label


def test_clearing_forgets_question_and_answer(app: AppTest) -> None:
    ask(app, BRAKES)

    app.button[-1].click().run()

    assert "answer" not in app.session_state
    assert app.text_area(key="question").value == ""
    assert html(app).select("article") == []


def test_neither_the_address_nor_the_page_holds_the_question(app: AppTest) -> None:
    ask(app, BRAKES)

    assert dict(app.query_params) == {}
    drawn = html(app)
    for copied in drawn.select(".kb-receipt pre"):  # which is the reader's to copy, and hidden
        assert copied.has_attr("hidden")
        copied.decompose()
    assert "brakes of a bicycle?" not in drawn.get_text()


def test_hostile_text_comes_out_as_itself(app: AppTest) -> None:
    drawn = html(ask(app, "How much is the trampoline fee a week? <script>alert('q')</script> :smile: $x$"))

    quote = next(each for each in drawn.select("blockquote") if "trampoline" in each.get_text())
    assert quote.get_text() == HOSTILE_RULE
    assert [element.name for element in drawn.find_all(["script", "b", "img", "em", "code"])] == []
    assert {re.split("[?:]", str(link["href"]))[0] for link in drawn.select("a")} <= {
        "documents",
        ".",
        "about",
        "manage",
        "tel",
    }
    assert [element.value for element in app.markdown] == []


@pytest.mark.parametrize("question", ["", "   ", "\n\n"])
def test_an_empty_question_is_not_asked(app: AppTest, question: str) -> None:
    ask(app, question)

    assert "answer" not in app.session_state


def test_an_empty_store_says_how_to_fill_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = text(app_on(tmp_path, monkeypatch).run())

    assert shown.startswith("Child in immediate danger: call 999.")
    assert f"Where: {tmp_path}" in shown
    assert "What: there is no knowledge base here Next: Make one: python -m ingest" in shown


def test_a_page_that_cannot_be_shown_says_so_in_its_main_heading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = html(app_on(tmp_path, monkeypatch).run())

    assert one(drawn, "h1").get_text() == "This cannot be shown now"


def test_a_damaged_store_says_where_what_and_what_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kb.sqlite").write_bytes(b"this is no database " * 200)

    shown = text(app_on(tmp_path, monkeypatch).run())

    assert shown.startswith("Child in immediate danger: call 999.")
    assert f"Where: {tmp_path / 'kb.sqlite'}" in shown
    assert "Next: Put back the data folder from a backup" in shown


def test_without_the_model_the_page_says_so_and_the_question_stays(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_MODEL", "/no/such/model")

    app = ask(app_on(data, monkeypatch), BRAKES)

    shown = text(app)
    assert "Where: " in shown
    assert "KB_MODEL" in shown
    assert app.text_area(key="question").value == BRAKES


def test_without_the_list_of_contacts_999_still_stands(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_CORPUS", str(tmp_path))

    shown = text(app_on(data, monkeypatch).run())

    assert shown.startswith("Child in immediate danger: call 999. The number for referrals is not known here")


def test_an_unforeseen_error_is_shown_by_its_kind_alone(app: AppTest, caplog: pytest.LogCaptureFixture) -> None:
    app.session_state["answer"] = "Jayden Smith was hit"  # no answer, so that the page stumbles over it

    shown = text(app.run())

    assert shown.startswith("Child in immediate danger: call 999.")
    assert "Where: this page What: an unforeseen error (AttributeError) Next: Load the page again." in shown
    assert "Jayden" not in shown + caplog.text
    assert "views/ask.py" in caplog.text


def test_what_answers_is_marked_within_the_wider_quote_and_nothing_else_is(app: AppTest) -> None:
    drawn = html(ask(app, BRAKES))

    first = app.session_state["answer"].statements[0]
    marked = one(drawn.select("article blockquote")[0], "mark").get_text()
    assert first.key.text != first.citation.quote
    assert marked == first.key.text
    assert marked.startswith("The link worker checks the brakes")


def test_related_quotes_stand_framed_under_a_heading_that_says_so(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Decision((0.0,) * len(NAMES), 0.0, answers_from=0.6, related_from=0.4)
    monkeypatch.setattr("kb.confidence.load_model", lambda: model)

    drawn = html(ask(app, BRAKES))

    frame = one(drawn, "section.kb-related")
    assert one(frame, "h2").get_text() == messages.RELATED_HEADING
    assert frame.select("article") == drawn.select("article") != []
    assert messages.RELATED not in drawn.get_text()  # said once, as the heading


def test_quotes_that_answer_are_in_no_such_frame(app: AppTest) -> None:
    assert html(ask(app, BRAKES)).select(".kb-related") == []


def test_a_follow_up_is_asked_with_the_earlier_question_until_that_is_removed(app: AppTest) -> None:
    follow_up = "and if it has been in a fall?"
    ask(app, BRAKES)

    carried = html(ask(app, follow_up))

    assert one(carried, ".kb-about").get_text() == f"about: {BRAKES}"
    assert app.session_state["answer"].about == BRAKES

    alone = html(app.button(key="alone").click().run())

    assert alone.select(".kb-about") == []
    assert (app.session_state["answer"].question, app.session_state["answer"].about) == (follow_up, "")


def test_a_second_follow_up_goes_on_from_the_question_that_stood_alone(app: AppTest) -> None:
    for question in (BRAKES, "and if it has been in a fall?", "and by whom?"):
        ask(app, question)

    assert app.session_state["answer"].about == BRAKES
    ask(app, KAYAK)
    assert app.session_state["answer"].about == ""
