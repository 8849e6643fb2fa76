"""The page that publishes in AppTest: who gets in, what each view says, and what is refused whatever is drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.added import Added, add
from ingest.door import Arrival, Key
from ingest.passphrase import SETTING
from ingest.service import Desk
from ingest.uploads import Facts, Upload
from kb import instants
from kb.database import Database, published_id
from kb.documents import Edition
from kb.embed import find_model
from kb.settings import Settings
from tests.views.conftest import BICYCLES, HOSTILE_TITLE, app_on
from tests.views.drawn import html, one, text
from tests.views.managed import BRAKES, Managed, come_in, make, view
from views.parts import manage_state

LOST = BICYCLES.replace("checks the brakes of every bicycle within nine working days of the placement", "looks")
ANEW = BICYCLES.replace("nine working days", "nine working days, counted anew,")
HERE = Arrival("localhost", "localhost:8501")
ELSEWHERE = Arrival("0.0.0.0", "board.example", "10.1.2.3")


@pytest.fixture
def managed(data: Path, tmp_path: Path) -> Managed:
    return make(tmp_path, data)


@pytest.fixture
def app(managed: Managed, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    for name, value in managed.environment.items():
        monkeypatch.setenv(name, value)
    return app_on(managed.data, monkeypatch)


def desk(managed: Managed, who: str = "Ada") -> Desk:
    settings = Settings(managed.data, managed.corpus)
    return Desk(settings, find_model(), who, instants.day_of(instants.now()))


def added(managed: Managed, text_: str) -> Added:
    return add(desk(managed), [Upload("bicycles.md", text_.encode(), Facts("bicycles"))])


def opened(app: AppTest, draft: str) -> AppTest:
    """The app on a draft."""
    return view(come_in(app), "drafts", draft=draft)


def test_a_wrong_passphrase_opens_nothing(app: AppTest) -> None:
    come_in(app, typed="something else here")

    assert "Not let in" in text(app)
    assert [button.key for button in app.button] == ["manage-enter"]
    assert "Add documents" not in text(app)


def test_the_right_one_opens_and_names_the_person(app: AppTest) -> None:
    come_in(app)

    assert "You are Ada." in text(app)
    assert one(html(app), ".kb-views a[aria-current]").get_text() == "Add documents"


def test_whoever_leaves_has_to_come_in_again(app: AppTest) -> None:
    come_in(app)

    app.button(key="manage-leave").click().run()

    assert [each.key for each in app.text_input] == ["manage-passphrase", "manage-name"]


def test_a_change_of_the_passphrase_closes_the_page_to_those_who_are_in(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(app)
    monkeypatch.setenv(SETTING, "scrypt:2:8:1:" + "00" * 16 + ":" + "00" * 32)

    app.run()

    assert "Come in again" in text(app)
    assert "You are Ada." not in text(app)


def without_a_passphrase(app: AppTest, arrival: Arrival, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.delenv(SETTING)
    monkeypatch.setattr(manage_state, "arrival", lambda: arrival)
    monkeypatch.setattr("views.parts.manage_door.arrival", lambda: arrival)
    app.run()
    return app.switch_page("views/manage.py").run()


def test_without_a_passphrase_the_page_says_how_to_set_one_and_stays_closed_to_others(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_a_passphrase(app, ELSEWHERE, monkeypatch)

    assert "python -m ingest passphrase" in text(app)
    assert SETTING in text(app)
    assert "stays closed" in text(app)
    assert (list(app.text_input), list(app.button)) == ([], [])


def test_without_a_passphrase_the_machine_itself_gets_in_by_name(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    without_a_passphrase(app, HERE, monkeypatch)
    app.text_input(key="manage-name").set_value("Ada")

    app.button(key="manage-enter").click().run()

    assert "You are Ada." in text(app)


def test_a_key_that_somebody_made_up_opens_nothing(app: AppTest) -> None:
    app.run()
    app.session_state[manage_state.KEY] = Key("Eve", "made up", 1e12)

    app.switch_page("views/manage.py").run()

    assert "You are Eve" not in text(app)
    assert [button.key for button in app.button] == ["manage-enter"]


def test_a_draft_shows_the_difference_with_the_material_change_and_both_quotes(app: AppTest, managed: Managed) -> None:
    found = added(managed, LOST)

    opened(app, found.draft or "")

    drawn = html(app)
    assert "Timescale removed: nine working days" in text(app)
    assert [each.get_text() for each in drawn.select(".kb-difference del")][:1] != []
    golden = one(drawn, "article.kb-golden")
    assert BRAKES in golden.get_text()
    assert [each.get_text() for each in golden.select("h5")] == ["Before", "Now"]
    assert "nine working days" in golden.select("blockquote")[0].get_text()
    note = app.text_area(key=f"manage-note-{found.draft}").value or ""
    assert note.startswith("# Amendments: Bicycles of foster families")


def test_a_draft_that_is_held_back_can_only_be_published_once_somebody_said_why(app: AppTest, managed: Managed) -> None:
    before = published_id(managed.data)
    draft = added(managed, LOST).draft or ""
    opened(app, draft)
    assert "Held back" in text(app)
    assert f"manage-publish-{draft}" not in [button.key for button in app.button]

    app.button(key="manage-approve").click().run()
    assert "Not done" in text(app)
    app.text_area(key=f"manage-reason-{draft}").set_value("The rule has gone.").run()
    app.button(key="manage-approve").click().run()
    assert "Approved by Ada: The rule has gone." in text(app)
    app.button(key=f"manage-publish-{draft}").click().run()
    assert "This is what it does" in text(app)
    assert published_id(managed.data) == before
    app.button(key=f"manage-publish-{draft}-yes").click().run()

    assert "Published." in text(app)
    assert published_id(managed.data) == draft
    assert [row.who for row in desk(managed).log()][-1] == "Ada"


def test_saying_no_to_what_it_does_leaves_everything_as_it_is(app: AppTest, managed: Managed) -> None:
    before = published_id(managed.data)
    draft = added(managed, ANEW).draft or ""
    opened(app, draft)

    app.button(key=f"manage-discard-{draft}").click().run()
    assert "can never be published" in text(app)
    app.button(key=f"manage-discard-{draft}-no").click().run()

    assert [each.id for each in desk(managed).standing().drafts] == [draft]
    assert published_id(managed.data) == before


def test_a_draft_can_wait_for_a_day_and_be_cancelled(app: AppTest, managed: Managed) -> None:
    draft = added(managed, ANEW).draft or ""
    opened(app, draft)
    if "Held back" in text(app):
        app.text_area(key=f"manage-reason-{draft}").set_value("So be it.").run()
        app.button(key="manage-approve").click().run()

    app.radio(key=f"manage-when-{draft}").set_value("On a day").run()
    app.button(key=f"manage-publish-{draft}").click().run()
    app.button(key=f"manage-publish-{draft}-yes").click().run()
    assert "Is published on" in text(app)
    assert desk(managed).standing().waiting is not None
    app.button(key=f"manage-cancel-{draft}").click().run()
    app.button(key=f"manage-cancel-{draft}-yes").click().run()

    assert "Cancelled." in text(app)
    assert desk(managed).standing().waiting is None


def test_a_draft_and_its_edited_note_are_there_for_the_next_session(
    app: AppTest, managed: Managed, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = added(managed, ANEW).draft or ""
    opened(app, draft)
    app.text_area(key=f"manage-note-{draft}").set_value("Told at the *briefing*.").run()

    again = opened(app_on(managed.data, monkeypatch), draft)

    assert again.text_area(key=f"manage-note-{draft}").value == "Told at the *briefing*."


def roles(managed: Managed) -> None:
    (managed.corpus / "roles.toml").write_text('editors = ["Ada"]\napprovers = ["Bea"]\n', encoding="utf-8")


def test_an_editor_is_refused_approval_by_the_service_and_not_by_a_missing_button(
    app: AppTest, managed: Managed
) -> None:
    draft = added(managed, LOST).draft or ""
    roles(managed)
    opened(app, draft)
    assert "You are an editor" in text(app)

    app.text_area(key=f"manage-reason-{draft}").set_value("I say so.").run()
    app.button(key="manage-approve").click().run()

    assert "is no approver" in text(app)
    assert desk(managed).draft(draft).approvals == ()


def test_whoever_has_no_role_may_look_and_change_nothing(app: AppTest, managed: Managed) -> None:
    draft = added(managed, ANEW).draft or ""
    roles(managed)
    view(come_in(app, "Eve"), "drafts", draft=draft)
    assert "you may look, and change nothing" in text(app)

    app.button(key=f"manage-discard-{draft}").click().run()
    app.button(key=f"manage-discard-{draft}-yes").click().run()

    assert "is no editor" in text(app)
    assert [each.id for each in desk(managed).standing().drafts] == [draft]


def test_going_back_needs_a_reason_and_says_what_changes(app: AppTest, managed: Managed) -> None:
    first = published_id(managed.data)
    draft = added(managed, LOST).draft or ""
    desk(managed).approve(draft, "Ada", "The rule has gone.")
    desk(managed).publish(draft)
    view(come_in(app), "published")

    app.selectbox(key="manage-back").set_value(first).run()
    assert "Bicycles of foster families" in one(html(app), ".kb-box").get_text()
    assert BRAKES in text(app)
    app.button(key="manage-back-yes").click().run()
    assert "Not done" in text(app)
    assert published_id(managed.data) == draft
    app.text_input(key="manage-back-reason").set_value("The rule is needed.").run()
    app.button(key="manage-back-yes").click().run()

    assert published_id(managed.data) == first
    assert "Reason: The rule is needed." in text(app)


def test_a_document_is_withdrawn_and_reinstated_with_reasons(app: AppTest, managed: Managed) -> None:
    view(come_in(app), "published")

    app.selectbox(key="manage-withdraw").set_value("bicycles").run()
    assert f"{BRAKES}" in text(app)
    app.text_input(key="manage-withdraw-reason").set_value("The law changed.").run()
    app.selectbox(key="manage-replaced-by").set_value("kites").run()
    app.button(key="manage-withdraw-yes").click().run()
    assert "Withdrawn: Bicycles of foster families" in text(app)
    withdrawn = {each.document.id: each.withdrawn for each in editions(managed)}["bicycles"]
    app.selectbox(key="manage-reinstate").set_value("bicycles").run()
    app.text_input(key="manage-reinstate-reason").set_value("It did not.").run()
    app.button(key="manage-reinstate-yes").click().run()

    assert withdrawn
    assert (withdrawn.reason, withdrawn.replaced_by) == ("The law changed.", "kites")
    assert {each.document.id: each.withdrawn for each in editions(managed)}["bicycles"] is None


def editions(managed: Managed) -> list[Edition]:
    with Database(managed.data) as database:
        return database.editions(published_id(managed.data))


def test_what_is_due_for_review_and_what_could_not_be_read_is_listed(app: AppTest) -> None:
    view(come_in(app), "review")

    assert "Kites at contact visits" in text(app)
    assert "overdue by" in text(app)
    assert "scan.pdf" in text(app)


def test_the_log_is_shown_with_its_check_and_a_row_changed_by_hand_is_found(app: AppTest, managed: Managed) -> None:
    view(come_in(app), "log")
    assert "The log is whole" in text(app)
    with Database(managed.data, write=True) as database, database.transaction() as connection:
        connection.execute("DROP TRIGGER log_keeps")
        connection.execute("UPDATE log SET who = 'Mallory' WHERE seq = 1")

    app.run()

    assert "Changed by hand" in text(app)
    assert "row 1: altered" in text(app)


def test_hostile_names_and_texts_are_shown_as_themselves(app: AppTest, managed: Managed) -> None:
    hostile = f"# {HOSTILE_TITLE}\n\n{HOSTILE_TITLE}\n"
    facts = Facts(title=HOSTILE_TITLE, label="<b>2027</b> $x$")
    draft = add(desk(managed, "<b>Ada</b>"), [Upload("<script>$x$.md", hostile.encode(), facts)]).draft or ""

    view(come_in(app, "*Ada* <b>$x$</b>"), "drafts", draft=draft)

    drawn = html(app)
    assert drawn.select("script, b, em, a[href*=evil]") == []
    assert HOSTILE_TITLE in text(app)
    assert "You are *Ada* <b>$x$</b>." in text(app)


def test_long_work_is_shown_with_its_outcome_and_goes_away(app: AppTest, managed: Managed) -> None:
    come_in(app)
    jobs = manage_state._jobs(str(managed.data.resolve()))
    kayak = Upload("kayak.md", b"# K\n\nA kayak is blue.\n", Facts(title="Blue kayaks"))
    files = [kayak, Upload("no.pdf", b"%PDF-1.4")]
    job = jobs.start("Reading 2 files", "Ada", lambda tell: add(replace(desk(managed), tell=tell), files))
    assert job.wait(120)

    app.run()
    shown = text(app)
    app.button(key="manage-again").click().run()

    assert "1 of 2 files read." in shown
    assert "New document A document that was not here: “Blue kayaks”." in shown
    assert "Cannot be read" in shown
    assert "Add documents" in text(app)
    assert jobs.last is None


def test_an_empty_knowledge_base_has_its_page_too(
    tmp_path: Path, managed: Managed, monkeypatch: pytest.MonkeyPatch, app: AppTest
) -> None:
    monkeypatch.setenv("KB_DATA", str(tmp_path / "nothing"))
    come_in(app)

    said = {name: text(view(app, name)) for name in ("add", "drafts", "published", "review", "log")}

    assert "a draft is made first" in said["add"]
    assert "There is no draft" in said["drafts"]
    assert "Nothing is published yet" in said["published"]
    assert "Nothing is." in said["review"]
    assert "Nothing has been done yet" in said["log"]
    assert not app.exception
