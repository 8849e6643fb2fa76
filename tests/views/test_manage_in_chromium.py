"""The page that publishes as the business unit has it, in the system's Chromium: from a file to an answer and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from kb import messages
from kb.database import published_id
from tests.views.conftest import BICYCLES, serving
from tests.views.managed import BRAKES, PHRASE, Managed, make
from tests.views.test_in_chromium import CONTRASTS, OVERLAPS, SWITCHES, WAIT, Reader

Open = Callable[..., Any]
RULE = "Within thirteen working days of the placement the link worker must check the brakes of every bicycle."
RENEWED = BICYCLES.replace(
    "The link worker checks the brakes of every bicycle within nine working days of the placement.", RULE
)
MOST_WAIT = 180_000  # ms; the model is loaded for the first draft


@pytest.fixture
def managed(data: Path, tmp_path: Path) -> Managed:
    return make(tmp_path, data)


@pytest.fixture
def manager(managed: Managed, chromium: str, tmp_path: Path) -> Iterator[Open]:
    with serving(managed.environment, tmp_path) as address:

        @contextmanager
        def opened(width: int = 1280, dark: bool = False) -> Iterator[Reader]:
            with sync_playwright() as playwright:
                context = playwright.chromium.launch_persistent_context(
                    str(tmp_path / f"profile-{width}-{dark}"),
                    executable_path=chromium,
                    args=SWITCHES,
                    viewport={"width": width, "height": 800},
                    color_scheme="dark" if dark else "light",
                )
                context.set_default_timeout(WAIT)
                window = Reader(context.pages[0], address)
                window.listen()
                window.open()
                yield window
                context.close()

        yield opened


def come_in(window: Reader) -> None:
    go(window, "Manage")
    window.page.get_by_label("Passphrase").fill(PHRASE)
    window.page.get_by_label("Your name").fill("Ada Lovelace")
    window.page.get_by_role("button", name="Come in").click()
    expect(window.page.get_by_text("You are Ada Lovelace.")).to_be_visible(timeout=WAIT)


def go(window: Reader, name: str) -> None:
    window.page.locator("nav").get_by_role("link", name=name, exact=True).click()
    expect(window.page.locator("nav a[aria-current]", has_text=name)).to_be_visible(timeout=WAIT)
    window.settle()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def ask(window: Reader) -> None:
    window.open()
    window.settle()
    window.page.get_by_label(messages.ASK_PROMPT).fill(BRAKES)
    window.page.keyboard.press("Enter")
    expect(window.page.locator("article.kb-statement").first).to_be_visible(timeout=WAIT)


def choose_first(window: Reader, name: str) -> None:
    """The first entry of a list; one that is opened while the page still scrolls closes again."""
    box = window.page.get_by_role("combobox", name=name)
    box.scroll_into_view_if_needed()
    window.settle()
    box.click()
    window.page.get_by_role("option").first.click()


def put_in(window: Reader, file: Path, begins: str = "") -> None:
    """Has the file read as a new edition, in force from a day (ddmmyyyy)."""
    page = window.page
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("heading", name=file.name)).to_be_visible(timeout=WAIT)
    if begins:
        page.get_by_role("spinbutton", name="day, In force from of file 1").click()
        page.keyboard.type(begins)
        page.keyboard.press("Tab")
        window.settle()
    press(page, "Read and try these files")
    expect(page.get_by_role("heading", name="1 of 1 files read.")).to_be_visible(timeout=MOST_WAIT)


def fits(window: Reader, width: int) -> None:
    window.settle()
    assert window.value("document.documentElement.scrollWidth") <= width
    assert window.value("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    assert window.value(OVERLAPS) == []


@pytest.mark.parametrize("width", [1280, 320])
def test_from_a_file_to_a_draft_an_approval_an_answer_and_back(
    manager: Open, managed: Managed, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "Bicycles.md"
    file.write_text(RENEWED, encoding="utf-8")
    first = published_id(managed.data)
    with manager(width) as window:
        page = window.page
        come_in(window)
        fits(window, width)
        put_in(window, file, "01072026")
        expect(page.locator(".kb-status", has_text="New edition")).to_be_visible()
        expect(page.get_by_text("It is in force from 1 July 2026.")).to_be_visible()
        fits(window, width)

        page.get_by_role("link", name="Look at the draft").click()
        expect(page.locator(".kb-difference ins", has_text="thirteen").first).to_be_visible(timeout=WAIT)
        expect(page.locator(".kb-golden blockquote").first).to_contain_text("nine working days")
        fits(window, width)
        page.get_by_label("Reason").fill("The law changed.")
        press(page, "Approve this draft")
        expect(page.get_by_text("Approved by Ada Lovelace: The law changed.")).to_be_visible(timeout=WAIT)
        press(page, "Publish")
        expect(page.get_by_role("heading", name="This is what it does")).to_be_visible(timeout=WAIT)
        assert published_id(managed.data) == first
        fits(window, width)
        press(page, "Yes, publish")
        expect(page.locator(".kb-done")).to_contain_text("Published.", timeout=WAIT)
        ask(window)
        expect(page.locator("article blockquote").first).to_contain_text(RULE)

        come_in(window)
        go(window, "Published")
        choose_first(window, "Go back to")
        expect(page.get_by_role("heading", name="This is what it does")).to_be_visible(timeout=WAIT)
        fits(window, width)
        page.get_by_label("Reason for going back").fill("It was a slip.")
        press(page, "Go back to this")
        expect(page.locator(".kb-done")).to_be_visible(timeout=WAIT)
        assert published_id(managed.data) == first
        ask(window)
        expect(page.locator("article blockquote").first).to_contain_text("nine working days")
        assert [each for each in window.asked_for if "localhost" not in each and not each.startswith("data:")] == []
        assert window.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_of_every_view_stands_out_from_what_lies_behind_it(
    manager: Open, tmp_path: Path, dark: bool
) -> None:
    file = tmp_path / "Bicycles.md"
    file.write_text(RENEWED, encoding="utf-8")
    with manager(dark=dark) as window:
        come_in(window)
        poor = {"start": window.value(CONTRASTS)}
        put_in(window, file)
        window.page.get_by_role("link", name="Look at the draft").click()
        expect(window.page.locator(".kb-difference ins").first).to_be_visible(timeout=WAIT)
        window.settle()
        poor["draft"] = window.value(CONTRASTS)
        for name in ("Drafts", "Published", "To look at", "Log"):
            go(window, name)
            poor[name] = window.value(CONTRASTS)

    assert {name: found for name, found in poor.items() if found} == {}


def test_a_reload_and_a_restart_find_the_draft_again(manager: Open, managed: Managed, tmp_path: Path) -> None:
    file = tmp_path / "Bicycles.md"
    file.write_text(RENEWED, encoding="utf-8")
    with manager() as window:
        come_in(window)
        put_in(window, file)
        window.page.reload()
        come_in(window)
        expect(window.page.get_by_role("heading", name="1 of 1 files read.")).to_be_visible(timeout=WAIT)
        go(window, "Drafts")
        expect(window.page.get_by_role("link", name="Draft of")).to_be_visible(timeout=WAIT)

    with serving(managed.environment, tmp_path) as address, manager() as window:
        window.server = address
        window.open()
        come_in(window)
        go(window, "Drafts")
        expect(window.page.get_by_role("link", name="Draft of")).to_be_visible(timeout=WAIT)
