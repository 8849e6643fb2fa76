"""The pages as a reader has them, in the system's Chromium: from a question to the marked passage and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

from kb import messages
from kb.verify import Verdict, check
from tests.views.conftest import HOSTILE_RULE, HOSTILE_TITLE

BRAKES = "When does the link worker check the brakes of a bicycle?"
TELESCOPE = "For how many nights does the night officer lend the telescope?"
SWITCHES = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT = 40_000  # ms; the first question after a start waits for the model

# Boxes of text and controls that lie on one another; an element and what it holds do not count.
OVERLAPS = """() => {
  const seen = [...document.querySelectorAll('h1, h2, p, li, td, th, dt, dd, button, textarea, img, label')]
    .filter(e => e.checkVisibility() && !e.closest('.kb-unseen') && e.getBoundingClientRect().width > 1);
  const found = [];
  seen.forEach((one, n) => seen.slice(n + 1).forEach(two => {
    if (one.contains(two) || two.contains(one)) return;
    const a = one.getBoundingClientRect(), b = two.getBoundingClientRect();
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 2 && high > 2) found.push(one.textContent.slice(0, 40) + ' / ' + two.textContent.slice(0, 40));
  }));
  return found;
}"""

# The least contrast between a text's colour and what lies behind it.
CONTRASTS = """() => {
  const light = c => { const v = c.map(x => x / 255).map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
                       return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = colour => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
                           return [...pen.getImageData(0, 0, 1, 1).data]; };
  const over = (top, under, alpha) => top.slice(0, 3).map((v, n) => v * alpha + under[n] * (1 - alpha));
  const behind = e => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, layer) => over(layer, under, layer[3] / 255), [255, 255, 255]);
  };
  const opacity = e => { let all = 1; for (let at = e; at; at = at.parentElement) all *= getComputedStyle(at).opacity;
                         return all; };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest('.kb-unseen')) continue;
    const back = behind(element), ink = rgba(getComputedStyle(element).color);
    const [a, b] = [light(over(ink, back, opacity(element) * ink[3] / 255)), light(back)];
    const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (contrast < 4.5) poor.push(walker.currentNode.data.trim().slice(0, 40) + ' ' + contrast.toFixed(2));
  }
  return poor;
}"""


@dataclass
class Reader:
    """A browser window on the app, with all that it asked for and complained of."""

    page: Page
    server: str
    asked_for: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        def said(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.complaints.append(message.text)

        self.page.on("request", lambda request: self.asked_for.append(request.url))
        self.page.on("console", said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, address: str = "/") -> None:
        self.page.goto(self.server + address)
        expect(self.page.locator("section.kb-strip").first).to_be_visible(timeout=WAIT)
        expect(self.page.locator("h1, .kb-problem").first).to_be_visible(timeout=WAIT)

    def ask(self, question: str) -> None:
        self.open()
        self.page.get_by_label(messages.ASK_PROMPT).fill(question)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("article.kb-statement, .kb-box").first).to_be_visible(timeout=WAIT)

    def value(self, script: str) -> Any:
        return self.page.evaluate(script)

    def settle(self) -> None:
        expect(self.page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=WAIT)


@pytest.fixture
def reader(server: str, chromium: str, tmp_path: Path) -> Callable[..., Any]:
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
            context.set_default_timeout(WAIT / 2)
            window = Reader(context.pages[0], server)
            window.listen()
            yield window
            context.close()

    return opened


@pytest.mark.parametrize("width", [1280, 320])
def test_from_the_question_to_the_marked_passage_and_back(reader: Callable[..., Any], width: int) -> None:
    with reader(width) as window:
        page = window.page
        window.ask(BRAKES)
        quote = page.locator("article blockquote").first.inner_text()
        assert page.locator("section.kb-strip").first.is_visible()
        assert window.value("document.documentElement.scrollWidth") <= width
        assert window.value(OVERLAPS) == []
        assert (page.title(), page.url) == ("Ask", f"{window.server}/")

        page.locator("article a.kb-link").first.click()
        mark = page.locator("mark").first
        expect(mark).to_be_focused(timeout=WAIT)

        expect(mark).to_be_in_viewport()
        assert " ".join(page.locator("mark").all_inner_texts()) == quote
        assert page.title() == "Documents"
        assert re.fullmatch(r"document=[\w-]+&edition=[\w%-]+&passage=\w+&start=\d+&end=\d+", urlsplit(page.url).query)
        assert window.value("document.documentElement.scrollWidth") <= width
        assert window.value(OVERLAPS) == []

        page.get_by_role("link", name="Back to the answer").click()
        expect(page.locator("article blockquote").first).to_have_text(quote, timeout=WAIT)
        expect(page.get_by_label(messages.ASK_PROMPT)).to_have_value(BRAKES)
        assert [each for each in window.asked_for if urlsplit(each).hostname not in ("localhost", None)] == []
        assert window.complaints == []


def test_the_browsers_own_back_button_returns_to_the_answer(reader: Callable[..., Any]) -> None:
    with reader() as window:
        window.ask(BRAKES)
        window.page.locator("article a.kb-link").first.click()
        expect(window.page.locator("mark").first).to_be_focused(timeout=WAIT)

        window.page.go_back()

        expect(window.page.locator("article blockquote").first).to_be_visible(timeout=WAIT)


@pytest.mark.parametrize("width", [1280, 320])
def test_a_pdf_shows_the_page_beside_or_below_the_text(reader: Callable[..., Any], width: int) -> None:
    with reader(width) as window:
        window.ask(TELESCOPE)
        window.page.locator("article a.kb-link", has_text="Telescopes").first.click()
        expect(window.page.locator("mark").first).to_be_focused(timeout=WAIT)
        image = window.page.locator("img[alt^='Picture of p. ']")
        expect(image).to_be_visible(timeout=WAIT)

        text, picture = window.page.locator("mark").first.bounding_box(), image.bounding_box()
        assert text
        assert picture
        assert picture["x"] > text["x"] + text["width"] if width == 1280 else picture["y"] > text["y"] + text["height"]
        assert "the quote marked" in (image.get_attribute("alt") or "")
        assert window.value("document.documentElement.scrollWidth") <= width
        assert window.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_stands_out_from_what_lies_behind_it(reader: Callable[..., Any], dark: bool) -> None:
    with reader(dark=dark) as window:
        poor: dict[str, Any] = {}
        window.open()
        window.settle()
        poor["start"] = window.value(CONTRASTS)
        window.ask(BRAKES)
        window.settle()
        poor["answer"] = window.value(CONTRASTS)
        for address in (
            "/documents",
            "/documents?document=telescopes",
            "/documents?document=telescopes&section=2",
            "/about",
        ):
            window.open(address)
            window.settle()
            poor[address] = window.value(CONTRASTS)

    assert {address: found for address, found in poor.items() if found} == {}


@pytest.mark.parametrize(
    "address", ["/", "/documents", "/documents?document=bicycles", "/documents?document=hostile", "/about"]
)
def test_no_page_is_wider_than_a_small_telephone(reader: Callable[..., Any], address: str) -> None:
    with reader(320) as window:
        window.open(address)
        window.settle()

        assert window.value("document.documentElement.scrollWidth") <= 320
        assert window.value("document.querySelector('[data-testid=stMain]').scrollWidth") <= 320
        assert window.value(OVERLAPS) == []


def test_on_a_small_telephone_no_number_to_ring_is_broken_over_lines_and_what_one_types_is_not_zoomed(
    reader: Callable[..., Any],
) -> None:
    with reader(320) as window:
        window.open()
        window.settle()

        lines = "[...document.querySelectorAll('a[href^=\"tel:\"]')].map(each => each.getClientRects().length)"
        assert window.value(lines) == [1, 1]
        sizes = (
            "[...document.querySelectorAll('textarea, .stMain button p')].map(each => getComputedStyle(each).fontSize)"
        )
        assert set(window.value(sizes)) == {"16px"}


def test_hostile_text_comes_out_as_itself(reader: Callable[..., Any]) -> None:
    with reader() as window:
        window.ask(
            "How much is the trampoline fee a week? <script>alert('q')</script> :smile: $x$ [x](https://evil.example/q)"
        )

        expect(window.page.locator("article blockquote").first).to_have_text(HOSTILE_RULE)
        window.page.get_by_role("link", name=HOSTILE_TITLE).first.click()
        expect(window.page.locator("mark").first).to_have_text(HOSTILE_RULE, timeout=WAIT)
        expect(window.page.locator("h1")).to_have_text(HOSTILE_TITLE)
        assert [each for each in window.asked_for if "evil.example" in each] == []
        assert window.complaints == []


def test_the_keyboard_alone_goes_from_the_question_to_the_passage_and_always_shows_where_it_is(
    reader: Callable[..., Any],
) -> None:
    with reader() as window:
        page = window.page
        window.ask(BRAKES)
        passed = []
        for _ in range(12):
            page.keyboard.press("Tab")
            name, outline, shadow = window.value(
                "[document.activeElement.textContent.trim(), getComputedStyle(document.activeElement).outlineStyle,"
                " getComputedStyle(document.activeElement).boxShadow]"
            )
            passed.append(name)
            assert outline != "none" or shadow != "none", f"no visible focus on {name!r}"
            if name == "Bicycles of foster families":
                break

        page.keyboard.press("Enter")

        expect(page.locator("mark").first).to_be_focused(timeout=WAIT)
        assert passed[0] == "Ask"


def test_shift_and_enter_begin_a_new_line_and_do_not_ask(reader: Callable[..., Any]) -> None:
    with reader() as window:
        window.open()
        box = window.page.get_by_label(messages.ASK_PROMPT)
        box.fill("One")
        window.page.keyboard.press("Shift+Enter")
        window.page.keyboard.type("two")

        expect(box).to_have_value("One\ntwo")
        expect(window.page.locator(".kb-count")).to_contain_text("7 characters")
        assert window.page.locator("article.kb-statement, .kb-box").count() == 0


def test_copying_puts_the_plain_text_on_the_clipboard(reader: Callable[..., Any]) -> None:
    with reader() as window:
        window.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        window.ask(BRAKES)

        window.page.get_by_role("button", name="Copy with citation").first.click()

        expect(window.page.get_by_role("button", name="Copied")).to_be_visible()
        copied = window.value("navigator.clipboard.readText()")
        assert copied.startswith("The link worker checks the brakes")
        assert "\nBicycles of foster families, 2024 › Checking a bicycle\n" in copied


def test_a_copied_receipt_is_verified_and_its_button_says_what_it_did(reader: Callable[..., Any], data: Path) -> None:
    with reader() as window:
        window.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        window.ask(BRAKES)

        window.page.get_by_role("button", name="Copy a receipt").click()

        expect(window.page.locator("body > p[role=status]")).to_have_text("The receipt is copied")
        (checked,) = check(window.value("navigator.clipboard.readText()"), data)
        assert checked.verdict is Verdict.VERIFIED
        expect(window.page.get_by_role("button", name="Copy a receipt")).to_be_visible(timeout=10_000)


def test_the_answer_is_announced_once(reader: Callable[..., Any]) -> None:
    with reader() as window:
        window.ask(BRAKES)

        expect(window.page.locator("body > p[role=status]")).to_have_text(re.compile(r"^\d quotes? found\.$"))


def test_a_blocked_question_stays_in_the_box(reader: Callable[..., Any]) -> None:
    question = "Jayden Smith, born 3 May 2016, was hit. When is a bicycle checked?"
    with reader(320) as window:
        window.ask(question)

        expect(window.page.locator(".kb-box h2")).to_have_text("Not asked")
        expect(window.page.get_by_label(messages.ASK_PROMPT)).to_have_value(question)
        assert window.value("document.documentElement.scrollWidth") <= 320
